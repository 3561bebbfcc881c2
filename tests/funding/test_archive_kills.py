"""`kill -9` while archives are packed and parameters are tried: no half file is offered, nobody is counted twice."""

import hashlib
import random

import pytest

from tests.registry.test_job_kills import Workers
from tests.registry.world import KILLED

pytestmark = pytest.mark.slow
_SEED = 1131


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    there = Workers(tmp_path_factory.mktemp("archives"))
    try:
        assert there.run(there.base, "init") == 0
        assert there.run(there.base, "archives", "prepare") == 0
        there.settled(there.base)
        yield there
    finally:
        there.close()


def test_killed_in_the_middle_the_next_worker_delivers_the_same_bytes(world):
    whole, file = world.copy_with_files(world.base), world.home / "whole.zip"
    assert world.run(whole, "archives", "work") == 0
    total = world.passed
    assert world.run(whole, "archives", "finished", str(file)) == 0
    assert world.run(whole, "archives", "judge") == 0
    expected = hashlib.sha256(file.read_bytes()).hexdigest()
    drawn = random.Random(_SEED).sample(range(1, total + 1), min(8, total))
    cut_short = 0
    for point in sorted({*drawn, total // 2}):
        there, again = world.copy_with_files(world.base), world.home / f"again{point}.zip"
        assert world.run(there, "archives", "work", point=point) == KILLED
        assert world.run(there, "archives", "judge") == 0, point
        cut_short += world.run(there, "archives", "finished", str(again)) != 0
        assert world.run(there, "archives", "work") == 0
        assert world.run(there, "archives", "judge") == 0, point
        assert world.run(there, "archives", "finished", str(again)) == 0
        assert hashlib.sha256(again.read_bytes()).hexdigest() == expected, point
    assert cut_short > 3
