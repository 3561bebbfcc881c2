"""Three greedy plans: as done by hand, by nearest neighbours, by the best ratio of cost to units.

They give a first lawful plan at once and stand as comparators: what the optimum saves is told against the ratio greedy
(Chvátal 1979, "A greedy heuristic for the set-covering problem"), not only against the hand.
"""

from collections.abc import Iterable
from heapq import heapify, heappop, heappush

import numpy as np
from numpy.typing import NDArray

from liaoyuan.solvers.coverage.pricing import Pricer
from liaoyuan.solvers.coverage.problem import Column, Ints, Problem


class Draft:
    """A plan in the making: which items are free, what hosts and labels are left."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.free = np.ones(problem.count, dtype=bool)
        self.columns: list[Column] = []
        self.slots = [host.slots for host in problem.hosts]
        self.room = [host.member_room for host in problem.hosts]
        self.labels: set[int] = set()
        self.foes: dict[int, set[int]] = {}
        for one, other in problem.laid.conflicts:
            self.foes.setdefault(one, set()).add(other)
            self.foes.setdefault(other, set()).add(one)
        self._guests: list[set[int]] = [set() for _ in problem.hosts]
        for column in sorted(problem.special, key=lambda c: (c.cost, c.items)):
            if any(i in problem.laid.groups for i in column.items):
                self.take(column)
        self._fixed = len(self.columns)

    def can(self, column: Column) -> bool:
        """Whether a group can be taken."""
        return bool(self.free[list(column.items)].all()) and column.label not in self.labels

    def take(self, column: Column) -> bool:
        """Take a group if it can be."""
        if not self.can(column):
            return False
        self.columns.append(column)
        self.free[list(column.items)] = False
        if column.label >= 0:
            self.labels.add(column.label)
        return True

    def fits(self, items: Iterable[int]) -> bool:
        """Whether items stay below the most units and persons and no two of them are kept apart."""
        chosen = list(items)
        params = self.problem.instance.params
        units, members = (int(a[chosen].sum()) for a in (self.problem.size, self.problem.members))
        torn = any(self.foes.get(i, set()) & set(chosen) for i in chosen)
        return units <= params.max_units and members <= params.max_members and not torn

    def found(self, row: int, others: list[int]) -> bool:
        """Found the group of a row if it has enough persons and its label is free."""
        whole = [int(self.problem.base[row]), *others]
        enough = int(self.problem.members[whole].sum()) >= self.problem.instance.params.min_members
        return enough and self.take(self.problem.group(row, others))

    def finish(self) -> list[Column]:
        """Let every free item join the cheapest group or host that has place and is cheaper than leaving it out."""
        problem, params = self.problem, self.problem.instance.params
        rows = {(int(s), int(b)): r for r, (s, b) in enumerate(zip(problem.seat, problem.label, strict=True))}
        open_ = [n for n, c in enumerate(self.columns) if n >= self._fixed and c.seat >= 0]
        at_row = np.array([rows[self.columns[n].seat, self.columns[n].label] for n in open_], dtype=np.int64)
        units = np.array([int(problem.size[list(self.columns[n].items)].sum()) for n in open_], dtype=np.int64)
        persons = np.array([int(problem.members[list(self.columns[n].items)].sum()) for n in open_], dtype=np.int64)
        for item in np.flatnonzero(self.free):
            i = int(item)
            best, how = float(problem.penalty[i]), (-1, -1)
            price = np.array(problem.cost[at_row, i], dtype=np.float64)
            price[units + problem.size[i] > params.max_units] = np.inf
            price[persons + problem.members[i] > params.max_members] = np.inf
            for at in np.argsort(price, kind="stable") if len(price) else ():
                if price[at] >= best:
                    break
                if self.fits([*self.columns[open_[at]].items, i]):
                    best, how = float(price[at]), (int(at), -1)
                    break
            for h in range(len(problem.hosts)):
                way = float(problem.attach[h, i])
                free = self.slots[h] >= problem.size[i] and self.room[h] >= problem.members[i]
                if way < best and free and not self.foes.get(i, set()) & self._guests[h]:
                    best, how = way, (-1, h)
            if how[0] >= 0:
                units[how[0]] += problem.size[i]
                persons[how[0]] += problem.members[i]
                how = (open_[how[0]], -1)
            self._place(i, how, rows)
        return self.columns

    def _place(self, item: int, how: tuple[int, int], rows: dict[tuple[int, int], int]) -> None:
        at, host = how
        self.free[item] = False
        if at >= 0:
            old = self.columns[at]
            row = rows[old.seat, old.label]
            others = [i for i in old.items if i != self.problem.base[row]]
            self.columns[at] = self.problem.group(row, [*others, item])
        elif host >= 0:
            self.slots[host] -= int(self.problem.size[item])
            self.room[host] -= int(self.problem.members[item])
            self._guests[host].add(item)
            self.columns.append(self.problem.attachment(host, item))
        else:
            self.columns.append(self.problem.alone(item))


def by_hand(problem: Problem) -> list[Column]:
    """As a clerk does it: street by street, list order, a new group as soon as there are persons enough."""
    draft = Draft(problem)
    rows = _founders(problem)
    units, items = problem.laid.units, problem.laid.items
    order = sorted(range(problem.count), key=lambda i: (units[items[i][0]].street or "", units[items[i][0]].id))
    least = problem.instance.params.min_members
    streets: dict[str | None, list[int]] = {}
    for i in order:
        if problem.members[i]:
            streets.setdefault(units[items[i][0]].street, []).append(i)
    for i in order:
        if not draft.free[i] or i not in rows:
            continue
        row, others, members = rows[i], list[int](), int(problem.members[i])
        street = units[items[i][0]].street
        for k in order:
            if members >= least:
                break
            near = (
                draft.free[k] and k != i and units[items[k][0]].street == street and np.isfinite(problem.cost[row, k])
            )
            if near and problem.members[k] and draft.fits([i, *others, k]):
                others.append(k)
                members += int(problem.members[k])
        draft.found(row, others)
    return draft.finish()


def by_neighbours(problem: Problem) -> list[Column]:
    """From each free unit in turn, the nearest free ones until the group is full."""
    draft = Draft(problem)
    rows = _founders(problem)
    for i in sorted(rows, key=lambda i: problem.laid.items[i]):
        if not draft.free[i]:
            continue
        row = rows[i]
        others: list[int] = []
        for k in np.argsort(problem.cost[row], kind="stable"):
            price = float(problem.cost[row, k])
            if price >= problem.penalty[k] or not np.isfinite(price):
                break
            if draft.free[k] and draft.fits([i, *others, int(k)]):
                others.append(int(k))
        draft.found(row, others)
    return draft.finish()


def by_ratio(problem: Problem, pricer: Pricer) -> list[Column]:
    """Again and again the group with the least cost a unit among those still possible."""
    draft = Draft(problem)
    forced = problem.forced[problem.base]
    heap = [(float("-inf"), row) for row in range(len(problem.seat))]
    heapify(heap)
    while heap:
        before, row = heappop(heap)
        if not draft.free[problem.base[row]] or int(problem.label[row]) in draft.labels:
            continue
        ratio, others = _best_ratio(problem, pricer.combos_of(row), row, draft.free)
        if forced[row]:
            ratio -= 1e9
        if not np.isfinite(ratio):
            continue
        if ratio > before:
            heappush(heap, (ratio, row))
        elif draft.fits([int(problem.base[row]), *others]):
            draft.found(row, others)
    return draft.finish()


def _best_ratio(problem: Problem, combos: Ints, row: int, free: NDArray[np.bool_]) -> tuple[float, list[int]]:
    """The least cost a unit of one row over the free items that are cheaper placed than left out, and the items."""
    total = np.full(len(combos), float(problem.fixed[row]))
    units = np.full(len(combos), float(problem.size[problem.base[row]]))
    orders = []
    for number, (size, _, part) in enumerate(problem.classes):
        most = int(combos[:, number].max(initial=0))
        cost = np.where(free[part] & (problem.cost[row, part] < problem.penalty[part]), problem.cost[row, part], np.inf)
        order = np.argsort(cost, kind="stable")[:most]
        orders.append(order + part.start)
        total += np.concatenate([[0.0], np.cumsum(cost[order])])[combos[:, number]]
        units += size * combos[:, number]
    if not len(combos):
        return float("inf"), []
    ratio = total / units
    way = int(ratio.argmin())
    return float(ratio[way]), [int(i) for c, k in enumerate(combos[way]) for i in orders[c][:k]]


def _founders(problem: Problem) -> dict[int, int]:
    """Item → the first row that a group around it may have (a new group unless only the present branch will do)."""
    found: dict[int, int] = {}
    for row, base in enumerate(problem.base.tolist()):
        found.setdefault(base, row)
    return found
