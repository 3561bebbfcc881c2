"""More trials, lines and archived projects for the count of queries per page."""

from collections.abc import Sequence
from typing import Any

from liaoyuan.funding.models import ArchiveWaiver, Project, Round, Trial
from liaoyuan.registry.models import Organization
from tests.core.factories import AT
from tests.house import ground_funding_arch as ground


def more(keys: dict[str, Any], bodies: Sequence[Organization]) -> None:
    """For each body a project that is over with a waiver, a line in the trial, a trial of its own."""
    round_ = Round.objects.get(pk=keys["round_open"])
    held = Trial.objects.get(pk=keys["trial"])
    for body in bodies:
        row = Project.objects.create(
            round=round_, organization=body, number=f"完{body.pk}", title=f"演示完成{body.pk}", state="accepted",
            submitted_at=AT, created_at=AT,
        )  # fmt: skip
        ArchiveWaiver.objects.create(project=row, paper="中期报告", reason="演示", asked_at=AT)
        ground.line(held, row)
        ground.trial(held.area, round_, row)
