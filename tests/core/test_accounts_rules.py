"""The pure account rules against tables written by hand from the handbook (§7.3, SEC-01, -02, -04)."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaoyuan.core.actions.accounts import one_time_password
from liaoyuan.core.choices import Separation
from liaoyuan.core.rules.accounts import (
    Holding,
    after_failure,
    is_aged,
    is_locked,
    password_findings,
    separation_findings,
)

AT = datetime(2026, 10, 26, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("password", "told"),
    [
        ("Abcdefg123", set()),  # exactly ten, three classes
        ("Abcdefg12", {"字符"}),  # nine
        ("abcdefg123", {"类"}),  # two classes
        ("ABCDEFG123", {"类"}),
        ("abcdefg-12", set()),  # lower, digit, other
        ("Ab-cdefghi", set()),
        ("Abcdefghij", {"类"}),
        ("密码密码密码密码a1", set()),  # Chinese is the fourth class
        ("1234567890", {"类"}),
        ("", {"字符", "类"}),
        ("Xwang.li2026", {"登录名"}),
        ("XWANG.LI2026a", {"登录名"}),
    ],
)
def test_password(password, told):
    found = password_findings(password, username="wang.li", reused=False)
    assert len(found) == len(told)
    for word in told:
        assert any(word in f.text for f in found)
    assert all(f.code == "SEC-01" and f.severity == "block" for f in found)


def test_reused_password_is_told():
    assert "最近 5 次" in password_findings("Abcdefg123", username="wang", reused=True)[0].text


@given(st.text(min_size=10, max_size=30))
def test_password_classes_by_brute_force(password):
    lower = any("a" <= c <= "z" for c in password)
    upper = any("A" <= c <= "Z" for c in password)
    digit = any("0" <= c <= "9" for c in password)
    other = any(not ("a" <= c <= "z" or "A" <= c <= "Z" or "0" <= c <= "9") for c in password)
    refused = bool(password_findings(password, username="", reused=False))
    assert refused == (lower + upper + digit + other < 3)


def test_password_days():
    assert not is_aged(None, AT)
    assert not is_aged(AT - timedelta(days=90), AT)
    assert is_aged(AT - timedelta(days=90, seconds=1), AT)


def test_fifth_failure_locks_for_thirty_minutes():
    failed, until = 0, None
    for _ in range(4):
        failed, until = after_failure(failed, AT)
        assert until is None
    failed, until = after_failure(failed, AT)
    assert (failed, until) == (0, AT + timedelta(minutes=30))
    assert is_locked(until, AT + timedelta(minutes=29, seconds=59))
    assert not is_locked(until, AT + timedelta(minutes=30))
    assert not is_locked(None, AT)


def _brute(level, office, roles):
    """The decision text read again: what may one account hold at each level."""
    admins = {r for r in roles if r}
    business = "" in roles
    if level == Separation.TRIAL:
        return True
    if level == Separation.SMALL_OFFICE:
        is_auditor = office == "audit" or "audit" in admins
        if is_auditor:
            return not business and admins <= {"audit"} and (not admins or office == "audit")
        return not admins or office in {"system", "security"}
    return (admins <= {office} if admins else True) and not (business and (admins or office))


def test_separation_against_the_text():
    kinds = ["", "system", "security", "audit"]
    for level, office in product(Separation, kinds):
        for mask in range(16):
            roles = frozenset(k for i, k in enumerate(kinds) if mask >> i & 1)
            allowed = not separation_findings(level, Holding(office, roles))
            assert allowed == _brute(level, office, roles), (level, office, roles)


def test_one_time_passwords_fit_the_policy_and_differ():
    made = {one_time_password() for _ in range(200)}
    assert len(made) == 200
    assert all(not password_findings(m, username="setup", reused=False) for m in made)
    assert not any(set(m) & set("0O1lI") for m in made)
