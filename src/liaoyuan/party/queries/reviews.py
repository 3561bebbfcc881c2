"""Results of 民主评议 (C4): who may read them, and reading them. The branch's committee and the member, nobody else."""

from datetime import date
from typing import Any

from django.conf import settings

from liaoyuan.core import access, vault, zones
from liaoyuan.core.registries import SealedField
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.models import MemberReview, PartyOrganization
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


def may_read(user: Any, party: PartyOrganization, on: date) -> bool:
    """The branch's committee, in zone gov."""
    if not zones.allowed(settings.ZONE, FIELD, zones.Op.SHOW):
        return False
    if branch_itself(user, party):
        return True
    committee = set(voters.officers(party.pk, on))
    return any(member.pk in committee for member in own.members_of(user))


def grades(user: Any, party: PartyOrganization, year: int, on: date) -> dict[int, str]:
    """Grades by member that the user may read: all of the branch, or his own."""
    if not zones.allowed(settings.ZONE, FIELD, zones.Op.SHOW):
        return {}
    rows = MemberReview.objects.current().filter(party_organization=party, year=year)
    if not may_read(user, party, on):
        rows = rows.filter(member__in=[member.pk for member in own.members_of(user)])
    return {row.member_id: clear(row) for row in rows.order_by("member")}
