"""`kill -9` while applications are handed in: nothing is lost, nothing stands twice, numbers have no gap."""

import random

import pytest

from tests.registry.test_job_kills import Workers
from tests.registry.world import KILLED

pytestmark = pytest.mark.slow
_SEED = 1140


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    there = Workers(tmp_path_factory.mktemp("applications"))
    try:
        assert there.run(there.base, "init") == 0
        assert there.run(there.base, "applications", "prepare") == 0
        there.settled(there.base)
        yield there
    finally:
        there.close()


def test_killed_at_any_point_of_handing_in(world):
    whole, told = world.copy(world.base), world.home / "whole.txt"
    assert world.run(whole, "applications", "work", str(told)) == 0
    total = world.passed
    said = [line.split()[0] for line in told.read_text().splitlines()]
    assert said == ["submitted"] * 3 + ["refused"] + ["submitted"] * 2
    assert world.run(whole, "applications", "judge", str(told)) == 0
    assert world.run(whole, "applications", "finished") == 0
    assert total > 30
    drawn = random.Random(_SEED).sample(range(1, total + 1), min(10, total))
    cut_short = 0
    for point in sorted({*drawn, 1, total}):
        database, told = world.copy(world.base), world.home / f"told{point}.txt"
        assert world.run(database, "applications", "work", str(told), point=point) == KILLED
        assert world.run(database, "applications", "judge", str(told)) == 0, point
        cut_short += world.run(database, "applications", "finished") != 0
        assert world.run(database, "applications", "work", str(told)) == 0
        assert world.run(database, "applications", "judge", str(told)) == 0, point
        assert world.run(database, "applications", "finished") == 0
        world.drop(database)
    assert cut_short > 6  # most deaths came before the end
