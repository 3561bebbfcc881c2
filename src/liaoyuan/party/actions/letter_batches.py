"""Applying and undoing an import of F08: letters of before this register are entered as accepted; nobody is moved."""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, events, locks, registries, staging
from liaoyuan.core.access import Actor
from liaoyuan.core.choices import BatchState, Event
from liaoyuan.core.models import ImportBatch, ImportRow
from liaoyuan.kit.findings import Refused, Severity
from liaoyuan.party.actions import entering
from liaoyuan.party.choices.members import TransferState
from liaoyuan.party.models import Member, PartyOrganization, Transfer
from liaoyuan.party.queries import transfers as queries
from liaoyuan.people.actions import batches as shared

_FILLED = ("receipt_on", "handled_by", "note")


def _meta(row: ImportRow) -> dict[str, Any]:
    found: dict[str, Any] = (row.before or {})["_"]
    return found


def _day(told: Any) -> date | None:
    return date.fromisoformat(str(told)) if told else None


def apply_batch(*, batch: ImportBatch, confirm_review: bool = False, by: Actor, at: datetime) -> ImportBatch:
    """Enter the letters of accepted rows, and of review rows that are confirmed; fill in what was empty of others."""
    access.require_area(by, registries.import_kinds[batch.kind].permission, batch.area.path)
    rows = shared.writable(batch, confirm_review=confirm_review)
    try:
        with transaction.atomic():
            locks.one_at_a_time("party.import")
            batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
            shared.require_state(batch, BatchState.STAGED)
            metas = [_meta(row) for row in rows]
            parties = {meta[name] for meta in metas for name in ("source", "target")}
            entering.lock(parties=parties, members={meta["member"] for meta in metas})
            _fresh(rows)
            for row in rows:
                _write(row, by=by, at=at)
            ImportRow.objects.bulk_update(rows, ["object_id", "before"], batch_size=500)
            shared.close_applied(batch, rows, confirm_review=confirm_review, by=by, at=at)
    except IntegrityError as error:  # somebody used one of the numbers between the comparison and the commit
        raise _stale(rows[0]) from error
    return batch


def _stale(row: ImportRow) -> Refused:
    told = _("比对之后介绍信或党员被修改（如第 {row} 行“{first}”），请重新比对后再导入。")
    return Refused([staging.note("IMP-STALE", Severity.BLOCK, told, row=row.number, first=row.label)])


def _fresh(rows: list[ImportRow]) -> None:
    """Nothing that the comparison rested on has changed."""
    letters = dict(Transfer.objects.filter(pk__in=[key for row in rows if (key := _meta(row)["letter"])])
                   .values_list("pk", "version"))  # fmt: skip
    known = set(Member.objects.known().filter(pk__in=[_meta(row)["member"] for row in rows])
                .values_list("pk", flat=True))  # fmt: skip
    for row in rows:
        meta = _meta(row)
        if meta["member"] not in known or (meta["letter"] and letters.get(meta["letter"]) != meta["version"]):
            raise _stale(row)


def _write(row: ImportRow, *, by: Actor, at: datetime) -> None:
    meta, fields = _meta(row), row.fields
    if meta["letter"]:
        letter = Transfer.objects.get(pk=meta["letter"])
        wished = [name for name in _FILLED if name in (row.before or {})]
        for name in wished:
            setattr(letter, name, _day(fields[name]) if name == "receipt_on" else fields[name])
        letter.version += 1
        letter.save()
        meta["written"] = {"letter": letter.pk, "version": letter.version, "filled": wished}
    else:
        letter = _entered(row, by=by, at=at)
        meta["written"] = {"letter": letter.pk, "version": letter.version, "filled": None}
    row.object_id = meta["member"]


def _entered(row: ImportRow, *, by: Actor, at: datetime) -> Transfer:
    meta, fields = _meta(row), row.fields
    party = PartyOrganization.objects.select_related("area").get(pk=meta["source"] or meta["target"])
    issued, until = date.fromisoformat(fields["issued_on"]), fields.get("dues_until")
    return Transfer.objects.create(
        member_id=meta["member"], source_id=meta["source"], source_name="" if meta["source"] else fields["source"],
        target_id=meta["target"], target_name="" if meta["target"] else fields["target"], issuer_id=meta["issuer"],
        issuer_name="" if meta["issuer"] else str(fields.get("issuer") or fields["source"]), number=fields["number"],
        state=str(TransferState.ACCEPTED), issued_on=issued, valid_days=int(fields["valid_days"]),
        expires_on=queries.letter_end(issued, int(fields["valid_days"]), party),
        dues_until=_day(f"{until}-01") if until else None, handled_by=str(fields.get("handled_by", "")),
        accepted_on=_day(fields["accepted_on"]), receipt_on=_day(fields.get("receipt_on")),
        note=str(fields.get("note", "")), reason=_("补录登记簿"), made_at=at, made_by=entering.recorder(by),
    )  # fmt: skip


def undo_batch(*, batch: ImportBatch, by: Actor, at: datetime) -> ImportBatch:
    """Take an applied batch back: letters that it entered are gone. Refused when one was changed since."""
    access.require_area(by, registries.import_kinds[batch.kind].permission, batch.area.path)
    with transaction.atomic():
        locks.one_at_a_time("party.import")
        batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        shared.require_state(batch, BatchState.APPLIED)
        rows = [row for row in batch.rows.filter(object_id__isnull=False).order_by("number") if "written" in _meta(row)]
        entering.lock(members={row.object_id or 0 for row in rows})
        found = Transfer.objects.select_for_update().in_bulk([_meta(row)["written"]["letter"] for row in rows])
        touched = [row for row in rows if not _untouched(row, found)]
        if touched:
            told = _("第 {row} 行“{name}”在导入之后又被修改，整批没有撤销。")
            raise Refused([
                staging.note("IMP-UNDO", Severity.BLOCK, told, row=row.number, name=row.label)
                for row in touched[:100]
            ])  # fmt: skip
        for row in rows:
            written = _meta(row)["written"]
            letter = found[written["letter"]]
            if written["filled"] is None:
                letter.delete()
                continue
            for name in written["filled"]:
                setattr(letter, name, None if name == "receipt_on" else "")
            letter.version += 1
            letter.save()
        batch.state, batch.undone_at, batch.undone_by = BatchState.UNDONE, at, entering.recorder(by)
        batch.save(update_fields=["state", "undone_at", "undone_by"])
        told_ = {"file": batch.file_name, "rows": len(rows), "digest": shared.digest(batch)}
        events.record(Event.IMPORT_UNDONE, batch, by=by, at=at, payload=told_)
    return batch


def _untouched(row: ImportRow, found: dict[int, Transfer]) -> bool:
    written = _meta(row)["written"]
    letter = found.get(written["letter"])
    return letter is not None and letter.version == written["version"]
