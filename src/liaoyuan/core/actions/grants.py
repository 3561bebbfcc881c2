"""Roles given and taken: by the security administrator, never to oneself, within the separation of duties (SEC-04).

All writers of grants, offices and the separation level wait for one lock, so that what was judged is still true when it
is written.
"""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from liaoyuan.core import access, clock, events, locks, registries
from liaoyuan.core.access import Actor, Operator, Role
from liaoyuan.core.actions.accounts import end_now, end_on, person, refuse_last
from liaoyuan.core.choices import Event, Office, Permission, ScopeKind, Separation
from liaoyuan.core.models import Area, Grant, User
from liaoyuan.core.queries import accounts as queries
from liaoyuan.core.rules.accounts import Holding, refusal, separation_findings
from liaoyuan.kit.findings import Finding, Refused, refuse_if_blocked

#: The role that goes with an office.
OFFICE_ROLES = {
    Office.SYSTEM: "system_administrator",
    Office.SECURITY: "security_administrator",
    Office.AUDIT: "audit_administrator",
}


def _enter(user: User, *, by: Actor, at: datetime) -> User:
    """Permission, lock, the account's row anew; refuses closed accounts and, above trial, one's own."""
    access.require(by, Permission.GRANT_MANAGE)
    locks.one_at_a_time("separation")
    account = User.objects.get(pk=user.pk)
    if not account.is_active:
        raise Refused([refusal("ACCOUNT", "closed")])
    _refuse_self(account, by=by, at=at)
    return account


def _refuse_self(account: User, *, by: Actor, at: datetime) -> None:
    if person(by) == account and queries.effective_level(clock.localdate(at)) != Separation.TRIAL:
        raise Refused([refusal("SEC-04", "self")])


def _scope_findings(role: Role, kind: str, scope: str) -> list[Finding]:
    if kind not in role.scopes and kind != ScopeKind.ALL:
        return [refusal("GRANT", "scope", "scope_kind")]
    if kind == ScopeKind.ALL:
        return [] if scope == "" else [refusal("GRANT", "scope", "scope_kind")]
    if kind == ScopeKind.AREA:
        return [] if Area.objects.live().filter(code=scope).exists() else [refusal("GRANT", "area", "scope_id")]
    if not scope.isdecimal():
        return [refusal("GRANT", str(kind), "scope_id")]
    guards = [*registries.guards.get(f"grant.{kind}", []), *registries.guards.get(f"grant.{kind}.{role.code}", [])]
    return [finding for guard in guards for finding in guard(int(scope))]


def _date_findings(start: date, end: date | None, *, today: date, by: Actor) -> list[Finding]:
    told = []
    if start < today and not isinstance(by, Operator):
        told.append(refusal("GRANT", "past", "valid_from"))
    if end is not None and end <= start:
        told.append(refusal("GRANT", "dates", "valid_to"))
    return told


def _overlaps(user: User, role: str, kind: str, scope: str, start: date, end: date | None) -> bool:
    rows = Grant.objects.filter(user=user, role=role, scope_kind=kind, scope_id=scope, ended_at__isnull=True)
    rows = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=start))
    return (rows.filter(valid_from__lt=end) if end else rows).exists()


def _covered_by(other: User, deputy: User, role: str, kind: str, scope: str, start: date, end: date | None) -> bool:
    """Whether one own grant of the represented person, who is somebody else, covers the whole time."""
    rows = Grant.objects.filter(user=other, role=role, scope_kind=kind, scope_id=scope, ended_at__isnull=True)
    rows = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=end), valid_from__lte=start)
    return other != deputy and rows.filter(deputy_for__isnull=True).exists()


@transaction.atomic
def give(
    *,
    user: User,
    role: str,
    scope_kind: str,
    by: Actor,
    at: datetime,
    scope_id: str = "",
    valid_from: date | None = None,
    valid_to: date | None = None,
    deputy_for: User | None = None,
) -> Grant:
    """Give a role over a scope for a time (`valid_to` exclusive).

    A deputy's grant has an end and stays within the grant of the person represented. Refused by SEC-04 as the strictest
    level from today on demands.
    """
    account = _enter(user, by=by, at=at)
    today = clock.localdate(at)
    start = valid_from or today
    known = access.roles().get(role)
    if known is None:
        raise Refused([refusal("GRANT", "role", "role")])
    told = _scope_findings(known, scope_kind, scope_id) + _date_findings(start, valid_to, today=today, by=by)
    told += separation_findings(
        queries.strictest_level(today), queries.holding_of(account, today).plus(str(known.office))
    )
    if _overlaps(account, role, scope_kind, scope_id, start, valid_to):
        told.append(refusal("GRANT", "twice", "role"))
    if deputy_for is not None and valid_to is None:
        told.append(refusal("GRANT", "deputy_end", "valid_to"))
    elif deputy_for is not None and not _covered_by(deputy_for, account, role, scope_kind, scope_id, start, valid_to):
        told.append(refusal("GRANT", "deputy", "deputy_for"))
    refuse_if_blocked(told)
    return _write(account, role, scope_kind, scope_id, start, valid_to, deputy_for, by=by, at=at)


