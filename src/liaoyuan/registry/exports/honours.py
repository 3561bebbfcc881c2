"""The export of honours (F25), as workbook, CSV or JSON: fixed order, the same register gives the same bytes.

What is exported can be imported again and changes nothing.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from liaoyuan.core import access, reads
from liaoyuan.core.access import Actor
from liaoyuan.core.models import Area
from liaoyuan.core.staging import note
from liaoyuan.kit.findings import Refused, Severity
from liaoyuan.kit.sheets import writing
from liaoyuan.kit.sheets.writing import Column
from liaoyuan.registry.choices import HONOUR_LEVEL_TITLES, Permission
from liaoyuan.registry.models import OPEN, Honour, Standing
from liaoyuan.registry.queries.matching import until

_SCAN = "写证书编号或文件名；扫描件在组织档案的“评估与荣誉”里逐项上传。"
COLUMNS = (
    Column("组织", key="organization", width=36, required=True),
    Column("统一社会信用代码/备案号", key="code", width=24, note="同名的组织须填写"),
    Column("名称", key="title", width=30, required=True),
    Column("级别", key="level", required=True, choices=tuple(HONOUR_LEVEL_TITLES.values())),
    Column("颁发单位", key="issuer", width=24),
    Column("日期", key="given_on", width=12, required=True),
    Column("有效期", key="until", width=12, note="最后一天；长期有效的写“长期”"),
    Column("证书扫描", key="evidence", width=20, note=_SCAN),
)


def export_honours(
    *, path: Path, form: str, by: Actor, at: datetime, as_of: date, area: Area | None = None,
    filters: Mapping[str, str] | None = None,
) -> int:  # fmt: skip
    """Write F25: the honours that were given by `as_of` to bodies whom `by` may see; returns the number of rows.

    `area` narrows to the registrar's area. There are no filters.
    """
    access.require(by, Permission.EXPORT)
    for name in filters or {}:
        raise Refused([note("EXPORT-FILTER", Severity.BLOCK, _("没有筛选条件“{name}”。"), name=name)])
    rows = Honour.objects.current().visible_to(by).filter(valid_from__lte=as_of).select_related("organization")
    bodies = Standing.objects.now_open().filter(organization__in=rows.values("organization"))
    if area is not None:
        bodies = bodies.filter(registrar_area__in=Area.objects.within(area.path))
    names = dict(bodies.values_list("organization_id", "name"))
    keys = [column.key for column in COLUMNS]
    lines = ([line.get(key) for key in keys] for line in _lines(rows, names, plain=form == "json"))
    if form == "xlsx":
        count = writing.write_xlsx(path, COLUMNS, lines, sheet=_("荣誉"), notes=[[_("数据日期"), as_of.isoformat()]])
    elif form == "csv":
        count = writing.write_csv(path, COLUMNS, lines)
    elif form == "json":
        count = writing.write_json(path, COLUMNS, lines)
    else:
        raise Refused([note("EXPORT-FORM", Severity.BLOCK, _("请选择导出的格式。"))])
    reads.exported("honours", rows=count, by=by, at=at, filters={"as_of": as_of.isoformat(), "form": form})
    return count


def _lines(rows: Any, names: Mapping[int, str], *, plain: bool) -> Iterator[dict[str, Any]]:
    for row in rows.filter(organization__in=list(names)).order_by("organization", "valid_from", "title", "pk"):
        body = row.organization
        last = None if row.valid_to == OPEN else until(row.valid_to)
        yield {
            "organization": names[body.pk], "code": body.code or body.filing_no, "title": row.title,
            "level": row.level if plain else HONOUR_LEVEL_TITLES.get(row.level, row.level), "issuer": row.issuer,
            "given_on": row.valid_from.isoformat()[: 7 if row.assumed else 10],
            "until": last if plain else last or "长期", "evidence": row.evidence,
        }  # fmt: skip
