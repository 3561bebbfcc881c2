"""Accounts through their actions: creation, closing, passwords, lock; what is stored and what is written down."""

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import check_password
from django.core.exceptions import PermissionDenied

from liaoyuan.core.access import Operator
from liaoyuan.core.actions import accounts
from liaoyuan.core.models import AuditEvent, Grant, User
from liaoyuan.kit.findings import Refused
from tests.core import factories
from tests.core.factories import AT

pytestmark = pytest.mark.django_db


@pytest.fixture
def system():
    return factories.user("xitong", ("system_administrator", "all", ""), office="system")


def test_created_account_has_no_grant_and_a_one_time_password(system):
    user, shown = accounts.create_user(username="Wang.Li", display_name="王丽", unit="社会组织科", by=system, at=AT)
    user.refresh_from_db()
    assert user.username == "wang.li"
    assert user.must_change_password
    assert user.password.startswith("argon2")
    assert check_password(shown, user.password)
    assert not Grant.objects.filter(user=user).exists()
    event = AuditEvent.objects.get(code="account.created")
    assert event.actor == system
    assert shown not in str(event.payload)


@pytest.mark.parametrize("name", ["ab", "a b c", "王", "x" * 41, "drop;table", ""])
def test_unusable_login_names(system, name):
    with pytest.raises(Refused) as refused:
        accounts.create_user(username=name, display_name="某某", by=system, at=AT)
    assert refused.value.findings[0].field == "username"


def test_login_names_are_unique_without_case(system):
    accounts.create_user(username="wangli", display_name="王丽", by=system, at=AT)
    with pytest.raises(Refused):
        accounts.create_user(username="WangLi", display_name="王莉", by=system, at=AT)
    assert User.objects.filter(username__iexact="wangli").count() == 1


def test_only_the_system_administrator_makes_accounts():
    other = factories.user("anquan", ("security_administrator", "all", ""), office="security")
    with pytest.raises(PermissionDenied):
        accounts.create_user(username="wangli", display_name="王丽", by=other, at=AT)


def test_the_operator_makes_demo_accounts():
    user, shown = accounts.create_user(
        username="demo", display_name="演示", by=Operator("root"), at=AT, password="liaoyuan-demo", is_demo=True
    )
    assert shown == "liaoyuan-demo"
    assert not user.must_change_password
    assert AuditEvent.objects.get(code="account.created").actor_name == "operator:root"


def test_last_five_passwords_are_barred():
    user = factories.user("wang")
    given = [f"Geheim-wort-{n}" for n in range(1, 8)]
    current = factories.PASSWORD
    for new in given[:6]:
        accounts.change_password(user=user, current=current, new=new, at=AT)
        current = new
    for old in given[1:6]:  # the last five, the present one among them
        with pytest.raises(Refused) as refused:
            accounts.change_password(user=user, current=current, new=old, at=AT)
        assert "最近" in refused.value.findings[0].text
    accounts.change_password(user=user, current=current, new=given[0], at=AT)  # the sixth back is free again
    user.refresh_from_db()
    assert check_password(given[0], user.password)
    assert given[0] not in str(user.password_history)


def test_wrong_current_password_changes_nothing():
    user = factories.user("wang")
    with pytest.raises(Refused) as refused:
        accounts.change_password(user=user, current="nope", new="Geheim-wort-1", at=AT)
    assert refused.value.findings[0].field == "current"
    user.refresh_from_db()
    assert check_password(factories.PASSWORD, user.password)


def test_reset_gives_a_new_one_time_password_and_unlocks(system):
    user = factories.user("wang", locked_until=AT + timedelta(minutes=10), failed_logins=3)
    shown = accounts.reset_password(user=user, by=system, at=AT)
    user.refresh_from_db()
    assert check_password(shown, user.password)
    assert not check_password(factories.PASSWORD, user.password)
    assert (user.must_change_password, user.failed_logins, user.locked_until) == (True, 0, None)
    with pytest.raises(Refused):  # the one-time password itself is no new password
        accounts.change_password(user=user, current=shown, new=shown, at=AT)


def test_closing_ends_grants_and_sessions(system, client):
    factories.binhu()
    user = factories.user("wang", ("registry_officer", "area", "320211"), is_demo=True)
    client.force_login(user)
    assert client.get("/account/").status_code == 200
    accounts.close_user(user=user, by=system, at=AT)
    grant = Grant.objects.get(user=user)
    assert (grant.ended_at, grant.ended_by, grant.valid_to.isoformat()) == (AT, system, "2026-10-26")
    assert client.get("/account/").status_code == 302


def test_closing_oneself_and_the_last_administrator(system):
    with pytest.raises(Refused):
        accounts.close_user(user=system, by=system, at=AT)
    only = factories.user("anquan", ("security_administrator", "all", ""), office="security")
    with pytest.raises(Refused) as refused:
        accounts.close_user(user=only, by=system, at=AT)
    assert "安全管理员" in str(refused.value)
    factories.user("anquan2", ("security_administrator", "all", ""), office="security")
    accounts.close_user(user=only, by=system, at=AT)
    only.refresh_from_db()
    assert (only.is_active, only.office) == (False, "")


def test_failures_lock_and_right_password_does_not_open():
    user = factories.user("wang")
    for n in range(5):
        assert accounts.judge_password(username="WANG", user=None, at=AT + timedelta(seconds=n)) is None
    user.refresh_from_db()
    assert user.locked_until == AT + timedelta(seconds=4, minutes=30)
    assert accounts.judge_password(username="wang", user=user, at=AT + timedelta(minutes=29)) is None
    assert accounts.judge_password(username="wang", user=user, at=AT + timedelta(minutes=31)) == user
    assert AuditEvent.objects.filter(code="account.locked").count() == 1


def test_right_password_alone_does_not_clear_the_counter():
    user = factories.user("wang")
    for _ in range(4):
        accounts.judge_password(username="wang", user=None, at=AT)
        accounts.judge_password(username="wang", user=user, at=AT)
    accounts.judge_password(username="wang", user=None, at=AT)
    user.refresh_from_db()
    assert user.locked_until is not None
    accounts.note_login(user=user, factor="password", at=AT + timedelta(hours=1))
    user.refresh_from_db()
    assert (user.failed_logins, user.locked_until) == (0, None)


def test_bootstrap_only_in_an_empty_database():
    shown = accounts.make_bootstrap(at=AT)
    user = User.objects.get()
    assert user.is_bootstrap
    assert check_password(shown, user.password)
    assert accounts.make_bootstrap(at=AT) is None
