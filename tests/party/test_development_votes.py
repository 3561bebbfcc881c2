"""Steps 3, 7, 15, 23 rest on a vote of the branch's meeting of that day about that person, as soon as it keeps them."""

import re
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from liaoyuan.kit.findings import Refused
from liaoyuan.party.actions import admissions, attending, deciding, development, meetings
from liaoyuan.party.actions.attending import Mark
from liaoyuan.party.models import Affiliation, Attendance, Decision, DevelopmentStep, DevelopmentVote
from liaoyuan.party.queries import decided
from tests.core.factories import AT
from tests.party import factories as make
from tests.party.development import DAYS, way

BEGAN = date(2020, 1, 1)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(monkeypatch):
    from liaoyuan.core import clock

    monkeypatch.setattr(clock, "now", lambda: AT)


@pytest.fixture
def ours(areas, committee, lead, head):
    branch = make.party("演示党支部", area=areas["district"], superior=committee, start=BEGAN, regular_on=BEGAN)
    made = way(branch, lead=lead, head=head)
    Affiliation.objects.update(valid_from=BEGAN)
    return made


def meet(ours, on, present=5, branch=None):
    branch, by = branch or ours.branch, ours.secretary
    meeting = meetings.plan(party=branch, kind="members", held_on=on, fields={"topic": "演示议题"}, by=by, at=AT)
    meeting = attending.begin(meeting=meeting, by=by, at=AT)
    keys = list(
        Attendance.objects.filter(meeting=meeting, voting=True).order_by("member").values_list("member", flat=True)
    )
    marks = {key: Mark("present") if n < present else Mark("absent", "出差", False) for n, key in enumerate(keys)}
    return attending.save(meeting=meeting, marks=marks, by=by, at=AT)


def vote(ours, meeting, step, yes, no=0, **more):
    ours.applicant.refresh_from_db()
    kind = {15: "admission", 23: "confirmation"}.get(step, "ordinary")
    row = deciding.put(meeting=meeting, kind=kind, subject="", applicant=ours.applicant, step=step, by=ours.secretary,
                       method="secret" if step in (15, 23) else "hands", at=AT, **more)  # fmt: skip
    given = {"issued": yes + no, "returned": yes + no} if row.method == "secret" else {}
    return deciding.close(decision=row, yes=yes, no=no, abstain=0, by=ours.secretary, at=AT, **given)


def code(call, *args, **told):
    with pytest.raises(Refused) as caught:
        call(*args, **told)
    return [(f.code, f.field) for f in caught.value.findings]


def test_before_the_branch_kept_meetings_the_minutes_are_told_by_hand_and_afterwards_not(ours):
    ours.apply().until(2)
    meet(ours, DAYS[3] + timedelta(days=1))
    ours.step(3)  # a day before the first meeting that is kept here
    assert DevelopmentStep.objects.get(number=3).decision is None
    ours.step(4), ours.step(5), ours.step(6)
    assert code(ours.step, 7) == [("DEVELOPMENT-DECISION", "on")]
    meeting = meet(ours, DAYS[7])
    assert code(ours.step, 7) == [("DEVELOPMENT-DECISION", "on")]  # a meeting, but no vote about him
    row = vote(ours, meeting, 7, 5)
    assert (row.subject, row.kind, row.carried) == ("确定演示申请人01为发展对象", "ordinary", True)
    assert code(ours.step, 7, DAYS[7] + timedelta(days=1)) == [("DEVELOPMENT-DECISION", "on")]  # another day
    made = ours.step(7)
    assert made.decision_id == row.pk and decided.rests(row)
    ours.applicant.refresh_from_db()
    assert code(development.correct, applicant=ours.applicant, step=7, on=DAYS[7] + timedelta(days=2),
                by=ours.secretary, at=AT) == [("DEVELOPMENT-FIXED", "on")]  # fmt: skip


def test_a_vote_that_is_not_carried_or_is_about_somebody_else_makes_no_step(ours, areas):
    ours.apply().until(2)
    meeting = meet(ours, DAYS[3])
    vote(ours, meeting, 3, 2, 3)
    assert code(ours.step, 3) == [("DEVELOPMENT-NOT-CARRIED", "on")]
    second = meet(ours, DAYS[3] + timedelta(days=7))
    other = way(make.party("演示外支部", area=areas["district"], start=BEGAN, regular_on=BEGAN), lead=ours.lead,
                head=ours.head)  # fmt: skip
    other.apply("演示申请人02").until(2)
    assert code(deciding.put, meeting=second, kind="ordinary", subject="", applicant=other.applicant, step=3,
                method="hands", by=ours.secretary, at=AT) == [("VOTE-APPLICANT", "matter")]  # fmt: skip
    mine = ours.applicant
    ours.apply("演示申请人03", on=DAYS[1], birth=date(1996, 1, 1)).step(2)
    vote(ours, second, 3, 5)  # carried, about the third
    ours.applicant = mine
    assert code(ours.step, 3, DAYS[3] + timedelta(days=7)) == [("DEVELOPMENT-DECISION", "on")]


