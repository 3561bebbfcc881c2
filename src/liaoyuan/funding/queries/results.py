"""What the signed sheets of a stage come to: a result a project, spreads, progress. Hundredths of points."""

from collections import defaultdict
from datetime import date
from typing import Any

from django.db.models import Count, Max, Min

from liaoyuan.core import policy
from liaoyuan.core.choices import Moment
from liaoyuan.funding.choices.review import ReaderRole
from liaoyuan.funding.choices.states import ProjectState
from liaoyuan.funding.models import Discussion, Project, Reading, ReviewStage, Score, ScoreCard, ScoreSheet
from liaoyuan.funding.queries import limits
from liaoyuan.funding.rules import scoring
from liaoyuan.funding.rules.facts.reviews import ReviewFacts
from liaoyuan.funding.rules.scoring import Result, Sheet
from liaoyuan.kit.findings import Finding, Limit, Limits

#: How many first readers a further one stands beside as the third.
_TWO = 2
_REVIEWED = str(ProjectState.IN_REVIEW)


def by_sheet(sheet: ScoreSheet, held: Limits) -> Limits:
    """The round's figures with the items, the bonus and the order of ties of a score sheet."""
    own = {"gv.score.items": sheet.items, "gv.score.bonus": sheet.bonus, "gv.rank.ties": sheet.ties}
    rows = [held.row(key) for key in own]
    return held.with_rows(
        *(Limit(row.key, own[row.key], row.severity, row.source, row.status, row.valid_from, row.jurisdiction)
          for row in rows)
    )  # fmt: skip


def limits_for(stage: ReviewStage) -> Limits:
    """By what the sheets of a stage are judged."""
    return by_sheet(stage.sheet, limits.limits_of(stage.round))


def readers(stage: ReviewStage) -> dict[int, int]:
    """How many experts read each project of a stage."""
    rows = Reading.objects.standing().filter(stage=stage).order_by().values("project")
    return {row["project"]: row["n"] for row in rows.annotate(n=Count("pk"))}


def sheets(stage: ReviewStage, projects: Any = None) -> dict[int, dict[str, list[Sheet]]]:
    """The signed sheets of a stage by project and role of the reader, in the order of their cards; of some of its
    projects alone when their keys, or a query of keys, are given.
    """
    points: dict[int, dict[str, int]] = defaultdict(dict)
    cards = ScoreCard.objects.signed().filter(reading__stage=stage)
    if projects is not None:
        cards = cards.filter(reading__project__in=projects)
    for card, item, hundredths in Score.objects.filter(card__in=cards).values_list("card", "item", "hundredths"):
        points[card][item] = hundredths
    found: dict[int, dict[str, list[Sheet]]] = defaultdict(lambda: defaultdict(list))
    rows = cards.order_by("pk").values_list("pk", "reading__project", "reading__role", "reading__expert")
    for card, project, role, expert in rows:
        found[project][role].append(Sheet(str(expert), points[card]))
    return found


def of_stage(stage: ReviewStage) -> dict[int, Result]:
    """The result of every project of a stage that has a signed sheet.

    Beside two readers a further one counts with the nearer of them; beside more his sheet is one more sheet.
    """
    held, found = limits_for(stage), {}
    for project, by_role in sheets(stage).items():
        first, further = by_role.get(ReaderRole.READER, []), by_role.get(ReaderRole.FURTHER, [])
        if len(first) == _TWO and len(further) == 1:
            found[project] = scoring.third_reader(scoring.result(str(project), first, held), further[0].total, held)
        else:
            found[project] = scoring.result(str(project), [*first, *further], held)
    return found


def spreads(stage: ReviewStage) -> dict[int, Result]:
    """Projects whose first readers' totals lie too far apart, talked over or not.

    A signed card keeps its total: only the sheets of projects whose totals differ so much are read.
    """
    held, found = limits_for(stage), {}
    first = ScoreCard.objects.signed().filter(reading__stage=stage, reading__role=str(ReaderRole.READER))
    apart = first.order_by().values("reading__project").annotate(apart=Max("total") - Min("total"))
    keys = apart.filter(apart__gt=scoring.most_apart(held)).values_list("reading__project", flat=True)
    for project, by_role in sheets(stage, keys).items():
        result = scoring.result(str(project), by_role[ReaderRole.READER], held)
        if scoring.needs_talk(result, held):
            found[project] = result
    return found


def spread_findings(stage: ReviewStage, on: date) -> list[Finding]:
    """GV-REV-05 of each project whose spread was not talked over."""
    told = set(Discussion.objects.filter(stage=stage).values_list("project", flat=True))
    open_ = set(Project.objects.filter(round=stage.round_id, state=_REVIEWED).values_list("pk", flat=True))
    held, found = limits_for(stage), []
    for project, result in sorted((pk, result) for pk, result in spreads(stage).items() if pk in open_):
        facts = ReviewFacts(totals=result.totals, discussed=project in told)
        found += policy.evaluate(Moment.REVIEW_CLOSE, facts, held, on)
    return found
