"""Files that are zip containers: docx, xlsx, pptx, OFD, and plain archives.

The directory's size is judged before it is parsed, declared sizes before a byte is inflated; only small parts are read.
"""

import re
import zipfile
from pathlib import Path

from liaoyuan.kit.files.kinds import OTHER_TITLES, FileKind, Inspected
from liaoyuan.kit.files.refusal import Unwanted
from liaoyuan.kit.sheets.archive import open_archive
from liaoyuan.kit.sheets.model import ReadLimits
from liaoyuan.kit.sheets.refusal import Unreadable

_LIMITS = ReadLimits(max_inflated=400 * 2**20, max_ratio=200)
_DIRECTORY = 4 * 2**20
_PART = 1 << 18
_END = b"PK\x05\x06"
_BODIES = {
    "word/document.xml": FileKind.DOCX,
    "xl/workbook.xml": FileKind.XLSX,
    "ppt/presentation.xml": FileKind.PPTX,
}
_BINARY_BOOK = "xl/workbook.bin"
#: Where the first words of a document stand; headers first, since a mark may be printed there.
_TEXTS = {
    FileKind.DOCX: ("word/header1.xml", "word/header2.xml", "word/document.xml"),
    FileKind.XLSX: ("xl/sharedStrings.xml",),
    FileKind.PPTX: ("ppt/slides/slide1.xml",),
}
_PARAGRAPH = re.compile(r"</(?:w:p|a:p|si)>")
_TAG = re.compile(r"<[^>]*>")
_ODF = {"text": "odt", "spreadsheet": "ods", "presentation": "odp"}


def opened(path: Path) -> zipfile.ZipFile:
    """The container, its declared sizes judged. Raises `Unwanted`."""
    _check_directory(path)
    try:
        return open_archive(path, _LIMITS)
    except Unreadable as error:
        raise Unwanted("password" if error.code == "password" else "bomb") from error
    except (zipfile.BadZipFile, zipfile.LargeZipFile) as error:
        raise Unwanted("damaged") from error


def _check_directory(path: Path) -> None:
    """Refuse a directory that would fill memory before its entries could be counted."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - 65_557))
        tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + 22:
        raise Unwanted("damaged")
    if int.from_bytes(tail[at + 12 : at + 16], "little") > _DIRECTORY:
        raise Unwanted("bomb")


def inspect(path: Path) -> Inspected:
    """The kind of a container by its parts. Raises `Unwanted`."""
    with opened(path) as archive:
        names = {name.replace("\\", "/").lstrip("/"): name for name in archive.namelist()}
        low = {name.lower() for name in names}
        if "[content_types].xml" in low:
            return _office(archive, low)
        if "ofd.xml" in low:
            return Inspected(FileKind.OFD)
        if "mimetype" in names:
            told = _read(archive, names["mimetype"]).strip()
            for word, what in _ODF.items():
                if told == f"application/vnd.oasis.opendocument.{word}":
                    raise Unwanted("other_office", what=OTHER_TITLES[what])
        if "meta-inf/manifest.mf" in low or "androidmanifest.xml" in low:
            raise Unwanted("program")
        return Inspected(FileKind.ZIP)


def _office(archive: zipfile.ZipFile, low: set[str]) -> Inspected:
    told = next(n for n in archive.namelist() if n.lower().lstrip("/") == "[content_types].xml")
    types = _read(archive, told).lower()
    parts = any(name.endswith(("vbaproject.bin", "vbadata.xml")) for name in low)
    if parts or "macroenabled" in types or "vbaproject" in types:
        raise Unwanted("macros")
    if any("/macrosheets/" in name or "/activex/" in name for name in low):
        raise Unwanted("macros")
    if _BINARY_BOOK in low:
        raise Unwanted("other_office", what=OTHER_TITLES["xlsb"])
    kind = next((kind for name, kind in _BODIES.items() if name in low), None)
    if kind is None:
        raise Unwanted("unknown")
    notes = []
    if any("/externallinks/" in name for name in low) or _points_outside(archive):
        notes.append("links")
    if any("/embeddings/" in name for name in low):
        notes.append("objects")
    return Inspected(kind, tuple(notes))


def _points_outside(archive: zipfile.ZipFile) -> bool:
    """Whether a relation of the document fetches something when it is opened; plain hyperlinks do not."""
    for name in archive.namelist():
        if not name.lower().endswith(".rels") or name.count("/") > 3:
            continue
        for relation in re.findall(r"<[^>]*TargetMode\s*=\s*[\"']External[\"'][^>]*>", _read(archive, name)):
            if "/hyperlink" not in relation:
                return True
    return False


def first_text(path: Path, kind: FileKind) -> str:
    """The first words of a document, a line per paragraph."""
    told = []
    with opened(path) as archive:
        names = set(archive.namelist())
        for name in _TEXTS[kind]:
            if name in names:
                xml = _read(archive, name)
                body = xml[xml.find("<w:body") :] if "<w:body" in xml else xml
                told.append(_TAG.sub("", _PARAGRAPH.sub("\n", body))[:600])
    return "\n".join(told)


def _read(archive: zipfile.ZipFile, name: str) -> str:
    """The beginning of a part as text."""
    try:
        with archive.open(name) as part:
            data = part.read(_PART)
    except (zipfile.BadZipFile, EOFError, KeyError, zipfile.zlib.error) as error:  # type: ignore[attr-defined]
        raise Unwanted("damaged") from error
    return data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "replace")
