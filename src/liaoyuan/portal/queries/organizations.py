"""One organization as everybody may read it: registry facts, rating, honours, credit lists in force,
volunteers who consented."""

from dataclasses import dataclass
from datetime import date

from liaoyuan.people.queries import honours as volunteer_honours
from liaoyuan.people.queries.honours import HonourList
from liaoyuan.registry.choices import LIVE
from liaoyuan.registry.models import CreditEntry, Honour, Organization, Rating, Standing
from liaoyuan.registry.queries.standings import former_names


@dataclass(frozen=True, slots=True)
class Public:
    """What the page shows. Of a closed body all lists are empty. `former`: (name, from, until)."""

    organization: Organization
    standing: Standing
    is_live: bool
    former: list[tuple[str, date, date]]
    rating: Rating | None
    honours: list[Honour]
    credits: list[CreditEntry]
    volunteers: list[HonourList]
    predecessor: tuple[int, str] | None
    successors: list[tuple[int, str]]


def public(pk: int, on: date) -> Public | None:
    """The organization on the day; None for void and external ones and before its beginning."""
    organization = Organization.objects.known().filter(pk=pk, is_external=False).first()
    if organization is None:
        return None
    begun = Standing.objects.current().filter(organization=organization, valid_from__lte=on)
    rows = list(begun.select_related("street", "community").order_by("valid_from"))
    if not rows or rows[-1].valid_to <= on:
        return None
    is_live = rows[-1].status in [str(status) for status in LIVE]
    related = _names([organization.predecessor_id, *organization.successors.values_list("pk", flat=True)])
    return Public(
        organization, rows[-1], is_live, former_names(rows)[::-1],
        Rating.objects.active(on).filter(organization=pk).order_by("-level").first() if is_live else None,
        list(Honour.objects.active(on).filter(organization=pk).order_by("-valid_from", "pk")) if is_live else [],
        list(CreditEntry.objects.active(on).filter(organization=pk).order_by("-list_kind", "pk")) if is_live else [],
        volunteer_honours.public(pk, on) if is_live else [],
        next(((key, name) for key, name in related if key == organization.predecessor_id), None),
        [(key, name) for key, name in related if key != organization.predecessor_id],
    )  # fmt: skip


def _names(keys: list[int | None]) -> list[tuple[int, str]]:
    wanted = [key for key in keys if key is not None]
    if not wanted:
        return []
    rows = Standing.objects.now_open().filter(organization__in=wanted, organization__is_external=False)
    return list(rows.order_by("organization_id").values_list("organization_id", "name"))
