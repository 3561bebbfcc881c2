"""The working-day calendar is written here: shipped days by an upgrade, a year's notice and single days by officers."""

import csv
from dataclasses import dataclass, field
from datetime import date, datetime
from importlib import resources

from django.db import transaction

from liaoyuan.core import access, events, locks
from liaoyuan.core.access import Actor
from liaoyuan.core.choices import Event, ParameterOrigin, Permission
from liaoyuan.core.models import CalendarDay, User
from liaoyuan.core.queries import calendar as queries
from liaoyuan.core.rules.parameters import notice_lines, refusal
from liaoyuan.kit.findings import Refused


def _person(by: Actor) -> User | None:
    return by if isinstance(by, User) else None


@transaction.atomic
def open_year(*, year: int, notice: str, by: Actor, at: datetime) -> int:
    """Enter the whole holiday notice of a year that is unknown; returns how many days it names.

    A year is known once it has rows, so it is entered at once or not at all: a few of its days would make deadlines
    look certain that are not.
    """
    access.require(by, Permission.CALENDAR_EDIT)
    locks.one_at_a_time("calendar")
    if CalendarDay.objects.of_year(year).exists():
        raise Refused([refusal("CALENDAR", "known", "notice", year=year)])
    days, found = notice_lines(notice, year)
    if found:
        raise Refused(found)
    CalendarDay.objects.bulk_create(
        CalendarDay(
            date=day, is_workday=works, label=label, origin=ParameterOrigin.LOCAL, edited_at=at, edited_by=_person(by)
        )
        for day, works, label in days
    )
    events.record(
        Event.CALENDAR_EDITED, ("calendar", str(year), f"{year}年"), by=by, at=at,
        payload={"days": [[day.isoformat(), works, label] for day, works, label in days]},
    )  # fmt: skip
    return len(days)


@transaction.atomic
def edit_day(*, day: date, is_workday: bool, label: str, by: Actor, at: datetime) -> CalendarDay:
    """Change one day of a known year. Upgrades leave the day alone from then on."""
    access.require(by, Permission.CALENDAR_EDIT)
    locks.one_at_a_time("calendar")
    if not CalendarDay.objects.of_year(day.year).exists():
        raise Refused([refusal("CALENDAR", "year", "date", year=day.year)])
    label = label.strip()
    before = queries.workdays()
    was = {"is_workday": before.is_workday(day), "label": before.label(day)}
    if was == {"is_workday": is_workday, "label": label}:
        raise Refused([refusal("CALENDAR", "same", "is_workday")])
    row, _ = CalendarDay.objects.update_or_create(
        date=day,
        defaults={
            "is_workday": is_workday, "label": label, "origin": ParameterOrigin.LOCAL, "edited_at": at,
            "edited_by": _person(by),
        },
    )  # fmt: skip
    events.record(
        Event.CALENDAR_EDITED, ("calendar", str(day.year), f"{day.year}年"), by=by, at=at,
        payload={"day": day.isoformat(), "was": was, "is_workday": is_workday, "label": label},
    )  # fmt: skip
    return row


@dataclass(slots=True)
class ShippedDays:
    """What an upgrade did to the calendar; false when nothing changed and nothing is in conflict."""

    written: int = 0
    removed: int = 0
    conflicts: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.written or self.removed or self.conflicts)

    def __str__(self) -> str:
        told = f"写入 {self.written} 天，删去 {self.removed} 天。"
        if self.conflicts:
            told += f"本地改过的日子与随版日历不同，请核对：{'、'.join(self.conflicts)}。"
        return told


def shipped_days() -> dict[date, tuple[bool, str]]:
    """The release's own days: whether one works, and what they are called."""
    file = resources.files("liaoyuan.core") / "data" / "workdays.csv"
    with file.open("r", encoding="utf-8") as lines:
        return {
            date.fromisoformat(row["date"]): (row["is_workday"] == "1", row["label"]) for row in csv.DictReader(lines)
        }


@transaction.atomic
def sync_calendar(*, at: datetime) -> ShippedDays:
    """Bring the shipped days to this release; days that an office wrote stay. Running it again changes nothing."""
    locks.one_at_a_time("calendar")
    wanted = shipped_days()
    present = {row.date: row for row in CalendarDay.objects.all()}
    report = ShippedDays()
    stale, fresh = [], []
    for day, (works, label) in wanted.items():
        row = present.get(day)
        if row is not None and row.origin == ParameterOrigin.LOCAL:
            if row.is_workday != works:
                report.conflicts.append(day.isoformat())
            continue
        if row is not None and (row.is_workday, row.label) == (works, label):
            continue
        if row is not None:
            stale.append(row.pk)
        fresh.append(CalendarDay(date=day, is_workday=works, label=label))
    gone = [row.pk for day, row in present.items() if day not in wanted and row.origin == ParameterOrigin.SHIPPED]
    report.written, report.removed = len(fresh), len(gone)
    CalendarDay.objects.filter(pk__in=[*stale, *gone]).delete()
    CalendarDay.objects.bulk_create(fresh)
    if fresh or gone:
        events.record(
            Event.CALENDAR_EDITED, ("calendar", "shipped", "随版日历"), by=None, at=at,
            payload={"written": report.written, "removed": report.removed, "conflicts": report.conflicts},
        )  # fmt: skip
    return report
