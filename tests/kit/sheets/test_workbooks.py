"""Workbooks of every format come out as what was put in, with their own row numbers."""
# ruff: noqa: DTZ001 -- the clock of a sheet has no zone

import random
from datetime import date, datetime

import openpyxl
import pytest
import python_calamine
import xlwt
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from liaoyuan.kit.sheets.reading import Merge, SheetInfo, open_table
from tests.kit.sheets import files

ROWS = [
    ["滨湖区社会组织台账"],
    [],
    ["序号", "名称", "成立日期", "注册资金(万元)", "是否慈善组织"],
    [1, "无锡市滨湖区<乐>&\"龄\"'协会'", date(2015, 1, 20), 3.5, True],
    [2, "换行\n与 空格 ", datetime(2015, 1, 20, 8, 30, 15), -3, False],
    [],
    [3, "㐂𠮷", None, 523202115094910000, None, "末列"],
]


@pytest.fixture(params=["xlsx", "xls"])
def roster(request, tmp_path):
    path = tmp_path / "没有扩展名"
    if request.param == "xlsx":
        book = openpyxl.Workbook()
        sheet = book.active
        sheet.title = "台账"
        for row in ROWS:
            sheet.append(row)
        sheet.merge_cells("A1:E1")
        sheet.row_dimensions[5].hidden = True
        book.create_sheet("空表")
        book.create_sheet("旧表").append(["旧"])
        book["旧表"].sheet_state = "hidden"
        book.save(path)
        return path
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("台账")
    day, moment = xlwt.easyxf(num_format_str="YYYY-MM-DD"), xlwt.easyxf(num_format_str="yyyy/m/d h:mm:ss")
    for r, row in enumerate(ROWS):
        for c, value in enumerate(row):
            if isinstance(value, datetime):
                sheet.write(r, c, value, moment)
            elif isinstance(value, date):
                sheet.write(r, c, value, day)
            elif value is not None and (r, c) != (0, 0):
                sheet.write(r, c, value)
    sheet.write_merge(0, 0, 0, 4, ROWS[0][0])
    sheet.row(4).hidden = True
    book.add_sheet("空表")
    book.add_sheet("旧表").write(0, 0, "旧")
    book.get_sheet(2).visibility = 1
    book.save(str(path))
    return path


def test_a_roster_comes_out_as_it_went_in(roster):
    table = open_table(roster)
    rows = dict(table.rows())
    assert list(rows) == [1, 2, 3, 4, 5, 6, 7]
    assert rows[1] == ["滨湖区社会组织台账"]
    assert rows[2] == rows[6] == []
    assert rows[3] == ["序号", "名称", "成立日期", "注册资金(万元)", "是否慈善组织"]
    assert rows[4] == [1, "无锡市滨湖区<乐>&\"龄\"'协会'", date(2015, 1, 20), 3.5, True]
    assert [type(cell) for cell in rows[4]] == [int, str, date, float, bool]
    assert rows[5] == [2, "换行\n与 空格 ", datetime(2015, 1, 20, 8, 30, 15), -3, False]
    assert rows[7] == [3, "㐂𠮷", None, 523202115094910000, None, "末列"]
    assert table.sheet == "台账"
    assert table.sheets == (SheetInfo("台账", 5, True), SheetInfo("空表", 0, True), SheetInfo("旧表", 1, False))
    assert table.merged == (Merge(1, 0, 1, 4),)
    assert table.hidden_rows == {5}
    assert table.encoding is None


def test_rows_can_be_read_again_and_in_parallel(roster):
    table = open_table(roster)
    first, second = table.rows(), table.rows()
    next(first)
    assert list(second) == [(1, ["滨湖区社会组织台账"]), *first]


def test_a_hidden_sheet_is_read_only_when_named(roster):
    assert list(open_table(roster, sheet="旧表").rows()) == [(1, ["旧"])]


