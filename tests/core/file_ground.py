"""Files of every kind, made on the spot: office containers, compound files, photos with EXIF and a place in them."""

import io
import math
import random
import struct
import zipfile
from datetime import datetime

from PIL import Image, ImageDraw, TiffImagePlugin

TYPES = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{}</Types>'
BODIES = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}
#: Written into the EXIF of photos; must be in no copy that is served.
PLACE_NAME = b"WGS-84-SECRET-PLACE"
CAMERA = "Liaoyuan Testcam 9"


def zipped(parts: dict[str, str | bytes], *, flags: int = 0) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    data = bytearray(out.getvalue())
    if flags:
        for mark, place in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
            at = data.find(mark)
            while at >= 0:
                data[at + place] |= flags
                at = data.find(mark, at + 4)
    return bytes(data)


def office(kind: str, more: dict[str, str | bytes] | None = None, *, types: str = "", text: str = "正文") -> bytes:
    parts: dict[str, str | bytes] = {"[Content_Types].xml": TYPES.format(types)}
    parts[BODIES[kind]] = f"<w:document><w:body><w:p><w:t>{text}</w:t></w:p></w:body></w:document>"
    if kind == "xlsx":
        parts["xl/sharedStrings.xml"] = f"<sst><si><t>{text}</t></si></sst>"
    if kind == "pptx":
        parts["ppt/slides/slide1.xml"] = f"<p:sld><a:p><a:t>{text}</a:t></a:p></p:sld>"
    return zipped({**parts, **(more or {})})


def compound(streams: dict[str, bytes]) -> bytes:
    """A small compound file with every stream above the cut-off of 4096 bytes. [MS-CFB] 2."""
    sector, free, end, fat_mark = 512, 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    bodies = {name: data.ljust(max(4096, -(-len(data) // sector) * sector), b"\0") for name, data in streams.items()}
    entries = [("Root Entry", 5, end, 0)]
    chains: list[int] = []
    directory_sectors = -(-(len(bodies) + 1) * 128 // sector)
    at = 1 + directory_sectors
    table = [fat_mark, *(range(2, 1 + directory_sectors)), end]
    for name, data in bodies.items():
        count = len(data) // sector
        entries.append((name, 2, at, len(data)))
        chains += [*range(at + 1, at + count), end]
        at += count
    table = [*table, *chains]
    assert len(table) <= 128, "one sector of the table is enough here"
    directory = b""
    for name, kind, start, size in entries:
        raw = name.encode("utf-16-le")
        directory += raw.ljust(64, b"\0") + struct.pack("<HBB", len(raw) + 2, kind, 1)
        directory += struct.pack("<III", free, free, 1 if kind == 5 and bodies else free)
        directory += bytes(16) + struct.pack("<I", 0) + bytes(16) + struct.pack("<IQ", start, size)
    directory = directory.ljust(directory_sectors * sector, b"\0")
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0)
    head += struct.pack("<I", 0) + struct.pack("<I", free) * 108
    fat = struct.pack(f"<{len(table)}I", *table).ljust(sector, b"\xff")
    return head + fat + directory + b"".join(bodies.values())


def record(code: int, body: bytes) -> bytes:
    return struct.pack("<HH", code, len(body)) + body


def book(*, password: bool = False, macro_sheet: bool = False) -> bytes:
    """The globals of an Excel 97 workbook."""
    body = record(0x0809, bytes(16))
    if password:
        body += record(0x002F, bytes(54))
    body += record(0x0085, struct.pack("<IBB", 0, 0, 1 if macro_sheet else 0) + b"\x06\x00Sheet1")
    return body + record(0x000A, b"")


def word(*, password: bool = False) -> bytes:
    return struct.pack("<HHHHH", 0xA5EC, 0xC1, 0, 0, 0) + struct.pack("<H", 0x0100 if password else 0)


def pdf(title: bytes = b"(Charter)") -> bytes:
    return b"%PDF-1.7\n1 0 obj<</Title " + title + b">>endobj\ntrailer<</Info 1 0 R>>\n%%EOF\n"


def scene(seed: int, size: tuple[int, int] = (900, 600)) -> Image.Image:
    """An invented photo: a sky, hills, houses, people as blots, with some noise."""
    chance = random.Random(seed)
    width, height = size
    picture = Image.new("RGB", size)
    draw = ImageDraw.Draw(picture)
    top, low = [tuple(chance.randrange(60, 256) for _ in range(3)) for _ in range(2)]
    for y in range(height):
        part = y / height
        draw.line((0, y, width, y), tuple(round(a + (b - a) * part) for a, b in zip(top, low, strict=True)))
    for _ in range(3):
        base, lift, wave = chance.uniform(0.4, 0.8), chance.uniform(0.05, 0.25), chance.uniform(1, 4)
        shift = chance.uniform(0, 6)
        line = [(x, height * (base - lift * math.sin(wave * x / width * math.pi + shift))) for x in range(0, width, 6)]
        draw.polygon([(0, height), *line, (width, height)], fill=tuple(chance.randrange(20, 200) for _ in range(3)))
    for _ in range(12):
        x, y = chance.randrange(width), chance.randrange(height // 3, height)
        w, h = chance.randrange(width // 20, width // 5), chance.randrange(height // 20, height // 4)
        shape = draw.rectangle if chance.random() < 0.5 else draw.ellipse
        shape((x, y, x + w, y + h), fill=tuple(chance.randrange(256) for _ in range(3)))
    return picture


def photo(
    picture: Image.Image | None = None,
    form: str = "JPEG",
    *,
    taken: str = "2026:10:26 09:30:00",
    offset: str = "",
    turn: int = 1,
    quality: int = 90,
) -> bytes:
    """The picture as a camera writes it: EXIF with time, camera, orientation and a place; XMP and a comment."""
    picture = picture or scene(1)
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0112] = "Liaoyuan", CAMERA, turn
    inner = exif.get_ifd(0x8769)
    inner[0x9003] = taken
    if offset:
        inner[0x9011] = offset
    place = exif.get_ifd(0x8825)
    degrees = tuple(TiffImagePlugin.IFDRational(n, 1) for n in (31, 30, 15))
    place[1], place[2], place[3], place[4] = (
        "N",
        degrees,
        "E",
        tuple(TiffImagePlugin.IFDRational(n, 1) for n in (120, 18, 9)),
    )
    place[0x12] = PLACE_NAME.decode()
    out = io.BytesIO()
    xmp = b"<x:xmpmeta>" + PLACE_NAME + b"</x:xmpmeta>"
    if form == "JPEG":
        picture.save(out, form, quality=quality, exif=exif, xmp=xmp, comment=PLACE_NAME)
    elif form == "WEBP":
        picture.save(out, form, quality=quality, exif=exif, xmp=xmp)
    else:
        picture.save(out, form, exif=exif)
    return out.getvalue()


def plain(picture: Image.Image, form: str = "JPEG", quality: int = 80) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, quality=quality)
    return out.getvalue()


def taken_of(text: str) -> datetime:
    return datetime.fromisoformat(text)
