"""F18 against the truth table: no wrong value is accepted silently, few rows are asked about needlessly."""

import csv
from datetime import date

import openpyxl
import pytest

from liaoyuan.core import registries, staging
from liaoyuan.core.models import Area, AuditEvent, ImportRow
from liaoyuan.people.models import Certificate, Employment, Person, Profile
from liaoyuan.people.queries import secrets
from tests.people import truth
from tests.registry import factories as make

AS_OF = date(2026, 10, 26)


def stage(path, kind="people", as_of=AS_OF, by=make.OPERATOR, mapping=None, at=make.AT):
    order = staging.Order(kind=kind, path=path, file_name=path.name, area=Area.objects.get(code="320211"), as_of=as_of,
                          mapping=mapping or {})  # fmt: skip
    return staging.stage(order, by=by, at=at)


def apply(batch, **more):
    return registries.import_kinds[batch.kind].apply(batch=batch, by=make.OPERATOR, at=make.AT, **more)


def undo(batch):
    return registries.import_kinds[batch.kind].undo(batch=batch, by=make.OPERATOR, at=make.AT)


def workbook(path, rows, head=truth.HEAD):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(list(head))
    for row in rows:
        sheet.append(list(row))
        for cell in sheet[sheet.max_row]:
            if isinstance(cell.value, str):
                cell.data_type = "s"
    book.save(path)
    return path


def stored(row) -> dict:
    """What stands in the database for a row of the sheet, read back field by field."""
    told = Profile.objects.current().get(person_id=row.object_id)
    person = Person.objects.get(pk=row.object_id)
    work = Employment.objects.current().filter(person=person).first()
    card = Certificate.objects.current().filter(person=person).first()
    return {
        "name": told.name, "gender": told.gender, "birth": secrets.birth_of(told),
        "id_number": secrets.number_of(person),
        "mobile": secrets.clear("mobile", told.mobile) if told.mobile else "", "education": told.education,
        "major": told.major, "note": told.note, "practice_since": told.practice_since,
        **{n: getattr(work, n) for n in ("job", "work_time", "insured", "service_field", "mentor")},
        **{n: _text(getattr(work, n)) for n in ("valid_from", "contract_from", "contract_to")},
        "level": card.level, "number": card.number, "education_hours": str(card.education_hours),
        **{n: _text(getattr(card, n)) for n in ("approved_on", "registered_on", "registered_until")},
    }  # fmt: skip


def _text(day):
    return day.isoformat() if day else None


@pytest.fixture
def body(areas):
    return make.organization("滨湖区丙示例社会工作服务中心", "MF", street=areas["heli"])


def test_clean_rows_are_accepted_and_stored_as_they_are(body, tmp_path):
    told = [truth.clean(n, "滨湖区丙示例社会工作服务中心", body.code) for n in range(60)]
    batch = stage(workbook(tmp_path / "f18.xlsx", [t.cells.values() for t in told]))
    assert (batch.counts.get("accept"), batch.counts.get("review", 0)) == (60, 0)
    apply(batch)
    for row, one in zip(batch.rows.exclude(verdict="skip").order_by("number"), told, strict=True):
        assert stored(row) == one.values


@pytest.mark.parametrize("spread", range(3))
def test_no_wrong_value_is_accepted_silently(body, tmp_path, spread):
    name = "滨湖区丙示例社会工作服务中心"
    rows, expected = [], []
    for n, mutation in enumerate(truth.MUTATIONS, spread * 100):
        one = truth.clean(n, name, body.code)
        cells = {**one.cells, mutation.column: mutation.cell(one.cells[mutation.column])}
        becomes = {k: v(one.values[k]) if callable(v) else v for k, v in mutation.becomes.items()}
        rows.append(cells.values())
        expected.append((mutation, {**one.values, **becomes}))
    batch = stage(workbook(tmp_path / "f18.xlsx", rows))
    lines = list(ImportRow.objects.filter(batch=batch).exclude(verdict="skip").order_by("number"))
    assert len(lines) == len(expected)
    wrong = [
        (mutation.column, rows_cell, row.verdict, [f["code"] for f in row.findings])
        for row, (mutation, _values), rows_cell in zip(
            lines, expected, [m.written for m in truth.MUTATIONS], strict=True
        )
        if row.verdict not in mutation.outcome.split("|")
    ]
    assert wrong == []
    apply(batch)
    silent = []
    for row, (mutation, values) in zip(lines, expected, strict=True):
        row.refresh_from_db()
        if row.verdict == "accept":
            there = stored(row)
            silent += [
                (mutation.column, name, there[name], values[name]) for name in values if there[name] != values[name]
            ]
        else:
            assert row.object_id is None
    assert silent == []


