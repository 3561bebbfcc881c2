"""The yearly plan of admissions, given to a party organization for itself and all below it (PB-DEV-17)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import events, locks
from liaoyuan.core.access import Actor
from liaoyuan.party.actions import entering
from liaoyuan.party.choices.codes import Event, Permission
from liaoyuan.party.models import PartyOrganization, Quota
from liaoyuan.party.queries import organizations as reading
from liaoyuan.party.queries import quotas


@transaction.atomic
def set_quota(
    *, party: PartyOrganization, year: int, number: int, evidence: str = "", by: Actor, at: datetime
) -> Quota:  # fmt: skip
    """Give the plan of a year, or another one. Refused below what is used already; a branch does not set its own."""
    over = reading.formation(party).superior or party
    entering.require(by, Permission.EDIT, over)
    locks.one_at_a_time("party.quota", year)
    entering.lock(parties=[party.pk])
    party = entering.living(party)
    taken = quotas.used(party.path, year)
    if number < taken:
        told = _("{year} 年已有 {used} 名通过预审，计划数不能更少。")
        raise entering.refusal("QUOTA-USED", told, "number", year=year, used=taken)
    old = Quota.objects.current().filter(party_organization=party, year=year).first()
    if old is not None:
        Quota.objects.filter(pk=old.pk).update(superseded_at=at)
    row = Quota.objects.create(party_organization=party, year=year, number=number, evidence=evidence.strip()[:80],
                               recorded_at=at, recorded_by=entering.recorder(by))  # fmt: skip
    events.record(
        Event.QUOTA_SET, entering.subject(party), by=by, at=at,
        payload={"note": f"{year}: {number}", "changes": {"number": [old.number if old else None, number]}},
    )  # fmt: skip
    return row
