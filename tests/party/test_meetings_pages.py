"""Meetings, elections and organizational life through the pages."""

import re
from datetime import date, timedelta
from io import BytesIO

import openpyxl
import pytest
from django.core import signing
from django.urls import reverse

from liaoyuan.core import clock, vault
from liaoyuan.core.choices import Event
from liaoyuan.core.models import AuditEvent
from liaoyuan.party.models import (
    Attendance,
    Decision,
    Election,
    LifePlan,
    Meeting,
    MemberReview,
    PartyGroup,
    Talk,
    TrainingRecord,
)
from liaoyuan.party.queries import own
from tests.core.factories import user
from tests.party import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch(areas, committee):
    return make.party("演示第一党支部", area=areas["district"], superior=committee)


@pytest.fixture
def members(branch):
    return make.members(branch, 5)


@pytest.fixture
def secretary(branch):
    return make.secretary(branch)


@pytest.fixture
def page(client, secretary):
    client.force_login(secretary)
    return client


def go(name, *args):
    return reverse(f"party:{name}", args=args)


def planned(page, branch, **told):
    fields = {"kind": "members", "held_on": clock.today().isoformat(), "topic": "讨论年度计划", **told}
    answer = page.post(go("meeting_new", branch.pk), fields)
    assert answer.status_code == 302, answer.content.decode()
    return Meeting.objects.latest("pk")


def test_a_members_meeting_from_notice_to_resolution(page, branch, members):
    meeting = planned(
        page, branch, starts="9:00", ends="10:00", place="演示会议室", host="演示书记", recorder="演示委员"
    )
    there = go("meeting_detail", meeting.pk)
    text = page.get(there).content.decode()
    assert "【会议通知】演示第一党支部" in text and "会议召开" in text
    page.post(go("meeting_notice", meeting.pk))
    page.post(go("meeting_begin", meeting.pk))
    meeting.refresh_from_db()
    assert (meeting.state, meeting.expected) == ("held", 5)
    assert "Macro" not in page.get(go("meeting_sheet", meeting.pk)).content.decode()
    sheet = {f"status_{m.pk}": "present" for m in members} | {f"status_{members[0].pk}": "absent"}
    answer = page.post(go("meeting_sheet", meeting.pk), sheet)
    assert answer.status_code == 422 and "没有写明原因" in answer.content.decode()
    answer = page.post(
        go("meeting_sheet", meeting.pk), {**sheet, f"reason_{members[0].pk}": "出差", "told_present": "4"}
    )
    assert answer.status_code == 302
    page.post(go("decision_new", meeting.pk), {"kind": "ordinary", "subject": "通过年度计划", "method": "hands"})
    decision = Decision.objects.get()
    answer = page.post(go("decision_close", decision.pk), {"yes": "3", "no": "0", "abstain": "0"})
    assert answer.status_code == 422 and "应等于参加表决的 4 名" in answer.content.decode()
    assert page.post(go("decision_close", decision.pk), {"yes": "3", "no": "1", "abstain": "0"}).status_code == 302
    text = page.get(there).content.decode()
    assert "3/1/0" in text and "通过" in text and "（出差）" in text
    page.post(go("meeting_minutes", meeting.pk), {"minutes": "通过了计划。", "signed": "on"})
    until = (clock.today() + timedelta(days=7)).isoformat()
    page.post(go("meeting_task_new", meeting.pk), {"what": "公布计划", "who": "演示委员", "until": until})
    page.post(go("meeting_close", meeting.pk))
    meeting.refresh_from_db()
    assert meeting.state == "closed"
    page.post(go("meeting_task_done", meeting.tasks.get().pk))
    assert meeting.tasks.get().done_on == clock.today()
    assert "讨论年度计划" in page.get(go("meeting_list")).content.decode()


def test_signing_in_takes_a_scan_and_one_button(page, client, branch, members, monkeypatch):
    meeting = planned(page, branch)
    page.post(go("meeting_begin", meeting.pk))
    assert "签到没有打开" in page.get(go("meeting_code", meeting.pk)).content.decode()
    page.post(go("meeting_sign_in", meeting.pk), {"open": "1"})
    text = page.get(go("meeting_code", meeting.pk)).content.decode()
    address = re.search(r'href="(http://testserver/party/sign-in/[^"]+)"', text)[1]
    assert "data:image/svg+xml" in text
    phone = type(client)()
    phone.force_login(user("演示党员账号"))
    assert phone.get(address).status_code == 403
    monkeypatch.setattr(own, "members_of", lambda who: [members[2]] if who.username == "演示党员账号" else [])
    shown = phone.get(address).content.decode()
    assert "签到" in shown and "讨论年度计划" in shown
    assert not Attendance.objects.filter(status="present").exists(), "looking signs nobody in"
    assert "已签到" in phone.post(address).content.decode()
    assert Attendance.objects.get(status="present").member == members[2]
    assert phone.get(address + "x").status_code == 404
    monkeypatch.setattr(signing.time, "time", lambda: 4e9)
    assert phone.get(address).status_code == 410


