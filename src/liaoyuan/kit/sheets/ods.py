"""OpenDocument spreadsheets, streamed through expat.

Written here because the format repeats cells and rows by number: one row of a hostile file stands for sixteen thousand
million cells, which a reader of whole sheets tries to hold. OpenDocument 1.3 part 3, 9 (tables) and 19.385 (values).
"""

import zipfile
from collections.abc import Callable, Generator, Iterator
from datetime import date, datetime
from pathlib import Path
from xml.parsers import expat

from liaoyuan.kit.sheets.archive import CHUNK, local, open_archive, small_xml
from liaoyuan.kit.sheets.model import Cell, Merge, ReadLimits, Row, SheetInfo
from liaoyuan.kit.sheets.refusal import Unreadable
from liaoyuan.kit.sheets.serials import number_of

_CONTENT = "content.xml"
_MANIFEST = "META-INF/manifest.xml"


class OdsSource:
    """One ods file."""

    kind = "ods"
    encoding: str | None = None
    delimiter: str | None = None

    def __init__(self, path: Path, limits: ReadLimits) -> None:
        """Goes through the content once to find the sheets, their merged ranges and hidden rows."""
        self._path = path
        self._limits = limits
        scan = _Scan(limits)
        with open_archive(path, limits) as archive:
            if _MANIFEST in archive.namelist():
                entries = small_xml(archive, _MANIFEST).iter()
                if any(local(e.tag) == "encryption-data" for e in entries):
                    raise Unreadable("password")
            for _ in scan.run(archive):
                pass
        self._facts = {name: (merges, frozenset(hidden)) for name, merges, hidden in scan.facts}
        self.sheets: tuple[SheetInfo, ...] = tuple(scan.sheets)

    def facts(self, sheet: str) -> tuple[list[Merge], frozenset[int]]:
        """Merged ranges and hidden rows of a sheet."""
        return self._facts[sheet]

    def rows(self, sheet: str) -> Generator[Row, None, None]:
        """Rows with a value, in growing order."""
        with open_archive(self._path, self._limits) as archive:
            yield from _Scan(self._limits, wanted=sheet).run(archive)


