"""Venues: entered, changed, given up, booked, a booking cancelled."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, events, locks
from liaoyuan.core.access import Actor
from liaoyuan.core.clock import localdate
from liaoyuan.party.actions import entering
from liaoyuan.party.choices.codes import Event, Permission
from liaoyuan.party.models import PartyOrganization, Venue, VenueBooking

FIELDS = (
    "name", "address", "square_metres", "provider", "shared_by", "hours", "keeper", "equipment", "signs", "is_open",
)  # fmt: skip


def subject(venue: Venue) -> tuple[str, str, str]:
    """The venue as the subject of an event."""
    return "venue", str(venue.pk), venue.name[:120]


def _locked(venue: Venue, version: int | None = None) -> Venue:
    """The venue again, under the lock. Refused when given up, or changed since the page was opened."""
    locks.one_at_a_time("party.venue", venue.pk)
    rows = Venue.objects.select_for_update(of=("self",)).select_related("party_organization__area")
    found = rows.get(pk=venue.pk)
    if found.closed_on is not None:
        raise entering.refusal("VENUE-CLOSED", _("这个阵地已停用。"))
    if version is not None and found.version != version:
        raise entering.refusal("VENUE-STALE", _("您打开页面之后，别人修改了这个阵地。请核对最新内容后再保存。"))
    return found


def _check(party: PartyOrganization, told: Mapping[str, Any], without: int | None = None) -> None:
    rows = Venue.objects.in_use().filter(party_organization=party, name=told["name"])
    if without is not None:
        rows = rows.exclude(pk=without)
    if rows.exists():
        raise entering.refusal("VENUE-NAME", _("这个党组织已有同名的阵地。"), "name")


@transaction.atomic
def enter(*, party: PartyOrganization, fields: Mapping[str, Any], by: Actor, at: datetime) -> Venue:
    """Enter a venue that a party organization keeps."""
    entering.require(by, Permission.LIFE_EDIT, party)
    entering.lock(parties=[party.pk])
    party = entering.living(party)
    told = {name: fields[name] for name in FIELDS if name in fields}
    _check(party, told)
    made = Venue.objects.create(party_organization=party, made_at=at, made_by=entering.recorder(by), **told)
    events.record(Event.VENUE_ENTERED, subject(made), by=by, at=at, payload={"party": party.pk, "note": made.address})
    return made


@transaction.atomic
def change(*, venue: Venue, fields: Mapping[str, Any], version: int | None = None, by: Actor, at: datetime) -> Venue:
    """Change what is told of a venue."""
    entering.require(by, Permission.LIFE_EDIT, venue.party_organization)
    entering.lock(parties=[venue.party_organization_id])
    row = _locked(venue, version)
    wished = {name: fields[name] for name in FIELDS if name in fields and fields[name] != getattr(row, name)}
    if not wished:
        return row
    _check(row.party_organization, {"name": row.name, **wished}, row.pk)
    changes = {name: [getattr(row, name), value] for name, value in wished.items()}
    for name, value in wished.items():
        setattr(row, name, value)
    row.version += 1
    row.save()
    events.record(Event.VENUE_CHANGED, subject(row), by=by, at=at, payload={"changes": changes})
    return row


@transaction.atomic
def close(*, venue: Venue, on: date, reason: str, version: int | None = None, by: Actor, at: datetime) -> Venue:
    """停用 from the day `on`. Refused while bookings of later days stand."""
    entering.require(by, Permission.LIFE_EDIT, venue.party_organization)
    row = _locked(venue, version)
    if on > localdate(at):
        raise entering.refusal("VENUE-DAY", _("停用日期不能晚于今天。"), "on")
    if len(reason.strip()) < 2:
        raise entering.refusal("VENUE-REASON", _("请写明停用的理由。"), "reason")
    if VenueBooking.objects.standing().filter(venue=row, ends_at__gt=at).exists():
        raise entering.refusal("VENUE-BOOKED", _("还有未到期的预约，请先取消。"), "on")
    row.closed_on, row.version = on, row.version + 1
    row.save()
    events.record(
        Event.VENUE_CLOSED, subject(row), by=by, at=at,
        payload={"on": on.isoformat(), "reason": reason.strip()[:200]},
    )  # fmt: skip
    return row


@transaction.atomic
def book(
    *, venue: Venue, party: PartyOrganization, starts_at: datetime, ends_at: datetime, purpose: str, by: Actor,
    at: datetime,
) -> VenueBooking:  # fmt: skip
    """Keep a venue for a party organization. Refused where another booking stands, and for the past."""
    entering.require(by, Permission.LIFE_EDIT, party)
    if not Venue.objects.visible_to(by).filter(pk=venue.pk).exists():
        raise PermissionDenied(str(Permission.VIEW))
    row = _locked(venue)
    party = entering.living(party)
    if not starts_at < ends_at:
        raise entering.refusal("BOOKING-ORDER", _("结束须晚于开始。"), "ends")
    if starts_at < at:
        raise entering.refusal("BOOKING-PAST", _("开始时间已过，不能预约。"), "starts")
    if not purpose.strip():
        raise entering.refusal("BOOKING-PURPOSE", _("请写明用途。"), "purpose")
    taken = VenueBooking.objects.standing().filter(venue=row, starts_at__lt=ends_at, ends_at__gt=starts_at).first()
    if taken is not None:
        raise entering.refusal("BOOKING-TAKEN", _("这段时间已有预约：{purpose}。"), "starts", purpose=taken.purpose)
    made = VenueBooking.objects.create(
        venue=row, party_organization=party, starts_at=starts_at, ends_at=ends_at, purpose=purpose.strip()[:120],
        made_at=at, made_by=entering.recorder(by),
    )  # fmt: skip
    events.record(
        Event.VENUE_BOOKED, subject(row), by=by, at=at,
        payload={"party": party.pk, "on": localdate(starts_at).isoformat(), "note": made.purpose},
    )  # fmt: skip
    return made


def may_cancel(by: Actor, booking: VenueBooking) -> bool:
    """Whether the user keeps the booking's party organization, or the venue."""
    parties = (booking.party_organization, booking.venue.party_organization)
    return any(access.covers(by, Permission.LIFE_EDIT, party, write=False) for party in parties)


@transaction.atomic
def cancel(*, booking: VenueBooking, reason: str, by: Actor, at: datetime) -> VenueBooking:
    """Give a booking up; one that is over stays."""
    if not may_cancel(by, booking):
        raise PermissionDenied(str(Permission.LIFE_EDIT))
    locks.one_at_a_time("party.venue", booking.venue_id)
    row = VenueBooking.objects.standing().select_related("venue").filter(pk=booking.pk).first()
    if row is None:
        raise entering.refusal("BOOKING-STALE", _("这次预约已被取消。"))
    if row.ends_at <= at:
        raise entering.refusal("BOOKING-OVER", _("这次预约已结束，不能取消。"))
    if len(reason.strip()) < 2:
        raise entering.refusal("BOOKING-REASON", _("请写明取消的理由。"), "reason")
    row.cancelled_at, row.cancelled_by, row.cancel_reason = at, entering.recorder(by), reason.strip()[:120]
    row.save()
    events.record(
        Event.VENUE_CANCELLED, subject(row.venue), by=by, at=at,
        payload={"party": row.party_organization_id, "on": localdate(row.starts_at).isoformat(),
                 "note": row.purpose, "reason": row.cancel_reason},
    )  # fmt: skip
    return row
