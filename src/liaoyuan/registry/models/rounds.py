"""等级评估: rounds, sheets of indicators (F17), bodies in a round, their scores. Points are integers, in tenths."""

from typing import Any

from django.db import models
from django.db.models import F, OuterRef, Q

from liaoyuan.core import access
from liaoyuan.core.models import Area, User
from liaoyuan.registry.choices import RATINGS, REGISTERED, EntryState, Permission
from liaoyuan.registry.models.organizations import Organization, Standing
from liaoyuan.registry.models.records import Rating

_STATES = [str(state) for state in EntryState]


def within_reach(user: Any, permission: str, field: str = "area") -> Q:
    """Rows whose area lies in an area for which the user holds the permission."""
    reach = access.reach(user, permission)
    condition = Q() if reach.everything else Q(pk__in=[])
    for path in reach.paths if not reach.everything else ():
        condition |= Q(**{f"{field}__in": Area.objects.within(path)})
    return condition


class SheetQuerySet(models.QuerySet["RatingSheet"]):
    """Sheets by scope."""

    def visible_to(self, user: Any) -> "SheetQuerySet":
        """Sheets of the areas whose register the user sees or whose ratings he runs."""
        return self.filter(within_reach(user, Permission.VIEW) | within_reach(user, Permission.RATING_MANAGE))


class RatingSheet(models.Model):
    """A sheet of indicators for one type of body, as of a day. A sheet that scores rest on is never changed: a changed
    one is a new sheet. `origin` "example" = adopted from the examples of the release.
    """

    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name="区划")
    kind = models.CharField("类型", max_length=2)
    title = models.CharField("名称", max_length=80)
    valid_from = models.DateField("起用日期")
    source = models.CharField("依据", max_length=200, blank=True, default="")
    origin = models.CharField("来源", max_length=10, default="local")
    created_at = models.DateTimeField("录入时间")
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="录入人")

    objects = SheetQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "-valid_from", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["area", "kind", "valid_from"],
                name="rating_sheet_once",
                violation_error_message="这个类型在这一天已有一份指标表。",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[str(kind) for kind in REGISTERED]),
                name="rating_sheet_kind_known",
                violation_error_message="指标表只用于社会团体、民办非企业单位、基金会。",
            ),
            models.CheckConstraint(
                condition=Q(origin__in=["local", "example"]),
                name="rating_sheet_origin_known",
                violation_error_message="指标表的来源不对。",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class RatingItem(models.Model):
    """One indicator of the third level with its points (tenths); `bonus` adds beyond the full score."""

    sheet = models.ForeignKey(RatingSheet, models.CASCADE, related_name="items", verbose_name="指标表")
    number = models.PositiveSmallIntegerField("序号")
    first = models.CharField("一级指标", max_length=40)
    second = models.CharField("二级指标", max_length=60)
    third = models.CharField("三级指标", max_length=200)
    tenths = models.PositiveIntegerField("分值（十分之一分）")
    bonus = models.BooleanField("加分项", default=False)

    class Meta:
        ordering = ["sheet", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "number"], name="rating_item_once", violation_error_message="序号重复。"
            ),
            models.CheckConstraint(
                condition=Q(tenths__gt=0) & ~Q(third=""),
                name="rating_item_worth",
                violation_error_message="每项指标须有名称和大于零的分值。",
            ),
        ]

    def __str__(self) -> str:
        return self.third


class RoundQuerySet(models.QuerySet["RatingRound"]):
    """Rounds by scope."""

    def visible_to(self, user: Any) -> "RoundQuerySet":
        """Rounds of the areas whose register the user sees, and of the registrars of his own organizations."""
        own = access.reach(user, Permission.RATING_OWN).organizations
        condition = within_reach(user, Permission.VIEW)
        if own:
            paths = Standing.objects.now_open().filter(organization__in=own)
            codes = {code for path in paths.values_list("registrar_area__path", flat=True)
                     for code in path.strip("/").split("/")}  # fmt: skip
            condition |= Q(area__code__in=codes)
        return self.filter(condition)


