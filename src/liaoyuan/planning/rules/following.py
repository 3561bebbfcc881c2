"""Quarters of the calendar, and what is late: an application that nobody has moved for a quarter."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from liaoyuan.kit.dates import add_months

#: Months of a quarter; an application without a step for longer is late.
QUARTER = 3


@dataclass(frozen=True, slots=True)
class Quarter:
    """One quarter of the calendar with its first and last day."""

    year: int
    number: int
    first: date
    last: date

    def holds(self, on: date | None) -> bool:
        """Whether a day lies in it."""
        return on is not None and self.first <= on <= self.last


def quarter_of(on: date) -> Quarter:
    """The quarter in which a day lies."""
    number = (on.month - 1) // QUARTER + 1
    first = date(on.year, QUARTER * (number - 1) + 1, 1)
    return Quarter(on.year, number, first, add_months(first, QUARTER) - timedelta(days=1))


def quarters(first: date, last: date) -> Iterator[Quarter]:
    """The quarters from that of one day to that of another, the earliest first; none when `last` is before `first`."""
    now = quarter_of(first)
    while first <= last and now.first <= last:
        yield now
        now = quarter_of(now.last + timedelta(days=1))


def is_late(moved: date, on: date) -> bool:
    """Whether more than a quarter has gone since the last step."""
    return on > add_months(moved, QUARTER)
