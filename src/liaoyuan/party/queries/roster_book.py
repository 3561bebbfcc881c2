"""Whom the rosters of an area held on a day, to set the national system's list against them."""

from dataclasses import dataclass
from datetime import date

from liaoyuan.core.models import Area
from liaoyuan.party.choices.members import AffiliationKind
from liaoyuan.party.models import Affiliation, MemberRecord
from liaoyuan.party.queries import organizations


@dataclass(frozen=True, slots=True)
class Listed:
    """A member in a roster. `index` is the blind index of his identity number, `key` what he is called by in a list."""

    name: str
    party: int
    branch: str
    formal: bool
    index: str
    key: str


def members(area: Area, on: date) -> dict[int, Listed]:
    """Members with an affiliation on the day to a party organization of the area; of two the formal one."""
    rows = Affiliation.objects.active(on).filter(
        party_organization__area__in=Area.objects.within(area.path), member__voided_at__isnull=True
    )  # fmt: skip
    found: dict[int, tuple[int, bool, str]] = {}
    told = rows.order_by("pk").values_list("member_id", "party_organization_id", "kind", "member__person__id_index")
    for member, party, kind, index in told:
        formal = kind == AffiliationKind.FORMAL
        if party is not None and (member not in found or formal):
            found[member] = (party, formal, index)
    names = dict(MemberRecord.objects.current().filter(member__in=list(found)).values_list("member_id", "name"))
    branches = organizations.names(party for party, _formal, _index in found.values())
    return {
        pk: Listed(names.get(pk, ""), party, branches.get(party, ""), formal, index,
                   f"{names.get(pk, '')}@{branches.get(party, '')}"[:120])
        for pk, (party, formal, index) in found.items()
    }  # fmt: skip
