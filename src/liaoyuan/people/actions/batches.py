"""Applying and undoing an import of F18: set actions, each one short transaction.

Under the lock only the version stamps are read again and rows written in bulk. What was written stands in each row's
`before["_"]["written"]` as [kind, replaced key or None, new key]; undo compensates, or refuses and undoes nothing.
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, events, locks, registries, sensitive, staging
from liaoyuan.core.access import Actor
from liaoyuan.core.choices import BatchState, Event, Verdict
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import ImportBatch, ImportRow, User
from liaoyuan.kit.findings import Finding, Refused, Severity
from liaoyuan.kit.text import match_key
from liaoyuan.people.actions import entering
from liaoyuan.people.models import Certificate, Employment, Person, Profile, Volunteer, VolunteerService
from liaoyuan.people.queries import matching, secrets

MODELS: dict[str, type[models.Model]] = {
    "profile": Profile, "employment": Employment, "certificate": Certificate, "volunteer": Volunteer,
    "service": VolunteerService,
}  # fmt: skip
PROFILE = ("name", "gender", "birth", "mobile", "education", "major", "basis", "consent_no", "note")
WORK = ("work_time", "job", "service_field", "mentor", "contract_from", "contract_to", "insured", "started_on")
CARD = ("number", "approved_on", "registration_no", "registered_on", "registered_until", "education_hours")
_DAYS = frozenset({"contract_from", "contract_to", "approved_on", "registered_on", "registered_until"})
_CHUNK = 500


def day(text: Any) -> date | None:
    """The day of a normalised text; a month or a year counts from its first day."""
    if not text:
        return None
    parts = [int(p) for p in str(text).split("-")]
    return date(parts[0], parts[1] if len(parts) > 1 else 1, parts[2] if len(parts) > 2 else 1)


def writable(batch: ImportBatch, *, confirm_review: bool) -> list[ImportRow]:
    """Rows that are written: accepted ones, and those in review that are confirmed. Of one key the last wins."""
    rows = batch.rows.filter(verdict__in=[Verdict.ACCEPT, Verdict.REVIEW]).order_by("number").defer("raw", "findings")
    found: dict[str, ImportRow] = {}
    for row in rows.iterator(chunk_size=2000):
        if row.verdict == Verdict.ACCEPT or row.confirmed or confirm_review:
            found[row.key] = row
    return [row for row in found.values() if row.action in ("create", "update")]


def require_state(batch: ImportBatch, state: BatchState) -> None:
    """Refuse a batch that is not in this state."""
    if batch.state != state:
        raise Refused([staging.note("IMP-STATE", Severity.BLOCK, _("这个批次已经处理过，不能重复操作。"))])


def fillable(batch: ImportBatch, rows: list[ImportRow], on: date) -> None:
    """A batch read before the installation went back to trial brings no sensitive values in."""
    names = sensitive.withheld(registries.import_kinds[batch.kind].fields, on)
    if names and any(row.fields.get(name) for row in rows for name in names):
        told = _("试用级别不能录入敏感信息：请放弃这个批次并重新上传，敏感信息的列会自动略去。")
        raise Refused([staging.note("IMP-SENSITIVE", Severity.BLOCK, told)])


def stale(rows: Iterable[ImportRow]) -> None:
    """Refuse when a person changed since the comparison, or a number to be entered is known by now."""
    rows = list(rows)
    versions = {row.object_id: (row.before or {})["_"].get("version") for row in rows if row.object_id}
    gone = {pk for pk in matching.fresh({pk: v for pk, v in versions.items() if pk and v is not None})}
    names = [row.label for row in rows if row.object_id in gone]
    wanted = {(row.before or {})["_"].get("index"): row.label for row in rows if not row.object_id}
    names += [wanted[index] for index in matching.taken_indexes(i for i in wanted if i)]
    if names:
        raise refused_stale(len(names), names[0])


def refused_stale(count: int, name: str) -> Refused:
    """The refusal of a batch whose comparison does not hold any more."""
    told = _("比对之后有 {n} 名人员被修改（如 {first}），请重新比对后再导入。")
    return Refused([staging.note("IMP-STALE", Severity.BLOCK, told, n=count, first=name)])


def apply_batch(*, batch: ImportBatch, confirm_review: bool = False, by: Actor, at: datetime) -> ImportBatch:
    """Write the batch's accepted rows, and its review rows that are confirmed (all of them with `confirm_review`)."""
    access.require_area(by, registries.import_kinds[batch.kind].permission, batch.area.path)
    rows = writable(batch, confirm_review=confirm_review)
    try:
        with transaction.atomic():
            locks.one_at_a_time("people.import")
            batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
            require_state(batch, BatchState.STAGED)
            fillable(batch, rows, localdate(at))
            stale(rows)
            writer = Writer(batch, by=by, at=at)
            for start in range(0, len(rows), _CHUNK):
                writer.write(rows[start : start + _CHUNK])
            close_applied(batch, rows, confirm_review=confirm_review, by=by, at=at)
    except IntegrityError as error:  # somebody entered one of the numbers between the comparison and the commit
        raise refused_stale(1, rows[0].label if rows else "") from error
    return batch