class RatingRound(models.Model):
    """One round of a year: its dates, and the figures it was opened with (`levels`: whole points from 5A down)."""

    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name="区划")
    year = models.PositiveSmallIntegerField("年度")
    number = models.PositiveSmallIntegerField("批次", default=1)
    title = models.CharField("名称", max_length=80)
    called_on = models.DateField("通知日期")
    assess_until = models.DateField("自评截止")
    visits_from = models.DateField("考察起")
    visits_until = models.DateField("考察止")
    review_on = models.DateField("评审会日期")
    members = models.PositiveSmallIntegerField("评估委员会全体委员数")
    levels = models.JSONField("各等级最低分", default=dict)
    publicity_days = models.PositiveSmallIntegerField("公示工作日数")
    vote_num = models.PositiveSmallIntegerField("通过票数分子")
    vote_den = models.PositiveSmallIntegerField("通过票数分母")
    draft_figures = models.BooleanField("含待确认的参数", default=False)
    sheet_st = models.ForeignKey(RatingSheet, models.PROTECT, null=True, related_name="+", verbose_name="社会团体指标")
    sheet_mf = models.ForeignKey(RatingSheet, models.PROTECT, null=True, related_name="+", verbose_name="民非指标")
    sheet_jj = models.ForeignKey(RatingSheet, models.PROTECT, null=True, related_name="+", verbose_name="基金会指标")
    publicity_from = models.DateField("公示起", null=True)
    publicity_until = models.DateField("公示止", null=True)
    provisional = models.BooleanField("公示止为暂定", default=False)
    opened_at = models.DateTimeField("开始时间")
    opened_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="开始人")
    closed_at = models.DateTimeField("结束时间", null=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="结束人")

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "-number", "area"]
        constraints = [
            models.UniqueConstraint(
                fields=["area", "year", "number"],
                name="rating_round_once",
                violation_error_message="这一年的这一批已经有了。",
            ),
            models.CheckConstraint(
                condition=Q(assess_until__gte=F("called_on"), visits_until__gte=F("visits_from"),
                            visits_from__gte=F("called_on"), review_on__gte=F("visits_from")),
                name="rating_round_dates_in_order",
                violation_error_message="评估的日期须依次为：通知、自评截止、实地考察起止、评审会。",
            ),
            models.CheckConstraint(
                condition=Q(members__gt=0, vote_den__gt=0, vote_num__gt=0, vote_num__lte=F("vote_den")),
                name="rating_round_votes_possible",
                violation_error_message="委员人数和通过票数不对。",
            ),
            models.CheckConstraint(
                condition=Q(publicity_from__isnull=True, publicity_until__isnull=True)
                | Q(publicity_from__isnull=False, publicity_until__gte=F("publicity_from")),
                name="rating_round_publicity_whole",
                violation_error_message="公示须有起止日期。",
            ),
            models.CheckConstraint(
                condition=Q(closed_by__isnull=True) | Q(closed_at__isnull=False),
                name="rating_round_closed_paired",
                violation_error_message="结束须有时间。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    def sheet_of(self, kind: str) -> int | None:
        """The key of the sheet for a type of body."""
        return {"ST": self.sheet_st_id, "MF": self.sheet_mf_id, "JJ": self.sheet_jj_id}.get(kind)


class EntryQuerySet(models.QuerySet["RatingEntry"]):
    """Bodies in rounds by scope."""

    def present(self) -> "EntryQuerySet":
        """Without those that left the round."""
        return self.exclude(state=EntryState.WITHDRAWN.value)

    def visible_to(self, user: Any) -> "EntryQuerySet":
        """Entries of rounds in the areas whose register the user sees, and of his own organizations."""
        own = access.reach(user, Permission.RATING_OWN).organizations
        return self.filter(within_reach(user, Permission.VIEW, "round__area") | Q(organization__in=own))

    def with_names(self) -> "EntryQuerySet":
        """Each with the present `name` and `kind` of its body."""
        row = Standing.objects.now_open().filter(organization=OuterRef("organization"))
        return self.annotate(name=models.Subquery(row.values("name")[:1]), kind=models.Subquery(row.values("kind")[:1]))


class RatingEntry(models.Model):
    """One body in one round: what it declares, its own score, the experts' sum, the committee's level.

    `self_tenths` and `expert_sum` in tenths; the experts' result is `expert_sum` / `expert_count`. `level` "" = none.
    `version` counts saved drafts of the self-assessment, so that two people do not overwrite each other.
    """

    round = models.ForeignKey(RatingRound, models.PROTECT, related_name="entries", verbose_name="批次")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="rating_entries", verbose_name="组织")
    sheet = models.ForeignKey(RatingSheet, models.PROTECT, related_name="+", verbose_name="指标表")
    state = models.CharField("状态", max_length=10, default=EntryState.DRAFT.value)
    penalised_on = models.DateField("最近一次行政处罚日期", null=True)
    penalty_open = models.BooleanField("处罚尚未执行完毕", default=False)
    investigated = models.BooleanField("正在被立案调查", default=False)
    self_tenths = models.PositiveIntegerField("自评分（十分之一分）", null=True)
    expert_sum = models.PositiveIntegerField("专家分之和（十分之一分）", default=0)
    expert_count = models.PositiveSmallIntegerField("完成评分的专家数", default=0)
    visited_on = models.DateField("实地考察日期", null=True)
    visit_note = models.CharField("考察情况", max_length=500, blank=True, default="")
    level = models.CharField("评审等级", max_length=2, blank=True, default="")
    rating = models.ForeignKey(Rating, models.PROTECT, null=True, related_name="+", verbose_name="授予的等级")
    returned_reason = models.CharField("退回或退出的理由", max_length=300, blank=True, default="")
    on_behalf = models.CharField("代填", max_length=120, blank=True, default="")
    version = models.PositiveIntegerField("版本", default=1)
    created_at = models.DateTimeField("录入时间")
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="录入人")
    submitted_at = models.DateTimeField("提交时间", null=True)
    submitted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="提交人")

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ["round", "organization"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "organization"],
                condition=~Q(state=EntryState.WITHDRAWN.value),
                name="rating_entry_once",
                violation_error_message="该组织已在这一批评估里。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_STATES), name="rating_entry_state_known", violation_error_message="状态不对。"
            ),
            models.CheckConstraint(
                condition=Q(level__in=["", *RATINGS]),
                name="rating_entry_level_known",
                violation_error_message="评估等级只能是 1A 至 5A。",
            ),
            models.CheckConstraint(
                condition=Q(submitted_by__isnull=True) | Q(submitted_at__isnull=False),
                name="rating_entry_submitted_paired",
                violation_error_message="提交须有时间。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn"])
                | Q(submitted_at__isnull=False, self_tenths__isnull=False),
                name="rating_entry_submitted_whole",
                violation_error_message="提交的自评须有时间和总分。",
            ),
            models.CheckConstraint(
                condition=Q(rating__isnull=True) | Q(state=EntryState.AWARDED.value),
                name="rating_entry_award_last",
                violation_error_message="只有已授予的才有评估等级。",
            ),
        ]

    def __str__(self) -> str:
        return str(self.organization)


