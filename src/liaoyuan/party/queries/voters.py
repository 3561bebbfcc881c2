"""Who should attend a meeting: E from the roster of its day, the committee, a group (handbook §2.4)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from liaoyuan.party.choices.life import ElectionState, MeetingKind
from liaoyuan.party.choices.organizations import BranchKind, OfficerKind
from liaoyuan.party.models import (
    Affiliation,
    Candidate,
    GroupMember,
    Meeting,
    Member,
    MemberRecord,
    Officer,
    PartyGroup,
    PartyOrganization,
    VotingPause,
)
from liaoyuan.party.queries import counts
from liaoyuan.party.queries import organizations as reading
from liaoyuan.registry.models import OPEN

#: Posts that only a committee has: a branch with one of them has a committee.
COMMITTEE_POSTS = [
    str(k) for k in (OfficerKind.ORGANIZATION, OfficerKind.PUBLICITY, OfficerKind.DISCIPLINE, OfficerKind.MEMBER)
]

#: Meetings to which members without a vote come too.
FOR_ALL = (
    MeetingKind.MEMBERS, MeetingKind.LECTURE, MeetingKind.THEME_DAY, MeetingKind.LIFE, MeetingKind.REVIEW,
    MeetingKind.GROUP,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Roster:
    """Members who should attend and may vote (E), and the others of the branch who may come; both in a fixed order."""

    voting: tuple[int, ...]
    others: tuple[int, ...] = ()


def officers(party: int, on: date) -> list[int]:
    """Members of the committee on the day; the secretary and vice alone where there is none.

    A committee that was elected and waits for the superior's approval already meets (to elect its secretary).
    """
    waiting = Candidate.objects.filter(
        election__meeting__party_organization=party, election__post=OfficerKind.MEMBER, elected=True,
        election__state=ElectionState.COUNTED, election__meeting__held_on__lte=on,
    )  # fmt: skip
    latest = waiting.order_by("-election__meeting__held_on", "-election__meeting").first()
    if latest is not None:
        here = waiting.filter(election__meeting=latest.election.meeting_id)
        return sorted(set(here.values_list("member", flat=True)))
    return sorted(in_office(party, on))


def in_office(party: int, on: date) -> set[int]:
    """Members who hold a post of the branch on the day: its committee, or the secretary and vice where it has none."""
    rows = Officer.objects.active(on).filter(party_organization=party)
    return set(rows.values_list("member", flat=True))


def has_committee(parties: Iterable[int], on: date) -> set[int]:
    """Of these party organizations, those that have a committee on the day."""
    rows = Officer.objects.active(on).filter(party_organization__in=list(parties), kind__in=COMMITTEE_POSTS)
    return set(rows.values_list("party_organization", flat=True))


def formal(party: int, on: date) -> list[int]:
    """All members, of any status, whose affiliation of any kind is here on the day."""
    rows = Affiliation.objects.active(on).filter(party_organization=party, member__voided_at__isnull=True)
    return sorted(set(rows.values_list("member", flat=True)))


def elsewhere(member: Member, party: int, on: date) -> bool:
    """Whether the branch has nothing to decide about him on the day: he belongs to another one, or never was."""
    rows = Affiliation.objects.active(on).filter(member=member)
    away = rows.formal().exists() and not rows.filter(party_organization=party).exists()
    return away or member.voided_at is not None


def of(meeting: Meeting, on: date) -> Roster:
    """The roster of a meeting on the day `on`."""
    party = meeting.party_organization_id
    if meeting.kind == MeetingKind.COMMITTEE:
        seated = officers(party, on)
        paused = set(VotingPause.objects.active(on).filter(member__in=seated).values_list("member", flat=True))
        here = [k for k in seated if k not in paused]
        return Roster(tuple(here), tuple(k for k in formal(party, on) if k not in here))
    voters = list(counts.voters(party, on).order_by("pk").values_list("pk", flat=True))
    if meeting.kind == MeetingKind.GROUP:
        rows = GroupMember.objects.active(on).filter(group=meeting.group_id)
        members = set(rows.values_list("member", flat=True))
        return Roster(tuple(k for k in voters if k in members), tuple(sorted(members - set(voters))))
    return Roster(tuple(voters), tuple(k for k in formal(party, on) if k not in set(voters)))


def names(keys: Iterable[int]) -> dict[int, str]:
    """Names of members by key, as told now."""
    wanted = set(keys)
    rows = MemberRecord.objects.current().filter(member__in=wanted) if wanted else MemberRecord.objects.none()
    return dict(rows.values_list("member_id", "name"))


def groups(party: int, on: date) -> list[PartyGroup]:
    """The groups of a branch on the day."""
    return list(PartyGroup.objects.active(on).filter(party_organization=party).order_by("name", "pk"))


def open_group_members(party: int) -> dict[int, list[int]]:
    """Present members of each group of a branch."""
    rows = GroupMember.objects.now_open().filter(group__party_organization=party, group__valid_to=OPEN)
    found: dict[int, list[int]] = {}
    for group, member in rows.order_by("member").values_list("group_id", "member_id"):
        found.setdefault(group, []).append(member)
    return found


def for_a_task(party: PartyOrganization, on: date) -> bool:
    """Whether the branch was set up for a task: it elects and admits nobody (支部工作条例 art. 8)."""
    return reading.formation(party, on).branch_kind in (BranchKind.TEMPORARY, BranchKind.FUNCTIONAL)
