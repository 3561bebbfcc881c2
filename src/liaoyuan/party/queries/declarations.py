"""What bodies declare of mass organizations and money for party building, on a day and as known at a moment."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from liaoyuan.core.models import Area
from liaoyuan.party.models import BodyDeclaration
from liaoyuan.party.queries import coverage as figures
from liaoyuan.party.queries.coverage import Asked
from liaoyuan.registry.models import Organization, Standing

#: What is declared, in the order of the form.
FIELDS = ("has_union", "has_youth", "has_women", "funds_fen", "funds_year", "note")
GROUPS = FIELDS[:3]
GROUP_TITLES: dict[str, str] = {"has_union": "工", "has_youth": "团", "has_women": "妇"}


def fields_of(row: BodyDeclaration) -> dict[str, Any]:
    """The declared values."""
    return {name: getattr(row, name) for name in FIELDS}


def merged(kept: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    """What holds after a sheet has told some of it: what it is silent about stays, money goes with its year."""
    found = {name: kept.get(name) for name in FIELDS}
    found |= {name: told[name] for name in FIELDS if name in told}
    return found | {"note": found["note"] or ""}


def last(organization: Organization) -> BodyDeclaration | None:
    """The latest declaration."""
    return BodyDeclaration.objects.current().filter(organization=organization).order_by("valid_from").last()


def of(asked: Asked, keys: Any) -> dict[int, BodyDeclaration]:
    """By body, what it declared that holds on the day, in one statement."""
    rows = figures.known(BodyDeclaration.objects, asked.known_at).filter(
        organization__in=keys, valid_from__lte=asked.on, valid_to__gt=asked.on
    )
    return {row.organization_id: row for row in rows}


def within(area: Area, keys: Iterable[int]) -> set[int]:
    """Of these bodies those of the area: by their office, in streets and communities by domicile."""
    rows = Standing.objects.now_open().filter(organization__in=list(keys))
    if area.level in ("street", "community"):
        there = Area.objects.within(area.path)
        rows = rows.filter(Q(street__in=there) | Q(community__in=there))
    else:
        rows = rows.within(area.path)
    return set(rows.values_list("organization_id", flat=True))


def stamps(keys: Iterable[int]) -> dict[int, int]:
    """By body, the newest row of it: it differs after every change."""
    rows = BodyDeclaration.objects.filter(organization__in=list(keys)).order_by("pk")
    return dict(rows.values_list("organization_id", "pk"))


def funds(row: BodyDeclaration | None, year: int) -> int | None:
    """The money declared for the year in fen."""
    return row.funds_fen if row is not None and row.funds_year == year else None


def groups(row: BodyDeclaration | None) -> str:
    """工、团、妇 as F04 writes them; empty when nothing was told."""
    return group_words(fields_of(row)) if row is not None else ""


def group_words(told: Mapping[str, Any]) -> str:
    """The same of declared values."""
    if all(told.get(name) is None for name in GROUPS):
        return ""
    return "、".join(_(GROUP_TITLES[name]) for name in GROUPS if told.get(name)) or _("无")
