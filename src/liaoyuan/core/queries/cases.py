"""Reading cases: lists, the record's course, papers, clock, what may be done now, the lines of 待办."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, F, Max, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.core import access, registries, vault, zones
from liaoyuan.core.casekinds import StepKind
from liaoyuan.core.choices import CaseDecision, CaseState
from liaoyuan.core.models import Area, Attachment, Case, CaseMaterial, CaseStep, CaseStop, Grant, User
from liaoyuan.core.models.cases import OPEN_STATES, PENDING, CaseQuerySet
from liaoyuan.core.queries import calendar, due
from liaoyuan.core.registries import CaseField, CaseKind, DueItem, DueSource
from liaoyuan.core.rules import cases as rules
from liaoyuan.kit.money import format_yuan
from liaoyuan.kit.workdays import Calendar

#: The subject kind of files that hang on a case.
SUBJECT = "case"
#: Steps that an applicant does not read: what officers say to each other.
INTERNAL = (StepKind.OPINION, StepKind.HANDED_OVER)


def visible(user: Any) -> CaseQuerySet:
    """Cases of kinds and offices that the user handles, decides or reads, and those of his own bodies."""
    condition = Q(pk__in=[])
    groups: dict[tuple[tuple[str, ...], tuple[str, ...], str], list[str]] = {}
    for kind in registries.case_kinds.values():
        official = (*kind.handle, *kind.decide, *kind.view)
        groups.setdefault((official, kind.apply, kind.subject_kind), []).append(kind.code)
    for (official, apply, subject_kind), codes in groups.items():
        condition |= _official(user, official, codes) | _own(user, apply, subject_kind, codes)
    return Case.objects.filter(condition)


def _in_tree(user: Any, permissions: Iterable[str], kind: CaseKind) -> Q:
    """Cases below the places in the floor's tree over which the user holds one of the permissions."""
    paths = sorted({path for permission in permissions for path in access.reach(user, permission).parties})
    if kind.tree is None or not paths:
        return Q(pk__in=[])
    return Q(kind=kind.code) & kind.tree.below(paths)


def count_open(user: Any) -> int:
    """How many open cases the user handles."""
    return Case.objects.filter(handler_id=user.pk, state__in=[str(s) for s in OPEN_STATES]).count()


def workable(user: Any, *, deciding: bool = False) -> CaseQuerySet:
    """Cases that the user may handle (or decide)."""
    condition = Q(pk__in=[])
    groups: dict[tuple[str, ...], list[str]] = {}
    for kind in registries.case_kinds.values():
        groups.setdefault(kind.decide if deciding else kind.handle, []).append(kind.code)
    for permissions, codes in groups.items():
        condition |= _official(user, permissions, codes)
    return Case.objects.filter(condition)


def of_own(user: Any) -> CaseQuerySet:
    """Cases of the bodies for which the user hands in."""
    condition = Q(pk__in=[])
    for kind in registries.case_kinds.values():
        condition |= _own(user, kind.apply, kind.subject_kind, [kind.code])
    return Case.objects.filter(condition)


def _official(user: Any, permissions: tuple[str, ...], codes: list[str]) -> Q:
    condition = Q(pk__in=[])
    for permission in dict.fromkeys(permissions):
        reach = access.reach(user, permission)
        if reach.everything:
            return Q(kind__in=codes)
        for path in reach.paths:
            condition |= Q(kind__in=codes, area__in=Area.objects.within(path))
    for code in codes:
        if registries.case_kinds[code].tree is not None:
            condition |= _in_tree(user, permissions, registries.case_kinds[code])
    return condition


def _own(user: Any, permissions: tuple[str, ...], subject_kind: str, codes: list[str]) -> Q:
    condition, plain = Q(pk__in=[]), []
    for code in codes:
        tree = registries.case_kinds[code].tree
        if tree is None or tree.own is None:
            plain.append(code)
        elif any(access.has(user, permission) for permission in permissions):
            condition |= Q(kind=code) & tree.own(user)
    keys = {str(key) for permission in permissions for key in access.reach(user, permission).organizations}
    if plain and keys:
        condition |= Q(kind__in=plain, subject_kind=subject_kind, subject_id__in=keys)
    return condition


def kind_of(case: Case) -> CaseKind:
    """The kind of a case. Raises KeyError when its floor is not installed."""
    return registries.case_kinds[case.kind]


def fields_of(case: Case) -> tuple[CaseField, ...]:
    """The fields of a case's form."""
    kind = kind_of(case)
    return kind.fields_of(case) if kind.fields_of is not None else kind.fields


