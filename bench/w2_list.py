"""W2: a list of 50 rows by type and street, sorted by name, logged in, as full HTML from the server that users get."""

import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path

from bench import ref_http
from bench.ground import ROOT, Register, compiled, free_port, served
from bench.measure import Figure, cpu, middle
from bench.web import Browser, address, at_once

KIND, STREET = "MF", "蠡园街道"
_GOAL_CPU, _GOAL_P50, _GOAL_GROWTH = 3.0, 4.0, 1.5
_ROW = re.compile(r'<a href="/registry/(\d+)/">([^<]+)</a>')
_BODIES = (
    "SELECT o.id, s.name, coalesce(nullif(o.code, ''), o.filing_no), s.kind, st.name, s.legal_representative,"
    " o.registered_on, s.status, ra.path FROM registry_organization o"
    " JOIN registry_standing s ON s.organization_id = o.id JOIN core_area ra ON ra.id = s.registrar_area_id"
    " LEFT JOIN core_area st ON st.id = s.street_id"
    " WHERE s.superseded_at IS NULL AND s.valid_to = '9999-12-31'"
)


def measure(where: Register, repeat: int, server: int | None, requests: int = 300) -> tuple[list[Figure], float]:
    """CPU of a page and the median time of an answer; also returns the CPU, to compare sizes of the register."""
    bodies = where.home.rows(_BODIES)
    wanted = sorted(
        (row[1], row[0])
        for row in bodies
        if row[3] == KIND and row[4] == STREET and row[7] in ("active", "liquidating")
    )
    path = address("/registry/", kind=KIND, street=STREET)
    with reference(where.home.path / "ref.sqlite3", bodies) as (pid, browser):
        floor, quick, _rate = _page(
            pid, None, browser, address("/registry/", kind=KIND, street=STREET), repeat, requests
        )
    port = free_port()
    process = where.home.start("serve", "--port", str(port), stderr=subprocess.DEVNULL)
    with served(process, port, "/login/"):
        browser = Browser(port)
        browser.login(where.login, where.password)
        html = browser.get(path)
        cost, p50, rate = _page(process.pid, server, browser, path, repeat, requests)
    found = [(unescape(name), int(pk)) for pk, name in _ROW.findall(html)]
    total = re.search(r"共 ([\d,]+) 条", html)
    good = found == wanted[:50] and total is not None and int(total[1].replace(",", "")) == len(wanted)
    size = f"of {where.size:,}"
    return [
        Figure("W2", f"list page {size}", "right" if good else "wrong", cost, floor, "ms CPU", f"≤ {_GOAL_CPU:g} ms",
               cost <= _GOAL_CPU, [f"{rate:.0f} requests a second from 8 connections"]),
        Figure("W2", f"answer at one connection {size}", "right" if good else "wrong", p50, quick, "ms p50",
               f"≤ {_GOAL_P50:g} ms", p50 <= _GOAL_P50),
    ], cost  # fmt: skip


def growth(small: float, large: float) -> Figure:
    """What the large register adds."""
    return Figure(
        "W2", "large register against small", "right", large, small, "ms CPU", f"≤ {_GOAL_GROWTH} ×",
        large <= _GOAL_GROWTH * small,
    )  # fmt: skip


def _page(
    pid: int, server: int | None, browser: Browser, path: str, repeat: int, requests: int
) -> tuple[float, float, float]:
    """CPU milliseconds a page, median milliseconds of an answer, requests a second; medians of the rounds."""
    browser.times(path, 40)
    at_once(browser, path, each=20)  # every worker has compiled its templates
    rounds = []
    for _run in range(repeat):
        before = cpu(pid) + cpu(server)
        times = browser.times(path, requests)
        rounds.append(((cpu(pid) + cpu(server) - before) * 1000 / requests, middle(times)))
    return middle([r[0] for r in rounds]), middle([r[1] for r in rounds]), at_once(browser, path)


@contextmanager
def reference(file: Path, bodies: list[tuple[object, ...]]) -> Iterator[tuple[int, Browser]]:
    """`ref_http` under the same server with the same register; gives its process id and a browser."""
    file.unlink(missing_ok=True)
    connection = sqlite3.connect(file)
    connection.execute("CREATE TABLE body (id, name, code, kind, street, head, registered_on, status)")
    live = [(*row[:6], str(row[6]), row[7]) for row in bodies if row[7] in ("active", "liquidating")]
    connection.executemany("INSERT INTO body VALUES (?, ?, ?, ?, ?, ?, ?, ?)", live)
    connection.execute("CREATE INDEX body_list ON body (kind, street, name, id)")
    connection.commit()
    connection.close()
    port = free_port()
    with served(start_reference(file, port), port, "/login/"):
        pid = _pids[port]
        yield pid, Browser(port, {"session": ref_http.cookie("dengji")})


_pids: dict[int, int] = {}


def start_reference(file: Path, port: int) -> "subprocess.Popen[str]":
    """`ref_http` under granian with two workers."""
    process = subprocess.Popen(
        [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), "--workers", "2",
         "--blocking-threads", "4", "--no-ws", "--log-level", "warning", "bench.ref_http:application"],
        env={**compiled(), "REF_DB": str(file), "PYTHONPATH": str(ROOT)}, cwd=ROOT, text=True,
    )  # fmt: skip
    _pids[port] = process.pid
    return process
