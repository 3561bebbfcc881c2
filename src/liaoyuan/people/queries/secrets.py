"""Sensitive values of persons: their purposes in the vault, their masks, the blind index of an identity number."""

from django.conf import settings

from liaoyuan.core import vault, zones
from liaoyuan.core.registries import SealedField
from liaoyuan.people.models import Person, Profile
from liaoyuan.registry.models import Standing

#: Field → purpose in the vault. Birth and mobile are C3, the identity number C4.
PURPOSES = {"id_number": "person.id_number", "birth": "profile.birth", "mobile": "profile.mobile"}
TITLES = {"id_number": "身份证号", "birth": "出生年月", "mobile": "手机"}
#: Field → what `core.zones` calls it; the zone says what may be stored, shown, exported and imported.
PERSONAL = {"id_number": "person.id_number", "birth": "person.birth_date", "mobile": "person.mobile"}
SUBJECT = "person"
SEALED = (
    SealedField("people.Person", "id_number", PURPOSES["id_number"], index="id_index", subject_kind=SUBJECT,
                subject="id", personal="person.id_number"),
    SealedField("people.Profile", "birth", PURPOSES["birth"], subject_kind=SUBJECT, subject="person_id",
                personal="person.birth_date"),
    SealedField("people.Profile", "mobile", PURPOSES["mobile"], subject_kind=SUBJECT, subject="person_id",
                personal="person.mobile"),
)  # fmt: skip


def seal(name: str, value: str) -> str:
    """The ciphertext of a value."""
    return vault.encrypt(value, purpose=PURPOSES[name])


def clear(name: str, stored: str) -> str:
    """The clear text of a stored value."""
    return vault.decrypt(stored, purpose=PURPOSES[name])


def index(number: str) -> str:
    """The present blind index of an identity number; an old one of 15 digits stands for itself."""
    return vault.blind_index(number.strip().upper(), purpose=PURPOSES["id_number"])


def indexes(number: str) -> list[str]:
    """Its blind indexes under every index key: what a search asks for."""
    return vault.blind_indexes(number.strip().upper(), purpose=PURPOSES["id_number"]) if number else []


def masked(name: str, stored: str) -> str:
    """What is shown of a stored value."""
    return zones.mask(PERSONAL[name], clear(name, stored)) if stored else ""


def allowed(name: str, op: zones.Op) -> bool:
    """Whether this zone lets the operation happen to the field."""
    return zones.allowed(settings.ZONE, PERSONAL[name], op)


def birth_of(profile: Profile) -> str:
    """The told birth as ISO text: a day, a month, a year or nothing."""
    return clear("birth", profile.birth) if profile.birth else ""


def number_of(person: Person) -> str:
    """The identity number in clear; callers log the read."""
    return clear("id_number", person.id_number) if person.id_number else ""


def find(key: str) -> Person | None:
    """The person with this key."""
    return Person.objects.filter(pk=int(key)).first() if key.isdigit() else None


def scope_of(person: Person) -> tuple[list[str], list[str], str]:
    """Which grants cover a person: those over the area that holds the registrars of all bodies that tell of him."""
    told = Profile.objects.current().filter(person=person).values("organization")
    rows = Standing.objects.now_open().filter(organization__in=told)
    parts = [path.strip("/").split("/") for path in rows.values_list("registrar_area__path", flat=True)]
    common: list[str] = []
    for step in zip(*parts, strict=False):
        if len(set(step)) > 1:
            break
        common.append(step[0])
    return (["/".join(common) + "/"] if common else []), [], ""
