"""Days and figures of running projects: months and their logs, what is overdue, how far a project is. No Django."""

from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from liaoyuan.funding.choices.running import MonthStanding, ReportState
from liaoyuan.kit.dates import add_months

_DAY = timedelta(1)
_WHOLE = 100


def first_of(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


def last_of(month: date) -> date:
    """The last day of the month."""
    return month.replace(day=monthrange(month.year, month.month)[1])


def months(first: date, last: date) -> Iterator[date]:
    """The first days of the months from one day to another, both counted."""
    month = first_of(first)
    while month <= last:
        yield month
        month = add_months(month, 1)


def month_due(month: date, due_day: int) -> date:
    """The day of the next month by which the log of a month is handed in; a short month ends earlier."""
    following = add_months(month, 1)
    return following.replace(day=max(1, min(due_day, last_of(following).day)))


def standing(month: date, due_on: date, state: str, on: date) -> MonthStanding:
    """What a month looks like on the day. `state` is that of its log, empty when none was handed in."""
    if state == MonthStanding.HANDED:
        return MonthStanding.HANDED
    if on > due_on:
        return MonthStanding.OVERDUE
    if state == MonthStanding.RETURNED:
        return MonthStanding.RETURNED
    return MonthStanding.RUNNING if on <= last_of(month) else MonthStanding.WAITING


def report_late(state: str, due_on: date | None, again_by: date | None, on: date) -> bool:
    """Whether a report is owed past its day. `state` is that of the last attempt, empty when there was none."""
    if state in (ReportState.HANDED, ReportState.PASSED, ReportState.FAILED):
        return False
    day = again_by or due_on
    return day is not None and on > day


def elapsed(first: date, last: date, on: date) -> int:
    """The whole percent of the days from `first` to `last`, both counted, that are over at the end of `on`."""
    days = (last - first).days + 1
    over = max(0, min(days, (on - first).days + 1))
    return over * _WHOLE // days if days > 0 else 0


def completion(pairs: Iterable[tuple[int, int]]) -> int | None:
    """The whole percent of (target, done) pairs together: each indicator counts the same, none more than whole.

    None without a target.
    """
    shares = [(min(done, target), target) for target, done in pairs if target > 0]
    if not shares:
        return None
    return sum(done * _WHOLE // target for done, target in shares) // len(shares)


def rate(done: int, target: int) -> int | None:
    """The whole percent of one indicator, not capped; None without a target."""
    return done * _WHOLE // target if target > 0 else None
