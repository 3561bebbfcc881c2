"""Files of party organizations and of letters of appointment: which record, who sees it, where one goes back to."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.core import policy
from liaoyuan.core.registries import FileSubject
from liaoyuan.party.models import InstructorAssignment, PartyOrganization
from liaoyuan.party.queries import organizations as reading


def _key(key: str) -> int:
    return int(key) if key.isascii() and key.isdigit() and len(key) < 19 else 0


def _party(user: Any, key: str) -> PartyOrganization | None:
    return PartyOrganization.objects.visible_to(user).select_related("area").filter(pk=_key(key)).first()


def _letter(user: Any, key: str) -> InstructorAssignment | None:
    rows = InstructorAssignment.objects.visible_to(user).select_related("instructor__area", "organization")
    return rows.filter(pk=_key(key)).first()


def _letter_label(row: InstructorAssignment) -> str:
    body = reading.body_names([row.organization_id]).get(row.organization_id, "")
    return _("{name}联系{body}的聘书").format(name=row.instructor.name, body=body)


SUBJECTS = {
    "partyorganization": FileSubject(
        kind="partyorganization", title="党组织", find=_party, holder=lambda party: party, label=reading.name_of,
        address=lambda party: reverse("party:organization_detail", args=[party.pk]), papers=lambda party: "",
        chain=lambda party: policy.chain(party.area.path),
    ),
    "instructorassignment": FileSubject(
        kind="instructorassignment", title="指导员聘书", find=_letter, holder=lambda row: row.organization,
        label=_letter_label, address=lambda row: reverse("party:organization_panel", args=[row.organization_id]),
        papers=lambda row: "", chain=lambda row: policy.chain(row.instructor.area.path),
    ),
}  # fmt: skip
