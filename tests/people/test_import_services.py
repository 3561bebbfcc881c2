"""F19: services of volunteers; exports of both forms come back without a change; the command line."""

import json
from datetime import date, time

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied

from liaoyuan.conf.cli import main
from liaoyuan.core.models import AuditEvent
from liaoyuan.kit.findings import Refused
from liaoyuan.people.exports import rosters
from liaoyuan.people.models import Person, Profile, Volunteer, VolunteerService
from tests.people import factories as people
from tests.people import truth
from tests.people.test_import_truth import apply, stage, undo, workbook
from tests.registry import bites
from tests.registry import factories as make

HEAD = (
    "姓名",
    "证件号",
    "志愿者编号",
    "活动名称",
    "组织",
    "日期",
    "起止",
    "时长(h)",
    "地点",
    "服务对象类别",
    "评价",
    "记录人",
)
NAME = "滨湖区丙示例社会工作服务中心"
NUMBER = people.ric("19900307", 1)
AS_OF = date(2026, 10, 26)


@pytest.fixture
def body(areas):
    return make.organization(NAME, "MF", street=areas["heli"])


def line(
    name="赵甲一", number=NUMBER, on="2026-10-01", times="09:00-11:30", hours="2.5", activity="社区探访", who="V001"
):
    return (name, number, who, activity, NAME, on, times, hours, "河埒街道", "老年人", "优秀", "周记录")


def rows_of(batch):
    return list(batch.rows.exclude(verdict="skip").order_by("number"))


def test_services_are_recorded_and_volunteers_made(body, tmp_path):
    rows = [line(), line(on="2026-10-02", times="", hours="3小时"), line("钱乙二", "", on="2026/10/2", who=""),
            line("钱乙二", "", on="2026年10月3日", times="13:00～14:00", hours="", who="")]  # fmt: skip
    batch = stage(workbook(tmp_path / "f19.xlsx", rows, HEAD), "volunteers")
    assert [(r.verdict, r.action) for r in rows_of(batch)] == [("accept", "create")] * 4
    apply(batch)
    assert Person.objects.count() == Volunteer.objects.count() == 2
    found = list(VolunteerService.objects.order_by("on", "pk").values_list("on", "minutes", "started", "category"))
    assert found == [
        (date(2026, 10, 1), 150, time(9), "老年人"), (date(2026, 10, 2), 180, None, "老年人"),
        (date(2026, 10, 2), 150, time(9), "老年人"), (date(2026, 10, 3), 60, time(13), "老年人"),
    ]  # fmt: skip
    text = str(list(VolunteerService.objects.values())) + str(list(batch.rows.values()))
    assert "优秀" not in text
    assert NUMBER not in text
    again = stage(workbook(tmp_path / "g19.xlsx", rows, HEAD), "volunteers")
    assert again.counts.get("accept:unchanged") == 4
    undo(batch)
    assert Person.objects.living().count() == VolunteerService.objects.current().count() == 0


@pytest.mark.parametrize(
    ("change", "verdict", "code"),
    [
        ({"times": "九点到十一点"}, "reject", "IMP-TIMES-UNREADABLE"),
        ({"times": "11:30-09:00"}, "reject", "IMP-TIMES-REVERSED"),
        ({"times": "", "hours": ""}, "reject", "IMP-HOURS-MISSING"),
        ({"times": "", "hours": "半天"}, "reject", "IMP-HOURS-UNREADABLE"),
        ({"hours": "3"}, "review", "IMP-HOURS-DIFFER"),
        ({"times": "", "hours": "24.02"}, "reject", "VOL-03"),
        ({"on": "2026-10-27"}, "reject", "IMP-SERVICE-DAY"),
        ({"on": "2026-10"}, "reject", "IMP-SERVICE-DAY"),
        ({"activity": ""}, "reject", "IMP-MISSING"),
        ({"number": NUMBER[:17]}, "reject", "IMP-RIC-LENGTH"),
    ],
)
def test_doubtful_services(body, tmp_path, change, verdict, code):
    batch = stage(workbook(tmp_path / "f19.xlsx", [line(**change)], HEAD), "volunteers")
    row = rows_of(batch)[0]
    assert (row.verdict, code in {f["code"] for f in row.findings}) == (verdict, True), row.findings


def test_vol_03_counts_stored_rows_and_earlier_rows_of_the_file(body, tmp_path):
    one = people.person(body, "赵甲一", number=NUMBER)
    people.volunteer(one, body)
    people.service(one, body, date(2026, 10, 1), 20 * 60, activity="值守")
    rows = [line(times="", hours="3", activity="甲"), line(times="", hours="1", activity="乙"),
            line(times="", hours="0.5", activity="丙"), line(on="2026-10-02", activity="甲"),
            line(on="2026-10-02", times="11:00-12:00", hours="1", activity="乙"),
            line(on="2026-10-02", times="11:30-12:30", hours="1", activity="丁")]  # fmt: skip
    batch = stage(workbook(tmp_path / "f19.xlsx", rows, HEAD), "volunteers")
    assert [r.verdict for r in rows_of(batch)] == ["accept", "accept", "reject", "accept", "reject", "reject"]


