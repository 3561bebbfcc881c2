"""Applying and undoing an import of F09, collected and used: set actions, each one short transaction.

What was written stands in each row's `before["_"]["written"]` as [kind, replaced key or None, new key]; undo
compensates, or refuses and undoes nothing.
"""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, events, locks, registries, staging, vault
from liaoyuan.core.access import Actor
from liaoyuan.core.choices import BatchState, Event
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import ImportBatch, ImportRow
from liaoyuan.kit.findings import Refused, Severity
from liaoyuan.party.actions import entering
from liaoyuan.party.models import Due, DuesBase, DuesUse, Member, PartyOrganization
from liaoyuan.party.queries import dues as queries
from liaoyuan.party.queries import dues_matching
from liaoyuan.people.actions import batches as shared
from liaoyuan.registry.models import OPEN

MODELS: dict[str, type[Any]] = {"due": Due, "base": DuesBase, "use": DuesUse}


def _meta(row: ImportRow) -> dict[str, Any]:
    found: dict[str, Any] = (row.before or {})["_"]
    return found


def _fen(told: Any) -> int | None:
    return None if told in (None, "") else int(Decimal(str(told)) * 100)


def apply_batch(*, batch: ImportBatch, confirm_review: bool = False, by: Actor, at: datetime) -> ImportBatch:
    """Write months, payments and bases of the accepted rows, and of review rows that are confirmed; month by month.

    Refused when a base, a reduction or a month changed since the comparison.
    """
    access.require_area(by, registries.import_kinds[batch.kind].permission, batch.area.path)
    rows = shared.writable(batch, confirm_review=confirm_review)
    with transaction.atomic():
        locks.one_at_a_time("party.import")
        batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        shared.require_state(batch, BatchState.STAGED)
        shared.fillable(batch, rows, localdate(at))
        rows.sort(key=lambda row: (_meta(row)["member"], _meta(row)["month"]))
        parties = {_meta(row)["party"] for row in rows}
        members = {_meta(row)["member"] for row in rows}
        entering.lock(parties=parties, members=members)
        _fresh(rows, parties, members)
        writer = DuesWriter(by=by, at=at)
        for row in rows:
            writer.write(row)
        ImportRow.objects.bulk_update(rows, ["object_id", "before"], batch_size=500)
        shared.close_applied(batch, rows, confirm_review=confirm_review, by=by, at=at)
    return batch


def _fresh(rows: list[ImportRow], parties: set[int], members: set[int]) -> None:
    """Nothing that the comparison rested on has changed."""
    alive = set(PartyOrganization.objects.living().filter(pk__in=parties).values_list("pk", flat=True))
    known = set(Member.objects.known().filter(pk__in=members).values_list("pk", flat=True))
    held = dues_matching.held((_meta(row)["member"], date.fromisoformat(_meta(row)["month"])) for row in rows)
    stale = []
    for row in rows:
        meta = _meta(row)
        now = held[meta["member"], date.fromisoformat(meta["month"])]
        same = (_key(now.due), _key(now.base), _key(now.waiver)) == (meta["due"], meta["base"], meta["waiver"])
        if not same or meta["party"] not in alive or meta["member"] not in known:
            stale.append(row)
    if stale:
        told = _("比对之后有 {n} 行的党费或基数被修改（如第 {row} 行“{first}”），请重新比对后再导入。")
        raise _refused("IMP-STALE", told, n=len(stale), row=stale[0].number, first=stale[0].label)


def _key(row: models.Model | None) -> int | None:
    return row.pk if row is not None else None


def _refused(code: str, sentence: str, **args: Any) -> Refused:
    return Refused([staging.note(code, Severity.BLOCK, sentence, **args)])


class Writer:
    """Writes rows of one batch; keeps in each what undo needs."""

    def __init__(self, *, by: Actor, at: datetime) -> None:
        self.at, self.user = at, entering.recorder(by)

    def told(self, row: ImportRow, kind: str, old: models.Model | None, new: Any) -> None:
        """Supersede the old row, write the new one, keep both keys."""
        if old is not None:
            MODELS[kind]._default_manager.filter(pk=old.pk).update(superseded_at=self.at)
        new.recorded_at, new.recorded_by = self.at, self.user
        new.save(force_insert=True)
        _meta(row).setdefault("written", []).append([kind, old.pk if old else None, new.pk])

    def again(self, row: ImportRow, kind: str, old: models.Model, **told: Any) -> Any:
        """The old row with what is told anew."""
        new = MODELS[kind]()
        shared.copy(old, new)
        for name, value in told.items():
            setattr(new, name, value)
        self.told(row, kind, old, new)
        return new


