"""Workbooks of Excel 97 to 2003 (BIFF8 in a compound file), still what many office systems export. [MS-XLS] 2.4.

Written here because python-calamine asks for the full rectangle of a sheet at once: a changed column number in one cell
record made it ask for 137 GB and abort the process, which no caller can catch. Bytes that make no sense raise ordinary
exceptions, which `reading` turns into a refusal. Memory is that of the file: such a sheet ends at row 65,536.
"""

import struct
from collections.abc import Generator, Iterator
from pathlib import Path

from liaoyuan.kit.sheets.compound import Compound
from liaoyuan.kit.sheets.model import Cell, Merge, ReadLimits, Row, SheetInfo
from liaoyuan.kit.sheets.refusal import Unreadable
from liaoyuan.kit.sheets.serials import Shown, moment, shown_by_id, whole

_BOF, _EOF, _CONTINUE, _FILEPASS, _SHEET = 0x0809, 0x000A, 0x003C, 0x002F, 0x0085
_SST, _FORMAT, _XF, _DATEMODE = 0x00FC, 0x041E, 0x00E0, 0x0022
_LABELSST, _LABEL, _RSTRING, _NUMBER, _RK, _MULRK = 0x00FD, 0x0204, 0x00D6, 0x0203, 0x027E, 0x00BD
_BOOLERR, _FORMULA, _STRING, _ROW, _MERGED = 0x0205, 0x0006, 0x0207, 0x0208, 0x00E5
_BIFF8 = 0x0600
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_VISIBLE, _WORKSHEET, _MACRO_SHEET = 0, 0, 1


