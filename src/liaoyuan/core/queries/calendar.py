"""Reading the working-day calendar."""

from datetime import date
from typing import Any

from django.db.models import Count, Max, Q

from liaoyuan.core.models import CalendarDay
from liaoyuan.kit.workdays import Calendar

_kept: tuple[tuple[Any, ...], Calendar] | None = None


def workdays() -> Calendar:
    """The whole calendar; read again only after a change of the table, which one short query notices."""
    global _kept  # noqa: PLW0603 - one remembered state per process
    stamp = tuple(
        CalendarDay.objects.aggregate(
            rows=Count("pk"), last=Max("pk"), edited=Max("edited_at"), work=Count("pk", filter=Q(is_workday=True))
        ).values()
    )
    if _kept is None or _kept[0] != stamp:
        _kept = (stamp, Calendar(CalendarDay.objects.values_list("date", "is_workday", "label")))
    return _kept[1]


def forget() -> None:
    """Drop what this process remembers of the table; a change of the table is noticed without it."""
    global _kept  # noqa: PLW0603 - one remembered state per process
    _kept = None


def years() -> list[int]:
    """The years that have rows, earliest first."""
    return sorted(day.year for day in CalendarDay.objects.dates("date", "year"))


def days_of(year: int) -> dict[date, CalendarDay]:
    """The rows of one year by day; empty when the year is unknown."""
    return {row.date: row for row in CalendarDay.objects.of_year(year).select_related("edited_by")}
