"""Which projects to grant: the most worth within a budget and within limits of groups of projects (a knapsack).

Martello & Toth 1990, "Knapsack problems". The bound is that of the program; feasibility and worth are added up from the
arrays again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from liaoyuan.solvers.highs import quiet

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Limit:
    """Of these projects together at most `amount` (in fen) and at most `count`; None = no limit of that kind."""

    projects: tuple[int, ...]
    amount: int | None = None
    count: int | None = None


@dataclass(frozen=True)
class Portfolio:
    """`chosen` projects ascending, their `worth` and `amount` (fen), an upper `bound` of the worth of any choice."""

    chosen: tuple[int, ...]
    worth: int
    amount: int
    bound: int


def choose(worth: Ints, amount: Ints, budget: int, limits: Sequence[Limit] = (), *, nodes: int = 2000) -> Portfolio:
    """The choice of most worth; `amount` and `budget` in fen, whole numbers ≥ 0. Stops after so many nodes.

    Raises ValueError for arrays that do not fit.
    """
    if (
        worth.shape != amount.shape
        or worth.ndim != 1
        or (worth.size and min(worth.min(), amount.min()) < 0)
        or budget < 0
    ):
        raise ValueError("worth and amount must have one shape, and nothing may be below 0")
    count = len(worth)
    rows: list[tuple[NDArray[np.float64], NDArray[np.int32], float]] = []
    everything = np.arange(count, dtype=np.int32)
    rows.append((amount.astype(np.float64), everything, float(budget)))
    for limit in limits:
        inside = np.array(sorted(limit.projects), dtype=np.int32)
        if limit.amount is not None:
            rows.append((amount[inside].astype(np.float64), inside, float(limit.amount)))
        if limit.count is not None:
            rows.append((np.ones(len(inside)), inside, float(limit.count)))
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = count, len(rows)
    program.col_cost_ = -worth.astype(np.float64)
    program.col_lower_, program.col_upper_ = np.zeros(count), np.ones(count)
    program.row_lower_ = np.full(len(rows), -highspy.kHighsInf)
    program.row_upper_ = np.array([most for *_, most in rows])
    program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    program.a_matrix_.start_ = np.concatenate([[0], np.cumsum([len(i) for _, i, _ in rows])]).astype(np.int32)
    program.a_matrix_.index_ = np.concatenate([i for _, i, _ in rows])
    program.a_matrix_.value_ = np.concatenate([v for v, *_ in rows])
    program.integrality_ = [highspy.HighsVarType.kInteger] * count
    highs = quiet()
    highs.setOptionValue("mip_max_nodes", nodes)
    highs.setOptionValue("mip_rel_gap", 1e-7)
    highs.passModel(program)
    highs.run()
    values = np.array(highs.getSolution().col_value)
    chosen = np.flatnonzero(values > 0.5)
    if not _lawful(chosen, amount, budget, limits):
        chosen = np.zeros(0, dtype=np.int64)
    bound = int(np.floor(-float(highs.getInfo().mip_dual_bound) + 1e-6))
    total = int(worth[chosen].sum())
    return Portfolio(tuple(chosen.tolist()), total, int(amount[chosen].sum()), max(bound, total))


def _lawful(chosen: NDArray[np.integer], amount: Ints, budget: int, limits: Sequence[Limit]) -> bool:
    inside = set(chosen.tolist())
    for limit in limits:
        there = [p for p in limit.projects if p in inside]
        if limit.amount is not None and int(amount[there].sum()) > limit.amount:
            return False
        if limit.count is not None and len(there) > limit.count:
            return False
    return int(amount[chosen].sum()) <= budget
