"""The price of moving one unit to another group, to a host or out, and what forbids it.

All other units stay. The group that takes a unit in keeps its seat and label; the one it leaves keeps them too, unless
the seat itself leaves: then the rest takes the cheapest lawful seat. Costs are whole metre-equivalents, and a price is
the cost of the plan after the move less that before: below 0 the move saves.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from liaoyuan.solvers.coverage import locks
from liaoyuan.solvers.coverage.records import Instance, Organization
from liaoyuan.solvers.coverage.standing import OUT, Group, Place, Standing, group_cost, lines, price_out

WHY_NOT_TITLES: Final[dict[str, str]] = {
    "UNKNOWN": "不在编组范围内",
    "INDEPENDENT": "党员已达单独建支部的人数",
    "OVER_LIMIT": "所在支部已超过限额，整个保留",
    "HERE": "已经在这里",
    "MISSING_LOCATION": "没有坐标",
    "FAR": "超出半径",
    "UNITS": "单位数已到上限",
    "MEMBERS": "党员数会超过上限",
    "SLOTS": "挂靠名额已满",
    "ROOM": "挂靠支部容不下这些党员",
    "FEW_LEFT": "原来的组剩下的党员不足",
    "NO_SEAT_LEFT": "原来的组没有别的单位能作为所在单位",
    "LOCK": "锁定不许",
}
"""What forbids a move, code → words."""


@dataclass(frozen=True, slots=True)
class Move:
    """One unit to one place. `cost` is None where it cannot be told; `why_not` are codes of `WHY_NOT_TITLES`.

    A forbidden move has the cost it would have if the limits and locks did not stand. `locks` are the numbers of those
    in the way; `seat` is the new seat of the group left behind, where the old one leaves.
    """

    unit: str
    to: Place
    cost: int | None
    why_not: tuple[str, ...] = ()
    locks: tuple[int, ...] = ()
    seat: str | None = None

    @property
    def lawful(self) -> bool:
        """Whether nothing forbids it."""
        return not self.why_not


@dataclass(frozen=True, slots=True)
class Choice:
    """What else a unit could do: the cheapest lawful move, and a cheaper one that something forbids (or None)."""

    unit: str
    now: Place
    best: Move | None
    blocked: Move | None


class _Left(NamedTuple):
    """What becomes of the place a unit leaves: its cost before less that after, and what forbids leaving."""

    saved: int | None
    why_not: tuple[str, ...] = ()
    seat: str | None = None


def move(instance: Instance, plan: dict[str, Any], unit: str, to: Place) -> Move:
    """What moving a unit costs, or why it may not be. Raises KeyError for a place that the plan does not have."""
    standing = Standing(instance, plan)
    if to not in standing.order:
        raise KeyError(to)
    why = _not_in_play(standing, unit)
    if why:
        return Move(unit, to, None, (why,))
    return _move(standing, unit, to, _leave(standing, unit))


def moves(instance: Instance, plan: dict[str, Any], unit: str) -> list[Move]:
    """All other places of a unit, lawful ones first, each cheapest first. Empty where it is not in play."""
    standing = Standing(instance, plan)
    return [] if _not_in_play(standing, unit) else _moves(standing, unit)


def choices(instance: Instance, plan: dict[str, Any], units: Iterable[str] | None = None) -> dict[str, Choice]:
    """The best alternative of units that the plan places or leaves out, by id; of all of them where none are named."""
    standing = Standing(instance, plan)
    asked = standing.at if units is None else units
    return {unit: _choice(standing, unit) for unit in sorted(asked) if not _not_in_play(standing, unit)}


def _choice(standing: Standing, unit: str) -> Choice:
    found = _moves(standing, unit)
    best = found[0] if found and found[0].lawful else None
    forbidden = [one for one in found if not one.lawful and one.cost is not None]
    first = min(forbidden, key=lambda one: one.cost or 0, default=None)
    if first is not None and best is not None and (first.cost or 0) >= (best.cost or 0):
        first = None
    return Choice(unit, standing.at[unit], best, first)


def _moves(standing: Standing, unit: str) -> list[Move]:
    left = _leave(standing, unit)
    found = [_move(standing, unit, to, left) for to in standing.order if to != standing.at[unit]]

    def rank(one: Move) -> tuple[bool, bool, int, int]:
        return not one.lawful, one.cost is None, one.cost or 0, standing.order[one.to]

    return sorted(found, key=rank)


def _not_in_play(standing: Standing, unit: str) -> str:
    row = standing.instance.by_id.get(unit)
    if row is not None and standing.instance.is_independent(row):
        return "INDEPENDENT"
    if unit in standing.kept:
        return "OVER_LIMIT"
    return "" if unit in standing.at else "UNKNOWN"


def _move(standing: Standing, unit: str, to: Place, left: _Left) -> Move:
    if to == standing.at[unit]:
        return Move(unit, to, 0, ("HERE",))
    row = standing.instance.by_id[unit]
    added = _arrival(standing, row, to)
    why = [*_blocked(standing, row, to, added), *left.why_not]
    against = tuple(sorted(set(_locks_against(standing, unit, to))))
    cost = None if added is None or left.saved is None else added - left.saved
    return Move(unit, to, cost, (*why, *(("LOCK",) if against else ())), against, left.seat)


def _arrival(standing: Standing, row: Organization, to: Place) -> int | None:
    """What a unit adds to the cost of a place; None where it cannot get there."""
    instance = standing.instance
    if to == OUT:
        return price_out(instance, row)
    if to.kind == "host":
        found = lines(instance, row, standing.hosts[to.key])
    else:
        found = lines(instance, row, instance.by_id[to.key], standing.groups[to.key].label)
    return None if found is None else found.cost


def _blocked(standing: Standing, row: Organization, to: Place, added: int | None) -> Iterator[str]:
    """What of place and capacity forbids a unit to come."""
    instance = standing.instance
    if added is None:
        yield "MISSING_LOCATION" if row.x is None else "FAR"
    if to.kind == "host":
        host, guests = standing.hosts[to.key], standing.guests[to.key]
        if len(guests) >= host.slots:
            yield "SLOTS"
        if standing.persons(guests) + row.members > host.member_room:
            yield "ROOM"
    elif to.kind == "group":
        units = tuple(sorted((*standing.groups[to.key].units, row.id)))
        most, crowd = locks.allowed(instance, units)
        if len(units) > most:
            yield "UNITS"
        if standing.persons(units) > crowd:
            yield "MEMBERS"


def _leave(standing: Standing, unit: str) -> _Left:
    """What leaving saves, and whether what stays behind is lawful."""
    instance, place = standing.instance, standing.at[unit]
    row = instance.by_id[unit]
    if place.kind != "group":
        return _Left(_arrival(standing, row, place))
    group = standing.groups[place.key]
    rest = tuple(one for one in group.units if one != unit)
    before = group_cost(instance, group.seat, group.label, group.units)
    seat, after = group.seat, group_cost(instance, group.seat, group.label, rest)
    why: list[str] = []
    if unit == group.seat:
        seat, after = _new_seat(standing, group, rest)
        if not seat:
            why.append("NO_SEAT_LEFT")
    if standing.persons(rest) < instance.params.min_members:
        why.append("FEW_LEFT")
    most, crowd = locks.allowed(instance, rest)
    if len(rest) > most:
        why.append("UNITS")
    if standing.persons(rest) > crowd:
        why.append("MEMBERS")
    saved = None if before is None or after is None else before - after
    return _Left(saved, tuple(why), seat if seat and seat != group.seat else None)


def _new_seat(standing: Standing, group: Group, rest: tuple[str, ...]) -> tuple[str, int | None]:
    """The cheapest lawful seat of what is left of a group and its cost; ("", None) where there is none."""
    instance = standing.instance
    banned = {one for lock in instance.locks if lock.kind == "not_seat" for one in lock.ids}
    taken = standing.labels - {group.label}
    ways: list[tuple[int, str]] = []
    for seat in rest:
        own = instance.by_id[seat].branch
        for label in {None, own} - taken:
            cost = group_cost(instance, seat, label, rest)
            if cost is not None and instance.by_id[seat].members and seat not in banned:
                ways.append((cost, seat))
    return min(ways)[::-1] if ways else ("", None)


def _locks_against(standing: Standing, unit: str, to: Place) -> Iterator[int]:
    """Numbers of the locks that hold now and would not after the move."""
    there = {one for one, place in standing.at.items() if place == to} if to != OUT else set()
    for lock in standing.instance.locks:
        others = set(lock.ids) - {unit}
        if unit in lock.ids:
            held = lock.kind in ("together", "group") and any(standing.at.get(one) != to for one in others)
            alone = lock.kind == "group" and (to.kind != "group" or bool(there - others))
            torn = lock.kind == "apart" and bool(there & others)
            if held or alone or torn or lock.kind == "seat":
                yield lock.number
        elif lock.kind == "group" and there & others:
            yield lock.number
