"""Which meetings have come to the end of a class of data (handbook §6.2): by their year, or by their day."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, TextField
from django.db.models.functions import Cast

from liaoyuan.core.clock import localdate
from liaoyuan.core.models import Attachment
from liaoyuan.party.choices.life import MeetingState
from liaoyuan.party.models import Attendance, Meeting, MeetingNotice, MeetingTask
from liaoyuan.party.queries import meetings


def _of_ended_years(before: datetime) -> Q:
    """Meetings of years that were over by then: the days of such a class count from the end of the year."""
    return Q(year__lt=localdate(before).year)


def held_before(before: datetime) -> list[int]:
    """Meetings that were held and still have a sheet, minutes or tasks."""
    sheet, tasks = (model.objects.filter(meeting=OuterRef("pk")) for model in (Attendance, MeetingTask))
    rows = Meeting.objects.held().filter(_of_ended_years(before))
    rows = rows.filter(Exists(sheet) | Exists(tasks) | ~Q(minutes="") | ~Q(content="") | ~Q(observers=""))
    return list(rows.order_by("pk").values_list("pk", flat=True))


def pictured_before(before: datetime) -> list[int]:
    """Meetings that still have photos or papers."""
    own = Attachment.objects.filter(
        subject_kind=meetings.SUBJECT, subject_id=Cast(OuterRef("pk"), TextField()), removed_at__isnull=True
    )
    rows = Meeting.objects.filter(_of_ended_years(before)).filter(Exists(own))
    return list(rows.order_by("pk").values_list("pk", flat=True))


def noticed_before(before: datetime) -> list[int]:
    """Notices of meetings whose day is past by then."""
    rows = MeetingNotice.objects.filter(meeting__held_on__lt=localdate(before))
    return list(rows.order_by("pk").values_list("pk", flat=True))


def unheld_before(before: datetime) -> list[int]:
    """Meetings that were cancelled, or planned and never held, and still have a sheet or a draft of something."""
    sheet = Attendance.objects.filter(meeting=OuterRef("pk"))
    states = [str(s) for s in (MeetingState.CANCELLED, MeetingState.PLANNED, MeetingState.NOTICED)]
    rows = Meeting.objects.filter(state__in=states, held_on__lt=localdate(before))
    rows = rows.filter(Exists(sheet) | ~Q(minutes="") | ~Q(content="") | ~Q(observers="") | ~Q(resolution=""))
    return list(rows.order_by("pk").values_list("pk", flat=True))
