"""Instructors as pages and actions read them: bodies looked after, caseloads, visits of the month, F11."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Max, Q
from django.utils.translation import gettext as _

from liaoyuan.core import policy
from liaoyuan.core.choices import Moment
from liaoyuan.core.models import User
from liaoyuan.kit.findings import Finding
from liaoyuan.kit.text import half_width
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.choices.coverage import (
    APPRAISAL_TITLES,
    INSTRUCTOR_TITLES,
    LOOKED_TITLES,
    RESULT_TITLES,
    SOURCE_TITLES,
    AppraisalKind,
    AppraisalResult,
    InstructorKind,
    InstructorSource,
)
from liaoyuan.party.models import Instructor, InstructorAppraisal, InstructorAssignment, Visit
from liaoyuan.party.models.instructors import bodies_of as bodies_of_grants
from liaoyuan.party.queries import organizations as reading
from liaoyuan.party.queries import visits_due
from liaoyuan.party.queries.coverage import limits_in, limits_on
from liaoyuan.party.rules.facts.coverage import CoverageFacts
from liaoyuan.party.rules.meetings import month_of
from liaoyuan.registry.models import Organization, Standing

SUBJECT = "instructor"
#: Columns of F11 in the form's order. Sex, birth and political status of an instructor are not kept.
F11_TITLES = ("姓名", "来源", "单位职务", "选派单位", "类别", "联系组织", "聘书编号", "聘期", "走访日期", "内容",
              "问题", "办理")  # fmt: skip


def subject(instructor: Instructor) -> tuple[str, str, str]:
    """An instructor as the subject of an event."""
    return SUBJECT, str(instructor.pk), instructor.name


def body_subject(organization: Organization) -> tuple[str, str, str]:
    """A body as the subject of an event."""
    return "organization", str(organization.pk), reading.body_names([organization.pk]).get(organization.pk, "")


def scope_of(instructor: Instructor) -> tuple[list[str], list[str], str]:
    """Grants over his area cover an instructor."""
    return [instructor.area.path], [], ""


def find(key: str) -> Instructor | None:
    """The instructor with this key."""
    return Instructor.objects.select_related("area").filter(pk=int(key)).first() if key.isdecimal() else None


def bodies_of(instructor: Instructor, on: date) -> set[int]:
    """Keys of the bodies he looks after on the day or is to look after later."""
    rows = InstructorAssignment.objects.current().filter(instructor=instructor, valid_to__gt=on)
    return set(rows.values_list("organization_id", flat=True))


def of_account(user: Any) -> Instructor | None:
    """The instructor whose account it is."""
    if not isinstance(user, User):
        return None
    return Instructor.objects.serving().filter(user=user).select_related("area").first()


def looks_after(user: Any, organization: Organization) -> bool:
    """Whether the account is that of an instructor who looks after the body now."""
    if not isinstance(user, User):
        return False
    rows = InstructorAssignment.objects.now_open().filter(organization=organization, instructor__user=user)
    return rows.filter(instructor__ended_on__isnull=True).exists()


@dataclass(slots=True)
class Line:
    """One instructor in the list."""

    pk: int
    name: str
    source: str
    unit: str
    bodies: int
    visits: int
    open: int
    until: date | None
    state: tuple[str, str] | None
    area: str


def rows(user: Any, on: date, *, q: str = "", source: str = "", state: str = "") -> Any:
    """Instructors within reach that the list asks for; without a wish those who serve; "due": a visit is owed."""
    found = Instructor.objects.visible_to(user).select_related("area")
    if state == "due":
        owed = visits_due.owed(visits_due.led(user, on, Permission.VIEW), on)
        found = found.filter(pk__in={one.assignment.instructor_id for one in owed})
    elif state != "all":
        found = found.filter(ended_on__isnull=state != "ended")
    if q:
        found = found.filter(Q(name__icontains=q) | Q(unit__icontains=q))
    return found.filter(source=source) if source else found


def lines(found: Sequence[Instructor], on: date) -> list[Line]:
    """The instructors with caseload and visits of the month, by one query a kind."""
    keys = [row.pk for row in found]
    held = InstructorAssignment.objects.active(on).filter(instructor__in=keys).order_by()
    load = {key: (n, last) for key, n, last in held.values_list("instructor").annotate(
        n=Count("organization", distinct=True), last=Max("letter_until"))}  # fmt: skip
    first, _last = month_of(on)
    made = Visit.objects.filter(instructor__in=keys, on__gte=first, on__lte=on).order_by()
    many = dict(made.values_list("instructor").annotate(n=Count("pk")))
    waiting = dict(Visit.objects.open().filter(instructor__in=keys).order_by().values_list("instructor")
                   .annotate(n=Count("pk")))  # fmt: skip
    limits = limits_in((row.area for row in found), on)
    most_in = {key: int(by["pb.ins.bodies"]) for key, by in limits.items()}
    told = []
    for row in found:
        bodies, until = load.get(row.pk, (0, None))
        most = most_in[row.area_id]
        state = None
        if row.ended_on is not None:
            state = ("closed", _("已停止"))
        elif until is not None and until < on:
            state = ("bad", _("聘书已到期"))
        elif bodies > most:
            state = ("review", _("联系组织过多"))
        told.append(Line(
            pk=row.pk, name=row.name, source=_(SOURCE_TITLES[InstructorSource(row.source)]), unit=row.unit,
            bodies=bodies, visits=many.get(row.pk, 0), open=waiting.get(row.pk, 0), until=until, state=state,
            area=row.area.name,
        ))  # fmt: skip
    return told


@dataclass(slots=True)
class Unit:
    """One body that an instructor looks after, as his page shows it."""

    assignment: InstructorAssignment
    name: str
    kind: str
    last: date | None
    month: int
    findings: list[Finding]


def units(instructor: Instructor, on: date) -> list[Unit]:
    """The bodies he looks after on the day, with what PB-INS-01 and -02 say."""
    found = list(InstructorAssignment.objects.active(on).filter(instructor=instructor).select_related("organization"))
    keys = [row.organization_id for row in found]
    names = reading.body_names(keys)
    first, _last = month_of(on)
    told = Visit.objects.filter(organization__in=keys, on__lte=on).order_by()
    seen = {key: (last, n) for key, last, n in told.values_list("organization").annotate(
        last=Max("on"), n=Count("pk", filter=Q(on__gte=first)))}  # fmt: skip
    limits = limits_on(instructor.area, on)
    made = []
    for row in sorted(found, key=lambda row: names.get(row.organization_id, "")):
        last, month = seen.get(row.organization_id, (None, 0))
        facts = CoverageFacts(letter=row.letter, letter_from=row.letter_from, letter_until=row.letter_until,
                              bodies=len(set(keys)), visits=month, assigned_on=row.valid_from)  # fmt: skip
        said = [*policy.evaluate(Moment.INSTRUCTOR_ASSIGN, facts, limits, on),
                *policy.evaluate(Moment.INSTRUCTOR_DAILY, facts, limits, on)]  # fmt: skip
        title = _(INSTRUCTOR_TITLES[InstructorKind(row.kind)])
        made.append(Unit(row, names.get(row.organization_id, ""), title, last, month, said))
    return made


def appraisals(instructor: Instructor) -> list[tuple[str, InstructorAppraisal, str]]:
    """(what was appraised, the appraisal, its result) in words, the latest first."""
    rows = InstructorAppraisal.objects.current().filter(instructor=instructor).order_by("-year", "kind")
    return [
        (_("{year} 年{kind}").format(year=row.year, kind=_(APPRAISAL_TITLES[AppraisalKind(row.kind)])), row,
         _(RESULT_TITLES[AppraisalResult(row.result)]))
        for row in rows
    ]  # fmt: skip


def year_words(instructor: Instructor, on: date) -> str:
    """What is on record of an instructor's year: visits, bodies visited, what was asked for and closed."""
    rows = Visit.objects.filter(instructor=instructor, on__gte=date(on.year, 1, 1), on__lte=on)
    told = rows.aggregate(n=Count("pk"), bodies=Count("organization", distinct=True),
                          asked=Count("pk", filter=~Q(follow_up="")),
                          done=Count("pk", filter=Q(done_on__isnull=False)))  # fmt: skip
    words = _("{year} 年记录：走访 {n} 次、{bodies} 个组织，提出需要办理的事 {asked} 件，已办结 {done} 件。")
    return words.format(year=on.year, **told)


