"""What follows from a project: its audit, a sanction that two persons decide, a commendation."""

from django.db import models
from django.db.models import F, Q

from liaoyuan.core.models import User
from liaoyuan.funding.choices.running import AuditConclusion, SanctionState
from liaoyuan.funding.models.base import paired
from liaoyuan.funding.models.contents import OfProjectQuerySet
from liaoyuan.funding.models.projects import Project


class ProjectAudit(models.Model):
    """An audit of a project's money: what its report says. The report itself is attached to it."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="audits", verbose_name="项目")
    auditor = models.CharField("审计机构", max_length=80)
    reported_on = models.DateField("报告日期")
    conclusion = models.CharField("结论", max_length=8)
    note = models.CharField("说明", max_length=500, blank=True, default="")
    entered_at = models.DateTimeField("登记时间")
    entered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="登记人")
    voided_at = models.DateTimeField("作废时间", null=True)
    voided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="作废人")

    objects = OfProjectQuerySet["ProjectAudit"].as_manager()

    class Meta:
        ordering = ["project_id", "-reported_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(conclusion__in=[str(one) for one in AuditConclusion]),
                name="project_audit_conclusion_known",
                violation_error_message="审计结论不对。",
            ),
            models.CheckConstraint(
                condition=paired("entered_at", "entered_by"),
                name="project_audit_paired",
                violation_error_message="登记须有时间。",
            ),
            models.CheckConstraint(
                condition=paired("voided_at", "voided_by"),
                name="project_audit_void_paired",
                violation_error_message="作废须有时间。",
            ),
        ]

    def __str__(self) -> str:
        return self.auditor


class ProjectSanction(models.Model):
    """A sanction against the body of a project: proposed by one person, decided by another after the body was heard.

    `grounds` and `measures` are codes of `Misconduct` and `Sanction`. While it is in force the body is barred from
    later rounds to the end of `banned_until` (GV-APP-07). The body may appeal; a third decision keeps or lifts it.
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="sanctions", verbose_name="项目")
    state = models.CharField("状态", max_length=10, default=SanctionState.PROPOSED.value)
    grounds = models.JSONField("情形", default=list)
    found_on = models.DateField("认定日期")
    measures = models.JSONField("处理", default=list)
    facts = models.TextField("事实和依据", max_length=1000)
    banned_from = models.DateField("不得申报自", null=True)
    banned_until = models.DateField("不得申报至", null=True)
    reply_by = models.DateField("陈述期限")
    reply = models.TextField("组织的陈述", max_length=1000, blank=True, default="")
    opinion = models.CharField("决定的意见", max_length=500, blank=True, default="")
    appeal = models.TextField("申诉", max_length=1000, blank=True, default="")
    answer = models.CharField("申诉的答复", max_length=500, blank=True, default="")
    credit_on = models.DateField("记入信用信息的日期", null=True)
    proposed_at = models.DateTimeField("提出时间")
    proposed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="提出人")
    replied_at = models.DateTimeField("陈述时间", null=True)
    replied_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="陈述人")
    decided_at = models.DateTimeField("决定时间", null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="决定人")
    appealed_at = models.DateTimeField("申诉时间", null=True)
    appealed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="申诉人")
    answered_at = models.DateTimeField("答复时间", null=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="答复人")
    version = models.PositiveIntegerField("版本", default=1)

    objects = OfProjectQuerySet["ProjectSanction"].as_manager()

    class Meta:
        ordering = ["project_id", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project"],
                condition=Q(state=SanctionState.PROPOSED.value),
                name="project_sanction_open_once",
                violation_error_message="这个项目已有一件处理在等待决定。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[str(state) for state in SanctionState]),
                name="project_sanction_state_known",
                violation_error_message="处理的状态不对。",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | Q(proposed_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="project_sanction_two_persons",
                violation_error_message="处理须由提出人以外的人决定。",
            ),
            models.CheckConstraint(
                condition=Q(banned_from__isnull=True, banned_until__isnull=True)
                | Q(banned_from__isnull=False, banned_until__gte=F("banned_from")),
                name="project_sanction_ban_whole",
                violation_error_message="不得申报的起止日期不对。",
            ),
            *(
                models.CheckConstraint(
                    condition=paired(f"{step}_at", f"{step}_by"),
                    name=f"project_sanction_{step}_paired",
                    violation_error_message="办理须有时间。",
                )
                for step in ("proposed", "replied", "decided", "appealed", "answered")
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class Commendation(models.Model):
    """A project that is commended: proposed by one person and confirmed by a second one."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="commendations", verbose_name="项目")
    title = models.CharField("称号", max_length=60)
    reason = models.CharField("事迹", max_length=500)
    given_on = models.DateField("表扬日期")
    entered_at = models.DateTimeField("提出时间")
    entered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="提出人")
    confirmed_at = models.DateTimeField("确认时间", null=True)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="确认人")

    objects = OfProjectQuerySet["Commendation"].as_manager()

    class Meta:
        ordering = ["project_id", "-given_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "title"], name="commendation_once", violation_error_message="这个称号已登记。"
            ),
            models.CheckConstraint(
                condition=paired("entered_at", "entered_by"),
                name="commendation_paired",
                violation_error_message="提出须有时间。",
            ),
            models.CheckConstraint(
                condition=paired("confirmed_at", "confirmed_by"),
                name="commendation_confirmed_paired",
                violation_error_message="确认须有时间。",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | Q(entered_by__isnull=True) | ~Q(confirmed_by=F("entered_by")),
                name="commendation_two_persons",
                violation_error_message="表扬须由提出人以外的人确认。",
            ),
        ]

    def __str__(self) -> str:
        return self.title
