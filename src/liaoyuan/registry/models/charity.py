"""Filed bodies' yearly confirmations, public fundraising campaigns and their reports (handbook §1.9, §1.11)."""

from typing import Any

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery

from liaoyuan.core.models import User
from liaoyuan.registry.choices import CONFIRMATION_TITLES, ReportKind
from liaoyuan.registry.models.organizations import Organization, Standing


class OwnedQuerySet[M: models.Model](models.QuerySet[M]):
    """Rows that belong to an organization."""

    def visible_to(self, user: Any) -> "OwnedQuerySet[M]":
        """Those of organizations that the user may see."""
        return self.filter(organization__in=Organization.objects.visible_to(user))

    def with_names(self) -> Any:
        """Each with the present `name` of its body."""
        row = Standing.objects.now_open().filter(organization=OuterRef("organization"))
        return self.annotate(name=Subquery(row.values("name")[:1]))


class FilingConfirmation(models.Model):
    """A filed body confirmed for one year: how, on whose word, what it declares (FIL-02), and the new last day.

    `batch` binds those confirmed in one step, so that they are taken back in one; `until_before` is what the filing's
    last day was, `rows` the keys of the standings before, `version` the body's after. Undone ones stay.
    """

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="confirmations", verbose_name="组织")
    year = models.PositiveSmallIntegerField("年度")
    confirmed_on = models.DateField("确认日期")
    via = models.CharField("方式", max_length=10)
    word_of = models.CharField("何人所说", max_length=40, blank=True, default="")
    outside_area = models.BooleanField("在本社区（街道）以外活动", null=True)
    charges_fees = models.BooleanField("收费", null=True)
    for_profit = models.BooleanField("营利", null=True)
    until_before = models.DateField("原有效期至", null=True)
    until_after = models.DateField("新有效期至", null=True)
    rows = models.JSONField("确认前的登记事项", default=list)
    version = models.PositiveIntegerField("确认后组织的版本")
    batch = models.CharField("批", max_length=32)
    recorded_at = models.DateTimeField("记录时间")
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="记录人")
    undone_at = models.DateTimeField("撤销时间", null=True)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="撤销人")

    objects = OwnedQuerySet["FilingConfirmation"].as_manager()

    class Meta:
        ordering = ["-year", "-pk"]
        indexes = [models.Index(fields=["batch"], name="filing_confirmation_batch")]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "year"],
                condition=Q(undone_at__isnull=True),
                name="filing_confirmation_once",
                violation_error_message="该组织这一年度已经确认。",
            ),
            models.CheckConstraint(
                condition=Q(via__in=list(CONFIRMATION_TITLES)),
                name="filing_confirmation_via_known",
                violation_error_message="确认方式不对。",
            ),
            models.CheckConstraint(
                condition=Q(undone_by__isnull=True) | Q(undone_at__isnull=False),
                name="filing_confirmation_undone_paired",
                violation_error_message="撤销须有时间。",
            ),
        ]

    def __str__(self) -> str:
        return str(self.year)


class Campaign(models.Model):
    """A public fundraising campaign whose plan is filed (募捐方案备案, CHA-02); without an end it goes on."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="campaigns", verbose_name="组织")
    title = models.CharField("名称", max_length=120)
    plan_number = models.CharField("方案备案编号", max_length=60, blank=True, default="")
    plan_filed_on = models.DateField("方案备案日期", null=True)
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期", null=True)
    emergency = models.BooleanField("应对突发事件", default=False)
    recorded_at = models.DateTimeField("记录时间")
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="记录人")

    objects = OwnedQuerySet["Campaign"].as_manager()

    class Meta:
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "title", "starts_on"],
                name="campaign_once",
                violation_error_message="同一天开始的同名募捐已经备案。",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="campaign_dates_in_order",
                violation_error_message="结束日期不能早于开始日期。",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class CampaignReport(models.Model):
    """A report of a campaign that was made public: progress, or the full one after the end (CHA-03)."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="reports", verbose_name="募捐")
    kind = models.CharField("类别", max_length=10)
    published_on = models.DateField("公开日期")
    where = models.CharField("公开的渠道", max_length=200)
    recorded_at = models.DateTimeField("记录时间")
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="记录人")

    class Meta:
        ordering = ["campaign", "published_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign"],
                condition=Q(kind=ReportKind.FINAL.value),
                name="campaign_report_final_once",
                violation_error_message="已经全面公开。",
            ),
            models.UniqueConstraint(
                fields=["campaign", "kind", "published_on"],
                name="campaign_report_once",
                violation_error_message="这一天的公开已经记下。",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[str(kind) for kind in ReportKind]),
                name="campaign_report_kind_known",
                violation_error_message="公开的类别不对。",
            ),
        ]

    def __str__(self) -> str:
        return self.kind
