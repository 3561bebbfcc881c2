"""What a body declares beside its members: mass organizations (群团), money spent on party building (F04)."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.models.base import Dated, PeriodQuerySet
from liaoyuan.party.models.instructors import bodies_of
from liaoyuan.registry.models import OPEN, Organization


class BodyDeclarationQuerySet(PeriodQuerySet["BodyDeclaration"]):
    """Declarations by time and scope."""

    def visible_to(self, user: Any) -> "BodyDeclarationQuerySet":
        """Those of bodies that the user reaches."""
        there = bodies_of(user, Permission.VIEW, Permission.OWN_VIEW)
        return self if there is None else self.filter(there)


class BodyDeclaration(Dated):
    """What a body declares over a period: whether it has a trade union, a youth league branch, a women's organization
    (None = not told), and the money of one year for party building in fen. The next one ends it.
    """

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name="组织")
    has_union = models.BooleanField("工会", null=True)
    has_youth = models.BooleanField("共青团", null=True)
    has_women = models.BooleanField("妇女组织", null=True)
    funds_fen = models.BigIntegerField("党建经费（分）", null=True)
    funds_year = models.PositiveSmallIntegerField("经费年度", null=True)
    note = models.CharField("备注", max_length=200, blank=True, default="")

    objects = BodyDeclarationQuerySet.as_manager()

    class Meta:
        ordering = ["organization", "valid_from", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization"],
                condition=Q(superseded_at__isnull=True, valid_to=OPEN),
                name="declaration_open_once",
                violation_error_message="一个组织同时只有一份现行的申报。",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__gt=F("valid_from")),
                name="declaration_dates_in_order",
                violation_error_message="止日须晚于起日。",
            ),
            models.CheckConstraint(
                condition=Q(funds_fen__isnull=True, funds_year__isnull=True)
                | Q(funds_fen__isnull=False, funds_fen__gte=0, funds_year__isnull=False),
                name="declaration_funds_with_year",
                violation_error_message="党建经费须写明年度，不能是负数。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.valid_from}"
