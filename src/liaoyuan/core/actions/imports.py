"""An upload becomes a batch; its rows are corrected and confirmed; it is imported or discarded.

What takes long is asked of a job (core.tasks): reading a large sheet, writing many rows.
"""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, events, jobs, registries, sensitive, shelf, staging
from liaoyuan.core.access import Actor
from liaoyuan.core.choices import BatchState, Event, Verdict
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import ImportBatch, ImportRow, Job, User
from liaoyuan.core.params import APPLY_AT_ONCE, READ_AT_ONCE
from liaoyuan.kit.findings import Refused, Severity, refuse_if_blocked


def receive(*, order: staging.Order, by: User, at: datetime) -> ImportBatch:
    """Stage an uploaded file: a small one at once, of a large one the batch, whose rows a job reads.

    Raises as `staging.stage`: what cannot be read at all is told before anything is kept.
    """
    access.require_area(by, registries.import_kinds[order.kind].permission, order.area.path)
    if order.path.stat().st_size <= READ_AT_ONCE:
        return staging.stage(order, by=by, at=at)
    opened = staging.examine(order, at=at)
    stored = f"{shelf.UPLOADS}/{secrets.token_hex(12)}"
    shelf.keep(order.path, stored)
    with transaction.atomic():
        batch, fresh = staging.begin(opened, order, by=by, at=at)
        if fresh:
            jobs.enqueue_on_commit(
                "core.import_read", batch.pk, key=staging.reading_key(batch), by=by, at=at, label=batch.file_name,
                subject=("importbatch", batch.pk), kept={"file": stored},
                order={"sheet": order.sheet, "mapping": dict(order.mapping), "unit": order.unit},
            )  # fmt: skip
    if not fresh:
        shelf.drop(stored)
    return batch


def order_of(batch: ImportBatch, asked: Mapping[str, Any], path: Path) -> staging.Order:
    """The order of an upload again, out of its batch and what the job was told."""
    order = staging.Order(kind=batch.kind, path=path, file_name=batch.file_name, area=batch.area, as_of=batch.as_of)
    return replace(order, sheet=asked["sheet"], mapping=asked["mapping"], unit=asked["unit"])


def bring_in(*, batch: ImportBatch, confirm_review: bool = False, by: User, at: datetime) -> ImportBatch | Job:
    """Import a staged batch: at once, or when many rows are to be written, by a job, which is returned."""
    kind = registries.import_kinds[batch.kind]
    access.require_area(by, kind.permission, batch.area.path)
    if batch.state != BatchState.STAGED or _to_write(batch) <= APPLY_AT_ONCE:
        return kind.apply(batch=batch, confirm_review=confirm_review, by=by, at=at)
    return jobs.enqueue_on_commit(
        "core.import_apply", batch.pk, key=f"import.apply:{batch.pk}", by=by, at=at, label=batch.file_name,
        subject=("importbatch", batch.pk), order={"confirm_review": True} if confirm_review else None,
    )  # fmt: skip


def _to_write(batch: ImportBatch) -> int:
    """At most how many rows importing would write, by the batch's own counts."""
    verdicts = (Verdict.ACCEPT, Verdict.REVIEW)
    return sum(int(batch.counts.get(f"{v}:{action}", 0)) for v in verdicts for action in ("create", "update"))


def _staged(batch_id: int, by: Actor) -> ImportBatch:
    batch = ImportBatch.objects.select_for_update().select_related("area").get(pk=batch_id)
    access.require_area(by, registries.import_kinds[batch.kind].permission, batch.area.path)
    if batch.state != BatchState.STAGED:
        raise Refused([staging.note("IMP-STATE", Severity.BLOCK, _("这个批次已经处理过，不能再改。"))])
    return batch


def _decided(batch: ImportBatch) -> None:
    """The rows are not what they were: who prepares them to be written has to begin anew."""
    batch.stamp = secrets.token_hex(16)
    batch.save(update_fields=["stamp"])


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
        _decided(batch)
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
    _decided(batch)
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
