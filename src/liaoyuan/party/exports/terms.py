"""换届日程 as a workbook: party organizations with their running terms. Secretaries are named as on the list."""

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

from django.utils.translation import gettext as _

from liaoyuan.core import access, reads
from liaoyuan.core.access import Actor
from liaoyuan.kit.sheets import writing
from liaoyuan.kit.sheets.writing import Column
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.queries.terms import Line
from liaoyuan.ui.texts import date_short

TERMS = (
    Column("党组织", key="name", width=32), Column("层级", key="form", width=14),
    Column("上级党组织", key="superior", width=28),
    Column("书记", key="secretary"), Column("届次", key="number", kind="number"),
    Column("起", key="began_on", width=12),
    Column("届满", key="due_on", width=12), Column("延期至", key="extended_to", width=12),
    Column("剩余日数", key="days", kind="number"), Column("任期", key="state", width=16),
)  # fmt: skip


def write_terms(lines: Iterable[Line], *, path: Path, by: Actor, at: datetime, on: date) -> int:
    """Write the lines and log it; returns their number."""
    access.require(by, Permission.EXPORT)
    told = [
        {
            "name": line.name, "form": line.form, "superior": line.superior, "secretary": line.secretary,
            "number": line.number, "began_on": date_short(line.began_on), "due_on": date_short(line.due_on),
            "extended_to": date_short(line.extended_to), "days": line.days, "state": line.state[1],
        }
        for line in lines
    ]  # fmt: skip
    notes = [[_("数据日期"), on.isoformat()]]
    count = writing.write_form(path, "xlsx", TERMS, told, sheet=_("换届日程"), notes=notes)
    reads.exported("terms", rows=count, by=by, at=at, reason="", sensitive=False, filters={"on": on.isoformat()})
    return count
