"""`kill -9` at twenty seeded points of an import and of its undo: nothing half-written, and the next run completes.

The commands run in processes of their own on databases of their own, each a copy of one that holds a first import. What
a database says is read without the product.
"""

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from liaoyuan.kit.sheets import writing
from tests.house import source
from tests.registry.factories import code

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
POSTGRES = os.environ.get("DATABASE_URL", "") if os.environ.get("LIAOYUAN_TEST_DB") == "postgres" else ""
KILLED = -signal.SIGKILL
_SEED = 1026


def body(number: int, people: int, *, level: str = "4A", name: str = "") -> tuple:
    doubtful = "2015-03" if number % 9 == 0 else f"2015-03-{number % 28 + 1:02d}"
    listed = "异常名录" if people > 5 and number % 7 == 0 else ""
    return (name or f"存亡{number}服务中心", code("MF", number), "民办非企业单位", doubtful, people, level,
            "2023-05-01", "合格" if number % 2 else "基本合格", listed)  # fmt: skip


def sheet(path: Path, rows) -> Path:
    writing.write_csv(path, [writing.Column(head) for head in HEAD], iter(rows))
    return path


class World:
    """A home with a base database, copies of it, and the process that runs jobs on them."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.copies = 0
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("LIAOYUAN_", "DATABASE_URL"))}
        self.environment = {
            **kept, "LIAOYUAN_HOME": str(home),
            "PYTHONPATH": os.pathsep.join([str(source.ROOT / "src"), str(source.ROOT)]),
            "LIAOYUAN_NOW": "2026-10-26T09:00:00", "LIAOYUAN_SECRET_KEY": "x" * 50,
        }  # fmt: skip
        if POSTGRES:
            self.environment["DATABASE_URL"] = POSTGRES
        self.base = "kills_base" if POSTGRES else str(home / "base.sqlite3")
        if POSTGRES:
            self.admin(f"DROP DATABASE IF EXISTS {self.base}")
            self.admin(f"CREATE DATABASE {self.base}")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.registry.mortal"], env=self.environment, cwd=source.ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait(timeout=60)
        self.process.stdout.close()

    def admin(self, statement: str) -> None:
        """Outside of any transaction, on the server itself."""
        import psycopg

        with psycopg.connect(POSTGRES, autocommit=True) as server:
            server.execute(statement)

    def copy(self, of: str) -> str:
        """Another database with the same content."""
        self.copies += 1
        if POSTGRES:
            name = f"kills_{self.copies}"
            self.admin(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            self.admin(f"CREATE DATABASE {name} TEMPLATE {of}")
            return name
        there = str(self.home / f"copy{self.copies}.sqlite3")
        shutil.copy(of, there)
        return there

    def drop(self, database: str) -> None:
        """Give the copy's room back."""
        if POSTGRES:
            self.admin(f"DROP DATABASE {database} WITH (FORCE)")
        else:
            for ending in ("", "-wal", "-shm"):
                Path(database + ending).unlink(missing_ok=True)

    def run(self, database: str, *argv: str, **when) -> int:
        """Exit status of the command, or minus the signal that ended it."""
        log, told = self.home / "log", self.home / "told"
        log.unlink(missing_ok=True)
        told.unlink(missing_ok=True)
        job = {"database": database, "argv": argv, "log": str(log), "told": str(told), **when}
        self.process.stdin.write(json.dumps(job) + "\n")
        self.process.stdin.flush()
        status = json.loads(self.process.stdout.readline())["status"]
        said = log.read_text(encoding="utf-8") if log.exists() else ""
        assert "Traceback" not in said, said
        return status

    @property
    def passed(self) -> int:
        """How many points the last command passed."""
        return int((self.home / "told").read_text())

    def rows(self, database: str, sql: str) -> list:
        """The answer of one query."""
        if POSTGRES:
            import psycopg

            with psycopg.connect(POSTGRES.replace("/postgres?", f"/{database}?"), autocommit=True) as there:
                assert there.info.dbname == database
                return sorted(map(repr, there.execute(sql).fetchall()))
        there = sqlite3.connect(database)
        try:
            return sorted(map(repr, there.execute(sql).fetchall()))
        finally:
            there.close()

    def picture(self, database: str) -> dict[str, list]:
        """All that an import or an undo may change, without keys, moments and ciphertext."""
        return {name: self.rows(database, sql) for name, sql in _PICTURE.items()}

    def sound(self, database: str) -> None:
        """The database itself is whole, and no row hangs in the air."""
        if not POSTGRES:
            assert self.rows(database, "PRAGMA integrity_check") == ["('ok',)"]
            assert self.rows(database, "PRAGMA foreign_key_check") == []
        for what, sql in _BROKEN.items():
            assert self.rows(database, sql) == [], what


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


def points(total: int, count: int) -> list[int]:
    """Seeded points, among them the last ones: around the commit that makes it true."""
    draw = random.Random(_SEED)
    return sorted({1, total - 1, total, *draw.sample(range(2, total - 1), count - 3)})


def ordered(world: World) -> tuple[str, ...]:
    return ("import", "organizations", str(world.home / "ready.csv"), "--area", "320211", "--confirm-review")


def test_an_import_killed_anywhere_is_whole_or_nothing(world):
    before = world.picture(world.base)
    whole = world.copy(world.base)
    assert world.run(whole, *ordered(world)) == 0
    after, total = world.picture(whole), world.passed
    world.drop(whole)
    assert before != after
    assert len(after["bodies"]) == 100
    outcomes = set()
    deaths = [{"point": n} for n in points(total, 10)] + [{"seconds": 0.05 * n} for n in (1, 3)]
    for when in deaths:
        there = world.copy(world.base)
        status = world.run(there, *ordered(world), **when)
        assert status == KILLED or "seconds" in when, when
        world.sound(there)
        picture = world.picture(there)
        assert picture in (before, after), f"half-written after {when}"
        outcomes.add(picture == after)
        assert world.run(there, *ordered(world)) == 0, when
        again = world.picture(there)
        if picture == after:  # the batch had been applied: the second run finds nothing to change
            for name in ("events", "batches"):
                assert len(again.pop(name)) == len(after[name]) + 1
            assert again == {name: rows for name, rows in after.items() if name not in ("events", "batches")}
        else:
            assert again == after, when
        world.sound(there)
        assert world.rows(there, "SELECT id FROM core_importbatch WHERE state = 'reading'") == []
        world.drop(there)
    assert outcomes == {True, False}, "points on both sides of the commit were tried"


def test_an_undo_killed_anywhere_is_whole_or_nothing(world):
    applied = world.copy(world.base)
    assert world.run(applied, *ordered(world)) == 0
    if not POSTGRES:
        sqlite3.connect(applied).execute("PRAGMA wal_checkpoint(TRUNCATE)").connection.close()
    before = world.picture(applied)
    whole = world.copy(applied)
    assert world.run(whole, "undo") == 0
    after, total = world.picture(whole), world.passed
    world.drop(whole)
    assert before != after
    outcomes = set()
    for when in [{"point": n} for n in points(total, 8)]:
        there = world.copy(applied)
        assert world.run(there, "undo", **when) == KILLED, when
        world.sound(there)
        picture = world.picture(there)
        assert picture in (before, after), f"half-undone after {when}"
        outcomes.add(picture == after)
        assert world.run(there, "undo") == (3 if picture == after else 0)
        assert world.picture(there) == after
        world.sound(there)
        world.drop(there)
    assert outcomes == {True, False}
