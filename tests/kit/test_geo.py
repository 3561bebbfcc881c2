"""Points: reference pairs published with several public implementations, round trips, and what people paste."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaoyuan.kit import geo
from liaoyuan.kit.geo import CHINA, Datum, parse_latitude, parse_longitude, parse_point

BEIJING = (116.404, 39.915)
inside = st.tuples(st.floats(73.5, 135.0), st.floats(18.0, 53.5))


@pytest.mark.parametrize(
    ("convert", "expected"),
    [
        (geo.wgs84_to_gcj02, (116.41024449916938, 39.91640428150164)),
        (geo.gcj02_to_bd09, (116.41036949371029, 39.92133699351021)),
        (lambda p: geo.gcj02_to_bd09(geo.wgs84_to_gcj02(p)), (116.41662724378733, 39.922699552216216)),
    ],
)
def test_published_pairs(convert, expected):
    assert convert(BEIJING) == pytest.approx(expected, abs=1e-9)


def test_the_way_back_is_near_the_published_approximation():
    # the published inverses are one step without iteration: right to a few metres
    assert geo.metres(geo.gcj02_to_wgs84(BEIJING), (116.39775550083061, 39.91359571849836)) < 5
    assert geo.metres(geo.bd09_to_gcj02(BEIJING), (116.39762729119315, 39.90865673957631)) < 5


@given(inside)
def test_the_way_back_is_exact(point):
    for forth, back in ((geo.wgs84_to_gcj02, geo.gcj02_to_wgs84), (geo.gcj02_to_bd09, geo.bd09_to_gcj02)):
        there = back(forth(point))
        assert abs(there[0] - point[0]) < 1e-7
        assert abs(there[1] - point[1]) < 1e-7


@given(inside, st.sampled_from(Datum))
def test_what_is_stored_shows_what_was_entered(point, datum):
    typed = (round(point[0], 6), round(point[1], 6))
    stored = geo.to_wgs84(typed, datum)
    assert geo.from_wgs84(stored, datum) == pytest.approx(typed, abs=1.01e-6)
    assert geo.metres(stored, typed) < 2000
    assert (stored == typed) == (datum == Datum.WGS84)


@given(inside)
def test_the_shift_is_some_hundred_metres(point):
    assert 5 < geo.metres(point, geo.wgs84_to_gcj02(point)) < 1000


@pytest.mark.parametrize("point", [(139.69, 35.68), (-0.12, 51.5), (151.2, -33.87), (72.0, 40.0)])
def test_nothing_is_shifted_outside_china(point):
    for datum in Datum:
        assert geo.to_wgs84(point, datum) == point
        assert geo.from_wgs84(point, datum) == point


def test_metres():
    degree = math.pi * 6_371_008.8 / 180
    assert geo.metres((120, 31), (120, 32)) == pytest.approx(degree, rel=1e-9)
    assert geo.metres((0, 0), (180, 0)) == pytest.approx(180 * degree, rel=1e-9)
    assert geo.metres((120, 60), (121, 60)) == pytest.approx(degree / 2, rel=1e-4)
    assert geo.metres(BEIJING, BEIJING) == 0


@pytest.mark.parametrize(
    "given",
    [
        "120.2938, 31.5412", "120.2938,31.5412", "31.5412,120.2938", "120.2938 31.5412",
        "１２０．２９３８，３１．５４１２", "（120.2938、31.5412）", "[120.2938,31.5412]",
        "E120.2938 N31.5412", "N31.5412E120.2938", "31.5412N, 120.2938E",
        "东经120.2938°，北纬31.5412°", "经度：120.2938；纬度：31.5412", "lat=31.5412, lng=120.2938",
        "120.2938\t31.5412", " 120.2938 ;31.5412 ", "120.2938/31.5412",
    ],
)  # fmt: skip
def test_one_point_in_many_writings(given):
    assert parse_point(given).value == (120.2938, 31.5412)


@pytest.mark.parametrize(
    "given",
    [
        "120°17'38\"E 31°32'28\"N", "北纬31°32′28″ 东经120°17′38″", "120度17分38秒，31度32分28秒",
        "31°32’28”N,120°17’38”E", "120°17'38'' 31°32'28''",
    ],
)  # fmt: skip
def test_degrees_minutes_seconds(given):
    assert parse_point(given).value == pytest.approx((120 + 17 / 60 + 38 / 3600, 31 + 32 / 60 + 28 / 3600), abs=1e-7)


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ("120.2938", "point_unreadable"), ("湖滨路 1 号", "point_unreadable"), ("120.2938.31.5", "point_unreadable"),
        ("120,29,31", "point_unreadable"), ("120°61' 31°0'", "point_unreadable"), ("E120.2 E31.5", "point_unreadable"),
        ("1.2e2, 31", "point_unreadable"), ("0, 0", "point_outside"), ("139.69, 35.68", "point_outside"),
        ("W120.29 N31.54", "point_outside"), ("N120.29 E31.54", "point_outside"), ("120.29, -31.5", "point_outside"),
    ],
)  # fmt: skip
def test_what_is_no_point_is_told(given, error):
    read = parse_point(given)
    assert (read.value, read.error) == (None, error)


@given(st.one_of(st.text(), st.floats(), st.integers(), st.none(), st.text("0123456789.,°'\"NESW -东经北纬")))
def test_nothing_pasted_raises(cell):
    read = parse_point(cell)
    assert read.value is None or geo.within(CHINA, read.value)
    for one in (parse_longitude(cell), parse_latitude(cell)):
        assert one.value is None or isinstance(one.value, float)


@given(inside)
def test_written_is_read_back(point):
    assert parse_point(geo.written(point)).value == pytest.approx(point, abs=1e-6)


def test_single_coordinates():
    assert parse_longitude("120.29").value == 120.29
    assert parse_longitude(120.29).value == 120.29
    assert parse_latitude("31°30′").value == 31.5
    assert parse_longitude("31.5").error == "longitude_outside"
    assert parse_latitude(120.29).error == "latitude_outside"
    assert parse_latitude("E31.5").error == "point_unreadable"
    assert parse_longitude("").value is None
