"""Pages of parameters and rules: who may open them, the edit by one and the confirmation by another."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from liaoyuan.core import policy, registries
from liaoyuan.core.actions import calendar, parameters
from liaoyuan.core.models import Parameter
from tests.core import factories

AT = datetime(2026, 10, 26, 2, tzinfo=UTC)
ON = date(2026, 10, 26)
LIST = "/policy/parameters/"
KEY = "/policy/parameters/filing.members_min/"
RULES = "/policy/rules/"


@pytest.fixture(autouse=True)
def now(monkeypatch):
    monkeypatch.setenv("LIAOYUAN_NOW", "2026-10-26T10:00:00+08:00")


@pytest.fixture
def people(db):
    factories.binhu()
    parameters.sync_shipped(at=AT)
    calendar.sync_calendar(at=AT)
    return {
        "officer": factories.user("officer", ("registry_officer", "area", "320211")),
        "head": factories.user("head", ("registry_head", "area", "320211")),
        "neighbour": factories.user("neighbour", ("registry_head", "area", "320213")),
        "street": factories.user("street", ("street_office", "area", "320211001")),
        "organization": factories.user("body", ("organization_head", "organization", "1")),
    }


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        (LIST, {"officer", "head", "neighbour"}),
        (KEY, {"officer", "head", "neighbour"}),
        (KEY + "edit/", {"officer"}),
        (RULES, {"officer", "head", "neighbour", "street", "organization"}),
        (RULES + "ORG-ID-02/", {"officer", "head", "neighbour", "street", "organization"}),
    ],
)
def test_who_may_open(client, people, address, allowed):
    assert client.get(address).status_code == 302
    for who, user in people.items():
        client.force_login(user)
        assert client.get(address).status_code == (200 if who in allowed else 403), who


@pytest.mark.parametrize("address", [LIST + "no.such/", LIST + "no.such/edit/", RULES + "NO-1/"])
def test_unknown_names_are_not_found(client, people, address):
    client.force_login(people["officer"])
    assert client.get(address).status_code == 404


def given(**changed):
    return {
        "jurisdiction": "320211", "valid_from": "2026年11月1日", "valid_to": "", "value": "8", "severity": "block",
        "source": "滨民发〔2026〕1号第三条", "note": "", **changed,
    }  # fmt: skip


def test_one_edits_another_confirms(client, people):
    client.force_login(people["officer"])
    address = client.get(KEY + "edit/")
    assert 'value="5"' in address.content.decode()
    answer = client.post(KEY + "edit/", given())
    assert (answer.status_code, answer.headers["Location"]) == (302, KEY)
    row = Parameter.objects.local().get()
    assert (row.value, row.status, row.edited_by) == (8, "draft", people["officer"])
    shown = client.get(KEY).content.decode()
    assert "待确认" in shown
    assert f"rows/{row.pk}/withdraw/" in shown
    assert f"rows/{row.pk}/confirm/" not in shown
    assert client.post(f"{LIST}rows/{row.pk}/confirm/").status_code == 403

    client.force_login(people["neighbour"])
    assert f"rows/{row.pk}/confirm/" not in client.get(KEY).content.decode()
    assert client.post(f"{LIST}rows/{row.pk}/confirm/").status_code == 403

    client.force_login(people["head"])
    assert f"rows/{row.pk}/confirm/" in client.get(KEY).content.decode()
    assert client.get(f"{LIST}rows/{row.pk}/confirm/").status_code == 405
    assert client.post(f"{LIST}rows/{row.pk}/confirm/").status_code == 302
    row.refresh_from_db()
    assert (row.status, row.confirmed_by) == ("confirmed", people["head"])
    assert policy.limits(date(2026, 11, 1), policy.chain("320211"))["filing.members_min"] == 8
    assert "这一行已确认" in client.post(f"{LIST}rows/{row.pk}/confirm/", follow=True).content.decode()


def test_only_a_rule_has_a_severity(client, people):
    client.force_login(people["officer"])
    assert 'name="severity"' not in client.get(KEY + "edit/").content.decode()
    rule = LIST + "ORG-ID-06/edit/"
    assert 'name="severity"' in client.get(rule).content.decode()
    answer = client.post(rule, given(value="on", severity="stop"))
    assert answer.status_code == 422
    assert "力度" in answer.content.decode()
    assert client.post(rule, given(value="on", severity="warn")).status_code == 302
    assert Parameter.objects.local().get().severity == "warn"


def test_a_draft_is_withdrawn(client, people):
    client.force_login(people["officer"])
    client.post(KEY + "edit/", given())
    row = Parameter.objects.local().get()
    assert client.post(f"{LIST}rows/{row.pk}/withdraw/").status_code == 302
    assert not Parameter.objects.in_force().local().exists()
    assert "已撤回" in client.get(KEY).content.decode()


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"value": "八"}, "不小于零的整数"),
        ({"value": "-8"}, "不小于零的整数"),
        ({"source": ""}, "依据"),
        ({"valid_from": "11月1日"}, "起"),
        ({"valid_to": "2026-10-31"}, "止日须晚于起日"),
        ({"jurisdiction": "320213"}, "适用范围"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(client, people, changed, told):
    client.force_login(people["officer"])
    answer = client.post(KEY + "edit/", given(**changed))
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert "error-summary" in answer.content.decode()
    assert not Parameter.objects.local().exists()


@pytest.mark.parametrize(
    ("key", "value", "stored"),
    [
        ("st.funds_local_fen", "5万元", 5_000_000),
        ("term.remind_days", "120，60", [120, 60]),
        ("name.forbidden_words", "第一、最高、国家级、世界", ["第一", "最高", "国家级", "世界"]),
        ("registrar.divisions", '{"320211": ["320206"]}', {"320211": ["320206"]}),
        ("ORG-ID-06", "off", False),
        ("filing.members_min", "", None),
        ("annual.supervisor_due", "04-30", "04-30"),
    ],
)
def test_each_shape_is_typed_its_own_way(client, people, key, value, stored):
    client.force_login(people["officer"])
    assert client.get(f"{LIST}{key}/edit/").status_code == 200
    answer = client.post(f"{LIST}{key}/edit/", given(value=value))
    assert answer.status_code == 302, answer.content.decode()
    assert Parameter.objects.local().get().value == stored
    assert client.get(f"{LIST}{key}/").status_code == 200


def test_every_parameter_and_rule_has_a_page(client, people):
    client.force_login(people["officer"])
    for key in {entry["key"] for entry in registries.parameters}:
        assert client.get(f"{LIST}{key}/").status_code == 200
        own = not key.startswith(("pb.", "PB-"))  # the register's officer drafts those of grants, too
        assert client.get(f"{LIST}{key}/edit/").status_code == (200 if own else 403)
    for code, spec in registries.rules.items():
        address = client.get(f"{RULES}{code}/").content.decode()
        assert spec.statement in address
        assert ("尚未提问" in address) == (spec.function is None)


def test_the_list_is_narrowed(client, people):
    client.force_login(people["officer"])

    def keys(query):
        table = client.get(LIST + query).content.decode()
        return {e["key"] for e in registries.parameters if f'/policy/parameters/{e["key"]}/"' in table}

    assert keys("?family=RAT&per=100") == {
        k
        for k in {e["key"] for e in registries.parameters}
        if k.startswith(("RAT", "rating.")) and not k.startswith("rating.round.")  # what a round copies is no rule's
    }
    assert keys("?status=draft&per=100") == {e["key"] for e in registries.parameters if e["status"] == "draft"}
    assert keys("?jurisdiction=3210") == {"filing.register_person", "filing.register_unit"}
    assert "filing.members_min" in keys("?q=最少成员")
    assert keys("?origin=local") == set()


def test_the_rule_page_shows_live_results(client, people):
    client.force_login(people["officer"])
    address = RULES + "FIL-01/"
    assert "与随版参数的结果不同" not in client.get(address).content.decode()
    made = parameters.edit(
        key="filing.members_min", jurisdiction="320211", valid_from=date(2020, 1, 1), value=4, severity="warn",
        source="滨民发〔2026〕1号", by=people["officer"], at=AT,
    )  # fmt: skip
    parameters.confirm(parameter=made, by=people["head"], at=AT)
    assert "与随版参数的结果不同" in client.get(address).content.decode()
    client.force_login(people["neighbour"])
    assert "滨民发〔2026〕1号" in client.get(address).content.decode()


@pytest.mark.parametrize("address", [LIST, KEY, KEY + "edit/", RULES, RULES + "ORG-ID-02/", "/policy/calendar/"])
def test_queries_do_not_grow_with_rows(client, people, address):
    client.force_login(people["officer"])
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(address)
    for number in range(6):
        parameters.edit(
            key="filing.members_min", jurisdiction="320211", valid_from=date(2026, 11, 1 + number), value=number,
            severity="warn", source="甲", by=people["officer"], at=AT,
        )  # fmt: skip
    client.get(address)
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(few)
    assert not any(q["sql"].startswith(("INSERT", "UPDATE", "DELETE")) for q in many if "session" not in q["sql"])
