"""The master problem in HiGHS: each item once, each label once, capacities of hosts.

The linear program keeps its basis while columns come in (primal simplex goes on from it). One thread, fixed seed, no
clock: the same calls give the same answers. HiGHS: Huangfu & Hall 2018, "Parallelizing the dual revised simplex
method".
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import highspy
import numpy as np

from liaoyuan.solvers.coverage.pricing import Duals
from liaoyuan.solvers.coverage.problem import Column, Problem
from liaoyuan.solvers.highs import quiet

_INF = highspy.kHighsInf


class Frame:
    """The rows of a master: which they are and which of them a column enters."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.labels = problem.count
        self.slots = self.labels + len(problem.labels)
        self.room = self.slots + len(problem.hosts)
        self.apart = self.room + len(problem.hosts)
        self._foes: dict[int, list[int]] = {}
        hosts = range(len(problem.hosts))
        self.pairs = [
            (a, b, h) for a, b in problem.laid.conflicts for h in hosts
            if np.isfinite(problem.attach[h, a]) and np.isfinite(problem.attach[h, b])
        ]  # fmt: skip
        self._apart: dict[tuple[int, int], list[int]] = {}
        for number, (a, b, h) in enumerate(self.pairs):
            self._apart.setdefault((a, h), []).append(self.apart + number)
            self._apart.setdefault((b, h), []).append(self.apart + number)

    @property
    def count(self) -> int:
        """Number of rows."""
        return self.apart + len(self.pairs)

    def upper(self) -> list[float]:
        """Upper sides of all rows; those of items are their lower sides too."""
        hosts = self.problem.hosts
        return [
            *[1.0] * self.problem.count,
            *[float(self.problem.most)] * len(self.problem.labels),
            *(float(h.slots) for h in hosts),
            *(float(h.member_room) for h in hosts),
            *[1.0] * len(self.pairs),
        ]

    def entries(self, column: Column) -> dict[int, float]:
        """Row → coefficient of a column."""
        found = {i: 1.0 for i in column.items}
        if column.label >= 0:
            found[self.labels + column.label] = 1.0
        if column.host >= 0:
            item = column.items[0]
            found[self.slots + column.host] = float(self.problem.size[item])
            if self.problem.members[item]:
                found[self.room + column.host] = float(self.problem.members[item])
            for row in self._apart.get((item, column.host), ()):
                found[row] = 1.0
        return found

    def duals(self, values: Sequence[float]) -> Duals:
        """Row duals as prices; those of apart rows are dropped (the bound holds without them)."""
        all_of = np.array(values, dtype=np.float64)
        return Duals(
            all_of[: self.labels],
            np.minimum(0.0, all_of[self.labels : self.slots]),
            np.minimum(0.0, all_of[self.slots : self.room]),
            np.minimum(0.0, all_of[self.room : self.apart]),
        )


class Master:
    """The linear relaxation over the columns found so far; the columns that leave items uncovered are always there."""

    def __init__(self, problem: Problem) -> None:
        self.frame = Frame(problem)
        self.columns: list[Column] = []
        self._known: dict[tuple[Any, ...], int] = {}
        self._highs = quiet()
        self._highs.setOptionValue("presolve", "off")
        self._highs.setOptionValue("solver", "simplex")
        upper = self.frame.upper()
        for row, most in enumerate(upper):
            self._highs.addRow(most if row < problem.count else -_INF, most, 0, [], [])
        self.add([problem.alone(i) for i in range(problem.count)])
        self.objective = float("inf")
        self.values: list[float] = []

    def add(self, columns: Iterable[Column]) -> int:
        """Enter columns that are new or cheaper than what is known of the same items and label; how many they were."""
        new = []
        for column in columns:
            key = (column.items, column.label, column.host, column.seat < 0)
            at = self._known.get(key)
            if at is None or self.columns[at].cost > column.cost:
                self._known[key] = len(self.columns)
                self.columns.append(column)
                new.append(column)
        starts: list[int] = []
        rows: list[int] = []
        values: list[float] = []
        for column in new:
            starts.append(len(rows))
            for row, value in self.frame.entries(column).items():
                rows.append(row)
                values.append(value)
        if new:
            count = len(new)
            self._highs.addCols(
                count, np.array([float(c.cost) for c in new]), np.zeros(count), np.full(count, _INF), len(rows),
                np.array(starts, dtype=np.int32), np.array(rows, dtype=np.int32), np.array(values),
            )  # fmt: skip
        return len(new)

    def solve(self, *, dual: bool = False) -> Duals:
        """Solve the relaxation; leaves `objective` and `values`, returns the prices.

        `dual` after bounds have changed (the basis is dual feasible then), else the primal simplex goes on.
        """
        self._highs.setOptionValue("simplex_strategy", 1 if dual else 4)
        self._highs.run()
        solution = self._highs.getSolution()
        self.values = list(solution.col_value)
        self.objective = float(self._highs.getInfo().objective_function_value)
        return self.frame.duals(list(solution.row_dual))

    def limit(self, bounds: Mapping[int, tuple[float, float]]) -> None:
        """Set lower and upper bounds of columns by their numbers."""
        for column, (low, high) in bounds.items():
            self._highs.changeColBounds(column, low, high)


def choose(
    frame: Frame, columns: Sequence[Column], rows: Mapping[int, float], start: Sequence[Column], nodes: int
) -> list[Column]:
    """The cheapest choice of columns over some rows (row → upper side), found by branch and bound with `nodes` nodes.

    `start` is a lawful choice within `columns`; it comes back where nothing cheaper is found. The cost is taken from
    the columns, never from the objective that the program reports. HiGHS is not told of `start`: with one it has come
    back from presolve "optimal" at a plan that was not.
    """
    at = {row: n for n, row in enumerate(rows)}
    starts, indices, values = [0], [], []
    for column in columns:
        for row, value in frame.entries(column).items():
            indices.append(at[row])
            values.append(value)
        starts.append(len(indices))
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = len(columns), len(rows)
    program.col_cost_ = np.array([float(c.cost) for c in columns])
    program.col_lower_, program.col_upper_ = np.zeros(len(columns)), np.ones(len(columns))
    program.row_upper_ = np.array(list(rows.values()))
    program.row_lower_ = np.array([most if row < frame.labels else -_INF for row, most in rows.items()])
    program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    program.a_matrix_.start_ = np.array(starts, dtype=np.int32)
    program.a_matrix_.index_ = np.array(indices, dtype=np.int32)
    program.a_matrix_.value_ = np.array(values)
    program.integrality_ = [highspy.HighsVarType.kInteger] * len(columns)
    highs = quiet()
    highs.setOptionValue("mip_max_nodes", nodes)
    highs.setOptionValue("mip_rel_gap", 0.0)
    highs.setOptionValue("mip_abs_gap", 0.9)
    highs.passModel(program)
    highs.run()
    chosen = [c for c, value in zip(columns, highs.getSolution().col_value, strict=False) if value > 0.5]
    if not _covers(frame, chosen, rows) or sum(c.cost for c in chosen) >= sum(c.cost for c in start):
        return list(start)
    return chosen


def _covers(frame: Frame, columns: Sequence[Column], rows: Mapping[int, float]) -> bool:
    """Whether a choice keeps every row, told from the columns themselves."""
    used: dict[int, float] = {}
    for column in columns:
        for row, value in frame.entries(column).items():
            used[row] = used.get(row, 0.0) + value
    return all(
        used.get(row, 0.0) == most if row < frame.labels else used.get(row, 0.0) <= most for row, most in rows.items()
    )
