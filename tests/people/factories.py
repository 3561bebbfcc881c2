"""Makers of invented persons for tests, and lawful identity numbers."""

from datetime import date
from typing import Any

from liaoyuan.kit.text import match_key
from liaoyuan.people.models import (
    Certificate,
    Employment,
    Person,
    Post,
    Profile,
    Volunteer,
    VolunteerHonour,
    VolunteerService,
)
from liaoyuan.people.queries import secrets
from liaoyuan.registry.models import Organization
from tests.core.factories import AT

__all__ = ["AT"]
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def ric(born: str = "19900307", number: int = 1, *, division: str = "329911") -> str:
    """An identity number with a right check character; odd numbers are men."""
    body = f"{division}{born}{number:03d}"
    return body + "10X98765432"[sum(int(c) * w for c, w in zip(body, _WEIGHTS, strict=True)) % 11]


def person(organization: Organization, name: str = "赵甲一", *, number: str = "", at: Any = AT, **told: Any) -> Person:
    """A person told of by a body, or one more body that tells of a known number."""
    key = secrets.index(number)
    found = Person.objects.living().filter(id_index=key).first() if key else None
    found = found or Person.objects.create(id_number=secrets.seal("id_number", number), id_index=key, created_at=at)
    tell(found, organization, name, at=at, numbered=bool(number), **told)
    return found


def tell(found: Person, organization: Organization, name: str, *, at: Any = AT, **told: Any) -> Profile:
    """What one body tells of the person."""
    for field in ("birth", "mobile"):
        told[field] = secrets.seal(field, told.get(field, ""))
    return Profile.objects.create(
        person=found, organization=organization, name=name, name_key=match_key(name), recorded_at=at, **told
    )


def post(found: Person, organization: Organization, kind: str = "director", start: date = date(2024, 3, 1),
         **more: Any) -> Post:  # fmt: skip
    return Post.objects.create(person=found, organization=organization, kind=kind, valid_from=start,
                               recorded_at=more.pop("at", AT), **more)  # fmt: skip


def employment(found: Person, organization: Organization, time: str = "full", start: date = date(2022, 3, 1),
               **more: Any) -> Employment:  # fmt: skip
    return Employment.objects.create(person=found, organization=organization, work_time=time, valid_from=start,
                                     recorded_at=more.pop("at", AT), **more)  # fmt: skip


def certificate(found: Person, organization: Organization, level: str = "worker", **more: Any) -> Certificate:
    more = {"number": f"2023{found.pk:07d}", "approved_on": date(2023, 6, 1), **more}
    return Certificate.objects.create(person=found, organization=organization, level=level, recorded_at=AT, **more)


def volunteer(found: Person, organization: Organization, **more: Any) -> Volunteer:
    more = {"number": f"V{found.pk:06d}", "registered_on": date(2024, 3, 5), **more}
    return Volunteer.objects.create(person=found, organization=organization, recorded_at=AT, **more)


def honour(found: Person, organization: Organization, title: str = "年度优秀志愿者", **more: Any) -> VolunteerHonour:
    more = {"since": date(2026, 1, 1), "until": date(2026, 6, 30), "published_on": date(2026, 7, 1), **more}
    return VolunteerHonour.objects.create(person=found, organization=organization, title=title, minutes=90,
                                          recorded_at=AT, **more)  # fmt: skip


def service(found: Person, organization: Organization, on: date = date(2026, 3, 5), minutes: int = 90,
            **more: Any) -> VolunteerService:  # fmt: skip
    more = {"activity": "社区探访", **more}
    return VolunteerService.objects.create(person=found, organization=organization, on=on, minutes=minutes,
                                           recorded_at=AT, **more)  # fmt: skip
