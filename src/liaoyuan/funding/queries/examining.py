"""Eligibility as pages show it: the applications of a round with where each examination stands, one of them in full."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from liaoyuan.core import access
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.choices.review import STEP_TITLES, EligibilityOutcome, Step
from liaoyuan.funding.choices.states import ProjectState
from liaoyuan.funding.models import Examined, Project, Round
from liaoyuan.funding.queries import bodies, doubles, eligibility, limits, persons, projects

_BAR = str(EligibilityOutcome.INELIGIBLE)
_MARKS = {
    Step.NEW: "review", Step.AGAIN: "review", Step.OPEN: "reject", Step.READY: "ok",
    Step.BAR: "review", Step.PASSED: "ok", Step.BARRED: "closed", Step.RETURNED: "review",
}  # fmt: skip
#: States in which an application has not passed.
_BEFORE = [str(state) for state in (ProjectState.DRAFT, ProjectState.SUBMITTED, ProjectState.RETURNED,
                                    ProjectState.INELIGIBLE, ProjectState.WITHDRAWN)]  # fmt: skip
_OUT = (str(ProjectState.DRAFT), str(ProjectState.WITHDRAWN))


def examination(row: Project) -> Examined | None:
    """The examination that holds, of a row of `listed`: asks nothing."""
    held: list[Examined] = row.held  # type: ignore[attr-defined]
    return held[0] if held else None


def step(row: Project, found: Examined | None) -> Step:
    """Where the examination of an application stands."""
    if row.state == ProjectState.RETURNED:
        return Step.RETURNED
    if row.state == ProjectState.INELIGIBLE:
        return Step.BARRED
    if row.state != ProjectState.SUBMITTED:
        return Step.PASSED
    if found is None:
        return Step.NEW
    if found.outcome == _BAR:
        return Step.BAR
    if found.seen_version != row.version:
        return Step.AGAIN
    return Step.OPEN if any(one.open for one in eligibility.findings(found)) else Step.READY


def words(row: Project) -> tuple[str, str]:
    """Mark and word of where the examination stands, of a row of `listed`."""
    return mark(step(row, examination(row)))


def mark(code: Step) -> tuple[str, str]:
    """Mark and word of a step."""
    return _MARKS[code], _(STEP_TITLES[code])


def open_count(row: Project) -> int | None:
    """How many findings stand in the way."""
    found = examination(row)
    return None if found is None else sum(1 for one in eligibility.findings(found) if one.open)


def answered_count(row: Project) -> int | None:
    """How many findings were answered."""
    found = examination(row)
    return None if found is None else sum(1 for one in eligibility.findings(found) if one.answer)


def decider(row: Project) -> str:
    """Who decides next, or who has decided."""
    found = examination(row)
    told = step(row, found)
    if told == Step.RETURNED:
        return _("申报组织补正")
    if told == Step.BAR:
        name = found.proposed_by.display_name if found is not None and found.proposed_by is not None else "—"
        return _("第二人；{name}提出").format(name=name)
    if told in (Step.PASSED, Step.BARRED):
        return found.decided_by.display_name if found is not None and found.decided_by is not None else "—"
    return _("承办")


def listed(user: Any, round_: Round, q: str = "", only: str = "") -> QuerySet[Project]:
    """The applications of a round that were handed in, each with its examination as `held[0]`."""
    current = Examined.objects.current().select_related("proposed_by", "decided_by")
    rows = projects.listed(user, q, round_.pk).exclude(state__in=_OUT).exclude(number="")
    if only:
        rows = _narrowed(rows, Step(only))
    return rows.prefetch_related(Prefetch("examinations", current, to_attr="held"))


def _narrowed(rows: QuerySet[Project], only: Step) -> QuerySet[Project]:
    if only == Step.RETURNED:
        return rows.filter(state=str(ProjectState.RETURNED))
    if only == Step.BARRED:
        return rows.filter(state=str(ProjectState.INELIGIBLE))
    submitted = str(ProjectState.SUBMITTED)
    if only == Step.PASSED:
        return rows.exclude(state__in=[submitted, str(ProjectState.RETURNED), str(ProjectState.INELIGIBLE)])
    rows, held = rows.filter(state=submitted), Examined.objects.current().filter(project=OuterRef("pk"))
    if only == Step.NEW:
        return rows.exclude(Exists(held))
    if only == Step.BAR:
        return rows.filter(Exists(held.filter(outcome=_BAR)))
    waiting = Examined.objects.current().filter(project__in=rows.order_by().values("pk"), outcome="")
    found = [one for one in waiting.select_related("project") if step(one.project, one) == only]
    return rows.filter(pk__in=[one.project_id for one in found])


def unexamined(round_: Round) -> QuerySet[Project]:
    """Applications that wait and were never examined, or were changed since."""
    held = Examined.objects.current().filter(project=OuterRef("pk"))
    return (
        Project.objects.filter(round=round_, state=str(ProjectState.SUBMITTED))
        .exclude(Exists(held.filter(Q(seen_version=OuterRef("version")) | Q(outcome=_BAR))))
        .order_by("pk")
    )


def tally(round_: Round) -> dict[str, int]:
    """How many applications wait, of them how many unexamined and how many for the second person; how many passed."""
    bar = Q(state=str(ProjectState.SUBMITTED), examinations__superseded_at=None, examinations__outcome=_BAR)
    told = Project.objects.filter(round=round_).aggregate(
        waiting=Count("pk", filter=Q(state=str(ProjectState.SUBMITTED)), distinct=True),
        bars=Count("pk", filter=bar, distinct=True),
        returned=Count("pk", filter=Q(state=str(ProjectState.RETURNED)), distinct=True),
        passed=Count("pk", filter=~Q(state__in=_BEFORE), distinct=True),
        barred=Count("pk", filter=Q(state=str(ProjectState.INELIGIBLE)), distinct=True),
    )
    return {**told, "new": unexamined(round_).count()}


def days_left(round_: Round, on: date) -> str:
    """How long the office still has, in words; empty when the round names no day."""
    if round_.eligible_by is None:
        return ""
    left = (round_.eligible_by - on).days
    if left < 0:
        return _("应于 {day} 完成，已过 {n} 天").format(day=round_.eligible_by, n=-left)
    return _("应于 {day} 完成，还有 {n} 天").format(day=round_.eligible_by, n=left)


def may_confirm(user: Any, row: Project) -> bool:
    """Whether the user may be the second person over a project's round."""
    return access.covers(user, Permission.CONFIRM, row, write=False)


