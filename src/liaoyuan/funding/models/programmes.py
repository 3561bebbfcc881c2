"""Programmes, their yearly rounds, the money and the quotas of a round. Money in fen."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q

from liaoyuan.core.models import Area, User
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.choices.rounds import PoolSource, ProgrammeKind, QuotaKind, RoundPhase, RoundState
from liaoyuan.funding.models.base import areas_above, own_bodies, paired, within_reach


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    """Programmes by scope."""

    def visible_to(self, user: Any) -> "ProgrammeQuerySet":
        """Those of the areas whose grants the user sees."""
        condition = within_reach(user, Permission.VIEW, "area")
        return self if condition is None else self.filter(condition)


class Programme(models.Model):
    """A standing programme of an area, such as its 公益创投: who runs it, under which place's figures.

    `code` names the jurisdiction `programme:<code>` whose policy parameters come after those of the area. `host` is the
    bureau in charge (主办), `organizer` the third party that carries it out (承办), if there is one.
    """

    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name="区划")
    code = models.CharField("代号", max_length=30, unique=True)
    kind = models.CharField("类别", max_length=10, default=ProgrammeKind.VENTURE.value)
    name = models.CharField("名称", max_length=80)
    host = models.CharField("主办单位", max_length=80)
    organizer = models.CharField("承办单位", max_length=80, blank=True, default="")
    basis = models.CharField("依据", max_length=200, blank=True, default="")
    version = models.PositiveIntegerField("版本", default=1)
    created_at = models.DateTimeField("录入时间")
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="录入人")

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        ordering = ["area_id", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[str(kind) for kind in ProgrammeKind]),
                name="programme_kind_known",
                violation_error_message="计划的类别不对。",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class GrantRoundQuerySet(models.QuerySet["Round"]):
    """Rounds by state and scope."""

    def announced(self) -> "GrantRoundQuerySet":
        """Those whose call was published: from then on they are public facts."""
        return self.filter(opened_at__isnull=False)

    def taking(self, on: date) -> "GrantRoundQuerySet":
        """Those that take applications on the day."""
        return self.filter(state=RoundState.OPEN.value, opens_on__lte=on, closes_on__gte=on)

    def run_by(self, user: Any, permission: str) -> "GrantRoundQuerySet":
        """Those over whose area the user holds the permission."""
        condition = within_reach(user, permission, "programme__area")
        return self if condition is None else self.filter(condition)

    def visible_to(self, user: Any) -> "GrantRoundQuerySet":
        """Those of the areas whose grants the user sees, and those for which a street collects needs; to whoever acts
        for a body, all that were announced.
        """
        condition = within_reach(user, Permission.VIEW, "programme__area")
        if condition is None:
            return self
        above = areas_above(user, Permission.NEED_EDIT)
        if above:
            condition |= Q(programme__area__code__in=above)
        if own_bodies(user, Permission.OWN_VIEW):
            condition |= Q(opened_at__isnull=False, practice=False)
        return self.filter(condition)


class Round(models.Model):
    """One round (一届) of a programme.

    `place` is the profile whose figures the round begins with. `figures` holds the parameter rows the round was opened
    with: every rule of the round is judged by them, whatever changes later. `own_figures` are figures of this round
    alone (key → value), drafted by one person (`figures_by`) and confirmed by a second one (`confirmed_by`) before it
    opens. Days are inclusive; applications are taken from `opens_on` to the end of `closes_on`. `practice` rounds count
    nowhere. An `imported` one came in with its projects from the office's sheet of a past year: its days are assumed.
    """

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="rounds", verbose_name="计划")
    year = models.PositiveSmallIntegerField("年度")
    title = models.CharField("名称", max_length=80)
    state = models.CharField("状态", max_length=10, default=RoundState.PLANNED.value)
    practice = models.BooleanField("练习", default=False)
    imported = models.BooleanField("由历届台账导入", default=False)
    place = models.CharField("参照方案", max_length=40)
    call = models.TextField("征集公告", blank=True, default="")
    opens_on = models.DateField("申报开始")
    closes_on = models.DateField("申报截止")
    eligible_by = models.DateField("资格审查完成", null=True)
    review_by = models.DateField("评审完成", null=True)
    publicity_from = models.DateField("公示开始", null=True)
    publicity_to = models.DateField("公示结束", null=True)
    sign_by = models.DateField("签约完成", null=True)
    runs_from = models.DateField("实施开始", null=True)
    runs_to = models.DateField("实施结束", null=True)
    own_figures = models.JSONField("本届参数", default=dict)
    own_reason = models.CharField("本届参数的依据", max_length=200, blank=True, default="")
    figures_at = models.DateTimeField("本届参数起草时间", null=True)
    figures_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="本届参数起草人")
    confirmed_at = models.DateTimeField("本届参数确认时间", null=True)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="本届参数确认人")
    figures = models.JSONField("开始时的参数", default=dict)
    opened_at = models.DateTimeField("发布时间", null=True)
    opened_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="发布人")
    last_number = models.PositiveIntegerField("最后的编号", default=0)
    ended_at = models.DateTimeField("结束时间", null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="结束人")
    ended_reason = models.CharField("结束事由", max_length=200, blank=True, default="")
    version = models.PositiveIntegerField("版本", default=1)
    created_at = models.DateTimeField("录入时间")
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="录入人")

    objects = GrantRoundQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "title"],
                condition=~Q(state=RoundState.CANCELLED.value),
                name="round_title_once",
                violation_error_message="这个计划已有同名的一届。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[str(state) for state in RoundState]),
                name="round_state_known",
                violation_error_message="这一届的状态不对。",
            ),
            models.CheckConstraint(
                condition=Q(closes_on__gte=F("opens_on")),
                name="round_window_in_order",
                violation_error_message="申报截止不能早于申报开始。",
            ),
            models.CheckConstraint(
                condition=Q(state=RoundState.PLANNED.value)
                | Q(state=RoundState.CANCELLED.value)
                | Q(opened_at__isnull=False),
                name="round_opened_told",
                violation_error_message="发布须有时间。",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | Q(figures_by__isnull=True) | ~Q(confirmed_by=F("figures_by")),
                name="round_figures_two_persons",
                violation_error_message="本届参数须由起草人以外的人确认。",
            ),
            models.CheckConstraint(
                condition=paired("figures_at", "figures_by"),
                name="round_figures_paired",
                violation_error_message="起草本届参数须有时间。",
            ),
            models.CheckConstraint(
                condition=paired("confirmed_at", "confirmed_by"),
                name="round_confirmation_paired",
                violation_error_message="确认本届参数须有时间。",
            ),
            models.CheckConstraint(
                condition=paired("opened_at", "opened_by"),
                name="round_opening_paired",
                violation_error_message="发布须有时间。",
            ),
            models.CheckConstraint(
                condition=paired("ended_at", "ended_by"),
                name="round_end_paired",
                violation_error_message="结束须有时间。",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def phase(self, on: date) -> RoundPhase:
        """What the round looks like on the day."""
        if self.state == RoundState.OPEN:
            early, late = on < self.opens_on, on > self.closes_on
            return RoundPhase.ANNOUNCED if early else RoundPhase.CLOSED if late else RoundPhase.OPEN
        return RoundPhase(self.state)


class OfRoundQuerySet[M: models.Model](models.QuerySet[M]):
    """Rows of rounds, by scope."""

    def visible_to(self, user: Any) -> "OfRoundQuerySet[M]":
        """Those of rounds that the user sees."""
        return self.filter(round__in=Round.objects.visible_to(user))


class Pool(models.Model):
    """Money of one source for a round. `committed_fen` is what agreements have taken of it, never above the ceiling;
    `paid_fen` what of that was paid out, `returned_fen` what of that came back. Money that came back is not given
    again. The entries of its ledger add up to these three.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="pools", verbose_name="届")
    source = models.CharField("来源", max_length=10)
    title = models.CharField("名称", max_length=60)
    street = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+", verbose_name="所属街道（镇）")
    ceiling_fen = models.BigIntegerField("总额")
    committed_fen = models.BigIntegerField("已用", default=0)
    paid_fen = models.BigIntegerField("已拨", default=0)
    returned_fen = models.BigIntegerField("已退回", default=0)
    document = models.CharField("下达文号", max_length=80, blank=True, default="")

    objects = OfRoundQuerySet["Pool"].as_manager()

    class Meta:
        ordering = ["round_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "title"], name="pool_once", violation_error_message="这一届已有同名的资金池。"
            ),
            models.CheckConstraint(
                condition=Q(source__in=[str(source) for source in PoolSource]),
                name="pool_source_known",
                violation_error_message="资金来源不对。",
            ),
            models.CheckConstraint(
                condition=Q(committed_fen__gte=0) & Q(committed_fen__lte=F("ceiling_fen")),
                name="pool_never_overdrawn",
                violation_error_message="超出资金池余额。",
            ),
            models.CheckConstraint(
                condition=Q(returned_fen__gte=0, returned_fen__lte=F("paid_fen"), paid_fen__lte=F("committed_fen")),
                name="pool_paid_within_committed",
                violation_error_message="拨付超过协议占用的资金，或退回超过拨付。",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def left_fen(self) -> int:
        """What is left of it, in fen."""
        return self.ceiling_fen - self.committed_fen


class RoundQuota(models.Model):
    """How many projects, or how much money, may at most (or shall at least) go to one street, field or type."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="quotas", verbose_name="届")
    kind = models.CharField("口径", max_length=8)
    value = models.CharField("对象", max_length=30, blank=True, default="")
    least = models.PositiveIntegerField("至少（个）", null=True)
    most = models.PositiveIntegerField("至多（个）", null=True)
    most_fen = models.BigIntegerField("金额至多", null=True)

    objects = OfRoundQuerySet["RoundQuota"].as_manager()

    class Meta:
        ordering = ["round_id", "kind", "value"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "kind", "value"], name="quota_once", violation_error_message="这个对象已有名额。"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[str(kind) for kind in QuotaKind]),
                name="quota_kind_known",
                violation_error_message="名额的口径不对。",
            ),
            models.CheckConstraint(
                condition=Q(least__isnull=True) | Q(most__isnull=True) | Q(most__gte=F("least")),
                name="quota_in_order",
                violation_error_message="至多不能少于至少。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.value}"
