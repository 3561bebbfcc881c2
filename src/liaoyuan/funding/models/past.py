"""What the sheet of a past round told of its projects. Money in fen."""

from django.db import models
from django.db.models import Q

from liaoyuan.core.models import User
from liaoyuan.funding.choices.past import UNFUNDED, PastOutcome
from liaoyuan.funding.choices.rounds import PoolSource
from liaoyuan.funding.models.base import paired
from liaoyuan.funding.models.contents import OfProjectQuerySet
from liaoyuan.funding.models.projects import Project

_UNFUNDED = sorted(str(outcome) for outcome in UNFUNDED)


class PastResult(models.Model):
    """What the sheet said of a project that came in with a past round: nothing of it was done in the system.

    `asked_fen` is what was applied for, `granted_fen` what was granted (null = nothing): of a funded project the
    project's own `grant_fen` is the latter, as after an agreement. `score` is in hundredths of points, `total_fen`
    null when the sheet has no budget. Where a cell was empty, the column is empty here.
    """

    project = models.OneToOneField(Project, models.PROTECT, related_name="past", verbose_name="项目")
    outcome = models.CharField("结果", max_length=12)
    asked_fen = models.BigIntegerField("申请金额")
    total_fen = models.BigIntegerField("预算总额", null=True)
    granted_fen = models.BigIntegerField("立项金额", null=True)
    source = models.CharField("资金来源", max_length=10, blank=True, default="")
    score = models.PositiveIntegerField("评审得分（百分之一分）", null=True)
    place = models.PositiveIntegerField("名次", null=True)
    on_site = models.BooleanField("进入现场评审", null=True)
    note = models.CharField("备注", max_length=200, blank=True, default="")
    recorded_at = models.DateTimeField("导入时间")
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="导入人")

    objects = OfProjectQuerySet["PastResult"].as_manager()

    class Meta:
        ordering = ["project_id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=[str(outcome) for outcome in PastOutcome]),
                name="past_result_outcome_known",
                violation_error_message="历届项目的结果不对。",
            ),
            models.CheckConstraint(
                condition=Q(source__in=["", *(str(source) for source in PoolSource)]),
                name="past_result_source_known",
                violation_error_message="资金来源不对。",
            ),
            models.CheckConstraint(
                condition=(Q(outcome__in=_UNFUNDED) & Q(granted_fen__isnull=True))
                | (~Q(outcome__in=_UNFUNDED) & Q(granted_fen__gt=0)),
                name="past_result_money_with_outcome",
                violation_error_message="立项的须有金额，没有立项的没有金额。",
            ),
            models.CheckConstraint(
                condition=Q(asked_fen__gte=0) & (Q(total_fen__isnull=True) | Q(total_fen__gte=0)),
                name="past_result_not_negative",
                violation_error_message="金额不能为负。",
            ),
            models.CheckConstraint(
                condition=paired("recorded_at", "recorded_by"),
                name="past_result_paired",
                violation_error_message="导入须有时间。",
            ),
        ]

    def __str__(self) -> str:
        return self.outcome
