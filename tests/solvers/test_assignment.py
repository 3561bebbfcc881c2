"""Assignments and portfolios against trying every choice, and what must hold at any size."""

from itertools import combinations, product

import numpy as np
import pytest

from liaoyuan.solvers.assignment import assign, others
from liaoyuan.solvers.portfolio import Limit, choose


def least(cost, allowed, most, even):
    """Most jobs met, then least cost with convex loads, of one helper a job, by trying all."""
    jobs, helpers = cost.shape
    best = (jobs + 1, 0)
    for given in product(range(-1, helpers), repeat=jobs):
        loads = [given.count(h) for h in range(helpers)]
        if any(h >= 0 and not allowed[j, h] for j, h in enumerate(given)) or max(loads) > most:
            continue
        price = sum(int(cost[j, h]) for j, h in enumerate(given) if h >= 0) + sum(
            even * n * (n - 1) // 2 for n in loads
        )
        best = min(best, (given.count(-1), price))
    return best


@pytest.mark.parametrize("seed", range(25))
def test_small_assignments_are_the_best_of_all(seed):
    draw = np.random.default_rng(seed)
    cost, allowed = draw.integers(0, 50, (5, 3)), draw.random((5, 3)) < 0.7
    even = int(draw.choice([0, 10]))
    found = assign(cost, allowed, 1, 2, even=even)
    loads = np.bincount(found.pairs[:, 1], minlength=3)
    assert found.optimal and all(allowed[j, h] for j, h in found.pairs)
    assert (len(found.short), found.cost + sum(even * n * (n - 1) // 2 for n in loads)) == least(cost, allowed, 2, even)


def test_loads_of_reviewers_are_even():
    draw = np.random.default_rng(7)
    cost, allowed = draw.integers(0, 100, (300, 30)), draw.random((300, 30)) < 0.4
    found = assign(cost, allowed, 3, 40, even=500)
    loads = np.bincount(found.pairs[:, 1], minlength=30)
    assert found.optimal and not len(found.short) and loads.max() - loads.min() <= 1
    assert len({tuple(pair) for pair in found.pairs}) == 900


def test_what_does_not_fit_is_told():
    with pytest.raises(ValueError, match="one shape"):
        assign(np.zeros((2, 2), dtype=np.int64), np.ones((2, 3), dtype=bool), 1, 1)
    with pytest.raises(ValueError, match="one shape"):
        choose(np.array([1]), np.array([1, 2]), 3)
    none = assign(np.zeros((0, 0), dtype=np.int64), np.zeros((0, 0), dtype=bool), 1, 1)
    assert none.optimal and none.cost == 0 and len(none.pairs) == 0


@pytest.mark.parametrize("seed", range(25))
def test_small_portfolios_are_the_best_of_all(seed):
    draw = np.random.default_rng(seed)
    worth, amount = draw.integers(1, 50, 9), draw.integers(1, 40, 9)
    limits = [Limit((0, 1, 2, 3), count=2), Limit((4, 5, 6), amount=45)]
    found = choose(worth, amount, 100, limits)
    best = 0
    for size in range(10):
        for chosen in combinations(range(9), size):
            inside = set(chosen)
            lawful = len(inside & {0, 1, 2, 3}) <= 2 and sum(int(amount[p]) for p in inside & {4, 5, 6}) <= 45
            if lawful and sum(int(amount[p]) for p in chosen) <= 100:
                best = max(best, sum(int(worth[p]) for p in chosen))
    assert found.worth == best == found.bound
    assert found.amount == sum(int(amount[p]) for p in found.chosen) <= 100


def ranked(cost, allowed, most, rank):
    """Fewest unmet jobs rank by rank, then least cost, by trying all."""
    jobs, helpers = cost.shape
    best = None
    for given in product(range(-1, helpers), repeat=jobs):
        if any(h >= 0 and not allowed[j, h] for j, h in enumerate(given)):
            continue
        if any(given.count(h) > most[h] for h in range(helpers)):
            continue
        left = tuple(sum(1 for j, h in enumerate(given) if h < 0 and rank[j] == r) for r in range(max(rank) + 1))
        price = sum(int(cost[j, h]) for j, h in enumerate(given) if h >= 0)
        best = min(best, (left, price)) if best is not None else (left, price)
    return best


@pytest.mark.parametrize("seed", [*range(40), 330, 1907, 1921])
def test_ranks_and_limits_of_each_helper_against_all_ways_and_what_a_pair_is_worth(seed):
    draw = np.random.default_rng(seed)
    cost, allowed = draw.integers(0, 50 if seed % 2 else 4, (6, 3)), draw.random((6, 3)) < 0.7
    most, rank = draw.integers(0, 3, 3), draw.integers(0, 2, 6)
    found = assign(cost, allowed, 1, most, rank=rank)
    left = tuple(int((rank[found.short] == r).sum()) for r in range(int(rank.max()) + 1))
    best = ranked(cost, allowed, most, rank)
    assert found.optimal and (left, found.cost) == best
    told = others(cost, allowed, most, rank, found.pairs)
    for job, helper in found.pairs:
        without = allowed.copy()
        without[job, helper] = False
        again = ranked(cost, without, most, rank)
        assert told.price[job] == (again[1] - best[1] if again[0] == best[0] else -1)
        assert told.helper[job] != helper


def test_a_long_chain_of_moves_is_made_for_one_more_need():
    """Job n may go to helper n for nothing and to n + 1 dearly, the last one only to helper 0: all move one on."""
    size = 40
    cost, allowed = np.full((size + 1, size + 1), 1000), np.zeros((size + 1, size + 1), dtype=bool)
    for place in range(size):
        allowed[place, place] = allowed[place, place + 1] = True
        cost[place, place] = 0
    allowed[size, 0] = True
    found = assign(cost, allowed, 1, 1)
    assert found.optimal and not len(found.short) and found.cost == 1000 * (size + 1)


def test_a_freed_place_draws_another_job_in():
    """Job 0 goes to helper 2 for 2 more; its place at helper 0 saves job 2 as much: the pair is worth nothing."""
    cost, most = np.array([[0, 3, 2], [3, 3, 1], [1, 3, 9]]), np.array([1, 2, 2])
    allowed, rank = np.array([[1, 1, 1], [1, 1, 1], [1, 1, 0]], dtype=bool), np.zeros(3, dtype=np.int64)
    found = assign(cost, allowed, 1, most, rank=rank)
    told = others(cost, allowed, most, rank, np.array([[0, 0], [1, 2], [2, 1]]))
    assert found.cost == 4 and (told.helper[0], told.price[0]) == (2, 0)


def test_a_place_given_up_may_go_to_a_job_whose_helper_takes_the_other():
    """Without (0, 1) the best is 0 with helper 0 and 1 with helper 1: 1607 instead of 1227, not 1607 more."""
    cost = np.array([[1607, 0, 9000], [9000, 0, 1227]])
    allowed, most, rank = cost < 9000, np.array([2, 1, 3]), np.zeros(2, dtype=np.int64)
    found = assign(cost, allowed, 1, most)
    assert found.pairs.tolist() == [[0, 1], [1, 2]]
    told = others(cost, allowed, most, rank, found.pairs)
    assert (told.helper.tolist(), told.price.tolist()) == ([0, 1], [380, 380])
