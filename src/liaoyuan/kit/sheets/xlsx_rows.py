"""The worksheet part of an xlsx: cut into rows while it is inflated, each row read by a pattern or by expat.

The pattern knows the way every common program writes a row. A row that it does not explain to its last cell goes
through expat, so an unusual file is slower and never read differently. ECMA-376 part 1, 18.3.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from itertools import pairwise
from xml.parsers import expat

from liaoyuan.kit.sheets.archive import refuse_declarations
from liaoyuan.kit.sheets.model import Cell, Merge, ReadLimits, Row
from liaoyuan.kit.sheets.refusal import Unreadable
from liaoyuan.kit.sheets.serials import Shown, moment, number_of
from liaoyuan.kit.sheets.xlsx_strings import Strings, unescape

_CELL = re.compile(
    rb'<c r="([A-Z]{1,3}+)[0-9]++"([^<>/]*+)(?:/>|>(?:<f[^<>]*>[^<]*</f>|<f[^<>]*/>)?'
    rb'(?:<(?:v|is><t(?: xml:space="preserve")?)>([^<&]*+)</(?:v|t></is)>)?</c>)'
)
_ROW = re.compile(rb'\s*<row(?:\s[^<>]*?)??\sr="([0-9]+)"[^<>]*>')
_ROW_TAG = re.compile(rb"<(?:[\w.-]+:)?row\b[^<>]*>")
_ROW_NUMBER = re.compile(rb'\sr="([0-9]+)"')
_HIDDEN = re.compile(rb'\shidden="(?:1|true)"')
_MERGE = re.compile(rb'<(?:[\w.-]+:)?mergeCell\s[^<>]*?ref="([A-Z]+)([0-9]+)(?::([A-Z]+)([0-9]+))?"')
_DIMENSION = re.compile(rb'<(?:[\w.-]+:)?dimension\s[^<>]*?ref="[A-Z]+[0-9]+:([A-Z]+)[0-9]+"')
_ROOT = re.compile(rb"<([\w.-]+:)?worksheet[\s>]")
_ATTRIBUTE = re.compile(r'(?<![\w:])(\w+)="([^"]*)"')
_REFERENCE = re.compile(r"([A-Z]{1,3})[0-9]+")
_MOST_COLUMNS = 16_384
_LONGEST_HEAD = 8 * 2**20
_LONGEST_ROW = 32 * 2**20


def column_index(letters: str) -> int:
    """A → 0, Z → 25, AA → 26."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


class Part:
    """What stands before one `</row>`, or, as `tail`, everything after the last row."""

    __slots__ = ("data", "prefix", "tail")

    def __init__(self, data: bytes, prefix: bytes, tail: bool = False) -> None:
        """`prefix` is the namespace prefix with its colon, mostly empty."""
        self.data = data
        self.prefix = prefix
        self.tail = tail


class _Memo(dict[bytes, Cell]):
    """Stored text → value for one kind of cell. Rosters repeat themselves; what does not is forgotten again."""

    def __init__(self, read: Callable[[bytes], Cell]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, raw: bytes) -> Cell:
        if len(self) >= 4_096:
            self.clear()
        value = self[raw] = self._read(raw)
        return value


class Values(dict[bytes, _Memo]):
    """Attributes of a cell besides its reference → what turns its stored text into a value."""

    def __init__(self, strings: Strings, shown: list[Shown], from_1904: bool) -> None:
        """`shown` by style index."""
        super().__init__()
        self._strings = strings
        self._shown = shown
        self._from_1904 = from_1904

    def __missing__(self, marks: bytes) -> _Memo:
        given = dict(_ATTRIBUTE.findall(marks.decode()))
        found = self[marks] = _Memo(self.of(given.get("t", "n"), int(given.get("s", "0"))))
        return found

    def of(self, kind: str, style: int) -> Callable[[bytes], Cell]:
        """The reader for a cell type (18.18.11) and a style index. An error such as `#N/A` is text."""
        if kind == "s":
            return self._strings.__getitem__
        if kind in ("str", "inlineStr"):
            return lambda raw: unescape(raw.decode())
        if kind == "e":
            return bytes.decode
        if kind == "b":
            return lambda raw: raw.strip() in (b"1", b"true")
        if kind == "d":
            return lambda raw: _iso(raw.decode())
        shown = self._shown[style] if 0 <= style < len(self._shown) else Shown.NUMBER
        if shown is Shown.NUMBER:
            return _number
        return lambda raw: _dated(raw, shown, self._from_1904)


