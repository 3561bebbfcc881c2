"""What is read through the interface: scopes, filters, days, masks, figures; nothing written."""

import json
import re
from datetime import date

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from liaoyuan.api.choices import Permission
from liaoyuan.conf.roles import ROLES
from liaoyuan.core import registries, search
from liaoyuan.core.models import Area, AuditEvent, Grant
from tests.api.conftest import AT, NUMBER, PHONE, Caller, token_of
from tests.registry import factories

pytestmark = pytest.mark.django_db
GETS = ("/me", "/organizations", "/statistics/registry", "/search?q=中心", "/imports")


def names(told) -> list[str]:
    return [item["name"] for item in told["items"]]


def test_lists_hold_the_scope_and_count_it(ground, officer, street):
    own = officer.get("/organizations")
    assert names(own) == ["丙邻科普协会", "乙备邻里互助社", "甲内福利服务中心"]
    assert own["total"] == 3
    narrow = street.get("/organizations")
    assert names(narrow) == ["乙备邻里互助社", "甲内福利服务中心"] and narrow["total"] == 2


def test_a_row_just_outside_the_scope_is_not_there(ground, officer, street):
    assert officer.get(f"/organizations/{ground.next_street.pk}")["name"] == "丙邻科普协会"
    street.get(f"/organizations/{ground.next_street.pk}", 404)
    officer.get(f"/organizations/{ground.outside.pk}", 404)
    assert officer.get("/search?q=戊外")["total"] == 0
    assert street.get("/search?q=丙邻") == {"total": 0, "hits": []}
    assert officer.get("/search?q=jnfl")["hits"] == [
        {"kind": "organization", "id": ground.inside.pk, "name": "甲内福利服务中心", "code": ground.inside.code,
         "former": ""}
    ]  # fmt: skip
    for path in ("/organizations?q=戊外", "/organizations?area=320213", "/organizations?external=true&status=all&q=戊"):
        assert officer.get(path)["total"] == 0


def test_a_token_of_one_s_own_organization_sees_it_alone(ground, monkeypatch):
    head = factories.head_of(ground.inside)
    role = ROLES["organization_head"]
    wider = type(role)(**{**{f: getattr(role, f) for f in role.__slots__},
                          "permissions": role.permissions | {Permission.TOKEN_USE}})  # fmt: skip
    monkeypatch.setitem(ROLES, "organization_head", wider)
    program = Caller(token_of(head))
    assert names(program.get("/organizations")) == ["甲内福利服务中心"]
    program.get(f"/organizations/{ground.filed.pk}", 404)
    program.get("/statistics/registry", 403)


def test_filters_are_those_of_the_page(ground, officer):
    for query, expected in (
        ("kind=BA", ["乙备邻里互助社"]),
        ("group=registered", ["丙邻科普协会", "甲内福利服务中心"]),
        ("rating=4A%2B", ["甲内福利服务中心"]),
        ("street=蠡园街道", ["丙邻科普协会"]),
        ("street=320211001&sort=-name", ["甲内福利服务中心", "乙备邻里互助社"]),
        ("field=09", ["甲内福利服务中心"]),
        ("since=2016-01-01", []),
        ("per=1&page=3", ["甲内福利服务中心"]),
        ("per=2&page=9", []),
    ):
        assert names(officer.get(f"/organizations?{query}")) == expected, query
    assert officer.get("/organizations?per=2")["pages"] == 2


def test_detail_as_of_a_day(ground, officer):
    factories.changed(ground.inside, date(2026, 3, 1), name="甲内福利发展中心", full_time=9)
    before = officer.get(f"/organizations/{ground.inside.pk}?as_of=2026-02-28")
    now = officer.get(f"/organizations/{ground.inside.pk}")
    assert (before["name"], before["full_time"], before["former_names"]) == ("甲内福利服务中心", 5, [])
    assert (now["name"], now["full_time"]) == ("甲内福利发展中心", 9)
    assert now["former_names"] == [{"name": "甲内福利服务中心", "until": "2026-03-01"}]
    assert now["capital_fen"] == 3_000_000 and now["rating"] == "4A" and now["rated_on"] == "2023-01-01"
    officer.get(f"/organizations/{ground.inside.pk}?as_of=2015-05-03", 404)
    assert officer.get("/organizations?as_of=2015-05-03")["total"] == 0
    assert officer.get(f"/organizations/{ground.inside.pk}?as_of=2022-12-31")["rating"] is None


