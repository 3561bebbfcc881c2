"""`kill -9` and a stopped process in the middle of jobs: each is done once and whole, by whoever takes it over.

Workers run in processes of their own, with a lease of a second, on copies of one database. Results are compared with
those of workers that nobody disturbed.
"""

import hashlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.house import source
from tests.registry.test_import_kills import body, picture, sheet, sound
from tests.registry.world import KILLED, POSTGRES, World

pytestmark = pytest.mark.slow
_SEED = 1026
_BOUND = 90
_BODIES = 60


class Workers(World):
    """A world whose commands see a files folder of their own per database, and more processes beside the first."""

    def __init__(self, home: Path) -> None:
        super().__init__(home, "jobs", LIAOYUAN_JOB_LEASE="1.2", LIAOYUAN_JOB_BEAT="0.3")
        self.others: list[subprocess.Popen] = []
        self.idle: list[subprocess.Popen] = []  # those whose command has ended: to start one takes seconds

    def files(self, database: str) -> Path:
        return self.home / "files" / Path(database).name

    def run(self, database: str, *argv: str, **when) -> int:
        return super().run(database, *argv, files=str(self.files(database)), **when)

    def start(self, database: str, *argv: str, **when) -> subprocess.Popen:
        """A process that is not waited for; `ended` gives its exit status."""
        process = self.idle.pop() if self.idle else self._another()
        own = {name: self._own(name, process) for name in ("log", "told", "pid")}
        for path in own.values():
            path.unlink(missing_ok=True)
        told = {name: str(path) for name, path in own.items()}
        job = {"database": database, "argv": argv, "files": str(self.files(database)), **told, **when}
        process.stdin.write(json.dumps(job) + "\n")
        process.stdin.flush()
        return process

    def _another(self) -> subprocess.Popen:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.registry.mortal"], env=self.environment, cwd=source.ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        self.others.append(process)
        return process

    def _own(self, name: str, process: subprocess.Popen) -> Path:
        return self.home / f"{name}{self.others.index(process) + 1}"

    def pid(self, process: subprocess.Popen) -> int:
        path = self._own("pid", process)
        until(lambda: path.exists() and path.read_text())
        return int(path.read_text())

    def ended(self, process: subprocess.Popen) -> int:
        status = json.loads(process.stdout.readline())["status"]
        self.idle.append(process)
        log = self._own("log", process)
        said = log.read_text(encoding="utf-8") if log.exists() else ""
        assert "Traceback" not in said and "locked" not in said, said
        return status

    def close(self) -> None:
        for process in self.others:
            process.stdin.close()
            process.wait(timeout=60)
            process.stdout.close()
        super().close()

    def settled(self, database: str) -> str:
        """A database from which copies may be taken."""
        if not POSTGRES:
            sqlite3.connect(database).execute("PRAGMA wal_checkpoint(TRUNCATE)").connection.close()
        return database

    def copy_with_files(self, of: str) -> str:
        there = self.copy(of)
        if self.files(of).is_dir():
            subprocess.run(["cp", "-r", str(self.files(of)), str(self.files(there))], check=True)
        return there


def until(condition) -> None:
    """Wait for a condition, with a bound that only a fault reaches."""
    deadline = time.monotonic() + _BOUND
    while not condition():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.02)


def stopped(pid: int) -> bool:
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "T"


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    home = tmp_path_factory.mktemp("jobs")
    there = Workers(home)
    try:
        first = sheet(home / "first.csv", [body(n, 3) for n in range(_BODIES)])
        assert there.run(there.base, "init") == 0
        assert there.run(there.base, "import", "organizations", str(first), "--area", "320211", "--confirm-review") == 0
        changed = [body(n, 8, level="5A", name=f"存亡{n}更名中心" if n % 5 == 0 else "") for n in range(20, 60)]
        again = [body(25, 8, level="5A", name="存亡25更名中心"), body(41, 9)]  # a duplicate, and one that differs
        sheet(home / "ready.csv", [*changed, *(body(n, 4) for n in range(60, 160)), *again])
        there.settled(there.base)
        yield there
    finally:
        there.close()


STAGED = {
    "rows": "SELECT number, verdict, action, key, label FROM core_importrow r JOIN core_importbatch b"
            " ON b.id = r.batch_id WHERE b.state = 'staged'",
    "batches": "SELECT state, counts, file_key FROM core_importbatch WHERE state IN ('reading', 'staged')",
    "events": "SELECT code FROM core_auditevent WHERE code = 'import.staged'",
    "jobs": "SELECT code, state FROM core_job WHERE code <> 'core.tidy'",
}  # fmt: skip
EXPORTED = {
    "jobs": "SELECT code, state, result_name, result_bytes, result_sha256 FROM core_job WHERE code <> 'core.tidy'",
    "events": "SELECT code FROM core_auditevent WHERE code = 'read.exported'",
}


