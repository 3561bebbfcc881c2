"""Figures of the workforce on a day: staff and social workers by level, working time, street and field.

Definition: a person counts when on that day he works (employment in force) for a live body that an office within the
area registers or files, external bodies left out. Each person counts once, at the body where he works full-time, else
longest. A social worker holds a professional certificate approved by that day and not revoked by then. Who may not see
names gets counts below ten hidden with guards, and figures of quarter ends only (docs/adr/0023).
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from liaoyuan.core import access
from liaoyuan.core.models import Area
from liaoyuan.people.choices import LEVEL_TITLES, LEVELS, WORK_TIME_TITLES, Permission, WorkTime
from liaoyuan.people.models import Certificate, Employment
from liaoyuan.people.rules.suppression import LEAST, TOTAL, hidden, with_totals
from liaoyuan.registry.choices import DISTRICT_FIELD_TITLES, KIND_TITLES
from liaoyuan.registry.models import BEGINNING, Standing
from liaoyuan.registry.queries.statistics import OUTSIDE, UNKNOWN

NONE = "none"
DIMENSIONS: dict[str, tuple[str, Mapping[Any, str] | None]] = {
    "level": ("社工证书", {**LEVEL_TITLES, NONE: "无证书"}),
    "work_time": ("专/兼职", WORK_TIME_TITLES),
    "street": ("街道", None),
    "field": ("所属领域", DISTRICT_FIELD_TITLES),
    "type": ("组织类型", KIND_TITLES),
}
GROUP_TITLES = {"staff": "全部从业人员", "workers": "持证社会工作者"}
DEFINITION = (
    "当日在职的从业人员：任职于本区划内机关登记或备案的存续组织，外区组织不计；每人只计一次，在几家从业的计在专职、入职最早的一家；"
    "持证社会工作者指当日已取得社工职业资格证书且未撤销的从业人员"
)
#: Years before the present one that the table by year holds.
YEARS = 5


class Worker(NamedTuple):
    """One counted person with the values of the dimensions."""

    person: int
    level: str
    work_time: str
    street: str
    street_code: str
    field: str
    type: str


def workers(area: Area, on: date, *, known_at: datetime | None = None) -> list[Worker]:
    """Everybody who counts on the day, as known now or by `known_at`."""
    rows: Any = Standing.objects.known_by(known_at) if known_at else Standing.objects.current()
    rows = rows.filter(valid_from__lte=on, valid_to__gt=on).live().within(area.path)
    bodies = {
        pk: (street or "", code or "", path or "", field, kind)
        for pk, street, code, path, field, kind in rows.values_list(
            "organization_id", "street__name", "street__code", "street__path", "district_field", "kind"
        ).iterator(chunk_size=5000)
    }
    work: Any = Employment.objects.known_by(known_at) if known_at else Employment.objects.current()
    work = work.filter(valid_from__lte=on, valid_to__gt=on, person__voided_at__isnull=True)
    best: dict[int, tuple[tuple[bool, date, int], int, str]] = {}
    for pk, person, organization, time, since in (
        work.order_by()
        .values_list("pk", "person_id", "organization_id", "work_time", "valid_from")
        .iterator(chunk_size=5000)
    ):
        if organization in bodies:
            rank = (time != WorkTime.FULL, since, pk)
            if person not in best or rank < best[person][0]:
                best[person] = (rank, organization, time)
    levels = _levels(on, known_at)
    found = []
    for person, (_rank, organization, time) in best.items():
        street, code, path, field_, kind = bodies[organization]
        inside = path.startswith(area.path)
        shown = street if inside else OUTSIDE if street else UNKNOWN
        found.append(
            Worker(person, levels.get(person, NONE), time, shown, code if inside else "", field_ or UNKNOWN, kind)
        )
    return found


def _levels(on: date, known_at: datetime | None) -> dict[int, str]:
    """The highest level of everybody who holds a certificate on the day."""
    rows: Any = Certificate.objects.known_by(known_at) if known_at else Certificate.objects.current()
    rank = {str(level): i for i, level in enumerate(LEVELS)}
    found: dict[int, str] = {}
    for person, level, approved, revoked in rows.values_list("person_id", "level", "approved_on", "revoked_on"):
        if (approved or BEGINNING) > on or (revoked is not None and revoked <= on):
            continue
        if person not in found or rank[level] > rank[found[person]]:
            found[person] = level
    return found


def exact(user: Any, area: Area) -> bool:
    """Whether the user sees names all over the area, and therefore exact counts."""
    reach = access.reach(user, Permission.VIEW)
    return reach.everything or any(area.path.startswith(path) for path in reach.paths)


def published_day(on: date) -> date:
    """The last end of a quarter on or before the day: figures with hidden cells are not given from day to day."""
    first = date(on.year, (on.month - 1) // 3 * 3 + 1, 1)
    following = date(first.year + (first.month == 10), (first.month + 2) % 12 + 1, 1)
    return on if on + timedelta(days=1) == following else first - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Table:
    """Counts by two dimensions; None = hidden. `rows` and `columns` are keys in order, TOTAL stands for sums."""

    down: str
    across: str
    rows: list[str]
    columns: list[str]
    counts: dict[tuple[str, str], int | None]
    total: int | None
    hidden: int
    codes: dict[str, str] = field(default_factory=dict)

    def count(self, row: str, column: str = TOTAL) -> int | None:
        """The count of a cell or total; 0 where nobody is."""
        return self.counts.get((row, column), 0)


def table(found: Sequence[Worker], down: str, across: str = "", *, exactly: bool) -> Table:
    """The counted persons by one or two dimensions. Raises ValueError for an unknown dimension."""
    for dim in (down, across):
        if dim and dim not in DIMENSIONS:
            raise ValueError(f"没有统计口径“{dim}”。可以用：{'、'.join(DIMENSIONS)}。")
    cells = Counter((getattr(w, down), getattr(w, across) if across else TOTAL) for w in found)
    return _table(cells, down, across, exactly, {w.street: w.street_code for w in found} if down == "street" else {})


def _table(cells: Mapping[tuple[str, str], int], down: str, across: str, exactly: bool, codes: dict[str, str]) -> Table:
    named = {(row, column if across else "all"): count for (row, column), count in cells.items()}
    gone = set() if exactly else hidden(named)
    if not across:  # the only column is its own total: hidden in one place, hidden in both
        gone |= {(r, TOTAL) for r, c in gone if c == "all"} | {(r, "all") for r, c in gone if c == TOTAL}
    counts = {key: None if key in gone else count for key, count in with_totals(named).items()}
    rows = _order(down, {row for row, _column in named})
    columns = _order(across, {column for _row, column in named}) if across else []
    return Table(down, across, rows, columns, counts, counts.get((TOTAL, TOTAL), 0), len(gone), codes)


def _order(dim: str, keys: set[str]) -> list[str]:
    titles = DIMENSIONS[dim][1]
    known = [str(code) for code in titles] if titles else []
    return sorted(
        keys, key=lambda key: (key in (UNKNOWN, OUTSIDE), known.index(key) if key in known else len(known), key)
    )


def by_year(area: Area, on: date, across: str, group: str, *, exactly: bool) -> list[tuple[date, Table]]:
    """The table of each of the last years' ends and of the day itself; each hides its own small counts."""
    days = [date(year, 12, 31) for year in range(on.year - YEARS, on.year)]
    days = [day for day in days if day < on] + [on]
    out = []
    for day in days:
        found = grouped(workers(area, day), group)
        out.append((day, table(found, across, exactly=exactly)))
    return out


