"""Applying and undoing an import of F03: set actions, each one short transaction.

What was written stands in each row's `before["_"]["written"]` as [kind, replaced key or None, new key]; undo
compensates, or refuses and undoes nothing.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, events, locks, registries, staging
from liaoyuan.core.access import Actor
from liaoyuan.core.choices import BatchState, Event
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import ImportBatch, ImportRow
from liaoyuan.kit.findings import Refused, Severity
from liaoyuan.kit.text import match_key
from liaoyuan.party.actions import entering
from liaoyuan.party.choices.members import SORTED, AffiliationKind, Stage
from liaoyuan.party.models import Affiliation, Member, MemberRecord, Transfer
from liaoyuan.party.queries import members as reading
from liaoyuan.party.queries import rosters, secrets
from liaoyuan.people.actions import batches as shared
from liaoyuan.people.models import Person, Profile
from liaoyuan.registry.models import BEGINNING

MODELS: dict[str, type[Any]] = {"record": MemberRecord, "affiliation": Affiliation}
_DAYS = (*rosters.SHORT_DAYS, "joined_on")


def days_of(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Fields with their days as days, and the precision of those that are known to the month or year only."""
    out, precision = dict(fields), {}
    for name in _DAYS:
        text = str(fields.get(name) or "")
        if text:
            out[name] = shared.day(text)
            if len(text) < 10:
                precision[name] = "M" if len(text) == 7 else "Y"
    return {**out, "precision": precision}


def apply_batch(*, batch: ImportBatch, confirm_review: bool = False, by: Actor, at: datetime) -> ImportBatch:
    """Write the batch's accepted rows, and its review rows that are confirmed (all of them with `confirm_review`)."""
    access.require_area(by, registries.import_kinds[batch.kind].permission, batch.area.path)
    rows = shared.writable(batch, confirm_review=confirm_review)
    try:
        with transaction.atomic():
            locks.one_at_a_time("party.import")
            batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
            shared.require_state(batch, BatchState.STAGED)
            shared.fillable(batch, rows, localdate(at))
            entering.lock(parties=[row.before["_"]["party"] for row in rows if row.before])
            _stale(rows)
            writer = Writer(batch, by=by, at=at)
            for row in rows:
                writer.write(row)
            ImportRow.objects.bulk_update(rows, ["object_id", "before"], batch_size=500)
            shared.close_applied(batch, rows, confirm_review=confirm_review, by=by, at=at)
    except IntegrityError as error:  # somebody entered one of them between the comparison and the commit
        raise _refused_stale(1, rows[0].label if rows else "") from error
    return batch


def _stale(rows: list[ImportRow]) -> None:
    """Refuse when a member changed since the comparison, a number became a member's, or a branch is gone."""
    versions = {r.object_id: (r.before or {})["_"].get("version") for r in rows if r.object_id}
    gone = set(rosters.fresh({pk: v for pk, v in versions.items() if pk and v is not None}))
    names = [row.label for row in rows if row.object_id in gone]
    wanted = {(r.before or {})["_"].get("index"): r.label for r in rows if not r.object_id}
    names += [wanted[index] for index in rosters.taken_indexes(i for i in wanted if i) if index in wanted]
    parties = {(r.before or {})["_"]["party"] for r in rows}
    alive = set(rosters.alive(parties))
    names += [row.label for row in rows if (row.before or {})["_"]["party"] not in alive]
    if names:
        raise _refused_stale(len(names), names[0])


def _refused_stale(count: int, name: str) -> Refused:
    told = _("比对之后有 {n} 名党员或其党组织被修改（如 {first}），请重新比对后再导入。")
    return Refused([staging.note("IMP-STALE", Severity.BLOCK, told, n=count, first=name)])