def close_applied(batch: ImportBatch, rows: list[ImportRow], *, confirm_review: bool, by: Actor, at: datetime) -> None:
    """The batch is applied: state, counts, the event with the digest over its change table."""
    if confirm_review:
        batch.rows.filter(verdict=Verdict.REVIEW, confirmed=False).update(confirmed=True)
    batch.state, batch.applied_at, batch.applied_by = BatchState.APPLIED, at, entering.recorder(by)
    written = {f"written:{action}": sum(row.action == action for row in rows) for action in ("create", "update")}
    batch.counts = {**batch.counts, **written}
    batch.save(update_fields=["state", "applied_at", "applied_by", "counts"])
    told = {"file": batch.file_name, "sha256": batch.sha256, "counts": batch.counts, "digest": digest(batch)}
    events.record(Event.IMPORT_APPLIED, batch, by=by, at=at, payload=told)


def digest(batch: ImportBatch) -> str:
    """SHA-256 over the change table: row number, record, action, values, comparison, in order."""
    found = hashlib.sha256()
    rows = batch.rows.filter(object_id__isnull=False).order_by("number")
    for row in rows.values_list("number", "object_id", "action", "fields", "before").iterator(chunk_size=5000):
        found.update(json.dumps(row, sort_keys=True, ensure_ascii=False).encode())
    return found.hexdigest()


