"""The separation level: raised any time, lowered with the auditor's signature; and the first administrators."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from liaoyuan.core import access, clock, events, locks, sessions
from liaoyuan.core.access import Actor
from liaoyuan.core.actions.accounts import make_account, person
from liaoyuan.core.actions.grants import OFFICE_ROLES
from liaoyuan.core.choices import Event, Office, Permission, ScopeKind, Separation
from liaoyuan.core.models import Grant, SeparationSetting, User
from liaoyuan.core.queries import accounts as queries
from liaoyuan.core.rules.accounts import LEVELS, refusal
from liaoyuan.kit.findings import Refused

#: Which offices the first step fills at each level; the others' roles go to the one named.
_SEATS: Mapping[Separation, Mapping[Office, tuple[Office, ...]]] = {
    Separation.TRIAL: {Office.SYSTEM: (Office.SYSTEM, Office.SECURITY, Office.AUDIT)},
    Separation.SMALL_OFFICE: {Office.SYSTEM: (Office.SYSTEM, Office.SECURITY), Office.AUDIT: (Office.AUDIT,)},
    Separation.THREE_OFFICES: {office: (office,) for office in OFFICE_ROLES},
}


@dataclass(frozen=True, slots=True)
class Appointee:
    """Login name and name of a first administrator."""

    username: str
    display_name: str


def seats(level: Separation) -> list[Office]:
    """The offices for which the first step asks a person at this level."""
    return list(_SEATS[level])


@transaction.atomic
def set_level(*, level: Separation, valid_from: date, by: Actor, at: datetime) -> SeparationSetting:
    """Set the level from a day on.

    Raising is refused while an account's holding does not fit it; lowering waits for the auditor's signature.
    """
    access.require(by, Permission.SEPARATION_SET)
    locks.one_at_a_time("separation")
    today = clock.localdate(at)
    if valid_from < today:
        raise Refused([refusal("SEC-04", "past", "valid_from")])
    present = queries.effective_level(valid_from)
    if level == present and queries.separation_history().exists():
        raise Refused([refusal("SEC-04", "same", "level")])
    lowers = LEVELS.index(level) < LEVELS.index(present)
    if not lowers:
        faults = queries.separation_faults(level, today)
        if faults:
            raise Refused(
                refusal("SEC-04", "level", "level", name=str(user), reason="".join(f.text for f in findings))
                for user, findings in faults
            )
    return _write(level, valid_from, lowers=lowers, by=by, at=at)


def _write(level: Separation, valid_from: date, *, lowers: bool, by: Actor | None, at: datetime) -> SeparationSetting:
    made = SeparationSetting.objects.create(
        level=level, valid_from=valid_from, lowers=lowers, set_at=at, set_by=person(by) if by else None
    )
    events.record(
        Event.SEPARATION_SET, made, by=by, at=at,
        payload={"level": str(level), "from": valid_from.isoformat(), "awaits_signature": lowers},
    )  # fmt: skip
    transaction.on_commit(sessions.forget_installation)
    return made


@transaction.atomic
def sign_level(*, setting: SeparationSetting, by: Actor, at: datetime) -> SeparationSetting:
    """The audit administrator signs a lowering; it binds from then on, not before its day."""
    access.require(by, Permission.AUDIT_VIEW)
    locks.one_at_a_time("separation")
    row = SeparationSetting.objects.get(pk=setting.pk)
    signer = person(by)
    if signer is None or signer.office != Office.AUDIT or signer.pk == row.set_by_id or row.signed_at or not row.lowers:
        raise Refused([refusal("SEC-04", "signer")])
    row.signed_at, row.signed_by = at, signer
    row.valid_from = max(row.valid_from, clock.localdate(at))
    row.save(update_fields=["signed_at", "signed_by", "valid_from"])
    events.record(Event.SEPARATION_SET, row, by=by, at=at, payload={"level": row.level, "signed": True})
    transaction.on_commit(sessions.forget_installation)
    return row


@transaction.atomic
def set_up(*, level: Separation, people: Mapping[Office, Appointee], by: Actor, at: datetime) -> list[tuple[User, str]]:
    """The bootstrap account's only work: make the administrators of the level, then close itself.

    Returns the accounts with their one-time passwords, shown once.
    """
    locks.one_at_a_time("separation")
    setter = person(by)
    if setter is None or not setter.is_bootstrap or not User.objects.filter(pk=setter.pk, is_active=True).exists():
        raise PermissionDenied("bootstrap")
    names = [people[office].username.strip().lower() for office in _SEATS[level]]
    if len(set(names)) < len(names):
        raise Refused([refusal("ACCOUNT", "distinct", "username")])
    today = clock.localdate(at)
    made = []
    for office, roles in _SEATS[level].items():
        kept = Office.NONE if level == Separation.TRIAL else office
        wished = people[office]
        user, shown = make_account(
            username=wished.username, display_name=wished.display_name, unit="", by=setter, at=at, office=kept
        )
        events.record(Event.USER_CREATED, user, by=by, at=at, payload={"username": user.username})
        for role in roles:
            Grant.objects.create(
                user=user, role=OFFICE_ROLES[role], scope_kind=ScopeKind.ALL, scope_id="", valid_from=today,
                granted_at=at, granted_by=setter,
            )  # fmt: skip
            events.record(Event.GRANTED, user, by=by, at=at, payload={"role": OFFICE_ROLES[role]})
        made.append((user, shown))
    _write(level, today, lowers=False, by=by, at=at)
    User.objects.filter(pk=setter.pk).update(is_active=False)
    events.record(Event.USER_CLOSED, setter, by=by, at=at, payload={"bootstrap": True})
    return made
