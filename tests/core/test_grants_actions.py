"""Grants and offices: who may give what to whom, at each level, and two at the same moment."""

import threading
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from liaoyuan.core import access
from liaoyuan.core.access import Operator
from liaoyuan.core.actions import accounts, grants
from liaoyuan.core.choices import Office, Separation
from liaoyuan.core.models import AuditEvent, Grant, SeparationSetting, User
from liaoyuan.kit.findings import Refused
from tests.core import factories
from tests.core.factories import AT

pytestmark = pytest.mark.django_db
TODAY = date(2026, 10, 26)
DAY = timedelta(days=1)


@pytest.fixture
def security():
    factories.binhu()
    return factories.user("anquan", ("security_administrator", "all", ""), office="security")


def level(wanted):
    SeparationSetting.objects.create(level=wanted, valid_from=date(2020, 1, 1), set_at=AT)


def give(security, user, role="registry_officer", kind="area", scope="320211", **extra):
    return grants.give(user=user, role=role, scope_kind=kind, scope_id=scope, by=security, at=AT, **extra)


def test_a_given_role_holds_from_today(security):
    user = factories.user("wang")
    grant = give(security, user)
    assert (grant.valid_from, grant.valid_to, grant.granted_by) == (TODAY, None, security)
    assert [g.role for g in access.grants_of(user, TODAY)] == ["registry_officer"]
    assert AuditEvent.objects.get(code="grant.given").payload == {
        "grant": grant.pk, "role": "registry_officer", "scope": "area:320211", "from": "2026-10-26",
    }  # fmt: skip


def test_the_system_administrator_gives_nothing(security):
    system = factories.user("xitong", ("system_administrator", "all", ""), office="system")
    user = factories.user("wang")
    for act in (
        lambda: give(system, user),
        lambda: grants.appoint(user=user, office=Office.AUDIT, by=system, at=AT),
        lambda: grants.relieve(user=security, by=system, at=AT),
    ):
        with pytest.raises(PermissionDenied):
            act()
    with pytest.raises(PermissionDenied):
        accounts.create_user(username="neu.er", display_name="新", by=security, at=AT)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"role": "emperor"}, "role"),
        ({"scope": "999999"}, "scope_id"),
        ({"kind": "organization", "scope": "1"}, "scope_kind"),  # not a scope of this role
        ({"role": "organization_head", "kind": "organization", "scope": "abc"}, "scope_id"),
        ({"role": "organization_head"}, "scope_kind"),
        ({"valid_from": TODAY - DAY}, "valid_from"),
        ({"valid_from": TODAY, "valid_to": TODAY}, "valid_to"),
        ({"kind": "galaxy", "scope": "x"}, "scope_kind"),
    ],
)
def test_what_cannot_be_given(security, changes, field):
    user = factories.user("wang")
    with pytest.raises(Refused) as refused:
        give(security, user, **changes)
    assert [f.field for f in refused.value.findings] == [field]
    assert not Grant.objects.filter(user=user).exists()


def test_the_same_role_and_scope_do_not_overlap(security):
    user = factories.user("wang")
    give(security, user, valid_from=TODAY, valid_to=TODAY + 10 * DAY)
    give(security, user, valid_from=TODAY + 10 * DAY)
    give(security, user, scope="320213")
    for start, end in [(TODAY + 9 * DAY, TODAY + 10 * DAY), (TODAY, None), (TODAY + 20 * DAY, None)]:
        with pytest.raises(Refused):
            give(security, user, valid_from=start, valid_to=end)


def test_nobody_gives_to_oneself(security):
    with pytest.raises(Refused) as refused:
        give(security, security)
    assert "自己" in str(refused.value)
    with pytest.raises(Refused):
        grants.end(grant=Grant.objects.get(user=security), by=security, at=AT)


@pytest.mark.parametrize("wanted", [Separation.SMALL_OFFICE, Separation.THREE_OFFICES])
def test_an_auditor_holds_nothing_else(security, wanted):
    level(wanted)
    auditor = factories.user("shenji")
    grants.appoint(user=auditor, office=Office.AUDIT, by=security, at=AT)
    with pytest.raises(Refused):
        give(security, auditor)
    with pytest.raises(Refused):
        grants.appoint(user=auditor, office=Office.SYSTEM, by=security, at=AT)
    officer = factories.user("wang", ("registry_officer", "area", "320211"))
    with pytest.raises(Refused):
        grants.appoint(user=officer, office=Office.AUDIT, by=security, at=AT)


