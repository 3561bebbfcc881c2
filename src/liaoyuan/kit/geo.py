"""Points on the map of China: the three datums people paste from, distances, and reading what was pasted.

Degrees are stored as WGS-84 (satellite receivers, surveying). Amap and Tencent give GCJ-02, Baidu gives BD-09; the
shifts below are the publicly known formulas. They are smooth and small (up to some 700 m), so the way back is found by
iteration. Outside China nothing is shifted.
"""

import math
import re
from collections.abc import Callable
from enum import StrEnum

from liaoyuan.kit.cells import Parsed, accept, is_blank, reject
from liaoyuan.kit.text import cell_text, half_width


class Datum(StrEnum):
    """In which system a point's degrees are told."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"


DATUM_TITLES = {
    Datum.WGS84: "WGS-84（卫星定位、天地图）",
    Datum.GCJ02: "GCJ-02（高德、腾讯地图）",
    Datum.BD09: "BD-09（百度地图）",
}
#: The same in one word, for tables and sheets.
DATUM_NAMES = {Datum.WGS84: "WGS-84", Datum.GCJ02: "GCJ-02", Datum.BD09: "BD-09"}

#: (longitude, latitude) in degrees, east and north positive.
type Point = tuple[float, float]

#: West, south, east, north: inside it the datums differ (the formulas' own border).
SHIFTED = (72.004, 0.8293, 137.8347, 55.8271)
#: West, south, east, north of the country: a point of ours lies in it.
CHINA = (73.0, 3.0, 136.0, 54.0)
#: Decimals kept: a centimetre.
DECIMALS = 7
#: Decimals shown: a hand's breadth.
SHOWN = 6
_AXIS, _FLATTENING = 6378245.0, 0.00669342162296594323  # Krasovsky 1940: half axis in metres, squared eccentricity
_EARTH = 6_371_008.8  # mean radius in metres
_CLOSE = 1e-11
_TURNS = 30


def within(box: tuple[float, float, float, float], point: Point) -> bool:
    """Whether a point lies in a box of (west, south, east, north)."""
    west, south, east, north = box
    return west <= point[0] <= east and south <= point[1] <= north


def _waves(value: float, *terms: tuple[float, float]) -> float:
    """Sum of amplitude × sin(frequency × π × value), two thirds of it."""
    return sum(size * math.sin(pace * math.pi * value) for size, pace in terms) * 2 / 3


def _gcj_shift(point: Point) -> Point:
    """By how many degrees GCJ-02 moves a WGS-84 point to the east and to the north."""
    x, y = point[0] - 105, point[1] - 35
    both = _waves(x, (20, 6), (20, 2))
    root = math.sqrt(abs(x))
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + both
    east += _waves(x, (20, 1), (40, 1 / 3)) + _waves(x, (150, 1 / 12), (300, 1 / 30))
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + both
    north += _waves(y, (20, 1), (40, 1 / 3)) + _waves(y, (160, 1 / 12), (320, 1 / 30))
    latitude = math.radians(point[1])
    bend = 1 - _FLATTENING * math.sin(latitude) ** 2
    metres_north = _AXIS * (1 - _FLATTENING) / (bend * math.sqrt(bend))
    metres_east = _AXIS / math.sqrt(bend) * math.cos(latitude)
    return math.degrees(east / metres_east), math.degrees(north / metres_north)


def wgs84_to_gcj02(point: Point) -> Point:
    """A WGS-84 point in GCJ-02."""
    if not within(SHIFTED, point):
        return point
    east, north = _gcj_shift(point)
    return point[0] + east, point[1] + north


def gcj02_to_bd09(point: Point) -> Point:
    """A GCJ-02 point in BD-09."""
    if not within(SHIFTED, point):
        return point
    x, y = point
    pace = math.pi * 3000 / 180
    far = math.hypot(x, y) + 0.00002 * math.sin(y * pace)
    angle = math.atan2(y, x) + 0.000003 * math.cos(x * pace)
    return far * math.cos(angle) + 0.0065, far * math.sin(angle) + 0.006


def _undone(forth: Callable[[Point], Point], goal: Point) -> Point:
    """The point that `forth` moves to `goal`: each turn takes off what is still missed."""
    if not within(SHIFTED, goal):
        return goal
    x, y = goal
    for _turn in range(_TURNS):
        there = forth((x, y))
        east, north = there[0] - goal[0], there[1] - goal[1]
        x, y = x - east, y - north
        if abs(east) < _CLOSE and abs(north) < _CLOSE:
            break
    return x, y


def gcj02_to_wgs84(point: Point) -> Point:
    """A GCJ-02 point in WGS-84, true to less than 1e-7 degrees."""
    return _undone(wgs84_to_gcj02, point)


def bd09_to_gcj02(point: Point) -> Point:
    """A BD-09 point in GCJ-02, true to less than 1e-7 degrees."""
    return _undone(gcj02_to_bd09, point)


def to_wgs84(point: Point, datum: Datum | str) -> Point:
    """A point told in a datum as it is stored: WGS-84, rounded to `DECIMALS`. Raises ValueError for another datum."""
    datum = Datum(datum)
    if datum == Datum.BD09:
        point = bd09_to_gcj02(point)
    if datum != Datum.WGS84:
        point = gcj02_to_wgs84(point)
    return round(point[0], DECIMALS), round(point[1], DECIMALS)


def from_wgs84(point: Point, datum: Datum | str) -> Point:
    """A stored point in another datum, rounded to `SHOWN`. Raises ValueError for another datum."""
    datum = Datum(datum)
    if datum != Datum.WGS84:
        point = wgs84_to_gcj02(point)
    if datum == Datum.BD09:
        point = gcj02_to_bd09(point)
    return round(point[0], SHOWN), round(point[1], SHOWN)


def written(point: Point) -> str:
    """A point as text that `parse_point` reads back: "120.293800, 31.541200"."""
    return f"{point[0]:.{SHOWN}f}, {point[1]:.{SHOWN}f}"


def metres(one: Point, other: Point) -> float:
    """Metres between two WGS-84 points along the globe (haversine, mean radius)."""
    (x1, y1), (x2, y2) = ((math.radians(x), math.radians(y)) for x, y in (one, other))
    half = math.sin((y2 - y1) / 2) ** 2 + math.cos(y1) * math.cos(y2) * math.sin((x2 - x1) / 2) ** 2
    return 2 * _EARTH * math.asin(min(1.0, math.sqrt(half)))


_SIGNS = str.maketrans({"′": "'", "’": "'", "‘": "'", "´": "'", "`": "'", "分": "'", "″": '"', "”": '"', "“": '"',
                        "秒": '"', "度": "°", "º": "°", "˚": "°", "、": ",", "−": "-"})  # fmt: skip
_WORDS = tuple(
    (re.compile(pattern), letter)
    for pattern, letter in (
        (r"东经|经度|LONGITUDE|LNG|LON|东", "E"), (r"北纬|纬度|LATITUDE|LAT|北", "N"), (r"西经|西", "W"),
        (r"南纬|南", "S"), (r"[:=]", ""),
    )
)  # fmt: skip
_NUMBER = r"([+-]?\d{1,3}(?:\.\d+)?)\s*(?:°\s*(?:(\d{1,2}(?:\.\d+)?)\s*'\s*(?:(\d{1,2}(?:\.\d+)?)\s*\"?\s*)?)?)?"
_ANGLE = rf"(?:([NESW])\s*{_NUMBER}|{_NUMBER}\s*([NESW])?)"
_ONE = re.compile(_ANGLE)
_PAIR = re.compile(rf"{_ANGLE}(?:[\s,;/|]+|(?<=[NESW°'\"])|(?=[NESW])){_ANGLE}")


def parse_point(cell: object) -> Parsed[Point]:
    """(longitude, latitude) of a pasted point, in the datum in which it was copied.

    Read are decimals and degrees, minutes, seconds, in either order, full width or half: "120.2938, 31.5412",
    "31.5412，120.2938", "北纬31°32′28″ 东经120°17′38″". The order follows from letters, else from where China lies.
    Errors: ``point_unreadable``, ``point_outside`` (no order gives a place in China).
    """
    if is_blank(cell):
        return accept(None)
    match = _PAIR.fullmatch(_prepared(cell))
    if match is None:
        return reject("point_unreadable")
    first, second = _angle(match.groups()[:8]), _angle(match.groups()[8:])
    if first is None or second is None:
        return reject("point_unreadable")
    (one, mark), (other, mark2) = first, second
    if mark and mark == mark2:
        return reject("point_unreadable")
    orders = [(one, other), (other, one)]
    if mark or mark2:
        orders = orders[:1] if mark == "x" or mark2 == "y" else orders[1:]
    return next((accept(point) for point in orders if within(CHINA, point)), reject("point_outside"))


def parse_longitude(cell: object) -> Parsed[float]:
    """One longitude in degrees. Errors ``point_unreadable``, ``longitude_outside``."""
    return _coordinate(cell, "x", CHINA[0], CHINA[2], "longitude_outside")


def parse_latitude(cell: object) -> Parsed[float]:
    """One latitude in degrees. Errors ``point_unreadable``, ``latitude_outside``."""
    return _coordinate(cell, "y", CHINA[1], CHINA[3], "latitude_outside")


def _coordinate(cell: object, axis: str, low: float, high: float, outside: str) -> Parsed[float]:
    if is_blank(cell):
        return accept(None)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        read: tuple[float, str] | None = (round(float(cell), DECIMALS), "")
    else:
        match = _ONE.fullmatch(_prepared(cell))
        read = _angle(match.groups()) if match else None
    if read is None or read[1] not in ("", axis):
        return reject("point_unreadable")
    return accept(read[0]) if low <= read[0] <= high else reject(outside)


def _prepared(cell: object) -> str:
    text = half_width(cell_text(cell)).upper().strip(" ()[]{}")
    for pattern, letter in _WORDS:  # before the signs: 经度 holds 度
        text = pattern.sub(letter, text)
    return text.translate(_SIGNS).replace("''", '"')


def _angle(groups: tuple[str | None, ...]) -> tuple[float, str] | None:
    """Degrees and axis ("x", "y" or "" for not told) of the groups of `_ANGLE`; None for 60 minutes and more."""
    before, *rest = groups
    parts = rest[:3] if rest[0] is not None else rest[3:6]
    letter = before or rest[6] or ""
    degrees, minutes, seconds = (float(part) if part else 0.0 for part in parts)
    if minutes >= 60 or seconds >= 60:
        return None
    negative = str(parts[0]).startswith("-") or letter in ("S", "W")
    value = abs(degrees) + minutes / 60 + seconds / 3600
    return round(-value if negative else value, DECIMALS), {"": "", "E": "x", "W": "x"}.get(letter, "y")
