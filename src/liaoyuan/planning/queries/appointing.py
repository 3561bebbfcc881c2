"""Proposals of instructors as pages and sheets read them: lines in sight, caseloads now and after, what changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q
from django.utils.translation import gettext as _

from liaoyuan.core import registries
from liaoyuan.party.models import Instructor
from liaoyuan.party.queries import organizations as parties
from liaoyuan.party.queries.coverage import limits_on
from liaoyuan.planning.choices.words import FALLBACK_TITLES, NEED_TITLES, STATION_TITLES, Need, ProposalState, Station
from liaoyuan.planning.models import InstructorLine, InstructorPin, InstructorProposal, Plan, Scenario
from liaoyuan.planning.queries.instructing import MONTHS, MOST, RULES
from liaoyuan.planning.queries.listing import named
from liaoyuan.planning.queries.sight import Sight

#: Columns of the sheet, in its order.
SHEET_TITLES = ("组织", "街道", "为什么需要", "指导员", "单位职务", "现在联系", "排定以后", "上限", "直线距离（米）",
                "第二选择", "改为第二选择多花（米）", "办理情况")  # fmt: skip


def latest(plan: Plan) -> InstructorProposal | None:
    """The proposal that the page shows: the last that is computed."""
    rows = plan.proposals.made().select_related("earlier", "asked_by").defer("earlier__instance")
    return rows.order_by("-number").first()


def last(plan: Plan) -> InstructorProposal | None:
    """The last one in any state, without what it was computed from."""
    return plan.proposals.defer("instance").order_by("-number").first()


def placed(plan: Plan, sight: Sight) -> int | None:
    """How many bodies in sight have an instructor in the latest proposal; None where there is none."""
    key = plan.proposals.made().order_by("-number").values_list("pk", flat=True).first()
    if key is None:
        return None
    rows = InstructorLine.objects.filter(proposal=key, instructor__isnull=False)
    return (rows if sight.whole else rows.filter(street__in=sight.streets)).count()


def waiting(plan: Plan) -> InstructorProposal | None:
    """The last one, where it is being computed or could not be."""
    found = last(plan)
    return found if found is not None and found.state != ProposalState.READY else None


def lines(proposal: InstructorProposal, sight: Sight) -> Any:
    """The lines that the user sees."""
    rows = InstructorLine.objects.filter(proposal=proposal)
    return rows if sight.whole else rows.filter(street__in=sight.streets)


@dataclass(frozen=True, slots=True)
class Line:
    """One body of a proposal as a list shows it."""

    pk: int
    organization: int
    name: str
    street: str
    need: str
    instructor: int | None
    who: str
    unit: str
    load: str
    metres: str
    second: str
    price: int | None
    fixed: bool
    state: tuple[str, str]
    point: str
    figures: tuple[int | None, int | None, int | None, int | None]


class Lines:
    """Bodies of a proposal in sight: a total and slices of lines, in a fixed number of statements."""

    ordered = True

    def __init__(
        self, proposal: InstructorProposal, sight: Sight, *, q: str = "", street: str = "", instructor: str = "",
        state: str = "",
    ) -> None:  # fmt: skip
        self.proposal = proposal
        rows = lines(proposal, sight)
        if q.strip():
            rows = rows.filter(Q(organization__in=named(q)) | Q(instructor__name__icontains=q.strip()))
        if street:
            rows = rows.filter(street=int(street))
        if instructor:
            rows = rows.filter(instructor=int(instructor))
        if state:
            rows = rows.filter(STATES[state])
        self.rows = rows.order_by(F("instructor__name").asc(nulls_last=True), "instructor", "organization")

    def count(self) -> int:
        """How many there are."""
        return self.rows.count()

    def __getitem__(self, part: slice) -> list[Line]:
        """The lines of a slice."""
        rows = list(self.rows.select_related("street", "instructor", "second")[part])
        names = parties.body_names(row.organization_id for row in rows)
        held = loads_of(self.proposal)
        after = loads_after(self.proposal)
        points = {body["id"]: body["point"] for body in self.proposal.instance["bodies"]}
        return [_line(row, names, held, after, points) for row in rows]


#: What one may ask of the list by how far a line is.
STATES: dict[str, Q] = {
    "open": Q(instructor__isnull=False, accepted_at__isnull=True), "done": Q(accepted_at__isnull=False),
    "none": Q(instructor__isnull=True), "fixed": Q(fixed=True),
}  # fmt: skip


def _line(
    row: InstructorLine, names: Mapping[int, str], held: Mapping[int, dict[str, Any]], after: Mapping[int, int],
    points: Mapping[int, str],
) -> Line:  # fmt: skip
    who = row.instructor
    one = held.get(who.pk) if who is not None else None
    told = (one["load"], after[one["id"]], one["most"], row.metres) if one is not None else (None, None, None, None)
    metres = "" if who is None else _("不知道，按 0 计") if row.metres is None else f"{row.metres:,}"
    second = row.second.name if row.second else _("先不派，换别家") if row.price is not None else ""
    return Line(
        row.pk, row.organization_id, names.get(row.organization_id, ""), row.street.name if row.street else "",
        _(NEED_TITLES[Need(row.need)]), who.pk if who else None, who.name if who else "", who.unit if who else "",
        load_words(*told[:3]) if one is not None else "", metres, second, row.price, row.fixed, state_words(row),
        _(FALLBACK_TITLES[points.get(row.organization_id) or ""]) if points.get(row.organization_id) else "", told,
    )  # fmt: skip


def load_words(now: int | None, after: int | None, most: int | None) -> str:
    """A caseload now, after, and its limit."""
    return _("{now} → {after}，上限 {most}").format(now=now, after=after, most=most)


def state_words(row: InstructorLine) -> tuple[str, str]:
    """(verdict, word) of how far a line is."""
    if row.accepted_at is not None:
        return "ok", _("已采纳")
    if row.instructor_id is None:
        return "reject", _("没有排到")
    return ("review", _("已锁定，未采纳")) if row.fixed else ("review", _("未采纳"))


def loads_of(proposal: InstructorProposal) -> dict[int, dict[str, Any]]:
    """What the proposal was told of each instructor, by key."""
    return {one["id"]: one for one in proposal.instance["instructors"]}


def loads_after(proposal: InstructorProposal) -> dict[int, int]:
    """Instructor → the bodies he would look after with all that is proposed; his load holds what was accepted."""
    here = {body["id"] for body in proposal.instance["bodies"]}
    rows = InstructorLine.objects.filter(proposal=proposal, instructor__isnull=False, organization__in=here)
    more = dict(rows.order_by().values_list("instructor").annotate(n=Count("pk")))
    return {key: one["load"] + more.get(key, 0) for key, one in loads_of(proposal).items()}


@dataclass(frozen=True, slots=True)
class Load:
    """One instructor as the page of caseloads shows him."""

    pk: int
    name: str
    unit: str
    now: int
    more: int
    after: int
    most: int
    where: str
    open: int


class Loads:
    """Instructors with their caseloads: those of the proposal, of a street those with a line in sight."""

    ordered = True

    def __init__(self, proposal: InstructorProposal, sight: Sight) -> None:
        self.proposal, held = proposal, loads_of(proposal)
        if not sight.whole:
            mine = set(lines(proposal, sight).values_list("instructor_id", flat=True))
            held = {key: one for key, one in held.items() if key in mine}
        self.after = loads_after(proposal)
        self.keys = sorted(held, key=lambda key: (held[key]["load"] - self.after[key], key))
        self.held = held

    def count(self) -> int:
        """How many there are."""
        return len(self.keys)

    def __getitem__(self, part: slice) -> list[Load]:
        """The lines of a slice, in two statements."""
        keys = self.keys[part]
        found = Instructor.objects.in_bulk(keys)
        rows = InstructorLine.objects.filter(proposal=self.proposal, instructor__in=keys, accepted_at__isnull=True)
        open_ = dict(rows.order_by().values_list("instructor").annotate(n=Count("pk")))
        return [
            Load(
                key, found[key].name, found[key].unit, self.held[key]["load"], self.after[key] - self.held[key]["load"],
                self.after[key], self.held[key]["most"], _(STATION_TITLES[Station(self.held[key]["station"])]),
                open_.get(key, 0),
            )
            for key in keys
        ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Changes:
    """Against the proposal before: bodies that stay, those whose instructor is another, by how much the way changed."""

    same: int
    moved: tuple[tuple[str, str, str], ...]
    many: int
    metres: int


def changes(proposal: InstructorProposal, most: int = 50) -> Changes | None:
    """None for a first proposal. Names of the first few that moved."""
    if proposal.earlier is None:
        return None
    told = [
        dict(InstructorLine.objects.filter(proposal=row).values_list("organization_id", "instructor_id"))
        for row in (proposal.earlier, proposal)
    ]
    bodies = sorted(told[0].keys() | told[1].keys())
    moved = [key for key in bodies if told[0].get(key) != told[1].get(key)]
    shown = moved[:most]
    names = parties.body_names(shown)
    who = Instructor.objects.in_bulk({part.get(key) for part in told for key in shown if part.get(key)})

    def name(part: Mapping[int, int | None], key: int) -> str:
        found = who.get(part.get(key) or 0)
        return found.name if found is not None else ""

    return Changes(
        len(bodies) - len(moved),
        tuple((names.get(key, ""), name(told[0], key), name(told[1], key)) for key in shown), len(moved),
        proposal.metres - proposal.earlier.metres,
    )  # fmt: skip


def rules(plan: Plan, proposal: InstructorProposal | None, on: Any) -> list[tuple[str, str, str]]:
    """(code, what it says, on which text) of the rules by which bodies are chosen and instructors bound."""
    limits = limits_on(plan.scenario.area, proposal.on if proposal is not None else on)
    found = []
    for code in RULES:
        rule = registries.rules.get(code)
        if rule is not None and limits.is_on(code):
            found.append((code, _(rule.statement), limits.row(code).source))
    return found


def figures(plan: Plan, on: Any) -> tuple[int, int]:
    """(bodies an instructor looks after at most, months of a letter) in the area on the day."""
    limits = limits_on(plan.scenario.area, on)
    return int(limits[MOST]), int(limits[MONTHS])


def pins(scenario: Scenario) -> list[tuple[InstructorPin, str]]:
    """(pin, name of the body) of those that hold."""
    rows = list(InstructorPin.objects.held().filter(scenario=scenario).select_related("instructor").order_by("pk"))
    names = parties.body_names(row.organization_id for row in rows)
    return [(row, names.get(row.organization_id, "")) for row in rows]


def sheet(proposal: InstructorProposal, sight: Sight) -> Iterator[list[Any]]:
    """The rows of the sheet, in the order of the list."""
    found = Lines(proposal, sight)
    for start in range(0, found.count(), 500):
        for line in found[start : start + 500]:
            now, after, most, metres = line.figures
            yield [line.name, line.street, line.need, line.who, line.unit, now, after, most, metres, line.second,
                   line.price, line.state[1]]  # fmt: skip
