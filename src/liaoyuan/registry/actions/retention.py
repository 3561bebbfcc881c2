"""Retention of the register: telephone and identity numbers of closed bodies, and those that a correction replaced."""

from collections.abc import Sequence
from datetime import datetime

from liaoyuan.core.access import Actor
from liaoyuan.core.actions import retention
from liaoyuan.core.registries import Retained
from liaoyuan.registry.actions.organizations import SUBJECT
from liaoyuan.registry.models import Standing
from liaoyuan.registry.queries import sealed


def _end_closed(keys: Sequence[int], *, by: Actor, at: datetime) -> int:
    """Empty the C3/C4 values of closed bodies and destroy their event keys."""
    return retention.erase_each(SUBJECT, keys, by=by, at=at)


def _end_superseded(keys: Sequence[int], *, by: Actor, at: datetime) -> int:
    """Empty the C3/C4 values of standings that were replaced long ago; bodies under a legal hold keep theirs."""
    free = sealed.not_held(Standing.objects.filter(pk__in=keys, superseded_at__isnull=False))
    return free.update(phone="", representative_id="")


#: The classes of this floor.
CLASSES = (
    Retained("closed_contacts", sealed.closed_before, _end_closed),
    Retained("superseded_contacts", sealed.superseded_before, _end_superseded),
)
