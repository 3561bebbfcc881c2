"""The register's statistics as a table of rows and columns, with totals that are checked against each other."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet

from liaoyuan.core import access
from liaoyuan.core.models import Area
from liaoyuan.registry.choices import Permission
from liaoyuan.registry.queries import statistics
from liaoyuan.registry.queries.statistics import DIMENSIONS, OUTSIDE, UNKNOWN

#: Dimension → the list page's parameter for the drill-down.
_PARAMETERS = {"type": "kind", "field": "field", "district_field": "district_field", "street": "street",
               "rating": "rating", "status": "status"}  # fmt: skip
_LIST = "/registry/"


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure and the list of records it counts."""

    count: int
    href: str


@dataclass(frozen=True, slots=True)
class Pivot:
    """A table: heads, rows of (word, cells, total), a row of totals. Every figure links to its records."""

    down: str
    across: str
    heads: list[str]
    rows: list[tuple[str, list[Cell], Cell]]
    totals: list[Cell]
    total: Cell
    summary: Mapping[str, Any]

    def as_lists(self) -> list[list[Any]]:
        """Head, rows and totals as plain lists for sheets."""
        head = [DIMENSIONS[self.down][0], *self.heads, "合计"]
        body = [[word, *(c.count for c in cells), total.count] for word, cells, total in self.rows]
        return [head, *body, ["合计", *(c.count for c in self.totals), self.total.count]]


def areas_for(user: Any) -> QuerySet[Area]:
    """The areas whose figures a user may see: those of the grants, and the streets below them."""
    reach = access.reach(user, Permission.STATS)
    paths = reach.paths
    if reach.everything and not paths:
        return Area.objects.filter(level__in=["city", "district"], abolished=False)
    codes = [path.strip("/").split("/")[-1] for path in paths]
    own = Area.objects.filter(code__in=codes)
    return own | Area.objects.filter(parent__code__in=codes).live()


def pivot(area: Area, on: date, *, down: str, across: str, group: str) -> Pivot:
    """Counts by one or two dimensions, of registered or filed bodies."""
    dims = [down, *([across] if across and across != down else [])]
    table = statistics.registry_table(area, on, dims)
    rows = table["filed_rows"] if group == "filed" else table["rows"]
    base = {"as_of": on.isoformat(), "area": area.code, "group": group}
    counts: dict[tuple[Any, Any], int] = {}
    for row in rows:
        key = (row[down], row[across] if len(dims) > 1 else None)
        counts[key] = counts.get(key, 0) + row["count"]
    downs = _ordered(down, {k[0] for k in counts})
    acrosses = _ordered(across, {k[1] for k in counts}) if len(dims) > 1 else []
    body = []
    for value in downs:
        cells = [Cell(counts.get((value, a), 0), _href(base, {down: value, across: a})) for a in acrosses]
        total = sum(n for (d, _a), n in counts.items() if d == value)
        body.append((statistics.word(down, value), cells, Cell(total, _href(base, {down: value}))))
    totals = [
        Cell(sum(n for (_d, a), n in counts.items() if a == head), _href(base, {across: head})) for head in acrosses
    ]
    return Pivot(
        down, across if len(dims) > 1 else "", [statistics.word(across, a) for a in acrosses], body, totals,
        Cell(sum(counts.values()), _href(base, {})), table,
    )  # fmt: skip


def _ordered(dim: str, values: set[Any]) -> list[Any]:
    """Codes in the order of their table, names by themselves; unknown and outside last."""
    titles = list(DIMENSIONS[dim][1] or ())
    if dim == "rating":
        titles = ["5A", "4A", "3A", "2A", "1A", ""]
    places = {str(t): i for i, t in enumerate(titles)}
    return sorted(values, key=lambda v: (v in (OUTSIDE, UNKNOWN), v == UNKNOWN, places.get(str(v), 99), str(v)))


def _href(base: Mapping[str, str], chosen: Mapping[str, Any]) -> str:
    """The list of the records behind a figure."""
    query = dict(base)
    for dim, value in chosen.items():
        if dim:
            word = "none" if value in (UNKNOWN, "") else "outside" if value == OUTSIDE else str(value)
            query[_PARAMETERS[dim]] = word
    return f"{_LIST}?{urlencode(query)}"
