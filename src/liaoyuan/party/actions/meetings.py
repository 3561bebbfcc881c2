"""Meetings: planned, announced, begun with E frozen, their minutes, tasks and end (handbook §2.4, §2.5)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from liaoyuan.core import events, locks
from liaoyuan.core.access import Actor
from liaoyuan.core.clock import localdate
from liaoyuan.party.actions import entering
from liaoyuan.party.choices.codes import Event, Permission
from liaoyuan.party.choices.life import MeetingKind, MeetingState
from liaoyuan.party.models import Decision, Election, Meeting, MeetingTask, PartyGroup, PartyOrganization
from liaoyuan.party.queries import meetings as reading
from liaoyuan.party.queries import organizations, voters

#: What may be arranged until a meeting is closed.
FIELDS = (
    "topic", "starts", "ends", "place", "host", "recorder", "content", "cost", "effect", "observers", "observed",
    "steps",
)  # fmt: skip


def refuse(code: str, sentence: str, field: str = "", **args: Any) -> Any:
    """The refusal with a sentence."""
    return entering.refusal(code, sentence, field, **args)


def held(
    meeting: Meeting, by: Actor, *states: MeetingState, version: int | None = None,
    permission: Permission = Permission.LIFE_EDIT,
) -> Meeting:  # fmt: skip
    """The meeting again, under its lock, for who keeps it. Refused in another state, or changed since the page."""
    entering.require(by, permission, meeting.party_organization)
    return locked(meeting, *states, version=version)


def locked(meeting: Meeting, *states: MeetingState, version: int | None = None) -> Meeting:
    """The meeting under its lock; the caller has asked the permission."""
    locks.one_at_a_time("party.meeting", meeting.pk)
    rows = Meeting.objects.select_for_update(of=("self",)).select_related("party_organization__area")
    found = rows.get(pk=meeting.pk)
    if states and found.state not in states:
        raise refuse("MEETING-STATE", _("会议现在的状态不能这样办理，请刷新后再试。"))
    if version is not None and found.version != version:
        raise refuse("MEETING-STALE", _("您打开页面之后，别人修改了这次会议。请核对最新内容后再保存。"))
    return found


def write(meeting: Meeting, *names: str) -> None:
    """Save the columns; an older page does not hold any more."""
    meeting.version += 1
    meeting.save(update_fields=[*names, "version"])


@transaction.atomic
def plan(
    *, party: PartyOrganization, kind: str, held_on: date, fields: Mapping[str, Any], group: PartyGroup | None = None,
    by: Actor, at: datetime,
) -> Meeting:  # fmt: skip
    """Plan a meeting, or enter a past one late. Numbers count within the branch, the kind and the year."""
    entering.require(by, Permission.LIFE_EDIT, party)
    entering.lock(parties=[party.pk])
    party = entering.living(party)
    today = localdate(at)
    if kind == MeetingKind.GROUP and (group is None or group.party_organization_id != party.pk):
        raise refuse("MEETING-GROUP", _("请选择本支部的党小组；没有划分党小组的不开党小组会。"), "group")
    if kind == MeetingKind.COMMITTEE and not voters.officers(party.pk, held_on):
        raise refuse("MEETING-COMMITTEE", _("本支部这一天没有支部委员，不开支部委员会会议。"), "kind")
    _check_day(party, held_on, today)
    rows = Meeting.objects.filter(party_organization=party, kind=kind, year=held_on.year)
    number = (rows.aggregate(last=Max("number"))["last"] or 0) + 1
    told = {name: fields[name] for name in FIELDS if fields.get(name) not in (None, "")}
    meeting = Meeting.objects.create(
        party_organization=party, group=group if kind == MeetingKind.GROUP else None, kind=kind, year=held_on.year,
        number=number, held_on=held_on, late=held_on < today, created_at=at, created_by=entering.recorder(by), **told,
    )  # fmt: skip
    events.record(
        Event.MEETING_PLANNED, reading.subject(meeting), by=by, at=at,
        payload={"party": party.pk, "on": held_on.isoformat(), "note": meeting.topic},
    )  # fmt: skip
    return meeting


def _check_day(party: PartyOrganization, held_on: date, today: date) -> None:
    first = party.established_on
    if first is None and not (row := organizations.formation(party)).assumed:  # approved, not founded yet
        first = row.valid_from
    if first is not None and held_on < first:
        raise refuse("MEETING-DAY", _("党支部 {first} 成立，会议日期不能更早。"), "held_on", first=first.isoformat())
    if held_on.year > today.year + 1:
        raise refuse("MEETING-DAY", _("会议日期最晚到明年年底。"), "held_on")


@transaction.atomic
def change(
    *, meeting: Meeting, fields: Mapping[str, Any], held_on: date | None = None, version: int | None = None, by: Actor,
    at: datetime,
) -> Meeting:  # fmt: skip
    """Change the arrangement. The day may change until the meeting has begun, within its year."""
    open_states = (MeetingState.PLANNED, MeetingState.NOTICED, MeetingState.HELD)
    meeting = held(meeting, by, *open_states, version=version)
    changes: dict[str, Any] = {}
    if held_on is not None and held_on != meeting.held_on:
        if meeting.state == MeetingState.HELD:
            raise refuse("MEETING-BEGUN", _("会议已召开，日期不能再改；日期有误的请取消后重新录入。"), "held_on")
        if held_on.year != meeting.year:
            raise refuse("MEETING-YEAR", _("编号按年度，请在 {year} 年内改期。"), "held_on", year=meeting.year)
        _check_day(meeting.party_organization, held_on, localdate(at))
        changes["held_on"] = [meeting.held_on.isoformat(), held_on.isoformat()]
        meeting.held_on, meeting.late = held_on, held_on < localdate(at)
    for name in FIELDS:
        if name in fields and fields[name] != getattr(meeting, name):
            changes[name] = [_plain(getattr(meeting, name)), _plain(fields[name])]
            setattr(meeting, name, fields[name])
    if not changes:
        return meeting
    if meeting.starts and meeting.ends and meeting.ends <= meeting.starts:
        raise refuse("MEETING-TIMES", _("结束时间须晚于开始时间。"), "ends")
    write(meeting, *changes, "late")
    events.record(Event.MEETING_CHANGED, reading.subject(meeting), by=by, at=at, payload={"changes": changes})
    return meeting


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, int | str) else value.isoformat()


def noticed(meeting: Meeting, *, by: Actor, at: datetime) -> None:
    """The first members have been told; the caller holds the lock and writes who."""
    if meeting.state == MeetingState.PLANNED:
        meeting.state, meeting.noticed_at, meeting.noticed_by = MeetingState.NOTICED, at, entering.recorder(by)
        write(meeting, "state", "noticed_at", "noticed_by")
        events.record(Event.MEETING_NOTICED, reading.subject(meeting), by=by, at=at)


@transaction.atomic
def cancel(*, meeting: Meeting, reason: str, by: Actor, at: datetime) -> Meeting:
    """It does not take place, or was entered wrongly. Refused once something was put to the vote."""
    meeting = held(meeting, by, MeetingState.PLANNED, MeetingState.NOTICED, MeetingState.HELD)
    if len(reason.strip()) < 2:
        raise refuse("MEETING-REASON", _("请写明取消的原因。"), "reason")
    if decided(meeting):
        raise refuse("MEETING-DECIDED", _("会议已有表决或选举，不能取消。"))
    meeting.state, meeting.cancel_reason, meeting.signing = MeetingState.CANCELLED, reason.strip()[:100], False
    write(meeting, "state", "cancel_reason", "signing")
    told = {"reason": meeting.cancel_reason}
    events.record(Event.MEETING_CANCELLED, reading.subject(meeting), by=by, at=at, payload=told)
    return meeting


def decided(meeting: Meeting) -> bool:
    """Whether something was put to the vote or an election was opened."""
    return Decision.objects.filter(meeting=meeting).exists() or Election.objects.filter(meeting=meeting).exists()


@transaction.atomic
def save_minutes(
    *, meeting: Meeting, minutes: str, resolution: str = "", signed: bool = False, version: int | None = None,
    confirmed: bool = False, by: Actor, at: datetime,
) -> Meeting:  # fmt: skip
    """Save the minutes. When they are mostly another meeting's, whoever saves them has seen both (`confirmed`)."""
    meeting = held(meeting, by, MeetingState.HELD, version=version)
    found = reading.alike(meeting, minutes)
    if found is not None and found.percent >= reading.ALIKE and not confirmed:
        told = _("会议记录与 {day} 的“{other}”有 {percent}% 相同，请对照后确认。")
        raise entering.refusal(
            "MINUTES-ALIKE", told, "minutes", day=found.meeting.held_on.isoformat(), other=reading.title(found.meeting),
            percent=found.percent,
        )  # fmt: skip
    meeting.minutes, meeting.resolution, meeting.signed = minutes.strip(), resolution.strip(), signed
    meeting.similarity = found.percent if found is not None else None
    meeting.similar = found.meeting if found is not None and found.percent >= reading.ALIKE else None
    write(meeting, "minutes", "resolution", "signed", "similarity", "similar")
    told_so = {"signed": signed, "alike": meeting.similarity or 0}
    events.record(Event.MEETING_MINUTES, reading.subject(meeting), by=by, at=at, payload=told_so)
    return meeting


