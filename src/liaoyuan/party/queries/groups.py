"""党小组 of a branch on a day: which there are, who leads and belongs to them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from liaoyuan.party.models import GroupMember, PartyGroup, PartyOrganization
from liaoyuan.party.queries.voters import names
from liaoyuan.registry.models import OPEN


@dataclass(slots=True)
class Group:
    """A group as on a day: its leader ("" = none now) and all members, leader included, by name."""

    pk: int
    name: str
    since: date
    until: date | None
    leader: str = ""
    members: list[str] = field(default_factory=list)


def of_branch(party: PartyOrganization, on: date) -> list[Group]:
    """The groups of a branch on the day with who belonged to them then."""
    return _told(PartyGroup.objects.active(on).filter(party_organization=party).order_by("name", "pk"), on)


def _told(rows: Iterable[PartyGroup], on: date) -> list[Group]:
    found = list(rows)
    if not found:
        return []
    there = list(GroupMember.objects.active(on).filter(group__in=found).order_by("-leads", "member"))
    told = names(row.member_id for row in there)
    groups = {
        row.pk: Group(row.pk, row.name, row.valid_from, None if row.valid_to == OPEN else row.valid_to) for row in found
    }
    for row in there:
        groups[row.group_id].members.append(told.get(row.member_id, ""))
        if row.leads:
            groups[row.group_id].leader = told.get(row.member_id, "")
    return list(groups.values())


def of_member(member: int) -> list[tuple[str, bool, date, date | None]]:
    """(group, whether he led it, since, until) of a member, the latest first."""
    rows = GroupMember.objects.current().filter(member=member).select_related("group").order_by("-valid_from", "-pk")
    return [(r.group.name, r.leads, r.valid_from, None if r.valid_to == OPEN else r.valid_to) for r in rows]
