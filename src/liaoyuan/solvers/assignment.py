"""Who looks after whom: instructors and reviewers, as a flow of least cost with convex loads.

Plain arrays, no names. A load that grows costs more with every step, so loads come out as even as the rest allows
(Ahuja, Magnanti & Orlin 1993, "Network flows", ch. 14: convex cost flows). The program is a network, its linear
relaxation is whole by itself; HiGHS solves it, the result is checked and added up from the arrays again.

Where not every need can be met, those that can be form a matroid (ibid., ch. 12): as many as possible of the first
rank, then of the next, is also as many as possible at all. What stays unmet of each rank is then one more helper of
that size, and the cost is least among exactly these. What a pair is worth is a shortest path in the residual network of
the optimum (ibid., ch. 9).
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


def assign(
    cost: NDArray[np.integer], allowed: NDArray[np.bool_], need: int, most: int | Ints, *, even: int = 0,
    rank: Ints | None = None,
) -> Assigned:  # fmt: skip
    """Give each job `need` different helpers, no helper more than `most` jobs, at the least cost.

    `cost` (jobs x helpers, whole, ≥ 0) and `allowed` of the same shape; `most` is one number or one for each helper;
    `even` is what each further job of a helper costs more than the one before (0 = loads do not matter). As many needs
    are met as can be, those of jobs of a lower `rank` (jobs, whole, ≥ 0) first; then the cost is least.
    Raises ValueError for arrays that do not fit.
    """
    jobs = cost.shape[0]
    if cost.shape != allowed.shape or cost.ndim != 2 or need < 1 or (cost.size and cost.min() < 0):
        raise ValueError("cost and allowed must have one shape (jobs x helpers), costs and need be ≥ 0")
    limits = np.broadcast_to(np.asarray(most, dtype=np.int64), (cost.shape[1],))
    ranks = np.zeros(jobs, dtype=np.int64) if rank is None else np.asarray(rank, dtype=np.int64)
    if (limits.size and limits.min() < 0) or ranks.shape != (jobs,) or (jobs and ranks.min() < 0):
        raise ValueError("limits must be ≥ 0, one for all or one a helper; ranks ≥ 0, one a job")
    job, helper = np.nonzero(allowed)
    prices = cost[job, helper].astype(np.float64)
    dear = (float(prices.max(initial=0)) + even * float(limits.max(initial=0)) + 1) * 4
    told = _flow(job, helper, prices, need, limits, even, np.full(jobs, dear))
    if told.unmet.any():
        # dear enough for most cases, yet not for a long chain of moves: count first what can be met, then pay least
        first = _flow(job, helper, np.zeros_like(prices), need, limits, 0, (ranks.max() + 1.0 - ranks))
        spare = np.bincount(ranks, weights=first.unmet, minlength=int(ranks.max()) + 1).astype(np.int64)
        told = _flow(job, helper, prices, need, limits, even, np.zeros(jobs), (ranks, spare))
        told = _Flow(told.chosen, told.unmet, told.optimal and first.optimal)
    pairs = np.stack([job[told.chosen], helper[told.chosen]], axis=1).astype(np.int64)
    met = np.bincount(pairs[:, 0], minlength=jobs)
    loads = np.bincount(pairs[:, 1], minlength=len(limits))
    if (loads > limits).any() or met.max(initial=0) > need:
        raise AssertionError("a flow beyond its limits")
    total = int(cost[pairs[:, 0], pairs[:, 1]].sum())
    return Assigned(pairs, np.flatnonzero(met < need), total, told.optimal)


@dataclass(frozen=True)
class _Flow:
    """`chosen`: arcs that carry. `unmet`: how much of each job's need is not met. `optimal`: proven, and whole."""

    chosen: Ints
    unmet: Ints
    optimal: bool