def _number(raw: bytes) -> Cell:
    return int(raw) if raw.isdigit() and len(raw) < 22 else number_of(raw.decode())


def _dated(raw: bytes, shown: Shown, from_1904: bool) -> Cell:
    value = number_of(raw.decode())
    return value if isinstance(value, str) else moment(value, shown, from_1904=from_1904)


def _iso(text: str) -> Cell:
    try:
        return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return text


def row_parts(source: Iterator[bytes]) -> Iterator[Part]:
    """The sheet cut behind every row. The XML around the rows must be whole, or the file counts as damaged."""
    head = b""
    opening = None
    prefix = b""
    for piece in source:
        head += piece
        if root := _ROOT.search(head):
            prefix = root[1] or b""
            opening = re.search(rb"<" + re.escape(prefix) + rb"sheetData\s*(/?)>", head)
        if opening or len(head) > _LONGEST_HEAD:
            break
    if opening is None:
        raise Unreadable("damaged")
    refuse_declarations(head[: opening.start()])
    declared = _DIMENSION.search(head, 0, opening.start())
    if declared and (len(declared[1]) > 3 or column_index(declared[1].decode()) >= _MOST_COLUMNS):
        raise Unreadable("declared_columns", columns=column_index(declared[1][:9].decode()) + 1)
    row_end, data_end = b"</" + prefix + b"row>", b"</" + prefix + b"sheetData>"
    waiting = [head[opening.end() :]]
    fresh, size, ended = waiting[0], len(waiting[0]), bool(opening[1])
    while True:
        if not ended and (row_end in fresh or data_end in fresh):
            *rows, rest = b"".join(waiting).split(row_end)
            for row in rows:
                yield Part(row, prefix)
            before, found, after = rest.partition(data_end)
            if found:
                ended, rest = True, after
                if before.strip():
                    yield Part(before, prefix)  # empty rows, written as <row/>
            waiting, size = [rest], len(rest)
        if not (piece := next(source, b"")):
            break
        fresh = waiting[-1][-len(data_end) :] + piece
        waiting.append(piece)
        size += len(piece)
        if size > _LONGEST_ROW:
            _refuse_long(b"".join(waiting), prefix)
    rest = b"".join(waiting)
    if not ended or b"</" + prefix + b"worksheet>" not in rest:
        raise Unreadable("damaged")
    yield Part(rest, prefix, tail=True)


