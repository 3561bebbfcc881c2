"""Tokens: whom one opens the door for, one's own, everybody's."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from liaoyuan.api.choices import Permission
from liaoyuan.api.models import ApiToken
from liaoyuan.api.params import GRANTABLE
from liaoyuan.core import access, clock, vault
from liaoyuan.core.models import User


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: the account, and the token whose permissions narrow the account's grants."""

    user: User
    token: ApiToken

    @property
    def permissions(self) -> frozenset[str]:
        """What the call may do: the token's permissions that the account still holds."""
        return access.permissions_of(self.user) & frozenset(self.token.permissions)


def hash_of(token: str) -> str:
    """The keyed hash under which a token is kept."""
    return vault.blind_index(token, purpose="api.token")


def hashes_of(token: str) -> list[str]:
    """The hashes under which a token may be kept: those of older index keys too."""
    return vault.blind_indexes(token, purpose="api.token")


def caller_of(token: str, at: datetime) -> Caller | None:
    """The caller behind a token; None when it is unknown, expired or revoked, or its account was closed."""
    if not token or len(token) > 200 or not token.isascii():
        return None
    found = ApiToken.objects.live(at).select_related("user").filter(token_hash__in=hashes_of(token)).first()
    if found is None or not found.user.is_active:
        return None
    return Caller(found.user, found)


def narrow(caller: Caller) -> None:
    """Leave of the account's grants, for this request, only what the token carries.

    Whatever is read or written afterwards asks `core.access`, which keeps the grants of a request on the user object:
    lists, searches and actions are thus narrowed without knowing of tokens.
    """
    allowed = frozenset(caller.token.permissions)
    grants = [replace(g, permissions=g.permissions & allowed) for g in access.grants_of(caller.user)]
    caller.user.__dict__["_active_grants"] = (clock.today(), grants)


def may_call(caller: Caller) -> bool:
    """Whether the account may still use tokens at all. Ask before `narrow`."""
    return access.has(caller.user, Permission.TOKEN_USE)


def own(user: User) -> QuerySet[ApiToken]:
    """One's own tokens, latest first."""
    return ApiToken.objects.filter(user=user).order_by("-created_at", "-pk")


def everybodys(text: str = "") -> QuerySet[ApiToken]:
    """All tokens, for the security administrator; `text` is found in login names and purposes."""
    rows = ApiToken.objects.select_related("user", "revoked_by").order_by("-created_at", "-pk")
    return rows.filter(user__username__icontains=text) | rows.filter(name__icontains=text) if text else rows


def offered(user: Any) -> list[str]:
    """Permissions that the user may hand to a token."""
    held = access.permissions_of(user)
    return [str(code) for code in GRANTABLE if code in held]
