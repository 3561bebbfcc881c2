"""Bodies in and just outside a scope, and callers with tokens over several grants."""

import json
from types import SimpleNamespace

import pytest
from django.test import Client

from liaoyuan.api.actions import tokens
from liaoyuan.api.params import GRANTABLE
from liaoyuan.core import access, search
from tests.core.factories import user
from tests.registry import factories

AT = factories.AT
PHONE, NUMBER = "13951510773", "320211196803051238"


class Caller:
    """A program with a token."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.client = Client()

    def send(self, method: str, path: str, **more):
        return getattr(self.client, method)(f"/api/v1{path}", headers={"Authorization": f"Bearer {self.token}"}, **more)

    def get(self, path: str, status: int = 200):
        answer = self.send("get", path)
        assert answer.status_code == status, (path, answer.status_code, answer.content.decode()[:400])
        assert answer["Content-Type"].startswith("application/json")
        return json.loads(answer.content)

    def post(self, path: str, status: int = 200, data=None, **more):
        answer = self.send("post", path, data=data, **more)
        assert answer.status_code == status, (path, answer.status_code, answer.content.decode()[:400])
        return json.loads(answer.content) if answer.content else None


def token_of(account, *permissions: str, days: int = 30) -> str:
    """A token of the account with these permissions, else with all it may hand over."""
    access.forget(account)
    held = access.permissions_of(account)
    wished = permissions or [p for p in GRANTABLE if p in held]
    return tokens.create(name="测试", permissions=wished, days=days, by=account, at=AT)[1]


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setenv("LIAOYUAN_NOW", "2026-10-26T12:00:00")


@pytest.fixture
def ground(db):
    """Two streets of 滨湖 and a neighbour; an officer of the district, one of a street."""
    areas = factories.binhu()
    heli, liyuan, other = areas["heli"], areas["liyuan"], areas["other_street"]
    inside = factories.organization(
        "甲内福利服务中心", "MF", street=heli, phone=PHONE, representative_id=NUMBER, field="09",
        capital_fen=3_000_000, full_time=5, registrar="滨湖区民政局",
    )  # fmt: skip
    filed = factories.organization("乙备邻里互助社", "BA", street=heli, phone=PHONE)
    next_street = factories.organization("丙邻科普协会", "ST", street=liyuan)
    outside = factories.organization("戊外文化服务中心", "MF", street=other, registrar_area=areas["other"])
    factories.rating(inside)
    search.refresh("organization")
    officer = factories.officer("officer")
    street = user("street", ("registry_officer", "area", heli.code), is_demo=True)
    return SimpleNamespace(areas=areas, inside=inside, filed=filed, next_street=next_street, outside=outside,
                           officer=officer, street=street)  # fmt: skip


@pytest.fixture
def officer(ground):
    """A program of the district's registry officer."""
    return Caller(token_of(ground.officer))


@pytest.fixture
def street(ground):
    """A program of an officer of one street."""
    return Caller(token_of(ground.street))
