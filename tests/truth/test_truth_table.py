"""The truth table itself: its arithmetic, its completeness, its files read back by other means, its determinism."""

from __future__ import annotations

import ast
import csv
import re
from collections import Counter
from datetime import date
from pathlib import Path

import openpyxl
import pytest
import python_calamine

from tests.truth import mutations
from tests.truth.build import Fixture, build, logical_rows
from tests.truth.clean import CODE_ALPHABET, clean_rows, is_code
from tests.truth.expected import FIELDS, ExpectedLine, differences, report_differences
from tests.truth.large import clean_workbook
from tests.truth.mutations import MUTATIONS, PAIR_MUTATIONS
from tests.truth.rows import VERDICTS, DateCell
from tests.truth.workbooks import text_of

SEED = 20261026
MAIN_FILES = 7


@pytest.fixture(scope="module")
def fixtures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Fixture]:
    """All fixtures by file name."""
    return {fixture.path.name: fixture for fixture in build(tmp_path_factory.mktemp("truth"), seed=SEED)}


def _table(fixture: Fixture) -> list[list[str]]:
    """The sheet as texts, read by openpyxl, calamine or the csv module."""
    if fixture.format == "xlsx":
        page = openpyxl.load_workbook(fixture.path)[fixture.options["sheet"]]
        return [["" if v is None else str(v) for v in row] for row in page.iter_rows(values_only=True)]
    if fixture.format == "xls":
        page = python_calamine.CalamineWorkbook.from_path(str(fixture.path)).get_sheet_by_index(0)
        return [[str(v) for v in row] for row in page.to_python(skip_empty_area=False)]
    delimiter = {"csv": ",", "csv-semicolon": ";", "text-tab": "\t"}[
        fixture.format.removesuffix(f"-{fixture.encoding}")
    ]
    with fixture.path.open(encoding=fixture.encoding, newline="") as source:
        return list(csv.reader(source, delimiter=delimiter))


def _report(lines: list[ExpectedLine]) -> dict[str, object]:
    """The report of a perfect importer."""
    return {
        "rows": len(lines),
        "verdicts": dict(Counter(line.verdict for line in lines)),
        "lines": [
            {
                "row": line.row,
                "verdict": line.verdict,
                "key": line.key,
                "fields": {
                    **line.fields,
                    **{name: values[0] for name, values in line.open.items() if values},
                },
                "findings": [{"code": code} for code in line.findings],
            }
            for line in lines
        ],
    }


@pytest.mark.parametrize(
    "code",
    [
        *("51320211MJ60000192", "52320211MJ6000027R", "52320211MJ61234A8K", "53320211MJ6000035H"),
        *("9144030071526726XG", "91330100799655058B", "91110000600037341L"),
    ],
)
def test_arithmetic_of_codes_knows_published_ones_and_every_changed_character(code: str) -> None:
    assert is_code(code)
    for place in range(len(code)):
        for char in CODE_ALPHABET:
            changed = code[:place] + char + code[place + 1 :]
            assert is_code(changed) == (char == code[place])


def test_date_cells_follow_the_calendar() -> None:
    assert DateCell.of(date(2018, 10, 26)).serial == 43399
    assert [DateCell(serial).day for serial in (43399, 1, 0)] == [
        date(2018, 10, 26),
        date(1900, 1, 1),
        date(1899, 12, 30),
    ]


def test_clean_rows_are_valid_unique_and_repeatable() -> None:
    rows = list(clean_rows(5000, 3))
    assert rows == list(clean_rows(5000, 3))
    assert len({row.key for row in rows}) == len({row.fields["name"] for row in rows}) == len(rows)
    registered = [row for row in rows if row.kind != "BA"]
    assert all(is_code(str(row.fields["code"])) for row in registered)
    assert {str(row.fields["code"])[2:8] for row in registered} == {"329911", "320211"}
    assert all(row.fields.keys() <= FIELDS for row in rows)
    for row in rows:
        "".join(row.texts()).encode("gbk")
        assert str(row.fields["registered_on"]) < str(row.fields.get("rated_on", "9999"))


def test_every_mutation_stands_in_the_workbook_and_at_least_300_rows_are_mutated(fixtures: dict[str, Fixture]) -> None:
    names = {line.mutation.removeprefix("hidden-") for line in fixtures["register.xlsx"].expected}
    assert MUTATIONS.keys() | PAIR_MUTATIONS.keys() <= names
    rows = logical_rows(SEED, 420)
    assert sum(row.mutation != "clean" for row in rows) >= 300
    assert sum(row.mutation == "clean" for row in rows) >= 60
    assert len(MUTATIONS) == sum(1 for _ in MUTATIONS)
    assert len(logical_rows(SEED, 900)) == 900


def test_no_two_mutations_share_a_name() -> None:
    tables = ("CODE_MUTATIONS", "DATE_MUTATIONS", "NUMBER_MUTATIONS", "TEXT_MUTATIONS", "WORD_MUTATIONS")
    assert sum(len(getattr(mutations, table)) for table in tables) == len(MUTATIONS)


