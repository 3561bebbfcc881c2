"""Decisions on the rows of a staged batch: correct, confirm, discard."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, events, registries, sensitive, staging
from liaoyuan.core.access import Actor
from liaoyuan.core.choices import BatchState, Event, Verdict
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import ImportBatch, ImportRow
from liaoyuan.kit.findings import Refused, Severity, refuse_if_blocked


def _staged(batch_id: int, by: Actor) -> ImportBatch:
    batch = ImportBatch.objects.select_for_update().select_related("area").get(pk=batch_id)
    access.require_area(by, registries.import_kinds[batch.kind].permission, batch.area.path)
    if batch.state != BatchState.STAGED:
        raise Refused([staging.note("IMP-STATE", Severity.BLOCK, _("这个批次已经处理过，不能再改。"))])
    return batch


def _recount(batch: ImportBatch) -> None:
    counts: dict[str, int] = {}
    for verdict, action in batch.rows.values_list("verdict", "action"):
        counts[verdict] = counts.get(verdict, 0) + 1
        if verdict in (Verdict.ACCEPT, Verdict.REVIEW):
            counts[f"{verdict}:{action}"] = counts.get(f"{verdict}:{action}", 0) + 1
    batch.counts = counts
    batch.save(update_fields=["counts"])


@transaction.atomic
def confirm_rows(*, batch: ImportBatch, rows: list[int] | None, by: Actor, at: datetime) -> int:
    """Confirm review rows as they were understood (`rows` primary keys, None = all); returns how many."""
    batch = _staged(batch.pk, by)
    waiting = batch.rows.filter(verdict=Verdict.REVIEW, confirmed=False)
    if rows is not None:
        waiting = waiting.filter(pk__in=rows)
    numbers = list(waiting.values_list("number", flat=True))
    waiting.update(confirmed=True)
    if numbers:
        events.record(Event.IMPORT_ROW_DECIDED, batch, by=by, at=at, payload={"confirmed": numbers})
    return len(numbers)


@transaction.atomic
def correct_row(*, row: ImportRow, cells: Mapping[str, Any], by: Actor, at: datetime) -> ImportRow:
    """Read one row again with corrected cells (field → text); its verdict and findings are judged anew.

    Refused when a sensitive field is filled that may not be.
    """
    batch = _staged(row.batch_id, by)
    kind = registries.import_kinds[batch.kind]
    refuse_if_blocked(sensitive.findings(cells, kind.fields, localdate(at)))
    session = kind.session(area=batch.area, as_of=batch.as_of, at=at, unit=batch.unit or None)
    again = session.read(row.number, cells)
    session.resolve([again])
    same_key = batch.rows.filter(key=again.key, number__lt=row.number).exclude(verdict=Verdict.SKIP).first()
    if same_key is not None and again.key:
        again.findings.append(
            staging.note(
                "IMP-DUPLICATE-DIFFERS",
                Severity.CONFIRM,
                _("与第 {row} 行的主键相同，但内容不同，请确认以哪一行为准。"),
                row=same_key.number,
            )
        )
    again.judge()
    session.seal(again)
    row.verdict, row.action, row.key, row.label = str(again.verdict), again.action, again.key[:120], again.label[:200]
    row.fields, row.before, row.object_id = again.fields, again.before, again.object_id
    row.findings = [f.as_dict() for f in again.findings]
    row.confirmed = False
    row.save()
    _recount(batch)
    events.record(Event.IMPORT_ROW_DECIDED, batch, by=by, at=at, payload={"corrected": row.number})
    return row


@transaction.atomic
def discard(*, batch: ImportBatch, by: Actor, at: datetime) -> ImportBatch:
    """Give a staged batch up; its rows are deleted, the batch stays as a line of history."""
    batch = _staged(batch.pk, by)
    batch.rows.all().delete()
    batch.state = BatchState.DISCARDED
    batch.save(update_fields=["state"])
    events.record(Event.IMPORT_DISCARDED, batch, by=by, at=at, payload={"file": batch.file_name})
    return batch
