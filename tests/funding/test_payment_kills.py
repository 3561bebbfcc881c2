"""`kill -9` between approval and payment file and payment: nothing is lost, nothing is paid twice, files are whole."""

import random

import pytest

from tests.registry.test_job_kills import Workers
from tests.registry.world import KILLED

pytestmark = pytest.mark.slow
_SEED = 1130


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    there = Workers(tmp_path_factory.mktemp("payments"))
    try:
        assert there.run(there.base, "init") == 0
        assert there.run(there.base, "payments", "prepare") == 0
        there.settled(there.base)
        yield there
    finally:
        there.close()


def test_killed_at_any_point_between_approval_and_payment(world):
    whole, told = world.copy(world.base), world.home / "whole.txt"
    assert world.run(whole, "payments", "work", str(told)) == 0
    total = world.passed
    said = told.read_text().splitlines()
    assert [line.split()[0] for line in said] == ["approved"] * 3 + ["file"] + ["paid"] * 3
    assert world.run(whole, "payments", "judge", str(told)) == 0
    assert world.run(whole, "payments", "finished") == 0
    assert total > 40
    drawn = random.Random(_SEED).sample(range(1, total + 1), min(24, total))
    cut_short = 0
    for point in sorted({*drawn, 1, total}):
        database, told = world.copy(world.base), world.home / f"told{point}.txt"
        assert world.run(database, "payments", "work", str(told), point=point) == KILLED
        assert world.run(database, "payments", "judge", str(told)) == 0, point
        cut_short += world.run(database, "payments", "finished") != 0
        assert world.run(database, "payments", "work", str(told)) == 0
        assert world.run(database, "payments", "judge", str(told)) == 0, point
        assert world.run(database, "payments", "finished") == 0
    assert cut_short > 15  # most deaths came before the end
