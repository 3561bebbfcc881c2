"""`kill -9` of a worker in the middle of planning: started again it finds the same plan, and writes and weighs it once.

The worker runs as a process of its own; it dies at a point of writing, or while the solver is at work.
"""

import os
import random
import signal

import pytest

from tests.registry.test_job_kills import Workers, until
from tests.registry.world import KILLED

pytestmark = pytest.mark.slow
_SEED = 1041
_RUNNING = "SELECT attempts FROM core_job WHERE code = 'planning.solve' AND state = 'running'"
#: What may be compared between runs: no moment, no key that counts on.
ASKED = {
    "plan": "SELECT number, state, input_hash, plan_hash, cost, bound, units, covered, group_count FROM planning_plan",
    "groups": "SELECT number, seat_id, units, members, cost FROM planning_plangroup ORDER BY number",
    "units": "SELECT organization_id, place, cost, reason, cheapest FROM planning_planunit ORDER BY organization_id",
    "inputs": "SELECT COUNT(*) FROM planning_planinput",
    "core": "SELECT tried, stable FROM planning_plancore",
    "weighed": "SELECT g.number, c.kept, c.tried FROM planning_groupcore c JOIN planning_plangroup g"
               " ON g.id = c.group_id ORDER BY g.number",
    "events": "SELECT code, COUNT(*) FROM core_auditevent WHERE code LIKE 'planning.%' GROUP BY code ORDER BY code",
    "jobs": "SELECT code, state FROM core_job WHERE code LIKE 'planning.%' ORDER BY code",
}  # fmt: skip


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    there = Workers(tmp_path_factory.mktemp("plans"))
    try:
        assert there.run(there.base, "init") == 0
        assert there.run(there.base, "planned", "prepare") == 0
        there.settled(there.base)
        yield there
    finally:
        there.close()


@pytest.fixture(scope="module")
def quiet(world):
    """What a worker that nobody disturbs makes of it, and how many points it passes."""
    there = world.copy(world.base)
    assert world.run(there, "drain") == 0
    total = world.passed
    assert world.run(there, "planned", "judge") == 0
    return told(world, there), total


def told(world, database):
    return {name: world.rows(database, sql) for name, sql in ASKED.items()}


def test_a_quiet_worker_makes_one_plan_and_weighs_it(quiet):
    found, total = quiet
    assert len(found["plan"]) == 1 and len(found["groups"]) > 3 and len(found["weighed"]) == len(found["groups"])
    assert found["jobs"] == ["('planning.core', 'done')", "('planning.solve', 'done')"]
    assert [line for line in found["events"] if "made" in line] == [
        "('planning.core_made', 1)", "('planning.made', 1)"
    ]  # fmt: skip
    assert total > 20


def test_killed_at_any_point_of_writing(world, quiet):
    expected, total = quiet
    drawn = random.Random(_SEED).sample(range(2, total - 1), min(5, total - 3))
    for point in sorted({*drawn, total - 1, total}):
        there = world.copy(world.base)
        assert world.run(there, "drain", point=point) == KILLED, point
        assert world.run(there, "drain") == 0, point
        assert told(world, there) == expected, point
        assert world.run(there, "planned", "judge") == 0, point
        world.drop(there)


def test_killed_while_the_solver_is_at_work(world, quiet):
    """The worker is killed from outside once it has written what it plans from and solves; a lease later another
    process finds the same plan from the same input.
    """
    expected, _total = quiet
    for stages in (1, 3):
        there = world.copy(world.base)
        worker = world.start(there, "planned", "solve", str(stages))
        pid = world.pid(worker)
        until(lambda there=there: (world.files(there) / "solving").exists())
        assert world.rows(there, _RUNNING) == ["(1,)"]
        os.kill(pid, signal.SIGKILL)
        assert world.ended(worker) == KILLED
        assert world.rows(there, "SELECT state, plan_hash FROM planning_plan") == ["('solving', '')"]
        assert world.rows(there, ASKED["inputs"]) == ["(1,)"], "what it plans from stands already"
        assert world.run(there, "drain") == 0
        assert told(world, there) == expected, stages
        assert world.run(there, "planned", "judge") == 0, stages
        attempts = world.rows(there, "SELECT attempts FROM core_job WHERE code = 'planning.solve'")
        assert attempts == ["(2,)"]
        world.drop(there)
