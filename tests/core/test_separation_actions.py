"""The separation level: default, raising, lowering with a signature, and the first administrators."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.hashers import check_password
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from liaoyuan.core import access
from liaoyuan.core.access import Operator
from liaoyuan.core.actions import accounts, separation
from liaoyuan.core.actions.separation import Appointee
from liaoyuan.core.choices import Office, Separation
from liaoyuan.core.models import Grant, SeparationSetting, User
from liaoyuan.core.queries import accounts as queries
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


@pytest.fixture
def auditor():
    return factories.user("shenji", ("audit_administrator", "all", ""), office="audit")


def set_level(security, level, start=TODAY):
    return separation.set_level(level=level, valid_from=start, by=security, at=AT)


def test_small_office_is_the_default():
    assert queries.effective_level(TODAY) == Separation.SMALL_OFFICE


def test_raising_from_a_day_on(security):
    set_level(security, Separation.THREE_OFFICES, TODAY + 3 * DAY)
    assert queries.effective_level(TODAY + 2 * DAY) == Separation.SMALL_OFFICE
    assert queries.effective_level(TODAY + 3 * DAY) == Separation.THREE_OFFICES
    assert queries.strictest_level(TODAY) == Separation.THREE_OFFICES


def test_raising_names_the_accounts_in_the_way(security):
    user = factories.user(
        "guanli", ("system_administrator", "all", ""), ("security_administrator", "all", ""), office="system"
    )
    assert queries.separation_faults(Separation.SMALL_OFFICE, TODAY) == []
    with pytest.raises(Refused) as refused:
        set_level(security, Separation.THREE_OFFICES)
    assert user.display_name in str(refused.value)
    Grant.objects.filter(user=user, role="security_administrator").update(ended_at=AT)
    set_level(security, Separation.THREE_OFFICES)
    with pytest.raises(Refused):  # twice the same
        set_level(security, Separation.THREE_OFFICES)


def test_lowering_waits_for_the_auditor(security, auditor):
    set_level(security, Separation.THREE_OFFICES)
    row = set_level(security, Separation.TRIAL)
    assert row.lowers
    assert queries.effective_level(TODAY) == Separation.THREE_OFFICES
    with pytest.raises(PermissionDenied):
        separation.sign_level(setting=row, by=security, at=AT)
    with pytest.raises(Refused):  # the operator never counts as the second person
        separation.sign_level(setting=row, by=Operator("root"), at=AT)
    signed = separation.sign_level(setting=row, by=auditor, at=AT + 2 * DAY)
    assert (signed.signed_by, signed.valid_from) == (auditor, TODAY + 2 * DAY)
    assert queries.effective_level(TODAY + DAY) == Separation.THREE_OFFICES
    assert queries.effective_level(TODAY + 2 * DAY) == Separation.TRIAL
    with pytest.raises(Refused):
        separation.sign_level(setting=row, by=auditor, at=AT)


def test_who_may_not_set(security, auditor):
    system = factories.user("xitong", ("system_administrator", "all", ""), office="system")
    for other in (system, auditor):
        with pytest.raises(PermissionDenied):
            set_level(other, Separation.THREE_OFFICES)
    with pytest.raises(Refused):
        set_level(security, Separation.THREE_OFFICES, TODAY - DAY)


def test_signature_is_whole(security):
    row = SeparationSetting.objects.create(level="trial", valid_from=TODAY, set_at=AT, lowers=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        SeparationSetting.objects.filter(pk=row.pk).update(signed_at=AT)


def _bootstrap():
    shown = accounts.make_bootstrap(at=AT)
    user = User.objects.get(is_bootstrap=True)
    assert check_password(shown, user.password)
    return user


def _people(level):
    return {office: Appointee(f"{office}.a", f"甲{office}") for office in separation.seats(level)}


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        (
            Separation.TRIAL,
            {"system.a": ("", {"system_administrator", "security_administrator", "audit_administrator"})},
        ),
        (
            Separation.SMALL_OFFICE,
            {
                "system.a": ("system", {"system_administrator", "security_administrator"}),
                "audit.a": ("audit", {"audit_administrator"}),
            },
        ),
        (
            Separation.THREE_OFFICES,
            {
                "system.a": ("system", {"system_administrator"}),
                "security.a": ("security", {"security_administrator"}),
                "audit.a": ("audit", {"audit_administrator"}),
            },
        ),
    ],
)
def test_first_administrators(level, expected):
    setter = _bootstrap()
    made = separation.set_up(level=level, people=_people(level), by=setter, at=AT)
    found = {
        user.username: (user.office, {g.role for g in access.grants_of(User.objects.get(pk=user.pk), TODAY)})
        for user, _shown in made
    }
    assert found == expected
    assert all(check_password(shown, user.password) and user.must_change_password for user, shown in made)
    setter.refresh_from_db()
    assert not setter.is_active
    assert queries.effective_level(TODAY) == level
    assert queries.separation_faults(level, TODAY) == []
    assert queries.missing_administrators(TODAY) == []
    with pytest.raises(PermissionDenied):  # the bootstrap account works once
        separation.set_up(level=level, people={o: Appointee(f"{o}.b", "乙") for o in Office}, by=setter, at=AT)


def test_one_name_for_two_offices_is_refused_whole():
    setter = _bootstrap()
    people = {office: Appointee("Same.One", "甲") for office in separation.seats(Separation.THREE_OFFICES)}
    with pytest.raises(Refused):
        separation.set_up(level=Separation.THREE_OFFICES, people=people, by=setter, at=AT)
    assert User.objects.count() == 1


def test_nobody_else_sets_up():
    user = factories.user("xitong", ("system_administrator", "all", ""), office="system")
    with pytest.raises(PermissionDenied):
        separation.set_up(level=Separation.TRIAL, people=_people(Separation.TRIAL), by=user, at=AT)
