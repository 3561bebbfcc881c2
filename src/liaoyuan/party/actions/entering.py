"""What every action of this floor does first and last: permission, locks, the subject of its event."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied

from liaoyuan.core import access, locks
from liaoyuan.core.access import Actor
from liaoyuan.kit.findings import Finding
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.models import Member, MemberRecord, PartyOrganization
from liaoyuan.party.queries import organizations as reading
from liaoyuan.people.actions.entering import doubt as doubt  # noqa: PLC0414 - offered here, too
from liaoyuan.people.actions.entering import plain as plain  # noqa: PLC0414 - offered here, too
from liaoyuan.people.actions.entering import recorder as recorder  # noqa: PLC0414 - offered here, too
from liaoyuan.people.actions.entering import refusal as refusal  # noqa: PLC0414 - offered here, too


def require(by: Actor, permission: Permission, *parties: PartyOrganization) -> None:
    """Refuse unless one grant of `by` with the permission covers each of the party organizations."""
    for party in parties:
        access.require(by, permission, party)


def require_above(by: Actor, permission: Permission, *parties: PartyOrganization) -> None:
    """Refuse unless `by` holds the permission over the superior of each: over its area, or over a party organization
    above it. Who is granted one committee decides on what stands below it, never on the committee itself.
    """
    require(by, permission, *parties)
    for party in parties:
        if not reading.leads(by, permission, party):
            raise PermissionDenied(str(permission))


def lock(*, parties: Iterable[int | None] = (), members: Iterable[int] = (), bodies: Iterable[int | None] = ()) -> None:
    """Wait for everybody else who writes these: party organizations, then bodies, then members, each in order."""
    for pk in sorted({key for key in parties if key}):
        locks.one_at_a_time("party.organization", pk)
    for pk in sorted({key for key in bodies if key}):
        locks.one_at_a_time("party.body", pk)
    for pk in sorted(set(members)):
        locks.one_at_a_time("party.member", pk)


def living(party: PartyOrganization, version: int | None = None) -> PartyOrganization:
    """The party organization again, under the lock. Refused when dissolved, void, or changed since the page."""
    found = PartyOrganization.objects.select_for_update(of=("self",)).select_related("area").get(pk=party.pk)
    if found.voided_at is not None or found.dissolved_on is not None:
        raise refusal("PARTY-GONE", "这个党组织已撤销或作废。")
    if version is not None and found.version != version:
        raise refusal("PARTY-STALE", "您打开页面之后，别人修改了这个党组织。请核对最新内容后再保存。")
    return found


def living_member(member: Member, version: int | None = None) -> Member:
    """The member again, under the lock. Refused when void, or changed since the page was opened."""
    found = Member.objects.select_for_update(of=("self",)).select_related("person").get(pk=member.pk)
    if found.voided_at is not None:
        raise refusal("MEMBER-GONE", "这名党员的记录已作废，请重新查找。")
    if version is not None and found.version != version:
        raise refusal("MEMBER-STALE", "您打开页面之后，别人修改了这名党员。请核对最新内容后再保存。")
    return found


def touched(row: PartyOrganization | Member) -> None:
    """Something about it changed: an older page does not hold any more."""
    row.version += 1
    row.save(update_fields=["version"])


def record_of(member: Member) -> MemberRecord:
    """What is told of the member now."""
    return MemberRecord.objects.current().get(member=member)


def subject(party: PartyOrganization, name: str = "") -> tuple[str, str, str]:
    """The party organization as the subject of an event."""
    return reading.SUBJECT, str(party.pk), (name or reading.name_of(party))[:120]


def member_subject(member: Member, name: str = "") -> tuple[str, str, str]:
    """The member as the subject of an event. The label is masked: it stands in lists of the audit."""
    return "member", str(member.pk), f"{(name or record_of(member).name)[:1]}*"


def day(value: date | None) -> str | None:
    """A day as JSON holds it."""
    return value.isoformat() if value is not None else None


def telling(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Findings as plain JSON, for what is stored with a decision."""
    return [finding.as_dict() for finding in findings]


def end_row(row: Any, on: date, at: datetime, by: Actor, **told: Any) -> None:
    """End a dated row on the day `on`: superseded, and written again with that end; one that began then is only
    superseded.
    """
    type(row).objects.filter(pk=row.pk).update(superseded_at=at)
    if row.valid_from < on:
        row.pk, row._state.adding, row.valid_to, row.recorded_at = None, True, on, at
        row.recorded_by, row.superseded_at = recorder(by), None
        for name, value in told.items():
            setattr(row, name, value)
        row.save(force_insert=True)
