"""A map of an area's bodies without tiles, as points of an SVG with its numbers beside, and pilots by quarter."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from math import cos, radians
from typing import Any

from django.db.models import BooleanField, Case, Q, Value, When
from django.utils.translation import gettext as _

from liaoyuan.party.choices.coverage import PilotState
from liaoyuan.party.models import Pilot, Unit
from liaoyuan.party.queries import coverage as figures
from liaoyuan.party.queries.coverage import Asked
from liaoyuan.party.queries.coverage_stats import quarters
from liaoyuan.registry.queries.statistics import OUTSIDE, UNKNOWN

#: Width of the map in its own units; points beyond `MOST` are drawn as cells of a grid.
WIDTH, MARGIN, MOST = 640, 16, 2000
STATE_TITLES: dict[str, str] = {
    "pilot": "试点组织", "covered": "组织覆盖", "worked": "指导员、联络员联系", "open": "没有覆盖",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dot:
    """One body, or as many as share a cell: place in the map's units, state, how many, name when it is one."""

    x: int
    y: int
    state: str
    many: int
    name: str


@dataclass(frozen=True, slots=True)
class Map:
    """Points and their sums by state; `without` bodies have no point. `labels` name streets at the middle of their
    points; `streets` are the same bodies by street: (name, counts in the order of `STATE_TITLES`, without a point).
    """

    width: int
    height: int
    dots: tuple[Dot, ...]
    sums: tuple[tuple[str, str, int], ...]
    without: int
    labels: tuple[tuple[str, int, int], ...] = ()
    streets: tuple[tuple[str, tuple[int, ...], int], ...] = ()


def district_map(asked: Asked) -> Map:
    """The bodies of D1 on the day by what covers them, in two statements. Bodies, never persons."""
    by = figures.conditions(asked)
    shown = figures.gap_conditions(by)
    piloted = _piloted(asked)

    def flag(name: str) -> Case:
        return Case(When(shown[name], then=Value(True)), default=Value(False), output_field=BooleanField())

    rows = figures.base(asked).annotate(
        covered=flag("covered"), worked=flag("worked"), place=figures.street_mark(asked.area)
    ).order_by("organization_id")  # fmt: skip
    placed, cells = [], Counter[tuple[str, str]]()
    for key, name, x, y, covered, worked, street in rows.values_list(
        "organization_id", "name", "longitude", "latitude", "covered", "worked", "place"
    ).iterator(chunk_size=5000):
        state = "pilot" if key in piloted else "covered" if covered else "worked" if worked else "open"
        cells[street, state] += 1
        if x is None or y is None:
            cells[street, ""] += 1
        else:
            placed.append((x, y, state, name, street))
    streets = tuple(
        (_(street), tuple(cells[street, state] for state in STATE_TITLES), cells[street, ""])
        for street in sorted({street for street, _state in cells}, key=lambda name: (name in (UNKNOWN, OUTSIDE), name))
    )
    sums = [sum(counts[place] for _name, counts, _without in streets) for place in range(len(STATE_TITLES))]
    told = tuple((state, _(title), n) for (state, title), n in zip(STATE_TITLES.items(), sums, strict=True))
    without = sum(line[2] for line in streets)
    if not placed:
        return Map(WIDTH, WIDTH // 2, (), told, without, (), streets)
    return _drawn(placed, told, without, streets)


def _piloted(asked: Asked) -> set[int]:
    """Bodies at which something is tried on the day, or was and may spread: they themselves, or their branch."""
    gone = Q(state=PilotState.STOPPED.value, closed_on__lte=asked.on)
    rows = Pilot.objects.filter(chosen_on__lte=asked.on).exclude(gone)
    found = set(rows.filter(organization__isnull=False).values_list("organization_id", flat=True))
    parties = rows.filter(party_organization__isnull=False).values("party_organization")
    units = figures.known(Unit.objects, asked.known_at).filter(
        party_organization__in=parties, organization__isnull=False, valid_from__lte=asked.on, valid_to__gt=asked.on
    )
    return found | set(units.values_list("organization_id", flat=True))


def _drawn(placed: list[tuple[float, float, str, str, str]], told: Any, without: int, streets: Any) -> Map:
    left, right = min(p[0] for p in placed), max(p[0] for p in placed)
    low, high = min(p[1] for p in placed), max(p[1] for p in placed)
    shrink = cos(radians((low + high) / 2))
    scale = (WIDTH - 2 * MARGIN) / max((right - left) * shrink, (high - low), 0.001)
    height = round((high - low) * scale) + 2 * MARGIN
    step = 1 if len(placed) <= MOST else 8
    cells: dict[tuple[int, int, str], list[str]] = {}
    middles: dict[str, list[tuple[int, int]]] = {}
    for x, y, state, name, street in placed:
        column = round(MARGIN + (x - left) * shrink * scale) // step * step
        line = round(MARGIN + (high - y) * scale) // step * step
        cells.setdefault((column, line, state), []).append(name)
        if street not in (UNKNOWN, OUTSIDE):
            middles.setdefault(street, []).append((column, line))
    labels = tuple(
        (street, sum(x for x, _y in points) // len(points), sum(y for _x, y in points) // len(points))
        for street, points in sorted(middles.items())
    )
    order = list(STATE_TITLES)[::-1]
    dots = tuple(
        Dot(x, y, state, len(names), names[0] if len(names) == 1 else "")
        for (x, y, state), names in sorted(cells.items(), key=lambda cell: (order.index(cell[0][2]), cell[0]))
    )
    return Map(WIDTH, max(height, 2 * MARGIN), dots, told, without, labels, streets)


def pilots_by_quarter(user: Any, asked: Asked) -> list[tuple[date, int, int, int]]:
    """(day, pilots chosen by then, with a result that spreads, bodies or branches of later waves) by quarter."""
    rows = list(Pilot.objects.visible_to(user).filter(area__path__startswith=asked.area.path))
    found = []
    for day in quarters(asked.on):
        chosen = [row for row in rows if row.chosen_on <= day]
        ripe = [row for row in chosen if row.state == PilotState.SPREAD and row.closed_on and row.closed_on <= day]
        found.append((day, len(chosen), len(ripe), sum(row.wave > 1 for row in chosen)))
    return found
