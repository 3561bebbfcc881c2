"""Venues (阵地): rooms for the life of party organizations, shared and booked (F24; handbook §2.10)."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from liaoyuan.core import access
from liaoyuan.core.models import User
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.models.base import within_reach
from liaoyuan.party.models.organizations import PartyOrganization


class VenueQuerySet(models.QuerySet["Venue"]):
    """Venues by state and scope."""

    def in_use(self) -> "VenueQuerySet":
        """Those not given up."""
        return self.filter(closed_on__isnull=True)

    def visible_to(self, user: Any) -> "VenueQuerySet":
        """Those of party organizations within reach, and open ones of the areas in which the user keeps a branch."""
        condition = within_reach(user, Permission.VIEW, "party_organization")
        if condition is None:
            return self
        own = access.reach(user, Permission.LIFE_EDIT).parties
        if own:
            areas = PartyOrganization.objects.living().filter(path__in=own).values("area")
            condition |= Q(is_open=True, closed_on__isnull=True, party_organization__area__in=areas)
        return self.filter(condition)


class Venue(models.Model):
    """One room that a party organization keeps. `provider` is the body that gives it, `shared_by` those that share it,
    one a line. `is_open`: other party organizations of the same area may book it. `signs` are the items of the
    checklist (六有) that are there.
    """

    party_organization = models.ForeignKey(
        PartyOrganization, models.PROTECT, related_name="venues", verbose_name="党组织"
    )
    name = models.CharField("名称", max_length=80)
    address = models.CharField("地址", max_length=120)
    square_metres = models.PositiveIntegerField("面积（㎡）", null=True)
    provider = models.CharField("提供单位", max_length=120, blank=True, default="")
    shared_by = models.TextField("共建单位", blank=True, default="")
    hours = models.CharField("开放时间", max_length=120, blank=True, default="")
    keeper = models.CharField("负责人", max_length=60, blank=True, default="")
    equipment = models.TextField("设备", blank=True, default="")
    signs = models.JSONField("“六有”情况", default=list)
    is_open = models.BooleanField("可供本地其他党组织预约", default=False)
    closed_on = models.DateField("停用日期", null=True)
    version = models.PositiveIntegerField("版本", default=1)
    made_at = models.DateTimeField("登记时间")
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="登记人")

    objects = VenueQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["party_organization", "name"],
                condition=Q(closed_on__isnull=True),
                name="venue_name_once",
                violation_error_message="这个党组织已有同名的阵地。",
            ),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(address=""),
                name="venue_told",
                violation_error_message="阵地须有名称和地址。",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class VenueBookingQuerySet(models.QuerySet["VenueBooking"]):
    """Bookings by state and scope."""

    def standing(self) -> "VenueBookingQuerySet":
        """Those not cancelled."""
        return self.filter(cancelled_at__isnull=True)

    def visible_to(self, user: Any) -> "VenueBookingQuerySet":
        """Those of venues that the user sees."""
        return self.filter(venue__in=Venue.objects.visible_to(user))


class VenueBooking(models.Model):
    """A venue is kept for a party organization over [`starts_at`, `ends_at`). No two that stand overlap."""

    venue = models.ForeignKey(Venue, models.PROTECT, related_name="bookings", verbose_name="阵地")
    party_organization = models.ForeignKey(
        PartyOrganization, models.PROTECT, related_name="bookings", verbose_name="预约的党组织"
    )
    starts_at = models.DateTimeField("开始")
    ends_at = models.DateTimeField("结束")
    purpose = models.CharField("用途", max_length=120)
    made_at = models.DateTimeField("预约时间")
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="预约人")
    cancelled_at = models.DateTimeField("取消时间", null=True)
    cancelled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="取消人")
    cancel_reason = models.CharField("取消理由", max_length=120, blank=True, default="")

    objects = VenueBookingQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        indexes = [
            models.Index(fields=["venue", "starts_at"], name="booking_day", condition=Q(cancelled_at__isnull=True)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="booking_times_in_order",
                violation_error_message="结束须晚于开始。",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_by__isnull=True) | Q(cancelled_at__isnull=False),
                name="booking_cancelled_paired",
                violation_error_message="取消须有时间。",
            ),
        ]

    def __str__(self) -> str:
        return self.purpose
