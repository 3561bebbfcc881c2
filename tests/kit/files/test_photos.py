"""Copies of photos hold nothing but the picture; alike photos are near, others far; damaged ones are refused."""

import io
import struct
from datetime import UTC, datetime
from itertools import combinations

import pytest
from PIL import Image, ImageEnhance

from liaoyuan.kit.files import photos
from liaoyuan.kit.files.kinds import FileKind
from liaoyuan.kit.files.refusal import Unwanted
from tests.core import file_ground as make

KINDS = {"JPEG": FileKind.JPEG, "PNG": FileKind.PNG, "WEBP": FileKind.WEBP}


def read(folder, data: bytes, form: str = "JPEG", megapixels: int = 20) -> photos.Photo:
    path = folder / "photo"
    path.write_bytes(data)
    return photos.read(path, KINDS[form], megapixels=megapixels)


def segments(data: bytes) -> list[int]:
    """Markers of a JPEG up to its scan, read by hand."""
    found, at = [], 2
    while data[at] == 0xFF and data[at + 1] != 0xDA:
        found.append(data[at + 1])
        at += 2 + struct.unpack_from(">H", data, at + 2)[0]
    return found


@pytest.mark.parametrize("form", KINDS)
def test_nothing_but_the_picture_is_in_the_copies(form, tmp_path):
    data = make.photo(form=form)
    assert make.PLACE_NAME in data or form == "PNG"
    assert make.CAMERA.encode() in data
    found = read(tmp_path, data, form)
    for copy in (found.copy, found.thumb):
        assert make.PLACE_NAME not in copy
        assert make.CAMERA.encode() not in copy
        assert b"Exif" not in copy and b"xmp" not in copy.lower()
        assert not {0xE1, 0xE2, 0xED, 0xFE} & set(segments(copy)), "EXIF, XMP, ICC, IPTC or a comment"
        opened = Image.open(io.BytesIO(copy))
        assert opened.format == "JPEG" and not dict(opened.getexif())
    assert (found.width, found.height) == (900, 600)
    assert max(Image.open(io.BytesIO(found.thumb)).size) == photos.THUMB


def test_a_large_photo_is_shrunk_and_a_small_one_is_not(tmp_path):
    large = read(tmp_path, make.plain(make.scene(3, (3000, 1500))))
    assert Image.open(io.BytesIO(large.copy)).size == (2000, 1000)
    small = read(tmp_path, make.plain(make.scene(3, (200, 100))))
    assert Image.open(io.BytesIO(small.copy)).size == (200, 100)


@pytest.mark.parametrize(
    ("turn", "corner"),
    [(1, (0, 0)), (2, (1, 0)), (3, (1, 1)), (4, (0, 1)), (5, (0, 0)), (6, (1, 0)), (7, (1, 1)), (8, (0, 1))],
)
def test_the_copy_stands_upright(turn, corner, tmp_path):
    """A mark in the stored picture's first corner comes where EXIF 2.3 (4.6.4) says first row and column lie."""
    picture = Image.new("RGB", (400, 200), "white")
    picture.paste("red", (0, 0, 60, 60))
    upright = Image.open(io.BytesIO(read(tmp_path, make.photo(picture, turn=turn)).copy))
    assert upright.size == ((400, 200) if turn < 5 else (200, 400))
    width, height = upright.size
    x, y = (20 if not corner[0] else width - 20), (20 if not corner[1] else height - 20)
    red, green, _blue = upright.getpixel((x, y))
    assert red > 200 and green < 80


@pytest.mark.parametrize(
    ("taken", "offset", "moment"),
    [
        ("2026:10:26 09:30:00", "", datetime(2026, 10, 26, 1, 30, tzinfo=UTC)),
        ("2026:10:26 09:30:00", "+00:00", datetime(2026, 10, 26, 9, 30, tzinfo=UTC)),
        ("2026:10:26 09:30:00", "-05:30", datetime(2026, 10, 26, 15, 0, tzinfo=UTC)),
        ("0000:00:00 00:00:00", "", None),
        ("2026:13:40 09:30:00", "", None),
        ("1970:01:01 00:00:00", "", None),
        ("gestern", "", None),
    ],
)
def test_the_camera_s_time_is_kept(taken, offset, moment, tmp_path):
    assert read(tmp_path, make.photo(taken=taken, offset=offset)).taken_at == moment


