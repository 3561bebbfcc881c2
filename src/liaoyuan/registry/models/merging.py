"""Two records of one body: what was decided about a pair, and what a merge moved."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from liaoyuan.core.models import User
from liaoyuan.registry.models.organizations import Organization


class MergeQuerySet(models.QuerySet["Merge"]):
    """Merges by scope."""

    def visible_to(self, user: Any) -> "MergeQuerySet":
        """Merges into bodies that the user may see."""
        return self.filter(kept__in=Organization.objects.visible_to(user))


class Merge(models.Model):
    """One merge: `gone` is void and points to `kept`. `moved` says row by row what was carried, for the undo.

    `version` is the kept body's version when the merge was done: as long as it stands, nothing later touched the body.
    """

    kept = models.ForeignKey(Organization, models.PROTECT, related_name="merges", verbose_name="保留的组织")
    gone = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name="并入的组织")
    name = models.CharField("并入组织的名称", max_length=120)
    reason = models.CharField("依据", max_length=200)
    moved = models.JSONField("转移的内容", default=dict)
    version = models.PositiveIntegerField("合并后的版本")
    merged_at = models.DateTimeField("合并时间")
    merged_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="合并人")
    undone_at = models.DateTimeField("撤销时间", null=True)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="撤销人")

    objects = MergeQuerySet.as_manager()

    class Meta:
        ordering = ["-merged_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["gone"],
                condition=Q(undone_at__isnull=True),
                name="merge_gone_once",
                violation_error_message="这个组织已经并入另一个组织。",
            ),
            models.CheckConstraint(
                condition=~Q(kept=F("gone")),
                name="merge_two_bodies",
                violation_error_message="不能把组织并入它自己。",
            ),
            models.CheckConstraint(
                condition=Q(undone_by__isnull=True) | Q(undone_at__isnull=False),
                name="merge_undone_paired",
                violation_error_message="撤销合并须有时间。",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""), name="merge_reasoned", violation_error_message="请写明合并的依据。"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gone_id}→{self.kept_id}"


class DifferentQuerySet(models.QuerySet["Different"]):
    """Decisions about pairs by scope."""

    def visible_to(self, user: Any) -> "DifferentQuerySet":
        """Pairs of which the user may see both bodies."""
        seen = Organization.objects.visible_to(user)
        return self.filter(low__in=seen, high__in=seen)


class Different(models.Model):
    """An officer said of two bodies that look alike that they are two (不是同一家); they are not listed again."""

    low = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name="组织一")
    high = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name="组织二")
    note = models.CharField("说明", max_length=200, blank=True, default="")
    decided_at = models.DateTimeField("核定时间")
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="核定人")

    objects = DifferentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["low", "high"], name="different_once", violation_error_message="这两家已经核定过。"
            ),
            models.CheckConstraint(
                condition=Q(low__lt=F("high")),
                name="different_in_order",
                violation_error_message="两家的次序不对。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.low_id}≠{self.high_id}"