def test_a_vote_a_day_too_early_is_not_even_put(ours):
    ours.apply().until(6)
    meeting = meet(ours, DAYS[7] - timedelta(days=1))
    assert code(vote, ours, meeting, 7, 5) == [("PB-DEV-05", "matter")]
    assert not Decision.objects.filter(step=7).exists()


def test_totals_that_disagree_with_the_meeting_are_refused(ours):
    ours.apply().until(14)
    meeting = meet(ours, DAYS[15], present=4)
    development.mark(applicant=ours.applicant, kind="publicity", on=DAYS[15] - timedelta(days=20), by=ours.secretary,
                     at=AT)  # fmt: skip
    row = vote(ours, meeting, 15, 3, 1)
    for wrong, field in (({"present": 5, "yes": 3, "no": 1}, "present"), ({"present": 4, "yes": 4, "no": 0}, "yes"),
                         ({"present": 4, "yes": 3, "no": 0}, "no")):  # fmt: skip
        ours.applicant.refresh_from_db()
        assert code(admissions.vote, applicant=ours.applicant, kind="admission", on=DAYS[15], by=ours.secretary, at=AT,
                    **wrong) == [("DEVELOPMENT-VOTE-DIFFERS", field)]  # fmt: skip
    assert not DevelopmentVote.objects.exists()
    told = admissions.vote(applicant=ours.applicant, kind="admission", on=DAYS[15], present=4, yes=3, no=1,
                           by=ours.secretary, at=AT)  # fmt: skip
    assert (told.decision_id, told.expected, told.carried, told.meeting) == (row.pk, 5, True, str(meeting.number))
    assert DevelopmentStep.objects.get(number=15).decision_id == row.pk


def test_the_confirmation_decides_what_the_meeting_decided(ours):
    ours.apply().until(22)
    on = DAYS[23]
    development.mark(applicant=ours.applicant, kind="confirm_publicity", on=on - timedelta(days=20), by=ours.secretary,
                     at=AT)  # fmt: skip
    meeting = meet(ours, on)
    vote(ours, meeting, 23, 5, outcome="extend", months=6)
    ours.applicant.refresh_from_db()
    given = {
        "applicant": ours.applicant,
        "kind": "confirmation",
        "on": on,
        "present": 5,
        "yes": 5,
        "by": ours.secretary,
    }
    assert code(admissions.vote, outcome="confirm", at=AT, **given) == [("DEVELOPMENT-VOTE-DIFFERS", "outcome")]
    assert code(admissions.vote, outcome="extend", months=12, at=AT, **given) == [
        ("DEVELOPMENT-VOTE-DIFFERS", "months")
    ]
    assert admissions.vote(outcome="extend", months=6, at=AT, **given).carried


def test_through_the_pages_the_form_brings_what_the_meeting_decided(client, ours):
    ours.apply().until(6)
    meeting = meet(ours, DAYS[7])
    client.force_login(ours.secretary)
    there = reverse("party:decision_new", args=[meeting.pk])
    text = client.get(there).content.decode()
    assert f'value="{ours.applicant.pk}-7"' in text and "演示申请人01：7 确定发展对象" in text
    answer = client.post(there, {"matter": f"{ours.applicant.pk}-7", "method": "hands"})
    assert answer.status_code == 302, answer.content.decode()
    assert client.post(there, {"method": "hands"}).status_code == 422  # neither a matter nor a kind
    row = Decision.objects.get(step=7)
    close = reverse("party:decision_close", args=[row.pk])
    assert client.post(close, {"yes": 5, "no": 0, "abstain": 0}).status_code == 302
    step = reverse("party:applicant_step", args=[ours.applicant.pk, 7])
    text = client.get(step).content.decode()
    assert 'value="2023-06-01"' in text and "凭会议上关于本人" in text
    version = re.search(r'name="version" value="(\d+)"', text).group(1)
    assert client.post(step, {"on": "2023-06-01", "version": version}).status_code == 302
    assert DevelopmentStep.objects.get(number=7).decision_id == row.pk


def test_the_database_holds_what_a_vote_about_an_applicant_says(ours):
    ours.apply().until(6)
    row = vote(ours, meet(ours, DAYS[7]), 7, 5)
    for wrong in ({"step": None}, {"step": 8}, {"step": 15}, {"outcome": "confirm"}, {"months": 6}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Decision.objects.filter(pk=row.pk).update(**wrong)
