"""The daily life of a branch: talks, training, the yearly plan, the yearly review (handbook §2.2, §2.5; F10)."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.choices.life import Duty, MeetingKind, Pair
from liaoyuan.party.models.base import Recorded, RecordedQuerySet, within_reach
from liaoyuan.party.models.meetings import Meeting
from liaoyuan.party.models.members import Member
from liaoyuan.party.models.organizations import PartyOrganization


class OfBranchQuerySet[M: models.Model](RecordedQuerySet[M]):
    """Rows about members, seen by whoever sees the branch's roster."""

    def visible_to(self, user: Any) -> Any:
        """Those of branches whose roster the user sees."""
        condition = within_reach(user, Permission.MEMBERS_VIEW, "party_organization")
        return self if condition is None else self.filter(condition)


class TalkQuerySet(OfBranchQuerySet["Talk"]):
    """Talks by scope."""


class Talk(Recorded):
    """谈心谈话: the day, the kind of pair, the pair. What was said is kept nowhere."""

    party_organization = models.ForeignKey(PartyOrganization, models.PROTECT, related_name="+", verbose_name="党支部")
    on = models.DateField("日期")
    kind = models.CharField("类别", max_length=10)
    one = models.ForeignKey(Member, models.PROTECT, related_name="+", verbose_name="一方")
    other = models.ForeignKey(Member, models.PROTECT, related_name="+", verbose_name="另一方")

    objects = TalkQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-pk"]
        indexes = [models.Index(fields=["party_organization", "on"], name="talk_of_branch")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[str(p) for p in Pair]),
                name="talk_kind_known",
                violation_error_message="谈心谈话的类别不对。",
            ),
            models.CheckConstraint(
                condition=~Q(one=F("other")), name="talk_of_two", violation_error_message="谈心谈话须是两个人。"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on}"


class TrainingQuerySet(OfBranchQuerySet["TrainingRecord"]):
    """Training by scope."""


class TrainingRecord(Recorded):
    """Study and training of one member: the day, what, how long (党员教育管理工作条例: hours a year). `rotation`: a
    training of a county or above, of which a secretary attends one a year.
    """

    party_organization = models.ForeignKey(PartyOrganization, models.PROTECT, related_name="+", verbose_name="党支部")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+", verbose_name="党员")
    on = models.DateField("日期")
    what = models.CharField("内容", max_length=120)
    spent = models.PositiveIntegerField("时长（分钟）")
    rotation = models.BooleanField("县级以上轮训", default=False)

    objects = TrainingQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-pk"]
        indexes = [models.Index(fields=["party_organization", "on"], name="training_of_branch")]
        constraints = [
            models.CheckConstraint(
                condition=Q(spent__gt=0, spent__lte=60 * 200) & ~Q(what=""),
                name="training_told",
                violation_error_message="请写明内容，时长须大于 0、不超过 200 学时。",
            ),
        ]

    def __str__(self) -> str:
        return self.what


class PlanQuerySet(RecordedQuerySet["LifePlan"]):
    """Plans by scope."""

    def visible_to(self, user: Any) -> Any:
        """Those of party organizations that the user's grants reach."""
        condition = within_reach(user, Permission.VIEW, "party_organization")
        return self if condition is None else self.filter(condition)


class LifePlan(Recorded):
    """A line of a branch's yearly plan: under which duty (支部工作条例 art. 10), in which month, what, by whom."""

    party_organization = models.ForeignKey(PartyOrganization, models.PROTECT, related_name="+", verbose_name="党支部")
    year = models.PositiveSmallIntegerField("年度")
    duty = models.CharField("职责", max_length=10)
    month = models.PositiveSmallIntegerField("月份")
    kind = models.CharField("会议类型", max_length=10, blank=True, default="")
    what = models.CharField("内容", max_length=200)
    who = models.CharField("负责人", max_length=60, blank=True, default="")

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["year", "month", "pk"]
        indexes = [models.Index(fields=["party_organization", "year"], name="life_plan_of_branch")]
        constraints = [
            models.CheckConstraint(
                condition=Q(duty__in=[str(d) for d in Duty], month__gte=1, month__lte=12)
                & Q(kind__in=["", *(str(k) for k in MeetingKind)])
                & ~Q(what=""),
                name="life_plan_told",
                violation_error_message="请写明职责、1 至 12 月的月份和内容。",
            ),
        ]

    def __str__(self) -> str:
        return self.what


class ReviewQuerySet(OfBranchQuerySet["MemberReview"]):
    """Reviews. Whoever sees the roster sees that there is one; the grade is opened by `queries.reviews` only."""


class MemberReview(Recorded):
    """民主评议党员 of one member and year. `review_grade` (C4) is vault ciphertext; zone internet holds no such row.

    The branch's committee and the member may read it, nobody else; it leaves the house only in the branch's own F10.
    """

    party_organization = models.ForeignKey(PartyOrganization, models.PROTECT, related_name="+", verbose_name="党支部")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+", verbose_name="党员")
    year = models.PositiveSmallIntegerField("年度")
    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, related_name="+", verbose_name="会议")
    review_grade = models.CharField("评议结果", max_length=200)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["year", "member", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["party_organization", "member", "year"],
                condition=Q(superseded_at__isnull=True),
                name="member_review_once",
                violation_error_message="这名党员这一年已有评议结果。",
            ),
            models.CheckConstraint(
                condition=~Q(review_grade=""),
                name="member_review_told",
                violation_error_message="请写明评议结果。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}"
