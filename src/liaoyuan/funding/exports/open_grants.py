"""Awards as open data: a 360Giving package (JSON), and the same facts as a Chinese table (CSV, xlsx)."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from liaoyuan.core import reads
from liaoyuan.core.access import Actor
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import Area
from liaoyuan.funding.models import AwardLine
from liaoyuan.funding.queries import open_grants as queries
from liaoyuan.kit.money import format_yuan
from liaoyuan.kit.sheets import writing
from liaoyuan.kit.sheets.escaping import escape_formula
from liaoyuan.kit.sheets.writing import Column

KIND = "grants"
VERSION = "1.4"
COLUMNS = (
    Column("年度", width=8), Column("届", width=28), Column("主办单位", width=28), Column("项目编号", width=14),
    Column("项目名称", width=30), Column("获资助组织", width=32), Column("统一社会信用代码或备案号", width=24),
    Column("落地街道", width=16), Column("资助金额（元）", width=16), Column("立项日期", width=12),
    Column("计划开始", width=12), Column("计划结束", width=12), Column("公示开始", width=12),
    Column("公示结束", width=12),
)  # fmt: skip
_CHUNK = 500


def package(rows: Iterable[AwardLine], on: date) -> Iterator[str]:
    """The package as pieces of JSON text, one award after the other."""
    head = {"version": VERSION, "title": "公益创投资助项目", "issued": on.isoformat(),
            "description": "经公示、批准立项的公益创投项目。金额单位：元（CNY）。"}  # fmt: skip
    yield json.dumps(head, ensure_ascii=False, indent=1)[:-2] + ',\n "grants": ['
    for number, line in enumerate(rows):
        yield ("," if number else "") + "\n" + json.dumps(queries.grant(line), ensure_ascii=False)
    yield "\n ]\n}\n"


def table(rows: Iterable[AwardLine]) -> Iterator[list[str]]:
    """The same as lines under `COLUMNS`; amounts with two decimals, days as ISO texts."""
    for line in rows:
        round_ = line.award_list.round
        starts, ends = queries.period(line)
        days = (localdate(line.approved_at) if line.approved_at else None, starts, ends, line.award_list.opens_on,
                line.award_list.closes_on)  # fmt: skip
        yield [
            str(round_.year), round_.title, round_.programme.host, line.number, line.project_title, line.body_name,
            line.organization.code or line.organization.filing_no, line.place,
            format_yuan(line.approved_fen or 0).replace(",", ""), *(day.isoformat() if day else "" for day in days),
        ]  # fmt: skip


def lines_of_csv(rows: Iterable[AwardLine]) -> Iterator[str]:
    """The table as pieces of CSV text, with the mark by which a spreadsheet knows UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([str(column.title) for column in COLUMNS])
    yield "\ufeff"
    for cells in table(rows):
        writer.writerow([escape_formula(cell) for cell in cells])
        yield out.getvalue()
        out.seek(0)
        out.truncate()
    yield out.getvalue()


def write(
    *, path: Path, form: str, by: Actor, at: datetime, as_of: date, area: Area | None, filters: dict[str, Any]
) -> int:
    """`liaoyuan export grants`: the awards of an area as of a day; returns how many. `json` is the package."""
    rows = queries.awards(as_of, area)
    count = rows.count()
    lines = rows.iterator(chunk_size=_CHUNK)
    if form == "xlsx":
        writing.write_xlsx(path, COLUMNS, table(lines), sheet="资助项目")
    else:
        part = path.with_name(path.name + ".part")
        try:
            with part.open("w", encoding="utf-8", newline="") as out:
                out.writelines(package(lines, as_of) if form == "json" else lines_of_csv(lines))
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    reads.exported(KIND, rows=count, by=by, at=at, filters={"as_of": as_of.isoformat()})
    return count


KINDS = {KIND: write}
