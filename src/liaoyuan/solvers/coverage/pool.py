"""All columns below a reduced cost, and the improvement of a plan piece by piece (large neighbourhood search).

At prices π that solve the relaxation every reduced cost is ≥ 0, so a piece of the plan can only be improved by columns
whose reduced cost is below what its present columns have together: a complete list of these makes the piece's program
exact (Baldacci, Christofides & Mingozzi 2008, "An exact algorithm for the vehicle routing problem based on the set
partitioning formulation"). Large neighbourhood search: Shaw 1998.
"""

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from liaoyuan.solvers.coverage.master import Frame, choose
from liaoyuan.solvers.coverage.pricing import Duals, Pricer
from liaoyuan.solvers.coverage.problem import Column, Floats, Problem

_MOST: Final = 3000
_MOST_OF_ROW: Final = 20_000
_FIRST_REACH: Final = 250.0


def columns_below(
    problem: Problem, duals: Duals, items: Sequence[int], slack: float, most: int = _MOST
) -> list[tuple[float, Column]]:
    """Every group of these items alone with reduced cost ≤ `slack`, with it; the cheapest `most` of them."""
    inside = np.zeros(problem.count, dtype=bool)
    inside[list(items)] = True
    rows = np.flatnonzero(inside[problem.base])
    label = problem.label[rows]
    own = problem.fixed[rows] - duals.items[problem.base[rows]]
    own -= np.where(label >= 0, np.append(duals.labels, 0.0)[label], 0.0)
    order = np.array(sorted(items), dtype=np.int64)
    reduced = problem.cost[np.ix_(rows, order)] - duals.items[order]
    search = _Search(problem, slack)
    search.look(rows, order, np.asarray(reduced, dtype=np.float64), own)
    search.found.sort()
    return [(rc, problem.group(row, others)) for rc, row, others in search.found[:most]]


class _Search:
    """Depth first over the ways to fill the group of a row, cheapest items first, cut by what is left of the slack."""

    def __init__(self, problem: Problem, slack: float) -> None:
        self.problem, self.slack = problem, slack
        self.found: list[tuple[float, int, tuple[int, ...]]] = []
        self.foes: dict[int, set[int]] = {}
        for one, other in problem.laid.conflicts:
            self.foes.setdefault(one, set()).add(other)
            self.foes.setdefault(other, set()).add(one)
        self.least, self.crowd = problem.instance.params.min_members, problem.instance.params.max_members

    def look(self, rows: NDArray[np.int64], items: NDArray[np.int64], reduced: Floats, own: Floats) -> None:
        """Enter every group of these rows; `reduced` (rows x items) and `own` (rows) are reduced costs."""
        problem = self.problem
        order = np.argsort(reduced, axis=1, kind="stable")
        values = np.take_along_axis(reduced, order, axis=1)
        sums = np.concatenate([np.zeros((len(rows), 1)), np.cumsum(np.minimum(values, 0.0), axis=1)], axis=1)
        names = items[order]
        lists = zip(values.tolist(), names.tolist(), problem.size[names].tolist(), problem.members[names].tolist(),
                    sums.tolist(), rows.tolist(), strict=True)  # fmt: skip
        for at, (self.values, self.items, self.sizes, self.members, self.sums, self.row) in enumerate(lists):
            base = int(problem.base[self.row])
            self.end = len(self.found) + _MOST_OF_ROW
            left = problem.instance.params.max_units - int(problem.size[base])
            self._deeper(0, left, int(problem.members[base]), self.slack - float(own[at]), ())

    def _deeper(self, begin: int, left: int, members: int, rest: float, chosen: tuple[int, ...]) -> None:
        if members >= self.least and rest >= 0:
            self.found.append((self.slack - rest, self.row, chosen))
        if left == 0 or len(self.found) >= self.end:
            return
        values, sums, count = self.values, self.sums, len(self.values)
        for at in range(begin, count):
            value = values[at]
            if value + sums[min(at + left, count)] - sums[at + 1] > rest:
                break
            size, persons, item = self.sizes[at], self.members[at], self.items[at]
            if size > left or members + persons > self.crowd:
                continue
            if self.foes and self.foes.get(item, set()) & set(chosen):
                continue
            self._deeper(at + 1, left - size, members + persons, rest - value, (*chosen, item))


