"""Arranges logical rows into a sheet: title, header, blocks of one type, subtotals, repeated header, footer.

A sheet is a list of lines; line *n* (from 1) is sheet row *n*, in a workbook as in a text file.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.truth.layouts import Column, Layout
from tests.truth.rows import ANNUAL_YEARS, Cell, Row

POLITICAL = ("中共党员", "群众", "共青团员")
BLOCK = 6


@dataclass(slots=True)
class Line:
    """One sheet row. ``role`` ∈ title, header, data, section, subtotal, repeat, blank, total, footer."""

    role: str
    cells: list[Cell]
    row: Row | None = None
    hidden: bool = False


@dataclass(slots=True)
class Sheet:
    """All lines of a sheet and its merged ranges (row, column, row, column; from 1, inclusive)."""

    layout: Layout
    lines: list[Line]
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)

    @property
    def below_header(self) -> list[tuple[int, Line]]:
        """The numbered lines below the header up to the last non-empty one."""
        first = self.layout.header_rows[-1]
        last = max(number for number, line in enumerate(self.lines, 1) if any(c is not None for c in line.cells))
        return [(number, line) for number, line in enumerate(self.lines, 1) if first < number <= last]


def fits_layout(row: Row, layout: Layout) -> bool:
    """Whether the columns of this layout can show the row without losing what it is about."""
    if layout.has("code_or_filing") and row.cells.get("code") is not None and row.cells.get("filing_no") is not None:
        return False
    return not (layout.has("annual") and any(column.startswith("annual_") for column in row.touched))


def fits_encoding(row: Row, encoding: str) -> bool:
    """Whether every text of the row can be written in ``encoding``; ``bmp`` stands for old workbooks (UCS-2)."""
    texts = row.texts()
    if encoding == "bmp":
        return all(ord(char) < 0x10000 for text in texts for char in text)
    try:
        "".join(texts).encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _shown(row: Row, column: Column, number: int) -> Cell:
    """The cell of ``row`` in ``column``; ``number`` is the running number of the data row."""
    if column.key == "seq":
        return number
    if column.key == "political":
        return POLITICAL[number % len(POLITICAL)]
    if column.key == "code_or_filing":
        code = row.cells.get("code")
        return row.cells.get("filing_no") if code is None else code
    if column.key == "annual":
        results = [(year, row.cells.get(f"annual_{year}")) for year in ANNUAL_YEARS]
        return "、".join(f"{year}年{word}" for year, word in results if word is not None) or None
    return row.cells.get(column.key)


def _text_line(role: str, layout: Layout, key: str, text: str, **numbers: Cell) -> Line:
    return Line(role, [text if c.key == key else numbers.get(c.key) for c in layout.columns])


def _header(layout: Layout, role: str) -> list[Line]:
    lines = [Line(role, [column.top for column in layout.columns])]
    if layout.header_height == 2:
        tops = [column.top for column in layout.columns]
        # Under a merged group only its first cell holds the text.
        lines[0].cells = [
            None if column.bottom and place and tops[place - 1] == column.top else column.top
            for place, column in enumerate(layout.columns)
        ]
        lines.append(Line(role, [column.bottom or None for column in layout.columns]))
    return lines


def _header_merges(layout: Layout, first: int) -> list[tuple[int, int, int, int]]:
    merges: list[tuple[int, int, int, int]] = []
    place = 0
    while layout.header_height == 2 and place < len(layout.columns):
        column = layout.columns[place]
        end = place
        while column.bottom and end + 1 < len(layout.columns) and layout.columns[end + 1].top == column.top:
            end += 1
        merges.append((first, place + 1, first if column.bottom else first + 1, end + 1))
        place = end + 1
    return merges


def _furniture(layout: Layout, data: list[Line], rng: random.Random) -> list[Line]:
    """The data lines with subtotals, two blank lines, a section line, a repeated header and a footer between them."""
    number_key = "seq" if layout.has("seq") else "name"
    third = max(1, len(data) // 3)
    lines: list[Line] = []
    for place, line in enumerate(data):
        if place == third:
            lines.append(_text_line("subtotal", layout, "name", "小计", capital_fen=1234.5, full_time=321))
            lines.append(_text_line("blank", layout, "", ""))
        if place == 2 * third:
            lines += _header(layout, "repeat")
        if place == third + third // 2:
            lines.append(_text_line("subtotal", layout, number_key, "本页小计", full_time=77))
            lines.append(_text_line("section", layout, number_key, "二、其余社会组织"))
        lines.append(line)
    lines.append(
        _text_line("total", layout, "name", "合计", capital_fen=99999, full_time=999, party_members_declared=55)
    )
    lines.append(_text_line("blank", layout, "", ""))
    lines.append(
        _text_line("footer", layout, number_key, "填表人：林一禾　　审核人：许知远　　联系电话：0510-00000000")
    )
    lines.append(_text_line("footer", layout, number_key, "注：1.本表为演示数据；2.资金以验资报告为准。"))
    if layout.hidden:
        clean = [line for line in data if line.row is not None and line.row.mutation == "clean"]
        hidden = rng.sample(clean, 2)
        for line in hidden:
            line.hidden = True
    return lines


def _merge_kinds(sheet: Sheet) -> None:
    """Merge the type cells of neighbours of one type: only the first cell of a block keeps its text."""
    column = next(place for place, column in enumerate(sheet.layout.columns) if column.key == "kind")
    start = 0
    while start < len(sheet.lines):
        first = sheet.lines[start]
        end = start
        if first.row is not None and "kind" not in first.row.touched:
            while end + 1 < len(sheet.lines) and end - start + 1 < BLOCK:
                following = sheet.lines[end + 1]
                if following.row is None or "kind" in following.row.touched:
                    break
                if following.row.cells["kind"] != first.row.cells["kind"]:
                    break
                end += 1
        if end > start:
            for line in sheet.lines[start + 1 : end + 1]:
                line.cells[column] = None
            sheet.merges.append((start + 1, column + 1, end + 1, column + 1))
        start = end + 1


def arrange(rows: Sequence[Row], layout: Layout, *, seed: int) -> Sheet:
    """The sheet that shows ``rows`` in this order; ``seed`` picks the hidden ones."""
    rng = random.Random(seed)
    data = [
        Line("data", [_shown(row, column, number) for column in layout.columns], row)
        for number, row in enumerate(rows, 1)
    ]
    width = len(layout.columns)
    lines = [Line("title", [text] + [None] * (width - 1)) for text in layout.title]
    lines += _header(layout, "header")
    lines += _furniture(layout, data, rng) if layout.furniture else data
    sheet = Sheet(layout, lines)
    sheet.merges += [(number, 1, number, width) for number in range(1, len(layout.title) + 1)]
    sheet.merges += _header_merges(layout, layout.header_rows[0])
    if layout.merged_kinds:
        _merge_kinds(sheet)
    return sheet