@transaction.atomic
def close(*, meeting: Meeting, by: Actor, at: datetime) -> Meeting:
    """The meeting is done with, its minutes whole (PB-MTG-10). Nothing of it changes any more."""
    meeting = held(meeting, by, MeetingState.HELD)
    lacking = reading.missing(meeting)
    if lacking:
        raise refuse("PB-MTG-10", _("会议记录还缺少：{what}。"), what="、".join(lacking))
    meeting.state, meeting.signing = MeetingState.CLOSED, False
    meeting.closed_at, meeting.closed_by = at, entering.recorder(by)
    write(meeting, "state", "signing", "closed_at", "closed_by")
    events.record(Event.MEETING_CLOSED, reading.subject(meeting), by=by, at=at)
    return meeting


@transaction.atomic
def set_task(*, meeting: Meeting, what: str, who: str, until: date, by: Actor, at: datetime) -> MeetingTask:
    """Enter what is to be done after the meeting."""
    meeting = held(meeting, by, MeetingState.HELD, MeetingState.CLOSED)
    if not what.strip() or not who.strip():
        raise refuse("TASK-EMPTY", _("请写明事项和责任人。"), "what")
    if until < meeting.held_on:
        raise refuse("TASK-DAY", _("时限不能早于会议日期。"), "until")
    task = MeetingTask.objects.create(meeting=meeting, what=what.strip()[:200], who=who.strip()[:60], until=until)
    told = {"task": task.pk, "until": until.isoformat(), "note": task.what}
    events.record(Event.MEETING_TASK, reading.subject(meeting), by=by, at=at, payload=told)
    return task


@transaction.atomic
def finish_task(*, task: MeetingTask, on: date, by: Actor, at: datetime) -> MeetingTask:
    """It is done."""
    meeting = held(task.meeting, by, MeetingState.HELD, MeetingState.CLOSED)
    task = MeetingTask.objects.select_for_update().get(pk=task.pk)
    if task.done_on is not None:
        raise refuse("TASK-DONE", _("这件事已登记完成。"))
    if not meeting.held_on <= on <= localdate(at):
        raise refuse("TASK-DAY", _("完成日期须在会议日期和今天之间。"), "on")
    task.done_on = on
    task.save(update_fields=["done_on"])
    told = {"task": task.pk, "on": on.isoformat()}
    events.record(Event.MEETING_TASK, reading.subject(meeting), by=by, at=at, payload=told)
    return task