def _flow(
    job: Ints, helper: Ints, prices: NDArray[np.float64], need: int, limits: Ints, even: int,
    unmet: NDArray[np.float64], held: tuple[Ints, Ints] | None = None,
) -> _Flow:  # fmt: skip
    """The network as a linear program. `held`: the rank of each job, and how much of each rank may stay unmet."""
    jobs, helpers, arcs = len(unmet), len(limits), len(job)
    steps = int(limits.max(initial=0)) if even else 1
    levels = np.arange(steps, dtype=np.float64) * even
    width = (np.arange(steps)[None, :] < limits[:, None]).astype(np.float64) if even else limits[:, None].astype(float)
    # columns: arcs (0..1), then per helper its steps, then per job what is not met (0..need)
    costs = np.concatenate([prices, np.tile(levels, helpers), unmet])
    upper = np.concatenate([np.ones(arcs), width.ravel(), np.full(jobs, float(need))])
    first, ends = arcs + helpers * steps, 2 if held is not None else 1
    starts = np.concatenate([np.arange(arcs) * 2, 2 * arcs + np.arange(helpers * steps), 2 * arcs + helpers * steps
                             + ends * np.arange(jobs + 1)]).astype(np.int32)  # fmt: skip
    left = np.arange(jobs)
    if held is not None:
        left = np.stack([left, jobs + helpers + held[0]], axis=1).ravel()
    index = np.concatenate([np.stack([job, jobs + helper], axis=1).ravel(),
                            jobs + np.repeat(np.arange(helpers), steps), left]).astype(np.int32)  # fmt: skip
    value = np.concatenate([np.ones(2 * arcs), -np.ones(helpers * steps), np.ones(len(left))])
    spare = held[1].astype(np.float64) if held is not None else np.zeros(0)
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = len(costs), jobs + helpers + len(spare)
    program.col_cost_, program.col_lower_, program.col_upper_ = costs, np.zeros(len(costs)), upper
    program.row_lower_ = np.concatenate([np.full(jobs, float(need)), np.full(helpers + len(spare), -highspy.kHighsInf)])
    program.row_upper_ = np.concatenate([np.full(jobs, float(need)), np.zeros(helpers), spare])
    program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    program.a_matrix_.start_, program.a_matrix_.index_, program.a_matrix_.value_ = starts, index, value
    highs = quiet()
    highs.passModel(program)
    highs.run()
    optimal = highs.getModelStatus() in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kModelEmpty)
    values = np.array(highs.getSolution().col_value)
    if len(values) != len(costs) or first + jobs != len(costs):
        raise AssertionError("a flow without a solution")
    whole = bool((np.abs(values - np.rint(values)) < 1e-6).all())
    return _Flow(np.flatnonzero(values[:arcs] > 0.5), np.rint(values[first:]).astype(np.int64), optimal and whole)


@dataclass(frozen=True)
class Others:
    """For each job that has a helper the best other one, and what the whole then costs more (≥ 0).

    `helper` is -1 where the job would best stay without any and another of its rank come in; `price` is -1 where no
    arrangement without the pair meets as many needs.
    """

    helper: Ints
    price: Ints


def others(cost: NDArray[np.integer], allowed: NDArray[np.bool_], most: int | Ints, rank: Ints, pairs: Ints) -> Others:
    """What forbidding each pair of an optimal assignment (`assign` with `need` 1 and `even` 0) would cost.

    Exact: the shortest way in the residual network, over helpers, one stand-in a rank for jobs without any, and the
    sink at which places are free: who has one may take a job, and anybody may leave one free.
    """
    jobs, helpers = cost.shape
    ranks = int(rank.max(initial=0)) + 1
    nodes, sink = helpers + ranks + 1, helpers + ranks
    far = np.int64(1) << 50
    at = helpers + np.asarray(rank, dtype=np.int64)
    at[pairs[:, 0]] = pairs[:, 1]
    wide = np.full((jobs, nodes), far, dtype=np.int64)
    wide[:, :helpers] = np.where(allowed, cost, far)
    wide[np.arange(jobs), helpers + np.asarray(rank, dtype=np.int64)] = 0
    own = wide[np.arange(jobs), at] if jobs else np.zeros(0, dtype=np.int64)
    way = np.full((nodes, nodes), far, dtype=np.int64)
    for node in range(nodes):
        here = np.flatnonzero(at == node)
        if len(here):
            way[node] = np.minimum((wide[here] - own[here, None]).min(axis=0), far)
        way[node, node] = 0
    limits = np.broadcast_to(np.asarray(most, dtype=np.int64), (helpers,))
    loads = np.bincount(pairs[:, 1], minlength=helpers)
    way[np.flatnonzero(loads < limits), sink] = 0
    way[sink, np.flatnonzero(loads > 0)] = 0
    for node in range(nodes):
        np.minimum(way, way[:, node, None] + way[None, node, :], out=way)
    helper, price = np.full(jobs, -1, dtype=np.int64), np.full(jobs, -1, dtype=np.int64)
    for job, now in pairs:
        told = wide[job] - own[job] + np.minimum(way[:, sink], way[:, now])
        told[now] = far
        best = int(told.argmin())
        if told[best] < far // 2:
            price[job], helper[job] = told[best], best if best < helpers else -1
    return Others(helper, price)
