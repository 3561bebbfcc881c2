"""The stable core of a plan, kept beside it: a plan itself is never changed."""

from django.db import models
from django.db.models import F, Q

from liaoyuan.core.models import User
from liaoyuan.planning.models.plans import Plan, PlanGroup


class PlanCore(models.Model):
    """That a plan was weighed anew: each weight by itself halved and raised by half.

    `variants` are the re-solves in order: weight, the value it had (`was`) and the one tried, cost and bound there.
    `stable` groups of the plan were in every one of them.
    """

    plan = models.OneToOneField(Plan, models.PROTECT, related_name="core", verbose_name="方案")
    variants = models.JSONField("重算", default=list)
    tried = models.PositiveSmallIntegerField("重算次数")
    stable = models.PositiveIntegerField("稳定的组")
    made_at = models.DateTimeField("算出时间")
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="提出人")

    class Meta:
        ordering = ["plan"]
        constraints = [
            models.CheckConstraint(
                condition=Q(made_by__isnull=True) | Q(made_at__isnull=False),
                name="plan_core_made_paired",
                violation_error_message="算出须有时间。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id}"


class GroupCore(models.Model):
    """In how many of the re-solves a group was the same (`kept` of `tried`); `broken` are the places in
    `PlanCore.variants` of the others.
    """

    group = models.OneToOneField(PlanGroup, models.PROTECT, related_name="core", verbose_name="组")
    kept = models.PositiveSmallIntegerField("出现的次数")
    tried = models.PositiveSmallIntegerField("重算次数")
    broken = models.JSONField("不出现的重算", default=list)

    class Meta:
        ordering = ["group"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kept__lte=F("tried")),
                name="group_core_kept_of_tried",
                violation_error_message="出现的次数多于重算的次数。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group_id}"

    @property
    def is_stable(self) -> bool:
        """Whether every re-solve kept the group."""
        return self.kept == self.tried
