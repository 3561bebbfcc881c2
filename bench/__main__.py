"""The benchmark: our product and the floors in one run, on the same data, every answer checked first.

`python3 dev.py bench [--n 1572|100000|880000] [--db sqlite|postgres] [--only W1,W2] [--repeat 3]`
"""

import argparse
import json
import platform
import sys
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

from bench import (
    grants,
    party,
    queries,
    w1_import,
    w2_list,
    w5_apply,
    w7_start,
    w8_planner,
)
from bench.ground import RESULTS, Ground, ground, register
from bench.measure import Figure

JOBS = ("W1", "W2", "W3", "W4", "W5", "W6", "W7", "W8", "PB", "GR")
SEED = 20261101
SMALL = 1572
_REGISTER_JOBS = {"W2", "W3", "W4", "W6", "W7"}


def arguments() -> argparse.Namespace:
    """What is asked. Raises SystemExit(2) for a job that there is none of."""
    parser = argparse.ArgumentParser(prog="dev.py bench", description=__doc__)
    parser.add_argument("--n", type=int, default=SMALL, choices=[SMALL, 100_000, 880_000])
    parser.add_argument("--db", default="sqlite", choices=["sqlite", "postgres"])
    parser.add_argument("--only", default="", metavar="W1,W2")
    parser.add_argument("--repeat", type=int, default=3, help="figures are medians of so many runs")
    parser.add_argument("--members", type=int, default=100_000, help="of party building (PB)")
    parser.add_argument("--applications", type=int, default=20_000, help="of one round of grants (GR)")
    parser.add_argument("--rounds", type=int, default=1000, help="of sixteen writers (W5)")
    parser.add_argument("--seed", type=int, default=SEED)
    given = parser.parse_args()
    given.jobs = {job for job in given.only.upper().split(",") if job} or set(JOBS)
    unknown = given.jobs - set(JOBS)
    if unknown:
        parser.error(f"no such job: {', '.join(sorted(unknown))}")
    return given


def measure(given: argparse.Namespace, made: Ground) -> list[Figure]:
    """All figures, printed as they come."""
    figures: list[Figure] = []

    def told(more: Iterable[Figure]) -> None:
        for figure in more:
            print(line(figure), flush=True)
            figures.append(figure)

    if "W1" in given.jobs:
        told(w1_import.measure(made, given.n, given.seed, given.repeat))
    if given.jobs & _REGISTER_JOBS:
        where = register(made, given.n, given.seed)
        if "W2" in given.jobs:
            found, cost = w2_list.measure(where, given.repeat, made.server_pid)
            told(found)
            if given.n != SMALL:
                small = register(made, SMALL, given.seed)
                found, below = w2_list.measure(small, given.repeat, made.server_pid)
                told([*found, w2_list.growth(below, cost)])
        if "W3" in given.jobs:
            told(queries.search(where, given.repeat))
        if "W4" in given.jobs:
            told(queries.statistics(where, given.repeat))
        if "W6" in given.jobs:
            told(queries.export(where, given.repeat, made.server_pid))
        if "W7" in given.jobs:
            told(w7_start.measure(where, given.repeat))
    more = {
        "PB": lambda: party.measure(made, given.members, given.seed, given.repeat),
        "GR": lambda: grants.measure(made, given.applications, given.seed),
        "W5": lambda: w5_apply.measure(made, given.rounds, given.seed, given.repeat),
        "W8": lambda: w8_planner.measure(given.repeat),
    }
    for job, work in more.items():
        if job in given.jobs:
            told(work())
    return figures


def line(figure: Figure) -> str:
    """A figure as a line of a Markdown table."""
    if figure.cost is None:
        return f"| {figure.job} | {figure.what} | {figure.verdict} | | | | | |"
    floor = f"{figure.floor:.3g}" if figure.floor is not None else "—"
    ratio = f"{figure.ratio:.1f}" if figure.ratio is not None else "—"
    met = "" if figure.met is None else "met" if figure.met else "missed"
    told = f"{figure.goal} {met}".strip()
    notes = "; ".join(figure.notes)
    return (
        f"| {figure.job} | {figure.what} | {figure.verdict} | {figure.cost:.3g} {figure.unit} | {floor} | {ratio}"
        f" | {told} | {notes} |"
    )


def main() -> int:
    """Exit status 1 when an answer was wrong; a missed goal is said in the table."""
    given = arguments()
    print(f"{given.n:,} rows, {given.db}, Python {platform.python_version()}, medians of {given.repeat}\n")
    print("| job | what | answer | cost | floor | ratio | goal | |\n|---|---|---|---|---|---|---|---|")
    with ground(given.db) as made:
        figures = measure(given, made)
    RESULTS.mkdir(parents=True, exist_ok=True)
    stamp = datetime.now().strftime("%Y%m%d-%H%M%S")  # noqa: DTZ005, TID251 - the name of a file of results
    told = {"n": given.n, "db": given.db, "repeat": given.repeat, "figures": [asdict(f) for f in figures]}
    path = RESULTS / f"{stamp}-{given.db}-{given.n}.json"
    path.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    return 1 if any(f.verdict == "wrong" for f in figures) else 0


if __name__ == "__main__":
    sys.exit(main())
