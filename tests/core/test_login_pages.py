"""The login page through the client: lock, idle time-out, first password, no enumeration, GETs that write nothing."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection

from liaoyuan.core import clock
from liaoyuan.core.actions import accounts
from liaoyuan.core.models import AuditEvent
from tests.core import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()


@pytest.fixture
def moved(monkeypatch):
    """Move the machine's clock: moved(minutes=31)."""
    real = clock.real_now

    def move(**delta):
        monkeypatch.setattr(clock, "real_now", lambda: real() + timedelta(**delta))

    return move


def login(client, username="wang", password=factories.PASSWORD, **extra):
    return client.post("/login/", {"username": username, "password": password, **extra})


class NoWrites:
    """Fails on any writing SQL."""

    def __call__(self, execute, sql, params, many, context):
        assert not re.match(r"\s*(INSERT|UPDATE|DELETE)", sql, re.I), sql
        return execute(sql, params, many, context)


def test_get_writes_nothing_and_opens_no_session(client):
    with connection.execute_wrapper(NoWrites()):
        page = client.get("/login/")
        client.get("/invitation/")
        client.get("/login/code/")
    assert page.status_code == 200
    assert "登录名" in page.content.decode()
    assert "sessionid" not in page.cookies
    assert Session.objects.count() == 0


def test_login_and_logout(client):
    factories.binhu()
    user = factories.user("wang", ("registry_officer", "area", "320211"), is_demo=True)
    answer = login(client, username=" Wang ", next="/account/")
    assert (answer.status_code, answer["Location"]) == (302, "/account/")
    page = client.get("/account/").content.decode()
    assert "登记管理干部" in page
    assert "滨湖区" in page
    assert AuditEvent.objects.get(code="account.login").actor == user
    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/")["Location"] == "/login/"
    assert client.get("/account/")["Location"].startswith("/login/?next=")


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_no_way_out_of_the_house(client, target):
    factories.user("wang", is_demo=True)
    answer = login(client, next=target)
    assert answer.status_code == 302
    assert answer["Location"] == "/account/"


def test_home_of_the_role(client):
    factories.user("xitong", ("system_administrator", "all", ""), office="system", is_demo=True)
    assert login(client, "xitong")["Location"] == "/console/accounts/"


def _shown(answer):
    text = re.sub(r'(name="csrfmiddlewaretoken" value|name="csrf-token" content)="[^"]*"', "", answer.content.decode())
    return re.sub(r'name="username" value="[^"]*"', "", text)


def test_no_enumeration(client, monkeypatch):
    """Unknown name, wrong password, locked and closed accounts: the same page and one argon2 run each."""
    runs = []
    verify, encode = Argon2PasswordHasher.verify, Argon2PasswordHasher.encode
    monkeypatch.setattr(Argon2PasswordHasher, "verify", lambda *a: runs.append("v") or verify(*a))
    monkeypatch.setattr(Argon2PasswordHasher, "encode", lambda *a: runs.append("e") or encode(*a))
    factories.user("wang")
    factories.user("locked", locked_until=clock.now() + timedelta(minutes=10))
    factories.user("closed", is_active=False)
    seen = []
    for name, password in [
        ("nobody", "x"), ("wang", "x"), ("locked", "x"), ("locked", factories.PASSWORD),
        ("closed", "x"), ("closed", factories.PASSWORD),
    ]:  # fmt: skip
        runs.clear()
        answer = login(client, name, password)
        assert answer.status_code == 422
        assert len(runs) == 1, (name, runs)
        seen.append(_shown(answer))
    assert len(set(seen)) == 1
    assert "登录名或密码不正确" in seen[0]
    assert Session.objects.count() == 0