def test_small_office_lets_one_administrator_hold_both_roles(security):
    level(Separation.SMALL_OFFICE)
    user = factories.user("guanli")
    grants.appoint(user=user, office=Office.SYSTEM, by=security, at=AT)
    give(security, user, "security_administrator", "all", "")
    assert Grant.objects.filter(user=user).count() == 2
    other = factories.user("li")
    with pytest.raises(Refused):  # a role with office needs the office
        give(security, other, "system_administrator", "all", "")


def test_three_offices_refuse_the_second_role(security):
    level(Separation.THREE_OFFICES)
    user = factories.user("guanli")
    grants.appoint(user=user, office=Office.SYSTEM, by=security, at=AT)
    for role in ("security_administrator", "audit_administrator"):
        with pytest.raises(Refused):
            give(security, user, role, "all", "")
    with pytest.raises(Refused):
        give(security, user)


def test_a_stricter_level_to_come_counts_already(security):
    level(Separation.SMALL_OFFICE)
    SeparationSetting.objects.create(level=Separation.THREE_OFFICES, valid_from=TODAY + 30 * DAY, set_at=AT)
    user = factories.user("guanli")
    grants.appoint(user=user, office=Office.SYSTEM, by=security, at=AT)
    with pytest.raises(Refused):
        give(security, user, "security_administrator", "all", "")


def test_trial_lets_one_person_do_everything(security):
    level(Separation.TRIAL)
    for role in ("system_administrator", "audit_administrator"):
        give(security, security, role, "all", "")
    give(security, security)
    assert Grant.objects.filter(user=security).count() == 4


def test_ending_now_and_later(security):
    user = factories.user("wang")
    first, second = give(security, user), give(security, user, scope="320213")
    grants.end(grant=first, by=security, at=AT)
    first.refresh_from_db()
    assert (first.ended_at, first.ended_by, first.valid_to) == (AT, security, TODAY)
    grants.end(grant=second, by=security, at=AT, on=TODAY + 5 * DAY)
    second.refresh_from_db()
    assert (second.ended_at, second.valid_to) == (None, TODAY + 5 * DAY)
    assert len(access.grants_of(User.objects.get(pk=user.pk), TODAY + 4 * DAY)) == 1
    assert not access.grants_of(User.objects.get(pk=user.pk), TODAY + 5 * DAY)
    with pytest.raises(Refused):
        grants.end(grant=first, by=security, at=AT)


def test_the_last_administrator_stays(security):
    system = factories.user("xitong", ("system_administrator", "all", ""), office="system")
    with pytest.raises(Refused):
        grants.relieve(user=system, by=security, at=AT)
    with pytest.raises(Refused):
        grants.end(grant=Grant.objects.get(user=system), by=security, at=AT)
    next_one = factories.user("xitong2")
    grants.appoint(user=next_one, office=Office.SYSTEM, by=security, at=AT)
    relieved = grants.relieve(user=system, by=security, at=AT)
    assert relieved.office == ""
    assert not access.grants_of(User.objects.get(pk=system.pk), TODAY)
    grants.relieve(user=next_one, by=Operator("root"), at=AT)  # at the machine it can be mended


def test_deputies_stay_within_the_grant_of_the_other(security):
    chief = factories.user("wang", ("registry_officer", "area", "320211"))
    deputy = factories.user("li")
    for bad in (
        {"valid_to": None},
        {"scope": "320213", "valid_to": TODAY + DAY},
        {"role": "registry_head", "valid_to": TODAY + DAY},
    ):
        with pytest.raises(Refused):
            give(security, deputy, deputy_for=chief, **bad)
    grant = give(security, deputy, deputy_for=chief, valid_to=TODAY + 14 * DAY)
    assert grant.deputy_for == chief
    third = factories.user("zhao")
    with pytest.raises(Refused):  # a deputy has no deputy
        give(security, third, deputy_for=deputy, valid_to=TODAY + DAY)
    with pytest.raises(Refused):
        give(security, chief, deputy_for=chief, valid_to=TODAY + DAY)


