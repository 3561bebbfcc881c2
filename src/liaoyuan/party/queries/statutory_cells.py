"""The records behind a cell of F04, of one body or of all: members, people on the way, venues, declarations.

Persons are named to whoever may see them on the roster; the number is that of the cell, seen or not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Min
from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.kit.money import format_wan
from liaoyuan.party.choices.members import AFFILIATION_TITLES, AffiliationKind
from liaoyuan.party.models import Affiliation, Applicant, ApplicantRecord, BodyDeclaration, Venue
from liaoyuan.party.queries import coverage as figures
from liaoyuan.party.queries import declarations, development_list, statutory
from liaoyuan.party.queries import organizations as reading
from liaoyuan.party.queries import statutory_facts as told
from liaoyuan.party.queries.coverage import Asked
from liaoyuan.party.queries.names import member_names

#: Columns with records of their own; the others lead to the body's page, its party organization or the register.
MEMBERS = ("members", "here", "formal", "probationary", "committed", "dual", *told.MORE)
COLUMNS = (*MEMBERS, *told.WAY, "place", "budget", "groups", "note", "secretary_from")


@dataclass(slots=True)
class Line:
    """One record: what it is called and where it opens, its party organization and body, what is told, its day."""

    pk: int
    name: str
    href: str
    party: str
    body: str
    words: str
    on: date | None


class Listing:
    """The records behind a column of one body, or of all bodies of D1: how many there are, those seen in slices."""

    ordered = True

    def __init__(self, user: Any, asked: Asked, column: str, body: int | None = None) -> None:
        self.user, self.asked, self.column, self.body = user, asked, column, body
        base = figures.base(asked)
        self.keys = (base if body is None else base.filter(organization=body)).values("organization")
        self.rows, self.whole, self._write = self._kind()

    def _kind(self) -> tuple[Any, int, Any]:
        """(rows that the user sees, how many records the cell counts, how lines are written)."""
        if self.column in MEMBERS:
            found = self._members()
            seen = Affiliation.objects.filter(pk__in=found).visible_to(self.user)
            return seen.order_by("organization", "pk"), len(found), self._member_lines
        if self.column in told.WAY:
            rows = told.way_rows(self.asked, self.keys).filter(told.stage_of(self.column, self.asked.on))
            seen = rows.filter(applicant__in=Applicant.objects.visible_to(self.user))
            return seen.order_by("applicant__applied_on", "pk"), rows.count(), self._way_lines
        if self.column in ("place", "secretary_from"):
            rows = figures.covers(self.asked).filter(organization__in=self.keys).order_by()
            parties = set(rows.values_list("party_organization_id", flat=True))
            if self.column == "place":
                kept = told.venues(self.asked, parties)
                seen = kept.filter(pk__in=Venue.objects.visible_to(self.user).values("pk"))
                return seen.order_by("name", "pk"), kept.count(), self._venue_lines
            led = sorted(told.secretaries(self.asked, parties, named=False))
            return led, len(led), self._post_lines
        rows = figures.known(BodyDeclaration.objects, self.asked.known_at).filter(
            organization__in=self.keys, valid_from__lte=self.asked.on, valid_to__gt=self.asked.on
        )
        if self.column == "budget":
            rows = rows.filter(funds_year=self.asked.on.year)
        return rows.order_by("organization", "pk"), rows.count(), self._declared_lines

    def count(self) -> int:
        """How many of them the user sees."""
        return len(self.rows) if isinstance(self.rows, list) else self.rows.count()

    def __getitem__(self, part: slice) -> list[Line]:
        """The lines of a slice with plain bounds."""
        found: list[Line] = self._write(list(self.rows[part]))
        return found

    def _members(self) -> list[int]:
        """Affiliations that the cell counts, one of each member at a body."""
        asked, name = self.asked, self.column
        if name in ("members", "here"):
            parts = [figures.persons(asked, which, self.keys) for which in ("formal", "probationary")]
        elif name in told.MORE:
            place, first = 3 + told.MORE.index(name), dict[tuple[int, int], int]()
            for line in told.marked(asked, self.keys):
                if line[place]:
                    first[line[1:3]] = min(line[0], first.get(line[1:3], line[0]))
            return list(first.values())
        else:
            parts = [figures.persons(asked, name, self.keys)]
        return [
            pk
            for rows in parts
            for pk in rows.order_by().values("organization", "member").annotate(n=Min("pk")).values_list("n", flat=True)
        ]

    def _member_lines(self, rows: Sequence[Affiliation]) -> list[Line]:
        names = member_names(row.member_id for row in rows)
        parties, bodies = self._names(rows)
        return [
            Line(row.pk, names.get(row.member_id, ""), reverse("party:member_detail", args=[row.member_id]),
                 parties.get(row.party_organization_id or 0, row.outside_name),
                 bodies.get(row.organization_id or 0, ""), _(AFFILIATION_TITLES[AffiliationKind(row.kind)]),
                 row.valid_from)
            for row in rows
        ]  # fmt: skip

    def _way_lines(self, rows: Sequence[Any]) -> list[Line]:
        records = ApplicantRecord.objects.current().filter(applicant__in=[row.applicant_id for row in rows])
        names = dict(records.values_list("applicant_id", "name"))
        people = Applicant.objects.in_bulk([row.applicant_id for row in rows])
        parties, bodies = self._names(rows)
        return [
            Line(row.pk, names.get(row.applicant_id, ""), reverse("party:applicant_detail", args=[row.applicant_id]),
                 parties.get(row.party_organization_id, ""), bodies.get(row.organization_id or 0, ""),
                 development_list.stage_word(people[row.applicant_id]), people[row.applicant_id].applied_on)
            for row in rows
        ]  # fmt: skip

    def _venue_lines(self, rows: Sequence[Venue]) -> list[Line]:
        parties = reading.names(row.party_organization_id for row in rows)
        unknown = _("没有登记面积")
        return [
            Line(row.pk, row.name, reverse("party:venue_detail", args=[row.pk]),
                 parties.get(row.party_organization_id, ""), "",
                 f"{row.square_metres}㎡" if row.square_metres is not None else unknown, None)
            for row in rows
        ]  # fmt: skip

    def _post_lines(self, rows: Sequence[int]) -> list[Line]:
        parties, led = reading.names(rows), told.secretaries(self.asked, rows)
        return [
            Line(key, led[key].name, reverse("party:organization_detail", args=[key]), parties.get(key, ""), "",
                 led[key].source or _("未填"), None)
            for key in rows
        ]  # fmt: skip

    def _declared_lines(self, rows: Sequence[BodyDeclaration]) -> list[Line]:
        names = reading.body_names(row.organization_id for row in rows)
        day = self.asked.on.isoformat()
        return [
            Line(row.pk, names.get(row.organization_id, ""),
                 f"{reverse('party:organization_panel', args=[row.organization_id])}?as_of={day}#declared", "", "",
                 self._declared(row), row.valid_from)
            for row in rows
        ]  # fmt: skip

    def _declared(self, row: BodyDeclaration) -> str:
        if self.column == "budget":
            return _("{year} 年 {wan} 万元").format(year=row.funds_year, wan=format_wan(row.funds_fen or 0))
        return declarations.groups(row) if self.column == "groups" else row.note

    def _names(self, rows: Sequence[Any]) -> tuple[dict[int, str], dict[int, str]]:
        parties = reading.names(row.party_organization_id for row in rows if row.party_organization_id)
        return parties, reading.body_names(row.organization_id for row in rows if row.organization_id)


def title(column: str) -> str:
    """The column's title in words."""
    return _(statutory.COLUMN_TITLES[column])
