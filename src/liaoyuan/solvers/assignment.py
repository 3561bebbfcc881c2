"""Who looks after whom: instructors and reviewers, as a flow of least cost with convex loads.

Plain arrays, no names. A load that grows costs more with every step, so loads come out as even as the rest allows
(Ahuja, Magnanti & Orlin 1993, "Network flows", ch. 14: convex cost flows). The program is a network, its linear
relaxation is whole by itself; HiGHS solves it, the result is checked and added up from the arrays again.
"""

from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from liaoyuan.solvers.highs import quiet

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Assigned:
    """`pairs` (k x 2): job and helper, sorted. `short`: jobs that did not get all they need. `cost` without even loads.

    `optimal`: the program was solved to its end.
    """

    pairs: Ints
    short: Ints
    cost: int
    optimal: bool


def assign(cost: NDArray[np.integer], allowed: NDArray[np.bool_], need: int, most: int, *, even: int = 0) -> Assigned:
    """Give each job `need` different helpers, no helper more than `most` jobs, at the least cost.

    `cost` (jobs x helpers, whole, ≥ 0) and `allowed` of the same shape; `even` is what each further job of a helper
    costs more than the one before (0 = loads do not matter). As many needs are met as can be; then the cost is least.
    Raises ValueError for arrays that do not fit.
    """
    if cost.shape != allowed.shape or cost.ndim != 2 or need < 1 or most < 0 or (cost.size and cost.min() < 0):
        raise ValueError("cost and allowed must have one shape (jobs x helpers), costs, need and most be ≥ 0")
    jobs, helpers = cost.shape
    job, helper = np.nonzero(allowed)
    steps = most if even else 1
    width = 1 if even else most
    levels = np.arange(steps, dtype=np.float64) * even
    unmet = float((int(cost.max()) if cost.size else 0) + even * most + 1) * 4
    arcs = len(job)
    # columns: arcs (0..1), then per helper its steps (0..width), then per job what is not met (0..need)
    costs = np.concatenate([cost[job, helper].astype(np.float64), np.tile(levels, helpers), np.full(jobs, unmet)])
    upper = np.concatenate([np.ones(arcs), np.full(helpers * steps, float(width)), np.full(jobs, float(need))])
    first = arcs + helpers * steps
    starts = np.concatenate([np.arange(arcs) * 2, 2 * arcs + np.arange(helpers * steps), 2 * arcs + helpers * steps
                             + np.arange(jobs + 1)]).astype(np.int32)  # fmt: skip
    index = np.concatenate([np.stack([job, jobs + helper], axis=1).ravel(),
                            jobs + np.repeat(np.arange(helpers), steps), np.arange(jobs)]).astype(np.int32)  # fmt: skip
    value = np.concatenate([np.ones(2 * arcs), -np.ones(helpers * steps), np.ones(jobs)])
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = len(costs), jobs + helpers
    program.col_cost_, program.col_lower_, program.col_upper_ = costs, np.zeros(len(costs)), upper
    program.row_lower_ = np.concatenate([np.full(jobs, float(need)), np.full(helpers, -highspy.kHighsInf)])
    program.row_upper_ = np.concatenate([np.full(jobs, float(need)), np.zeros(helpers)])
    program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    program.a_matrix_.start_, program.a_matrix_.index_, program.a_matrix_.value_ = starts, index, value
    highs = quiet()
    highs.passModel(program)
    highs.run()
    optimal = highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
    values = np.array(highs.getSolution().col_value)
    chosen = np.flatnonzero(values[:arcs] > 0.5)
    pairs = np.stack([job[chosen], helper[chosen]], axis=1).astype(np.int64)
    met = np.bincount(pairs[:, 0], minlength=jobs)
    loads = np.bincount(pairs[:, 1], minlength=helpers)
    whole = bool((np.abs(values - np.rint(values)) < 1e-6).all())
    if loads.max(initial=0) > most or met.max(initial=0) > need or first + jobs != len(costs):
        raise AssertionError("a flow beyond its limits")
    total = int(cost[pairs[:, 0], pairs[:, 1]].sum())
    return Assigned(pairs, np.flatnonzero(met < need), total, optimal and whole)
