"""Old Office files (doc, xls, ppt) in a compound file. [MS-CFB], [MS-DOC] 2.5.2, [MS-XLS] 2.4."""

import struct
from pathlib import Path

from liaoyuan.kit.files.kinds import FileKind, Inspected
from liaoyuan.kit.files.refusal import Unwanted
from liaoyuan.kit.sheets.compound import Compound

_MACROS = frozenset({"vba", "_vba_project", "_vba_project_cur", "macros", "vbaproject"})
_ENCRYPTED = frozenset({"encryptedpackage", "encryptioninfo", "encryptedsummary"})
_BODIES = {"worddocument": FileKind.DOC, "workbook": FileKind.XLS, "book": FileKind.XLS,
           "powerpoint document": FileKind.PPT}  # fmt: skip
_FILEPASS, _BOUNDSHEET, _EOF = 0x002F, 0x0085, 0x000A
_DOC_ENCRYPTED = 0x0100


def inspect(path: Path) -> Inspected:
    """The kind of a compound file. Raises `Unwanted`."""
    try:
        compound = Compound(path.read_bytes())
        names = {name.lower(): name for name in compound.names}
        if _ENCRYPTED & names.keys():
            raise Unwanted("password")
        if _MACROS & names.keys():
            raise Unwanted("macros")
        kind = next((kind for name, kind in _BODIES.items() if name in names), None)
        if kind == FileKind.DOC:
            _look_at_document(compound.stream(names["worddocument"]))
        elif kind == FileKind.XLS:
            _look_at_book(compound.stream(names["workbook" if "workbook" in names else "book"]))
    except (ValueError, IndexError, KeyError, StopIteration, struct.error) as error:
        raise Unwanted("damaged") from error
    if kind is None:
        raise Unwanted("unknown")
    objects = any(name.startswith(("objectpool", "\x01ole10native", "mbd")) for name in names)
    return Inspected(kind, ("objects",) if objects else ())


def _look_at_document(stream: bytes) -> None:
    if struct.unpack_from("<H", stream, 10)[0] & _DOC_ENCRYPTED:
        raise Unwanted("password")


def _look_at_book(stream: bytes) -> None:
    """The records of the workbook's globals: a password, or a sheet of Excel 4 macros."""
    at = 0
    while at + 4 <= len(stream):
        code, size = struct.unpack_from("<HH", stream, at)
        if code == _FILEPASS:
            raise Unwanted("password")
        if code == _BOUNDSHEET and size > 5 and stream[at + 9] == 1:
            raise Unwanted("macros")
        if code == _EOF:
            return
        at += 4 + size