def _refuse_long(rest: bytes, prefix: bytes) -> None:
    cells = rest.count(b"<" + prefix + b"c ") + rest.count(b"<" + prefix + b"c>")
    number = _ROW_NUMBER.search(rest)
    row = int(number[1]) if number else 1
    if cells > _MOST_COLUMNS:
        raise Unreadable("too_many_columns", row=row, limit=_MOST_COLUMNS)
    raise Unreadable("cell_too_long", row=row, limit=_LONGEST_ROW // 2**20)


def survey(source: Iterator[bytes], limits: ReadLimits) -> tuple[int, list[Merge], frozenset[int]]:
    """Number of rows with a value, merged ranges and hidden rows; merged ranges stand behind the cells."""
    merges: list[Merge] = []
    hidden: set[int] = set()
    filled = number = 0
    for part in row_parts(source):
        data = part.data
        if part.tail:
            for left, top, right, bottom in _MERGE.findall(data):
                merges.append(
                    Merge(
                        int(top),
                        column_index(left.decode()),
                        int(bottom or top),
                        column_index((right or left).decode()),
                    )
                )
            break
        filled += b"<" + part.prefix + b"v" in data or b"<" + part.prefix + b"is>" in data
        if b" hidden=" in data:
            for tag in _ROW_TAG.findall(data):
                given = _ROW_NUMBER.search(tag)
                number = int(given[1]) if given else number + 1
                if _HIDDEN.search(tag):
                    hidden.add(number)
        else:
            number += data.count(b"<" + part.prefix + b"row")
        if filled > limits.max_rows:
            raise Unreadable("too_many_rows", limit=limits.max_rows)
    if len(merges) > limits.max_merges:
        raise Unreadable("too_many_merges", limit=limits.max_merges)
    return filled, merges, frozenset(hidden)


class _Plan:
    """How to read the rows that fill the same columns with the same kinds of cells."""

    __slots__ = ("indices", "memos", "width")

    def __init__(self, letters: tuple[bytes, ...], marks: tuple[bytes, ...], values: Values) -> None:
        self.memos = [values[mark] for mark in marks]
        self.indices = [column_index(letter.decode()) for letter in letters]
        self.width = self.indices[-1] + 1
        if any(right <= left for left, right in pairwise(self.indices)):
            raise Unreadable("damaged")

    def read(self, stored: tuple[bytes, ...]) -> list[Cell]:
        """The cells from the first column on."""
        if self.width == len(stored):
            return [memo[raw] if raw else None for memo, raw in zip(self.memos, stored, strict=True)]
        row: list[Cell] = [None] * self.width
        for index, memo, raw in zip(self.indices, self.memos, stored, strict=True):
            if raw:
                row[index] = memo[raw]
        return row


def read_rows(source: Iterator[bytes], values: Values, limit: int) -> Iterator[Row]:
    """The rows of a sheet; `limit` is the number of columns."""
    plans: dict[tuple[tuple[bytes, ...], tuple[bytes, ...]], _Plan] = {}
    number = 0
    for part in row_parts(source):
        if part.tail:
            continue
        data = part.data
        opening = _ROW.match(data)
        found = _CELL.findall(data)
        plain = data.count(b"<row") == 1 and data.count(b"<c") == len(found) and b"<!" not in data and b"\r" not in data
        if not opening or not plain or part.prefix:
            for given, cells in _slow_rows(part, values, limit):
                number = given or number + 1
                yield number, cells
            continue
        number = int(opening[1])
        if not found:
            yield number, []
            continue
        letters, marks, stored = zip(*found, strict=True)
        plan = plans.get((letters, marks))
        if plan is None:
            if len(plans) >= 256:
                plans.clear()
            plan = plans[letters, marks] = _Plan(letters, marks, values)
        row = plan.read(stored)
        if len(row) > limit and any(cell is not None for cell in row[limit:]):
            raise Unreadable("too_many_columns", row=number, limit=limit)
        yield number, row


def _slow_rows(part: Part, values: Values, limit: int) -> list[tuple[int | None, list[Cell]]]:
    """The rows of a part, by a real parser: formulas with text, rich text, comments, foreign attributes, any prefix."""
    done: list[tuple[int | None, list[Cell]]] = []
    row: list[Cell] = []
    number: int | None = None
    cell: dict[str, str] = {}
    text: list[str] = []
    taking = phonetic = False

    def start(name: str, attrs: dict[str, str]) -> None:
        nonlocal row, number, cell, taking, phonetic
        match name.rpartition(":")[2]:
            case "row":
                row, number = [], int(attrs["r"]) if "r" in attrs else None
            case "c":
                cell = attrs
                text.clear()
            case "rPh":
                phonetic = True
            case "v" | "t":
                taking = not phonetic

    def end(name: str) -> None:
        nonlocal taking, phonetic
        match name.rpartition(":")[2]:
            case "row":
                done.append((number, row))
            case "rPh":
                phonetic = False
            case "v" | "t":
                taking = False
            case "c":
                _place(row, cell, "".join(text), values, limit, number or 0)

    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = lambda data: text.append(data) if taking else None
    # The part was cut before its closing tag, except where only self-closing rows are left.
    tags = _ROW_TAG.findall(part.data)
    closing = b"</" + part.prefix + b"row>" if tags and not tags[-1].endswith(b"/>") else b""
    parser.Parse(b"<sheetData>" + part.data + closing + b"</sheetData>", True)
    return done


def _place(row: list[Cell], cell: dict[str, str], text: str, values: Values, limit: int, number: int) -> None:
    """Put a cell at the column of its reference; without one, behind the cell before it."""
    index = len(row)
    if "r" in cell:
        found = _REFERENCE.fullmatch(cell["r"])
        if found is None:
            letters = cell["r"].rstrip("0123456789")
            raise Unreadable("too_many_columns" if len(letters) > 3 else "damaged", row=number, limit=limit)
        index = column_index(found[1])
    if not text:
        if "r" not in cell and index < limit:
            row.append(None)
        return
    if index >= limit:
        raise Unreadable("too_many_columns", row=number, limit=limit)
    if index < len(row):
        raise Unreadable("damaged")
    row.extend([None] * (index - len(row)))
    row.append(values.of(cell.get("t", "n"), int(cell.get("s", "0")))(text.encode()))
