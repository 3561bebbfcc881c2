"""What a file is, told by its bytes alone; refuses what must not be kept. Memory stays bounded by a few megabytes over
the file's own size, whatever the bytes say.

Neither the name nor what a browser says decides the kind. A name decides one thing only: an ending that would make the
file run is refused even over harmless bytes.
"""

import codecs
import re
from pathlib import Path
from typing import Final

from liaoyuan.kit.files import compound_office, secrecy, zipped
from liaoyuan.kit.files.kinds import ALSO, KIND_TITLES, OTHER_TITLES, RUNNING, FileKind, Inspected
from liaoyuan.kit.files.refusal import Unwanted
from liaoyuan.kit.sheets.compound import MAGIC as OLE

_HEAD = 1 << 16
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_HEIC = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_PROGRAMS: Final = (
    b"MZ", b"\x7fELF", b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe", b"#!", b"L\x00\x00\x00\x01\x14\x02\x00", b"dex\n",
)  # fmt: skip
_ARCHIVES: Final = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00", b"MSCF")
_PICTURES: Final = {b"GIF87a": "gif", b"GIF89a": "gif", b"BM": "bmp", b"II*\x00": "tiff", b"MM\x00*": "tiff"}
_MARKUP = re.compile(
    rb"<\s*(?:!doctype|html|head|body|script|svg|iframe|\?xml|\?php|%@|meta|a\s+href|img\b|table\b)", re.IGNORECASE
)
_SCRIPT = re.compile(
    r"^\s*(?:@?echo\s+off\b|powershell\b|wscript\.|createobject\s*\(|on error resume next)",
    re.IGNORECASE | re.MULTILINE,
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_PDF_TEXT = re.compile(
    rb"/(?:Title|Subject|Keywords|Author|Company)\s*(?:\(((?:[^()\\]|\\.){0,400})\)|<([0-9A-Fa-f\s]{0,800})>)"
)


def inspect(path: Path, name: str) -> Inspected:
    """The kind of a file and what to say about it. Raises `Unwanted`, and nothing else."""
    try:
        return _inspect(path, name)
    except Unwanted:
        raise
    except (OSError, ValueError, LookupError, EOFError, RuntimeError, NotImplementedError, MemoryError) as error:
        raise Unwanted("damaged") from error


def _inspect(path: Path, name: str) -> Inspected:
    mark = secrecy.in_name(name)
    if mark:
        raise Unwanted("mark_in_name", mark=mark)
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head:
        raise Unwanted("empty")
    found = _of_bytes(path, head)
    ending = ending_of(name)
    if ending in RUNNING:
        raise Unwanted("web_page" if ending in {"svg", "svgz", "html", "htm", "xhtml", "mht", "mhtml"} else "program")
    text = _first_text(path, head, found.kind)
    mark = secrecy.in_text(text)
    if mark:
        raise Unwanted("mark_in_text", mark=mark)
    return found


def ending_of(name: str) -> str:
    """The ending of a name in small letters, without the dot; empty when there is none."""
    stem, dot, ending = name.strip().rpartition(".")
    return ending.lower() if dot and stem else ""


def fits(name: str, kind: FileKind) -> bool:
    """Whether the name's ending says what the content is."""
    ending = ending_of(name)
    return ALSO.get(ending, ending) == kind


def right_name(name: str, kind: FileKind) -> str:
    """The name with an ending that says what the content is."""
    return name if fits(name, kind) else f"{name.rpartition('.')[0] if ending_of(name) else name}.{kind}"


def title_of(kind: str) -> str:
    """What a kind is called."""
    return KIND_TITLES[kind]


def _of_bytes(path: Path, head: bytes) -> Inspected:
    if head.startswith(OLE):
        return compound_office.inspect(path)
    if head.startswith(_ZIP):
        return zipped.inspect(path)
    simple = _simple(head)
    if simple is not None:
        return Inspected(simple, ("heic",) if simple == FileKind.HEIC else ())
    for start, what in _PICTURES.items():
        if head.startswith(start) and (start != b"BM" or b"\0" in head[:16]):
            raise Unwanted("other_picture", what=OTHER_TITLES[what])
    if head.startswith(_PROGRAMS):
        raise Unwanted("program")
    if head.startswith(_ARCHIVES) or head[257:262] == b"ustar":
        raise Unwanted("archive")
    if head.startswith(b"{\\rtf"):
        raise Unwanted("other_office", what=OTHER_TITLES["rtf"])
    if _MARKUP.search(head[:4096].replace(b"\0", b"")):
        raise Unwanted("web_page")
    return _of_text(path)


def _simple(head: bytes) -> FileKind | None:
    if head[:1024].lstrip(b"\xef\xbb\xbf\r\n\t ").startswith(b"%PDF-"):
        return FileKind.PDF
    if head.startswith(b"\xff\xd8\xff"):
        return FileKind.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return FileKind.PNG
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return FileKind.WEBP
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC:
        return FileKind.HEIC
    return None


def _of_text(path: Path) -> Inspected:
    """Text in UTF-8, UTF-16 or GB 18030, read to its end: one control character and it is no text."""
    encoding = encoding_of(path)
    lines: list[str] = []
    begun = ""
    with path.open("r", encoding=encoding, newline=None) as file:
        while part := file.read(_HEAD):
            if _CONTROL.search(part):
                raise Unwanted("unknown")
            if not begun:
                begun, lines = part, part.split("\n")[:20]
    if _SCRIPT.search(begun[:4096]):
        raise Unwanted("program")
    return Inspected(FileKind.CSV if _looks_like_table(lines) else FileKind.TEXT)


def encoding_of(path: Path) -> str:
    """The encoding of a text file. Raises `Unwanted` when it is no text."""
    with path.open("rb") as file:
        head = file.read(4)
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return encoding
    for encoding in ("utf-8", "gb18030"):
        try:
            with path.open("r", encoding=encoding) as file:
                while file.read(_HEAD):
                    pass
        except UnicodeError:
            continue
        return encoding
    raise Unwanted("unknown")


def _looks_like_table(lines: list[str]) -> bool:
    filled = [line for line in lines[:-1] or lines if line.strip()]
    for sign in ",\t;":
        counts = {line.count(sign) for line in filled}
        if len(filled) >= 2 and len(counts) == 1 and counts.pop() >= 1:
            return True
    return False


def _first_text(path: Path, head: bytes, kind: FileKind) -> str:
    """The first text where it costs little: txt, csv, docx, xlsx, pptx, the information of a PDF."""
    if kind in (FileKind.TEXT, FileKind.CSV):
        with path.open("r", encoding=encoding_of(path)) as file:
            return file.read(secrecy.HEAD)
    if kind in (FileKind.DOCX, FileKind.XLSX, FileKind.PPTX):
        return zipped.first_text(path, kind)
    if kind == FileKind.PDF:
        return pdf_texts(path)
    return ""


def pdf_texts(path: Path) -> str:
    """What a PDF says of itself: title, subject, key words, author, where they stand at its head or its end."""
    with path.open("rb") as file:
        data = file.read(_HEAD)
        file.seek(max(0, path.stat().st_size - _HEAD))
        data += file.read(_HEAD)
    told = []
    for plain, coded in _PDF_TEXT.findall(data):
        raw = bytes.fromhex(re.sub(rb"\s", b"", coded).decode()[: len(coded) // 2 * 2] or "") if coded else plain
        if raw.startswith(codecs.BOM_UTF16_BE):
            told.append(raw.decode("utf-16", "replace"))
        else:
            told += [raw.decode("utf-8", "replace"), raw.decode("gb18030", "replace")]
    return "\n".join(told)