def export(kind, path, by=make.OPERATOR, form="xlsx", **more):
    return rosters.KINDS[kind](path=path, form=form, by=by, at=make.AT, as_of=AS_OF, filters=more)


def test_f18_comes_back_without_a_change(body, tmp_path):
    told = [truth.clean(n, NAME, body.code) for n in range(20)]
    apply(stage(workbook(tmp_path / "a.xlsx", [t.cells.values() for t in told])))
    for form, more in (("xlsx", {}), ("csv", {}), ("xlsx", {"reason": "核对台账"})):
        path = tmp_path / f"out{len(more)}.{form}"
        assert export("people", path, form=form, **more) == 20
        batch = stage(path)
        assert batch.counts.get("accept:unchanged") == 20, [r.findings for r in rows_of(batch)]
    again = tmp_path / "again.xlsx"
    export("people", again)
    assert again.read_bytes() == (tmp_path / "out0.xlsx").read_bytes()


def test_secrets_leave_only_for_a_reason_and_the_number_never(body, tmp_path, officer):
    told = [truth.clean(n, NAME, body.code) for n in range(3)]
    apply(stage(workbook(tmp_path / "a.xlsx", [t.cells.values() for t in told])))
    masked, clear = tmp_path / "masked.json", tmp_path / "clear.xlsx"
    export("people", masked, officer, "json")
    export("people", clear, officer, "xlsx", reason="换证通知")
    book = openpyxl.load_workbook(clear)
    shown = " ".join(str(c.value) for sheet in book for row in sheet.iter_rows() for c in row)
    for one in told:
        for field in ("手机", "出生年月"):
            assert one.cells[field] not in masked.read_text()
            assert one.cells[field] in shown
        assert one.cells["身份证号"] not in masked.read_text() + shown
    assert "换证通知" in shown and officer.display_name in shown and "不得转发" in shown
    logged = list(AuditEvent.objects.filter(code="read.exported").order_by("pk").values_list("payload", flat=True))
    assert [(e["sensitive"], e["reason"]) for e in logged] == [(False, ""), (True, "换证通知")]
    reads = AuditEvent.objects.filter(code="read.revealed").values_list("subject_id", "payload")
    assert {(pk, p["field"]) for pk, p in reads} == {
        (str(p.pk), field) for p in Person.objects.all() for field in ("birth", "mobile")
    }


def test_clear_values_leave_in_no_other_way(areas, body, tmp_path, officer):
    one = people.person(body, "赵甲一", mobile="13900001234", birth="1990-03")
    people.employment(one, body)
    reason = {"reason": "换证通知"}

    def why(path, by=officer, **more) -> str:
        with pytest.raises(Refused) as refused:
            export("people", tmp_path / path, by, path.rpartition(".")[2], **more)
        return refused.value.findings[0].code

    assert why("a.csv", **reason) == why("a.json", **reason) == "PRI-04"
    street = make.officer("street", ("street_office", "area", "320211001"))
    with pytest.raises(PermissionDenied):
        export("people", tmp_path / "s.xlsx", street, **reason)
    bites.store({"privacy.export_rows": 0}, editor=officer, confirmer=make.officer("second"), jurisdiction="national")
    assert why("a.xlsx", **reason) == "PRI-04"
    assert not AuditEvent.objects.filter(code="read.revealed").exists()


def test_exports_hold_only_what_one_sees(areas, body, tmp_path, officer):
    people.employment(people.person(body, "赵甲一"), body)
    outside = make.organization("梁溪区丁示例中心", registrar_area=areas["other"])
    people.employment(people.person(outside, "钱乙二"), outside)
    path = tmp_path / "o.json"
    assert export("people", path, officer, "json") == 1
    assert "钱乙二" not in path.read_text()
    for role in ("leadership", "registry_head"):
        with pytest.raises(PermissionDenied):
            export("people", path, make.officer(role, (role, "area", "320211")), "json")
    with pytest.raises(Refused):
        export("people", path, officer, "json", party="1")


def test_f19_comes_back_without_a_change(body, tmp_path):
    rows = [line(), line(on="2026-10-02", times="", hours="3"), line("钱乙二", "", on="2026-10-02", who="V002")]
    apply(stage(workbook(tmp_path / "f19.xlsx", rows, HEAD), "volunteers"))
    path = tmp_path / "out.xlsx"
    assert export("volunteers", path) == 3
    assert stage(path, "volunteers").counts.get("accept:unchanged") == 3


def test_the_command_line(body, tmp_path, capsys):
    told = [truth.clean(n, NAME, body.code) for n in range(4)]
    path = workbook(tmp_path / "a.xlsx", [t.cells.values() for t in told])

    def run(*argv):
        return main.run(main.parser().parse_args([*map(str, argv)]))

    assert run("import", "people", path, "--area", "320211", "--as-of", "2026-10-26", "--json") == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["created"], report["verdicts"]["accept"]) == (4, 4)
    assert told[0].cells["身份证号"] not in json.dumps(report, ensure_ascii=False)
    out = tmp_path / "out.csv"
    assert run("export", "people", "--output", out, "--as-of", "2026-10-26", "--area", "320211") == 0
    assert out.read_text(encoding="utf-8-sig").count("\n") == 5
    assert Profile.objects.current().count() == 4
