"""Sensitive values of persons: their purposes in the vault, their masks, the blind index of an identity number."""

from liaoyuan.core import vault
from liaoyuan.kit import identifiers
from liaoyuan.people.models import Person, Profile

#: Field → purpose in the vault. Birth and mobile are C3, the identity number C4.
PURPOSES = {"id_number": "person.id_number", "birth": "profile.birth", "mobile": "profile.mobile"}
TITLES = {"id_number": "身份证号", "birth": "出生年月", "mobile": "手机"}
_INDEX = "person.id_number"


def seal(name: str, value: str) -> str:
    """The ciphertext of a value."""
    return vault.encrypt(value, purpose=PURPOSES[name])


def clear(name: str, stored: str) -> str:
    """The clear text of a stored value."""
    return vault.decrypt(stored, purpose=PURPOSES[name])


def index(number: str) -> str:
    """The blind index of an identity number; an old one of 15 digits stands for itself."""
    return vault.blind_index(number.strip().upper(), purpose=_INDEX)


def masked(name: str, stored: str) -> str:
    """What is shown of a stored value."""
    if not stored:
        return ""
    text = clear(name, stored)
    if name == "mobile":
        return identifiers.mask_mobile(text)
    return identifiers.mask_ric(text) if name == "id_number" else identifiers.mask_birth(text)


def birth_of(profile: Profile) -> str:
    """The told birth as ISO text: a day, a month, a year or nothing."""
    return clear("birth", profile.birth) if profile.birth else ""


def number_of(person: Person) -> str:
    """The identity number in clear; callers log the read."""
    return clear("id_number", person.id_number) if person.id_number else ""
