"""Scenarios: which area on which day, planned by which weights; the locks that its plans keep to."""

from typing import Any

from django.db import models
from django.db.models import Q

from liaoyuan.core import access
from liaoyuan.core.models import Area, User
from liaoyuan.planning.choices.codes import Permission
from liaoyuan.planning.choices.words import Count, LockKind, Mode


def in_sight(user: Any, field: str) -> Q | None:
    """The condition under which `field`, a path to an area, lies where the user sees plans: his own areas, and those
    that his street is a part of. None = everywhere.
    """
    allowed = access.reach(user, Permission.VIEW)
    if allowed.everything:
        return None
    found = Q(pk__in=[])
    for path in allowed.paths:
        above = path.strip("/").split("/")
        found |= Q(**{f"{field}__in": Area.objects.within(path)}) | Q(**{f"{field}__code__in": above})
    return found


class ScenarioQuerySet(models.QuerySet["Scenario"]):
    """Scenarios by scope."""

    def visible_to(self, user: Any) -> "ScenarioQuerySet":
        """Those of the user's areas; a street also sees those of its district, of which it is shown its own part."""
        condition = in_sight(user, "area")
        return self if condition is None else self.filter(condition)


class Scenario(models.Model):
    """A question to the planner: an area on the day `on` as known at `known_at`, members counted by `count`.

    `weights` are the values it was opened with (parameters of the day, changed by the preset and by hand), so that the
    same question has the same answer later on. `seed` is a part of what is hashed; the planner itself draws nothing.
    """

    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name="区划")
    name = models.CharField("名称", max_length=120)
    on = models.DateField("哪一天的情况")
    known_at = models.DateTimeField("截至何时的记录")
    count = models.CharField("党员口径", max_length=10, default=Count.COMMITTED.value)
    mode = models.CharField("编组范围", max_length=10, default=Mode.MEMBERS.value)
    preset = models.CharField("方案取向", max_length=20, default="balanced")
    weights = models.JSONField("限额和权重", default=dict)
    seed = models.PositiveIntegerField("随机种子", default=1)
    version = models.PositiveIntegerField("版本", default=1)
    made_at = models.DateTimeField("建立时间")
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="建立人")

    objects = ScenarioQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(count__in=[str(c) for c in Count], mode__in=[str(m) for m in Mode]),
                name="scenario_words_known",
                violation_error_message="党员口径或编组范围不对。",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PlanLock(models.Model):
    """A decision of staff that every later plan of the scenario keeps to, until it is lifted.

    `bodies` are the keys of the bodies it names. `max_units` is the limit that `allow` raises, with its reason.
    """

    scenario = models.ForeignKey(Scenario, models.PROTECT, related_name="locks", verbose_name="设想")
    kind = models.CharField("种类", max_length=10)
    bodies = models.JSONField("点名的组织", default=list)
    max_units = models.PositiveSmallIntegerField("单位数上限", null=True)
    reason = models.CharField("理由", max_length=200, blank=True, default="")
    made_at = models.DateTimeField("锁定时间")
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="锁定人")
    lifted_at = models.DateTimeField("取消时间", null=True)
    lifted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="取消人")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[str(k) for k in LockKind]),
                name="plan_lock_kind_known",
                violation_error_message="锁定的种类不对。",
            ),
            models.CheckConstraint(
                condition=~Q(kind=LockKind.ALLOW.value) | (Q(max_units__isnull=False) & ~Q(reason="")),
                name="plan_lock_allow_reasoned",
                violation_error_message="允许超出单位数须写明上限和理由。",
            ),
            models.CheckConstraint(
                condition=Q(lifted_by__isnull=True) | Q(lifted_at__isnull=False),
                name="plan_lock_lifted_paired",
                violation_error_message="取消锁定须有时间。",
            ),
        ]

    def __str__(self) -> str:
        return self.kind
