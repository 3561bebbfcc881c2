"""The figures of the home page for those who read: how many bodies, of what kind, where; each with its records."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from liaoyuan.core.models import Area
from liaoyuan.registry.choices import RATINGS, Kind
from liaoyuan.registry.models import CreditEntry
from liaoyuan.registry.queries import statistics
from liaoyuan.registry.queries.statistics import OUTSIDE, UNKNOWN, counted

_HIGH = RATINGS[:3]  # 5A, 4A, 3A


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with the query of the list that holds its records."""

    label: str
    count: int
    query: dict[str, str]
    note: str = ""

    def href(self, base: dict[str, str]) -> str:
        """Address of the records."""
        return f"{reverse('registry:organization_list')}?{urlencode({**base, **self.query})}"


@dataclass(frozen=True, slots=True)
class Overview:
    """The figures of one area on one day. `streets` are (name, registered, filed) in the order of the areas."""

    area: Area
    on: date
    figures: list[Figure]
    streets: list[tuple[str, int, int]]
    fields: list[tuple[str, str, int]]

    @property
    def base(self) -> dict[str, str]:
        """What every drill-down carries."""
        return {"area": self.area.code, "as_of": self.on.isoformat()}

    def street_href(self, name: str) -> str:
        """Address of the bodies of one street, of those outside or of those without one."""
        word = {UNKNOWN: "none", OUTSIDE: "outside"}.get(name, name)
        return Figure(name, 0, {"street": word}).href(self.base)


def overview(area: Area, on: date) -> Overview:
    """Count the live bodies of the area on the day."""
    by_street = statistics.registry_table(area, on, ["street"])
    by_field = statistics.registry_table(area, on, ["district_field"])
    by_rating = statistics.registry_table(area, on, ["rating"])
    registered = by_street["registered"]
    rated = sum(row["count"] for row in by_rating["rows"] if row["rating"] in _HIGH)
    bodies = counted(area, on)
    listed = bodies.filter(organization__in=CreditEntry.objects.active(on).values("organization")).count()
    begun = date(on.year, 1, 1)
    fresh = bodies.exclude(kind=Kind.BA).filter(organization__registered_on__gte=begun).count()
    figures = [
        Figure("存续组织", by_street["total"], {}, "登记与备案"),
        Figure("登记", registered["total"], {"group": "registered"}),
        Figure("民办非企业单位", registered[Kind.MF], {"kind": Kind.MF}),
        Figure("社会团体", registered[Kind.ST], {"kind": Kind.ST}),
        Figure("基金会", registered[Kind.JJ], {"kind": Kind.JJ}),
        Figure("备案", by_street["filed"], {"group": "filed"}, "社区社会组织"),
        Figure("3A 及以上", rated, {"group": "registered", "rating": "3A+"}, "登记组织中"),
        Figure("在信用名单上", listed, {"credit": "listed"}, "异常名录与严重失信"),
        Figure("今年新登记", fresh, {"group": "registered", "since": begun.isoformat()}, "至今存续"),
    ]
    return Overview(area, on, figures, _streets(area, by_street), _fields(by_field))


def _streets(area: Area, table: dict[str, Any]) -> list[tuple[str, int, int]]:
    sums: dict[str, list[int]] = {}
    for place, rows in enumerate((table["rows"], table["filed_rows"])):
        for row in rows:
            sums.setdefault(row["street"], [0, 0])[place] += row["count"]
    order = {name: i for i, name in enumerate(Area.objects.filter(parent=area).values_list("name", flat=True))}
    names = sorted(sums, key=lambda name: (name in (OUTSIDE, UNKNOWN), order.get(name, len(order)), name))
    return [(name, *sums[name]) for name in names]  # type: ignore[misc]


def _fields(table: dict[str, Any]) -> list[tuple[str, str, int]]:
    rows = {row["district_field"]: row["count"] for row in table["rows"]}
    titles = statistics.DIMENSIONS["district_field"][1] or {}
    known = [(str(code), str(title), rows.get(code, 0)) for code, title in titles.items()]
    return [*known, *(("none", UNKNOWN, rows[key]) for key in rows if key in ("", UNKNOWN))]
