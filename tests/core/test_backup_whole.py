"""A backup holds everything or is no backup; a restore brings back every row and file, wherever it was killed.

The commands run in processes of their own. What a database holds is read without the product.
"""

import hashlib
import json
import os
import random
import resource
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings

from tests.house import source
from tests.registry.test_import_kills import body, sheet
from tests.registry.world import KILLED, POSTGRES, World

pytestmark = pytest.mark.slow
_SEED = 20261026
#: What a restore adds: its own event and its own line.
GROWS = {"core_auditevent": 1, "core_backuprun": 1}
#: Made anew after a restore, or not kept.
DERIVED = ("core_searchindex", "core_searchgrams", "core_searchwaiting", "django_session", "sqlite_", "django_migra")


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A home with bodies, accounts, sealed events and two documents; `kept.zip` is a backup of it."""
    home = tmp_path_factory.mktemp("backup")
    there = World(home)
    try:
        first = sheet(home / "first.csv", [body(n, 3) for n in range(40)])
        assert there.run(there.base, "init") == 0
        there.do(there.base, "DELETE FROM core_area WHERE path NOT LIKE '32/%'")  # 50,000 rows are no better than 2,000
        assert there.run(there.base, "import", "organizations", str(first), "--area", "320211", "--confirm-review") == 0
        assert there.run(there.base, "accounts", "create", "zhangsan") == 0
        assert there.run(there.base, "audit", "head") == 0
        for content in (b"%PDF-1.7 one", os.urandom(300_000)):
            path = home / "files" / hashlib.sha256(content).hexdigest()[:2] / hashlib.sha256(content).hexdigest()
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        (home / "files" / ".draft").write_bytes(b"half")
        (home / "code").write_text(code_of(home))
        assert there.run(there.base, "backup", "create", str(home / "kept.zip")) == 0, there.said
        yield there
    finally:
        there.close()


def code_of(home: Path) -> str:
    """The recovery code as `init` printed it, from the home's own copy."""
    import base64

    from liaoyuan.core.backup import keys

    return keys.written(base64.b64decode((home / "keys" / "backup").read_bytes()))


