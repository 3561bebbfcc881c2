"""The record page: facts on any day as known at any moment, scope, masks, tabs, findings with their reason."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from liaoyuan.core.choices import Event as CoreEvent
from liaoyuan.core.models import AuditEvent
from liaoyuan.registry.actions import organizations
from liaoyuan.registry.models import Standing
from liaoyuan.registry.queries import record as queries
from tests.core.factories import user
from tests.registry import factories as make

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
LATER = make.AT + timedelta(days=30)


@pytest.fixture
def areas(db):
    return make.binhu()


@pytest.fixture
def officer(areas, client):
    who = make.officer()
    client.force_login(who, backend=BACKEND)
    return who


def page(client, made, **query):
    answer = client.get(reverse("registry:organization_detail", args=[made.pk]), query)
    assert answer.status_code == 200
    return answer.content.decode()


def fact(text: str, label: str) -> str:
    found = re.search(rf"<dt>{label}</dt><dd>(.*?)</dd>", text, re.S)
    assert found, label
    return re.sub(r"<[^>]+>", " ", found[1]).strip()


def test_doors_and_scope(areas, client):
    made = make.organization("甲示例中心", street=areas["heli"])
    url = reverse("registry:organization_detail", args=[made.pk])
    assert client.get(url).status_code == 302
    expected = {
        ("registry_officer", "area", "320211"): 200, ("registry_officer", "area", "320213"): 404,
        ("street_office", "area", "320211001"): 200, ("street_office", "area", "320211004"): 404,
        ("organization_head", "organization", str(made.pk)): 200,
        ("organization_head", "organization", "999999"): 404, ("finance", "area", "320211"): 403,
    }  # fmt: skip
    for number, (grant, status) in enumerate(expected.items()):
        client.force_login(user(f"u{number}", grant, is_demo=True), backend=BACKEND)
        assert client.get(url).status_code == status, grant
    client.force_login(user("nobody", is_demo=True), backend=BACKEND)
    assert client.get(url).status_code == 403


def test_the_head_of_a_body_comes_to_its_file(areas, client):
    made = make.organization("甲示例中心", street=areas["heli"])
    client.force_login(make.head_of(made), backend=BACKEND)
    answer = client.get(reverse("registry:organization_own"))
    assert answer["Location"] == reverse("registry:organization_detail", args=[made.pk])
    text = page(client, made)
    assert "变更" not in re.sub(r"<title>.*?</title>", "", text).split("<main")[1].split("大事记")[0]


def test_facts_of_today_of_a_past_day_and_as_known_then(areas, officer, client):
    made = make.organization("旧名示例中心", street=areas["heli"], legal_representative="张某")
    make.changed(made, date(2024, 3, 1), name="新名示例中心", at=LATER)
    make.changed(made, date(2026, 1, 1), legal_representative="李某", at=LATER)
    text = page(client, made)
    assert "<h1>新名示例中心</h1>" in text and "曾用名：旧名示例中心" in text
    assert fact(text, "法定代表人或负责人").split() == ["李某", "自", "2026-01-01"]
    text = page(client, made, as_of="2023-12-31")
    assert "<h1>旧名示例中心</h1>" in text and "以下是 2023年12月31日 的情况" in text and "曾用名" not in text
    assert fact(text, "法定代表人或负责人") == "张某"
    known = (make.AT + timedelta(days=1)).date().isoformat()
    text = page(client, made, known_at=known)
    assert "<h1>旧名示例中心</h1>" in text, "the change was recorded a month later"
    text = page(client, made, as_of="2010-01-01")
    assert "当时尚未成立" in text
    assert "到 2020-01-01 为止还没有录入这个组织" in page(client, made, known_at="2020-01-01")
    assert "不是明确的日期" in page(client, made, as_of="去年", known_at="18-1-2")


def test_precision_of_dates_is_kept(areas, officer, client):
    made = make.organization(
        "甲示例中心", street=areas["heli"], registered_on=date(2015, 5, 1), precision={"registered_on": "M"}
    )
    assert fact(page(client, made), "成立日期") == "2015-05"


def test_masked_values_are_shown_for_a_reason_and_logged(areas, officer, client):
    made = make.organization("甲示例中心", street=areas["heli"], phone="13800001234")
    url = reverse("registry:organization_reveal", args=[made.pk, "phone"])
    text = page(client, made)
    assert "138****1234" in text and "13800001234" not in text and url in text
    answer = client.post(url, {"reason": " "})
    assert "13800001234" not in answer.content.decode() and "请写明查看的事由" in answer.content.decode()
    assert not AuditEvent.objects.filter(code=CoreEvent.REVEALED).exists()
    answer = client.post(url, {"reason": "通知年检"})
    assert "13800001234" in answer.content.decode()
    event = AuditEvent.objects.get(code=CoreEvent.REVEALED)
    assert (event.subject_kind, event.subject_id) == ("organization", str(made.pk))
    assert event.payload["reason"] == "通知年检" and "13800001234" not in str(event.payload)
    assert client.get(url).status_code == 405
    assert (
        client.post(reverse("registry:organization_reveal", args=[made.pk, "name"]), {"reason": "看"}).status_code
        == 404
    )


def test_who_may_not_reveal_gets_no_button_and_403(areas, client):
    made = make.organization("甲示例中心", street=areas["heli"], phone="13800001234")
    url = reverse("registry:organization_reveal", args=[made.pk, "phone"])
    client.force_login(user("leader", ("leadership", "area", "320211"), is_demo=True), backend=BACKEND)
    assert url not in page(client, made)
    assert client.post(url, {"reason": "想看看"}).status_code == 403
    client.force_login(make.head_of(made), backend=BACKEND)
    assert "13800001234" in client.post(url, {"reason": "核对本单位电话"}).content.decode()
    client.force_login(user("far", ("registry_officer", "area", "320213"), is_demo=True), backend=BACKEND)
    assert client.post(url, {"reason": "想看看"}).status_code == 404


def test_every_tab_opens(areas, officer, client):
    made = make.organization("甲示例中心", street=areas["heli"], full_time=7)
    make.changed(made, date(2026, 2, 1), full_time=9, at=LATER)
    make.rating(made, "4A", date(2023, 6, 1), date(2028, 6, 2), evidence="滨民发〔2023〕9号")
    make.honour(made, "示例荣誉")
    make.credit(made, "abnormal", reason="未按规定报送年报")
    make.result(made, 2024, "basically")
    organizations.add_note(organization=made, text="已电话通知", kind="call", by=officer, at=LATER)
    assert "记事：已电话通知" in page(client, made)
    text = page(client, made, tab="history")
    runs = re.search(r"专职人数</th>(.*?)<th scope=\"row\"", text, re.S)[1]
    cells = [re.sub(r"<[^>]+>|\s", "", cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", runs, re.S)]
    assert cells[:3] == ["9", "2026-02-01", "现在"] and cells[4:7] == ["7", "2015-05-04", "2026-02-01"]
    text = page(client, made, tab="awards")
    assert "2028-06-01" in text and "滨民发〔2023〕9号" in text and "示例荣誉" in text
    text = page(client, made, tab="credit")
    assert "未按规定报送年报" in text and "基本合格" in text
    assert "大事记" in page(client, made, tab="nonsense", before="nonsense")


def test_history_remembers_when_a_value_was_first_recorded(areas):
    made = make.organization("甲示例中心", street=areas["heli"], full_time=7)
    make.changed(made, date(2026, 2, 1), legal_representative="李某", at=LATER)
    record = queries.read(made, date(2026, 10, 26))
    runs = dict(queries.history(record))["专职人数"]
    assert [(run.value, run.recorded_at) for run in runs] == [("7", make.AT)]
    assert Standing.objects.filter(organization=made, superseded_at__isnull=False).exists()


def test_findings_carry_statement_article_and_values(areas, officer, client):
    made = make.organization("甲示例中心", street=areas["heli"])
    make.rating(made, "4A", date(2019, 6, 1), date(2024, 6, 2))
    text = page(client, made, as_of="2024-05-01")
    assert "核查" in text and "RAT-03" in text and reverse("core:rule_detail", args=["RAT-03"]) in text
    assert "2024-06-01" in text
    assert "RAT-03" not in page(client, made, as_of="2020-05-01")


def test_predecessor_and_successor_are_linked_within_the_scope(areas, officer, client):
    filed = make.organization("丙示例队", "BA", street=areas["heli"], closed_on=date(2025, 1, 1))
    made = make.organization("丙示例中心", street=areas["heli"], predecessor=filed)
    assert "前身：" in page(client, made) and "后继：" in page(client, filed)
    hidden = make.organization("邻区示例队", "BA", street=areas["other_street"])
    child = make.organization("丁示例中心", street=areas["heli"], predecessor=hidden)
    assert "邻区示例队" not in page(client, child)


def test_a_filed_body_shows_no_empty_rows_of_registered_ones(areas, officer, client):
    text = page(client, make.organization("丙示例队", "BA", street=areas["heli"]))
    assert "业务主管单位" not in text and "备案号" in text


def test_known_at_uses_the_end_of_the_day(areas):
    made = make.organization("甲示例中心", street=areas["heli"])
    noon = datetime(2026, 11, 5, 4, tzinfo=UTC)
    make.changed(made, date(2026, 1, 1), full_time=3, at=noon)
    before = queries.read(made, date(2026, 11, 6), known_at=noon - timedelta(minutes=1))
    after = queries.read(made, date(2026, 11, 6), known_at=noon)
    assert (before.standing.full_time, after.standing.full_time) == (None, 3)
