"""What the rows of a roster are, judged by a person beforehand."""

from datetime import date

import pytest

from liaoyuan.kit.sheets.headers import find_header
from liaoyuan.kit.sheets.model import Merge
from liaoyuan.kit.sheets.rows import Given, classify, heading, walk

LABELS = ["序号", "名称", "统一社会信用代码", "类型", "街道", "注册资金(万元)", "备注"]
SYNONYMS = {
    "name": ("名称",),
    "code": ("统一社会信用代码",),
    "kind": ("类型",),
    "street": ("街道",),
    "capital_fen": ("注册资金",),
    "note": ("备注",),
}
HEADER = find_header([(1, LABELS)], SYNONYMS)
CODE = "52320211MJ00000001"
KINDS = {"kind": {"社会团体": "ST", "民办非企业单位": "MF", "民办非企业单位(社会服务机构)": "MF", "基金会": "JJ"}}


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        ([1, "甲协会", CODE, "社会团体", "蠡园街道", 3, None], "data"),
        ([None, "甲协会"], "data"),
        ([2, None, CODE], "data"),
        ([3, "甲协会", None, "社会团体", "蠡园街道", 3], "data"),
        (["", "合计", CODE, "社会团体"], "data"),
        ([4, "合计文化服务中心", None, "民非", "蠡园街道"], "data"),
        ([5, "总计", 523202115094910000], "data"),
        ([6, "小计", None, "民非", "蠡园街道", 3, "备注"], "data"),
        ([7, "日期服务队", None, "备案", "河埒街道"], "data"),
        ([8, "备注：待核", None, "社会团体", "蠡园街道", 3], "data"),
        ([9, "共计之家", None, None, None, 3], "data"),
        ([], "blank"),
        ([None, " ", "\u3000", "\n"], "blank"),
        ([101], "blank"),
        (["102", None, " "], "blank"),
        (LABELS, "repeated_header"),
        (["序 号", "名\n称", "统一社会信用代码", "类型", "街道", "注册资金（万元）"], "repeated_header"),
        (["合计", None, None, None, None, 201.5], "subtotal"),
        ([None, "合 计：", None, None, None, "201.5"], "subtotal"),
        (["蠡园街道小计", None, 12, None, None, 36], "subtotal"),
        (["总计201家"], "subtotal"),
        (["共计", "201家", None, None, None, "603万元", "-"], "subtotal"),
        (["合计：201家", None, None, None, None, "小计：603"], "subtotal"),
        ([None, "社会团体合计", 131], "subtotal"),
        ([12, "合计", None, None, None, 36], "subtotal"),
        (["填表人：张三", None, None, "审核：李四", None, "日期：2024-01-01"], "footer"),
        (["填表人", "张三", None, "审核人", "李四", None, date(2024, 1, 1)], "footer"),
        (["制表单位（盖章）：滨湖区民政局"], "footer"),
        (["注：1.本表一式两份。"], "footer"),
        (["2、注册资金以登记证书为准"], "footer"),
        (["说明：按登记时间排序"], "footer"),
        (["※ 本表仅供内部使用"], "footer"),
        ([None, None, None, None, None, "2024年3月1日"], "footer"),
        ([None, None, None, None, None, date(2024, 3, 1)], "footer"),
        (["一、社会团体"], "title"),
        (["（二）民办非企业单位", None, None, None, None, "381家"], "title"),
        (["第三部分 基金会"], "title"),
        (["蠡园街道"], "title"),
        ([None, "滨湖区社会组织台账（续）"], "title"),
    ],
)
def test_kinds_of_rows(cells, kind):
    assert classify(cells, HEADER) == kind


