"""Entering a person for a body and correcting what the body tells of him.

An identity number that is known already links silently: whoever enters learns nothing of it (docs/adr/0022).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import events, locks, policy, registries, sensitive, zones
from liaoyuan.core.access import Actor
from liaoyuan.core.choices import Moment
from liaoyuan.core.clock import localdate
from liaoyuan.core.staging import note
from liaoyuan.kit import identifiers
from liaoyuan.kit.findings import Finding, Severity, refuse_if_blocked
from liaoyuan.kit.text import match_key
from liaoyuan.people.actions import entering, moving
from liaoyuan.people.choices import Event
from liaoyuan.people.models import Person, Profile
from liaoyuan.people.queries import bodies, secrets
from liaoyuan.people.rules.facts import PersonFacts
from liaoyuan.registry.models import Organization

#: What a body tells of a person, besides the identity number.
FIELDS = (
    "name", "gender", "birth", "mobile", "education", "major", "practice_since", "basis", "consent_no", "note",
    "numbered",
)  # fmt: skip
_SEALED = ("birth", "mobile")


def asked(fields: Mapping[str, Any], organization: Organization, at: datetime) -> list[Finding]:
    """What the rules and plain sense say of the fields."""
    on = localdate(at)
    row = bodies.standing(organization, on)
    sensitive = tuple(title for name, title in secrets.TITLES.items() if fields.get(name))
    facts = PersonFacts(sensitive=sensitive, basis=fields.get("basis") or "", consent_no=fields.get("consent_no") or "")
    return [*policy.evaluate(Moment.PERSON, facts, bodies.limits(row, on), on), *consistent(fields)]


def unstorable(fields: Mapping[str, Any], at: datetime) -> list[Finding]:
    """What this zone does not store, and what may not be filled while one person holds all offices."""
    zone = settings.ZONE
    refused = [name for name in secrets.PERSONAL if fields.get(name) and not secrets.allowed(name, zones.Op.STORE)]
    told = _("{zone}不存储“{title}”，没有保存。")
    found = [
        note("PRIVACY-ZONE", Severity.BLOCK, told, field_name=name, zone=_(zones.ZONE_TITLES[zone]),
             title=_(secrets.TITLES[name]))
        for name in refused
    ]  # fmt: skip
    return [*found, *sensitive.findings(fields, secrets.TITLES, localdate(at))]


def consistent(fields: Mapping[str, Any]) -> list[Finding]:
    """Whether birth and gender agree with the identity number."""
    number = str(fields.get("id_number") or "")
    born = identifiers.ric_birth(number) if number else None
    found = []
    birth = str(fields.get("birth") or "")
    if born is not None and birth and not born.isoformat().startswith(birth):
        found.append(entering.doubt("PER-BIRTH", _("出生年月与身份证号不一致，请核对。"), "birth"))
    if born is not None and fields.get("gender"):
        digit = number[16] if len(number) == 18 else number[-1]
        if digit.isdigit() and (int(digit) % 2 == 1) != (fields["gender"] == "m"):
            found.append(entering.doubt("PER-GENDER", _("性别与身份证号不一致，请核对。"), "gender"))
    return found


@transaction.atomic
def enter(
    *, organization: Organization, fields: Mapping[str, Any], by: Actor, at: datetime, confirmed: bool = False,
    on_behalf: str = "",
) -> Person:  # fmt: skip
    """Enter a person for a body, or find him: by the identity number anywhere, else by name and birth in this body.

    `fields` are normalised and in clear; sensitive ones are sealed here. Refused by PRI-01; a doubt (PER-…) needs
    `confirmed`. Returns the person; of one that the body already told of only what is given anew changes.
    """
    entering.require(by, organization)
    number = str(fields.get("id_number") or "")
    key = secrets.index(number)
    locks.one_at_a_time("people.identity", key or f"{organization.pk}:{match_key(str(fields['name']))}")
    told = [*unstorable(fields, at), *asked(fields, organization, at)]
    person = Person.objects.living().filter(id_index__in=secrets.indexes(number)).first() if key else None
    same = namesake(organization, str(fields["name"]), str(fields.get("birth") or ""))
    if person is None and same is not None:
        if not key or not same.person.id_index:
            if not str(fields.get("birth") or "") or not same.birth:
                told.append(entering.doubt("PER-SAME", _("本组织已有同名人员，确认后按同一人保存。"), "name"))
            person = same.person
        else:
            told.append(entering.doubt("PER-NAMESAKE", _("本组织已有同名人员，身份证号不同，请核对。"), "name"))
    told = refuse_if_blocked(told, confirmed=confirmed)
    made = person is None
    if person is None:
        person = Person.objects.create(created_at=at, created_by=entering.recorder(by))
    entering.lock(persons=[person.pk], organizations=[organization.pk])
    person = entering.living(person)
    if key and not person.id_index:
        _number(person, number, key)
    known = Profile.objects.current().filter(person=person, organization=organization).first()
    given = {name: value for name, value in fields.items() if value not in ("", None)}
    given.update({"numbered": True} if number else {})
    changes = _write(person, organization, known, given, by=by, at=at)
    if made or changes:
        entering.touched(person)
        events.record(
            Event.ENTERED if known is None else Event.CORRECTED, entering.subject(person, str(fields["name"])), by=by,
            at=at, payload={"organization": organization.pk, "changes": changes}, findings=told, on_behalf=on_behalf,
        )  # fmt: skip
    return person


def namesake(organization: Organization, name: str, birth: str) -> Profile | None:
    """A person of the body with the same name and no other birth month."""
    rows = Profile.objects.current().filter(organization=organization, name_key=match_key(name))
    for profile in rows.select_related("person").order_by("pk"):
        known = secrets.birth_of(profile)
        if not birth or not known or birth[:7] == known[:7] or birth.startswith(known) or known.startswith(birth):
            return profile
    return None


@transaction.atomic
def correct(
    *, person: Person, organization: Organization, fields: Mapping[str, Any], version: int | None = None, by: Actor,
    at: datetime, confirmed: bool = False, on_behalf: str = "",
) -> Person:  # fmt: skip
    """Correct what the body tells of the person; `fields` holds what is given anew, a blank one is taken back.

    An identity number that belongs to somebody else moves this body's rows to him; a different one for a person whom
    other bodies know takes this body's rows out to a person of their own. Returns the person as he is then.
    """
    entering.require(by, organization)
    number = str(fields.get("id_number") or "")
    key = secrets.index(number) if number else ""
    if key:
        locks.one_at_a_time("people.identity", key)
    entering.lock(persons=[person.pk], organizations=[organization.pk])
    person = entering.living(person, version)
    known = entering.told_by(person, organization)
    whole = {name: getattr(known, name) for name in FIELDS}
    whole.update({name: secrets.clear(name, whole[name]) for name in _SEALED if whole[name]})
    whole["id_number"] = number or (secrets.number_of(person) if known.numbered else "")
    whole.update({name: value for name, value in fields.items() if name in FIELDS})
    told = refuse_if_blocked([*unstorable(fields, at), *asked(whole, organization, at)], confirmed=confirmed)
    if key and person.id_index not in secrets.indexes(number):
        person = _renumbered(person, organization, number, key, by=by, at=at)
        known = entering.told_by(person, organization)
    whole["numbered"] = bool(number) or known.numbered
    changes = _write(person, organization, known, {n: whole[n] for n in FIELDS}, by=by, at=at)
    if key and "id_number" in fields:
        changes["id_number"] = [events.HIDDEN, events.HIDDEN]
    if changes:
        entering.touched(person)
        events.record(
            Event.CORRECTED, entering.subject(person, whole["name"]), by=by, at=at, findings=told, on_behalf=on_behalf,
            payload={"organization": organization.pk, "changes": changes},
        )  # fmt: skip
    return person


def _renumbered(
    person: Person, organization: Organization, number: str, key: str, *, by: Actor, at: datetime
) -> Person:
    other = Person.objects.living().filter(id_index__in=secrets.indexes(number)).first()
    alone = not Profile.objects.current().filter(person=person).exclude(organization=organization).exists()
    alone = alone and not any(knows(person.pk) for knows, _carry in registries.tellers.values())
    if other is None and alone:
        _number(person, number, key)
        return person
    if other is None:
        other = Person.objects.create(created_at=at, created_by=entering.recorder(by))
        _number(other, number, key)
    entering.lock(persons=[other.pk])
    moved = moving.carry(person, other, organization=organization, by=by, at=at)
    if alone:
        person.merged_into, person.merged_at, person.merged_by = other, at, entering.recorder(by)
        person.save(update_fields=["merged_into", "merged_at", "merged_by"])
    events.record(
        Event.SPLIT, entering.subject(person, ""), by=by, at=at,
        payload={"organization": organization.pk, "into": other.pk, "rows": moved},
    )  # fmt: skip
    return other


def _number(person: Person, number: str, key: str) -> None:
    person.id_number, person.id_index = secrets.seal("id_number", number.strip().upper()), key
    person.save(update_fields=["id_number", "id_index"])


def _write(
    person: Person, organization: Organization, known: Profile | None, fields: Mapping[str, Any], *, by: Actor,
    at: datetime,
) -> dict[str, list[Any]]:  # fmt: skip
    """A new row where something differs; returns {field: [old, new]} for the event, sensitive ones hidden."""
    before: dict[str, Any] = {name: getattr(known, name) if known else None for name in FIELDS}
    before.update({name: secrets.clear(name, before[name]) for name in _SEALED if before[name]})
    after = {**before, **{name: value for name, value in fields.items() if name in FIELDS}}
    after = {n: "" if value is None and n != "practice_since" else value for n, value in after.items()}
    after["numbered"] = bool(after["numbered"])
    changes = {name: [before[name], value] for name, value in after.items() if (before[name] or "") != (value or "")}
    if known is not None and not changes:
        return {}
    if known is not None:
        known.superseded_at = at
        known.save(update_fields=["superseded_at"])
    sealed = {name: secrets.seal(name, str(after[name])) for name in _SEALED}
    Profile.objects.create(
        person=person, organization=organization, name_key=match_key(str(after["name"])), recorded_at=at,
        recorded_by=entering.recorder(by), **{**after, **sealed},
    )  # fmt: skip
    hidden = {*_SEALED, "consent_no"}
    return {n: [events.HIDDEN, events.HIDDEN] if n in hidden else pair for n, pair in changes.items()}