class XlsSource:
    """One xls file, held in memory."""

    kind = "xls"
    encoding: str | None = None
    delimiter: str | None = None

    def __init__(self, path: Path, limits: ReadLimits) -> None:
        """Reads everything but the cells."""
        self._limits = limits
        compound = Compound(path.read_bytes())
        if "EncryptedPackage" in compound.names:
            raise Unreadable("password")
        if "Workbook" not in compound.names:
            raise _stranger(compound.names)
        if "_VBA_PROJECT_CUR" in compound.names:
            raise Unreadable("macros")
        self._stream = compound.stream("Workbook")
        self._texts: list[str] = []
        self._shown: list[Shown] = []
        self._from_1904 = False
        self._starts: dict[str, int] = {}
        found = list(self._read_globals())
        self._facts = {name: self._survey(name) for name, _ in found}
        self.sheets = tuple(SheetInfo(name, self._facts[name][0], visible) for name, visible in found)

    def facts(self, sheet: str) -> tuple[list[Merge], frozenset[int]]:
        """Merged ranges and hidden rows of a sheet."""
        return self._facts[sheet][1:]

    def rows(self, sheet: str) -> Generator[Row, None, None]:
        """Rows with a value. Writers may store cells in any order, so they are gathered first."""
        rows: dict[int, dict[int, Cell]] = {}
        for row, column, value in self._cells(self._starts[sheet]):
            if value is not None and value != "":
                if column >= self._limits.max_columns:
                    raise Unreadable("too_many_columns", row=row + 1, limit=self._limits.max_columns)
                rows.setdefault(row, {})[column] = value
        for row in sorted(rows):
            cells = rows.pop(row)
            yield row + 1, [cells.get(column) for column in range(max(cells) + 1)]

    def _records(self, at: int) -> Iterator[tuple[int, int, int]]:
        """Kind, start and end of each record of the substream that begins at a position, up to its end mark."""
        stream, depth = self._stream, 0
        while True:
            kind, size = struct.unpack_from("<HH", stream, at)
            start, at = at + 4, at + 4 + size
            if at > len(stream):
                raise IndexError(at)
            depth += (kind == _BOF) - (kind == _EOF)
            if depth == 0:
                return
            if depth == 1:  # what is deeper belongs to an embedded chart
                yield kind, start, at

    def _read_globals(self) -> Iterator[tuple[str, bool]]:
        stream = self._stream
        if struct.unpack_from("<HHH", stream, 0)[::2] != (_BOF, _BIFF8):
            raise Unreadable("old_excel")
        codes: dict[int, str] = {}
        formats: list[int] = []
        segments: list[tuple[int, int]] = []
        in_strings = False
        for kind, start, end in self._records(0):
            in_strings = kind == _SST or (in_strings and kind == _CONTINUE)
            if in_strings:
                segments.append((start, end))
            elif kind == _FILEPASS:
                raise Unreadable("password")
            elif kind == _DATEMODE:
                self._from_1904 = stream[start] == 1
            elif kind == _FORMAT:
                codes[struct.unpack_from("<H", stream, start)[0]] = _text(stream, start + 2)
            elif kind == _XF:
                formats.append(struct.unpack_from("<H", stream, start + 2)[0])
            elif kind == _SHEET:
                position, state, sheet = struct.unpack_from("<IBB", stream, start)
                if sheet == _MACRO_SHEET:
                    raise Unreadable("macros")
                if sheet == _WORKSHEET:
                    name = _text(stream, start + 6, wide_length=False)
                    self._starts[name] = position
                    yield name, state & 3 == _VISIBLE
        self._shown = [shown_by_id(number, codes) for number in formats]
        if segments:
            self._texts = _Strings(stream, segments).read()

    def _survey(self, sheet: str) -> tuple[int, list[Merge], frozenset[int]]:
        stream = self._stream
        filled: set[int] = set()
        hidden: set[int] = set()
        merges: list[Merge] = []
        for kind, start, _ in self._records(self._starts[sheet]):
            if kind in (_LABELSST, _LABEL, _RSTRING, _NUMBER, _RK, _MULRK, _BOOLERR, _FORMULA):
                filled.add(struct.unpack_from("<H", stream, start)[0])
            elif kind == _ROW and stream[start + 12] & 0x20:
                hidden.add(struct.unpack_from("<H", stream, start)[0] + 1)
            elif kind == _MERGED:
                for i in range(struct.unpack_from("<H", stream, start)[0]):
                    top, bottom, left, right = struct.unpack_from("<4H", stream, start + 2 + 8 * i)
                    merges.append(Merge(top + 1, left, bottom + 1, right))
                if len(merges) > self._limits.max_merges:
                    raise Unreadable("too_many_merges", limit=self._limits.max_merges)
        return len(filled), merges, frozenset(hidden)

    def _cells(self, start_of_sheet: int) -> Iterator[tuple[int, int, Cell]]:
        stream = self._stream
        awaiting: tuple[int, int] | None = None
        for kind, at, end in self._records(start_of_sheet):
            if kind == _STRING and awaiting:
                yield *awaiting, _text(stream, at)
                awaiting = None
            elif kind == _MULRK:
                row, column = struct.unpack_from("<HH", stream, at)
                for i in range((end - at - 6) // 6):
                    style, packed = struct.unpack_from("<HI", stream, at + 4 + 6 * i)
                    yield row, column + i, self._number(_unpack(packed), style)
            elif kind in (_LABELSST, _LABEL, _RSTRING, _NUMBER, _RK, _BOOLERR, _FORMULA):
                row, column, style = struct.unpack_from("<HHH", stream, at)
                if kind == _FORMULA and stream[at + 12 : at + 14] == b"\xff\xff":
                    awaiting = (row, column) if stream[at + 6] == 0 else None
                    yield row, column, _special(stream[at + 6], stream[at + 8])
                else:
                    yield row, column, self._value(kind, at + 6, style)

    def _value(self, kind: int, at: int, style: int) -> Cell:
        stream = self._stream
        match kind:
            case 0x00FD:
                return self._texts[struct.unpack_from("<I", stream, at)[0]]
            case 0x0204 | 0x00D6:
                return _text(stream, at)
            case 0x0205:
                return _special(2 if stream[at + 1] else 1, stream[at])
            case 0x027E:
                return self._number(_unpack(struct.unpack_from("<I", stream, at)[0]), style)
        return self._number(struct.unpack_from("<d", stream, at)[0], style)

    def _number(self, value: float, style: int) -> Cell:
        shown = self._shown[style] if style < len(self._shown) else Shown.NUMBER
        if shown is Shown.NUMBER or not abs(value) < 1e9:
            return whole(value)
        return moment(value, shown, from_1904=self._from_1904)


def _stranger(names: frozenset[str]) -> Unreadable:
    """A compound file that is no workbook of Excel 97 or later."""
    if "Book" in names:
        return Unreadable("old_excel")
    what = next((text for name, text in _STRANGERS.items() if name in names), "其他程序的文件")
    return Unreadable("wrong_type", what=what)


_STRANGERS = {"WordDocument": "Word 文档", "PowerPoint Document": "PowerPoint 演示文稿"}


def _unpack(packed: int) -> float:
    """An RK number: a whole number of 30 bits or the upper half of a double, perhaps times 100 (2.5.122)."""
    if packed & 2:
        value = float((packed >> 2) - (1 << 30 if packed >> 31 else 0))
    else:
        value = struct.unpack("<d", b"\0\0\0\0" + struct.pack("<I", packed & 0xFFFFFFFC))[0]
    return value / 100 if packed & 1 else value


def _special(kind: int, value: int) -> Cell:
    """A stored result that is no number: 1 a truth value, 2 an error; a text (0) stands in the next record."""
    if kind == 1:
        return value != 0
    return _ERRORS.get(value, "#N/A") if kind == 2 else None


def _text(stream: bytes, at: int, *, wide_length: bool = True) -> str:
    """A string within one record: length in characters, flags, text in one or two bytes a character."""
    length, at = (struct.unpack_from("<H", stream, at)[0], at + 2) if wide_length else (stream[at], at + 1)
    flags, at = stream[at], at + 1
    size = length * (2 if flags & 1 else 1)
    raw = stream[at : at + size]
    if len(raw) < size:
        raise IndexError(at)
    return raw.decode("utf-16-le" if flags & 1 else "latin-1", "replace")


class _Strings:
    """The shared string table, which runs on through CONTINUE records, breaking strings anywhere (2.5.293)."""

    def __init__(self, stream: bytes, segments: list[tuple[int, int]]) -> None:
        self._stream = stream
        self._segments = iter(segments)
        self._at, self._end = next(self._segments)

    def read(self) -> list[str]:
        count = struct.unpack("<II", self._bytes(8))[1]
        found: list[str] = []
        for _ in range(count):
            length, flags = struct.unpack("<HB", self._bytes(3))
            runs = struct.unpack("<H", self._bytes(2))[0] if flags & 8 else 0
            extra = struct.unpack("<I", self._bytes(4))[0] if flags & 4 else 0
            found.append(self._characters(length, flags & 1))
            self._bytes(4 * runs + extra)
        return found

    def _next_segment(self) -> None:
        following = next(self._segments, None)
        if following is None:
            raise IndexError(self._at)
        self._at, self._end = following

    def _bytes(self, size: int) -> bytes:
        taken = b""
        while size:
            if self._at == self._end:
                self._next_segment()
            piece = self._stream[self._at : min(self._at + size, self._end)]
            taken += piece
            self._at += len(piece)
            size -= len(piece)
        return taken

    def _characters(self, length: int, wide: int) -> str:
        text = ""
        while True:
            width = 2 if wide else 1
            here = min(length, (self._end - self._at) // width)
            raw = self._stream[self._at : self._at + here * width]
            text += raw.decode("utf-16-le" if wide else "latin-1", "replace")
            self._at += here * width
            length -= here
            if not length:
                return text
            self._next_segment()
            wide = self._stream[self._at] & 1  # each continuation says anew how wide its characters are
            self._at += 1