class DuesWriter(Writer):
    """Months, payments and bases."""

    def write(self, row: ImportRow) -> None:
        """One row: the base when it tells another, then the month and its payment."""
        meta = _meta(row)
        member, month = int(meta["member"]), date.fromisoformat(meta["month"])
        if meta["sets"]:
            self._base(row, member, month)
        known = dues_matching.held([(member, month)])[member, month]
        party = PartyOrganization.objects.select_related("area").get(pk=meta["party"])
        if known.due is not None and known.due.paid_on is not None:
            told = self._payment(row)
        else:
            found = queries.reckon(known.base, known.waiver, queries.limits(party, month))
            if found is None or found.due_fen != meta["due_fen"]:
                told_ = _("第 {row} 行“{name}”：前面月份的党费基数还没有确认，请先确认那一行，或一并确认。")
                raise _refused("IMP-DUES-ORDER", told_, row=row.number, name=row.label)
            told = {**queries.columns_of(found), **self._payment(row)}
        if known.due is None:
            self.told(row, "due", None, Due(party_organization=party, member_id=member, month=month, **told))
        elif any(getattr(known.due, name) != value for name, value in told.items()):
            self.again(row, "due", known.due, **told)
        row.object_id = member

    @staticmethod
    def _payment(row: ImportRow) -> dict[str, Any]:
        fields = row.fields
        if not fields.get("paid_on"):
            return {}
        return {
            "paid_on": date.fromisoformat(fields["paid_on"]), "paid_fen": _fen(fields.get("paid")),
            "payee": str(fields["payee"]),
        }  # fmt: skip

    def _base(self, row: ImportRow, member: int, month: date) -> None:
        """The base from the month on, to the end of the one that held; unpaid months are reckoned anew."""
        rows = DuesBase.objects.current().filter(member=member)
        known = rows.filter(valid_from__lte=month, valid_to__gt=month).first()
        category = str(_meta(row)["category"])
        cipher = "" if category in queries.FLAT else self._cipher(row, known)
        end = known.valid_to if known is not None else OPEN
        if known is None:
            later = rows.filter(valid_from__gt=month).order_by("valid_from").first()
            end = later.valid_from if later is not None else OPEN
        made = DuesBase(member_id=member, category=category, base=cipher, set_on=month, valid_from=month, valid_to=end)
        if known is not None and known.valid_from < month:
            self.again(row, "base", known, valid_to=month)
            self.told(row, "base", None, made)
        else:
            self.told(row, "base", known, made)
        unpaid = Due.objects.current().unpaid().filter(member=member, month__gt=month, month__lt=end)
        for due in unpaid.filter(party_organization=_meta(row)["party"]).select_related("party_organization__area"):
            told = queries.anew(due)
            if told:
                self.again(row, "due", due, **told)

    @staticmethod
    def _cipher(row: ImportRow, known: DuesBase | None) -> str:
        """The base of the row; of a row that tells another category only, the one that holds."""
        given = str(row.fields.get("dues_base") or "")
        if given:
            return queries.sealed(_fen(vault.decrypt(given, purpose=queries.PURPOSE)) or 0)
        fen = queries.clear(known) if known is not None else None
        if fen is None:
            told = _("第 {row} 行“{name}”没有党费基数。")
            raise _refused("IMP-DUES-ORDER", told, row=row.number, name=row.label)
        return queries.sealed(fen)


def apply_uses(*, batch: ImportBatch, confirm_review: bool = False, by: Actor, at: datetime) -> ImportBatch:
    """Write the expenses of accepted rows, and of review rows that are confirmed."""
    access.require_area(by, registries.import_kinds[batch.kind].permission, batch.area.path)
    rows = shared.writable(batch, confirm_review=confirm_review)
    with transaction.atomic():
        locks.one_at_a_time("party.import")
        batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        shared.require_state(batch, BatchState.STAGED)
        parties = {_meta(row)["party"] for row in rows}
        entering.lock(parties=parties)
        alive = set(PartyOrganization.objects.living().filter(pk__in=parties).values_list("pk", flat=True))
        known = DuesUse.objects.current().in_bulk([key for row in rows if (key := _meta(row)["use"])])
        stale = [row for row in rows if _meta(row)["party"] not in alive
                 or (_meta(row)["use"] and _meta(row)["use"] not in known)]  # fmt: skip
        if stale:
            told = _("比对之后有 {n} 行的支出被修改（如第 {row} 行），请重新比对后再导入。")
            raise _refused("IMP-STALE", told, n=len(stale), row=stale[0].number)
        writer = Writer(by=by, at=at)
        for row in rows:
            _spend(writer, row, known.get(_meta(row)["use"]))
        ImportRow.objects.bulk_update(rows, ["object_id", "before"], batch_size=500)
        shared.close_applied(batch, rows, confirm_review=confirm_review, by=by, at=at)
    return batch


def _spend(writer: Writer, row: ImportRow, known: DuesUse | None) -> None:
    fields = row.fields
    told: dict[str, Any] = {name: str(fields[name]) for name in ("purpose", "approved_by", "voucher_no")
                            if fields.get(name)}  # fmt: skip
    told |= {"on": date.fromisoformat(fields["on"]), "amount_fen": _fen(fields["amount"])}
    if known is None:
        writer.told(row, "use", None, DuesUse(party_organization_id=_meta(row)["party"], **told))
    else:
        writer.again(row, "use", known, **told)
    row.object_id = _meta(row)["party"]


