"""The published figure `coverage`, its persons' numbers with small ones hidden, its quarters, areas one may ask for."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from liaoyuan.core import access
from liaoyuan.core.models import Area
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.queries import coverage as figures
from liaoyuan.party.queries.coverage import Asked, Figures
from liaoyuan.people.queries.workforce import published_day
from liaoyuan.people.rules.suppression import LEAST, TOTAL, hidden
from liaoyuan.registry.queries.statistics import DIMENSIONS, UNKNOWN

#: Numbers of members, in the order of `heads_of`. They are never added (PB-COV-05).
HEADS = ("formal", "probationary", "committed", "dual")
HEAD_TITLES: dict[str, str] = {
    "formal": "正式党员（组织关系在本组织）", "probationary": "预备党员", "committed": "书面同意转入（专职）",
    "dual": "双隶属",
}  # fmt: skip


def exact(user: Any, area: Area) -> bool:
    """Whether the user sees the roster all over the area, and therefore exact numbers of members."""
    reach = access.reach(user, Permission.MEMBERS_VIEW)
    return reach.everything or any(area.path.startswith(path) for path in reach.paths)


def areas_for(user: Any) -> Any:
    """Areas whose coverage the user may ask for: those of his grants and, where these reach, below them."""
    reach = access.reach(user, Permission.STATS)
    rows = Area.objects.live().filter(level__in=["province", "city", "district", "street"])
    if reach.everything:
        return rows.filter(level__in=["district", "street"])
    found = Area.objects.none()
    for path in reach.paths:
        found = found | Area.objects.within(path).filter(level__in=["city", "district", "street"], abolished=False)
    return found.distinct()


def own_area(user: Any) -> Area | None:
    """The widest area whose coverage the user may ask for."""
    return min(areas_for(user), key=lambda area: (len(area.code), area.code), default=None)


@dataclass(frozen=True, slots=True)
class Members:
    """Numbers of members of D1's bodies by cell; None = hidden. `on` is the day they are of. `whole` are the totals."""

    on: date
    exactly: bool
    whole: Mapping[str, int | None]
    cells: Mapping[tuple[str, ...], Mapping[str, int | None]]


def members(asked: Asked, dims: Sequence[str], *, exactly: bool) -> Members:
    """The four numbers by at most two dimensions. Not exactly: of the last end of a quarter, small ones hidden with
    what they could be computed from (docs/adr/0023).
    """
    if len(dims) > 2 and not exactly:
        raise ValueError("党员人数最多按两个口径交叉。")
    on = asked.on if exactly else published_day(asked.on)
    asked = asked if on == asked.on else Asked(asked.area, on, asked.known_at)
    heads = asked.heads
    columns = {"type": "kind", "field": "field", "district_field": "district_field"}
    rows = figures.base(asked).annotate(street_word=figures.street_mark(asked.area))
    names = [columns.get(dim, "street_word") for dim in dims]
    counts: dict[str, Counter[tuple[str, ...]]] = {name: Counter() for name in HEADS}
    for key, *values in rows.order_by().values_list("organization_id", *names):
        if key in heads:
            cell = tuple(value or UNKNOWN for value in values)
            for name, number in zip(HEADS, heads[key], strict=True):
                counts[name][cell] += number
    whole: dict[str, int | None] = {}
    cells: dict[tuple[str, ...], dict[str, int | None]] = {}
    for name, told in counts.items():
        gone = set() if exactly else _gone(told)
        whole[name] = None if () in gone else sum(told.values())
        for cell, number in told.items():
            cells.setdefault(cell, {})[name] = None if cell in gone else number
    return Members(on, exactly, whole, cells)


def _gone(told: Mapping[tuple[str, ...], int]) -> set[tuple[str, ...]]:
    """Cells that are not shown; () stands for the total."""
    named = {((*cell, "all", "all")[0], (*cell, "all", "all")[1]): n for cell, n in told.items() if n}
    keys = {((*cell, "all", "all")[0], (*cell, "all", "all")[1]): cell for cell in told}
    found = hidden(named)
    gone = {keys[key] for key in found if key in keys}
    if (TOTAL, TOTAL) in found or any(key in found for key in ((TOTAL, "all"), ("all", TOTAL))):
        gone.add(())
    single = all(len(cell) < 2 for cell in told)
    if single:  # each row is its own total there
        gone |= {keys[row, "all"] for row, column in found if column == TOTAL and (row, "all") in keys}
    return gone


def stats(*, by: Any, as_of: date, known_at: datetime, area: Area, dims: Sequence[str]) -> dict[str, Any]:
    """The published figure `coverage` (design/cli.md, "stats"): counts of bodies, members beside them."""
    asked = Asked(area, as_of, known_at)
    whole, cells = figures.figures(asked, dims)
    told = members(asked, dims, exactly=exact(by, area))
    rows = [
        {**dict(zip(dims, cell, strict=True)), **found.as_dict(), **rates(found),
         **{name: told.cells.get(cell, {}).get(name, 0) for name in HEADS}}
        for cell, found in cells.items()
    ]  # fmt: skip
    return {
        "name": "coverage", "as_of": as_of.isoformat(), "known_at": known_at.isoformat(), "area": area.code,
        "definition": figures.DEFINITION, "dims": list(dims), "rows": rows if dims else [],
        "total": whole.base, "filed": figures.filed(asked).count(),
        "figures": {**whole.as_dict(), **rates(whole)},
        "members": {**told.whole, "declared": whole.declared, "as_of": told.on.isoformat()},
        "hidden_below": None if told.exactly else LEAST,
    }  # fmt: skip


def rates(told: Figures) -> dict[str, float | None]:
    """组织覆盖率, 工作覆盖率, 应建已建率."""
    return {
        "organization_rate": rate(told.covered, told.base), "work_rate": rate(told.worked, told.base),
        "built_rate": rate(told.built, told.due),
    }  # fmt: skip


def rate(part: int, whole: int) -> float | None:
    """A share in per cent to one place, None of nothing."""
    return round(part * 100 / whole, 1) if whole else None


def word(dim: str, value: str) -> str:
    """What a person reads for a value of a dimension (a Chinese msgid)."""
    titles = DIMENSIONS[dim][1]
    return titles.get(value, value) if titles else value


def quarters(on: date, many: int = 8) -> list[date]:
    """The ends of the last quarters before the day, and the day itself."""
    found = [on]
    day = published_day(on - timedelta(days=1))
    while len(found) < many:
        found.append(day)
        day = published_day(day - timedelta(days=1))
    return found[::-1]


def by_quarter(asked: Asked, many: int = 8) -> list[tuple[date, int, int, int]]:
    """How coverage spread: (day, D1, covered, worked on) of each day of `quarters`."""
    days = quarters(asked.on, many)
    by = figures.limits_over(asked.area, days)
    return [(day, *figures.shares(Asked(asked.area, day, asked.known_at, by[day]))) for day in days]
