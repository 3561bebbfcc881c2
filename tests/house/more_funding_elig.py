"""More rows of eligibility and of reviews at the office for the count of queries per page."""

from collections.abc import Sequence
from typing import Any

from liaoyuan.core.models import Area, User
from liaoyuan.funding.models import (
    Discussion,
    Examined,
    ExpertDeclaration,
    ExpertTie,
    GrantExpert,
    Project,
    Reading,
    ReviewStage,
    Score,
    ScoreCard,
    ScoreSheet,
    TeamMember,
    TextMark,
)
from liaoyuan.registry.models import Organization
from tests.core.factories import AT
from tests.house import ground as laying


def more(keys: dict[str, Any], bodies: Sequence[Organization]) -> None:
    """For each body an examined application like that of the pages, an expert who declared with a tie, readings with
    signed sheets, a version of the score sheet, somebody's part in several projects.
    """
    examined, desk = (Project.objects.get(pk=keys["elig_examined"]), ReviewStage.objects.get(pk=keys["elig_stage"]))
    area = Area.objects.get(code=laying.DISTRICT)
    marks = list(TextMark.objects.filter(project=examined).values_list("mark", flat=True))
    found = Examined.objects.get(project=examined, superseded_at=None)
    last = ScoreSheet.objects.filter(round=desk.round_id).order_by("-number").first()
    for n, body in enumerate(bodies, 1):
        like = _copy(examined.pk, body, "审")
        TextMark.objects.bulk_create(TextMark(project=like, mark=mark) for mark in marks)
        found.pk, found.project = None, like
        found.save(force_insert=True)
        account = User.objects.create(username=f"elig-more-{body.pk}", display_name="演示", created_at=AT)
        expert = GrantExpert.objects.create(area=area, user=account, name="演示评委", created_at=AT)
        ExpertDeclaration.objects.create(round_id=desk.round_id, expert=expert, text="演示", signed_at=AT)
        ExpertTie.objects.create(expert=expert, organization=body, kind="contract", source="office", recorded_at=AT)
        ExpertTie.objects.create(expert_id=keys["elig_expert"], organization=body, kind="contract", source="office",
                                 recorded_at=AT)  # fmt: skip
        for project in (keys["elig_project"], _copy(keys["elig_project"], body, "评").pk):
            row = Reading.objects.create(stage=desk, project_id=project, expert=expert, label=f"E{body.pk}",
                                         assigned_at=AT)  # fmt: skip
            card = ScoreCard.objects.create(reading=row, saved_at=AT)
            Score.objects.create(card=card, item="need", hundredths=100 * n, most=10_000)
        Discussion.objects.create(stage=desk, project_id=keys["elig_project"], note="演示", held_at=AT)
        TeamMember.objects.create(project=examined, position=body.pk % 30_000, name=f"演示{body.pk}", percent=10)
        if last is not None:
            last.pk, last.number = None, last.number + 1
            last.save(force_insert=True)


def _copy(key: int, body: Organization, mark: str) -> Project:
    """The project once more, of another body."""
    row = Project.objects.get(pk=key)
    row.pk, row.organization, row.number = None, body, f"{mark}{body.pk}"
    row.save(force_insert=True)
    return row
