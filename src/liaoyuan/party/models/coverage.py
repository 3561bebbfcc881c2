"""Answers of the checks in step (N同步), and pilots (试点) that spread over the district (handbook §2.10)."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from liaoyuan.core import access
from liaoyuan.core.models import Area, User
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.choices.coverage import PilotState
from liaoyuan.party.models.base import Recorded, RecordedQuerySet
from liaoyuan.party.models.instructors import bodies_of
from liaoyuan.party.models.organizations import PartyOrganization
from liaoyuan.registry.models import Organization


class SyncAnswerQuerySet(RecordedQuerySet["SyncAnswer"]):
    """Answers by what is known and by scope."""

    def visible_to(self, user: Any) -> "SyncAnswerQuerySet":
        """Those of bodies that the user reaches."""
        there = bodies_of(user, Permission.VIEW, Permission.OWN_VIEW)
        return self if there is None else self.filter(there)


class SyncAnswer(Recorded):
    """What a body answered at a point of checking in step: {question: "yes", "no" or "later"}, about the body alone.

    `point` is a code of the parameter `pb.sync.points`, the questions are those of `pb.sync.questions`. One answer of a
    body, point and day holds; a correction supersedes it.
    """

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name="组织")
    point = models.CharField("环节", max_length=40)
    on = models.DateField("日期")
    answers = models.JSONField("填写内容", default=dict)
    note = models.CharField("说明", max_length=200, blank=True, default="")

    objects = SyncAnswerQuerySet.as_manager()

    class Meta:
        ordering = ["organization", "-on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "point", "on"],
                condition=Q(superseded_at__isnull=True),
                name="sync_answer_once",
                violation_error_message="这一环节当天已经填写过。",
            ),
        ]

    def __str__(self) -> str:
        return self.point


class PilotQuerySet(models.QuerySet["Pilot"]):
    """Pilots by scope."""

    def visible_to(self, user: Any) -> "PilotQuerySet":
        """Those of the areas over which the user sees party organizations."""
        reach = access.reach(user, Permission.VIEW)
        if reach.everything:
            return self
        condition = Q(pk__in=[])
        for path in reach.paths:
            condition |= Q(area__in=Area.objects.within(path))
        return self.filter(condition)


class Pilot(models.Model):
    """A body or a branch at which something is tried before it spreads: by which criteria it was chosen, what is tried,
    what came of it on which evidence, in which wave. A pilot is no rank: bodies are not scored.
    """

    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name="所属区划")
    organization = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="+", verbose_name="试点组织")
    party_organization = models.ForeignKey(
        PartyOrganization, models.PROTECT, null=True, related_name="+", verbose_name="试点党组织"
    )
    wave = models.PositiveSmallIntegerField("批次", default=1)
    criteria = models.CharField("选定的条件", max_length=300)
    chosen_on = models.DateField("选定日期")
    tried = models.TextField("试点内容")
    state = models.CharField("状态", max_length=10, default=PilotState.TRYING.value)
    result = models.TextField("结果", blank=True, default="")
    evidence = models.CharField("依据", max_length=120, blank=True, default="")
    closed_on = models.DateField("结束日期", null=True)
    version = models.PositiveIntegerField("版本", default=1)
    made_at = models.DateTimeField("登记时间")
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="登记人")

    objects = PilotQuerySet.as_manager()

    class Meta:
        ordering = ["wave", "chosen_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(organization__isnull=False, party_organization__isnull=True)
                | Q(organization__isnull=True, party_organization__isnull=False),
                name="pilot_one_of_two",
                violation_error_message="试点是一个组织或一个党组织。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[str(s) for s in PilotState]),
                name="pilot_state_known",
                violation_error_message="试点的状态不对。",
            ),
            models.CheckConstraint(
                condition=Q(state=PilotState.TRYING.value, closed_on__isnull=True)
                | (
                    ~Q(state=PilotState.TRYING.value)
                    & Q(closed_on__isnull=False, closed_on__gte=F("chosen_on"))
                    & ~Q(result="")
                    & ~Q(evidence="")
                ),
                name="pilot_closed_with_result",
                violation_error_message="结束试点须写明结果、依据和日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.wave}"
