"""Who was there: E frozen from the roster of the day, sign-in, the sheet saved by hand (PB-MTG-11; product.md 5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import events
from liaoyuan.core.access import Actor
from liaoyuan.core.clock import localdate
from liaoyuan.party.actions import entering, meetings
from liaoyuan.party.choices.codes import Event
from liaoyuan.party.choices.life import MeetingState, Presence
from liaoyuan.party.models import Attendance, Meeting, Member
from liaoyuan.party.queries import meetings as reading
from liaoyuan.party.queries import own, voters


@dataclass(frozen=True, slots=True)
class Mark:
    """How one member stands on the sheet."""

    status: str
    reason: str = ""
    written: bool = False


@transaction.atomic
def begin(*, meeting: Meeting, by: Actor, at: datetime) -> Meeting:
    """The meeting takes place: E is computed from the roster of its day and frozen, all stand as absent until marked.

    Refused before its day. E may be 0: then it is recorded and decides nothing.
    """
    meeting = meetings.held(meeting, by, MeetingState.PLANNED, MeetingState.NOTICED)
    if meeting.held_on > localdate(at):
        told = _("会议定在 {day}，到那一天才能召开；提前召开的请先改日期。")
        raise entering.refusal("MEETING-EARLY", told, "held_on", day=meeting.held_on.isoformat())
    roster = voters.of(meeting, meeting.held_on)
    rows = [(key, True) for key in roster.voting]
    if meeting.kind in voters.FOR_ALL:
        rows += [(key, False) for key in roster.others]
    Attendance.objects.bulk_create(
        Attendance(meeting=meeting, member_id=key, voting=voting, status=Presence.ABSENT.value)
        for key, voting in sorted(rows)
    )
    meeting.state, meeting.expected = MeetingState.HELD, len(roster.voting)
    meetings.write(meeting, "state", "expected")
    told_so = {"on": meeting.held_on.isoformat(), "expected": meeting.expected, "late": meeting.late}
    events.record(Event.MEETING_BEGUN, reading.subject(meeting), by=by, at=at, payload=told_so)
    return meeting


@transaction.atomic
def open_sign_in(*, meeting: Meeting, open: bool, by: Actor, at: datetime) -> Meeting:
    """Open or close signing in. Each opening begins a new round: codes of an earlier one do not hold any more."""
    meeting = meetings.held(meeting, by, MeetingState.HELD)
    _undecided(meeting)
    if meeting.signing == open:
        return meeting
    meeting.signing = open
    if open:
        meeting.sign_in += 1
    meetings.write(meeting, "signing", "sign_in")
    events.record(Event.MEETING_SIGN_IN, reading.subject(meeting), by=by, at=at, payload={"open": open})
    return meeting


@transaction.atomic
def sign_in(*, meeting: Meeting, member: Member, round: int, by: Actor, at: datetime) -> Attendance:
    """A member says by his own account that he is there. Kept is that he is, and nothing of when, where or how."""
    if not own.is_member(by, member):
        raise PermissionDenied
    meeting = meetings.locked(meeting)
    if meeting.state != MeetingState.HELD or not meeting.signing or meeting.sign_in != round:
        raise meetings.refuse("SIGN-IN-CLOSED", _("签到已结束或二维码已失效，请请书记重新出示，或由书记登记。"))
    row = Attendance.objects.select_for_update().filter(meeting=meeting, member=member).first()
    if row is None or row.status == Presence.EXCLUDED:
        raise meetings.refuse("SIGN-IN-ROSTER", _("您不在这次会议的名单上，请与书记联系。"))
    there = Presence.PRESENT if row.voting else Presence.OBSERVER
    if row.status != there:
        row.status, row.reason, row.written = there.value, "", False
        row.save(update_fields=["status", "reason", "written"])
        events.record(Event.MEETING_SIGNED, reading.subject(meeting), by=by, at=at)
    return row


def _undecided(meeting: Meeting) -> None:
    if meetings.decided(meeting):
        raise meetings.refuse("MEETING-DECIDED", _("会议已提交表决，到会情况不能再改。"))


@transaction.atomic
def save(
    *, meeting: Meeting, marks: Mapping[int, Mark], told_present: int | None = None, version: int | None = None,
    by: Actor, at: datetime,
) -> Meeting:  # fmt: skip
    """Save the sheet: of each member how he stands. Signing in is closed by it.

    Present and absent with reasons make E (PB-MTG-11); whoever is left out of it stands there with a reason and
    approval, and E is less by him. A typed number that the sheet does not bear out is refused.
    """
    meeting = meetings.held(meeting, by, MeetingState.HELD, version=version)
    _undecided(meeting)
    rows = {row.member_id: row for row in Attendance.objects.select_for_update().filter(meeting=meeting)}
    if set(marks) - set(rows):
        raise meetings.refuse("SHEET-ROSTER", _("有人不在这次会议的名单上，请刷新后再试。"))
    voters = {key for key, row in rows.items() if row.voting or row.status == Presence.EXCLUDED}
    bare = 0
    for key, row in rows.items():
        mark = marks.get(key, Mark(row.status, row.reason, row.written))
        _apply(row, mark, may_vote=key in voters)
        bare += row.voting and row.status == Presence.ABSENT and not row.reason and not row.written
    if bare:
        told = _("有 {n} 名缺席的党员没有写明原因。")
        raise meetings.refuse("PB-MTG-11", told, "reason", n=bare)
    expected = sum(row.voting for row in rows.values())
    present = sum(row.voting and row.status == Presence.PRESENT for row in rows.values())
    if told_present is not None and told_present != present:
        sentence = _("填写的实到 {told} 名，到会表上是 {present} 名，请核对。")
        raise meetings.refuse("PB-MTG-11", sentence, "told_present", told=told_present, present=present)
    Attendance.objects.bulk_update(rows.values(), ["voting", "status", "reason", "written"])
    meeting.expected, meeting.present, meeting.absent = expected, present, expected - present
    meeting.signing = False
    meetings.write(meeting, "expected", "present", "absent", "signing")
    excluded = sum(row.status == Presence.EXCLUDED for row in rows.values())
    events.record(
        Event.MEETING_ATTENDANCE, reading.subject(meeting), by=by, at=at,
        payload={"expected": expected, "present": present, "absent": meeting.absent, "excluded": excluded},
    )  # fmt: skip
    return meeting


def _apply(row: Attendance, mark: Mark, *, may_vote: bool) -> None:
    """Set a row by its mark. Who may not vote is there as 列席, or absent."""
    reason = mark.reason.strip()[:100]
    status = Presence(mark.status) if mark.status in list(Presence) else Presence.ABSENT
    if not may_vote:
        status = Presence.OBSERVER if status in (Presence.PRESENT, Presence.OBSERVER) else Presence.ABSENT
        row.voting, row.status, row.reason, row.written = False, status.value, "", False
        return
    if status == Presence.OBSERVER:
        status = Presence.PRESENT
    if status == Presence.EXCLUDED and not reason:
        raise meetings.refuse("PB-MTG-11", _("不计入应到会的，须逐人写明原因和批准情况。"), "reason")
    row.voting, row.status = status != Presence.EXCLUDED, status.value
    row.reason = "" if status == Presence.PRESENT else reason
    row.written = mark.written and status == Presence.ABSENT
