"""Headers as offices write them, each with the mapping a person would give."""

import pytest

from liaoyuan.kit.sheets.headers import find_header
from liaoyuan.kit.sheets.model import Merge

SYNONYMS = {
    "name": ("名称", "单位名称", "社会组织名称", "机构名称", "组织名称"),
    "code": ("统一社会信用代码", "信用代码", "统一社会信用代码/备案号"),
    "filing_no": ("备案号", "备案编号"),
    "kind": ("类型", "组织类型", "类别"),
    "legal_representative": ("法定代表人", "负责人", "法定代表人/负责人"),
    "phone": ("联系电话", "电话", "手机"),
    "address": ("住所", "地址"),
    "street": ("所属街道", "街道", "街道(镇)", "镇(街道)"),
    "registered_on": ("成立日期", "登记日期", "成立时间"),
    "capital_fen": ("注册资金(万元)", "注册资金", "开办资金", "注册资金(元)"),
    "certificate_from": ("证书有效期起",),
    "certificate_to": ("证书有效期止",),
    "certificate": ("证书有效期", "证书有效期(起止)"),
    "full_time": ("专职人数", "专职"),
    "members_unit": ("会员数(单位)", "单位会员数"),
    "members_person": ("会员数(个人)", "个人会员数"),
    "rating_until": ("有效期至",),
    "annual_results": ("年检结论", "年检结论(近3年)"),
    "annual:{year}": ("{year}年年检", "{year}年年检结论", "{year}年度检查"),
    "note": ("备注",),
}


def preview(*rows):
    return [(number, list(row)) for number, row in enumerate(rows, 1)]


def fields(header):
    return {column.index: column.field for column in header.columns if column.field}


DATA = [1, "无锡市滨湖区乐龄服务中心", "52320211MJ00000001", "民非", "蠡园街道"]


def test_the_first_row():
    header = find_header(preview(["序号", "名称", "统一社会信用代码", "类型", "街道"], DATA), SYNONYMS)
    assert header.header_rows == (1,)
    assert fields(header) == {1: "name", 2: "code", 3: "kind", 4: "street"}
    assert header.mapping == {"名称": "name", "统一社会信用代码": "code", "类型": "kind", "街道": "street"}
    assert [column.label for column in header.unknown] == ["序号"]


def test_below_titles_and_a_unit():
    rows = preview(
        ["滨湖区社会组织基本情况台账"],
        ["填报单位：滨湖区民政局", None, None, "单位：万元"],
        [],
        ["序号", "单 位\n名 称 *", "信用代码（18位）", "注册资金", "备　注"],
        [1, "甲", "52320211MJ00000001", 3, None],
    )
    header = find_header(rows, SYNONYMS, merged=[Merge(1, 0, 1, 4)])
    assert header.header_rows == (4,)
    assert fields(header) == {1: "name", 2: "code", 3: "capital_fen", 4: "note"}
    assert header.unit == "万元"
    assert header.columns[1].label == "单位名称*"


@pytest.mark.parametrize(
    ("label", "field", "unit"),
    [
        ("注册资金(万元)", "capital_fen", "万元"),
        ("注册资金（元）", "capital_fen", "元"),
        ("开办资金【人民币万元】", "capital_fen", "万元"),
        ("开办资金万元", "capital_fen", "万元"),
        ("注册资金 ( 万 元 )", "capital_fen", "万元"),
        ("注册资金（必填）", "capital_fen", None),
        ("＊联系电话", "phone", None),
        ("联系电话：", "phone", None),
        ("成立日期(yyyy-mm-dd)", "registered_on", None),
        ("成立时间（格式：1990.01）", "registered_on", None),
        ("专职（人）", "full_time", None),
        ("会员数（单位）", "members_unit", None),
        ("街道（镇）", "street", None),
        ("镇（街道）", "street", None),
        ("2023年年检结论", "annual:2023", None),
        ("２０２４年度检查", "annual:2024", None),
        ("年检结论（近3年）", "annual_results", None),
        ("联系电话(传真)", "phone", None),
        ("党组织负责人", None, None),
        ("副会长单位名称", None, None),
        ("政治面貌", None, None),
        ("曾用名称", None, None),
        ("2年年检", None, None),
    ],
)
def test_one_label(label, field, unit):
    header = find_header(preview(["名称", "统一社会信用代码", label], ["甲", "x", "y"]), SYNONYMS)
    assert (header.columns[2].field, header.columns[2].unit) == (field, unit)


TWO_ROWS = [
    ["序号", "名称", "证书有效期", None, "会员数", None, "单位", "备注"],
    [None, None, "起", "止", "单位", "个人", None, None],
    [1, "甲", "2020-01-01", "2024-01-01", 3, 5, "乙", None],
]
MERGES = [Merge(1, c, 2, c) for c in (0, 1, 6, 7)] + [Merge(1, 2, 1, 3), Merge(1, 4, 1, 5)]
TWO_ROW_FIELDS = {
    1: "name",
    2: "certificate_from",
    3: "certificate_to",
    4: "members_unit",
    5: "members_person",
    7: "note",
}


@pytest.mark.parametrize("merged", [MERGES, []])
def test_two_rows_with_groups(merged):
    header = find_header(preview(*TWO_ROWS), SYNONYMS, merged=merged)
    assert header.header_rows == (1, 2)
    assert fields(header) == TWO_ROW_FIELDS
    assert header.columns[2].label == "证书有效期起"


