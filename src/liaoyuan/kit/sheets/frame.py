"""The frame of an exported workbook: everything but its rows, made by XlsxWriter."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any, Final, Literal
from unicodedata import east_asian_width
from zipfile import ZipFile

import xlsxwriter
from xlsxwriter.utility import xl_range_abs

NOTES_SHEET: Final = "说明"
CHOICES_SHEET: Final = "选项"
_LONGEST_INLINE_LIST = 255
_LAST_ROW = 1_048_575
_FORMATS = {"text": "@", "date": "yyyy-mm-dd", "datetime": "yyyy-mm-dd hh:mm:ss"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an exported table.

    `kind` styles cells that are still empty, so that a code typed into a text column keeps its digits. `choices` become
    a drop-down, `note` a comment at the title; a required column has a red title.
    """

    title: str
    kind: Literal["text", "number", "date", "datetime"] = "text"
    width: float | None = None
    """In characters of the default font; without it by the title."""
    key: str = ""
    """Name in JSON; without it the title."""
    choices: Sequence[str] = ()
    note: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """A workbook whose table has one empty row, to be replaced by the real ones."""

    book: bytes
    part: str
    """Name of the sheet with the table."""
    first_row: int
    """Number of the first row below the header."""
    styles: Mapping[str, int]
    """Style index of text, date and datetime cells."""

    def split(self, sheet: bytes) -> tuple[bytes, bytes]:
        """What stands before and behind the rows. The declared dimension goes: it would be that of the empty table."""
        row = _probe(sheet, self.first_row)
        return re.sub(rb"<dimension [^>]*/>", b"", sheet[: row.start()]), sheet[row.end() :]


def _probe(sheet: bytes, number: int) -> re.Match[bytes]:
    found = re.search(rb'<row r="%d"[^>]*>.*?</row>' % number, sheet)
    if found is None:
        msg = "the frame has no row to replace"
        raise ValueError(msg)
    return found


def make_frame(columns: Sequence[Column], *, sheet: str, title: str, notes: Sequence[Sequence[str]]) -> Frame:
    """Make the workbook with title, header, widths, drop-downs, comments and the sheet of notes."""
    memory = BytesIO()
    with xlsxwriter.Workbook(memory, {"in_memory": True}) as book:
        # A fixed document time: the same rows give the same file.
        book.set_properties({"created": datetime(2000, 1, 1)})  # noqa: DTZ001
        formats = {kind: book.add_format({"num_format": code}) for kind, code in _FORMATS.items()}
        table = book.add_worksheet(sheet)
        header = 1 if title else 0
        if title:
            big = book.add_format({"bold": True, "font_size": 14})
            table.write_string(0, 0, title, big)
        _write_header(book, table, columns, header, formats)
        if notes:
            _write_notes(book.add_worksheet(NOTES_SHEET), notes, book)
        _offer_choices(book, table, columns, header + 1)
        for index, kind in enumerate(_FORMATS):
            table.write_blank(header + 1, index, None, formats[kind])
    data = memory.getvalue()
    part = "xl/worksheets/sheet1.xml"
    probe = _probe(_read(data, part), header + 2)[0]
    styles = [int(number) for number in re.findall(rb' s="(\d+)"', probe[probe.index(b"<c") :])]
    return Frame(data, part, header + 2, dict(zip(_FORMATS, styles, strict=True)))


def _read(book: bytes, part: str) -> bytes:
    with ZipFile(BytesIO(book)) as archive:
        return archive.read(part)


def _write_header(book: Any, table: Any, columns: Sequence[Column], row: int, formats: Mapping[str, Any]) -> None:
    look = {"bold": True, "bg_color": "#E8EEF7", "bottom": 1, "text_wrap": True, "valign": "vcenter"}
    plain, required = book.add_format(look), book.add_format(look | {"font_color": "#B42318"})
    for index, column in enumerate(columns):
        width = column.width or min(max(_width(column.title) + 4, 10), 40)
        table.set_column(index, index, width, formats.get(column.kind))
        table.write_string(row, index, column.title, required if column.required else plain)
        if column.note:
            table.write_comment(row, index, column.note, {"author": "", "x_scale": 2})
    table.freeze_panes(row + 1, 0)


def _width(text: str) -> int:
    return sum(2 if east_asian_width(c) in "WF" else 1 for c in text)


def _write_notes(sheet: Any, notes: Sequence[Sequence[str]], book: Any) -> None:
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 24, wrapped)
    sheet.set_column(1, 8, 60, wrapped)
    for row, cells in enumerate(notes):
        for index, text in enumerate(cells):
            sheet.write_string(row, index, text, wrapped)


def _offer_choices(book: Any, table: Any, columns: Sequence[Column], first: int) -> None:
    """Drop-downs; a list too long for the rule stands on a hidden sheet. Other values are warned of, not refused."""
    lists: Any = None
    for index, column in enumerate(columns):
        if not column.choices:
            continue
        source: Any = list(column.choices)
        if len(",".join(source)) > _LONGEST_INLINE_LIST or any("," in choice for choice in source):
            if lists is None:
                lists = book.add_worksheet(CHOICES_SHEET)
                lists.hide()
            lists.write_column(0, index, source)
            name = xl_range_abs(0, index, len(source) - 1, index)
            source = f"={CHOICES_SHEET}!{name}"
        rule = {"validate": "list", "source": source, "error_type": "warning", "error_title": column.title[:32]}
        table.data_validation(first, index, _LAST_ROW, index, rule)
