"""Who needs an instructor, who has places free, and the assignment of least way: the register in, an answer out.

A body needs one when it is counted (`party.queries.coverage.base`), covered by nothing and without a valid letter, on
the plan's day and still now. An instructor's load is counted as PB-INS-01 counts it: every body that he looks after or
is to look after. Who is only a liaison inside a body is not sent to others.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.db.models import Q

from liaoyuan.core.models import Area
from liaoyuan.party.choices.coverage import InstructorKind, InstructorSource
from liaoyuan.party.models import Instructor, InstructorAssignment
from liaoyuan.party.queries import coverage as figures
from liaoyuan.party.queries.coverage import Asked
from liaoyuan.planning.choices.words import NEED_RANKS, Fallback, Need, PinKind, Place, Station
from liaoyuan.planning.models import InstructorLine, InstructorPin, InstructorProposal, Plan
from liaoyuan.planning.queries import snapshot

#: The rule that a body without members has an instructor, and the figures that bound an instructor's work.
RULES: Final = ("PB-COV-03", "PB-INS-01")
MOST, MONTHS, STREET = "pb.ins.bodies", "pb.ins.term_months", "w_street"
_EARTH = 6_371_008.8


def read(proposal: InstructorProposal) -> dict[str, Any]:
    """The instance: who needs one, who may be sent, what staff fixed and barred. A fixed number of statements."""
    plan, on = proposal.plan, proposal.on
    area = plan.scenario.area
    bodies = needing(plan, on)
    helpers = serving(area, on)
    pins = InstructorPin.objects.held().filter(scenario=plan.scenario_id).order_by("pk")
    told: dict[str, list[list[int]]] = {str(kind): [] for kind in PinKind}
    for kind, body, instructor in pins.values_list("kind", "organization_id", "instructor_id"):
        told[kind].append([body, instructor])
    limits = figures.limits_on(area, on)
    rows = InstructorLine.objects.filter(proposal=proposal.earlier_id, instructor__isnull=False, accepted_at=None)
    before = [list(pair) for pair in rows.order_by("organization").values_list("organization_id", "instructor_id")]
    return {
        "earlier": before, "on": on.isoformat(), "bodies": bodies, "instructors": helpers, "pins": told,
        "params": {"most": int(limits[MOST]), "months": int(limits[MONTHS]),
                   STREET: int(plan.scenario.weights.get(STREET, 0))},
    }  # fmt: skip


def needing(plan: Plan, on: date) -> list[dict[str, Any]]:
    """The bodies that need an instructor, by key."""
    scenario = plan.scenario
    then, now = Asked(scenario.area, scenario.on, scenario.known_at), Asked(scenario.area, on)
    done: set[int] = set()
    for asked in (then, now):
        done |= set(figures.covers(asked).order_by().values_list("organization_id", flat=True))
        done |= set(figures.letters(asked).order_by().values_list("organization_id", flat=True))
    here = set(figures.base(now).order_by().values_list("organization_id", flat=True))
    left = set(plan.bodies.filter(place=Place.UNCOVERED.value).values_list("organization_id", flat=True))
    columns = (*snapshot.COLUMNS, "industry_regulator")
    found = []
    for row in figures.base(then).order_by().values_list(*columns):
        body = snapshot.body_of(row[:-1])
        if body.key in done or body.key not in here:
            continue
        need = Need.LEFT if body.key in left else Need.WAITS
        if not any(then.heads.get(body.key, (0, 0, 0, 0))[:3]):
            need = Need.NOBODY
        x, y = body.point or (None, None)
        departments = sorted({name for name in (body.supervisor, row[-1]) if name})
        found.append({"id": body.key, "x": x, "y": y, "street": body.street, "departments": departments,
                      "need": str(need), "point": body.fallback})  # fmt: skip
    return sorted(found, key=lambda one: one["id"])


def serving(area: Area, on: date) -> list[dict[str, Any]]:
    """The instructors of an area and of those that it is a part of, with load, limit and where they stand."""
    above = area.path.strip("/").split("/")
    rows = Instructor.objects.serving().filter(Q(area__in=Area.objects.within(area.path)) | Q(area__code__in=above))
    found = list(rows.select_related("area").order_by("pk"))
    held: dict[int, set[int]] = {}
    kinds: dict[int, set[str]] = {}
    given = InstructorAssignment.objects.current().filter(instructor__in=found, valid_to__gt=on)
    for who, body, kind in given.values_list("instructor_id", "organization_id", "kind"):
        held.setdefault(who, set()).add(body)
        kinds.setdefault(who, set()).add(kind)
    limits = figures.limits_in((row.area for row in found), on)
    inside = Area.objects.within(_district(area)).live().filter(level__in=["street", "community"])
    places = list(inside.select_related("parent").order_by("-level", "code"))
    told = []
    for row in found:
        if kinds.get(row.pk) == {str(InstructorKind.LIAISON)}:
            continue
        station, place = _station(row, places)
        most, load = int(limits[row.area_id][MOST]), len(held.get(row.pk, ()))
        industry = row.source == InstructorSource.INDUSTRY
        told.append({
            "id": row.pk, "load": load, "most": most, "x": place.longitude if place else None,
            "y": place.latitude if place else None, "street": _street(place) if station == Station.STREET else None,
            "station": str(station), "words": [w for w in (row.unit, row.sender) if w] if industry else [],
        })  # fmt: skip
    return told


def _district(area: Area) -> str:
    """The path of the district in which the area lies."""
    return area.parent.path if area.level == "street" and area.parent is not None else area.path


def _street(place: Area | None) -> int | None:
    if place is None:
        return None
    return place.parent_id if place.level == "community" else place.pk


def _station(row: Instructor, places: Sequence[Area]) -> tuple[Station, Area | None]:
    """Where he stands: in the street or community that sends him or that his unit names, else at his area's point."""
    if row.area.level in ("street", "community"):
        named: Area | None = row.area
    else:
        inside = [one for one in places if one.name in row.unit or one.name in row.sender]
        named = max(inside, key=lambda one: len(one.name), default=None)
    if named is not None:
        if named.longitude is None and named.level == "community" and named.parent is not None:
            return Station.STREET, named.parent if named.parent.longitude is not None else named
        return (Station.STREET, named) if named.longitude is not None else (Station.NONE, named)
    return (Station.AREA, row.area) if row.area.longitude is not None else (Station.NONE, None)


