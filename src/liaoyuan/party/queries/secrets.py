"""Sensitive values of members: their purposes in the vault and masks; which fields the zone holds.

The identity number stands with the person (people.queries.secrets); here it is only told whether it was given.
"""

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from liaoyuan.core import vault, zones
from liaoyuan.core.registries import SealedField
from liaoyuan.party.models import MemberRecord
from liaoyuan.people.queries import secrets as persons

SUBJECT = "member"
#: Field → column of `MemberRecord`: what is sealed in it.
COLUMNS = {"birth": "birth", "mobile": "mobile", "home_address": "address"}
#: Field → purpose in the vault, for what stands here and for what an import stages.
PURPOSES = {"birth": "member.birth", "mobile": "member.mobile", "home_address": "member.address"}
STAGED = {**PURPOSES, "id_number": persons.PURPOSES["id_number"]}
TITLES = {"id_number": "身份证号", "birth": "出生年月", "mobile": "手机", "home_address": "现住址"}
_ORIGIN, _PROFILE, _MEMBER = "party.origin", "party.profile", "party.membership"
#: Field of a form or import → what `core.zones` calls it.
PERSONAL = {
    "name": "person.name", "id_number": "person.id_number", "birth": "person.birth_date", "mobile": "person.mobile",
    "home_address": "person.home_address",
    **dict.fromkeys(("ethnicity", "native_place", "police_station"), _ORIGIN),
    **dict.fromkeys(("education", "degree", "school", "worked_since", "job", "work_time", "category", "skills",
                     "floating_note", "note"), _PROFILE),
    **dict.fromkeys(("admitted_on", "confirmed_on"), _MEMBER),
}  # fmt: skip
#: The same for what only a sheet says of the ledger.
LEDGER = dict.fromkeys(
    ("branch", "post", "home", "state", "home_contact", "joined_on", "organization", "evidence"), _MEMBER
)
SEALED = tuple(
    SealedField("party.MemberRecord", column, PURPOSES[name], subject_kind=SUBJECT, subject="member_id",
                personal=PERSONAL[name])
    for name, column in COLUMNS.items()
)  # fmt: skip


def seal(name: str, value: str) -> str:
    """The ciphertext of a value."""
    return vault.encrypt(value, purpose=STAGED[name]) if value else ""


def clear(name: str, stored: str) -> str:
    """The clear text of a stored value."""
    return vault.decrypt(stored, purpose=STAGED[name]) if stored else ""


def masked(name: str, stored: str) -> str:
    """What is shown of a stored value."""
    return zones.mask(PERSONAL[name], clear(name, stored)) if stored else ""


def allowed(name: str, op: zones.Op) -> bool:
    """Whether this zone lets the operation happen to the field."""
    return name not in PERSONAL or zones.allowed(settings.ZONE, PERSONAL[name], op)


def stored(record: MemberRecord, name: str) -> str:
    """The ciphertext of a field as it stands; the number only where the party organization told it."""
    if name == "id_number":
        return record.member.person.id_number if record.numbered else ""
    return str(getattr(record, COLUMNS[name]))


def opened(record: MemberRecord) -> dict[str, str]:
    """The sealed fields of a record in clear; callers keep them from pages."""
    return {name: clear(name, str(getattr(record, column))) for name, column in COLUMNS.items()}


def sealed(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Fields as columns: sensitive ones as ciphertext under the name of their column."""
    plain = {name: value for name, value in fields.items() if name not in COLUMNS}
    return {**plain, **{COLUMNS[n]: seal(n, str(fields[n] or "")) for n in COLUMNS if n in fields}}
