"""Who may come in: tokens made, used, narrowed, expired, revoked; refusals in JSON with a sentence."""

import json
import logging
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db.utils import OperationalError
from django.test import Client

from liaoyuan.api.actions import tokens
from liaoyuan.api.models import ApiToken
from liaoyuan.api.params import TOKENS_HELD
from liaoyuan.core import access
from liaoyuan.core.access import Operator
from liaoyuan.core.models import AuditEvent
from liaoyuan.kit.findings import Refused
from liaoyuan.registry.choices import Permission as Registry
from tests.api.conftest import AT, Caller, token_of
from tests.core.factories import user
from tests.registry import factories

pytestmark = pytest.mark.django_db


def make(by, **wished):
    asked = {"name": "每日同步", "permissions": [Registry.VIEW], "days": 30, **wished}
    return tokens.create(**asked, by=by, at=AT)


def refused(call, *args, **kwargs) -> set[str]:
    with pytest.raises(Refused) as told:
        call(*args, **kwargs)
    return {finding.field for finding in told.value.findings}


def test_only_the_hash_is_kept(ground):
    row, shown = make(ground.officer)
    assert shown.startswith("lyt_") and len(shown) >= 47
    assert shown not in str(vars(row)) and shown[8:] not in str([e.payload for e in AuditEvent.objects.all()])
    assert row.expires_at == AT + timedelta(days=30)
    event = AuditEvent.objects.get(code="api_token.created")
    assert event.actor == ground.officer and event.payload["permissions"] == ["registry.view"]
    assert Caller(shown).get("/me") == {
        "user": "officer", "token": "每日同步", "permissions": ["registry.view"],
        "expires_at": "2026-11-25T02:00:00Z", "today": "2026-10-26",
    }  # fmt: skip


def test_what_may_be_wished(ground):
    assert refused(make, ground.officer, name=" ") == {"name"}
    assert refused(make, ground.officer, name="长" * 41) == {"name"}
    assert refused(make, ground.officer, permissions=[]) == {"permissions"}
    assert refused(make, ground.officer, permissions=["core.invite"]) == {"permissions"}
    assert refused(make, ground.officer, permissions=["registry.own.view"]) == {"permissions"}
    assert refused(make, ground.officer, days=0) == refused(make, ground.officer, days=367) == {"days"}
    make(ground.officer, days=366)
    for _number in range(TOKENS_HELD - 1):
        make(ground.officer)
    assert refused(make, ground.officer) == {""}


def test_who_may_not_hold_one(ground):
    for by in (factories.officer("leader", role="leadership"), user("nobody", is_demo=True), Operator("root")):
        with pytest.raises(PermissionDenied):
            make(by)


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer lyt_wrong", "Basic bHl0Og==", "Bearer 令牌",
                                    "Bearer " + "a" * 5000, "lyt_x", "Bearer \x00"])  # fmt: skip
def test_without_a_token_nothing_opens(ground, header):
    for path in ("/me", "/organizations", f"/organizations/{ground.inside.pk}", "/imports"):
        answer = Client().get(f"/api/v1{path}", headers={"Authorization": header} if header else {})
        told = json.loads(answer.content)
        assert answer.status_code == 401 and told["code"] == "unauthorized" and "令牌" in told["message"]
        assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_session_is_no_token(ground):
    client = Client(enforce_csrf_checks=True)
    client.force_login(ground.officer)
    assert client.get("/api/v1/organizations").status_code == 401
    for method, path in (
        ("post", "/api/v1/imports"),
        ("post", "/api/v1/imports/1/apply"),
        ("delete", "/api/v1/imports/1"),
    ):
        assert getattr(client, method)(path).status_code == 401


