"""Published conclusions of annual reports: only on the days of the publicity, only what everybody may read."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from liaoyuan.core.actions import calendar as calendar_actions
from liaoyuan.core.actions import parameters
from liaoyuan.registry.actions import annual, annual_late, annual_reports
from liaoyuan.registry.models import AnnualReport, Organization, Standing
from tests.portal.conftest import PLANTED
from tests.registry import factories as make
from tests.registry.test_annual_rounds import AT, opened

pytestmark = pytest.mark.django_db
BY = make.OPERATOR
#: 2026-06-16 is a Tuesday; five working days over the Dragon Boat holiday (6-19 to 6-21) end on 2026-06-24.
FIRST, LAST = date(2026, 6, 16), date(2026, 6, 24)
DECIDED = datetime(2026, 6, 8, 2, tzinfo=UTC)
RESULTS = {
    "甲中心": "qualified",
    "乙协会": "basically",
    "丙服务社": "unqualified",
    "丁俱乐部": "missed",
    "戊学会": "exempt",
}


@pytest.fixture
def today(monkeypatch):
    """Move the clock."""

    def move(day: date) -> None:
        monkeypatch.setenv("LIAOYUAN_NOW", f"{day}T10:00:00")

    return move


@pytest.fixture
def round_(today):
    """A round of five bodies, one per conclusion, published on 16 June; private values in every column."""
    areas = make.binhu()
    calendar_actions.sync_calendar(at=AT)
    parameters.sync_shipped(at=AT)
    for name in RESULTS:
        make.organization(name, "MF", **PLANTED)
    made = opened(areas, notice="滨民〔2026〕1号")
    conclude(made)
    today(FIRST)
    return annual.publish(round_=made, begins_on=FIRST, by=BY, at=datetime(2026, 6, 15, 2, tzinfo=UTC))


def conclude(made) -> None:
    """Every report gets its conclusion, past the steps before it."""
    for report in AnnualReport.objects.filter(round=made):
        name = Standing.objects.get(organization=report.organization_id, superseded_at=None).name
        result = RESULTS.get(name, "qualified")
        if result in ("missed", "exempt"):
            annual_reports.conclude(report=report, result=result, on=DECIDED.date(), note="内部说明", by=BY, at=DECIDED)
            continue
        AnnualReport.objects.filter(pk=report.pk).update(
            state="concluded", result=result, filed_on=date(2026, 5, 4), filed_at=DECIDED, examined_at=DECIDED,
            supervised=False, concluded_on=DECIDED.date(), concluded_at=DECIDED, result_note="内部说明",
        )  # fmt: skip


def text(path: str, status: int = 200) -> str:
    answer = Client().get(path)
    assert answer.status_code == status, path
    assert status == 404 or not answer.cookies
    return answer.content.decode()


def rows(html: str) -> dict[str, str]:
    """Name → conclusion of the table."""
    told = re.findall(r'table-cards__title"><a href="[^"]*">([^<]*)</a>.*?data-label="结论">(.*?)</td>', html, re.S)
    return {name: re.sub(r"<[^>]*>", "", cell).strip() for name, cell in told}


@pytest.mark.parametrize(("day", "stands"), [
    (FIRST - timedelta(1), False), (FIRST, True), (LAST, True), (LAST + timedelta(1), False),
])  # fmt: skip
def test_only_on_the_days_of_the_publicity(round_, today, day, stands):
    assert (round_.publicity_from, round_.publicity_to) == (FIRST, LAST)
    today(day)
    text(f"/notices/annual/{round_.pk}/", 200 if stands else 404)
    html = text("/notices/")
    assert (f'href="/notices/annual/{round_.pk}/"' in html) == stands
    assert ("现在没有公示" in html) != stands


def test_what_was_never_published_stands_nowhere(round_, today):
    make.organization("己", "MF")
    other = opened(make.binhu(), 2024)
    text(f"/notices/annual/{other.pk}/", 404)
    text("/notices/annual/99999/", 404)
    assert text("/notices/").count("/notices/annual/") == 1


def test_names_and_conclusions_and_nothing_of_persons(round_):
    html = text(f"/notices/annual/{round_.pk}/")
    words = {
        "qualified": "合格",
        "basically": "基本合格",
        "unqualified": "不合格",
        "missed": "未参加",
        "exempt": "免检",
    }
    assert rows(html) == {name: words[result] for name, result in RESULTS.items()}
    assert "滨湖区2025年度年检年报结论" in html and "滨民〔2026〕1号" in html
    for value in (*PLANTED.values(), "内部说明"):
        assert value not in html
    assert "noindex" in html


def test_looking_for_one_and_for_one_conclusion(round_):
    at = f"/notices/annual/{round_.pk}/"
    code = Organization.objects.get(standings__name="乙协会").code
    for query, expected in (
        ("q=服务", {"丙服务社"}), (f"q={code[4:]}", {"乙协会"}), ("result=missed", {"丁俱乐部"}),
        ("q=甲&result=qualified", {"甲中心"}), ("result=none", set(RESULTS)),
    ):  # fmt: skip
        assert set(rows(text(f"{at}?{query}"))) == expected, query
    html = text(f"{at}?q=甲&result=missed")
    assert rows(html) == {} and "没有找到这样的组织" in html


def test_a_late_report_is_told_once_it_has_a_conclusion(round_, today):
    missed = AnnualReport.objects.get(round=round_, result="missed")
    at = datetime(2026, 6, 17, 2, tzinfo=UTC)
    late = annual_late.open_late(report=missed, due_on=date(2026, 7, 17), note="内部说明", by=BY, at=at)
    path = f"/notices/annual/{round_.pk}/"
    assert "补报，" not in text(path) and "正在收补报" not in text(path)
    AnnualReport.objects.filter(pk=late.pk).update(
        state="concluded", result="qualified", filed_on=at.date(), filed_at=at, examined_at=at, supervised=False,
        concluded_on=at.date(), concluded_at=at,
    )  # fmt: skip
    html = text(path)
    assert rows(html)["丁俱乐部"] == "未参加" and html.count("2026-06-17 补报，合格") == 1
    assert len(rows(html)) == len(RESULTS)


def test_many_stand_on_pages_and_ask_as_many_statements(today):
    areas = make.binhu()
    calendar_actions.sync_calendar(at=AT)
    parameters.sync_shipped(at=AT)
    for number in range(3):
        make.organization(f"示例{number:02}", "MF")
    first = opened(areas)
    conclude(first)
    annual.publish(round_=first, begins_on=FIRST, by=BY, at=DECIDED)
    today(FIRST)

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as told:
            text(f"/notices/annual/{first.pk}/")
        return len(told)

    asked()
    few = asked()
    for number in range(3, 45):
        make.organization(f"示例{number:02}", "MF")
    annual.top_up(round_=first, by=BY, at=DECIDED)
    conclude(first)
    assert asked() == few
    names = []
    for page in (1, 2, 3):
        names += rows(text(f"/notices/annual/{first.pk}/?page={page}"))
    assert names == [f"示例{number:02}" for number in range(45)]
