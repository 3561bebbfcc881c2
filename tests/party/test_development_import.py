"""F07: a sheet of stage dates makes the steps by the rules of the pages; nothing is overwritten; undo; round trip."""

import csv
from datetime import date, timedelta

import openpyxl
import pytest

from liaoyuan.core import registries, staging
from liaoyuan.core.models import Area, ImportRow
from liaoyuan.kit.findings import Refused
from liaoyuan.party.actions import development
from liaoyuan.party.exports import development as exports
from liaoyuan.party.models import Affiliation, Applicant, DevelopmentStep, Examination, Member, MemberRecord, Mentor
from liaoyuan.party.params import development_sheet as sheet
from liaoyuan.people.models import Person
from tests.core.factories import AT
from tests.party import factories as make
from tests.party.development import DAYS, way
from tests.registry import factories as registry

BEGAN = date(2020, 1, 1)
TODAY = date(2026, 10, 26)
NAME = "演示党支部"
pytestmark = pytest.mark.django_db


@pytest.fixture
def ours(areas, committee, lead, head):
    branch = make.party(NAME, area=areas["district"], superior=committee, start=BEGAN, regular_on=BEGAN)
    made = way(branch, lead=lead, head=head)
    Affiliation.objects.update(valid_from=BEGAN)
    return made


def cells(ours, name="演示申请人07", **changes):
    """A whole way as a sheet tells it, column by column."""
    names = [MemberRecord.objects.get(member=m, superseded_at=None).name for m in ours.members[:2]]
    told = {
        "姓名": name, "所在党支部": NAME, "性别": "女", "出生日期": "1995-01-01",
        **{title: DAYS[number].isoformat() for number, title in sheet.STEP_TITLES.items()},
        "培养联系人1": names[0], "考察记录1": f"{DAYS[6].isoformat()} 继续培养考察",
        "考察记录2": "2023-05-20 基本具备条件；2023-08-20 基本具备条件",
        "入党介绍人1": names[0], "入党介绍人2": names[1],
        "培训天数": 3, "培训学时": 24, "志愿书编号": "演示志愿书07", "公示起日": "2023-10-10",
        "票数": "应到5 实到5 书面0 赞成5 反对0 弃权0",
        "收到接收决议日期": "2023-11-05", "审批文号": "演示〔2023〕7号", "预备期考察1": "2024-06-01 继续培养考察",
        "转正公示起日": "2024-11-01", "转正决定": "按期转正", "转正票数": "应到5 实到5 书面0 赞成4 反对0 弃权1",
        "收到转正决议日期": "2024-11-20", "转正审批文号": "演示〔2024〕9号",
    }  # fmt: skip
    told |= changes
    return {title: value for title, value in told.items() if value is not None}


def workbook(path, *rows):
    book = openpyxl.Workbook()
    page = book.active
    titles = list(dict.fromkeys(title for row in rows for title in row))
    page.append(titles)
    for row in rows:
        page.append([row.get(title) for title in titles])
    book.save(path)
    return path


def stage(path, by=registry.OPERATOR):
    order = staging.Order(kind="development", path=path, file_name=path.name, area=Area.objects.get(code="320211"),
                          as_of=TODAY)  # fmt: skip
    return staging.stage(order, by=by, at=AT)


def lines(batch):
    return list(ImportRow.objects.filter(batch=batch).exclude(verdict="skip").order_by("number"))


def apply(batch, by=registry.OPERATOR, at=AT, **more):
    return registries.import_kinds["development"].apply(batch=batch, by=by, at=at, **more)


def undo(batch, at=AT):
    return registries.import_kinds["development"].undo(batch=batch, by=registry.OPERATOR, at=at + timedelta(minutes=1))


def told(path, rows, form="csv"):
    exports.write(rows, path=path, form=form, by=registry.OPERATOR, at=AT, on=TODAY)
    return path.read_bytes()


