"""The review of a round: score sheets, stages, who reads what, the cards with their scores (hundredths of points)."""

from typing import Any

from django.db import models
from django.db.models import Q

from liaoyuan.core.models import User
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.choices.review import CardState, ReaderRole, StageKind
from liaoyuan.funding.models.base import paired, within_reach
from liaoyuan.funding.models.experts import GrantExpert
from liaoyuan.funding.models.programmes import OfRoundQuerySet, Round
from liaoyuan.funding.models.projects import Project
from liaoyuan.funding.rules.remarks import Remark


def reviewed(user: Any, path: str, expert: str = "") -> Q | None:
    """The condition under which a user sees what experts do in a round; None = everything.

    Whoever carries the round out or confirms its decisions, and the expert himself (`expert` is the path to him). Not
    whoever merely sees grants: single sheets are nobody else's business.
    """
    found = Q(**{f"{expert}__user": user.pk}) if expert else Q(pk__in=[])
    for permission in (Permission.EDIT, Permission.CONFIRM):
        condition = within_reach(user, permission, path)
        if condition is None:
            return None
        found |= condition
    return found


class ScoreSheet(models.Model):
    """One version of the score sheet of a round: `items` and `bonus` map an item to its full points, `ties` is the
    order that parts equal means. Frozen when the first stage begins; what is frozen is never changed.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="sheets", verbose_name="届")
    number = models.PositiveSmallIntegerField("版次")
    items = models.JSONField("评分项和分值")
    bonus = models.JSONField("加分项和最高加分", default=dict)
    ties = models.JSONField("并列时比较的评分项", default=list)
    note = models.CharField("依据", max_length=200, blank=True, default="")
    made_at = models.DateTimeField("制定时间")
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="制定人")
    frozen_at = models.DateTimeField("启用时间", null=True)
    frozen_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="启用人")

    objects = OfRoundQuerySet["ScoreSheet"].as_manager()

    class Meta:
        ordering = ["round_id", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "number"], name="score_sheet_once", violation_error_message="评分表的版次重复。"
            ),
            models.CheckConstraint(
                condition=paired("frozen_at", "frozen_by"),
                name="score_sheet_frozen_paired",
                violation_error_message="启用须有时间。",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.number}"


class ReviewStage(models.Model):
    """A stage of the review: on paper, or the day of defence. `weight` is its part in the ranking, relative to the
    other stage's. `seed` is what the draw of the readers was made with: with it anybody can make it again.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="stages", verbose_name="届")
    kind = models.CharField("阶段", max_length=8)
    sheet = models.ForeignKey(ScoreSheet, models.PROTECT, related_name="+", verbose_name="评分表")
    weight = models.PositiveSmallIntegerField("权重", default=100)
    readers = models.PositiveSmallIntegerField("每个项目的专家数")
    blind = models.BooleanField("隐名", default=True)
    held_on = models.DateField("评审日期", null=True)
    seed = models.CharField("抽签种子", max_length=40)
    planned_at = models.DateTimeField("安排时间")
    planned_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="安排人")
    begun_at = models.DateTimeField("开始时间", null=True)
    begun_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="开始人")
    closed_at = models.DateTimeField("结束时间", null=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="结束人")
    version = models.PositiveIntegerField("版本", default=1)

    objects = OfRoundQuerySet["ReviewStage"].as_manager()

    class Meta:
        ordering = ["round_id", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "kind"], name="review_stage_once", violation_error_message="这一届已有这个评审阶段。"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[str(kind) for kind in StageKind]),
                name="review_stage_kind_known",
                violation_error_message="评审阶段不对。",
            ),
            models.CheckConstraint(
                condition=Q(weight__gte=1, weight__lte=100, readers__gte=1),
                name="review_stage_figures",
                violation_error_message="权重为 1 至 100，专家数至少 1 名。",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(begun_at__isnull=False),
                name="review_stage_in_order",
                violation_error_message="没有开始的阶段不能结束。",
            ),
            models.CheckConstraint(
                condition=paired("begun_at", "begun_by"),
                name="review_stage_begun_paired",
                violation_error_message="开始须有时间。",
            ),
            models.CheckConstraint(
                condition=paired("closed_at", "closed_by"),
                name="review_stage_closed_paired",
                violation_error_message="结束须有时间。",
            ),
        ]

    def __str__(self) -> str:
        return self.kind


