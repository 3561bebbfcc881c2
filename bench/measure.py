"""Measuring: CPU of process trees and of a database server, memory at its peak and at rest, medians."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import Any

import psutil


@dataclass(slots=True)
class Figure:
    """One line of the table. `cost` and `floor` are in `unit`; `ratio` = cost / floor.

    `goal` says in words what was promised and `met` whether it holds (None: no goal, or nothing to judge). `verdict` is
    "right", "wrong" (the answer differs from the independent one) or "not yet".
    """

    job: str
    what: str
    verdict: str = "right"
    cost: float | None = None
    floor: float | None = None
    unit: str = "ms"
    goal: str = ""
    met: bool | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def ratio(self) -> float | None:
        """How many times the floor it costs."""
        return self.cost / self.floor if self.cost is not None and self.floor else None


def tree(pid: int) -> list[psutil.Process]:
    """The process and all that live below it."""
    try:
        top = psutil.Process(pid)
        return [top, *top.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def cpu(pid: int | None) -> float:
    """CPU seconds, user and system, that a tree has used; of processes that ended, what their parent waited for."""
    total = 0.0
    for process in tree(pid) if pid else []:
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system
        # Linux counts ended children here, macOS knows none
        total += getattr(times, "children_user", 0.0) + getattr(times, "children_system", 0.0)
    return total


def pss(pid: int) -> float:
    """Memory of a tree in MB: shared pages are divided among their users (USS where the system knows no PSS)."""
    total = 0
    for process in tree(pid):
        try:
            info = process.memory_full_info()
        except psutil.Error:
            continue
        total += getattr(info, "pss", info.uss)
    return total / 2**20


def own_memory(pid: int) -> float:
    """Memory in MB that a tree holds for itself. Pages of mapped files are left out: the system may drop them."""
    total = 0
    for process in tree(pid):
        try:
            info = process.memory_info()
        except psutil.Error:
            continue
        total += info.rss - getattr(info, "shared", 0)
    return total / 2**20


@contextmanager
def sampling(look: Callable[[], None], every: float = 0.03) -> Iterator[None]:
    """Call `look` again and again beside the body; what it raises is raised at the end."""
    done = threading.Event()
    faults: list[Exception] = []

    def run() -> None:
        while not done.wait(every):
            try:
                look()
            except Exception as fault:
                faults.append(fault)
                return

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
    if faults:
        raise faults[0]


def middle(values: Sequence[float]) -> float:
    """The median; 0 of nothing."""
    return float(median(values)) if values else 0.0


def cost_of(work: Callable[[], Any], *, server: int | None = None, at_least: float = 0.4, most: int = 2000) -> float:
    """CPU milliseconds of one call in this process and, if given, in a server's process. The first call is not counted.

    Calls are repeated until `at_least` seconds of CPU were used, so that ticks of 10 ms do not matter.
    """
    work()
    count = 0
    begin, there = time.process_time(), cpu(server)
    while count < most:
        work()
        count += 1
        if time.process_time() - begin >= at_least:
            break
    return (time.process_time() - begin + cpu(server) - there) * 1000 / count
