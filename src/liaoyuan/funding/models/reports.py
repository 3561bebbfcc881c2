"""Mid-term and final reports (F15) and the evaluator's sheet of each. Money in fen, points in hundredths."""

from typing import Any

from django.db import models
from django.db.models import Q

from liaoyuan.core.models import User
from liaoyuan.funding.choices.money import FinalGrade, MidOutcome
from liaoyuan.funding.choices.running import ReportKind, ReportState
from liaoyuan.funding.models.base import paired
from liaoyuan.funding.models.contents import OfProjectQuerySet
from liaoyuan.funding.models.projects import Project


class ProjectReport(models.Model):
    """One report: the texts of the form, and the figures of records and vouchers as they stood when it was handed in.

    `number` counts the attempts of a kind; a returned report stays and the next one begins with its texts. The survey
    tells how many were asked (`asked`) and their mean of 100 in hundredths (`satisfaction`). `due_on` is the day the
    place's rules gave it, or the deadline of a return.
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="reports", verbose_name="项目")
    kind = models.CharField("种类", max_length=6)
    number = models.PositiveSmallIntegerField("次数", default=1)
    state = models.CharField("状态", max_length=10, default=ReportState.DRAFT.value)
    texts = models.JSONField("报告的文字", default=dict)
    asked = models.PositiveIntegerField("满意度调查的人数", null=True)
    satisfaction = models.PositiveIntegerField("满意度（百分之一分）", null=True)
    figures = models.JSONField("提交时的数字", default=dict)
    findings = models.JSONField("提交时的核查", default=list)
    due_on = models.DateField("应交日期", null=True)
    begun_at = models.DateTimeField("开始填写时间")
    begun_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="开始填写的人")
    handed_at = models.DateTimeField("提交时间", null=True)
    handed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="提交人")
    decided_at = models.DateTimeField("结论时间", null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="作出结论的人")
    decision = models.CharField("结论的理由", max_length=500, blank=True, default="")
    again_by = models.DateField("整改、补正期限", null=True)
    version = models.PositiveIntegerField("版本", default=1)

    objects = OfProjectQuerySet["ProjectReport"].as_manager()

    class Meta:
        ordering = ["project_id", "kind", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "kind", "number"],
                name="project_report_once",
                violation_error_message="报告的次数重复。",
            ),
            models.UniqueConstraint(
                fields=["project", "kind"],
                condition=Q(state__in=[ReportState.DRAFT.value, ReportState.HANDED.value]),
                name="project_report_open_once",
                violation_error_message="这种报告已有一份在办。",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[str(kind) for kind in ReportKind]),
                name="project_report_kind_known",
                violation_error_message="报告的种类不对。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[str(state) for state in ReportState]),
                name="project_report_state_known",
                violation_error_message="报告的状态不对。",
            ),
            models.CheckConstraint(
                condition=Q(satisfaction__isnull=True) | Q(satisfaction__lte=10_000),
                name="project_report_satisfaction",
                violation_error_message="满意度在 0 至 100 分之间。",
            ),
            models.CheckConstraint(
                condition=paired("begun_at", "begun_by"),
                name="project_report_begin_paired",
                violation_error_message="填写须有时间。",
            ),
            models.CheckConstraint(
                condition=paired("handed_at", "handed_by")
                & (Q(state=ReportState.DRAFT.value) | Q(handed_at__isnull=False)),
                name="project_report_handing_paired",
                violation_error_message="提交须有时间。",
            ),
            models.CheckConstraint(
                condition=paired("decided_at", "decided_by"),
                name="project_report_decision_paired",
                violation_error_message="结论须有时间。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}-{self.number}"


class OfReportQuerySet[M: models.Model](models.QuerySet[M]):
    """Rows of reports, by scope."""

    def visible_to(self, user: Any) -> "OfReportQuerySet[M]":
        """Those of reports that the user sees."""
        return self.filter(report__in=ProjectReport.objects.visible_to(user))


class Assessment(models.Model):
    """The evaluator's sheet of a report: points by item, the grade that follows, of a final report what is settled.

    `outcome` is of a mid report what he concludes. `settled` holds fen by class of cost, no more than was spent and
    approved (GV-FIN-03). A signed sheet is not changed: it is annulled with a reason and written anew.
    """

    report = models.ForeignKey(ProjectReport, models.PROTECT, related_name="assessments", verbose_name="报告")
    points = models.JSONField("各项得分（百分之一分）", default=dict)
    total = models.PositiveIntegerField("总分（百分之一分）")
    grade = models.CharField("等次", max_length=10)
    outcome = models.CharField("中期结论", max_length=10, blank=True, default="")
    opinion = models.TextField("评估意见", max_length=1000)
    reason = models.CharField("指标没有完成的理由", max_length=500, blank=True, default="")
    settled = models.JSONField("核定（分，按科目）", default=dict)
    findings = models.JSONField("签字时的核查", default=list)
    signed_at = models.DateTimeField("签字时间")
    signed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="评估人")
    annulled_at = models.DateTimeField("作废时间", null=True)
    annulled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="作废人")
    annulled_because = models.CharField("作废的原因", max_length=200, blank=True, default="")

    objects = OfReportQuerySet["Assessment"].as_manager()

    class Meta:
        ordering = ["report_id", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["report"],
                condition=Q(annulled_at__isnull=True),
                name="assessment_once",
                violation_error_message="这份报告已有评估表。",
            ),
            models.CheckConstraint(
                condition=Q(total__lte=10_000), name="assessment_total", violation_error_message="总分不超过 100 分。"
            ),
            models.CheckConstraint(
                condition=Q(grade__in=[str(grade) for grade in FinalGrade]),
                name="assessment_grade_known",
                violation_error_message="等次不对。",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["", *(str(one) for one in MidOutcome)]),
                name="assessment_outcome_known",
                violation_error_message="中期结论不对。",
            ),
            models.CheckConstraint(
                condition=paired("signed_at", "signed_by"),
                name="assessment_signing_paired",
                violation_error_message="签字须有时间。",
            ),
            models.CheckConstraint(
                condition=paired("annulled_at", "annulled_by"),
                name="assessment_annulling_paired",
                violation_error_message="作废须有时间。",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"
