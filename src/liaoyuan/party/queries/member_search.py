"""Members in the one search box, for whoever sees their roster.

The names within the user's own reach are read and compared here, whatever was typed: whether somebody outside of it has
the name changes neither the answer nor the statements nor what they cost.
"""

from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from liaoyuan.core import zones
from liaoyuan.core.registries import LiveHit, LiveSearch
from liaoyuan.kit import pinyin
from liaoyuan.kit.text import half_width, match_key
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.models import Affiliation, MemberRecord
from liaoyuan.party.queries import organizations as reading

#: How a name is found, best first.
_SAME, _BEGINS, _WITHIN, _INITIALS = range(4)
_initials = lru_cache(maxsize=1 << 17)(pinyin.initials)


def find(user: Any, text: str, limit: int) -> tuple[int, list[LiveHit]]:
    """How many members of the user's roster have the text in their name or its initials, and the first of them."""
    if not zones.allowed(settings.ZONE, "person.name", zones.Op.SEARCH):
        return 0, []
    rows = Affiliation.objects.now_open().visible_to(user).filter(
        party_organization__isnull=False, member__voided_at__isnull=True
    )  # fmt: skip
    told = MemberRecord.objects.current().filter(member__in=rows.order_by().values("member"))
    found = []
    for member, name, key in told.order_by().values_list("member_id", "name", "name_key").iterator(chunk_size=5000):
        place = _place(text, name, key)
        if place is not None:
            found.append((place, name, member))
    first = sorted(found)[:limit]
    homes = dict(rows.filter(member__in=[member for _p, _n, member in first]).order_by("-kind", "-pk")
                 .values_list("member_id", "party_organization_id"))  # fmt: skip
    parties = reading.names(homes.values())
    return len(found), [
        LiveHit(name, parties.get(homes[member], ""), reverse("party:member_detail", args=[member]), member)
        for _place_, name, member in first
    ]


def _place(text: str, name: str, key: str) -> int | None:
    wanted = match_key(half_width(text))
    if wanted and wanted in key:
        return _SAME if wanted == key else _BEGINS if key.startswith(wanted) else _WITHIN
    typed = half_width(text).strip().lower()
    return _INITIALS if typed.isascii() and typed.isalpha() and typed in _initials(name) else None


def listed(text: str) -> str:
    """The address of the roster with all of them."""
    return f"{reverse('party:member_list')}?{urlencode({'q': text})}"


SEARCH = LiveSearch("member", "党员", Permission.MEMBERS_VIEW, find, listed)
