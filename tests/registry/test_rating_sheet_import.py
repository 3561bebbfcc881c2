"""F17 out of a workbook: what is planted in a cell is told with its row, and then nothing is written."""

from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from liaoyuan.core.actions import parameters
from liaoyuan.registry.models import RatingItem, RatingSheet
from tests.registry import factories as make

HEAD = ("一级指标", "二级指标", "三级指标", "分值", "加分项")
CLEAN = (
    ("基础条件", "法人资格", "法定代表人按规定产生", 100, "否"),
    (None, None, "有固定的办公住所", "12.5", None),
    (None, "章程", "章程经表决通过并核准", "30分", ""),
    ("内部治理", None, "按章程召开理事会", 857.5, "否"),
    ("加分项", "表彰", "受市级以上表彰", 50, "是"),
    ("合计", None, None, 1050, None),
)
#: What stands in the database for the clean rows: headings hold for the rows below, points in tenths.
STORED = [
    ("基础条件", "法人资格", "法定代表人按规定产生", 1000, False),
    ("基础条件", "法人资格", "有固定的办公住所", 125, False),
    ("基础条件", "章程", "章程经表决通过并核准", 300, False),
    ("内部治理", "", "按章程召开理事会", 8575, False),
    ("加分项", "表彰", "受市级以上表彰", 500, True),
]


@pytest.fixture
def officer(db):
    make.binhu()
    parameters.sync_shipped(at=make.AT)
    return make.officer()


def upload(client, rows, head=HEAD, title=None, **more):
    book = openpyxl.Workbook()
    page = book.active
    for row in ([[title]] if title else []) + [list(head), *map(list, rows)]:
        page.append(row)
    held = BytesIO()
    book.save(held)
    return send(client, held.getvalue(), **more)


def send(client, content, name="f17.xlsx", **more):
    given = {"kind": "MF", "title": "2026年指标", "valid_from": "2026-01-01", "source": "本区文件", "area": "320211"}
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("registry:sheet_list"), {**given, **more, "file": file})


def stored():
    return list(RatingItem.objects.order_by("number").values_list("first", "second", "third", "tenths", "bonus"))


def test_a_sheet_is_entered_as_it_stands(client, officer):
    client.force_login(officer)
    answer = upload(client, CLEAN, title="社会组织评估自评表")
    sheet = RatingSheet.objects.get()
    assert answer.status_code == 302 and answer.url == reverse("registry:sheet_detail", args=[sheet.pk])
    assert stored() == STORED
    text = client.get(answer.url).content.decode()
    assert "满分 1000 分" in text and "加分不超过 50 分" in text and "12.5" in text and "（加分）" in text


@pytest.mark.parametrize(
    ("column", "cell", "sentence"),
    [
        (2, "", "没有写三级指标"), (2, " \u3000", "没有写三级指标"), (2, "标" * 201, "文字太长"),
        (0, "级" * 41, "文字太长"), (1, "级" * 61, "文字太长"),
        *((3, cell, "须是大于零")
          for cell in ("", 0, "0.0", -5, "五十", "12.55", "1,000", "10000", 20000, "1e2", "=1+1")),
        *((4, cell, "加分项") for cell in ("也许", "是吗", "2")),
    ],
)  # fmt: skip
def test_a_planted_fault_is_told_with_its_row_and_nothing_is_written(client, officer, column, cell, sentence):
    client.force_login(officer)
    rows = [list(row) for row in CLEAN]
    rows[2][column] = cell
    answer = upload(client, rows)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "第 4 行" in text and sentence in text and 'href="#id_file"' in text
    assert "第 3 行" not in text and "第 5 行" not in text
    assert 'value="2026年指标"' in text, "what was typed stays"
    assert not RatingSheet.objects.exists()