def editable_fields(case: Case) -> tuple[CaseField, ...]:
    """The fields that may be changed now."""
    return tuple(entry for entry in fields_of(case) if rules.editable(case.state, after=entry.after))


def stops_of(case: Case) -> list[rules.Stop]:
    """The stretches in which the clock stands still."""
    return [rules.Stop(row.since, row.until) for row in case.stops.all()] if case.pk else []


def clock_of(case: Case, on: date, days: Calendar | None = None) -> rules.Clock | None:
    """The clock on a day, for a decided case on the day of the decision; None without a term."""
    if case.received_on is None or case.term_days is None:
        return None
    return rules.clock(
        case.received_on, case.term_days, workdays=case.term_workdays, stops=stops_of(case),
        calendar=days or calendar.workdays(), on=min(on, case.decided_on or on),
    )  # fmt: skip


def last_number(area: Area, year: int) -> int:
    """The highest number of an office and year, 0 when there is none. The caller holds the lock of the numbers."""
    return Case.objects.filter(area=area, year=year).aggregate(last=Max("seq"))["last"] or 0


def represented(user: Any, on: date) -> list[int]:
    """The user and those whom he deputises for on the day (代理): their cases are his."""
    if not isinstance(user, User):
        return []
    rows = Grant.objects.active(on).filter(user=user, ended_at__isnull=True, deputy_for__isnull=False)
    return [user.pk, *rows.values_list("deputy_for_id", flat=True).distinct()]


class Wish(NamedTuple):
    """What a list of cases asks: whose, of which kind, in which state, in which time."""

    text: str = ""
    whose: str = ""
    kind: str = ""
    state: str = ""
    late: str = ""
    year: int | None = None
    subject: tuple[str, str] | None = None


def asked(user: Any, wish: Wish, on: date) -> CaseQuerySet:
    """The cases that the user may see and the list asks for. `state` "" = not closed, "all" = all."""
    rows = visible(user).select_related("area", "handler")
    if wish.text:
        rows = rows.filter(
            Q(label__icontains=wish.text) | Q(number__icontains=wish.text) | Q(outside_number__icontains=wish.text)
        )
    if wish.whose == "mine":
        rows = rows.filter(handler__in=represented(user, on))
    elif wish.whose == "none":
        rows = rows.filter(handler__isnull=True)
    if wish.kind:
        rows = rows.filter(kind=wish.kind)
    if wish.subject:
        rows = rows.filter(subject_kind=wish.subject[0], subject_id=wish.subject[1])
    if wish.state in {str(s) for s in CaseState}:
        rows = rows.filter(state=wish.state)
    elif wish.state != "all":
        rows = rows.filter(state__in=[str(s) for s in (*PENDING, CaseState.DECIDED, CaseState.DELIVERED)])
    if wish.late == "late":
        rows = rows.filter(Q(due_on__lt=on, decided_on__isnull=True) | Q(decided_on__gt=F("due_on")))
    elif wish.late == "soon":
        rows = rows.filter(due_on__range=(on, on + timedelta(days=due.DAYS)), decided_on__isnull=True)
    elif wish.late == "stopped":
        rows = rows.filter(state=CaseState.SUPPLEMENT)
    if wish.year:
        rows = rows.filter(year=wish.year)
    return rows


def own_subject(user: Any, case: Case) -> bool:
    """Whether the user acts for the case's body and nothing else: he does not read what officers say to each other."""
    return not may_handle(user, case) and not may_decide(user, case) and not may_read(user, case)


def may_handle(user: Any, case: Case) -> bool:
    """Whether the user may handle the case."""
    return _covers(user, kind_of(case).handle, case.area.path, case)


def may_decide(user: Any, case: Case) -> bool:
    """Whether the user may decide it."""
    return _covers(user, kind_of(case).decide, case.area.path, case)


def may_read(user: Any, case: Case) -> bool:
    """Whether the user reads it as an officer."""
    return _covers(user, kind_of(case).view, case.area.path, case)


def may_apply(user: Any, kind: CaseKind, subject_id: str) -> bool:
    """Whether the user hands in cases of this kind for the body, or what else it is about."""
    if kind.tree is not None and kind.tree.applies is not None:
        return any(access.has(user, permission) for permission in kind.apply) and kind.tree.applies(user, subject_id)
    return any(
        subject_id.isdecimal() and int(subject_id) in access.reach(user, permission).organizations
        for permission in kind.apply
    )


def _covers(user: Any, permissions: Iterable[str], path: str, case: Case | None = None) -> bool:
    parties: list[str] = []
    for permission in permissions:
        reach = access.reach(user, permission)
        if reach.everything or any(path.startswith(own) for own in reach.paths):
            return True
        parties += reach.parties
    tree = kind_of(case).tree if case is not None and parties else None
    return tree is not None and any(place.startswith(own) for place in tree.scope(case)[0] for own in parties)


