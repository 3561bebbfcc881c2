"""What merging two bodies does to plans and proposals: nothing, they tell of the register of their day; locks, and
pairs of body and instructor that staff fixed or barred, go on with the body that stays.
"""

from datetime import datetime
from typing import Any

from liaoyuan.core.access import Actor
from liaoyuan.core.registries import Merger
from liaoyuan.planning.choices.words import LockKind, PinKind
from liaoyuan.planning.models import InstructorPin, PlanLock

#: Locks that say nothing about a single body.
_PAIRS = (LockKind.TOGETHER, LockKind.APART)
#: What begins an entry about a pair of body and instructor.
_PIN = "pin"


def carry(*, gone: int, kept: int, by: Actor, at: datetime) -> list[list[Any]]:
    """Let the locks that hold name the body that stays. Returns [key, bodies before, bodies after] of each; a pair that
    has become one body is lifted. Of a pin that is carried or lifted: ["pin", key, body before, whether it is lifted].
    """
    told: list[list[Any]] = [*_pins(gone, kept, at)]
    for row in PlanLock.objects.select_for_update().filter(lifted_at__isnull=True).order_by("pk"):
        if gone not in row.bodies:
            continue
        before, row.bodies = row.bodies, sorted({kept if key == gone else key for key in row.bodies})
        if len(row.bodies) < 2 and LockKind(row.kind) in _PAIRS:
            row.lifted_at = at
        row.save(update_fields=["bodies", "lifted_at"])
        told.append([row.pk, before, row.bodies])
    return told


def _pins(gone: int, kept: int, at: datetime) -> list[list[Any]]:
    """Pins of the body that goes name the one that stays; one that would contradict what holds of it is lifted."""
    told = []
    rows = InstructorPin.objects.select_for_update(of=("self",)).held()
    for row in rows.filter(organization=gone).order_by("pk"):
        here = rows.filter(scenario=row.scenario_id, organization=kept)
        lifted = here.filter(instructor=row.instructor_id).exists()
        lifted = lifted or (row.kind == PinKind.FIX and here.filter(kind=row.kind).exists())
        if lifted:
            row.lifted_at = at
        else:
            row.organization_id = kept
        row.save(update_fields=["organization", "lifted_at"])
        told.append([_PIN, row.pk, gone, lifted])
    return told


def untouched(*, told: list[list[Any]]) -> bool:
    """Whether these locks name what they named after the merge."""
    locks = [entry for entry in told if entry[0] != _PIN]
    now = dict(PlanLock.objects.filter(pk__in=[pk for pk, _before, _after in locks]).values_list("pk", "bodies"))
    pins = InstructorPin.objects.in_bulk([entry[1] for entry in told if entry[0] == _PIN])
    kept = all(
        (pins[key].organization_id == gone) == lifted and (lifted or pins[key].lifted_at is None)
        for _mark, key, gone, lifted in (entry for entry in told if entry[0] == _PIN)
    )
    return kept and all(now.get(pk) == after for pk, _before, after in locks)


def take_back(*, told: list[list[Any]], by: Actor, at: datetime) -> None:
    """Let them name both bodies again; a pair that was lifted holds again."""
    for entry in told:
        if entry[0] == _PIN:
            pins = InstructorPin.objects.filter(pk=entry[1])
            pins.update(organization=entry[2])
            if entry[3]:
                pins.filter(lifted_by__isnull=True).update(lifted_at=None)
            continue
        pk, before, after = entry
        rows = PlanLock.objects.filter(pk=pk)
        rows.update(bodies=before)
        if len(after) < 2 <= len(before):
            rows.filter(lifted_by__isnull=True).update(lifted_at=None)


_MODELS = ("planning.PlanGroup", "planning.PlanUnit", "planning.InstructorLine", "planning.InstructorPin")
MERGER = Merger("planning", _MODELS, carry, untouched, take_back)