def test_an_election_through_the_pages(page, client, branch, members, head):
    meeting = planned(page, branch)
    page.post(go("meeting_begin", meeting.pk))
    page.post(go("meeting_sheet", meeting.pk), {f"status_{m.pk}": "present" for m in members})
    told = {"post": "secretary", "seats": "1", "candidates": [members[0].pk], "tellers": "演示监票人"}
    answer = page.post(go("election_new", meeting.pk), told)
    if answer.status_code == 422:
        answer = page.post(go("election_new", meeting.pk), {**told, "confirmed": "1"})
    election = Election.objects.get()
    sums = {"issued": "5", "returned": "5", "spoiled": "0", f"sum_{members[0].pk}": "4"}
    assert page.post(go("election_count", election.pk), sums).status_code == 302
    text = page.get(go("election_detail", election.pk)).content.decode()
    assert "当选" in text and "待上级批复" in text
    assert page.get(go("election_confirm", election.pk)).status_code == 403
    above = type(client)()
    above.force_login(head)
    form = {"approval": "滨社工〔2026〕9号", "approved_on": clock.today().isoformat(), "confirmed": "1"}
    assert above.post(go("election_confirm", election.pk), form).status_code == 302
    assert "已批复" in above.get(go("election_list")).content.decode()


def test_home_says_what_is_due_and_what_does_not_apply(page, branch, members):
    text = page.get(go("life_home")).content.decode()
    assert "没有设支部委员会" in text and "没有划分党小组" in text and "支部党员大会" in text
    make.post(branch, members[0], "organization")
    page.post(go("group_set", branch.pk), {"name": "第一党小组", "leader": members[0].pk, "members": [members[1].pk],
                                           "on": clock.today().isoformat()})  # fmt: skip
    group = PartyGroup.objects.get()
    assert "第一党小组" in page.get(go("group_list", branch.pk)).content.decode()
    text = page.get(go("life_home")).content.decode()
    assert "不适用" not in text
    meeting = planned(page, branch, kind="group", group=group.pk)
    page.post(go("meeting_begin", meeting.pk))
    meeting.refresh_from_db()
    assert meeting.expected == 2


def test_the_superior_sees_frequencies_and_no_person(client, page, branch, members, lead):
    meeting = planned(page, branch)
    page.post(go("meeting_begin", meeting.pk))
    client.force_login(lead)
    text = client.get(go("frequency")).content.decode()
    assert "演示第一党支部" in text and "1 次" in text and "不适用" in text
    assert "演示党员" not in text
    assert client.get(go("life_home")).status_code == 302
    told = client.get(reverse("core:reminder_source", args=["party.life"])).status_code
    assert told == 200


def test_plan_talks_and_training(page, branch, members):
    text = page.get(go("life_plan", branch.pk)).content.decode()
    assert "以下是模板" in text and "引导和监督依法执业" in text
    told = {
        "guide_0_month": "3",
        "guide_0_what": "支部党员大会",
        "guide_0_kind": "members",
        "serve_0_what": "到社区服务",
    }
    answer = page.post(go("life_plan", branch.pk), told)
    assert answer.status_code == 422 and "1 至 12" in answer.content.decode()
    assert page.post(go("life_plan", branch.pk), {**told, "serve_0_month": "4"}).status_code == 302
    assert LifePlan.objects.current().count() == 2
    page.post(go("life_plan", branch.pk), {**told, "serve_0_month": "5"})
    assert sorted(LifePlan.objects.current().values_list("month", flat=True)) == [3, 5]
    today = clock.today().isoformat()
    page.post(go("talk_new", branch.pk), {"on": today, "kind": "mixed", "one": members[0].pk, "other": members[1].pk})
    assert Talk.objects.get().kind == "mixed"
    page.post(go("training_new", branch.pk), {"on": today, "what": "读书班", "hours": "1.5",
                                              "members": [members[0].pk, members[1].pk]})  # fmt: skip
    assert set(TrainingRecord.objects.values_list("spent", flat=True)) == {90}
    text = page.get(go("training_list", branch.pk)).content.decode()
    assert "1.5" in text and "排名" in text


