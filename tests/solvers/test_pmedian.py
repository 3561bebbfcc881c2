"""The p-median problem against trying every plan, and against optima that others have published."""

from itertools import combinations, product

import numpy as np
import pytest
from bench import pmedian_ground as ground

from liaoyuan.solvers import pmedian


def least(cost, p, demand, capacity):
    """The least cost of all plans, None where there is none."""
    units = range(len(cost))
    found = []
    for count in range(1, p + 1):
        for medians in combinations(units, count):
            for at in product(medians, repeat=len(cost)):
                load = [sum(int(demand[i]) for i in units if at[i] == j) for j in medians]
                held = all(one <= capacity[j] for one, j in zip(load, medians, strict=True))
                if held and all(at[j] == j for j in medians):
                    found.append(sum(int(cost[at[i], i]) for i in units))
    return min(found, default=None)


def drawn(seed, count):
    draw = np.random.default_rng(seed)
    points = draw.integers(0, 100, (count, 2))
    cost = np.abs(points[:, None] - points[None]).sum(axis=2)
    return cost.astype(np.int64), draw.integers(1, 9, count), draw.integers(8, 20, count)


@pytest.mark.parametrize("seed", range(12))
def test_small_ones_are_solved_as_by_trying_every_plan(seed):
    cost, demand, capacity = drawn(seed, 6)
    best = least(cost, 2, demand, capacity)
    found = pmedian.solve(cost, 2, demand, capacity)
    assert (None if found is None else found.cost) == best
    if found is not None:
        assert found.bound <= best and len(found.medians) <= 2
    free = pmedian.solve(cost, 2)
    assert free.cost == least(cost, 2, np.zeros(6), np.zeros(6)) and free.bound <= free.cost


def test_without_capacities_every_unit_goes_to_the_nearest_median():
    cost, *_ = drawn(5, 30)
    found = pmedian.solve(cost, 3)
    nearest = cost[found.medians].min(axis=0)
    assert found.cost == nearest.sum() == min(cost[list(way)].min(axis=0).sum() for way in combinations(range(30), 3))


def test_what_does_not_fit_is_told():
    square = np.ones((3, 3), dtype=np.int64)
    with pytest.raises(ValueError, match="nothing at itself"):
        pmedian.solve(square, 1)
    with pytest.raises(ValueError, match="square"):
        pmedian.solve(square[:2], 1)
    with pytest.raises(ValueError, match="go together"):
        pmedian.solve(square - np.eye(3, dtype=np.int64), 1, demand=np.ones(3, dtype=np.int64))


@pytest.mark.parametrize("name", ["2", "4", "6"])
def test_published_optima_are_met(name):
    place = ground.folder()
    if place is None:
        pytest.skip("LIAOYUAN_TEST_DATA names no folder with planner/orlib")
    given = ground.read(place, name)
    found = pmedian.solve(given.cost, given.p, given.demand, given.capacity)
    assert given.length(found.at) == given.optimum and found.bound <= found.cost
    assert (np.bincount(found.at, given.demand, len(given.cost)) <= given.capacity).all()
