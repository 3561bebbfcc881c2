"""Party organizations and meetings as subjects of files."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.core import policy
from liaoyuan.core.registries import FileSubject
from liaoyuan.party.models import InstructorAssignment, Meeting, PartyOrganization
from liaoyuan.party.queries import meetings
from liaoyuan.party.queries import organizations as reading


def _seen_by(user: Any, key: str) -> PartyOrganization | None:
    if not key.isdecimal() or len(key) > 18:
        return None
    return PartyOrganization.objects.visible_to(user).select_related("area").filter(pk=int(key)).first()


FILES = FileSubject(
    kind=reading.SUBJECT,
    title="党组织",
    find=_seen_by,
    holder=lambda party: party,
    label=reading.name_of,
    address=lambda party: reverse("party:organization_detail", args=[party.pk]),
    papers=lambda party: "",
    chain=lambda party: policy.chain(party.area.path),
)


def _meeting(user: Any, key: str) -> Meeting | None:
    if not key.isdecimal() or len(key) > 18:
        return None
    rows = Meeting.objects.visible_to(user).select_related("party_organization__area")
    return rows.filter(pk=int(key)).first()


MEETINGS = FileSubject(
    kind=meetings.SUBJECT,
    title="会议",
    find=_meeting,
    holder=lambda meeting: meeting.party_organization,
    label=meetings.title,
    address=lambda meeting: reverse("party:meeting_detail", args=[meeting.pk]),
    papers=lambda meeting: "",
    chain=lambda meeting: policy.chain(meeting.party_organization.area.path),
)


def _letter(user: Any, key: str) -> InstructorAssignment | None:
    if not key.isdecimal() or len(key) > 18:
        return None
    rows = InstructorAssignment.objects.visible_to(user).select_related("instructor__area", "organization")
    return rows.filter(pk=int(key)).first()


def _letter_label(row: InstructorAssignment) -> str:
    body = reading.body_names([row.organization_id]).get(row.organization_id, "")
    return _("{name}联系{body}的聘书").format(name=row.instructor.name, body=body)


LETTERS = FileSubject(
    kind="instructorassignment",
    title="指导员聘书",
    find=_letter,
    holder=lambda row: row.organization,
    label=_letter_label,
    address=lambda row: reverse("party:organization_panel", args=[row.organization_id]),
    papers=lambda row: "",
    chain=lambda row: policy.chain(row.instructor.area.path),
)
