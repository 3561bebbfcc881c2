"""What merging two bodies does to plans: nothing, a plan tells of the register of its day; locks go on with the body
that stays.
"""

from datetime import datetime
from typing import Any

from liaoyuan.core.access import Actor
from liaoyuan.core.registries import Merger
from liaoyuan.planning.choices.words import LockKind
from liaoyuan.planning.models import PlanLock

#: Locks that say nothing about a single body.
_PAIRS = (LockKind.TOGETHER, LockKind.APART)


def carry(*, gone: int, kept: int, by: Actor, at: datetime) -> list[list[Any]]:
    """Let the locks that hold name the body that stays. Returns [key, bodies before, bodies after] of each; a pair that
    has become one body is lifted.
    """
    told = []
    for row in PlanLock.objects.select_for_update().filter(lifted_at__isnull=True).order_by("pk"):
        if gone not in row.bodies:
            continue
        before, row.bodies = row.bodies, sorted({kept if key == gone else key for key in row.bodies})
        if len(row.bodies) < 2 and LockKind(row.kind) in _PAIRS:
            row.lifted_at = at
        row.save(update_fields=["bodies", "lifted_at"])
        told.append([row.pk, before, row.bodies])
    return told


def untouched(*, told: list[list[Any]]) -> bool:
    """Whether these locks name what they named after the merge."""
    now = dict(PlanLock.objects.filter(pk__in=[pk for pk, _before, _after in told]).values_list("pk", "bodies"))
    return all(now.get(pk) == after for pk, _before, after in told)


def take_back(*, told: list[list[Any]], by: Actor, at: datetime) -> None:
    """Let them name both bodies again; a pair that was lifted holds again."""
    for pk, before, after in told:
        rows = PlanLock.objects.filter(pk=pk)
        rows.update(bodies=before)
        if len(after) < 2 <= len(before):
            rows.filter(lifted_by__isnull=True).update(lifted_at=None)


MERGER = Merger("planning", ("planning.PlanGroup", "planning.PlanUnit"), carry, untouched, take_back)
