"""Half-open periods that carry values: the arithmetic behind dated facts (decisions.md, "Time").

A history is a list of periods in order of time, without gaps and overlaps, the last one open. A *run* of a field is the
longest stretch of periods in which it keeps one value.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Period:
    """Values valid from `start` until before `end`."""

    start: date
    end: date
    values: Mapping[str, Any]

    def holds(self, day: date) -> bool:
        """Whether `day` lies in the period."""
        return self.start <= day < self.end


def at(history: Sequence[Period], day: date) -> Period | None:
    """The period that holds `day`, or None before the beginning."""
    return next((period for period in history if period.holds(day)), None)


def change(history: Sequence[Period], values: Mapping[str, Any], *, on: date) -> list[Period]:
    """The history in which each field has its new value from `on` until the value it had on `on` would have ended.

    `on` before the beginning counts as the beginning. Raises ValueError for an empty history.
    """
    if not history:
        raise ValueError("an empty history has nothing to change")
    on = max(on, history[0].start)
    result = _split(history, on)
    for field, value in values.items():
        first = next(i for i, period in enumerate(result) if period.start >= on)
        result = _set(result, field, value, first, _run_end(result, field, first))
    return merged(result)


def correct(history: Sequence[Period], values: Mapping[str, Any], *, on: date) -> list[Period]:
    """The history in which the whole run that holds `on` has the new value: what was recorded was never true."""
    if not history:
        raise ValueError("an empty history has nothing to correct")
    on = max(on, history[0].start)
    result = list(history)
    for field, value in values.items():
        here = next(i for i, period in enumerate(result) if period.holds(on))
        first = here
        while first > 0 and result[first - 1].values.get(field) == result[here].values.get(field):
            first -= 1
        result = _set(result, field, value, first, _run_end(result, field, here))
    return merged(result)


def change_as_one(
    history: Sequence[Period], values: Mapping[str, Any], *, on: date, backwards: bool = False
) -> list[Period]:
    """As `change` for fields that are one fact: from `on` until the first of them would have ended.

    `backwards` begins where the last of them began, as `correct` does. Raises ValueError for an empty history.
    """
    if not history:
        raise ValueError("an empty history has nothing to change")
    on = max(on, history[0].start)
    end = run_end_of_all(history, tuple(values), on)
    here = next(i for i, period in enumerate(history) if period.holds(on))
    first = here
    while first > 0 and all(history[first - 1].values.get(f) == history[here].values.get(f) for f in values):
        first -= 1
    return put(history, values, start=history[first].start if backwards else on, end=end)


def run_end_of_all(history: Sequence[Period], fields: Iterable[str], day: date) -> date:
    """Where the first run of the fields that holds `day` ends (exclusive)."""
    return min(run_end(history, field, day) for field in fields)


def put(history: Sequence[Period], values: Mapping[str, Any], *, start: date, end: date) -> list[Period]:
    """The history in which the fields have the given values over exactly [`start`, `end`)."""
    result = _split(_split(history, start), end)
    return merged(
        Period(p.start, p.end, {**p.values, **values}) if start <= p.start and p.end <= end else p for p in result
    )


def run_end(history: Sequence[Period], field: str, day: date) -> date:
    """Where the run of the field that holds `day` ends (exclusive)."""
    first = next(i for i, period in enumerate(history) if period.holds(day))
    return history[_run_end(history, field, first)].end


def merged(history: Iterable[Period]) -> list[Period]:
    """The history without borders at which nothing changes."""
    out: list[Period] = []
    for period in history:
        if out and out[-1].end == period.start and dict(out[-1].values) == dict(period.values):
            out[-1] = Period(out[-1].start, period.end, period.values)
        else:
            out.append(period)
    return out


def _split(history: Sequence[Period], day: date) -> list[Period]:
    out = []
    for period in history:
        if period.start < day < period.end:
            out += [Period(period.start, day, period.values), Period(day, period.end, period.values)]
        else:
            out.append(period)
    return out


def _run_end(history: Sequence[Period], field: str, first: int) -> int:
    kept = history[first].values.get(field)
    last = first
    while last + 1 < len(history) and history[last + 1].values.get(field) == kept:
        last += 1
    return last


def _set(history: Sequence[Period], field: str, value: Any, first: int, last: int) -> list[Period]:
    return [
        Period(period.start, period.end, {**period.values, field: value}) if first <= i <= last else period
        for i, period in enumerate(history)
    ]
