"""Builds the fixtures: the same mutated rows as workbooks and text files, each with the report it must give."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tests.truth import layouts
from tests.truth.change import Mutation, judge
from tests.truth.clean import clean_rows
from tests.truth.expected import ExpectedLine, expected_lines
from tests.truth.layouts import Layout
from tests.truth.mutations import MUTATIONS, PAIR_MUTATIONS
from tests.truth.numbers import EXPLICIT_MONEY, WAN, YUAN
from tests.truth.rows import Row
from tests.truth.sheets import Sheet, arrange, fits_encoding, fits_layout
from tests.truth.workbooks import SHEET_NAME, write_text, write_xls, write_xlsx

AREA = "320211"
AS_OF = "2026-10-26"
_CLEAN_SHARE = 6
_SECTION = 36
_SMALL = 48


@dataclass(frozen=True, slots=True)
class Fixture:
    """One file to import. ``options`` are those of the import call: area, as_of, and sheet or unit where needed.

    ``dropped`` are header words of columns that an import must leave out and say so.
    """

    path: Path
    format: str
    expected: list[ExpectedLine]
    options: dict[str, str]
    encoding: str | None
    header_rows: list[int]
    dropped: tuple[str, ...] = field(default=())


def _take(pool: list[Row], fits: Callable[[Row], bool]) -> Row:
    """The first clean row that fits, out of the pool: no clean row is used twice."""
    place = next(number for number, row in enumerate(pool) if fits(row))
    return pool.pop(place)


def _blocks(rows: Iterable[Row]) -> list[Row]:
    """Rows in sections, each sorted by type word, so that blocks of one type arise as in a clerk's sheet."""
    ordered = list(rows)
    found: list[Row] = []
    for start in range(0, len(ordered), _SECTION):
        found += sorted(ordered[start : start + _SECTION], key=lambda row: row.kind)
    return found


