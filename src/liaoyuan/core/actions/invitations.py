"""Invitations: a one-time code, bound to a register row, with which a body opens its account."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Q

from liaoyuan.core import access, clock, events, locks, registries, vault
from liaoyuan.core.access import Actor
from liaoyuan.core.actions.accounts import end_now, end_on, make_account, person
from liaoyuan.core.choices import Event, Permission, ScopeKind
from liaoyuan.core.models import Grant, Invitation, User
from liaoyuan.core.params import INVITATION_DAYS
from liaoyuan.core.rules.accounts import password_findings, refusal
from liaoyuan.kit.findings import Finding, Refused

ROLE = "organization_head"
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Slip:
    """What is printed for one body: the code is shown here only, the database keeps its hash."""

    label: str
    code: str
    expires_at: datetime


class HeadChange(NamedTuple):
    """What a change of head did to the body's accounts: whose access ends, and whose began after it and stays."""

    ended: list[str]
    kept: list[str]


def new_code() -> str:
    """Twelve characters in three groups: 60 bits, none mistaken for another on paper."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(3))


def hash_code(code: str) -> str:
    """The keyed hash under which a code is kept; blanks, dashes and case do not matter."""
    return vault.blind_index(_plain(code), purpose="invitation")


def _plain(code: str) -> str:
    return "".join(c for c in code.upper() if c in _ALPHABET)


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


@transaction.atomic
def confirm(*, subject: Any, label: str, code_hash: str, by: Actor, at: datetime) -> Invitation:
    """Invite one organization under a code that its claimant already keeps; here only the hash of it is known."""
    access.require(by, Permission.INVITE, subject)
    return _make(str(subject.pk), label, code_hash, by=by, at=at)


def _invite(key: str, label: str, *, by: Actor, at: datetime) -> Slip:
    code = new_code()
    return Slip(label, code, _make(key, label, hash_code(code), by=by, at=at).expires_at)


def _make(key: str, label: str, code_hash: str, *, by: Actor, at: datetime) -> Invitation:
    locks.one_at_a_time("invitation", key)
    _revoke_open(key, by=by, at=at)
    made = Invitation.objects.create(
        code_hash=code_hash, role=ROLE, scope_kind=ScopeKind.ORGANIZATION, scope_id=key, label=label[:120],
        expires_at=at + timedelta(days=INVITATION_DAYS), created_at=at, created_by=person(by),
    )  # fmt: skip
    events.record(Event.INVITED, made, by=by, at=at, payload={"organization": key})
    return made


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
def revoke_head(*, organization: int, on: date, by: Actor, at: datetime) -> HeadChange:
    """A change of head on the day `on`: open invitations of the body end now, the head's grants from that day.

    A grant that begins after the day belongs to who came then, and stays. Called by the registry's own actions inside
    their transaction; they have judged the permission.
    """
    key = str(organization)
    locks.one_at_a_time("invitation", key)
    locks.one_at_a_time("separation")
    _revoke_open(key, by=by, at=at)
    told, today = HeadChange([], []), clock.localdate(at)
    held = Grant.objects.filter(_of_head([key]), ended_at__isnull=True).select_related("user").order_by("pk")
    for grant in held.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=max(on, today))):
        if grant.valid_from > on:
            told.kept.append(str(grant.user))
            continue
        told.ended.append(str(grant.user))
        if on <= today:
            end_now(grant, by=by, at=at)
        else:
            end_on(grant, on, by=by, at=at)
    return told


def _of_head(keys: Sequence[str]) -> Q:
    return Q(role=ROLE, scope_kind=ScopeKind.ORGANIZATION, scope_id__in=keys)


@transaction.atomic
def revoke_heads(*, changes: Mapping[int, date], by: Actor, at: datetime) -> list[str]:
    """The same for many bodies at once (organization → day of change); returns the names of those whose access ends.

    Only bodies with an open invitation or an account are touched and locked.
    """
    keys = [str(key) for key in changes]
    ended: list[str] = []
    concerned: set[str] = set()
    for start in range(0, len(keys), 500):
        part = _of_head(keys[start : start + 500])
        unused = Invitation.objects.filter(part, used_at__isnull=True, revoked_at__isnull=True)
        concerned.update(unused.values_list("scope_id", flat=True))
        concerned.update(Grant.objects.filter(part, ended_at__isnull=True).values_list("scope_id", flat=True))
    for key in sorted(concerned, key=int):
        ended += revoke_head(organization=int(key), on=changes[int(key)], by=by, at=at).ended
    return ended


def accept(*, code: str, username: str, display_name: str, password: str, at: datetime) -> User:
    """Use a code: opens the account with a password of its own choice and the head's grant over this body.

    One sentence for wrong, used, revoked and expired codes. Refused too: SEC-01, a taken login name.
    """
    told = password_findings(password, username=username.strip(), reused=False)
    if told:
        raise Refused(told)
    return _accept(code, username, display_name, password, at=at)


def find(*, code: str, at: datetime) -> Invitation:
    """The invitation that a code opens. Refused with one sentence for wrong, used, revoked and expired codes.

    A higher floor may know the code: the guards `invitation.code` tell what has become of a claim.
    """
    hashes = vault.blind_indexes(_plain(code), purpose="invitation")  # those of older index keys too
    found = Invitation.objects.filter(
        code_hash__in=hashes, used_at__isnull=True, revoked_at__isnull=True, expires_at__gt=at
    ).first()
    if found is None:
        raise Refused(_about(hashes, at) or [refusal("INVITATION", "code", "code")])
    return found


def _about(hashes: Sequence[str], at: datetime) -> list[Finding]:
    guards = registries.guards.get("invitation.code", [])
    return [finding for code_hash in hashes for guard in guards for finding in guard(code_hash, at)]


@transaction.atomic
def _accept(code: str, username: str, display_name: str, password: str, *, at: datetime) -> User:
    found = find(code=code, at=at)
    locks.one_at_a_time("invitation", found.scope_id)
    found = find(code=code, at=at)
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
