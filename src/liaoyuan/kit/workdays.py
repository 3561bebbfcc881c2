"""Working days (工作日): Monday to Friday as changed by the State Council's holiday notice of each year (调休).

The notice for a year comes out in the autumn before it. A deadline that runs into a year without rows is computed
Monday to Friday and marked provisional; nothing is guessed silently.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

_DAY = timedelta(days=1)
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day of a term (it counts to 24:00); provisional when a day counted lies in a year without rows."""

    date: date
    provisional: bool


class Calendar:
    """Working days from rows (day, is it a working day, what it is called); a year is known once it has a row.

    Days of a known year without a row of their own follow Monday to Friday, so a table may hold the exceptions alone.
    """

    def __init__(self, rows: Iterable[tuple[date, bool, str]]) -> None:
        self._days = {day: (is_workday, label) for day, is_workday, label in rows}
        self._years = frozenset(day.year for day in self._days)

    @property
    def years(self) -> frozenset[int]:
        """The years that have rows."""
        return self._years

    def is_workday(self, day: date) -> bool | None:
        """Whether the day is a working day; ``None`` when its year is unknown."""
        return self._works(day) if day.year in self._years else None

    def label(self, day: date) -> str:
        """The name of the holiday or swap, empty when the day has none."""
        return self._days.get(day, (False, ""))[1]

    def known(self, first: date, last: date) -> bool:
        """Whether every year from ``first`` to ``last`` has rows."""
        return all(year in self._years for year in range(first.year, last.year + 1))

    def _works(self, day: date) -> bool:
        row = self._days.get(day)
        return row[0] if row else day.weekday() < _SATURDAY

    def add_workdays(self, start: date, n: int) -> Deadline:
        """The n-th working day after ``start``; counting begins the day after (negative: back, the day before)."""
        step, day, left, provisional = (_DAY if n >= 0 else -_DAY), start, abs(n), False
        while left:
            day += step
            provisional = provisional or day.year not in self._years
            left -= self._works(day)
        return Deadline(day, provisional)

    def next_workday(self, day: date) -> Deadline:
        """The day itself or the next working day: where a term that ends on a holiday ends (民法典 art 203)."""
        provisional = day.year not in self._years
        while not self._works(day):
            day += _DAY
            provisional = provisional or day.year not in self._years
        return Deadline(day, provisional)

    def workdays_between(self, first: date, last: date) -> int:
        """Working days after ``first`` up to and with ``last``; negative, counted back, when ``last`` is earlier.

        The inverse of `add_workdays`: ``workdays_between(a, add_workdays(a, n).date) == n``. Days of unknown years
        count Monday to Friday; ask `known` before showing the number as certain.
        """
        if last < first:
            return -sum(self._works(last + _DAY * i) for i in range((first - last).days))
        return sum(self._works(first + _DAY * i) for i in range(1, (last - first).days + 1))
