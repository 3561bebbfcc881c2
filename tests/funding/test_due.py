"""待办 of grants: who is told of what, by which day, and what is told to nobody."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from liaoyuan.core import registries
from liaoyuan.funding.actions import handing_in, rounds
from liaoyuan.funding.queries import due
from tests.core.factories import AT, user
from tests.funding import ground

pytestmark = pytest.mark.django_db
TODAY = ground.TODAY


def told(code, who, on=TODAY, limit=20):
    items, total = registries.due_sources[f"funding.{code}"].items(user=who, on=on, limit=limit)
    assert total >= len(items)
    return [(item.title, item.due_on, item.url) for item in items]


def test_a_returned_application_waits_for_its_body_until_it_is_handed_in_again(areas, round_, body, head, office):
    row = ground.submitted(ground.written(round_, body, head), head)
    other = ground.head(ground.body("滨湖区乙示例服务中心", street=areas["heli"]), "lingyijia")
    assert told("returned", head) == []
    day = TODAY + timedelta(days=5)
    handing_in.give_back(project=row, text="请补充需求数据。", due_on=day, by=office, at=AT)
    assert told("returned", head) == [("补正申报书“银发陪伴”", day, f"/funding/projects/{row.pk}/")]
    assert told("returned", ground.manager(body, "xiangmu")) == told("returned", head)
    assert told("returned", other) == told("returned", office) == []
    row.refresh_from_db()
    ground.submitted(row, head)
    assert told("returned", head) == []


def test_a_draft_is_told_of_in_the_last_seven_days(round_, body, head):
    row = ground.written(round_, body, head)
    last = round_.closes_on
    for before, many in ((8, 0), (7, 1), (0, 1), (-1, 0)):
        assert len(told("drafts", head, last - timedelta(days=before))) == many, before
    assert told("drafts", head, last) == [("申报书“银发陪伴”还没有提交", last, f"/funding/projects/{row.pk}/")]
    handing_in.withdraw(project=row, reason="", by=head, at=AT)
    assert told("drafts", head, last) == []


def test_figures_wait_for_a_second_person_only(areas, office):
    row = ground.planned(ground.programme(areas["district"], office), office)
    second = user("kezhang", ("registry_head", "area", "320211"))
    away = user("waiqu", ("registry_head", "area", "320213"))
    assert told("figures", second) == []
    rounds.propose_figures(round_=row, values={"gv.max_apply": 2}, reason="会议纪要", by=office, at=AT)
    assert told("figures", second) == [
        ("“2026 年公益创投”的本届参数待确认", row.opens_on, f"/funding/rounds/{row.pk}/")
    ]  # fmt: skip
    assert told("figures", office) == told("figures", away) == []
    rounds.confirm_figures(round_=row, by=second, at=AT)
    assert told("figures", second) == []


def test_applications_wait_for_eligibility_after_the_window(round_, body, head, office):
    ground.submitted(ground.written(round_, body, head), head)
    ground.written(round_, body, head, title="没有提交")
    assert told("eligibility", office, round_.closes_on) == []
    after = round_.closes_on + timedelta(days=1)
    there = f"/funding/rounds/{round_.pk}/eligibility/"
    assert told("eligibility", office, after) == [
        ("“2026 年公益创投”：1 个申报待资格审查", round_.eligible_by, there)
    ]  # fmt: skip
    assert told("eligibility", head, after) == []
    assert told("eligibility", user("waiqu", ("grants_office", "area", "320213")), after) == []


@pytest.mark.parametrize("limit", [0, 1, 20])
def test_each_source_asks_once(round_, body, head, office, limit):
    for number in range(3):
        ground.written(round_, body, head, title=f"项目{number}")
    for source in due.SOURCES:
        who = head if source.permission.startswith("funding.own") else office
        source.items(user=who, on=date(2026, 11, 14), limit=limit)
        with CaptureQueriesContext(connection) as asked:
            items, total = source.items(user=who, on=date(2026, 11, 14), limit=limit)
        assert len(asked) <= 1, source.code
        assert len(items) == min(limit, total)
