"""W7: from the command to the first page, and memory of the whole process tree at rest."""

import subprocess
import time

from bench.ground import Register, free_port, served
from bench.measure import Figure, cpu, middle, pss
from bench.w2_list import start_reference
from bench.web import Browser, at_once

_GOAL_START, _GOAL_MEMORY = 1.5, 260


def measure(where: Register, repeat: int) -> list[Figure]:
    """Seconds by the wall and of CPU until the log-in page is there; MB after both workers have served pages."""
    found, floors = [], []
    for run in range(repeat + 1):  # the first one compiles the modules and is not counted
        port = free_port()
        process = where.home.start("serve", "--port", str(port), "--workers", "2", stderr=subprocess.DEVNULL)
        with served(process, port, "/login/") as seconds:
            used = cpu(process.pid)
            browser = Browser(port)
            browser.login(where.login, where.password)
            at_once(browser, "/registry/", clients=4, each=5)
            time.sleep(2)
            if run:
                found.append((seconds, used, pss(process.pid)))
        port = free_port()
        process = start_reference(where.home.path / "ref.sqlite3", port)
        with served(process, port, "/login/") as seconds:
            floors.append((seconds, cpu(process.pid), pss(process.pid)))
    seconds, used, memory = (middle([one[i] for one in found]) for i in range(3))
    floor, floor_used, floor_memory = (middle([one[i] for one in floors]) for i in range(3))
    return [
        Figure("W7", "cold start to the first page", "right", seconds, floor, "s wall", f"≤ {_GOAL_START} s",
               seconds <= _GOAL_START),
        Figure("W7", "cold start, all processes", "right", used, floor_used, "s CPU"),
        Figure("W7", "memory at rest, 2 workers and the background worker", "right", memory, floor_memory, "MB PSS",
               f"≤ {_GOAL_MEMORY} MB", memory <= _GOAL_MEMORY),
    ]  # fmt: skip
