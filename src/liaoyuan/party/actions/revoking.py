"""The superior takes back the approval of an election: posts and terms stand again as before it (选举工作条例)."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import events
from liaoyuan.core.access import Actor
from liaoyuan.party.actions import entering, meetings
from liaoyuan.party.choices.codes import Event, Permission
from liaoyuan.party.choices.life import ElectionState, MeetingState
from liaoyuan.party.models import Election, Officer, PartyOrganization, Term
from liaoyuan.party.queries import meetings as reading


@transaction.atomic
def revoke(*, election: Election, reason: str, by: Actor, at: datetime) -> Election:
    """Undo an approval, for a reason: the result waits again. Needs the permission to approve.

    Every row that the approval wrote is superseded and every row that it superseded is written again. Refused when one
    of them has changed since, or another election of the branch was approved later.
    """
    meeting = meetings.held(election.meeting, by, MeetingState.HELD, MeetingState.CLOSED, permission=Permission.APPROVE)
    party = meeting.party_organization
    entering.lock(parties=[party.pk])
    party = entering.living(party)
    election = Election.objects.select_for_update(of=("self",)).get(pk=election.pk)
    moment = election.confirmed_at
    if election.state != ElectionState.CONFIRMED or moment is None:
        raise meetings.refuse("ELECTION-STATE", _("这次选举没有批复。"))
    if len(reason.strip()) < 2:
        raise meetings.refuse("ELECTION-REASON", _("请写明撤销批复的原因。"), "reason")
    later = Election.objects.filter(meeting__party_organization=party, confirmed_at__gt=moment)
    if later.exists():
        raise meetings.refuse("ELECTION-LATER", _("此后又批复了本支部的选举，请先撤销后一次的批复。"))
    for model in (Officer, Term):
        _put_back(model, party, moment, by=by, at=at)
    former = election.approval
    election.state, election.approval, election.approved_on = ElectionState.COUNTED.value, "", None
    election.confirmed_at = election.confirmed_by = None
    election.save()
    entering.touched(party)
    told = {
        "election": election.pk,
        "party": party.pk,
        "post": election.post,
        "note": f"{former}：{reason.strip()[:100]}",
    }
    events.record(Event.ELECTION_REVOKED, reading.subject(meeting), by=by, at=at, payload=told)
    return election


def _put_back(model: type[Any], party: PartyOrganization, moment: datetime, *, by: Actor, at: datetime) -> None:
    rows = model.objects.filter(party_organization=party)
    if rows.filter(recorded_at=moment, superseded_at__isnull=False).exists():
        raise meetings.refuse("ELECTION-CHANGED", _("批复以后任职或届次又有变动，请先在党组织页面恢复，再撤销批复。"))
    former = list(rows.filter(superseded_at=moment).order_by("pk"))
    rows.filter(recorded_at=moment).update(superseded_at=at)
    for row in former:
        row.pk, row._state.adding, row.superseded_at = None, True, None
        row.recorded_at, row.recorded_by = at, entering.recorder(by)
        row.save(force_insert=True)
