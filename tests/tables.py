"""The product's tables, made by its migrations once and copied from then on: to migrate takes fifteen seconds of CPU.

On SQLite a file in `.tools/tables`, named after all its outcome depends on: the migrations (which import nothing of
ours), the settings and the locked packages. On PostgreSQL a database of the run's own server, copied as a template.
"""

import contextlib
import fcntl
import hashlib
import os
import platform
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / ".tools" / "tables"
TEMPLATE = "migrated"
_MIGRATE = """
import django
django.setup()
from django.core.management import call_command
from liaoyuan.core.migrating import new_models_alone
with new_models_alone():
    call_command("migrate", verbosity=0)
"""


def file() -> Path:
    """An SQLite file with all tables as the migrations make them; not to be written to."""
    path = KEPT / f"{_digest()}.sqlite3"
    with _one_at_a_time(KEPT / "lock"):
        if not path.exists():
            with tempfile.TemporaryDirectory(prefix="liaoyuan-tables-") as home:
                _migrate(LIAOYUAN_HOME=home, DATABASE_URL="")
                whole = Path(home, "whole")
                with contextlib.closing(sqlite3.connect(Path(home, "liaoyuan.sqlite3"))) as made:
                    made.execute("VACUUM INTO ?", [str(whole)])
                for old in KEPT.glob("*.sqlite3"):
                    old.unlink()
                shutil.copy(whole, path.with_suffix(".part"))
            path.with_suffix(".part").replace(path)
    return path


def template(url: str, shared: Path) -> str:
    """The database of the server at `url` with all tables; `shared` is a folder that all processes of the run see."""
    import psycopg

    with _one_at_a_time(shared / "tables.lock"), psycopg.connect(url, autocommit=True) as server:
        there = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [TEMPLATE]).fetchone()
        if there is None:
            half = f"{TEMPLATE}_half"
            server.execute(f"DROP DATABASE IF EXISTS {half}")
            server.execute(f"CREATE DATABASE {half}")
            with tempfile.TemporaryDirectory(prefix="liaoyuan-tables-") as home:
                _migrate(LIAOYUAN_HOME=home, DATABASE_URL=url.replace("/postgres?", f"/{half}?"))
            server.execute(f"ALTER DATABASE {half} RENAME TO {TEMPLATE}")
    return TEMPLATE


def _digest() -> str:
    """Names and contents of what decides how the tables look."""
    told = hashlib.sha256(f"{platform.python_version()} {sqlite3.sqlite_version}".encode())
    source = ROOT / "src" / "liaoyuan"
    migrations = sorted(source.glob("*/migrations/*.py"))
    for path in (*migrations, source / "conf" / "settings.py", ROOT / "requirements.lock"):
        told.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return told.hexdigest()[:20]


def _migrate(**environment: str) -> None:
    """In a process of its own, so that nothing of it stays in this one."""
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "liaoyuan.conf.settings", "LIAOYUAN_TESTING": "1",
           "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]), **environment}  # fmt: skip
    done = subprocess.run([sys.executable, "-c", _MIGRATE], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@contextlib.contextmanager
def _one_at_a_time(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
