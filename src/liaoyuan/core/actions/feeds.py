"""The private address of one's deadline calendar: made, shown once, revoked. Only its hash is kept."""

import secrets
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import events, locks
from liaoyuan.core.choices import Event
from liaoyuan.core.models import CalendarFeed, User
from liaoyuan.core.queries import feeds as queries


@transaction.atomic
def make(*, by: User, at: datetime) -> str:
    """A new address for oneself; the one before stops at once. Returns the token, which is shown this once."""
    locks.one_at_a_time("calendar.feed", by.pk)
    _end(by, by=by, at=at)
    token = secrets.token_urlsafe(32)
    made = CalendarFeed.objects.create(user=by, token_hash=queries.hash_of(token), made_at=at)
    events.record(Event.FEED_MADE, ("user", str(by.pk), str(by)), by=by, at=at, payload={"feed": made.pk})
    return token


@transaction.atomic
def revoke(*, by: User, at: datetime) -> bool:
    """Stop one's own address; whether there was one."""
    locks.one_at_a_time("calendar.feed", by.pk)
    return _end(by, by=by, at=at)


def _end(user: User, *, by: User, at: datetime) -> bool:
    rows = CalendarFeed.objects.select_for_update().filter(user=user, revoked_at__isnull=True)
    ended = rows.update(revoked_at=at, revoked_by=by)
    if ended:
        told = {"note": _("旧地址停用")}
        events.record(Event.FEED_REVOKED, ("user", str(user.pk), str(user)), by=by, at=at, payload=told)
    return bool(ended)
