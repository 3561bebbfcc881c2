"""What waits of eligibility and of reviews: bars for the second person, stages that run."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.core.registries import DueItem, DueSource
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.choices.review import EligibilityOutcome
from liaoyuan.funding.choices.states import ProjectState
from liaoyuan.funding.models import Examined, Round
from liaoyuan.funding.queries.due import first


def bars(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """Applications that somebody else proposed to bar, by the day on which eligibility must be done."""
    rows = Examined.objects.current().filter(
        outcome=str(EligibilityOutcome.INELIGIBLE), decided_at__isnull=True,
        project__state=str(ProjectState.SUBMITTED), project__round__in=Round.objects.run_by(user, Permission.CONFIRM),
    )  # fmt: skip
    rows = rows.exclude(proposed_by=user.pk).select_related("project__round")
    found, total = first(rows.order_by("project__round__eligible_by", "pk"), limit)
    return [
        DueItem(_("“{title}”资格不通过待确认").format(title=row.project.title), row.project.round.eligible_by,
                reverse("funding:project_eligibility", args=[row.project_id]), _("去确认"), code="grant_bar")
        for row in found
    ], total  # fmt: skip


SOURCES = (DueSource("funding.bars", "资格不通过待确认", Permission.CONFIRM, bars),)
