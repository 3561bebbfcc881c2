"""Votes on admission and confirmation (totals only), extensions of probation, the quota (handbook §2.4, §2.6)."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from liaoyuan.party.choices.life import DecisionKind
from liaoyuan.party.models.base import Recorded, RecordedQuerySet
from liaoyuan.party.models.development import Applicant
from liaoyuan.party.models.organizations import PartyOrganization
from liaoyuan.party.params.way import ConfirmOutcome

_KINDS = [DecisionKind.ADMISSION.value, DecisionKind.CONFIRMATION.value]


class DevelopmentVote(Recorded):
    """One vote of a branch meeting about one person: totals, and the verdict that the rule gave on that day.

    `expected` is E, from the roster of the day, or of the meeting's `decision`. `outcome` is what was put to the vote
    at a confirmation, `months` of an extension. `meeting` is the number of the meeting's minutes. Who voted how is
    stored nowhere.
    """

    applicant = models.ForeignKey(Applicant, models.PROTECT, related_name="votes", verbose_name="入党申请人")
    kind = models.CharField("表决事项", max_length=12)
    on = models.DateField("支部大会日期")
    party_organization = models.ForeignKey(PartyOrganization, models.PROTECT, related_name="+", verbose_name="党支部")
    meeting = models.CharField("会议编号", max_length=40, blank=True, default="")
    expected = models.PositiveSmallIntegerField("应到会有表决权的人数")
    present = models.PositiveSmallIntegerField("实到人数")
    written = models.PositiveSmallIntegerField("书面意见份数", default=0)
    yes = models.PositiveSmallIntegerField("赞成")
    no = models.PositiveSmallIntegerField("反对", default=0)
    abstain = models.PositiveSmallIntegerField("弃权", default=0)
    carried = models.BooleanField("通过")
    outcome = models.CharField("决定", max_length=10, blank=True, default="")
    months = models.PositiveSmallIntegerField("延长月数", null=True)
    decision = models.ForeignKey("party.Decision", models.PROTECT, null=True, related_name="+", verbose_name="表决")

    objects = RecordedQuerySet["DevelopmentVote"].as_manager()

    class Meta:
        ordering = ["applicant", "on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(kind=DecisionKind.ADMISSION.value) & Q(outcome=""))
                | (Q(kind=DecisionKind.CONFIRMATION.value) & Q(outcome__in=[str(o) for o in ConfirmOutcome])),
                name="development_vote_known",
                violation_error_message="转正的表决须写明决定。",
            ),
            models.CheckConstraint(
                condition=(Q(outcome=ConfirmOutcome.EXTEND.value) & Q(months__isnull=False))
                | (~Q(outcome=ConfirmOutcome.EXTEND.value) & Q(months__isnull=True)),
                name="development_vote_months",
                violation_error_message="延长预备期须写明月数。",
            ),
            models.CheckConstraint(
                condition=Q(present__lte=F("expected"))
                & Q(expected__gte=F("present") + F("written"))
                & Q(present__gte=F("yes") + F("no") + F("abstain") - F("written")),
                name="development_vote_adds_up",
                violation_error_message="实到和书面意见不能多于应到，票数不能多于实到和书面意见。",
            ),
        ]

    def __str__(self) -> str:
        return self.kind


class Extension(Recorded):
    """Probation extended by so many months, approved on a day. Once a person (PB-DEV-15)."""

    applicant = models.ForeignKey(Applicant, models.PROTECT, related_name="extensions", verbose_name="入党申请人")
    months = models.PositiveSmallIntegerField("延长月数")
    on = models.DateField("支部大会日期")
    approved_on = models.DateField("上级党委审批日期")
    evidence = models.CharField("文号", max_length=80, blank=True, default="")

    objects = RecordedQuerySet["Extension"].as_manager()

    class Meta:
        ordering = ["applicant", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_on__gte=F("on")),
                name="extension_days_in_order",
                violation_error_message="审批日期不能早于支部大会日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.months}"


class QuotaQuerySet(RecordedQuerySet["Quota"]):
    """Quotas by scope."""

    def visible_to(self, user: Any) -> "QuotaQuerySet":
        """Those of party organizations that the user sees."""
        return self.filter(party_organization__in=PartyOrganization.objects.visible_to(user))


class Quota(Recorded):
    """How many persons a party organization and all below it may bring to the 预审 in a year (指导性计划)."""

    party_organization = models.ForeignKey(
        PartyOrganization, models.PROTECT, related_name="quotas", verbose_name="党组织"
    )
    year = models.PositiveSmallIntegerField("年度")
    number = models.PositiveSmallIntegerField("计划数")
    evidence = models.CharField("文号", max_length=80, blank=True, default="")

    objects = QuotaQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "party_organization", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["party_organization", "year"],
                condition=Q(superseded_at__isnull=True),
                name="quota_once_a_year",
                violation_error_message="这一年的计划已下达。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}: {self.number}"