@pytest.mark.parametrize("write", [files.xlsx, files.xls, files.shared_xlsx])
def test_the_same_cells_as_an_independent_reader(write, tmp_path):
    """Every kind of cell at random places, against python-calamine."""
    dice = random.Random(7)
    makers = [
        lambda: None,
        lambda: dice.choice(["社会团体", "a&b<c>", " x ", "a_x", "字" * dice.randrange(1, 5000), "é", "𠮷"]),
        lambda: dice.randrange(-(10**9), 10**9),
        lambda: round(dice.random() * 10 ** dice.randrange(9), 5),
        lambda: dice.randrange(10**4) / 100,
        lambda: dice.choice([True, False]),
    ]
    rows = [[dice.choice(makers)() for _ in range(30)] + ["尾"] for _ in range(400)]
    path = write(tmp_path / "f", rows)
    theirs = python_calamine.load_workbook(str(path)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    ours = [cells for _, cells in open_table(path).rows()]
    assert len(ours) == len(theirs) == 400
    for our_row, their_row, source in zip(ours, theirs, rows, strict=True):
        assert [None if cell == "" else cell for cell in their_row] == our_row
        assert our_row == source


def test_rich_text_formulas_and_strange_markup(tmp_path):
    book = openpyxl.Workbook(write_only=False)
    sheet = book.active
    sheet["A1"] = CellRichText("甲", TextBlock(InlineFont(b=True), "乙"), " 丙")
    sheet["C1"] = "=1+1"
    book.save(tmp_path / "r.xlsx")
    assert list(open_table(tmp_path / "r.xlsx").rows()) == [(1, ["甲乙 丙"])]


def test_rows_no_pattern_foresees(tmp_path):
    path = files.raw_xlsx(
        tmp_path / "s.xlsx",
        '<dimension ref="A1:XFD20"/><sheetData>'
        '<row r="2"><c t="s" r="A2"><v>0</v></c><c r="C2" t="s"><v>1</v></c>'
        '<c r="D2" t="str"><f>A1&amp;"&lt;"</f><v>x&amp;y</v></c></row>'
        '<row r="3"/><row r="4"><!-- a comment --><c r="A4"><v>1E3</v></c><c r="B4" t="e"><v>#N/A</v></c></row>'
        "<row><c><v>7</v></c><c/><c t='b'><v>1</v></c></row>"
        '<row r="6" hidden="1"><c r="B6" t="inlineStr"><is><r><t>甲</t></r><r><t xml:space="preserve"> 乙</t></r>'
        "<rPh><t>jia</t></rPh></is></c></row>"
        '<row r="7"><c r="A7" t="str"><v><![CDATA[<生>]]></v></c></row>'
        '<row r="8"><c r="A8" t="d"><v>2024-02-29</v></c><c r="B8" s="1"><v></v></c></row><row r="9"/></sheetData>'
        '<mergeCells count="2"><mergeCell ref="A1:B1"/><mergeCell ref="C3"/></mergeCells>',
        strings="<si><t>甲_x000D_乙_x005F_x0041_</t></si><si><r><t>富</t></r><rPh sb='0' eb='1'><t>fu</t></rPh>"
        "<r><t>文本&#20013;</t></r></si><si/>",
    )
    table = open_table(path)
    assert list(table.rows()) == [
        (1, []),
        (2, ["甲\r乙_x0041_", None, "富文本中", "x&y"]),
        (3, []),
        (4, [1000, "#N/A"]),
        (5, [7, None, True]),
        (6, [None, "甲 乙"]),
        (7, ["<生>"]),
        (8, [date(2024, 2, 29)]),
    ]
    assert table.hidden_rows == {6}
    assert table.merged == (Merge(1, 0, 1, 1), Merge(3, 2, 3, 2))


def test_prefixed_and_sixteen_bit_markup(tmp_path):
    sheet = (
        f'<x:worksheet xmlns:x="{files.MAIN}"><x:sheetData><x:row r="1" hidden="true"><x:c r="A1" t="inlineStr">'
        '<x:is><x:t>甲</x:t></x:is></x:c></x:row><x:row r="2"><x:c r="B2"><x:v>5</x:v></x:c></x:row></x:sheetData>'
        '<x:mergeCells><x:mergeCell ref="A1:A2"/></x:mergeCells></x:worksheet>'
    )
    for name, data in {
        "8": sheet.encode(),
        "16": ('<?xml version="1.0" encoding="UTF-16"?>' + sheet).encode("utf-16"),
    }.items():
        table = open_table(files.raw_xlsx(tmp_path / name, data))
        assert list(table.rows()) == [(1, ["甲"]), (2, [None, 5])]
        assert table.merged == (Merge(1, 0, 2, 0),)
        assert table.hidden_rows == {1}


FORMATS = [
    (14, None, 42024, date(2015, 1, 20)),
    (22, None, 42024.5, datetime(2015, 1, 20, 12)),
    (20, None, 0.5, "12:00"),
    (21, None, 0.5104282407407407, "12:15:01"),
    (46, None, 1.25, "30:00"),
    (31, None, 42024, date(2015, 1, 20)),
    (57, None, 42024, date(2015, 1, 20)),
    (0, None, 42024, 42024),
    (2, None, 42024, 42024),
    (9, None, 0.5, 0.5),
    (164, 'yyyy"年"m"月"', 42024, date(2015, 1, 20)),
    (164, '[$-804]yyyy"年"m"月"d"日";@', 42024, date(2015, 1, 20)),
    (164, "[DBNum1][$-804]m月d日", 42024, date(2015, 1, 20)),
    (164, "[$-404]e/m/d", 42024, date(2015, 1, 20)),
    (164, "[Red]#,##0.00_);(#,##0.00)", 42024, 42024),
    (164, '0.00"yd"', 42024, 42024),
    (164, "0.00E+00", 42024, 42024),
    (164, "General", 42024, 42024),
    (164, '0"个月"', 42024, 42024),
    (164, "@", 42024, 42024),
    (164, "aaaa", 42024, date(2015, 1, 20)),
    (14, None, 0, date(1899, 12, 30)),
    (14, None, 1, date(1900, 1, 1)),
    (14, None, 59, date(1900, 2, 28)),
    (14, None, 60, 60),
    (14, None, 61, date(1900, 3, 1)),
    (14, None, 2958465, date(9999, 12, 31)),
    (14, None, 2958466, 2958466),
    (14, None, -1, -1),
]


@pytest.mark.parametrize(("number", "code", "stored", "seen"), FORMATS)
def test_formats_decide_what_is_a_date(number, code, stored, seen, tmp_path):
    given = (
        f'<numFmts><numFmt numFmtId="{number}" formatCode="{code.replace(chr(34), "&quot;")}"/></numFmts>'
        if code
        else ""
    )
    path = files.raw_xlsx(
        tmp_path / "f.xlsx",
        f'<sheetData><row r="1"><c r="A1" s="1"><v>{stored}</v></c></row></sheetData>',
        styles=f'{given}<cellXfs><xf numFmtId="0"/><xf numFmtId="{number}"/></cellXfs>',
    )
    [(_, [cell])] = open_table(path).rows()
    assert cell == seen
    assert type(cell) is type(seen)


def test_days_counted_from_1904(tmp_path):
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.active.append([date(2015, 1, 20)])
    book.save(tmp_path / "m.xlsx")
    assert list(open_table(tmp_path / "m.xlsx").rows()) == [(1, [date(2015, 1, 20)])]
    old = xlwt.Workbook()
    old.dates_1904 = True
    old.add_sheet("a").write(0, 0, 40562, xlwt.easyxf(num_format_str="yyyy-mm-dd"))
    old.save(str(tmp_path / "m.xls"))
    assert list(open_table(tmp_path / "m.xls").rows()) == [(1, [date(2015, 1, 20)])]


@pytest.mark.parametrize(
    ("stored", "seen"),
    [("5.2320211509491E+17", 523202115094910000), ("100", 100), ("1.0", 1), ("0.1", 0.1), ("-7", -7), ("1e300", 1e300)],
)
def test_numbers_keep_their_decimal_digits(stored, seen, tmp_path):
    path = files.raw_xlsx(tmp_path / "n.xlsx", f'<sheetData><row r="1"><c r="A1"><v>{stored}</v></c></row></sheetData>')
    [(_, [cell])] = open_table(path).rows()
    assert cell == seen
    assert type(cell) is type(seen)


def test_old_workbooks_with_long_shared_strings(tmp_path):
    """Strings that run over the 8,224 bytes of a record, narrow and wide, also broken in their middle."""
    texts = [("a" * n + "字" * (n % 7) * 500) for n in range(0, 4000, 37)]
    path = files.xls(tmp_path / "l.xls", [[text or "x"] for text in texts])
    assert [cells for _, cells in open_table(path).rows()] == [[text or "x"] for text in texts]


def test_old_workbook_with_packed_numbers_and_formulas(tmp_path):
    book = xlwt.Workbook()
    sheet = book.add_sheet("a")
    for c, value in enumerate([1, 2.5, -3, 12.34, 2**29, 0.1]):
        sheet.write(0, c, value)
    sheet.write(1, 0, xlwt.Formula("1+1"))
    sheet.write(2, 0, "末")
    book.save(str(tmp_path / "p.xls"))
    rows = dict(open_table(tmp_path / "p.xls").rows())
    assert rows[1] == [1, 2.5, -3, 12.34, 2**29, 0.1]
    assert rows[3] == ["末"]


ODS_TABLE = """
<table:table table:name="台账" table:style-name="ta1">
 <table:table-header-rows><table:table-row>
  <table:table-cell office:value-type="string" table:number-columns-spanned="3"><text:p>标题</text:p></table:table-cell>
  <table:covered-table-cell table:number-columns-repeated="2"/>
  <table:table-cell table:number-columns-repeated="16381"/>
 </table:table-row></table:table-header-rows>
 <table:table-row table:number-rows-repeated="2">
  <table:table-cell table:number-columns-repeated="16384"/></table:table-row>
 <table:table-row table:visibility="filter">
  <table:table-cell office:value-type="float" office:value="3.5"><text:p>3.50</text:p></table:table-cell>
  <table:table-cell/>
  <table:table-cell office:value-type="date" office:date-value="2015-01-20"><text:p>15年</text:p></table:table-cell>
  <table:table-cell office:value-type="boolean" office:boolean-value="true"><text:p>TRUE</text:p></table:table-cell>
  <table:table-cell office:value-type="string"><office:annotation><text:p>批注</text:p></office:annotation>
   <text:p>第一<text:span>行</text:span></text:p><text:p>第<text:s text:c="2"/>二行</text:p></table:table-cell>
  <table:table-cell office:value-type="date" office:date-value="2015-01-20T08:30:00"/>
 </table:table-row>
 <table:table-row table:number-rows-repeated="2">
  <table:table-cell office:value-type="float" office:value="7" table:number-columns-repeated="2"/></table:table-row>
 <table:table-row table:number-rows-repeated="1048000">
  <table:table-cell table:number-columns-repeated="16384"/></table:table-row>
</table:table>
<table:table table:name="藏" table:style-name="ta2"/>
"""


def test_open_document(tmp_path):
    hidden = '<style:style style:name="ta2"><style:table-properties table:display="false"/></style:style>'
    table = open_table(files.ods(tmp_path / "o.ods", ODS_TABLE, styles=hidden))
    assert table.kind == "ods"
    assert list(table.rows()) == [
        (1, ["标题"]),
        (2, []),
        (3, []),
        (4, [3.5, None, date(2015, 1, 20), True, "第一行\n第  二行", datetime(2015, 1, 20, 8, 30)]),
        (5, [7, 7]),
        (6, [7, 7]),
    ]
    assert table.merged == (Merge(1, 0, 1, 2),)
    assert table.hidden_rows == {4}
    assert table.sheets == (SheetInfo("台账", 4, True), SheetInfo("藏", 0, False))
