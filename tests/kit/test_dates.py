"""Days as people write them, against days written by the test itself; month and year arithmetic by brute force."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.datetime import to_excel

from liaoyuan.kit.cells import Parsed
from liaoyuan.kit.dates import add_months, add_years, half_open_overlaps, parse_date, parse_period

HAN = "〇一二三四五六七八九"
DAYS = st.dates(date(1900, 1, 2), date(2100, 12, 31)).filter(lambda day: day != date(1970, 1, 1))


def han(number: int) -> str:
    """1 to 31 in characters."""
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else HAN[tens] + "十") + (HAN[ones] if ones else "")


def writings(day: date) -> list[object]:
    y, m, d = day.year, day.month, day.day
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    return [
        *(
            day,
            datetime.fromisoformat(f"{y:04}-{m:02}-{d:02}T15:30"),
            day.isoformat(),
            f"{y}/{m}/{d}",
            f"{y}.{m}.{d}",
            f"{y}年{m}月{d}日",
        ),
        *(
            f"{y}年{m:02}月{d:02}日",
            f"{y}{m:02}{d:02}",
            int(f"{y}{m:02}{d:02}"),
            f"{y} - {m} - {d}",
            f" {y}-{m}-{d}\u200b",
        ),
        *(f"{y}年{m}月{d}号", f"{y}。{m}。{d}", f"{y}—{m}—{d}", f"{y} {m} {d}", f"{y}-{m:02}-{d:02} 00:00:00"),
        *(f"{y}-{m:02}-{d:02}T08:15:00", f"{y}/{m}/{d} 9:05", f"{y}-{m}-{d}".translate(wide), f"{y}年 {m}月 {d}日 "),
        f"{''.join(HAN[int(c)] for c in str(y))}年{han(m)}月{han(d)}日",
        f"{''.join(HAN[int(c)] for c in str(y))}年{han(m)}月{han(d)}日".replace("〇", "零"),
    ]


@given(DAYS)
def test_every_usual_writing_is_read_without_doubt(day):
    for cell in writings(day):
        assert parse_date(cell) == Parsed(day.isoformat()), cell


@given(st.dates(date(1958, 1, 1), date(2099, 12, 31)).filter(lambda day: day != date(1970, 1, 1)))
def test_serial_numbers(day):
    serial = int(to_excel(day))
    for cell in (serial, float(serial), serial + 0.75, str(serial), f"{serial}.0", f"{serial}.5"):
        assert parse_date(cell) == Parsed(day.isoformat()), cell


@given(st.integers(1900, 2100), st.integers(1, 12))
def test_a_month_alone(year, month):
    for cell in (
        f"{year}年{month}月",
        f"{year}-{month:02}",
        f"{year}/{month:02}",
        f"{year}{month:02}",
        int(f"{year}{month:02}"),
    ):
        assert parse_date(cell) == Parsed(f"{year}-{month:02}", doubt="month_only"), cell
        assert parse_date(cell, month_ok=True) == Parsed(f"{year}-{month:02}"), cell


def test_a_month_that_may_have_lost_its_zero_is_never_accepted():
    for cell in (2018.1, "2018.1"):
        for month_ok in (True, False):
            assert parse_date(cell, month_ok=month_ok) == Parsed("2018-01", doubt="month_or_ten")
    assert parse_date("2018.10", month_ok=True) == Parsed("2018-10")


@pytest.mark.parametrize(
    ("cell", "value", "doubt"),
    [
        *(("18-10-26", "2018-10-26", "two_digit_year"), ("18年3月7日", "2018-03-07", "two_digit_year")),
        *(("78-10-26", "1978-10-26", "two_digit_year"), ("181026", "2018-10-26", "two_digit_year")),
        *(
            ("2018", "2018", "year_only"),
            (2018, "2018", "year_only"),
            ("2018年", "2018", "year_only"),
            (2018.0, "2018", "year_only"),
        ),
        *(("10/26/2018", "2018-10-26", "day_month_order"), ("26/10/2018", "2018-10-26", "day_month_order")),
        *(("3/4/2018", "2018-03-04", "day_month_order"), ("10/26/18", "2018-10-26", "day_month_order")),
        *(
            ("二〇一八年十月", "2018-10", "month_only"),
            ("2018-3", "2018-03", "month_only"),
            (2018.11, "2018-11", "month_only"),
        ),
        *(
            (20181, "1955-04-02", "serial_or_month"),
            ("20181", "1955-04-02", "serial_or_month"),
            ("长期", None, "open_ended"),
        ),
        ("2018-10-25T16:00:00.000Z", "2018-10-26", "time_zone"),
        (datetime(2018, 10, 25, 16, 0, tzinfo=UTC), "2018-10-26", "time_zone"),
    ],
)
def test_a_day_in_doubt(cell, value, doubt):
    assert parse_date(cell) == Parsed(value, doubt=doubt)


@pytest.mark.parametrize(
    ("cell", "error"),
    [
        *(("2018-02-30", "date_impossible"), ("2018-13-01", "date_impossible"), ("2017年2月29日", "date_impossible")),
        *(("20180230", "date_impossible"), ("13/13/2018", "date_impossible"), ("2018-13", "date_impossible")),
        *(
            ("2918-10-26", "date_out_of_range"),
            ("1899-10-26", "date_out_of_range"),
            (date(2200, 1, 1), "date_out_of_range"),
        ),
        *(
            ("民国107年10月26日", "date_unreadable"),
            ("去年", "date_unreadable"),
            (True, "date_unreadable"),
            (5, "date_unreadable"),
        ),
        *(
            (-43101, "date_unreadable"),
            (99999, "date_unreadable"),
            ("1234567", "date_unreadable"),
            ("٢٠١٨-10-26", "date_unreadable"),
        ),
    ],
)
def test_what_is_no_day(cell, error):
    assert parse_date(cell) == Parsed(None, error=error)


def test_the_borders_of_a_column_belong_to_it():
    border = {"earliest": date(2018, 1, 1), "latest": date(2018, 12, 31)}
    assert parse_date("2018-01-01", **border).ok and parse_date("2018-12-31", **border).ok
    assert parse_date("2017-12-31", **border).error == parse_date("2019-01-01", **border).error == "date_out_of_range"
    assert parse_date("2019-01", month_ok=True, **border).error == "date_out_of_range"
    assert parse_date("长期", open_ok=True) == Parsed(None)
    # a year of two digits cannot mean a day that has not come yet
    assert parse_date("30-05-01", latest=date(2026, 11, 23)).value == "1930-05-01"


@given(DAYS, st.integers(1, 20_000))
def test_a_term_with_two_days(start, length):
    end = min(start + timedelta(length), date(2100, 12, 31))
    a, b = start.isoformat(), end.isoformat()
    dotted = f"{start.year}.{start.month}.{start.day}-{end.year}.{end.month}.{end.day}"
    expected = Parsed((a, None if b == "1970-01-01" else b))
    for cell in (
        f"{a}至{b}",
        f"{a}-{b}",
        f"{a} - {b}",
        f"{a}~{b}",
        f"{a}——{b}",
        f"自{a}起至{b}止",
        dotted,
        f"{a}到{b}",
        f"{a}～{b}",
    ):
        if end > start and b != "1970-01-01":
            assert parse_period(cell) == expected, cell


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2018年1月1日—长期", Parsed(("2018-01-01", None))),
        ("2018-01-01至", Parsed(("2018-01-01", None))),
        ("至2022-12-31", Parsed((None, "2022-12-31"))),
        ("长期", Parsed((None, None))),
        ("2018-01-01", Parsed(("2018-01-01", None), doubt="period_one_date")),
        ("2018年1月1日至12月31日", Parsed(("2018-01-01", "2018-12-31"), doubt="period_end_without_year")),
        ("2018-2022", Parsed(("2018", "2022"), doubt="year_only")),
        ("2018.2-2022.12", Parsed(("2018-02", "2022-12"), doubt="month_only")),
        ("2022-12-31至2018-01-01", Parsed(None, error="period_reversed")),
        ("2018-02-30至2019-01-01", Parsed(None, error="date_impossible")),
        ("五年", Parsed(None, error="period_unreadable")),
    ],
)
def test_a_term(cell, expected):
    assert parse_period(cell) == expected


@given(st.dates(date(1950, 1, 1), date(2080, 12, 31)), st.integers(-400, 400))
def test_months_later(day, months):
    # walk from first of month to first of month, then take the last day that exists up to the same number
    first = day.replace(day=1)
    for _ in range(abs(months)):
        first = (first + timedelta(31)).replace(day=1) if months > 0 else (first - timedelta(1)).replace(day=1)
    in_month = [first + timedelta(i) for i in range(31) if (first + timedelta(i)).month == first.month]
    assert add_months(day, months) == max(d for d in in_month if d.day <= day.day)


def test_the_handbooks_terms():
    assert add_years(date(2024, 2, 29), 1) == date(2025, 2, 28)
    assert add_years(date(2025, 2, 28), 1) == date(2026, 2, 28)
    assert add_years(date(2025, 3, 1), 1) == date(2026, 3, 1)
    assert add_months(date(2026, 1, 31), 3) == date(2026, 4, 30)
    assert add_months(date(2026, 1, 31), 6) == date(2026, 7, 31)


NEAR = st.none() | st.dates(date(2020, 1, 1), date(2020, 1, 12))


@given(NEAR, NEAR, NEAR, NEAR)
def test_half_open_stretches_overlap_when_they_share_a_day(a_from, a_to, b_from, b_to):
    days = [date(2019, 12, 1) + timedelta(i) for i in range(90)]
    a, b = (
        {day for day in days if (low is None or low <= day) and (high is None or day < high)}
        for low, high in ((a_from, a_to), (b_from, b_to))
    )
    assert half_open_overlaps(a_from, a_to, b_from, b_to) == bool(a & b)
