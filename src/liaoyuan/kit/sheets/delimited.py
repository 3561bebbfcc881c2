"""Text tables (comma, tab, semicolon), whose encoding and separator nobody declares.

A wrong guess at the encoding would be accepted as wrong names, so every byte is decoded once before a row comes out,
and what decodes is asked whether it reads like Chinese. A quote that never closes would swallow the rest of the file as
one cell, so quoting is strict. Row numbers count records, as a spreadsheet program does.
"""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Generator, Iterator
from pathlib import Path

from liaoyuan.kit.sheets.escaping import unescape_formula
from liaoyuan.kit.sheets.model import Cell, Merge, ReadLimits, Row, SheetInfo
from liaoyuan.kit.sheets.refusal import Unreadable

SHEET = "CSV"
"""The name a text table has as a sheet."""
_CHUNK = 1 << 18
_SAMPLE = 1 << 16
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")
_CONTROL_TEXT = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufffe\uffff]")
_HAN_IN_UTF8 = re.compile(rb"[\xe3-\xe9][\x80-\xbf][\x80-\xbf]|\xef[\xbc-\xbf][\x80-\xbf]")


class DelimitedSource:
    """One text table as a workbook of a single sheet. Its cells are texts."""

    kind = "csv"

    def __init__(self, path: Path, limits: ReadLimits) -> None:
        """Finds encoding and separator, decodes the whole file and counts its rows."""
        self._path = path
        self._limits = limits
        self.encoding: str | None = _find_encoding(path)
        with self._open() as text:
            sample = text.read(_SAMPLE)
        declared = re.match(r"sep=([^\r\n])\r?\n", sample)
        self._skip_first = declared is not None
        self.delimiter: str | None = declared[1] if declared else _find_delimiter(sample)
        filled = sum(1 for record in self._records() if any(record))
        self.sheets: tuple[SheetInfo, ...] = (SheetInfo(SHEET, filled, visible=True),)

    def _open(self) -> io.TextIOWrapper:
        return self._path.open(encoding=self.encoding, newline="")

    def facts(self, sheet: str) -> tuple[list[Merge], frozenset[int]]:
        """A text table has neither merged ranges nor hidden rows."""
        return [], frozenset()

    def rows(self, sheet: str) -> Generator[Row, None, None]:
        """All records. An empty cell is `None`, every other one text."""
        for number, record in enumerate(self._records(), 1):
            cells: list[Cell] = [
                (unescape_formula(cell) if cell[0] in "'=" else cell) if cell else None for cell in record
            ]
            yield number, cells

    def _records(self) -> Iterator[list[str]]:
        rows, columns = self._limits.max_rows, self._limits.max_columns
        with self._open() as text:
            if self._skip_first:
                text.readline()
            number = 0
            try:
                for record in csv.reader(text, delimiter=self.delimiter or ",", strict=True):
                    number += 1
                    if number > rows:
                        raise Unreadable("too_many_rows", limit=rows)
                    if len(record) > columns and any(record[columns:]):
                        raise Unreadable("too_many_columns", row=number, limit=columns)
                    yield record
            except csv.Error as error:
                # Also a cell of more than 131,072 characters: a quote that closes nowhere near.
                raise Unreadable("quotes", row=number + 1) from error


def _find_encoding(path: Path) -> str:
    """The encoding in which the whole file is text.

    Raises `Unreadable` with the line and byte where it stops being text in the likeliest one.
    """
    with path.open("rb") as file:
        sample = file.read(_SAMPLE)
    for bom, name in _BOMS:
        if sample.startswith(bom):
            failed = _failure(path, name)
            if failed is not None:
                raise _undecodable(path, failed)
            return name
    if b"\0" in sample:
        return _without_bom(path, sample)
    control = _CONTROL.search(sample)
    if control:
        raise Unreadable("binary", position=control.start())
    failed = _failure(path, "utf-8")
    if failed is None:
        # A few short GBK words (联通) are letters of other alphabets in UTF-8; a Chinese table has Han characters.
        other = not sample.isascii() and not _HAN_IN_UTF8.search(sample) and _failure(path, "gbk") is None
        return "gbk" if other and _reads_like_chinese(sample, "gbk") else "utf-8"
    if _is_broken_utf8(path, failed):
        raise _undecodable(path, failed)
    for name in ("gbk", "gb18030"):
        failed = _failure(path, name)
        if failed is None:
            if not _reads_like_chinese(sample, name):
                raise _undecodable(path, len(sample) - len(sample.lstrip(bytes(range(0x80)))))
            return name
    raise _undecodable(path, failed or 0)


