"""Why a unit stays uncovered, and the cheapest way to cover it.

NO_NEIGHBOUR: nobody is near enough, within the radius and for less than leaving the unit out. NOT_ENOUGH_MEMBERS:
those in reach have too few members for a group. SLOTS_FULL: groups and hosts in reach are full. LOCK_CONFLICT: a lock
that place or capacity defeats. MISSING_LOCATION: no coordinates.
"""

from collections.abc import Sequence

import numpy as np

from liaoyuan.solvers.coverage.problem import Column, Floats, Problem
from liaoyuan.solvers.coverage.refusal import CHEAPEST_MESSAGES


class Reasons:
    """Reasons of one plan."""

    def __init__(self, problem: Problem, columns: Sequence[Column]) -> None:
        self.problem = problem
        params, size, members = problem.instance.params, problem.size, problem.members
        rows = {(int(s), int(b)): r for r, (s, b) in enumerate(zip(problem.seat, problem.label, strict=True))}
        self.groups = [c for c in columns if c.seat >= 0 and (c.seat, c.label) in rows]
        self.rows = np.array([rows[c.seat, c.label] for c in self.groups], dtype=np.int64)
        self.units = np.array([int(size[list(c.items)].sum()) for c in self.groups], dtype=np.int64)
        self.persons = np.array([int(members[list(c.items)].sum()) for c in self.groups], dtype=np.int64)
        self.has_place = self.units < params.max_units
        self.slots = np.array([h.slots for h in problem.hosts], dtype=np.int64)
        self.room = np.array([h.member_room for h in problem.hosts], dtype=np.int64)
        for column in columns:
            if column.host >= 0:
                self.slots[column.host] -= size[column.items[0]]
                self.room[column.host] -= members[column.items[0]]
        self.points = _points([(u.x, u.y) for u in problem.laid.units])
        self.host_points = _points([(h.x, h.y) for h in problem.hosts])
        self.unit_members = np.array([u.members for u in problem.laid.units], dtype=np.int64)

    def of_lost(self, reason: str) -> str:
        """The way out for what could not even be tried."""
        return CHEAPEST_MESSAGES["locate" if reason == "MISSING_LOCATION" else "unlock"]

    def of(self, unit: int, item: int) -> tuple[str, str]:
        """Reason code and the cheapest way to cover a unit that the plan leaves out."""
        problem, params = self.problem, self.problem.instance.params
        if problem.forced[item]:
            return "LOCK_CONFLICT", CHEAPEST_MESSAGES["unlock"]
        far, far_hosts = self._metres(unit, self.points), self._metres(unit, self.host_points)
        far[unit] = np.inf
        near = far <= params.radius_m
        joining = problem.cost[self.rows, item] if len(self.rows) else np.zeros(0)
        attaching = problem.attach[:, item]
        best = np.sort(self.unit_members[near])[::-1][: params.max_units - 1]
        if not near.any() and not np.isfinite(attaching).any():
            reason = "NO_NEIGHBOUR"
        elif not np.isfinite(joining).any() and int(self.unit_members[unit] + best.sum()) < params.min_members:
            reason = "NOT_ENOUGH_MEMBERS"
        elif np.isfinite(joining[self.has_place]).any() or np.isfinite(attaching[self._open(item)]).any():
            reason = "NO_NEIGHBOUR"
        elif np.isfinite(joining).any() or np.isfinite(attaching).any():
            reason = "SLOTS_FULL"
        else:
            reason = "NOT_ENOUGH_MEMBERS"
        return reason, self._cheapest(item, joining, attaching) or self._farther(far, far_hosts)

    def _open(self, item: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        return (self.slots >= self.problem.size[item]) & (self.room >= self.problem.members[item])

    def _cheapest(self, item: int, joining: Floats, attaching: Floats) -> str:
        """The cheapest of joining a group or a host in reach, full ones too; empty where none is."""
        problem = self.problem
        price = int(problem.penalty[item])
        ways: list[tuple[float, int, str, str]] = []
        if len(joining) and np.isfinite(joining).any():
            at = int(np.argmin(joining))
            name = problem.laid.units[self.groups[at].seat].id
            ways.append((float(joining[at]), 0, "join" if self.has_place[at] else "allow", name))
        if len(attaching) and np.isfinite(attaching).any():
            at = int(np.argmin(attaching))
            ways.append((float(attaching[at]), 1, "attach" if self._open(item)[at] else "slots", problem.hosts[at].id))
        if not ways:
            return ""
        cost, _, code, name = min(ways)
        return CHEAPEST_MESSAGES[code].format(seat=name, host=name, cost=int(cost), price=price)

    def _farther(self, far: Floats, far_hosts: Floats) -> str:
        """The radius that would bring the next unit with members or host into reach; else an instructor."""
        ways = []
        withs = np.where((self.unit_members > 0) & (far > self.problem.instance.params.radius_m), far, np.inf)
        if len(withs) and np.isfinite(withs).any():
            ways.append((float(withs.min()), self.problem.laid.units[int(np.argmin(withs))].id))
        hosts = np.where(far_hosts > self.problem.instance.params.radius_m, far_hosts, np.inf)
        if len(hosts) and np.isfinite(hosts).any():
            ways.append((float(hosts.min()), self.problem.hosts[int(np.argmin(hosts))].id))
        if not ways:
            return CHEAPEST_MESSAGES["instructor"]
        metres, name = min(ways)
        now = int(self.problem.instance.params.radius_m)
        return CHEAPEST_MESSAGES["radius"].format(now=now, wanted=int(np.ceil(metres)), other=name)

    def _metres(self, unit: int, there: Floats) -> Floats:
        away = there - self.points[unit]
        found = np.sqrt((away * away).sum(axis=1))
        return np.where(np.isnan(found), np.inf, found)


def _points(pairs: Sequence[tuple[float | None, float | None]]) -> Floats:
    return np.array([(np.nan, np.nan) if x is None else (x, y) for x, y in pairs], dtype=np.float64).reshape(-1, 2)
