"""Writes one arranged sheet as a workbook (new, old) or as a text file in the encodings met in offices."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import xlwt
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from tests.truth.rows import Cell, DateCell, ErrorCell
from tests.truth.sheets import Sheet

SHEET_NAME = "台账"
NOTES_SHEET = "填表说明"
_DATE_FORMAT = "yyyy-mm-dd"
_DAYS_TO_1904 = 1462
#: Error values of old workbooks, by number because names differ between writers.
_ERROR_NUMBERS = {"#DIV/0!": 7, "#VALUE!": 15, "#REF!": 23, "#N/A": 42}


def text_of(cell: Cell) -> str:
    """What a spreadsheet puts into a text file for this cell: General format for numbers, a date as ``2018/10/26``."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, ErrorCell):
        return cell.text
    if isinstance(cell, DateCell):
        return f"{cell.day.year}/{cell.day.month}/{cell.day.day}"
    if abs(cell) >= 1e11:
        # General shows eleven digits at most; what is longer is written with an exponent and loses the rest.
        mantissa, exponent = f"{cell:.5E}".split("E")
        return f"{mantissa.rstrip('0').rstrip('.')}E{exponent}"
    if float(cell).is_integer():
        return str(int(cell))
    return f"{cell:.11f}".rstrip("0")[:12]


def _put(page: Worksheet, row: int, column: int, cell: Cell, *, from_1904: bool) -> None:
    target = page.cell(row, column)
    if isinstance(cell, DateCell):
        target.value = cell.serial - (_DAYS_TO_1904 if from_1904 else 0)
        target.number_format = _DATE_FORMAT
    elif isinstance(cell, ErrorCell):
        target.value = cell.text
        target.data_type = "e"
    else:
        target.value = cell
        if isinstance(cell, str):
            # Text that begins with an equals sign is text here, as if typed after an apostrophe.
            target.data_type = "s"


def write_xlsx(sheet: Sheet, path: Path, *, from_1904: bool = False) -> None:
    """A new workbook with merged cells, hidden rows, a second sheet of notes and formatted empty rows at the end."""
    book = openpyxl.Workbook()
    if from_1904:
        book.epoch = CALENDAR_MAC_1904
    page = book.active
    assert page is not None
    page.title = SHEET_NAME
    for number, line in enumerate(sheet.lines, 1):
        for column, cell in enumerate(line.cells, 1):
            if cell is not None:
                _put(page, number, column, cell, from_1904=from_1904)
        if line.hidden:
            page.row_dimensions[number].hidden = True
    for row1, column1, row2, column2 in sheet.merges:
        page.merge_cells(start_row=row1, start_column=column1, end_row=row2, end_column=column2)
    for number in (len(sheet.lines) + 1, len(sheet.lines) + 2):
        page.cell(number, 1).number_format = "0"
    notes = book.create_sheet(NOTES_SHEET)
    notes["A1"] = "名称"
    notes["B1"] = "请按登记证书填写"
    book.save(path)


def write_xls(sheet: Sheet, path: Path) -> None:
    """An old workbook (BIFF8) with merged cells and hidden rows."""
    book = xlwt.Workbook(encoding="utf-8")
    page = book.add_sheet(SHEET_NAME)
    dated = xlwt.XFStyle()
    dated.num_format_str = _DATE_FORMAT
    inside = {
        (row, column)
        for row1, column1, row2, column2 in sheet.merges
        for row in range(row1, row2 + 1)
        for column in range(column1, column2 + 1)
    }
    for number, line in enumerate(sheet.lines, 1):
        for column, cell in enumerate(line.cells, 1):
            if cell is None or (number, column) in inside:
                continue
            if isinstance(cell, DateCell):
                page.write(number - 1, column - 1, cell.serial, dated)
            elif isinstance(cell, ErrorCell):
                page.row(number - 1).set_cell_error(column - 1, _ERROR_NUMBERS[cell.text])
            else:
                page.write(number - 1, column - 1, cell)
        if line.hidden:
            page.row(number - 1).hidden = True
    for row1, column1, row2, column2 in sheet.merges:
        page.write_merge(row1 - 1, row2 - 1, column1 - 1, column2 - 1, sheet.lines[row1 - 1].cells[column1 - 1])
    book.save(str(path))


def write_text(lines: Sequence[Sequence[Cell]], path: Path, *, encoding: str, delimiter: str = ",") -> None:
    """A text file with CRLF line ends; a cell with the delimiter, a quotation mark or a line break is quoted.

    ``encoding`` is a Python codec; ``utf-8-sig`` and ``utf-16`` write their mark, the latter in little-endian order.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n")
    for cells in lines:
        writer.writerow([text_of(cell) for cell in cells])
    text = buffer.getvalue()
    data = b"\xff\xfe" + text.encode("utf-16-le") if encoding == "utf-16" else text.encode(encoding)
    path.write_bytes(data)