class Writer:
    """Writes rows of one batch; keeps in each what undo needs."""

    def __init__(self, batch: ImportBatch, *, by: Actor, at: datetime) -> None:
        self.batch, self.at = batch, at
        self.user: User | None = entering.recorder(by)
        self._by_index: dict[str, Person] = {}

    def write(self, rows: list[ImportRow]) -> None:
        """Persons first, then what is told of them."""
        persons = self.persons(rows)
        about = {"person__in": list(persons.values()), "superseded_at__isnull": True}
        profiles = {(p.person_id, p.organization_id): p for p in Profile.objects.filter(**about)}
        work = {(e.person_id, e.organization_id): e for e in
                Employment.objects.filter(**about, valid_to__gt=self.batch.as_of).order_by("-valid_from")}  # fmt: skip
        cards = {(c.person_id, c.organization_id, c.level): c for c in Certificate.objects.filter(**about)}
        for row in rows:
            person, organization = persons[row.pk], (row.before or {})["_"]["organization"]
            self._profile(row, person, organization, profiles.get((person.pk, organization)))
            self._work(row, person, organization, work.get((person.pk, organization)))
            level = row.fields.get("level")
            if level:
                self._card(row, person, organization, cards.get((person.pk, organization, str(level))))
            row.object_id = person.pk
        touched = {p.pk for p in persons.values()}
        Person.objects.filter(pk__in=touched).update(version=models.F("version") + 1)
        ImportRow.objects.bulk_update(rows, ["object_id", "before"])

    def persons(self, rows: list[ImportRow]) -> dict[int, Person]:
        """The person of each row: the matched one, one that an earlier row of the file made, or a new one."""
        known = Person.objects.in_bulk([row.object_id for row in rows if row.object_id])
        found: dict[int, Person] = {}
        fresh: list[tuple[ImportRow, Person]] = []
        for row in rows:
            meta = (row.before or {})["_"]
            index, cipher = str(meta.get("index") or ""), str(row.fields.get("id_number") or "")
            person = known.get(row.object_id or 0) or self._by_index.get(index if index else "-")
            if person is None:
                person = Person(id_number=cipher, id_index=index, created_at=self.at, created_by=self.user)
                fresh.append((row, person))
                meta["made"] = True
            elif index and not person.id_index:
                person.id_number, person.id_index = cipher, index
                Person.objects.filter(pk=person.pk).update(id_number=cipher, id_index=index)
                meta["numbered"] = True
            if index:
                self._by_index[index] = person
            found[row.pk] = person
        Person.objects.bulk_create([person for _row, person in fresh])
        return found

    def told(self, row: ImportRow, kind: str, old: models.Model | None, new: models.Model) -> None:
        """Supersede the old row, write the new one, keep both keys."""
        if old is not None:
            type(old)._default_manager.filter(pk=old.pk).update(superseded_at=self.at)
        new.recorded_at, new.recorded_by = self.at, self.user  # type: ignore[attr-defined]
        new.save(force_insert=True)
        (row.before or {})["_"].setdefault("written", []).append([kind, old.pk if old else None, new.pk])

    def _profile(self, row: ImportRow, person: Person, organization: int, known: Profile | None) -> None:
        fields = row.fields
        given = {name: fields[name] for name in PROFILE if name in fields and name not in ("birth", "mobile")}
        if known is not None and known.basis and "consent_no" not in fields:
            given.pop("basis", None)
        if "practice_years" in fields:
            given["practice_since"] = self.batch.as_of.year - int(fields["practice_years"])
        given.update(
            {n: fields[n] for n in ("birth", "mobile") if fields.get(n) and self._differs(known, n, fields[n])}
        )
        if fields.get("id_number"):
            given["numbered"] = True
        if "name" in given:
            given["name_key"] = match_key(str(given["name"]))
        if known is not None and all(getattr(known, name) == value for name, value in given.items()):
            return
        new = Profile(person=person, organization_id=organization)
        if known is not None:
            copy(known, new)
        for name, value in given.items():
            setattr(new, name, value)
        self.told(row, "profile", known, new)

    @staticmethod
    def _differs(known: Profile | None, name: str, cipher: str) -> bool:
        stored = getattr(known, name) if known else ""
        return not stored or secrets.clear(name, stored) != secrets.clear(name, cipher)

    def _work(self, row: ImportRow, person: Person, organization: int, known: Employment | None) -> None:
        given = {name: row.fields[name] for name in WORK if name in row.fields}
        if not given or (known is None and "work_time" not in given):
            return
        started = day(given.pop("started_on", None))
        values = {name: day(value) if name in _DAYS else value for name, value in given.items()}
        new = Employment(person=person, organization_id=organization)
        as_of = self.batch.as_of
        if known is None:
            new.valid_from = started or values.get("contract_from") or as_of
            if new.valid_from > as_of and started is None:
                new.valid_from = as_of
            new.assumed = started is None and values.get("contract_from") is None
        else:
            copy(known, new)
            if started:
                new.valid_from, new.assumed = started, False
        if (
            known is not None
            and all(getattr(known, n) == v for n, v in values.items())
            and not (started and (started != known.valid_from or known.assumed))
        ):
            return
        splits = known is not None and values.get("work_time", known.work_time) != known.work_time
        if known is not None and splits and known.valid_from < as_of:
            before = Employment(person=person, organization_id=organization)
            copy(known, before)
            before.valid_to = as_of
            self.told(row, "employment", known, before)
            known, new.valid_from, new.assumed = None, as_of, False
        for name, value in values.items():
            setattr(new, name, value)
        self.told(row, "employment", known, new)

    def _card(self, row: ImportRow, person: Person, organization: int, known: Certificate | None) -> None:
        given = {name: row.fields[name] for name in CARD if name in row.fields}
        values = {name: day(value) if name in _DAYS else value for name, value in given.items()}
        if "education_hours" in values:
            values["education_hours"] = Decimal(str(values["education_hours"])).quantize(Decimal("0.1"))
        if known is not None and all(getattr(known, n) == v for n, v in values.items()):
            return
        new = Certificate(person=person, organization_id=organization, level=str(row.fields["level"]))
        if known is not None:
            copy(known, new)
        for name, value in values.items():
            setattr(new, name, value)
        self.told(row, "certificate", known, new)


def copy(old: models.Model, new: models.Model) -> None:
    """All columns of a row but its key and its record."""
    for column in type(old)._meta.concrete_fields:
        if column.attname not in ("id", "recorded_at", "recorded_by_id", "superseded_at"):
            setattr(new, column.attname, getattr(old, column.attname))


