"""Hiding small counts of persons so that no hidden one follows from what is shown (product.md, 6).

A table of counts with its row totals, column totals and grand total is a circulation: source → row (its total) → column
(the cell) → sink (its total) → source (the grand total). What is shown is known; of what is hidden a reader knows that
it is at least 1, since zeros are shown. A hidden figure follows from the shown ones exactly when no other circulation
fits them, that is when no cycle of the residual graph runs through its arc.
"""

from collections import defaultdict, deque
from collections.abc import Mapping

#: Counts of persons from 1 to below this are hidden.
LEAST = 10
#: Keys of the totals beside the keys of rows and columns.
TOTAL = "\0total"
type Key = tuple[str, str]
type Arc = tuple[tuple[str, str], tuple[str, str]]


def with_totals(cells: Mapping[Key, int]) -> dict[Key, int]:
    """The cells with all totals under the key TOTAL."""
    whole: dict[Key, int] = defaultdict(int)
    for (row, column), count in cells.items():
        for key in ((row, column), (row, TOTAL), (TOTAL, column), (TOTAL, TOTAL)):
            whole[key] += count
    return dict(whole)


def hidden(cells: Mapping[Key, int], least: int = LEAST) -> set[Key]:
    """Keys of the cells and totals that must not be shown: the small ones, and the fewest small others that guard them.

    `cells` need not hold zeros. Guards are taken from the same row or column first, from the totals last.
    """
    whole = {key: count for key, count in with_totals(cells).items() if count > 0}
    found = {key for key, count in whole.items() if count < least}
    while True:
        open_ = next((key for key in sorted(found) if follows(key, whole, found)), None)
        if open_ is None:
            return found
        found.add(_guard(open_, whole, found))


def _guard(key: Key, whole: Mapping[Key, int], found: set[Key]) -> Key:
    """One more figure to hide beside the given one: near first, cells before totals, small before large."""

    def order(other: Key) -> tuple[bool, int, int, Key]:
        near = (other[0] == key[0]) + (other[1] == key[1])
        return not near, (other[0] == TOTAL) + (other[1] == TOTAL), whole[other], other

    return min((other for other in whole if other not in found), key=order)


def follows(key: Key, whole: Mapping[Key, int], found: set[Key]) -> bool:
    """Whether the hidden figure can be computed from the shown ones."""
    steps: dict[tuple[str, str], list[tuple[tuple[str, str], Key]]] = defaultdict(list)
    for other in found:
        start, end = _arc(other)
        steps[start].append((end, other))
        if whole[other] >= 2:
            steps[end].append((start, other))
    start, end = _arc(key)
    if _reaches(steps, end, start, key):
        return False
    return not (whole[key] >= 2 and _reaches(steps, start, end, key))


def _arc(key: Key) -> Arc:
    row, column = key
    source, sink = ("source", ""), ("sink", "")
    if row == TOTAL and column == TOTAL:
        return sink, source
    if column == TOTAL:
        return source, ("row", row)
    return (("column", column), sink) if row == TOTAL else (("row", row), ("column", column))


def _reaches(
    steps: Mapping[tuple[str, str], list[tuple[tuple[str, str], Key]]], start: tuple[str, str], end: tuple[str, str],
    without: Key,
) -> bool:  # fmt: skip
    seen, waiting = {start}, deque([start])
    while waiting:
        here = waiting.popleft()
        if here == end:
            return True
        for there, key in steps.get(here, ()):
            if key != without and there not in seen:
                seen.add(there)
                waiting.append(there)
    return False
