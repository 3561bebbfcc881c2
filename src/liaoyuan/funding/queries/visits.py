"""Visits and samples as pages show them; what is known of running projects when a sample is drawn by risk."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet

from liaoyuan.core import access
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.choices.running import AT_WORK, Risk, VisitState
from liaoyuan.funding.models import GrantVisit, Project, Round, VisitSample, WorkRecord
from liaoyuan.funding.queries import limits, running, work
from liaoyuan.funding.rules import sampling

_WORKING = [str(state) for state in AT_WORK]


def population(round_: Round) -> list[Project]:
    """The running projects of a round that no open visit waits for."""
    waiting = GrantVisit.objects.filter(state=VisitState.PLANNED.value).values("project")
    rows = Project.objects.filter(round=round_, state__in=_WORKING).exclude(pk__in=waiting)
    return list(rows.select_related("round__programme__area").order_by("pk"))


def risks(projects: Sequence[Project], on: date) -> dict[int, list[Risk]]:
    """By project the reasons of risk that hold today; none where there is none. A fixed number of statements."""
    found: dict[int, list[Risk]] = {}
    told = running.standings(projects, on)
    records = list(WorkRecord.objects.living().filter(project__in=list(told)).select_related("project"))
    same = work.same_photos(records, every=True)
    photos, outside = dict.fromkeys(told, 0), dict.fromkeys(told, 0)
    for record in records:
        photos[record.project_id] += record.pk in same
        outside[record.project_id] += any(one.get("code") == "GV-EXE-01" for one in record.findings)
    for key, one in told.items():
        held = limits.limits_of(one.project.round)
        since = one.last_on or (one.agreement.started_on if one.agreement is not None else None)
        facts = sampling.RiskFacts(
            overdue=len(one.overdue), elapsed=one.elapsed, rate=one.rate, spent=one.spent_percent,
            silent_days=(on - since).days if since is not None else None, photos=photos[key], outside=outside[key],
        )  # fmt: skip
        given = sampling.reasons(
            facts, behind=held.get("gv.sample.behind_percent") or 0, silent=held.get("gv.sample.silent_days") or 0
        )
        if given:
            found[key] = given
    return found


def suggested(round_: Round, many: int) -> int:
    """How many are drawn unless somebody says otherwise."""
    return sampling.size(many, limits.limits_of(round_).get("gv.sample.percent") or 0)


def verified(sample: VisitSample) -> bool:
    """Whether the seed gives the projects that were visited."""
    drawn = sampling.at_random(sample.seed, sample.population, sample.size)
    return set(drawn) == set(sample.visits.values_list("project", flat=True))


def of_project(project: Project) -> QuerySet[GrantVisit]:
    """The visits of a project, newest first."""
    return GrantVisit.objects.filter(project=project).select_related("sample", "recorded_by")


def of_round(round_: Round) -> QuerySet[GrantVisit]:
    """The visits of a round."""
    return GrantVisit.objects.filter(project__round=round_).select_related("project", "sample")


def visits(user: Any, project: Project) -> bool:
    """Whether the user visits: of the office, the host or an evaluator."""
    wanted = (Permission.EDIT, Permission.EVALUATE, Permission.CONFIRM)
    return any(access.covers(user, one, project, write=False) for one in wanted)


def draws(user: Any, round_: Round) -> bool:
    """Whether the user draws samples in the round."""
    wanted = (Permission.EDIT, Permission.EVALUATE)
    return any(access.covers(user, one, round_, write=False) for one in wanted)
