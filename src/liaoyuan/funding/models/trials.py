"""Trials of parameters: what would change if a figure were another one. Nothing of them touches an application. Fen."""

from typing import Any

from django.db import models
from django.db.models import Q

from liaoyuan.core.models import Area, User
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.choices.trials import TrialKind, Verdict
from liaoyuan.funding.models.base import within_reach
from liaoyuan.funding.models.projects import Project
from liaoyuan.registry.models import Organization

#: Who drafts parameters tries them, and who confirms them.
TRIES = (Permission.PARAMETER_EDIT, Permission.PARAMETER_CONFIRM)
_VERDICTS = [str(verdict) for verdict in Verdict]


class TrialQuerySet(models.QuerySet["Trial"]):
    """Trials by scope."""

    def visible_to(self, user: Any) -> "TrialQuerySet":
        """Those whose rounds all lie where the user drafts or confirms parameters of grants."""
        found = Q(pk__in=[])
        for permission in TRIES:
            condition = within_reach(user, permission, "area")
            if condition is None:
                return self
            found |= condition
        return self.filter(found)


class Trial(models.Model):
    """One trial: over which rounds (`rounds`, their keys), with which values (`values`, by parameter).

    With a `place` the figures that held there on `place_on` stand in for those of every round, before `values` do.
    `area` holds all the rounds. `judged` counts the applications, `changed` those that change, by kind of change.
    """

    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name="区划")
    rounds = models.JSONField("哪几届", default=list)
    values = models.JSONField("试算的值", default=dict)
    place = models.CharField("换用哪里的参数", max_length=40, blank=True, default="")
    place_on = models.DateField("换用哪天的参数", null=True)
    note = models.CharField("说明", max_length=200, blank=True, default="")
    judged = models.PositiveIntegerField("试算的项目", default=0)
    changed = models.JSONField("有变化的项目", default=dict)
    asked_at = models.DateTimeField("提出时间")
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="提出人")
    finished_at = models.DateTimeField("算完时间", null=True)

    objects = TrialQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(place="", place_on__isnull=True) | (~Q(place="") & Q(place_on__isnull=False)),
                name="trial_place_dated",
                violation_error_message="换用别处的参数须写明日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class TrialLineQuerySet(models.QuerySet["TrialLine"]):
    """Lines by scope."""

    def visible_to(self, user: Any) -> "TrialLineQuerySet":
        """Those of trials that the user sees."""
        return self.filter(trial__in=Trial.objects.visible_to(user))


class TrialLine(models.Model):
    """One application that changes: verdict before and after, each finding that goes or comes with its article.

    `findings` holds for each `way` (gone or new), code, severity, sentence, source and the figures it rests on as
    [key, before, after]. `grant_fen` is what was asked for, `approved_fen` what was granted, 0 where nothing was.
    """

    trial = models.ForeignKey(Trial, models.PROTECT, related_name="lines", verbose_name="试算")
    project = models.ForeignKey(Project, models.PROTECT, related_name="+", verbose_name="项目")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name="申报组织")
    kind = models.CharField("变化", max_length=8)
    before = models.CharField("原结论", max_length=8)
    after = models.CharField("试算的结论", max_length=8)
    findings = models.JSONField("变化的规则", default=list)
    codes = models.CharField("变化的规则编号", max_length=200, blank=True, default="")
    grant_fen = models.BigIntegerField("申请资助")
    approved_fen = models.BigIntegerField("立项金额", default=0)

    objects = TrialLineQuerySet.as_manager()

    class Meta:
        ordering = ["trial_id", "pk"]
        indexes = [models.Index(fields=["trial", "kind", "organization"], name="trial_line_of_kind")]
        constraints = [
            models.UniqueConstraint(
                fields=["trial", "project"], name="trial_line_once", violation_error_message="这个项目已经算过。"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[str(kind) for kind in TrialKind]),
                name="trial_line_kind_known",
                violation_error_message="变化的类别不对。",
            ),
            models.CheckConstraint(
                condition=Q(before__in=_VERDICTS, after__in=_VERDICTS),
                name="trial_line_verdicts_known",
                violation_error_message="结论不对。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.trial_id}-{self.project_id}"
