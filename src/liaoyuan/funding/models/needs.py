"""Needs collected from communities before a call (需求征集)."""

from typing import Any

from django.db import models
from django.db.models import Q

from liaoyuan.core.models import Area, User
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.choices.rounds import NeedOrigin, NeedState
from liaoyuan.funding.models.base import own_bodies, paired, within_reach
from liaoyuan.funding.models.programmes import Round


class NeedQuerySet(models.QuerySet["Need"]):
    """Needs by state and scope."""

    def published(self) -> "NeedQuerySet":
        """Those that applicants may take up."""
        return self.filter(state=NeedState.PUBLISHED.value)

    def kept_by(self, user: Any, permission: str) -> "NeedQuerySet":
        """Those of the areas for which the user may enter needs."""
        condition = within_reach(user, permission, "area")
        return self if condition is None else self.filter(condition)

    def visible_to(self, user: Any) -> "NeedQuerySet":
        """Those of the rounds and of the areas that the user sees; to whoever acts for a body, the published ones."""
        rounds = within_reach(user, Permission.VIEW, "round__programme__area")
        areas = within_reach(user, Permission.NEED_EDIT, "area")
        if rounds is None or areas is None:
            return self
        condition = rounds | areas
        if own_bodies(user, Permission.OWN_VIEW):
            condition |= Q(state=NeedState.PUBLISHED.value, round__opened_at__isnull=False, round__practice=False)
        return self.filter(condition)


class Need(models.Model):
    """What a community needs: for whom, how many, what would help. No person is named in it."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="needs", verbose_name="届")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name="社区或街道")
    title = models.CharField("需求", max_length=80)
    text = models.TextField("说明", max_length=1000, blank=True, default="")
    field = models.CharField("领域", max_length=20, blank=True, default="")
    beneficiaries = models.CharField("服务对象", max_length=80, blank=True, default="")
    persons = models.PositiveIntegerField("人数", null=True)
    origin = models.CharField("提出方", max_length=10, default=NeedOrigin.COMMUNITY.value)
    collected_on = models.DateField("收集日期")
    state = models.CharField("状态", max_length=10, default=NeedState.COLLECTED.value)
    decided_at = models.DateTimeField("处理时间", null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="处理人")
    reason = models.CharField("未采用的原因", max_length=200, blank=True, default="")
    version = models.PositiveIntegerField("版本", default=1)
    created_at = models.DateTimeField("录入时间")
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="录入人")

    objects = NeedQuerySet.as_manager()

    class Meta:
        ordering = ["round_id", "area_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "area", "title"],
                condition=~Q(state=NeedState.DROPPED.value),
                name="need_once",
                violation_error_message="这个社区已提出同样的需求。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[str(state) for state in NeedState]),
                name="need_state_known",
                violation_error_message="需求的状态不对。",
            ),
            models.CheckConstraint(
                condition=paired("decided_at", "decided_by"),
                name="need_decision_paired",
                violation_error_message="处理须有时间。",
            ),
        ]

    def __str__(self) -> str:
        return self.title
