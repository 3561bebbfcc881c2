"""What a secretary's first page tells beside organizational life: dues of the month, applicants with their next day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from liaoyuan.party.choices.life import MeetingState
from liaoyuan.party.models import Due, Meeting, PartyOrganization
from liaoyuan.party.queries import development_list, dues

#: So many applicants are shown; the list has all.
MOST = 10


@dataclass(frozen=True, slots=True)
class Dues:
    """A branch's month: how many owe, have no amount reckoned yet, have paid; how many owe earlier months.

    `none` says why nothing is collected.
    """

    month: date
    owing: int = 0
    paid: int = 0
    unreckoned: int = 0
    behind: int = 0
    none: str = ""

    @property
    def settled(self) -> bool:
        """Whether nothing is left to do."""
        return not (self.unreckoned or self.behind) and self.paid >= self.owing


def dues_of(party: PartyOrganization, on: date) -> Dues:
    """The dues of the day's month."""
    month = dues.first_day(on)
    if dues.collects(party, month):
        return Dues(month, none=_("临时、功能型或正在转接的党支部不收党费，党员在组织关系所在的党支部交纳。"))
    payers = [payer.member for payer in dues.payers(party, month)]
    rows = Due.objects.current().filter(party_organization=party, month=month)
    told = rows.aggregate(n=Count("pk"), paid=Count("paid_on"))
    known = Due.objects.current().filter(member__in=payers, month=month).count()
    behind = {member for member, _month in dues.months_owed([party.pk], on).get(party.pk, [])}
    return Dues(month, told["n"], told["paid"], max(0, len(payers) - known), len(behind))


def applicants_of(user: Any, party: PartyOrganization, on: date) -> tuple[Sequence[development_list.Line], int]:
    """The first people on the way in this branch with their next lawful days, and how many there are."""
    listing = development_list.Listing(user, development_list.Criteria(on, below=party.pk))
    return listing[:MOST], listing.count()


#: What is to be done with a meeting → the address's name and the words of its button.
STEP_TITLES: dict[str, str] = {
    "party:meeting_code": "签到二维码", "party:meeting_sheet": "登记到会", "party:meeting_minutes": "写会议记录",
    "party:meeting_notices": "发通知",
}  # fmt: skip


def step_of(meeting: Meeting, on: date) -> tuple[str, str]:
    """(name of the address, words) of what comes next for a meeting, or two empty texts."""
    name = ""
    if meeting.state == MeetingState.HELD:
        name = "party:meeting_code" if meeting.signing else "party:meeting_minutes"
        if meeting.present is None and not meeting.signing:
            name = "party:meeting_sheet"
        elif meeting.minutes and meeting.signed and not meeting.signing:
            name = ""
    elif meeting.held_on >= on and meeting.state == MeetingState.PLANNED:
        name = "party:meeting_notices"
    return name, _(STEP_TITLES[name]) if name else ""
