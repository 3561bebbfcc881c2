"""Whether some groups of a plan could be grouped better among themselves, with a proven limit of what that could save.

Only the units of these groups move: among each other, to free places of hosts, or out. All other groups, their labels
and guests stay.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from liaoyuan.solvers.coverage.blocks import cut
from liaoyuan.solvers.coverage.problem import Problem, build
from liaoyuan.solvers.coverage.records import Instance, Lock
from liaoyuan.solvers.coverage.solving import solve_problem
from liaoyuan.solvers.coverage.standing import Standing


@dataclass(frozen=True, slots=True)
class Regrouping:
    """What the groups cost `now`, the least that any grouping of their units costs (`bound`, proven), the best found.

    `slack` is the X of "no other grouping of these is better by more than X". `better` is a plan of these units alone
    that costs less than now, or None.
    """

    seats: tuple[str, ...]
    units: tuple[str, ...]
    now: int
    bound: int
    better: dict[str, Any] | None

    @property
    def slack(self) -> int:
        """The most that another grouping of these units could save."""
        return self.now - self.bound


def regroup(instance: Instance, plan: dict[str, Any], seats: Sequence[str]) -> Regrouping:
    """Plan the units of some groups again, by themselves. Raises KeyError for a seat that the plan does not have."""
    standing = Standing(instance, plan)
    units = {one for seat in seats for one in standing.groups[seat].units}
    now = sum(int(row["cost"]) for row in plan["groups"] if row["seat"] in set(seats))
    taken = {group.label for seat, group in standing.groups.items() if seat not in set(seats) and group.label}
    problem = _without_labels(build(_part(standing, units)), taken)
    found = solve_problem(problem)
    better = found if found["cost"] < now else None
    return Regrouping(tuple(sorted(seats)), tuple(sorted(units)), now, min(now, int(found["bound"])), better)


def _part(standing: Standing, units: set[str]) -> Instance:
    """The instance of some units, with what the other units leave of the hosts."""
    instance = standing.instance
    foes = {one for lock in instance.locks if lock.kind == "apart" and units & set(lock.ids) for one in lock.ids}
    hosts = []
    for host in instance.hosts:
        guests = standing.guests[host.id]
        if not foes & set(guests):
            room = max(0, host.member_room - standing.persons(guests))
            hosts.append(replace(host, slots=max(0, host.slots - len(guests)), member_room=room))
    rows = tuple(row for row in instance.organizations if row.id in units)
    return replace(
        instance,
        organizations=rows,
        hosts=tuple(hosts),
        branches=tuple(sorted({row.branch for row in rows if row.branch is not None})),
        locks=tuple(_locks(instance, units)),
    )


def _locks(instance: Instance, units: set[str]) -> list[Lock]:
    """The locks as far as they concern some units; one that names others too and cannot be cut is left out."""
    found = []
    for lock in instance.locks:
        inside = tuple(one for one in lock.ids if one in units)
        whole = len(inside) == len(lock.ids)
        if whole or (lock.kind in ("seat", "not_seat") and inside) or (lock.kind == "apart" and len(inside) > 1):
            found.append(replace(lock, ids=inside))
    return found


def _without_labels(problem: Problem, taken: set[str]) -> Problem:
    """The problem without the groups that would continue a branch which a group outside continues."""
    gone = [n for n, label in enumerate(problem.labels) if label in taken]
    kept = np.flatnonzero(~np.isin(problem.label, gone))
    special = [
        (c, k) for c, k in zip(problem.special, problem.special_of, strict=True) if c.label < 0 or c.label not in gone
    ]
    return replace(
        problem,
        bases=cut(problem.bases, kept.tolist()),
        seat=problem.seat[kept],
        label=problem.label[kept],
        base=problem.base[kept],
        fixed=problem.fixed[kept],
        cost=problem.cost[kept],
        special=tuple(c for c, _ in special),
        special_of=tuple(k for _, k in special),
    )
