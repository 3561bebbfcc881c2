"""What a row of the truth table is: the cells as a clerk typed them, and what an importer must make of them.

Nothing under ``tests/truth`` imports the product: only the standard library, openpyxl and xlwt. Columns are named by
the fields of the register (``name``, ``code``, ``capital_fen`` …) plus ``annual_2023`` … for the yearly results.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

VERDICTS = ("accept", "review", "reject", "duplicate", "skip")
ANNUAL_YEARS = (2023, 2024, 2025)
EPOCH = date(1899, 12, 30)


@dataclass(frozen=True, slots=True)
class DateCell:
    """A real date cell: a serial number of days since 1899-12-30 (valid from 1900-03-01) shown in a date format."""

    serial: float

    @classmethod
    def of(cls, day: date) -> DateCell:
        """The cell that shows ``day``."""
        return cls((day - EPOCH).days)

    @property
    def day(self) -> date:
        """The calendar day shown; serials below 60 follow Excel, which counts 1900-01-01 as 1."""
        if 0 < self.serial < 60:
            return date(1899, 12, 31) + timedelta(days=int(self.serial))
        return EPOCH + timedelta(days=int(self.serial))


@dataclass(frozen=True, slots=True)
class ErrorCell:
    """A cell that holds a spreadsheet error such as ``#N/A``."""

    text: str


type Cell = str | bool | int | float | DateCell | ErrorCell | None
type Value = str | int | bool | dict[str, str]


@dataclass(slots=True)
class Row:
    """One logical row: typed cells, the truth about them, and the verdict an importer owes.

    ``fields`` holds the normalised values without blanks. ``open`` names the fields whose reported value the contract
    does not fix, each with the values it may hold (``None`` for absent; an empty tuple: anything). ``also`` holds
    verdicts as safe as ``verdict``; ``ruling`` names the choice in the docstring of ``mutations`` where the contract
    is silent. ``key`` is None when the reported key is not fixed. ``findings`` are rule ids that must be reported.
    """

    cells: dict[str, Cell]
    fields: dict[str, Value]
    kind: str
    key: str | None
    verdict: str = "accept"
    mutation: str = "clean"
    touched: frozenset[str] = frozenset()
    open: dict[str, tuple[Value | None, ...]] = field(default_factory=dict)
    also: frozenset[str] = frozenset()
    ruling: str = ""
    findings: frozenset[str] = frozenset()

    def copy(self) -> Row:
        """An independent copy: changing it leaves this row as it is."""
        return replace(
            self, cells=dict(self.cells), fields=deepcopy(self.fields), open=dict(self.open), touched=self.touched
        )

    def put(self, column: str, cell: Cell, value: Value | None) -> None:
        """Type ``cell`` into ``column`` and note that it truly means ``value`` (None: blank)."""
        self.cells[column] = cell
        self.touched = self.touched | {column}
        if column.startswith("annual_"):
            results = dict(self.fields.get("annual_results", {}))  # type: ignore[arg-type]
            results.pop(column[7:], None)
            if isinstance(value, str):
                results[column[7:]] = value
            self.fields.pop("annual_results", None)
            if results:
                self.fields["annual_results"] = results
            return
        self.fields.pop(column, None)
        if value is not None:
            self.fields[column] = value

    def texts(self) -> list[str]:
        """Every text typed into this row."""
        return [cell for cell in self.cells.values() if isinstance(cell, str)]
