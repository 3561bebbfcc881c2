"""The page of one person: what the user may see of him, told body by body, and the story of it."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from liaoyuan.core import zones
from liaoyuan.people.choices import (
    BASIS_TITLES,
    EDUCATION_TITLES,
    GENDER_TITLES,
    LEVEL_TITLES,
    POST_TITLES,
    WORK_TIME_TITLES,
    Basis,
    CertificateLevel,
    PostKind,
    WorkTime,
)
from liaoyuan.people.models import (
    Certificate,
    ContinuingEducation,
    Employment,
    Person,
    Post,
    Profile,
    Volunteer,
    VolunteerHonour,
    VolunteerService,
)
from liaoyuan.people.queries import bodies, honours, secrets, services
from liaoyuan.registry.models import BEGINNING, OPEN

SERVICES = 50


@dataclass(slots=True)
class Record:
    """Rows within the user's reach. `whole` = every body that tells of the person lies in it."""

    person: Person
    profile: Profile
    profiles: list[Profile]
    names: dict[int, str]
    whole: bool
    posts: list[Post] = field(default_factory=list)
    employments: list[Employment] = field(default_factory=list)
    certificates: list[Certificate] = field(default_factory=list)
    educations: list[ContinuingEducation] = field(default_factory=list)
    volunteers: list[Volunteer] = field(default_factory=list)
    services: list[VolunteerService] = field(default_factory=list)
    honours: list[VolunteerHonour] = field(default_factory=list)
    service_count: int = 0
    service_minutes: int = 0


def read(person: Person, user: Any, organization: int | None = None) -> Record | None:
    """Everything the user may see; None when he sees nothing. `organization` chooses whose telling is shown first."""
    profiles = list(
        Profile.objects.current().visible_to(user).filter(person=person).select_related("organization", "person")
        .order_by("-recorded_at", "-pk")
    )  # fmt: skip
    if not profiles:
        return None
    shown = next((p for p in profiles if p.organization_id == organization), profiles[0])
    seen = {p.organization_id for p in profiles}
    mine = {"person": person, "organization__in": seen}
    told = Profile.objects.current().filter(person=person).values_list("organization_id", flat=True)
    serving = VolunteerService.objects.current().filter(**mine)
    return Record(
        person=person, profile=shown, profiles=profiles, names=bodies.names(seen), whole=set(told) <= seen,
        posts=list(Post.objects.current().filter(**mine).order_by("-valid_from", "-pk")),
        employments=list(Employment.objects.current().filter(**mine).order_by("-valid_from", "-pk")),
        certificates=list(Certificate.objects.current().filter(**mine).order_by("-approved_on", "-pk")),
        educations=list(ContinuingEducation.objects.current().filter(**mine).order_by("-on", "-pk")),
        volunteers=list(Volunteer.objects.current().filter(**mine).order_by("pk")),
        services=list(serving.order_by("-on", "-pk")[:SERVICES]), honours=honours.of_person(seen, person),
        service_count=serving.count(), service_minutes=services.total(serving),
    )  # fmt: skip


def facts(record: Record) -> list[tuple[str, str, str, str]]:
    """(label, value, note, secret field or "") of the facts at the left; sensitive values masked."""
    told = record.profile
    number = record.person.id_number if told.numbered else ""
    since = _("{year} 年起").format(year=told.practice_since) if told.practice_since else ""
    gone = {name for name in secrets.PERSONAL if not secrets.allowed(name, zones.Op.SHOW)}
    lines = [
        (_("姓名"), told.name, "", ""),
        (_("性别"), _(GENDER_TITLES[told.gender]) if told.gender else "", "", ""),
        (_("出生年月"), secrets.masked("birth", told.birth), "", "birth"),
        (_("身份证号"), secrets.masked("id_number", number), "", "id_number"),
        (_("手机"), secrets.masked("mobile", told.mobile), "", "mobile"),
        (_("学历"), _(EDUCATION_TITLES[told.education]) if told.education else "", "", ""),
        (_("专业"), told.major, "", ""),
        (_("从事社会工作"), since, "", ""),
        (_("处理依据"), _(BASIS_TITLES[Basis(told.basis)]) if told.basis else "", told.consent_no, ""),
        (_("备注"), told.note, "", ""),
    ]
    return [line for line in lines if line[3] not in gone]


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the story, as the macro `timeline` prints it."""

    on: date
    what: str
    who: str
    recorded: date | None = None
    href: str = ""
    kind: str = ""


def story(record: Record) -> list[Told]:
    """What happened to the person according to the rows the user sees, newest first."""
    out = []

    def tell(on: date | None, what: str, row: Any) -> None:
        if on is not None and BEGINNING < on < OPEN:
            written = row.recorded_at.date()
            out.append(Told(on, what, record.names.get(row.organization_id, ""), written if on < written else None))

    for post in record.posts:
        title = _(POST_TITLES[PostKind(post.kind)])
        if not post.assumed:
            tell(post.valid_from, _("任职：{post}").format(post=title), post)
        tell(post.valid_to, _("离任：{post}").format(post=title), post)
    for row in record.employments:
        word = f"{_(WORK_TIME_TITLES[WorkTime(row.work_time)])} {row.job}".strip()
        if not row.assumed:
            tell(row.valid_from, _("入职：{work}").format(work=word), row)
        tell(row.valid_to, _("离职：{work}").format(work=word), row)
    for card in record.certificates:
        title = _(LEVEL_TITLES[CertificateLevel(card.level)])
        tell(card.approved_on, _("取得{level}证书").format(level=title), card)
        tell(card.registered_on, _("{level}证书登记").format(level=title), card)
    for lesson in record.educations:
        tell(lesson.on, _("继续教育 {n} 学时").format(n=hours(lesson.hours)), lesson)
    for volunteer in record.volunteers:
        tell(volunteer.registered_on, _("注册为志愿者"), volunteer)
        tell(volunteer.consented_on, _("同意公开志愿服务信息"), volunteer)
        tell(volunteer.withdrawn_on, _("撤回公开的同意"), volunteer)
    for honour in record.honours:
        tell(honour.published_on, _("列入志愿者表彰名单：{title}").format(title=honour.title), honour)
    return sorted(out, key=lambda told: told.on, reverse=True)


def hours(value: Any) -> str:
    """Hours without needless zeros."""
    return f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value}"


def education_sums(record: Record) -> list[tuple[Certificate, str, str]]:
    """Each certificate with the hours counted since its registration and the declared ones."""
    out = []
    for card in record.certificates:
        begin = card.registered_on or card.approved_on or BEGINNING
        counted = sum(e.hours for e in record.educations if e.on >= begin)
        out.append(
            (card, hours(counted) if counted else "0", hours(card.education_hours) if card.education_hours else "")
        )
    return out
