"""Open a table of any kind that offices send, by what it holds and never by its name.

xlsx, xls, ods, and text tables in UTF-8, UTF-16, GBK or GB 18030. Whatever the bytes are, the outcome is a `Table` or
`Unreadable` with a sentence for the person who sent the file.
"""

import hashlib
import zipfile
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from liaoyuan.kit.sheets.compound import MAGIC
from liaoyuan.kit.sheets.delimited import DelimitedSource
from liaoyuan.kit.sheets.model import Cell, Merge, ReadLimits, Row, SheetInfo, Source
from liaoyuan.kit.sheets.ods import OdsSource
from liaoyuan.kit.sheets.refusal import MESSAGES, Unreadable
from liaoyuan.kit.sheets.xls import XlsSource
from liaoyuan.kit.sheets.xlsx import XlsxSource

__all__ = ["MESSAGES", "Cell", "Merge", "ReadLimits", "Row", "SheetInfo", "Table", "Unreadable", "open_table"]

_SIGNATURES = (
    (b"%PDF", "PDF 文件"),
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"GIF8", "图片"),
    (b"BM", "图片"),
    (b"II*\0", "图片"),
    (b"MM\0*", "图片"),
    (b"RIFF", "图片或音像文件"),
    (b"Rar!", "压缩包"),
    (b"7z\xbc\xaf", "压缩包"),
    (b"\x1f\x8b", "压缩包"),
    (b"MZ", "程序"),
    (b"\x7fELF", "程序"),
    (b"SQLite format 3", "数据库文件"),
    (b"{\\rtf", "RTF 文档"),
)
_TEXT_SIGNATURES = (
    (b"<?xml", "XML 文件"),
    (b"<!doctype", "网页"),
    (b"<html", "网页"),
    (b"<head", "网页"),
    (b"<meta", "网页"),
    (b"<table", "网页"),
    (b"{", "JSON 文件"),
    (b"[{", "JSON 文件"),
)


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet of a file, ready to be read as often as wanted."""

    path: Path
    kind: str
    """xlsx, xls, ods or csv (any separator)."""
    encoding: str | None
    """Of a text table; `None` for workbooks."""
    delimiter: str | None
    sheet: str
    sheets: tuple[SheetInfo, ...]
    merged: tuple[Merge, ...]
    hidden_rows: frozenset[int]
    sha256: str
    """Hexadecimal, of the whole file."""
    _source: Source = field(repr=False)
    _limits: ReadLimits = field(repr=False)

    def rows(self) -> Generator[Row, None, None]:
        """Every row from the first to the last one that holds a value, blank ones in between as empty lists.

        Cells behind the last filled one of a row are left out; cells that hold only white space stay. Texts stay texts,
        whole numbers are `int`, cells formatted as dates `date` or `datetime`. Raises `Unreadable`, also half-way.
        """
        with _refusing(), closing(self._source.rows(self.sheet)) as rows:
            yield from _settled(rows, self._limits)

    def preview(self, count: int = 40) -> list[Row]:
        """The first rows, for `find_header` and for the person who maps columns."""
        with closing(self.rows()) as rows:
            return list(islice(rows, count))


def open_table(path: Path, *, sheet: str | None = None, limits: ReadLimits | None = None) -> Table:
    """Open a file and choose a sheet: the named one, else the first visible one with content, else any with content.

    Raises `Unreadable` and nothing else.
    """
    limits = limits or ReadLimits()
    with _refusing():
        try:
            size = path.stat().st_size
            with path.open("rb") as file:
                _check_size(size, limits)
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise Unreadable("missing", name=path.name) from error
        source = _sniff(path)(path, limits)
        chosen = _choose(source, sheet)
        merges, hidden = source.facts(chosen)
        return Table(
            path=path,
            kind=source.kind,
            encoding=source.encoding,
            delimiter=source.delimiter,
            sheet=chosen,
            sheets=source.sheets,
            merged=tuple(merges),
            hidden_rows=hidden,
            sha256=digest,
            _source=source,
            _limits=limits,
        )


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except Unreadable:
        raise
    except Exception as error:
        # Broken bytes fail in as many ways as there are libraries (zlib, zipfile, expat, struct, codecs, int); to the
        # sender it is one: the file is damaged. The cause stays attached for the log.
        raise Unreadable("damaged") from error


def _check_size(size: int, limits: ReadLimits) -> None:
    if size > limits.max_bytes:
        raise Unreadable("too_large", size=-(-size // 2**20), limit=limits.max_bytes // 2**20)
    if size == 0:
        raise Unreadable("empty")


def _sniff(path: Path) -> Callable[[Path, ReadLimits], Source]:
    """The reader for what the file holds."""
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(MAGIC):
        return XlsSource
    if head.startswith((b"PK\3\4", b"PK\5\6")):
        return _sniff_archive(path)
    for signature, what in _SIGNATURES:
        if head.startswith(signature) and (len(signature) > 2 or b"\0" in head):
            raise Unreadable("wrong_type", what=what)
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if not text:
        raise Unreadable("empty")
    for signature, what in _TEXT_SIGNATURES:
        if text.startswith(signature):
            raise Unreadable("wrong_type", what=what)
    return DelimitedSource


def _sniff_archive(path: Path) -> Callable[[Path, ReadLimits], Source]:
    with zipfile.ZipFile(path) as archive:
        names = {name.lower() for name in archive.namelist()}
        mime = b""
        if "mimetype" in archive.namelist():
            with archive.open("mimetype") as part:
                mime = part.read(100)
    if mime.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
        return OdsSource
    if "[content_types].xml" not in names:
        raise Unreadable("wrong_type", what="其他文档" if mime else "压缩包")
    if any(name.startswith("word/") for name in names):
        raise Unreadable("wrong_type", what="Word 文档")
    if any(name.startswith("ppt/") for name in names):
        raise Unreadable("wrong_type", what="PowerPoint 演示文稿")
    if "xl/workbook.bin" in names:
        raise Unreadable("xlsb")
    return XlsxSource


def _choose(source: Source, wanted: str | None) -> str:
    if wanted is not None:
        if all(info.name != wanted for info in source.sheets):
            raise Unreadable("no_such_sheet", sheet=wanted, names="、".join(info.name for info in source.sheets))
        found = next(info for info in source.sheets if info.name == wanted)
    else:
        filled = [info for info in source.sheets if info.rows]
        if not filled:
            raise Unreadable("empty")
        found = next((info for info in filled if info.visible), filled[0])
    if not found.rows:
        raise Unreadable("empty_sheet", sheet=found.name)
    return found.name


def _settled(rows: Iterator[Row], limits: ReadLimits) -> Iterator[Row]:
    """Rows numbered without gaps, without what is blank behind the last value."""
    last = 0
    for number, cells in rows:
        while cells and (cells[-1] is None or cells[-1] == ""):
            cells.pop()
        if number <= last and (number < 1 or cells):
            raise Unreadable("damaged")
        if not any(cell is not None and (not isinstance(cell, str) or not cell.isspace()) for cell in cells):
            continue
        if number > limits.max_rows:
            raise Unreadable("too_many_rows", limit=limits.max_rows)
        for blank in range(last + 1, number):
            yield blank, []
        yield number, cells
        last = number
