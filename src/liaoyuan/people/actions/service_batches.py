"""Applying and undoing an import of F19: services of volunteers, and volunteers who are not known yet."""

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from django.db import IntegrityError, models, transaction

from liaoyuan.core import access, locks, registries
from liaoyuan.core.access import Actor
from liaoyuan.core.choices import BatchState
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import ImportBatch, ImportRow
from liaoyuan.kit.text import match_key
from liaoyuan.people.actions import batches
from liaoyuan.people.actions.batches import Writer, copy, day
from liaoyuan.people.choices import Basis
from liaoyuan.people.models import Person, Profile, Volunteer, VolunteerService

_TEXTS = ("activity", "content", "place", "category", "recorder", "confirmer")
_CHUNK = 500
undo_batch = batches.undo_batch


def versions(persons: Iterable[int | None]) -> dict[int, int]:
    """The present versions of persons."""
    return dict(Person.objects.filter(pk__in=[p for p in persons if p]).values_list("pk", "version"))


def apply_batch(*, batch: ImportBatch, confirm_review: bool = False, by: Actor, at: datetime) -> ImportBatch:
    """Write the batch's accepted rows, and its review rows that are confirmed (all of them with `confirm_review`)."""
    access.require_area(by, registries.import_kinds[batch.kind].permission, batch.area.path)
    rows = batches.writable(batch, confirm_review=confirm_review)
    try:
        with transaction.atomic():
            locks.one_at_a_time("people.import")
            batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
            batches.require_state(batch, BatchState.STAGED)
            batches.fillable(batch, rows, localdate(at))
            batches.stale(rows)
            writer = _Services(batch, by=by, at=at)
            for start in range(0, len(rows), _CHUNK):
                writer.write(rows[start : start + _CHUNK])
            batches.close_applied(batch, rows, confirm_review=confirm_review, by=by, at=at)
    except IntegrityError as error:
        raise batches.refused_stale(1, rows[0].label if rows else "") from error
    return batch


class _Services(Writer):
    """Writes services; a person whom the body does not know yet becomes its volunteer."""

    def __init__(self, batch: ImportBatch, *, by: Actor, at: datetime) -> None:
        super().__init__(batch, by=by, at=at)
        self._by_name: dict[tuple[int, str], Person] = {}

    def write(self, rows: list[ImportRow]) -> None:
        """Persons first, then what is told of them."""
        persons = self.persons(rows)
        about = {"person__in": list(persons.values()), "superseded_at__isnull": True}
        told = set(Profile.objects.filter(**about).values_list("person_id", "organization_id"))
        serving = set(Volunteer.objects.filter(**about).values_list("person_id", "organization_id"))
        olds = VolunteerService.objects.in_bulk(
            [meta["service"] for row in rows if (meta := (row.before or {})["_"]).get("service")]
        )
        for row in rows:
            person, organization = persons[row.pk], (row.before or {})["_"]["organization"]
            if (person.pk, organization) not in told:
                self.told(row, "profile", None, self._profile_of(row, person, organization))
                told.add((person.pk, organization))
            if (person.pk, organization) not in serving:
                number = str(row.fields.get("number") or "")
                self.told(row, "volunteer", None, Volunteer(person=person, organization_id=organization, number=number))
                serving.add((person.pk, organization))
            self._service(row, person, organization, olds.get((row.before or {})["_"].get("service") or 0))
            row.object_id = person.pk
        Person.objects.filter(pk__in={p.pk for p in persons.values()}).update(version=models.F("version") + 1)
        ImportRow.objects.bulk_update(rows, ["object_id", "before"])

    def persons(self, rows: list[ImportRow]) -> dict[int, Person]:
        """As for F18; of a person without a number the rows of one body with one name and volunteer number are one."""
        held: dict[int, ImportRow] = {}
        same: dict[int, int] = {}
        first: dict[tuple[int, str, str], ImportRow] = {}
        for row in rows:
            meta = (row.before or {})["_"]
            key = (meta["organization"], match_key(row.label), str(row.fields.get("number") or ""))
            if row.object_id or meta.get("index"):
                held[row.pk] = row
            elif (made := self._by_name.get((key[0], f"{key[1]}:{key[2]}"))) is not None:
                row.object_id = made.pk
                held[row.pk] = row
            elif key in first:
                same[row.pk] = first[key].pk
            else:
                first[key] = held[row.pk] = row
        found = super().persons(list(held.values()))
        found.update({pk: found[other] for pk, other in same.items()})
        for key, row in first.items():
            self._by_name[key[0], f"{key[1]}:{key[2]}"] = found[row.pk]
        return found

    @staticmethod
    def _profile_of(row: ImportRow, person: Person, organization: int) -> Profile:
        numbered = bool(row.fields.get("id_number"))
        return Profile(
            person=person, organization_id=organization, name=row.label, name_key=match_key(row.label),
            numbered=numbered, basis=str(Basis.DUTY) if numbered else "",
        )  # fmt: skip

    def _service(self, row: ImportRow, person: Person, organization: int, known: VolunteerService | None) -> None:
        new = VolunteerService(person=person, organization_id=organization)
        if known is not None:
            copy(known, new)
        fields: dict[str, Any] = row.fields
        for name in _TEXTS:
            if name in fields:
                setattr(new, name, str(fields[name]))
        for name in ("started", "ended"):
            if fields.get(name):
                setattr(new, name, time.fromisoformat(fields[name]))
        on = day(fields["on"])
        if on is None:
            raise ValueError("a service has a day")
        new.on, new.minutes = on, int(fields["minutes"])
        self.told(row, "service", known, new)