@dataclass(frozen=True, slots=True)
class Likeness:
    """Another project that is like this one, as a line; its body is named only where the user may see it."""

    double: doubles.Double
    body: str
    seen: bool


def likenesses(user: Any, row: Project) -> list[Likeness]:
    """Projects like this one, the likest first."""
    held = limits.limits_of(row.round)
    found = doubles.similar(row, percent=int(held.get("gv.similar.percent", doubles.PERCENT)))
    keys = [one.project.pk for one in found]
    seen = set(Project.objects.visible_to(user).filter(pk__in=keys).values_list("pk", flat=True))
    names = bodies.names(one.project.organization_id for one in found if one.project.pk in seen)
    return [Likeness(one, names.get(one.project.organization_id, ""), one.project.pk in seen) for one in found]


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a text; `same` when the other text has it, too."""

    text: str
    same: bool


def pieces(text: str, spans: list[tuple[int, int]]) -> list[Piece]:
    """A text cut where the passages that match begin and end."""
    found, place = [], 0
    for start, end in sorted(spans):
        if start > place:
            found.append(Piece(text[place:start], False))
        if end > place:
            found.append(Piece(text[max(place, start) : end], True))
        place = max(place, end)
    return [*found, Piece(text[place:], False)] if place < len(text) else found


@dataclass(frozen=True, slots=True)
class Beside:
    """One text of two projects, side by side, in pieces."""

    title: str
    percent: int
    mine: list[Piece]
    other: list[Piece]


def beside(row: Project, other: Project) -> list[Beside]:
    """Two projects text by text."""
    return [
        Beside(_(pair.title), pair.percent, pieces(pair.one, [(p.start, p.end) for p in pair.passages]),
               pieces(pair.other, [(p.other_start, p.other_end) for p in pair.passages]))
        for pair in doubles.side_by_side(row, other)
    ]  # fmt: skip


def loads(user: Any, row: Project) -> list[persons.Load]:
    """The time of everybody in the project's team over all living projects, the highest first."""
    return persons.over(user, most=0, projects=[row.pk])


def applicant_words(row: Project) -> tuple[str, str]:
    """What the applicant reads: the decision, and why it was not passed. Nothing before the decision."""
    if row.state == ProjectState.INELIGIBLE:
        return _("资格审查不通过"), eligibility.reason_for(row)
    if row.state in (ProjectState.DRAFT, ProjectState.SUBMITTED, ProjectState.RETURNED, ProjectState.WITHDRAWN):
        return "", ""
    return _("资格审查通过"), ""