def test_a_lower_header_row_repeated():
    rows = [
        (1, ["名称", "证书有效期", None, "街道"]),
        (2, [None, "起", "止", None]),
    ]
    synonyms = {"name": ("名称",), "from": ("证书有效期起",), "to": ("证书有效期止",), "street": ("街道",)}
    header = find_header(rows, synonyms)
    assert header.header_rows == (1, 2)
    assert classify(rows[0][1], header) == classify(rows[1][1], header) == "repeated_header"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("一、社会团体（131家）", "社会团体"),
        ("(二) 民办非企业单位：381", "民办非企业单位"),
        ("基金会", "基金会"),
        ("第一类：社会团体", "社会团体"),
        ("一二三协会", "一二三协会"),
    ],
)
def test_headings(text, word):
    assert heading(text) == word


def lines(rows, **options):
    numbered = [(number, list(cells)) for number, cells in enumerate(rows, 2)]
    return list(walk(numbered, HEADER, **options))


def test_sections_give_the_type_to_the_rows_below():
    found = lines(
        [
            ["一、社会团体（2家）"],
            [1, "甲", CODE],
            [2, "乙", CODE, "基金会"],
            ["小计", None, None, None, None, 5],
            [None, "民办非企业单位（社会服务机构）", 381],
            [3, "丙", CODE],
            [],
            [4, "丁", CODE],
        ],
        choices=KINDS,
    )
    assert [line.kind for line in found] == ["section", "data", "data", "subtotal", "section", "data", "blank", "data"]
    assert found[1].cells == [1, "甲", CODE, "社会团体", None, None, None]
    assert found[1].given == {"kind": Given("社会团体", 2, "section")}
    assert found[2].cells == [2, "乙", CODE, "基金会"]
    assert found[2].given == {}
    assert found[5].cells[3] == "民办非企业单位（社会服务机构）"
    assert found[7].given["kind"].row == 6


def test_a_section_of_a_sheet_without_that_column():
    header = find_header([(1, ["名称", "统一社会信用代码"])], SYNONYMS)
    [_, line] = walk([(2, ["社会团体"]), (3, ["甲", CODE])], header, choices=KINDS)
    assert line.cells == ["甲", CODE]
    assert line.given == {"kind": Given("社会团体", 2, "section")}


def test_without_choices_a_word_alone_is_no_section():
    assert [line.kind for line in lines([[None, "社会团体"], [1, "甲", CODE]])] == ["data", "data"]


def test_merged_blocks_and_nothing_else_are_filled():
    rows = [
        [1, "甲", CODE, "社会团体", "蠡园街道"],
        [2, "乙", CODE],
        [3, "丙", CODE],
        [4, "丁", CODE, None, "河埒街道"],
        [5, "戊", CODE],
    ]
    merged = [Merge(2, 3, 4, 3), Merge(2, 4, 3, 4), Merge(5, 4, 6, 4)]
    found = lines(rows, merged=merged)
    assert [line.cells[3:5] if len(line.cells) > 3 else [None, None] for line in found] == [
        ["社会团体", "蠡园街道"],
        ["社会团体", "蠡园街道"],
        ["社会团体", None],
        [None, "河埒街道"],
        [None, "河埒街道"],
    ]
    assert found[1].given == {"kind": Given("社会团体", 2, "merged"), "street": Given("蠡园街道", 2, "merged")}
    assert found[0].given == {}
    assert [len(line.cells) for line in lines(rows)] == [5, 3, 3, 5, 3]


def test_a_merge_over_the_header_is_not_a_block():
    [line] = lines([[1, "甲", CODE]], merged=[Merge(1, 3, 2, 3)])
    assert line.cells == [1, "甲", CODE]


def test_blanks_are_filled_from_above_only_when_asked():
    rows = [[1, "甲", CODE, "社会团体"], [2, "乙", CODE], ["小计", None, None, None, None, 2], [3, "丙", CODE]]
    found = lines(rows, above=["kind"])
    assert found[1].given == {"kind": Given("社会团体", 2, "above")}
    assert found[3].given == {}


def test_a_wide_merged_text_is_a_title():
    rows = [[None, "2024年上半年新登记"], [1, "甲", CODE]]
    assert [line.kind for line in lines(rows, merged=[Merge(2, 1, 2, 6)])] == ["title", "data"]
    assert [line.kind for line in lines(rows)] == ["data", "data"]
