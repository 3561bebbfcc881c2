"""W8: published instances of the capacitated p-median problem on the planner's engine (T9)."""

import time

import numpy as np

from bench import pmedian_ground as ground
from bench.measure import Figure, middle
from liaoyuan.solvers import pmedian

ORLIB = tuple(str(number) for number in range(1, 21))
SJC = ("SJC1", "SJC2")


def measure(names: tuple[str, ...], what: str) -> list[Figure]:
    """How many of them end at another cost than the published one, and the CPU they take."""
    place = ground.folder()
    if place is None:
        told = ["LIAOYUAN_TEST_DATA names no folder with planner/"]
        return [Figure("W8", f"{what} at the published optimum", "not yet", notes=told)]
    wrong, times = [], []
    for name in names:
        given = ground.read(place, name)
        begin = time.process_time()
        found = pmedian.solve(given.cost, given.p, given.demand, given.capacity)
        times.append(time.process_time() - begin)
        held = found is not None and bool(
            (np.bincount(found.at, given.demand, len(given.cost)) <= given.capacity).all()
        )
        if found is None or not held or given.length(found.at) != given.optimum or found.bound > found.cost:
            wrong.append(name)
    notes = [f"CPU {middle(times):.1f} s in the middle, {max(times):.1f} s at most", *wrong]
    verdict = "wrong" if wrong else "right"
    title = f"{what} ({len(names)}) not at the published optimum"
    return [Figure("W8", title, verdict, float(len(wrong)), None, "", "0", not wrong, notes)]