def test_grades_are_sealed_and_the_branch_s_own(page, client, branch, members, lead, settings):
    there = go("life_review", branch.pk)
    assert "评议结果加密存放" in page.get(there).content.decode()
    grades = {f"grade_{m.pk}": "good" for m in members[:4]} | {f"grade_{members[4].pk}": "excellent"}
    assert page.post(there, grades).status_code == 302
    stored = list(MemberReview.objects.values_list("review_grade", flat=True))
    assert len(stored) == 5 and all(vault.is_sealed(value) for value in stored)
    assert len(set(stored)) == 5, "equal grades look different"
    opened = page.post(there, {"what": "open"}).content.decode()
    assert opened.count('value="good" selected') == 4
    assert AuditEvent.objects.filter(code=Event.OPENED, subject_kind="partyorganization").exists()
    sheet = openpyxl.load_workbook(BytesIO(b"".join(page.post(go("life_export", branch.pk, "f10")).streaming_content)))
    assert [row[4] for row in sheet.worksheets[0].iter_rows(values_only=True)].count("合格") == 4
    above = type(client)()
    above.force_login(lead)
    assert above.get(there).status_code == 403
    assert above.post(go("life_export", branch.pk, "f10")).status_code == 403
    told = AuditEvent.objects.values_list("payload", flat=True)
    assert not [p for p in told if "excellent" in str(p)]
    settings.ZONE = "internet"
    assert page.get(there).status_code == 404
    assert page.post(go("life_export", branch.pk, "f10")).status_code == 403


def test_f05_and_f06_of_a_year(page, branch, members):
    meeting = planned(page, branch)
    page.post(go("meeting_begin", meeting.pk))
    theme = planned(page, branch, kind="theme_day", topic="志愿服务", place="演示社区", cost="120", effect="好")
    page.post(go("meeting_begin", theme.pk))
    book = openpyxl.load_workbook(BytesIO(b"".join(page.post(go("life_export", branch.pk, "f05")).streaming_content)))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert next(r for r in rows if r[1] == "支部党员大会")[8] == 5
    book = openpyxl.load_workbook(BytesIO(b"".join(page.post(go("life_export", branch.pk, "f06")).streaming_content)))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert next(r for r in rows if r[1] == "志愿服务")[7] == "120.00"


def test_another_branch_s_meetings_are_not_there(page, areas, committee, branch, members):
    other = make.party("演示第二党支部", area=areas["district"], superior=committee)
    meeting = Meeting.objects.create(
        party_organization=other, kind="members", year=2026, number=1, topic="别的支部的事", held_on=date(2026, 10, 1),
        created_at=clock.now(),
    )  # fmt: skip
    for name in ("meeting_detail", "meeting_change", "meeting_sheet", "meeting_code", "decision_new", "election_new"):
        assert page.get(go(name, meeting.pk)).status_code == 404
    for name in ("life_plan", "group_list", "talk_list", "training_list", "life_review", "meeting_new"):
        assert page.get(go(name, other.pk)).status_code == 404
    assert "别的支部的事" not in page.get(go("meeting_list")).content.decode()


def test_faulty_fields_name_themselves(page, branch, members):
    told = {"kind": "members", "held_on": "不是日期", "topic": "", "starts": "晚上"}
    text = page.post(go("meeting_new", branch.pk), told).content.decode()
    for word in ("日期：", "议题：", "时间请写成 09:30 这样"):
        assert word in text
    told = {"kind": "group", "held_on": clock.today().isoformat(), "topic": "讨论"}
    answer = page.post(go("meeting_new", branch.pk), told)
    assert "没有划分党小组" in answer.content.decode() and answer.status_code == 422


def test_files_of_a_meeting(page, branch, members):
    meeting = planned(page, branch)
    assert page.get(reverse("core:file_list", args=["meeting", meeting.pk])).status_code == 200


def test_alike_minutes_stand_side_by_side_before_they_are_saved(page, branch, members):
    text = "会议学习了有关文件，讨论了本支部第三季度的工作安排，明确由各位委员分头落实，月底前完成。"
    first, second = planned(page, branch), planned(page, branch)
    for meeting in (first, second):
        page.post(go("meeting_begin", meeting.pk))
    page.post(go("meeting_minutes", first.pk), {"minutes": text})
    told = {"minutes": text.replace("第三季度", "第四季度")}
    answer = page.post(go("meeting_minutes", second.pk), told)
    shown = answer.content.decode()
    assert answer.status_code == 422 and "% 相同" in shown and "第三季度" in shown and "第四季度" in shown
    assert page.post(go("meeting_minutes", second.pk), {**told, "alike": "1"}).status_code == 302
    assert "保存时已对照" in page.get(go("meeting_detail", second.pk)).content.decode()
