"""The ranking of a round as it stood, the proposal that follows from it, the committee's decisions. Money in fen."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from liaoyuan.core.models import User
from liaoyuan.funding.choices.review import ReviewOutcome
from liaoyuan.funding.models.base import paired
from liaoyuan.funding.models.programmes import Round
from liaoyuan.funding.models.projects import Project
from liaoyuan.funding.models.review import reviewed

_OUTCOMES = [str(outcome) for outcome in ReviewOutcome]


class RankingQuerySet(models.QuerySet["Ranking"]):
    """Rankings by scope."""

    def visible_to(self, user: Any) -> "RankingQuerySet":
        """Those of rounds that the user carries out or confirms."""
        condition = reviewed(user, "round__programme__area")
        return self if condition is None else self.filter(condition)


class Ranking(models.Model):
    """All projects of a review in order, as computed at one moment. `method` tells by which stages, weights and
    figures; `code` is a digest of method and lines. The highest number holds.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="+", verbose_name="届")
    number = models.PositiveSmallIntegerField("版次")
    method = models.JSONField("汇总办法")
    findings = models.JSONField("汇总时的核查", default=list)
    code = models.CharField("校验码", max_length=64)
    made_at = models.DateTimeField("汇总时间")
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="汇总人")

    objects = RankingQuerySet.as_manager()

    class Meta:
        ordering = ["round_id", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "number"], name="ranking_once", violation_error_message="排名的版次重复。"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.number}"


class OfRankingQuerySet[M: models.Model](models.QuerySet[M]):
    """Lines of rankings, by scope."""

    def visible_to(self, user: Any) -> "OfRankingQuerySet[M]":
        """Those of rankings that the user sees."""
        return self.filter(snapshot__in=Ranking.objects.visible_to(user))


class RankingLine(models.Model):
    """One project in a ranking. Means are hundredths of points; `exact_num`/`exact_den` is the mean that was compared.
    `totals` are the experts' sums without names, `dropped` those left out.
    """

    snapshot = models.ForeignKey(Ranking, models.PROTECT, related_name="lines", verbose_name="排名")
    project = models.ForeignKey(Project, models.PROTECT, related_name="+", verbose_name="项目")
    place = models.PositiveIntegerField("名次")
    tied = models.BooleanField("并列", default=False)
    mean = models.PositiveIntegerField("平均分（百分之一分）")
    exact_num = models.BigIntegerField("平均分的分子")
    exact_den = models.BigIntegerField("平均分的分母")
    spread = models.PositiveIntegerField("最大差距（百分之一分）")
    totals = models.JSONField("各份总分", default=list)
    dropped = models.JSONField("去掉的总分", default=list)
    items = models.JSONField("各项平均分", default=dict)
    outcome = models.CharField("建议", max_length=10)

    objects = OfRankingQuerySet["RankingLine"].as_manager()

    class Meta:
        ordering = ["snapshot_id", "place", "project_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["snapshot", "project"], name="ranking_line_once", violation_error_message="一个项目只有一行。"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=_OUTCOMES),
                name="ranking_line_outcome_known",
                violation_error_message="建议不对。",
            ),
            models.CheckConstraint(
                condition=Q(exact_den__gte=1, place__gte=1),
                name="ranking_line_figures",
                violation_error_message="名次和平均分不对。",
            ),
        ]

    def __str__(self) -> str:
        return str(self.place)


class SelectionQuerySet(models.QuerySet["Selection"]):
    """Proposals by scope."""

    def visible_to(self, user: Any) -> "SelectionQuerySet":
        """Those of rounds that the user carries out or confirms."""
        condition = reviewed(user, "snapshot__round__programme__area")
        return self if condition is None else self.filter(condition)


class Selection(models.Model):
    """What a ranking comes to under money, quotas and caps: down the list, and the best pack beside it.

    `ground` holds the amounts and numbers that bound it, `bound` the points that no pack can pass (equal to
    `pack_value` when the pack is proven best), `unmet` the quotas whose least number is not reached. The committee
    decides; this proposes.
    """

    snapshot = models.ForeignKey(Ranking, models.PROTECT, related_name="selections", verbose_name="排名")
    number = models.PositiveSmallIntegerField("版次")
    ground = models.JSONField("资金和名额")
    order_value = models.BigIntegerField("按名次的总分")
    pack_value = models.BigIntegerField("最优组合的总分")
    bound = models.BigIntegerField("总分的上界")
    unmet = models.JSONField("没有满足的名额", default=dict)
    made_at = models.DateTimeField("测算时间")
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="测算人")

    objects = SelectionQuerySet.as_manager()

    class Meta:
        ordering = ["snapshot_id", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["snapshot", "number"], name="selection_once", violation_error_message="测算的版次重复。"
            ),
            models.CheckConstraint(
                condition=Q(bound__gte=F("pack_value")),
                name="selection_bounded",
                violation_error_message="总分不能超过上界。",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.number}"


