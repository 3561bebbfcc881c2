"""How the projects of a round run, as a sheet: one line a project. The same rows give the same bytes."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from django.utils.translation import gettext as _

from liaoyuan.funding.queries import running, running_due
from liaoyuan.kit.sheets import writing
from liaoyuan.kit.sheets.writing import Column

COLUMNS = (
    Column("编号", key="number", width=14), Column("项目名称", key="title", width=30),
    Column("申报组织", key="body", width=30), Column("状态", key="state", width=12),
    Column("时间过去（%）", key="elapsed", kind="number"), Column("指标完成（%）", key="rate", kind="number"),
    Column("工作记录", key="records", kind="number"), Column("服务人次", key="served", kind="number"),
    Column("最近的记录", key="last_on", width=12), Column("已交月报", key="handed", kind="number"),
    Column("应交月报", key="months", kind="number"), Column("协议金额（元）", key="agreed", width=14),
    Column("资助资金支出（元）", key="spent", width=16), Column("逾期", key="late", width=30),
)  # fmt: skip


def write(rows: Iterable[tuple[running.Standing, str, str]], *, path: Path, on: date) -> int:
    """Write standings with the body's name and the word of the state; returns the number of rows."""
    lines = (
        [
            one.project.number, one.project.title, name, state, one.elapsed, one.rate, one.records, one.served,
            one.last_on.isoformat() if one.last_on else "", one.handed, len(one.months),
            f"{one.agreed_fen / 100:.2f}", f"{one.spent_fen / 100:.2f}", running_due.named(one),
        ]
        for one, name, state in rows
    )  # fmt: skip
    return writing.write_xlsx(path, COLUMNS, lines, sheet=_("项目进展"), notes=[[_("数据日期"), on.isoformat()]])
