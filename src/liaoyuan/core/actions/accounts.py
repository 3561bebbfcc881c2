"""Accounts: made, closed, unlocked, their passwords, and what a login leaves behind.

Passwords are hashed before the transaction opens: an argon2 hash takes longer than a writer should hold the database.
"""

import re
import secrets
from datetime import date, datetime

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from liaoyuan.core import access, clock, events, locks
from liaoyuan.core.access import Actor, Operator
from liaoyuan.core.choices import Event, Office, Permission
from liaoyuan.core.models import Grant, User
from liaoyuan.core.params import PASSWORD
from liaoyuan.core.queries import accounts as queries
from liaoyuan.core.rules.accounts import after_failure, classes_of, is_locked, password_findings, refusal
from liaoyuan.kit.findings import Refused

#: No letters and digits that are mistaken for each other on paper.
_ALPHABET = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_USERNAME = re.compile(r"[\w.\-]{3,40}")


def person(by: Actor) -> User | None:
    """The account behind an actor; the command line's operator has none."""
    return by if isinstance(by, User) else None


def one_time_password() -> str:
    """A password to be printed once: three groups of four, all four classes, about 69 bits."""
    while True:
        made = "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(3))
        if classes_of(made) == 4:
            return made


def lock_account(user: User) -> User:
    """Wait for the account's other writers and read its row anew."""
    locks.one_at_a_time("account", user.pk)
    return User.objects.get(pk=user.pk)


@transaction.atomic
def create_user(
    *,
    username: str,
    display_name: str,
    by: Actor,
    at: datetime,
    unit: str = "",
    email: str = "",
    password: str = "",
    is_demo: bool = False,
) -> tuple[User, str]:
    """Make an account without any grant; returns it with its one-time password.

    A given `password` is stored as it is and need not be changed: demo accounts and invitations. Refused: a login name
    that is taken or unusable, an empty name.
    """
    access.require(by, Permission.USER_MANAGE)
    made, shown = make_account(
        username=username, display_name=display_name, unit=unit, email=email, password=password,
        is_demo=is_demo, by=person(by), at=at,
    )  # fmt: skip
    events.record(Event.USER_CREATED, made, by=by, at=at, payload={"username": made.username, "unit": unit})
    return made, shown


def make_account(
    *,
    username: str,
    display_name: str,
    unit: str,
    by: User | None,
    at: datetime,
    email: str = "",
    password: str = "",
    is_demo: bool = False,
    is_bootstrap: bool = False,
    office: Office = Office.NONE,
) -> tuple[User, str]:
    """Write the row of a new account under a lock; the caller has judged permission and records the event."""
    name = username.strip().lower()
    locks.one_at_a_time("username", name)
    told = []
    if not _USERNAME.fullmatch(name):
        told.append(refusal("ACCOUNT", "username", "username"))
    elif User.objects.filter(username__iexact=name).exists():
        told.append(refusal("ACCOUNT", "taken", "username"))
    if not display_name.strip():
        told.append(refusal("ACCOUNT", "name", "display_name"))
    if told:
        raise Refused(told)
    shown = password or one_time_password()
    stored = make_password(shown)
    user = User.objects.create(
        username=name, display_name=display_name.strip(), unit=unit.strip(), email=email, office=office,
        password=stored, password_changed_at=at, password_history=[stored], created_at=at, created_by=by,
        is_demo=is_demo, is_bootstrap=is_bootstrap, must_change_password=not password and not is_bootstrap,
    )  # fmt: skip
    return user, shown


@transaction.atomic
def close_user(*, user: User, by: Actor, at: datetime, reason: str = "") -> User:
    """Close an account and end its grants. Refused: one's own account, the last administrator of an office."""
    access.require(by, Permission.USER_MANAGE)
    locks.one_at_a_time("separation")
    account = lock_account(user)
    if person(by) == account:
        raise Refused([refusal("ACCOUNT", "self")])
    today = clock.localdate(at)
    for grant in queries.open_grants(account, today):
        refuse_last(grant.role, account, by=by, at=at)
        end_now(grant, by=by, at=at)
    account.is_active = False
    account.office = Office.NONE
    account.save(update_fields=["is_active", "office"])
    events.record(Event.USER_CLOSED, account, by=by, at=at, payload={"reason": reason})
    access.forget(user)
    return account


def end_now(grant: Grant, *, by: Actor, at: datetime) -> None:
    """End a grant at once, and its deputies' with it; the caller has judged permission and holds the lock."""
    today = clock.localdate(at)
    grant.valid_to = max(grant.valid_from, today)
    grant.ended_at, grant.ended_by = at, person(by)
    grant.save(update_fields=["valid_to", "ended_at", "ended_by"])
    events.record(Event.GRANT_ENDED, grant.user, by=by, at=at, payload={"grant": grant.pk, "role": grant.role})
    for deputy in _deputies(grant, today):
        end_now(deputy, by=by, at=at)


def end_on(grant: Grant, on: date, *, by: Actor, at: datetime) -> None:
    """Let a grant end on a later day, the first one without it, and its deputies' at the latest then."""
    grant.valid_to = on
    grant.save(update_fields=["valid_to"])
    told = {"grant": grant.pk, "role": grant.role, "on": on.isoformat()}
    events.record(Event.GRANT_ENDED, grant.user, by=by, at=at, payload=told)
    for deputy in _deputies(grant, on):
        if deputy.valid_from >= on:
            end_now(deputy, by=by, at=at)
        else:
            end_on(deputy, on, by=by, at=at)


