"""The p-median problem, with or without capacities, on the engine of the coverage planner: a check against others.

Units go to at most p medians, each its own unit first; a median holds demand up to its capacity. Master, column
generation and certified bound are the planner's; only the best group of a seat is found by a knapsack (dynamic
programming over capacity) instead of the k cheapest of each class. Then every arc that a plan within some reach of
the bound could use is laid out, and HiGHS solves that program; a plan within the reach is the best of all.

Lorena & Senne 2004, "A column generation approach to capacitated p-median problems"; Beasley 1985, "A note on solving
large p-median problems".
"""

from dataclasses import dataclass
from typing import Any, Final

import highspy
import numpy as np
from numpy.typing import NDArray

from liaoyuan.solvers.coverage.items import Items
from liaoyuan.solvers.coverage.pricing import Duals, Pricer, certify, lawful
from liaoyuan.solvers.coverage.problem import Column, Floats, Ints, Problem
from liaoyuan.solvers.coverage.records import Instance, Params
from liaoyuan.solvers.coverage.relaxation import relax
from liaoyuan.solvers.highs import quiet

#: How far above the bound plans are looked for, in thousandths: as soon as one is found it is the best.
_REACHES: Final = (2, 4, 8, 16, 32, 64, 128, 256)


@dataclass(frozen=True)
class Medians:
    """`at` (n): the median of each unit. `cost` is added up from the arcs, `bound` is certified by the prices."""

    at: Ints
    cost: int
    bound: int

    @property
    def medians(self) -> list[int]:
        """The units that are medians, ascending."""
        return sorted(set(self.at.tolist()))