@pytest.mark.parametrize("mode", ["L", "LA", "RGBA", "P", "1", "I;16", "CMYK"])
def test_every_mode_becomes_a_picture(mode, tmp_path):
    base = make.scene(4, (300, 200))
    if mode == "I;16":
        picture = Image.new("I;16", (300, 200), 40000)
    else:
        picture = base.convert(mode)
    form = "JPEG" if mode == "CMYK" else "PNG"
    found = read(tmp_path, make.plain(picture, form), form)
    assert Image.open(io.BytesIO(found.copy)).mode == "RGB"


def test_pixels_beyond_the_limit_are_refused_before_decoding(tmp_path):
    """A PNG that claims 30,000 × 30,000 pixels in a few bytes."""
    out = io.BytesIO()
    Image.new("1", (8000, 8000)).save(out, "PNG")
    with pytest.raises(Unwanted) as refused:
        read(tmp_path, out.getvalue(), "PNG")
    assert refused.value.code == "pixels"
    assert refused.value.args_of == {"given": 64, "limit": 20}


def test_damaged_photos_are_refused(tmp_path):
    whole = make.photo()
    for cut in (30, 400, len(whole) // 2):
        with pytest.raises(Unwanted):
            read(tmp_path, whole[:cut])
    with pytest.raises(Unwanted):
        read(tmp_path, make.photo(form="PNG"), "JPEG")


def look(picture: Image.Image) -> int:
    found = photos.look_of(picture.convert("RGB"))
    assert found is not None
    return found


def again(picture: Image.Image, quality: int) -> Image.Image:
    return Image.open(io.BytesIO(make.plain(picture, "JPEG", quality)))


def crop(picture: Image.Image, part: float) -> Image.Image:
    width, height = picture.size
    return picture.crop((round(width * part), round(height * part), round(width * (1 - part)), height))


ALIKE = {
    "encoded again": lambda p: again(p, 40),
    "small": lambda p: p.resize((300, 200)),
    "large": lambda p: p.resize((1800, 1200)),
    "stretched": lambda p: p.resize((640, 480)),
    "brighter": lambda p: ImageEnhance.Brightness(p).enhance(1.15),
    "grey": lambda p: p.convert("L"),
    "small and encoded again": lambda p: again(p.resize((450, 300)), 30),
    "slightly cropped": lambda p: crop(p, 0.015),
}
SEEDS = range(40)


@pytest.mark.parametrize("how", ALIKE)
def test_the_same_photo_is_found(how):
    apart = [photos.distance(look(make.scene(s)), look(ALIKE[how](make.scene(s)))) for s in SEEDS]
    found = sum(bits <= 10 for bits in apart)
    assert found == len(SEEDS), sorted(apart)


def test_different_photos_are_not():
    looks = [look(make.scene(seed)) for seed in range(120)]
    apart = [photos.distance(a, b) for a, b in combinations(looks, 2)]
    assert sum(bits <= 10 for bits in apart) == 0, min(apart)


def test_a_blank_page_has_no_look():
    assert photos.look_of(Image.new("RGB", (400, 300), "white")) is None


def test_half_words_find_everything_within_eleven_bits():
    """Against the definition: of two hashes that differ in k ≤ 11 bits one half-word is among `near(…, k // 4)`."""
    import random

    chance = random.Random(7)
    for _ in range(300):
        one, bits = chance.getrandbits(64), chance.randrange(12)
        other = one
        for place in chance.sample(range(64), bits):
            other ^= 1 << place
        assert photos.joined(photos.parts_of(one)) == one
        pairs = zip(photos.parts_of(one), photos.parts_of(other), strict=True)
        assert any(b in photos.near(a, bits // 4) for a, b in pairs)
    assert len(set(photos.near(0, 2))) == 1 + 16 + 120