class ReadingQuerySet(models.QuerySet["Reading"]):
    """Readings by state and scope."""

    def standing(self) -> "ReadingQuerySet":
        """Those that were not taken back."""
        return self.filter(ended_at__isnull=True)

    def of(self, user: Any) -> "ReadingQuerySet":
        """The user's own ones, as an expert who is still active."""
        return self.standing().filter(expert__user=user.pk, expert__ended_at__isnull=True)

    def visible_to(self, user: Any) -> "ReadingQuerySet":
        """One's own, and those of rounds that the user carries out or confirms."""
        condition = reviewed(user, "stage__round__programme__area", "expert")
        return self if condition is None else self.filter(condition)


class Reading(models.Model):
    """An expert reads a project in a stage. `label` is all by which he names it while names are hidden."""

    stage = models.ForeignKey(ReviewStage, models.PROTECT, related_name="readings", verbose_name="阶段")
    project = models.ForeignKey(Project, models.PROTECT, related_name="readings", verbose_name="项目")
    expert = models.ForeignKey(GrantExpert, models.PROTECT, related_name="readings", verbose_name="评审专家")
    role = models.CharField("身份", max_length=10, default=ReaderRole.READER.value)
    label = models.CharField("隐名编号", max_length=12)
    assigned_at = models.DateTimeField("分配时间")
    assigned_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="分配人")
    ended_at = models.DateTimeField("撤下时间", null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="撤下人")
    ended_reason = models.CharField("撤下的理由", max_length=200, blank=True, default="")

    objects = ReadingQuerySet.as_manager()

    class Meta:
        ordering = ["stage_id", "label", "pk"]
        indexes = [models.Index(fields=["expert", "stage"], name="reading_of_expert")]
        constraints = [
            models.UniqueConstraint(
                fields=["stage", "project", "expert"],
                condition=Q(ended_at__isnull=True),
                name="reading_once",
                violation_error_message="这名专家已评审这个项目。",
            ),
            models.CheckConstraint(
                condition=Q(role__in=[str(role) for role in ReaderRole]),
                name="reading_role_known",
                violation_error_message="评审的身份不对。",
            ),
            models.CheckConstraint(
                condition=paired("ended_at", "ended_by"),
                name="reading_end_paired",
                violation_error_message="撤下须有时间。",
            ),
        ]

    def __str__(self) -> str:
        return self.label


class ScoreCardQuerySet(models.QuerySet["ScoreCard"]):
    """Cards by state and scope."""

    def signed(self) -> "ScoreCardQuerySet":
        """Those that count."""
        return self.filter(state=CardState.SIGNED.value, reading__ended_at__isnull=True)

    def living(self) -> "ScoreCardQuerySet":
        """Those that were not annulled."""
        return self.exclude(state=CardState.ANNULLED.value)

    def visible_to(self, user: Any) -> "ScoreCardQuerySet":
        """One's own, and those of rounds that the user carries out or confirms."""
        condition = reviewed(user, "reading__stage__round__programme__area", "reading__expert")
        return self if condition is None else self.filter(condition)


