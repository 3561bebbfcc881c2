"""What a project's archive does without: proposed with a reason, found by a second person."""

from django.db import models
from django.db.models import F, Q

from liaoyuan.core.models import User
from liaoyuan.funding.choices.archive import WaiverState
from liaoyuan.funding.models.base import paired
from liaoyuan.funding.models.contents import OfProjectQuerySet
from liaoyuan.funding.models.projects import Project


class ArchiveWaiver(models.Model):
    """A paper of the list (`paper`, its title) that this project has no need of, and why. It counts when agreed to."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="waivers", verbose_name="项目")
    paper = models.CharField("材料", max_length=60)
    reason = models.CharField("不需要的理由", max_length=200)
    state = models.CharField("状态", max_length=8, default=WaiverState.ASKED.value)
    asked_at = models.DateTimeField("提出时间")
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="提出人")
    decided_at = models.DateTimeField("核定时间", null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="核定人")
    opinion = models.CharField("核定意见", max_length=200, blank=True, default="")

    objects = OfProjectQuerySet["ArchiveWaiver"].as_manager()

    class Meta:
        ordering = ["project_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "paper"],
                condition=~Q(state=WaiverState.REFUSED.value),
                name="archive_waiver_once",
                violation_error_message="这份材料已经提出过。",
            ),
            models.CheckConstraint(
                condition=Q(state=WaiverState.ASKED.value, decided_at__isnull=True)
                | Q(state__in=[WaiverState.AGREED.value, WaiverState.REFUSED.value], decided_at__isnull=False),
                name="archive_waiver_decided_whole",
                violation_error_message="核定须有时间。",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | Q(asked_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="archive_waiver_two_persons",
                violation_error_message="须由提出人以外的人核定。",
            ),
            models.CheckConstraint(
                condition=paired("asked_at", "asked_by"),
                name="archive_waiver_asking_paired",
                violation_error_message="提出须有时间。",
            ),
            models.CheckConstraint(
                condition=paired("decided_at", "decided_by"),
                name="archive_waiver_decision_paired",
                violation_error_message="核定须有时间。",
            ),
        ]

    def __str__(self) -> str:
        return self.paper
