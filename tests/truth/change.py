"""The shape of a mutation: a name, what it does to a clean row, and which clean rows it fits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.truth.rows import Cell, Row, Value

REGISTERED = frozenset({"ST", "MF", "JJ"})
FILED = frozenset({"BA"})
EVERY = REGISTERED | FILED

#: Columns that a clean row of a filed body leaves empty.
_REGISTERED_COLUMNS = frozenset(
    {
        *("code", "registrar", "supervisor", "industry_regulator", "party_lead", "capital_fen", "certificate_from"),
        *("certificate_to", "council_count", "supervisors_count", "is_charity", "public_fundraising", "tax_deductible"),
        *("credit_status", "rating", "rated_on", "rating_until", "annual_2023", "annual_2024", "annual_2025"),
    }
)
_RATED_COLUMNS = frozenset({"rating", "rated_on", "rating_until"})


@dataclass(frozen=True, slots=True)
class Mutation:
    """``change`` edits the copy of a clean row in place: cells, truth and verdict."""

    name: str
    group: str
    change: Callable[[Row], None]
    kinds: frozenset[str] = EVERY
    needs: frozenset[str] = frozenset()
    code_has: str = ""

    def fits(self, row: Row) -> bool:
        """Whether this clean row has the kind, the filled fields and the code characters that the mutation is about."""
        # An ended body is left clean, so that a changed state or date never contradicts its closing date.
        if row.fields["status"] != "active" or row.kind not in self.kinds or not self.needs <= row.fields.keys():
            return False
        return self.code_has in str(row.fields.get("code", ""))[8:]

    def applied(self, row: Row) -> Row:
        """A mutated copy of ``row``."""
        mutated = row.copy()
        mutated.mutation = self.name
        self.change(mutated)
        return mutated


@dataclass(frozen=True, slots=True)
class Pair:
    """Two rows out of one clean row: ``change`` gives the earlier and the later one."""

    name: str
    change: Callable[[Row], tuple[Row, Row]]
    kinds: frozenset[str] = EVERY

    def applied(self, row: Row) -> tuple[Row, Row]:
        """The earlier and the later row; the later one always bears the pair's name."""
        first, second = self.change(row.copy())
        second.mutation = self.name
        return first, second


def judge(
    row: Row,
    verdict: str,
    *,
    ruling: str = "",
    also: tuple[str, ...] = (),
    open_values: dict[str, tuple[Value | None, ...]] | None = None,
    findings: tuple[str, ...] = (),
) -> None:
    """Set what an importer owes for this row."""
    row.verdict = verdict
    row.ruling = ruling
    row.also = frozenset(also)
    row.open.update(open_values or {})
    row.findings = frozenset(findings)


def cell(
    name: str,
    column: str,
    shown: Cell,
    value: Value | None,
    verdict: str = "accept",
    *,
    ruling: str = "",
    also: tuple[str, ...] = (),
    anything: bool = False,
    either: tuple[Value | None, ...] = (),
) -> Mutation:
    """A mutation of one cell: ``shown`` is typed, ``value`` is meant.

    ``either`` lists the values the report may hold instead of exactly one; ``anything`` leaves the value open.
    """
    fields_name = "annual_results" if column.startswith("annual_") else column

    def change(row: Row) -> None:
        row.put(column, shown, value)
        open_values: dict[str, tuple[Value | None, ...]] = {}
        if anything or either or verdict == "reject":
            open_values[fields_name] = either
        if column == "field":
            # A district may derive its own eight fields from the fourteen of the ministry, and clean rows show both.
            row.put("district_field", None, None)
            open_values["district_field"] = ()
        judge(row, verdict, ruling=ruling, also=also, open_values=open_values)

    kinds = REGISTERED if column in _REGISTERED_COLUMNS else EVERY
    needs = frozenset({"rating"}) if column in _RATED_COLUMNS else frozenset()
    return Mutation(name, column, change, kinds, needs)
