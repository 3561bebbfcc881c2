"""Elections: opened with candidates, counted as sums, confirmed by the superior (handbook §2.3; 选举工作条例).

What a paper said is told to no action. Officers and the term change when the superior has approved the result.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import events, policy
from liaoyuan.core.access import Actor
from liaoyuan.core.choices import Moment
from liaoyuan.core.clock import localdate
from liaoyuan.kit.findings import refuse_if_blocked
from liaoyuan.party.actions import deciding, entering, meetings, officers
from liaoyuan.party.choices.codes import Event, Permission
from liaoyuan.party.choices.life import ELECTED_POSTS, DecisionKind, ElectionState, MeetingKind, MeetingState
from liaoyuan.party.choices.organizations import OfficerHow, OfficerKind
from liaoyuan.party.models import Candidate, Election, Meeting, Member, Officer, PartyOrganization
from liaoyuan.party.queries import elections as asking
from liaoyuan.party.queries import meetings as reading
from liaoyuan.party.queries import organizations, voters


@transaction.atomic
def start(
    *, meeting: Meeting, post: str, seats: int, candidates: Sequence[Member], tellers: str = "", by: Actor,
    at: datetime, confirmed: bool = False,
) -> Election:  # fmt: skip
    """Open an election. Refused without a quorum (PB-ELE-02), with too few candidates (PB-ELE-01), in a branch that is
    founded with its transfers in progress or set up for a task, for candidates without a vote.
    """
    meeting = meetings.held(meeting, by, MeetingState.HELD)
    party, on = meeting.party_organization, meeting.held_on
    _may_elect(meeting, post)
    limits = organizations.limits(party, on)
    expected, present, least = deciding.quorum(meeting, DecisionKind.ELECTION, limits)
    keys = sorted({member.pk for member in candidates})
    eligible = asking.eligible(meeting, post)
    strangers = [key for key in keys if key not in eligible]
    if strangers:
        names = "、".join(voters.names(strangers).values())
        raise meetings.refuse("PB-ELE-04", _("不能作候选人：{names}。"), "candidates", names=names)
    if len(keys) < seats or seats < 1:
        told = _("应选 {seats} 名，候选人只有 {n} 名。")
        raise meetings.refuse("ELECTION-SEATS", told, "candidates", seats=seats, n=len(keys))
    if Election.objects.filter(meeting=meeting, post=post, state=ElectionState.OPEN).exists():
        raise meetings.refuse("ELECTION-OPEN", _("这个职务的选举还没有计票。"), "post")
    facts = asking.facts(meeting, post=post, seats=seats, candidates=len(keys))
    found = refuse_if_blocked(policy.evaluate(Moment.ELECTION_OPEN, facts, limits, on), confirmed=confirmed)
    election = Election.objects.create(
        meeting=meeting, post=post, seats=seats, tellers=tellers.strip()[:60], expected=expected,
        present=present, quorum=least, opened_at=at, opened_by=entering.recorder(by),
    )  # fmt: skip
    Candidate.objects.bulk_create(Candidate(election=election, member_id=key) for key in keys)
    told_so = {"election": election.pk, "post": post, "seats": seats, "candidates": len(keys)}
    events.record(Event.ELECTION_OPENED, reading.subject(meeting), by=by, at=at, payload=told_so, findings=found)
    return election


def _may_elect(meeting: Meeting, post: str) -> None:
    party, on = meeting.party_organization, meeting.held_on
    if post not in ELECTED_POSTS or meeting.kind not in reading.ELECTS:
        raise meetings.refuse("ELECTION-KIND", _("这类会议不选举这个职务。"), "post")
    if (meeting.kind == MeetingKind.COMMITTEE) and post == OfficerKind.MEMBER:
        raise meetings.refuse("ELECTION-KIND", _("支部委员由支部党员大会选举。"), "post")
    if party.regular_on is None or party.regular_on > on:
        told = _("本支部已成立、党员组织关系正在转接，现在不选举；书记由上级党组织任命。")
        raise meetings.refuse("ELECTION-TRANSFER", told, "post")
    if voters.for_a_task(party, on):
        raise meetings.refuse("PB-TMP-01", _("临时党支部、功能型党支部的书记由上级任命，不选举。"), "post")


@transaction.atomic
def count(
    *, election: Election, issued: int, returned: int, spoiled: int, sums: Mapping[int, int], by: Actor, at: datetime
) -> Election:
    """Enter the sums: elected is who has more than half of those present, at most as many as seats, none by a tie.

    More papers back than out make the election void (PB-ELE-03). Refused when the sums cannot be.
    """
    meeting = meetings.held(election.meeting, by, MeetingState.HELD)
    election = Election.objects.select_for_update(of=("self",)).get(pk=election.pk)
    if election.state != ElectionState.OPEN:
        raise meetings.refuse("ELECTION-COUNTED", _("选举结果已登记，不能再改。"))
    reckon(election, meeting, issued=issued, returned=returned, spoiled=spoiled, sums=sums)
    election.counted_at, election.counted_by = at, entering.recorder(by)
    election.save()
    told_so: dict[str, Any] = {"election": election.pk, "void": True}
    if election.state != ElectionState.VOID:
        elected = Candidate.objects.filter(election=election, elected=True).order_by("member")
        keys = list(elected.values_list("member", flat=True))
        told_so = {"election": election.pk, "post": election.post, "elected": keys}
    events.record(Event.ELECTION_COUNTED, reading.subject(meeting), by=by, at=at, payload=told_so)
    return election


def reckon(
    election: Election, meeting: Meeting, *, issued: int, returned: int, spoiled: int, sums: Mapping[int, int]
) -> None:
    """Set papers, sums and who is elected; the caller has locked the election and saves it. Refused where they cannot
    be.
    """
    if not 0 < issued <= election.present:
        told = _("发出的选票须在 1 至 {most} 张之间。")
        raise meetings.refuse("VOTE-ISSUED", told, "issued", most=election.present)
    if returned < 0 or spoiled < 0:
        raise meetings.refuse("VOTE-TOTALS", _("票数不能小于零。"), "returned")
    rows = list(Candidate.objects.select_for_update(of=("self",)).filter(election=election).order_by("member"))
    election.issued, election.returned = issued, returned
    if returned > issued:
        election.state, election.valid, election.needed = ElectionState.VOID.value, 0, None
        for row in rows:
            row.yes = row.elected = None
    else:
        election.state, election.valid = ElectionState.COUNTED.value, returned - spoiled
        _check_sums(rows, sums, election.valid, election.seats)
        limits = organizations.limits(meeting.party_organization, meeting.held_on)
        elected, election.needed = asking.elected(election, sums, limits)
        for row in rows:
            row.yes, row.elected = sums[row.member_id], row.member_id in elected
    Candidate.objects.bulk_update(rows, ["yes", "elected"])


def _check_sums(rows: Sequence[Candidate], sums: Mapping[int, int], valid: int, seats: int) -> None:
    if valid < 0:
        raise meetings.refuse("VOTE-TOTALS", _("废票不能多于收回的选票。"), "spoiled")
    if {row.member_id for row in rows} != set(sums):
        raise meetings.refuse("VOTE-CANDIDATES", _("须填写每一名候选人的得票。"), "sums")
    if any(not 0 <= n <= valid for n in sums.values()):
        raise meetings.refuse("VOTE-TOTALS", _("每名候选人的得票须在 0 至 {valid} 之间。"), "sums", valid=valid)
    if sum(sums.values()) > valid * seats:
        told = _("各候选人得票之和为 {sum}，每张票最多选 {seats} 名，有效票 {valid} 张，不能超过 {most}。")
        raise meetings.refuse(
            "VOTE-TOTALS", told, "sums", sum=sum(sums.values()), seats=seats, valid=valid, most=valid * seats
        )


@transaction.atomic
def confirm(
    *, election: Election, approval: str, approved_on: date, by: Actor, at: datetime, confirmed: bool = False
) -> Election:
    """The superior has approved the result: the elected take office on the day of the meeting, the former ones leave.

    Needs the permission to approve. A committee, or a secretary where there is none, begins a new term. Refused where
    nobody was elected, before the meeting is done with, and for a secretary whose committee is not yet approved.
    """
    meeting = meetings.held(election.meeting, by, MeetingState.HELD, MeetingState.CLOSED, permission=Permission.APPROVE)
    party, on = meeting.party_organization, meeting.held_on
    entering.require_above(by, Permission.APPROVE, party)
    entering.lock(parties=[party.pk])
    party = entering.living(party)
    election = Election.objects.select_for_update(of=("self",)).get(pk=election.pk)
    if election.state != ElectionState.COUNTED:
        raise meetings.refuse("ELECTION-STATE", _("没有待批复的选举结果。"))
    if not approval.strip():
        raise meetings.refuse("ELECTION-APPROVAL", _("请写明批复文号。"), "approval")
    if not on <= approved_on <= localdate(at):
        told = _("批复日期须在选举日 {day} 和今天之间。")
        raise meetings.refuse("ELECTION-APPROVAL", told, "approved_on", day=on.isoformat())
    members = list(
        Member.objects.filter(pk__in=Candidate.objects.filter(election=election, elected=True).values("member"))
        .order_by("pk")
    )  # fmt: skip
    if not members:
        raise meetings.refuse("ELECTION-NOBODY", _("这次选举没有人当选，无需批复。"))
    if meeting.kind == MeetingKind.COMMITTEE and asking.committee_waits(party.pk, on):
        raise meetings.refuse("ELECTION-ORDER", _("请先批复支部委员会的选举结果。"))
    limits = organizations.limits(party, on)
    facts = asking.facts(meeting, post=election.post, seats=election.seats)
    found = []
    for member in members:
        told_of = replace(facts, **asking.seniority(member, on))
        found += policy.evaluate(Moment.OFFICER_APPOINT, told_of, limits, on)
    found = refuse_if_blocked(found, confirmed=confirmed)
    _take_office(election, party, members, by=by, at=at)
    election.state, election.approval = ElectionState.CONFIRMED.value, approval.strip()[:80]
    election.approved_on = approved_on
    election.confirmed_at, election.confirmed_by = at, entering.recorder(by)
    election.save()
    entering.touched(party)
    told_so = {"election": election.pk, "party": party.pk, "on": on.isoformat(), "post": election.post,
               "elected": [member.pk for member in members], "note": election.approval}  # fmt: skip
    events.record(Event.ELECTION_CONFIRMED, reading.subject(meeting), by=by, at=at, payload=told_so, findings=found)
    return election


def _take_office(
    election: Election, party: PartyOrganization, members: Sequence[Member], *, by: Actor, at: datetime
) -> None:
    """End the former officers and write the elected ones; a further election of the same meeting only adds."""
    meeting, on = election.meeting, election.meeting.held_on
    further = Election.objects.filter(meeting=meeting, post=election.post, state=ElectionState.CONFIRMED).exists()
    leads = meeting.kind == MeetingKind.MEMBERS and election.post in (OfficerKind.MEMBER, OfficerKind.SECRETARY)
    same_day = Election.objects.filter(meeting=meeting, state=ElectionState.CONFIRMED).exists()
    if not further and not (leads and same_day):
        officers.vacate(party, on, _("换届"), by=by, at=at, kind="" if leads else election.post)
    there = set(Officer.objects.now_open().filter(party_organization=party, kind=election.post)
                .values_list("member", flat=True))  # fmt: skip
    for member in members:
        if member.pk not in there:
            officers.put(party, member, election.post, on, how=OfficerHow.ELECTED.value, by=by, at=at)
    if leads and not same_day:
        officers.open_term(party, on, by=by, at=at)
