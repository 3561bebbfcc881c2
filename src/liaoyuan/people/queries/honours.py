"""Lists of honoured volunteers: who may stand on one, what is published, what everybody may read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import F, Sum

from liaoyuan.people.models import Profile, Volunteer, VolunteerHonour, VolunteerService
from liaoyuan.people.queries import services
from liaoyuan.registry.models import Organization

#: How many volunteers the page offers, those with most hours first.
OFFERED = 200


class Candidate(NamedTuple):
    """A volunteer of the body with all his minutes and whether he may be named today."""

    person: int
    name: str
    minutes: int
    consents: bool


@dataclass(frozen=True, slots=True)
class HonourList:
    """One published list. `key` is one of its rows; `lines` are (name, hours), `hidden` those without consent now."""

    key: int
    title: str
    since: date
    until: date
    published_on: date
    lines: list[tuple[str, str]]
    hidden: int


def candidates(organization: Organization, on: date) -> list[Candidate]:
    """The body's volunteers, those with most hours first."""
    known = Volunteer.objects.current().filter(organization=organization, ended_on__isnull=True)
    keys = list(known.values_list("person_id", flat=True))
    consenting = set(known.consenting(on).values_list("person_id", flat=True))
    spent = minutes(organization, keys)
    names = _names(organization.pk, keys)
    found = [Candidate(key, names.get(key, ""), spent.get(key, 0), key in consenting) for key in keys]
    return sorted(found, key=lambda c: (-c.minutes, c.name, c.person))[:OFFERED]


def minutes(
    organization: Organization, persons: Iterable[int], since: date = date.min, until: date = date.max
) -> dict[int, int]:
    """Minutes of the services for the body from `since` to `until` by person; who served none is left out."""
    rows = VolunteerService.objects.current().filter(
        organization=organization, person__in=list(persons), on__gte=since, on__lte=until
    )
    return dict(rows.order_by().values_list("person_id").annotate(n=Sum("minutes")))


def published(organization: int, on: date) -> list[HonourList]:
    """What the body has published and not taken down, newest first; the names that everybody may read today."""
    rows = list(VolunteerHonour.objects.current().filter(organization=organization))
    if not rows:
        return []
    shown = set(VolunteerHonour.objects.public(on).filter(organization=organization).values_list("pk", flat=True))
    return _lists(organization, rows, shown)


def public(organization: int, on: date) -> list[HonourList]:
    """The same for everybody: read by consent alone, and no list without a name."""
    rows = list(VolunteerHonour.objects.public(on).filter(organization=organization))
    return _lists(organization, rows, {row.pk for row in rows})


def of_person(organizations: Iterable[int], person: Any) -> list[VolunteerHonour]:
    """The lists of these bodies on which the person stands."""
    rows = VolunteerHonour.objects.current().filter(person=person, organization__in=list(organizations))
    return list(rows.order_by(F("published_on").desc(), "pk"))


def _names(organization: int, persons: Iterable[int]) -> dict[int, str]:
    rows = Profile.objects.current().filter(organization=organization, person__in=list(persons))
    return dict(rows.values_list("person_id", "name"))


def _lists(organization: int, rows: list[VolunteerHonour], shown: set[int]) -> list[HonourList]:
    names = _names(organization, [row.person_id for row in rows if row.pk in shown]) if shown else {}
    by_title: dict[str, list[VolunteerHonour]] = {}
    for row in rows:
        by_title.setdefault(row.title, []).append(row)
    return [
        HonourList(
            told[0].pk, title, told[0].since, told[0].until, told[0].published_on,
            [(names[row.person_id], services.hours(row.minutes)) for row in told
             if row.pk in shown and row.person_id in names],
            sum(row.pk not in shown for row in told),
        )
        for title, told in by_title.items()
    ]  # fmt: skip
