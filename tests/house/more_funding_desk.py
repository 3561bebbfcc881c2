"""More rows of reviews for the count of queries per page: readings of the expert, lines of the ranking and proposal."""

from collections.abc import Sequence
from typing import Any

from liaoyuan.funding.models import (
    BudgetLine,
    ExpertTie,
    GrantExpert,
    Project,
    RankingLine,
    Reading,
    RoundQuota,
    Score,
    ScoreCard,
    SelectionLine,
)
from liaoyuan.registry.models import Organization
from tests.core.factories import AT


def more(keys: dict[str, Any], bodies: Sequence[Organization]) -> None:
    """For each body a reading with a card, a line of the ranking, of the proposal, of the budget, a quota, a tie."""
    held = Reading.objects.get(stage=keys["stage_review"], label=keys["label_review"])
    line = RankingLine.objects.get(project=keys["project_ranked"])
    chosen = SelectionLine.objects.get(project=keys["project_ranked"])
    expert = GrantExpert.objects.get(pk=held.expert_id)
    for body in bodies:
        BudgetLine.objects.create(project=held.project, position=body.pk % 30_000, budget_class="B06", title="演示",
                                  price_fen=0, amount_fen=0, grant_fen=0)  # fmt: skip
        row = Reading.objects.create(stage_id=held.stage_id, project=_copy(held.project_id, body, "评"), expert=expert,
                                     label=f"M{body.pk}", assigned_at=AT)  # fmt: skip
        card = ScoreCard.objects.create(reading=row, saved_at=AT)
        Score.objects.create(card=card, item="need", hundredths=100, most=2000)
        project = _copy(keys["project_ranked"], body, "排")
        for one in (line, chosen):
            one.pk, one.project = None, project
            one.save(force_insert=True)
        RoundQuota.objects.create(round_id=keys["round_ranked"], kind="field", value=f"演示{body.pk}", most=3)
        ExpertTie.objects.create(expert=expert, organization=body, kind="contract", source="declared", recorded_at=AT)


def _copy(key: int, body: Organization, mark: str) -> Project:
    """The project once more, of another body."""
    row = Project.objects.get(pk=key)
    row.pk, row.organization, row.number = None, body, f"{mark}{body.pk}"
    row.save(force_insert=True)
    return row
