"""Applying and undoing an import of honours (F25): set actions, each one short transaction.

An honour that is mended keeps its key, for its scans hang on it; what it was stays beside it as a superseded row. What
a row wrote stands in its `before["_"]["written"]`: the honour, what it was (nothing for a new one), what it is. Undo
compensates, or refuses and undoes nothing.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, events, locks, registries, staging
from liaoyuan.core.access import Actor
from liaoyuan.core.choices import BatchState, Event, Verdict
from liaoyuan.core.models import ImportBatch, ImportRow
from liaoyuan.kit.findings import Refused, Severity
from liaoyuan.registry.actions import batches, standings
from liaoyuan.registry.actions.values import day
from liaoyuan.registry.models import OPEN, Honour, Organization

__all__ = ["apply_batch", "day", "undo_batch"]
_WRITTEN = ("level", "issuer", "valid_to", "evidence")
_KEPT = ("organization_id", "title", "valid_from", "assumed", "recorded_at", "recorded_by_id", *_WRITTEN)


def apply_batch(*, batch: ImportBatch, confirm_review: bool = False, by: Actor, at: datetime) -> ImportBatch:
    """Write the batch's accepted rows, and its review rows that are confirmed (all of them with `confirm_review`).

    Refused when the batch is not staged any more, or when one of the bodies changed since the comparison (IMP-STALE).
    """
    access.require_area(by, registries.import_kinds[batch.kind].permission, batch.area.path)
    with transaction.atomic():
        locks.one_at_a_time("registry.import")
        batch = ImportBatch.objects.select_for_update().select_related("area").get(pk=batch.pk)
        batches.require_state(batch, BatchState.STAGED)
        rows = _writable(batch, confirm_review=confirm_review)
        bodies = _held(rows)
        _require_fresh(batch, rows, bodies)
        honours = Honour.objects.select_for_update().in_bulk([_meta(row).get("honour") for row in rows])
        for row in rows:
            _write(row, honours.get(_meta(row).get("honour")), by=by, at=at)
        ImportRow.objects.bulk_update(rows, ["object_id", "before"], batch_size=500)
        _touch(bodies)
        if confirm_review:
            batch.rows.filter(verdict=Verdict.REVIEW, confirmed=False).update(confirmed=True)
        written = {f"written:{action}": sum(row.action == action for row in rows) for action in ("create", "update")}
        batch.state, batch.applied_at, batch.applied_by = BatchState.APPLIED, at, standings.recorder(by)
        batch.counts = {**batch.counts, **written}
        batch.save(update_fields=["state", "applied_at", "applied_by", "counts"])
        told = {"file": batch.file_name, "sha256": batch.sha256, "counts": batch.counts, "digest": _digest(rows)}
        events.record(Event.IMPORT_APPLIED, batch, by=by, at=at, payload=told)
    return batch


def undo_batch(*, batch: ImportBatch, by: Actor, at: datetime) -> ImportBatch:
    """Take an applied batch back. Refused, with the rows whose honour was changed since; then nothing is undone."""
    access.require_area(by, registries.import_kinds[batch.kind].permission, batch.area.path)
    with transaction.atomic():
        locks.one_at_a_time("registry.import")
        batch = ImportBatch.objects.select_for_update().select_related("area").get(pk=batch.pk)
        batches.require_state(batch, BatchState.APPLIED)
        rows = [row for row in batch.rows.filter(object_id__isnull=False).order_by("number") if _told(row)]
        bodies = _held(rows)
        honours = Honour.objects.current().select_for_update().in_bulk([_told(row)["honour"] for row in rows])
        touched = [row for row in rows if not _untouched(row, honours)]
        if touched:
            sentence = _("第 {row} 行“{name}”在导入之后又被修改，整批没有撤销。")
            raise Refused([
                staging.note("IMP-UNDO", Severity.BLOCK, sentence, row=row.number, name=row.label)
                for row in touched[:100]
            ])  # fmt: skip
        for row in reversed(rows):
            _take_back(honours[_told(row)["honour"]], _told(row)["was"], by=by, at=at)
        _touch(bodies)
        batch.state, batch.undone_at, batch.undone_by = BatchState.UNDONE, at, standings.recorder(by)
        batch.save(update_fields=["state", "undone_at", "undone_by"])
        told = {"file": batch.file_name, "rows": len(rows), "digest": _digest(rows)}
        events.record(Event.IMPORT_UNDONE, batch, by=by, at=at, payload=told)
    return batch


def _writable(batch: ImportBatch, *, confirm_review: bool) -> list[ImportRow]:
    """Rows that are written: accepted ones, and those in review that are confirmed. Of one key the last wins."""
    rows = batch.rows.filter(verdict__in=[Verdict.ACCEPT, Verdict.REVIEW]).order_by("number").defer("raw", "findings")
    found = {row.key: row for row in rows if row.verdict == Verdict.ACCEPT or row.confirmed or confirm_review}
    return [row for row in found.values() if row.action in ("create", "update")]


def _meta(row: ImportRow) -> dict[str, Any]:
    told: dict[str, Any] = (row.before or {})["_"]
    return told


def _told(row: ImportRow) -> dict[str, Any]:
    told: dict[str, Any] = _meta(row).get("written") or {}
    return told


def _held(rows: Iterable[ImportRow]) -> dict[int, Organization]:
    """The bodies of the rows, locked in the order of their keys."""
    keys = sorted({_meta(row)["organization"] for row in rows})
    return {row.pk: row for row in Organization.objects.select_for_update().filter(pk__in=keys).order_by("pk")}


def _require_fresh(batch: ImportBatch, rows: list[ImportRow], bodies: Mapping[int, Organization]) -> None:
    """Nothing that the comparison rested on has changed."""
    stale = {}
    for row in rows:
        body = bodies.get(_meta(row)["organization"])
        if body is None or body.version != _meta(row)["version"] or body.voided_at is not None:
            stale[_meta(row)["organization"]] = row.label
    if stale:
        told = _("比对之后有 {n} 个组织被修改（如 {first}），请重新比对后再导入。")
        first = next(iter(stale.values()))
        raise Refused([staging.note("IMP-STALE", Severity.BLOCK, told, n=len(stale), first=first)])


def _write(row: ImportRow, known: Honour | None, *, by: Actor, at: datetime) -> None:
    fields, meta = row.fields, _meta(row)
    if known is None:
        on = str(fields["given_on"])
        known = Honour(
            organization_id=meta["organization"], title=str(fields["title"]), valid_from=day(on), assumed=len(on) < 10,
            issuer="", evidence="", valid_to=OPEN,
        )  # fmt: skip
        was = None
    else:
        was = _plain(known)
        _keep(known, at=at)
    for name in ("level", "issuer", "evidence"):
        if name in fields:
            setattr(known, name, str(fields[name]))
    if "until" in fields:
        known.valid_to = day(str(fields["until"])) + timedelta(days=1) if fields["until"] else OPEN
    known.recorded_at, known.recorded_by = at, standings.recorder(by)
    known.save()
    row.object_id = known.organization_id
    meta["written"] = {"honour": known.pk, "was": was, "now": _plain(known)}


def _plain(honour: Honour) -> dict[str, str]:
    told = {name: getattr(honour, name) for name in _WRITTEN}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in told.items()}


def _keep(honour: Honour, *, at: datetime) -> None:
    """What an honour was until now stays as a superseded row."""
    Honour.objects.create(superseded_at=at, **{name: getattr(honour, name) for name in _KEPT})


def _untouched(row: ImportRow, honours: Mapping[int, Honour]) -> bool:
    told = _told(row)
    honour = honours.get(told["honour"])
    return honour is not None and honour.organization_id == row.object_id and _plain(honour) == told["now"]


def _take_back(honour: Honour, was: Mapping[str, str] | None, *, by: Actor, at: datetime) -> None:
    if was is None:
        honour.superseded_at = at
        honour.save(update_fields=["superseded_at"])
        return
    _keep(honour, at=at)
    for name in _WRITTEN:
        setattr(honour, name, date.fromisoformat(was[name]) if name == "valid_to" else was[name])
    honour.recorded_at, honour.recorded_by = at, standings.recorder(by)
    honour.save()


def _touch(bodies: Mapping[int, Organization]) -> None:
    Organization.objects.filter(pk__in=list(bodies)).update(version=models.F("version") + 1)


def _digest(rows: Iterable[ImportRow]) -> str:
    """SHA-256 over the change table: row number, body, action, values, comparison, in order."""
    found = hashlib.sha256()
    for row in rows:
        line = (row.number, row.object_id, row.action, row.fields, row.before)
        found.update(json.dumps(line, sort_keys=True, ensure_ascii=False).encode())
    return found.hexdigest()
