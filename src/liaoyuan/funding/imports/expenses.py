"""Expenses of a project, pasted from a spreadsheet or out of a workbook: every cell that is not understood is named."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from liaoyuan.funding.imports.budget import class_of
from liaoyuan.funding.params.expense_sheet import EXPENSE_COLUMN_TITLES, SYNONYMS
from liaoyuan.kit.dates import parse_date
from liaoyuan.kit.money import parse_money
from liaoyuan.kit.sheets.reading import open_table
from liaoyuan.kit.text import match_key

_KEYS = {match_key(word): name for name, title in EXPENSE_COLUMN_TITLES.items() for word in (title, *SYNONYMS[name])}
_SUMS = ("合计", "总计", "小计")
#: So many lines are read at once; what stands further down is refused.
MOST = 500
_LENGTHS = {"voucher_no": 60, "payee": 120, "title": 120}


@dataclass(slots=True)
class Line:
    """One line: its number in the sheet, its cells as they stand there, the values read, a sentence for each faulty
    cell by its field ("" = about the whole line).
    """

    number: int
    cells: dict[str, str]
    values: dict[str, Any] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pasted:
    """What was read; `problem` says why nothing could be read at all. `text` is the sheet as it may be pasted again."""

    lines: list[Line]
    problem: str = ""
    text: str = ""

    @property
    def faulty(self) -> int:
        """How many cells were not understood."""
        return sum(len(line.faults) for line in self.lines)


def read(text: str) -> Pasted:
    """Read pasted lines."""
    return read_rows([line.split("\t") for line in text.replace("\r", "").split("\n")])


def read_file(path: Path) -> Pasted:
    """Read a workbook or a CSV file. Raises `Unreadable`."""
    rows: list[list[str]] = []
    for number, cells in open_table(path).rows():
        if number > MOST + 20:
            break
        rows += [[] for _gap in range(number - 1 - len(rows))]
        rows.append([_text(cell) for cell in cells])
    return read_rows(rows)


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.isoformat()[:10]
    return f"{cell:f}".rstrip("0").rstrip(".") if isinstance(cell, float) else str(cell).replace("\t", " ")


def read_rows(rows: Sequence[Sequence[str]]) -> Pasted:
    """Lines below the header; sums and blank rows are left out."""
    text = "\n".join("\t".join(cell.replace("\n", " ") for cell in row) for row in rows).strip("\n")
    head = next((n for n, row in enumerate(rows[:10]) if _header(row)), None)
    if head is None:
        told = _("没有找到表头。请连同“凭证号、日期、科目、收款方、事由、金额”这一行一起复制。")
        return Pasted([], told, text)
    places = {name: n for n, cell in reversed(list(enumerate(rows[head]))) if (name := _KEYS.get(match_key(cell)))}
    found = []
    for number, row in enumerate(rows[head + 1 :], head + 2):
        told_cells = [cell.strip() for cell in row if cell.strip()]
        if not told_cells or any(told_cells[0].startswith(word) for word in _SUMS):
            continue
        found.append(_line(number, {name: row[n].strip() if n < len(row) else "" for name, n in places.items()}))
    if len(found) > MOST:
        return Pasted([], _("一次最多读入 {most} 行，请分几次。").format(most=MOST), text)
    return Pasted(found, "" if found else _("表头下面没有支出。"), text)


def _header(row: Sequence[str]) -> bool:
    names = {_KEYS.get(match_key(cell)) for cell in row}
    return {"voucher_no", "amount_fen"} <= names


def _line(number: int, cells: Mapping[str, str]) -> Line:
    line = Line(number, {name: cells.get(name, "") for name in EXPENSE_COLUMN_TITLES})
    for name, most in _LENGTHS.items():
        line.values[name] = line.cells[name]
        if not line.cells[name]:
            line.faults[name] = _("请填写{title}。").format(title=_(EXPENSE_COLUMN_TITLES[name]))
        elif len(line.cells[name]) > most:
            line.faults[name] = _("最多 {most} 字。").format(most=most)
    _day(line)
    faults: list[str] = []
    line.values["budget_class"] = class_of(line.cells["budget_class"], faults)
    if faults:
        line.faults["budget_class"] = faults[0]
    amount = _money(line, "amount_fen")
    if amount is None and "amount_fen" not in line.faults:
        line.faults["amount_fen"] = _("请填写金额。")
    granted = _money(line, "grant_fen")
    line.values["grant_fen"] = amount if granted is None else granted
    return line


def _day(line: Line) -> None:
    told = parse_date(line.cells["spent_on"])
    if told.code or told.value is None:
        line.faults["spent_on"] = _("请写成 2018-10-26 的样子。")
    else:
        line.values["spent_on"] = date.fromisoformat(told.value)


def _money(line: Line, name: str) -> int | None:
    told = parse_money(line.cells[name], unit="元")
    if told.code:
        line.faults[name] = _("“{given}”不是金额。").format(given=line.cells[name][:20])
        return None
    line.values[name] = told.value
    return told.value
