"""Projects: what a body hands in to a round, the slots it takes there, what was asked back. Money in fen."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.db.models.lookups import LessThanOrEqual

from liaoyuan.core.models import Area, User
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.choices.states import COUNTED, ProjectState
from liaoyuan.funding.models.base import own_bodies, paired, within_reach
from liaoyuan.funding.models.needs import Need
from liaoyuan.funding.models.programmes import Round
from liaoyuan.registry.models import Organization

_COUNTED = sorted(str(state) for state in COUNTED)
_NOT_COUNTED = ~Q(state__in=_COUNTED)


class ProjectQuerySet(models.QuerySet["Project"]):
    """Projects by state and scope."""

    def handed_in(self) -> "ProjectQuerySet":
        """Without what was never handed in, which nobody sees but the body itself and who fills in for it."""
        return self.exclude(number="")

    def counted(self) -> "ProjectQuerySet":
        """Those that take a slot of their body's quota."""
        return self.filter(state__in=_COUNTED)

    def of_body(self, organization: Organization) -> "ProjectQuerySet":
        """Those in which the body applies, itself or as the sponsor of a filed one."""
        return self.filter(Q(organization=organization) | Q(sponsor=organization))

    def visible_to(self, user: Any) -> "ProjectQuerySet":
        """What was handed in to rounds that the user sees by area, what he himself began there for a body, and all of
        the bodies for which he acts.
        """
        condition = within_reach(user, Permission.VIEW, "round__programme__area")
        if condition is None:
            return self
        condition &= ~Q(number="") | Q(created_by=user.pk)
        own = own_bodies(user, Permission.OWN_VIEW)
        if own:
            condition |= Q(organization__in=own) | Q(sponsor__in=own)
        return self.filter(condition)