def solve(
    cost: Ints, p: int, demand: Ints | None = None, capacity: Ints | None = None, *, rounds: int = 400
) -> Medians | None:
    """The cheapest plan with at most `p` medians, or None where none is lawful.

    `cost` (n x n, whole, ≥ 0): of unit (column) at median (row), 0 on the diagonal. `demand` and `capacity` (n, whole);
    both None = no capacities. Raises ValueError for arrays that do not fit.
    """
    count = len(cost)
    sized = demand is not None and capacity is not None
    weight = demand if demand is not None else np.zeros(count, dtype=np.int64)
    holds = capacity if capacity is not None else np.zeros(count, dtype=np.int64)
    if cost.shape != (count, count) or weight.shape != (count,) or holds.shape != (count,) or p < 1:
        raise ValueError("cost must be square, demand and capacity of its length, p at least 1")
    if (demand is None) != (capacity is None) or (count and min(cost.min(), weight.min(), holds.min()) < 0):
        raise ValueError("demand and capacity go together, nothing may be below 0")
    if np.diagonal(cost).any():
        raise ValueError("a median costs nothing at itself")
    problem = _problem(cost, p)
    pricer = _Knapsacks(problem, weight, holds)
    relaxed = relax(problem, pricer, [problem.alone(i) for i in range(count)], rounds=rounds)
    duals = lawful(problem, relaxed.duals)
    bound = certify(problem, duals, pricer)
    forced = pricer.forced(duals)
    own = np.diagonal(forced)
    floor = bound - np.minimum(0.0, own)[:, None] + forced
    for limit in [*(bound + (bound * reach) // 1000 + 1 for reach in _REACHES), None]:
        at = _within(floor, limit, cost, p, weight, holds if sized else None)
        if at is not None:
            break
    else:
        return None
    total = _cost(cost, at)
    if limit is not None and total > limit:
        better = _within(floor, total - 1, cost, p, weight, holds if sized else None)
        at = at if better is None or _cost(cost, better) > total else better
    total = _cost(cost, at)
    return Medians(at, total, min(bound, total))


def _within(floor: Floats, limit: int | None, cost: Ints, p: int, demand: Ints, capacity: Ints | None) -> Ints | None:
    """The cheapest plan over all arcs that a plan of cost up to `limit` can have (None: over all lawful arcs)."""
    arcs = np.argwhere(np.isfinite(floor) if limit is None else floor <= limit)
    return _program(cost, arcs, p, demand, capacity)


def _cost(cost: Ints, at: Ints) -> int:
    return int(cost[at, np.arange(len(at))].sum())


def _problem(cost: Ints, p: int) -> Problem:
    """The arrays of the planner: every unit is an item and a seat, one label stands for the p medians."""
    count = len(cost)
    numbers = np.arange(count, dtype=np.int64)
    arcs = cost.astype(np.float64)
    arcs[numbers, numbers] = np.inf
    dear = float(int(cost.max(initial=0)) + 1)
    names = tuple((i,) for i in range(count))
    nothing: frozenset[int] = frozenset()
    return Problem(
        instance=Instance(Params(), (), (), (), ()),
        laid=Items((), names, nothing, nothing, nothing, (), {}, {}, {}),
        hosts=(),
        labels=("median",),
        size=np.ones(count, dtype=np.int64),
        members=np.zeros(count, dtype=np.int64),
        penalty=np.full(count, dear),
        forced=np.ones(count, dtype=bool),
        classes=(),
        bases=(),
        seat=numbers,
        label=np.zeros(count, dtype=np.int64),
        base=numbers,
        fixed=np.zeros(count),
        cost=arcs,
        attach=np.zeros((0, count)),
        special=(),
        special_of=(),
        offset=0,
        extra=0,
        most=p,
    )


class _Knapsacks(Pricer):
    """The best group of every median at given prices, exactly: a knapsack each, all of them side by side."""

    def __init__(self, problem: Problem, demand: Ints, capacity: Ints) -> None:
        super().__init__(problem)
        self.demand = demand
        self.left = capacity - demand
        self.most = max(0, int(self.left.max(initial=0)))

    def _tables(self, duals: Duals, *, keep: bool) -> tuple[Floats, list[tuple[int, NDArray[np.bool_]]]]:
        """Least reduced cost of others beside the median by what they may demand (n x most + 1); who was taken."""
        reduced = self.problem.cost - duals.items
        table = np.zeros((len(reduced), self.most + 1))
        taken: list[tuple[int, NDArray[np.bool_]]] = []
        for item in np.flatnonzero((reduced < 0).any(axis=0)).tolist():
            need = int(self.demand[item])
            if need > self.most:
                continue
            with_it = table[:, : self.most + 1 - need] + np.minimum(reduced[:, item], 0.0)[:, None]
            better = with_it < table[:, need:]
            if keep:
                taken.append((item, better))
            table[:, need:] = np.where(better, with_it, table[:, need:])
        return table, taken

    def _whole(self, table: Floats, duals: Duals) -> Floats:
        rows = np.arange(len(table))
        value = table[rows, np.maximum(self.left, 0)] - duals.items - duals.labels[0]
        return np.where(self.left >= 0, value, np.inf)

    def best(self, duals: Duals) -> Floats:
        """The least reduced cost of each median."""
        return self._whole(self._tables(duals, keep=False)[0], duals)

    def columns(self, duals: Duals, *, each: int, below: float = -1e-6) -> tuple[list[Column], Floats]:
        """The best group of each median with reduced cost below `below`; `each` is one here."""
        table, taken = self._tables(duals, keep=True)
        least = self._whole(table, duals)
        found = []
        for row in np.flatnonzero(least < below).tolist():
            room, others = int(self.left[row]), []
            for item, better in reversed(taken):
                need = int(self.demand[item])
                if room >= need and better[row, room - need]:
                    others.append(item)
                    room -= need
            found.append(self.problem.group(row, others))
        return found, least

    def forced(self, duals: Duals) -> Floats:
        """A floor under the reduced cost of any group of a median (row) with a unit (column); `inf` = there is none.

        The unit is taken first, the best of all others (itself again, if that is best) fill what is left.
        """
        table, _ = self._tables(duals, keep=False)
        reduced = self.problem.cost - duals.items
        np.fill_diagonal(reduced, 0.0)
        room = self.left[:, None] - self.demand[None, :]
        np.fill_diagonal(room, self.left)
        value = np.take_along_axis(table, np.maximum(room, 0), axis=1) + reduced
        value += (-duals.items - duals.labels[0])[:, None]
        return np.where(room >= 0, value, np.inf)


def _program(cost: Ints, arcs: Ints, p: int, demand: Ints, capacity: Ints | None) -> Ints | None:
    """The median of each unit in the cheapest plan over some arcs (median, unit); None where they allow none."""
    count = len(cost)
    loops = {int(j): n for n, (j, i) in enumerate(arcs.tolist()) if i == j}
    kept = [(j, i) for j, i in arcs.tolist() if j in loops]
    if {i for _, i in kept} != set(range(count)):
        return None
    column = {arc: n for n, arc in enumerate(kept)}
    rows: list[tuple[list[int], list[float], float, float]] = []
    inf = highspy.kHighsInf
    by_unit: dict[int, list[int]] = {}
    by_median: dict[int, list[int]] = {}
    for (j, i), n in column.items():
        by_unit.setdefault(i, []).append(n)
        by_median.setdefault(j, []).append(n)
    rows += [(ns, [1.0] * len(ns), 1.0, 1.0) for _, ns in sorted(by_unit.items())]
    rows.append(([column[j, j] for j in sorted(by_median)], [1.0] * len(by_median), -inf, float(p)))
    for j, ns in sorted(by_median.items()):
        loop = column[j, j]
        others = [n for n in ns if n != loop]
        rows += [([n, loop], [1.0, -1.0], -inf, 0.0) for n in others]
        if capacity is not None and others:
            weights = [float(demand[kept[n][1]]) for n in others]
            rows.append(([*others, loop], [*weights, float(demand[j] - capacity[j])], -inf, 0.0))
    values = _solved([float(cost[arc]) for arc in kept], rows)
    if values is None:
        return None
    at = np.full(count, -1, dtype=np.int64)
    for (j, i), value in zip(kept, values, strict=True):
        if value > 0.5:
            at[i] = j
    return at if _lawful(at, p, demand, capacity) else None


def _solved(costs: list[float], rows: list[tuple[list[int], list[float], float, float]]) -> list[float] | None:
    """Values of a program of 0s and 1s solved to its end, or None where it has no solution."""
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = len(costs), len(rows)
    program.col_cost_, program.col_lower_, program.col_upper_ = costs, np.zeros(len(costs)), np.ones(len(costs))
    program.row_lower_, program.row_upper_ = [row[2] for row in rows], [row[3] for row in rows]
    program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    program.a_matrix_.start_ = np.concatenate([[0], np.cumsum([len(row[0]) for row in rows])]).astype(np.int32)
    program.a_matrix_.index_ = np.array([n for row in rows for n in row[0]], dtype=np.int32)
    program.a_matrix_.value_ = np.array([v for row in rows for v in row[1]], dtype=np.float64)
    program.integrality_ = [highspy.HighsVarType.kInteger] * len(costs)
    highs: Any = quiet()
    highs.setOptionValue("mip_rel_gap", 0.0)
    highs.setOptionValue("mip_abs_gap", 0.9)
    highs.passModel(program)
    highs.run()
    if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    return list(highs.getSolution().col_value)


def _lawful(at: Ints, p: int, demand: Ints, capacity: Ints | None) -> bool:
    """Whether every unit has a median that is its own, at most p of them, none beyond its capacity."""
    medians = sorted(set(at.tolist()))
    if medians and medians[0] < 0:
        return False
    full = capacity is not None and bool((np.bincount(at, demand, len(at)) > capacity)[medians].any())
    return len(medians) <= p and all(at[j] == j for j in medians) and not full
