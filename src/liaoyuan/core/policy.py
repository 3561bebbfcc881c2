"""Policy: which parameters hold on a decision date, and what the rules say by them.

Look-up (decisions.md, "Policy"): valid on the decision date → most specific jurisdiction → local before shipped →
latest start. Draft rows take part; a finding that rests on one warns at most (`Limits.finding`). Of a confirmed row and
the draft of its correction, which begin on the same day, the confirmed one holds until the draft is confirmed.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Count, Max, Q

from liaoyuan.core import registries
from liaoyuan.core.choices import Moment, ParameterOrigin, ParameterStatus
from liaoyuan.core.models import Parameter
from liaoyuan.core.params import NATIONAL, PROFILES, PROGRAMME
from liaoyuan.core.queries import calendar
from liaoyuan.core.registries import RuleSpec
from liaoyuan.kit.findings import Finding, Limit, Limits, Severity

_LOCAL = str(ParameterOrigin.LOCAL)
_CONFIRMED = str(ParameterStatus.CONFIRMED)
_KEPT = 128
#: An import asks the rules of the moments save and import (design: command line).
_ASKED_AT = {Moment.IMPORT: frozenset({Moment.SAVE, Moment.IMPORT})}


class Row(NamedTuple):
    """One parameter row as the look-up reads it; `valid_to` exclusive, None = open."""

    key: str
    jurisdiction: str
    valid_from: date
    valid_to: date | None
    value: Any
    severity: str
    status: str
    origin: str
    source: str


def chain(place: str, programme: str | None = None) -> list[str]:
    """The jurisdictions that hold for a place, from the widest to the most specific.

    `place` is a profile's name, an area's code or its path; below the district nothing has parameters of its own.
    Raises ValueError for anything else.
    """
    if place in PROFILES:
        found = list(PROFILES[place])
    elif place in registries.profiles:
        found = list(registries.profiles[place].chain)
    else:
        code = place.strip("/").rsplit("/", 1)[-1]
        if code and not (code.isascii() and code.isdigit()):
            raise ValueError(f"没有这个参数方案或区划：{place}")
        found = [NATIONAL, *(code[:size] for size in (2, 4, 6) if len(code) >= size)]
    if programme:
        found.append(programme if programme.startswith(PROGRAMME) else PROGRAMME + programme)
    return found


def pick(rows: Iterable[Row], on: date, jurisdictions: Sequence[str]) -> dict[str, Row]:
    """The one row that holds for each key on the day `on` in the chain `jurisdictions` (widest first)."""
    ranks = {jurisdiction: rank for rank, jurisdiction in enumerate(jurisdictions)}
    best: dict[str, tuple[tuple[int, bool, date, bool], Row]] = {}
    for row in rows:
        rank = ranks.get(row.jurisdiction)
        if rank is None or row.valid_from > on or (row.valid_to is not None and row.valid_to <= on):
            continue
        weight = (rank, row.origin == _LOCAL, row.valid_from, row.status == _CONFIRMED)
        held = best.get(row.key)
        if held is None or weight > held[0]:
            best[row.key] = (weight, row)
    return {key: row for key, (_, row) in best.items()}


def shipped_rows() -> list[Row]:
    """The rows of this release, as the floors entered them."""
    return [
        Row(
            key=str(entry["key"]),
            jurisdiction=str(entry.get("jurisdiction", NATIONAL)),
            valid_from=date.fromisoformat(entry["valid_from"]),
            valid_to=date.fromisoformat(entry["valid_to"]) if entry.get("valid_to") else None,
            value=entry["value"],
            severity=str(entry.get("severity", Severity.WARN)),
            status=str(entry.get("status", ParameterStatus.CONFIRMED)),
            origin=str(ParameterOrigin.SHIPPED),
            source=str(entry.get("source", "")),
        )
        for entry in registries.parameters
    ]


class _Book:
    """All rows in force as of one state of the table, with the limits already looked up in it."""

    def __init__(self, stamp: tuple[Any, ...]) -> None:
        self.stamp = stamp
        kept = [Row(*values) for values in Parameter.objects.in_force().order_by("pk").values_list(*Row._fields)]
        if not any(row.origin != _LOCAL for row in kept):  # an installation without `init`: the release's rows hold
            kept += shipped_rows()
        self.rows = kept
        self.limits: dict[tuple[date, tuple[str, ...]], Limits] = {}


_book: _Book | None = None


def forget() -> None:
    """Drop what this process remembers of the table; a change of the table is noticed without it."""
    global _book  # noqa: PLW0603 - one remembered state per process
    _book = None


def _stamp() -> tuple[Any, ...]:
    """What differs after every change of the table: one short query."""
    counts = Parameter.objects.aggregate(
        rows=Count("pk"),
        last=Max("pk"),
        confirmed=Count("pk", filter=Q(status=ParameterStatus.CONFIRMED)),
        withdrawn=Count("withdrawn_at"),
        edited_at=Max("edited_at"),
        confirmed_at=Max("confirmed_at"),
        withdrawn_at=Max("withdrawn_at"),
    )
    return (*counts.values(), len(registries.parameters), len(registries.rules))


def _current() -> _Book:
    global _book  # noqa: PLW0603 - one remembered state per process
    stamp = _stamp()
    book = _book
    if book is None or book.stamp != stamp:
        book = _book = _Book(stamp)
    return book


def rows_in_force() -> list[Row]:
    """Every row that the look-up sees, of all jurisdictions and dates."""
    return list(_current().rows)


def limits(on: date, jurisdictions: Sequence[str], keys: Iterable[str] | None = None) -> Limits:
    """The parameters that hold on the day `on` in a chain (see `chain`); `keys` narrows them to some.

    One query finds out whether the table changed; the same question is answered from memory until then.
    """
    book = _current()
    if keys is None:
        return _looked_up(book, on, jurisdictions)
    return build([row for row in book.rows if row.key in frozenset(keys)], on, jurisdictions, calendar.workdays)


def limits_by_day(days: Iterable[date], jurisdictions: Sequence[str]) -> dict[date, Limits]:
    """The same for several days, by one query in all."""
    book = _current()
    return {day: _looked_up(book, day, jurisdictions) for day in days}


def _looked_up(book: _Book, on: date, jurisdictions: Sequence[str]) -> Limits:
    asked = (on, tuple(jurisdictions))
    found = book.limits.get(asked)
    if found is None:
        if len(book.limits) >= _KEPT:
            book.limits.clear()
        found = book.limits[asked] = build(book.rows, on, asked[1], calendar.workdays)
    return found


def build(rows: Iterable[Row], on: date, jurisdictions: Sequence[str], days: Callable[[], Any] | None = None) -> Limits:
    """Limits out of given rows, without the database: docs, trials and tests."""
    held = {
        key: Limit(
            key=key,
            value=row.value,
            severity=Severity(row.severity),
            source=row.source,
            status=row.status,
            valid_from=row.valid_from.isoformat(),
            jurisdiction=row.jurisdiction,
        )
        for key, row in pick(rows, on, jurisdictions).items()
    }
    return Limits(held, messages(), days)


def messages() -> dict[str, str]:
    """The Chinese sentences of all rules by `ID` and `ID.variant`."""
    return {name: text for spec in registries.rules.values() for name, text in spec.messages.items()}


@dataclass(frozen=True, slots=True)
class Plan:
    """The rules that one moment asks, each with the limits it is judged by. Made once, run over many rows."""

    steps: tuple[tuple[Callable[..., Iterable[Finding]], Limits], ...]

    def run(self, facts: Any, on: date) -> list[Finding]:
        """What the rules say of these facts, in the order of the rules."""
        found: list[Finding] = []
        for function, by in self.steps:
            told = function(facts, by, on=on)
            if told:
                found.extend(told)
        return found


def plan(what: str, by: Limits | Mapping[str, Limits]) -> Plan:
    """The plan of a moment, or of one rule by its code.

    `by` is one chain's limits or, by the kind of jurisdiction (`registrar`, `domicile`), the limits of each. Rules that
    are switched off or whose entity is not built yet are left out.
    """
    if what in registries.rules:
        specs: Iterable[RuleSpec] = (registries.rules[what],)
    else:
        moments = _ASKED_AT.get(Moment(what), frozenset({what}))
        specs = (spec for spec in registries.rules.values() if not moments.isdisjoint(spec.moments))
    steps = []
    for spec in specs:
        limits = by if isinstance(by, Limits) else by[spec.jurisdiction]
        if spec.function is not None and limits.is_on(spec.code):
            steps.append((spec.function, limits if what == spec.code else limits.at(what)))
    return Plan(tuple(steps))


def evaluate(what: str, facts: Any, by: Limits | Mapping[str, Limits], on: date) -> list[Finding]:
    """Ask the rules of a moment, or one rule by its code, about the facts. Raises ValueError for an unknown moment.

    For many rows make the `plan` once and run it.
    """
    return plan(what, by).run(facts, on)


def rows_of(spec: RuleSpec, rows: Iterable[Row]) -> list[Row]:
    """The rows that a rule reads: its own, those of its variants and moments, and its parameters."""
    own = (spec.code + ".", spec.code + "@")
    return [r for r in rows if r.key == spec.code or r.key.startswith(own) or r.key in spec.params]


def readers(key: str) -> list[RuleSpec]:
    """The rules that a change of this parameter would touch."""
    code = key.partition(".")[0].partition("@")[0]
    return [spec for spec in registries.rules.values() if spec.code == code or key in spec.params]
