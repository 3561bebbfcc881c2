"""Service of volunteers: what a day holds already, totals of one volunteer."""

from collections.abc import Sequence
from datetime import date, time
from typing import Any

from django.db.models import Max, Sum

from liaoyuan.people.models import Person, VolunteerService


def day(person: Person, on: date, started: time | None, ended: time | None) -> tuple[int, bool]:
    """Minutes that the person served on the day, for whatever body, and whether the given time overlaps one of them."""
    rows = list(
        VolunteerService.objects.current().filter(person=person, on=on).values_list("minutes", "started", "ended")
    )
    overlapping = bool(started and ended) and any(a and b and a < ended and started < b for _m, a, b in rows)  # type: ignore[operator]
    return sum(minutes for minutes, _a, _b in rows), overlapping


def total(rows: Any) -> int:
    """Minutes of the rows."""
    return rows.aggregate(n=Sum("minutes"))["n"] or 0


def hours(minutes: int) -> str:
    """Minutes as hours, as people write them."""
    return f"{minutes / 60:.2f}".rstrip("0").rstrip(".")


def last_of(organizations: Sequence[int]) -> dict[int, date]:
    """The last day on which volunteers of these bodies served: a trace of activity (ORG-IDLE-01)."""
    rows = VolunteerService.objects.current().filter(organization__in=organizations)
    return dict(rows.order_by().values_list("organization").annotate(last=Max("on")))
