"""Examining: findings kept and answered, double funding side by side, time over all projects; barred by two persons."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from liaoyuan.funding.actions import eligibility, handing_in, projects
from liaoyuan.funding.models import Examined, Project, Slot, TeamMember, TextMark
from liaoyuan.funding.queries import doubles, persons
from liaoyuan.funding.queries import eligibility as told
from liaoyuan.funding.queries import facts as reading
from liaoyuan.kit.findings import Refused
from tests.core.factories import AT, user
from tests.funding import ground
from tests.people import factories as people

pytestmark = pytest.mark.django_db
OTHER = {
    "about": "另一家机构，做儿童阅读。", "summary": "给小学生开绘本课。",
    "need": "学校来信，四年级 96 人缺少课外阅读。",
    "goals": "每人全年读完二十四本书。", "served": "河埒小学四年级学生。", "method": "每周三下午由志愿者带读并讨论。",
}  # fmt: skip


@pytest.fixture
def chief(areas):
    return ground.office("fuzhu", "registry_head")


@pytest.fixture
def project(round_, body, head):
    return ground.submitted(ground.written(round_, body, head), head)


def codes(refused):
    return {finding.code for finding in refused.value.findings}


def answered(row, by):
    for one in told.findings(eligibility.examine(project=row, by=by, at=AT)):
        if one.open:
            eligibility.answer(project=row, number=one.number, reason="已核实。", by=by, at=AT)


def test_an_application_without_doubts_passes(project, office):
    answered(project, office)
    row = eligibility.accept(project=project, by=office, at=AT)
    assert row.state == "eligible"
    kept = Examined.objects.get()
    assert (kept.outcome, kept.decided_by, kept.on) == ("eligible", office, ground.TODAY)
    assert kept.version == 2 + len(kept.answers)


def test_a_warning_is_answered_and_a_block_is_not(round_, body, head, office):
    first = ground.submitted(ground.written(round_, body, head), head)
    second = ground.submitted(ground.written(round_, body, head, title="银发陪伴二"), head)
    found = told.findings(eligibility.examine(project=second, by=office, at=AT))
    assert [(f.code, f.severity, f.open) for f in found if f.code == "GV-APP-03"] == [("GV-APP-03", "warn", True)]
    assert first.title in next(f.message for f in found if f.code == "GV-APP-03")
    with pytest.raises(Refused) as refused:
        eligibility.accept(project=second, by=office, at=AT)
    assert codes(refused) == {"EXAMINE-OPEN"}
    for one in found:
        if one.open:
            eligibility.answer(project=second, number=one.number, reason="服务的小区不同。", by=office, at=AT)
    Project.objects.filter(pk=first.pk).update(state="running")
    with pytest.raises(Refused) as refused:
        eligibility.accept(project=second, by=office, at=AT)
    assert codes(refused) == {"EXAMINE-AGAIN"}  # the first one was funded meanwhile
    again = eligibility.examine(project=second, by=office, at=AT)
    blocks = [f for f in told.findings(again) if f.severity == "block"]
    assert [f.code for f in blocks] == ["GV-APP-03"]
    assert any(f.answer == "服务的小区不同。" for f in told.findings(again))
    with pytest.raises(Refused) as refused:
        eligibility.answer(project=second, number=blocks[0].number, reason="算了吧。", by=office, at=AT)
    assert codes(refused) == {"EXAMINE-BLOCK"}
    assert Examined.objects.filter(project=second).count() == 2


def test_two_persons_bar_and_the_applicant_reads_why(project, office, chief, head):
    eligibility.examine(project=project, by=office, at=AT)
    with pytest.raises(Refused) as refused:
        eligibility.propose_bar(project=project, reason=" ", by=office, at=AT)
    assert codes(refused) == {"EXAMINE-REASON"}
    eligibility.propose_bar(project=project, reason="成立不满两年。", by=office, at=AT)
    assert told.reason_for(project) == ""
    with pytest.raises(PermissionDenied):
        eligibility.confirm_bar(project=project, by=office, at=AT)
    with pytest.raises(PermissionDenied):
        eligibility.confirm_bar(project=project, by=head, at=AT)
    with pytest.raises(Refused) as refused:
        eligibility.accept(project=project, by=office, at=AT)
    assert codes(refused) == {"EXAMINE-WAITS"}
    assert Slot.objects.count() == 1
    row = eligibility.confirm_bar(project=project, by=chief, at=AT)
    assert (row.state, row.ended_reason, Slot.objects.count()) == ("ineligible", "成立不满两年。", 0)
    assert told.reason_for(project) == "成立不满两年。"
    with pytest.raises(Refused) as refused:
        eligibility.examine(project=project, by=office, at=AT)
    assert codes(refused) == {"PROJECT-STATE"}


def test_one_person_with_both_powers_does_not_confirm_alone(project, areas, chief):
    both = user("shuang", ("grants_office", "area", "320211"), ("registry_head", "area", "320211"))
    eligibility.examine(project=project, by=both, at=AT)
    eligibility.propose_bar(project=project, reason="材料不实。", by=both, at=AT)
    with pytest.raises(Refused) as refused:
        eligibility.confirm_bar(project=project, by=both, at=AT)
    assert codes(refused) == {"EXAMINE-SECOND"}
    row = Examined.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Examined.objects.filter(pk=row.pk).update(decided_at=AT, decided_by=both)
    eligibility.refuse_bar(project=project, reason="材料已补来。", by=chief, at=AT)
    row.refresh_from_db()
    assert (row.outcome, row.reason, row.proposed_by) == ("", "", None)


def test_an_older_page_does_not_decide(project, office):
    seen = eligibility.examine(project=project, by=office, at=AT)
    eligibility.propose_bar(project=project, reason="超出区域。", version=seen.version, by=office, at=AT)
    with pytest.raises(Refused) as refused:
        eligibility.answer(project=project, number=0, reason="可以。", version=seen.version, by=office, at=AT)
    assert codes(refused) == {"EXAMINE-STALE"}


def test_doubles_are_found_across_bodies_for_the_office_only(round_, areas, body, head, office):
    mine = ground.submitted(ground.written(round_, body, head), head)
    other = ground.body("滨湖区乙示例服务中心", street=areas["heli"])
    its = ground.head(other, "yifuze")
    same = ground.submitted(ground.written(round_, other, its, title="夕阳相伴"), its)
    third = ground.body("滨湖区丙示例服务中心", street=areas["heli"])
    third_head = ground.head(third, "bingfuze")
    draft = ground.written(round_, third, third_head, title="绘本课堂")
    projects.save_texts(project=draft, values=OTHER, by=third_head, at=AT)
    draft.refresh_from_db()
    unlike = ground.submitted(draft, third_head)
    found = doubles.similar(mine)
    assert [(d.project, d.text_percent, d.same_body) for d in found] == [(same, 100, False)]
    assert doubles.similar(mine, every=False) == []
    assert doubles.similar(unlike) == []
    assert reading.of_application(mine, ground.TODAY, every=True).similar == ("夕阳相伴（2026）",)
    assert reading.of_application(mine, ground.TODAY).similar == ()
    Project.objects.filter(pk=same.pk).update(state="running")
    assert [d.project for d in doubles.similar(mine, every=False)] == [same]
    pairs = doubles.side_by_side(mine, same)
    assert {pair.key: pair.percent for pair in pairs if pair.key != "title"} == {
        key: 100 for key in ("summary", "need", "goals", "served", "method")
    }
    need = next(pair for pair in pairs if pair.key == "need")
    assert [need.one[p.start : p.end] for p in need.passages] == ["走访 30 户得知"]


def test_a_phrase_of_the_form_brings_no_candidates(round_, body, head, monkeypatch):
    monkeypatch.setattr(doubles, "COMMON", 1)
    rows = [ground.submitted(ground.written(round_, body, head, title=f"项目{n}"), head) for n in range(2)]
    assert TextMark.objects.filter(project=rows[0]).count() > 0
    assert [d.project for d in doubles.similar(rows[0])] == [rows[1]]  # the body's own ones are looked at all the same


def test_marks_follow_a_correction(round_, body, head, office):
    row = ground.submitted(ground.written(round_, body, head), head)
    before = set(TextMark.objects.values_list("mark", flat=True))
    handing_in.give_back(project=row, text="请补充。", due_on=ground.TODAY + timedelta(5), by=office, at=AT)
    projects.save_texts(project=row, values=OTHER, by=head, at=AT)
    row.refresh_from_db()
    ground.submitted(row, head)
    after = set(TextMark.objects.values_list("mark", flat=True))
    row.refresh_from_db()
    assert after == set(doubles.marks(row)) != before


def test_who_is_above_his_whole_time_and_where(round_, areas, body, head, office):
    person = people.person(body, "赵甲一")
    rows = [ground.submitted(ground.written(round_, body, head, title=f"项目{n}"), head) for n in range(3)]
    TeamMember.objects.update(person=person, percent=40)
    later = rows[2]
    Project.objects.filter(pk=later.pk).update(starts_on=rows[0].ends_on, ends_on=rows[0].ends_on + timedelta(30))
    (load,) = persons.over(office)
    assert (load.person, load.peak, load.first, load.last) == (person.pk, 120, rows[0].ends_on, rows[0].ends_on)
    assert sorted(part.project.title for part in load.parts) == ["项目0", "项目1", "项目2"]
    Project.objects.filter(pk=later.pk).update(starts_on=rows[0].ends_on + timedelta(1))
    assert persons.over(office) == []
    assert [load.peak for load in persons.over(office, most=79)] == [80]
    Project.objects.filter(pk=rows[0].pk).update(state="withdrawn")
    assert persons.over(office, most=79) == []


def test_a_namesake_of_another_body_is_another(round_, areas, body, head, office):
    other = ground.body("滨湖区乙示例服务中心", street=areas["heli"])
    its = ground.head(other, "yifuze")
    ground.submitted(ground.written(round_, body, head), head)
    ground.submitted(ground.written(round_, other, its), its)
    TeamMember.objects.update(percent=60)
    assert persons.over(office) == []
    ground.submitted(ground.written(round_, body, head, title="第二个"), head)
    TeamMember.objects.update(percent=60)
    (load,) = persons.over(office)
    assert (load.person, load.name, load.peak) == (None, "演示甲", 120)


def test_the_work_stays_the_same_however_many_applied(round_, body, head, areas, django_assert_max_num_queries):
    """A phrase that all have is no trace; of many with the same rare words at most a hundred are read."""
    first = ground.submitted(ground.written(round_, body, head), head)
    other = ground.body("滨湖区乙示例服务中心", street=areas["heli"])
    told = list(TextMark.objects.filter(project=first).values_list("mark", flat=True))

    def more(count, start):
        rows = [
            Project(round=round_, organization=other, number=f"X-{n}", title=f"另{n}", state="submitted",
                    answers=first.answers, created_at=AT) for n in range(start, start + count)
        ]  # fmt: skip
        made = Project.objects.bulk_create(rows)
        TextMark.objects.bulk_create(TextMark(project=row, mark=mark) for row in made for mark in told)

    more(150, 0)
    with django_assert_max_num_queries(5):
        assert len(doubles.similar(first)) == doubles.MOST
    more(100, 150)
    with django_assert_max_num_queries(5):
        assert doubles.similar(first) == []
    assert TextMark.objects.count() == 251 * len(told)
