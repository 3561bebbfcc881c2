"""Files of meetings: which meeting, who sees it, where one goes back to."""

from typing import Any

from django.urls import reverse

from liaoyuan.core import policy
from liaoyuan.core.registries import FileSubject
from liaoyuan.party.models import Meeting
from liaoyuan.party.queries import meetings


def _find(user: Any, key: str) -> Meeting | None:
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        return None
    rows = Meeting.objects.visible_to(user).select_related("party_organization__area")
    return rows.filter(pk=int(key)).first()


SUBJECT = FileSubject(
    kind=meetings.SUBJECT,
    title="会议",
    find=_find,
    holder=lambda meeting: meeting.party_organization,
    label=meetings.title,
    address=lambda meeting: reverse("party:meeting_detail", args=[meeting.pk]),
    papers=lambda meeting: "",
    chain=lambda meeting: policy.chain(meeting.party_organization.area.path),
)
