"""Retention of the party floor: what is told of a member ends some years after he left."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from liaoyuan.core.access import Actor
from liaoyuan.core.actions import retention
from liaoyuan.core.registries import Retained
from liaoyuan.party.actions import telling
from liaoyuan.party.models import Affiliation, Member, MemberRecord
from liaoyuan.party.queries import leaving, secrets

CLASS = "members_left"
#: What stays: days and periods, which counts of past years rest on. They speak of nobody any more.
_KEPT = frozenset({"admitted_on", "confirmed_on", "left_on", "left_reason", "gender", "precision"})
#: Stands where a name was.
GONE = "*"


def _end(keys: Sequence[int], *, by: Actor, at: datetime) -> int:
    """Empty what is told of them, sealed or not, and destroy their event keys; members under a legal hold stay."""
    free = [key for key in keys if retention.erase_each(secrets.SUBJECT, [key], by=by, at=at)]
    blank: dict[str, Any] = {name: "" for name in telling.FIELDS if name not in _KEPT and name not in secrets.COLUMNS}
    blank |= {"name": GONE, "name_key": GONE, "numbered": False, "worked_since": None}
    MemberRecord.objects.filter(member__in=free).update(**blank)
    Affiliation.objects.filter(member__in=free).update(home_contact="", purpose="")
    return Member.objects.filter(pk__in=free).count()


CLASSES = (Retained(CLASS, leaving.left_before, _end),)
