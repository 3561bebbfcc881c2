"""The words of a file, for a reader who must not be given the file itself, and what its properties say of its author.

Word and PPT documents, workbooks, text tables and texts are read. A scan, a photo, a PDF and the older formats of Word
and PPT give no words: what cannot be read is never shown. No Django.
"""

import html
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from liaoyuan.kit.files import inspection, zipped
from liaoyuan.kit.files.kinds import FileKind
from liaoyuan.kit.files.refusal import Unwanted
from liaoyuan.kit.sheets import reading
from liaoyuan.kit.sheets.refusal import Unreadable

#: Characters of one file that are read at most; the line in which they end is left out.
MOST = 200_000
READABLE = frozenset(
    {FileKind.DOCX, FileKind.PPTX, FileKind.XLSX, FileKind.XLS, FileKind.TEXT, FileKind.CSV}
)  # fmt: skip
_PARTS = {
    FileKind.DOCX: re.compile(r"word/(?:document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml"),
    FileKind.PPTX: re.compile(r"ppt/(?:slides|notesSlides)/[^/]+\.xml"),
}
_PROPERTIES = re.compile(r"docProps/(?:core|app|custom)\.xml")
_PART_BYTES = 16 * 2**20
_NOT_SHOWN = re.compile(r"<w:(?:instrText|delText)\b[^>]*>.*?</w:(?:instrText|delText)>", re.DOTALL)
_LINE = re.compile(r"</(?:w|a):p>|<(?:w|a):br\b[^>]*>")
_GAP = re.compile(r"<w:tab\b[^>]*/>|</w:tc>")
_TAG = re.compile(r"<[^>]*>")
_NUMBER = re.compile(r"\d+")


def words(path: Path, kind: str) -> str | None:
    """The words of a file, a line for a paragraph or a row; None when its kind has none or they cannot be read."""
    if kind not in READABLE:
        return None
    try:
        return _cut(_lines(path, FileKind(kind)))
    except (Unreadable, Unwanted, zipfile.BadZipFile, zipfile.zlib.error, EOFError, ValueError):  # type: ignore[attr-defined]
        return None


def properties(path: Path, kind: str) -> str:
    """What a document or a PDF says of itself beside its text: title, author, company; empty when nothing is read."""
    try:
        if kind == FileKind.PDF:
            return inspection.pdf_texts(path)
        if kind in (FileKind.DOCX, FileKind.PPTX, FileKind.XLSX):
            return "\n".join(_TAG.sub(" ", part) for part in _parts(path, _PROPERTIES))
    except (Unwanted, zipfile.BadZipFile, zipfile.zlib.error, EOFError, ValueError):  # type: ignore[attr-defined]
        return ""
    return ""


def _lines(path: Path, kind: FileKind) -> Iterator[str]:
    if kind in _PARTS:
        for part in _parts(path, _PARTS[kind]):
            told = _GAP.sub("\t", _LINE.sub("\n", _NOT_SHOWN.sub("", part)))
            yield html.unescape(_TAG.sub("", told))
    elif kind in (FileKind.XLSX, FileKind.XLS):
        for sheet in reading.open_table(path).sheets:
            yield sheet.name
            for _number, cells in reading.open_table(path, sheet=sheet.name).rows():
                yield "\t".join("" if cell is None else str(cell) for cell in cells)
    else:
        with path.open("r", encoding=inspection.encoding_of(path)) as file:
            yield file.read(MOST + 1)


def _cut(lines: Iterator[str]) -> str:
    found, room = [], MOST
    for line in lines:
        found.append(line)
        room -= len(line) + 1
        if room < 0:
            return "\n".join(found)[:MOST].rpartition("\n")[0]
    return "\n".join(found)


def _parts(path: Path, names: re.Pattern[str]) -> Iterator[str]:
    """The parts of a container whose names fit, in the order of their numbers."""
    with zipped.opened(path) as archive:
        fitting = [name for name in archive.namelist() if names.fullmatch(name)]
        for name in sorted(fitting, key=lambda name: [int(n) for n in _NUMBER.findall(name)]):
            with archive.open(name) as part:
                data = part.read(_PART_BYTES)
            yield data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "replace")