def _failure(path: Path, encoding: str) -> int | None:
    """The byte at which the file stops being text in this encoding, or `None`."""
    decoder = codecs.getincrementaldecoder(encoding)()
    at = 0
    with path.open("rb") as file:
        while True:
            piece = file.read(_CHUNK)
            held = len(decoder.getstate()[0])
            try:
                text = decoder.decode(piece, final=not piece)
            except UnicodeDecodeError as error:
                return max(at - held + error.start, 0)
            if control := _CONTROL_TEXT.search(text):
                return at + len(text[: control.start()].encode(encoding, "replace"))
            if not piece:
                return None
            at += len(piece)


def _undecodable(path: Path, position: int) -> Unreadable:
    line, left = 1, position
    with path.open("rb") as file:
        while left > 0 and (piece := file.read(min(left, _CHUNK))):
            line += piece.count(b"\n")
            left -= len(piece)
    return Unreadable("undecodable", line=line, position=position)


def _without_bom(path: Path, sample: bytes) -> str:
    """UTF-16 that does not say so: its line ends are zero bytes beside line feeds, always on the same side."""
    even = sample[: len(sample) // 2 * 2]
    for name in ("utf-16-le", "utf-16-be"):
        text = even.decode(name, "replace")
        usual = sum(
            1 for c in text if c in "\r\n\t" or "\x20" <= c < "\x7f" or "\u3000" <= c <= "\u9fff" or c > "\uff00"
        )
        if "\ufffd" not in text[:-1] and ("\n" in text or "," in text or "\t" in text) and usual * 10 >= len(text) * 9:
            failed = _failure(path, name)
            if failed is not None:
                raise _undecodable(path, failed)
            return name
    raise Unreadable("binary", position=sample.index(b"\0"))


def _is_broken_utf8(path: Path, failed: int) -> bool:
    """Whether a file that fails as UTF-8 was UTF-8 all the same. Decoded as GBK it would become other characters.

    In real GBK about one run in a hundred is a Han character in UTF-8, in damaged UTF-8 nearly every one.
    """
    with path.open("rb") as file:
        file.seek(max(failed - _SAMPLE // 2, 0))
        window = file.read(_SAMPLE)
    han = len(_HAN_IN_UTF8.findall(window))
    wrong = window.decode("utf-8", "replace").count("\ufffd")
    return han > 1 and han * 5 > wrong


def _reads_like_chinese(sample: bytes, encoding: str) -> bool:
    """Whether most of what is not ASCII belongs to the 7,445 characters of GB 2312; other scripts become rare ones."""
    text = sample.decode(encoding, "ignore")
    foreign = [c for c in text if not c.isascii()]
    common = len("".join(foreign).encode("gb2312", "ignore")) // 2
    return common * 2 >= len(foreign)


def _find_delimiter(sample: str) -> str:
    """The separator that cuts most records into the same number of cells, more than one; a comma if there is none."""
    best, best_score = ",", 0
    for candidate in ",\t;":
        lines = sample.splitlines(keepends=True)[:200]
        try:
            widths = Counter(len(record) for record in csv.reader(lines, delimiter=candidate))
        except csv.Error:
            continue
        score = max(((width - 1) * count for width, count in widths.items() if width > 1), default=0)
        if score > best_score:
            best, best_score = candidate, score
    return best
