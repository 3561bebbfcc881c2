"""Which cases an export holds: those of the list, of the offices for which the user may export."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Q

from liaoyuan.core import access, registries
from liaoyuan.core.choices import Permission
from liaoyuan.core.models import Area, Job
from liaoyuan.core.models.cases import CaseQuerySet
from liaoyuan.core.queries import cases
from liaoyuan.core.queries.cases import Wish


def rows(user: Any, wish: Wish, on: date) -> CaseQuerySet:
    """The cases that the list asks for, by office, day of receipt and entry."""
    found = cases.asked(user, wish, on)
    reach = access.reach(user, Permission.CASE_EXPORT)
    if not reach.everything:
        condition = Q(pk__in=[])
        for path in reach.paths:
            condition |= Q(area__in=Area.objects.within(path))
        found = found.filter(condition)
    return found.order_by("area__code", "received_on", "pk").prefetch_related("stops")


def packed(wish: Wish) -> dict[str, Any]:
    """A wish as plain JSON, for the job that exports later; what is not asked is left out."""
    return {name: value for name, value in wish._asdict().items() if value and name != "subject"}


def unpacked(told: Mapping[str, Any]) -> Wish:
    """What `packed` wrote."""
    return Wish(**told)


def powers(user: Any) -> dict[str, Any]:
    """By what the user sees the rows, kept beside the result."""
    asked = {p for kind in registries.case_kinds.values() for p in (*kind.handle, *kind.decide, *kind.view)}
    held = access.permissions_of(user)
    return {
        "reach": access.reach_told(user, Permission.CASE_EXPORT),
        "may": {p: access.reach_told(user, p) for p in sorted(asked & held)},
    }


def may_fetch(user: Any, job: Job) -> bool:
    """Whether the user may still export, and still sees all that he saw when the result was made."""
    if not access.has(user, Permission.CASE_EXPORT) or "reach" not in job.kept:
        return False
    asked = {Permission.CASE_EXPORT: job.kept["reach"], **job.kept["may"]}
    return all(access.still_reaches(user, permission, told) for permission, told in asked.items())
