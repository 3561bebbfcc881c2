"""Which members an account is: the one place of this floor that asks it. An account is never matched by its name."""

from typing import Any

from django.apps import apps

from liaoyuan.core.models import User
from liaoyuan.party.models import Member


def members_of(user: Any) -> list[Member]:
    """The members that the account is linked to; none while there is no link."""
    if not isinstance(user, User):
        return []
    try:
        linked = apps.get_model("party", "MemberAccount")
    except LookupError:
        return []
    keys = linked._default_manager.filter(user=user).values("member")
    return list(Member.objects.known().filter(pk__in=keys).order_by("pk"))


def is_member(user: Any, member: Member) -> bool:
    """Whether the account is this member's."""
    return any(one.pk == member.pk for one in members_of(user))
