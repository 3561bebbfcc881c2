"""Bodies that apply: by what people write, and those for which a user acts."""

from typing import Any

from liaoyuan.core import access
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.registry.models import Organization, Standing


def named(text: str) -> list[Organization]:
    """Live bodies with this full name, code or filing number, those of other districts too."""
    key = text.strip()
    rows = Organization.objects.known().filter(live=True)
    found = list(rows.filter(code=key.upper())[:2]) or list(rows.filter(filing_no=key)[:2])
    if found:
        return found
    bearers = Standing.objects.now_open().filter(name=key).values("organization")
    return list(rows.filter(pk__in=bearers).order_by("pk")[:3])


def own(user: Any) -> list[tuple[int, str]]:
    """Bodies for which the user writes applications, with their names."""
    keys = access.reach(user, Permission.OWN_EDIT).organizations
    rows = Standing.objects.now_open().filter(organization__in=keys, organization__live=True)
    return list(rows.order_by("name").values_list("organization", "name"))


def names(keys: Any) -> dict[int, str]:
    """Present names by key."""
    rows = Standing.objects.now_open().filter(organization__in={key for key in keys if key})
    return dict(rows.values_list("organization", "name"))


def living() -> Any:
    """Bodies that live."""
    return Organization.objects.known().filter(live=True)
