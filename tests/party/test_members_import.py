"""F03 against the truth table: no wrong value is accepted silently; undo, round trip, comparison, template, command."""

import json
from datetime import date

import openpyxl
import pytest

from liaoyuan.conf.cli.main import main
from liaoyuan.core import registries, staging
from liaoyuan.core.actions import comparing
from liaoyuan.core.models import Area, AuditEvent, ImportRow
from liaoyuan.kit.findings import Refused
from liaoyuan.party.actions import members
from liaoyuan.party.exports import members as exports
from liaoyuan.party.models import Affiliation, Member, MemberRecord
from liaoyuan.party.queries import members as reading
from liaoyuan.party.queries import secrets
from liaoyuan.people.models import Person
from liaoyuan.people.queries import secrets as numbers
from tests.party import factories as make
from tests.party import truth
from tests.people import factories as people
from tests.registry import factories as registry

AS_OF = date(2026, 10, 26)
NAME = "演示甲党支部"


def order(path, as_of=AS_OF, area="320211"):
    return staging.Order(kind="members", path=path, file_name=path.name, area=Area.objects.get(code=area), as_of=as_of)


def stage(path, by=registry.OPERATOR, **more):
    return staging.stage(order(path, **more), by=by, at=registry.AT)


def apply(batch, by=registry.OPERATOR, **more):
    return registries.import_kinds["members"].apply(batch=batch, by=by, at=registry.AT, **more)


def undo(batch):
    return registries.import_kinds["members"].undo(batch=batch, by=registry.OPERATOR, at=registry.AT)


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


def lines(batch):
    return list(ImportRow.objects.filter(batch=batch).exclude(verdict="skip").order_by("number"))


def stored(row) -> dict:
    """What stands in the database for a row of the sheet, read back field by field."""
    record = MemberRecord.objects.current().select_related("member__person").get(member=row.object_id)
    rows = Affiliation.objects.now_open().filter(member=row.object_id).select_related("party_organization")
    here = rows.get(party_organization__isnull=False)
    plain = ("name", "gender", "ethnicity", "native_place", "education", "degree", "school", "job", "work_time",
             "category", "police_station", "skills", "floating_note", "note", "precision")  # fmt: skip
    return {
        **{name: getattr(record, name) for name in plain}, **secrets.opened(record),
        "id_number": numbers.number_of(record.member.person),
        **{n: getattr(record, n).isoformat() if getattr(record, n) else None
           for n in ("worked_since", "admitted_on", "confirmed_on")},
        "kind": here.kind, "party": here.party_organization.formations.get().name, "stage": here.stage,
        "outside": "".join(rows.filter(party_organization__isnull=True).values_list("outside_name", flat=True)),
        "home_contact": here.home_contact,
    }  # fmt: skip


@pytest.fixture
def branch(areas, committee):
    for name, area in (("演示同名党支部", "district"), ("演示同名党支部", "heli"), ("演示邻区党支部", "other")):
        make.party(name, area=areas[area], superior=committee)
    return make.party(NAME, area=areas["district"], superior=committee)


def test_clean_rows_are_accepted_and_stored_as_they_are(branch, tmp_path):
    told = [truth.clean(n, NAME) for n in range(40)]
    batch = stage(workbook(tmp_path / "f03.xlsx", [t.cells.values() for t in told]))
    assert (batch.counts.get("accept"), batch.counts.get("review", 0)) == (40, 0), [
        (r.number, r.findings) for r in lines(batch) if r.verdict != "accept"
    ]
    apply(batch)
    for row, one in zip(lines(batch), told, strict=True):
        assert stored(row) == one.values
    assert Affiliation.objects.now_open().formal().count() == 40
    full_time = Affiliation.objects.now_open().filter(kind="temporary").values_list("full_time", flat=True)
    assert set(full_time) == {True, False}


