"""Which members an account is: the one place of this floor that asks it. An account is never matched by its name."""

from typing import Any

from liaoyuan.core.models import User
from liaoyuan.party.models import Member, MemberAccount


def members_of(user: Any) -> list[Member]:
    """The members that the account is linked to."""
    if not isinstance(user, User):
        return []
    keys = MemberAccount.objects.filter(user=user).values("member")
    return list(Member.objects.known().filter(pk__in=keys).order_by("pk"))


def is_member(user: Any, member: Member) -> bool:
    """Whether the account is this member's."""
    return any(one.pk == member.pk for one in members_of(user))
