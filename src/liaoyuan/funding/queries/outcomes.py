"""What an applicant reads of the review of his project: his own means, about where he stands, the written reason."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from liaoyuan.core import access
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.choices.review import (
    ELIGIBILITY_OUTCOME_TITLES,
    REVIEW_OUTCOME_TITLES,
    SCORE_ITEM_TITLES,
    ReviewOutcome,
)
from liaoyuan.funding.choices.states import ProjectState
from liaoyuan.funding.models import CommitteeDecision, Project, RankingLine
from liaoyuan.funding.queries import desk, eligibility
from liaoyuan.funding.rules.shares import number

_MARKS = {str(ReviewOutcome.PROPOSED): "ok", str(ReviewOutcome.RESERVE): "review"}

#: States in which nothing of a review is told yet: before the list is published, or the refusal is decided.
_SILENT = frozenset({
    ProjectState.DRAFT, ProjectState.SUBMITTED, ProjectState.RETURNED, ProjectState.ELIGIBLE, ProjectState.IN_REVIEW,
    ProjectState.PROPOSED, ProjectState.WITHDRAWN,
})  # fmt: skip
#: Into how many parts the ranking is cut for its bands.
BANDS = 4


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an applicant is told. Means are hundredths of points; `band` counts from 1, of `BANDS`, and is None where
    too few projects were ranked for a part to hide anybody's place.
    """

    outcome: str
    reason: str
    mean: int | None = None
    items: tuple[tuple[str, int], ...] = ()
    band: int | None = None


def shown(user: Any, project: Project) -> bool:
    """Whether the page of the outcome is offered: to the body itself, once something is told."""
    return project.state not in _SILENT and access.covers(user, Permission.OWN_VIEW, project, write=False)


def words(outcome: str) -> tuple[str, str]:
    """Mark and word of what the review came to."""
    title = {**REVIEW_OUTCOME_TITLES, **ELIGIBILITY_OUTCOME_TITLES}[outcome]
    return _MARKS.get(outcome, "closed"), _(title)


def items(told: Outcome) -> list[tuple[str, str, str]]:
    """The means of the items in the order of the usual sheet, as facts."""
    order = {str(code): place for place, code in enumerate(SCORE_ITEM_TITLES)}
    rows = sorted(told.items, key=lambda pair: (order.get(pair[0], len(order)), pair[0]))
    return [(desk.item_title(code), number(mean), "") for code, mean in rows]


def band_words(part: int) -> str:
    """Where about in the ranking a project lies."""
    named = (_("前四分之一"), _("中间偏前"), _("中间偏后"), _("后四分之一"))
    return named[part - 1]


def band(place: int, whole: int) -> int | None:
    """In which part of the ranking a place lies; None below two projects a part."""
    return (place - 1) * BANDS // whole + 1 if whole >= 2 * BANDS else None


def for_applicant(project: Project, user: Any) -> Outcome | None:
    """What the body that applied, or its sponsor, reads of its own project; None before it is told anything.

    Nothing in it is of another project, and no expert is named.
    """
    if not access.covers(user, Permission.OWN_VIEW, project, write=False):
        return None
    if project.state == ProjectState.INELIGIBLE:
        return Outcome("ineligible", eligibility.reason_for(project))
    if project.state in _SILENT:
        return None
    decision = CommitteeDecision.objects.current().filter(project=project).select_related("selection").first()
    if decision is None:
        return None
    line = RankingLine.objects.filter(snapshot=decision.selection.snapshot_id, project=project).first()
    reason = "" if decision.outcome == ReviewOutcome.PROPOSED else decision.reason
    if line is None:
        return Outcome(decision.outcome, reason)
    whole = RankingLine.objects.filter(snapshot=line.snapshot_id).count()
    return Outcome(decision.outcome, reason, line.mean, tuple(sorted(line.items.items())), band(line.place, whole))