@pytest.mark.parametrize(
    ("name", "verdict", "field", "value"),
    [
        ("date-chinese", "accept", "registered_on", "2018-10-26"),
        ("date-numerals", "accept", "registered_on", "2018-10-26"),
        ("date-serial-text", "accept", "registered_on", "2018-10-26"),
        ("date-one-digit-dot", "accept", "registered_on", "2018-03-07"),
        ("month-dot", "review", "registered_on", "2018-10"),
        ("blank-1970-cell", "accept", "registered_on", None),
        ("money-wan", "accept", "capital_fen", 5_000_000),
        ("money-yuan-thousands", "accept", "capital_fen", 5_000_000),
        ("money-bare-one-fen", "accept", "capital_fen", 1),
        ("count-full_time-0", "accept", "full_time", 12),
        ("kind-unknown-0", "reject", "kind", None),
        ("code-missing", "review", "code", None),
        ("filed-with-code-and-number", "reject", "code", None),
        ("street-unknown", "review", "street", "五里湖街道"),
    ],
)
def test_table_says_what_the_contract_says(name: str, verdict: str, field: str, value: object) -> None:
    fitting = next(row for row in clean_rows(500, 1) if MUTATIONS[name].fits(row))
    row = MUTATIONS[name].applied(fitting)
    assert (row.verdict, row.fields.get(field)) == (verdict, value)
    assert fitting.mutation == "clean"
    assert fitting == next(clean for clean in clean_rows(500, 1) if clean.key == fitting.key)


def test_each_ruling_is_explained_and_each_explanation_used() -> None:
    listed = set(re.findall(r"^    ([A-Z]\d+) ", mutations.__doc__ or "", flags=re.MULTILINE))
    used = {row.ruling for row in logical_rows(SEED, 420)} - {""}
    assert used | {"T4"} == listed


def test_a_verdict_with_alternatives_has_a_ruling() -> None:
    for row in logical_rows(SEED, 420):
        assert row.verdict in VERDICTS
        assert row.also <= set(VERDICTS) - {row.verdict}
        assert bool(row.ruling) >= bool(row.also), row.mutation


def test_files_read_back_hold_the_expected_rows(fixtures: dict[str, Fixture]) -> None:
    assert len(fixtures) == 12
    for name, fixture in fixtures.items():
        table = _table(fixture)
        first = fixture.header_rows[-1]
        last = max(number for number, cells in enumerate(table, 1) if any(cells))
        assert [line.row for line in fixture.expected] == list(range(first + 1, last + 1)), name
        for line in fixture.expected:
            if line.mutation.removeprefix("hidden-") == "clean":
                cells = table[line.row - 1]
                assert line.fields["name"] in cells, (name, line.row)
                assert line.key in cells, (name, line.row)


def test_every_main_file_shows_the_same_rows_but_for_what_it_cannot_hold(fixtures: dict[str, Fixture]) -> None:
    main = [fixture for name, fixture in fixtures.items() if name.startswith("register")]
    assert len(main) == MAIN_FILES
    most = {
        line.mutation.removeprefix("hidden-") for line in fixtures["register.xlsx"].expected if line.verdict != "skip"
    }
    for fixture in main:
        shown = {line.mutation.removeprefix("hidden-") for line in fixture.expected if line.verdict != "skip"}
        assert len(most - shown) <= 20, (fixture.path.name, sorted(most - shown))
        assert {line.verdict for line in fixture.expected} >= {"accept", "review", "reject", "duplicate"}


def test_encodings_are_what_they_say(fixtures: dict[str, Fixture]) -> None:
    wide = fixtures["register_gb18030.csv"].path.read_bytes()
    with pytest.raises(UnicodeDecodeError):
        wide.decode("gbk")
    text = wide.decode("gb18030")
    assert "𠮷" in text
    assert "🎉" in text
    assert "㐂" in text
    fixtures["register_gbk.csv"].path.read_bytes().decode("gbk")
    assert fixtures["register_utf8_bom.csv"].path.read_bytes()[:3] == b"\xef\xbb\xbf"
    assert fixtures["register_utf16.txt"].path.read_bytes()[:2] == b"\xff\xfe"
    assert fixtures["register_utf16.txt"].dropped == ("政治面貌",)


def test_workbook_has_the_furniture_of_an_office(fixtures: dict[str, Fixture]) -> None:
    fixture = fixtures["register.xlsx"]
    page = openpyxl.load_workbook(fixture.path)["台账"]
    ranges = {str(merged) for merged in page.merged_cells.ranges}
    assert fixture.header_rows == [3, 4]
    assert any(text.startswith("A1:") for text in ranges)
    kinds = next(cell.column_letter for cell in page[3] if cell.value == "类型")
    blocks = [m for m in page.merged_cells.ranges if m.min_row > 4 and m.coord.startswith(kinds)]
    assert len(blocks) > 20
    assert all(page.cell(m.min_row + 1, m.min_col).value is None for m in blocks)
    assert sum(page.row_dimensions[line.row].hidden for line in fixture.expected) == 2
    roles = Counter(line.mutation for line in fixture.expected if line.verdict == "skip")
    assert roles == {"subtotal": 2, "blank": 2, "repeat": 2, "section": 1, "total": 1, "footer": 2}
    assert [page.cell(line.row, 2).value for line in fixture.expected if line.mutation == "total"] == ["合计"]
    formulas = [cell for row in page.iter_rows() for cell in row if cell.data_type == "f"]
    assert formulas == []


