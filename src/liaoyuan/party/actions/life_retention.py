"""Retention of meetings: sheets, minutes, photos, notices, drafts. Resolutions, votes and elections stay for ever."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from liaoyuan.core.access import Actor
from liaoyuan.core.actions import files
from liaoyuan.core.registries import Retained
from liaoyuan.party.models import Attendance, Meeting, MeetingNotice, MeetingTask
from liaoyuan.party.queries import life_ending, meetings

#: What is emptied of a meeting; its kind, day, numbers and resolution stay.
_EMPTIED: dict[str, Any] = {
    "minutes": "", "content": "", "observers": "", "host": "", "recorder": "", "effect": "", "similarity": None,
    "similar": None,
}  # fmt: skip


def _end_meetings(keys: Sequence[int], *, by: Actor, at: datetime) -> int:
    Attendance.objects.filter(meeting__in=keys).delete()
    MeetingTask.objects.filter(meeting__in=keys).delete()
    return Meeting.objects.filter(pk__in=keys).update(**_EMPTIED)


def _end_photos(keys: Sequence[int], *, by: Actor, at: datetime) -> int:
    files.retire(kind=meetings.SUBJECT, keys=keys, reason=_("保存期限届满"), at=at)
    return len(keys)


def _end_notices(keys: Sequence[int], *, by: Actor, at: datetime) -> int:
    return MeetingNotice.objects.filter(pk__in=keys).delete()[0]


def _end_drafts(keys: Sequence[int], *, by: Actor, at: datetime) -> int:
    Attendance.objects.filter(meeting__in=keys).delete()
    return Meeting.objects.filter(pk__in=keys).update(**_EMPTIED, resolution="")


CLASSES = (
    Retained("meetings", life_ending.held_before, _end_meetings),
    Retained("meeting_photos", life_ending.pictured_before, _end_photos),
    Retained("meeting_notices", life_ending.noticed_before, _end_notices),
    Retained("meeting_drafts", life_ending.unheld_before, _end_drafts),
)
