"""An instance of the coverage planner as plain frozen records.

Units: coordinates and radius in metres, all costs whole metre-equivalents, members are persons. Contract:
docs/guide/planner.md.
"""

import json
import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any


@dataclass(frozen=True, slots=True)
class Params:
    """Limits and weights; the defaults are those of the contract.

    `max_units` units and `min_members`-`max_members` persons a group; `radius_m` metres of straight line;
    `dist_factor` travel metres per metre; the rest are costs. `mode` is "members" (only units with members) or "fill"
    (units without members fill free places).
    """

    max_units: int = 5
    min_members: int = 3
    max_members: int = 50
    radius_m: float = 8000
    dist_factor: float = 1.3
    w_field: int = 1500
    w_street: int = 800
    w_unit: int = 200
    f_new: int = 4000
    f_keep: int = 2500
    move: int = 1500
    attach: int = 2500
    p_member: int = 60000
    p_none: int = 2500
    mode: str = "members"


@dataclass(frozen=True, slots=True)
class Organization:
    """A unit: place (None = unknown), what it is like, persons that count, its present joint branch."""

    id: str
    x: float | None
    y: float | None
    field: str | None
    street: str | None
    unit: str | None
    members: int
    branch: str | None


@dataclass(frozen=True, slots=True)
class Host:
    """An existing branch that takes units in: at most `slots` units and `member_room` persons."""

    id: str
    x: float | None
    y: float | None
    field: str | None
    street: str | None
    unit: str | None
    slots: int
    member_room: int


@dataclass(frozen=True, slots=True)
class Lock:
    """A decision of staff. `number` counts from 1 in the file; limits are given by `allow` only."""

    number: int
    kind: str
    ids: tuple[str, ...]
    max_units: int | None = None
    max_members: int | None = None
    reason: str = ""


@dataclass(frozen=True)
class Instance:
    """Everything a plan is made from. `digest` is the SHA-256 of the canonical JSON of what was given."""

    params: Params
    organizations: tuple[Organization, ...]
    hosts: tuple[Host, ...]
    branches: tuple[str, ...]
    locks: tuple[Lock, ...]
    digest: str = field(default="", compare=False)

    @cached_property
    def by_id(self) -> dict[str, Organization]:
        """Organizations by id."""
        return {row.id: row for row in self.organizations}

    def is_independent(self, row: Organization) -> bool:
        """Whether the organization founds a branch of its own."""
        return row.members >= self.params.min_members

    def in_play(self, row: Organization) -> bool:
        """Whether the organization is to be grouped, attached or left uncovered."""
        return not self.is_independent(row) and (row.members > 0 or self.params.mode == "fill")

    @cached_property
    def over_limit(self) -> dict[str, tuple[str, ...]]:
        """Present branches whose located units in play exceed a limit, with these units: kept as they are."""
        found: dict[str, list[Organization]] = {}
        for row in self.organizations:
            if row.branch is not None and self.in_play(row) and row.x is not None:
                found.setdefault(row.branch, []).append(row)
        most = self.params
        return {
            branch: tuple(row.id for row in rows)
            for branch, rows in sorted(found.items())
            if len(rows) > most.max_units or sum(row.members for row in rows) > most.max_members
        }

    def arc(self, one: Organization, seat: Organization | Host) -> int | None:
        """Cost of `one` travelling to a seat or host; None beyond the radius or without a place."""
        if one.x is None or one.y is None or seat.x is None or seat.y is None:
            return None
        dx, dy = one.x - seat.x, one.y - seat.y
        distance = math.sqrt(dx * dx + dy * dy)
        if distance > self.params.radius_m:
            return None
        return (
            round(self.params.dist_factor * distance)
            + self.params.w_field * _differs(one.field, seat.field)
            + self.params.w_street * _differs(one.street, seat.street)
            + self.params.w_unit * _differs(one.unit, seat.unit)
        )


def _differs(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and one != other


def canonical(value: Any) -> bytes:
    """Canonical JSON: sorted keys, no blanks, UTF-8. What hashes are taken of."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "replace")