def looked(codes: Iterable[str]) -> str:
    """What a visit looked at, in words."""
    return "、".join(_(LOOKED_TITLES[code]) for code in codes if code in LOOKED_TITLES)


@dataclass(slots=True)
class VisitLine:
    """One visit in the list, with what it asked for."""

    pk: int
    organization: int
    body: str
    on: date
    instructor: str
    looked: str
    findings: str
    follow_up: str
    due_on: date | None
    state: tuple[str, str] | None
    done_note: str
    may_close: bool


class VisitList:
    """Visits within reach, the latest first; of what they asked for `state` is "open", "late" or "done"."""

    ordered = True

    def __init__(self, user: Any, on: date, *, q: str = "", state: str = "") -> None:
        self.user, self.on = user, on
        rows = Visit.objects.visible_to(user)
        if state == "done":
            rows = rows.filter(done_on__isnull=False)
        elif state in ("open", "late"):
            rows = rows.open()
            rows = rows.filter(follow_due_on__lt=on) if state == "late" else rows
        if q:
            named = Standing.objects.now_open().filter(name__icontains=half_width(q).strip())
            rows = rows.filter(organization__in=named.values("organization"))
        self.rows = rows.select_related("instructor")

    def count(self) -> int:
        """How many there are."""
        return self.rows.count()

    def __getitem__(self, part: slice) -> list[VisitLine]:
        """The lines of a slice with plain bounds."""
        found = list(self.rows.order_by("-on", "-pk")[part])
        names = reading.body_names(row.organization_id for row in found)
        own = set(visits_due.mine(self.user, self.on).values_list("organization_id", flat=True))
        bodies = Standing.objects.now_open().filter(organization__in={row.organization_id for row in found})
        reached = bodies_reached(self.user, bodies)
        return [
            VisitLine(
                row.pk, row.organization_id, names.get(row.organization_id, ""), row.on,
                row.instructor.name if row.instructor else "", looked(row.looked), row.findings, row.follow_up,
                row.follow_due_on, self._state(row), row.done_note,
                bool(row.follow_up) and row.done_on is None and row.organization_id in own | reached,
            )
            for row in found
        ]  # fmt: skip

    def _state(self, row: Visit) -> tuple[str, str] | None:
        if not row.follow_up:
            return None
        if row.done_on is not None:
            return "ok", _("{day} 办结").format(day=row.done_on.isoformat())
        late = row.follow_due_on is not None and row.follow_due_on < self.on
        return ("bad", _("逾期未办结")) if late else ("review", _("未办结"))


