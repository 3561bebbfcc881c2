"""Presolve: an instance as arrays for set partitioning.

A *row* is a lawful seat with the label its group would bear. A *column* is a group (seat, label, items), an attachment
(host, item) or an item left uncovered. R rows, I items, H hosts; costs are whole numbers held in floats, `inf` =
forbidden.

Formulation after Balinski & Quandt (1964), "On an integer program for a delivery problem"; the cost of a group is
measured to a seat as in the capacitated p-median problem (Lorena & Senne 2004).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from liaoyuan.solvers.coverage import locks
from liaoyuan.solvers.coverage.items import Items, lay_out
from liaoyuan.solvers.coverage.records import Host, Instance, Organization

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_BLOCK: Final = 256
_WIDE: Final = 4_000_000


class Column(NamedTuple):
    """A choice: a group when `seat` ≥ 0, an attachment when `host` ≥ 0, else one item left uncovered.

    `items` ascend, `cost` is whole, `seat` is a unit's number, `label` a number of `Problem.labels` or -1.
    """

    cost: int
    items: tuple[int, ...]
    seat: int = -1
    label: int = -1
    host: int = -1


class Row(NamedTuple):
    """A seat that may found or continue a group: its item, unit, label (-1 = new) and the cost before others join."""

    base: int
    seat: int
    label: int
    fixed: int


@dataclass(frozen=True)
class Problem:
    """The arrays of one instance.

    Items of equal (units, members) stand together: `classes` holds (units, members, slice of items); `bases` the same
    for the rows' own items. `special` are columns that locks bring, `special_of[k]` says which of them exclude each
    other. `penalty` (I) includes `extra` where a lock forces the item to be placed: locks come before costs.
    `most` groups may bear one label: one in a plan, p in a p-median problem.
    """

    instance: Instance
    laid: Items
    hosts: tuple[Host, ...]
    labels: tuple[str, ...]
    size: Ints
    members: Ints
    penalty: Floats
    forced: NDArray[np.bool_]
    classes: tuple[tuple[int, int, slice], ...]
    bases: tuple[tuple[int, int, slice], ...]
    seat: Ints
    label: Ints
    base: Ints
    fixed: Floats
    cost: NDArray[Any]
    attach: Floats
    special: tuple[Column, ...]
    special_of: tuple[int, ...]
    offset: int
    extra: int
    most: int = 1

    @property
    def count(self) -> int:
        """Number of items."""
        return len(self.laid.items)

    def alone(self, item: int) -> Column:
        """The column that leaves an item uncovered."""
        return Column(int(self.penalty[item]), (item,))

    def group(self, row: int, others: Sequence[int]) -> Column:
        """The column of a row with these further items."""
        cost = float(self.fixed[row]) + sum(float(self.cost[row, i]) for i in others)
        items = tuple(sorted((int(self.base[row]), *(int(i) for i in others))))
        return Column(round(cost), items, int(self.seat[row]), int(self.label[row]))

    def attachment(self, host: int, item: int) -> Column:
        """The column that attaches an item to a host."""
        return Column(round(float(self.attach[host, item])), (item,), host=host)


def build(instance: Instance) -> Problem:
    """The arrays of an instance."""
    laid = lay_out(instance)
    params = instance.params
    labels = tuple(sorted({row.branch for row in laid.units if row.branch is not None}))
    size = np.array([len(item) for item in laid.items], dtype=np.int64)
    members = np.array([laid.members_of(i) for i in range(len(laid.items))], dtype=np.int64)
    forced = np.array([len(item) > 1 or item[0] in laid.seats for item in laid.items], dtype=bool)
    prices = [params.p_member if row.members else params.p_none for row in laid.units]
    penalty = np.array([float(sum(prices[u] for u in item)) for item in laid.items], dtype=np.float64)
    extra = 20 * (params.p_member + params.p_none + params.f_new + params.attach + params.move + 10_000)
    arcs = _Arcs(instance, laid, labels)
    rows = _rows(instance, laid, arcs)
    special, special_of = _special(instance, laid, arcs)
    return Problem(
        instance=instance,
        laid=laid,
        hosts=instance.hosts,
        labels=labels,
        size=size,
        members=members,
        penalty=penalty + extra * forced,
        forced=forced,
        classes=_runs(list(zip(size.tolist(), members.tolist(), strict=True))),
        bases=_runs([(int(size[row.base]), int(members[row.base])) for row in rows]),
        seat=np.array([row.seat for row in rows], dtype=np.int64),
        label=np.array([row.label for row in rows], dtype=np.int64),
        base=np.array([row.base for row in rows], dtype=np.int64),
        fixed=np.array([row.fixed for row in rows], dtype=np.float64),
        cost=_costs(laid, arcs, rows),
        attach=_attachments(instance, laid, arcs, size, members),
        special=special,
        special_of=special_of,
        offset=sum(params.p_member if instance.by_id[one].members else params.p_none for one in laid.lost),
        extra=extra,
    )


class _Arcs:
    """Arc costs between many units and many seats at once, from one description of both."""

    def __init__(self, instance: Instance, laid: Items, labels: tuple[str, ...]) -> None:
        self.params = instance.params
        self.labels = {label: n for n, label in enumerate(labels)}
        codes: dict[tuple[str, str], int] = {}
        self.units = self._described(laid.units, codes)
        self.hosts = self._described(instance.hosts, codes)
        self.branch = np.array(
            [self.labels[u.branch] if u.branch is not None else -1 for u in laid.units], dtype=np.int64
        )

    def _described(self, rows: Sequence[Organization | Host], codes: dict[tuple[str, str], int]) -> tuple[Floats, Ints]:
        points = np.array([(np.nan if r.x is None else r.x, np.nan if r.y is None else r.y) for r in rows]).reshape(
            -1, 2
        )
        words = [[("field", r.field), ("street", r.street), ("unit", r.unit)] for r in rows]
        numbers = [[-1 if w is None else codes.setdefault((k, w), len(codes)) for k, w in row] for row in words]
        return points, np.array(numbers, dtype=np.int64).reshape(-1, 3)

    def to(self, there: tuple[Floats, Ints]) -> Floats:
        """Cost from every unit to these places (places x units), `inf` beyond the radius."""
        points, words = there
        mine, own = self.units
        dx = points[:, :1] - mine[None, :, 0]
        dy = points[:, 1:] - mine[None, :, 1]
        distance = np.sqrt(dx * dx + dy * dy)
        cost = np.rint(self.params.dist_factor * distance)
        for at, weight in enumerate((self.params.w_field, self.params.w_street, self.params.w_unit)):
            a, b = words[:, at : at + 1], own[None, :, at]
            cost += weight * ((a != b) & (a >= 0) & (b >= 0))
        cost[~(distance <= self.params.radius_m)] = np.inf
        return cost

    def seats(self, units: Sequence[int], labels: Sequence[int]) -> Floats:
        """Cost from every unit to seats that bear labels, moving counted (seats x units)."""
        at = np.array(units, dtype=np.int64)
        cost = self.to((self.units[0][at], self.units[1][at]))
        cost[np.arange(len(at)), at] = 0.0
        names = np.array(labels, dtype=np.int64)[:, None]
        cost += self.params.move * ((self.branch[None, :] >= 0) & (self.branch[None, :] != names))
        return cost

    def founding(self, label: int) -> int:
        """Cost of a group before anybody travels."""
        return self.params.f_keep if label >= 0 else self.params.f_new


def _rows(instance: Instance, laid: Items, arcs: _Arcs) -> list[Row]:
    rows = []
    for base, item in enumerate(laid.items):
        if base in laid.groups or len(item) > instance.params.max_units:
            continue
        for seat in laid.seat_candidates(item):
            for label in sorted({-1, int(arcs.branch[seat])}):
                own = float(arcs.seats([seat], [label])[0, list(item)].sum()) if len(item) > 1 else 0.0
                if len(item) == 1 and label < 0 <= arcs.branch[seat]:
                    own = float(instance.params.move)
                if np.isfinite(own):
                    rows.append(Row(base, seat, label, arcs.founding(label) + round(own)))
    return rows


def _costs(laid: Items, arcs: _Arcs, rows: list[Row]) -> NDArray[Any]:
    """Cost of each item in each row (R x I); a wide matrix is float32, where whole numbers below 2^24 are exact."""
    single = np.array([item[0] for item in laid.items], dtype=np.int64)
    tied = [i for i, item in enumerate(laid.items) if len(item) > 1]
    closed = sorted(laid.groups | {laid.home[u] for u in laid.seats})
    foes: dict[int, list[int]] = {}
    for one, other in laid.conflicts:
        foes.setdefault(one, []).append(other)
        foes.setdefault(other, []).append(one)
    blocks: list[NDArray[Any]] = []
    wide = len(rows) * len(laid.items) > _WIDE
    for begin in range(0, len(rows), _BLOCK):
        part = rows[begin : begin + _BLOCK]
        whole = arcs.seats([row.seat for row in part], [row.label for row in part])
        cost = whole[:, single]
        for i in tied:
            cost[:, i] = whole[:, list(laid.items[i])].sum(axis=1)
        cost[:, closed] = np.inf
        for at, row in enumerate(part):
            cost[at, row.base] = np.inf
            cost[at, foes.get(row.base, [])] = np.inf
        top = cost[np.isfinite(cost)].max(initial=0.0)
        blocks.append(cost.astype(np.float32) if wide and top < 2**24 else cost)
    return np.concatenate(blocks) if blocks else np.zeros((0, len(laid.items)))


def _attachments(instance: Instance, laid: Items, arcs: _Arcs, size: Ints, members: Ints) -> Floats:
    """Cost of attaching each item to each host (H x I)."""
    each = arcs.to(arcs.hosts) + instance.params.attach + instance.params.move * (arcs.branch[None, :] >= 0)
    cost = np.zeros((len(instance.hosts), len(laid.items)))
    for i, item in enumerate(laid.items):
        cost[:, i] = each[:, list(item)].sum(axis=1)
    slots = np.array([host.slots for host in instance.hosts], dtype=np.int64)[:, None]
    room = np.array([host.member_room for host in instance.hosts], dtype=np.int64)[:, None]
    cost[(size[None, :] > slots) | (members[None, :] > room)] = np.inf
    cost[:, sorted(laid.groups | {laid.home[u] for u in laid.seats})] = np.inf
    return cost


def _special(instance: Instance, laid: Items, arcs: _Arcs) -> tuple[tuple[Column, ...], tuple[int, ...]]:
    """Columns of locked groups and of groups that may pass the limits."""
    sets = [laid.items[i] for i in sorted(laid.groups)]
    foes = set(laid.conflicts)
    for lock in instance.locks:
        if lock.kind == "allow" and all(one in laid.number for one in lock.ids):
            units = tuple(laid.number[one] for one in lock.ids)
            homes = sorted({laid.home[u] for u in units})
            whole = sorted(u for i in homes for u in laid.items[i]) == list(units)
            torn = any((a, b) in foes for a in homes for b in homes) or bool(laid.groups & set(homes))
            members = sum(laid.units[u].members for u in units)
            most = locks.allowed(instance, lock.ids)
            lawful = instance.params.min_members <= members <= most[1] and len(units) <= most[0]
            if whole and not torn and lawful and units not in sets:
                sets.append(units)
    found, kinds = [], []
    for kind, units in enumerate(sets):
        items = tuple(sorted({laid.home[u] for u in units}))
        for seat in laid.seat_candidates(units):
            for label in sorted({-1, int(arcs.branch[seat])}):
                cost = float(arcs.seats([seat], [label])[0, list(units)].sum())
                if np.isfinite(cost):
                    found.append(Column(arcs.founding(label) + round(cost), items, seat, label))
                    kinds.append(kind)
    return tuple(found), tuple(kinds)


def _runs(keys: list[tuple[int, int]]) -> tuple[tuple[int, int, slice], ...]:
    """Stretches of equal keys: (units, members, slice)."""
    runs: list[tuple[int, int, slice]] = []
    begin = 0
    for at in range(1, len(keys) + 1):
        if at == len(keys) or keys[at] != keys[begin]:
            runs.append((*keys[begin], slice(begin, at)))
            begin = at
    return tuple(runs)
