"""Outlines read from GeoJSON: what is taken, what is refused and why; inside and outside."""

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaoyuan.kit import geo, outlines

RING = [[120.1, 31.4], [120.5, 31.4], [120.5, 31.7], [120.1, 31.7], [120.1, 31.4]]
KINDS = ["Feature", "Polygon", "MultiPolygon"]
MEMBERS = ["type", "features", "geometry", "coordinates", "properties", "crs"]
HOLE = [[120.2, 31.5], [120.3, 31.5], [120.3, 31.6], [120.2, 31.6], [120.2, 31.5]]


def shape(*rings, kind="Polygon"):
    return {"type": kind, "coordinates": list(rings)}


def feature(geometry, **properties):
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def read(told, datum="wgs84", **more):
    content = told if isinstance(told, bytes) else json.dumps(told, ensure_ascii=False).encode()
    return outlines.parse(content, datum, **more)


def test_a_polygon_a_feature_and_a_collection_say_the_same():
    for told in (shape(RING), shape([RING], kind="MultiPolygon"), feature(shape(RING)),
                 {"type": "FeatureCollection", "features": [feature(shape(RING), name="某区")]}):  # fmt: skip
        assert read(told) == [[RING]]
    assert read("\ufeff".encode() + json.dumps(shape(RING)).encode()) == [[RING]]
    assert read(shape([[*point, 12.5] for point in RING])) == [[RING]], "heights are dropped"


def test_of_several_the_one_with_the_name_or_the_code():
    other = [[x + 1, y] for x, y in RING]
    told = {"type": "FeatureCollection", "features": [
        feature(shape(other), name="另一区", gb="156320205"), feature(shape(RING), name="某区", gb="156320211"),
    ]}  # fmt: skip
    assert read(told, names=("某区",)) == [[RING]]
    assert read(told, names=("无此区", "156320205")) == [[other]]
    for names in ((), ("别处",), ("某区", "另一区")):
        with pytest.raises(outlines.BadOutline, match="several"):
            read(told, names=names)


@pytest.mark.parametrize(("told", "code"), [
    (b"", "unreadable"), (b"\xff\xfe", "unreadable"), (b"{", "unreadable"), (b"[" * 100_000, "unreadable"),
    (b'{"type": "Polygon", "coordinates": [[[NaN, 31.4]]]}', "unreadable"),
    ([], "shape"), ({}, "shape"), (shape(), "shape"), (shape([]), "shape"), (shape(RING[:3]), "shape"),
    (shape(RING[:-1]), "shape"), (shape([*RING[:-1], [120.1, 31.5]]), "shape"),
    ({"type": "Point", "coordinates": [1, 2]}, "shape"),
    (shape([["120.1", 31.4], *RING[1:]]), "shape"), (shape([[True, 31.4], *RING[1:]]), "shape"),
    (shape([[120.1], *RING[1:]]), "shape"), (feature(None), "shape"), (feature(shape(RING)["coordinates"]), "shape"),
    ({"type": "FeatureCollection", "features": []}, "shape"), ({"type": "FeatureCollection"}, "shape"),
    (shape([[y, x] for x, y in RING]), "turned"), (shape([[x - 90, y] for x, y in RING]), "abroad"),
    (shape([[x * 1e5, y * 1e5] for x, y in RING]), "system"),
    ({**shape(RING), "crs": {"type": "name", "properties": {"name": "EPSG:3857"}}}, "system"),
    (shape([RING[0], RING[1], RING[0], RING[0]]), "flat"), (shape([RING[0]] * 4), "flat"),
    (b" " * (outlines.MOST_BYTES + 1), "large"),
])  # fmt: skip
def test_what_is_no_outline_is_refused_with_its_reason(told, code):
    with pytest.raises(outlines.BadOutline) as caught:
        read(told)
    assert caught.value.code == code


def test_too_many_points_are_refused():
    ring = [[120 + n / 1e6, 31.4] for n in range(outlines.MOST_POINTS)]
    with pytest.raises(outlines.BadOutline, match="large"):
        read(shape([*ring, ring[0]]))


def test_degrees_of_cgcs2000_are_taken_and_gcj02_is_turned_back():
    assert read({**shape(RING), "crs": {"properties": {"name": "urn:ogc:def:crs:EPSG::4490"}}}) == [[RING]]
    ((told,),) = read(shape(RING), "gcj02")
    assert [tuple(point) for point in told] == [geo.to_wgs84(tuple(point), "gcj02") for point in RING]
    ((back,),) = outlines.told_in([[told]], "gcj02")
    assert all(
        abs(a - b) < 2e-6 for one, other in zip(back, RING, strict=True) for a, b in zip(one, other, strict=True)
    )


def test_inside_is_inside_and_a_hole_is_not():
    rings = read(shape(RING, HOLE))
    draw = random.Random(41)
    for _n in range(500):
        point = draw.uniform(120.0, 120.6), draw.uniform(31.3, 31.8)
        within = 120.1 < point[0] < 120.5 and 31.4 < point[1] < 31.7
        hole = 120.2 < point[0] < 120.3 and 31.5 < point[1] < 31.6
        assert outlines.holds(rings, point) == (within and not hole)
    assert outlines.box(rings) == (120.1, 31.4, 120.5, 31.7)


@given(st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=4) | st.sampled_from(KINDS),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(MEMBERS), inner, max_size=4),
))  # fmt: skip
def test_whatever_is_read_is_an_outline_or_refused(told):
    try:
        rings = read(json.dumps(told).encode())
    except outlines.BadOutline:
        return
    assert all(ring[0] == ring[-1] and len(ring) > 3 for polygon in rings for ring in polygon)
