"""The practice clock: only a practice database has one; production keeps real time."""

from datetime import datetime

from django.db import transaction

from liaoyuan.core import access, events, locks, sessions
from liaoyuan.core.access import Actor
from liaoyuan.core.actions.accounts import person
from liaoyuan.core.choices import Event, Permission
from liaoyuan.core.models import PracticeClock
from liaoyuan.core.rules.accounts import refusal
from liaoyuan.kit.findings import Refused


@transaction.atomic
def mark_practice(*, by: Actor, at: datetime) -> PracticeClock:
    """Mark a database as practice (the demo is one): banner, movable clock. Cannot be taken back."""
    access.require(by, Permission.CLOCK_SET)
    locks.one_at_a_time("clock")
    found = PracticeClock.objects.order_by("pk").first()
    if found is not None:
        return found
    made = PracticeClock.objects.create(offset_seconds=0, set_at=at, set_by=person(by))
    events.record(Event.CLOCK_SET, made, by=by, at=at, payload={"practice": True, "offset_seconds": 0})
    transaction.on_commit(sessions.forget_installation)
    return made


@transaction.atomic
def set_clock(*, offset_seconds: int, by: Actor, at: datetime) -> PracticeClock:
    """Move business time by so many seconds against real time; 0 sets it back. Refused outside a practice database."""
    access.require(by, Permission.CLOCK_SET)
    locks.one_at_a_time("clock")
    row = PracticeClock.objects.order_by("pk").first()
    if row is None:
        raise Refused([refusal("CLOCK", "practice")])
    row.offset_seconds, row.set_at, row.set_by = offset_seconds, at, person(by)
    row.save(update_fields=["offset_seconds", "set_at", "set_by"])
    events.record(Event.CLOCK_SET, row, by=by, at=at, payload={"offset_seconds": offset_seconds})
    transaction.on_commit(sessions.forget_installation)
    return row
