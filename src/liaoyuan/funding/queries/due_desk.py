"""What waits of experts: declarations before a review, readings that are not signed, by their last day."""

from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.core.registries import DueItem, DueSource
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.choices.review import STAGE_KIND_TITLES, CardState
from liaoyuan.funding.choices.states import ProjectState
from liaoyuan.funding.models import Reading, ReviewStage, ScoreCard
from liaoyuan.funding.queries import desk


def unsigned(user: Any) -> Any:
    """One's own readings that still wait for a signature."""
    signed = ScoreCard.objects.filter(reading=OuterRef("pk"), state=str(CardState.SIGNED))
    rows = Reading.objects.of(user).filter(
        stage__begun_at__isnull=False, stage__closed_at__isnull=True, project__state=str(ProjectState.IN_REVIEW)
    )
    return rows.exclude(Exists(signed))


def readings(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """One line for each stage with readings that are not signed; no project is named."""
    rows = unsigned(user).order_by().values("stage").annotate(many=Count("pk")).values_list("stage", "many")
    many = dict(rows)
    if not many or limit <= 0:
        return [], len(many)
    stages = ReviewStage.objects.filter(pk__in=many).select_related("round")
    stages = stages.order_by(Coalesce("held_on", F("round__review_by")), "pk")[:limit]
    return [
        DueItem(
            _("“{title}”{stage}：还有 {n} 个项目没有签字").format(
                title=row.round.title, stage=_(STAGE_KIND_TITLES[row.kind]), n=many[row.pk]),
            desk.last_day(row), f"{reverse('funding:desk')}?stage={row.pk}", _("去评审"), code="grant_reading",
        )
        for row in stages
    ], len(many)  # fmt: skip


def declarations(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """Rounds whose applications are in and for which the user has not declared his ties."""
    rows = [row for row in desk.to_declare(user) if row.closes_on < on]
    return [
        DueItem(_("签署“{title}”的评审回避声明").format(title=row.title), row.review_by,
                reverse("funding:desk_declare", args=[row.pk]), _("去声明"), code="grant_declaration")
        for row in rows[:limit]
    ], len(rows)  # fmt: skip


#: What waits of an expert.
SOURCES = (
    DueSource("funding.declarations", "回避声明", Permission.REVIEW_SCORE, declarations),
    DueSource("funding.readings", "项目评审", Permission.REVIEW_SCORE, readings),
)
