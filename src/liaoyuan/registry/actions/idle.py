"""The monthly check for idleness and the officer's answers."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, events, locks
from liaoyuan.core.access import Actor
from liaoyuan.core.models import User
from liaoyuan.core.staging import note as finding
from liaoyuan.kit.findings import Refused, Severity
from liaoyuan.registry.choices import Event, IdleAnswer, Permission
from liaoyuan.registry.models import IdleFinding, Standing
from liaoyuan.registry.queries import idle as queries

#: Who was found active is not asked about again for so many days.
_REST = timedelta(days=365)


@transaction.atomic
def check(*, on: date, at: datetime) -> int:
    """Enter a finding for every idle body that has none that waits and was not answered within a year. Idempotent."""
    locks.one_at_a_time("registry.idle")
    known = set(IdleFinding.objects.open().values_list("organization_id", flat=True))
    known |= set(IdleFinding.objects.filter(found_on__gt=on - _REST).values_list("organization_id", flat=True))
    new = [entry for entry in queries.idle_on(on) if entry.organization not in known]
    IdleFinding.objects.bulk_create(
        [IdleFinding(organization_id=entry.organization, found_on=on, last_on=entry.last_on) for entry in new]
    )
    told = {"found": len(new), "on": on.isoformat()}
    events.record(Event.IDLE_CHECKED, None, by=None, at=at, payload=told)
    return len(new)


@transaction.atomic
def answer(*, ids: Sequence[int], answer: IdleAnswer, note: str, by: Actor, at: datetime) -> int:
    """Answer findings that wait, each with an event in its body's timeline; one that was answered meanwhile stays so.

    Refused without a sentence of how it was verified.
    """
    if len(note.strip()) < 2:
        raise Refused([finding("IDLE-NOTE", Severity.BLOCK, _("请写明核实情况。"), field_name="note")])
    access.require(by, Permission.EDIT)
    rows = IdleFinding.objects.select_for_update().open().filter(pk__in=ids).order_by("pk")
    count = 0
    for row in rows:
        standing = Standing.objects.now_open().select_related("registrar_area").get(organization=row.organization_id)
        access.require_area(by, Permission.EDIT, standing.registrar_area.path)
        row.answer, row.note, row.answered_at = str(answer), note.strip()[:200], at
        row.answered_by = by if isinstance(by, User) else None
        row.save(update_fields=["answer", "note", "answered_at", "answered_by"])
        payload = {"answer": str(answer), "note": row.note}
        events.record(
            Event.IDLE_ANSWERED,
            ("organization", str(row.organization_id), standing.name),
            by=by,
            at=at,
            payload=payload,
        )
        count += 1
    if not count:
        raise Refused([finding("IDLE-NONE", Severity.BLOCK, _("请先勾选待核实的组织。"))])
    return count