def test_every_faulty_row_is_told_at_once(client, officer):
    client.force_login(officer)
    rows = [("基础条件", "", "指标", "许多", ""), ("", "", "", 10, ""), ("", "", "好的指标", 10, ""),
            ("", "", "又一个", 0, "")]  # fmt: skip
    text = upload(client, rows).content.decode()
    assert [f"第 {n} 行" in text for n in (2, 3, 4, 5)] == [True, True, False, True]


@pytest.mark.parametrize("points", ["9999", "9999.9", "0.1", 0.1, "10.50", "１０"])
def test_points_at_their_border(client, officer, points):
    client.force_login(officer)
    assert upload(client, [("基础条件", "", "指标", points, "")]).status_code == 302
    wanted = {"9999": 99990, "9999.9": 99999, "0.1": 1, 0.1: 1, "10.50": 105, "１０": 100}
    assert stored() == [("基础条件", "", "指标", wanted[points], False)]


def test_a_new_first_heading_ends_the_second(client, officer):
    client.force_login(officer)
    upload(client, [("甲", "乙", "一", 10, ""), ("", "", "二", 10, ""), ("丙", "", "三", 10, "")])
    assert [row[:2] for row in stored()] == [("甲", "乙"), ("甲", "乙"), ("丙", "")]


def test_the_columns_are_known_by_their_names_in_any_order(client, officer):
    client.force_login(officer)
    upload(client, [(20, "指标甲", "甲"), (30, "指标乙", None)], head=("标准分", "评估指标", "评估内容"))
    assert stored() == [("甲", "", "指标甲", 200, False), ("甲", "", "指标乙", 300, False)]


@pytest.mark.parametrize(
    ("rows", "head", "sentence"),
    [
        ((("甲", "乙", "丙", 10, ""),), ("一", "二", "丙", "丁", "戊"), "没有找到“三级指标”和“分值”"),
        ((("甲", "乙", "丙"),), ("一级指标", "二级指标", "三级指标"), "没有找到“三级指标”和“分值”"),
        ((), HEAD, "指标表是空的"),
        ((("合计", "", "", 10, ""),), HEAD, "指标表是空的"),
        (tuple(("", "", f"指标{n}", 1, "") for n in range(401)), HEAD, "最多 400 行"),
    ],
    ids=["no header", "no points", "empty", "only a total", "too many"],
)
def test_what_is_no_sheet_is_refused_with_a_sentence(client, officer, rows, head, sentence):
    client.force_login(officer)
    answer = upload(client, rows, head=head)
    assert answer.status_code == 422 and sentence in answer.content.decode()
    assert not RatingSheet.objects.exists()


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"PK\x03\x04broken", b"%PDF-1.7"])
def test_what_is_no_workbook_is_refused_with_a_sentence(client, officer, content):
    client.force_login(officer)
    answer = send(client, content)
    text = answer.content.decode()
    assert answer.status_code == 422 and 'href="#id_file"' in text and not RatingSheet.objects.exists()


def test_a_second_sheet_of_the_day_is_refused_beside_the_day(client, officer):
    client.force_login(officer)
    upload(client, CLEAN)
    text = upload(client, CLEAN).content.decode()
    assert "这个类型已有自 2026-01-01 起的指标表" in text and 'href="#id_valid_from"' in text
    assert upload(client, CLEAN, kind="ST").status_code == 302
    assert RatingSheet.objects.count() == 2


def test_what_is_downloaded_comes_back_as_it_was(client, officer):
    client.force_login(officer)
    upload(client, CLEAN)
    sheet = RatingSheet.objects.get()
    content = client.get(f"{reverse('registry:sheet_detail', args=[sheet.pk])}?xlsx").content
    assert send(client, content, valid_from="2027-01-01").status_code == 302
    assert stored() == [row for row in STORED for _twice in range(2)]


def test_an_area_outside_one_s_reach_is_not_offered_and_not_taken(client, officer):
    client.force_login(officer)
    answer = upload(client, CLEAN, area="320213")
    assert answer.status_code == 422 and 'href="#id_area"' in answer.content.decode()
    assert not RatingSheet.objects.exists()
