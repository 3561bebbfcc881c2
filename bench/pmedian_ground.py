"""Instances of the capacitated p-median problem that others have published, read from a folder outside the repository.

`LIAOYUAN_TEST_DATA` names it: planner/orlib (Osman & Christofides 1994: distances floored) and planner/sjc (Lorena &
Senne 2004: distances not rounded).
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

#: Distances of SJC in thousandths of a metre: whole numbers fine enough for the two places that are published.
_FINE: Final = 1000
_SJC: Final = {"SJC1": 17288.99, "SJC2": 33270.94}


@dataclass(frozen=True)
class Published:
    """A published instance: whole `cost` (n x n), true `distance`, and the best cost known."""

    name: str
    p: int
    cost: NDArray[np.int64]
    distance: NDArray[np.float64]
    demand: NDArray[np.int64]
    capacity: NDArray[np.int64]
    optimum: float

    def length(self, at: NDArray[np.int64]) -> float:
        """The cost of a plan as it was published: floored or true distances, to two places."""
        arcs = self.distance if self.name in _SJC else self.cost
        return round(float(arcs[at, np.arange(len(at))].sum()), 2)


def folder() -> Path | None:
    """Where the published instances are, None where they are not."""
    place = Path(os.environ.get("LIAOYUAN_TEST_DATA", "")) / "planner"
    return place if os.environ.get("LIAOYUAN_TEST_DATA") and place.is_dir() else None


def read(place: Path, name: str) -> Published:
    """One instance: "1" to "20" of the OR-Library, "SJC1" or "SJC2"."""
    if name in _SJC:
        words = [float(one) for one in (place / "sjc" / f"{name}.dat").read_text(encoding="ascii").split()]
        p, optimum = int(words[1]), _SJC[name]
        rows = np.array(words[2:]).reshape(-1, 4)
        points, capacity, demand = rows[:, :2], rows[:, 2].astype(np.int64), rows[:, 3].astype(np.int64)
    else:
        words = [float(one) for one in (place / "orlib" / f"pmedcap1_{name}.txt").read_text(encoding="ascii").split()]
        p, optimum = int(words[3]), words[1]
        rows = np.array(words[5:]).reshape(-1, 4)
        points, demand = rows[:, 1:3], rows[:, 3].astype(np.int64)
        capacity = np.full(len(rows), int(words[4]), dtype=np.int64)
    away = points[:, None, :] - points[None, :, :]
    distance = np.sqrt((away * away).sum(axis=2))
    cost = np.rint(_FINE * distance) if name in _SJC else np.floor(distance + 1e-9)
    return Published(name, p, cost.astype(np.int64), distance, demand, capacity, optimum)
