"""A large instance in blocks: each is relaxed by itself, their prices together bound the whole.

Prices of the blocks are prices of the whole (any prices give a proven bound); what they miss are groups across borders.
Blocks are cut at medians of x and y in turn (Bentley 1975, k-d trees).
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from liaoyuan.solvers.coverage.pricing import Duals, Pricer, lawful, no_duals
from liaoyuan.solvers.coverage.problem import Column, Floats, Problem
from liaoyuan.solvers.coverage.relaxation import dive, relax

#: A relaxation of more items than this is slower than its blocks.
MOST: Final = 400
#: How far above the best bound so far a subgradient step aims.
_AIM: Final = 1.01


def parts(points: Floats, items: Sequence[int], most: int, axis: int = 0) -> list[list[int]]:
    """Items in blocks of at most `most`, cut at medians; `points` (I x 2) in metres."""
    if len(items) <= most:
        return [sorted(items)]
    order = sorted(items, key=lambda i: (float(points[i, axis]), i))
    half = len(order) // 2
    return parts(points, order[:half], most, 1 - axis) + parts(points, order[half:], most, 1 - axis)


def block(problem: Problem, items: Sequence[int], hosts: Sequence[int]) -> Problem:
    """The problem of some items (ascending) and hosts alone; its items count from 0 in the given order."""
    chosen = np.array(items, dtype=np.int64)
    new = {old: n for n, old in enumerate(items)}
    rows = np.array([r for r, base in enumerate(problem.base.tolist()) if base in new], dtype=np.int64)
    laid = problem.laid
    kept = [(c, k) for c, k in zip(problem.special, problem.special_of, strict=True) if all(i in new for i in c.items)]
    attach = np.full((len(problem.hosts), len(items)), np.inf)
    attach[list(hosts)] = problem.attach[np.ix_(list(hosts), chosen)]
    return replace(
        problem,
        laid=replace(
            laid,
            items=tuple(laid.items[i] for i in items),
            groups=frozenset(new[i] for i in laid.groups if i in new),
            conflicts=tuple((new[a], new[b]) for a, b in laid.conflicts if a in new and b in new),
        ),
        size=problem.size[chosen],
        members=problem.members[chosen],
        penalty=problem.penalty[chosen],
        forced=problem.forced[chosen],
        classes=cut(problem.classes, items),
        bases=cut(problem.bases, rows.tolist()),
        seat=problem.seat[rows],
        label=problem.label[rows],
        base=np.array([new[int(b)] for b in problem.base[rows]], dtype=np.int64),
        fixed=problem.fixed[rows],
        cost=problem.cost[np.ix_(rows, chosen)],
        attach=attach,
        special=tuple(c._replace(items=tuple(new[i] for i in c.items)) for c, _ in kept),
        special_of=tuple(k for _, k in kept),
    )


def solve_blocks(
    problem: Problem, rounds: int, told: Callable[[int, int], None] | None = None
) -> tuple[Duals, list[Column]]:
    """Prices and a plan of the whole, block by block. `told(done, total)` hears of every block."""
    points = np.array([(u.x, u.y) for u in (problem.laid.units[item[0]] for item in problem.laid.items)]).reshape(-1, 2)
    blocks = parts(points, range(problem.count), MOST)
    centers = np.array([points[items].mean(axis=0) for items in blocks])
    duals = no_duals(problem)
    columns: list[Column] = []
    labels: set[int] = set()
    for number, items in enumerate(blocks):
        hosts = [h for h, host in enumerate(problem.hosts) if _nearest(centers, host.x, host.y) == number]
        part = block(problem, items, hosts)
        pricer = Pricer(part)
        relaxed = relax(part, pricer, [part.alone(i) for i in range(part.count)], rounds=rounds)
        duals.items[items] = relaxed.duals.items
        duals.slots[hosts], duals.room[hosts] = relaxed.duals.slots[hosts], relaxed.duals.room[hosts]
        np.minimum(duals.labels, relaxed.duals.labels, out=duals.labels)
        for column in dive(part, pricer, relaxed):
            whole = column._replace(items=tuple(items[i] for i in column.items))
            columns.append(_anew(problem, whole) if whole.label in labels else whole)
            labels |= {whole.label} - {-1}
        if told is not None:
            told(number + 1, len(blocks))
    return duals, columns


def _anew(problem: Problem, column: Column) -> Column:
    """The same group without its label, which another block has taken."""
    for special in problem.special:
        if (special.items, special.seat, special.label) == (column.items, column.seat, -1):
            return special
    row = int(np.flatnonzero((problem.seat == column.seat) & (problem.label < 0))[0])
    return problem.group(row, [i for i in column.items if i != problem.base[row]])


def mend(problem: Problem, pricer: Pricer, duals: Duals, rounds: int) -> Duals:
    """Prices lowered where groups across borders would gain: a unit that a border cut off is priced as if alone.

    The dearest item of each such group pays, the greatest gains first, so one lowering serves many groups.
    """
    prices = lawful(problem, duals)
    for _ in range(rounds):
        found, _ = pricer.columns(prices, each=1)
        items = prices.items.copy()
        paid = 0.0
        for column in sorted(found, key=lambda c: (pricer.reduced(c, prices), c.items)):
            chosen = list(column.items)
            label = float(prices.labels[column.label]) if column.label >= 0 else 0.0
            gain = float(items[chosen].sum()) + label - column.cost
            if gain > 0:
                items[chosen[int(items[chosen].argmax())]] -= gain
                paid += gain
        prices = lawful(problem, replace(prices, items=items))
        if paid < 1.0:
            break
    return prices


def ascend(problem: Problem, pricer: Pricer, duals: Duals, steps: int) -> Duals:
    """Better prices by subgradient steps, each towards a little more than the best so far (Held, Wolfe & Crowder 1974).

    Only prices of items move. Returns the best prices met.
    """
    best, best_value, prices, scale, idle = duals, float("-inf"), duals, 1.0, 0
    for _ in range(steps):
        prices = lawful(problem, prices)
        found, least = pricer.columns(prices, each=1)
        seats = np.zeros(problem.count)
        np.minimum.at(seats, problem.base, least)
        value = float(prices.items.sum() + seats.sum() + prices.labels.sum())
        value += sum(float(prices.slots[h]) * host.slots for h, host in enumerate(problem.hosts))
        value += sum(float(prices.room[h]) * host.member_room for h, host in enumerate(problem.hosts))
        if value > best_value:
            best, best_value, idle = prices, value, 0
        else:
            idle += 1
            if idle >= 8:
                scale, idle, prices = scale / 2, 0, best
                continue
        slope = np.ones(problem.count)
        done: dict[int, float] = {}
        for column in found:
            reduced = pricer.reduced(column, prices)
            done[column.seat] = min(reduced, done.get(column.seat, 0.0))
        for column in found:
            if pricer.reduced(column, prices) <= done.get(column.seat, 0.0):
                done[column.seat] = float("-inf")
                slope[list(column.items)] -= 1
        length = float((slope * slope).sum())
        if length == 0:
            break
        prices = replace(prices, items=prices.items + scale * (_AIM * best_value - value) / length * slope)
    return best


def _nearest(centers: Floats, x: float | None, y: float | None) -> int:
    if x is None or y is None:
        return 0
    return int(((centers - np.array([x, y])) ** 2).sum(axis=1).argmin())


def cut(runs: Sequence[tuple[int, int, slice]], kept: Sequence[int]) -> tuple[tuple[int, int, slice], ...]:
    """Stretches of a sorted selection (ascending numbers)."""
    found = []
    at = np.array(kept, dtype=np.int64)
    for units, members, part in runs:
        begin, end = (int(np.searchsorted(at, edge)) for edge in (part.start, part.stop))
        if end > begin:
            found.append((units, members, slice(begin, end)))
    return tuple(found)
