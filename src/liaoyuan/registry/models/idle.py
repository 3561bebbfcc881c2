"""Findings of idleness (ORG-IDLE-01): bodies without a trace of activity for a year. A hint, no verdict."""

from typing import Any

from django.db import models
from django.db.models import OuterRef, Q, Subquery

from liaoyuan.core.models import User
from liaoyuan.registry.choices import IdleAnswer
from liaoyuan.registry.models.organizations import Organization, Standing

_ANSWERS = tuple(str(answer) for answer in IdleAnswer)


class IdleFindingQuerySet(models.QuerySet["IdleFinding"]):
    """Findings by scope."""

    def visible_to(self, user: Any) -> "IdleFindingQuerySet":
        """Findings about organizations that the user may see."""
        return self.filter(organization__in=Organization.objects.visible_to(user))

    def open(self) -> "IdleFindingQuerySet":
        """Findings that nobody has answered."""
        return self.filter(answer="")

    def with_names(self) -> "IdleFindingQuerySet":
        """Each with `name`, `kind` and `street` of the body's present standing."""
        rows = Standing.objects.now_open().filter(organization=OuterRef("organization"))
        return self.annotate(
            name=Subquery(rows.values("name")[:1]),
            kind=Subquery(rows.values("kind")[:1]),
            street=Subquery(rows.values("street__name")[:1]),
        )


class IdleFinding(models.Model):
    """One body that the monthly check found without activity. `last_on` is the last trace that was known then.

    `answer`: active (there is activity that the system does not know) or idle (indeed none); empty while it waits.
    """

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="idle_findings", verbose_name="组织")
    found_on = models.DateField("发现日期")
    last_on = models.DateField("最近活动", null=True)
    answer = models.CharField("核实结果", max_length=8, blank=True, default="")
    note = models.CharField("核实情况", max_length=200, blank=True, default="")
    answered_at = models.DateTimeField("核实时间", null=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="核实人")

    objects = IdleFindingQuerySet.as_manager()

    class Meta:
        ordering = ["-found_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization"],
                condition=Q(answer=""),
                name="idle_open_once",
                violation_error_message="这个组织已有一条待核实的记录。",
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True, answered_by__isnull=True)
                | Q(answer__in=_ANSWERS, answered_at__isnull=False),
                name="idle_answer_paired",
                violation_error_message="核实须同时记下结果和时间。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization_id}: {self.found_on}"