@pytest.mark.parametrize(("table", "places"), [("MUTATIONS", (0, 400)), ("HOSTED", (1, 2))])
def test_no_wrong_value_is_accepted_silently(branch, tmp_path, table, places):
    rows, expected = [], []
    for spread in places:
        for n, mutation in enumerate(getattr(truth, table)):
            one = truth.clean(spread + n * 4, NAME)
            one.cells["姓名"] = one.values["name"] = f"演{chr(0x5E00 + spread + n)}{chr(0x4E00 + n)}"
            cells = {**one.cells, mutation.column: mutation.cell(one.cells[mutation.column])}
            becomes = {k: v(one.values[k]) if callable(v) else v for k, v in mutation.becomes.items()}
            rows.append(cells.values())
            expected.append((mutation, {**one.values, **becomes}))
    batch = stage(workbook(tmp_path / "f03.xlsx", rows))
    found = lines(batch)
    assert len(found) == len(expected)
    wrong = [
        (mutation.column, str(mutation.written), row.verdict, [f["code"] for f in row.findings])
        for row, (mutation, _values) in zip(found, expected, strict=True)
        if row.verdict not in mutation.outcome.split("|")
    ]
    assert wrong == []
    apply(batch)
    silent = []
    for row, (mutation, values) in zip(found, expected, strict=True):
        row.refresh_from_db()
        if row.verdict == "accept":
            there = stored(row)
            silent += [(mutation.column, n, there[n], values[n]) for n in values if there[n] != values[n]]
        else:
            assert row.object_id is None
    assert silent == []


def test_dropped_and_unknown_columns_leave_no_trace_and_secrets_are_sealed(branch, tmp_path):
    told = [truth.clean(n, NAME) for n in range(3)]
    told[1].cells["性别"] = "未知"
    batch = stage(workbook(tmp_path / "f03.xlsx", [t.cells.values() for t in told]))
    assert "“政治面貌”列不导入：本系统不收集这一项。" in batch.notes
    assert sum("这种表没有这一项" in note for note in batch.notes) == 2
    apply(batch, confirm_review=True)
    from liaoyuan.core.queries import batches

    staged = str(list(batch.rows.values())) + str(list(MemberRecord.objects.values()))
    staged += str(list(Person.objects.values())) + str(list(AuditEvent.objects.values_list("payload", flat=True)))
    for one in told:
        for column in ("身份证号", "手机", "出生年月", "现住址"):
            assert one.cells[column] not in staged, column
    kept = staged + "".join(str(batches.raw_cells(row)) for row in batch.rows.all())
    for word in ("中共党员", "5001"):
        assert word not in kept


def test_the_same_file_again_changes_nothing_and_undo_restores(branch, tmp_path):
    told = [truth.clean(n, NAME) for n in range(12)]
    first = stage(workbook(tmp_path / "a.xlsx", [t.cells.values() for t in told]))
    apply(first)
    again = stage(workbook(tmp_path / "a.xlsx", [t.cells.values() for t in told]))
    assert again.counts.get("accept:unchanged") == 12
    before = {row.object_id: stored(row) for row in lines(first)}
    for one in told[:5]:
        one.cells.update({"单位及职务": "某中心主任", "手机": "13988887777"})
    told[5].cells["原支部及联系人"] = "改了的联系人"
    changed = stage(workbook(tmp_path / "b.xlsx", [t.cells.values() for t in told]))
    assert (changed.counts.get("accept:update"), changed.counts.get("accept:unchanged")) == (6, 6)
    apply(changed)
    assert MemberRecord.objects.current().filter(job="某中心主任").count() == 5
    assert Affiliation.objects.now_open().filter(home_contact="改了的联系人").count() == 1
    undo(changed)
    assert {row.object_id: stored(row) for row in lines(first)} == before
    undo(first)
    assert not Member.objects.known().exists() and not Person.objects.living().exists()
    assert not MemberRecord.objects.current().exists() and not Affiliation.objects.current().exists()


def test_undo_and_import_are_refused_when_somebody_changed_a_fact(branch, tmp_path, lead):
    told = [truth.clean(n, NAME) for n in range(3)]
    batch = stage(workbook(tmp_path / "a.xlsx", [t.cells.values() for t in told]))
    apply(batch)
    waiting = [truth.clean(n, NAME) for n in range(3)]
    waiting[0].cells["学位"] = "硕士"
    late = stage(workbook(tmp_path / "b.xlsx", [t.cells.values() for t in waiting]))
    who = Member.objects.get(pk=lines(batch)[0].object_id)
    members.correct(member=who, fields={"job": "改", "evidence": "档案"}, by=lead, at=registry.AT)
    for act in (lambda: undo(batch), lambda: apply(late)):
        with pytest.raises(Refused) as refused:
            act()
        assert {f.code for f in refused.value.findings} <= {"IMP-UNDO", "IMP-STALE"}
    assert Member.objects.known().count() == 3


