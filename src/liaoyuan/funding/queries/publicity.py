"""Published lists as the rules and the offices read them: terms, columns, open objections and what is overdue."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from liaoyuan.core import policy
from liaoyuan.core.choices import Moment
from liaoyuan.core.clock import localdate
from liaoyuan.funding.choices.awards import ListState
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.models import AwardLine, AwardList, AwardObjection, Project, Round
from liaoyuan.funding.models.base import within_reach
from liaoyuan.funding.params.letters import COLUMNS
from liaoyuan.funding.queries import limits
from liaoyuan.funding.rules.facts.reviews import Objection, PublicityFacts
from liaoyuan.funding.rules.reviews import WORKDAY, after
from liaoyuan.kit.findings import Finding, Limits


def term(held: Limits, first: date) -> tuple[date, bool]:
    """The last day of a list that is published on `first`, and whether the calendar of a year is still missing."""
    days, unit = int(held["gv.publicity.days"]), str(held["gv.publicity.unit"])
    provisional = unit == WORKDAY and held.calendar.add_workdays(first, days).provisional
    return after(first, days, unit, held), provisional


def answer_due(held: Limits, received: date) -> date:
    """The last day on which an objection received on a day is answered in time."""
    return after(received, int(held["gv.objection.days"]), str(held["gv.objection.unit"]), held)


def open_objections(line: AwardLine) -> int:
    """How many objections to the project, or to the whole list, wait for an answer."""
    rows = AwardObjection.objects.unanswered().filter(award_list=line.award_list_id)
    return rows.filter(Q(line=line) | Q(line__isnull=True)).count()


def facts_of(row: AwardList) -> PublicityFacts:
    """A list as the rules read it, with its objections."""
    return PublicityFacts(
        projects=row.lines.count(),
        published_on=row.opens_on,
        ends_on=row.closes_on,
        columns=COLUMNS,
        objections=tuple(fact_of(one) for one in row.objections.order_by("pk")),
    )


def fact_of(row: AwardObjection) -> Objection:
    """An objection as the rules read it."""
    answered = localdate(row.answered_at) if row.answered_at is not None else None
    return Objection(kind=row.kind, received_on=row.received_on, reviewed_on=answered, answered_on=answered)


def approved_line(project: Project) -> AwardLine | None:
    """The line by which the project was approved."""
    rows = AwardLine.objects.living().filter(project=project, approved_at__isnull=False)
    return rows.select_related("award_list").order_by("-pk").first()


def standing(on: date, round_: Round | None = None) -> list[AwardList]:
    """The lists that everybody may read on the day, with what stands on them and nothing else."""
    rows = AwardList.objects.filter(
        state=ListState.PUBLISHED.value, opens_on__lte=on, closes_on__gte=on, round__practice=False
    )
    return list((rows if round_ is None else rows.filter(round=round_)).order_by("closes_on", "pk"))


def table(row: AwardList) -> list[tuple[Any, ...]]:
    """What the public reads of a list, by the columns of `COLUMNS`; the amount in fen."""
    return [
        (line.position, line.number, line.project_title, line.body_name, line.place, line.amount_fen)
        for line in row.lines.all()
    ]


@dataclass(frozen=True, slots=True)
class Waiting:
    """An objection that waits for its answer: until when, whether that day is over, and how it reads."""

    objection: AwardObjection
    due_on: date
    overdue: bool
    findings: tuple[Finding, ...]


def waiting(user: Any, on: date) -> list[Waiting]:
    """Objections without an answer in the rounds that the user runs, earliest term first; the overdue ones say so."""
    condition = within_reach(user, Permission.EDIT, "award_list__round__programme__area")
    rows = AwardObjection.objects.unanswered().select_related("award_list__round__programme__area", "line")
    found = []
    for row in (rows if condition is None else rows.filter(condition)).order_by("due_on", "pk"):
        told = policy.evaluate(
            Moment.OBJECTION_DAILY, PublicityFacts(objections=(fact_of(row),)),
            limits.limits_of(row.award_list.round), on,
        )  # fmt: skip
        found.append(Waiting(row, row.due_on, on > row.due_on, tuple(told)))
    return found