class AssessorQuerySet(models.QuerySet["Assessor"]):
    """Assessors by scope."""

    def active(self) -> "AssessorQuerySet":
        """Those who may be assigned."""
        return self.filter(ended_on__isnull=True)

    def visible_to(self, user: Any) -> "AssessorQuerySet":
        """Assessors of the areas whose ratings the user runs."""
        return self.filter(within_reach(user, Permission.RATING_MANAGE))


class Assessor(models.Model):
    """A person who scores bodies: name and employer, nothing else; `user` is the account, if there is one."""

    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name="区划")
    name = models.CharField("姓名", max_length=40)
    employer = models.CharField("工作单位", max_length=80, blank=True, default="")
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="账号")
    ended_on = models.DateField("停用日期", null=True)
    created_at = models.DateTimeField("录入时间")
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="录入人")

    objects = AssessorQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["area", "name", "employer"],
                condition=Q(ended_on__isnull=True),
                name="assessor_once",
                violation_error_message="已经有同名、同单位的评估人员。",
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(ended_on__isnull=True, user__isnull=False),
                name="assessor_user_once",
                violation_error_message="这个账号已经是另一位评估人员的。",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AssessorTie(models.Model):
    """What binds an assessor to a body: a post there (until `left_on`, empty = still) or another interest."""

    assessor = models.ForeignKey(Assessor, models.CASCADE, related_name="ties", verbose_name="评估人员")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name="组织")
    kind = models.CharField("关系", max_length=10)
    left_on = models.DateField("离开日期", null=True)
    recorded_at = models.DateTimeField("记录时间")
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="记录人")
    superseded_at = models.DateTimeField("被替代时间", null=True)

    class Meta:
        ordering = ["assessor", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessor", "organization", "kind"],
                condition=Q(superseded_at__isnull=True),
                name="assessor_tie_once",
                violation_error_message="这位评估人员与该组织的这种关系已经记下。",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["post", "interest"]),
                name="assessor_tie_kind_known",
                violation_error_message="关系不对。",
            ),
        ]

    def __str__(self) -> str:
        return self.kind


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    """Assignments by scope."""

    def standing(self) -> "AssignmentQuerySet":
        """Those that were not taken back."""
        return self.filter(ended_at__isnull=True)

    def of(self, user: Any) -> "AssignmentQuerySet":
        """The user's own ones, as an assessor who is still active."""
        return self.standing().filter(assessor__user=user.pk, assessor__ended_on__isnull=True)

    def visible_to(self, user: Any) -> "AssignmentQuerySet":
        """One's own, and those of the areas whose ratings the user runs."""
        return self.filter(within_reach(user, Permission.RATING_MANAGE, "entry__round__area") | Q(
            assessor__user=user.pk, assessor__ended_on__isnull=True, ended_at__isnull=True))  # fmt: skip