def offices(user: Any, kind: CaseKind) -> list[Area]:
    """The areas for which the user may open a case without a subject, widest first."""
    paths: list[str] = []
    for permission in kind.handle:
        reach = access.reach(user, permission)
        if reach.everything:
            return list(Area.objects.live().filter(level="district").order_by("code")[:200])
        paths += reach.paths
    return list(Area.objects.live().filter(path__in=paths).order_by("code"))


def kinds_for(user: Any) -> list[CaseKind]:
    """The kinds of which the user may hand in or handle cases, in their order."""
    mine = access.permissions_of(user)
    found = [kind for kind in registries.case_kinds.values() if mine & {*kind.handle, *kind.apply}]
    return sorted(found, key=lambda kind: (kind.order, kind.code))


def kinds_for_subject(user: Any, subject: Any) -> list[CaseKind]:
    """The kinds of which the user may open a case about this record."""
    name = type(subject).__name__.lower()
    found = []
    for kind in kinds_for(user):
        if kind.subject_kind != name or (kind.may_open is not None and not kind.may_open(subject)):
            continue
        path = registries.scope_kinds[name].resolve(subject)[0]
        if may_apply(user, kind, str(subject.pk)) or _covers(user, kind.handle, path[0] if path else ""):
            found.append(kind)
    return found


def subject_of(case: Case) -> Any:
    """The record that the case is about, or None."""
    if not case.subject_id:
        return None
    resolver = registries.scope_kinds.get(case.subject_kind)
    return resolver.find(case.subject_id) if resolver is not None and resolver.find is not None else None


def scope_of(case: Case) -> tuple[list[str], list[str], str]:
    """Which grants cover a case: its office's area, its place in the floor's tree, and the body whose own it is."""
    kind = registries.case_kinds.get(case.kind)
    own = case.subject_id if case.subject_kind == "organization" else ""
    if kind is None or kind.tree is None:
        return [case.area.path], [], own
    writes, reads, body = kind.tree.scope(case)
    return [case.area.path, *writes], [*reads], own or body


def find(key: str) -> Case | None:
    """The case with this key."""
    return Case.objects.select_related("area").filter(pk=int(key)).first() if key.isdecimal() else None


@dataclass(frozen=True, slots=True)
class Paper:
    """One line of a case's papers: on paper since, files by name and address."""

    row: CaseMaterial
    files: Sequence[tuple[str, str]]

    @property
    def there(self) -> bool:
        """Whether it was received, on paper or as a file."""
        return self.row.received_on is not None or bool(self.files)


def papers(case: Case) -> list[Paper]:
    """The papers that the case needs, with what is there."""
    files: dict[str, list[tuple[str, str]]] = {}
    for row in Attachment.objects.living().of(SUBJECT, str(case.pk)).order_by("pk"):
        files.setdefault(row.paper, []).append((row.name, reverse("core:file_open", args=[row.pk, "original"])))
    return [Paper(row, files.get(row.name, ())) for row in case.materials.all()]


def on_paper(case: Case) -> dict[str, date]:
    """The papers that were received on paper, and when."""
    told = case.materials.filter(received_on__isnull=False).values_list("name", "received_on")
    return {name: day for name, day in told if day is not None}


def missing(case: Case) -> list[str]:
    """Names of the papers that are not there."""
    return [paper.row.name for paper in papers(case) if not paper.there]


def examiners(case: Case) -> list[User]:
    """Who has signed an opinion."""
    rows = CaseStep.objects.filter(case=case, kind=StepKind.OPINION, recorded_by__isnull=False)
    return [row.recorded_by for row in rows.select_related("recorded_by") if row.recorded_by is not None]


def shown(entry: CaseField, value: Any, streets: Mapping[str, str] | None = None) -> str:
    """A stored value of a field in words; a C3 value masked."""
    if value in (None, ""):
        return ""
    if entry.purpose:
        plain = vault.decrypt(value, purpose=entry.purpose) if vault.is_sealed(value) else str(value)
        return zones.mask(entry.personal, plain) if entry.personal else "••••"
    if entry.kind == "yesno":
        return _("是") if value else _("否")
    if entry.kind == "choice":
        return _(entry.choices[value]) if value in entry.choices else str(value)
    if entry.kind == "money":
        return _("{yuan} 元").format(yuan=format_yuan(value))
    return str(value)


class Line(NamedTuple):
    """A field as the case shows it: what is stored now, what is wished, whether the officer accepted it."""

    name: str
    title: str
    was: str
    wish: str
    accepted: bool | None


