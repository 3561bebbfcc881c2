"""A full disk and a clock that is set back an hour: nothing half-written, nothing lost, nothing twice.

The commands run in processes of their own on copies of one database, which is read without the product.
"""

import random
from pathlib import Path

import pytest

from tests.registry.test_import_kills import body, ordered, picture, sheet, sound
from tests.registry.test_job_kills import EXPORTED, Workers, told
from tests.registry.world import KILLED, POSTGRES

pytestmark = pytest.mark.slow
_SEED = 1129
_HOUR = -3600


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """The base holds a first import; `ready.csv` brings changes and new bodies."""
    home = tmp_path_factory.mktemp("hard")
    there = Workers(home)
    try:
        first = sheet(home / "first.csv", [body(n, 3) for n in range(60)])
        assert there.run(there.base, "init") == 0
        assert there.run(there.base, "import", "organizations", str(first), "--area", "320211", "--confirm-review") == 0
        changed = [body(n, 8, level="5A", name=f"存亡{n}更名中心" if n % 5 == 0 else "") for n in range(20, 60)]
        sheet(home / "ready.csv", [*changed, *(body(n, 4) for n in range(60, 100))])
        there.settled(there.base)
        yield there
    finally:
        there.close()


@pytest.fixture(scope="module")
def after(world):
    """What the undisturbed import makes of the base."""
    whole = world.copy(world.base)
    assert world.run(whole, *ordered(world)) == 0
    found = picture(world, whole)
    world.drop(whole)
    return found


@pytest.mark.skipif(bool(POSTGRES), reason="SQLite's file is ours to limit")
def test_an_import_on_a_full_disk_is_whole_or_nothing(world, after):
    before = picture(world, world.base)
    outcomes = set()
    for room in sorted({0, 400, *random.Random(_SEED).sample(range(1, 60), 8)}):
        there = world.copy(world.base)
        status = world.run(there, *ordered(world), room=room)
        found = picture(world, there)
        sound(world, there)
        if status != 0:
            assert status == 2 and "磁盘已满或写不进去" in world.said, (room, world.said)
            assert found == before, room
        else:
            assert found == after, room
        outcomes.add(status)
        assert world.run(there, *ordered(world)) == 0, "with room again it goes on"
        assert {k: v for k, v in picture(world, there).items() if k not in ("events", "batches")} == {
            k: v for k, v in after.items() if k not in ("events", "batches")
        }
        sound(world, there)
        world.drop(there)
    assert outcomes == {0, 2}


@pytest.mark.parametrize("ending", ["xlsx", "csv", "json"])
def test_an_export_on_a_full_disk_leaves_no_file(world, tmp_path, ending):
    """A file may grow to 1 KB only; the export of sixty bodies is longer in every form."""
    out = tmp_path / f"all.{ending}"
    whole = tmp_path / f"whole.{ending}"
    assert world.run(world.base, "export", "organizations", "--output", str(whole)) == 0, world.said
    assert whole.stat().st_size > 1024
    world.settled(world.base)
    assert world.run(world.base, "export", "organizations", "--output", str(out), limit=1024) == 2, world.said
    assert "磁盘已满或写不进去" in world.said
    assert sorted(path.name for path in tmp_path.iterdir()) == [whole.name]


def test_an_hour_back_changes_nothing_but_the_moments(world, after, tmp_path):
    there = world.copy(world.base)
    assert world.run(there, *ordered(world), shift=_HOUR) == 0, world.said
    assert picture(world, there) == after
    sound(world, there)
    assert world.run(there, "audit", "head", shift=_HOUR) == 0, world.said
    assert world.run(there, "audit", "verify", "--json", shift=_HOUR) == 0, world.said
    out = tmp_path / "all.csv"
    assert world.run(there, "export", "organizations", "--output", str(out), shift=_HOUR) == 0, world.said
    assert len(out.read_text(encoding="utf-8-sig").splitlines()) == 101
    world.drop(there)


def test_a_job_does_not_wait_for_the_old_hour_to_come_again(world):
    """Asked for, and begun by a worker that died, before the clock went back: another one does it at once."""
    earlier = len(told(world, world.base, EXPORTED)["events"])
    for begun in (False, True):
        there = world.copy_with_files(world.base)
        assert world.run(there, "ask", "export", "csv") == 0
        if begun:
            assert world.run(there, "drain", point=6) == KILLED
        assert world.run(there, "drain", shift=_HOUR) == 0
        found = told(world, there, EXPORTED)
        assert len(found["jobs"]) == 1 and "'done'" in found["jobs"][0]
        assert len(found["events"]) == earlier + 1
        out = Path(world.home / f"fetched{begun}.csv")
        assert world.run(there, "fetch", str(out)) == 0
        assert len(out.read_text(encoding="utf-8-sig").splitlines()) == 61
        world.drop(there)
