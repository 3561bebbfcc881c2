"""What is written is read back as it was, by us and by others, and no text is ever a formula."""
# ruff: noqa: DTZ001 -- the clock of a sheet has no zone

import csv
import json
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
import python_calamine
from hypothesis import given, settings
from hypothesis import strategies as st

from liaoyuan.kit.sheets.reading import open_table
from liaoyuan.kit.sheets.writing import (
    Column,
    escape_formula,
    return_xlsx,
    unescape_formula,
    write_csv,
    write_json,
    write_xlsx,
)

COLUMNS = [
    Column("统一社会信用代码", note="18 位", required=True),
    Column("名称", width=30),
    Column("类型", choices=["社会团体", "基金会"]),
    Column("成立日期", kind="date"),
    Column("注册资金(万元)", kind="number", key="capital"),
]
ROWS = [
    ["523202115094910001", "甲<&>\"'协会", "社会团体", date(2015, 1, 20), Decimal("3.5")],
    ["0012", '=HYPERLINK("http://x")', "@x", datetime(2015, 1, 20, 8, 30, 15), -3],
    ["+86", "-", "\t制表", None, 0.1],
    ["_x000D_", " 换行\n与\r回车 \x07", None, date(1900, 1, 1), 10**15],
    [None, "𠮷㐂", "", date(1900, 3, 1), 999999999999999],
]


def test_a_workbook_comes_back(tmp_path):
    path = tmp_path / "o.xlsx"
    assert write_xlsx(path, COLUMNS, iter(ROWS), title="台账", notes=[["列", "说明"], ["类型", "从下拉选择"]]) == 5
    table = open_table(path)
    assert [(info.name, info.visible) for info in table.sheets] == [("数据", True), ("说明", True)]
    rows = dict(table.rows())
    assert rows[1] == ["台账"]
    assert rows[2] == ["统一社会信用代码", "名称", "类型", "成立日期", "注册资金(万元)"]
    assert rows[3] == ["523202115094910001", "甲<&>\"'协会", "社会团体", date(2015, 1, 20), 3.5]
    assert rows[4] == ["0012", '=HYPERLINK("http://x")', "@x", datetime(2015, 1, 20, 8, 30, 15), -3]
    assert rows[5] == ["+86", "-", "\t制表", None, 0.1]
    assert rows[6] == ["_x000D_", " 换行\n与\r回车 \x07", None, "1900-01-01", "1000000000000000"]
    assert rows[7] == [None, "𠮷㐂", None, date(1900, 3, 1), 999999999999999]
    assert list(open_table(path, sheet="说明").rows()) == [(1, ["列", "说明"]), (2, ["类型", "从下拉选择"])]
    assert not (tmp_path / "o.xlsx.part").exists()


def test_others_read_the_workbook_too(tmp_path):
    path = tmp_path / "o.xlsx"
    write_xlsx(path, COLUMNS, ROWS)
    sheet = openpyxl.load_workbook(path)["数据"]
    assert sheet["A2"].value == "523202115094910001"
    assert sheet["B3"].value == '=HYPERLINK("http://x")'
    assert sheet["B3"].data_type in "sf"  # openpyxl calls any text with = a formula; the file says otherwise:
    with zipfile.ZipFile(path) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in xml
    assert "<f " not in xml
    assert sheet["D2"].value == datetime(2015, 1, 20)
    assert sheet["D2"].number_format == "yyyy-mm-dd"
    assert sheet["A2"].number_format == "@"
    assert sheet["A1"].comment.text == "18 位"
    assert sheet["A1"].font.b
    assert sheet.freeze_panes == "A2"
    assert sheet.column_dimensions["B"].width == pytest.approx(30, abs=1)
    [rule] = sheet.data_validations.dataValidation
    assert rule.formula1 == '"社会团体,基金会"'
    assert str(rule.sqref) == "C2:C1048576"
    cells = python_calamine.load_workbook(str(path)).get_sheet_by_index(0).to_python()
    assert cells[0] == [column.title for column in COLUMNS]
    assert cells[1] == ["523202115094910001", "甲<&>\"'协会", "社会团体", date(2015, 1, 20), 3.5]
    assert len(cells) == 6


def test_long_lists_stand_on_a_hidden_sheet(tmp_path):
    path = tmp_path / "o.xlsx"
    choices = [f"第{i}社区" for i in range(200)]
    write_xlsx(path, [Column("社区", choices=choices)], [])
    book = openpyxl.load_workbook(path)
    assert book["选项"].sheet_state == "hidden"
    assert [cell.value for cell in book["选项"]["A"]] == choices
    assert book["数据"].data_validations.dataValidation[0].formula1 == "选项!$A$1:$A$200"


def test_an_empty_workbook_of_one_column(tmp_path):
    assert write_xlsx(tmp_path / "o.xlsx", [Column("名称")], iter(())) == 0
    assert list(open_table(tmp_path / "o.xlsx").rows()) == [(1, ["名称"])]