class Improver:
    """Improves a plan piece by piece. Prices must be those of the relaxation: then each piece is solved exactly."""

    def __init__(self, problem: Problem, pricer: Pricer, duals: Duals, plan: Sequence[Column]) -> None:
        self.problem, self.pricer, self.duals = problem, pricer, duals
        self.frame = Frame(problem)
        self.upper = self.frame.upper()
        self.tried: set[frozenset[Column]] = set()
        self.solved = 0
        points = [problem.laid.units[item[0]] for item in problem.laid.items]
        self.points = np.array([(u.x, u.y) for u in points], dtype=np.float64).reshape(-1, 2)
        self._places: dict[Column, tuple[float, float]] = {}
        self._take(plan)

    def _take(self, plan: Sequence[Column]) -> None:
        """Make this the plan."""
        self.plan = sorted(plan, key=lambda c: c.items)
        self.inside = set(self.plan)
        self._where = np.array([self._place(c) for c in self.plan]).reshape(-1, 2)
        self._load = dict.fromkeys(range(self.frame.count), 0.0)
        for column in self.plan:
            for row, value in self.frame.entries(column).items():
                self._load[row] += value

    @property
    def cost(self) -> int:
        """What the plan costs while solving."""
        return sum(column.cost for column in self.plan)

    def sweep(self, groups: int, *, loose: int, nodes: int, pieces: int, most: int = _MOST) -> int:
        """Re-solve up to `pieces` pieces of `groups` neighbouring groups with up to `loose` single items near them.

        Begins where the reduced costs are highest. Returns what was gained.
        """
        before = self.cost
        seeds = [
            c for c in sorted(self.plan, key=lambda c: (-self.pricer.reduced(c, self.duals), c.items)) if c.seat >= 0
        ]
        for seed in seeds:
            if pieces <= 0:
                break
            if seed in self.inside:
                piece = self._piece(seed, groups, loose)
                if frozenset(piece) not in self.tried:
                    self.tried.add(frozenset(piece))
                    pieces -= self._solve(piece, nodes, most)
        return before - self.cost

    def mend(self, items: Iterable[int], *, groups: int, loose: int, nodes: int, most: int) -> None:
        """Re-solve the pieces around some items, each once, in the order of the items."""
        for item in sorted(items):
            seed = next(c for c in self.plan if item in c.items)
            if seed.seat < 0 and seed.host < 0:
                self._solve(self._piece(seed, groups, loose), nodes, most)

    def _place(self, column: Column) -> tuple[float, float]:
        found = self._places.get(column)
        if found is None:
            x, y = self.points[list(column.items)].mean(axis=0).tolist()
            found = self._places[column] = (x, y)
        return found

    def _piece(self, seed: Column, groups: int, loose: int) -> list[Column]:
        """The groups nearest to one of them, and the single items nearest to it."""
        away = self._where - np.array(self._place(seed))
        ranked = [self.plan[n] for n in np.argsort((away * away).sum(axis=1), kind="stable")[: 40 * groups].tolist()]
        whole = [c for c in ranked if c.seat >= 0][:groups]
        single = [c for c in ranked if c.seat < 0]
        eager = [c for c in single if c is seed or self.pricer.reduced(c, self.duals) > 0.5]
        eager.sort(key=lambda c: c is not seed)
        return [*whole, *(eager + [c for c in single if c not in eager])[:loose]]

    def _solve(self, piece: list[Column], nodes: int, most: int) -> int:
        """Re-solve one piece; 1 where a program had to be solved, 0 where nothing could be gained."""
        problem, duals = self.problem, self.duals
        inside = set(piece)
        used: dict[int, float] = {}
        for column in piece:
            for row, value in self.frame.entries(column).items():
                used[row] = used.get(row, 0.0) + value
        items = [i for column in piece for i in column.items]
        slack = sum(self.pricer.reduced(column, duals) for column in piece) + self._idle() - 1.0
        if slack < 0:
            return 0
        found, slack = self._near_enough(items, slack, most)
        chosen = set(items)
        pool = set(found) | {problem.alone(i) for i in items} | inside
        pool |= {c for c in problem.special if chosen.issuperset(c.items)}
        for h in range(len(problem.hosts)):
            reduced = problem.attach[h] - duals.items - duals.slots[h] * problem.size - duals.room[h] * problem.members
            pool |= {problem.attachment(h, i) for i in items if reduced[i] <= slack}
        columns = [c for c in sorted(pool) if c in inside or self.pricer.reduced(c, duals) <= slack]
        columns = _cheapest(columns)
        touched = {r for c in columns for r in self.frame.entries(c)}
        rows = {r: self.upper[r] - self._load[r] + used.get(r, 0.0) for r in sorted(touched)}
        columns = [c for c in columns if all(rows[r] >= v for r, v in self.frame.entries(c).items())]
        better = choose(self.frame, columns, rows, piece, nodes)
        self.solved += 1
        if sum(c.cost for c in better) < sum(c.cost for c in piece):
            self._take([*(c for c in self.plan if c not in inside), *better])
        return 1

    def _near_enough(self, items: Sequence[int], slack: float, most: int) -> tuple[list[Column], float]:
        """Columns up to the slack, or as far below it as gives enough of them, and how far that is."""
        reach = min(slack, _FIRST_REACH)
        while True:
            found = columns_below(self.problem, self.duals, items, reach, most)
            if reach >= slack or len(found) * 2 >= most:
                return [c for _, c in found], reach
            reach = min(slack, reach * 2)

    def _idle(self) -> float:
        """What the prices of labels and hosts promise for capacity that the plan does not use."""
        prices = np.concatenate([self.duals.labels, self.duals.slots, self.duals.room]).tolist()
        first = self.frame.labels
        return sum(-p * (self.upper[first + n] - self._load[first + n]) for n, p in enumerate(prices) if p < 0)


def _cheapest(columns: Sequence[Column]) -> list[Column]:
    """Of columns with the same items and label only the cheapest."""
    best: dict[tuple[tuple[int, ...], int, int, bool], Column] = {}
    for column in columns:
        key = (column.items, column.label, column.host, column.seat >= 0)
        if key not in best or column.cost < best[key].cost:
            best[key] = column
    return sorted(best.values())
