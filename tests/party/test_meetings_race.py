"""Two at once: closers of one vote, a member who signs in while the sheet is saved, two who begin a meeting."""

import threading

import pytest
from django.db import connection

from liaoyuan.core.models import AuditEvent, User
from liaoyuan.kit.findings import Refused
from liaoyuan.party.actions import attending, deciding, meetings
from liaoyuan.party.actions.attending import Mark
from liaoyuan.party.models import Attendance, Decision, Meeting
from liaoyuan.party.queries import own
from tests.core.factories import AT, user
from tests.party import factories as make
from tests.party.test_meetings_actions import meet, plan
from tests.registry import factories as registry

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def branch():
    areas = registry.binhu()
    return make.party(area=areas["district"], superior=make.committee(areas["district"]))


def together(*works):
    """Run the works at once; what each gave or refused with."""
    gate, told = threading.Barrier(len(works)), [None] * len(works)

    def one(place, work):
        try:
            gate.wait(20)
            told[place] = work()
        except Refused as refused:
            told[place] = refused.findings[0].code
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(n, work)) for n, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    return told


def again(secretary):
    return User.objects.get(pk=secretary.pk)


def test_one_of_two_closers_closes_the_vote(branch):
    secretary = make.secretary(branch)
    make.members(branch, 8)
    meeting = meet(branch, secretary, 8)
    decision = deciding.put(meeting=meeting, kind="ordinary", subject="事项", method="secret", by=secretary, at=AT)

    def close(yes):
        return lambda: deciding.close(
            decision=Decision.objects.get(pk=decision.pk), yes=yes, no=8 - yes, abstain=0, issued=8, returned=8,
            by=again(secretary), at=AT,
        )  # fmt: skip

    told = together(close(8), close(2))
    assert sorted(isinstance(one, Decision) for one in told) == [False, True]
    assert "VOTE-CLOSED" in told
    decision.refresh_from_db()
    won = next(one for one in told if isinstance(one, Decision))
    assert (decision.yes, decision.carried) == (won.yes, won.carried)
    assert AuditEvent.objects.filter(code="decision.closed").count() == 1


def test_signing_in_while_the_sheet_is_saved(branch, monkeypatch):
    """Either he signed in before and is there, or he is refused and stands as the sheet says; the numbers agree."""
    secretary, members = make.secretary(branch), make.members(branch, 4)
    monkeypatch.setattr(own, "members_of", lambda who: [members[3]] if who.username == "m3" else [])
    who = user("m3")
    meeting = attending.begin(meeting=plan(branch, secretary), by=secretary, at=AT)
    meeting = attending.open_sign_in(meeting=meeting, open=True, by=secretary, at=AT)
    marks = {m.pk: Mark("present") for m in members[:3]}
    marks[members[3].pk] = Mark("absent", "出差")
    told = together(
        lambda: attending.save(meeting=Meeting.objects.get(pk=meeting.pk), marks=marks, by=again(secretary), at=AT),
        lambda: attending.sign_in(meeting=Meeting.objects.get(pk=meeting.pk), member=members[3], round=1,
                                  by=again(who), at=AT),
    )  # fmt: skip
    meeting.refresh_from_db()
    rows = Attendance.objects.filter(meeting=meeting)
    assert isinstance(told[0], Meeting)
    assert told[1] == "SIGN-IN-CLOSED" or isinstance(told[1], Attendance)
    assert meeting.present == rows.filter(status="present").count()
    assert meeting.expected == meeting.present + meeting.absent == 4


def test_a_meeting_begins_once_and_numbers_have_no_double(branch):
    secretary = make.secretary(branch)
    make.members(branch, 3)
    told = together(*[lambda: plan(branch, again(secretary)) for _n in range(3)])
    assert sorted(one.number for one in told) == [1, 2, 3]
    meeting = told[0]

    def begin():
        return attending.begin(meeting=Meeting.objects.get(pk=meeting.pk), by=again(secretary), at=AT)

    done = together(begin, begin)
    assert done.count("MEETING-STATE") == 1
    assert Attendance.objects.filter(meeting=meeting).count() == 3
    meetings.cancel(meeting=meeting, reason="录错", by=secretary, at=AT)
