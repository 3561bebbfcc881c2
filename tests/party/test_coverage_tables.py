"""F04: cells, totals and cross-checks against a plain count; its workbook; the pack for an inspection; query counts."""

import csv
import io
import re
import zipfile
from dataclasses import replace
from datetime import date

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from liaoyuan.core.access import Operator
from liaoyuan.core.models import Job
from liaoyuan.party.exports import statutory as exports
from liaoyuan.party.queries import coverage as figures
from liaoyuan.party.queries import statutory
from liaoyuan.party.queries import statutory_checks as checking
from tests.party import coverage_ground as ground
from tests.party import factories as make
from tests.registry import factories as registry

pytestmark = pytest.mark.django_db
TODAY = date(2026, 10, 26)


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setenv("LIAOYUAN_NOW", "2026-10-26T10:00:00")


@pytest.fixture
def table(areas, committee):
    """Three bodies: one with its branch and officers, one with an instructor, one with nothing."""
    led = registry.organization("演示甲中心", full_time=5, part_time=2)
    taught = registry.organization("演示乙中心", "ST", full_time=1)
    registry.organization("演示丙中心", "JJ")
    branch = make.party("演示甲党支部", area=areas["district"], superior=committee, evidence="滨组〔2024〕1号",
                        start=date(2024, 5, 6))  # fmt: skip
    make.unit(branch, led, evidence="", start=date(2024, 5, 6))
    told = [{"birth": "1996-10", "education": "bachelor"}, {"birth": "1991-10", "education": "college"},
            {"birth": "1980-01", "education": "secondary"}, {}]  # fmt: skip
    people = [make.member(f"演示党员{number}", **one) for number, one in enumerate(told)]
    people.append(make.member("演示党员新", admitted_on=date(2026, 7, 1), confirmed_on=None))
    for one in people:
        make.affiliate(one, branch, organization=led)
    guest = make.member("演示党员客")
    make.affiliate(guest, None)
    make.affiliate(guest, branch, "temporary", organization=led, full_time=True, consented_on=date(2026, 9, 1))
    make.post(branch, people[0], source="管理层")
    make.term(branch)
    ground.letter(areas["district"], taught, span=(date(2026, 1, 1), 100000), no="滨聘〔2026〕1号",
                  **{"from": date(2026, 1, 1)})  # fmt: skip
    return led, taught


def _f04(areas, tmp_path):
    path = tmp_path / "f04.xlsx"
    count = exports.write(figures.Asked(areas["district"], TODAY), path, by=Operator("tests"))
    rows = list(openpyxl.load_workbook(path).active.iter_rows(values_only=True))
    start = next(i for i, row in enumerate(rows) if row[0] == "组织名称")
    heads = rows[start]
    return count, {row[0]: dict(zip(heads, row, strict=True)) for row in rows[start + 1 :]}


def test_the_workbook_holds_the_form(table, areas, tmp_path):
    count, told = _f04(areas, tmp_path)
    assert count == 3
    assert list(told) == [*sorted(["演示丙中心", "演示乙中心", "演示甲中心"]), "合计"]
    first = told["演示甲中心"]
    assert {name: str(first[name]) for name in (
        "类型", "从业人员数", "其中专职", "党员数", "其中正式", "其中预备", "组织关系在本组织", "未转入（同意转入）",
        "未转入（双隶属）", "35岁以下", "大专以上", "党组织形式", "党组织名称", "成立批复文号", "成立时间", "书记",
        "书记来源", "换届时间", "当年发展", "工作覆盖方式")} == {
        "类型": "民办非企业单位", "从业人员数": "7", "其中专职": "5", "党员数": "5", "其中正式": "4", "其中预备": "1",
        "组织关系在本组织": "5", "未转入（同意转入）": "1", "未转入（双隶属）": "0", "35岁以下": "1", "大专以上": "2",
        "党组织形式": "单独", "党组织名称": "演示甲党支部", "成立批复文号": "滨组〔2024〕1号", "成立时间": "2024-05-06",
        "书记": "演示党员0", "书记来源": "管理层", "换届时间": "2026-12-31", "当年发展": "1",
        "工作覆盖方式": "党组织覆盖",
    }  # fmt: skip
    second = told["演示乙中心"]
    assert (second["指导员"], second["工作覆盖方式"], second["党组织形式"]) == ("演示指导员", "指导员", "无")
    assert "没有党员" in second["未组建原因"]
    assert told["演示丙中心"]["工作覆盖方式"] == "无"
    rows = [row for name, row in told.items() if name != "合计"]
    for name in (statutory.COLUMN_TITLES[key] for key in statutory.NUMBERS):
        assert float(told["合计"][name]) == sum(float(row[name] or 0) for row in rows), name


