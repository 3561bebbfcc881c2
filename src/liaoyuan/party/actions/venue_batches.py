"""Applying and undoing an import of F24: the actions of venues row by row, in one transaction.

What a row wrote stands in its `before["_"]["written"]`: the venue, its version, and what it told before.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, events, locks, registries, staging
from liaoyuan.core.access import Actor
from liaoyuan.core.choices import BatchState, Event
from liaoyuan.core.models import ImportBatch, ImportRow
from liaoyuan.core.queries import files
from liaoyuan.kit.findings import Refused, Severity
from liaoyuan.party.actions import entering, venues
from liaoyuan.party.models import PartyOrganization, Venue, VenueBooking
from liaoyuan.people.actions import batches as shared


def _meta(row: ImportRow) -> dict[str, Any]:
    found: dict[str, Any] = (row.before or {})["_"]
    return found


def _fields(row: ImportRow) -> dict[str, Any]:
    told = {name: value for name, value in row.fields.items() if name in venues.FIELDS}
    if "shared_by" in told:
        told["shared_by"] = "\n".join(told["shared_by"])
    if "is_open" in told:
        told["is_open"] = told["is_open"] == "yes"
    return told


def apply_batch(*, batch: ImportBatch, confirm_review: bool = False, by: Actor, at: datetime) -> ImportBatch:
    """Enter and change the venues of accepted rows, and of review rows that are confirmed."""
    access.require_area(by, registries.import_kinds[batch.kind].permission, batch.area.path)
    rows = shared.writable(batch, confirm_review=confirm_review)
    with transaction.atomic():
        locks.one_at_a_time("party.import")
        batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        shared.require_state(batch, BatchState.STAGED)
        for row in sorted(rows, key=lambda row: _meta(row)["party"]):
            meta, told = _meta(row), _fields(row)
            if meta["venue"] is None:
                party = PartyOrganization.objects.select_related("area").get(pk=meta["party"])
                made, was = venues.enter(party=party, fields=told, by=by, at=at), None
            else:
                known = Venue.objects.select_related("party_organization__area").get(pk=meta["venue"])
                was = {name: getattr(known, name) for name in told}
                made = venues.change(venue=known, fields=told, version=meta["version"], by=by, at=at)
            meta["written"] = {"version": made.version, "was": was}
            row.object_id = made.pk
        ImportRow.objects.bulk_update(rows, ["object_id", "before"], batch_size=500)
        shared.close_applied(batch, rows, confirm_review=confirm_review, by=by, at=at)
    return batch


def undo_batch(*, batch: ImportBatch, by: Actor, at: datetime) -> ImportBatch:
    """Take an applied batch back. Refused, with the rows whose venue was changed, booked or photographed since."""
    access.require_area(by, registries.import_kinds[batch.kind].permission, batch.area.path)
    with transaction.atomic():
        locks.one_at_a_time("party.import")
        batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        shared.require_state(batch, BatchState.APPLIED)
        rows = [row for row in batch.rows.filter(object_id__isnull=False).order_by("number") if "written" in _meta(row)]
        for key in sorted(row.object_id or 0 for row in rows):
            locks.one_at_a_time("party.venue", key)
        found = Venue.objects.select_related("party_organization__area").in_bulk([row.object_id for row in rows])
        touched = [row for row in rows if not _untouched(row, found.get(row.object_id or 0))]
        if touched:
            told = _("第 {row} 行“{name}”在导入之后又被修改，整批没有撤销。")
            raise Refused([
                staging.note("IMP-UNDO", Severity.BLOCK, told, row=row.number, name=row.label)
                for row in touched[:100]
            ])  # fmt: skip
        for row in rows:
            venue, was = found[row.object_id or 0], _meta(row)["written"]["was"]
            if was is None:
                venue.delete()
            else:
                venues.change(venue=venue, fields=was, by=by, at=at)
        batch.state, batch.undone_at, batch.undone_by = BatchState.UNDONE, at, entering.recorder(by)
        batch.save(update_fields=["state", "undone_at", "undone_by"])
        told_ = {"file": batch.file_name, "rows": len(rows), "digest": shared.digest(batch)}
        events.record(Event.IMPORT_UNDONE, batch, by=by, at=at, payload=told_)
    return batch


def _untouched(row: ImportRow, venue: Venue | None) -> bool:
    written = _meta(row)["written"]
    if venue is None or venue.version != written["version"] or venue.closed_on is not None:
        return False
    if written["was"] is not None:
        return True
    booked = VenueBooking.objects.filter(venue=venue).exists()
    return not booked and not files.of_subjects("venue", [venue.pk]).get(str(venue.pk))