def test_a_sheet_of_stage_dates_makes_every_step_and_comes_back_as_it_was(ours, lead, tmp_path):
    given = cells(ours)
    batch = stage(workbook(tmp_path / "f07.xlsx", given), by=lead)
    row = lines(batch)[0]
    assert (row.verdict, row.action) == ("accept", "create"), row.findings
    assert not Applicant.objects.exists() and not DevelopmentStep.objects.exists()  # tried, and nothing stayed
    apply(batch, by=lead)
    who = Applicant.objects.get()
    made = dict(DevelopmentStep.objects.filter(applicant=who, superseded_at=None).values_list("number", "on"))
    assert made == {n: day for n, day in DAYS.items() if n not in (6, 21)}
    assert Examination.objects.filter(applicant=who).count() == 4 and Mentor.objects.count() == 3
    record = MemberRecord.objects.get(member=who.member_id, superseded_at=None)
    assert (record.admitted_on, record.confirmed_on) == (DAYS[15], date(2024, 10, 30))
    out = told(tmp_path / "a.csv", Applicant.objects.all())
    back = next(csv.DictReader(out.decode("utf-8-sig").splitlines()))
    for title, value in given.items():
        if title == "出生日期":
            assert "1995-01-01" not in back[title] and "*" in back[title]
        elif title == "考察记录2":
            assert [back["考察记录2"], back["考察记录3"]] == value.split("；")
        else:
            assert back[title] == str(value), title
    again = stage(tmp_path / "a.csv")
    assert [(r.verdict, r.action) for r in lines(again)] == [("accept", "unchanged")], lines(again)[0].findings
    assert told(tmp_path / "b.csv", Applicant.objects.all()) == out


def test_a_day_too_early_is_an_error_on_its_cell_with_the_rules_sentence(ours, tmp_path):
    ours.apply("演示申请人01").until(6)
    person = {"姓名": "演示申请人01", "所在党支部": NAME}
    early = stage(workbook(tmp_path / "a.xlsx", person | {"列为发展对象日期": "2023-05-31"}))
    row = lines(early)[0]
    assert row.verdict == "reject"
    assert [(f["code"], f["field"]) for f in row.findings] == [("PB-DEV-05", "candidate_on")]
    assert row.findings[0]["args"]["first"] == "2023-06-01"
    onday = stage(workbook(tmp_path / "b.xlsx", person | {"列为发展对象日期": "2023-06-01"}))
    assert lines(onday)[0].verdict == "accept" and lines(onday)[0].before["candidate_on"] == [None, "2023-06-01"]
    apply(onday)
    assert DevelopmentStep.objects.get(number=7).on == date(2023, 6, 1)


def test_what_is_told_is_never_overwritten_and_an_approval_is_not_imported_for_who_is_known(ours, tmp_path):
    ours.apply("演示申请人01").until(12)
    given = {"姓名": "演示申请人01", "所在党支部": NAME, "谈话日期": "2022-02-02", "预审日期": "2023-09-20"}
    batch = stage(workbook(tmp_path / "a.xlsx", given))
    row = lines(batch)[0]
    assert (row.verdict, row.action) == ("accept", "unchanged")
    assert {(f["code"], f["field"]) for f in row.findings} == {
        ("IMP-STEP-DIFFERS", "talked_on"), ("IMP-DECIDED", "prereviewed_on"),
    }  # fmt: skip
    apply(batch)
    assert (
        DevelopmentStep.objects.get(number=2).on == DAYS[2] and not DevelopmentStep.objects.filter(number=13).exists()
    )