class _Scan:
    """One pass over the content: handlers of a parser that fill `sheets`, `facts` and the rows of the wanted sheet."""

    def __init__(self, limits: ReadLimits, wanted: str | None = None) -> None:
        self.sheets: list[SheetInfo] = []
        self.facts: list[tuple[str, list[Merge], set[int]]] = []
        self._limits = limits
        self._wanted = wanted
        self._hidden_styles: set[str] = set()
        self._style = ""
        self._ready: list[tuple[range, list[Cell]]] = []
        self._depth = self._skip = 0
        self._visible = True
        self._filled = self._row = self._row_repeat = self._column = 0
        self._cells: list[Cell] = []
        self._cell: dict[str, str] = {}
        self._text: list[str] = []
        self._paragraphs = 0
        self._starts: dict[str, Callable[[dict[str, str]], None]] = {
            "style": self._start_style,
            "table-properties": self._table_properties,
            "table": self._start_table,
            "table-row": self._start_row,
            "table-cell": self._start_cell,
            "covered-table-cell": self._start_cell,
            "p": self._start_paragraph,
            "s": self._spaces,
            "tab": lambda _: self._text.append("\t"),
            "line-break": lambda _: self._text.append("\n"),
        }

    def run(self, archive: zipfile.ZipFile) -> Iterator[Row]:
        """Feed the content to the parser and give the rows as they are complete."""
        parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.StartDoctypeDeclHandler = self._refuse
        with archive.open(_CONTENT) as content:
            while piece := content.read(CHUNK):
                parser.Parse(piece)
                for numbers, cells in self._ready:
                    yield from ((number, list(cells)) for number in numbers)
                self._ready.clear()
        parser.Parse(b"", True)

    def _refuse(self, *_: object) -> None:
        raise Unreadable("xml_entities")

    def _start(self, tag: str, attrs: dict[str, str]) -> None:
        name = local(tag)
        if self._skip or name in ("annotation", "shapes", "tracked-changes"):
            self._skip += 1
        elif name in self._starts:
            self._starts[name]({local(key): value for key, value in attrs.items()})

    def _end(self, tag: str) -> None:
        if self._skip:
            self._skip -= 1
            return
        match local(tag):
            case "table-cell" | "covered-table-cell" if self._depth == 1:
                self._end_cell()
            case "table-row" if self._depth == 1:
                self._end_row()
            case "table":
                self._depth -= 1
                if self._depth == 0:
                    self.sheets.append(SheetInfo(self.facts[-1][0], self._filled, self._visible))

    def _characters(self, data: str) -> None:
        if self._paragraphs and not self._skip:
            self._text.append(data)

    def _start_style(self, attrs: dict[str, str]) -> None:
        self._style = attrs.get("name", "")

    def _table_properties(self, attrs: dict[str, str]) -> None:
        if attrs.get("display") == "false":
            self._hidden_styles.add(self._style)

    def _start_table(self, attrs: dict[str, str]) -> None:
        self._depth += 1
        if self._depth == 1:
            self._visible = attrs.get("style-name") not in self._hidden_styles
            self._filled = self._row = 0
            self.facts.append((attrs.get("name", ""), [], set()))

    def _start_row(self, attrs: dict[str, str]) -> None:
        if self._depth == 1:
            self._row_repeat = max(int(attrs.get("number-rows-repeated", "1")), 1)
            self._cells = []
            self._column = 0
            if attrs.get("visibility", "visible") != "visible" and self._row_repeat <= self._limits.max_rows:
                self.facts[-1][2].update(range(self._row + 1, self._row + self._row_repeat + 1))

    def _start_cell(self, attrs: dict[str, str]) -> None:
        if self._depth != 1:
            return
        self._cell = attrs
        self._text.clear()
        self._paragraphs = 0
        wide, high = int(attrs.get("number-columns-spanned", "1")), int(attrs.get("number-rows-spanned", "1"))
        if wide > 1 or high > 1:
            merges = self.facts[-1][1]
            merges.append(Merge(self._row + 1, self._column, self._row + high, self._column + wide - 1))
            if len(merges) > self._limits.max_merges:
                raise Unreadable("too_many_merges", limit=self._limits.max_merges)

    def _start_paragraph(self, _attrs: dict[str, str]) -> None:
        if self._depth == 1:
            if self._paragraphs:
                self._text.append("\n")
            self._paragraphs += 1

    def _spaces(self, attrs: dict[str, str]) -> None:
        self._text.append(" " * min(int(attrs.get("c", "1")), 1_000))

    def _end_cell(self) -> None:
        repeat = max(int(self._cell.get("number-columns-repeated", "1")), 1)
        value = self._value()
        if value is not None:
            if self._column + repeat > self._limits.max_columns:
                raise Unreadable("too_many_columns", row=self._row + 1, limit=self._limits.max_columns)
            self._cells.extend([None] * (self._column - len(self._cells)))
            self._cells.extend([value] * repeat)
        self._column += repeat
        self._paragraphs = 0

    def _end_row(self) -> None:
        if self._cells:
            if self._row + self._row_repeat > self._limits.max_rows:
                raise Unreadable("too_many_rows", limit=self._limits.max_rows)
            self._filled += self._row_repeat
            if self._wanted == self.facts[-1][0]:
                self._ready.append((range(self._row + 1, self._row + self._row_repeat + 1), self._cells))
        self._row += self._row_repeat

    def _value(self) -> Cell:
        cell = self._cell
        text = "".join(self._text)
        match cell.get("value-type"):
            case "float" | "percentage" | "currency" if "value" in cell:
                return number_of(cell["value"])
            case "boolean":
                return cell.get("boolean-value") == "true"
            case "date" if "date-value" in cell:
                return _day(cell["date-value"]) or text or None
            case "string" if "string-value" in cell:
                return cell["string-value"] or None
        return text or None


def _day(text: str) -> Cell:
    try:
        return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return None