def test_dropped_columns_leave_no_trace(body, tmp_path):
    head = ("姓名", "机构", "政治\n面貌", "民族", "宗教信仰", "性别", "备注")
    rows = [("试甲一", "滨湖区丙示例社会工作服务中心", "中共党员", "汉族", "某教", "未知", "好"),
            ("试乙二", "滨湖区丙示例社会工作服务中心", "民主党派", "满族", "某教", "女", "好")]  # fmt: skip
    batch = stage(workbook(tmp_path / "f18.xlsx", rows, head), mapping={"民族": "note"})
    assert sum("不收集" in told for told in batch.notes) == 3
    apply(batch, confirm_review=True)
    from liaoyuan.core.queries import batches

    everything = str(list(ImportRow.objects.filter(batch=batch).values_list("fields", "findings", "before")))
    everything += "".join(str(batches.raw_cells(row)) for row in batch.rows.all())
    everything += str(list(Profile.objects.values())) + str(list(AuditEvent.objects.values_list("payload", flat=True)))
    for word in ("党员", "党派", "汉族", "满族", "某教"):
        assert word not in everything


def test_secrets_never_stand_in_clear_in_staging(body, tmp_path):
    one = truth.clean(1, "滨湖区丙示例社会工作服务中心", body.code)
    batch = stage(workbook(tmp_path / "f18.xlsx", [one.cells.values()]))
    text = str(list(batch.rows.values()))
    for secret in (one.cells["身份证号"], one.cells["手机"], one.cells["出生年月"]):
        assert secret not in text
    apply(batch)
    assert one.cells["身份证号"] not in str(list(batch.rows.values())) + str(list(Person.objects.values()))


def test_the_same_file_again_changes_nothing_and_undo_restores(body, tmp_path):
    told = [truth.clean(n, "滨湖区丙示例社会工作服务中心", body.code) for n in range(12)]
    first = stage(workbook(tmp_path / "a.xlsx", [t.cells.values() for t in told]))
    apply(first)
    again = stage(workbook(tmp_path / "a.xlsx", [t.cells.values() for t in told]))
    assert again.counts.get("accept:unchanged") == 12
    before = {row.object_id: stored(row) for row in first.rows.exclude(verdict="skip")}
    for one in told[:5]:
        one.cells.update(
            {"岗位": "主任", "专/兼职": "兼职" if one.cells["专/兼职"] == "专职" else "专职", "专业": "法学"}
        )
    changed = stage(workbook(tmp_path / "b.xlsx", [t.cells.values() for t in told]), as_of=date(2026, 10, 20))
    assert (changed.counts.get("accept:update"), changed.counts.get("accept:unchanged")) == (5, 7)
    apply(changed)
    assert Employment.objects.active(date(2026, 10, 25)).filter(job="主任").count() == 5
    assert Employment.objects.active(date(2026, 10, 19)).filter(job="社工").count() == 12
    undo(changed)
    assert {row.object_id: stored(row) for row in first.rows.exclude(verdict="skip")} == before
    undo(first)
    assert Person.objects.living().count() == 0
    assert Profile.objects.current().count() == Employment.objects.current().count() == 0


def test_undo_is_refused_when_somebody_changed_a_fact(body, tmp_path, officer):
    from liaoyuan.kit.findings import Refused
    from liaoyuan.people.actions import persons

    told = [truth.clean(n, "滨湖区丙示例社会工作服务中心", body.code) for n in range(3)]
    batch = stage(workbook(tmp_path / "a.xlsx", [t.cells.values() for t in told]))
    apply(batch)
    found = Person.objects.order_by("pk").first()
    persons.correct(person=found, organization=body, fields={"major": "法学"}, by=officer, at=make.AT)
    with pytest.raises(Refused) as refused:
        undo(batch)
    assert [f.args["name"] for f in refused.value.findings] == [told[0].cells["姓名"]]
    assert Person.objects.living().count() == 3


def test_a_change_after_the_comparison_is_noticed(body, tmp_path, officer):
    from liaoyuan.kit.findings import Refused
    from liaoyuan.people.actions import persons

    told = [truth.clean(n, "滨湖区丙示例社会工作服务中心", body.code) for n in range(3)]
    apply(stage(workbook(tmp_path / "a.xlsx", [t.cells.values() for t in told])))
    told[0].cells["专业"] = "法学"
    batch = stage(workbook(tmp_path / "b.xlsx", [t.cells.values() for t in told]))
    found = Person.objects.order_by("pk").first()
    persons.correct(person=found, organization=body, fields={"note": "改"}, by=officer, at=make.AT)
    with pytest.raises(Refused) as refused:
        apply(batch)
    assert {f.code for f in refused.value.findings} == {"IMP-STALE"}


