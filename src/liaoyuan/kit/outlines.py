"""Outlines of areas as GeoJSON: reading what an office uploads, one polygon or several, in WGS-84 degrees.

An outline is kept as the coordinates of a MultiPolygon: polygons → rings → [longitude, latitude], each ring closed.
"""

import json
import math
from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import pairwise
from typing import Any

from liaoyuan.kit.geo import CHINA, DECIMALS, Datum, Point, from_wgs84, to_wgs84, within

type Rings = list[list[list[list[float]]]]

MOST_BYTES = 2 * 1024 * 1024
MOST_POINTS = 20_000
#: A ring of fewer points, the first repeated at its end, encloses nothing.
_LEAST = 4
#: What a member `crs` of the earlier GeoJSON may name: degrees of WGS-84 or of CGCS2000, which differ by centimetres.
_DEGREES = ("CRS84", "4326", "4490")


class BadOutline(ValueError):
    """What was uploaded is no outline; `code` says why (see `parse`)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def parse(content: bytes, datum: Datum | str, *, names: Collection[str] = ()) -> Rings:
    """The outline in a GeoJSON file told in `datum`. Of several features the one is taken that bears one of `names`.

    Raises BadOutline: ``large`` (bytes or points), ``unreadable`` (no JSON), ``shape`` (no polygon, an open or short
    ring, no numbers), ``several`` (none of several bears a name, or more than one), ``system`` (other coordinates than
    degrees), ``turned`` (latitude before longitude), ``abroad`` (not in China), ``flat`` (encloses nothing).
    """
    if len(content) > MOST_BYTES:
        raise BadOutline("large")
    try:
        told = json.loads(content.decode("utf-8-sig"), parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise BadOutline("unreadable") from None
    if not isinstance(told, dict):
        raise BadOutline("shape")
    crs = told.get("crs")
    if crs is not None and not any(one in json.dumps(crs) for one in _DEGREES):
        raise BadOutline("system")
    found = _read(_polygons(told, names))
    _check_place(found)
    turned = changed(found, lambda point: to_wgs84(point, datum))
    if not all(_encloses(polygon[0]) for polygon in turned):
        raise BadOutline("flat")
    return turned


def _no_number(text: str) -> float:
    raise ValueError(text)


def _polygons(told: Mapping[str, Any], names: Collection[str]) -> list[Any]:
    """The polygons of the feature that is meant, as they stand in the file."""
    kind = told.get("type")
    if kind == "FeatureCollection":
        features = told.get("features")
        rows = [row for row in features if isinstance(row, dict)] if isinstance(features, list) else []
        if len(rows) > 1:
            rows = [row for row in rows if _bears(row.get("properties"), names)]
            if len(rows) != 1:
                raise BadOutline("several")
        kind, told = "Feature", rows[0] if rows else {}
    if kind == "Feature":
        shape = told.get("geometry")
        told = shape if isinstance(shape, dict) else {}
        kind = told.get("type")
    places = told.get("coordinates")
    if not isinstance(places, list) or not places or kind not in ("Polygon", "MultiPolygon"):
        raise BadOutline("shape")
    return [places] if kind == "Polygon" else places


def _bears(properties: object, names: Collection[str]) -> bool:
    values = properties.values() if isinstance(properties, dict) else ()
    return any(str(value).strip() in names for value in values)


def _read(polygons: list[Any]) -> Rings:
    found: Rings = []
    left = MOST_POINTS
    for polygon in polygons:
        rings = []
        for ring in polygon if isinstance(polygon, list) else ():
            if not isinstance(ring, list) or len(ring) < _LEAST:
                raise BadOutline("shape")
            left -= len(ring)
            if left < 0:
                raise BadOutline("large")
            told = [list(_point(one)) for one in ring]
            if told[0] != told[-1]:
                raise BadOutline("shape")
            rings.append(told)
        if not rings:
            raise BadOutline("shape")
        found.append(rings)
    return found


def _point(one: object) -> Point:
    """Longitude and latitude; a height behind them is dropped."""
    if not isinstance(one, list) or len(one) < 2:
        raise BadOutline("shape")
    x, y = one[:2]
    if any(isinstance(value, bool) or not isinstance(value, int | float) for value in (x, y)):
        raise BadOutline("shape")
    x, y = float(x), float(y)
    if not (math.isfinite(x) and math.isfinite(y)):
        raise BadOutline("shape")
    return round(x, DECIMALS), round(y, DECIMALS)


def _check_place(rings: Rings) -> None:
    every = list(points(rings))
    if all(within(CHINA, point) for point in every):
        return
    if all(within(CHINA, (y, x)) for x, y in every):
        raise BadOutline("turned")
    raise BadOutline("abroad" if all(abs(x) <= 180 and abs(y) <= 90 for x, y in every) else "system")


def _encloses(ring: list[list[float]]) -> bool:
    """Whether a ring has an area (the shoelace sum)."""
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))) > 1e-12


def points(rings: Rings) -> Iterable[Point]:
    """Every point of an outline."""
    return ((x, y) for polygon in rings for ring in polygon for x, y in ring)


def changed(rings: Rings, change: Callable[[Point], Point]) -> Rings:
    """The outline with every point changed."""
    return [[[list(change((x, y))) for x, y in ring] for ring in polygon] for polygon in rings]


def told_in(rings: Rings, datum: Datum | str) -> Rings:
    """An outline of WGS-84 in another datum: that of a map it is laid on."""
    return rings if Datum(datum) == Datum.WGS84 else changed(rings, lambda point: from_wgs84(point, datum))


def holds(rings: Rings, point: Point) -> bool:
    """Whether a point lies inside (even-odd over all rings, so that holes are outside)."""
    x, y = point
    inside = False
    for polygon in rings:
        for ring in polygon:
            for (x1, y1), (x2, y2) in pairwise(ring):
                if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
                    inside = not inside
    return inside


def box(rings: Rings) -> tuple[float, float, float, float]:
    """West, south, east, north."""
    every = list(points(rings))
    return min(x for x, _y in every), min(y for _x, y in every), max(x for x, _y in every), max(y for _x, y in every)
