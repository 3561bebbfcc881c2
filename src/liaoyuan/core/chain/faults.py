"""What a check of the chain found, and the cases that only the end of the chain decides.

Two rows swapped far apart look, each in its own place, like a changed row. So rows that fit nowhere and places that
nobody fills are kept (a bounded number of them) and set against each other at the end.
"""

from dataclasses import dataclass, field
from typing import Any

from liaoyuan.core.chain.links import Fitting, Link

CHANGED = "changed"
DELETED = "deleted"
INSERTED = "inserted"
REORDERED = "reordered"
CUT = "cut"
REWRITTEN = "rewritten"
#: At most so many faults are told one by one; the rest is counted.
TOLD = 1000
#: At most so many cases wait for the end (each row is tried in each place).
WAITING = 300


@dataclass(slots=True)
class Fault:
    """One manipulation. `seq` is the number the auditor finds in the database, or the number that is missing there.

    `through` is the last number concerned where one fault speaks of several.
    """

    kind: str
    seq: int | None
    through: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON shape."""
        told: dict[str, Any] = {"kind": self.kind, "seq": self.seq}
        if self.through is not None and self.through != self.seq:
            told["through"] = self.through
        return told


@dataclass(slots=True)
class Place:
    """A number of the chain whose hash before and after are known, but which no row in sight fills.

    `occupant_id` is the identity of the row that stands there now.
    """

    position: int
    before: str
    after: str
    fault: Fault
    occupant_id: Any = None


@dataclass(slots=True)
class Stray:
    """A row that fits in no place in sight."""

    link: Link
    fault: Fault


@dataclass(slots=True)
class Faults:
    """The faults found so far, in the order of the chain, and what still waits."""

    found: list[Fault] = field(default_factory=list)
    more: int = 0
    places: list[Place] = field(default_factory=list)
    strays: list[Stray] = field(default_factory=list)

    def add(self, kind: str, seq: int | None, through: int | None = None) -> Fault:
        """Note a fault."""
        fault = Fault(kind, seq, through)
        if len(self.found) < TOLD:
            self.found.append(fault)
        else:
            self.more += 1
        return fault

    def leave_place(self, position: int, before: str, after: str, fault: Fault, occupant: Link | None) -> None:
        """Keep a place that nobody fills."""
        if len(self.places) < WAITING:
            identity = occupant.content.get("id") if occupant is not None else None
            self.places.append(Place(position, before, after, fault, identity))

    def leave_stray(self, link: Link, fault: Fault) -> None:
        """Keep a row that fits nowhere."""
        if len(self.strays) < WAITING:
            self.strays.append(Stray(link, fault))

    def resolve(self, fits: Fitting) -> None:
        """Try every stray in every place: what fits elsewhere was moved, not changed, inserted or deleted."""
        gone: set[int] = set()
        for stray in self.strays:
            for place in self.places:
                if place.fault is stray.fault or not _belongs(stray.link, place, fits):
                    continue
                stray.fault.kind = REORDERED
                if place.fault.kind == DELETED:
                    gone.add(id(place.fault))
                else:
                    place.fault.kind = REORDERED
                break
        self.found = [fault for fault in self.found if id(fault) not in gone]
        self.strays.clear()
        self.places.clear()


def _belongs(link: Link, place: Place, fits: Fitting) -> bool:
    if fits(link.content, place.position, place.before, place.after):
        return True
    if place.occupant_id is None or place.occupant_id == link.content.get("id"):
        return False
    return fits({**link.content, "id": place.occupant_id}, place.position, place.before, place.after)