def logical_rows(seed: int, rows: int) -> list[Row]:
    """At least ``rows`` rows: every mutation once, every pair, further mutations by chance, a sixth of them clean.

    There are more rows than asked for when ``rows`` is too few to hold every mutation.
    """
    rng = random.Random(seed)
    paired = 2 * len(PAIR_MUTATIONS)
    total = max(rows, (len(MUTATIONS) + paired) * _CLEAN_SHARE // (_CLEAN_SHARE - 1) + _CLEAN_SHARE)
    clean = total // _CLEAN_SHARE
    chosen: list[Mutation] = list(MUTATIONS.values())
    chosen += rng.choices(chosen, k=total - clean - paired - len(chosen))
    # Foundations and rated bodies are rare: a pool much larger than the need holds enough of them.
    pool = list(clean_rows(total * 8, seed))
    mutated = [mutation.applied(_take(pool, mutation.fits)) for mutation in chosen]
    pairs = [
        pair.applied(_take(pool, lambda row, kinds=pair.kinds: row.kind in kinds and row.fields["status"] == "active"))  # type: ignore[misc]
        for pair in PAIR_MUTATIONS.values()
    ]
    singles = mutated + pool[:clean]
    rng.shuffle(singles)
    ordered = _blocks(singles)
    for first, second in pairs:
        place = rng.randrange(len(ordered) // 2)
        ordered.insert(place, first)
        ordered.insert(rng.randrange(place + 1, len(ordered) + 1), second)
    return ordered


def _money_rows(seed: int, *, header_unit: int | None) -> list[Row]:
    """Rows about the unit of money: bare amounts, amounts with a unit, and none.

    ``header_unit`` is the fen in one unit of the bare amounts (100 for 元, 1,000,000 for 万元), None when unknown.
    """
    explicit = list(EXPLICIT_MONEY.values())
    found: list[Row] = []
    for number, clean in enumerate(row for row in clean_rows(_SMALL * 3, seed) if row.kind != "BA"):
        row = clean.copy()
        if number % 4 == 0:
            row.put("capital_fen", *explicit[number // 4 % len(explicit)])
            row.mutation = "money-with-unit"
        elif number % 4 == 1 and number % 8 == 1:
            row.put("capital_fen", None, None)
            row.mutation = "money-blank"
        else:
            amount = ((3, 5, 10) if header_unit == WAN else (30_000, 50_000, 100_000))[number % 3]
            row.put("capital_fen", amount if number % 2 else f"{amount:,}", amount * (header_unit or 0))
            row.mutation = "money-bare"
            if header_unit is None:
                row.put("capital_fen", row.cells["capital_fen"], None)
                judge(row, "review", open_values={"capital_fen": ()})
        found.append(row)
        if len(found) == _SMALL:
            break
    return found


class _Factory:
    """Writes sheets into one folder and keeps the fixtures."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.seed = seed
        self.fixtures: list[Fixture] = []

    def _sheet(self, rows: Iterable[Row], layout: Layout, encoding: str) -> Sheet:
        kept = [row for row in rows if fits_layout(row, layout) and fits_encoding(row, encoding)]
        return arrange(kept, layout, seed=self.seed)

    def _keep(self, path: Path, form: str, sheet: Sheet, encoding: str | None, options: dict[str, str]) -> None:
        self.fixtures.append(
            Fixture(
                path,
                form,
                expected_lines(sheet),
                {"area": AREA, "as_of": AS_OF, **options},
                encoding,
                sheet.layout.header_rows,
                ("政治面貌",) if sheet.layout.has("political") else (),
            )
        )

    def xlsx(self, name: str, rows: Iterable[Row], layout: Layout, *, from_1904: bool = False) -> None:
        sheet = self._sheet(rows, layout, "utf-8")
        path = self.folder / f"{name}.xlsx"
        write_xlsx(sheet, path, from_1904=from_1904)
        self._keep(path, "xlsx", sheet, None, {"sheet": SHEET_NAME})

    def xls(self, name: str, rows: Iterable[Row], layout: Layout) -> None:
        sheet = self._sheet(rows, layout, "bmp")
        path = self.folder / f"{name}.xls"
        write_xls(sheet, path)
        self._keep(path, "xls", sheet, None, {})

    def text(
        self,
        *,
        name: str,
        rows: Iterable[Row],
        layout: Layout,
        encoding: str,
        delimiter: str = ",",
        options: dict[str, str] | None = None,
    ) -> None:
        sheet = self._sheet(rows, layout, encoding)
        path = self.folder / name
        write_text([line.cells for line in sheet.lines], path, encoding=encoding, delimiter=delimiter)
        form = {",": "csv", ";": "csv-semicolon", "\t": "text-tab"}[delimiter]
        self._keep(path, f"{form}-{encoding}", sheet, encoding, options or {})


def build(folder: Path, *, seed: int = 20261026, rows: int = 420) -> list[Fixture]:
    """Write every fixture into ``folder``; the same seed gives the same rows, and text files of the same bytes.

    Seven files show the same mutated rows (each leaves out the few that its encoding or columns cannot hold), four are
    about the unit of money alone, one counts its days from 1904.
    """
    factory = _Factory(folder, seed)
    mutated = logical_rows(seed, rows)
    factory.xlsx("register", mutated, layouts.WORKBOOK)
    factory.xls("register", mutated, layouts.OLD_WORKBOOK)
    factory.text(name="register_gbk.csv", rows=mutated, layout=layouts.GBK, encoding="gbk")
    factory.text(name="register_gb18030.csv", rows=mutated, layout=layouts.GB18030, encoding="gb18030")
    factory.text(name="register_utf8_bom.csv", rows=mutated, layout=layouts.UTF8_BOM, encoding="utf-8-sig")
    factory.text(name="register_utf16.txt", rows=mutated, layout=layouts.UTF16, encoding="utf-16", delimiter="\t")
    factory.text(name="register_semicolon.csv", rows=mutated, layout=layouts.SEMICOLON, encoding="utf-8", delimiter=";")
    for name, unit, options in (
        ("money_no_unit.csv", None, {}),
        ("money_unit_yuan.csv", YUAN, {"unit": "元"}),
        ("money_unit_wan.csv", WAN, {"unit": "万元"}),
    ):
        money = _money_rows(seed, header_unit=unit)
        factory.text(name=name, rows=money, layout=layouts.NO_UNIT, encoding="utf-8-sig", options=options)
    factory.xlsx("money_header_yuan", _money_rows(seed, header_unit=YUAN), layouts.HEADER_YUAN)
    factory.xlsx("days_from_1904", list(clean_rows(_SMALL, seed)), layouts.PLAIN, from_1904=True)
    return factory.fixtures
