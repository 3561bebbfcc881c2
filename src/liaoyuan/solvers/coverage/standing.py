"""A plan laid out over its instance: where each unit stands, what each group and host still holds.

Plans are JSON values that the checker has accepted; numbers are added up from the instance again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from liaoyuan.solvers.coverage.records import Host, Instance, Organization

Kind = Literal["group", "host", "out"]


class Place(NamedTuple):
    """Where a unit is or could be: a group by its seat, a host by its id, or out (`key` is empty then)."""

    kind: Kind
    key: str = ""


OUT = Place("out")


@dataclass(frozen=True, slots=True)
class Group:
    """A group of a plan: seat and units by id, the branch it continues (None = a new one)."""

    seat: str
    label: str | None
    units: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """What one unit costs at a place, line by line, in metre-equivalents.

    `travel`, `field`, `street` and `unit` are the arc; `moved` leaving the present branch, `attach` at a host only.
    """

    travel: int
    field: int
    street: int
    unit: int
    moved: int
    attach: int = 0

    @property
    def cost(self) -> int:
        """The sum of the lines."""
        return self.travel + self.field + self.street + self.unit + self.moved + self.attach


class Standing:
    """Groups by seat, guests by host, the place of every unit in play (`at`), ids `kept` in branches beyond limits."""

    def __init__(self, instance: Instance, plan: dict[str, Any]) -> None:
        self.instance = instance
        self.hosts = {host.id: host for host in instance.hosts}
        self.groups = {
            row["seat"]: Group(row["seat"], row["label"], tuple(sorted(row["units"]))) for row in plan["groups"]
        }
        self.guests: dict[str, list[str]] = {host: [] for host in self.hosts}
        self.at: dict[str, Place] = {row["unit"]: OUT for row in plan["uncovered"]}
        for group in self.groups.values():
            self.at |= dict.fromkeys(group.units, Place("group", group.seat))
        for row in plan["attached"]:
            self.guests[row["host"]].append(row["unit"])
            self.at[row["unit"]] = Place("host", row["host"])
        self.kept = {one for units in instance.over_limit.values() for one in units}
        self.labels = {group.label for group in self.groups.values() if group.label is not None}
        self.order = {place: n for n, place in enumerate(self.places())}

    def places(self) -> list[Place]:
        """All groups, hosts and out, in the order of their ids."""
        return [*(Place("group", s) for s in sorted(self.groups)), *(Place("host", h) for h in sorted(self.hosts)), OUT]

    def persons(self, ids: Iterable[str]) -> int:
        """Members of some units together."""
        return sum(self.instance.by_id[one].members for one in ids)

    def near(self, seat: str, count: int) -> list[str]:
        """A seat and the `count` seats nearest to it, as the crow flies."""
        rows, here = self.instance.by_id, self.instance.by_id[seat]
        return [seat, *sorted((s for s in self.groups if s != seat), key=lambda s: (_metres(rows[s], here), s))[:count]]


def lines(instance: Instance, unit: Organization, there: Organization | Host, label: str | None = None) -> Lines | None:
    """The cost lines of a unit at a seat whose group bears `label`, or at a host; None where it cannot get there."""
    arc = instance.arc(unit, there)
    if unit.id == there.id and isinstance(there, Organization):
        arc = 0 if unit.x is not None else None
    if arc is None:
        return None
    params = instance.params
    field = params.w_field * _differs(unit.field, there.field)
    street = params.w_street * _differs(unit.street, there.street)
    above = params.w_unit * _differs(unit.unit, there.unit)
    moved = params.move * (unit.branch is not None and unit.branch != label)
    attach = params.attach if isinstance(there, Host) else 0
    return Lines(arc - field - street - above, field, street, above, moved, attach)


def price_out(instance: Instance, unit: Organization) -> int:
    """What leaving a unit uncovered costs."""
    return instance.params.p_member if unit.members else instance.params.p_none


def group_cost(instance: Instance, seat: str, label: str | None, units: Iterable[str]) -> int | None:
    """Cost of a group; None where a unit does not reach the seat. Limits are not looked at."""
    total = instance.params.f_new if label is None else instance.params.f_keep
    for one in units:
        found = lines(instance, instance.by_id[one], instance.by_id[seat], label)
        if found is None:
            return None
        total += found.cost
    return total


def plan_cost(instance: Instance, standing: Standing) -> int | None:
    """What a plan would cost at the parameters of `instance`; None where a unit no longer reaches its place."""
    costs = [group_cost(instance, one.seat, one.label, one.units) for one in standing.groups.values()]
    for unit, place in standing.at.items():
        row = instance.by_id[unit]
        if place.kind == "host":
            found = lines(instance, row, standing.hosts[place.key])
            costs.append(None if found is None else found.cost)
        elif place == OUT:
            costs.append(price_out(instance, row))
    return None if None in costs else sum(cost or 0 for cost in costs)


def _differs(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and one != other


def _metres(one: Organization, other: Organization) -> float:
    if one.x is None or one.y is None or other.x is None or other.y is None:
        return float("inf")
    return float(((one.x - other.x) ** 2 + (one.y - other.y) ** 2) ** 0.5)
