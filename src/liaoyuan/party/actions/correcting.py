"""Totals entered wrongly: taken back or corrected for a reason; what stood before is kept (`TotalsCorrection`).

Until the minutes are confirmed the counting officer may take totals back, or enter others. Afterwards he only corrects,
and the superior is told. A result on which something rests already does not change before that is undone. No number
stands in an event: with few voters the log would tell more than the page.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import events
from liaoyuan.core.access import Actor
from liaoyuan.party.actions import deciding, elections, entering, meetings
from liaoyuan.party.choices.codes import Event
from liaoyuan.party.choices.life import ElectionState, MeetingState
from liaoyuan.party.models import Candidate, Decision, Election, Meeting, TotalsCorrection
from liaoyuan.party.queries import corrections
from liaoyuan.party.queries import meetings as reading


def _opened(row: Decision | Election, by: Actor, reason: str, *states: MeetingState) -> Meeting:
    """The meeting under its lock, for who counted and for superiors. Refused without a reason, and uncounted."""
    meeting = meetings.held(row.meeting, by, MeetingState.HELD, MeetingState.CLOSED)
    if meeting.state not in states:
        raise meetings.refuse("TOTALS-CONFIRMED", _("会议已办结，票数不能撤回，只能更正，更正会告知上级。"))
    if not corrections.may_correct(by, row):
        raise PermissionDenied
    if len(reason.strip()) < 2:
        raise meetings.refuse("TOTALS-REASON", _("请写明原因，例如“把 5 票误写成 6 票”。"), "reason")
    return meeting


def _undone_first(told: list[str]) -> None:
    if told:
        sentence = _("更正会改变结果。{what}，再更正票数。")
        raise meetings.refuse("TOTALS-RESTS", sentence, what="；".join(told))


def _decision(decision: Decision) -> Decision:
    found = Decision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
    if found.closed_at is None:
        raise meetings.refuse("TOTALS-NONE", _("还没有登记票数。"))
    return found


def _keep(row: Decision | Election, meeting: Meeting, reason: str, by: Actor, at: datetime) -> None:
    """Keep what stands there now as the superseded row."""
    told: dict[str, Any]
    if isinstance(row, Decision):
        told = {"decision": row, "spoiled": row.spoiled, "yes": row.yes, "no": row.no, "abstain": row.abstain,
                "carried": row.carried, "counted_at": row.closed_at, "counted_by": row.closed_by}  # fmt: skip
    else:
        rows = Candidate.objects.filter(election=row).order_by("member").values_list("member", "yes", "elected")
        told = {"election": row, "spoiled": max(0, (row.returned or 0) - (row.valid or 0)),
                "sums": [list(one) for one in rows], "counted_at": row.counted_at,
                "counted_by": row.counted_by}  # fmt: skip
    TotalsCorrection.objects.create(
        party_organization=meeting.party_organization, issued=row.issued or 0, returned=row.returned or 0,
        needed=row.needed, reason=reason.strip()[:200], late=meeting.state == MeetingState.CLOSED, made_at=at,
        made_by=entering.recorder(by), **told,
    )  # fmt: skip


def _tell(code: Event, meeting: Meeting, by: Actor, at: datetime, **told: Any) -> None:
    payload = {**told, "late": meeting.state == MeetingState.CLOSED}
    events.record(code, reading.subject(meeting), by=by, at=at, payload=payload)


@transaction.atomic
def withdraw(*, decision: Decision, reason: str, by: Actor, at: datetime) -> Decision:
    """Take the totals of a vote back, so that they are entered anew. Refused once the minutes are confirmed."""
    meeting = _opened(decision, by, reason, MeetingState.HELD)
    decision = _decision(decision)
    if decision.carried:
        _undone_first(corrections.rests_on_decision(decision))
    _keep(decision, meeting, reason, by, at)
    for name in (
        "needed",
        "issued",
        "returned",
        "spoiled",
        "yes",
        "no",
        "abstain",
        "carried",
        "closed_at",
        "closed_by",
    ):
        setattr(decision, name, None)
    decision.save()
    _tell(Event.TOTALS_WITHDRAWN, meeting, by, at, decision=decision.pk, note=decision.subject)
    return decision


@transaction.atomic
def correct(
    *, decision: Decision, reason: str, yes: int, no: int, abstain: int, spoiled: int = 0, issued: int | None = None,
    returned: int | None = None, by: Actor, at: datetime,
) -> Decision:  # fmt: skip
    """Enter other totals of a vote. After the minutes were confirmed the superior is told of it."""
    meeting = _opened(decision, by, reason, MeetingState.HELD, MeetingState.CLOSED)
    decision = _decision(decision)
    before = decision.carried
    _keep(decision, meeting, reason, by, at)
    deciding.reckon(
        decision, meeting, yes=yes, no=no, abstain=abstain, spoiled=spoiled, issued=issued, returned=returned
    )
    if before != decision.carried:
        _undone_first(corrections.rests_on_decision(decision))
    decision.closed_at, decision.closed_by = at, entering.recorder(by)
    decision.save()
    _tell(Event.TOTALS_CORRECTED, meeting, by, at, decision=decision.pk, carried=decision.carried,
          note=decision.subject)  # fmt: skip
    return decision


def _election(election: Election) -> Election:
    found = Election.objects.select_for_update(of=("self",)).get(pk=election.pk)
    if found.state == ElectionState.OPEN:
        raise meetings.refuse("TOTALS-NONE", _("还没有登记票数。"))
    return found


def _elected(election: Election) -> set[int]:
    return set(Candidate.objects.filter(election=election, elected=True).values_list("member", flat=True))


@transaction.atomic
def withdraw_count(*, election: Election, reason: str, by: Actor, at: datetime) -> Election:
    """Take the sums of an election back, so that they are entered anew. Refused once the minutes are confirmed."""
    meeting = _opened(election, by, reason, MeetingState.HELD)
    election = _election(election)
    _undone_first(corrections.rests_on_election(election))
    _keep(election, meeting, reason, by, at)
    Candidate.objects.filter(election=election).update(yes=None, elected=None)
    election.state = ElectionState.OPEN.value
    for name in ("needed", "issued", "returned", "valid", "counted_at", "counted_by"):
        setattr(election, name, None)
    election.save()
    _tell(Event.TOTALS_WITHDRAWN, meeting, by, at, election=election.pk, post=election.post)
    return election


@transaction.atomic
def correct_count(
    *, election: Election, reason: str, issued: int, returned: int, spoiled: int, sums: Mapping[int, int], by: Actor,
    at: datetime,
) -> Election:  # fmt: skip
    """Enter other sums of an election; who is elected follows from them. An approved result keeps its elected."""
    meeting = _opened(election, by, reason, MeetingState.HELD, MeetingState.CLOSED)
    election = _election(election)
    rests = corrections.rests_on_election(election)
    before, was = _elected(election), ElectionState(election.state)
    _keep(election, meeting, reason, by, at)
    elections.reckon(election, meeting, issued=issued, returned=returned, spoiled=spoiled, sums=sums)
    if before != _elected(election) or (was == ElectionState.VOID) != (election.state == ElectionState.VOID):
        _undone_first(rests)
    if was == ElectionState.CONFIRMED:
        election.state = was.value
    election.counted_at, election.counted_by = at, entering.recorder(by)
    election.save()
    _tell(Event.TOTALS_CORRECTED, meeting, by, at, election=election.pk, post=election.post,
          elected=sorted(_elected(election)))  # fmt: skip
    return election


@transaction.atomic
def see(*, correction: TotalsCorrection, by: Actor, at: datetime) -> TotalsCorrection:
    """The superior has looked at a correction made after the minutes were confirmed."""
    if not reading.superior(by, correction.party_organization):
        raise PermissionDenied
    row = TotalsCorrection.objects.select_for_update(of=("self",)).get(pk=correction.pk)
    if row.late and row.seen_at is None:
        row.seen_at, row.seen_by = at, entering.recorder(by)
        row.save(update_fields=["seen_at", "seen_by"])
        counted = row.decision or row.election
        if counted is not None:
            events.record(Event.CORRECTION_SEEN, reading.subject(counted.meeting), by=by, at=at)
    return row
