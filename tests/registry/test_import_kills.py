"""`kill -9` at twenty seeded points of an import and of its undo: nothing half-written, and the next run completes.

The commands run in processes of their own on databases of their own, each a copy of one that holds a first import. What
a database says is read without the product.
"""

import random
import sqlite3
from pathlib import Path

import pytest

from liaoyuan.kit.sheets import writing
from tests.registry.factories import code
from tests.registry.world import KILLED, POSTGRES, World

pytestmark = pytest.mark.slow
HEAD = (
    "名称",
    "统一社会信用代码",
    "类型",
    "成立日期",
    "专职人数",
    "评估等级",
    "评估时间",
    "2024年年检结论",
    "信用状态",
)
_SEED = 1026


def body(number: int, people: int, *, level: str = "4A", name: str = "") -> tuple:
    doubtful = "2015-03" if number % 9 == 0 else f"2015-03-{number % 28 + 1:02d}"
    listed = "异常名录" if people > 5 and number % 7 == 0 else ""
    return (name or f"存亡{number}服务中心", code("MF", number), "民办非企业单位", doubtful, people, level,
            "2023-05-01", "合格" if number % 2 else "基本合格", listed)  # fmt: skip


def sheet(path: Path, rows) -> Path:
    writing.write_csv(path, [writing.Column(head) for head in HEAD], iter(rows))
    return path


_BODY = "JOIN registry_organization o ON o.id = r.organization_id"
_PICTURE = {
    "bodies": "SELECT code, registered_on, closed_on, live, version, voided_at IS NOT NULL FROM registry_organization",
    "standings": "SELECT o.code, r.name, r.valid_from, r.valid_to, r.full_time, r.status, r.superseded_at IS NOT NULL"
                 f" FROM registry_standing r {_BODY}",
    "ratings": "SELECT o.code, r.level, r.valid_from, r.valid_to, r.superseded_at IS NOT NULL"
               f" FROM registry_rating r {_BODY}",
    "results": f"SELECT o.code, r.year, r.result, r.superseded_at IS NOT NULL FROM registry_annualresult r {_BODY}",
    "credit": "SELECT o.code, r.list_kind, r.valid_from, r.valid_to, r.superseded_at IS NOT NULL"
              f" FROM registry_creditentry r {_BODY}",
    "search": "SELECT code, title FROM core_searchdocument",
    "events": "SELECT code FROM core_auditevent WHERE code IN ('import.applied', 'import.undone')",
    "batches": "SELECT state FROM core_importbatch WHERE state IN ('applied', 'undone')",
}  # fmt: skip
_BROKEN = {
    "a body without facts": "SELECT id FROM registry_organization o WHERE voided_at IS NULL AND NOT EXISTS"
    " (SELECT 1 FROM registry_standing s WHERE s.organization_id = o.id AND s.superseded_at IS NULL)",
    "a body that cannot be found": "SELECT id FROM registry_organization o WHERE voided_at IS NULL AND NOT EXISTS"
    " (SELECT 1 FROM core_searchdocument d WHERE d.kind = 'organization' AND d.object_id = o.id)",
    "a void body that is found": "SELECT d.object_id FROM core_searchdocument d JOIN registry_organization o"
    " ON o.id = d.object_id WHERE d.kind = 'organization' AND o.voided_at IS NOT NULL",
    "an applied batch without its event": "SELECT id FROM core_importbatch b WHERE state IN ('applied', 'undone')"
    " AND NOT EXISTS (SELECT 1 FROM core_auditevent e WHERE e.code = 'import.applied'"
    " AND e.subject_id = CAST(b.id AS TEXT))",
    "an event without its batch": "SELECT id FROM core_auditevent e WHERE e.code = 'import.applied' AND NOT EXISTS"
    " (SELECT 1 FROM core_importbatch b WHERE b.state IN ('applied', 'undone')"
    " AND e.subject_id = CAST(b.id AS TEXT))",
    "a staged batch without its event": "SELECT id FROM core_importbatch b WHERE state = 'staged' AND NOT EXISTS"
    " (SELECT 1 FROM core_auditevent e WHERE e.code = 'import.staged' AND e.subject_id = CAST(b.id AS TEXT))",
}


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """The base holds a first import; `ready` is the file that the kills interrupt, with changes and new bodies."""
    home = tmp_path_factory.mktemp("kills")
    there = World(home)
    try:
        first = sheet(home / "first.csv", [body(n, 3) for n in range(60)])
        assert there.run(there.base, "init") == 0
        assert there.run(there.base, "import", "organizations", str(first), "--area", "320211", "--confirm-review") == 0
        if not POSTGRES:
            sqlite3.connect(there.base).execute("PRAGMA wal_checkpoint(TRUNCATE)").connection.close()
        changed = [body(n, 8, level="5A", name=f"存亡{n}更名中心" if n % 5 == 0 else "") for n in range(20, 60)]
        sheet(home / "ready.csv", [*changed, *(body(n, 4) for n in range(60, 100))])
        yield there
    finally:
        there.close()