def bodies_reached(user: Any, rows: Any) -> set[int]:
    """Of these bodies those at which the user may record and close visits by a grant."""
    there = bodies_of_grants(user, Permission.VISIT)
    found = rows if there is None else rows.filter(there)
    return set(found.values_list("organization_id", flat=True))


def f11(user: Any, on: date) -> Iterator[list[Any]]:
    """Lines of F11: one for each assignment of the day, with its visits of the year, in a fixed order."""
    held = InstructorAssignment.objects.active(on).filter(instructor__in=Instructor.objects.visible_to(user))
    found = list(held.select_related("instructor").order_by("instructor__name", "instructor", "organization", "pk"))
    names = reading.body_names(row.organization_id for row in found)
    visits: dict[tuple[int | None, int], list[Visit]] = {}
    year = Visit.objects.filter(on__gte=date(on.year, 1, 1), on__lte=on, instructor__isnull=False)
    for visit in year.order_by("on", "pk"):
        visits.setdefault((visit.instructor_id, visit.organization_id), []).append(visit)
    for row in found:
        made = visits.get((row.instructor_id, row.organization_id), [])
        who = row.instructor
        yield [
            who.name, SOURCE_TITLES[InstructorSource(who.source)], who.unit, who.sender,
            INSTRUCTOR_TITLES[InstructorKind(row.kind)], names.get(row.organization_id, ""), row.letter,
            f"{row.letter_from.isoformat()}至{row.letter_until.isoformat()}",
            "；".join(visit.on.isoformat() for visit in made),
            "；".join(looked(visit.looked) for visit in made if visit.looked),
            "；".join(visit.follow_up for visit in made if visit.follow_up),
            "；".join(visit.done_note for visit in made if visit.done_note),
        ]  # fmt: skip
