"""What waits of eligibility and of reviews: bars for the second person, stages that run."""

from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.core.registries import DueItem, DueSource
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.choices.review import STAGE_KIND_TITLES, CardState, EligibilityOutcome
from liaoyuan.funding.choices.states import ProjectState
from liaoyuan.funding.models import Examined, Reading, ReviewStage, Round
from liaoyuan.funding.queries.due import told


def bars(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """Applications that somebody else proposed to bar, by the day on which eligibility must be done."""
    rows = Examined.objects.current().filter(
        outcome=str(EligibilityOutcome.INELIGIBLE), decided_at__isnull=True,
        project__state=str(ProjectState.SUBMITTED), project__round__in=Round.objects.run_by(user, Permission.CONFIRM),
    )  # fmt: skip
    rows = rows.exclude(proposed_by=user.pk).select_related("project__round")
    found, total = told(rows.order_by("project__round__eligible_by", "pk"), limit)
    return [
        DueItem(_("“{title}”资格不通过待确认").format(title=row.project.title), row.project.round.eligible_by,
                reverse("funding:project_eligibility", args=[row.project_id]), _("去确认"), code="grant_bar")
        for row in found
    ], total  # fmt: skip


def stages(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """Stages that run: how many sheets are not signed yet, by the day on which the review must be done."""
    reading = Reading.objects.standing().filter(stage=OuterRef("pk"), project__state=str(ProjectState.IN_REVIEW))
    unsigned = reading.exclude(cards__state=str(CardState.SIGNED)).order_by().values("stage")
    running = ReviewStage.objects.filter(
        begun_at__isnull=False, closed_at__isnull=True, round__in=Round.objects.run_by(user, Permission.EDIT)
    ).select_related("round")
    rows = running.annotate(unsigned=Coalesce(Subquery(unsigned.annotate(n=Count("pk")).values("n")), 0))
    found, total = told(rows.order_by("round__review_by", "pk"), limit)
    return [
        DueItem(_stage_words(row), row.round.review_by, reverse("funding:stage_detail", args=[row.pk]), _("去办理"),
                code="grant_stage")
        for row in found
    ], total  # fmt: skip


def _stage_words(row: Any) -> str:
    named = {"title": row.round.title, "kind": _(STAGE_KIND_TITLES[row.kind]), "n": row.unsigned}
    told = _("“{title}”{kind}：还有 {n} 份评分没有签字") if row.unsigned else _("“{title}”{kind}：都已签字，可以结束")
    return told.format(**named)


SOURCES = (
    DueSource("funding.bars", "资格不通过待确认", Permission.CONFIRM, bars),
    DueSource("funding.stages", "评审进度", Permission.EDIT, stages),
)
