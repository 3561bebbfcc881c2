"""对账 of members with the national system, which stays the system of record: our side of an area as of a day."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from liaoyuan.core import zones
from liaoyuan.core.actions.comparing import RAW, Found
from liaoyuan.core.choices import DifferenceSort
from liaoyuan.core.models import Area
from liaoyuan.core.registries import CompareKind
from liaoyuan.core.staging import ReadRow
from liaoyuan.kit.cells import is_blank
from liaoyuan.kit.text import cell_text, half_width, match_key
from liaoyuan.party.imports import columns
from liaoyuan.party.queries import roster_book as queries
from liaoyuan.party.queries import rosters, secrets
from liaoyuan.party.queries.rosters import Stored
from liaoyuan.people.queries import secrets as numbers

_DAYS = frozenset({*rosters.SHORT_DAYS, "birth", "joined_on"})
#: What the other system does not decide: posts, and whom to call.
_LEFT_OUT = frozenset({"post", "home_contact", "evidence"})


class MemberBook:
    """The members whose affiliation on the day was to a party organization of the area."""

    IDENTITY = ("name", "branch")

    def __init__(self, *, area: Area, as_of: date) -> None:
        self.area, self.as_of = area, as_of
        self.members = queries.members(area, as_of)
        self._by_number = {member.index: pk for pk, member in self.members.items() if member.index}
        self._stored: dict[int, Stored] = {}
        self._told: set[str] = set()

    def find(self, row: ReadRow) -> int | None:
        """Our member with the row's identity number."""
        number = str(row.fields.get("id_number", ""))
        return next((self._by_number[i] for i in numbers.indexes(number) if i in self._by_number), None)

    def find_by_name(self, rows: Sequence[ReadRow], taken: set[int]) -> Mapping[int, int]:
        """Rows and members that are the only ones of their name in their branch on either side."""
        ours: dict[tuple[str, str], list[int]] = {}
        for pk, member in self.members.items():
            if pk not in taken:
                ours.setdefault((match_key(member.name), match_key(member.branch)), []).append(pk)
        theirs: dict[tuple[str, str], list[int]] = {}
        for place, row in enumerate(rows):
            theirs.setdefault((match_key(row.label), match_key(str(row.fields.get("branch", "")))), []).append(place)
        return {
            places[0]: ours[key][0]
            for key, places in theirs.items()
            if len(places) == 1 and len(ours.get(key, ())) == 1
        }

    def load(self, ids: Iterable[int]) -> None:
        """Read what is stored about the members."""
        pairs = [(pk, self.members[pk].party) for pk in ids if pk in self.members]
        for (pk, _party), stored in rosters.stored(pairs, self.as_of).items():
            self._stored[pk] = stored

    def differing(self, row: ReadRow, pk: int, columns_: Mapping[str, int]) -> list[Found]:
        """The cells of the row that say something else than we do."""
        ours, found = self._stored[pk].fields, []
        member = self.members[pk]
        for name, index in columns_.items():
            cell = row.raw[index] if index < len(row.raw) else None
            blank = is_blank(cell)
            if not blank:
                self._told.add(name)
            if name in _LEFT_OUT or (name in secrets.STAGED and "**" in cell_text(cell)):
                continue
            there = {name: row.fields[name]} if row.fields.get(name) not in (None, "") else {}
            here = {name: ours[name]} if ours.get(name) not in (None, "") else {}
            told = [f.as_dict() for f in row.findings if f.field == name]
            if not blank and told and not there and name not in secrets.STAGED:
                there = {RAW: half_width(cell_text(cell))[:200]}
            if _same(name, there, here):
                continue
            found.append(Found(
                DifferenceSort.CELL, member.key, member.name, name, there, here, doubts=told, number=row.number,
                object_id=pk,
            ))  # fmt: skip
        return found

    def settle(self, found: list[Found]) -> list[Found]:
        """Without columns that are empty from top to bottom."""
        return [one for one in found if one.sort != DifferenceSort.CELL or one.field in self._told]

    def rest(self, matched: set[int]) -> tuple[list[Found], list[str]]:
        """Members of those branches that the file names and who are not in it; only those of formal affiliation.

        Who is merely hosted stands in the other system with his own branch.
        """
        branches = {self.members[pk].party for pk in matched}
        found = [
            Found(DifferenceSort.HERE, member.key, member.name, object_id=pk)
            for pk, member in self.members.items()
            if pk not in matched and member.formal and member.party in branches
        ]
        return found, []

    def basis(self, pk: int, decided: Iterable[str]) -> dict[str, Any]:
        """What is stored about a member, to put the decided cells in: who he is and where."""
        stored = self._stored[pk].fields
        names = ("name", "branch", "id_number", "birth", "state")
        return {name: stored[name] for name in names if stored.get(name) not in (None, "")}

    def shown(self, pk: int) -> dict[str, Any]:
        """What is stored about a member, for a sheet that leaves the house: sealed values masked, no number."""
        fields = dict(self._stored[pk].fields)
        for name in secrets.COLUMNS:
            fields[name] = zones.mask(secrets.PERSONAL[name], fields.get(name) or "")
        fields["id_number"] = ""
        return fields


def _same(name: str, there: Mapping[str, Any], here: Mapping[str, Any]) -> bool:
    """Whether two cells say the same after normalisation."""
    if RAW in there:
        return False
    one, other = there.get(name), here.get(name)
    if not one or not other:
        return not one and not other
    if name in _DAYS:  # known to the month on one side, to the day on the other
        return str(one).startswith(str(other)) or str(other).startswith(str(one))
    return match_key(str(one)) == match_key(str(other))


def cell(name: str, fields: Mapping[str, Any], unit: str) -> Any:
    """A field of a member as the other system's sheet would hold it."""
    value = fields.get(name)
    return None if value in (None, "") else columns.words(name, value)


KIND = CompareKind("members", "党员花名册（全国党员管理信息系统）", MemberBook, cell)