def test_expired_revoked_and_closed(ground, monkeypatch):
    row, shown = make(ground.officer, days=1)
    program = Caller(shown)
    program.get("/me")
    monkeypatch.setenv("LIAOYUAN_NOW", "2026-10-27T09:59:59")
    program.get("/me")
    monkeypatch.setenv("LIAOYUAN_NOW", "2026-10-27T10:00:00")
    program.get("/me", 401)
    monkeypatch.setenv("LIAOYUAN_NOW", "2026-10-26T12:00:00")
    tokens.revoke(token=row, by=ground.officer, at=AT)
    program.get("/me", 401)
    assert refused(tokens.revoke, token=row, by=ground.officer, at=AT) == {""}
    program = Caller(token_of(ground.street))
    program.get("/me")
    type(ground.street).objects.filter(pk=ground.street.pk).update(is_active=False)
    program.get("/me", 401)


def test_who_may_revoke(ground):
    row, shown = make(ground.officer)
    with pytest.raises(PermissionDenied):
        tokens.revoke(token=row, by=ground.street, at=AT)
    guard = user("guard", ("security_administrator", "all", ""), office="security", is_demo=True)
    tokens.revoke(token=row, by=guard, at=AT)
    Caller(shown).get("/me", 401)
    event = AuditEvent.objects.get(code="api_token.revoked")
    assert event.actor == guard and event.payload == {"user": "officer"}


def test_a_token_opens_no_more_than_it_carries(ground):
    program = Caller(make(ground.officer)[1])
    assert program.get("/organizations")["total"] == 3
    for path in ("/statistics/registry", "/imports", "/imports/1"):
        assert program.get(path, 403)["code"] == "forbidden"
    counting = Caller(token_of(ground.officer, Registry.STATS))
    assert counting.get("/statistics/registry")["total"] == 3
    for path in ("/organizations", f"/organizations/{ground.inside.pk}", "/search?q=甲"):
        counting.get(path, 403)


def test_a_token_opens_no_more_than_its_owner_still_may(ground):
    from datetime import date

    from liaoyuan.core.models import Grant

    program = Caller(token_of(ground.officer))
    Grant.objects.filter(user=ground.officer).update(scope_id="320211004")
    assert [i["name"] for i in program.get("/organizations")["items"]] == ["丙邻科普协会"]
    Grant.objects.filter(user=ground.officer).update(role="leadership")
    program.get("/organizations", 403)
    Grant.objects.filter(user=ground.officer).update(role="registry_officer", valid_to=date(2026, 1, 1))
    program.get("/me", 403)


def test_refusals_speak(officer):
    told = officer.get("/organizations?as_of=2026-1-1&per=0&kind=XX&page=x&since=2026-02-30&is_charity=ja&sort=id", 422)
    assert told["code"] == "invalid" and told["status"] == 422
    assert {f["field"]: f["message"] for f in told["fields"]} == {
        "as_of": "请写成 2026-10-26 的样子。", "per": "不能小于 1。", "kind": "只能是其中之一：ST、MF、JJ、BA、NB。",
        "page": "应为整数。", "since": "没有这一天。", "is_charity": "只能是 true 或 false。", "sort": "填写不正确。",
    }  # fmt: skip
    assert officer.get("/organizations?q=%00", 422)["fields"][0]["field"] == "q"
    assert officer.get("/search", 422)["fields"] == [{"field": "q", "message": "必须填写。"}]
    assert officer.get("/organizations?street=没有街道", 422)["fields"][0]["field"] == "street"
    answer = officer.send("put", "/organizations")
    assert answer.status_code == 405 and answer["Allow"] == "GET"
    assert json.loads(answer.content)["message"] == "这个地址不接受这种请求方法。"


@pytest.mark.parametrize("key", ["0", "-1", "x", "9223372036854775808", "9" * 5000, "1.5", "%00", "..", "１"])
def test_hostile_keys(officer, key):
    for path in (f"/organizations/{key}", f"/imports/{key}", f"/imports/{key}/lines"):
        assert officer.send("get", path).status_code in (404, 422), path


