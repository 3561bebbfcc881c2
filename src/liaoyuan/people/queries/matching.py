"""Whom a row of a roster speaks of, and what is stored about him at that body."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from liaoyuan.kit.text import match_key
from liaoyuan.people.models import Certificate, Employment, Person, Profile, Volunteer, VolunteerService
from liaoyuan.people.queries import secrets


@dataclass(slots=True)
class Stored:
    """What one body tells of a person, in the importer's own field names and in clear."""

    person: int
    version: int
    profile: int | None
    fields: dict[str, Any] = field(default_factory=dict)
    employment: int | None = None
    cards: dict[str, dict[str, Any]] = field(default_factory=dict)


def by_number(numbers: Iterable[str]) -> dict[str, tuple[int, int]]:
    """(person, version) by the present blind index of the identity number, whichever key his own is under."""
    present = {old: secrets.index(n) for n in dict.fromkeys(numbers) if n for old in secrets.indexes(n)}
    rows = Person.objects.living().filter(id_index__in=list(present)).values_list("id_index", "pk", "version")
    return {present[index]: (pk, version) for index, pk, version in rows}


def taken_indexes(indexes: Iterable[str]) -> list[str]:
    """Of blind indexes those that a person bears."""
    rows = Person.objects.living().filter(id_index__in=[index for index in indexes if index])
    return list(rows.values_list("id_index", flat=True))


@dataclass(frozen=True, slots=True)
class Namesake:
    """A person of a body with a name that rows bear."""

    person: int
    birth: str
    id_index: str


def namesakes(pairs: Iterable[tuple[int, str]]) -> dict[tuple[int, str], list[Namesake]]:
    """Persons by body and compared name."""
    wanted = set(pairs)
    found: dict[tuple[int, str], list[Namesake]] = defaultdict(list)
    rows = Profile.objects.current().filter(
        organization__in={o for o, _k in wanted}, name_key__in={k for _o, k in wanted}, person__voided_at__isnull=True,
        person__merged_at__isnull=True,
    )  # fmt: skip
    for row in rows.select_related("person").order_by("pk"):
        key = (row.organization_id, row.name_key)
        if key in wanted:
            found[key].append(Namesake(row.person_id, secrets.birth_of(row), row.person.id_index))
    return found


def volunteers(pairs: Iterable[tuple[int, str]]) -> dict[tuple[int, str], list[int]]:
    """Persons by body and volunteer number."""
    wanted = {(o, n) for o, n in pairs if n}
    found: dict[tuple[int, str], list[int]] = defaultdict(list)
    rows = Volunteer.objects.current().filter(
        organization__in={o for o, _n in wanted}, number__in={n for _o, n in wanted}
    )
    for organization, number, person in rows.values_list("organization_id", "number", "person_id"):
        if (organization, number) in wanted:
            found[organization, number].append(person)
    return found


def stored(pairs: Iterable[tuple[int, int]], on: date) -> dict[tuple[int, int], Stored]:
    """What bodies tell of persons, for (person, body) pairs, on the day `on`."""
    wanted = set(pairs)
    if not wanted:
        return {}
    about = {"person__in": {p for p, _o in wanted}, "organization__in": {o for _p, o in wanted}}
    versions = dict(Person.objects.filter(pk__in=about["person__in"]).values_list("pk", "version"))
    found = {pair: Stored(pair[0], versions.get(pair[0], 0), None) for pair in wanted}
    for row in Profile.objects.current().filter(**about).select_related("person"):
        here = found.get((row.person_id, row.organization_id))
        if here is not None:
            here.profile = row.pk
            here.fields.update(_profile(row, on))
    for work in Employment.objects.current().filter(**about, valid_to__gt=on).order_by("-valid_from"):
        here = found.get((work.person_id, work.organization_id))
        if here is not None:
            here.employment = work.pk
            here.fields.update(_employment(work))
    for card in Certificate.objects.current().filter(**about):
        here = found.get((card.person_id, card.organization_id))
        if here is not None:
            here.cards[card.level] = _certificate(card)
    return found


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _profile(row: Profile, on: date) -> dict[str, Any]:
    told = {
        "name": row.name, "gender": row.gender, "birth": secrets.birth_of(row), "education": row.education,
        "mobile": secrets.clear("mobile", row.mobile) if row.mobile else "", "major": row.major, "basis": row.basis,
        "consent_no": row.consent_no, "note": row.note,
        "id_number": secrets.number_of(row.person) if row.numbered else "",
        "practice_years": on.year - row.practice_since if row.practice_since else None,
    }  # fmt: skip
    return {name: value for name, value in told.items() if value not in ("", None)}


def _employment(row: Employment) -> dict[str, Any]:
    told = {
        "work_time": row.work_time, "job": row.job, "service_field": row.service_field, "mentor": row.mentor,
        "contract_from": _text(row.contract_from), "contract_to": _text(row.contract_to), "insured": row.insured,
        "started_on": None if row.assumed else _text(row.valid_from),
    }  # fmt: skip
    return {name: value for name, value in told.items() if value not in ("", None)}


def _certificate(row: Certificate) -> dict[str, Any]:
    hours = row.education_hours
    told = {
        "level": row.level, "number": row.number, "approved_on": _text(row.approved_on),
        "registration_no": row.registration_no, "registered_on": _text(row.registered_on),
        "registered_until": _text(row.registered_until),
        "education_hours": f"{hours:f}".rstrip("0").rstrip(".") if hours is not None else None,
    }  # fmt: skip
    return {name: value for name, value in told.items() if value not in ("", None)}


def taken_numbers(numbers: Iterable[str]) -> dict[str, set[int]]:
    """Persons by certificate number."""
    found: dict[str, set[int]] = defaultdict(set)
    rows = Certificate.objects.current().filter(number__in=[n for n in numbers if n])
    for number, person in rows.values_list("number", "person_id"):
        found[number].add(person)
    return found


def served(persons: Iterable[int], days: Iterable[date]) -> list[VolunteerService]:
    """Services of persons on days."""
    rows = VolunteerService.objects.current().filter(person__in=set(persons), on__in=set(days))
    return list(rows.order_by("pk"))


def name_key(name: str) -> str:
    """A name as it is compared."""
    return match_key(name)


def fresh(versions: Mapping[int, int]) -> list[int]:
    """Persons whose version is no longer the given one, read under a row lock inside the writing transaction."""
    now = dict(Person.objects.select_for_update().living().filter(pk__in=versions).values_list("pk", "version"))
    return [pk for pk, version in versions.items() if now.get(pk) != version]
