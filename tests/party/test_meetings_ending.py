"""What ends of meetings and when (handbook §6.2): sheets, minutes, photos, notices, drafts; decisions stay."""

from datetime import date, timedelta

import pytest

from liaoyuan.conf.cli import main
from liaoyuan.core.access import Operator
from liaoyuan.core.actions import retention
from liaoyuan.core.models import Attachment, StoredFile
from liaoyuan.core.retention import TABLE
from liaoyuan.party.actions import attending, deciding, meetings, notices
from liaoyuan.party.models import Attendance, Decision, Meeting, MeetingNotice, MeetingTask
from tests.core.factories import AT
from tests.party import factories as make
from tests.party.test_meetings_actions import ON, meet, put

pytestmark = pytest.mark.django_db
BY = Operator("test")


@pytest.fixture
def branch(areas, committee):
    return make.party("演示第一党支部", area=areas["district"], superior=committee)


def run(on, *, dry=False):
    """Ended (or due) by class, for the four classes of meetings, at a moment of the day."""
    lines = retention.run(at=AT + (on - AT.date()), by=BY, dry_run=dry)
    return {line["code"]: line["due" if dry else "ended"] for line in lines if line["code"].startswith("meeting")}


def held(branch, by):
    """A meeting of 2026 with all that may stand in it."""
    meeting = meet(branch, by, 3)
    deciding.close(decision=put(meeting, by), yes=3, no=0, abstain=0, by=by, at=AT)
    meetings.set_task(meeting=meeting, what="落实", who="演示委员", until=ON, by=by, at=AT)
    meetings.save_minutes(meeting=meeting, minutes="讨论并通过。", resolution="同意。", by=by, at=AT)
    file = StoredFile.objects.create(sha256="a" * 64, sm3="b" * 64, name="x", size=1, kind="jpg", created_at=AT)
    Attachment.objects.create(
        file=file, subject_kind="meeting", subject_id=str(meeting.pk), purpose="meeting_photo", paper="会议照片",
        sensitivity="C2", name="a.jpg", uploaded_at=AT, pledged_at=AT,
    )  # fmt: skip
    return meeting


def test_each_class_ends_on_its_day_and_decisions_stay(branch):
    by = make.secretary(branch)
    make.members(branch, 3)
    meeting = held(branch, by)
    told = meetings.plan(party=branch, kind="members", held_on=ON, fields={"topic": "通知"}, by=by, at=AT)
    notices.tell(meeting=told, way="group", by=by, at=AT)
    dropped = attending.begin(meeting=told, by=by, at=AT)
    meetings.cancel(meeting=dropped, reason="人数不足", by=by, at=AT)
    days = {code: TABLE[code].days for code in ("meetings", "meeting_photos", "meeting_notices", "meeting_drafts")}
    # A year after its day the sheet of a meeting that did not take place goes; nothing else.
    assert not any(run(ON + timedelta(days=days["meeting_drafts"]), dry=True).values())
    gone = run(ON + timedelta(days=days["meeting_drafts"] + 1))
    assert gone == {"meetings": 0, "meeting_photos": 0, "meeting_notices": 0, "meeting_drafts": 1}
    assert (
        not Attendance.objects.filter(meeting=dropped).exists() and Attendance.objects.filter(meeting=meeting).exists()
    )
    assert run(ON + timedelta(days=days["meeting_notices"]), dry=True)["meeting_notices"] == 0
    assert run(ON + timedelta(days=days["meeting_notices"] + 1))["meeting_notices"] == 3
    assert not MeetingNotice.objects.exists()
    # Thirty years count from the end of the year in which the meeting was held.
    last = date(2026, 12, 31) + timedelta(days=days["meetings"])
    assert not any(run(last, dry=True).values())
    assert {k: n for k, n in run(last + timedelta(days=1)).items() if n} == {"meetings": 1, "meeting_photos": 1}
    meeting = Meeting.objects.get(pk=meeting.pk)
    assert (meeting.minutes, meeting.host, meeting.resolution) == ("", "", "同意。")
    assert (meeting.expected, meeting.present) == (3, 3) and Decision.objects.get().carried, "decided is decided"
    assert not Attendance.objects.exists() and not MeetingTask.objects.exists()
    assert Attachment.objects.get().removed_because == "保存期限届满"
    assert not any(run(last + timedelta(days=2)).values()), "nothing ends twice"


def test_the_command_tells_of_them(branch, capsys):
    assert main.run(main.parser().parse_args(["vault", "retention", "--dry-run", "--json"])) == 0
    out = capsys.readouterr().out
    assert all(TABLE[code].title in out for code in ("meetings", "meeting_photos", "meeting_notices", "meeting_drafts"))
