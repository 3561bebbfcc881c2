"""The page of one member: facts, his ledger as far as the user may see it, transfers, posts, the story of it.

A branch sees its own rows: neither those of another one nor anything of the time before he belonged to it. Whoever sees
all rows there ever were also sees the log.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from liaoyuan.core import zones
from liaoyuan.core.clock import localdate
from liaoyuan.party.choices.members import (
    AFFILIATION_TITLES,
    MEMBER_STATUS_TITLES,
    STAGE_TITLES,
    TRANSFER_TITLES,
    AffiliationKind,
    Stage,
    TransferState,
)
from liaoyuan.party.choices.organizations import OFFICER_TITLES, OfficerKind
from liaoyuan.party.models import Affiliation, Member, MemberAccount, MemberRecord, Officer, Transfer, VotingPause
from liaoyuan.party.queries import members, organizations, secrets
from liaoyuan.people.choices import EDUCATION_TITLES, GENDER_TITLES, WORK_TIME_TITLES, WorkTime
from liaoyuan.registry.models import BEGINNING, OPEN


@dataclass(slots=True)
class Dossier:
    """What the user may see. `whole`: no row of the ledger is hidden from him; `keeps`: he writes the file."""

    member: Member
    record: MemberRecord
    rows: list[Affiliation]
    names: dict[int, str]
    bodies: dict[int, str]
    keeps: bool
    whole: bool
    transfers: list[Transfer] = field(default_factory=list)
    posts: list[Officer] = field(default_factory=list)
    pauses: list[VotingPause] = field(default_factory=list)
    account: str = ""

    def party_name(self, row: Affiliation) -> str:
        """The name of the row's party organization, also of one outside this register."""
        return self.names.get(row.party_organization_id or 0, row.outside_name)

    def body_name(self, row: Affiliation) -> str:
        """The name of the body through which he belongs."""
        return self.bodies.get(row.organization_id or 0, "")

    @property
    def open(self) -> list[Affiliation]:
        """The rows of today."""
        return [row for row in self.rows if row.valid_to == OPEN]


def read(member: Member, user: Any) -> Dossier | None:
    """Everything the user may see of the member; None when no row of today lies in his reach."""
    ledger = Affiliation.objects.current().filter(member=member).select_related("party_organization__area")
    inside = ledger.filter(party_organization__isnull=False)
    seen = list(inside.visible_to(user))
    if not any(row.valid_to == OPEN for row in seen):
        return None
    whole = len(seen) == inside.count()
    # A formal affiliation outside this register stands in no roster: who hosts him is told the present one.
    outside = ledger.filter(party_organization__isnull=True)
    rows = [*seen, *(outside if whole else outside.filter(valid_to=OPEN))]
    rows.sort(key=lambda row: (row.valid_from, row.pk), reverse=True)
    transfers = Transfer.objects.visible_to(user).filter(member=member).order_by("-issued_on", "-pk")
    mine = {row.party_organization_id for row in rows if row.party_organization_id}
    found = Dossier(
        member=member, record=members.current(member), rows=rows, names={}, bodies={},
        keeps=members.keeps(user, member), whole=whole, transfers=list(transfers[:50]),
        posts=list(Officer.objects.current().filter(member=member, party_organization__in=mine)
                   .order_by("-valid_from", "-pk")),
    )  # fmt: skip
    return _named(found)


def own(member: Member) -> Dossier:
    """The same for the member himself: all of it."""
    rows = list(Affiliation.objects.current().filter(member=member).order_by("-valid_from", "-pk"))
    found = Dossier(
        member=member, record=members.current(member), rows=rows, names={}, bodies={}, keeps=True, whole=True,
        transfers=list(Transfer.objects.filter(member=member).order_by("-issued_on", "-pk")[:50]),
        posts=list(Officer.objects.current().filter(member=member).order_by("-valid_from", "-pk")),
    )  # fmt: skip
    return _named(found)


def _named(found: Dossier) -> Dossier:
    keys = {row.party_organization_id for row in found.rows} | {post.party_organization_id for post in found.posts}
    keys |= {key for transfer in found.transfers for key in (transfer.source_id, transfer.target_id)}
    found.names = organizations.names(keys)
    found.bodies = organizations.body_names(row.organization_id for row in found.rows)
    if found.keeps:
        found.pauses = list(VotingPause.objects.current().filter(member=found.member).order_by("-valid_from"))
        link = MemberAccount.objects.filter(member=found.member).select_related("user").first()
        found.account = link.user.username if link is not None else ""
    return found


