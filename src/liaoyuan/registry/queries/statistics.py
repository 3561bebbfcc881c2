"""Statistics of the register: counts of live bodies on a day, from SQL, by any of the dimensions.

Definition: a body counts when on that day its status is 正常 or 清算中, it is registered or filed with an office within
the area (statistics count by registrar), and it is no external organization. Registered and filed bodies are counted
apart; closed ones never count. `street` is the domicile's; a domicile outside the area is a row of its own.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Case, CharField, Count, F, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from liaoyuan.core.models import Area
from liaoyuan.registry.choices import (
    DISTRICT_FIELD_TITLES,
    FIELD_TITLES,
    KIND_TITLES,
    REGISTERED,
    STATUS_TITLES,
    Kind,
)
from liaoyuan.registry.models import Rating, Standing

#: Dimension → (Chinese title, titles of its codes or None when the value is a name).
DIMENSIONS: dict[str, tuple[str, Mapping[Any, str] | None]] = {
    "type": ("类型", KIND_TITLES),
    "field": ("行业分类", FIELD_TITLES),
    "district_field": ("所属领域", DISTRICT_FIELD_TITLES),
    "street": ("街道", None),
    "rating": ("评估等级", {}),
    "status": ("状态", STATUS_TITLES),
}
OUTSIDE = "（区外）"
UNKNOWN = "（未填）"
DEFINITION = (
    "存续的社会组织数：当日状态为正常或清算中、由本区划内机关登记或备案；已注销、撤销、吊销、取缔的不计，外区组织不计"
)


def counted(area: Area, on: date, *, known_at: datetime | None = None) -> QuerySet[Standing]:
    """The rows that are counted: one for each live body of the area on the day `on`, as known now or by `known_at`."""
    rows = Standing.objects.known_by(known_at) if known_at else Standing.objects.current()
    return rows.filter(valid_from__lte=on, valid_to__gt=on).live().within(area.path)


def _with(rows: QuerySet[Standing], dims: Sequence[str], area: Area, on: date) -> QuerySet[Standing]:
    """Rows annotated with the dimensions under the names `d_<dim>`."""
    marks: dict[str, Any] = {}
    if "type" in dims:
        marks["d_type"] = F("kind")
    if "street" in dims:
        marks["d_street"] = Case(
            When(street__isnull=True, then=Value(UNKNOWN)),
            When(street__path__startswith=area.path, then=F("street__name")),
            default=Value(OUTSIDE),
            output_field=CharField(),
        )
    if "rating" in dims:
        level = Rating.objects.active(on).filter(organization=OuterRef("organization")).values("level")[:1]
        marks["d_rating"] = Coalesce(Subquery(level), Value(""))
    for name in ("field", "district_field", "status"):
        if name in dims:
            marks[f"d_{name}"] = F(name)
    return rows.annotate(**marks)


def registry_table(area: Area, on: date, dims: Sequence[str], *, known_at: datetime | None = None) -> dict[str, Any]:
    """Counts by the dimensions: `rows` of registered bodies, `filed_rows` of filed ones, and the totals.

    Rows are dicts {dim: code or name, "count": n}, sorted by their values. Raises ValueError for an unknown dimension.
    """
    unknown = [d for d in dims if d not in DIMENSIONS]
    if unknown:
        raise ValueError(f"没有统计口径“{'、'.join(unknown)}”。可以用：{'、'.join(DIMENSIONS)}。")
    names = [f"d_{d}" for d in dims]
    rows = _with(counted(area, on, known_at=known_at), dims, area, on)
    registered, filed = [], []
    totals: dict[str, int] = {str(k): 0 for k in REGISTERED}
    filed_total = other = 0
    for *values, kind, count in (
        rows.order_by().values_list(*names, "kind").annotate(n=Count("pk")).values_list(*names, "kind", "n")
    ):
        key = tuple(
            UNKNOWN if v in (None, "") and d not in ("rating",) else v for d, v in zip(dims, values, strict=True)
        )
        if kind in totals:
            totals[kind] += count
            registered.append((key, count))
        elif kind == Kind.BA:
            filed_total += count
            filed.append((key, count))
        else:
            other += count
    return {
        "rows": _summed(dims, registered),
        "filed_rows": _summed(dims, filed),
        "registered": {"total": sum(totals.values()), **totals},
        "filed": filed_total,
        "other": other,
        "total": sum(totals.values()) + filed_total,
    }


def _summed(dims: Sequence[str], pairs: Sequence[tuple[tuple[Any, ...], int]]) -> list[dict[str, Any]]:
    """Equal keys added up, in a fixed order."""
    sums: dict[tuple[Any, ...], int] = {}
    for key, count in pairs:
        sums[key] = sums.get(key, 0) + count
    return [{**dict(zip(dims, key, strict=True)), "count": sums[key]} for key in sorted(sums)]


def stats(*, by: Any, as_of: date, known_at: datetime, area: Area, dims: Sequence[str]) -> dict[str, Any]:
    """The published figure `registry` (design/cli.md, "stats")."""
    table = registry_table(area, as_of, dims)
    return {
        "name": "registry",
        "as_of": as_of.isoformat(),
        "known_at": known_at.isoformat(),
        "area": area.code,
        "definition": DEFINITION,
        "dims": list(dims),
        **table,
    }


def word(dim: str, value: Any) -> str:
    """What a person reads for a value of a dimension."""
    titles = DIMENSIONS[dim][1]
    if dim == "rating":
        return value or "未评"
    return titles.get(value, str(value)) if titles else str(value)
