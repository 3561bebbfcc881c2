"""Elections as actions and pages read them: who may stand, who is elected by which sums, facts for the rules."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from liaoyuan.kit.findings import Limits
from liaoyuan.party.choices.life import DecisionKind, ElectionState, MeetingKind
from liaoyuan.party.choices.members import MemberStatus
from liaoyuan.party.choices.organizations import OfficerKind
from liaoyuan.party.models import Attendance, Candidate, Election, Meeting, Member, MemberRecord
from liaoyuan.party.queries import counts, voters
from liaoyuan.party.rules import votes
from liaoyuan.party.rules.facts.officers import OfficerFacts


def eligible(meeting: Meeting, post: str) -> list[int]:
    """Who may stand: members with a vote here; for posts that the committee fills, its members."""
    on, party = meeting.held_on, meeting.party_organization_id
    may_vote = list(counts.voters(party, on).order_by("pk").values_list("pk", flat=True))
    if meeting.kind == MeetingKind.COMMITTEE:
        here = set(voters.officers(party, on))
        return [key for key in may_vote if key in here]
    return may_vote


def facts(meeting: Meeting, *, post: str, seats: int, candidates: int | None = None) -> OfficerFacts:
    """What the rules read of an election."""
    party, on = meeting.party_organization_id, meeting.held_on
    voting = set(Attendance.objects.filter(meeting=meeting, voting=True).values_list("member", flat=True))
    may_vote = set(counts.voters(party, on).values_list("pk", flat=True))
    is_committee = post == OfficerKind.MEMBER
    return OfficerFacts(
        formal=counts.of_branches([party], on)[party].formal,
        has_committee=is_committee or bool(voters.has_committee([party], on)),
        seats=seats if is_committee else None, candidates=candidates if is_committee else None, post=post,
        how="elected", appointed_on=on, expected=meeting.expected, present=meeting.present,
        voters_elsewhere=len(voting - may_vote), affiliation="formal",
    )  # fmt: skip


def seniority(member: Member, on: date) -> dict[str, Any]:
    """What the rule of the secretary's years in the party reads of a member."""
    row = MemberRecord.objects.current().get(member=member)
    return {"confirmed_on": row.confirmed_on, "probationary": row.status(on) == MemberStatus.PROBATIONARY}


def elected(election: Election, sums: Mapping[int, int], limits: Limits) -> tuple[set[int], int]:
    """Who is elected, and the votes it took: more than half of those present; the most votes first.

    Where more have enough than there are seats and the last ones are equal, none of these equals is elected.
    """
    expected, present, seats = election.expected, election.present, election.seats
    enough = [key for key, n in sums.items()
              if votes.carried(DecisionKind.ELECTION, expected, present, n, limits)]  # fmt: skip
    needed = votes.needed(DecisionKind.ELECTION, expected, present, limits)
    if len(enough) <= seats:
        return set(enough), needed
    falling = sorted(enough, key=lambda key: -sums[key])
    if sums[falling[seats - 1]] > sums[falling[seats]]:
        return set(falling[:seats]), needed
    return {key for key in enough if sums[key] > sums[falling[seats]]}, needed


def committee_waits(party: int, on: date) -> bool:
    """Whether the result of electing a committee, up to the day, waits for the superior."""
    rows = Election.objects.filter(meeting__party_organization=party, post=OfficerKind.MEMBER)
    waiting = rows.filter(state=ElectionState.COUNTED, meeting__held_on__lte=on)
    return Candidate.objects.filter(election__in=waiting, elected=True).exists()
