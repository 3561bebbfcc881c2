"""The stable core: the groups of a plan that remain when a weight is halved or raised by half.

The weights are ours; what does not hang on them is shown first. Each weight goes down and up by itself, and the plan is
improved at the new weights from where it stands, so that a group goes only where another grouping is cheaper there.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from liaoyuan.solvers.coverage.records import Instance
from liaoyuan.solvers.coverage.solving import Effort, Sweep, solve
from liaoyuan.solvers.coverage.standing import Standing, plan_cost
from liaoyuan.solvers.coverage.weighing import WEIGHTS

#: Small pieces only: the plan is good already, what is asked is where it gives way.
LIGHT: Final = Effort(sweeps=(Sweep(8, 10, 2.0, 800),), repeats=2)


@dataclass(frozen=True, slots=True)
class Variant:
    """One weight changed: its name, the value it had and the value tried, cost and bound of the plan there."""

    weight: str
    was: float
    tried: float
    cost: int
    bound: int


@dataclass(frozen=True, slots=True)
class Kept:
    """A group of the plan: its seat and units, how many variants keep these units together and alone, which do not.

    `broken` holds numbers of `Core.variants`.
    """

    seat: str
    units: tuple[str, ...]
    times: int
    broken: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Core:
    """All variants and all groups of the plan, by seat."""

    variants: tuple[Variant, ...]
    groups: tuple[Kept, ...]

    @property
    def stable(self) -> tuple[Kept, ...]:
        """The groups that every variant keeps."""
        return tuple(group for group in self.groups if not group.broken)


def stable_core(
    instance: Instance,
    plan: dict[str, Any],
    *,
    effort: Effort = LIGHT,
    told: Callable[[int, int], None] | None = None,
) -> Core:
    """Which groups of a plan remain under ±50 % of every weight. `told(done, total)` hears of each variant.

    Weights that are 0 or that no part of the instance asks for are left out; where a weight that the plan does not pay
    is raised, the plan stays as good as it was and is not tried again. Deterministic as `solve` is.
    """
    tried = variants_of(instance)
    standing = Standing(instance, plan)
    variants: list[Variant] = []
    broken: dict[str, list[int]] = {row["seat"]: [] for row in plan["groups"]}
    for number, (weight, changed) in enumerate(tried):
        was, now = (float(getattr(one.params, weight)) for one in (instance, changed))
        unpaid = now > was and plan_cost(changed, standing) == plan["cost"]
        found = plan if unpaid else solve(changed, effort=effort, start=plan)
        there = {tuple(sorted(row["units"])) for row in found["groups"]}
        for row in plan["groups"]:
            if tuple(sorted(row["units"])) not in there:
                broken[row["seat"]].append(number)
        variants.append(Variant(weight, was, now, found["cost"], found["bound"]))
        if told is not None:
            told(number + 1, len(tried))
    groups = [
        Kept(
            row["seat"], tuple(sorted(row["units"])), len(tried) - len(broken[row["seat"]]), tuple(broken[row["seat"]])
        )
        for row in sorted(plan["groups"], key=lambda row: str(row["seat"]))
    ]
    return Core(tuple(variants), tuple(groups))


def variants_of(instance: Instance) -> list[tuple[str, Instance]]:
    """Each weight that matters, halved and raised by half; whole weights stay whole."""
    found = []
    for weight in WEIGHTS:
        value = getattr(instance.params, weight)
        if not value or not _matters(instance, weight):
            continue
        for share in (0.5, 1.5):
            tried = value * share if weight == "dist_factor" else round(value * share)
            found.append((weight, replace(instance, params=replace(instance.params, **{weight: tried}))))
    return found


def _matters(instance: Instance, weight: str) -> bool:
    playing = [row for row in instance.organizations if instance.in_play(row)]
    if weight in ("f_keep", "move"):
        return any(row.branch is not None for row in playing)
    if weight == "attach":
        return any(host.slots for host in instance.hosts)
    if weight == "p_none":
        return any(row.members == 0 for row in playing)
    return bool(playing)
