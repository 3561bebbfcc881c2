"""Set-up, separation level and practice clock through the client."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache

from liaoyuan.core import clock
from liaoyuan.core.access import Operator
from liaoyuan.core.actions import accounts
from liaoyuan.core.actions import clock as clock_actions
from liaoyuan.core.models import PracticeClock, SeparationSetting, User
from tests.core import factories
from tests.core.factories import AT

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def real_time_afterwards():
    cache.clear()
    yield
    clock.set_offset(0)


def test_from_bootstrap_to_a_working_administrator(client):
    shown = accounts.make_bootstrap(at=clock.now())
    client.post("/login/", {"username": "setup", "password": shown})
    for page in ("/account/", "/console/accounts/", "/invitations/"):
        assert client.get(page)["Location"] == "/console/setup/"
    assert "职责分离级别" in client.get("/console/setup/").content.decode()
    second = client.post("/console/setup/", {"level": "small_office"})
    assert "系统管理员登录名" in second.content.decode()
    people = {
        "level": "small_office", "people": "1", "system_username": "guanli", "system_name": "管甲",
        "audit_username": "guanli", "audit_name": "审乙",
    }  # fmt: skip
    assert client.post("/console/setup/", people).status_code == 422
    done = client.post("/console/setup/", {**people, "audit_username": "shenji"}).content.decode()
    passwords = re.findall(r"<dt>一次性密码</dt><dd>([^<]+)</dd>", done)
    assert len(passwords) == 2
    assert client.get("/console/setup/").status_code == 302  # logged out
    assert client.post("/login/", {"username": "setup", "password": shown}).status_code == 422
    client.post("/login/", {"username": "guanli", "password": passwords[0]})
    assert client.get("/console/accounts/")["Location"] == "/account/password/"
    client.post("/account/password/", {"current": passwords[0], "new": "Abcdefg-123", "again": "Abcdefg-123"})
    assert client.get("/console/accounts/")["Location"] == "/account/totp/"


def test_setup_is_closed_to_everybody_else(client):
    assert client.get("/console/setup/").status_code == 302
    client.force_login(factories.user("xitong", ("system_administrator", "all", ""), office="system"))
    assert client.get("/console/setup/").status_code == 403


def test_level_page(client):
    security = factories.user("anquan", ("security_administrator", "all", ""), office="security")
    auditor = factories.user("shenji", ("audit_administrator", "all", ""), office="audit")
    client.force_login(security)
    page = client.get("/console/separation/").content.decode()
    assert "小型科室" in page
    assert "没有人担任系统管理员" in page
    assert client.post("/console/separation/", {"level": "trial"}).status_code == 302
    row = SeparationSetting.objects.get()
    assert row.lowers
    assert client.post(f"/console/separation/{row.pk}/sign/").status_code == 403
    client.force_login(auditor)
    assert "签字" in client.get("/console/separation/").content.decode()
    assert client.post("/console/separation/", {"level": "three_offices"}).status_code == 403
    client.post(f"/console/separation/{row.pk}/sign/")
    page = client.get("/account/").content.decode()
    assert "banner--trial" in page
    assert client.post("/console/separation/999/sign/").status_code == 404


def test_practice_clock(client):
    system = factories.user("xitong", ("system_administrator", "all", ""), office="system")
    client.force_login(system)
    assert "不能调整" in client.get("/console/clock/").content.decode()
    assert client.post("/console/clock/", {"day": "2027-03-01"}).status_code == 422
    assert not PracticeClock.objects.exists()
    clock_actions.mark_practice(by=Operator("root"), at=AT)
    assert "banner--demo" in client.get("/account/").content.decode()
    before = clock.real_now()
    assert client.post("/console/clock/", {"day": "2027-03-01", "hour": "8"}).status_code == 302
    page = client.get("/console/clock/").content.decode()
    assert "banner--clock" in page
    assert "2027-03-01" in page
    offset = PracticeClock.objects.get().offset_seconds
    assert abs((before + timedelta(seconds=offset)).astimezone(clock.SHANGHAI).hour - 8) <= 1
    client.post("/console/clock/", {"day": ""})
    assert PracticeClock.objects.get().offset_seconds == 0
    assert "banner--clock" not in client.get("/account/").content.decode()


def test_business_time_follows_the_clock_and_audit_keeps_real_time(client):
    from liaoyuan.core.models import AuditEvent

    system = factories.user("xitong", ("system_administrator", "all", ""), office="system")
    clock_actions.mark_practice(by=Operator("root"), at=AT)
    clock_actions.set_clock(offset_seconds=400 * 86400, by=system, at=AT)
    client.force_login(system)
    client.post("/console/accounts/new/", {"username": "wangli", "display_name": "王丽"})
    event = AuditEvent.objects.get(code="account.created")
    assert timedelta(days=399) < event.at - event.recorded_at < timedelta(days=401)
    assert User.objects.get(username="wangli").created_at == event.at
