"""What all rows about persons share: who told it, when it was recorded, and who may see it.

A row belongs to the organization it was entered for. Whoever enters sees only what was entered for bodies within his
reach: that one identity number joins rows of several bodies is not shown to any of them (docs/adr/0022).
"""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Q

from liaoyuan.core import access
from liaoyuan.core.models import Area, User
from liaoyuan.people.choices import Permission
from liaoyuan.registry.models import BEGINNING, OPEN, Organization, Standing


def organizations_seen(user: Any, area: Permission, own: Permission) -> Q | None:
    """The condition on `organization` under which a user sees rows; None when everything is seen."""
    allowed = access.reach(user, area)
    if allowed.everything:
        return None
    condition = Q(pk__in=[])
    for path in allowed.paths:
        areas = Area.objects.within(path)
        rows = Standing.objects.now_open().filter(
            Q(registrar_area__in=areas) | Q(street__in=areas) | Q(community__in=areas)
        )
        condition |= Q(organization__in=rows.values("organization"))
    mine = access.reach(user, own).organizations + allowed.organizations
    return condition | Q(organization__in=mine) if mine else condition


class ToldQuerySet[M: models.Model](models.QuerySet[M]):
    """Rows by what is known and by scope."""

    def current(self) -> Self:
        """Rows as known now."""
        return self.filter(superseded_at__isnull=True)

    def known_by(self, at: Any) -> Self:
        """Rows as recorded by the moment `at`."""
        return self.filter(recorded_at__lte=at).filter(Q(superseded_at__isnull=True) | Q(superseded_at__gt=at))

    def visible_to(self, user: Any) -> Self:
        """Rows of organizations whose persons the user may see."""
        condition = organizations_seen(user, Permission.VIEW, Permission.OWN_VIEW)
        return self if condition is None else self.filter(condition)


class DatedQuerySet[M: models.Model](ToldQuerySet[M]):
    """The same with a half-open period."""

    def active(self, on: date) -> Self:
        """Rows valid on the day `on`, as known now."""
        return self.current().filter(valid_from__lte=on, valid_to__gt=on)

    def overlapping(self, start: date, end: date) -> Self:
        """Rows as known now that share a day with [`start`, `end`)."""
        return self.current().filter(valid_from__lt=end, valid_to__gt=start)


class Told(models.Model):
    """One statement about a person, entered for one organization."""

    person = models.ForeignKey("people.Person", models.PROTECT, related_name="%(class)ss", verbose_name="人员")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name="组织")
    recorded_at = models.DateTimeField("记录时间")
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="记录人")
    superseded_at = models.DateTimeField("被替代时间", null=True)

    class Meta:
        abstract = True


class Dated(Told):
    """A statement with a half-open period [`valid_from`, `valid_to`); `assumed` = the beginning is not known."""

    valid_from = models.DateField("起", default=BEGINNING)
    valid_to = models.DateField("止（不含）", default=OPEN)
    assumed = models.BooleanField("起日推定", default=False)

    class Meta:
        abstract = True
