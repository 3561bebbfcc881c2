"""The zip container of xlsx and ods, opened so that a hostile one costs nothing.

Sizes are judged by the container's directory before a byte is inflated (`zipfile` never returns more than declared),
and no XML with a document type is parsed: without one there are no entities to expand and nothing external to fetch.
"""

import codecs
import re
import zipfile
from collections.abc import Generator
from pathlib import Path
from xml.etree import ElementTree as ET

from liaoyuan.kit.sheets.model import ReadLimits
from liaoyuan.kit.sheets.refusal import Unreadable

CHUNK = 1 << 18
_RATIO_COUNTS_FROM = 16 * 2**20
_SMALL_PART = 32 * 2**20
_DECLARATIONS = (b"<!DOCTYPE", b"<!ENTITY")
_UNICODE = (b"utf-8", b"us-ascii", b"ascii")
_ENCODING = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"']([A-Za-z0-9._-]+)")


def open_archive(path: Path, limits: ReadLimits) -> zipfile.ZipFile:
    """Open a container whose declared sizes lie within the limits.

    Raises `Unreadable` for bombs and encrypted parts, `zipfile.BadZipFile` for a truncated file.
    """
    archive = zipfile.ZipFile(path)
    parts = archive.infolist()
    total = sum(part.file_size for part in parts)
    dense = any(
        part.file_size > _RATIO_COUNTS_FROM and part.file_size > limits.max_ratio * max(part.compress_size, 1)
        for part in parts
    )
    if total > limits.max_inflated or dense or len(parts) > 10_000:
        archive.close()
        raise Unreadable("zip_bomb", size=total // 2**20)
    if any(part.flag_bits & 1 for part in parts):
        archive.close()
        raise Unreadable("password")
    return archive


def refuse_declarations(head: bytes) -> None:
    """Refuse a document type before it is parsed. `head` is what stands before the first element, or more."""
    if any(word in head for word in _DECLARATIONS):
        raise Unreadable("xml_entities")


def chunks(archive: zipfile.ZipFile, name: str) -> Generator[bytes, None, None]:
    """The part as UTF-8 in pieces of about 256 KB, to be closed. An encoding other than Unicode is refused."""
    with archive.open(name) as part:
        piece = part.read(CHUNK)
        decode = None
        if piece[:2] in (b"\xff\xfe", b"\xfe\xff"):
            decode = codecs.getincrementaldecoder("utf-16")()
        elif (found := _ENCODING.match(piece.lstrip(b"\xef\xbb\xbf"))) and found[1].lower() not in _UNICODE:
            raise Unreadable("damaged")
        while piece:
            if decode:
                piece = decode.decode(piece).encode()
            if b"\0" in piece:
                raise Unreadable("damaged")
            yield piece
            piece = part.read(CHUNK)


def small_xml(archive: zipfile.ZipFile, name: str) -> ET.Element:
    """A small part (workbook, styles, relations) as a tree."""
    if archive.getinfo(name).file_size > _SMALL_PART:
        raise Unreadable("zip_bomb", size=archive.getinfo(name).file_size // 2**20)
    data = b"".join(chunks(archive, name))
    refuse_declarations(data)
    # Decoded here, so that the parser ignores whatever encoding the declaration claims.
    return ET.fromstring(data.decode("utf-8-sig"))  # noqa: S314 -- no document type can be in it


def local(tag: str) -> str:
    """A tag or attribute name without its namespace."""
    return tag.rpartition("}")[2]


def attribute(element: ET.Element, name: str) -> str | None:
    """An attribute by local name: transitional and strict files differ in namespaces only."""
    return next((value for key, value in element.attrib.items() if local(key) == name), None)
