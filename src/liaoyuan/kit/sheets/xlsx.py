"""Office Open XML workbooks (xlsx; xlsm is refused), streamed: rows come out while the sheet is being inflated.

Why not python-calamine, which reads a whole sheet at once. Measured on 100,000 rows × 30 columns, CPU and extra memory:
calamine 3.9 s and 226 MB, `iterparse` 9.0 s and 11 MB, expat callbacks 13.2 s and 1 MB, this reader 7 s and 13 MB, its
first pass (merged ranges, hidden rows, row counts) included. An import must stay below 64 MB, which decides.

ECMA-376 part 1, 18.2 (workbook), 18.3 (worksheets), 18.8 (styles).
"""

from collections.abc import Generator
from contextlib import closing
from pathlib import Path
from posixpath import join, normpath
from zipfile import ZipFile

from liaoyuan.kit.sheets.archive import attribute, chunks, local, open_archive, small_xml
from liaoyuan.kit.sheets.model import Merge, ReadLimits, Row, SheetInfo
from liaoyuan.kit.sheets.refusal import Unreadable
from liaoyuan.kit.sheets.serials import Shown, shown_by_id
from liaoyuan.kit.sheets.xlsx_rows import Values, read_rows, survey
from liaoyuan.kit.sheets.xlsx_strings import Strings


class XlsxSource:
    """One xlsx file. Opening it goes through every sheet once, without keeping cells."""

    kind = "xlsx"
    encoding: str | None = None
    delimiter: str | None = None

    def __init__(self, path: Path, limits: ReadLimits) -> None:
        """Refuses macros and bombs; counts the rows of each sheet."""
        self._path = path
        self._limits = limits
        self._strings: Strings | None = None
        self._surveys: dict[str, tuple[int, list[Merge], frozenset[int]]] = {}
        self._parts: dict[str, str] = {}
        with open_archive(path, limits) as archive:
            self._read_book(archive)

    def _read_book(self, archive: ZipFile) -> None:
        self._names = {name.lower().lstrip("/"): name for name in archive.namelist()}
        book = self._find_book(archive)
        self._targets = self._targets_of(archive, book)
        root = small_xml(archive, book)
        self._from_1904 = any(
            attribute(e, "date1904") in ("1", "true") for e in root.iter() if local(e.tag) == "workbookPr"
        )
        self._shown = self._read_styles(archive)
        found = []
        for sheet in (e for e in root.iter() if local(e.tag) == "sheet"):
            name, part = sheet.get("name") or "", self._targets.get(attribute(sheet, "id") or "")
            if part is None or "worksheets/" not in part.lower():
                continue  # a chart sheet has no cells
            if part not in self._surveys:
                with closing(chunks(archive, part)) as pieces:
                    self._surveys[part] = survey(pieces, self._limits)
            self._parts[name] = part
            visible = (sheet.get("state") or "visible") == "visible"
            found.append(SheetInfo(name, self._surveys[part][0], visible))
        self.sheets: tuple[SheetInfo, ...] = tuple(found)

    def facts(self, sheet: str) -> tuple[list[Merge], frozenset[int]]:
        """Merged ranges and hidden rows of a sheet."""
        return self._surveys[self._parts[sheet]][1:]

    def rows(self, sheet: str) -> Generator[Row, None, None]:
        """Rows as the file has them, in growing order."""
        with open_archive(self._path, self._limits) as archive:
            if self._strings is None:
                strings = Strings(self._limits.max_text)
                if "sharedStrings" in self._targets:
                    with closing(chunks(archive, self._targets["sharedStrings"])) as pieces:
                        strings.fill(pieces)
                self._strings = strings
            values = Values(self._strings, self._shown, self._from_1904)
            with closing(chunks(archive, self._parts[sheet])) as pieces:
                yield from read_rows(pieces, values, self._limits.max_columns)

    def _find_book(self, archive: ZipFile) -> str:
        """Name of the workbook part; macros are refused by what the file holds, whatever it is called."""
        if any(n.endswith("vbaproject.bin") or "/macrosheets/" in n for n in self._names):
            raise Unreadable("macros")
        types = small_xml(archive, self._names["[content_types].xml"])
        if any("macroEnabled" in (e.get("ContentType") or "") for e in types):
            raise Unreadable("macros")
        for relation in small_xml(archive, self._names["_rels/.rels"]):
            if (relation.get("Type") or "").endswith("/officeDocument"):
                return self._names[(relation.get("Target") or "").lstrip("/").lower()]
        return self._names["xl/workbook.xml"]

    def _targets_of(self, archive: ZipFile, book: str) -> dict[str, str]:
        """Relation id → part; the strings and the styles also by their kind."""
        folder, _, name = book.rpartition("/")
        targets = {}
        for relation in small_xml(archive, self._names[f"{folder}/_rels/{name}.rels".lstrip("/").lower()]):
            target = relation.get("Target") or ""
            full = target.lstrip("/") if target.startswith("/") else normpath(join(folder, target))
            if (part := self._names.get(full.lower())) is None:
                continue
            targets[relation.get("Id") or ""] = part
            kind = (relation.get("Type") or "").rpartition("/")[2]
            if kind in ("sharedStrings", "styles"):
                targets[kind] = part
        return targets

    def _read_styles(self, archive: ZipFile) -> list[Shown]:
        """What each cell style shows, by its index."""
        if "styles" not in self._targets:
            return []
        root = small_xml(archive, self._targets["styles"])
        codes = {
            int(e.get("numFmtId") or 0): e.get("formatCode") or "" for e in root.iter() if local(e.tag) == "numFmt"
        }
        formats = next((e for e in root if local(e.tag) == "cellXfs"), ())
        return [shown_by_id(int(e.get("numFmtId") or 0), codes) for e in formats]
