"""Column generation, and diving: a whole plan out of the relaxation.

Column generation after Dantzig & Wolfe (1960) and Gilmore & Gomory (1961); diving with re-pricing as in Sadykov et al.
(2019), "Primal heuristics for branch and price". Everything stops by counts, never by a clock.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from liaoyuan.solvers.coverage.master import Master
from liaoyuan.solvers.coverage.pricing import Duals, Pricer, price_attachments
from liaoyuan.solvers.coverage.problem import Column, Problem

_EACH: Final = 3
_HOST_EACH: Final = 20
_WHOLE: Final = 0.999


@dataclass
class Relaxed:
    """The relaxation solved: its master, the best prices and whether no column is missing."""

    master: Master
    duals: Duals
    closed: bool
    rounds: int


def relax(
    problem: Problem,
    pricer: Pricer,
    start: list[Column],
    *,
    rounds: int,
    center: Duals | None = None,
    told: Callable[[int, float], None] | None = None,
) -> Relaxed:
    """Solve the relaxation by column generation from a lawful plan, at most so many rounds.

    `center` are prices to lean on in the first rounds. `told(round, objective)` hears of every round.
    """
    master = Master(problem)
    master.add(start)
    master.add(problem.special)
    duals = master.solve()
    for number in range(rounds):
        share = min(1.0, 0.4 + 0.1 * number) if center is not None else 1.0
        asked = duals if center is None or share >= 1.0 else duals.mixed(center, share)
        if not grow(problem, pricer, master, asked) and (asked is duals or not grow(problem, pricer, master, duals)):
            return Relaxed(master, duals, True, number)
        duals = master.solve()
        if told is not None:
            told(number, master.objective)
    return Relaxed(master, duals, False, rounds)


def grow(problem: Problem, pricer: Pricer, master: Master, duals: Duals, each: int = _EACH) -> int:
    """Price once and enter what is found; the number of new columns."""
    found, _ = pricer.columns(duals, each=each)
    return master.add([*found, *price_attachments(problem, duals, _HOST_EACH)])


def dive(problem: Problem, pricer: Pricer, relaxed: Relaxed, *, share: float = 0.06, pricings: int = 2) -> list[Column]:
    """A whole plan: fix the columns that the relaxation takes most, price again, until nothing is broken.

    In each step columns at 1 stay, and of the others the highest up to `share` of the items. Leaves the master free of
    bounds.
    """
    master = relaxed.master
    fixed: set[int] = set()
    used: set[int] = set()
    upper = master.frame.upper()
    load = [0.0] * len(upper)
    while len(used) < problem.count:
        order = sorted(range(len(master.values)), key=lambda c: (-master.values[c], master.columns[c].cost, c))
        fresh: list[int] = []
        room = max(1, round(share * problem.count))
        for column in order:
            items = master.columns[column].items
            value = master.values[column]
            if column in fixed or used & set(items):
                continue
            if value < _WHOLE and (room <= 0 or value < 1e-6):
                break
            if value < _WHOLE:
                room -= len(items)
            if not _load(problem.count, master, column, load, upper):
                continue
            fresh.append(column)
            used |= set(items)
        if not fresh:
            break
        fixed |= set(fresh)
        master.limit({column: (1.0, float("inf")) for column in fresh})
        duals = master.solve(dual=True)
        for _ in range(pricings):
            if not grow(problem, pricer, master, duals, each=1):
                break
            duals = master.solve()
    chosen = [master.columns[c] for c in sorted(fixed)]
    chosen += [problem.alone(i) for i in range(problem.count) if i not in used]
    master.limit({column: (0.0, float("inf")) for column in fixed})
    return chosen


def _load(count: int, master: Master, column: int, load: list[float], upper: list[float]) -> bool:
    """Put a column's use of labels, hosts and apart rows on the load if they can hold it."""
    entries = {r: v for r, v in master.frame.entries(master.columns[column]).items() if r >= count}
    if any(load[row] + value > upper[row] for row, value in entries.items()):
        return False
    for row, value in entries.items():
        load[row] += value
    return True
