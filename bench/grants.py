"""GR: pages of grants at 20,000 applications in one round: CPU and statements of each, every answer checked first."""

import json

from bench.ground import Ground, register
from bench.measure import Figure

_GOAL_PAGE, _GOAL_STATS = 3.0, 2.0


def measure(made: Ground, count: int, seed: int) -> list[Figure]:
    """All figures of grants."""
    where = register(made, 1572, seed).home
    laid = json.loads(where.inside("lay", count, seed, module="bench.grants_inside"))
    found = json.loads(where.inside("measure", laid["round"], count, module="bench.grants_inside"))
    return [_figure(f"{name}, {count:,} applications", told) for name, told in found.items()]


def _figure(what: str, told: dict[str, float]) -> Figure:
    """A statistic is set against one statement by hand, a page against the goal of a list."""
    cost, floor = told["cost"], told.get("floor")
    notes = [f"{told['statements']:.0f} statements"] if "statements" in told else []
    notes += [f"{told['memory']:.0f} MB more"] if "memory" in told else []
    goal, met = "", None
    if floor is not None:
        goal, met = f"≤ {_GOAL_STATS:g} × plain SQL", cost <= _GOAL_STATS * floor
    elif "statements" in told:
        goal, met = f"≤ {_GOAL_PAGE:g} ms", cost <= _GOAL_PAGE
    return Figure("GR", what, "right" if told["right"] else "wrong", cost, floor, "ms CPU", goal, met, notes)