def test_a_closed_body_before_and_after(ground, officer):
    closed = factories.organization("庚终服务社", closed_on=date(2026, 1, 1), street=ground.areas["heli"])
    told = officer.get(f"/organizations/{closed.pk}?as_of=2025-12-31")
    assert (told["status"], told["closed_on"]) == ("active", None)
    told = officer.get(f"/organizations/{closed.pk}")
    assert (told["status"], told["closed_on"]) == ("deregistered", "2026-01-01")
    assert officer.get("/organizations?q=庚终")["total"] == 0
    assert officer.get("/organizations?q=庚终&status=all")["total"] == 1


def test_private_values_are_masked_everywhere(ground, officer):
    for path in (*GETS, "/organizations?q=甲内", f"/organizations/{ground.inside.pk}",
                 f"/organizations/{ground.filed.pk}"):  # fmt: skip
        text = json.dumps(officer.get(path), ensure_ascii=False)
        assert PHONE not in text and NUMBER not in text and NUMBER[6:] not in text, path
    assert officer.get(f"/organizations/{ground.inside.pk}")["phone"] == "139****0773"
    assert officer.get("/organizations?q=甲内")["items"][0]["phone"] == "139****0773"


def test_statistics_are_those_of_the_figure(ground, officer, street):
    told = officer.get("/statistics/registry?by=type,street&as_of=2026-10-26")
    expected = registries.stats_kinds["registry"](
        by=ground.officer, as_of=date(2026, 10, 26), known_at=AT, area=Area.objects.get(code="320211"),
        dims=["type", "street"],
    )  # fmt: skip
    assert {k: v for k, v in told.items() if k != "known_at"} == {k: v for k, v in expected.items() if k != "known_at"}
    assert told["registered"]["total"] == 2 and told["filed"] == 1
    assert street.get("/statistics/registry")["area"] == "320211001"
    officer.get("/statistics/registry?area=320211001004")
    for code in ("320211", "320211004", "320213", "1", "无锡"):
        street.get(f"/statistics/registry?area={code}", 404)
    assert officer.get("/statistics/registry?by=colour", 422)["fields"][0]["field"] == "by"
    assert officer.get("/statistics/registry?by=type,type", 422)["fields"][0]["field"] == "by"
    officer.get("/statistics/nothing", 404)


def test_an_ended_grant_ends_the_sight(ground, officer):
    Grant.objects.filter(user=ground.officer).update(valid_to=date(2026, 10, 26))
    for path in GETS:
        assert officer.get(path, 403)["code"] == "forbidden"


def test_a_get_writes_nothing(ground, officer):
    events, sessions = AuditEvent.objects.count(), Session.objects.count()
    for path in (*GETS, f"/organizations/{ground.inside.pk}", "/nowhere", "/organizations/0"):
        with CaptureQueriesContext(connection) as told:
            officer.send("get", path)
        wrote = [q["sql"] for q in told if not re.match(r"\s*(SELECT|WITH)", q["sql"], re.I)]
        assert wrote == [], path
    assert (AuditEvent.objects.count(), Session.objects.count()) == (events, sessions)


def test_the_number_of_queries_does_not_grow(ground, officer):
    def count(path: str) -> int:
        with CaptureQueriesContext(connection) as told:
            officer.get(path)
        return len(told)

    paths = ("/organizations", "/search?q=中心", "/statistics/registry?by=type,street,rating")
    before = [count(path) for path in paths]
    for number in range(12):
        factories.rating(factories.organization(f"更多{number}服务中心", street=ground.areas["heli"]))
    search.refresh("organization")
    assert [count(path) for path in paths] == before
    assert max(before) <= 14


def test_the_description_and_the_pages_below_it(ground, officer):
    told = json.loads(Client().get("/api/v1/openapi.json").content)
    assert told["openapi"].startswith("3.")
    paths = set(told["paths"])
    assert {"/api/v1/organizations", "/api/v1/imports/{pk}/apply", "/api/v1/statistics/{name}"} <= paths
    for operations in told["paths"].values():
        for operation in operations.values():
            assert {"401", "403", "422"} <= set(operation["responses"])
            assert operation["security"] and operation["summary"]
    for path in ("/api", "/api/", "/api/v2/organizations", "/api/v1/", "/api/v1/organizations/", "/api/v1/x/y"):
        for method in ("get", "post", "delete"):
            answer = getattr(Client(), method)(path)
            assert answer.status_code == 404 and json.loads(answer.content)["code"] == "not_found"
    page = Client()
    assert page.get("/api/v1/docs/").status_code == 302
    page.force_login(ground.officer)
    html = page.get("/api/v1/docs/").content.decode()
    assert "/api/v1/imports/{pk}/apply" in html and "confirm_review" in html and "<script>" not in html
