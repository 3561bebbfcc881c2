"""W1: a clean roster through `liaoyuan import`, against writing its rows into a plain table of the same columns."""

import csv
import json
import sqlite3
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.ground import AREA, AS_OF, Ground, Home, roster
from bench.measure import Figure, cpu, middle, own_memory, sampling

FORMS = ("csv", "xlsx")
_GOAL_RATIO, _GOAL_MEMORY, _GOAL_LOCK = 4, 64, 5


def measure(made: Ground, count: int, seed: int, repeat: int) -> list[Figure]:
    """CPU seconds without the start of the process, memory beyond a one-row import, longest write transaction."""
    floor = middle([_floor(made, roster(count, "csv", seed), run) for run in range(repeat)])
    start_cpu, start_memory, _lock = _import(made, roster(1, "csv", seed))[:3]
    figures = []
    for form in FORMS:
        path = roster(count, form, seed)
        found, faults = [], 0
        for _run in range(repeat):
            used, memory, lock, home = _import(made, path)
            found.append((used - start_cpu, memory - start_memory, lock))
            if not faults:
                faults = json.loads(home.inside("verify", str(count), str(seed)))["faults"]
            made.drop(home)
        used, memory, lock = (middle([run[i] for run in found]) for i in range(3))
        figures.append(
            Figure(
                "W1", f"import {form} {count:,}", "wrong" if faults else "right", used, floor, "s",
                f"≤ {_GOAL_RATIO} × floor", used <= _GOAL_RATIO * floor, [f"and {start_cpu:.1f} s to start"],
            )
        )  # fmt: skip
        figures.append(
            Figure("W1", f"memory {form} {count:,}", "right", memory, None, "MB", f"≤ {_GOAL_MEMORY} MB",
                   memory <= _GOAL_MEMORY)
        )  # fmt: skip
        figures.append(
            Figure("W1", f"longest write transaction {form} {count:,}", "right", lock, None, "s wall",
                   f"≤ {_GOAL_LOCK} s", lock <= _GOAL_LOCK)
        )  # fmt: skip
    return figures


def _import(made: Ground, path: Path) -> tuple[float, float, float, Home]:
    """CPU seconds with the database server's, peak of own memory in MB, longest write transaction in seconds; home."""
    home = made.home("import")
    before = cpu(made.server_pid)
    words = ("import", "organizations", path, "--area", AREA, "--as-of", AS_OF)
    process = home.start(*words, stdout=subprocess.DEVNULL)
    peak, used, longest = 0.0, 0.0, 0.0
    waiting = _waiting(home)

    def memory() -> None:
        nonlocal peak, used
        peak = max(peak, own_memory(process.pid))
        used = max(used, cpu(process.pid))

    def transactions() -> None:
        nonlocal longest
        longest = max(longest, waiting())

    with sampling(memory), sampling(transactions):
        code = process.wait()
    if code:
        raise RuntimeError(f"import of {path.name}: exit {code}")
    return used + cpu(made.server_pid) - before, peak, longest, home


def _waiting(home: Home) -> Callable[[], float]:
    """How long another writer has to wait: on SQLite it tries, on PostgreSQL it looks at the open transactions."""
    if home.url:

        def age() -> float:
            rows = home.rows(
                "SELECT extract(epoch FROM max(clock_timestamp() - xact_start)) FROM pg_stat_activity"
                " WHERE datname = current_database() AND backend_xid IS NOT NULL"
            )
            return float(rows[0][0] or 0)

        return age

    def wait() -> float:
        connection = sqlite3.connect(home.path / "liaoyuan.sqlite3", timeout=600, isolation_level=None)
        begin = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        waited = time.perf_counter() - begin
        connection.execute("ROLLBACK")
        connection.close()
        return waited

    return wait


def _floor(made: Ground, path: Path, run: int) -> float:
    """CPU seconds of reading the CSV and writing its cells as texts, without an index or a check."""
    before, begin = cpu(made.server_pid), time.process_time()
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        width = len(next(reader))
        names = ", ".join(f"c{i} text" for i in range(width))
        if made.server_pid:
            home = made.home(f"floor{run}")
            _copy(home, names, reader)
        else:
            target = made.folder / f"floor{run}.sqlite3"
            connection = sqlite3.connect(target)
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute(f"CREATE TABLE plain ({names})")
            connection.executemany(f"INSERT INTO plain VALUES ({', '.join('?' * width)})", reader)
            connection.commit()
            connection.close()
            target.unlink()
    used = time.process_time() - begin + cpu(made.server_pid) - before
    if made.server_pid:
        made.drop(home)
    return used


def _copy(home: Home, names: str, rows: Any) -> None:
    with home.connect() as connection:
        connection.execute(f"CREATE TABLE plain ({names})")
        with connection.cursor().copy("COPY plain FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
