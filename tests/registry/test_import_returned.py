"""The rows that wait for somebody, given back in the user's own layout; and the template."""

import openpyxl
import pytest

from liaoyuan.core import registries, staging
from liaoyuan.core.access import Operator
from liaoyuan.core.models import ImportRow
from liaoyuan.core.queries import batches
from liaoyuan.kit.sheets.reading import open_table
from tests.core.factories import AT
from tests.registry import factories as make

pytestmark = pytest.mark.django_db


def own_sheet(path):
    """A sheet as offices keep it: a title, two header rows with merged cells, a column nobody may collect."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "台账"
    sheet.append(["滨湖区社会组织台账"])
    sheet.merge_cells("A1:G1")
    sheet.append(["类型", "名称", "统一社会信用代码", "工作人员数", None, "成立日期", "政治面貌"])
    sheet.append([None, None, None, "专职", "兼职", None, None])
    for merged in ("A2:A3", "B2:B3", "C2:C3", "D2:E2", "F2:F3", "G2:G3"):
        sheet.merge_cells(merged)
    sheet.append(["民办非企业单位", "可行服务中心", make.code("MF", 1), 3, 1, "2015-03-01", "党员"])
    sheet.append(["民办非企业单位", "存疑服务中心", make.code("MF", 2), 4, 1, "2015-03", "党员"])
    sheet.append(["民办非企业单位", "退回服务中心", make.code("MF", 3), "很多", 1, "2015-03-01", "群众"])
    book.save(path)
    return path


@pytest.fixture
def batch(tmp_path):
    areas = make.binhu()
    path = own_sheet(tmp_path / "own.xlsx")
    order = staging.Order(
        kind="organizations", path=path, file_name="own.xlsx", area=areas["district"], as_of=AT.date()
    )
    return staging.stage(order, by=Operator("t"), at=AT)


def test_the_own_layout_comes_back_with_the_doubtful_rows_only(batch, tmp_path):
    path = tmp_path / "back.xlsx"
    doubtful = list(batch.rows.filter(verdict__in=["review", "reject"]).order_by("number"))
    assert [row.number for row in doubtful] == [5, 6]
    assert batches.write_errors(batch, path) == 2
    sheet = openpyxl.load_workbook(path).active
    assert sheet.title == "台账"
    assert {str(found) for found in sheet.merged_cells.ranges} == {
        "A1:G1", "A2:A3", "B2:B3", "C2:C3", "D2:E2", "F2:F3", "G2:G3", "H2:H3"
    }  # fmt: skip
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert cells[0][0] == "滨湖区社会组织台账"
    assert cells[1] == ["类型", "名称", "统一社会信用代码", "工作人员数", None, "成立日期", "政治面貌", "错误说明"]
    assert cells[2] == [None, None, None, "专职", "兼职", None, None, None]
    assert [row[1] for row in cells[3:]] == ["存疑服务中心", "退回服务中心"]
    assert [row[6] for row in cells[3:]] == [None, None], "what may not be collected is not given back either"
    assert cells[3][7].startswith("原第 5 行：") and cells[4][7].startswith("原第 6 行：")
    assert sheet["F4"].comment is not None and sheet["D5"].comment is not None
    assert sheet["B4"].comment is None
    for coordinate, red in (("F4", True), ("D5", True), ("D4", False)):
        assert (sheet[coordinate].fill.fgColor.rgb == "FFFDE2E0") is red


def test_a_dropped_column_is_stored_nowhere(batch):
    assert not any(
        "党员" in cell or "群众" in cell for row in ImportRow.objects.all() for cell in batches.raw_cells(row)
    )


def test_a_confirmed_row_does_not_come_back(batch, tmp_path):
    batch.rows.filter(number=5).update(confirmed=True)
    assert batches.write_errors(batch, tmp_path / "back.xlsx") == 1


def test_what_came_back_is_read_again_as_it_was(batch, tmp_path):
    path = tmp_path / "back.xlsx"
    batches.write_errors(batch, path)
    order = staging.Order(kind="organizations", path=path, file_name="b.xlsx", area=batch.area, as_of=batch.as_of)
    again = staging.stage(order, by=Operator("t"), at=AT)
    assert again.mapping == batch.mapping and again.header_rows == batch.header_rows
    before = {row.label: (row.verdict, row.fields) for row in batch.rows.filter(verdict__in=["review", "reject"])}
    assert {row.label: (row.verdict, row.fields) for row in again.rows.all()} == before
    assert not [note for note in again.notes if "错误说明" in note]


@pytest.mark.parametrize("kind", ["organizations", "filings", "honours"])
def test_the_template_has_drop_downs_and_notes_and_is_understood(kind, tmp_path):
    path = tmp_path / "t.xlsx"
    found = registries.import_kinds[kind]
    batches.write_template(found, path)
    book = openpyxl.load_workbook(path)
    table, notes = book.worksheets[0], book["说明"]
    assert "下拉" in [row[0].value for row in notes.iter_rows()]
    assert table.data_validations.dataValidation
    assert any(cell.comment for cell in table[1])
    titles = [cell.value for cell in table[1]]
    assert len(titles) == len(found.columns)
    sheet = openpyxl.load_workbook(path)
    sheet.worksheets[0].append(["模板服务中心", *[None] * (len(titles) - 1)])
    sheet.save(path)
    assert next(number for number, cells in open_table(path).rows() if cells and cells[0] == "模板服务中心") == 2
    areas = make.binhu()
    order = staging.Order(kind=kind, path=path, file_name="t.xlsx", area=areas["district"], as_of=AT.date())
    batch = staging.stage(order, by=Operator("t"), at=AT)
    assert set(titles) - {""} == {label for label in batch.labels if batch.mapping.get(label)}
