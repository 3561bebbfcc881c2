"""W5: sixteen writers hand in at once, through the action and the pages; and what handing in costs."""

import json

from bench.ground import Ground, register
from bench.measure import Figure, middle

_GOAL = 300


def measure(made: Ground, rounds: int, seed: int, repeat: int) -> list[Figure]:
    """Whether every round holds, and handed-in applications a second of CPU."""
    where = register(made, 1572, seed)
    runs = [json.loads(made.home(f"w5-{run}", like=where.home).inside("speed", 180, seed, module="bench.w5_inside"))
            for run in range(repeat)]  # fmt: skip
    cost = middle([run["cost"] for run in runs])
    told = json.loads(where.home.inside("race", rounds, seed, module="bench.w5_inside"))
    good = not told["faults"] and set(told["answers"]) <= {"submitted", "GV-APP-01", "GV-BUD-01"}
    notes = [f"{answer}: {count:,}" for answer, count in sorted({**told["answers"], **told["faults"]}.items())]
    return [
        Figure("W5", "hand in one application, the action alone", "right" if all(run["right"] for run in runs)
               else "wrong", cost, None, "ms CPU", f"≥ {_GOAL} a second", 1000 / cost >= _GOAL,
               [f"{1000 / cost:.0f} a second"]),
        Figure("W5", f"{rounds:,} rounds of 16 writers, all doors mixed", "right" if good else "wrong",
               told["seconds"] * 1000 / told["writers"], None, "ms CPU", "0 faults", good, notes),
    ]  # fmt: skip
