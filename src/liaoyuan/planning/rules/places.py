"""Metres of an instance as degrees again: where its points lie on a map."""

import math

from liaoyuan.kit.geo import DECIMALS, Point

#: Metres of one degree of latitude on a sphere with the earth's mean radius.
DEGREE = math.radians(1) * 6_371_008.8


def degrees(origin: Point, x: float, y: float) -> Point:
    """The WGS-84 degrees of a point so many metres east and north of the instance's origin."""
    east, north = origin
    shrink = math.cos(math.radians(north))
    return round(east + x / (shrink * DEGREE), DECIMALS), round(north + y / DEGREE, DECIMALS)


def metres(origin: Point, point: Point) -> tuple[float, float]:
    """The way back: metres east and north of the origin."""
    (east, north), shrink = origin, math.cos(math.radians(origin[1]))
    return (point[0] - east) * shrink * DEGREE, (point[1] - north) * DEGREE
