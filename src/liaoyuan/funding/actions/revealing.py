"""Who objected, shown to whoever handles the objection and says why; the read is logged first."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from liaoyuan.core import reads, vault
from liaoyuan.core.access import Actor
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.models import AwardObjection
from liaoyuan.funding.queries import objecting, secrets


@transaction.atomic
def reveal(*, objection: AwardObjection, reason: str, by: Actor, at: datetime) -> tuple[str, str]:
    """Name and contact of who objected. Refused without a reason."""
    if not objecting.revealable(by, objection):
        raise PermissionDenied(str(Permission.EDIT))
    subject = ("awardobjection", str(objection.pk), str(objection))
    reads.revealed(subject, field="objector", reason=reason, by=by, at=at)
    return (
        vault.decrypt(objection.objector, purpose=secrets.OBJECTOR),
        vault.decrypt(objection.contact, purpose=secrets.CONTACT),
    )