class Writer:
    """Writes rows of one batch; keeps in each what undo needs."""

    def __init__(self, batch: ImportBatch, *, by: Actor, at: datetime) -> None:
        self.batch, self.at = batch, at
        self.user = entering.recorder(by)

    def write(self, row: ImportRow) -> None:
        """One row: the member, what is told of him, his affiliation."""
        meta = (row.before or {})["_"]
        fields = days_of(row.fields)
        member = self._member(row, meta)
        self._record(row, member, fields)
        self._tie(row, member, fields, meta)
        Member.objects.filter(pk=member.pk).update(version=models.F("version") + 1)
        row.object_id = member.pk

    def _member(self, row: ImportRow, meta: dict[str, Any]) -> Member:
        index, cipher = str(meta.get("index") or ""), str(row.fields.get("id_number") or "")
        if row.object_id:
            member = Member.objects.select_related("person").get(pk=row.object_id)
            other = Person.objects.living().filter(id_index=index).exclude(pk=member.person_id).first()
            if index and not member.person.id_index and other is not None:
                meta["moved"], member.person = member.person_id, other
                member.save(update_fields=["person"])
            elif index and not member.person.id_index:
                Person.objects.filter(pk=member.person_id).update(id_number=cipher, id_index=index)
                meta["numbered"] = True
            return member
        person = Person.objects.living().filter(id_index=index).first() if index else None
        if person is None:
            person = Person.objects.create(
                id_number=cipher, id_index=index, created_at=self.at, created_by=self.user
            )  # fmt: skip
            meta["person"] = person.pk
        meta["made"] = True
        return Member.objects.create(person=person, created_at=self.at, created_by=self.user)

    def told(self, row: ImportRow, kind: str, old: models.Model | None, new: Any) -> None:
        """Supersede the old row, write the new one, keep both keys."""
        if old is not None:
            MODELS[kind]._default_manager.filter(pk=old.pk).update(superseded_at=self.at)
        new.recorded_at, new.recorded_by = self.at, self.user
        new.save(force_insert=True)
        (row.before or {})["_"].setdefault("written", []).append([kind, old.pk if old else None, new.pk])

    def _record(self, row: ImportRow, member: Member, fields: Mapping[str, Any]) -> None:
        known = MemberRecord.objects.current().filter(member=member).first()
        meta = (row.before or {})["_"]
        names = [n for n in (meta["told"] if known else [*rosters.PLAIN, *rosters.SHORT_DAYS, *secrets.COLUMNS])
                 if n in fields and n != "id_number"]  # fmt: skip
        back = known is not None and known.left_on is not None
        numbered = bool(row.fields.get("id_number")) and (known is None or "id_number" in meta["told"])
        if known is not None and not names and not back and not numbered:
            return
        new = MemberRecord(member=member)
        if known is not None:
            shared.copy(known, new)
        for name in names:
            setattr(new, secrets.COLUMNS.get(name, name), fields[name])
        precision = {n: p for n, p in new.precision.items() if n not in names}
        new.precision = {**precision, **{n: p for n, p in fields["precision"].items() if n in names}}
        new.name_key = match_key(new.name)
        new.numbered = new.numbered or numbered
        new.evidence = new.evidence or _("导入：{name}").format(name=self.batch.file_name)[:120]
        if back:
            new.left_on, new.left_reason = None, ""
        self.told(row, "record", known, new)

    def _tie(self, row: ImportRow, member: Member, fields: Mapping[str, Any], meta: dict[str, Any]) -> None:
        known = Affiliation.objects.now_open().filter(pk=meta.get("row") or 0).first()
        if known is not None:
            if meta["ledger"]:
                new = Affiliation()
                shared.copy(known, new)
                if "home_contact" in meta["ledger"]:
                    new.home_contact = str(fields["home_contact"])
                if "organization" in meta["ledger"]:
                    new.organization_id = meta["body"]
                self.told(row, "affiliation", known, new)
            return
        kind = str(fields.get("state") or AffiliationKind.FORMAL)
        evidence = str(fields.get("evidence") or "")
        if meta.get("outside"):
            since = reading.begin(member, None, str(AffiliationKind.FORMAL)) or BEGINNING
            self.told(row, "affiliation", None, Affiliation(
                member=member, kind=str(AffiliationKind.FORMAL), outside_name=meta["outside"], valid_from=since,
                assumed=True, evidence=evidence,
            ))  # fmt: skip
        self.told(row, "affiliation", None, self._new(member, kind, fields, meta, evidence))

    def _new(
        self, member: Member, kind: str, fields: Mapping[str, Any], meta: Mapping[str, Any], evidence: str
    ) -> Affiliation:
        since: date | None = fields.get("joined_on")
        party, staged = meta["party"], kind in SORTED
        earliest = reading.begin_at(member, party, kind) or BEGINNING
        if since is not None and since < earliest:
            told = _("“{name}”的组织关系起日早于他上一段组织关系的止日，请在表里改正后重新导入。")
            raise Refused([staging.note("IMP-JOINED-EARLY", Severity.BLOCK, told, name=str(fields["name"]))])
        return Affiliation(
            member=member, party_organization_id=party, kind=kind, organization_id=meta["body"],
            valid_from=since or earliest,
            assumed=since is None, full_time=fields["work_time"] == "full" if fields.get("work_time") else None,
            stage=str(Stage.SURVEYED) if staged else "", stage_on=(since or self.batch.as_of) if staged else None,
            home_contact=str(fields.get("home_contact") or ""), evidence=evidence,
        )  # fmt: skip


