"""Deadline calendars: whose address this is, and which days stand in it."""

from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from liaoyuan.core import registries, vault
from liaoyuan.core.models import CalendarFeed, User, VaultMark
from liaoyuan.core.queries import reminders
from liaoyuan.kit.ics import DayEvent

_PURPOSE = "calendar.feed"
#: Days of the past and of the future that the calendar holds.
BACK, AHEAD = 90, 400
#: At most so many days stand in it: calendar programs choke on more.
MOST = 3000


def hash_of(token: str) -> str:
    """The keyed hash under which a token is kept."""
    return vault.blind_index(token, purpose=_PURPOSE)


def user_of(token: str) -> User | None:
    """Whose calendar the address opens; None when it is unknown or revoked, or the account is closed."""
    if not token or len(token) > 100 or not token.isascii():
        return None
    hashes = vault.blind_indexes(token, purpose=_PURPOSE)
    rows = CalendarFeed.objects.filter(token_hash__in=hashes, revoked_at__isnull=True, user__is_active=True)
    found = rows.select_related("user").first()
    return found.user if found is not None else None


def own(user: User) -> CalendarFeed | None:
    """The user's open address."""
    return CalendarFeed.objects.filter(user=user, revoked_at__isnull=True).first()


def days(user: Any, on: date) -> list[DayEvent]:
    """The deadlines within the user's work and of the bodies he acts for: names of bodies and duties, nothing else."""
    since, until = on - timedelta(days=BACK), on + timedelta(days=AHEAD)
    mark = VaultMark.objects.values_list("installation", flat=True).first() or "home"
    told: dict[str, DayEvent] = {}
    for source in registries.reminders.values():
        rows = list(source.owing(user, on, since, until)) if source.listed and reminders.may(user, source) else []
        rows += source.own(user, on, since, until) if source.own is not None else []
        for row in rows:
            if row.due_on is not None:
                uid = f"{source.code}-{row.key}@{mark[:12]}.liaoyuan"
                title = f"{row.name}：{row.what}" + (_("（暂定）") if row.provisional else "")
                told[uid] = DayEvent(uid, row.due_on, title, row.provisional, _(source.title))
    return sorted(told.values(), key=lambda event: (event.on, event.uid))[:MOST]
