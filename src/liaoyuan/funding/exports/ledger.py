"""The ledger of a pool as a workbook: one line an entry, in the order in which they were written."""

from collections.abc import Iterable
from pathlib import Path

from liaoyuan.funding.choices.awards import ENTRY_TITLES
from liaoyuan.funding.models import PoolEntry
from liaoyuan.kit.sheets.writing import Column, write_xlsx

COLUMNS = (
    Column("序号", width=8), Column("日期", width=12), Column("类别", width=12), Column("项目编号", width=14),
    Column("项目名称", width=30), Column("收款组织", width=32), Column("期次", width=8), Column("金额（元）", width=16),
    Column("事由", width=24), Column("记账人", width=14),
)  # fmt: skip


def write(path: Path, title: str, rows: Iterable[PoolEntry]) -> int:
    """Write the lines; amounts as texts with two decimals. Returns their number."""
    lines = [
        (str(number), row.entered_on.isoformat(), ENTRY_TITLES[row.kind], row.agreement.project.number,
         row.agreement.project.title, row.agreement.body_name, str(row.tranche_no or ""),
         f"{row.amount_fen // 100}.{row.amount_fen % 100:02d}", row.reason,
         row.entered_by.display_name if row.entered_by is not None else "")
        for number, row in enumerate(rows, 1)
    ]  # fmt: skip
    return write_xlsx(path, COLUMNS, lines, sheet="台账", title=title)
