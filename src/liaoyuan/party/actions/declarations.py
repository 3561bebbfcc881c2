"""党建情况申报: what a body declares of mass organizations and money from a day on, one by one or by a sheet (F04)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, events, locks, registries, staging
from liaoyuan.core.access import Actor
from liaoyuan.core.choices import BatchState
from liaoyuan.core.choices import Event as Core
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import ImportBatch, ImportRow
from liaoyuan.kit.findings import Refused, Severity
from liaoyuan.kit.money import MAX_FEN
from liaoyuan.party.actions import entering
from liaoyuan.party.choices.codes import Event, Permission
from liaoyuan.party.models import BodyDeclaration
from liaoyuan.party.queries import declarations as reading
from liaoyuan.party.queries import instructors as bodies
from liaoyuan.people.actions import batches as shared
from liaoyuan.registry.models import OPEN, Organization


@transaction.atomic
def declare(
    *, organization: Organization, start: date, fields: Mapping[str, Any], version: int | None = None, by: Actor,
    at: datetime, on_behalf: str = "",
) -> BodyDeclaration:  # fmt: skip
    """Keep what a body declares from the day `start` on, until the next declaration begins; the same day again
    corrects it. `fields` are those of `reading.FIELDS`; `version` is the declaration that the page showed, 0 = none.

    The body's own head declares, or the party lead for it. Refused in the future, without anything told, for money
    without a year and a year without money, and when somebody declared since the page was opened.
    """
    if not access.covers(by, Permission.OWN_APPLY, organization, write=True):
        if not access.covers(by, Permission.EDIT, organization, write=False):
            access.require(by, Permission.EDIT, organization)
        on_behalf = on_behalf or _("党建部门代填")
    told = {name: fields.get(name) for name in reading.FIELDS} | {"note": str(fields.get("note") or "").strip()[:200]}
    if start > localdate(at):
        raise entering.refusal("DECLARE-FUTURE", _("申报日期不能晚于今天。"), "start")
    _consistent(told)
    entering.lock(bodies=[organization.pk])
    known = reading.last(organization)
    if version is not None and version != (known.pk if known else 0):
        raise entering.refusal("DECLARE-STALE", _("您打开页面之后，别人修改了申报。请核对最新内容后再保存。"))
    made, _gone = put(organization.pk, start, told, by=by, at=at)
    payload = {"on": start.isoformat(), "declared": {n: v for n, v in told.items() if v not in (None, "")}}
    events.record(Event.DECLARED, bodies.body_subject(organization), by=by, at=at, on_behalf=on_behalf, payload=payload)
    return made


def _consistent(told: Mapping[str, Any]) -> None:
    """Refuse what the database would refuse, in words."""
    if all(value in (None, "") for value in told.values()):
        raise entering.refusal("DECLARE-EMPTY", _("请至少填写一项。"), "has_union")
    if told["funds_fen"] is not None and told["funds_year"] is None:
        raise entering.refusal("DECLARE-YEAR", _("党建经费须写明年度。"), "funds_year")
    if told["funds_fen"] is None and told["funds_year"] is not None:
        raise entering.refusal("DECLARE-FUNDS", _("写了年度，还须写明党建经费的金额。"), "funds_fen")
    if told["funds_fen"] is not None and not 0 <= told["funds_fen"] <= MAX_FEN:
        raise entering.refusal("DECLARE-FUNDS", _("党建经费须是不小于 0 的金额。"), "funds_fen")


def put(
    organization: int, start: date, told: Mapping[str, Any], *, by: Actor, at: datetime
) -> tuple[BodyDeclaration, list[list[int]]]:
    """Write the declaration into its place among the others, under the lock of the caller.

    Returns it, and what was superseded and written as [old key, new key]; 0 = nothing.
    """
    rows = BodyDeclaration.objects.current().filter(organization=organization)
    held = rows.filter(valid_from__lte=start, valid_to__gt=start).first()
    later = rows.filter(valid_from__gt=start).order_by("valid_from").first()
    until = held.valid_to if held else later.valid_from if later else OPEN
    written: list[list[int]] = []
    if held is not None:
        BodyDeclaration.objects.filter(pk=held.pk).update(superseded_at=at)
        again = 0
        if held.valid_from < start:
            again = _written(organization, held.valid_from, start, reading.fields_of(held), by=by, at=at).pk
        written.append([held.pk, again])
    made = _written(organization, start, until, told, by=by, at=at)
    return made, [*written, [0, made.pk]]


def _written(
    organization: int, start: date, until: date, told: Mapping[str, Any], *, by: Actor, at: datetime
) -> BodyDeclaration:
    return BodyDeclaration.objects.create(
        organization_id=organization, valid_from=start, valid_to=until, recorded_at=at,
        recorded_by=entering.recorder(by), **told,
    )  # fmt: skip


def apply_batch(*, batch: ImportBatch, confirm_review: bool = False, by: Actor, at: datetime) -> ImportBatch:
    """Write the accepted rows of F04, and its review rows that are confirmed (all of them with `confirm_review`)."""
    access.require_area(by, registries.import_kinds[batch.kind].permission, batch.area.path)
    rows = shared.writable(batch, confirm_review=confirm_review)
    try:
        with transaction.atomic():
            locks.one_at_a_time("party.import")
            batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
            shared.require_state(batch, BatchState.STAGED)
            keys = [int(row.object_id or 0) for row in rows]
            entering.lock(bodies=keys)
            _stale(rows)
            for row in rows:
                meta = (row.before or {})["_"]
                told = reading.merged(meta["kept"], row.fields)
                _made, meta["written"] = put(int(row.object_id or 0), batch.as_of, told, by=by, at=at)
            ImportRow.objects.bulk_update(rows, ["before"], batch_size=500)
            shared.close_applied(batch, rows, confirm_review=confirm_review, by=by, at=at)
    except IntegrityError as error:  # somebody declared between the comparison and the commit
        raise _refused(1, rows[0].label if rows else "") from error
    return batch


def _stale(rows: list[ImportRow]) -> None:
    """Refuse when a body declared since the comparison."""
    now = reading.stamps([int(row.object_id or 0) for row in rows])
    gone = [row.label for row in rows if now.get(row.object_id or 0, 0) != (row.before or {})["_"]["stamp"]]
    if gone:
        raise _refused(len(gone), gone[0])


def _refused(count: int, name: str) -> Refused:
    told = _("比对之后有 {n} 个组织的申报被修改（如 {first}），请重新比对后再导入。")
    return Refused([staging.note("IMP-STALE", Severity.BLOCK, told, n=count, first=name)])


def undo_batch(*, batch: ImportBatch, by: Actor, at: datetime) -> ImportBatch:
    """Take an applied batch back. Refused, with the rows that somebody changed since; then nothing is undone."""
    access.require_area(by, registries.import_kinds[batch.kind].permission, batch.area.path)
    with transaction.atomic():
        locks.one_at_a_time("party.import")
        batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        shared.require_state(batch, BatchState.APPLIED)
        rows = [row for row in batch.rows.order_by("number") if _of(row)]
        entering.lock(bodies=[row.object_id for row in rows])
        touched = [row for row in rows if not _stands(row)]
        if touched:
            told = _("第 {row} 行“{name}”在导入之后又被修改，整批没有撤销。")
            raise Refused([
                staging.note("IMP-UNDO", Severity.BLOCK, told, row=row.number, name=row.label)
                for row in touched[:100]
            ])  # fmt: skip
        for row in rows:
            _take_back(row, by=by, at=at)
        batch.state, batch.undone_at, batch.undone_by = BatchState.UNDONE, at, entering.recorder(by)
        batch.save(update_fields=["state", "undone_at", "undone_by"])
        payload = {"file": batch.file_name, "rows": len(rows), "digest": shared.digest(batch)}
        events.record(Core.IMPORT_UNDONE, batch, by=by, at=at, payload=payload)
    return batch


def _of(row: ImportRow) -> list[list[int]]:
    found: list[list[int]] = (row.before or {}).get("_", {}).get("written", [])
    return found


def _stands(row: ImportRow) -> bool:
    keys = [new for _old, new in _of(row) if new]
    return BodyDeclaration.objects.current().filter(pk__in=keys).count() == len(keys)


def _take_back(row: ImportRow, *, by: Actor, at: datetime) -> None:
    written = _of(row)
    BodyDeclaration.objects.filter(pk__in=[new for _old, new in written if new]).update(superseded_at=at)
    for held in BodyDeclaration.objects.filter(pk__in=[old for old, _new in written if old]):
        told = reading.fields_of(held)
        _written(held.organization_id, held.valid_from, held.valid_to, told, by=by, at=at)
