"""Applicants as actions and pages read them: scope, the sealed birth, what this zone holds, who records which step."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.conf import settings

from liaoyuan.core import access, vault, zones
from liaoyuan.core.clock import localdate
from liaoyuan.core.registries import SealedField
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.models import Applicant, ApplicantPlace, ApplicantRecord, Formation, PartyOrganization
from liaoyuan.party.queries import organizations as reading
from liaoyuan.party.queries import secrets, transfers
from liaoyuan.party.rules.steps import STEPS

SUBJECT = "applicant"
BIRTH, MEMBER_BIRTH = "applicant.birth", secrets.PURPOSES["birth"]
PERSONAL = {"birth": "person.birth_date", "id_number": "person.id_number"}
SEALED = (
    SealedField("party.ApplicantRecord", "birth", BIRTH, subject_kind=SUBJECT, subject="applicant_id",
                personal=PERSONAL["birth"]),
)  # fmt: skip
#: What `core.zones` calls a step's day, and the rest that is told of a step.
DAYS, PAPERS = "party.development", "party.development_papers"
#: Steps that the superior committee makes; of these the three that it decides.
SUPERIOR = frozenset(step.number for step in STEPS.values() if step.who.startswith("上级党委"))
DECIDED = frozenset({13, 17, 24})


def holds(code: str, op: zones.Op = zones.Op.STORE) -> bool:
    """Whether this zone lets the operation happen to a field of `core.zones`."""
    return zones.allowed(settings.ZONE, code, op)


def seal_birth(value: date | None, purpose: str = BIRTH) -> str:
    """The ciphertext of a birth date, or empty."""
    return vault.encrypt(value.isoformat(), purpose=purpose) if value is not None else ""


def birth_of(record: ApplicantRecord) -> date | None:
    """The birth date; callers keep it from pages."""
    return date.fromisoformat(vault.decrypt(record.birth, purpose=BIRTH)) if record.birth else None


def birth_masked(record: ApplicantRecord) -> str:
    """The birth date as pages show it."""
    return zones.mask(PERSONAL["birth"], vault.decrypt(record.birth, purpose=BIRTH)) if record.birth else ""


def scope_of(applicant: Applicant) -> tuple[list[str], list[str], str]:
    """Which grants cover an applicant: those over the branch where the papers are, and over its superiors."""
    return reading.scope_of(applicant.party_organization)


def find(key: str) -> Applicant | None:
    """The applicant with this key."""
    rows = Applicant.objects.select_related("party_organization__area")
    return rows.filter(pk=int(key)).first() if key.isdecimal() else None


def masked(applicant: Applicant) -> str:
    """His name as lists of the audit and of jobs show it."""
    told = ApplicantRecord.objects.current().filter(applicant=applicant).values_list("name", flat=True).first()
    return f"{(told or '')[:1]}*"


def place_on(applicant: Applicant, on: date) -> PartyOrganization:
    """Where the papers were on the day; the first place for an earlier one."""
    rows = ApplicantPlace.objects.current().filter(applicant=applicant).select_related("party_organization__area")
    here = rows.filter(valid_from__lte=on, valid_to__gt=on).first() or rows.order_by("valid_from").first()
    return here.party_organization if here is not None else applicant.party_organization


def committee_of(party: PartyOrganization, on: date) -> PartyOrganization:
    """Who approves: the nearest committee that may, else the superior within this register, else itself."""
    able = transfers.issuer_of(party, on)
    if able is not None:
        return able
    above = reading.formation(party, on).superior_id
    return PartyOrganization.objects.select_related("area").get(pk=above) if above else party


def committees(parties: Iterable[PartyOrganization], on: date) -> dict[int, PartyOrganization]:
    """`committee_of` for several party organizations, in three queries."""
    chains = {party.pk: [int(key) for key in party.path.strip("/").split("/")[1:]] for party in parties}
    wanted = {key for chain in chains.values() for key in chain}
    known = {row.pk: row for row in PartyOrganization.objects.filter(pk__in=wanted).select_related("area")}
    rows = Formation.objects.active(on).filter(party_organization__in=wanted)
    told = {
        key: (able, above) for key, able, above in rows.values_list("party_organization", "may_transfer", "superior")
    }
    found = {}
    for key, chain in chains.items():
        able = next((one for one in reversed(chain) if told.get(one, (False, None))[0]), None)
        found[key] = known[able or told.get(key, (False, None))[1] or key]
    return found


def authority(party: PartyOrganization, step: int, on: date) -> tuple[Permission, PartyOrganization]:
    """The permission that recording a step takes, and over which party organization."""
    if step not in SUPERIOR:
        return Permission.MEMBERS_EDIT, party
    return Permission.APPROVE if step in DECIDED else Permission.MEMBERS_EDIT, committee_of(party, on)


def may_record(user: Any, party: PartyOrganization, step: int, on: date) -> bool:
    """Whether the user records this step of people of the party organization."""
    permission, over = authority(party, step, on)
    return access.covers(user, permission, over, write=False)


def closed_before(before: datetime) -> list[int]:
    """Keys of applicants whose way was closed before the moment and of whom something is still told."""
    rows = Applicant.objects.filter(closed_on__lt=localdate(before)).exclude(
        pk__in=ApplicantRecord.objects.current().filter(name="*").values("applicant")
    )
    return list(rows.order_by("pk").values_list("pk", flat=True))
