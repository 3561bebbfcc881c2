"""Large clean files for measuring an import: streamed by the standard library alone, the same bytes each time."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from tests.truth.clean import clean_rows
from tests.truth.layouts import PLAIN
from tests.truth.rows import Cell, DateCell
from tests.truth.workbooks import SHEET_NAME, text_of

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

_PARTS = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPES}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPES}.styles+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_TYPES}.sharedStrings+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_RELATIONS}">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
        f'<sheets><sheet name="{SHEET_NAME}" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_RELATIONS}">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/>'
        f'<Relationship Id="rId3" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    ),
    # The second format is a date as the year, the month and the day.
    "xl/styles.xml": (
        f'<styleSheet xmlns="{_MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
        '<fonts count="1"><font/></fonts><fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders>'
        '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0"/>'
        '<xf numFmtId="164" applyNumberFormat="1"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    ),
}


def _letters(column: int) -> str:
    """The letters of a column counted from 0."""
    found = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(65 + rest) + found
    return found


def clean_lines(count: int, seed: int) -> Iterator[list[Cell]]:
    """The header and ``count`` clean rows as cells, in the usual order of F01."""
    yield [column.top for column in PLAIN.columns]
    keys = [column.key for column in PLAIN.columns]
    for number, row in enumerate(clean_rows(count, seed), 1):
        yield [number if key == "seq" else row.cells.get(key) for key in keys]


def _row_xml(number: int, cells: list[Cell], letters: list[str], strings: dict[str, int]) -> str:
    parts = [f'<row r="{number}">']
    for letter, cell in zip(letters, cells, strict=True):
        if cell is None:
            continue
        if isinstance(cell, str):
            place = strings.setdefault(cell, len(strings))
            parts.append(f'<c r="{letter}{number}" t="s"><v>{place}</v></c>')
        elif isinstance(cell, DateCell):
            parts.append(f'<c r="{letter}{number}" s="1"><v>{cell.serial}</v></c>')
        else:
            parts.append(f'<c r="{letter}{number}"><v>{cell}</v></c>')
    parts.append("</row>")
    return "".join(parts)


def _write_workbook(path: Path, lines: Iterator[list[Cell]]) -> int:
    letters = [_letters(column) for column in range(len(PLAIN.columns))]
    strings: dict[str, int] = {}
    count = 0
    with ZipFile(path, "w", ZIP_DEFLATED, compresslevel=1) as book:

        def part(name: str) -> ZipInfo:
            info = ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            info.compress_type = ZIP_DEFLATED
            return info

        for name, text in _PARTS.items():
            book.writestr(part(name), _HEAD + text)
        with book.open(part("xl/worksheets/sheet1.xml"), "w", force_zip64=True) as page:
            page.write(f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
            for count, cells in enumerate(lines, 1):
                page.write(_row_xml(count, cells, letters, strings).encode())
            page.write(b"</sheetData></worksheet>")
        with book.open(part("xl/sharedStrings.xml"), "w", force_zip64=True) as table:
            table.write(f'{_HEAD}<sst xmlns="{_MAIN}" uniqueCount="{len(strings)}">'.encode())
            for text in strings:
                table.write(f"<si><t>{escape(text)}</t></si>".encode())
            table.write(b"</sst>")
    return count - 1


def clean_workbook(path: Path, n: int, seed: int) -> int:
    """Write ``n`` clean rows under one header row to ``path`` and return ``n``.

    ``.csv`` gives UTF-8 with a byte order mark, anything else a workbook. Recompute the truth of row *i* by
    ``clean_rows(n, seed)``: sheet row = *i* + 2 for *i* from 0.
    """
    lines = clean_lines(n, seed)
    if path.suffix != ".csv":
        return _write_workbook(path, lines)
    with path.open("w", encoding="utf-8-sig", newline="") as target:
        writer = csv.writer(target, lineterminator="\r\n")
        for cells in lines:
            writer.writerow([text_of(cell) for cell in cells])
    return n
