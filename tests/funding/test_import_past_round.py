"""A past round out of the office's messy workbook: 109 applications of 58 bodies, 61 on site, 42 funded, 400 万.

What must come out is summed here from the plain rows, before they are made messy, and shares no code with the importer.
"""

import json
from datetime import date

import openpyxl
import pytest

from liaoyuan.conf.cli import main
from liaoyuan.core import registries, staging
from liaoyuan.core.access import Operator
from liaoyuan.core.models import Area, AuditEvent, ImportBatch
from liaoyuan.core.queries import batches
from liaoyuan.funding.models import PastResult, Pool, Programme, Project, Round, Slot
from liaoyuan.funding.queries import statistics
from liaoyuan.kit.findings import Refused
from liaoyuan.registry.models import Organization
from tests.core.factories import AT
from tests.funding import ground
from tests.registry import factories as registry

BY = Operator("tests")
AS_OF = date(2026, 10, 25)
WAN = 1_000_000
HEAD = (
    "序号", "年度/届", "项目名称", "申报组织", "统一社会信用代码", "领域", "落地街道", "申请金额(万元)",
    "预算总额（元）", "是否进入现场评审", "评审得分", "名次", "是否立项", "立项金额(万元)", "资金来源(区级/街道)",
    "状态(结项等级)", "备注",
)  # fmt: skip
OURS, OUTSIDE = 50, 8
APPLIED, ON_SITE, FUNDED = 109, 61, 42


def outside(number):
    """Name and code of a body of 梁溪区 that the register does not know."""
    return f"梁溪区外来{number}号服务中心", registry.code("MF", 900 + number, "320213")


def plain():
    """The round as it was: a dict per application. 42 grants of 9.5 万, two of which make the sum 400 万 exactly."""
    granted = [95_000_00] * (FUNDED - 1)
    granted.append(400 * WAN - sum(granted))
    rows = []
    for n in range(APPLIED):
        body = n % (OURS + OUTSIDE)
        name, code = (f"滨湖区往届{body}号服务中心", None) if body < OURS else outside(body)
        funded, asked = n < FUNDED, 12 * WAN + n * 1_000_00
        rows.append({
            "title": f"公益项目第{n}号", "body": name, "code": code, "asked": asked, "total": asked + 20_000_00,
            "on_site": n < ON_SITE, "score": 9500 - n * 25, "place": n + 1, "funded": funded,
            "granted": granted[n] if funded else 0, "source": "区级" if n % 3 else "街道",
            "grade": ("优秀", "合格", "良好")[n % 3] if funded else "",
        })  # fmt: skip
    return rows


@pytest.fixture
def ground_(db):
    areas = registry.binhu()
    bodies = {
        f"滨湖区往届{n}号服务中心": ground.body(f"滨湖区往届{n}号服务中心", street=areas["heli"]) for n in range(OURS)
    }
    return areas, bodies


def cells(row, number, bodies, **change):
    """A row of the sheet as the office wrote it; two of the money columns are in different units."""
    code = row["code"] or bodies[row["body"]].code
    told = {
        "序号": number, "年度/届": "2020年第八届", "项目名称": row["title"], "申报组织": row["body"],
        "统一社会信用代码": code, "领域": "为老服务", "落地街道": "河埒街道" if number % 2 else "蠡园",
        "申请金额(万元)": row["asked"] / WAN, "预算总额（元）": row["total"] // 100,
        "是否进入现场评审": "是" if row["on_site"] else "否", "评审得分": row["score"] / 100, "名次": row["place"],
        "是否立项": "是" if row["funded"] else "否", "立项金额(万元)": row["granted"] / WAN if row["granted"] else "/",
        "资金来源(区级/街道)": row["source"] if row["funded"] else "", "状态(结项等级)": row["grade"], "备注": "",
        **change,
    }  # fmt: skip
    return [told[head] for head in HEAD]


