"""What waits of terms: elections to come, for the secretary and the superior (PB-OFF-04). Computed when shown."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.core import access
from liaoyuan.core.queries import due
from liaoyuan.core.registries import DueItem, DueSource, Owing, Reminder
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.models import PartyOrganization
from liaoyuan.party.queries import organizations as reading
from liaoyuan.party.queries import terms


def _within(user: Any, since: date, until: date, on: date) -> Any:
    """Formations whose term ends within the span, earliest first."""
    found = terms.rows(user, terms.Criteria(on=on)).filter(last__gte=since, last__lte=until)
    return found.order_by("last", "name", "pk")


def elections(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """Terms of the next thirty days, and those that ended up to a year ago: the secretary's own, or those whose
    superior the user works for.
    """
    rows = _within(user, on - timedelta(days=365), on + timedelta(days=due.DAYS), on)
    paths = [*access.reach(user, Permission.LIFE_EDIT).parties, *access.reach(user, Permission.EDIT).parties]
    if access.has(user, Permission.EDIT):
        rows = rows.filter(party_organization__in=_led(user))
    else:
        rows = rows.filter(party_organization__path__in=paths)
    items = [
        DueItem(
            _("{branch}换届").format(branch=row.name), row.last,
            reverse("party:organization_detail", args=[row.party_organization_id]), _("查看"), code="PB-OFF-04",
        )
        for row in rows[:limit]
    ]  # fmt: skip
    return items, rows.count()


def _led(user: Any) -> Any:
    return PartyOrganization.objects.living().reached_by(user, Permission.EDIT).values("pk")


def owing(user: Any, on: date, since: date, until: date, keys: Sequence[str] | None = None) -> list[Owing]:
    """Party organizations within reach whose term ends within the span; no member is named."""
    rows = _within(user, since, until, on).filter(party_organization__in=_led(user))
    if keys is not None:
        rows = rows.filter(party_organization__in=[int(key) for key in keys if key.isdecimal()])
    return [
        Owing(
            key=str(row.party_organization_id), subject=(reading.SUBJECT, str(row.party_organization_id)),
            name=row.name, what=_("任期届满，应当换届"), due_on=row.last, place=row.party_organization.area.name,
            url=reverse("party:organization_detail", args=[row.party_organization_id]),
        )
        for row in rows
    ]  # fmt: skip


SOURCES = (DueSource("party.term", "换届", Permission.LIFE_EDIT, elections),)
REMINDER = Reminder(
    "party.term", "党组织换届", "下列党组织的任期快届满或已届满，请按期换届或报批延期：", Permission.EDIT, owing
)  # fmt: skip
