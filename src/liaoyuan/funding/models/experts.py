"""Experts who read projects, what they declare before a round, what ties them to applicants."""

from typing import Any

from django.db import models
from django.db.models import Q

from liaoyuan.core.models import Area, User
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.choices.review import ConflictKind, TieSource
from liaoyuan.funding.models.base import paired, within_reach
from liaoyuan.funding.models.programmes import Round
from liaoyuan.funding.models.projects import Project
from liaoyuan.people.models import Person
from liaoyuan.registry.models import Organization


class GrantExpertQuerySet(models.QuerySet["GrantExpert"]):
    """Experts by scope."""

    def active(self) -> "GrantExpertQuerySet":
        """Those who may be drawn."""
        return self.filter(ended_at__isnull=True)

    def visible_to(self, user: Any) -> "GrantExpertQuerySet":
        """Those of the areas whose grants the user carries out or confirms; an expert sees himself."""
        found = Q(user=user.pk)
        for permission in (Permission.EDIT, Permission.CONFIRM):
            condition = within_reach(user, permission, "area")
            if condition is None:
                return self
            found |= condition
        return self.filter(found)


class GrantExpert(models.Model):
    """Someone who reads projects of an area's rounds with an account of his own.

    `person` links what bodies tell of him, through which his posts and employment are found; `specialities` are fields
    of projects. He is never ordered or weighed against others.
    """

    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name="区划")
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="账号")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name="人员")
    name = models.CharField("姓名", max_length=40)
    employer = models.CharField("工作单位", max_length=80, blank=True, default="")
    specialities = models.JSONField("专长领域", default=list)
    created_at = models.DateTimeField("录入时间")
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="录入人")
    ended_at = models.DateTimeField("停用时间", null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="停用人")
    version = models.PositiveIntegerField("版本", default=1)

    objects = GrantExpertQuerySet.as_manager()

    class Meta:
        ordering = ["area_id", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["area", "user"],
                condition=Q(ended_at__isnull=True),
                name="grant_expert_once",
                violation_error_message="这个账号已是本区划的评审专家。",
            ),
            models.CheckConstraint(
                condition=paired("ended_at", "ended_by"),
                name="grant_expert_end_paired",
                violation_error_message="停用须有时间。",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class OfExpertQuerySet[M: models.Model](models.QuerySet[M]):
    """Rows of experts, by scope."""

    def visible_to(self, user: Any) -> "OfExpertQuerySet[M]":
        """Those of experts whom the user sees."""
        return self.filter(expert__in=GrantExpert.objects.visible_to(user))


class ExpertDeclaration(models.Model):
    """What an expert signed for a round before he saw a name in it: `text` is the sentence that stood there. The ties
    he named are rows of `ExpertTie`.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="declarations", verbose_name="届")
    expert = models.ForeignKey(GrantExpert, models.PROTECT, related_name="declarations", verbose_name="评审专家")
    text = models.TextField("声明", max_length=1000)
    signed_at = models.DateTimeField("签署时间")
    signed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="签署人")

    objects = OfExpertQuerySet["ExpertDeclaration"].as_manager()

    class Meta:
        ordering = ["round_id", "expert_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "expert"],
                name="expert_declaration_once",
                violation_error_message="这名专家已签署本届的回避声明。",
            ),
            models.CheckConstraint(
                condition=paired("signed_at", "signed_by"),
                name="expert_declaration_paired",
                violation_error_message="签署须有时间。",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class ExpertTie(models.Model):
    """What binds an expert: to a body, to one project (he trained it), or to the organizer (neither is given).

    `ended_on` is the day on which the tie ended, empty while it stands. What the register and the bodies tell of posts
    and employment is found anew each time and not kept here.
    """

    expert = models.ForeignKey(GrantExpert, models.PROTECT, related_name="ties", verbose_name="评审专家")
    organization = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="+", verbose_name="组织")
    project = models.ForeignKey(Project, models.PROTECT, null=True, related_name="+", verbose_name="项目")
    kind = models.CharField("关系", max_length=12)
    ended_on = models.DateField("结束日期", null=True)
    source = models.CharField("来源", max_length=10)
    note = models.CharField("说明", max_length=200, blank=True, default="")
    recorded_at = models.DateTimeField("记录时间")
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="记录人")
    superseded_at = models.DateTimeField("被替代时间", null=True)

    objects = OfExpertQuerySet["ExpertTie"].as_manager()

    class Meta:
        ordering = ["expert_id", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[str(kind) for kind in ConflictKind]),
                name="expert_tie_kind_known",
                violation_error_message="关系的种类不对。",
            ),
            models.CheckConstraint(
                condition=Q(source__in=[str(source) for source in TieSource]),
                name="expert_tie_source_known",
                violation_error_message="关系的来源不对。",
            ),
            models.CheckConstraint(
                condition=Q(organization__isnull=False)
                | Q(project__isnull=False)
                | Q(kind__in=[ConflictKind.ORGANIZER.value, ConflictKind.APPLICANT.value]),
                name="expert_tie_with_something",
                violation_error_message="请写明与哪个组织或项目有关系。",
            ),
        ]

    def __str__(self) -> str:
        return self.kind
