"""Results of 民主评议 (C4): who may read them, and reading them. The branch's committee and the member, nobody else."""

from datetime import date
from typing import Any

from django.conf import settings

from liaoyuan.core import access, vault, zones
from liaoyuan.core.registries import SealedField
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.models import MemberReview, Officer, PartyOrganization
from liaoyuan.party.queries import own, voters

FIELD = "party.review_grade"
PURPOSE = "party.review_grade"
SEALED = (
    SealedField("party.MemberReview", "review_grade", PURPOSE, subject_kind="member", subject="member_id",
                personal=FIELD),
)  # fmt: skip


def clear(row: MemberReview) -> str:
    """The grade."""
    return vault.decrypt(row.review_grade, purpose=PURPOSE) if row.review_grade else ""


def branch_itself(user: Any, party: PartyOrganization) -> bool:
    """Whether the user keeps this branch by a grant over it alone: its secretary. Superiors do not read grades."""
    return party.path in access.reach(user, Permission.LIFE_EDIT).parties


def on_committee(user: Any, party: PartyOrganization, on: date) -> bool:
    """Whether the account is of a member who holds a post of this branch on the day, in whatever role it works."""
    mine = own.members_of(user)
    return bool(mine) and any(member.pk in voters.in_office(party.pk, on) for member in mine)


def may_read(user: Any, party: PartyOrganization, on: date) -> bool:
    """The branch's committee, in zone gov."""
    if not zones.allowed(settings.ZONE, FIELD, zones.Op.SHOW):
        return False
    return branch_itself(user, party) or on_committee(user, party, on)


def grades(user: Any, party: PartyOrganization, year: int, on: date) -> dict[int, str]:
    """Grades by member that the user may read: all of the branch, or his own."""
    if not zones.allowed(settings.ZONE, FIELD, zones.Op.SHOW):
        return {}
    rows = MemberReview.objects.current().filter(party_organization=party, year=year)
    if not may_read(user, party, on):
        rows = rows.filter(member__in=[member.pk for member in own.members_of(user)])
    return {row.member_id: clear(row) for row in rows.order_by("member")}


def committees(member: int, on: date) -> list[int]:
    """Branches on whose committee the member is on the day: those whose grades he may read."""
    rows = Officer.objects.active(on).filter(member=member).order_by("party_organization")
    return list(dict.fromkeys(rows.values_list("party_organization", flat=True)))


def own_grades(member: int) -> list[tuple[int, str]]:
    """(year, grade) of one member, newest first, for himself; nothing on zone internet."""
    if not zones.allowed(settings.ZONE, FIELD, zones.Op.SHOW):
        return []
    rows = MemberReview.objects.current().filter(member=member).order_by("-year", "-pk")
    return [(row.year, clear(row)) for row in rows]