class Project(models.Model):
    """One application and what becomes of it.

    `organization` applies and is counted; `sponsor` is the registered body through which a filed one applies, which
    holds the account and signs. `answers` holds the texts of the form by field (`params.application_form`).
    `total_fen`, `grant_fen`, `own_fen` are the sums of the budget's lines; `pay_fen` what of `base_fen` (the total or
    the grant) goes to full-time staff as GV-BUD-01 counts it, `staff_fen` what of the grant goes to staff (GV-BUD-02).
    A row that counts copies the limits it was judged by, and the database holds them: `share_num`/`share_den` of the
    base, `staff_num`/`staff_den` of the grant (den 0 = no such limit), `cap_fen` of the grant (null = none). `number`
    is given at the first handing in.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="projects", verbose_name="届")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name="申报组织")
    sponsor = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="+", verbose_name="支持组织")
    need = models.ForeignKey(Need, models.PROTECT, null=True, related_name="projects", verbose_name="对应需求")
    copied_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", verbose_name="复制自")
    number = models.CharField("编号", max_length=30, blank=True, default="")
    title = models.CharField("项目名称", max_length=60)
    state = models.CharField("状态", max_length=20, default=ProjectState.DRAFT.value)
    field = models.CharField("领域", max_length=20, blank=True, default="")
    area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+", verbose_name="落地街道（社区）")
    starts_on = models.DateField("开始日期", null=True)
    ends_on = models.DateField("结束日期", null=True)
    answers = models.JSONField("申报书", default=dict)
    total_fen = models.BigIntegerField("预算总额", default=0)
    grant_fen = models.BigIntegerField("申请资助", default=0)
    own_fen = models.BigIntegerField("自筹配套", default=0)
    base_fen = models.BigIntegerField("占比的基数", default=0)
    pay_fen = models.BigIntegerField("专职人员费用", default=0)
    staff_fen = models.BigIntegerField("资助中的人员费用", default=0)
    share_num = models.PositiveIntegerField("专职占比上限分子", default=0)
    share_den = models.PositiveIntegerField("专职占比上限分母", default=0)
    staff_num = models.PositiveIntegerField("人员占资助上限分子", default=0)
    staff_den = models.PositiveIntegerField("人员占资助上限分母", default=0)
    cap_fen = models.BigIntegerField("资助上限", null=True)
    findings = models.JSONField("提交时的核查", default=list)
    certified_at = models.DateTimeField("负责人确认时间", null=True)
    certified_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="确认的负责人")
    certified_version = models.PositiveIntegerField("确认的版本", null=True)
    submitted_at = models.DateTimeField("提交时间", null=True)
    submitted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="提交人")
    ended_at = models.DateTimeField("退出时间", null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="退出办理人")
    ended_reason = models.CharField("退出原因", max_length=200, blank=True, default="")
    version = models.PositiveIntegerField("版本", default=1)
    created_at = models.DateTimeField("录入时间")
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="录入人")

    objects = ProjectQuerySet.as_manager()

    class Meta:
        ordering = ["round_id", "number", "pk"]
        indexes = [
            models.Index(fields=["organization", "state"], name="project_of_body"),
            models.Index(fields=["round", "state", "number"], name="project_of_round"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "number"],
                condition=~Q(number=""),
                name="project_number_once",
                violation_error_message="项目编号重复。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[str(state) for state in ProjectState]),
                name="project_state_known",
                violation_error_message="项目的状态不对。",
            ),
            models.CheckConstraint(
                condition=Q(total_fen=F("grant_fen") + F("own_fen")),
                name="project_money_adds",
                violation_error_message="申请资助与自筹配套之和须等于预算总额。",
            ),
            models.CheckConstraint(
                condition=Q(grant_fen__gte=0, own_fen__gte=0, pay_fen__gte=0, staff_fen__gte=0),
                name="project_money_not_negative",
                violation_error_message="金额不能为负。",
            ),
            models.CheckConstraint(
                condition=_NOT_COUNTED
                | Q(share_den=0)
                | Q(LessThanOrEqual(F("pay_fen") * F("share_den"), F("base_fen") * F("share_num"))),
                name="project_share_kept",
                violation_error_message="专职人员费用的占比超过上限。",
            ),
            models.CheckConstraint(
                condition=Q(base_fen=F("total_fen")) | Q(base_fen=F("grant_fen")),
                name="project_base_known",
                violation_error_message="占比的基数须为预算总额或申请资助。",
            ),
            models.CheckConstraint(
                condition=_NOT_COUNTED
                | Q(staff_den=0)
                | Q(LessThanOrEqual(F("staff_fen") * F("staff_den"), F("grant_fen") * F("staff_num"))),
                name="project_staff_share_kept",
                violation_error_message="人员费用占资助金额的比例超过上限。",
            ),
            models.CheckConstraint(
                condition=_NOT_COUNTED | Q(cap_fen__isnull=True) | Q(grant_fen__lte=F("cap_fen")),
                name="project_grant_capped",
                violation_error_message="申请资助超过单个项目的上限。",
            ),
            models.CheckConstraint(
                condition=paired("certified_at", "certified_by"),
                name="project_certificate_paired",
                violation_error_message="负责人确认须有时间。",
            ),
            models.CheckConstraint(
                condition=paired("submitted_at", "submitted_by"),
                name="project_submission_paired",
                violation_error_message="提交须有时间。",
            ),
            models.CheckConstraint(
                condition=paired("ended_at", "ended_by"),
                name="project_end_paired",
                violation_error_message="退出须有时间。",
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="project_days_in_order",
                violation_error_message="结束日期不能早于开始日期。",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class SlotQuerySet(models.QuerySet["Slot"]):
    """Slots by scope."""

    def visible_to(self, user: Any) -> "SlotQuerySet":
        """Those of projects that the user sees."""
        return self.filter(project__in=Project.objects.visible_to(user))


class Slot(models.Model):
    """One place in the quota of a body in a round, taken by a project (GV-APP-01). Taken and given back under the lock;
    the database keeps that no slot is taken twice and none lies above the cap, whoever writes at the same moment.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="+", verbose_name="届")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name="计数的组织")
    project = models.ForeignKey(Project, models.PROTECT, related_name="slots", verbose_name="项目")
    slot = models.PositiveSmallIntegerField("名额序号")
    cap = models.PositiveSmallIntegerField("名额上限")

    objects = SlotQuerySet.as_manager()

    class Meta:
        ordering = ["round_id", "organization_id", "slot"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "organization", "slot"],
                name="slot_taken_once",
                violation_error_message="这个名额已被占用。",
            ),
            models.UniqueConstraint(
                fields=["project", "organization"],
                name="slot_once_per_project",
                violation_error_message="一个项目只占一个名额。",
            ),
            models.CheckConstraint(
                condition=Q(slot__gte=1) & Q(slot__lte=F("cap")),
                name="slot_below_cap",
                violation_error_message="超过了每个组织可以申报的项目数。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slot}/{self.cap}"


class SupplementQuerySet(models.QuerySet["Supplement"]):
    """Supplements by scope."""

    def visible_to(self, user: Any) -> "SupplementQuerySet":
        """Those of projects that the user sees."""
        return self.filter(project__in=Project.objects.visible_to(user))


class Supplement(models.Model):
    """An application returned to be corrected (退回补正): what, until when; the clock stands meanwhile."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="supplements", verbose_name="项目")
    text = models.TextField("补正意见", max_length=1000)
    sections = models.JSONField("须补正的部分", default=list)
    due_on = models.DateField("补正期限")
    asked_at = models.DateTimeField("退回时间")
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="退回人")
    answered_at = models.DateTimeField("重新提交时间", null=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="重新提交人")

    objects = SupplementQuerySet.as_manager()

    class Meta:
        ordering = ["project_id", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project"],
                condition=Q(answered_at__isnull=True),
                name="supplement_open_once",
                violation_error_message="这个项目已退回补正。",
            ),
            models.CheckConstraint(
                condition=paired("asked_at", "asked_by"),
                name="supplement_asked_paired",
                violation_error_message="退回须有时间。",
            ),
            models.CheckConstraint(
                condition=paired("answered_at", "answered_by"),
                name="supplement_answer_paired",
                violation_error_message="重新提交须有时间。",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"