def grouped(found: Sequence[Worker], group: str) -> list[Worker]:
    """Everybody, or the social workers alone."""
    return [w for w in found if group != "workers" or w.level != NONE]


def word(dim: str, value: str) -> str:
    """What a person reads for a value of a dimension."""
    titles = DIMENSIONS[dim][1]
    return _(titles[value]) if titles and value in titles else _(value) if value in (UNKNOWN, OUTSIDE) else value


def stats(*, by: Any, as_of: date, known_at: datetime, area: Area, dims: Sequence[str]) -> dict[str, Any]:
    """The published figure `workforce` (design/cli.md, "stats"), by at most two dimensions; hidden counts are null."""
    if len(dims) > 2:
        raise ValueError("人员统计最多按两个口径交叉。")
    exactly = exact(by, area)
    on = as_of if exactly else published_day(as_of)
    found = workers(area, on, known_at=known_at)
    down, across = (*dims, "", "")[:2]
    made = table(found, down or "work_time", across, exactly=exactly)
    return {
        "name": "workforce",
        "as_of": on.isoformat(),
        "known_at": known_at.isoformat(),
        "area": area.code,
        "definition": DEFINITION,
        "hidden_below": None if exactly else LEAST,
        "dims": list(dims),
        "rows": list(_lines(made, dims)),
        "total": made.total,
    }


def _lines(made: Table, dims: Sequence[str]) -> Iterator[dict[str, Any]]:
    if not dims:
        return
    for row in made.rows:
        if len(dims) == 1:
            yield {dims[0]: row, "count": made.count(row)}
            continue
        for column in made.columns:
            if made.count(row, column) != 0:
                yield {dims[0]: row, dims[1]: column, "count": made.count(row, column)}


def areas_for(user: Any) -> Any:
    """Areas whose figures the user may ask for: those of his grants, and below them where he sees names."""
    reach = access.reach(user, Permission.STATS)
    names = access.reach(user, Permission.VIEW)
    codes = [path.strip("/").rsplit("/", 1)[-1] for path in reach.paths]
    found = Area.objects.filter(code__in=codes)
    for path in names.paths:
        found = found | Area.objects.within(path).filter(level__in=["city", "district", "street"], abolished=False)
    return found.distinct()