BAD = (
    ("申请日期", "2012-12-31", "birth", "PB-DEV-01"),
    ("列为发展对象日期", "2023-05-31", "candidate_on", "PB-DEV-05"),
    ("入党介绍人2", None, "introducer_1", "PB-DEV-06"),
    ("培养联系人1", "查无此人", "contact_1", "IMP-MENTOR"),
    ("培训天数", 2, "training_days", "PB-DEV-08"),
    ("票数", "应到5 实到2 书面0 赞成2 反对0 弃权0", "votes", "PB-DEV-11"),
    ("票数", "应到6 实到5 书面0 赞成5 反对0 弃权0", "votes", "PB-DEV-11"),
    ("票数", "全票通过", "votes", "IMP-VOTES-UNREADABLE"),
    ("转正申请日期", "2024-10-29", "confirm_applied_on", "PB-DEV-13"),
    ("转正决定", "延长预备期5个月", "outcome", "PB-DEV-15"),
    ("考察记录1", "表现很好", "exam_1", "IMP-EXAM-UNREADABLE"),
    ("宣誓日期", "2027-01-01", "oath_on", "PB-DEV-18"),
    ("谈话日期", "2022年2月", "talked_on", "IMP-DAY"),
)  # fmt: skip


def test_each_wrong_cell_is_named_with_its_rule_and_nothing_else_is(ours, tmp_path):
    rows = [cells(ours, f"演示申请人{n:02d}", **{title: value, **({"培训学时": None} if title == "培训天数" else {})})
            for n, (title, value, _cell, _code) in enumerate(BAD)]  # fmt: skip
    found = lines(stage(workbook(tmp_path / "bad.xlsx", *rows)))
    assert len(found) == len(BAD)
    for row, (title, value, cell, code) in zip(found, BAD, strict=True):
        blocks = {(f["code"], f["field"]) for f in row.findings if f["severity"] == "block"}
        assert row.verdict == "reject" and blocks == {(code, cell)}, (title, value, row.findings)


def test_undo_takes_everything_back_or_nothing(ours, lead, tmp_path):
    ours.apply("演示申请人01").until(6)
    known = cells(ours, "演示申请人01", 预审日期=None, **dict.fromkeys(
        [sheet.STEP_TITLES[n] for n in range(14, 26) if n in sheet.STEP_TITLES]))  # fmt: skip
    for title in ("公示起日", "票数", "收到接收决议日期", "预备期考察1", "转正公示起日", "收到转正决议日期"):
        known.pop(title)
    before = told(tmp_path / "a.csv", Applicant.objects.all())
    batch = stage(workbook(tmp_path / "f07.xlsx", known, cells(ours, "演示申请人09")))
    assert [r.action for r in lines(batch)] == ["update", "create"], [r.findings for r in lines(batch)]
    apply(batch, confirm_review=True)
    assert Member.objects.known().filter(applications__isnull=False).count() == 1
    undo(batch)
    assert told(tmp_path / "b.csv", Applicant.objects.known()) == before
    assert not Member.objects.known().filter(applications__isnull=False).exists()
    assert Person.objects.living().count() == 6  # five members and the applicant of before
    assert Affiliation.objects.now_open().count() == 5
    ours.step(7, date(2023, 6, 5))  # the way goes on
    second = stage(workbook(tmp_path / "f08.xlsx", cells(ours, "演示申请人10")))
    apply(second, at=AT + timedelta(minutes=5))
    late = Applicant.objects.known().get(records__superseded_at=None, records__name="演示申请人10")
    development.correct(applicant=late, step=25, on=date(2025, 1, 11), by=registry.OPERATOR, at=AT)
    with pytest.raises(Refused):
        undo(second, at=AT + timedelta(minutes=9))
    assert DevelopmentStep.objects.filter(applicant=late, superseded_at=None).count() == 23


def test_the_internet_neither_exports_nor_imports(ours, settings, tmp_path):
    settings.ZONE = "internet"
    with pytest.raises(Refused):
        told(tmp_path / "a.csv", Applicant.objects.all())
    batch = stage(workbook(tmp_path / "f07.xlsx", cells(ours)))
    assert [row.verdict for row in lines(batch)] == ["reject"] and not set(lines(batch)[0].fields) & set(
        sheet.DAY_TITLES
    )
