"""Making and revoking tokens: the only writers of the machine door."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction

from liaoyuan.api.choices import Event, Permission
from liaoyuan.api.models import ApiToken
from liaoyuan.api.queries import tokens as queries
from liaoyuan.api.rules.tokens import Wish, may_create, refusal
from liaoyuan.core import access, events, locks
from liaoyuan.core.access import Actor
from liaoyuan.core.models import User
from liaoyuan.kit.findings import Refused, refuse_if_blocked

#: How every token begins, so that a stray one is recognised as what it is.
PREFIX = "lyt_"
_HINT = 8


@transaction.atomic
def create(*, name: str, permissions: Iterable[str], days: int, by: Actor, at: datetime) -> tuple[ApiToken, str]:
    """Make a token for oneself; returns it with the text that is shown once. Refused by `rules.tokens`."""
    access.require(by, Permission.TOKEN_USE)
    if not isinstance(by, User):
        raise PermissionDenied(str(Permission.TOKEN_USE))
    locks.one_at_a_time("api.token", by.pk)
    wished = frozenset(str(code) for code in permissions)
    live = ApiToken.objects.live(at).filter(user=by).count()
    refuse_if_blocked(may_create(Wish(name.strip(), wished, days, access.permissions_of(by), live)))
    shown = PREFIX + secrets.token_urlsafe(32)
    made = ApiToken.objects.create(
        user=by, name=name.strip(), token_hash=queries.hash_of(shown), hint=shown[:_HINT],
        permissions=sorted(wished), expires_at=at + timedelta(days=days), created_at=at,
    )  # fmt: skip
    payload = {"user": by.username, "permissions": made.permissions, "expires_at": made.expires_at.isoformat()}
    events.record(Event.TOKEN_CREATED, made, by=by, at=at, payload=payload)
    return made, shown


@transaction.atomic
def revoke(*, token: ApiToken, by: Actor, at: datetime) -> ApiToken:
    """End a token at once: its owner, or whoever may revoke anyone's. Refused when it is revoked already."""
    if not isinstance(by, User) or token.user_id != by.pk:
        access.require(by, Permission.TOKEN_REVOKE)
    if not isinstance(by, User):
        raise PermissionDenied(str(Permission.TOKEN_REVOKE))
    locks.one_at_a_time("api.token", token.user_id)
    row = ApiToken.objects.select_for_update(of=("self",)).select_related("user").get(pk=token.pk)
    if row.revoked_at is not None:
        raise Refused([refusal("gone")])
    row.revoked_at, row.revoked_by = at, by
    row.save(update_fields=["revoked_at", "revoked_by"])
    events.record(Event.TOKEN_REVOKED, row, by=by, at=at, payload={"user": row.user.username})
    return row
