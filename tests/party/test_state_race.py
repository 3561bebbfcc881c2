"""Two steps at once, drawn from all that may meet: what was done is one after the other, in some order, and lawful.

On PostgreSQL they really overlap; SQLite lets one writer in. A step may also be refused because the page was stale.
"""

import copy
import os
import threading
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from liaoyuan.core.actions import calendar, parameters
from liaoyuan.core.models import User
from liaoyuan.party.models import Affiliation
from tests.core.factories import AT
from tests.party import ledger_checks as checks
from tests.party.ledger_doors import DAYS, TODAY, Doors, Ground, officer
from tests.party.ledger_life import World
from tests.party.ledger_model import OUTSIDE

pytestmark = pytest.mark.django_db(transaction=True)
MORE = int(os.environ.get("LIAOYUAN_EXAMPLES", "0"))
LATE, NOW = DAYS[9], DAYS[11]
#: What stands before the two: letters in every state, an empty branch, meetings at every point.
BEFORE: tuple[tuple[Any, ...], ...] = (
    ("plan", "t1", "p2", "乙", "", None), ("issue", "t1", LATE, 30), ("plan", "t2", "p3", "甲", "", None),
    ("plan", "t3", "p8", "乙", "", None), ("issue", "t3", LATE, 30), ("accept", "t3", LATE),
    ("plan", "t4", "p9", "乙", "", None), ("issue", "t4", LATE, 30), ("refuse", "t4", LATE),
    ("plan", "t5", "p1", "丙", "", None), ("join", "p5", "甲", "double", "", LATE, None, None),
    ("convene", "m1", "甲", NOW), ("convene", "m2", "乙", NOW), ("begin", "m2"), ("sheet", "m2", 2, 0, None),
    ("put", "m2", "ordinary", ""),
)  # fmt: skip
#: Steps of which two meet; "*" stands for the open participation of a member.
STEPS: tuple[tuple[Any, ...], ...] = (
    ("accept", "t1", NOW), ("refuse", "t1", NOW), ("cancel", "t1"), ("issue", "t2", NOW, 30), ("issue", "t5", NOW, 30),
    ("cancel", "t5"), ("again", "t4", "t6"), ("plan", "t7", "p9", "丙", "", None),
    ("plan", "t8", "p4", "丙", "", None), ("plan", "t9", "p4", "甲", "", None),
    ("plan", "t10", "p0", OUTSIDE, "", None),
    ("join", "p4", "丙", "floating", "", LATE, None, None), ("join", "p4", "丙", "double", "", LATE, None, None),
    ("join", "p2", "乙", "double", "", LATE, None, None), ("join", "p6", "丙", "double", "", NOW, None, None),
    ("advance", "p5", "*", "dual", NOW, None), ("advance", "p5", "*", "kept", NOW, None), ("end", "p5", "*", NOW),
    ("end", "p6", "*", NOW), ("leave", "p4", NOW), ("leave", "p9", NOW), ("leave", "p0", NOW), ("leave", "p5", NOW),
    ("dissolve", "丙", NOW), ("dissolve", "己", NOW), ("found", NOW), ("convene", "m3", "丙", NOW),
    ("convene", "m4", "己", NOW), ("begin", "m1"), ("call_off", "m1"), ("pause", "p0", NOW), ("pause", "p2", NOW),
    ("close", "m2", 0, 2, 0), ("close", "m2", 0, 1, 1), ("call_off", "m2"), ("put", "m2", "ordinary", ""),
)  # fmt: skip


def bound(world: World, step: tuple[Any, ...]) -> tuple[Any, ...]:
    """The step with the participation it speaks of."""
    if "*" not in step:
        return step
    (tie,) = [t for t in world.people[step[1]].open() if t.kind != "formal"]
    return tuple(tie if word == "*" else word for word in step)


def together(doors: list[Doors], steps: list[tuple[Any, ...]]) -> list[Any]:
    """Whether each of the two was done; what is no refusal comes back as it was raised."""
    gate, told = threading.Barrier(2), [None, None]

    def one(n: int) -> None:
        step, *args = steps[n]
        doors[n].by = User.objects.get(pk=doors[n].by.pk)
        gate.wait(20)
        try:
            told[n] = getattr(doors[n], step)("action", *args)
        except Affiliation.DoesNotExist:  # the other one ended the row: no page leads there any more
            told[n] = False
        except Exception as fault:  # handed on to the test
            told[n] = fault
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(n,)) for n in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads), "the two wait for each other"
    return told


def after(world: World, steps: list[tuple[Any, ...]]) -> World | None:
    """The model when these were done one after the other; None when one of them is unlawful then."""
    found = copy.deepcopy(world)
    for step, *args in steps:
        if getattr(found, step)(*args):
            return None
    return found


def fits(world: World | None, ground: Ground) -> str:
    """What of the tables is not as in the model, "" when all is."""
    if world is None:
        return "unlawful in this order"
    ground.world = world
    try:
        checks.same(checks.Tables(), ground)
    except (AssertionError, KeyError) as differs:
        return str(differs)[:2000]
    return ""


def test_two_steps_at_once_are_one_after_the_other(tmp_path, monkeypatch):
    monkeypatch.setenv("LIAOYUAN_NOW", "2026-10-26T10:00:00")
    calendar.sync_calendar(at=AT)
    parameters.sync_shipped(at=AT)
    laid = []

    @settings(max_examples=MORE or 14, deadline=None, derandomize=not MORE, database=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(pair=st.lists(st.sampled_from(STEPS), min_size=2, max_size=2, unique=True))
    def meet(pair):
        laid.append(pair)
        mark = f"第{len(laid)}回"
        ground = Ground(World(TODAY), mark)
        doors = [Doors(ground, officer(f"{name}{len(laid)}"), tmp_path) for name in ("one", "other")]
        for step, *args in BEFORE:
            assert getattr(doors[0], step)("action", *args) and not getattr(ground.world, step)(*args), step
        world = ground.world
        steps = [bound(world, step) for step in pair]
        told = together(doors, steps)
        assert all(isinstance(one, bool) for one in told), told
        done = [step for step, one in zip(steps, told, strict=True) if one]
        wrong = [fits(after(world, order), ground) for order in (done, done[::-1])]
        assert not all(wrong), f"{pair}, done {told}: {wrong}"
        checks.lawful(checks.Tables())

    meet()
