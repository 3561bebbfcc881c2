"""The register on a day as an instance of the planner: who is in play, where, how many members, what stands already.

In play are the bodies that coverage counts (`party.queries.coverage.base`) and that have no branch of their own, are
named by no branch of their trade or area, and wait for no application to found or join one. Units of a joint branch are
in play with it as their present branch, unless it cannot be planned as a whole: it was made by an earlier plan, or has
units that are not in play (without members, say, where only bodies with members are planned). Such a branch stays as it
is and may take units in, as branches of a trade or area may.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from liaoyuan.kit.geo import Point
from liaoyuan.party.choices.organizations import BranchKind, Form, FoundingState
from liaoyuan.party.choices.reorganizing import ChangeState
from liaoyuan.party.models import Formation, Founding, FoundingUnit, PartyOrganization, ReorganizationUnit, Unit
from liaoyuan.party.queries import counts
from liaoyuan.party.queries import coverage as figures
from liaoyuan.party.queries.coverage import JOINT, Asked
from liaoyuan.party.queries.ending import OVER
from liaoyuan.planning.choices.words import Count, Fallback, Mode
from liaoyuan.planning.models import PlanGroup
from liaoyuan.planning.queries import carrying
from liaoyuan.planning.rules.naming import branch_id
from liaoyuan.planning.rules.places import DEGREE
from liaoyuan.registry.models import Standing

#: What a body's row tells, in this order.
COLUMNS = ("organization_id", "district_field", "street_id", "supervisor", "longitude", "latitude",
           "community__longitude", "community__latitude", "street__longitude", "street__latitude")  # fmt: skip


@dataclass(frozen=True)
class Snapshot:
    """`raw` is the instance without locks; `fallbacks` says for bodies without a point of their own whose it is; `kept`
    bodies are covered or waiting and so not in play. `origin` is where the instance counts its metres from, in WGS-84.
    """

    raw: dict[str, Any]
    fallbacks: dict[str, str]
    kept: int
    origin: Point | None = None


@dataclass(frozen=True, slots=True)
class Body:
    """One body where it stands: its own point, else that of its community or street, as `fallback` says."""

    key: int
    field: str
    street: int | None
    supervisor: str
    point: tuple[float, float] | None
    fallback: str


def read(asked: Asked, *, count: str, mode: str, params: Mapping[str, Any]) -> Snapshot:
    """The instance of an area on a day as known at a moment. A fixed number of statements, whatever the area holds."""
    bodies = {body.key: body for body in map(body_of, figures.base(asked).order_by().values_list(*COLUMNS))}
    told = _covering(asked)
    waiting = waiting_bodies() | carried_bodies()
    joint = {key: party for key, (party, way) in told.items() if way == JOINT}
    members = _members(asked, count)
    free = {key for key in bodies if key not in waiting and (key not in told or key in joint)}
    playing = {key for key in free if members.get(key) or mode == Mode.FILL}
    whole = _whole(asked, playing, set(joint.values()))
    playing -= {key for key in playing if key in joint and joint[key] not in whole}
    kept = len(bodies.keys() - free) + len({key for key in free if key in joint and joint[key] not in whole})
    shown = sorted(playing)
    origin = middle(bodies[key].point for key in shown)
    flat = _flat(origin)
    rows = [_row(bodies[key], members.get(key, 0), joint.get(key), flat) for key in shown]
    hosts = _hosts(asked, whole, flat, int(params["max_units"]), int(params["max_members"]))
    branches = sorted({row["branch"] for row in rows if row["branch"]})
    raw = {
        "params": {**params, "mode": mode}, "organizations": rows, "hosts": hosts,
        "branches": [{"id": one} for one in branches], "locks": [],
    }  # fmt: skip
    fallbacks = {str(key): bodies[key].fallback for key in shown if bodies[key].fallback}
    return Snapshot(raw, fallbacks, kept, origin)


def body_of(row: tuple[Any, ...]) -> Body:
    """A row of `COLUMNS`."""
    key, field, street, supervisor, *places = row
    for kind, (x, y) in zip(
        (Fallback.OWN, Fallback.COMMUNITY, Fallback.STREET), zip(places[::2], places[1::2], strict=True), strict=True
    ):
        if x is not None and y is not None:
            return Body(key, field, street, supervisor, (x, y), str(kind))
    return Body(key, field, street, supervisor, None, str(Fallback.NONE))


def _members(asked: Asked, count: str) -> dict[int, int]:
    """Full members by body: formal ones, or also those who agreed in writing to transfer (handbook §2.8)."""
    both = count == Count.COMMITTED
    return {key: formal + committed * both for key, (formal, _p, committed, _d) in asked.heads.items()}


def _covering(asked: Asked) -> dict[int, tuple[int, str]]:
    """Body → (party organization, way) of what covers it; its own branch and one of its trade or area come first."""
    form, kind = "party_organization__formations__form", "party_organization__formations__branch_kind"
    found: dict[int, tuple[int, str]] = {}
    rows = figures.covers(asked).order_by("pk").values_list("organization_id", "party_organization_id", form, kind)
    for body, party, form_, kind_ in rows:
        way = figures.way_of(form_, kind_)
        if body not in found or found[body][1] == JOINT:
            found[body] = party, way
    return found


def waiting_bodies() -> set[int]:
    """Bodies that an application to found a branch or to join one names, which is not over."""
    course = [FoundingState.DRAFT.value, FoundingState.APPLIED.value, FoundingState.APPROVED.value]
    foundings = Founding.objects.filter(state__in=course).exclude(OVER)
    found = set(foundings.filter(applicant__isnull=False).values_list("applicant_id", flat=True))
    found |= set(_bodies(FoundingUnit.objects.filter(founding__in=foundings)))
    joining = ReorganizationUnit.objects.filter(
        joins=True, reorganization__state__in=[ChangeState.DRAFT.value, ChangeState.APPLIED.value]
    ).exclude(carrying.over("reorganization__"))
    return found | set(_bodies(joining))


def carried_bodies() -> set[int]:
    """Bodies of branches that carried-out groups of any plan made, as they stand now: a scenario of an earlier day does
    not know them yet, and leaves them alone all the same.
    """
    return set(_bodies(Unit.objects.now_open().filter(party_organization__in=_made())))


def _made() -> set[int]:
    pairs = PlanGroup.objects.filter(carrying.standing()).values_list("founding__party_organization_id", "label_id")
    return {party for pair in pairs for party in pair if party}


def _bodies(rows: Any) -> Iterable[int]:
    return rows.filter(organization__isnull=False).order_by().values_list("organization_id", flat=True)


def _whole(asked: Asked, playing: set[int], parties: set[int]) -> set[int]:
    """Joint branches that may be planned anew: all their units are in play, and no plan made them."""
    rows = _units(asked).filter(party_organization__in=parties)
    torn = {party for party, body in rows.values_list("party_organization_id", "organization_id")
            if body not in playing}  # fmt: skip
    return parties - torn - _made()


def _units(asked: Asked) -> Any:
    rows = figures.known(Unit.objects, asked.known_at)
    return rows.filter(valid_from__lte=asked.on, valid_to__gt=asked.on).order_by("pk")


def middle(points: Iterable[Point | None]) -> Point:
    """The middle of the points that are known, to the hundred metres: metres are counted from there."""
    known = [point for point in points if point is not None]
    east = round(sum(x for x, _y in known) / len(known), 3) if known else 0.0
    north = round(sum(y for _x, y in known) / len(known), 3) if known else 0.0
    return east, north


def _flat(origin: Point) -> Any:
    """Degrees as metres east and north of an origin, to the decimetre (`rules.places` takes them back)."""
    (east, north), shrink = origin, math.cos(math.radians(origin[1]))

    def flat(point: tuple[float, float] | None) -> tuple[float | None, float | None]:
        if point is None:
            return None, None
        return round((point[0] - east) * shrink * DEGREE, 1), round((point[1] - north) * DEGREE, 1)

    return flat


def _row(body: Body, members: int, branch: int | None, flat: Any) -> dict[str, Any]:
    x, y = flat(body.point)
    return {
        "id": str(body.key), "x": x, "y": y, "field": body.field or None,
        "street": str(body.street) if body.street else None, "unit": body.supervisor or None, "members": members,
        "branch": branch_id(branch) if branch else None,
    }  # fmt: skip


def _hosts(asked: Asked, whole: set[int], flat: Any, most: int, crowd: int) -> list[dict[str, Any]]:
    """Branches that take units in: joint ones that stay as they are, and those of a trade or area, with what is free.

    A host stands where its carrier does, else where its first unit does.
    """
    rows = figures.known(Formation.objects, asked.known_at).filter(
        valid_from__lte=asked.on, valid_to__gt=asked.on, form=Form.BRANCH.value,
        branch_kind__in=[BranchKind.JOINT.value, BranchKind.ATTACHED.value],
    )  # fmt: skip
    alive = PartyOrganization.objects.known().filter(
        established_on__lte=asked.on, area__path__startswith=asked.area.path
    )
    alive = alive.filter(Q(dissolved_on__isnull=True) | Q(dissolved_on__gt=asked.on)).exclude(pk__in=whole)
    carriers = dict(rows.filter(party_organization__in=alive).order_by("party_organization")
                    .values_list("party_organization_id", "carrier_id"))  # fmt: skip
    units: dict[int, list[int | None]] = {key: [] for key in carriers}
    for party, body in (
        _units(asked).filter(party_organization__in=carriers).values_list("party_organization_id", "organization_id")
    ):
        units[party].append(body)
    seats = {key: carriers[key] or next((body for body in units[key] if body), None) for key in carriers}
    standing = figures.known(Standing.objects, asked.known_at).filter(
        organization__in={seat for seat in seats.values() if seat}, valid_from__lte=asked.on, valid_to__gt=asked.on
    )
    places = {body.key: body for body in map(body_of, standing.values_list(*COLUMNS))}
    heads = counts.of_branches(carriers, asked.on)
    found = []
    for key in sorted(carriers):
        seat = places.get(seats[key] or 0)
        slots, room = most - len(units[key]), crowd - heads[key].counted()
        if seat is None or slots < 1 or room < 1:
            continue
        x, y = flat(seat.point)
        found.append({
            "id": branch_id(key), "x": x, "y": y, "field": seat.field or None,
            "street": str(seat.street) if seat.street else None, "unit": None, "slots": slots, "member_room": room,
        })  # fmt: skip
    return found
