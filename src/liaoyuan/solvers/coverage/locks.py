"""The locks of an instance: read, and refused where they contradict each other or name what cannot be grouped."""

from typing import Any, Final

from liaoyuan.solvers.coverage.cells import whole_of
from liaoyuan.solvers.coverage.records import Instance, Lock
from liaoyuan.solvers.coverage.refusal import CONFLICT_TITLES, SHAPE_TITLES, UnusableInstance, named

#: Kind → how many ids it must name at least.
KINDS: Final = {"together": 2, "apart": 2, "group": 1, "seat": 1, "not_seat": 1, "allow": 1}


def parse(row: dict[str, Any], number: int) -> Lock:
    """One lock of the file. Raises UnusableInstance."""
    place = f"第 {number} 条锁定"
    kind = row.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise UnusableInstance("lock_kind", number=number, kind=kind)
    ids = row.get("ids")
    if not isinstance(ids, list) or any(not isinstance(one, str) for one in ids):
        raise UnusableInstance("shape", place=f"{place}的“ids”", wanted=SHAPE_TITLES["list"])
    if len(ids) < KINDS[kind]:
        raise UnusableInstance("lock_ids", number=number, kind=kind, least=KINDS[kind])
    for at, one in enumerate(ids):
        if one in ids[:at]:
            raise UnusableInstance("lock_twice", number=number, kind=kind, id=one)
    limits = {name: whole_of(row, name, place, 1) for name in ("max_units", "max_members") if row.get(name) is not None}
    reason = row.get("reason") or ""
    if not isinstance(reason, str):
        raise UnusableInstance("shape", place=f"{place}的“reason”", wanted=SHAPE_TITLES["text_or_null"])
    return Lock(number, kind, tuple(sorted(ids)), reason=reason, **limits)


def check(instance: Instance) -> None:
    """Refuse locks that name the wrong organizations or contradict each other. Raises UnusableInstance."""
    for lock in instance.locks:
        for one in lock.ids:
            row = instance.by_id.get(one)
            args = {"number": lock.number, "kind": lock.kind, "id": one}
            if row is None:
                raise UnusableInstance("lock_unknown", **args)
            if instance.is_independent(row):
                raise UnusableInstance("lock_independent", **args)
            if not instance.in_play(row):
                raise UnusableInstance("lock_idle", **args)
            if lock.kind == "seat" and row.members == 0:
                raise UnusableInstance("lock_seatless", **args)
    _check_groups(instance)
    _check_pairs(instance)


def kept(instance: Instance) -> set[str]:
    """Ids of the units that an existing branch beyond the limits keeps: locks do not reach them."""
    return {one for units in instance.over_limit.values() for one in units}


def bundles(instance: Instance) -> list[tuple[str, ...]]:
    """Sets of units that `together` locks tie to each other, each sorted, chains closed; kept units are left out."""
    out = kept(instance)
    home: dict[str, set[str]] = {}
    for lock in instance.locks:
        if lock.kind == "together":
            joined: set[str] = set()
            for one in lock.ids:
                if one not in out:
                    joined |= home.get(one, {one})
            for one in joined:
                home[one] = joined
    return sorted({tuple(sorted(bundle)) for bundle in home.values() if len(bundle) > 1})


def allowed(instance: Instance, ids: tuple[str, ...]) -> tuple[int, int]:
    """Most units and most members of a group of exactly these ids, `allow` locks counted in."""
    units, members = instance.params.max_units, instance.params.max_members
    for lock in instance.locks:
        if lock.kind == "allow" and lock.ids == ids:
            units = max(units, lock.max_units or 0)
            members = max(members, lock.max_members or 0)
    return units, members


def _check_groups(instance: Instance) -> None:
    out = kept(instance)
    banned = {one for lock in instance.locks if lock.kind == "not_seat" for one in lock.ids}
    owner: dict[str, Lock] = {}
    for lock in instance.locks:
        if lock.kind != "group":
            continue
        for one in lock.ids:
            if one in owner and owner[one].ids != lock.ids:
                raise _conflict("groups", (one,))
            owner[one] = lock
        members = sum(instance.by_id[one].members for one in lock.ids)
        args = {"number": lock.number, "ids": named(lock.ids), "members": members}
        if members < instance.params.min_members:
            raise UnusableInstance("lock_small", least=instance.params.min_members, **args)
        units, most = allowed(instance, lock.ids)
        if (len(lock.ids) > units or members > most) and not set(lock.ids) & out:
            raise UnusableInstance("lock_large", units=len(lock.ids), **args)
        if all(instance.by_id[one].members == 0 or one in banned for one in lock.ids):
            raise UnusableInstance("no_seat_left", number=lock.number, ids=named(lock.ids))


def _check_pairs(instance: Instance) -> None:
    groups = {lock.ids for lock in instance.locks if lock.kind == "group"}
    joined = [*groups, *bundles(instance)]
    for bundle in bundles(instance):
        for group in groups:
            if set(bundle) & set(group) and not set(bundle) <= set(group):
                raise _conflict("group_together", bundle)
    seats = {one for lock in instance.locks if lock.kind == "seat" for one in lock.ids}
    banned = {one for lock in instance.locks if lock.kind == "not_seat" for one in lock.ids}
    if seats & banned:
        raise _conflict("seat_not_seat", tuple(sorted(seats & banned)))
    for together in sorted(joined):
        both = seats & set(together)
        if len(both) > 1:
            raise _conflict("seats", tuple(sorted(both)))
        for lock in instance.locks:
            same = set(lock.ids) & set(together)
            if lock.kind == "apart" and len(same) > 1:
                raise _conflict("apart", tuple(sorted(same)))


def _conflict(code: str, ids: tuple[str, ...]) -> UnusableInstance:
    return UnusableInstance("conflict", ids=named(ids), detail=CONFLICT_TITLES[code])
