"""Dated records beside the standing: ratings, honours, credit lists, annual results."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q

from liaoyuan.core.models import User
from liaoyuan.registry.choices import RATINGS
from liaoyuan.registry.models.organizations import OPEN, Organization


class RecordQuerySet[M: models.Model](models.QuerySet[M]):
    """Dated records by time and scope."""

    def current(self) -> "RecordQuerySet[M]":
        """Rows as known now."""
        return self.filter(superseded_at__isnull=True)

    def active(self, on: date) -> "RecordQuerySet[M]":
        """Rows valid on the day `on`, as known now."""
        return self.current().filter(valid_from__lte=on, valid_to__gt=on)

    def visible_to(self, user: Any) -> "RecordQuerySet[M]":
        """Records of organizations that the user may see."""
        return self.filter(organization__in=Organization.objects.visible_to(user))


class Record(models.Model):
    """What every dated record has. `valid_to` is exclusive; 9999-12-31 = open."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="%(class)ss", verbose_name="组织")
    valid_from = models.DateField("起")
    valid_to = models.DateField("止（不含）", default=OPEN)
    assumed = models.BooleanField("起点为推定", default=False)
    evidence = models.CharField("依据", max_length=200, blank=True, default="")
    recorded_at = models.DateTimeField("记录时间")
    recorded_by = models.ForeignKey(
        User, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="记录人"
    )
    superseded_at = models.DateTimeField("被替代时间", null=True)

    class Meta:
        abstract = True


class Rating(Record):
    """A rating (评估等级): one at a time, normally valid 60 months (RAT-03)."""

    level = models.CharField("等级", max_length=2)

    objects = RecordQuerySet["Rating"].as_manager()

    class Meta:
        ordering = ["organization", "valid_from", "pk"]
        indexes = [models.Index(fields=["valid_to"], name="rating_until", condition=Q(superseded_at__isnull=True))]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "valid_from"],
                condition=Q(superseded_at__isnull=True),
                name="rating_start_once",
                violation_error_message="同一天只能有一个评估等级。",
            ),
            models.CheckConstraint(
                condition=Q(level__in=RATINGS),
                name="rating_level_known",
                violation_error_message="评估等级只能是 1A 至 5A。",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__gt=models.F("valid_from")),
                name="rating_dates_in_order",
                violation_error_message="评估有效期止须晚于评估时间。",
            ),
        ]

    def __str__(self) -> str:
        return self.level


class Honour(Record):
    """An honour (荣誉, form F25)."""

    title = models.CharField("名称", max_length=120)
    level = models.CharField("级别", max_length=10)
    issuer = models.CharField("颁发单位", max_length=80, blank=True, default="")

    objects = RecordQuerySet["Honour"].as_manager()

    class Meta:
        ordering = ["organization", "valid_from", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(level__in=["national", "province", "city", "district"]),
                name="honour_level_known",
                violation_error_message="荣誉级别限国家、省、市、区。",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__gt=models.F("valid_from")),
                name="honour_dates_in_order",
                violation_error_message="有效期止须晚于授予日期。",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class CreditEntry(Record):
    """A stay on a credit list (活动异常名录, 严重违法失信名单), handbook §1.8."""

    list_kind = models.CharField("名单", max_length=10)
    reason = models.CharField("列入事由", max_length=300)
    arisen_on = models.DateField("信息产生日期", null=True)
    removal_reason = models.CharField("移出事由", max_length=300, blank=True, default="")

    objects = RecordQuerySet["CreditEntry"].as_manager()

    class Meta:
        ordering = ["organization", "valid_from", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "list_kind"],
                condition=Q(superseded_at__isnull=True, valid_to=OPEN),
                name="credit_entry_open_once",
                violation_error_message="该组织已在这份名单上。",
            ),
            models.CheckConstraint(
                condition=Q(list_kind__in=["abnormal", "serious"]),
                name="credit_list_known",
                violation_error_message="名单类别不对。",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__gt=models.F("valid_from")),
                name="credit_dates_in_order",
                violation_error_message="移出日期须晚于列入日期。",
            ),
        ]

    def __str__(self) -> str:
        return self.list_kind


class AnnualResult(models.Model):
    """The conclusion of one year's annual check or report (年检结论)."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="annual_results", verbose_name="组织")
    year = models.PositiveSmallIntegerField("年度")
    result = models.CharField("结论", max_length=12)
    recorded_at = models.DateTimeField("记录时间")
    recorded_by = models.ForeignKey(
        User, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="记录人"
    )
    superseded_at = models.DateTimeField("被替代时间", null=True)

    objects = RecordQuerySet["AnnualResult"].as_manager()

    class Meta:
        ordering = ["organization", "-year"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "year"],
                condition=Q(superseded_at__isnull=True),
                name="annual_result_once",
                violation_error_message="同一年度只有一个结论。",
            ),
            models.CheckConstraint(
                condition=Q(result__in=["qualified", "basically", "unqualified", "missed", "exempt"]),
                name="annual_result_known",
                violation_error_message="年检结论不对。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}:{self.result}"
