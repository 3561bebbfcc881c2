"""How a round runs: the list with its filters and sheet, tabs, 待办 and 催办; statements do not grow with projects."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from liaoyuan.core import registries
from liaoyuan.funding.actions import months, reports
from liaoyuan.funding.models import Project
from liaoyuan.funding.queries import running
from liaoyuan.funding.rules import running as rules
from tests.core.factories import user
from tests.funding import granting, ground
from tests.house import ground_funding_moni as laying

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped")]
DAY = timedelta(1)


@pytest.fixture
def contract(desk, round_, proposed):
    return granting.running(desk, proposed)


@pytest.fixture
def project(contract):
    return granting.project(contract[0].project)


@pytest.fixture
def manager(body):
    return ground.manager(body, "xiangmu")


def waiting(code, who, on):
    items, total = registries.due_sources[f"funding.{code}"].items(user=who, on=on, limit=20)
    assert total == len(items)
    return [(item.title, item.due_on) for item in items]


@pytest.mark.parametrize(
    ("first", "last", "on", "percent"),
    [("2026-01-01", "2026-01-10", "2025-12-31", 0), ("2026-01-01", "2026-01-10", "2026-01-01", 10),
     ("2026-01-01", "2026-01-10", "2026-01-10", 100), ("2026-01-01", "2026-01-10", "2027-01-01", 100)],
)  # fmt: skip
def test_how_much_time_is_over(first, last, on, percent):
    assert rules.elapsed(*(date.fromisoformat(day) for day in (first, last, on))) == percent


@pytest.mark.parametrize(
    ("pairs", "percent"),
    [([], None), ([(0, 3)], None), ([(10, 5), (10, 20)], 75), ([(3, 1), (3, 1)], 33), ([(600, 12)], 2)],
)
def test_indicators_together_count_the_same_and_none_more_than_whole(pairs, percent):
    assert rules.completion(pairs) == percent


def test_the_list_filters_orders_and_goes_out_as_a_sheet(client, contract, project, round_, desk, manager, monkeypatch):
    row, at = contract
    target = project.indicators.get()
    granting.worked(project, manager, granting.day(at), at=at, counts={target.pk: 300})
    late = at + 60 * DAY
    monkeypatch.setenv("LIAOYUAN_NOW", late.isoformat())
    client.force_login(desk.officer)
    there = reverse("funding:round_running", args=[round_.pk])
    page = client.get(there).text
    assert "银发陪伴" in page and "50%" in page and "逾期" in page
    assert "银发陪伴" in client.get(there, {"late": "on", "order": "late"}).text
    assert "没有符合条件的项目" in client.get(there, {"state": "accepted"}).text
    granting.logged(desk, row, at=late)
    assert "没有符合条件的项目" in client.get(there, {"late": "on"}).text
    answer = client.get(reverse("funding:round_running_file", args=[round_.pk]))
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content)))["项目进展"]
    told = dict(zip([cell.value for cell in sheet[1]], [cell.value for cell in sheet[2]], strict=True))
    one = running.of(project, granting.day(late))
    assert (told["项目名称"], told["指标完成（%）"], told["协议金额（元）"]) == ("银发陪伴", 50, "100000.00")
    assert (told["工作记录"], told["已交月报"], told["应交月报"]) == (1, one.handed, len(one.months))
    client.force_login(manager)
    assert client.get(there).status_code == 403


def test_tabs_appear_when_a_project_runs(client, desk, round_, proposed, head):
    client.force_login(head)
    there = reverse("funding:project_detail", args=[proposed.pk])
    assert reverse("funding:project_running", args=[proposed.pk]) not in client.get(there).text
    Project.objects.filter(pk=proposed.pk).update(state="running")
    page = client.get(there).text
    assert reverse("funding:project_running", args=[proposed.pk]) in page
    assert reverse("funding:project_reports", args=[proposed.pk]) in page


def test_what_waits_for_the_body_and_for_the_office(contract, project, manager, desk, head, areas):
    row, at = contract
    first = rules.first_of(row.started_on)
    due = rules.month_due(first, 10)
    assert waiting("papers", manager, rules.last_of(first)) == []
    assert waiting("papers", manager, due) == [(f"“银发陪伴”{first:%Y-%m} 月报", due)]
    assert waiting("overdue", desk.officer, due) == []
    late = at + (due - granting.day(at)) + DAY
    assert waiting("overdue", desk.officer, due + DAY) == [(f"“{project.round.title}”：1 个项目有材料逾期", None)]
    reminder = registries.reminders["funding.overdue"]
    lines = reminder.owing(desk.officer, due + DAY, due - DAY, due + 60 * DAY)
    assert [(line.what, line.due_on) for line in lines] == [(f"银发陪伴 {first:%Y-%m} 月报", due)]
    months.hand_in(project=project, month=first, note="补交", by=manager, at=late)
    assert reminder.owing(desk.officer, due + DAY, due - DAY, due + 60 * DAY) == []
    mid = running.of(project, due).due["mid"]
    assert ("“银发陪伴”中期报告", mid) in waiting("papers", manager, mid - 30 * DAY)
    assert ("“银发陪伴”中期报告", mid) not in waiting("papers", manager, mid - 31 * DAY)
    other = ground.manager(ground.body("滨湖区乙示例服务中心", street=areas["heli"]), "bieren")
    assert waiting("papers", other, mid) == []


def test_a_report_waits_for_the_evaluator_until_it_is_signed(contract, project, manager, desk):
    _row, at = contract
    evaluator = user("pinggu", ("evaluator", "area", "320211"))
    told = {"changes": "有", "problems": "有", "ahead": "有"}
    reports.write(project=project, kind="mid", values=told, by=manager, at=at)
    assert waiting("sheets", evaluator, granting.day(at)) == []
    reports.hand_in(project=project, kind="mid", by=manager, at=at)
    assert waiting("sheets", evaluator, granting.day(at)) == [("“银发陪伴”中期报告", None)]
    assert waiting("sheets", desk.host, granting.day(at)) == []


def test_statements_do_not_grow_with_projects(round_, body, areas):
    def asked():
        rows = list(Project.objects.filter(round=round_).select_related("round__programme__area"))
        with CaptureQueriesContext(connection) as told:
            running.standings(rows, ground.TODAY)
        return len(told)

    for number in range(2):
        laying.rows(laying.project(round_, body, f"演示{number}", f"甲{number}"), round_, 1)
    few = asked()
    for number in range(6):
        laying.rows(laying.project(round_, body, f"演示多{number}", f"乙{number}"), round_, 1)
    assert asked() == few <= 8
