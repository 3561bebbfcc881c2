"""Photos: when they were taken, copies without anything but the picture, and a hash of how they look.

Copies are drawn anew from the decoded pixels, so EXIF, XMP, IPTC, comments and thumbnails of the camera cannot be in
them. The hash is a 64-bit pHash: the picture as 32 × 32 greys, its two-dimensional cosine transform, and of the 64
lowest frequencies whether each lies above their median. Compression and scaling move a few bits; other pictures differ
in about half of them. A picture without contrast has no hash.
"""

import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps

from liaoyuan.kit.files.kinds import FileKind
from liaoyuan.kit.files.refusal import Unwanted

#: Longer side of the copy that is shown and downloaded, and of the one in lists, in pixels.
COPY, THUMB = 2000, 320
#: Half-words of the hash: two pictures within 11 bits agree in one of four but for two bits.
PARTS, PART_BITS = 4, 16
_QUALITY = 86
_SIDE, _LOW = 32, 8
_COSINE = [[math.cos(math.pi * (2 * x + 1) * u / (2 * _SIDE)) for x in range(_SIDE)] for u in range(_LOW)]
_CONTRAST = 12.0
_EXIF, _TAKEN, _OFFSET, _CHANGED = 0x8769, 0x9003, 0x9011, 0x0132
_CHINA = timezone(timedelta(hours=8))
_FORMATS = {FileKind.JPEG: "JPEG", FileKind.PNG: "PNG", FileKind.WEBP: "WEBP"}

# Sizes are judged here, by the caller's limit, before anything is decoded; Pillow would only warn.
Image.MAX_IMAGE_PIXELS = None


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture as read. `width` and `height` are those of the original; `copy` and `thumb` are JPEG without metadata;
    `look` is the hash, None without contrast.
    """

    width: int
    height: int
    taken_at: datetime | None
    look: int | None
    copy: bytes
    thumb: bytes


def read(path: Path, kind: FileKind, *, megapixels: int) -> Photo:
    """Read a picture. Raises `Unwanted` when it is damaged or larger than so many million pixels."""
    try:
        with Image.open(path, formats=(_FORMATS[kind],)) as opened:
            width, height = opened.size
            if width * height > megapixels * 1_000_000:
                raise Unwanted("pixels", given=-(-width * height // 1_000_000), limit=megapixels)
            taken = _taken_at(opened)
            turn = opened.getexif().get(0x0112, 1)
            if kind == FileKind.JPEG:
                opened.draft("RGB", (COPY, COPY))
            picture = _plain(opened, turn)
    except Unwanted:
        raise
    except Exception as error:  # decoders raise what they like over damaged bytes
        raise Unwanted("damaged") from error
    copy = _shrunk(picture, COPY)
    return Photo(width, height, taken, look_of(picture), _jpeg(copy), _jpeg(_shrunk(copy, THUMB)))


def _plain(opened: Image.Image, turn: int) -> Image.Image:
    """The first picture upright, in colours, on white, with nothing beside its pixels."""
    opened.load()
    picture: Image.Image = opened
    if picture.mode in ("P", "PA", "LA", "RGBA", "La", "RGBa") or "transparency" in picture.info:
        clear = picture.convert("RGBA")
        picture = Image.new("RGB", clear.size, "white")
        picture.paste(clear, mask=clear.getchannel("A"))
    elif picture.mode.startswith("I") or picture.mode == "F":
        picture = picture.point(lambda value: value / 257).convert("L").convert("RGB")
    else:
        picture = picture.convert("RGB")
    bare = Image.new("RGB", picture.size)
    bare.paste(picture)
    turned = _TURNS.get(turn)
    return bare.transpose(turned) if turned is not None else bare


_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def _shrunk(picture: Image.Image, side: int) -> Image.Image:
    if max(picture.size) <= side:
        return picture
    return ImageOps.contain(picture, (side, side), Image.Resampling.LANCZOS)


def _jpeg(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.save(out, "JPEG", quality=_QUALITY, optimize=True)
    return out.getvalue()


def _taken_at(opened: Image.Image) -> datetime | None:
    """The camera's own time; without an offset it is China's."""
    exif = opened.getexif()
    inner = exif.get_ifd(_EXIF)
    text = str(inner.get(_TAKEN) or exif.get(_CHANGED) or "").strip("\0 ")
    found = re.fullmatch(r"(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)", text)
    if found is None:
        return None
    offset = re.fullmatch(r"([+-])(\d\d):(\d\d)", str(inner.get(_OFFSET) or "").strip("\0 "))
    zone = _CHINA
    if offset:
        zone = timezone((1 if offset[1] == "+" else -1) * timedelta(hours=int(offset[2]), minutes=int(offset[3]) % 60))
    try:
        taken = datetime(*map(int, found.groups()), tzinfo=zone)  # type: ignore[misc,arg-type]
        return taken.astimezone(UTC) if taken.year >= 1990 else None
    except (ValueError, OverflowError):
        return None


def look_of(picture: Image.Image) -> int | None:
    """The pHash of a picture, or None when it has no contrast."""
    small = picture.convert("L").resize((_SIDE, _SIDE), Image.Resampling.LANCZOS)
    grey = small.tobytes()
    rows = [
        [sum(a * b for a, b in zip(wave, grey[y * _SIDE : (y + 1) * _SIDE], strict=True)) for wave in _COSINE]
        for y in range(_SIDE)
    ]
    waves = [sum(_COSINE[v][y] * rows[y][u] for y in range(_SIDE)) for v in range(_LOW) for u in range(_LOW)]
    varying = waves[1:]
    if max(map(abs, varying)) / _SIDE < _CONTRAST:
        return None
    middle = sorted(varying)[len(varying) // 2]
    return sum(1 << place for place, wave in enumerate(waves) if wave > middle)


def distance(one: int, other: int) -> int:
    """In how many of the 64 bits two hashes differ."""
    return (one ^ other).bit_count()


def parts_of(look: int) -> tuple[int, ...]:
    """The hash as four half-words, for an indexed search."""
    return tuple(look >> (PART_BITS * place) & 0xFFFF for place in range(PARTS))


def joined(parts: tuple[int, ...]) -> int:
    """The hash from its half-words."""
    return sum(part << (PART_BITS * place) for place, part in enumerate(parts))


def near(part: int, bits: int) -> list[int]:
    """All half-words that differ from one in at most `bits` (0, 1 or 2) bits."""
    found = [part]
    if bits >= 1:
        found += [part ^ (1 << a) for a in range(PART_BITS)]
    if bits >= 2:
        found += [part ^ (1 << a) ^ (1 << b) for a in range(PART_BITS) for b in range(a)]
    return found