def _deputies(grant: Grant, on: date) -> list[Grant]:
    """Deputies' grants that rest on this one and hold on the day or later. A deputy has none."""
    if grant.deputy_for_id is not None:
        return []
    rows = Grant.objects.filter(
        deputy_for=grant.user_id, role=grant.role, scope_kind=grant.scope_kind, scope_id=grant.scope_id,
        ended_at__isnull=True, valid_to__gt=on,
    )  # fmt: skip
    return list(rows.select_related("user").order_by("pk"))


def refuse_last(role: str, user: User, *, by: Actor, at: datetime) -> None:
    """Refuse to take an administrator's role from its last holder; only the operator at the machine may."""
    known = access.roles().get(role)
    if known is None or known.office == Office.NONE or isinstance(by, Operator):
        return
    today = clock.localdate(at)
    others = queries.holders(role, today).exclude(pk=user.pk)
    if queries.holders(role, today).filter(pk=user.pk).exists() and not others.exists():
        raise Refused([refusal("SEC-04", "last", title=known.title)])


@transaction.atomic
def unlock(*, user: User, by: Actor, at: datetime) -> User:
    """Lift the lock after failed logins."""
    access.require(by, Permission.USER_MANAGE)
    account = lock_account(user)
    account.failed_logins, account.locked_until = 0, None
    account.save(update_fields=["failed_logins", "locked_until"])
    events.record(Event.UNLOCKED, account, by=by, at=at)
    return account


@transaction.atomic
def reset_password(*, user: User, by: Actor, at: datetime) -> str:
    """Give a one-time password, shown once and to be changed at the next login; all sessions end, the lock is lifted.

    The second factor stays: only the security administrator takes that off, so that neither can enter an account alone.
    """
    access.require(by, Permission.USER_MANAGE)
    shown = one_time_password()
    stored = make_password(shown)
    account = lock_account(user)
    if not account.is_active:
        raise Refused([refusal("ACCOUNT", "closed")])
    account.password = stored
    account.must_change_password = True
    account.failed_logins, account.locked_until, account.password_changed_at = 0, None, at
    account.save(
        update_fields=["password", "must_change_password", "failed_logins", "locked_until", "password_changed_at"]
    )
    events.record(Event.PASSWORD_RESET, account, by=by, at=at)
    return shown


def is_reused(user: User, password: str) -> bool:
    """Whether the password is one of the last five, the present one included."""
    recent = [user.password, *user.password_history]
    return any(check_password(password, stored) for stored in dict.fromkeys(recent[: PASSWORD["history"] + 1]))


def change_password(*, user: User, current: str, new: str, at: datetime) -> User:
    """Change the own password. Refused: a wrong current one, or SEC-01."""
    account = User.objects.get(pk=user.pk)
    if not check_password(current, account.password):
        raise Refused([refusal("SEC-01", "current", "current")])
    told = password_findings(new, username=account.username, reused=is_reused(account, new))
    if told:
        raise Refused(told)
    return _store_password(account, make_password(new), at=at)


@transaction.atomic
def _store_password(seen: User, stored: str, *, at: datetime) -> User:
    account = lock_account(seen)
    if account.password != seen.password:  # changed meanwhile: what was checked is no longer true
        raise Refused([refusal("SEC-01", "current", "current")])
    earlier = account.password_history or [account.password]
    account.password = stored
    account.password_history = [stored, *earlier][: PASSWORD["history"]]
    account.password_changed_at, account.must_change_password = at, False
    account.save(update_fields=["password", "password_history", "password_changed_at", "must_change_password"])
    events.record(Event.PASSWORD_CHANGED, account, by=account, at=at)
    return account


@transaction.atomic
def judge_password(*, username: str, user: User | None, at: datetime) -> User | None:
    """What follows from a password that was right (`user`) or wrong (None): the account to go on with, or None.

    A wrong one counts, the fifth locks. A locked account is refused even with the right password. Nothing here tells a
    known login name from an unknown one. The counter is cleared only by `note_login`, after the second factor.
    """
    account = user or queries.find_account(username)
    if account is None:
        events.record(Event.LOGIN_FAILED, None, by=None, at=at, payload={"reason": "unknown"})
        return None
    account = lock_account(account)
    if user is None or is_locked(account.locked_until, at) or not account.is_active:
        note_failure(account, at=at)
        return None
    return account


def note_failure(account: User, *, at: datetime) -> None:
    """Count one failure of a locked row inside the caller's transaction; the fifth locks the account."""
    events.record(Event.LOGIN_FAILED, account, by=None, at=at)
    if is_locked(account.locked_until, at):
        return
    account.failed_logins, account.locked_until = after_failure(account.failed_logins, at)
    account.save(update_fields=["failed_logins", "locked_until"])
    if account.locked_until:
        events.record(Event.LOCKED, account, by=None, at=at)


@transaction.atomic
def note_login(*, user: User, factor: str, at: datetime) -> None:
    """A complete login: the counter starts anew, the event says by which factor."""
    account = lock_account(user)
    account.failed_logins, account.locked_until = 0, None
    account.save(update_fields=["failed_logins", "locked_until"])
    events.record(Event.LOGIN, account, by=account, at=at, payload={"factor": factor})


@transaction.atomic
def note_logout(*, user: User, at: datetime) -> None:
    """The user left by the door."""
    events.record(Event.LOGOUT, user, by=user, at=at)


@transaction.atomic
def make_bootstrap(*, at: datetime) -> str | None:
    """The first login of an empty database: it can only set up the administrators. None when accounts exist."""
    locks.one_at_a_time("separation")
    if User.objects.exists():
        return None
    made, shown = make_account(username="setup", display_name="初装账号", unit="", by=None, at=at, is_bootstrap=True)
    events.record(Event.USER_CREATED, made, by=None, at=at, payload={"bootstrap": True})
    return shown
