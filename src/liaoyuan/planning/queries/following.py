"""How a plan is carried out, quarter by quarter: applications, bodies newly covered, instructors; what is late.

Coverage is asked of `party.queries.coverage` as of each quarter's last day, as the coverage board asks it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.core import access
from liaoyuan.core.casekinds import StepKind
from liaoyuan.core.choices import CaseDecision, CaseState
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import Area, CaseStep
from liaoyuan.core.registries import DueItem, DueSource
from liaoyuan.kit.dates import add_months
from liaoyuan.party.choices.organizations import FoundingState
from liaoyuan.party.choices.reorganizing import ChangeState
from liaoyuan.party.queries import coverage as figures
from liaoyuan.party.queries import organizations as parties
from liaoyuan.party.queries.coverage import Asked
from liaoyuan.party.queries.uncovered import Criteria
from liaoyuan.party.queries.uncovered import rows as uncovered
from liaoyuan.planning.choices.codes import Permission
from liaoyuan.planning.choices.states import PlanState
from liaoyuan.planning.models import InstructorLine, Plan, PlanGroup, PlanUnit
from liaoyuan.planning.queries import carrying
from liaoyuan.planning.queries.sight import Sight
from liaoyuan.planning.rules.following import QUARTER, Quarter, is_late, quarters

#: Columns of the sheet, in its order.
SHEET_TITLES = ("季度", "截至", "采纳", "批复", "成立", "不予批准或撤回", "季末待批复", "季末待成立", "新覆盖组织",
                "新派指导员", "应统计组织", "组织覆盖", "组织覆盖率", "工作覆盖", "工作覆盖率")  # fmt: skip
#: Quarters that the page shows; the sheet holds all.
SHOWN = 8
#: What comes next, by the state of the application (founding and adjusting have the same codes); D: gap D.
NEXT_TITLES: dict[str, str] = {
    FoundingState.DRAFT: "补齐材料，提交申请", FoundingState.APPLIED: "上级党组织批复",
    FoundingState.APPROVED: "召开成立大会，选举或任命书记", "D": "召开会议，或者由指导员走访",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """One accepted group or attachment with the days of its course; `moved` is the day of its last step."""

    plan: int
    number: int | None
    seat: int
    bodies: tuple[int, ...]
    party: int | None
    accepted: date
    approved: date | None
    founded: date | None
    refused: date | None
    moved: date
    state: str
    words: tuple[str, str]
    url: str

    def waits(self, on: date) -> bool:
        """Accepted by the day and neither approved nor over."""
        return self.accepted <= on and not any(day is not None and day <= on for day in (self.approved, self.refused))

    def unfounded(self, on: date) -> bool:
        """Approved by the day and not yet founded."""
        return self.approved is not None and self.approved <= on and (self.founded is None or self.founded > on)

    @property
    def open(self) -> bool:
        """Neither founded nor over."""
        return self.founded is None and self.refused is None


def items(groups: Any, units: Any) -> list[Item]:
    """What was accepted of these groups and attachments, in a fixed number of statements."""
    taken = list(groups.filter(accepted_at__isnull=False).select_related(
        "founding__case", "founding__party_organization", "change__case").order_by("accepted_at", "pk"))  # fmt: skip
    joined = list(units.filter(accepted_at__isnull=False).select_related("change__case").order_by("accepted_at", "pk"))
    if not taken and not joined:
        return []
    bodies: dict[int, list[int]] = {}
    inside = PlanUnit.objects.filter(group__in=[row.pk for row in taken]).order_by("organization_id")
    for group, body in inside.values_list("group_id", "organization_id"):
        bodies.setdefault(group, []).append(body)
    applications = [row.founding or row.change for row in taken] + [row.change for row in joined]
    cases = [one.case_id for one in applications if one is not None and one.case_id]
    steps = CaseStep.objects.filter(case__in=cases).order_by()
    last = dict(steps.values_list("case").annotate(on=Max("on")))
    gone = dict(steps.filter(kind=StepKind.WITHDRAWN.value).values_list("case").annotate(on=Max("on")))
    return [
        *(_item(row, row.number, row.seat_id, tuple(bodies.get(row.pk, ())), last, gone) for row in taken),
        *(_item(row, None, row.organization_id, (row.organization_id,), last, gone) for row in joined),
    ]


def _item(
    row: PlanGroup | PlanUnit, number: int | None, seat: int, bodies: tuple[int, ...], last: Mapping[int, date],
    gone: Mapping[int, date],
) -> Item:  # fmt: skip
    founding = row.founding if isinstance(row, PlanGroup) else None
    one: Any = founding or row.change
    case = one.case
    accepted = localdate(row.accepted_at)  # type: ignore[arg-type]
    approved = refused = founded = None
    if case is not None and case.decision == CaseDecision.APPROVED:
        approved = case.decided_on
    if case is not None and case.decision == CaseDecision.REFUSED:
        refused = case.decided_on
    elif case is not None and case.state == CaseState.WITHDRAWN:
        refused = gone.get(case.pk) or last.get(case.pk) or accepted
    if founding is None:
        founded = one.carried_on if one.state in (ChangeState.CARRIED, ChangeState.FILED) else None
        party = one.party_organization_id
    else:
        stands = founding.state in (FoundingState.FOUNDED, FoundingState.FILED)
        found = founding.party_organization
        founded = found.established_on if stands and found is not None else None
        party = founding.party_organization_id
    words = carrying.group_words(row) if isinstance(row, PlanGroup) else carrying.change_words(row.change)
    return Item(
        row.plan_id, number, seat, bodies, party, accepted, approved, founded, refused,
        max([accepted, *([last[case.pk]] if case is not None and case.pk in last else [])]), one.state, words,
        carrying.there(row),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One quarter: what happened in it, and how things stood on its last day (`on`; of the present quarter today)."""

    pk: str
    title: str
    on: date
    accepted: int
    approved: int
    founded: int
    refused: int
    waiting: int
    unfounded: int
    covered: int
    instructors: int
    base: int
    live: int
    worked: int