def undo_batch(*, batch: ImportBatch, by: Actor, at: datetime) -> ImportBatch:
    """Take an applied batch back. Refused, with the rows whose months or bases were changed since, or by whose base a
    month was settled since; then nothing is undone.
    """
    return _undone(batch, by=by, at=at)


def undo_uses(*, batch: ImportBatch, by: Actor, at: datetime) -> ImportBatch:
    """Take applied expenses back. Refused, with the rows that were changed since; then nothing is undone."""
    return _undone(batch, by=by, at=at)


def _undone(batch: ImportBatch, *, by: Actor, at: datetime) -> ImportBatch:
    access.require_area(by, registries.import_kinds[batch.kind].permission, batch.area.path)
    with transaction.atomic():
        locks.one_at_a_time("party.import")
        batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        shared.require_state(batch, BatchState.APPLIED)
        rows = [r for r in batch.rows.filter(object_id__isnull=False).order_by("number") if _written(r)]
        members = {_meta(row)["member"] for row in rows if "member" in _meta(row)}
        entering.lock(parties={_meta(row)["party"] for row in rows}, members=members)
        touched = _touched(rows)
        if touched:
            told = _("第 {row} 行“{name}”在导入之后又被修改，整批没有撤销。")
            raise Refused([
                staging.note("IMP-UNDO", Severity.BLOCK, told, row=row.number, name=row.label)
                for row in touched[:100]
            ])  # fmt: skip
        _take_back(rows, by=by, at=at)
        batch.state, batch.undone_at, batch.undone_by = BatchState.UNDONE, at, entering.recorder(by)
        batch.save(update_fields=["state", "undone_at", "undone_by"])
        told_ = {"file": batch.file_name, "rows": len(rows), "digest": shared.digest(batch)}
        events.record(Event.IMPORT_UNDONE, batch, by=by, at=at, payload=told_)
    return batch


def _written(row: ImportRow) -> list[list[Any]]:
    return (row.before or {}).get("_", {}).get("written", [])


def _last(rows: Iterable[ImportRow]) -> dict[str, set[int]]:
    """By kind the rows that the batch wrote and did not itself replace."""
    found: dict[str, set[int]] = {kind: set() for kind in MODELS}
    replaced: dict[str, set[int]] = {kind: set() for kind in MODELS}
    for row in rows:
        for kind, old, new in _written(row):
            found[kind].add(new)
            replaced[kind].add(old)
    return {kind: keys - replaced[kind] for kind, keys in found.items()}


def _touched(rows: list[ImportRow]) -> list[ImportRow]:
    """Rows of which something that they wrote does not hold any more, or was built upon."""
    ours = _last(rows)
    gone: set[tuple[str, int]] = set()
    for kind, keys in ours.items():
        held = MODELS[kind]._default_manager.filter(pk__in=keys, superseded_at__isnull=True)
        gone |= {(kind, key) for key in keys - set(held.values_list("pk", flat=True))}
    for base in DuesBase.objects.filter(pk__in=ours["base"]):
        months = Due.objects.current().filter(member=base.member_id, month__gte=base.valid_from,
                                              month__lt=base.valid_to, recorded_at__gt=base.recorded_at)  # fmt: skip
        if months.exclude(pk__in=ours["due"]).exists():
            gone.add(("base", base.pk))
    return [row for row in rows if any((kind, new) in gone for kind, _old, new in _written(row))]


def _take_back(rows: list[ImportRow], *, by: Actor, at: datetime) -> None:
    """What the batch wrote is superseded; what stood before it stands again."""
    entries = [(row, kind, old, new) for row in rows for kind, old, new in _written(row)]
    made = {(kind, new) for _row, kind, _old, new in entries}
    for _row, kind, _old, new in entries:
        MODELS[kind]._default_manager.filter(pk=new, superseded_at__isnull=True).update(superseded_at=at)
    for row, kind, old, _new in entries:
        if old is None or (kind, old) in made:
            continue
        again = MODELS[kind]._default_manager.get(pk=old)
        again.pk, again._state.adding = None, True
        again.superseded_at, again.recorded_at, again.recorded_by = None, at, entering.recorder(by)
        again.save(force_insert=True)
        _follow(row, kind, old, again.pk)


def _follow(row: ImportRow, kind: str, old: int, again: int) -> None:
    """An earlier batch wrote the row that stands again: it may still be undone."""
    earlier = ImportRow.objects.filter(object_id=row.object_id, batch__kind=row.batch.kind).exclude(pk=row.pk)
    for other in earlier.filter(batch__state=BatchState.APPLIED):
        written = [entry for entry in _written(other) if entry[0] == kind and entry[2] == old]
        for entry in written:
            entry[2] = again
        if written:
            other.save(update_fields=["before"])