def test_checks_hold_and_one_that_does_not_is_seen(table, areas):
    asked = figures.Asked(areas["district"], TODAY)
    told, (whole, _cells) = statutory.totals(asked, exactly=True), figures.figures(asked)
    found = checking.checks(asked, told, whole)
    assert len(found) == len(checking.CHECK_TITLES)
    assert [check.title for check in found if not check.holds] == []
    broken = checking.checks(asked, {**told, "college": 9, "formal": 3, "here": 6, "objects": 1}, replace(whole, own=9))
    assert {check.title for check in broken if not check.holds} == {
        "党员数 = 正式 + 预备", "大专以上 ≤ 党员数", "党员台账中正式组织关系的人数 = 正式 + 预备",
        "组织关系在本组织 ≤ 党员数", "发展对象数 ≤ 积极分子数", "单独组建的清单家数 = 覆盖看板",
    }  # fmt: skip


def test_every_cell_of_the_page_leads_to_its_record(table, areas, client):
    client.force_login(make.lead())
    page = client.get("/party/statutory/").content.decode()
    body = page[page.index("table-cards") :]
    cells = re.findall(r"<td[^>]*>(.*?)</td>", body[body.index("<tbody>") : body.index("</tbody>")])
    filled = [cell for cell in cells if re.sub("<[^>]+>", "", cell).strip()]
    assert len(filled) > 40
    without = [cell for cell in filled if "<a href=" not in cell]
    assert {re.sub("<[^>]+>", "", cell) for cell in without} <= {"无", "—"}
    for href in sorted({re.search('href="([^"]+)"', cell).group(1) for cell in filled if "<a href=" in cell}):
        assert client.get(href).status_code == 200, href


def test_the_pack_holds_index_missing_tables_and_documents(table, areas, tmp_path):
    path = tmp_path / "pack.zip"
    missing = exports.pack(figures.Asked(areas["district"], TODAY), path, by=Operator("tests"))
    with zipfile.ZipFile(path) as told:
        assert told.testzip() is None
        assert {"目录.xlsx", "目录.csv", "缺项清单.csv", "社会组织党建统计表.xlsx", "说明.txt"} <= set(told.namelist())
        index = list(csv.reader(io.StringIO(told.read("目录.csv").decode("utf-8-sig"))))
        gaps = list(csv.reader(io.StringIO(told.read("缺项清单.csv").decode("utf-8-sig"))))
    assert [(row[0], row[5]) for row in index[1:]] == [
        ("演示乙中心", "滨聘〔2026〕1号"), ("演示甲中心", "滨组〔2024〕1号"),
    ]  # fmt: skip
    assert {row[0] for row in gaps[1:]} == {"演示甲中心", "演示乙中心", "演示丙中心"}
    assert missing == 3


def test_a_job_is_asked_for_once(table, areas, client):
    client.force_login(make.lead())
    told = {"area": "320211", "as_of": "2026-10-26", "kind": "pack"}
    answers = [client.post("/party/statutory/ask/", told) for _time in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Job.objects.filter(code="party.pack").count() == 1


def test_pages_ask_the_same_number_of_queries_for_more_bodies(table, areas, committee, client):
    client.force_login(make.lead())
    pages = ("/party/coverage/", "/party/coverage/bodies/", "/party/coverage/spread/", "/party/statutory/",
             "/party/instructors/")  # fmt: skip

    def asked():
        found = {}
        for page in pages:
            client.get(page)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(page).status_code == 200
            found[page] = len(queries)
        return found

    few = asked()
    for number in range(30):
        body = registry.organization(f"演示众{number:02d}中心", street=areas["heli"])
        if number % 3 == 0:
            branch = make.party(area=areas["district"], superior=committee, evidence=f"滨组〔2025〕{number}号")
            make.unit(branch, body)
            make.members(branch, 2, organization=body)
        elif number % 3 == 1:
            who = ground.instructor(areas["district"], f"演示指导员{number}")
            ground.letter(areas["district"], body, span=(date(2026, 1, 1), 100000), no="滨聘9号", who=who,
                          **{"from": date(2026, 1, 1)})  # fmt: skip
    assert asked() == few
