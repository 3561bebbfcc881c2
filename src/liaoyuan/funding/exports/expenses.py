"""What a project spent, as a workbook whose columns are read back; the second sheet compares with the budget."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from liaoyuan.funding.choices.budget import BUDGET_CLASS_TITLES
from liaoyuan.funding.models import Expense
from liaoyuan.funding.params.expense_sheet import EXPENSE_COLUMN_TITLES
from liaoyuan.funding.queries.spending import ClassLine
from liaoyuan.kit.sheets.writing import Column, write_xlsx

_WIDTHS = {"payee": 28, "title": 30, "budget_class": 26}
COLUMNS = tuple(Column(title, width=_WIDTHS.get(name, 16)) for name, title in EXPENSE_COLUMN_TITLES.items())


def yuan(fen: int) -> str:
    """An amount as a text with two decimals."""
    return f"{fen // 100}.{fen % 100:02d}"


def write(path: Path, title: str, rows: Iterable[Expense], classes: Sequence[ClassLine]) -> int:
    """Write the living vouchers and the comparison by class. Returns the number of vouchers."""
    lines = [
        (row.voucher_no, row.spent_on.isoformat(), BUDGET_CLASS_TITLES[row.budget_class], row.payee, row.title,
         yuan(row.amount_fen), yuan(row.grant_fen))
        for row in rows
    ]  # fmt: skip
    notes = [("科目", "预算（元）", "支出（元）", "其中资助资金（元）", "差额（元）")]
    notes += [
        (one.title, yuan(one.budget_fen), yuan(one.spent_fen), yuan(one.grant_fen),
         ("-" if one.left_fen < 0 else "") + yuan(abs(one.left_fen)))
        for one in classes
    ]  # fmt: skip
    return write_xlsx(path, COLUMNS, lines, sheet="支出", title=title, notes=notes if classes else ())