def approval(plan: Plan) -> date | None:
    """The day from which quarters are counted."""
    return localdate(plan.approved_at) if plan.approved_at is not None else None


def lines(plan: Plan, sight: Sight, today: date, most: int | None = SHOWN) -> list[Line]:
    """The quarters since the plan was approved, the latest first, at most so many."""
    first = approval(plan)
    if first is None:
        return []
    told = list(quarters(first, today))
    told = told if most is None else told[-most:]
    area = plan.scenario.area
    done = items(sight.groups(plan), sight.units(plan))
    bodies = set(sight.units(plan).values_list("organization_id", flat=True))
    days = [min(one.last, today) for one in told]
    starts = [max(first, _before(one)) for one in told]
    limits = figures.limits_over(area, {*days, *starts})
    appointed = _appointed(plan, sight)
    live: dict[date, set[int]] = {}
    for on in {*days, *starts}:
        rows = figures.covers(Asked(area, on, given=limits[on])).filter(organization__in=bodies)
        live[on] = set(rows.order_by().values_list("organization_id", flat=True))
    found = []
    for one, on, start in zip(told, days, starts, strict=True):
        asked = Asked(area, on, given=limits[on])
        base, covered, worked = figures.shares(asked)
        fresh = live[on] - live[start]
        counted = figures.base(asked).filter(organization__in=fresh).count() if fresh else 0
        found.append(Line(
            f"{one.year}-{one.number}", title(one), on, sum(one.holds(i.accepted) for i in done),
            sum(one.holds(i.approved) for i in done), sum(one.holds(i.founded) for i in done),
            sum(one.holds(i.refused) for i in done), sum(i.waits(on) for i in done), sum(i.unfounded(on) for i in done),
            counted, sum(one.holds(day) for day in appointed), base, covered, worked,
        ))  # fmt: skip
    return found[::-1]


def _before(one: Quarter) -> date:
    """The last day of the quarter before."""
    return date.fromordinal(one.first.toordinal() - 1)