def undo_batch(*, batch: ImportBatch, by: Actor, at: datetime) -> ImportBatch:
    """Take an applied batch back. Refused, with the rows whose facts somebody changed since; then nothing is undone."""
    access.require_area(by, registries.import_kinds[batch.kind].permission, batch.area.path)
    with transaction.atomic():
        locks.one_at_a_time("people.import")
        batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        require_state(batch, BatchState.APPLIED)
        rows = [r for r in batch.rows.filter(object_id__isnull=False).order_by("number") if _written(r)]
        list(Person.objects.select_for_update().filter(pk__in=[r.object_id for r in rows]).values_list("pk", flat=True))
        ours = _ours(rows)
        touched = [row for row in rows if not _untouched(row, ours)]
        if touched:
            raise Refused([_changed(row) for row in touched[:100]])
        for row in rows:
            _take_back(row, by=by, at=at)
        _void([r for r in rows if (r.before or {})["_"].get("made")], by=by, at=at)
        batch.state, batch.undone_at, batch.undone_by = BatchState.UNDONE, at, entering.recorder(by)
        batch.save(update_fields=["state", "undone_at", "undone_by"])
        told = {"file": batch.file_name, "rows": len(rows), "digest": digest(batch)}
        events.record(Event.IMPORT_UNDONE, batch, by=by, at=at, payload=told)
    return batch


def _written(row: ImportRow) -> list[list[Any]]:
    return (row.before or {}).get("_", {}).get("written", [])


def _changed(row: ImportRow) -> Finding:
    told = _("第 {row} 行“{name}”在导入之后又被修改，整批没有撤销。")
    return staging.note("IMP-UNDO", Severity.BLOCK, told, row=row.number, name=row.label)


def _ours(rows: Iterable[ImportRow]) -> dict[str, set[int]]:
    """Keys of the rows that the batch wrote and nobody superseded, by kind."""
    found: dict[str, set[int]] = {}
    for row in rows:
        for kind, _old, new in _written(row):
            found.setdefault(kind, set()).add(new)
    return {
        kind: set(
            MODELS[kind]._default_manager.filter(pk__in=keys, superseded_at__isnull=True).values_list("pk", flat=True)
        )
        for kind, keys in found.items()
    }


def _untouched(row: ImportRow, ours: dict[str, set[int]]) -> bool:
    """Whether all that the row wrote still holds, and nothing else was told of a person whom it made."""
    if any(new not in ours.get(kind, set()) for kind, _old, new in _written(row)):
        return False
    if not (row.before or {})["_"].get("made"):
        return True
    person = Person.objects.get(pk=row.object_id or 0)
    if person.merged_at is not None or person.voided_at is not None:
        return False
    if any(knows(person.pk) for knows, _carry in registries.tellers.values()):
        return False
    relations = ("profiles", "posts", "employments", "certificates", "continuingeducations", "volunteers",
                 "volunteerservices")  # fmt: skip
    for name in relations:
        known = set(getattr(person, name).filter(superseded_at__isnull=True).values_list("pk", flat=True))
        kind = {"profiles": "profile", "employments": "employment", "certificates": "certificate",
                "volunteers": "volunteer", "volunteerservices": "service"}.get(name, "")  # fmt: skip
        if known - ours.get(kind, set()):
            return False
    return True


def _take_back(row: ImportRow, *, by: Actor, at: datetime) -> None:
    for kind, old, new in reversed(_written(row)):
        manager = MODELS[kind]._default_manager
        manager.filter(pk=new).update(superseded_at=at)
        if old is not None:
            again = manager.get(pk=old)
            again.pk, again._state.adding = None, True
            again.superseded_at, again.recorded_at = None, at  # type: ignore[attr-defined]
            again.recorded_by = entering.recorder(by)  # type: ignore[attr-defined]
            again.save(force_insert=True)
            _follow(row, kind, old, again.pk)
    if (row.before or {})["_"].get("numbered"):
        Person.objects.filter(pk=row.object_id or 0).update(id_number="", id_index="")
    Person.objects.filter(pk=row.object_id or 0).update(version=models.F("version") + 1)


def _follow(row: ImportRow, kind: str, old: int, again: int) -> None:
    """An earlier batch wrote the row that stands again: it may still be undone."""
    earlier = ImportRow.objects.filter(object_id=row.object_id, batch__kind__in=["people", "volunteers"])
    for other in earlier.exclude(pk=row.pk).filter(batch__state=BatchState.APPLIED):
        written = [entry for entry in _written(other) if entry[0] == kind and entry[2] == old]
        for entry in written:
            entry[2] = again
        if written:
            other.save(update_fields=["before"])


def _void(rows: list[ImportRow], *, by: Actor, at: datetime) -> None:
    Person.objects.filter(pk__in=[row.object_id for row in rows]).update(
        voided_at=at, voided_by=entering.recorder(by), version=models.F("version") + 1
    )
