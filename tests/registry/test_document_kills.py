"""`kill -9` while documents are signed: no number is lost or doubled, nothing acknowledged is lost, files are whole.

The signing process dies at every writing statement, commit and renaming of the first letters, is started again, and
the register is compared with what a person had been told.
"""

import ast
import hashlib
import random
from pathlib import Path

import pytest

from tests.registry.test_import_kills import body, sheet
from tests.registry.test_job_kills import Workers
from tests.registry.world import KILLED

pytestmark = pytest.mark.slow
_LETTERS = 3
_SEED = 1129


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    home = tmp_path_factory.mktemp("letters")
    there = Workers(home)
    try:
        first = sheet(home / "first.csv", [body(n, 3) for n in range(_LETTERS)])
        assert there.run(there.base, "init") == 0
        assert there.run(there.base, "import", "organizations", str(first), "--area", "320211", "--confirm-review") == 0
        assert there.run(there.base, "letters", "prepare", str(_LETTERS)) == 0
        there.settled(there.base)
        yield there
    finally:
        there.close()


def rows(world: Workers, database: str, sql: str) -> list[tuple]:
    """The rows themselves; the world tells them as texts."""
    return [ast.literal_eval(line) for line in world.rows(database, sql)]


def judge(world: Workers, database: str, told: Path) -> None:
    """Everything that must hold, asked of the database itself and of the folder of files."""
    numbers = sorted(rows(world, database, "SELECT serial, document_id FROM core_documentnumber"))
    assert [serial for serial, _pk in numbers] == list(range(1, len(numbers) + 1))  # no gap
    assert len({pk for _serial, pk in numbers}) == len(numbers)  # no double
    issued = dict(rows(world, database, "SELECT id, number FROM core_document WHERE state = 'issued'"))
    assert {pk for _serial, pk in numbers} == set(issued)  # a number without its document, or the reverse
    for line in told.read_text().splitlines() if told.exists() else ():
        pk, number = line.split(" ")
        assert issued[int(pk)] == number  # nothing acknowledged is lost
    files = rows(
        world,
        database,
        "SELECT f.name, f.sha256, f.size FROM core_document d JOIN core_storedfile f ON f.id IN (d.docx_id, d.pdf_id)",
    )
    assert len(files) == 2 * len(issued)
    for name, digest, size in files:
        data = (world.files(database) / name[:2] / name).read_bytes()
        assert len(data) == size and hashlib.sha256(data).hexdigest() == digest
    events = rows(world, database, "SELECT id FROM core_auditevent WHERE code = 'document.issued'")
    assert len(events) == len(issued)


def test_killed_at_any_point_of_signing(world):
    whole = world.copy(world.base)
    told = world.home / "whole.txt"
    assert world.run(whole, "letters", "sign", str(told)) == 0
    judge(world, whole, told)
    assert len(told.read_text().splitlines()) == _LETTERS
    total = world.passed
    assert total > 3 * _LETTERS
    drawn = random.Random(_SEED).sample(range(1, total + 1), min(14, total))
    cut_short = 0
    for point in sorted({*drawn, 1, total}):
        database = world.copy(world.base)
        told = world.home / f"told{point}.txt"
        assert world.run(database, "letters", "sign", str(told), point=point) == KILLED
        judge(world, database, told)
        cut_short += len(told.read_text().splitlines()) < _LETTERS if told.exists() else 1
        assert world.run(database, "letters", "sign", str(told)) == 0
        judge(world, database, told)
        left = rows(world, database, "SELECT count(*) FROM core_document WHERE state = 'issued'")
        assert left[0][0] == _LETTERS
    assert cut_short > 5  # most deaths came before the end