class Assignment(models.Model):
    """An assessor for a body. Before scoring he declares whether he has a conflict; with one he scores nothing."""

    entry = models.ForeignKey(RatingEntry, models.PROTECT, related_name="assignments", verbose_name="参评组织")
    assessor = models.ForeignKey(Assessor, models.PROTECT, related_name="assignments", verbose_name="评估人员")
    assigned_at = models.DateTimeField("分配时间")
    assigned_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="分配人")
    declared_at = models.DateTimeField("声明时间", null=True)
    conflict = models.BooleanField("声明回避", null=True)
    reason = models.CharField("回避或撤下的理由", max_length=200, blank=True, default="")
    finished_at = models.DateTimeField("完成时间", null=True)
    tenths = models.PositiveIntegerField("总分（十分之一分）", null=True)
    comment = models.CharField("评语", max_length=500, blank=True, default="")
    on_behalf = models.CharField("代填", max_length=120, blank=True, default="")
    ended_at = models.DateTimeField("撤下时间", null=True)
    version = models.PositiveIntegerField("版本", default=1)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["entry", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "assessor"],
                condition=Q(ended_at__isnull=True),
                name="assignment_once",
                violation_error_message="这位评估人员已经分配给该组织。",
            ),
            models.CheckConstraint(
                condition=Q(declared_at__isnull=True, conflict__isnull=True)
                | Q(declared_at__isnull=False, conflict__isnull=False),
                name="assignment_declared_whole",
                violation_error_message="回避声明须有时间。",
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(conflict=False, tenths__isnull=False),
                name="assignment_finished_lawful",
                violation_error_message="声明没有回避情形、打完分的才能提交。",
            ),
        ]

    def __str__(self) -> str:
        return str(self.assessor)


class RatingScore(models.Model):
    """Points for one indicator: the body's own (`assignment` empty) or an expert's. `most` is the indicator's full
    score, copied so that the database itself holds the border. `page` says where the evidence stands.
    """

    entry = models.ForeignKey(RatingEntry, models.CASCADE, related_name="scores", verbose_name="参评组织")
    assignment = models.ForeignKey(
        Assignment, models.CASCADE, null=True, related_name="scores", verbose_name="评估人员"
    )
    item = models.ForeignKey(RatingItem, models.PROTECT, related_name="+", verbose_name="指标")
    tenths = models.PositiveIntegerField("分数（十分之一分）", null=True)
    most = models.PositiveIntegerField("满分（十分之一分）")
    page = models.CharField("佐证页码或附件", max_length=100, blank=True, default="")

    class Meta:
        ordering = ["entry", "item"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "item"],
                condition=Q(assignment__isnull=True),
                name="rating_score_self_once",
                violation_error_message="每项指标只有一个自评分。",
            ),
            models.UniqueConstraint(
                fields=["assignment", "item"],
                condition=Q(assignment__isnull=False),
                name="rating_score_expert_once",
                violation_error_message="每位专家对每项指标只有一个分数。",
            ),
            models.CheckConstraint(
                condition=Q(tenths__isnull=True) | Q(tenths__lte=F("most")),
                name="rating_score_within",
                violation_error_message="分数不能超过这项指标的分值。",
            ),
        ]

    def __str__(self) -> str:
        return str(self.tenths)
