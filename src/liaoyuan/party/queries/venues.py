"""Venues as pages show them: the list, a week's bookings, the checklist, files."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from liaoyuan.core import access, policy
from liaoyuan.core.clock import SHANGHAI, localdate
from liaoyuan.core.registries import FileSubject
from liaoyuan.kit.text import half_width
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.models import PartyOrganization, Venue, VenueBooking
from liaoyuan.party.params.venues import SIGNS
from liaoyuan.party.queries import organizations as reading

STATE_TITLES: dict[str, str] = {"open": "可供其他党组织预约", "closed": "已停用"}


def rows(user: Any, q: str = "", state: str = "") -> Any:
    """The venues that the user sees and the list asks for."""
    found = Venue.objects.visible_to(user)
    found = found.filter(closed_on__isnull=False) if state == "closed" else found.in_use()
    if state == "open":
        found = found.filter(is_open=True)
    if q:
        word = half_width(q).strip()
        found = found.filter(Q(name__icontains=word) | Q(address__icontains=word) | Q(provider__icontains=word))
    return found


@dataclass(slots=True)
class Line:
    """One venue as the list shows it; `signs` is "4/6"."""

    pk: int
    name: str
    party: str
    address: str
    square_metres: int | None
    hours: str
    keeper: str
    is_open: bool
    signs: str
    coming: bool


class Listing:
    """Venues by name, in slices."""

    ordered = True

    def __init__(self, user: Any, at: datetime, q: str = "", state: str = "") -> None:
        self.at, self.rows = at, rows(user, q, state)

    def count(self) -> int:
        """How many there are."""
        return self.rows.count()

    def __getitem__(self, part: slice) -> list[Line]:
        """The lines of a slice with plain bounds."""
        later = VenueBooking.objects.standing().filter(venue=OuterRef("pk"), ends_at__gt=self.at)
        found = list(self.rows.annotate(coming=Exists(later)).select_related("party_organization__area")
                     .order_by("name", "pk")[part])  # fmt: skip
        names = reading.names(row.party_organization_id for row in found)
        lists: dict[str, list[str]] = {}
        told = []
        for row in found:
            place = row.party_organization.area.path
            if place not in lists:
                lists[place] = items(row, localdate(self.at))
            told.append(Line(
                pk=row.pk, name=row.name, party=names.get(row.party_organization_id, ""), address=row.address,
                square_metres=row.square_metres, hours=row.hours, keeper=row.keeper, is_open=row.is_open,
                signs=f"{sum(item in row.signs for item in lists[place])}/{len(lists[place])}", coming=row.coming,
            ))  # fmt: skip
        return told


def items(venue: Venue, on: date) -> list[str]:
    """The checklist that holds where the venue is."""
    return items_of(venue.party_organization, on)


def items_of(party: PartyOrganization, on: date) -> list[str]:
    """The checklist that holds where a party organization is."""
    return [str(item) for item in reading.limits(party, on).get(SIGNS, [])]


@dataclass(slots=True)
class Day:
    """One day of a week with its bookings: (times, party organization, purpose, key or 0 when it may not be given
    up).
    """

    on: date
    bookings: list[tuple[str, str, str, int]]


def week(venue: Venue, monday: date, user: Any, at: datetime) -> list[Day]:
    """The seven days from a Monday on. A booking stands on each day that it touches."""
    start = datetime.combine(monday, time.min, SHANGHAI)
    end = start + timedelta(days=7)
    found = list(VenueBooking.objects.standing().filter(venue=venue, starts_at__lt=end, ends_at__gt=start)
                 .select_related("party_organization__area").order_by("starts_at", "pk"))  # fmt: skip
    names = reading.names(row.party_organization_id for row in found)
    keeps = access.covers(user, Permission.LIFE_EDIT, venue.party_organization, write=False)
    told = []
    for place in range(7):
        first = start + timedelta(days=place)
        here = [row for row in found if row.starts_at < first + timedelta(days=1) and row.ends_at > first]
        told.append(Day(first.date(), [
            (
                _times(row, first.date()), names.get(row.party_organization_id, ""), row.purpose,
                row.pk if row.ends_at > at and (keeps or _own(user, row)) else 0,
            )
            for row in here
        ]))  # fmt: skip
    return told


def _own(user: Any, row: VenueBooking) -> bool:
    return access.covers(user, Permission.LIFE_EDIT, row.party_organization, write=False)


def _times(row: VenueBooking, on: date) -> str:
    first, last = row.starts_at.astimezone(SHANGHAI), row.ends_at.astimezone(SHANGHAI)
    start = f"{first:%H:%M}" if first.date() == on else "00:00"
    return f"{start}–{f'{last:%H:%M}' if last.date() == on else '24:00'}"


def bookers(user: Any) -> list[tuple[int, str]]:
    """Party organizations for which the user may book, by name."""
    rows_ = PartyOrganization.objects.living().reached_by(user, Permission.LIFE_EDIT)
    return sorted(reading.names(rows_.values_list("pk", flat=True)).items(), key=lambda pair: pair[1])


def _find(user: Any, key: str) -> Venue | None:
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        return None
    return Venue.objects.visible_to(user).select_related("party_organization__area").filter(pk=int(key)).first()


FILES = FileSubject(
    kind="venue", title="阵地", find=_find, holder=lambda venue: venue.party_organization,
    label=lambda venue: venue.name, address=lambda venue: reverse("party:venue_detail", args=[venue.pk]),
    papers=lambda venue: "", chain=lambda venue: policy.chain(venue.party_organization.area.path),
)  # fmt: skip