@pytest.mark.parametrize(("on", "last"), [(None, TODAY), (TODAY + 5 * DAY, TODAY + 5 * DAY)])
def test_a_deputy_loses_what_the_other_loses(security, on, last):
    chief, deputy, next_one = (factories.user(name) for name in ("wang", "li.si", "sun"))
    own = give(security, chief)
    long = give(security, deputy, deputy_for=chief, valid_to=TODAY + 14 * DAY)
    later = give(security, next_one, deputy_for=chief, valid_from=TODAY + 6 * DAY, valid_to=TODAY + 9 * DAY)
    other = give(security, deputy, role="leadership")
    grants.end(grant=own, by=security, at=AT, on=on)
    long.refresh_from_db(), later.refresh_from_db(), other.refresh_from_db()
    assert (long.valid_to, other.valid_to) == (last, None)
    assert later.ended_at == AT and later.valid_to == later.valid_from
    assert [g.role for g in access.grants_of(deputy, last)] == ["leadership"]
    assert not access.grants_of(next_one, TODAY + 7 * DAY)


def test_hand_over_in_one_step(security):
    giver = factories.user("wang", ("registry_officer", "area", "320211"), ("street_office", "area", "320211001"))
    taker = factories.user("li", ("street_office", "area", "320211001"))
    made = grants.hand_over(user=giver, to=taker, by=security, at=AT)
    assert [(g.role, g.scope_id, g.valid_from) for g in made] == [("registry_officer", "320211", TODAY)]
    assert not access.grants_of(User.objects.get(pk=giver.pk), TODAY)
    assert len(access.grants_of(User.objects.get(pk=taker.pk), TODAY)) == 2
    with pytest.raises(Refused):
        grants.hand_over(user=giver, to=taker, by=security, at=AT)
    auditor = factories.user("shenji")
    grants.appoint(user=auditor, office=Office.AUDIT, by=security, at=AT)
    with pytest.raises(Refused):
        grants.hand_over(user=taker, to=auditor, by=security, at=AT)
    assert len(access.grants_of(User.objects.get(pk=taker.pk), TODAY)) == 2


def test_closed_accounts_get_nothing(security):
    user = factories.user("wang", is_active=False)
    with pytest.raises(Refused):
        give(security, user)


def _together(*works):
    """Run the works in threads that start at once; returns what each raised or None."""
    gate = threading.Barrier(len(works))
    raised = [None] * len(works)

    def run(n, work):
        try:
            gate.wait(10)
            work()
        except (Refused, PermissionDenied) as refused:
            raised[n] = refused
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return raised


@pytest.mark.django_db(transaction=True)
def test_two_appointments_at_once_never_give_two_offices():
    security = factories.user("anquan", ("security_administrator", "all", ""), office="security")
    level(Separation.THREE_OFFICES)
    for n in range(5):
        user = factories.user(f"neu{n}")
        raised = _together(
            *(
                lambda office=office, user=user: grants.appoint(user=user, office=office, by=security, at=AT)
                for office in (Office.SYSTEM, Office.AUDIT, Office.SECURITY)
            )
        )
        assert sum(r is None for r in raised) == 1
        held = Grant.objects.filter(user=user, ended_at__isnull=True)
        user.refresh_from_db()
        assert [g.role for g in held] == [grants.OFFICE_ROLES[Office(user.office)]]


@pytest.mark.django_db(transaction=True)
def test_office_and_business_role_at_once():
    factories.binhu()
    security = factories.user("anquan", ("security_administrator", "all", ""), office="security")
    level(Separation.THREE_OFFICES)
    for n in range(5):
        user = factories.user(f"neu{n}")
        raised = _together(
            lambda user=user: grants.appoint(user=user, office=Office.AUDIT, by=security, at=AT),
            lambda user=user: give(security, user),
            lambda user=user: give(security, user),
        )
        user.refresh_from_db()
        held = list(Grant.objects.filter(user=user, ended_at__isnull=True))
        assert len(held) == 1
        assert (user.office == "audit") == (held[0].role == "audit_administrator")
        assert sum(r is None for r in raised) == 1
