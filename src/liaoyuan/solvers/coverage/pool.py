"""All columns below a reduced cost, and the improvement of a plan piece by piece (large neighbourhood search).

At prices π that solve the relaxation every reduced cost is ≥ 0, so a piece of the plan can only be improved by columns
whose reduced cost is below what its present columns have together: a complete list of these makes the piece's program
exact (Baldacci, Christofides & Mingozzi 2008, "An exact algorithm for the vehicle routing problem based on the set
partitioning formulation"). Large neighbourhood search: Shaw 1998.
"""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from liaoyuan.solvers.coverage.master import Frame, choose
from liaoyuan.solvers.coverage.pricing import Duals, Pricer
from liaoyuan.solvers.coverage.problem import Column, Floats, Ints, Problem

_MOST: Final = 3000
_MOST_STATES: Final = 200_000
_SIDE: Final = 4096
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
    return _Search(problem, rows, order, duals, slack - own).run(slack, most)


class _Search:
    """All ways to fill the groups of some rows, one further item a round, cut by what is left of the slack.

    A *state* is a row with the items chosen so far, cheapest first; all states of a round are extended side by side.
    """

    def __init__(self, problem: Problem, rows: Ints, items: Ints, duals: Duals, rest: Floats) -> None:
        self.problem, self.rows, self.rest = problem, rows, rest
        reduced = np.asarray(problem.cost[np.ix_(rows, items)] - duals.items[items], dtype=np.float64)
        order = np.argsort(reduced, axis=1, kind="stable")
        self.values = np.take_along_axis(reduced, order, axis=1)
        self.items = items[order]
        self.sums = np.concatenate([np.zeros((len(rows), 1)), np.cumsum(np.minimum(self.values, 0.0), axis=1)], axis=1)
        self.foes = np.zeros((problem.count, problem.count), dtype=bool) if problem.laid.conflicts else None
        for one, other in problem.laid.conflicts:
            self.foes[one, other] = self.foes[other, one] = True  # type: ignore[index]

    def run(self, slack: float, most: int) -> list[tuple[float, Column]]:
        """The cheapest `most` groups with their reduced costs."""
        params, problem = self.problem.instance.params, self.problem
        row = np.arange(len(self.rows))
        base = problem.base[self.rows]
        state = _States(row, np.zeros_like(row), params.max_units - problem.size[base], problem.members[base],
                        self.rest, np.full((len(row), 0), -1, dtype=np.int64))  # fmt: skip
        kept: list[tuple[Floats, Ints, Ints]] = []
        while len(state.row):
            whole = (state.members >= params.min_members) & (state.rest >= 0)
            chosen = np.full((int(whole.sum()), params.max_units), -1, dtype=np.int64)
            chosen[:, : state.chosen.shape[1]] = state.chosen[whole]
            kept.append((slack - state.rest[whole], state.row[whole], chosen))
            state = self._extended(state)
        if not kept:
            return []
        cost, at, others = (np.concatenate(parts) for parts in zip(*kept, strict=True))
        first = np.lexsort((at, cost))[:most]
        return list(zip(cost[first].tolist(), _groups(problem, self.rows[at[first]], others[first]), strict=True))

    def _extended(self, state: "_States") -> "_States":
        """Every state with one item more, of those behind its last one."""
        open_ = state.left > 0
        parts = [self._some(state.part(n)) for n in np.array_split(np.flatnonzero(open_), open_.sum() // _SIDE + 1)]
        longer = _States(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))
        if len(longer.row) <= _MOST_STATES:
            return longer
        return longer.part(np.sort(np.argsort(-longer.rest, kind="stable")[:_MOST_STATES]))

    def _some(self, state: "_States") -> "_States":
        problem, count = self.problem, self.values.shape[1]
        at = np.arange(count)
        row = state.row[:, None]
        end = np.minimum(at[None, :] + state.left[:, None], count)
        values, items = self.values[state.row], self.items[state.row]
        reach = values + self.sums[row, end] - self.sums[state.row][:, 1:]
        fits = (at[None, :] >= state.begin[:, None]) & (reach <= state.rest[:, None])
        fits &= problem.size[items] <= state.left[:, None]
        fits &= problem.members[items] + state.members[:, None] <= problem.instance.params.max_members
        if self.foes is not None:
            for others in state.chosen.T:
                fits &= ~self.foes[items, others[:, None]]
        n, k = np.nonzero(fits)
        more = items[n, k]
        return _States(
            state.row[n], k + 1, state.left[n] - problem.size[more], state.members[n] + problem.members[more],
            state.rest[n] - values[n, k], np.concatenate([state.chosen[n], more[:, None]], axis=1),
        )  # fmt: skip


def _groups(problem: Problem, rows: Ints, others: Ints) -> list[Column]:
    """The columns of rows with further items (rows x most, -1 = none), as `Problem.group` makes them one by one."""
    arcs = np.where(others >= 0, problem.cost[rows[:, None], np.maximum(others, 0)], 0.0)
    cost = (problem.fixed[rows] + arcs.sum(axis=1)).astype(np.int64)
    items = np.sort(np.concatenate([others, problem.base[rows][:, None]], axis=1), axis=1).tolist()
    count = (others >= 0).sum(axis=1) + 1
    parts = zip(cost.tolist(), items, count.tolist(), problem.seat[rows].tolist(), problem.label[rows].tolist(),
                strict=True)  # fmt: skip
    return [Column(c, tuple(row[-n:]), seat, label) for c, row, n, seat, label in parts]


class _States(NamedTuple):
    """States side by side: row, where to go on, units and persons, what is left of the slack, items chosen."""

    row: Ints
    begin: Ints
    left: Ints
    members: Ints
    rest: Floats
    chosen: Ints

    def part(self, chosen: NDArray[np.integer]) -> "_States":
        """Some of the states."""
        return _States(*(column[chosen] for column in self))


class Improver:
    """Improves a plan piece by piece. Prices must be those of the relaxation: then each piece is solved exactly."""

    def __init__(self, problem: Problem, pricer: Pricer, duals: Duals, plan: Sequence[Column]) -> None:
        self.problem, self.pricer, self.duals = problem, pricer, duals
        self.frame = Frame(problem)
        self.upper = self.frame.upper()
        self.tried: set[tuple[int, frozenset[Column]]] = set()
        self.solved = 0
        self.reach = _FIRST_REACH
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
                known = most, frozenset(piece)
                if known not in self.tried:
                    self.tried.add(known)
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
        reach = min(slack, self.reach)
        while True:
            found = columns_below(self.problem, self.duals, items, reach, most)
            if reach >= slack or len(found) * 2 >= most:
                self.reach = max(_FIRST_REACH, reach / 2 if len(found) >= most else reach)
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
