"""Masked values: sealed when they come in, shown to a person who says why."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from liaoyuan.core import access, reads, vault
from liaoyuan.core.access import Actor
from liaoyuan.core.choices import Permission as Core
from liaoyuan.registry.choices import Permission
from liaoyuan.registry.models import Organization, Standing
from liaoyuan.registry.queries.standings import SECRET

SUBJECT = "organization"


@transaction.atomic
def reveal(*, organization: Organization, field: str, reason: str, by: Actor, at: datetime) -> str:
    """The clear text of a masked field of the present standing; the read is logged first.

    Needs the permission to reveal over the registrar's area; a body's own people may see its telephone number. Refused
    without a reason. Raises KeyError for a field that is not masked.
    """
    purpose = SECRET[field]
    own = field == "phone" and organization.pk in access.reach(by, Permission.OWN_VIEW).organizations
    if not own and not access.covers(by, Core.REVEAL, organization, write=True):
        raise PermissionDenied(str(Core.REVEAL))
    row = Standing.objects.now_open().get(organization=organization)
    reads.revealed((SUBJECT, str(organization.pk), row.name), field=field, reason=reason, by=by, at=at)
    return vault.decrypt(getattr(row, field), purpose=purpose)


def sealed(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields with their secret ones encrypted, as the actions take them."""
    return {
        name: vault.encrypt(str(value), purpose=SECRET[name]) if name in SECRET and value else value
        for name, value in fields.items()
    }