def facts(found: Dossier, on: date) -> list[tuple[str, str, str]]:
    """(label, value, secret field or "") of the facts at the left; masked, without what the zone hides."""
    record = found.record
    status, years = record.status(on), members.seniority(record, on)
    told = [
        ("name", _("姓名"), record.name),
        ("gender", _("性别"), _(GENDER_TITLES[record.gender]) if record.gender else ""),
        ("admitted_on", _("党员状态"), _(MEMBER_STATUS_TITLES[status]) if status else _("入党、转正时间不详")),
        ("admitted_on", _("入党时间"), members.shown_day(record, "admitted_on")),
        ("confirmed_on", _("转正时间"), members.shown_day(record, "confirmed_on")),
        ("confirmed_on", _("党龄"), "" if years is None else _("{n} 年").format(n=years)),
        ("ethnicity", _("民族"), record.ethnicity),
        ("native_place", _("籍贯"), record.native_place),
        ("birth", _("出生年月"), secrets.masked("birth", record.birth)),
        ("id_number", _("身份证号"), secrets.masked("id_number", secrets.stored(record, "id_number"))),
        ("mobile", _("手机"), secrets.masked("mobile", record.mobile)),
        ("home_address", _("现住址"), secrets.masked("home_address", record.address)),
        ("police_station", _("户籍派出所"), record.police_station),
        ("education", _("学历"), _(EDUCATION_TITLES[record.education]) if record.education else ""),
        ("degree", _("学位"), record.degree),
        ("school", _("毕业院校及专业"), record.school),
        ("worked_since", _("参加工作时间"), members.shown_day(record, "worked_since")),
        ("job", _("单位及职务"), record.job),
        ("work_time", _("岗位（专/兼）"), _(WORK_TIME_TITLES[WorkTime(record.work_time)]) if record.work_time else ""),
        ("category", _("人员类别"), record.category),
        ("skills", _("技能/证书"), record.skills),
        ("floating_note", _("流动情况"), record.floating_note),
        ("evidence", _("依据"), record.evidence),
        ("note", _("备注"), record.note),
    ]  # fmt: skip
    return [
        (label, value, name if name in secrets.STAGED else "")
        for name, label, value in told if secrets.allowed(name, zones.Op.SHOW)
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the story, as the macro `timeline` prints it."""

    on: date
    what: str
    who: str
    recorded: date | None = None
    href: str = ""
    kind: str = "party"


def _later(row: Affiliation) -> bool:
    """Whether the row continues an earlier one of the same participation."""
    return row.began_on is not None and row.began_on < row.valid_from


def story(found: Dossier) -> list[Told]:
    """What happened to the member according to the rows the user sees, newest first."""
    out: list[Told] = []

    def tell(on: date | None, what: str, who: str, recorded_at: Any) -> None:
        if on is not None and BEGINNING < on < OPEN:
            written = localdate(recorded_at) if recorded_at is not None else on
            out.append(Told(on, what, who, written if on < written else None))

    record = found.record
    tell(record.admitted_on, _("入党"), "", record.recorded_at)
    tell(record.confirmed_on, _("转正"), "", record.recorded_at)
    goes_on = {(row.party_organization_id, row.kind, row.valid_from) for row in found.rows if _later(row)}
    for row in found.rows:
        kind, where = _(AFFILIATION_TITLES[AffiliationKind(row.kind)]), found.party_name(row)
        # An ended row was written anew when it ended: that says nothing of when its beginning was recorded.
        written = row.recorded_at if row.valid_to == OPEN else None
        if not row.assumed and not _later(row):
            tell(row.valid_from, _("组织关系起：{kind}").format(kind=kind), where, written)
        if row.stage and (_later(row) or row.stage_on != row.valid_from):
            stage = _(STAGE_TITLES[Stage(row.stage)])
            tell(row.stage_on, _("双隶属阶段：{stage}").format(stage=stage), where, written)
        if (row.party_organization_id, row.kind, row.valid_to) not in goes_on:
            tell(row.valid_to, _("组织关系止：{kind}").format(kind=kind), where, row.recorded_at)
    for post in found.posts:
        title, where = _(OFFICER_TITLES[OfficerKind(post.kind)]), found.names.get(post.party_organization_id, "")
        if not post.assumed:
            tell(post.valid_from, _("任职：{post}").format(post=title), where, post.recorded_at)
        tell(post.valid_to, _("免职：{post}").format(post=title), where, post.recorded_at)
    for transfer in found.transfers:
        state = _(TRANSFER_TITLES[TransferState(transfer.state)])
        day = transfer.accepted_on or transfer.refused_on or transfer.issued_on
        tell(day, _("组织关系转接：{state}").format(state=state), transfer.number, transfer.made_at)
    for pause in found.pauses:
        tell(pause.valid_from, _("暂停表决权"), "", pause.recorded_at)
        tell(pause.valid_to, _("恢复表决权"), "", pause.recorded_at)
    return sorted(out, key=lambda told: told.on, reverse=True)


def open_row(key: int, user: Any) -> Affiliation | None:
    """The open affiliation with this key that the user may see."""
    rows = Affiliation.objects.now_open().visible_to(user).filter(Q(pk=key), member__voided_at__isnull=True)
    return rows.select_related("party_organization__area", "member__person").first()
