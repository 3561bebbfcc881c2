"""Trying parameters: every application is judged again by its round's figures with only the tried ones changed.

Both verdicts rest on the same facts, the register's of the day on which the application was handed in, so that nothing
but the figures makes the difference.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet

from liaoyuan.core import policy, registries
from liaoyuan.core.choices import Moment
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import Area
from liaoyuan.core.rules.parameters import Shape
from liaoyuan.funding.choices.states import ProjectState
from liaoyuan.funding.choices.trials import TrialKind, Verdict
from liaoyuan.funding.models import AwardLine, Project, Round, Trial, TrialLine
from liaoyuan.funding.queries import facts, figures, limits
from liaoyuan.funding.rules.facts.applications import ApplicationFacts
from liaoyuan.kit.findings import Finding, Limit, Limits, Severity, worst

#: The moments whose rules are asked of an application.
MOMENTS = (Moment.GRANT_SUBMIT, Moment.BUDGET_SUBMIT)
#: Figures by which not a rule but a fact is found: from which likeness on, since when a project is overdue.
IN_FACTS = ("gv.similar.percent", "gv.final.days")
#: How many applications are judged at a time.
CHUNK = 100
_TRY = "试算的值"
_LEFT = [str(ProjectState.DRAFT), str(ProjectState.WITHDRAWN)]


@lru_cache(maxsize=1)
def tryable() -> tuple[str, ...]:
    """The figures that decide about an application and can be typed as one value."""
    read = {key for spec in registries.rules.values() if not frozenset(MOMENTS).isdisjoint(spec.moments)
            for key in spec.params}  # fmt: skip
    found = [key for key in figures.KEYS if key in read or key in IN_FACTS]
    return tuple(key for key in found if figures.shape(key) != Shape.TABLE)


def rounds(user: Any) -> QuerySet[Round]:
    """The rounds that the user may try, newest first: those in his sight that took applications."""
    rows = Round.objects.visible_to(user).filter(practice=False, opened_at__isnull=False)
    return rows.select_related("programme__area").order_by("-year", "-pk")


def common(rows: Iterable[Round]) -> Area:
    """The smallest area that holds all the rounds."""
    paths = [row.programme.area.path.strip("/").split("/") for row in rows]
    shared = 0
    while all(len(path) > shared for path in paths) and len({path[shared] for path in paths}) == 1:
        shared += 1
    return Area.objects.get(code=paths[0][shared - 1])


def applications(keys_of_rounds: Iterable[int]) -> QuerySet[Project]:
    """The applications of some rounds that were handed in and not withdrawn, in the order of their keys."""
    rows = Project.objects.handed_in().filter(round__in=list(keys_of_rounds)).exclude(state__in=_LEFT)
    return rows.order_by("pk")


def tried(held: Limits, values: Mapping[str, Any]) -> Limits:
    """The figures with some of them changed, as if they had been published. A value that holds already changes nothing;
    a list is the same in any order.
    """
    rows = []
    for key, value in values.items():
        own = held.row(key) if key in held else Limit(key, None, Severity.BLOCK)
        if key not in held or not same(own.value, value):
            rows.append(Limit(key, value, own.severity, _TRY, "confirmed", own.valid_from, own.jurisdiction))
    return held.with_rows(*rows)


def same(one: Any, other: Any) -> bool:
    """Whether two values of a figure say the same."""
    if isinstance(one, list) and isinstance(other, list):
        return sorted(map(str, one)) == sorted(map(str, other))
    return bool(one == other)


def pair(trial: Trial, round_: Round) -> tuple[Limits, Limits]:
    """By what the round judges, and by what the trial does."""
    held = limits.limits_of(round_)
    other = held
    if trial.place and trial.place_on is not None:
        own = round_.programme.code if trial.place == round_.place else None
        there = policy.limits(trial.place_on, policy.chain(trial.place, own))
        other = held.with_rows(*(there.row(key) for key in there.names() if key.startswith(limits.PREFIXES)))
    return held, tried(other, trial.values)


@dataclass(frozen=True, slots=True)
class Judge:
    """The two plans of one round; both facts are found once where they are the same."""

    before: Limits
    after: Limits

    def of(self, project: Project) -> tuple[list[Finding], list[Finding]]:
        """What the rules say of the application by either."""
        on = localdate(project.submitted_at) if project.submitted_at is not None else project.round.closes_on
        known = self._facts(project, on, self.before)
        alike = all(self.before.get(key) == self.after.get(key) for key in IN_FACTS)
        other = known if alike else self._facts(project, on, self.after)
        budget = facts.of_budget(project, on)
        return self._told(self.before, known, budget, on), self._told(self.after, other, budget, on)

    @staticmethod
    def _facts(project: Project, on: date, held: Limits) -> ApplicationFacts:
        return facts.of_application(project, on, held=held, late_agreed=True, every=True)

    @staticmethod
    def _told(by: Limits, known: ApplicationFacts, budget: Any, on: date) -> list[Finding]:
        asked = zip(MOMENTS, (known, budget), strict=True)
        return [found for moment, given in asked for found in policy.evaluate(moment, given, by, on)]


def verdict(told: Iterable[Finding]) -> Verdict:
    """The heaviest thing that is said; what is merely told weighs nothing."""
    heaviest = worst(told)
    if heaviest == Severity.BLOCK:
        return Verdict.BLOCK
    return Verdict.PASS if heaviest in (None, Severity.INFO) else Verdict.WARN


def _key(one: Finding) -> tuple[str, str, str]:
    return one.code, str(one.severity), one.text


def line_of(project: Project, judge: Judge) -> TrialLine | None:
    """What changes for an application, None when nothing does."""
    before, after = judge.of(project)
    old, new = set(map(_key, before)), set(map(_key, after))
    if old == new:
        return None
    rows = [("gone", one) for one in before if _key(one) not in new]
    rows += [("new", one) for one in after if _key(one) not in old]
    was, now = verdict(before), verdict(after)
    kind = TrialKind.TOLD
    if (was == Verdict.BLOCK) != (now == Verdict.BLOCK):
        kind = TrialKind.BARRED if now == Verdict.BLOCK else TrialKind.FREED
    return TrialLine(
        project=project, organization_id=project.organization_id, kind=str(kind), before=str(was), after=str(now),
        findings=[_kept(way, one, judge) for way, one in rows],
        codes=" ".join(sorted({one.code for _way, one in rows}))[:200], grant_fen=project.grant_fen,
    )  # fmt: skip


def _kept(way: str, one: Finding, judge: Judge) -> dict[str, Any]:
    """A finding as the line keeps it, with those of the rule's figures that differ."""
    spec = registries.rules.get(one.code)
    read = (one.code, *(spec.params if spec is not None else ()), *IN_FACTS)
    differ = [key for key in read if not same(judge.before.get(key), judge.after.get(key))]
    return {
        "way": way, "code": one.code, "severity": str(one.severity), "message": one.text, "source": one.source,
        "figures": [[key, judge.before.get(key), judge.after.get(key)] for key in differ],
    }  # fmt: skip


def chunk(trial: Trial, after: int, judges: dict[int, Judge]) -> tuple[list[TrialLine], list[int]]:
    """The lines of the next `CHUNK` applications behind the key `after`, and the keys that were judged. `judges` keeps
    what was looked up of each round.
    """
    rows = applications(trial.rounds).filter(pk__gt=after).select_related(
        "round__programme__area", "organization", "sponsor", "area"
    ).prefetch_related("lines", "team")  # fmt: skip
    projects = list(rows[:CHUNK])
    found = []
    for project in projects:
        if project.round_id not in judges:
            judges[project.round_id] = Judge(*pair(trial, project.round))
        line = line_of(project, judges[project.round_id])
        if line is not None:
            line.trial = trial
            found.append(line)
    granted = _granted(line.project_id for line in found)
    for line in found:
        line.approved_fen = granted.get(line.project_id, 0)
    return found, [project.pk for project in projects]


def _granted(projects: Iterable[int]) -> dict[int, int]:
    """What was approved for each project."""
    rows = AwardLine.objects.living().filter(project__in=list(projects), approved_at__isnull=False)
    return {key: fen or 0 for key, fen in rows.order_by("pk").values_list("project", "approved_fen")}
