"""What all rows of the party floor share: when they were recorded, and which party organization they belong to.

Party rows are visible by the superior party organization (design: decisions, "Whose row, whose rule"): by the area
whose committee leads it, or by a grant over a party organization, which covers all below it.
"""

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from liaoyuan.core import access, zones
from liaoyuan.core.models import Area, User
from liaoyuan.registry.models import BEGINNING, OPEN


def within_reach(user: Any, permission: str, field: str = "") -> Q | None:
    """The condition on a party organization, or on `field` that names one, under which a permission reaches it.

    None when it reaches everything. A grant over one's own body reaches no party organization.
    """
    allowed = access.reach(user, permission)
    if allowed.everything:
        return None
    start = f"{field}__" if field else ""
    found = Q(pk__in=[])
    for path in allowed.paths:
        found |= Q(**{f"{start}area__in": Area.objects.within(path)})
    for path in allowed.parties:
        found |= Q(**{f"{start}path__startswith": path})
    return found


def roster_reach(user: Any, permission: str, field: str = "") -> Q | None:
    """As `within_reach`, for rosters: where the zone shows one's own branch only, grants over areas reach none."""
    if zones.say(settings.ZONE, "party.membership", zones.Op.SHOW) is not zones.Say.OWN:
        return within_reach(user, permission, field)
    allowed = access.reach(user, permission)
    start = f"{field}__" if field else ""
    return None if isinstance(user, access.Operator) else Q(**{f"{start}path__in": allowed.parties})


class RecordedQuerySet[M: models.Model](models.QuerySet[M]):
    """Rows by what is known."""

    def current(self) -> Self:
        """Rows as known now."""
        return self.filter(superseded_at__isnull=True)

    def known_by(self, at: Any) -> Self:
        """Rows as recorded by the moment `at`."""
        return self.filter(recorded_at__lte=at).filter(Q(superseded_at__isnull=True) | Q(superseded_at__gt=at))


class PeriodQuerySet[M: models.Model](RecordedQuerySet[M]):
    """The same with a half-open period."""

    def active(self, on: date) -> Self:
        """Rows valid on the day `on`, as known now."""
        return self.current().filter(valid_from__lte=on, valid_to__gt=on)

    def now_open(self) -> Self:
        """Rows that have no end."""
        return self.current().filter(valid_to=OPEN)

    def overlapping(self, start: date, end: date) -> Self:
        """Rows as known now that share a day with [`start`, `end`)."""
        return self.current().filter(valid_from__lt=end, valid_to__gt=start)


class Recorded(models.Model):
    """A row with the moment of its entry; a correction supersedes it and writes another."""

    recorded_at = models.DateTimeField("记录时间")
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="记录人")
    superseded_at = models.DateTimeField("被替代时间", null=True)

    class Meta:
        abstract = True


class Dated(Recorded):
    """A fact with a half-open period [`valid_from`, `valid_to`); `assumed` = the beginning is not known."""

    valid_from = models.DateField("起", default=BEGINNING)
    valid_to = models.DateField("止（不含）", default=OPEN)
    assumed = models.BooleanField("起日推定", default=False)

    class Meta:
        abstract = True
