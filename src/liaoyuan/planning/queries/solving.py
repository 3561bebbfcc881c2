"""Asking the planner: an instance in, a plan out that the independent checker has passed. Nothing is stored here."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from liaoyuan.solvers.coverage import checker, instance
from liaoyuan.solvers.coverage.records import Instance

#: Told of each step: (stage, cost of the best plan, certified bound or None).
type Told = Callable[[str, int, int | None], None]


class CheckFailed(Exception):
    """The checker refused the planner's own plan; the message is what it said."""


def parsed(raw: Mapping[str, Any]) -> Instance:
    """The instance as the planner reads it. Raises UnusableInstance with a sentence, for contradicting locks, say."""
    return instance.parse(raw)


def core_of(raw: Mapping[str, Any], plan: Mapping[str, Any], told: Callable[[int, int], None]) -> dict[str, Any]:
    """What the stable core of a plan is: its `variants`, and of each seat the places of those that have `broken` the
    group. `told(done, total)` hears of each re-solve.
    """
    from liaoyuan.solvers.coverage import core

    found = core.stable_core(parsed(raw), dict(plan), told=told)
    return {
        "variants": [asdict(one) for one in found.variants],
        "broken": {one.seat: one.broken for one in found.groups},
    }


def plan_of(raw: Mapping[str, Any], *, earlier: Mapping[str, Any] | None = None, told: Told | None = None) -> Any:
    """The plan of an instance; with an `earlier` one only what changed is planned anew. Raises CheckFailed."""
    from liaoyuan.solvers.coverage import solving  # numpy and HiGHS are loaded by who plans, not by every process

    def tell(progress: solving.Progress) -> None:
        if told is not None:
            told(progress.stage, progress.cost, progress.bound)

    given = parsed(raw)
    found = solving.solve(given, told=tell) if earlier is None else solving.resolve(given, dict(earlier), told=tell)
    said = checker.verify(raw, found)
    if not said["ok"]:
        raise CheckFailed("；".join(one["message"] for one in said["violations"][:5]))
    return found