def test_old_workbook_keeps_merges_and_hidden_rows(fixtures: dict[str, Fixture]) -> None:
    sheet = python_calamine.CalamineWorkbook.from_path(str(fixtures["register.xls"].path)).get_sheet_by_index(0)
    assert len(sheet.merged_cell_ranges or []) > 20


def test_same_seed_gives_same_text_files_and_another_seed_does_not(
    tmp_path: Path, fixtures: dict[str, Fixture]
) -> None:
    again, other = tmp_path / "again", tmp_path / "other"
    again.mkdir()
    other.mkdir()
    repeated = build(again, seed=SEED)
    build(other, seed=7)
    for fixture in repeated:
        assert fixture.expected == fixtures[fixture.path.name].expected
        if fixture.path.suffix in {".csv", ".txt"}:
            assert fixture.path.read_bytes() == fixtures[fixture.path.name].path.read_bytes()
            assert fixture.path.read_bytes() != (other / fixture.path.name).read_bytes()


def test_accepted_rows_of_one_file_have_keys_of_their_own(fixtures: dict[str, Fixture]) -> None:
    for fixture in fixtures.values():
        keys = [line.key for line in fixture.expected if line.verdict == "accept"]
        assert None not in keys
        assert len(keys) == len(set(keys))
        duplicates = [line.key for line in fixture.expected if line.verdict == "duplicate"]
        assert set(duplicates) <= set(keys)


def test_duplicates_stand_below_their_row(fixtures: dict[str, Fixture]) -> None:
    for fixture in fixtures.values():
        first = {line.key: line.row for line in fixture.expected if line.verdict == "accept"}
        assert all(first[line.key] < line.row for line in fixture.expected if line.verdict == "duplicate")


def test_a_perfect_report_has_no_differences_and_each_fault_is_found(fixtures: dict[str, Fixture]) -> None:
    lines = fixtures["register.xlsx"].expected
    assert report_differences(lines, _report(lines)) == []
    line = next(line for line in lines if line.mutation == "clean" and "capital_fen" in line.fields)
    good = {"row": line.row, "verdict": "accept", "key": line.key, "fields": line.fields}
    assert differences(line, good) == []
    for fault in (
        {"verdict": "review"},
        {"key": "x"},
        {"row": 1},
        {"fields": {**line.fields, "capital_fen": 1}},
        {"fields": {**line.fields, "full_time": float(int(str(line.fields["full_time"])))}},
        {"fields": {name: value for name, value in line.fields.items() if name != "street"}},
        {"fields": {**line.fields, "closed_on": "2020-01-01"}},
        {"fields": {**line.fields, "politics": "中共党员"}},
    ):
        assert len(differences(line, {**good, **fault})) == 1, fault
    phone = {**line.fields, "phone": "199****0001"}
    assert differences(line, {**good, "fields": phone}) == []
    cut = _report(lines)
    cut["lines"] = cut["lines"][1:]  # type: ignore[index]
    assert len(report_differences(lines, cut)) == 1


def test_numbers_become_the_text_a_spreadsheet_saves() -> None:
    cells = (5, 3.5, 10.0, 0.1 + 0.2, 5.13299110000001e17, True, None, DateCell(43399))
    assert [text_of(cell) for cell in cells] == ["5", "3.5", "10", "0.3", "5.13299E+17", "TRUE", "", "2018/10/26"]


def test_large_clean_files_hold_the_generated_rows(tmp_path: Path) -> None:
    rows = list(clean_rows(200, 11))
    assert clean_workbook(tmp_path / "a.xlsx", 200, 11) == clean_workbook(tmp_path / "a.csv", 200, 11) == 200
    clean_workbook(tmp_path / "b.xlsx", 200, 11)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    page = openpyxl.load_workbook(tmp_path / "a.xlsx")["台账"]
    table = list(page.iter_rows(values_only=True))
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as source:
        texts = list(csv.reader(source))
    assert len(table) == len(texts) == 201
    header = [str(text) for text in table[0]]
    for row, cells, text in zip(rows, table[1:], texts[1:], strict=True):
        assert cells[header.index("名称")] == text[header.index("名称")] == row.fields["name"]
        founded = cells[header.index("成立日期")]
        shown = founded if isinstance(founded, str) else founded.date().isoformat()
        assert shown == row.fields["registered_on"]


def test_truth_shares_no_code_with_the_product() -> None:
    allowed = {"openpyxl", "xlwt", "tests"}
    for path in Path(__file__).parent.glob("*.py"):
        if path.name.startswith("test_"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                root = name.split(".")[0]
                assert root in allowed or root in __import__("sys").stdlib_module_names, (path.name, name)
                assert root != "tests" or name.startswith("tests.truth"), (path.name, name)
