"""`kill -9` while a past round comes in or is undone: nothing half-written, and the next run completes."""

import sqlite3

import pytest

from liaoyuan.kit.sheets import writing
from tests.registry.factories import code
from tests.registry.test_import_kills import points
from tests.registry.world import KILLED, POSTGRES, World

pytestmark = pytest.mark.slow
HEAD = ("年度", "项目名称", "申报组织", "统一社会信用代码", "申请金额(万元)", "是否立项", "立项金额(万元)", "资金来源")
_PICTURE = {
    "rounds": "SELECT title, year, state, last_number FROM funding_round",
    "projects": "SELECT r.title, p.number, p.title, p.state, p.grant_fen, p.total_fen FROM funding_project p"
                " JOIN funding_round r ON r.id = p.round_id",
    "results": "SELECT p.title, s.outcome, s.asked_fen, s.granted_fen, s.source FROM funding_pastresult s"
               " JOIN funding_project p ON p.id = s.project_id",
    "slots": "SELECT p.title, s.slot, s.cap FROM funding_slot s JOIN funding_project p ON p.id = s.project_id",
    "pools": "SELECT source, ceiling_fen, committed_fen FROM funding_pool",
    "bodies": "SELECT code, is_external, live, voided_at IS NOT NULL FROM registry_organization",
    "search": "SELECT code, title FROM core_searchdocument",
    "programmes": "SELECT code FROM funding_programme",
    "events": "SELECT code FROM core_auditevent WHERE code IN ('import.applied', 'import.undone')",
}  # fmt: skip


def line(number):
    """One application: of a body of the register, or of another district."""
    home = number % 4
    name, given = (f"存亡{number}服务中心", code("MF", number)) if home else (
        f"梁溪区存亡{number}服务中心", code("MF", number, "320213"))  # fmt: skip
    return ("2019", f"存亡项目{number}", name, given, 8, "是" if number % 2 else "否", 5 if number % 2 else "",
            "区级" if number % 3 else "街道")  # fmt: skip


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """The base holds the district's bodies; `past.csv` is the round whose import the kills interrupt."""
    home = tmp_path_factory.mktemp("past")
    there = World(home, "past")
    try:
        bodies = home / "bodies.csv"
        columns = [writing.Column(head) for head in ("名称", "统一社会信用代码", "类型", "成立日期")]
        writing.write_csv(bodies, columns, iter(
            (f"存亡{n}服务中心", code("MF", n), "民办非企业单位", "2015-03-05") for n in range(16) if n % 4
        ))  # fmt: skip
        assert there.run(there.base, "init") == 0
        assert there.run(there.base, "import", "organizations", str(bodies), "--area", "320211") == 0
        if not POSTGRES:
            sqlite3.connect(there.base).execute("PRAGMA wal_checkpoint(TRUNCATE)").connection.close()
        writing.write_csv(home / "past.csv", [writing.Column(head) for head in HEAD], map(line, range(16)))
        yield there
    finally:
        there.close()


def picture(world, database):
    return dict(zip(_PICTURE, world.answers(database, [*_PICTURE.values()]), strict=True))


def ordered(world):
    return ("import", "grants", str(world.home / "past.csv"), "--area", "320211")


def tried(world, base, order, done):
    """Each of the seeded deaths leaves the picture of before or of after, and the next run completes it."""
    before, whole = picture(world, base), world.copy(base)
    assert world.run(whole, *order) == 0, world.said
    after, total = picture(world, whole), world.passed
    assert before != after
    outcomes = set()
    for point in points(total, 6):
        there = world.copy(base)
        assert world.run(there, *order, point=point) == KILLED, point
        found = picture(world, there)
        assert found in (before, after), f"half-written after {point}"
        outcomes.add(found == after)
        assert world.run(there, *order) == (done if found == after else 0)
        assert {**picture(world, there), "events": []} == {**after, "events": []}
        world.whole(there)
        world.drop(there)
    assert outcomes == {True, False}
    return whole


def test_an_import_killed_anywhere_is_whole_or_nothing(world):
    whole = tried(world, world.base, ordered(world), 0)
    assert len(picture(world, whole)["projects"]) == 16


def test_an_undo_killed_anywhere_is_whole_or_nothing(world):
    applied = world.copy(world.base)
    assert world.run(applied, *ordered(world)) == 0
    if not POSTGRES:
        sqlite3.connect(applied).execute("PRAGMA wal_checkpoint(TRUNCATE)").connection.close()
    whole = tried(world, applied, ("undo",), 3)
    assert picture(world, whole)["projects"] == []
    assert picture(world, whole)["programmes"] == []