def undo_batch(*, batch: ImportBatch, by: Actor, at: datetime) -> ImportBatch:
    """Take an applied batch back. Refused, with the rows whose facts somebody changed since; then nothing is undone."""
    access.require_area(by, registries.import_kinds[batch.kind].permission, batch.area.path)
    with transaction.atomic():
        locks.one_at_a_time("party.import")
        batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        shared.require_state(batch, BatchState.APPLIED)
        rows = [r for r in batch.rows.filter(object_id__isnull=False).order_by("number") if _written(r)]
        list(Member.objects.select_for_update().filter(pk__in=[r.object_id for r in rows]).order_by("pk"))
        touched = [row for row in rows if not _untouched(row)]
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
        told_ = {"file": batch.file_name, "rows": len(rows), "digest": shared.digest(batch)}
        events.record(Event.IMPORT_UNDONE, batch, by=by, at=at, payload=told_)
    return batch


def _written(row: ImportRow) -> list[list[Any]]:
    return (row.before or {}).get("_", {}).get("written", [])


def _untouched(row: ImportRow) -> bool:
    """Whether all that the row wrote still holds, and nothing else was told of a member whom it made."""
    ours: dict[str, set[int]] = {kind: set() for kind in MODELS}
    for kind, _old, new in _written(row):
        ours[kind].add(new)
    for kind, keys in ours.items():
        if MODELS[kind]._default_manager.filter(pk__in=keys, superseded_at__isnull=True).count() != len(keys):
            return False
    formal = Affiliation.objects.formal().filter(pk__in=ours["affiliation"])
    if formal.exists() and Transfer.objects.under_way().filter(member=row.object_id).exists():
        return False  # a letter rests on it
    if not (row.before or {})["_"].get("made"):
        return True
    member = row.object_id or 0
    if any(rows.exists() for rows in reading.told_of(member)) or Member.objects.known().filter(pk=member).count() != 1:
        return False
    more = Affiliation.objects.current().filter(member=member).exclude(pk__in=ours["affiliation"])
    return not more.exists()


def _take_back(row: ImportRow, *, by: Actor, at: datetime) -> None:
    meta = (row.before or {})["_"]
    for kind, old, new in reversed(_written(row)):
        manager = MODELS[kind]._default_manager
        manager.filter(pk=new).update(superseded_at=at)
        if old is not None:
            again = manager.get(pk=old)
            again.pk, again._state.adding = None, True
            again.superseded_at, again.recorded_at, again.recorded_by = None, at, entering.recorder(by)
            again.save(force_insert=True)
            _follow(row, kind, old, again.pk)
    member = Member.objects.get(pk=row.object_id or 0)
    member.version += 1
    if meta.get("moved"):
        member.person_id = meta["moved"]
    if meta.get("numbered"):
        Person.objects.filter(pk=member.person_id).update(id_number="", id_index="")
    if meta.get("made"):
        member.voided_at, member.voided_by = at, entering.recorder(by)
        alone = not Profile.objects.filter(person=member.person_id).exists()
        if meta.get("person") == member.person_id and alone:
            Person.objects.filter(pk=member.person_id).update(voided_at=at, voided_by=entering.recorder(by))
    member.save(update_fields=["version", "voided_at", "voided_by", "person"])


def _follow(row: ImportRow, kind: str, old: int, again: int) -> None:
    """An earlier batch wrote the row that stands again: it may still be undone."""
    earlier = ImportRow.objects.filter(object_id=row.object_id, batch__kind="members").exclude(pk=row.pk)
    for other in earlier.filter(batch__state=BatchState.APPLIED):
        written = [entry for entry in _written(other) if entry[0] == kind and entry[2] == old]
        for entry in written:
            entry[2] = again
        if written:
            other.save(update_fields=["before"])
