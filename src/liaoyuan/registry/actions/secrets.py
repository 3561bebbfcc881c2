"""Masked values: sealed when they come in, shown to a person who says why."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, reads, vault, zones
from liaoyuan.core.access import Actor
from liaoyuan.core.choices import Permission as Core
from liaoyuan.kit.findings import Finding, Refused, Severity
from liaoyuan.registry.choices import Permission
from liaoyuan.registry.models import Organization, Standing
from liaoyuan.registry.queries.standings import PERSONAL, SECRET

SUBJECT = "organization"


@transaction.atomic
def reveal(*, organization: Organization, field: str, reason: str, by: Actor, at: datetime) -> str:
    """The clear text of a masked field of the present standing; the read is logged first.

    Needs the permission to reveal over the registrar's area; a body's own people may see its telephone number. Refused
    without a reason. Raises KeyError for a field that is not masked.
    """
    purpose = SECRET[field]
    if not zones.allowed(settings.ZONE, PERSONAL[field], zones.Op.SHOW):
        raise PermissionDenied("zone")
    own = field == "phone" and organization.pk in access.reach(by, Permission.OWN_VIEW).organizations
    if not own and not access.covers(by, Core.REVEAL, organization, write=True):
        raise PermissionDenied(str(Core.REVEAL))
    row = Standing.objects.now_open().get(organization=organization)
    reads.revealed((SUBJECT, str(organization.pk), row.name), field=field, reason=reason, by=by, at=at)
    return vault.decrypt(getattr(row, field), purpose=purpose)


def refuse_unstorable(fields: Mapping[str, Any]) -> None:
    """Refuse what this zone does not store, whoever brings it: page, interface, import or command."""
    names = sorted(name for name in zones.refused(settings.ZONE, PERSONAL, zones.Op.STORE) if fields.get(name))
    if names:
        raise Refused([
            Finding("PRIVACY-ZONE", Severity.BLOCK, _("{zone}不存储“{title}”，没有保存。"), field=name,
                    args={"zone": _(zones.ZONE_TITLES[settings.ZONE]), "title": _(zones.FIELDS[PERSONAL[name]].title)})
            for name in names
        ])  # fmt: skip


def sealed(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields with their secret ones encrypted, as the actions take them."""
    return {
        name: vault.encrypt(str(value), purpose=SECRET[name]) if name in SECRET and value else value
        for name, value in fields.items()
    }
