"""Masked values of a person, shown to somebody who says why."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from liaoyuan.core import access, reads, zones
from liaoyuan.core.access import Actor
from liaoyuan.core.choices import Permission as Core
from liaoyuan.people.actions import entering
from liaoyuan.people.choices import Permission
from liaoyuan.people.models import Profile
from liaoyuan.people.queries import secrets


def revealable(by: Actor, profile: Profile) -> set[str]:
    """Which masked fields the user may have shown: the body's own people what they told, never the number (C4)."""
    shown = {name for name in secrets.PURPOSES if secrets.allowed(name, zones.Op.SHOW)}
    if access.covers(by, Core.REVEAL, profile.organization, write=True):
        return shown
    own = access.reach(by, Permission.OWN_VIEW).organizations
    return shown & {"birth", "mobile"} if profile.organization_id in own else set()


@transaction.atomic
def reveal(*, profile: Profile, field: str, reason: str, by: Actor, at: datetime) -> str:
    """The clear text of a masked field; the read is logged first. Refused without a reason."""
    if field not in revealable(by, profile):
        raise PermissionDenied(str(Core.REVEAL))
    subject = entering.subject(profile.person, profile.name)
    reads.revealed(subject, field=field, reason=reason, by=by, at=at)
    stored = profile.person.id_number if field == "id_number" else getattr(profile, field)
    return secrets.clear(field, stored) if stored else ""
