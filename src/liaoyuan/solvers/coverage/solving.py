"""The whole way from an instance to a plan: greedy, relaxation, bound, dive, improvement.

Deterministic: everything stops by counts, ties go by id, one thread. The same instance gives the same hash.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

from liaoyuan.solvers.coverage import greedy
from liaoyuan.solvers.coverage.blocks import ascend, mend, solve_blocks
from liaoyuan.solvers.coverage.plan import columns_of, compose
from liaoyuan.solvers.coverage.pool import Improver
from liaoyuan.solvers.coverage.pricing import Duals, Pricer, certify
from liaoyuan.solvers.coverage.problem import Column, Problem, build
from liaoyuan.solvers.coverage.records import Instance
from liaoyuan.solvers.coverage.relaxation import dive, relax

Teller = Callable[[str, list[Column], int | None], None]
#: More items than this are solved in blocks: the relaxation of the whole would take minutes.
LARGE: Final = 1600
_MENDINGS: Final = 15
_STEPS: Final = 60
_LIGHT: Final = 400
#: Beyond so many items pieces of more than `_FEW` groups gain less than they cost.
_MANY: Final = 800
_FEW: Final = 10


class Sweep(NamedTuple):
    """One sweep: pieces of so many groups and loose items, `share` pieces a group of the plan, `most` columns each."""

    groups: int
    loose: int
    share: float
    most: int


@dataclass(frozen=True)
class Effort:
    """How much is tried, in counts: rounds of column generation, sweeps, nodes of branch and bound a piece.

    Each sweep is repeated while it gains more than a share of 2 in 10,000, at most `repeats` times.
    """

    rounds: int = 200
    sweeps: tuple[Sweep, ...] = (
        Sweep(5, 8, 2.0, 400),
        Sweep(8, 10, 2.0, 400),
        Sweep(8, 10, 2.0, 800),
        Sweep(12, 12, 0.3, 1500),
        Sweep(18, 15, 0.15, 2000),
    )
    repeats: int = 2
    nodes: int = 60


@dataclass(frozen=True)
class Progress:
    """What is known so far: the stage, the cost of the best plan, the certified bound (None before there is one)."""

    stage: str
    cost: int
    bound: int | None


def solve(
    instance: Instance,
    *,
    effort: Effort | None = None,
    told: Callable[[Progress], None] | None = None,
    start: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """The plan of an instance as a JSON value, without `seconds`. `told` hears of each stage.

    From a plan to `start` with, groups go only where another grouping is found to be cheaper.
    """
    return solve_problem(build(instance), effort=effort, told=told, start=start)


def solve_problem(
    problem: Problem,
    *,
    effort: Effort | None = None,
    told: Callable[[Progress], None] | None = None,
    start: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """As `solve`, of arrays already made."""
    effort = effort or Effort()
    pricer = Pricer(problem)
    plan = first_plan(problem, pricer) if start is None else columns_of(problem, start)
    tell = _teller(problem, told)
    tell("greedy", plan, None)
    if problem.count > LARGE:
        return _solve_large(problem, pricer, plan, effort, tell, fresh=start is None)
    relaxed = relax(problem, pricer, plan, rounds=effort.rounds)
    bound = certify(problem, relaxed.duals, pricer)
    tell("bound", plan, bound)
    if start is None:
        plan = min(plan, dive(problem, pricer, relaxed), key=_cost)
        tell("dive", plan, bound)
    plan = improve(problem, pricer, relaxed.duals, plan, bound, effort, tell)
    return compose(problem, plan, bound)


def _solve_large(
    problem: Problem, pricer: Pricer, plan: list[Column], effort: Effort, tell: Teller, *, fresh: bool
) -> dict[str, Any]:
    """Blocks first, their prices mended across borders; then pieces of the whole plan."""
    duals, blocked = solve_blocks(problem, effort.rounds, lambda *_: tell("blocks", plan, None))
    plan = min(plan, blocked, key=_cost) if fresh else plan
    duals = mend(problem, pricer, duals, _MENDINGS)
    bound = certify(problem, duals, pricer)
    tell("bound", plan, bound)
    better = ascend(problem, pricer, duals, _STEPS)
    bound, duals = max((bound, 0, duals), (certify(problem, better, pricer), 1, better), key=lambda told: told[:2])[::2]
    tell("bound", plan, bound)
    improver = Improver(problem, pricer, duals, plan)
    loose = [c.items[0] for c in plan if c.seat < 0 and c.host < 0 and problem.members[c.items[0]]]
    improver.mend(loose, groups=8, loose=10, nodes=effort.nodes, most=800)
    tell("improve", improver.plan, bound)
    light = replace(effort, sweeps=tuple(sweep for sweep in effort.sweeps if sweep.most <= _LIGHT))
    return compose(problem, improve(problem, pricer, duals, improver.plan, bound, light, tell), bound)


def resolve(
    instance: Instance, earlier: dict[str, Any], *, told: Callable[[Progress], None] | None = None
) -> dict[str, Any]:
    """The plan of an instance that changed a little since `earlier`: only what the change touches is planned again.

    Groups that stay lawful stay, unless units that the change left over, or a group next to them, gain by it. The bound
    is made for the changed instance.
    """
    problem = build(instance)
    pricer = Pricer(problem)
    kept = columns_of(problem, earlier)
    tell = _teller(problem, told)
    tell("greedy", kept, None)
    relaxed = relax(problem, pricer, kept, rounds=Effort().rounds)
    bound = certify(problem, relaxed.duals, pricer)
    tell("bound", kept, bound)
    improver = Improver(problem, pricer, relaxed.duals, kept)
    improver.mend(_touched(problem, kept, earlier), groups=2, loose=5, nodes=60, most=400)
    tell("improve", improver.plan, bound)
    return compose(problem, improver.plan, bound)


def _touched(problem: Problem, kept: list[Column], earlier: dict[str, Any]) -> set[int]:
    """Items that stood in a group or at a host of the earlier plan and do so no longer, and those that locks name."""
    before = {one for group in earlier["groups"] for one in group["units"]} | {
        row["unit"] for row in earlier["attached"]
    }
    named = {one for lock in problem.instance.locks for one in lock.ids}
    alone = {c.items[0] for c in kept if c.seat < 0 and c.host < 0}
    home, number = problem.laid.home, problem.laid.number
    loose = {home[number[one]] for one in before & number.keys() if home[number[one]] in alone}
    return loose | {home[number[one]] for one in named & number.keys() if home[number[one]] in alone}


def first_plan(problem: Problem, pricer: Pricer) -> list[Column]:
    """The best of the three greedy plans."""
    plans = [greedy.by_ratio(problem, pricer), greedy.by_neighbours(problem), greedy.by_hand(problem)]
    return min(plans, key=_cost)


def improve(
    problem: Problem,
    pricer: Pricer,
    duals: Duals,
    plan: list[Column],
    bound: int,
    effort: Effort,
    tell: Teller,
) -> list[Column]:
    """The plan after all sweeps; stops when it meets the bound."""
    improver = Improver(problem, pricer, duals, plan)
    for sweep in effort.sweeps:
        if sweep.groups > _FEW and problem.count > _MANY:
            break
        for _ in range(effort.repeats):
            if improver.cost <= bound:
                return improver.plan
            pieces = max(1, round(sweep.share * sum(1 for c in improver.plan if c.seat >= 0)))
            gained = improver.sweep(sweep.groups, loose=sweep.loose, nodes=effort.nodes, pieces=pieces, most=sweep.most)
            tell("improve", improver.plan, bound)
            if gained * 5000 < improver.cost:
                break
    return improver.plan


def _cost(plan: list[Column]) -> int:
    return sum(column.cost for column in plan)


def _teller(problem: Problem, told: Callable[[Progress], None] | None) -> Teller:
    def tell(stage: str, plan: list[Column], bound: int | None) -> None:
        if told is not None:
            told(Progress(stage, _cost(plan) + problem.offset, None if bound is None else bound + problem.offset))

    return tell
