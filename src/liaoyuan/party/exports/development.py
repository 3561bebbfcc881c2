"""F07 发展党员登记表/进度表: export as workbook, CSV or JSON. What is exported can be imported again unchanged.

Birth dates stand masked, identity numbers are not among the columns, totals of small votes are told only to who counts
them and to the superior. On zone internet nothing leaves (handbook §7.6).
"""

from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from liaoyuan.core import access, reads
from liaoyuan.core.access import Actor
from liaoyuan.core.staging import note
from liaoyuan.kit.findings import Refused, Severity
from liaoyuan.kit.sheets import writing
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.params.development_sheet import COLUMNS
from liaoyuan.party.queries import applicants, development_book

FORMS = ("xlsx", "csv", "json")
_PART = 500


def write(rows: Any, *, path: Path, form: str, by: Actor, at: datetime, on: date) -> int:
    """Write F07 of applicants that `by` may see and log it; returns the number of rows."""
    access.require(by, Permission.EXPORT)
    columns = [column for column in COLUMNS if development_book.exported(column.key)]
    if not columns:
        raise Refused([note("PRIVACY-ZONE", Severity.BLOCK, _("互联网区不导出发展党员的登记表。"))])
    if form not in FORMS:
        raise Refused([note("EXPORT-FORM", Severity.BLOCK, _("请选择导出的格式。"))])
    found = list(rows)
    parties = {row.party_organization_id: row.party_organization for row in found}
    whole = {key: any(applicants.may_record(by, party, step, on) for step in (5, 4, 13))
             for key, party in parties.items()}  # fmt: skip
    lines = (line for start in range(0, len(found), _PART)
             for line in development_book.lines(found[start : start + _PART], on, whole))  # fmt: skip
    notes = [[_("数据日期"), on.isoformat()], [_("出生日期"), _("打码导出，导回时不改动。")],
             [_("内容"), _("只有日期、双方、票数合计和编号；没有谈话、思想汇报和审查的内容。")]]  # fmt: skip
    count = writing.write_form(path, form, columns, lines, sheet=_("发展党员进度表"), notes=notes)
    reads.exported("development", rows=count, by=by, at=at, sensitive=True,
                   filters={"on": on.isoformat(), "form": form})  # fmt: skip
    return count