def workbook(path, rows, bodies, *, changes=None):
    """Merged titles, a note, a two-row gap, subtotals between the pages, a total and a foot."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["滨湖区第八届公益创投项目申报及立项汇总表"])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(HEAD))
    sheet.append(["填报单位：演示承办中心", *[None] * 10, "2020年12月"])
    sheet.append(list(HEAD))
    asked = granted = 0
    for n, row in enumerate(rows):
        sheet.append(cells(row, n + 1, bodies, **(changes or {}).get(n, {})))
        asked, granted = asked + row["asked"], granted + row["granted"]
        if n in (29, 70):
            sheet.append(["小计", *[None] * 6, asked / WAN, *[None] * 5, granted / WAN])
            sheet.append([None] * len(HEAD))
    sheet.append(["合计", *[None] * 6, asked / WAN, *[None] * 5, granted / WAN])
    sheet.append(["制表人：演示甲", *[None] * 10])
    book.save(path)
    return path


def run(*argv):
    """Exit status of the command line."""
    return main.run(main.parser().parse_args([*map(str, argv)]))


def stage(path):
    order = staging.Order(kind="grants", path=path, file_name=path.name, area=Area.objects.get(code="320211"),
                          as_of=AS_OF)  # fmt: skip
    return staging.stage(order, by=BY, at=AT)


def apply(batch, **more):
    return registries.import_kinds["grants"].apply(batch=batch, by=BY, at=AT, **more)


def undo(batch):
    return registries.import_kinds["grants"].undo(batch=batch, by=BY, at=AT)


def doubts(batch):
    """Verdict and codes of the rows that were not simply accepted, by what they call themselves."""
    rows = batch.rows.exclude(verdict__in=["accept", "skip"]).order_by("number")
    return {row.label: (row.verdict, sorted({f["code"] for f in row.findings})) for row in rows}


def figures(*dims):
    return statistics.stats(by=BY, as_of=AS_OF, known_at=AT, area=Area.objects.get(code="320211"), dims=dims)


def picture():
    """Everything that the import may write, without keys and moments."""
    return {
        "rounds": sorted(Round.objects.values_list("title", "year", "state", "imported", "last_number")),
        "projects": sorted(Project.objects.values_list("round__title", "organization", "title", "number", "state",
                                                        "grant_fen", "own_fen", "total_fen", "field", "area")),
        "results": sorted(map(repr, PastResult.objects.values_list(
            "project__title", "outcome", "asked_fen", "total_fen", "granted_fen", "source", "score", "place", "on_site"
        ))),
        "slots": sorted(Slot.objects.values_list("organization", "slot", "cap", "project__title")),
        "pools": sorted(Pool.objects.values_list("source", "title", "ceiling_fen", "committed_fen")),
        "bodies": sorted(Organization.objects.known().values_list("pk", "code", "is_external", "live")),
        "programmes": sorted(Programme.objects.values_list("code", "name")),
    }  # fmt: skip


def test_the_figures_are_those_of_the_sheet(ground_, tmp_path, capsys):
    """By the command line, from the file to `stats funding`, against sums of the plain rows."""
    _areas, bodies = ground_
    rows = plain()
    path = workbook(tmp_path / "2020.xlsx", rows, bodies)
    assert run("import", "grants", path, "--area", "320211", "--json") == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["verdicts"]["accept"], report["verdicts"]["review"], report["verdicts"]["reject"]) == (109, 0, 0)
    assert report["created"] == APPLIED
    assert run("stats", "funding", "--area", "320211", "--by", "year,state", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["rounds"] == 1
    assert told["figures"] == {
        "count": APPLIED, "asked_fen": sum(row["asked"] for row in rows), "funded": FUNDED, "granted_fen": 400 * WAN,
    }  # fmt: skip
    assert {row["state"]: row["count"] for row in told["rows"]} == {"archived": FUNDED, "refused": APPLIED - FUNDED}
    assert Project.objects.values("organization").distinct().count() == OURS + OUTSIDE
    assert Organization.objects.known().filter(is_external=True).count() == OUTSIDE
    assert PastResult.objects.filter(on_site=True).count() == ON_SITE
    pools = dict(Pool.objects.values_list("source", "ceiling_fen"))
    assert pools == {
        "district": sum(row["granted"] for row in rows if row["source"] == "区级"),
        "town": sum(row["granted"] for row in rows if row["source"] == "街道"),
    }
    held = Round.objects.get()
    assert (held.title, held.year, held.imported, held.state) == ("2020年第八届", 2020, True, "ended")


def test_every_cell_is_stored_as_it_was(ground_, tmp_path):
    _areas, bodies = ground_
    rows = plain()
    apply(stage(workbook(tmp_path / "a.xlsx", rows, bodies)))
    stored = {past.project.title: past for past in PastResult.objects.select_related("project__area")}
    for n, row in enumerate(rows):
        past = stored[row["title"]]
        assert (past.asked_fen, past.total_fen, past.granted_fen or 0) == (row["asked"], row["total"], row["granted"])
        assert (past.score, past.place, past.on_site) == (row["score"], row["place"], row["on_site"])
        assert past.project.area.name == ("蠡园街道" if n % 2 else "河埒街道")
        assert past.project.number == f"2020-{n + 1:03d}"
    assert set(PastResult.objects.filter(granted_fen__gt=0).values_list("outcome", flat=True)) == {
        "excellent",
        "passed",
    }
    most = max(Project.objects.filter(organization=body).count() for body in bodies.values())
    assert Slot.objects.count() == APPLIED and most == 2


def test_the_same_file_twice_changes_nothing(ground_, tmp_path):
    _areas, bodies = ground_
    path = workbook(tmp_path / "a.xlsx", plain(), bodies)
    apply(stage(path))
    before = picture()
    again = stage(path)
    assert {key: n for key, n in again.counts.items() if ":" in key} == {"accept:unchanged": APPLIED}
    apply(again)
    assert picture() == before


def test_wrong_codes_and_sums_are_never_taken_silently(ground_, tmp_path):
    """One fault a row; every other row goes in, and nothing of the doubtful ones before somebody confirms."""
    _areas, bodies = ground_
    rows = plain()
    good = bodies["滨湖区往届3号服务中心"].code
    changes = {
        0: {"统一社会信用代码": bodies["滨湖区往届0号服务中心"].code[:-1] + "!"},
        1: {"统一社会信用代码": bodies["滨湖区往届1号服务中心"].code[:-1]},
        2: {"统一社会信用代码": good},
        3: {"统一社会信用代码": "", "申报组织": "没有听说过的服务中心"},
        4: {"统一社会信用代码": registry.code("MF", 777777), "申报组织": "滨湖区库里没有的服务中心"},
        5: {"立项金额(万元)": ""},
        6: {"立项金额(万元)": "壹佰万"},
        7: {"是否立项": "否"},
        8: {"年度/届": "第八届"},
        9: {"落地街道": "崇安寺街道"},
        10: {"评审得分": "一百二"},
        11: {"预算总额（元）": 9_000},
        12: {"申请金额(万元)": "约12"},
        13: {"状态(结项等级)": "不予立项"},
        14: {"申请金额(万元)": -3},
        108: {"统一社会信用代码": "", "申报组织": rows[107]["body"], "项目名称": rows[107]["title"]},
    }
    batch = stage(workbook(tmp_path / "a.xlsx", rows, bodies, changes=changes))
    told = doubts(batch)
    name = {n: rows[n]["title"] for n in range(15)}
    assert told[name[0]][0] == told[name[1]][0] == "review"
    assert told[name[2]] == ("review", ["IMP-ORG-DIFFERS"])
    assert told[name[3]] == ("review", ["IMP-ORG-OUTSIDE"])
    assert told[name[4]] == ("reject", ["IMP-ORG-UNKNOWN"])
    assert told[name[5]] == ("reject", ["IMP-GRANT-AMOUNT"])
    assert told[name[6]] == ("review", ["IMP-GRANT-ABOVE"])
    assert told[name[7]] == ("reject", ["IMP-GRANT-OUTCOME", "IMP-GRANT-REFUSED"])
    assert told[name[8]] == ("review", ["IMP-YEAR-ASSUMED"])
    assert told[name[9]] == ("review", ["IMP-STREET-UNKNOWN"])
    assert told[name[10]] == ("reject", ["IMP-SCORE-UNREADABLE"])
    assert told[name[11]] == ("review", ["IMP-BUDGET-BELOW"])
    assert told[name[12]] == ("review", ["IMP-APPROXIMATE"])
    assert told[name[13]] == ("reject", ["IMP-GRANT-OUTCOME"])
    assert told[name[14]] == ("reject", ["IMP-MONEY-NEGATIVE"])
    assert told[rows[107]["title"]] == ("review", ["IMP-DUPLICATE-DIFFERS"])
    apply(batch)
    kept = [row for n, row in enumerate(rows) if n > 14 and n != 108]
    assert figures()["figures"] == {
        "count": len(kept), "asked_fen": sum(row["asked"] for row in kept),
        "funded": sum(row["funded"] for row in kept), "granted_fen": sum(row["granted"] for row in kept),
    }  # fmt: skip


def test_undo_takes_all_of_it_back(ground_, tmp_path):
    _areas, bodies = ground_
    before = picture()
    batch = apply(stage(workbook(tmp_path / "a.xlsx", plain(), bodies)))
    assert picture() != before
    undo(batch)
    assert picture() == before
    assert figures()["figures"]["count"] == 0
    assert AuditEvent.objects.filter(code="import.undone").count() == 1


def test_a_second_sheet_corrects_and_undo_puts_back(ground_, tmp_path):
    """A blank cell says nothing; a changed one is shown with what it was, written, and put back."""
    _areas, bodies = ground_
    rows = plain()
    apply(stage(workbook(tmp_path / "a.xlsx", rows, bodies)))
    before = picture()
    changed = [dict(row) for row in rows]
    changed[0].update(granted=9 * WAN, grade="不合格")
    changed[50].update(funded=True, granted=5 * WAN)
    changed[1].update(grade="")
    batch = stage(workbook(tmp_path / "b.xlsx", changed, bodies))
    assert batch.counts["accept:update"] == 2
    row = batch.rows.get(label=rows[0]["title"])
    assert {name: value for name, value in row.before.items() if name != "_"} == {
        "granted": [rows[0]["granted"], 9 * WAN], "outcome": ["passed" if 0 % 3 else "excellent", "failed"],
    }  # fmt: skip
    apply(batch)
    assert figures()["figures"]["granted_fen"] == 400 * WAN - rows[0]["granted"] + 14 * WAN
    assert figures()["figures"]["funded"] == FUNDED + 1
    assert sum(Pool.objects.values_list("ceiling_fen", flat=True)) == figures()["figures"]["granted_fen"]
    undo(batch)
    assert picture() == before


def test_what_was_used_since_is_not_undone(ground_, tmp_path):
    _areas, bodies = ground_
    batch = apply(stage(workbook(tmp_path / "a.xlsx", plain(), bodies)))
    Project.objects.filter(title="公益项目第7号").update(version=9)
    before = picture()
    with pytest.raises(Refused) as refused:
        undo(batch)
    assert [found.args["name"] for found in refused.value.findings] == ["公益项目第7号"]
    assert picture() == before and ImportBatch.objects.get(pk=batch.pk).state == "applied"


def test_a_stale_comparison_is_refused(ground_, tmp_path):
    """Two files of the same round, both compared before either was imported."""
    _areas, bodies = ground_
    rows = plain()
    one = stage(workbook(tmp_path / "a.xlsx", rows, bodies))
    two = stage(workbook(tmp_path / "b.xlsx", rows[:90], bodies))
    apply(one)
    before = picture()
    programme = Programme.objects.get()
    assert programme.rounds.count() == 1
    with pytest.raises(Refused):
        apply(two)
    assert picture() == before


def test_a_round_that_was_handled_here_takes_no_sheet(ground_, tmp_path):
    areas, bodies = ground_
    held = ground.opened(areas["district"], ground.office())
    Round.objects.filter(pk=held.pk).update(year=2020)
    batch = stage(workbook(tmp_path / "a.xlsx", plain()[:3], bodies))
    assert list(doubts(batch).values()) == [("reject", ["IMP-ROUND-LIVE"])] * 3


def test_a_former_name_a_fourth_application_and_ends_without_money(ground_, tmp_path):
    _areas, bodies = ground_
    rows = plain()
    body = bodies["滨湖区往届0号服务中心"]
    registry.changed(body, date(2022, 1, 1), name="滨湖区改名后服务中心")
    mine = [{**rows[n], "body": "滨湖区往届0号服务中心", "funded": False, "granted": 0, "grade": grade}
            for n, grade in enumerate(("资格不通过", "撤回", "", "未入围", "落选", "淘汰"))]  # fmt: skip
    changes = {n: {"统一社会信用代码": ""} for n in range(6)}
    batch = stage(workbook(tmp_path / "a.xlsx", mine, bodies, changes=changes))
    assert doubts(batch) == {}
    warned = [row.label for row in batch.rows.filter(verdict="accept") if row.findings]
    assert warned == [mine[n]["title"] for n in (3, 4, 5)]
    apply(batch)
    states = dict(Project.objects.filter(organization=body).values_list("title", "state"))
    assert [states[row["title"]] for row in mine] == ["ineligible", "withdrawn", *["refused"] * 4]
    assert sorted(Slot.objects.values_list("slot", "cap")) == [(1, 3), (2, 3), (3, 3), (4, 4)]


def test_only_the_office_of_the_area_imports(ground_, tmp_path):
    from django.core.exceptions import PermissionDenied

    _areas, bodies = ground_
    path = workbook(tmp_path / "a.xlsx", plain()[:3], bodies)
    batch = stage(path)
    other = registry.user("bieren", ("grants_office", "area", "320213"))
    with pytest.raises(PermissionDenied):
        registries.import_kinds["grants"].apply(batch=batch, by=other, at=AT)
    made = registries.import_kinds["grants"].apply(batch=batch, by=ground.office(), at=AT)
    assert batches.report_head(made)["created"] == 3