@dataclass(frozen=True, slots=True)
class Pair:
    """One body with its instructor (None: none is left) as the answer tells it; `metres` None: 0 was counted."""

    body: int
    need: str
    street: int | None
    instructor: int | None = None
    fixed: bool = False
    metres: int | None = None
    cost: int = 0
    second: int | None = None
    price: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The pairs by body, whether the least cost is proven, and in `more` what pages tell beside."""

    pairs: tuple[Pair, ...]
    optimal: bool
    more: Mapping[str, Any] = field(default_factory=dict)


def answer(raw: Mapping[str, Any]) -> Answer:
    """The assignment of least way: as many bodies as there are places, the first rank first; of equal ones that
    with most pairs of the proposal before. The same for ever.
    """
    import numpy as np  # numpy and HiGHS are loaded by who computes, not by every process

    from liaoyuan.solvers import assignment

    bodies, helpers = raw["bodies"], raw["instructors"]
    way, known = _ways(bodies, helpers)
    alike = np.array([[_alike(body, one) for one in helpers] for body in bodies], dtype=bool)
    alike = alike.reshape(len(bodies), len(helpers))
    cost = way + np.where(alike, 0, int(raw["params"][STREET]))
    free = np.array([max(0, one["most"] - one["load"]) for one in helpers], dtype=np.int64)
    allowed = np.ones(cost.shape, dtype=bool)
    rows = {body["id"]: place for place, body in enumerate(bodies)}
    columns = {one["id"]: place for place, one in enumerate(helpers)}
    for body, who in raw["pins"][PinKind.BAR]:
        if body in rows and who in columns:
            allowed[rows[body], columns[who]] = False
    fixed: dict[int, int] = {}
    broken = 0
    for body, who in raw["pins"][PinKind.FIX]:
        if body not in rows:
            continue
        if who in columns and free[columns[who]] > 0:
            fixed[rows[body]] = columns[who]
            free[columns[who]] -= 1
        else:
            broken += 1
    loose = np.array([place for place in range(len(bodies)) if place not in fixed], dtype=np.int64)
    ranks = np.array([NEED_RANKS[body["need"]] for body in bodies], dtype=np.int64)[loose]
    # among the cheapest the one that changes least: each pair that is new counts one part of `whole` parts of a metre
    whole = 2 * len(bodies) + 3 if raw.get("earlier") else 1
    dear = cost * whole + (whole > 1)
    for body, who in raw.get("earlier", ()):
        if body in rows and who in columns:
            dear[rows[body], columns[who]] -= 1
    cut, open_ = dear[loose], allowed[loose]
    found = assignment.assign(cut, open_, 1, free, rank=ranks)
    told = assignment.others(cut, open_, free, ranks, found.pairs)
    at = {**fixed, **{int(loose[job]): int(who) for job, who in found.pairs}}
    prices = np.where(told.price >= 0, (told.price + whole // 2) // whole, -1)
    best = {int(place): (int(told.helper[job]), int(prices[job])) for job, place in enumerate(loose)}
    pairs = []
    for place, body in enumerate(bodies):
        pair: dict[str, Any] = {"body": body["id"], "need": body["need"], "street": body["street"]}
        if place in at:
            who = at[place]
            other, price = best.get(place, (-1, -1))
            pair |= {
                "instructor": helpers[who]["id"], "fixed": place in fixed, "cost": int(cost[place, who]),
                "metres": int(way[place, who]) if known[place, who] else None,
                "second": helpers[other]["id"] if other >= 0 else None, "price": price if price >= 0 else None,
            }  # fmt: skip
        pairs.append(Pair(**pair))
    short = len(bodies) - len(at)
    more: dict[str, Any] = {
        "broken": broken,
        "borrowed": sum(1 for place in at if bodies[place]["point"] in (Fallback.COMMUNITY, Fallback.STREET)),
        "unknown": sum(1 for one in pairs if one.instructor and one.metres is None),
    }
    if short:
        wider = np.array([max(0, one["most"] + 1 - one["load"]) for one in helpers], dtype=np.int64)
        for who in fixed.values():
            wider[who] -= 1
        again = assignment.assign(np.zeros_like(cut), open_, 1, wider, rank=ranks)
        more["hire"] = math.ceil(short / max(1, int(raw["params"]["most"])))
        more["wider"] = len(found.short) - len(again.short)
    return Answer(tuple(pairs), found.optimal, more)


def _alike(body: Mapping[str, Any], one: Mapping[str, Any]) -> bool:
    """Same street, or a department that is over the body and sends the instructor."""
    if body["street"] is not None and body["street"] == one["street"]:
        return True
    return any(
        name in word or (len(word) > 3 and word in name) for name in body["departments"] for word in one["words"]
    )


def _ways(bodies: Sequence[Mapping[str, Any]], helpers: Sequence[Mapping[str, Any]]) -> tuple[Any, Any]:
    """(metres along the globe as whole numbers, 0 where a point is missing; whether both points are known)."""
    import numpy as np

    def points(rows: Iterable[Mapping[str, Any]]) -> Any:
        told = [(math.nan, math.nan) if row["x"] is None else (row["x"], row["y"]) for row in rows]
        return np.radians(np.array(told, dtype=np.float64).reshape(-1, 2))

    (x1, y1), (x2, y2) = points(bodies).T[:, :, None], points(helpers).T[:, None, :]
    half = np.sin((y2 - y1) / 2) ** 2 + np.cos(y1) * np.cos(y2) * np.sin((x2 - x1) / 2) ** 2
    told = 2 * _EARTH * np.arcsin(np.sqrt(np.minimum(half, 1.0)))
    known = ~np.isnan(told)
    return np.where(known, np.rint(np.nan_to_num(told)), 0).astype(np.int64), known
