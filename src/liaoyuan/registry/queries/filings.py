"""Filed bodies by community with this year's confirmation, for the round of telephone calls (备案确认)."""

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery

from liaoyuan.core import access
from liaoyuan.core.models import Area
from liaoyuan.registry.choices import Kind, Permission
from liaoyuan.registry.models import FilingConfirmation, Standing
from liaoyuan.registry.models.organizations import StandingQuerySet
from liaoyuan.registry.queries.due import workable

#: States by which the list can be narrowed.
STATE_TITLES = {"open": "未确认", "done": "已确认", "over": "有效期已过"}


def round_of(user: Any, year: int, on: date, *, street: str = "", community: str = "", state: str = "",
             text: str = "") -> StandingQuerySet:  # fmt: skip
    """Live filed bodies that the user keeps, each with `confirmed` (its day in the year) and `via`, by community."""
    told = FilingConfirmation.objects.filter(organization=OuterRef("organization"), year=year, undone_at__isnull=True)
    rows: StandingQuerySet = workable(user).filter(kind=Kind.BA).select_related("street", "community", "organization")
    rows = rows.annotate(
        is_confirmed=Exists(told), confirmed=Subquery(told.values("confirmed_on")[:1]),
        batch=Subquery(told.values("batch")[:1]),
    )  # fmt: skip
    if street:
        rows = rows.filter(Q(street__code=street) | Q(registrar_area__code=street))
    if community:
        rows = rows.filter(community__code=community)
    if state in ("open", "done"):
        rows = rows.filter(is_confirmed=state == "done")
    if state == "over":
        rows = rows.filter(filing_to__lt=on)
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(organization__filing_no__icontains=text))
    return rows.order_by("street__code", "community__code", "name", "pk")


def unconfirmed(rows: Any) -> Any:
    """Of the rows of `round_of` those that wait."""
    return rows.filter(is_confirmed=False)


def places(user: Any) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Streets and communities (code, name) within the user's reach that filed bodies may lie in."""
    reach = access.reach(user, Permission.FILING_EDIT)
    condition = Q() if reach.everything else Q(pk__in=[])
    for path in () if reach.everything else reach.paths:
        condition |= Q(pk__in=Area.objects.within(path))
    rows = Area.objects.live().filter(condition, level__in=["street", "community"]).order_by("code")
    found: dict[str, list[tuple[str, str]]] = {"street": [], "community": []}
    for code, name, level in rows.values_list("code", "name", "level"):
        found[level].append((code, name))
    return found["street"], found["community"]


def batch_of(user: Any, batch: str) -> list[tuple[FilingConfirmation, str]]:
    """The confirmations of a batch with the names of their bodies; none when one of them is not the user's to write."""
    rows = list(
        FilingConfirmation.objects.filter(batch=batch).select_related("recorded_by").order_by("organization_id")
    )
    ids = [row.organization_id for row in rows]
    own = dict(workable(user).filter(organization__in=ids).values_list("organization_id", "name"))
    if len(own) != len(rows):
        return []
    return [(row, own[row.organization_id]) for row in rows]


def counts(user: Any, year: int) -> tuple[int, int]:
    """How many filed bodies the user keeps, and how many of them are confirmed for the year."""
    rows = workable(user).filter(kind=Kind.BA)
    told = FilingConfirmation.objects.filter(organization=OuterRef("organization"), year=year, undone_at__isnull=True)
    return rows.count(), rows.filter(Exists(told)).count()


def row_of(organization: int) -> Standing:
    """The open standing of a filed body with its places."""
    rows = Standing.objects.now_open().select_related("organization", "street", "community", "registrar_area")
    return rows.get(organization=organization)