def test_five_failures_lock_thirty_minutes(client, moved):
    user = factories.user("wang", is_demo=True)
    for _ in range(5):
        assert login(client, password="wrong").status_code == 422
    assert login(client).status_code == 422
    moved(minutes=29)
    assert login(client).status_code == 422
    moved(minutes=31)
    assert login(client).status_code == 302
    user.refresh_from_db()
    assert user.failed_logins == 0
    assert not any("wrong" in str(e.payload) or factories.PASSWORD in str(e.payload) for e in AuditEvent.objects.all())


def test_unknown_names_are_limited_too(client):
    answers = [login(client, "nobody", "x").status_code for _ in range(25)]
    assert answers[0] == 422
    assert answers[-1] == 429


def test_idle_session_ends_with_a_word(client, moved):
    factories.user("wang", is_demo=True)
    login(client)
    moved(minutes=29)
    assert client.get("/account/").status_code == 200
    moved(minutes=58)
    assert client.get("/account/").status_code == 200  # 29 minutes after the last touch
    moved(minutes=89)
    answer = client.get("/account/?x=1")
    assert answer.status_code == 302
    assert answer["Location"] == "/login/?idle=1&next=%2Faccount%2F%3Fx%3D1"
    assert "已自动退出" in client.get(answer["Location"]).content.decode()
    assert client.get("/account/").status_code == 302


def test_session_row_is_touched_at_most_every_five_minutes(client, moved):
    factories.user("wang", is_demo=True)
    login(client)
    moved(minutes=4)
    with connection.execute_wrapper(NoWrites()):
        assert client.get("/account/").status_code == 200
    moved(minutes=6)
    with pytest.raises(AssertionError, match="django_session"), connection.execute_wrapper(NoWrites()):
        client.get("/account/")


def test_one_time_password_must_be_changed_first(client):
    system = factories.user("xitong", ("system_administrator", "all", ""), office="system")
    _user, shown = accounts.create_user(username="wangli", display_name="王丽", by=system, at=clock.now())
    login(client, "wangli", shown)
    assert client.get("/account/")["Location"] == "/account/password/"
    page = client.get("/account/password/").content.decode()
    assert "一次性密码" in page
    weak = client.post("/account/password/", {"current": shown, "new": "kurz", "again": "kurz"})
    assert weak.status_code == 422
    assert "至少 10 个字符" in weak.content.decode()
    differ = client.post("/account/password/", {"current": shown, "new": "Abcdefg-123", "again": "Abcdefg-124"})
    assert "两次输入" in differ.content.decode()
    done = client.post("/account/password/", {"current": shown, "new": "Abcdefg-123", "again": "Abcdefg-123"})
    assert done.status_code == 302
    assert client.get("/account/").status_code == 200


def test_password_older_than_ninety_days_must_be_changed(client):
    factories.user("wang", password_changed_at=clock.now() - timedelta(days=91))
    login(client)
    assert client.get("/account/")["Location"] == "/account/password/"
    factories.user("demo", password_changed_at=clock.now() - timedelta(days=910), is_demo=True)
    client.logout()
    login(client, "demo")
    assert client.get("/account/").status_code == 200


def test_changing_the_password_ends_the_other_sessions(client, django_user_model):
    from django.test import Client

    factories.user("wang", is_demo=True)
    other = Client()
    login(client)
    login(other)
    client.post("/account/password/", {"current": factories.PASSWORD, "new": "Abcdefg-123", "again": "Abcdefg-123"})
    assert client.get("/account/").status_code == 200
    assert other.get("/account/").status_code == 302


def test_language_and_text_size_of_the_account(client):
    factories.user("wang", is_demo=True)
    login(client)
    assert 'lang="zh-CN"' in client.get("/account/", headers={"accept-language": "en"}).content.decode()
    client.post("/account/preferences/", {"language": "en", "large_text": "on"})
    page = client.get("/account/").content.decode()
    assert '<html lang="en" data-text="large">' in page


def test_csrf_is_checked(db):
    from django.test import Client

    factories.user("wang")
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/login/", {"username": "wang", "password": factories.PASSWORD}).status_code == 403