def lines(case: Case) -> list[Line]:
    """The fields of a case that are filled in, beside the stored values where the kind tells them."""
    kind = kind_of(case)
    before = kind.before(case) if kind.before is not None else {}
    told = []
    for entry in fields_of(case):
        value = case.facts.get(entry.name)
        if value in (None, ""):
            continue
        accepted = None if case.accepted is None else entry.name in case.accepted
        told.append(
            Line(entry.name, _(entry.title), shown(entry, before.get(entry.name)), shown(entry, value), accepted)
        )
    return told


def findings_of(case: Case, moment: str, on: date) -> list[Any]:
    """What the floor's rules say of the case at a moment."""
    kind = kind_of(case)
    return list(kind.findings(case, moment, on)) if kind.findings is not None else []


def course(case: Case, *, internal: bool) -> list[CaseStep]:
    """The steps of a case in their order; without `internal` those that an applicant reads."""
    rows = case.steps.select_related("recorded_by").order_by("pk")
    return list(rows if internal else rows.exclude(kind__in=[str(k) for k in INTERNAL]))


def colleagues(case: Case, on: date) -> list[User]:
    """Active accounts that may handle the case, but for its handler: to whom it can be handed over."""
    wanted = set(kind_of(case).handle)
    codes = [code for code, role in access.roles().items() if role.permissions & wanted]
    rows = Grant.objects.active(on).filter(role__in=codes, ended_at__isnull=True, user__is_active=True)
    found = {row.user for row in rows.select_related("user")}
    return sorted(
        (user for user in found if user.pk != case.handler_id and may_handle(user, case)), key=lambda u: u.username
    )


def todo(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """What waits for the user: to receive, to examine, to decide, to deliver, due within thirty days or late."""
    own = represented(user, on)
    until = on + timedelta(days=due.DAYS)
    soon = Q(due_on__isnull=True) | Q(due_on__lte=until)
    handled = workable(user).filter(
        Q(handler__in=own) | Q(handler__isnull=True), soon,
        state__in=[str(s) for s in (CaseState.APPLIED, CaseState.RECEIVED, CaseState.DECIDED)],
    )  # fmt: skip
    deciding = (
        workable(user, deciding=True)
        .filter(soon, state=CaseState.EXAMINED)
        .exclude(pk__in=CaseStep.objects.filter(kind=StepKind.OPINION, recorded_by=user).values("case"))
    )
    answering = of_own(user).filter(state=CaseState.SUPPLEMENT)
    rows = Case.objects.filter(
        Q(pk__in=handled.values("pk")) | Q(pk__in=deciding.values("pk")) | Q(pk__in=answering.values("pk"))
    )
    total = rows.count()
    items = [_line(case) for case in (rows.order_by(F("due_on").asc(nulls_last=True), "pk")[:limit] if total else ())]
    return items, total


_TODO_TITLES: dict[str, tuple[str, str]] = {
    CaseState.APPLIED: ("“{label}”提交了{kind}，待收件", "去收件"),
    CaseState.RECEIVED: ("“{label}”的{kind}待审查", "去审查"),
    CaseState.SUPPLEMENT: ("“{label}”的{kind}须补正", "去补正"),
    CaseState.EXAMINED: ("“{label}”的{kind}待决定", "去决定"),
    CaseState.DECIDED: ("“{label}”的{kind}已决定，待送达", "去送达"),
}


def _line(case: Case) -> DueItem:
    title, button = _TODO_TITLES[case.state]
    kind = registries.case_kinds.get(case.kind)
    return DueItem(
        title=_(title).format(label=case.label, kind=_(kind.title) if kind else case.kind),
        due_on=case.due_on,
        url=reverse("core:case_detail", args=[case.pk]),
        button=_(button),
        provisional=case.due_provisional,
        code="case",
    )


#: The source of cases; the rows tell whether they are the user's.
SOURCES = (DueSource("core.cases", "事项", "", todo),)


def counts(user: Any) -> dict[str, int]:
    """How many cases the user sees in each state."""
    rows = visible(user).order_by().values_list("state").annotate(n=Count("pk"))
    return {str(state): n for state, n in rows}


def open_stop(case: Case) -> CaseStop | None:
    """The stretch in which the clock stands still now."""
    return case.stops.filter(until__isnull=True).first()


def opinions(case: Case) -> int:
    """How many opinions were signed."""
    return case.steps.filter(kind=StepKind.OPINION).count()


def approved(case: Case) -> bool:
    """Whether it was approved."""
    return case.decision == CaseDecision.APPROVED
