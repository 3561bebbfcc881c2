"""Invitations: a one-time code, bound to a register row, with which a body opens its account."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from liaoyuan.core import access, clock, events, locks, vault
from liaoyuan.core.access import Actor
from liaoyuan.core.actions.accounts import end_now, make_account, person
from liaoyuan.core.choices import Event, Permission, ScopeKind
from liaoyuan.core.models import Grant, Invitation, User
from liaoyuan.core.params import INVITATION_DAYS
from liaoyuan.core.rules.accounts import password_findings, refusal
from liaoyuan.kit.findings import Refused

ROLE = "organization_head"
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Slip:
    """What is printed for one body: the code is shown here only, the database keeps its hash."""

    label: str
    code: str
    expires_at: datetime


def new_code() -> str:
    """Twelve characters in three groups: 60 bits, none mistaken for another on paper."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(3))


def hash_code(code: str) -> str:
    """The keyed hash under which a code is kept; blanks, dashes and case do not matter."""
    return vault.blind_index("".join(c for c in code.upper() if c in _ALPHABET), purpose="invitation")


@transaction.atomic
def invite(*, subject: Any, label: str, by: Actor, at: datetime) -> Slip:
    """Invite one organization; an open invitation of the same body is revoked. `label` is its name on the slip."""
    access.require(by, Permission.INVITE, subject)
    return _invite(str(subject.pk), label, by=by, at=at)


@transaction.atomic
def invite_area(*, path: str, targets: Sequence[tuple[str, str]], by: Actor, at: datetime) -> list[Slip]:
    """Invite the organizations (key, name) of an area, a street's batch; the caller found them within `path`."""
    access.require_area(by, Permission.INVITE, path)
    return [_invite(key, label, by=by, at=at) for key, label in targets]


def _invite(key: str, label: str, *, by: Actor, at: datetime) -> Slip:
    locks.one_at_a_time("invitation", key)
    _revoke_open(key, by=by, at=at)
    code = new_code()
    made = Invitation.objects.create(
        code_hash=hash_code(code), role=ROLE, scope_kind=ScopeKind.ORGANIZATION, scope_id=key, label=label[:120],
        expires_at=at + timedelta(days=INVITATION_DAYS), created_at=at, created_by=person(by),
    )  # fmt: skip
    events.record(Event.INVITED, made, by=by, at=at, payload={"organization": key})
    return Slip(label, code, made.expires_at)


def _revoke_open(key: str, *, by: Actor, at: datetime) -> int:
    rows = Invitation.objects.filter(
        scope_kind=ScopeKind.ORGANIZATION, scope_id=key, used_at__isnull=True, revoked_at__isnull=True
    )
    for row in rows:
        _revoke(row, by=by, at=at)
    return len(rows)


def _revoke(row: Invitation, *, by: Actor, at: datetime) -> None:
    row.revoked_at, row.revoked_by = at, person(by)
    row.save(update_fields=["revoked_at", "revoked_by"])
    events.record(Event.INVITATION_REVOKED, row, by=by, at=at, payload={"organization": row.scope_id})


@transaction.atomic
def revoke(*, invitation: Invitation, by: Actor, at: datetime) -> Invitation:
    """Take one invitation back; the caller loaded it within the user's reach."""
    access.require(by, Permission.INVITE)
    locks.one_at_a_time("invitation", invitation.scope_id)
    row = Invitation.objects.get(pk=invitation.pk)
    if row.used_at or row.revoked_at:
        raise Refused([refusal("INVITATION", "used")])
    _revoke(row, by=by, at=at)
    return row


@transaction.atomic
def revoke_head(*, organization: int, by: Actor, at: datetime) -> int:
    """A change of head: open invitations of the body and the head's grants end. Returns how many grants ended.

    Called by the registry's own action inside its transaction; that action has judged the permission.
    """
    key = str(organization)
    locks.one_at_a_time("invitation", key)
    _revoke_open(key, by=by, at=at)
    held = Grant.objects.filter(
        role=ROLE, scope_kind=ScopeKind.ORGANIZATION, scope_id=key, ended_at__isnull=True
    ).select_related("user")
    for grant in held:
        end_now(grant, by=by, at=at)
    return len(held)


def accept(*, code: str, username: str, display_name: str, password: str, at: datetime) -> User:
    """Use a code: opens the account with a password of its own choice and the head's grant over this body.

    One sentence for wrong, used, revoked and expired codes. Refused too: SEC-01, a taken login name.
    """
    told = password_findings(password, username=username.strip(), reused=False)
    if told:
        raise Refused(told)
    return _accept(code, username, display_name, password, at=at)


@transaction.atomic
def _accept(code: str, username: str, display_name: str, password: str, *, at: datetime) -> User:
    found = Invitation.objects.filter(code_hash=hash_code(code)).first()
    if found is not None:
        locks.one_at_a_time("invitation", found.scope_id)
        found = Invitation.objects.filter(
            pk=found.pk, used_at__isnull=True, revoked_at__isnull=True, expires_at__gt=at
        ).first()
    if found is None:
        raise Refused([refusal("INVITATION", "code", "code")])
    user, _shown = make_account(
        username=username, display_name=display_name, unit=found.label[:60], password=password, by=None, at=at
    )
    found.used_at, found.used_by = at, user
    found.save(update_fields=["used_at", "used_by"])
    grant = Grant.objects.create(
        user=user, role=found.role, scope_kind=found.scope_kind, scope_id=found.scope_id,
        valid_from=clock.localdate(at), granted_at=at, granted_by=found.created_by,
    )  # fmt: skip
    events.record(Event.USER_CREATED, user, by=user, at=at, payload={"invitation": found.pk})
    events.record(Event.INVITATION_USED, found, by=user, at=at, payload={"organization": found.scope_id})
    events.record(Event.GRANTED, user, by=user, at=at, payload={"grant": grant.pk, "role": grant.role})
    return user
