"""What an import of F08 is compared with: letters by number, members of both ends, who could sign."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from liaoyuan.core.models import Area
from liaoyuan.kit.text import match_key
from liaoyuan.party.choices.members import AffiliationKind
from liaoyuan.party.models import Affiliation, MemberRecord, PartyOrganization, Transfer
from liaoyuan.party.queries import organizations as reading
from liaoyuan.party.queries import rosters, transfers
from liaoyuan.party.queries.names import member_names


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that stands, with the names of its member, its ends and who signed."""

    row: Transfer
    name: str
    source: str
    target: str
    issuer: str


class Book:
    """The register of an area's party organizations."""

    def __init__(self, area: Area) -> None:
        self._named = rosters.branches(area)
        self._by_key: dict[int, PartyOrganization] = {row.pk: row for rows in self._named.values() for row in rows}

    def find(self, name: str) -> list[int]:
        """Party organizations of the area with the name."""
        return [row.pk for row in self._named.get(match_key(name), [])] if name else []

    def letters(self, numbers: Iterable[str]) -> dict[str, list[Letter]]:
        """Letters with these numbers that one end in the area has."""
        asked = sorted({number for number in numbers if number})
        rows = [row for row in Transfer.objects.filter(number__in=asked).order_by("pk")
                if row.source_id in self._by_key or row.target_id in self._by_key]  # fmt: skip
        named = member_names(row.member_id for row in rows)
        parties = reading.names([key for row in rows for key in (row.source_id, row.target_id, row.issuer_id)])
        found: dict[str, list[Letter]] = {}
        for row in rows:
            found.setdefault(row.number, []).append(Letter(
                row, named.get(row.member_id, ""), parties.get(row.source_id or 0, row.source_name),
                parties.get(row.target_id or 0, row.target_name), parties.get(row.issuer_id or 0, row.issuer_name),
            ))  # fmt: skip
        return found

    def members(self, name: str, parties: Sequence[int | None]) -> list[int]:
        """Members of the name who belong, or formally belonged, to one of the party organizations."""
        named = MemberRecord.objects.current().filter(name_key=match_key(name)).values("member")
        rows = Affiliation.objects.current().filter(
            member__in=named, party_organization__in=[key for key in parties if key], member__voided_at__isnull=True
        )
        return sorted(set(rows.values_list("member_id", flat=True)))

    def longest(self, party: int | None, issued_on: str) -> int:
        """How many days a letter of the day may be valid."""
        if party is None or len(issued_on) != 10:
            return 366
        return int(reading.limits(self._by_key[party], date.fromisoformat(issued_on))["pb.rel.letter_days"])

    def issuer(self, source: int, issued_on: str, name: str) -> int | None:
        """The committee that signed: the nearest one that may; another name than its own is none."""
        if len(issued_on) != 10:
            return None
        found = transfers.issuer_of(self._by_key[source], date.fromisoformat(issued_on))
        if found is None or (name and match_key(reading.name_of(found)) != match_key(name)):
            return None
        return int(found.pk)

    @staticmethod
    def taken(issuer: int, number: str) -> bool:
        """Whether the committee has signed a letter of the number already."""
        return Transfer.objects.filter(issuer=issuer, number=number).exists()

    @staticmethod
    def elsewhere(member: int | None, target: int | None) -> bool:
        """Whether the member's present formal affiliation is not where the letter took him."""
        if member is None or target is None:
            return False
        rows = Affiliation.objects.now_open().filter(member=member, kind=AffiliationKind.FORMAL.value)
        return not rows.filter(party_organization=target).exists()
