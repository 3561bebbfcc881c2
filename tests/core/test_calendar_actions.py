"""The working-day calendar: shipped days, a year's notice, single days."""

import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied

from liaoyuan.core.actions import calendar
from liaoyuan.core.models import AuditEvent, CalendarDay
from liaoyuan.core.queries import calendar as queries
from liaoyuan.kit.findings import Refused
from tests.core import factories

AT = datetime(2026, 10, 26, 2, tzinfo=UTC)
NOTICE = "2027-01-01 休 元旦\n\n2027-01-31 班 春节\n2027-02-05 休 春节\n"
SHIPPED = Path(calendar.__file__).parent.parent / "data" / "workdays.csv"


@pytest.fixture
def officer(db):
    factories.binhu()
    return factories.user("officer", ("registry_officer", "area", "320211"))


def test_the_shipped_days_are_what_the_notices_said(db):
    """Days known by heart from the State Council's notices, not from the file."""
    calendar.sync_calendar(at=AT)
    found = queries.workdays()
    assert found.years == set(range(2016, 2027))
    for day in ("2020-01-31", "2024-02-09", "2025-10-08", "2026-02-17", "2025-05-05"):
        expected = day == "2024-02-09"  # 除夕 of 2024 was a working day by the notice
        assert found.is_workday(date.fromisoformat(day)) == expected, day
    for day in ("2025-01-26", "2025-02-08", "2025-09-28", "2025-10-11", "2024-02-04"):
        assert found.is_workday(date.fromisoformat(day)), day
    assert found.is_workday(date(2027, 1, 1)) is None


def test_writing_the_release_again_changes_nothing(db):
    first = calendar.sync_calendar(at=AT)
    with SHIPPED.open(encoding="utf-8", newline="") as lines:
        assert first.written == len(list(csv.DictReader(lines))) == CalendarDay.objects.count()
    before = list(CalendarDay.objects.values_list())
    again = calendar.sync_calendar(at=AT)
    assert not again
    assert list(CalendarDay.objects.values_list()) == before
    assert AuditEvent.objects.filter(code="calendar.edited").count() == 1


def test_a_day_changed_here_survives_the_upgrade(officer):
    calendar.sync_calendar(at=AT)
    day = date(2026, 10, 1)
    calendar.edit_day(day=day, is_workday=True, label="本地安排", by=officer, at=AT)
    assert queries.workdays().is_workday(day)
    report = calendar.sync_calendar(at=AT)
    assert report.conflicts == ["2026-10-01"]
    assert "2026-10-01" in str(report)
    assert queries.workdays().label(day) == "本地安排"
    event = AuditEvent.objects.filter(code="calendar.edited").last()
    assert event.payload == {
        "day": "2026-10-01", "was": {"is_workday": False, "label": "国庆节"}, "is_workday": True, "label": "本地安排",
    }  # fmt: skip


def test_a_plain_weekday_can_be_changed_too(officer):
    calendar.sync_calendar(at=AT)
    day = date(2026, 10, 26)
    calendar.edit_day(day=day, is_workday=False, label="防台停工", by=officer, at=AT)
    assert queries.workdays().is_workday(day) is False
    with pytest.raises(Refused, match="没有改动"):
        calendar.edit_day(day=day, is_workday=False, label="防台停工", by=officer, at=AT)


def test_a_single_day_never_makes_a_year_known(officer):
    calendar.sync_calendar(at=AT)
    with pytest.raises(Refused, match="整年录入"):
        calendar.edit_day(day=date(2027, 1, 1), is_workday=False, label="元旦", by=officer, at=AT)
    assert queries.workdays().add_workdays(date(2026, 12, 31), 1).provisional


def test_a_notice_makes_the_year_known(officer):
    calendar.sync_calendar(at=AT)
    assert calendar.open_year(year=2027, notice=NOTICE, by=officer, at=AT) == 3
    found = queries.workdays()
    assert 2027 in found.years
    assert found.is_workday(date(2027, 1, 31))  # a Sunday
    assert not found.is_workday(date(2027, 2, 5))
    assert found.is_workday(date(2027, 2, 8))
    deadline = found.add_workdays(date(2026, 12, 31), 1)
    assert (deadline.date, deadline.provisional) == (date(2027, 1, 4), False)
    with pytest.raises(Refused, match="已有"):
        calendar.open_year(year=2027, notice=NOTICE, by=officer, at=AT)
    assert not calendar.sync_calendar(at=AT + timedelta(1))


@pytest.mark.parametrize(
    ("notice", "told"),
    [
        ("2027-01-01 休\n2027-13-01 休", "第 2 行"),
        ("2027-01-01 放假", "第 1 行"),
        ("2027-01-01", "第 1 行"),
        ("2026-12-31 休 元旦", "不在 2027 年"),
        ("2027-01-01 休\n2027-01-01 班", "写了两次"),
        ("", "至少有一天放假"),
        ("2027-01-31 班 春节", "至少有一天放假"),
    ],
)
def test_an_unreadable_notice_writes_nothing(officer, notice, told):
    with pytest.raises(Refused, match=told):
        calendar.open_year(year=2027, notice=notice, by=officer, at=AT)
    assert not CalendarDay.objects.exists()


def test_only_holders_of_the_right(db):
    factories.binhu()
    stranger = factories.user("street", ("street_office", "area", "320211001"))
    for call in (
        lambda: calendar.open_year(year=2027, notice=NOTICE, by=stranger, at=AT),
        lambda: calendar.edit_day(day=date(2026, 1, 1), is_workday=True, label="", by=stranger, at=AT),
    ):
        with pytest.raises(PermissionDenied):
            call()
