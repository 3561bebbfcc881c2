"""What is to be placed: units in play, tied to items by the locks, and what no plan can place.

An *item* is a unit, or the units that `together` and `group` locks tie. Numbers of units count organizations in play
that have a place, sorted by id; numbers of items count by class (units, members), then by id.
"""

from dataclasses import dataclass, field
from itertools import combinations

from liaoyuan.solvers.coverage import locks
from liaoyuan.solvers.coverage.records import Instance, Organization


@dataclass(frozen=True)
class Items:
    """Units and items of an instance.

    `lost` = id → reason of what stays uncovered whatever is planned; `seats`, `banned` = numbers of units that must,
    must not be a seat; `groups` = items that a lock makes a whole group; `conflicts` = pairs of items kept apart.
    """

    units: tuple[Organization, ...]
    items: tuple[tuple[int, ...], ...]
    seats: frozenset[int]
    banned: frozenset[int]
    groups: frozenset[int]
    conflicts: tuple[tuple[int, int], ...]
    lost: dict[str, str]
    number: dict[str, int] = field(repr=False)
    home: dict[int, int] = field(repr=False)

    def members_of(self, item: int) -> int:
        """Persons in an item."""
        return sum(self.units[u].members for u in self.items[item])

    def seat_candidates(self, units: tuple[int, ...]) -> list[int]:
        """Units of a set that may seat it: with members, not banned, and the one that a lock wants, if any."""
        wanted = self.seats & set(units)
        return [u for u in units if self.units[u].members and u not in self.banned and wanted <= {u}]


def lay_out(instance: Instance) -> Items:
    """The items of an instance. Locks that a missing place or the radius defeats leave their units in `lost`."""
    kept = locks.kept(instance)
    playing = {row.id: row for row in instance.organizations if instance.in_play(row) and row.id not in kept}
    lost = {key: "MISSING_LOCATION" for key, row in playing.items() if row.x is None}
    banned = {one for lock in instance.locks if lock.kind == "not_seat" for one in lock.ids}
    wanted = {one for lock in instance.locks if lock.kind == "seat" for one in lock.ids}
    groups = sorted({lock.ids for lock in instance.locks if lock.kind == "group"})
    for ids in groups:
        if not _can_meet(instance, ids, kept | set(lost), banned, wanted):
            lost |= {one: "LOCK_CONFLICT" for one in ids if one not in lost and one not in kept}
    ties = [ids for ids in locks.bundles(instance) if not any(set(ids) <= set(group) for group in groups)]
    torn = {
        one
        for lock in instance.locks
        if lock.kind == "together" and any(o in kept or o in lost for o in lock.ids)
        for one in lock.ids
    }
    torn |= {one for ids in ties if torn & set(ids) for one in ids}
    lost |= {one: "LOCK_CONFLICT" for one in sorted(torn) if one not in lost and one not in kept}
    units = tuple(row for key, row in sorted(playing.items()) if key not in lost)
    number = {row.id: u for u, row in enumerate(units)}
    whole = [tuple(number[one] for one in ids) for ids in [*groups, *ties] if all(one in number for one in ids)]
    tied = {u for item in whole for u in item}
    items = [*whole, *((u,) for u in range(len(units)) if u not in tied)]
    items.sort(key=lambda item: (len(item), sum(units[u].members for u in item), item))
    home = {u: i for i, item in enumerate(items) for u in item}
    fast = {tuple(number[one] for one in ids) for ids in groups if all(one in number for one in ids)}
    return Items(
        units=units,
        items=tuple(items),
        seats=frozenset(number[one] for one in wanted if one in number),
        banned=frozenset(number[one] for one in banned if one in number),
        groups=frozenset(i for i, item in enumerate(items) if item in fast),
        conflicts=_conflicts(instance, number, home),
        lost=lost,
        number=number,
        home=home,
    )


def _can_meet(instance: Instance, ids: tuple[str, ...], out: set[str], banned: set[str], wanted: set[str]) -> bool:
    """Whether a locked group has a lawful seat that all its units reach."""
    if out & set(ids):
        return False
    for seat in ids:
        lawful = instance.by_id[seat].members > 0 and seat not in banned and wanted & set(ids) <= {seat}
        if lawful and all(instance.arc(instance.by_id[one], instance.by_id[seat]) is not None for one in ids):
            return True
    return False


def _conflicts(instance: Instance, number: dict[str, int], home: dict[int, int]) -> tuple[tuple[int, int], ...]:
    pairs: set[tuple[int, int]] = set()
    for lock in instance.locks:
        if lock.kind == "apart":
            there = sorted({home[number[one]] for one in lock.ids if one in number})
            pairs.update(combinations(there, 2))
    return tuple(sorted(pairs))