def _appointed(plan: Plan, sight: Sight) -> list[date]:
    """The days on which lines of the plan's proposals were accepted; a line that went on to a later one counts once."""
    rows = InstructorLine.objects.filter(proposal__plan=plan, accepted_at__isnull=False)
    rows = rows if sight.whole else rows.filter(street__in=sight.streets)
    told = dict(rows.order_by().values_list("assignment_id", "accepted_at"))
    return [localdate(at) for at in told.values() if at is not None]


def title(one: Quarter) -> str:
    """A quarter in words."""
    return _("{year} 年第 {n} 季度").format(year=one.year, n=one.number)


def share(part: int, whole: int) -> str:
    """A rate in percent, to the tenth."""
    return f"{part * 100 / whole:.1f}%" if whole else "—"


@dataclass(frozen=True, slots=True)
class Late:
    """One thing that is late: what, since when, what is to be done next and where."""

    pk: int
    name: str
    why: str
    since: date
    state: tuple[str, str]
    next: str
    url: str


def late(plan: Plan, sight: Sight, today: date) -> list[Late]:
    """Groups and attachments without a step for more than a quarter, and branches that stand on paper only (gap D)."""
    done = items(sight.groups(plan), sight.units(plan))
    names = parties.body_names(one.seat for one in done)
    found = [
        Late(place, named(one, names), _("超过一个季度没有进展"), one.moved, one.words,
             _(NEXT_TITLES.get(one.state, "")), one.url)
        for place, one in enumerate(done) if one.open and is_late(one.moved, today)
    ]  # fmt: skip
    stand = [one for one in done if one.founded is not None]
    if not stand:
        return found
    quiet = uncovered(Criteria(Asked(plan.scenario.area, today), shown="D"))
    told = set(quiet.filter(organization__in={body for one in stand for body in one.bodies}).values_list(
        "organization_id", flat=True))  # fmt: skip
    found += [
        Late(len(done) + place, named(one, names), _("已成立，形式覆盖：{n} 家").format(n=len(told & set(one.bodies))),
             one.founded or one.moved, one.words, _(NEXT_TITLES["D"]),
             reverse("party:organization_detail", args=[one.party]))
        for place, one in enumerate(stand) if told & set(one.bodies)
    ]  # fmt: skip
    return found


def named(one: Item, names: Mapping[int, str]) -> str:
    """What a group or an attachment is called."""
    name = names.get(one.seat, "")
    return _("第 {n} 组（{name}）").format(n=one.number, name=name) if one.number else _("{name}挂靠").format(name=name)


def sheet(rows: Iterable[Line]) -> Iterator[list[Any]]:
    """The rows of the sheet, the earliest quarter first."""
    for row in sorted(rows, key=lambda row: row.on):
        yield [row.title, row.on, row.accepted, row.approved, row.founded, row.refused, row.waiting, row.unfounded,
               row.covered, row.instructors, row.base, row.live, share(row.live, row.base), row.worked,
               share(row.worked, row.base)]  # fmt: skip


def todo(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """One line for each group or attachment of an approved plan that nobody has moved for more than a quarter."""
    allowed = access.reach(user, Permission.EDIT)
    plans = Plan.objects.filter(state=PlanState.APPROVED.value)
    if not allowed.everything:
        here = Q(pk__in=[])
        for path in allowed.paths:
            here |= Q(scenario__area__in=Area.objects.within(path))
        plans = plans.filter(here)
    done = items(PlanGroup.objects.filter(plan__in=plans), PlanUnit.objects.filter(plan__in=plans))
    found = sorted((one for one in done if one.open and is_late(one.moved, on)), key=lambda one: one.moved)
    shown = found[:limit]
    names = parties.body_names(one.seat for one in shown) if shown else {}
    told = _("编组{name}超过一个季度没有进展")
    return [
        DueItem(title=told.format(name=named(one, names)), due_on=add_months(one.moved, QUARTER),
                url=reverse("planning:plan_follow", args=[one.plan]), button=_("去跟进"), code="follow")
        for one in shown
    ], len(found)  # fmt: skip


SOURCES = (DueSource("planning.follow", "编组跟进", Permission.EDIT, todo),)