def tables(world: World, database: str) -> dict[str, list[str]]:
    """Every row of every table, as text."""
    if POSTGRES:
        names = world.rows(database, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    else:
        names = world.rows(database, "SELECT name FROM sqlite_master WHERE type = 'table'")
    names = sorted(name.strip("(',)") for name in names)
    kept = [name for name in names if not name.startswith(DERIVED)]
    asked = [f'SELECT {columns(world, database, name)} FROM "{name}"' for name in kept]
    return dict(zip(kept, world.answers(database, asked), strict=True))


def columns(world: World, database: str, name: str) -> str:
    """All columns but the number of the writing transaction."""
    if name != "core_auditevent":
        return "*"
    return "id, seq, code, at, recorded_at, actor_name, channel, on_behalf, subject_kind, subject_id, payload, hash"


def files(home: Path) -> dict[str, bytes]:
    """Documents, keys and the log of heads by name."""
    found = [*(home / "files").rglob("*"), *(home / "keys").iterdir(), home / "audit" / "heads.log"]
    return {str(p.relative_to(home)): p.read_bytes() for p in found if p.is_file() and not p.name.startswith(".")}


def restore(world: World, home: Path, database: str, *, of: Path | None = None, **when) -> int:
    return world.run(
        database, "backup", "restore", str(of or world.home / "kept.zip"), "--code-file", str(world.home / "code"),
        home=str(home), **when,
    )  # fmt: skip


def same(world: World, home: Path, database: str, before: dict) -> None:
    """Every row and every file is there, nothing twice."""
    after = tables(world, database)
    assert after.keys() == before.keys()
    for name, rows in before.items():
        there = set(rows)
        grown = [row for row in after[name] if row not in there]
        assert len(grown) == GROWS.get(name, 0), (name, grown)
        assert [row for row in after[name] if row not in grown] == rows, name
    assert files(home) == files(world.home)
    assert not (home / "restoring").exists()
    world.whole(database)


@pytest.fixture(scope="module")
def before(world):
    """All rows at the moment of the backup: later the base has its line and its event about it."""
    found = tables(world, world.base)
    for name, event in (("core_backuprun", "create"), ("core_auditevent", "backup.made")):
        found[name] = [row for row in found[name] if f"'{event}'" not in row]
    return found


def test_a_restored_home_equals_the_original(world, before, tmp_path):
    database = world.empty(tmp_path)
    assert restore(world, tmp_path, database) == 0, world.said
    same(world, tmp_path, database, before)
    assert world.run(database, "audit", "verify", home=str(tmp_path)) == 0, world.said
    assert world.run(database, "search", "存亡3服务", "--json", home=str(tmp_path)) == 0
    assert json.loads(world.said)["total"] == 1
    assert restore(world, tmp_path, database) == 2
    assert "已有密钥" in world.said


def test_a_restore_killed_anywhere_goes_on_where_it_was(world, before, tmp_path):
    whole = tmp_path / "whole"
    database = world.empty(whole)
    assert restore(world, whole, database) == 0
    total = world.passed
    world.drop(database)
    draw = random.Random(_SEED)
    late = [total - n for n in (0, 2, 5)]
    points = [(point, False) for point in sorted({1, 4, *late, *draw.sample(range(2, total), 3)})]
    for number, (point, migrate) in enumerate([*points, (draw.randrange(20, 50), True)]):  # and amid the migrations
        home = tmp_path / str(number)
        there = world.empty(home)
        assert restore(world, home, there, point=point, migrate=migrate) == KILLED, point
        if migrate:
            applied = world.rows(there, "SELECT count(*) FROM django_migrations")
            assert applied not in (["(0,)"], world.rows(world.base, "SELECT count(*) FROM django_migrations"))
        if (home / "restoring").exists():
            assert world.run(there, "worker", home=str(home)) == 2
            assert "没有完成的恢复" in world.said
            assert restore(world, home, there) == 0, (point, world.said)
            same(world, home, there, before)
        else:  # killed after all was true, or before anything was
            assert point == 1 or point >= total - 4, point
        world.drop(there)
        shutil.rmtree(home)


def test_a_backup_killed_anywhere_is_whole_or_nothing(world, tmp_path):
    counting = tmp_path / "counting.zip"
    assert world.run(world.base, "backup", "create", str(counting)) == 0
    total = world.passed
    outcomes = set()
    for point in range(1, total + 1):
        path = tmp_path / f"{point}.zip"
        assert world.run(world.base, "backup", "create", str(path), point=point) == KILLED
        outcomes.add(path.exists())
        if path.exists():
            with zipfile.ZipFile(path) as archive:
                assert archive.testzip() is None
                assert archive.namelist()[-1] == "manifest.json"
        else:
            assert world.run(world.base, "backup", "create", str(path)) == 0, world.said
    assert outcomes == {True, False}


def test_the_drill_says_what_is_in_it_and_is_recorded(world):
    assert world.run(world.base, "backup", "verify", str(world.home / "kept.zip"), "--json") == 0, world.said
    told = json.loads(world.said)
    assert told["ok"] and {"目录", "恢复", "日志链", "密钥", "数据表"} <= {c["name"] for c in told["checks"]}
    runs = world.rows(world.base, "SELECT ok FROM core_backuprun WHERE work = 'verify'")
    assert len(runs) == 1
    assert len(world.rows(world.base, "SELECT id FROM core_auditevent WHERE code = 'backup.verified'")) == 1


def test_the_drill_s_own_command_starts():
    """The drills above run it with tables that are copied, see `tests.registry.mortal`."""
    asked = [sys.executable, *settings.COMMAND, "backup", "restore", "--help"]
    assert "--code-file" in subprocess.run(asked, capture_output=True, text=True, check=True, cwd=source.ROOT).stdout


def changed(path: Path, there: Path, name: str, change) -> Path:
    """A copy of the backup in which one member says something else, with sums that fit."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(there, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            content = old.read(info)
            new.writestr(info, change(content) if info.filename == name else content)
    return there


@pytest.mark.parametrize(
    ("member", "change", "told", "begun"),
    [
        ("manifest.json", lambda c: c.replace(b'"zone": "gov"', b'"zone": "internet"'), "被改动过", False),
        (
            "tables/registry_standing.copy",
            lambda c: c.replace("存亡3服".encode(), "存亡4服".encode()),
            "内容不同",
            True,
        ),
        ("tables/registry_standing.copy", lambda c: c[: c.index(b"\n") + 1], "有 1 行", True),
        ("tables/core_user.copy", lambda c: c + c, "装不进", True),
        ("audit/heads.log", lambda c: b"", "已损坏", True),
    ],
)
def test_a_changed_backup_is_found_out(world, tmp_path, member, change, told, begun):
    there = changed(world.home / "kept.zip", tmp_path / "changed.zip", member, change)
    with zipfile.ZipFile(there) as new, zipfile.ZipFile(world.home / "kept.zip") as old:
        assert new.read(member) != old.read(member)
    home = tmp_path / "home"
    database = world.empty(home)
    assert restore(world, home, database, of=there) == 2, world.said
    assert told in world.said
    assert (home / "restoring").exists() is begun
    world.drop(database)


def test_the_drill_finds_a_changed_backup(world, tmp_path):
    there = changed(world.home / "kept.zip", tmp_path / "changed.zip", "tables/core_user.copy", lambda c: c + c)
    assert world.run(world.base, "backup", "verify", str(there), "--json") == 1, world.said
    assert json.loads(world.said)["ok"] is False


def test_damage_never_passes(world, tmp_path):
    content = (world.home / "kept.zip").read_bytes()
    with zipfile.ZipFile(world.home / "kept.zip") as archive:
        spots = [i.header_offset + 60 + i.compress_size // 2 for i in archive.infolist() if i.compress_size > 400]
    draw = random.Random(_SEED)
    for spot in draw.sample(spots, 4):
        there, home = tmp_path / "damaged.zip", tmp_path / str(spot)
        there.write_bytes(content[:spot] + bytes([content[spot] ^ 0xFF]) + content[spot + 1 :])
        database = world.empty(home)
        assert restore(world, home, database, of=there) == 2, spot
        world.drop(database)
    for half in (content[: len(content) // 2], b"", b"PK\x03\x04", b"hello"):
        there = tmp_path / "half.zip"
        there.write_bytes(half)
        assert world.run(world.base, "backup", "verify", str(there)) == 2
        assert "不是完整的燎原备份" in world.said


@pytest.mark.parametrize(("code", "told"), [("ABCD", "恢复码不对"), (None, "打不开"), ("/nowhere", "读不出恢复码文件")])
def test_without_the_right_code_nothing_is_restored(world, tmp_path, code, told):
    from liaoyuan.core.backup import keys

    path = tmp_path / "code"
    if code != "/nowhere":
        path.write_text(code or keys.written(b"y" * 20))
    home = tmp_path / "home"
    database = world.empty(home)
    asked = ("backup", "restore", str(world.home / "kept.zip"), "--code-file", str(path))
    assert world.run(database, *asked, home=str(home)) == 2
    assert told in world.said
    assert not (home / "keys").exists() and not (home / "restoring").exists()


def test_a_full_disk_leaves_no_file(world, tmp_path):
    """No file may grow beyond a third of the backup: writing fails as on a full disk."""
    size = (world.home / "kept.zip").stat().st_size
    path = tmp_path / "full.zip"
    environment = dict(world.environment)
    if POSTGRES:
        environment["DATABASE_URL"] = POSTGRES.replace("/postgres?", f"/{world.base}?")
    else:
        shutil.copy(world.base, world.home / "liaoyuan.sqlite3")
    done = subprocess.run(
        [sys.executable, "-m", "liaoyuan.conf.cli.main", "backup", "create", str(path)], env=environment,
        cwd=source.ROOT, text=True, capture_output=True, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size // 3, size // 3)),
    )  # fmt: skip
    assert done.returncode == 2, done.stderr
    assert "备份没有写成" in done.stderr and "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not POSTGRES, reason="from SQLite into PostgreSQL; the other way is the drill's")
def test_a_backup_of_sqlite_is_restored_into_postgresql(world, tmp_path):
    environment = {k: v for k, v in world.environment.items() if k != "DATABASE_URL"} | {
        "LIAOYUAN_HOME": str(tmp_path / "lite")
    }
    for words in (["init"], ["backup", "create", str(tmp_path / "lite.zip")]):
        subprocess.run([sys.executable, "-m", "liaoyuan.conf.cli.main", *words], env=environment, cwd=source.ROOT,
                       check=True, capture_output=True)  # fmt: skip
    (tmp_path / "code").write_text(code_of(tmp_path / "lite"))
    home = tmp_path / "home"
    home.mkdir()
    database = world.empty(home)
    asked = ("backup", "restore", str(tmp_path / "lite.zip"), "--code-file", str(tmp_path / "code"))
    assert world.run(database, *asked, home=str(home)) == 0, world.said
    with closing(sqlite3.connect(tmp_path / "lite" / "liaoyuan.sqlite3")) as lite:
        for sql in (
            "SELECT code, name, path FROM core_area",
            "SELECT key, jurisdiction, CAST(valid_from AS text) FROM core_parameter",
        ):
            assert world.rows(database, sql) == sorted(map(repr, lite.execute(sql))), sql
    world.drop(database)