def _write(
    user: User, role: str, kind: str, scope: str, start: date, end: date | None, deputy_for: User | None,
    *, by: Actor, at: datetime,
) -> Grant:  # fmt: skip
    made = Grant.objects.create(
        user=user, role=role, scope_kind=kind, scope_id=scope, valid_from=start, valid_to=end,
        deputy_for=deputy_for, granted_at=at, granted_by=person(by),
    )  # fmt: skip
    payload = {"grant": made.pk, "role": role, "scope": f"{kind}:{scope}", "from": start.isoformat()}
    if end is not None:
        payload["to"] = end.isoformat()
    if deputy_for is not None:
        payload["deputy_for"] = deputy_for.username
    events.record(Event.GRANTED, user, by=by, at=at, payload=payload)
    access.forget(user)
    return made


@transaction.atomic
def appoint(*, user: User, office: Office, by: Actor, at: datetime) -> Grant:
    """Appoint one of the three administrators: the office on the account and its role, in one step."""
    account = _enter(user, by=by, at=at)
    today = clock.localdate(at)
    if account.office not in (Office.NONE, office):
        raise Refused([refusal("SEC-04", "two", "office")])
    held = queries.holding_of(account, today)
    level = queries.strictest_level(today)
    refuse_if_blocked(separation_findings(level, Holding(office, held.roles | {str(office)})))
    role = OFFICE_ROLES[office]
    if _overlaps(account, role, ScopeKind.ALL, "", today, None):
        raise Refused([refusal("GRANT", "twice", "office")])
    account.office = office
    account.save(update_fields=["office"])
    user.office = office
    return _write(account, role, ScopeKind.ALL, "", today, None, None, by=by, at=at)


@transaction.atomic
def relieve(*, user: User, by: Actor, at: datetime) -> User:
    """Relieve an administrator: the office and all administrators' roles end. Refused for the last one in office."""
    account = _enter(user, by=by, at=at)
    table = access.roles()
    for grant in queries.open_grants(account, clock.localdate(at)):
        if table[grant.role].office != Office.NONE:
            refuse_last(grant.role, account, by=by, at=at)
            end_now(grant, by=by, at=at)
    account.office = Office.NONE
    account.save(update_fields=["office"])
    user.office = Office.NONE
    access.forget(user)
    return account


@transaction.atomic
def end(*, grant: Grant, by: Actor, at: datetime, on: date | None = None) -> Grant:
    """End a grant at once, or let it end on a later day `on` (the first day without it)."""
    access.require(by, Permission.GRANT_MANAGE)
    locks.one_at_a_time("separation")
    row = Grant.objects.select_related("user").get(pk=grant.pk)
    _refuse_self(row.user, by=by, at=at)
    today = clock.localdate(at)
    if row.ended_at is not None or (row.valid_to is not None and row.valid_to <= today):
        raise Refused([refusal("GRANT", "ended")])
    refuse_last(row.role, row.user, by=by, at=at)
    if on is None or on <= today:
        end_now(row, by=by, at=at)
    else:
        if on <= row.valid_from or (row.valid_to is not None and on > row.valid_to):
            raise Refused([refusal("GRANT", "dates", "valid_to")])
        end_on(row, on, by=by, at=at)
    access.forget(grant.user)
    return row


@transaction.atomic
def hand_over(*, user: User, to: User, by: Actor, at: datetime) -> list[Grant]:
    """交接: end all business grants of one account and give the same to another with all open work, in one step."""
    giver = _enter(user, by=by, at=at)
    receiver = _enter(to, by=by, at=at)
    if giver == receiver:
        raise Refused([refusal("GRANT", "same", "to")])
    today = clock.localdate(at)
    table = access.roles()
    held = queries.holding_of(receiver, today)
    made = []
    ended = 0
    for grant in queries.open_grants(giver, today).filter(deputy_for__isnull=True):
        if grant.role not in table or table[grant.role].office != Office.NONE:
            continue
        refuse_if_blocked(separation_findings(queries.strictest_level(today), held.plus("")))
        ending = grant.valid_to
        end_now(grant, by=by, at=at)
        ended += 1
        start = max(today, grant.valid_from)
        if not _overlaps(receiver, grant.role, grant.scope_kind, grant.scope_id, start, ending):
            made.append(
                _write(
                    receiver, grant.role, grant.scope_kind, grant.scope_id, start, ending, None, by=by, at=at
                )
            )  # fmt: skip
    for account in (user, to, giver, receiver):
        access.forget(account)
    moved = {entry.code: entry.move(giver, receiver, by, at) for entry in registries.handovers.values()}
    if not ended and not any(moved.values()):
        raise Refused([refusal("GRANT", "nothing", "to")])
    told = {"to": receiver.username, "grants": len(made), "moved": {code: n for code, n in moved.items() if n}}
    events.record(Event.HANDED_OVER, giver, by=by, at=at, payload=told)
    return made
