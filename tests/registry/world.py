"""A home with a base database, copies of it, and the process that runs commands on them and may be killed."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from tests import home as suite
from tests import tables
from tests.house import source

POSTGRES = os.environ.get("DATABASE_URL", "") if os.environ.get("LIAOYUAN_TEST_DB") == "postgres" else ""
KILLED = -signal.SIGKILL
#: Processes side by side share the server, not the databases.
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")


class World:
    """A home with a base database, copies of it, and the process that runs jobs on them."""

    def __init__(self, home: Path, name: str = "kills", **environment: str) -> None:
        self.home = home
        self.name = f"{name}_{WORKER}"
        self.copies = 0
        self.said = ""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("LIAOYUAN_", "DATABASE_URL"))}
        self.environment = {
            **kept, "LIAOYUAN_HOME": str(home),
            "PYTHONPATH": os.pathsep.join([str(source.ROOT / "src"), str(source.ROOT)]),
            "LIAOYUAN_NOW": "2026-10-26T09:00:00", "LIAOYUAN_SECRET_KEY": "x" * 50, **environment,
        }  # fmt: skip
        self.environment["LIAOYUAN_TABLES"] = str(tables.file())
        if POSTGRES:
            self.environment["DATABASE_URL"] = POSTGRES
        self.base = f"{self.name}_base" if POSTGRES else str(home / "base.sqlite3")
        if POSTGRES:
            self.admin(f"DROP DATABASE IF EXISTS {self.base}")
            self.admin(f"CREATE DATABASE {self.base} TEMPLATE {tables.template(POSTGRES, suite.SHARED)}")
        else:
            shutil.copy(tables.file(), self.base)
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
            name = f"{self.name}_{self.copies}"
            self.admin(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            self.admin(f"CREATE DATABASE {name} TEMPLATE {of}")
            return name
        there = str(self.home / f"copy{self.copies}.sqlite3")
        shutil.copy(of, there)
        return there

    def empty(self, home: Path) -> str:
        """A database without tables; on SQLite the one that belongs into the home."""
        if not POSTGRES:
            home.mkdir(exist_ok=True)
            return str(home / "liaoyuan.sqlite3")
        self.copies += 1
        name = f"{self.name}_{self.copies}"
        self.admin(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        self.admin(f"CREATE DATABASE {name}")
        return name

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
        self.said = log.read_text(encoding="utf-8") if log.exists() else ""
        assert "Traceback" not in self.said, self.said
        return status

    @property
    def passed(self) -> int:
        """How many points the last command passed."""
        return int((self.home / "told").read_text())

    def rows(self, database: str, sql: str) -> list:
        """The answer of one query."""
        return self.answers(database, [sql])[0]

    def answers(self, database: str, statements: list[str]) -> list[list]:
        """The answers of several queries, asked through one connection: opening it reads the whole schema."""
        if POSTGRES:
            import psycopg

            with psycopg.connect(POSTGRES.replace("/postgres?", f"/{database}?"), autocommit=True) as there:
                assert there.info.dbname == database
                return [sorted(map(repr, there.execute(sql).fetchall())) for sql in statements]
        with closing(sqlite3.connect(database, isolation_level=None)) as there:
            return [sorted(map(repr, there.execute(sql).fetchall())) for sql in statements]

    def do(self, database: str, sql: str) -> None:
        """One statement past the product, foreign keys unasked."""
        if POSTGRES:
            import psycopg

            with psycopg.connect(POSTGRES.replace("/postgres?", f"/{database}?")) as there:
                there.execute("SET session_replication_role = replica")
                there.execute(sql)
        else:
            with closing(sqlite3.connect(database, isolation_level=None)) as there:
                there.execute(sql)

    def whole(self, database: str) -> None:
        """The database itself is whole, and no foreign key hangs in the air."""
        if not POSTGRES:
            asked = self.answers(database, ["PRAGMA integrity_check", "PRAGMA foreign_key_check"])
            assert asked == [["('ok',)"], []]