def test_two_rows_below_a_title():
    rows = preview(["台账"], *TWO_ROWS)
    merged = [Merge(1, 0, 1, 7)] + [
        Merge(m.first_row + 1, m.first_column, m.last_row + 1, m.last_column) for m in MERGES
    ]
    header = find_header(rows, SYNONYMS, merged=merged)
    assert header.header_rows == (2, 3)
    assert fields(header) == TWO_ROW_FIELDS


def test_a_row_of_units_below_the_labels():
    rows = preview(["名称", "注册资金", "街道"], [None, "(万元)", None], ["甲", 3, "乙"])
    header = find_header(rows, SYNONYMS, merged=[Merge(1, 0, 2, 0), Merge(1, 2, 2, 2)])
    assert header.header_rows == (1, 2)
    assert header.by_field["capital_fen"].unit == "万元"


def test_groups_that_say_nothing_and_groups_that_do():
    rows = preview(
        ["基本信息", None, None, "监事会", None],
        ["名称", "类型", "负责人", "负责人", "电话"],
        ["甲", "民非", "张三", "李四", "138"],
    )
    header = find_header(rows, SYNONYMS, merged=[Merge(1, 0, 1, 2), Merge(1, 3, 1, 4)])
    assert header.header_rows == (1, 2)
    assert fields(header) == {0: "name", 1: "kind", 2: "legal_representative"}
    with_number = preview(
        ["序号", "基本信息", None, None, "监事会", None],
        [None, "名称", "类型", "负责人", "负责人", "电话"],
        [1, "甲", "民非", "张三", "李四", "138"],
    )
    merged = [Merge(1, 0, 2, 0), Merge(1, 1, 1, 3), Merge(1, 4, 1, 5)]
    header = find_header(with_number, SYNONYMS, merged=merged)
    assert header.header_rows == (1, 2)
    assert fields(header) == {1: "name", 2: "kind", 3: "legal_representative"}
    assert [column.label for column in header.unknown] == ["序号", "监事会负责人", "监事会电话"]


@pytest.mark.parametrize(
    "titles", [["台账", None, None, "单位：万元"], ["社会组织情况"], ["甲区台账", None, "2024年度"]]
)
def test_titles_are_no_groups(titles):
    rows = preview(titles, ["名称", "类型", "负责人", "电话"], ["甲", "民非", "张三", "138"])
    header = find_header(rows, SYNONYMS)
    assert header.header_rows[-1] == 2
    assert fields(header) == {0: "name", 1: "kind", 2: "legal_representative", 3: "phone"}


def test_a_data_row_with_gaps_is_no_second_header_row():
    rows = preview(
        ["名称", "统一社会信用代码", "街道", None, "备注"], ["甲", None, None, None, None], ["乙", "x", "y", "z"]
    )
    assert find_header(rows, SYNONYMS).header_rows == (1,)
    rows = preview(["名称", "街道"], ["甲"], ["乙", "y"])
    assert find_header(rows, SYNONYMS).header_rows == (1,)


def test_one_label_over_two_columns():
    rows = preview(["名称", "住所", None, "街道"], ["甲", "某路1号", None, "乙"])
    header = find_header(rows, SYNONYMS, merged=[Merge(1, 1, 1, 2)])
    assert fields(header) == {0: "name", 1: "address", 3: "street"}
    assert header.conflicts == ()


def test_the_better_of_two_columns_and_the_other_reported():
    rows = preview(["名称", "负责人", "法定代表人", "电话(办公)", "联系电话"], ["甲", "乙", "丙", "1", "2"])
    header = find_header(rows, SYNONYMS)
    assert fields(header) == {0: "name", 2: "legal_representative", 4: "phone"}
    assert [(c.field, c.kept.label, c.dropped.label) for c in header.conflicts] == [
        ("legal_representative", "法定代表人", "负责人"),
        ("phone", "联系电话", "电话(办公)"),
    ]
    assert header.unknown == ()


def test_overrides_win():
    rows = preview(["组织", "名称", "代码 (新)", "类型"], ["甲", "乙", "c", "民非"])
    overrides = {"组织": "name", "代码（新）": "code", "类型": "", "没有这一列": "phone"}
    header = find_header(rows, SYNONYMS, overrides=overrides)
    assert fields(header) == {0: "name", 2: "code"}
    assert header.unmatched == ("没有这一列",)
    assert [(c.kept.label, c.dropped.label) for c in header.conflicts] == [("组织", "名称")]


def test_overrides_of_a_column_under_a_group():
    header = find_header(preview(*TWO_ROWS), SYNONYMS, merged=MERGES, overrides={"证书有效期起": "registered_on"})
    assert fields(header)[2] == "registered_on"


def test_columns_without_a_label_are_named_when_they_hold_something():
    rows = preview(["名称", None, "街道"], ["甲", None, "乙"], ["丙", None, "丁", "戊"])
    header = find_header(rows, SYNONYMS)
    assert [(c.index, c.label, c.field) for c in header.columns] == [
        (0, "名称", "name"),
        (2, "街道", "street"),
        (3, "", None),
    ]


def test_no_header():
    assert find_header(preview(["甲", "乙"], ["丙", "丁"]), SYNONYMS) is None
    assert find_header(preview(["名称", "乙"], ["丙", "丁"]), SYNONYMS) is None
    assert find_header([], SYNONYMS) is None
    assert find_header([(31, ["名称", "街道"])], SYNONYMS) is None
    assert find_header(preview(["名称"], ["丙"]), SYNONYMS).header_rows == (1,)