def picture(world: World, database: str) -> dict[str, list]:
    """All that an import or an undo may change, without keys, moments and ciphertext."""
    return dict(zip(_PICTURE, world.answers(database, [*_PICTURE.values()]), strict=True))


def sound(world: World, database: str) -> None:
    """The database itself is whole, and no row hangs in the air."""
    world.whole(database)
    for what, found in zip(_BROKEN, world.answers(database, [*_BROKEN.values()]), strict=True):
        assert found == [], what


def points(total: int, count: int) -> list[int]:
    """Seeded points, among them the last ones: around the commit that makes it true."""
    draw = random.Random(_SEED)
    return sorted({1, total - 1, total, *draw.sample(range(2, total - 1), count - 3)})


def ordered(world: World) -> tuple[str, ...]:
    return ("import", "organizations", str(world.home / "ready.csv"), "--area", "320211", "--confirm-review")


def test_an_import_killed_anywhere_is_whole_or_nothing(world):
    before = picture(world, world.base)
    whole = world.copy(world.base)
    assert world.run(whole, *ordered(world)) == 0
    after, total = picture(world, whole), world.passed
    world.drop(whole)
    assert before != after
    assert len(after["bodies"]) == 100
    outcomes = set()
    deaths = [{"point": n} for n in points(total, 10)] + [{"seconds": 0.05 * n} for n in (1, 3)]
    for when in deaths:
        there = world.copy(world.base)
        status = world.run(there, *ordered(world), **when)
        assert status == KILLED or "seconds" in when, when
        sound(world, there)
        found = picture(world, there)
        assert found in (before, after), f"half-written after {when}"
        outcomes.add(found == after)
        assert world.run(there, *ordered(world)) == 0, when
        again = picture(world, there)
        if found == after:  # the batch had been applied: the second run finds nothing to change
            for name in ("events", "batches"):
                assert len(again.pop(name)) == len(after[name]) + 1
            assert again == {name: rows for name, rows in after.items() if name not in ("events", "batches")}
        else:
            assert again == after, when
        sound(world, there)
        assert world.rows(there, "SELECT id FROM core_importbatch WHERE state = 'reading'") == []
        world.drop(there)
    assert outcomes == {True, False}, "points on both sides of the commit were tried"


def test_an_undo_killed_anywhere_is_whole_or_nothing(world):
    applied = world.copy(world.base)
    assert world.run(applied, *ordered(world)) == 0
    if not POSTGRES:
        sqlite3.connect(applied).execute("PRAGMA wal_checkpoint(TRUNCATE)").connection.close()
    before = picture(world, applied)
    whole = world.copy(applied)
    assert world.run(whole, "undo") == 0
    after, total = picture(world, whole), world.passed
    world.drop(whole)
    assert before != after
    outcomes = set()
    for when in [{"point": n} for n in points(total, 8)]:
        there = world.copy(applied)
        assert world.run(there, "undo", **when) == KILLED, when
        sound(world, there)
        found = picture(world, there)
        assert found in (before, after), f"half-undone after {when}"
        outcomes.add(found == after)
        assert world.run(there, "undo") == (3 if found == after else 0)
        assert picture(world, there) == after
        sound(world, there)
        world.drop(there)
    assert outcomes == {True, False}
