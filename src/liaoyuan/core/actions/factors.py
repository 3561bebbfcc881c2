"""The second factor: TOTP (RFC 6238) and recovery codes, kept by the login library, sealed by the vault."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, hotp_value, validate_totp_code, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from django.db import transaction

from liaoyuan.core import access, events, sessions
from liaoyuan.core.access import Actor
from liaoyuan.core.actions.accounts import lock_account, note_failure
from liaoyuan.core.choices import Event, Permission
from liaoyuan.core.models import User
from liaoyuan.core.queries import accounts as queries
from liaoyuan.core.rules.accounts import is_locked, refusal
from liaoyuan.kit.findings import Refused


@transaction.atomic
def check_code(*, user: User, code: str, at: datetime) -> bool:
    """Whether a TOTP or recovery code of the account is right, now and for the first time. A wrong one counts (SEC-02).

    The library remembers used codes in one process only; here the last time step used stands on the row.
    """
    account = lock_account(user)
    given = "".join(code.split())
    if not is_locked(account.locked_until, at) and account.is_active and _accept(account, given):
        return True
    note_failure(account, at=at)
    return False


def _accept(account: User, code: str) -> bool:
    for kept in Authenticator.objects.filter(user=account).order_by("-type"):
        if kept.type == Authenticator.Type.TOTP:
            secret = decrypt(kept.data["secret"])
            step = next((s for s in yield_hotp_counters_from_time() if f"{hotp_value(secret, s):06}" == code), None)
            if step is None or step <= kept.data.get("step", 0):
                continue
            kept.data["step"] = step
            kept.save(update_fields=["data"])
            kept.record_usage()
            return True
        if kept.type == Authenticator.Type.RECOVERY_CODES and RecoveryCodes(kept).validate_code(code):
            kept.refresh_from_db()
            kept.record_usage()
            return True
    return False


@transaction.atomic
def enable_totp(*, user: User, secret: str, code: str, at: datetime) -> list[str]:
    """Switch TOTP on with a first right code; returns the recovery codes, shown once."""
    account = lock_account(user)
    if queries.has_totp(account):
        raise Refused([refusal("SEC-03", "again")])
    if not validate_totp_code(secret, "".join(code.split())):
        raise Refused([refusal("SEC-02", "code", "code")])
    TOTP.activate(account, secret)
    Authenticator.objects.filter(user=account, type=Authenticator.Type.RECOVERY_CODES).delete()
    codes = RecoveryCodes.activate(account).generate_codes()
    events.record(Event.TOTP_ON, account, by=account, at=at)
    return codes


def disable_totp(*, user: User, code: str, at: datetime) -> None:
    """Switch the own TOTP off with a right code. Refused while a role asks for it (SEC-03)."""
    if sessions.needs_second_factor(user):
        raise Refused([refusal("SEC-03", "needed")])
    if not check_code(user=user, code=code, at=at):
        raise Refused([refusal("SEC-02", "code", "code")])
    _take_off(user, by=user, at=at)


def new_recovery_codes(*, user: User, code: str, at: datetime) -> list[str]:
    """Replace the recovery codes, with a right code; returns the new ones, shown once."""
    if not check_code(user=user, code=code, at=at):
        raise Refused([refusal("SEC-02", "code", "code")])
    return _replace_codes(user, at=at)


@transaction.atomic
def _replace_codes(user: User, *, at: datetime) -> list[str]:
    account = lock_account(user)
    Authenticator.objects.filter(user=account, type=Authenticator.Type.RECOVERY_CODES).delete()
    codes = RecoveryCodes.activate(account).generate_codes()
    events.record(Event.TOTP_ON, account, by=account, at=at, payload={"recovery_codes": "new"})
    return codes


def reset_second_factor(*, user: User, by: Actor, at: datetime) -> None:
    """Take the second factor off an account whose phone is lost: the security administrator's work."""
    access.require(by, Permission.GRANT_MANAGE)
    _take_off(user, by=by, at=at)


@transaction.atomic
def _take_off(user: User, *, by: Actor, at: datetime) -> None:
    account = lock_account(user)
    Authenticator.objects.filter(user=account).delete()
    events.record(Event.TOTP_OFF, account, by=by, at=at)