class ScoreCard(models.Model):
    """An expert's sheet of one project. Kept as a draft while he fills it in; after his signature neither it nor its
    scores change (the database refuses), only an annulment with a reason lets a new one be made.
    """

    reading = models.ForeignKey(Reading, models.PROTECT, related_name="cards", verbose_name="评审")
    state = models.CharField("状态", max_length=10, default=CardState.DRAFT.value)
    suggested_fen = models.BigIntegerField("建议资助金额（分）", null=True)
    comment = models.TextField("评语", max_length=1000, blank=True, default="")
    total = models.PositiveIntegerField("总分（百分之一分）", null=True)
    saved_at = models.DateTimeField("保存时间")
    saved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="保存人")
    signed_at = models.DateTimeField("签字时间", null=True)
    signed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="签字人")
    annulled_at = models.DateTimeField("作废时间", null=True)
    annulled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="作废人")
    annulled_reason = models.CharField("作废的理由", max_length=200, blank=True, default="")
    version = models.PositiveIntegerField("版本", default=1)

    objects = ScoreCardQuerySet.as_manager()

    @property
    def remark(self) -> Remark:
        """What the expert says besides his points."""
        return Remark(self.suggested_fen, self.comment)

    class Meta:
        ordering = ["reading_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["reading"],
                condition=~Q(state=CardState.ANNULLED.value),
                name="score_card_once",
                violation_error_message="这次评审已有一份评分表。",
            ),
            models.CheckConstraint(
                condition=Q(state=CardState.DRAFT.value, signed_at__isnull=True, annulled_at__isnull=True)
                | Q(state=CardState.SIGNED.value, signed_at__isnull=False, total__isnull=False,
                    annulled_at__isnull=True)
                | Q(state=CardState.ANNULLED.value, signed_at__isnull=False, annulled_at__isnull=False),
                name="score_card_state_lawful",
                violation_error_message="签字的评分表须有总分，签过字的才能作废。",
            ),
            models.CheckConstraint(
                condition=Q(suggested_fen__isnull=True) | Q(suggested_fen__gte=0),
                name="score_card_amount_lawful",
                violation_error_message="建议金额不能小于零。",
            ),
            models.CheckConstraint(
                condition=~Q(state=CardState.ANNULLED.value) | ~Q(annulled_reason=""),
                name="score_card_annulment_reasoned",
                violation_error_message="作废须写明理由。",
            ),
            models.CheckConstraint(
                condition=paired("signed_at", "signed_by"),
                name="score_card_signature_paired",
                violation_error_message="签字须有时间。",
            ),
            models.CheckConstraint(
                condition=paired("annulled_at", "annulled_by"),
                name="score_card_annulment_paired",
                violation_error_message="作废须有时间。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"#{self.pk}"


class ScoreQuerySet(models.QuerySet["Score"]):
    """Scores by scope."""

    def visible_to(self, user: Any) -> "ScoreQuerySet":
        """Those of cards that the user sees."""
        return self.filter(card__in=ScoreCard.objects.visible_to(user))


class Score(models.Model):
    """What one item of a card was given. `most` is the full score, copied so that the database holds the border."""

    card = models.ForeignKey(ScoreCard, models.PROTECT, related_name="scores", verbose_name="评分表")
    item = models.CharField("评分项", max_length=20)
    hundredths = models.PositiveIntegerField("得分（百分之一分）")
    most = models.PositiveIntegerField("满分（百分之一分）")

    objects = ScoreQuerySet.as_manager()

    class Meta:
        ordering = ["card_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["card", "item"], name="score_once", violation_error_message="一项只打一次分。"
            ),
            models.CheckConstraint(
                condition=Q(hundredths__lte=models.F("most")),
                name="score_within",
                violation_error_message="得分不能超过该项的满分。",
            ),
        ]

    def __str__(self) -> str:
        return self.item


class DiscussionQuerySet(models.QuerySet["Discussion"]):
    """Discussions by scope."""

    def visible_to(self, user: Any) -> "DiscussionQuerySet":
        """Those of rounds that the user carries out or confirms."""
        condition = reviewed(user, "stage__round__programme__area")
        return self if condition is None else self.filter(condition)


class Discussion(models.Model):
    """That the experts' totals of a project lie far apart was talked over (GV-REV-05), and what came of it."""

    stage = models.ForeignKey(ReviewStage, models.PROTECT, related_name="discussions", verbose_name="阶段")
    project = models.ForeignKey(Project, models.PROTECT, related_name="+", verbose_name="项目")
    note = models.TextField("讨论记录", max_length=1000)
    held_at = models.DateTimeField("讨论时间")
    held_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="记录人")

    objects = DiscussionQuerySet.as_manager()

    class Meta:
        ordering = ["stage_id", "project_id", "pk"]

    def __str__(self) -> str:
        return f"#{self.pk}"
