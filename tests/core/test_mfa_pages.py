"""The second factor through the client, with codes computed here from RFC 6238."""

import base64
import hashlib
import hmac
import re
import struct
import time
from datetime import date

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache

from liaoyuan.core import clock
from liaoyuan.core.actions import factors
from liaoyuan.core.choices import Separation
from liaoyuan.core.models import AuditEvent, SeparationSetting
from liaoyuan.kit.findings import Refused
from tests.core import factories
from tests.core.factories import AT

pytestmark = pytest.mark.django_db


def totp(secret: str, at: float, digits: int = 6) -> str:
    """RFC 6238 with SHA-1 and 30 seconds, written from the RFC."""
    key = base64.b32decode(secret)
    mac = hmac.new(key, struct.pack(">Q", int(at) // 30), hashlib.sha1).digest()
    place = mac[19] & 15
    number = struct.unpack(">I", mac[place : place + 4])[0] & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


def test_the_computation_itself():
    secret = base64.b32encode(b"12345678901234567890").decode()
    assert [totp(secret, t, 8) for t in (59, 1111111109, 20000000000)] == ["94287082", "07081804", "65353130"]


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()


@pytest.fixture
def now(monkeypatch):
    """A time of the library's own clock that the test moves: now[0]."""
    held = [float(1_800_000_000)]
    monkeypatch.setattr(time, "time", lambda: held[0])
    return held


@pytest.fixture
def officer():
    factories.binhu()
    return factories.user("wang", ("registry_officer", "area", "320211"))


def login(client, password=factories.PASSWORD):
    return client.post("/login/", {"username": "wang", "password": password})


def enrol(client, now):
    """Switch TOTP on through the page; returns secret and recovery codes."""
    page = client.get("/account/totp/").content.decode()
    secret = re.search(r"<code>([A-Z2-7 ]+)</code>", page)[1].replace(" ", "")
    token = re.search(r'name="token" value="([^"]+)"', page)[1]
    assert secret not in token
    assert 'src="data:image/svg+xml' in page
    done = client.post("/account/totp/", {"token": token, "code": totp(secret, now[0])})
    return secret, re.findall(r"<code>(\d{8})</code>", done.content.decode())


def test_an_officer_must_enrol_before_anything_else(client, officer, now):
    assert login(client).status_code == 302
    for page in ("/account/", "/invitations/"):
        assert client.get(page)["Location"] == "/account/totp/"
    secret, codes = enrol(client, now)
    assert len(set(codes)) == 10
    assert client.get("/account/").status_code == 200
    kept = str([a.data for a in Authenticator.objects.all()])
    assert secret not in kept
    assert Authenticator.objects.get(type="totp").data["secret"].startswith("v1.")
    assert AuditEvent.objects.filter(code="account.totp_on").count() == 1
    assert secret not in str([e.payload for e in AuditEvent.objects.all()])


def test_enrolment_needs_a_right_code_and_the_own_token(client, officer, now):
    login(client)
    page = client.get("/account/totp/").content.decode()
    token = re.search(r'name="token" value="([^"]+)"', page)[1]
    wrong = client.post("/account/totp/", {"token": token, "code": "000000"})
    assert wrong.status_code == 422
    assert client.post("/account/totp/", {"token": "v1.0.0", "code": "000000"}).status_code == 302
    assert not Authenticator.objects.exists()
    other = factories.user("li")
    client.force_login(other)
    foreign = client.post("/account/totp/", {"token": token, "code": "000000"})
    assert foreign["Location"] == "/account/totp/"


@pytest.fixture
def enrolled(client, officer, now):
    login(client)
    secret, codes = enrol(client, now)
    client.post("/logout/")
    now[0] += 300
    return secret, codes


def test_login_in_two_steps(client, enrolled, now):
    secret, _codes = enrolled
    step = login(client)
    assert step["Location"] == "/login/code/"
    assert client.get("/account/").status_code == 302  # not in yet
    page = client.get("/login/code/")
    assert "动态口令" in page.content.decode()
    assert client.post("/login/code/", {"code": "123"}).status_code == 422
    done = client.post("/login/code/", {"code": totp(secret, now[0])})
    assert done.status_code == 302
    assert client.get("/account/").status_code == 200
    assert AuditEvent.objects.filter(code="account.login").last().payload == {"factor": "second"}


def test_a_code_works_once(client, enrolled, now):
    secret, _codes = enrolled
    code = totp(secret, now[0])
    login(client)
    assert client.post("/login/code/", {"code": code}).status_code == 302
    client.post("/logout/")
    cache.clear()  # another process knows nothing of this one's memory
    login(client)
    assert client.post("/login/code/", {"code": code}).status_code == 422
    assert client.post("/login/code/", {"code": totp(secret, now[0] - 30)}).status_code == 422  # nor an older one
    now[0] += 30
    assert client.post("/login/code/", {"code": totp(secret, now[0])}).status_code == 302


@pytest.mark.parametrize(("drift", "status"), [(-60, 422), (-30, 302), (0, 302), (30, 302), (60, 422)])
def test_one_step_of_drift_is_tolerated(client, enrolled, now, drift, status):
    secret, _codes = enrolled
    login(client)
    assert client.post("/login/code/", {"code": totp(secret, now[0] + drift)}).status_code == status


def test_a_recovery_code_works_once(client, enrolled, now):
    _secret, codes = enrolled
    login(client)
    assert client.post("/login/code/", {"code": f" {codes[3]} "}).status_code == 302
    client.post("/logout/")
    login(client)
    assert client.post("/login/code/", {"code": codes[3]}).status_code == 422
    assert client.post("/login/code/", {"code": codes[4]}).status_code == 302


def test_wrong_codes_lock_the_account_across_logins(client, enrolled, now, officer):
    secret, _codes = enrolled
    for _ in range(5):
        assert login(client).status_code == 302  # the right password does not help
        client.post("/login/code/", {"code": "000000"})
    officer.refresh_from_db()
    assert officer.locked_until is not None
    assert client.post("/login/code/", {"code": totp(secret, now[0])}).status_code == 422
    assert login(client).status_code == 422


def test_the_code_page_alone_leads_back(client):
    assert client.get("/login/code/")["Location"] == "/login/"
    assert client.post("/login/code/", {"code": "123456"})["Location"] == "/login/"


def test_who_needs_no_second_factor(client, now):
    factories.binhu()
    factories.user("wang", ("registry_officer", "area", "320211"), is_demo=True)
    login(client)
    assert client.get("/account/").status_code == 200
    client.post("/logout/")
    factories.user("zhang", ("organization_head", "organization", "1"))
    client.post("/login/", {"username": "zhang", "password": factories.PASSWORD})
    assert client.get("/account/").status_code == 200


def test_trial_level_needs_none(client, officer, now):
    SeparationSetting.objects.create(level=Separation.TRIAL, valid_from=date(2020, 1, 1), set_at=AT)
    login(client)
    page = client.get("/account/")
    assert page.status_code == 200
    assert "试用" in page.content.decode()
    SeparationSetting.objects.all().delete()
    assert client.get("/account/")["Location"] == "/account/totp/"


def test_a_grant_given_meanwhile_asks_at_once(client, now):
    factories.binhu()
    user = factories.user("wang")
    login(client)
    assert client.get("/account/").status_code == 200
    factories.Grant.objects.create(
        user=user,
        role="registry_officer",
        scope_kind="area",
        scope_id="320211",
        valid_from=date(2020, 1, 1),
        granted_at=AT,
    )
    assert client.get("/account/")["Location"] == "/account/totp/"


def test_switching_off(client, enrolled, now, officer):
    secret, _codes = enrolled
    login(client)
    client.post("/login/code/", {"code": totp(secret, now[0])})
    now[0] += 60
    refused = client.post("/account/totp/off/", {"code": totp(secret, now[0])})
    assert refused.status_code == 422
    assert "不能停用" in refused.content.decode()
    security = factories.user("anquan", ("security_administrator", "all", ""), office="security")
    factors.reset_second_factor(user=officer, by=security, at=clock.now())
    assert not Authenticator.objects.exists()
    assert AuditEvent.objects.get(code="account.totp_off").actor == security


def test_who_needs_none_may_switch_it_off_with_a_code(client, now):
    user = factories.user("wang")
    secret = base64.b32encode(b"12345678901234567890").decode()
    factors.enable_totp(user=user, secret=secret, code=totp(secret, now[0]), at=AT)
    with pytest.raises(Refused):
        factors.enable_totp(user=user, secret=secret, code=totp(secret, now[0]), at=AT)
    with pytest.raises(Refused):
        factors.disable_totp(user=user, code="000000", at=AT)
    factors.disable_totp(user=user, code=totp(secret, now[0] + 30), at=AT)
    assert not Authenticator.objects.exists()


def test_new_recovery_codes_replace_the_old(client, enrolled, now, officer):
    secret, codes = enrolled
    new = factors.new_recovery_codes(user=officer, code=totp(secret, now[0]), at=AT)
    assert not set(new) & set(codes)
    assert not factors.check_code(user=officer, code=codes[0], at=AT)
    assert factors.check_code(user=officer, code=new[0], at=AT)