@pytest.mark.parametrize(
    "text", ["%", "_", "\\", "'", '"', "';--", "<script>", "\u202e", "😀", "a" * 100, " ", "NEAR(", "*", "\t"]
)
def test_hostile_texts(officer, text):
    for name in ("q", "area", "street", "community"):
        assert officer.client.get("/api/v1/organizations", {name: text}, headers={
            "Authorization": f"Bearer {officer.token}"}).status_code in (200, 422)  # fmt: skip
    answer = officer.client.get("/api/v1/search", {"q": text}, headers={"Authorization": f"Bearer {officer.token}"})
    assert answer.status_code in (200, 422)


def test_an_unforeseen_failure_tells_no_traceback(officer, monkeypatch, caplog):
    def broken(*args, **kwargs):
        raise RuntimeError("secret detail")

    monkeypatch.setattr("liaoyuan.api.queries.organizations.line", broken)
    with caplog.at_level(logging.ERROR):
        told = officer.get("/organizations", 500)
    assert told["code"] == "server_error" and "secret" not in json.dumps(told)
    assert "secret detail" in caplog.text


def test_a_writer_whose_turn_did_not_come_is_asked_to_try_again(officer, monkeypatch):
    def late(*args, **kwargs):
        raise OperationalError("database is locked")

    monkeypatch.setattr("liaoyuan.api.queries.organizations.line", late)
    told = officer.get("/organizations", 503)
    assert told["code"] == "busy" and "没有保存" in told["message"]


def test_the_page_shows_a_token_once(ground):
    client = Client()
    client.force_login(ground.officer)
    assert "还没有令牌" in client.get("/account/tokens/").content.decode()
    asked = {"name": "数据平台", "permissions": ["registry.view", "registry.stats"], "days": "90"}
    html = client.post("/account/tokens/", asked).content.decode()
    row = ApiToken.objects.get()
    shown = html.split("<code>lyt_")[1].split("</code>")[0]
    assert Caller(f"lyt_{shown}").get("/me")["permissions"] == ["registry.stats", "registry.view"]
    assert shown not in client.get("/account/tokens/").content.decode()
    assert client.post("/account/tokens/", {**asked, "days": "0"}).status_code == 422
    assert client.post("/account/tokens/", {**asked, "permissions": ["core.invite"]}).status_code == 422
    assert "收回令牌" in client.get(f"/account/tokens/{row.pk}/revoke/").content.decode()
    assert ApiToken.objects.get().revoked_at is None
    client.post(f"/account/tokens/{row.pk}/revoke/")
    assert ApiToken.objects.get().revoked_by == ground.officer
    assert client.post(f"/account/tokens/{row.pk}/revoke/").status_code == 302


def test_the_pages_ask_who_one_is(ground):
    row, _shown = make(ground.officer)
    other = Client()
    other.force_login(ground.street)
    assert other.get(f"/account/tokens/{row.pk}/revoke/").status_code == 404
    assert other.post(f"/account/tokens/{row.pk}/revoke/").status_code == 404
    assert other.get("/console/tokens/").status_code == 403
    assert other.post(f"/console/tokens/{row.pk}/revoke/").status_code == 403
    guard = Client()
    guard.force_login(user("guard", ("security_administrator", "all", ""), office="security", is_demo=True))
    assert guard.get("/account/tokens/").status_code == 403
    assert "officer" in guard.get("/console/tokens/?q=同步").content.decode()
    assert "没有令牌" in guard.get("/console/tokens/?q=无此").content.decode()
    guard.post(f"/console/tokens/{row.pk}/revoke/")
    assert ApiToken.objects.get().revoked_at is not None
    assert Client().get("/account/tokens/").status_code == 302


def test_words_are_entered():
    from liaoyuan.api.choices import Event, Permission
    from liaoyuan.core import registries

    assert {str(e) for e in Event} <= set(registries.event_titles)
    assert {str(p) for p in Permission} <= set(registries.permission_titles)
    given = frozenset().union(*(role.permissions for role in access.roles().values()))
    assert {str(p) for p in Permission} <= given
