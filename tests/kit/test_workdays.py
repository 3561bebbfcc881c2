"""Working days against the holiday notice for 2025 (typed in here) and against plain counting."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaoyuan.kit.workdays import Calendar, Deadline


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(i) for i in range((last - first).days + 1)]


# 国办发明电〔2024〕12号: rest days and the weekend days worked instead
REST_2025 = [
    *((day, False, "元旦") for day in days(date(2025, 1, 1), date(2025, 1, 1))),
    *((day, False, "春节") for day in days(date(2025, 1, 28), date(2025, 2, 4))),
    *((day, False, "清明节") for day in days(date(2025, 4, 4), date(2025, 4, 6))),
    *((day, False, "劳动节") for day in days(date(2025, 5, 1), date(2025, 5, 5))),
    *((day, False, "端午节") for day in days(date(2025, 5, 31), date(2025, 6, 2))),
    *((day, False, "国庆节、中秋节") for day in days(date(2025, 10, 1), date(2025, 10, 8))),
]
SWAPS_2025 = [(date(2025, month, day), True, "调休") for month, day in ((1, 26), (2, 8), (4, 27), (9, 28), (10, 11))]
CALENDAR = Calendar([*REST_2025, *SWAPS_2025])


def test_holidays_and_swaps():
    assert CALENDAR.is_workday(date(2025, 10, 1)) is False
    assert CALENDAR.is_workday(date(2025, 9, 28)) is True  # a Sunday
    assert CALENDAR.is_workday(date(2025, 10, 12)) is False
    assert CALENDAR.is_workday(date(2025, 10, 13)) is True
    assert CALENDAR.is_workday(date(2026, 1, 5)) is None
    assert CALENDAR.label(date(2025, 1, 29)) == "春节" and CALENDAR.label(date(2025, 3, 3)) == ""
    assert CALENDAR.years == {2025}
    assert sum(CALENDAR.is_workday(day) for day in days(date(2025, 1, 1), date(2025, 12, 31))) == 248


@pytest.mark.parametrize(
    ("start", "n", "expected"),
    [
        (date(2025, 9, 26), 1, Deadline(date(2025, 9, 28), False)),
        (date(2025, 9, 30), 1, Deadline(date(2025, 10, 9), False)),
        (date(2025, 9, 30), 3, Deadline(date(2025, 10, 11), False)),
        (date(2025, 10, 3), 1, Deadline(date(2025, 10, 9), False)),
        (date(2025, 10, 9), -1, Deadline(date(2025, 9, 30), False)),
        (date(2025, 6, 15), 0, Deadline(date(2025, 6, 15), False)),
        (date(2025, 12, 31), 1, Deadline(date(2026, 1, 1), True)),
        (date(2025, 12, 30), 1, Deadline(date(2025, 12, 31), False)),
        (date(2025, 1, 2), -1, Deadline(date(2024, 12, 31), True)),
    ],
)
def test_deadlines(start, n, expected):
    assert CALENDAR.add_workdays(start, n) == expected


def test_a_term_that_ends_on_a_holiday_ends_on_the_next_working_day():
    assert CALENDAR.next_workday(date(2025, 10, 1)) == Deadline(date(2025, 10, 9), False)
    assert CALENDAR.next_workday(date(2025, 9, 28)) == Deadline(date(2025, 9, 28), False)
    assert CALENDAR.next_workday(date(2027, 1, 2)) == Deadline(date(2027, 1, 4), True)


@given(st.dates(date(2024, 6, 1), date(2026, 6, 1)), st.integers(-150, 150))
def test_deadlines_by_counting(start, n):
    rest, worked = {day for day, *_ in REST_2025}, {day for day, *_ in SWAPS_2025}
    span = days(date(2023, 1, 1), date(2027, 12, 31))
    working = [day for day in span if day in worked or (day.weekday() < 5 and day not in rest)]
    deadline = CALENDAR.add_workdays(start, n)
    if n > 0:
        assert deadline.date == [day for day in working if day > start][n - 1]
    elif n < 0:
        assert deadline.date == [day for day in working if day < start][n]
    counted = days(min(start, deadline.date), max(start, deadline.date))
    counted.remove(start)
    assert deadline.provisional == any(day.year != 2025 for day in counted)
    assert CALENDAR.workdays_between(start, deadline.date) == n


def test_known_years():
    assert CALENDAR.known(date(2025, 1, 1), date(2025, 12, 31))
    assert not CALENDAR.known(date(2025, 12, 1), date(2026, 1, 1))