def test_whom_a_row_speaks_of(branch, areas, committee, tmp_path, centre):
    other = make.party("演示乙党支部", area=areas["district"], superior=committee)
    number = people.ric("19900307", 1)
    known = people.person(centre, "演一", number=number)
    two = make.member("演二")
    make.affiliate(two, branch)
    three = make.member("演三", person=people.person(centre, "演三", number=people.ric("19850101", 3)))
    make.affiliate(three, branch)
    four = make.member("演四", person=people.person(centre, "演四", number=people.ric("19850101", 5)))
    make.affiliate(four, other)
    head = ("姓名", "身份证号", "所在党支部", "组织关系状态", "组织关系所在地", "备注")
    rows = [
        ("演一", number, NAME, "已转入", "", "人员库里已有"),
        ("演二", "", NAME, "", "", "只按姓名"),
        ("演三", people.ric("19850102", 5), NAME, "已转入", "", "同名不同号"),
        ("演四", people.ric("19850101", 5), NAME, "已转入", "", "正式关系在别处"),
        ("演四", people.ric("19850101", 5), NAME, "流动", "演示乙党支部", "编入"),
        ("演五", people.ric("19850101", 5), "演示乙党支部", "", "", "号是别人的"),
        ("演六", "", NAME, "未转入", "演示甲党支部", "自相矛盾"),
    ]  # fmt: skip
    batch = stage(workbook(tmp_path / "w.xlsx", rows, head))
    found = lines(batch)
    codes = [{f["code"] for f in row.findings if f["severity"] in ("block", "confirm")} for row in found]
    assert codes[0] == set() and codes[1] == {"IMP-BY-NAME"} and codes[2] == {"IMP-NAMESAKE"}
    assert codes[3] == {"PB-REL-01"} and codes[5] == {"IMP-NAME-NUMBER"} and codes[6] >= {"IMP-HOME-STATE"}
    assert "演示乙党支部" not in str(found[3].findings)
    apply(batch)
    assert Member.objects.get(pk=ImportRow.objects.get(pk=found[0].pk).object_id).person == known
    assert reading.current(four).note == ""


def test_a_sheet_cannot_change_a_state_or_a_post(branch, tmp_path):
    one = truth.clean(1, NAME)
    apply(stage(workbook(tmp_path / "a.xlsx", [one.cells.values()])))
    one.cells["组织关系状态"] = "已转入"
    one.cells["组织关系所在地"] = NAME
    [row] = lines(stage(workbook(tmp_path / "b.xlsx", [one.cells.values()])))
    assert row.verdict == "reject" and "IMP-STATE-CHANGED" in {f["code"] for f in row.findings}
    two = truth.clean(1, NAME)
    two.cells["党内职务"] = "书记"
    [row] = lines(stage(workbook(tmp_path / "c.xlsx", [two.cells.values()])))
    assert (row.verdict, row.action) == ("accept", "unchanged")
    assert "IMP-POST" in {f["code"] for f in row.findings}


def test_what_is_exported_comes_back_unchanged_and_the_same_bytes(branch, tmp_path, lead):
    told = [truth.clean(n, NAME) for n in range(9)]
    told[3].cells["入党时间"], told[3].cells["参加工作时间"] = "2018-04", "1999年7月"
    apply(stage(workbook(tmp_path / "a.xlsx", [t.cells.values() for t in told])), confirm_review=True)
    for form, reason in (("xlsx", ""), ("csv", ""), ("xlsx", "上级核对")):
        path, second = tmp_path / f"out.{form}", tmp_path / f"again.{form}"
        for one in (path, second):
            count = exports.export_members(path=one, form=form, by=lead, at=registry.AT, as_of=AS_OF,
                                           filters={"reason": reason})  # fmt: skip
            assert count == 9
        assert path.read_bytes() == second.read_bytes()
        batch = stage(path)
        assert batch.counts.get("accept:unchanged") == 9, (form, reason, [
            (r.verdict, r.before, r.findings) for r in lines(batch) if r.action != "unchanged"
        ])  # fmt: skip
    masked = (tmp_path / "out.csv").read_text("utf-8-sig")
    for one in told:
        assert one.cells["身份证号"] not in masked and one.cells["手机"] not in masked
        assert one.cells["现住址"] not in masked
    read = list(openpyxl.load_workbook(tmp_path / "out.xlsx").active.iter_rows(values_only=True))
    titles = read[0]
    by_name = {row[titles.index("姓名")]: dict(zip(titles, row, strict=True)) for row in read[1:]}
    for one in told:
        there = by_name[one.cells["姓名"]]
        for column in ("手机", "现住址", "出生年月", "学历", "组织关系状态", "备注", "原支部及联系人", "转正时间"):
            assert (there[column] or "") == one.cells[column], column
    assert by_name[told[3].cells["姓名"]]["入党时间"] == "2018-04"
    events = AuditEvent.objects.filter(subject_kind="member", payload__field="mobile")
    assert events.count() == 18, "nine members, twice"


