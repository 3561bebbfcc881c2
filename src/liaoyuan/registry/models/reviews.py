"""What follows the scores: decisions of the review committee (totals only), appeals, lowered levels."""

from typing import Any

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery

from liaoyuan.core.models import User
from liaoyuan.registry.choices import RATINGS, AppealOutcome, Trigger
from liaoyuan.registry.models.organizations import Organization, Standing
from liaoyuan.registry.models.records import Rating
from liaoyuan.registry.models.rounds import RatingEntry


class AppealQuerySet(models.QuerySet["RatingAppeal"]):
    """Appeals by scope."""

    def visible_to(self, user: Any) -> "AppealQuerySet":
        """Appeals against results that the user may see."""
        return self.filter(entry__in=RatingEntry.objects.visible_to(user))


class RatingAppeal(models.Model):
    """A written objection within the publicity period: by whom, what, and what became of it (RAT-06)."""

    entry = models.ForeignKey(RatingEntry, models.PROTECT, related_name="appeals", verbose_name="参评组织")
    filed_on = models.DateField("书面提出日期")
    filed_by_body = models.BooleanField("由参评组织提出", default=True)
    words = models.TextField("理由", max_length=1000)
    recorded_at = models.DateTimeField("记录时间")
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="记录人")
    outcome = models.CharField("复核结果", max_length=10, default=AppealOutcome.OPEN.value)
    decided_on = models.DateField("复核决定日期", null=True)
    notified_on = models.DateField("书面告知日期", null=True)

    objects = AppealQuerySet.as_manager()

    class Meta:
        ordering = ["-filed_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry"],
                condition=Q(outcome=AppealOutcome.OPEN.value),
                name="rating_appeal_open_once",
                violation_error_message="已经有一份没有决定的异议。",
            ),
            models.CheckConstraint(
                condition=Q(outcome="open", decided_on__isnull=True)
                | Q(outcome__in=["kept", "changed"], decided_on__isnull=False),
                name="rating_appeal_decided_whole",
                violation_error_message="复核须同时有结果和日期。",
            ),
            models.CheckConstraint(
                condition=Q(notified_on__isnull=True) | Q(notified_on__gte=F("decided_on")),
                name="rating_appeal_told_after",
                violation_error_message="告知不能早于决定。",
            ),
        ]

    def __str__(self) -> str:
        return str(self.entry)


class DecisionQuerySet(models.QuerySet["RatingDecision"]):
    """Decisions by scope."""

    def current(self) -> "DecisionQuerySet":
        """Those that were not replaced."""
        return self.filter(superseded_at__isnull=True)

    def visible_to(self, user: Any) -> "DecisionQuerySet":
        """Decisions on entries that the user may see."""
        return self.filter(entry__in=RatingEntry.objects.visible_to(user))


class RatingDecision(models.Model):
    """A vote of the review committee on one body, as totals: nobody's vote is kept, no row names a member.

    `least` is how many votes carried by the round's share of *all* members, so that the database holds it too.
    """

    entry = models.ForeignKey(RatingEntry, models.PROTECT, related_name="decisions", verbose_name="参评组织")
    appeal = models.ForeignKey(
        RatingAppeal, models.PROTECT, null=True, related_name="decisions", verbose_name="复核的异议"
    )
    level = models.CharField("等级", max_length=2, blank=True, default="")
    decided_on = models.DateField("评审日期")
    members = models.PositiveSmallIntegerField("全体委员数")
    present = models.PositiveSmallIntegerField("到会人数")
    yes = models.PositiveSmallIntegerField("同意")
    no = models.PositiveSmallIntegerField("反对")
    abstain = models.PositiveSmallIntegerField("弃权")
    least = models.PositiveSmallIntegerField("通过所需票数")
    words = models.CharField("意见", max_length=500, blank=True, default="")
    recorded_at = models.DateTimeField("记录时间")
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="记录人")
    superseded_at = models.DateTimeField("被替代时间", null=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["entry", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry"],
                condition=Q(superseded_at__isnull=True, appeal__isnull=True),
                name="rating_decision_once",
                violation_error_message="该组织已有评审结论。",
            ),
            models.UniqueConstraint(
                fields=["appeal"],
                condition=Q(superseded_at__isnull=True, appeal__isnull=False),
                name="rating_decision_appeal_once",
                violation_error_message="这份异议已有复核决定。",
            ),
            models.CheckConstraint(
                condition=Q(level__in=["", *RATINGS]),
                name="rating_decision_level_known",
                violation_error_message="评估等级只能是 1A 至 5A。",
            ),
            models.CheckConstraint(
                condition=Q(present__gte=F("yes") + F("no") + F("abstain"), present__lte=F("members")),
                name="rating_decision_votes_add_up",
                violation_error_message="票数之和不能超过到会人数，到会人数不能超过全体委员。",
            ),
            models.CheckConstraint(
                condition=Q(yes__gte=F("least"), least__gt=0, least__lte=F("members")),
                name="rating_decision_carried",
                violation_error_message="同意票没有达到全体委员的规定比例。",
            ),
        ]

    def __str__(self) -> str:
        return self.level


class WeighingQuerySet(models.QuerySet["LevelWeighing"]):
    """Weighings by scope."""

    def visible_to(self, user: Any) -> "WeighingQuerySet":
        """Those of organizations that the user may see."""
        return self.filter(organization__in=Organization.objects.visible_to(user))

    def with_names(self) -> "WeighingQuerySet":
        """Each with the present `name` of its body."""
        row = Standing.objects.now_open().filter(organization=OuterRef("organization"))
        return self.annotate(name=Subquery(row.values("name")[:1]))


class LevelWeighing(models.Model):
    """An officer's decision whether a level is lowered (RAT-04): `lowered` to `level`, "" = the level is taken away."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="weighings", verbose_name="组织")
    rating = models.ForeignKey(Rating, models.PROTECT, related_name="+", verbose_name="当时的等级")
    trigger = models.CharField("情形", max_length=10)
    about = models.CharField("年度或处罚日期", max_length=10)
    lowered = models.BooleanField("降低")
    level = models.CharField("降低后的等级", max_length=2, blank=True, default="")
    reason = models.CharField("理由", max_length=300)
    decided_on = models.DateField("决定日期")
    return_due = models.DateField("证书牌匾交回期限", null=True)
    returned_on = models.DateField("证书牌匾交回日期", null=True)
    decided_at = models.DateTimeField("记录时间")
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="决定人")

    objects = WeighingQuerySet.as_manager()

    class Meta:
        ordering = ["-decided_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "trigger", "about"],
                name="level_weighing_once",
                violation_error_message="这一情形已经作出决定。",
            ),
            models.CheckConstraint(
                condition=Q(trigger__in=[str(trigger) for trigger in Trigger]),
                name="level_weighing_trigger_known",
                violation_error_message="降级情形不对。",
            ),
            models.CheckConstraint(
                condition=Q(lowered=True, return_due__isnull=False)
                | Q(lowered=False, level="", return_due__isnull=True, returned_on__isnull=True),
                name="level_weighing_whole",
                violation_error_message="降低等级的须有证书牌匾交回期限。",
            ),
        ]

    def __str__(self) -> str:
        return self.level
