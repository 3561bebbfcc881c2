"""What an import of F09 is compared with: who owes which branch a month, bases, months and reductions as they stand."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from liaoyuan.core.models import Area
from liaoyuan.kit.findings import Limits
from liaoyuan.kit.text import match_key
from liaoyuan.party.choices.members import AffiliationKind
from liaoyuan.party.choices.organizations import Form
from liaoyuan.party.models import Affiliation, Due, DuesBase, DuesUse, DuesWaiver, MemberRecord, PartyOrganization
from liaoyuan.party.queries import dues as queries
from liaoyuan.party.queries import organizations as reading
from liaoyuan.party.queries import rosters


@dataclass(frozen=True, slots=True)
class Held:
    """What stands of one member and month: his base, his reduction, the month's row."""

    base: DuesBase | None
    waiver: DuesWaiver | None
    due: Due | None


class Branches:
    """The party organizations of an area by name, and the payers of their months, each read once."""

    def __init__(self, area: Area) -> None:
        self.named = rosters.branches(area)
        self.by_key = {row.pk: row for rows in self.named.values() for row in rows}
        self._payers: dict[tuple[int, date], dict[str, list[int]]] = {}
        self._barred: dict[tuple[int, date], str] = {}
        self._limits: dict[tuple[str, date], Limits] = {}

    def find(self, name: str) -> list[PartyOrganization]:
        """Those that bear the name."""
        return self.named.get(match_key(name), [])

    def payers(self, party: int, month: date) -> dict[str, list[int]]:
        """Members who owe the branch the month, by compared name."""
        key = (party, month)
        if key not in self._payers:
            found: dict[str, list[int]] = {}
            for payer in queries.payers(self.by_key[party], month):
                found.setdefault(match_key(payer.record.name), []).append(payer.member)
            self._payers[key] = found
        return self._payers[key]

    def barred(self, party: int, month: date) -> str:
        """Why the party organization collects no dues of the month; empty when it does."""
        key = (party, month)
        if key not in self._barred:
            row = self.by_key[party]
            if reading.formation(row).form != Form.BRANCH:
                self._barred[key] = _("党费由党支部收缴。")
            else:
                self._barred[key] = next((found.text for found in queries.collects(row, month)), "")
        return self._barred[key]

    def limits(self, party: int, month: date) -> Limits:
        """The parameters of the month."""
        row = self.by_key[party]
        key = (row.area.path, month)
        if key not in self._limits:
            self._limits[key] = queries.limits(row, month)
        return self._limits[key]

    def homes(self, name: str, month: date) -> list[int]:
        """Party organizations of the area to which a member of this name belongs in the month."""
        named = MemberRecord.objects.current().filter(name_key=match_key(name)).values("member")
        end = queries.last_day(month)
        rows = Affiliation.objects.active(end).filter(
            kind=AffiliationKind.FORMAL.value, member__in=named, party_organization__in=list(self.by_key)
        )
        return sorted(set(rows.values_list("party_organization_id", flat=True)))


def held(pairs: Iterable[tuple[int, date]]) -> dict[tuple[int, date], Held]:
    """What stands of members and months; three queries a month."""
    months: dict[date, set[int]] = {}
    for member, month in pairs:
        months.setdefault(month, set()).add(member)
    found = {}
    for month, members in months.items():
        bases, waivers = queries.bases(members, month), queries.waivers(members, month)
        rows = {row.member_id: row for row in Due.objects.current().filter(member__in=members, month=month)
                .select_related("waiver")}  # fmt: skip
        for member in members:
            found[member, month] = Held(bases.get(member), waivers.get(member), rows.get(member))
    return found


def uses(parties: Iterable[int]) -> list[DuesUse]:
    """What the party organizations have spent."""
    return list(DuesUse.objects.current().filter(party_organization__in=set(parties)).order_by("pk"))