class OfSelectionQuerySet[M: models.Model](models.QuerySet[M]):
    """Rows of proposals, by scope."""

    def visible_to(self, user: Any) -> "OfSelectionQuerySet[M]":
        """Those of proposals that the user sees."""
        return self.filter(selection__in=Selection.objects.visible_to(user))


class SelectionLine(models.Model):
    """One project in a proposal. `order_barred` and `pack_barred` are what it would break where it is not chosen."""

    selection = models.ForeignKey(Selection, models.PROTECT, related_name="lines", verbose_name="测算")
    project = models.ForeignKey(Project, models.PROTECT, related_name="+", verbose_name="项目")
    place = models.PositiveIntegerField("名次")
    asked_fen = models.BigIntegerField("申请金额")
    in_order = models.BooleanField("按名次选入")
    in_pack = models.BooleanField("最优组合选入")
    order_barred = models.JSONField("按名次没有选入的原因", default=list)
    pack_barred = models.JSONField("组合没有选入的原因", default=list)

    objects = OfSelectionQuerySet["SelectionLine"].as_manager()

    class Meta:
        ordering = ["selection_id", "place", "project_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["selection", "project"],
                name="selection_line_once",
                violation_error_message="一个项目只有一行。",
            ),
        ]

    def __str__(self) -> str:
        return str(self.place)


class CommitteeDecisionQuerySet(OfSelectionQuerySet["CommitteeDecision"]):
    """Decisions by what holds."""

    def current(self) -> "CommitteeDecisionQuerySet":
        """Those that were not replaced."""
        return self.filter(superseded_at__isnull=True)


class CommitteeDecision(models.Model):
    """What the committee decided of one project, and why. `asked_fen` is copied, so that the database keeps the amount
    at or below it; money is given to whom is proposed, and to nobody else.
    """

    selection = models.ForeignKey(Selection, models.PROTECT, related_name="decisions", verbose_name="测算")
    project = models.ForeignKey(Project, models.PROTECT, related_name="committee_decisions", verbose_name="项目")
    outcome = models.CharField("决定", max_length=10)
    amount_fen = models.BigIntegerField("拟资助金额", default=0)
    asked_fen = models.BigIntegerField("申请金额")
    reason = models.TextField("理由", max_length=1000, blank=True, default="")
    decided_at = models.DateTimeField("决定时间")
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="决定人")
    superseded_at = models.DateTimeField("被替代时间", null=True)

    objects = CommitteeDecisionQuerySet.as_manager()

    class Meta:
        ordering = ["selection_id", "project_id", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project"],
                condition=Q(superseded_at__isnull=True),
                name="committee_decision_once",
                violation_error_message="这个项目已有一项现行的决定。",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=_OUTCOMES),
                name="committee_decision_outcome_known",
                violation_error_message="决定不对。",
            ),
            models.CheckConstraint(
                condition=Q(outcome=ReviewOutcome.PROPOSED.value, amount_fen__gt=0, amount_fen__lte=F("asked_fen"))
                | (~Q(outcome=ReviewOutcome.PROPOSED.value) & Q(amount_fen=0)),
                name="committee_decision_amount",
                violation_error_message="拟资助金额须大于零，不超过申请金额；不立项的没有金额。",
            ),
            models.CheckConstraint(
                condition=Q(outcome=ReviewOutcome.PROPOSED.value) | ~Q(reason=""),
                name="committee_decision_reasoned",
                violation_error_message="候补和不予立项须写明理由。",
            ),
            models.CheckConstraint(
                condition=paired("decided_at", "decided_by"),
                name="committee_decision_paired",
                violation_error_message="决定须有时间。",
            ),
        ]

    def __str__(self) -> str:
        return self.outcome