def test_clear_values_leave_for_a_reason_by_an_officer_in_a_workbook_only(branch, tmp_path, lead):
    apply(stage(workbook(tmp_path / "a.xlsx", [truth.clean(0, NAME).cells.values()])))
    for form, reason in (("csv", "上级核对"), ("xlsx", "x")):
        with pytest.raises(Refused) as refused:
            exports.export_members(path=tmp_path / "o", form=form, by=lead, at=registry.AT, as_of=AS_OF,
                                   filters={"reason": reason})  # fmt: skip
        assert {f.code for f in refused.value.findings} == {"PRI-04"}
    with pytest.raises(Refused, match="没有筛选条件"):
        exports.export_members(path=tmp_path / "o", form="csv", by=lead, at=registry.AT, as_of=AS_OF,
                               filters={"colour": "red"})  # fmt: skip


def test_the_national_system_is_set_against_ours(branch, tmp_path, lead):
    told = [truth.clean(n * 4, NAME) for n in range(6)]
    apply(stage(workbook(tmp_path / "a.xlsx", [t.cells.values() for t in told])))
    theirs = [truth.clean(n * 4, NAME) for n in range(1, 6)]
    theirs[0].cells["学历"], theirs[0].cells["手机"] = "博士", "13988887777"
    theirs[1].cells["入党时间"] = theirs[1].cells["入党时间"][:7]
    new = truth.clean(40, NAME)
    path = workbook(tmp_path / "n.xlsx", [t.cells.values() for t in (*theirs, new)])
    made, result = comparing.compare_file(order=order(path), by=lead, at=registry.AT)
    found = {(str(d.sort), d.label, d.field) for d in made.differences.all()}
    assert found == {
        ("cell", theirs[0].cells["姓名"], "education"), ("cell", theirs[0].cells["姓名"], "mobile"),
        ("there", new.cells["姓名"], ""), ("here", told[0].cells["姓名"], ""),
    }, [d.field for d in made.differences.all()]  # fmt: skip
    assert result.same == 4 and "13988887777" not in str(list(made.differences.values()))
    from liaoyuan.core.actions import differing

    chosen = {d.pk: 0 for d in made.differences.filter(field="education")}
    differing.decide(comparison=made, chosen=chosen, outcome="theirs", by=lead, at=registry.AT)
    batch = differing.bring_in(comparison=made, by=lead, at=registry.AT)
    apply(batch, by=lead, confirm_review=True)
    assert MemberRecord.objects.current().get(name=theirs[0].cells["姓名"]).education == "doctor"


def test_the_command_line_brings_in_and_out(branch, tmp_path, capsys):
    out = tmp_path / "out.json"
    path = workbook(tmp_path / "f03.xlsx", [truth.clean(n, NAME).cells.values() for n in range(4)])
    for call in (["import", "members", str(path), "--area", "320211"], ["export", "members", "--output", str(out)]):
        with pytest.raises(SystemExit) as ended:
            main(call)
        assert ended.value.code == 0, capsys.readouterr()
    assert Member.objects.known().count() == 4
    assert len(json.loads(out.read_text())) == 4
    assert "4" in capsys.readouterr().out


def test_the_template_is_read_by_the_importer(branch, tmp_path):
    kind = registries.import_kinds["members"]
    assert {c.key for c in kind.columns} == set(kind.fields)
    known = {label for labels in kind.synonyms.values() for label in labels}
    assert {c.title for c in kind.columns} <= known
    state = next(c for c in kind.columns if c.key == "state")
    assert state.choices == ("已转入", "未转入", "双管", "流动", "在职报到", "入住")
