"""Applying and undoing an import batch of organizations: set actions, each one short transaction.

Reading and comparing happened in staging, and what is to be written is prepared before (`preparing`). Under the lock
only the version stamps are checked again and rows taken over. Undo compensates; it refuses, and undoes nothing, when a
later change touched one of the same facts.
"""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, bulk, events, locks, registries, sensitive, staging
from liaoyuan.core.access import Actor
from liaoyuan.core.actions import invitations
from liaoyuan.core.choices import BatchState, Event, Verdict
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import ImportBatch
from liaoyuan.kit.findings import Refused, Severity
from liaoyuan.registry.actions import preparing, standings
from liaoyuan.registry.actions.undoing import Undoing


def apply_batch(*, batch: ImportBatch, confirm_review: bool = False, by: Actor, at: datetime) -> ImportBatch:
    """Write the batch's accepted rows, and its review rows that are confirmed (all of them with `confirm_review`).

    Refused when the batch is not staged any more, when the register changed since the comparison (IMP-STALE), or when
    two rows would take the same code.
    """
    access.require_area(by, registries.import_kinds[batch.kind].permission, batch.area.path)
    batch = ImportBatch.objects.select_related("area").get(pk=batch.pk)
    require_state(batch, BatchState.STAGED)
    with bulk.Spool() as spool:
        prepared = preparing.Prepared(batch, spool, confirm_review=confirm_review, by=by, at=at)
        with transaction.atomic():
            locks.one_at_a_time("registry.import")
            batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
            require_state(batch, BatchState.STAGED)
            _require_undecided(batch, prepared)
            _require_fillable(batch, prepared.filled, localdate(at))
            _require_fresh(prepared)
            prepared.write(prepared.created + prepared.updated)
            ended = invitations.revoke_heads(changes=prepared.heads, by=by, at=at)
            if confirm_review:
                batch.rows.filter(verdict=Verdict.REVIEW, confirmed=False).update(confirmed=True)
            _close_applied(batch, prepared, ended, by=by, at=at)
    return batch


def _close_applied(
    batch: ImportBatch, prepared: preparing.Prepared, ended: list[str], *, by: Actor, at: datetime
) -> None:
    batch.state, batch.applied_at, batch.applied_by = BatchState.APPLIED, at, standings.recorder(by)
    batch.counts = {**batch.counts, "written:create": prepared.created, "written:update": prepared.updated}
    if ended:
        told = _("负责人有变更，以下账号的授权已收回：{names}。").format(names="、".join(ended))
        batch.notes = [*batch.notes, told]
    batch.save(update_fields=["state", "applied_at", "applied_by", "counts", "notes"])
    payload = {"file": batch.file_name, "sha256": batch.sha256, "counts": batch.counts, "digest": prepared.digest}
    events.record(Event.IMPORT_APPLIED, batch, by=by, at=at, payload=payload)


def require_state(batch: ImportBatch, state: BatchState) -> None:
    """Refuse a batch that is not in this state."""
    if batch.state != state:
        raise Refused([staging.note("IMP-STATE", Severity.BLOCK, _("这个批次已经处理过，不能重复操作。"))])


def _require_undecided(batch: ImportBatch, prepared: preparing.Prepared) -> None:
    """Nobody corrected or confirmed a row while the rows were prepared."""
    if batch.stamp != prepared.stamp:
        raise Refused([staging.note("IMP-STALE", Severity.BLOCK, _("这个批次的行刚刚有改动，请再导入一次。"))])


def _require_fillable(batch: ImportBatch, filled: set[str], on: date) -> None:
    """A batch read before the installation went back to trial brings no sensitive values in."""
    if filled & set(sensitive.withheld(registries.import_kinds[batch.kind].fields, on)):
        raise Refused([
            staging.note(
                "IMP-SENSITIVE", Severity.BLOCK,
                _("试用级别不能录入敏感信息：请放弃这个批次并重新上传，敏感信息的列会自动略去。"),
            )
        ])  # fmt: skip


def _require_fresh(prepared: preparing.Prepared) -> None:
    """Nothing that the comparison rested on has changed."""
    stale = prepared.taken_meanwhile()
    if stale:
        told = _("比对之后有 {n} 个组织被修改（如 {first}），请重新比对后再导入。")
        raise Refused([staging.note("IMP-STALE", Severity.BLOCK, told, n=len(stale), first=stale[0])])


def undo_batch(*, batch: ImportBatch, by: Actor, at: datetime) -> ImportBatch:
    """Take an applied batch back. Refused, with the rows whose facts somebody changed since; then nothing is undone."""
    access.require_area(by, registries.import_kinds[batch.kind].permission, batch.area.path)
    batch = ImportBatch.objects.select_related("area").get(pk=batch.pk)
    require_state(batch, BatchState.APPLIED)
    with bulk.Spool() as spool:
        undoing = Undoing(batch, spool, by=by, at=at)
        with transaction.atomic():
            locks.one_at_a_time("registry.import")
            batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
            require_state(batch, BatchState.APPLIED)
            _require_untouched(batch, undoing.touched())
            undoing.void()
            undoing.write(undoing.count)
            batch.state, batch.undone_at, batch.undone_by = BatchState.UNDONE, at, standings.recorder(by)
            batch.save(update_fields=["state", "undone_at", "undone_by"])
            payload = {"file": batch.file_name, "rows": undoing.count, "digest": undoing.digest}
            events.record(Event.IMPORT_UNDONE, batch, by=by, at=at, payload=payload)
    return batch


def _require_untouched(batch: ImportBatch, bodies: set[int]) -> None:
    if not bodies:
        return
    rows = batch.rows.of_records(sorted(bodies)[:1000]).filter(action__in=["create", "update"]).order_by("number")
    told = _("第 {row} 行“{name}”在导入之后又被修改，整批没有撤销。")
    raise Refused([
        staging.note("IMP-UNDO", Severity.BLOCK, told, row=number, name=label)
        for number, label in rows.values_list("number", "label")[:100]
    ])  # fmt: skip
