"""F03 as offices keep it: titles, merged headers, full-width digits, GBK, totals at the foot, dozens of ways to
write a day. What is accepted is right; what is not clear waits for a person.
"""

import csv
from datetime import date

import openpyxl
import pytest

from liaoyuan.core.actions import calendar, parameters
from tests.party import factories as make
from tests.party import truth
from tests.party.factories import AT
from tests.party.test_members_import import NAME, apply, lines, stage, stored, workbook

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rules(areas):
    calendar.sync_calendar(at=AT)
    parameters.sync_shipped(at=AT)


@pytest.fixture
def branch(areas, committee):
    return make.party(NAME, area=areas["district"], superior=committee)


def wide(text):
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in str(text))


def right(batch, told):
    assert [(r.verdict, r.findings) for r in lines(batch) if r.verdict != "accept"] == []
    apply(batch)
    for row, one in zip(lines(batch), told, strict=True):
        assert stored(row) == one.values


def test_merged_titles_and_a_header_of_two_rows(branch, tmp_path):
    told = [truth.clean(n, NAME) for n in range(6)]
    book = openpyxl.Workbook()
    sheet = book.active
    width = len(truth.HEAD)
    sheet.append(["滨湖区社会组织党员花名册（演示）"])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=width)
    sheet.append(["填报单位：演示综合党委", *[""] * (width - 2), "2026年10月"])
    groups, place = ("基本情况", 11), {"入党时间": "党内情况"}
    sheet.append([groups[0] if n == 1 else place.get(name, "") if n >= groups[1] else ""
                  for n, name in enumerate(truth.HEAD)])  # fmt: skip
    sheet.merge_cells(start_row=3, start_column=2, end_row=3, end_column=groups[1])
    sheet.append(list(truth.HEAD))
    for one in told[:3]:
        sheet.append(list(one.cells.values()))
    sheet.append([""] * width)
    for one in told[3:]:
        sheet.append(list(one.cells.values()))
    sheet.append(["合计", f"{len(told)}人"])
    sheet.append(["填表人：演示某", "", "审核人：演示某"])
    book.save(tmp_path / "merged.xlsx")
    batch = stage(tmp_path / "merged.xlsx")
    assert batch.header_rows[-1] == 4
    right(batch, told)


def test_a_csv_of_an_old_program_in_gbk_with_full_width_digits(branch, tmp_path):
    told = [truth.clean(n, NAME) for n in range(6)]
    with (tmp_path / "old.csv").open("w", encoding="gbk", newline="") as file:
        out = csv.writer(file)
        out.writerow(truth.HEAD)
        for n, one in enumerate(told):
            cells = dict(one.cells)
            for column in ("出生年月", "身份证号", "入党时间", "手机")[n % 4 :]:
                cells[column] = wide(cells[column])
            out.writerow(cells.values())
    batch = stage(tmp_path / "old.csv")
    assert batch.encoding.lower() in ("gbk", "gb18030", "gb2312")
    right(batch, told)


#: (what stands in the cell, the day it means; None: nobody can tell, so it must not be accepted)
DAYS = (
    ("2018-10-26", "2018-10-26"), ("2018/10/26", "2018-10-26"), ("2018.10.26", "2018-10-26"),
    ("20181026", "2018-10-26"), (20181026, "2018-10-26"), ("2018年10月26日", "2018-10-26"),
    ("2018年10月26号", "2018-10-26"),
    ("２０１８．１０．２６", "2018-10-26"), ("２０１８年１０月２６日", "2018-10-26"), ("2018-1-6", "2018-01-06"),
    ("2018.1.6", "2018-01-06"), ("2018/1/6", "2018-01-06"), ("2018年1月6日", "2018-01-06"),
    (" 2018-10-26 ", "2018-10-26"),
    ("2018 - 10 - 26", "2018-10-26"), ("2018—10—26", "2018-10-26"), ("2018、10、26", "2018-10-26"),
    ("二〇一八年十月二十六日", "2018-10-26"), ("二○一八年十月六日", "2018-10-06"),
    ("2018-10-26 00:00:00", "2018-10-26"),
    (date(2018, 10, 26), "2018-10-26"), (43399, "2018-10-26"),
    ("43399", "2018-10-26"), ("2018\\10\\26", "2018-10-26"), ("2018，10，26", "2018-10-26"),
    ("2018-10", "2018-10"), ("2018.10", "2018-10"), ("2018年10月", "2018-10"), ("201810", "2018-10"),
    ("2018", None), ("18.10.26", None), ("10/11/2018", None), ("2018-13-01", None), ("2018-02-30", None),
    ("二〇一八年", None), ("去年十月", None), ("2018.1", None), (2018.1, None), ("2181-10-26", None), ("不详", None),
    ("1018-10-26", None), ("2018-10-26至2019-10-26", None), ("约2018年", None),
)  # fmt: skip


def test_days_in_dozens_of_writings(branch, tmp_path):
    told = [truth.clean(n * 4, NAME) for n in range(len(DAYS))]
    for n, (one, (written, _day)) in enumerate(zip(told, DAYS, strict=True)):
        one.cells["姓名"] = one.values["name"] = f"演{chr(0x5E00 + n)}日"
        one.cells["入党时间"], one.cells["转正时间"] = written, ""
    batch = stage(workbook(tmp_path / "days.xlsx", [one.cells.values() for one in told]))
    found = lines(batch)
    wrong = [(str(written), row.verdict) for row, (written, day) in zip(found, DAYS, strict=True)
             if (row.verdict == "accept") and day is None]  # fmt: skip
    assert wrong == []
    apply(batch)
    refused = []
    for row, (written, day) in zip(lines(batch), DAYS, strict=True):
        if row.verdict != "accept":
            refused += [str(written)] if day is not None else []
            continue
        there = stored(row)
        assert there["admitted_on"] == (day if len(day) == 10 else f"{day}-01"), written
        assert there["precision"].get("admitted_on", "D") == ("D" if len(day) == 10 else "M"), written
    assert len(refused) <= 3, refused  # what a person reads at once should seldom wait


def test_every_column_of_the_form_is_put_to_the_test():
    told = {m.column for m in (*truth.MUTATIONS, *truth.HOSTED)}
    assert set(truth.HEAD) - told == {"序号", "党内职务"}  # a number of its own; told by a post only
