"""The locks of a scenario with names; which locks a group stands under."""

import re
from collections.abc import Iterable

from django.utils.translation import gettext as _

from liaoyuan.party.queries import organizations as parties
from liaoyuan.planning.choices.words import LockKind
from liaoyuan.planning.models import PlanLock, Scenario
from liaoyuan.planning.queries import results
from liaoyuan.solvers.coverage.refusal import CONFLICT_TITLES, MESSAGES, UnusableInstance


def held(scenario: Scenario) -> list[PlanLock]:
    """The locks that hold."""
    return list(PlanLock.objects.filter(scenario=scenario, lifted_at__isnull=True).order_by("pk"))


def lines(scenario: Scenario) -> list[tuple[PlanLock, str]]:
    """(lock, names of the bodies) of the locks that hold."""
    rows = held(scenario)
    names = parties.body_names(key for row in rows for key in row.bodies)
    return [(row, "、".join(names.get(key, "") for key in row.bodies)) for row in rows]


def locked(scenario: Scenario, units: Iterable[int]) -> PlanLock | None:
    """The lock that keeps exactly these units together as a group."""
    wanted = sorted(units)
    rows = PlanLock.objects.filter(scenario=scenario, kind=LockKind.GROUP.value, lifted_at__isnull=True)
    return next((row for row in rows if sorted(row.bodies) == wanted), None)


def refusal_words(error: UnusableInstance) -> str:
    """Why the planner refuses locks, in the reader's language and with names in place of keys."""
    told = dict(error.args_of)
    if error.code == "conflict":
        told["detail"] = _(next((title for title in CONFLICT_TITLES.values() if title == told["detail"]), ""))
    sentence = _(MESSAGES[error.code]).format(**told)
    names = results.named_in([sentence])
    return re.sub(r"“(p?\d+)”", lambda found: f"“{names.get(found[1], found[1])}”", sentence)
