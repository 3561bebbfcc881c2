"""Exact pricing and the certified bound.

For given duals the best group of a seat is found exactly: items come in classes of equal (units, members), so a group
takes the k cheapest of each class, and all ways to choose the k are looked at (prefix sums; about 35 with units of 0,
1, 2 members). The bound is the Lagrangian one (Geoffrion 1974, "Lagrangean relaxation for integer programming"): a seat
stands in at most one group and a label in at most `most`, so
`LB = Σπ + Σμ·most + Σ q·λ + Σ r·ρ + Σ_items min(0, best reduced cost)`. Duals are rounded to multiples of 2^-10 first;
every sum of them and of whole costs is then exact in float64, and so is the bound.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from liaoyuan.solvers.coverage.problem import Column, Floats, Ints, Problem

_STEP: Final = 1024.0
_BLOCK: Final = 512


@dataclass(frozen=True)
class Duals:
    """Prices: `items` (I), `labels` (L) ≤ 0, `slots` and `room` (H) ≤ 0, in cost units."""

    items: Floats
    labels: Floats
    slots: Floats
    room: Floats

    def mixed(self, other: "Duals", share: float) -> "Duals":
        """`share` of these prices and the rest of the other ones (dual smoothing: Wentges 1997)."""
        return Duals(
            share * self.items + (1 - share) * other.items,
            share * self.labels + (1 - share) * other.labels,
            share * self.slots + (1 - share) * other.slots,
            share * self.room + (1 - share) * other.room,
        )


def no_duals(problem: Problem) -> Duals:
    """Prices of zero."""
    hosts = len(problem.hosts)
    return Duals(np.zeros(problem.count), np.zeros(len(problem.labels)), np.zeros(hosts), np.zeros(hosts))


def lawful(problem: Problem, duals: Duals) -> Duals:
    """The nearest prices of the right sign, on the grid of 2^-10, at which attaching or leaving out gains nothing."""
    labels, slots, room = (
        np.minimum(0.0, np.floor(d * _STEP) / _STEP) for d in (duals.labels, duals.slots, duals.room)
    )
    items = np.floor(duals.items * _STEP) / _STEP
    items = np.minimum(items, problem.penalty)
    for h in range(len(problem.hosts)):
        items = np.minimum(items, problem.attach[h] - slots[h] * problem.size - room[h] * problem.members)
    return Duals(items, labels, slots, room)


class Pricer:
    """Best groups at given prices. `near` > 0 looks at so many cheapest items of each class and row only."""

    def __init__(self, problem: Problem, near: int = 0) -> None:
        self.problem = problem
        self.near: list[Ints] | None = None
        if near:
            self.near = [self._nearest(part, near) for *_, part in problem.classes]
        self.combos = [self._combos(units, members) for units, members, _ in problem.bases]

    def _nearest(self, part: slice, near: int) -> Ints:
        costs = self.problem.cost[:, part]
        found = [
            np.argsort(costs[b : b + _BLOCK], axis=1, kind="stable")[:, :near] for b in range(0, len(costs), _BLOCK)
        ]
        return np.concatenate(found).astype(np.int64) if found else np.zeros((0, 0), dtype=np.int64)

    def _combos(self, units: int, members: int) -> Ints:
        """All ways to add items of each class to an own item of so many units and members (ways x classes)."""
        params, classes = self.problem.instance.params, self.problem.classes
        ways: list[list[int]] = [[]]
        for size, _, part in classes:
            longer = []
            for way in ways:
                used = units + sum(k * c[0] for k, c in zip(way, classes, strict=False))
                most = min((params.max_units - used) // size, part.stop - part.start)
                longer += [[*way, k] for k in range(most + 1)]
            ways = longer
        kept = []
        for way in ways:
            total = members + sum(k * c[1] for k, c in zip(way, classes, strict=True))
            if params.min_members <= total <= params.max_members:
                kept.append(way)
        return np.array(kept, dtype=np.int64).reshape(-1, len(classes))

    def _blocks(self) -> Iterator[tuple[slice, Ints]]:
        for (_, _, part), combos in zip(self.problem.bases, self.combos, strict=True):
            for begin in range(part.start, part.stop, _BLOCK):
                yield slice(begin, min(begin + _BLOCK, part.stop)), combos

    def _reduced(self, rows: Any, number: int, duals: Duals) -> Floats:
        part = self.problem.classes[number][2]
        if self.near is None:
            return np.asarray(self.problem.cost[rows, part] - duals.items[part], dtype=np.float64)
        chosen = self.near[number][rows]
        cost = np.take_along_axis(self.problem.cost[rows, part], chosen, axis=1)
        return np.asarray(cost - duals.items[part][chosen], dtype=np.float64)

    def _own(self, rows: slice, duals: Duals) -> Floats:
        """What a row costs by itself at these prices."""
        problem = self.problem
        names = problem.label[rows]
        label = np.where(names >= 0, np.append(duals.labels, 0.0)[names], 0.0)
        return problem.fixed[rows] - duals.items[problem.base[rows]] - label

    def _sums(self, rows: slice, combos: Ints, duals: Duals) -> Floats:
        """Reduced cost of each way to fill each row (rows x ways)."""
        total = np.repeat(self._own(rows, duals)[:, None], len(combos), axis=1)
        for number in range(len(self.problem.classes)):
            most = int(combos[:, number].max(initial=0))
            if most == 0:
                continue
            reduced = self._reduced(rows, number, duals)
            if most < reduced.shape[1]:
                reduced = np.partition(reduced, most - 1, axis=1)[:, :most]
            reduced.sort(axis=1)
            prefix = np.concatenate([np.zeros((len(reduced), 1)), np.cumsum(reduced, axis=1)], axis=1)
            short = most + 1 - prefix.shape[1]
            if short > 0:
                prefix = np.concatenate([prefix, np.full((len(prefix), short), np.inf)], axis=1)
            total += prefix[:, combos[:, number]]
        return total

    def best(self, duals: Duals) -> Floats:
        """The least reduced cost of each row (R); apart locks are overlooked, so it is never too high."""
        found = np.full(len(self.problem.seat), np.inf)
        for rows, combos in self._blocks():
            if len(combos):
                found[rows] = self._sums(rows, combos, duals).min(axis=1)
        return found

    def columns(self, duals: Duals, *, each: int, below: float = -1e-6) -> tuple[list[Column], Floats]:
        """Up to `each` columns a row with reduced cost below `below`, and the least reduced cost of each row."""
        found: list[Column] = []
        least = np.full(len(self.problem.seat), np.inf)
        for rows, combos in self._blocks():
            if not len(combos):
                continue
            total = self._sums(rows, combos, duals)
            least[rows] = total.min(axis=1)
            hot = np.flatnonzero(least[rows] < below)
            if not len(hot):
                continue
            ranked = np.argsort(total[hot], axis=1, kind="stable")[:, :each]
            picks = self._picks(rows.start + hot, int(combos.max(initial=0)), duals)
            for at, (row, ways) in enumerate(zip(hot, ranked, strict=True)):
                for way in ways:
                    if total[row, way] >= below:
                        break
                    items = [int(i) for c, k in enumerate(combos[way]) for i in picks[c][at, :k]]
                    found += self._allowed(rows.start + int(row), items, duals)
        for column in self.problem.special:
            if self.reduced(column, duals) < below:
                found.append(column)
        return found, least

    def _picks(self, rows: Ints, most: int, duals: Duals) -> list[Ints]:
        """The cheapest items of each class for some rows, cheapest first."""
        picks = []
        for number, (_, _, part) in enumerate(self.problem.classes):
            order = np.argsort(self._reduced(rows, number, duals), axis=1, kind="stable")[:, :most]
            if self.near is not None:
                order = np.take_along_axis(self.near[number][rows], order, axis=1)
            picks.append(order + part.start)
        return picks

    def _allowed(self, row: int, items: list[int], duals: Duals) -> list[Column]:
        """The column, or where apart locks forbid it the best ones without one or the other of each pair."""
        chosen = set(items)
        for one, other in self.problem.laid.conflicts:
            if one in chosen and other in chosen:
                return [c for out in (one, other) for c in self._without(row, {out}, duals, 0)]
        return [self.problem.group(row, items)]

    def _without(self, row: int, out: set[int], duals: Duals, depth: int) -> list[Column]:
        """The best lawful column of a row without some items, by branching on the pairs it would break."""
        best, items = best_of_row(self.problem, self.combos_of(row), row, duals, out)
        if not np.isfinite(best) or best >= 0:
            return []
        chosen = set(items)
        for one, other in self.problem.laid.conflicts:
            if one in chosen and other in chosen:
                if depth >= 6:
                    return []
                return [c for o in (one, other) for c in self._without(row, out | {o}, duals, depth + 1)]
        return [self.problem.group(row, items)]

    def combos_of(self, row: int) -> Ints:
        """The ways to fill the group of a row."""
        parts = zip(self.problem.bases, self.combos, strict=True)
        return next(combos for (*_, part), combos in parts if part.start <= row < part.stop)

    def reduced(self, column: Column, duals: Duals) -> float:
        """Reduced cost of a column."""
        value = column.cost - float(sum(duals.items[i] for i in column.items))
        if column.label >= 0:
            value -= float(duals.labels[column.label])
        if column.host >= 0:
            item = column.items[0]
            value -= float(duals.slots[column.host] * self.problem.size[item])
            value -= float(duals.room[column.host] * self.problem.members[item])
        return value


def best_of_row(problem: Problem, combos: Ints, row: int, duals: Duals, out: set[int]) -> tuple[float, list[int]]:
    """The least reduced cost of one row without the items `out`, and the items it takes besides its own."""
    label = float(duals.labels[problem.label[row]]) if problem.label[row] >= 0 else 0.0
    own = float(problem.fixed[row] - duals.items[problem.base[row]]) - label
    if not len(combos):
        return float("inf"), []
    total = np.full(len(combos), own)
    orders = []
    for number, (_, _, part) in enumerate(problem.classes):
        reduced = np.asarray(problem.cost[row, part] - duals.items[part], dtype=np.float64)
        reduced[[i - part.start for i in out if part.start <= i < part.stop]] = np.inf
        most = int(combos[:, number].max(initial=0))
        order = np.argsort(reduced, kind="stable")[:most]
        orders.append(order + part.start)
        total += np.concatenate([[0.0], np.cumsum(reduced[order])])[combos[:, number]]
    way = int(total.argmin())
    return float(total[way]), [int(i) for c, k in enumerate(combos[way]) for i in orders[c][:k]]


def certify(problem: Problem, duals: Duals, pricer: Pricer | None = None) -> int:
    """A proven lower bound on the cost while solving (penalties with `extra`, without `offset`), over the FULL matrix.

    Holds for any prices; never above the cost of any lawful plan. `pricer` must look at all items (`near` = 0).
    """
    right = lawful(problem, duals)
    full = pricer if pricer is not None and pricer.near is None else Pricer(problem)
    least = np.zeros(problem.count)
    np.minimum.at(least, problem.base, full.best(right))
    total = float(right.items.sum()) + float(least.sum()) + problem.most * float(right.labels.sum())
    for h, host in enumerate(problem.hosts):
        total += float(right.slots[h]) * host.slots + float(right.room[h]) * host.member_room
    kinds: dict[int, float] = {}
    for column, kind in zip(problem.special, problem.special_of, strict=True):
        kinds[kind] = min(kinds.get(kind, 0.0), full.reduced(column, right))
    return int(np.ceil(total + sum(kinds.values())))


def price_attachments(problem: Problem, duals: Duals, each: int, below: float = -1e-6) -> list[Column]:
    """The `each` best attachments of every host with reduced cost below `below`."""
    found: list[Column] = []
    for h in range(len(problem.hosts)):
        reduced = problem.attach[h] - duals.items - duals.slots[h] * problem.size - duals.room[h] * problem.members
        order = np.argsort(reduced, kind="stable")[:each]
        found += [problem.attachment(h, int(i)) for i in order if reduced[i] < below]
    return found
