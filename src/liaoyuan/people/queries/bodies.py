"""Organizations as this floor needs them: their standing on a day, their limits, where a user may write."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q

from liaoyuan.core import access, policy
from liaoyuan.core.models import Area
from liaoyuan.kit.findings import Limits
from liaoyuan.people.choices import Permission
from liaoyuan.people.models.base import organizations_seen
from liaoyuan.registry.models import Organization, Standing


def visible(user: Any) -> Any:
    """Organizations whose persons the user may see."""
    condition = organizations_seen(user, Permission.VIEW, Permission.OWN_VIEW)
    rows = Standing.objects.now_open()
    if condition is not None:
        rows = rows.filter(condition)
    return Organization.objects.known().filter(pk__in=rows.values("organization"))


def writable(user: Any) -> Any:
    """Organizations whose persons the user may write: by the registrar's area, or his own."""
    allowed, own = access.reach(user, Permission.EDIT), access.reach(user, Permission.OWN_EDIT)
    found = Organization.objects.known()
    if allowed.everything:
        return found
    condition = Q(pk__in=own.organizations + allowed.organizations)
    for path in allowed.paths:
        rows = Standing.objects.now_open().filter(registrar_area__in=Area.objects.within(path))
        condition |= Q(pk__in=rows.values("organization"))
    return found.filter(condition)


def may_write(user: Any, organization: Organization) -> bool:
    """Whether the user may enter and change persons of the organization."""
    return any(
        access.covers(user, permission, organization, write=True)
        for permission in (Permission.EDIT, Permission.OWN_EDIT)
    )


def standing(organization: Organization, on: date | None = None) -> Standing:
    """The standing valid on the day, or the latest where the day has none."""
    rows = Standing.objects.current().filter(organization=organization).select_related("registrar_area")
    here = rows.filter(valid_from__lte=on, valid_to__gt=on).first() if on else None
    return here or rows.order_by("valid_from").last()  # type: ignore[return-value]


def names(organizations: Iterable[int]) -> dict[int, str]:
    """The present names by primary key."""
    rows = Standing.objects.now_open().filter(organization__in=list(organizations))
    return dict(rows.values_list("organization_id", "name"))


def limits(row: Standing, on: date) -> Limits:
    """The parameters that hold for the body on the day."""
    return policy.limits(on, policy.chain(row.registrar_area.path))
