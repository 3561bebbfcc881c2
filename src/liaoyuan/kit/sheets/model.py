"""What every reader of a table speaks: cells, sheets, merged ranges and the limits of one file.

Rows are numbered from 1 as the spreadsheet program shows them; columns are list indices from 0.
"""

from collections.abc import Generator
from dataclasses import dataclass
from datetime import date
from typing import Protocol

type Cell = str | int | float | bool | date | None
"""A cell as it stands in the file (`datetime` is a `date`). A clock time without a day is text such as `14:30`."""
type Row = tuple[int, list[Cell]]
"""The sheet's own row number and its cells up to the last filled one; an empty list is a blank row."""


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """What is refused before it costs memory or minutes."""

    max_bytes: int = 100 * 2**20
    """Size of the file on disk, by `stat`, before a byte is read."""
    max_inflated: int = 1_500 * 2**20
    """Sum of the sizes that a zip container declares for its parts."""
    max_ratio: int = 200
    """Inflated : stored of one part above 16 MB. Sheets of real rosters stay below 40."""
    max_text: int = 512 * 2**20
    """Bytes of the shared strings of a workbook, which stay in memory while it is read."""
    max_rows: int = 1_200_000
    """Number of the last row."""
    max_columns: int = 1_000
    """Number of the last filled column in any row."""
    max_merges: int = 200_000


@dataclass(frozen=True, slots=True)
class SheetInfo:
    """A worksheet by name, with the number of rows that hold a value."""

    name: str
    rows: int
    visible: bool


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged range, both ends included: rows from 1, columns from 0."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int

    def covers(self, row: int, column: int) -> bool:
        """Whether the cell lies in the range."""
        return self.first_row <= row <= self.last_row and self.first_column <= column <= self.last_column


class Source(Protocol):
    """One opened file of one format. All of it may raise `Unreadable`, or any exception for broken bytes."""

    kind: str
    encoding: str | None
    delimiter: str | None
    sheets: tuple[SheetInfo, ...]

    def facts(self, sheet: str) -> tuple[list[Merge], frozenset[int]]:
        """Merged ranges and hidden rows of a sheet."""
        ...

    def rows(self, sheet: str) -> Generator[Row, None, None]:
        """Rows that exist in the file, in growing order; gaps and blank rows may be left out or empty."""
        ...