def test_whom_a_row_speaks_of(body, areas, tmp_path):
    other = make.organization("滨湖区丁示例中心", "MF")
    stranger = make.organization("梁溪区戊示例中心", "MF", registrar_area=areas["other"])
    number = truth.ric("19900307", 1)
    from tests.people import factories as people

    known = people.person(other, "赵甲一", number=number, mobile="13900000000")
    people.person(body, "钱乙二", birth="1980-01")
    people.person(body, "孙丙三", number=truth.ric("19850101", 3))
    head = ("姓名", "出生年月", "身份证号", "机构", "备注")
    name = "滨湖区丙示例社会工作服务中心"
    rows = [
        ("赵甲一", "", number, name, "链接"),  # known at another body: linked without a word
        ("钱乙二", "1980-01-15", "", name, "按姓名和年月"),
        ("孙丙三", "", truth.ric("19850102", 5), name, "同名不同号"),
        ("李丁四", "", "", "梁溪区戊示例中心", "外区"),
        ("周戊五", "", "", "没有这家", ""),
        ("吴己六", "", "", "", ""),
    ]  # fmt: skip
    batch = stage(workbook(tmp_path / "w.xlsx", rows, head))
    lines = list(batch.rows.exclude(verdict="skip").order_by("number"))
    assert [(r.verdict, r.action) for r in lines] == [
        ("accept", "update"), ("accept", "update"), ("review", "create"), ("reject", "create"), ("reject", "create"),
        ("reject", "create"),
    ]  # fmt: skip
    assert lines[0].object_id == known.pk
    assert lines[0].before.get("mobile") is None
    codes = [{f["code"] for f in row.findings} for row in lines]
    assert codes[2] >= {"IMP-NAMESAKE"} and codes[3] == {"IMP-NOT-OWN", "IMP-NO-KEY"} - {"IMP-NO-KEY"}
    assert codes[4] == {"IMP-ORG-UNKNOWN"} and codes[5] == {"IMP-ORG-MISSING"}
    assert stranger.pk


def test_pri_01_bites_at_import(body, tmp_path):
    head = ("姓名", "手机", "机构", "处理依据", "同意书编号")
    name = "滨湖区丙示例社会工作服务中心"
    rows = [("赵甲一", "13900001234", name, "本人同意", ""), ("钱乙二", "13900001235", name, "本人同意", "同1"),
            ("孙丙三", "13900001236", name, "", "")]  # fmt: skip
    batch = stage(workbook(tmp_path / "p.xlsx", rows, head))
    lines = list(batch.rows.exclude(verdict="skip").order_by("number"))
    assert [r.verdict for r in lines] == ["reject", "accept", "accept"]
    assert [f["code"] for f in lines[0].findings if f["severity"] == "block"] == ["PRI-01"]
    assert lines[2].fields["basis"] == "duty"


def test_sw_01_bites_at_import(body, tmp_path):
    one, two = (truth.clean(n, "滨湖区丙示例社会工作服务中心", body.code) for n in (3, 4))
    two.cells["登记有效期"] = "2025-01-01至2028-01-02"
    batch = stage(workbook(tmp_path / "s.xlsx", [one.cells.values(), two.cells.values()]))
    lines = list(batch.rows.exclude(verdict="skip").order_by("number"))
    assert [[f["code"] for f in r.findings] for r in lines] == [[], ["SW-01"]]


def test_an_empty_day_is_asked_about_when_it_may_be_a_birthday(body, tmp_path):
    one = truth.clean(1, "滨湖区丙示例社会工作服务中心", body.code)
    one.cells.update({"出生年月": "1970-01-01", "身份证号": ""})
    row = stage(workbook(tmp_path / "e.xlsx", [one.cells.values()])).rows.exclude(verdict="skip").get()
    assert (row.verdict, [f["code"] for f in row.findings]) == ("review", ["IMP-EPOCH"])


def test_csv_in_gbk_is_read_too(body, tmp_path):
    one = truth.clean(5, "滨湖区丙示例社会工作服务中心", body.code)
    path = tmp_path / "g.csv"
    with path.open("w", encoding="gbk", newline="") as file:
        csv.writer(file).writerows([truth.HEAD, list(one.cells.values())])
    batch = stage(path)
    apply(batch)
    assert stored(batch.rows.exclude(verdict="skip").get()) == one.values
