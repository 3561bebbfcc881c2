"""Meetings from the plan to the end: E from the roster and frozen, sheets, votes by the arithmetic of §2.4 (§9.5)."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from liaoyuan.core.models import AuditEvent
from liaoyuan.kit.findings import Refused
from liaoyuan.party.actions import attending, deciding, meetings, notices
from liaoyuan.party.actions.attending import Mark
from liaoyuan.party.models import Attendance, Decision, Meeting, VotingPause
from liaoyuan.party.queries import own
from tests.core.factories import AT, user
from tests.party import factories as make

ON = AT.date()


@pytest.fixture
def branch(areas, committee):
    return make.party("演示第一党支部", area=areas["district"], superior=committee)


@pytest.fixture
def secretary(branch):
    return make.secretary(branch)


def plan(branch, by, kind="members", on=ON, **fields):
    told = {"topic": "学习讨论", **fields}
    return meetings.plan(party=branch, kind=kind, held_on=on, fields=told, by=by, at=AT)


def meet(branch, by, present, *, kind="members", on=ON, written=(), **more):
    """A meeting held with so many of its E present, the others absent for a reason."""
    meeting = attending.begin(meeting=plan(branch, by, kind, on), by=by, at=AT)
    rows = Attendance.objects.filter(meeting=meeting, voting=True).order_by("member")
    keys = list(rows.values_list("member", flat=True))
    marks = {key: Mark("present") if n < present else Mark("absent", "出差", key in written)
             for n, key in enumerate(keys)}  # fmt: skip
    return attending.save(meeting=meeting, marks=marks, by=by, at=AT, **more)


def refused(code, call, **told):
    with pytest.raises(Refused) as caught:
        call(**told)
    assert [f.code for f in caught.value.findings] == [code]
    return caught.value.findings[0]


def test_from_notice_to_resolution(branch, secretary):
    make.members(branch, 3)
    meeting = plan(branch, secretary, starts=None)
    assert (meeting.number, meeting.late, meeting.state) == (1, False, "planned")
    assert notices.tell(meeting=meeting, way="group", by=secretary, at=AT) == 3
    meeting.refresh_from_db()
    meeting = attending.begin(meeting=meeting, by=secretary, at=AT)
    assert meeting.expected == 3
    keys = list(Attendance.objects.values_list("member", flat=True))
    meeting = attending.save(meeting=meeting, marks={key: Mark("present") for key in keys}, by=secretary, at=AT)
    decision = deciding.put(
        meeting=meeting, kind="ordinary", subject="通过年度计划", method="hands", by=secretary, at=AT
    )
    decision = deciding.close(decision=decision, yes=2, no=1, abstain=0, by=secretary, at=AT)
    assert (decision.carried, decision.needed, decision.issued) == (True, 2, 3)
    found = refused("PB-MTG-10", meetings.close, meeting=meeting, by=secretary, at=AT)
    for word in ("主持人", "记录人", "地点", "起止时间", "会议记录", "签名"):
        assert word in found.text
    from datetime import time

    told = {"host": "演示甲", "recorder": "演示乙", "place": "演示会议室", "starts": time(9), "ends": time(10)}
    meeting = meetings.change(meeting=meeting, fields=told, by=secretary, at=AT)
    text = "会议讨论并通过了年度计划。"
    meeting = meetings.save_minutes(meeting=meeting, minutes=text, signed=True, by=secretary, at=AT)
    meeting = meetings.close(meeting=meeting, by=secretary, at=AT)
    assert meeting.state == "closed"
    refused("MEETING-STATE", meetings.change, meeting=meeting, fields={"topic": "别的"}, by=secretary, at=AT)
    codes = list(AuditEvent.objects.filter(subject_kind="meeting").order_by("pk").values_list("code", flat=True))
    assert codes == [
        "meeting.planned", "meeting.noticed", "meeting.told", "meeting.begun", "meeting.attendance", "decision.put",
        "decision.closed", "meeting.changed", "meeting.minutes", "meeting.closed",
    ]  # fmt: skip


def test_numbers_count_within_branch_kind_and_year(branch, secretary):
    asked = (("members", ON), ("members", ON - timedelta(days=1)), ("lecture", ON), ("members", date(2025, 12, 1)))
    numbers = [plan(branch, secretary, kind, on).number for kind, on in asked]
    assert numbers == [1, 2, 1, 1]
    assert Meeting.objects.filter(late=True).count() == 2


def test_e_is_of_the_day_and_frozen(branch, secretary):
    first, *others = make.members(branch, 5)
    make.pause(others[0], ON - timedelta(days=10), ON + timedelta(days=1))
    make.pause(others[1], ON - timedelta(days=10), ON)  # ended: votes again on the day
    make.affiliate(make.member(confirmed_on=None, admitted_on=ON - timedelta(days=30)), branch)
    make.affiliate(make.member(), branch, "temporary")
    late = make.member()
    make.affiliate(late, branch, start=ON + timedelta(days=1))
    meeting = attending.begin(meeting=plan(branch, secretary), by=secretary, at=AT)
    assert meeting.expected == 4
    rows = Attendance.objects.filter(meeting=meeting)
    assert rows.filter(voting=False).count() == 3, "paused, probationary and dual ones may come"
    make.members(branch, 2)
    VotingPause.objects.filter(member=others[0]).update(superseded_at=AT)
    marks = {row.member_id: Mark("present") for row in rows}
    meeting = attending.save(meeting=meeting, marks=marks, by=secretary, at=AT)
    assert (meeting.expected, meeting.present) == (4, 4), "frozen, whatever becomes known later"
    assert first.pk in set(rows.filter(voting=True).values_list("member", flat=True))


def test_the_sheet_must_bear_out_the_numbers(branch, secretary):
    members = make.members(branch, 4)
    meeting = attending.begin(meeting=plan(branch, secretary), by=secretary, at=AT)
    marks = {m.pk: Mark("present") for m in members[:2]}
    refused("PB-MTG-11", attending.save, meeting=meeting, marks=marks, by=secretary, at=AT)
    marks |= {members[2].pk: Mark("absent", "出差"), members[3].pk: Mark("excluded")}
    refused("PB-MTG-11", attending.save, meeting=meeting, marks=marks, by=secretary, at=AT)
    marks[members[3].pk] = Mark("excluded", "长期患病，支部党员大会 3 月同意")
    found = refused("PB-MTG-11", attending.save, meeting=meeting, marks=marks, told_present=3, by=secretary, at=AT)
    assert "3" in found.text and "2" in found.text
    meeting = attending.save(meeting=meeting, marks=marks, told_present=2, by=secretary, at=AT)
    assert (meeting.expected, meeting.present, meeting.absent) == (3, 2, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Meeting.objects.filter(pk=meeting.pk).update(present=3)
    stranger = make.member()
    refused("SHEET-ROSTER", attending.save, meeting=meeting, marks={stranger.pk: Mark("present")}, by=secretary, at=AT)


def test_who_has_no_vote_is_an_observer(branch, secretary):
    make.members(branch, 2)
    guest = make.member()
    make.affiliate(guest, branch, "temporary")
    meeting = attending.begin(meeting=plan(branch, secretary), by=secretary, at=AT)
    marks = {row.member_id: Mark("present") for row in Attendance.objects.filter(meeting=meeting)}
    meeting = attending.save(meeting=meeting, marks=marks, by=secretary, at=AT)
    assert (meeting.expected, meeting.present) == (2, 2)
    assert Attendance.objects.get(member=guest).status == "observer"


def put(meeting, by, kind="ordinary", method="hands", **told):
    return deciding.put(meeting=meeting, kind=kind, subject="事项", method=method, by=by, at=AT, **told)


@pytest.mark.parametrize(
    "count,kind,present,quorate,yes,carried",
    [
        (8, "ordinary", 4, True, 4, False), (8, "ordinary", 3, False, 0, None), (8, "ordinary", 5, True, 5, True),
        (8, "admission", 4, False, 0, None), (8, "admission", 5, True, 5, True), (8, "admission", 5, True, 4, False),
        (3, "admission", 1, False, 0, None), (3, "admission", 2, True, 2, True), (3, "ordinary", 2, True, 1, False),
        (1, "ordinary", 1, True, 1, True), (2, "ordinary", 1, True, 1, False),
    ],
)  # fmt: skip
def test_vectors(branch, secretary, count, kind, present, quorate, yes, carried):
    """Handbook §9.5: E = 8, four present may vote but cannot pass; admission needs five there and five yes; E = 3."""
    make.members(branch, count)
    meeting = meet(branch, secretary, present)
    more = {"member": make.member(), "method": "secret"} if kind == "admission" else {}
    if not quorate:
        refused("QUORUM", put, meeting=meeting, by=secretary, kind=kind, **more)
        assert not Decision.objects.exists()
        return
    decision = put(meeting, secretary, kind, **more)
    papers = {} if kind == "ordinary" else {"issued": present, "returned": present}
    decision = deciding.close(decision=decision, yes=yes, no=present - yes, abstain=0, by=secretary, at=AT, **papers)
    assert decision.carried is carried


def test_with_e_0_a_meeting_is_recorded_and_nothing_put_to_the_vote(branch, secretary):
    make.affiliate(make.member(), branch, "temporary")
    meeting = attending.begin(meeting=plan(branch, secretary), by=secretary, at=AT)
    key = Attendance.objects.get().member_id
    meeting = attending.save(meeting=meeting, marks={key: Mark("present")}, by=secretary, at=AT)
    assert (meeting.expected, meeting.present, meeting.absent) == (0, 0, 0)
    refused("PB-MTG-11", put, meeting=meeting, by=secretary)


def test_written_opinions_count_for_admission_only(branch, secretary):
    members = make.members(branch, 8)
    meeting = meet(branch, secretary, 5, written={members[7].pk})
    ordinary = put(meeting, secretary)
    refused("VOTE-TOTALS", deciding.close, decision=ordinary, yes=6, no=0, abstain=0, by=secretary, at=AT)
    admission = put(meeting, secretary, "admission", "secret", member=make.member())
    assert admission.written == 1
    done = deciding.close(decision=admission, yes=5, no=1, abstain=0, issued=6, returned=6, by=secretary, at=AT)
    assert done.carried
    refused("VOTE-CLOSED", deciding.close, decision=done, yes=6, no=0, abstain=0, issued=6, returned=6, by=secretary,
            at=AT)  # fmt: skip


def test_totals_that_disagree_are_refused(branch, secretary):
    make.members(branch, 8)
    decision = put(meet(branch, secretary, 6), secretary, method="secret")
    for code, told in (
        ("VOTE-ISSUED", {"yes": 7, "issued": 7, "returned": 7}),
        ("VOTE-RETURNED", {"yes": 6, "issued": 5, "returned": 6}),
        ("VOTE-TOTALS", {"yes": 6, "issued": 6, "returned": 5}),
        ("VOTE-TOTALS", {"yes": 7, "no": -1, "issued": 6, "returned": 6}),
    ):  # fmt: skip
        given_ = {"no": 0, "abstain": 0, **told}
        refused(code, deciding.close, decision=decision, by=secretary, at=AT, **given_)
    with pytest.raises(IntegrityError), transaction.atomic():
        wrong = {"yes": 6, "no": 1, "abstain": 0, "spoiled": 0, "issued": 6, "returned": 6, "needed": 5}
        Decision.objects.filter(pk=decision.pk).update(**wrong, carried=True, closed_at=AT)


def test_after_a_vote_the_sheet_stands(branch, secretary):
    make.members(branch, 4)
    meeting = meet(branch, secretary, 3)
    put(meeting, secretary)
    refused("MEETING-DECIDED", attending.save, meeting=meeting, marks={}, by=secretary, at=AT)
    refused("MEETING-DECIDED", attending.open_sign_in, meeting=meeting, open=True, by=secretary, at=AT)
    refused("MEETING-DECIDED", meetings.cancel, meeting=meeting, reason="取消", by=secretary, at=AT)


def test_admission_is_secret_one_by_one_and_not_in_a_task_branch(areas, committee, branch, secretary):
    make.members(branch, 4)
    meeting, who = meet(branch, secretary, 4), make.member()
    refused("PB-DEV-11", put, meeting=meeting, by=secretary, kind="admission", method="secret")
    refused("VOTE-SECRET", put, meeting=meeting, by=secretary, kind="admission", method="hands", member=who)
    put(meeting, secretary, "admission", "secret", member=who)
    refused("VOTE-TWICE", put, meeting=meeting, by=secretary, kind="admission", method="secret", member=who)
    task = make.party("演示临时党支部", area=areas["district"], superior=committee, kind="temporary",
                      task_ends_on=date(2027, 1, 1))  # fmt: skip
    lead = make.lead()
    make.members(task, 3)
    refused("PB-TMP-01", put, meeting=meet(task, lead, 3), by=lead, kind="admission", method="secret", member=who)


def test_a_committee_votes_among_itself(branch, secretary):
    members = make.members(branch, 8)
    refused("MEETING-COMMITTEE", plan, branch=branch, by=secretary, kind="committee")
    for who, kind in zip(members, ("secretary", "organization", "publicity"), strict=False):
        make.post(branch, who, kind)
    meeting = meet(branch, secretary, 2, kind="committee")
    assert meeting.expected == 3
    decision = put(meeting, secretary, "committee")
    assert not deciding.close(decision=decision, yes=1, no=1, abstain=0, by=secretary, at=AT).carried
    refused("VOTE-KIND", put, meeting=meeting, by=secretary, kind="ordinary")


def test_sign_in_says_yes_and_nothing_else(branch, secretary, monkeypatch):
    members = make.members(branch, 3)
    accounts = {f"member{n}": who for n, who in enumerate(members)}
    monkeypatch.setattr(own, "members_of", lambda by: [accounts[by.username]] if by.username in accounts else [])
    who = user("member2")
    meeting = attending.begin(meeting=plan(branch, secretary), by=secretary, at=AT)
    told = {"meeting": meeting, "member": members[2], "by": who, "at": AT}
    refused("SIGN-IN-CLOSED", attending.sign_in, round=1, **told)
    meeting = attending.open_sign_in(meeting=meeting, open=True, by=secretary, at=AT)
    before = Attendance.objects.filter(meeting=meeting).order_by("pk").values_list("pk", "member")
    order = list(before)
    with pytest.raises(PermissionDenied):
        attending.sign_in(meeting=meeting, member=members[1], round=1, by=who, at=AT)
    attending.sign_in(round=1, **told)
    attending.sign_in(round=1, **told)
    assert list(before.all()) == order, "rows keep the roster's order"
    assert Attendance.objects.filter(status="present").count() == 1
    assert {f.name for f in Attendance._meta.concrete_fields} == {
        "id", "meeting", "member", "voting", "status", "reason", "written",
    }  # fmt: skip
    attending.open_sign_in(meeting=meeting, open=False, by=secretary, at=AT)
    attending.open_sign_in(meeting=meeting, open=True, by=secretary, at=AT)
    refused("SIGN-IN-CLOSED", attending.sign_in, round=1, **told)
    marks = {m.pk: Mark("absent", "出差") for m in members[:2]}
    meeting = attending.save(meeting=meeting, marks=marks, by=secretary, at=AT)
    assert (meeting.present, meeting.signing) == (1, False)
    refused("SIGN-IN-CLOSED", attending.sign_in, round=2, **told)


def test_alike_minutes_are_shown_before_they_are_saved(branch, secretary):
    make.members(branch, 3)
    text = "会议学习了有关文件，讨论了本支部第三季度的工作安排，明确由各位委员分头落实，月底前完成。"
    first, second = meet(branch, secretary, 3), meet(branch, secretary, 3)
    meetings.save_minutes(meeting=first, minutes=text, by=secretary, at=AT)
    told = {"meeting": second, "minutes": text.replace("第三季度", "第四季度"), "by": secretary, "at": AT}
    refused("MINUTES-ALIKE", meetings.save_minutes, **told)
    second.refresh_from_db()
    assert second.minutes == ""
    saved = meetings.save_minutes(confirmed=True, **told)
    assert saved.similar_id == first.pk and saved.similarity >= 85
    other = meetings.save_minutes(meeting=first, minutes="另一次会议，谈的是社区助餐点怎样开办。", by=secretary, at=AT)
    assert other.similarity < 85 and other.similar is None


def test_only_the_branch_and_its_superiors_write(areas, committee, branch, secretary):
    elsewhere = make.party("演示第二党支部", area=areas["district"], superior=committee)
    other = make.secretary(elsewhere, "other")
    with pytest.raises(PermissionDenied):
        plan(branch, other)
    plan(branch, make.lead())
    assert [m.party_organization for m in Meeting.objects.visible_to(secretary)] == [branch]
    assert not Meeting.objects.visible_to(other).exists()
    assert not Attendance.objects.visible_to(user("leader", ("leadership", "area", "320211"))).exists()
