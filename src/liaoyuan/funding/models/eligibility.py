"""The examination of an application: findings of the day, how each was answered, what was decided."""

from django.db import models
from django.db.models import F, Q

from liaoyuan.core.models import User
from liaoyuan.funding.choices.review import EligibilityOutcome
from liaoyuan.funding.models.base import paired
from liaoyuan.funding.models.contents import OfProjectQuerySet
from liaoyuan.funding.models.projects import Project


class ExaminationQuerySet(OfProjectQuerySet["Examined"]):
    """Examinations by what holds."""

    def current(self) -> "ExaminationQuerySet":
        """Those that were not made anew."""
        return self.filter(superseded_at__isnull=True)


class Examined(models.Model):
    """One examination of an application, by the register's facts on the day `on`.

    `findings` are what the rules said then, as JSON; `answers` holds the reason that lets a mere warning stand, by the
    finding's place in the list ("0", "1" …). `seen_version` is the version of the application that was examined: a
    decision on another one is refused. `reason` is what the applicant reads. That an application is barred is proposed
    by one person and confirmed by another.
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="examinations", verbose_name="项目")
    on = models.DateField("核查日")
    seen_version = models.PositiveIntegerField("核查的版本")
    findings = models.JSONField("核查结果", default=list)
    answers = models.JSONField("逐条说明", default=dict)
    examined_at = models.DateTimeField("核查时间")
    examined_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="核查人")
    outcome = models.CharField("结论", max_length=12, blank=True, default="")
    reason = models.TextField("书面理由", max_length=1000, blank=True, default="")
    proposed_at = models.DateTimeField("提出时间", null=True)
    proposed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="提出人")
    decided_at = models.DateTimeField("决定时间", null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="决定人")
    superseded_at = models.DateTimeField("重新核查时间", null=True)
    version = models.PositiveIntegerField("版本", default=1)

    objects = ExaminationQuerySet.as_manager()

    class Meta:
        ordering = ["project_id", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project"],
                condition=Q(superseded_at__isnull=True),
                name="examined_once",
                violation_error_message="这个项目已有一次现行的资格核查。",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["", *(str(outcome) for outcome in EligibilityOutcome)]),
                name="examined_outcome_known",
                violation_error_message="资格审查的结论不对。",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True) | ~Q(outcome=""),
                name="examined_decision_told",
                violation_error_message="资格审查的决定须有结论。",
            ),
            models.CheckConstraint(
                condition=~Q(outcome=EligibilityOutcome.INELIGIBLE.value) | ~Q(reason=""),
                name="examined_bar_reasoned",
                violation_error_message="资格不通过须写明理由。",
            ),
            models.CheckConstraint(
                condition=~Q(outcome=EligibilityOutcome.INELIGIBLE.value)
                | Q(decided_by__isnull=True)
                | Q(proposed_by__isnull=True)
                | ~Q(decided_by=F("proposed_by")),
                name="examined_two_persons",
                violation_error_message="资格不通过须由提出人以外的人确认。",
            ),
            models.CheckConstraint(
                condition=paired("proposed_at", "proposed_by"),
                name="examined_proposal_paired",
                violation_error_message="提出须有时间。",
            ),
            models.CheckConstraint(
                condition=paired("decided_at", "decided_by"),
                name="examined_decision_paired",
                violation_error_message="决定须有时间。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id}-{self.on.isoformat()}"


class TextMark(models.Model):
    """A rare run of characters of an application that was handed in (`rules.similarity.marks`): candidates of double
    funding are found by it without reading every text.
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="+", verbose_name="项目")
    mark = models.BigIntegerField("文字指纹", db_index=True)

    objects = OfProjectQuerySet["TextMark"].as_manager()

    class Meta:
        ordering = ["project_id", "mark"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "mark"], name="text_mark_once", violation_error_message="文字指纹重复。"
            ),
        ]

    def __str__(self) -> str:
        return str(self.mark)
