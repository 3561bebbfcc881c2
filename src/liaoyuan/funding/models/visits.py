"""Visits to running projects, and the samples they are drawn by."""

from django.db import models
from django.db.models import Q

from liaoyuan.core.models import User
from liaoyuan.funding.choices.running import VisitKind, VisitResult, VisitState
from liaoyuan.funding.models.base import paired
from liaoyuan.funding.models.contents import OfProjectQuerySet
from liaoyuan.funding.models.programmes import OfRoundQuerySet, Round
from liaoyuan.funding.models.projects import Project


class VisitSample(models.Model):
    """Projects of a round drawn to be visited: at random by a kept seed, or by the reasons of risk that hold.

    `population` are the keys of all that could be drawn, in their order; whoever draws anew with the same seed gets the
    same ones. `rules` are the weights of the reasons as they stood.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="samples", verbose_name="届")
    number = models.PositiveSmallIntegerField("序号")
    kind = models.CharField("方式", max_length=8)
    seed = models.CharField("随机种子", max_length=40, blank=True, default="")
    size = models.PositiveSmallIntegerField("抽取个数")
    population = models.JSONField("参加抽取的项目", default=list)
    rules = models.JSONField("风险规则", default=dict)
    drawn_at = models.DateTimeField("抽取时间")
    drawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="抽取人")

    objects = OfRoundQuerySet["VisitSample"].as_manager()

    class Meta:
        ordering = ["round_id", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "number"], name="visit_sample_once", violation_error_message="抽查的序号重复。"
            ),
            models.CheckConstraint(
                condition=(Q(kind=VisitKind.RANDOM.value) & ~Q(seed="")) | Q(kind=VisitKind.RISK.value, seed=""),
                name="visit_sample_kind",
                violation_error_message="随机抽查须有种子。",
            ),
            models.CheckConstraint(
                condition=paired("drawn_at", "drawn_by"),
                name="visit_sample_paired",
                violation_error_message="抽取须有时间。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id}-{self.number}"


class GrantVisit(models.Model):
    """One visit: why, by whom, what was found, what the body says to it, what it comes to.

    `reasons` are those of a risk sample. A visit with findings is concluded only after the body has replied or its day
    for it (`reply_by`) is over. What must be mended is reported by `mend_by`, then looked at.
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="visits", verbose_name="项目")
    sample = models.ForeignKey(VisitSample, models.PROTECT, null=True, related_name="visits", verbose_name="抽查")
    kind = models.CharField("缘由", max_length=8)
    reasons = models.JSONField("抽中的原因", default=list)
    state = models.CharField("状态", max_length=10, default=VisitState.PLANNED.value)
    planned_on = models.DateField("计划日期", null=True)
    visited_on = models.DateField("走访日期", null=True)
    visitors = models.CharField("走访人", max_length=80, blank=True, default="")
    seen = models.TextField("看到的情况", max_length=2000, blank=True, default="")
    faults = models.TextField("发现的问题", max_length=1000, blank=True, default="")
    reply_by = models.DateField("回复期限", null=True)
    reply = models.TextField("组织的回复", max_length=1000, blank=True, default="")
    result = models.CharField("结果", max_length=10, blank=True, default="")
    conclusion = models.CharField("结论", max_length=500, blank=True, default="")
    mend_by = models.DateField("整改期限", null=True)
    mended = models.TextField("整改情况", max_length=1000, blank=True, default="")
    mended_at = models.DateTimeField("报告整改的时间", null=True)
    mended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="报告整改人")
    planned_at = models.DateTimeField("安排时间")
    planned_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="安排人")
    recorded_at = models.DateTimeField("登记时间", null=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="登记人")
    replied_at = models.DateTimeField("回复时间", null=True)
    replied_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="回复人")
    closed_at = models.DateTimeField("办结时间", null=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="办结人")
    version = models.PositiveIntegerField("版本", default=1)

    objects = OfProjectQuerySet["GrantVisit"].as_manager()

    class Meta:
        ordering = ["project_id", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[str(kind) for kind in VisitKind]),
                name="grant_visit_kind_known",
                violation_error_message="走访的缘由不对。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[str(state) for state in VisitState]),
                name="grant_visit_state_known",
                violation_error_message="走访的状态不对。",
            ),
            models.CheckConstraint(
                condition=Q(result__in=["", *(str(one) for one in VisitResult)]),
                name="grant_visit_result_known",
                violation_error_message="走访的结果不对。",
            ),
            models.CheckConstraint(
                condition=paired("planned_at", "planned_by"),
                name="grant_visit_plan_paired",
                violation_error_message="安排须有时间。",
            ),
            models.CheckConstraint(
                condition=paired("recorded_at", "recorded_by"),
                name="grant_visit_record_paired",
                violation_error_message="登记须有时间。",
            ),
            models.CheckConstraint(
                condition=paired("replied_at", "replied_by"),
                name="grant_visit_reply_paired",
                violation_error_message="回复须有时间。",
            ),
            models.CheckConstraint(
                condition=~Q(state=VisitState.MENDING.value) | Q(mend_by__isnull=False),
                name="grant_visit_mending_dated",
                violation_error_message="须整改的写明期限。",
            ),
            models.CheckConstraint(
                condition=paired("mended_at", "mended_by"),
                name="grant_visit_mended_paired",
                violation_error_message="报告整改须有时间。",
            ),
            models.CheckConstraint(
                condition=paired("closed_at", "closed_by"),
                name="grant_visit_close_paired",
                violation_error_message="办结须有时间。",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"