def told(world: Workers, database: str, asked: dict[str, str]) -> dict[str, list]:
    return dict(zip(asked, world.answers(database, [*asked.values()]), strict=True))


def draws(total: int, count: int) -> list[int]:
    """Seeded points, among them the last ones."""
    drawn = random.Random(_SEED).sample(range(2, total - 1), count - 3)
    return sorted({total - 2, total - 1, total, *drawn})


@pytest.fixture(scope="module", params=["read", "export", "write"])
def work(request, world):
    """A database in which a job waits, what to compare, and how many points and commits a quiet worker passes."""
    base = world.copy(world.base)
    asked = EXPORTED if request.param == "export" else STAGED
    if request.param == "export":
        assert world.run(base, "ask", "export", "xlsx") == 0
    else:
        assert world.run(base, "ask", "read", str(world.home / "ready.csv")) == 0
    if request.param == "write":
        assert world.run(base, "drain") == 0
        assert world.run(base, "ask", "write") == 0
    world.settled(base)
    quiet = world.copy_with_files(base)
    assert world.run(quiet, "drain") == 0
    total = world.passed
    expected = told(world, quiet, asked) | picture(world, quiet)
    assert all("'done'" in job for job in expected["jobs"])
    return request.param, base, asked, expected, total, fetched(world, quiet) if request.param == "export" else ""


def fetched(world: Workers, database: str) -> str:
    path = world.home / "fetched"
    assert world.run(database, "fetch", str(path)) == 0
    return hashlib.sha256(path.read_bytes()).hexdigest()


def check(world: Workers, there: str, work, when) -> None:
    """The job was done once, its result is whole, nothing else can be seen."""
    name, _base, asked, expected, _total, result = work
    assert told(world, there, asked) | picture(world, there) == expected, when
    sound(world, there)
    if name == "export":
        assert fetched(world, there) == result
        assert repr(result) in expected["jobs"][0]
    assert not [path for path in world.files(there).glob(".uploads/*") if path.suffix == ".part"]


def test_a_worker_killed_anywhere_has_a_successor(world, work):
    total = work[4]
    for point in draws(total, 7 if work[0] == "read" else 5):
        there = world.copy_with_files(work[1])
        assert world.run(there, "drain", point=point) == KILLED, point
        early = "SELECT id FROM core_job WHERE result_file <> '' AND state <> 'done'"
        assert world.rows(there, early) == [], "a result is seen before its job is done"
        assert world.run(there, "drain") == 0, point
        check(world, there, work, point)
        attempts = world.rows(there, "SELECT attempts FROM core_job WHERE code <> 'core.tidy' ORDER BY id DESC LIMIT 1")
        assert attempts in (["(1,)"], ["(2,)"])
        world.drop(there)


def test_a_worker_that_hangs_and_comes_back_overwrites_nothing(world, work):
    """Stopped between two transactions until its successor has finished, then let go on."""
    hung = 0
    for commit in (1, 2, 3, 4):  # an export commits twice, when it is claimed and when it is done; reading oftener
        there = world.copy_with_files(work[1])
        late = world.start(there, "drain", stop=commit)
        pid = world.pid(late)
        until(lambda pid=pid, late=late: not Path(f"/proc/{pid}").exists() or stopped(pid) or late.poll() is not None)
        hung += Path(f"/proc/{pid}").exists() and stopped(pid)
        try:
            assert world.run(there, "drain") == 0
            check(world, there, work, commit)
        finally:
            if Path(f"/proc/{pid}").exists():
                os.kill(pid, signal.SIGCONT)
        assert world.ended(late) == 0
        check(world, there, work, commit)
        world.drop(there)
    assert hung == (2 if work[0] == "export" else 4), "the workers were stopped in the middle"


def test_several_workers_and_many_jobs(world):
    there = world.copy(world.base)
    assert world.run(there, "ask", "read", str(world.home / "ready.csv")) == 0
    for form in ("xlsx", "csv", "json"):
        assert world.run(there, "ask", "export", form) == 0
    others = [world.start(there, "drain") for _n in range(2)]
    assert world.run(there, "drain") == 0
    assert [world.ended(other) for other in others] == [0, 0]
    assert world.rows(there, "SELECT state, attempts FROM core_job WHERE code <> 'core.tidy'") == ["('done', 1)"] * 4
    assert world.rows(there, "SELECT COUNT(*) FROM core_auditevent WHERE code = 'read.exported'") == ["(3,)"]
    assert len(list((world.files(there) / ".results").iterdir())) == 3
    assert not list((world.files(there) / ".work").iterdir())
    assert not list((world.files(there) / ".uploads").iterdir())
    sound(world, there)
    world.drop(there)