@pytest.mark.parametrize("write", [write_xlsx, write_csv, write_json])
def test_the_same_rows_give_the_same_bytes(write, tmp_path, monkeypatch):
    plain = [row[:2] for row in ROWS]
    write(tmp_path / "a", COLUMNS[:2], plain)
    monkeypatch.setenv("TZ", "America/New_York")
    write(tmp_path / "b", COLUMNS[:2], iter(plain))
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.parametrize(
    "row", [["x" * 32_768], [float("inf")], [datetime(2024, 1, 1, tzinfo=UTC)], ["a", "b"], [Decimal("NaN")]]
)
def test_what_a_cell_cannot_hold_is_refused_and_nothing_is_left(row, tmp_path):
    path = tmp_path / "o.xlsx"
    path.write_bytes(b"before")
    with pytest.raises(ValueError, match=r"."):
        write_xlsx(path, [Column("名称")], [row])
    assert path.read_bytes() == b"before"
    assert [p.name for p in tmp_path.iterdir()] == ["o.xlsx"]


def test_csv_as_others_read_it(tmp_path):
    path = tmp_path / "o.csv"
    assert write_csv(path, COLUMNS, iter(ROWS)) == 5
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == [column.title for column in COLUMNS]
    assert rows[1] == ["523202115094910001", "甲<&>\"'协会", "社会团体", "2015-01-20", "3.5"]
    assert rows[2] == ["0012", '\'=HYPERLINK("http://x")', "'@x", "2015-01-20 08:30:15", "-3"]
    assert rows[3] == ["'+86", "'-", "'\t制表", "", "0.1"]
    assert not any(cell[:1] in "=+@\t\r" for row in rows for cell in row if cell)


def test_csv_comes_back(tmp_path):
    path = tmp_path / "o.csv"
    texts = [["=1+1", "'=1"], ["''-", "-5"], ["＝x", "'quoted'"], ['a,"b"', "c\r\nd"]]
    write_csv(path, COLUMNS[:2], texts)
    assert [cells for _, cells in open_table(path).rows()][1:] == texts


def test_json(tmp_path):
    path = tmp_path / "o.json"
    assert write_json(path, COLUMNS, ROWS[:2]) == 2
    assert json.loads(path.read_text(encoding="utf-8")) == [
        {
            "统一社会信用代码": "523202115094910001",
            "名称": "甲<&>\"'协会",
            "类型": "社会团体",
            "成立日期": "2015-01-20",
            "capital": 3.5,
        },
        {
            "统一社会信用代码": "0012",
            "名称": '=HYPERLINK("http://x")',
            "类型": "@x",
            "成立日期": "2015-01-20T08:30:15",
            "capital": -3,
        },
    ]
    write_json(path, COLUMNS, [])
    assert json.loads(path.read_text(encoding="utf-8")) == []


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@given(TEXTS)
def test_marking_formulas_is_undone_exactly(text):
    marked = escape_formula(text)
    assert marked[:1] not in {"=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"}
    if not text.startswith("="):
        assert unescape_formula(marked) == text
    assert unescape_formula(escape_formula("=" + text)) == "=" + text


SHEET_TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(SHEET_TEXTS, SHEET_TEXTS), min_size=1, max_size=8))
def test_any_text_comes_back_from_a_workbook(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("w") / "o.xlsx"
    write_xlsx(path, COLUMNS[:2], rows)
    found = dict(open_table(path).rows())
    for number, row in enumerate(rows, 2):
        cells = found.get(number, [])
        seen = [cells[i] if i < len(cells) else None for i in range(2)]
        if any(cell.strip() for cell in row):
            assert seen == [cell or None for cell in row]
        else:
            assert seen == [None, None]


def test_rows_with_findings_go_back_in_their_own_layout(tmp_path):
    top = [["滨湖区台账", None, None], ["代码", "人员", None, "日期"], [None, "专职", "兼职", None]]
    rows = [
        (4, ["0012", '=HYPERLINK("http://x")', 3], [(0, "代码只有 4 位。"), (None, "请核对整行。")]),
        (7, [None, "𠮷㐂", 999999999999999, date(1900, 3, 1)], [(3, "日期过早。"), (3, "请改。")]),
    ]
    merged = [(0, 0, 0, 3), (1, 0, 2, 0), (1, 1, 1, 2), (1, 3, 2, 3)]
    path = tmp_path / "e.xlsx"
    assert return_xlsx(path, top, iter(rows), header=2, merged=merged, sheet="台账/2026") == 2
    sheet = openpyxl.load_workbook(path).active
    assert sheet.title == "台账 2026"
    assert {str(found) for found in sheet.merged_cells.ranges} == {"A1:D1", "A2:A3", "B2:C2", "D2:D3", "E2:E3"}
    assert [cell.value for cell in sheet[2]] == ["代码", "人员", None, "日期", "错误说明"]
    assert [cell.value for cell in sheet[3]] == [None, "专职", "兼职", None, None]
    assert [cell.value for cell in sheet[4]] == [
        "0012", '=HYPERLINK("http://x")', 3, None, "原第 4 行：代码只有 4 位。；请核对整行。"
    ]  # fmt: skip
    assert sheet["B4"].data_type == "s"
    assert sheet["E5"].value == "原第 7 行：日期过早。；请改。"
    assert sheet["A4"].comment.text == "代码只有 4 位。"
    assert sheet["D5"].comment.text == "日期过早。\n请改。"
    assert sheet["B4"].comment is None
    cells = [cell for row in sheet.iter_rows(min_row=4) for cell in row]
    coloured = {cell.coordinate for cell in cells if cell.fill.fgColor.rgb == "FFFDE2E0"}
    assert coloured == {"A4", "D5"}
    assert dict(open_table(path).rows())[5][3] == date(1900, 3, 1)
