"""Pages of the working-day calendar."""

from datetime import UTC, date, datetime

import pytest

from liaoyuan.core.actions import calendar
from liaoyuan.core.models import CalendarDay
from liaoyuan.core.queries import calendar as queries
from tests.core import factories

AT = datetime(2026, 10, 26, 2, tzinfo=UTC)
PAGE = "/policy/calendar/"


@pytest.fixture(autouse=True)
def now(monkeypatch):
    monkeypatch.setenv("LIAOYUAN_NOW", "2026-10-26T10:00:00+08:00")


@pytest.fixture
def people(db):
    factories.binhu()
    calendar.sync_calendar(at=AT)
    return {
        "officer": factories.user("officer", ("registry_officer", "area", "320211")),
        "street": factories.user("street", ("street_office", "area", "320211001")),
    }


def test_who_may_open(client, people):
    assert client.get(PAGE).status_code == 302
    for who, edits in (("officer", 200), ("street", 403)):
        client.force_login(people[who])
        assert client.get(PAGE).status_code == 200
        assert client.get(PAGE + "2026-10-01/").status_code == edits
        assert client.get(PAGE + "2027/notice/").status_code == edits


def test_a_year_at_a_glance(client, people):
    client.force_login(people["street"])
    page = client.get(PAGE + "?year=2025").content.decode()
    # 365 days, 104 at week-ends, 28 days of rest out of which 5 worked week-ends and 9 fall on week-ends
    weekdays = sum(
        date.fromordinal(n).weekday() < 5 for n in range(date(2025, 1, 1).toordinal(), date(2026, 1, 1).toordinal())
    )
    worked = sum(row.is_workday for row in CalendarDay.objects.of_year(2025) if row.date.weekday() >= 5)
    rested = sum(not row.is_workday for row in CalendarDay.objects.of_year(2025) if row.date.weekday() < 5)
    assert f"全年工作日 {weekdays + worked - rested} 天" in page
    assert weekdays + worked - rested == 248  # 2025 had 248 working days by its notice
    assert PAGE + "2025-10-01/" not in page


def test_an_unknown_year_says_so_and_is_entered(client, people):
    client.force_login(people["officer"])
    page = client.get(PAGE + "?year=2027").content.decode()
    assert "尚未录入" in page
    assert PAGE + "2027/notice/" in page
    assert client.get(PAGE + "2027-01-01/").status_code == 404
    assert client.get(PAGE + "2026/notice/").status_code == 404
    wrong = client.post(PAGE + "2027/notice/", {"notice": "2027-01-01 放假"})
    assert wrong.status_code == 422
    assert "第 1 行" in wrong.content.decode()
    answer = client.post(PAGE + "2027/notice/", {"notice": "2027-01-01 休 元旦\r\n2027-01-31 班 春节"})
    assert (answer.status_code, answer.headers["Location"]) == (302, PAGE + "?year=2027")
    assert 2027 in queries.workdays().years
    assert "尚未录入" not in client.get(PAGE + "?year=2027").content.decode()


def test_a_day_is_changed(client, people):
    client.force_login(people["officer"])
    page = PAGE + "2026-10-26/"
    assert client.get(page).status_code == 200
    assert client.post(page, {"is_workday": "rest", "label": "防台停工"}).status_code == 302
    assert queries.workdays().is_workday(date(2026, 10, 26)) is False
    again = client.post(page, {"is_workday": "rest", "label": "防台停工"})
    assert again.status_code == 422
    assert "没有改动" in again.content.decode()


@pytest.mark.parametrize("address", ["?year=1800", "2026-13-01/", "2026-02-30/", "x/", "1999/notice/"])
def test_what_is_no_day_is_not_found(client, people, address):
    client.force_login(people["officer"])
    assert client.get(PAGE + address).status_code == 404
