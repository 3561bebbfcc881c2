"""Rows of the rosters F18 and F19 with what stands beside them, a chunk at a time."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from liaoyuan.people.choices import LEVELS
from liaoyuan.people.models import Profile, Volunteer, VolunteerService
from liaoyuan.people.queries import matching
from liaoyuan.registry.models import Standing

_CHUNK = 1000


def chunks(rows: Any) -> Iterator[list[Any]]:
    """The rows of a QuerySet in lists of at most a thousand."""
    part: list[Any] = []
    for row in rows.iterator(chunk_size=_CHUNK):
        part.append(row)
        if len(part) == _CHUNK:
            yield part
            part = []
    if part:
        yield part


def rank(level: str) -> int:
    """How high a certificate's level is."""
    return [str(one) for one in LEVELS].index(level)


def bodies(organizations: set[int]) -> dict[int, tuple[str, str]]:
    """Name and number of bodies."""
    rows = Standing.objects.now_open().filter(organization__in=organizations)
    return {
        pk: (name, code or filing_no)
        for pk, name, code, filing_no in rows.values_list(
            "organization_id", "name", "organization__code", "organization__filing_no"
        )
    }


def told(part: Sequence[Profile], on: date) -> Iterator[tuple[Profile, matching.Stored, str, str]]:
    """Each profile with what is stored of it on the day, and its body's number and name."""
    stored = matching.stored([(p.person_id, p.organization_id) for p in part], on)
    names = bodies({p.organization_id for p in part})
    for profile in part:
        name, code = names.get(profile.organization_id, ("", ""))
        yield profile, stored[profile.person_id, profile.organization_id], code, name


def of_services(
    part: Sequence[VolunteerService],
) -> tuple[dict[tuple[int, int], str], dict[tuple[int, int], str], dict[int, tuple[str, str]]]:
    """Names and volunteer numbers by (person, body), and bodies."""
    about = {"person__in": {r.person_id for r in part}, "organization__in": {r.organization_id for r in part}}
    profiles = Profile.objects.current().filter(**about).values_list("person_id", "organization_id", "name")
    numbers = Volunteer.objects.current().filter(**about).values_list("person_id", "organization_id", "number")
    return (
        {(p, o): name for p, o, name in profiles},
        {(p, o): number for p, o, number in numbers},
        bodies({r.organization_id for r in part}),
    )
