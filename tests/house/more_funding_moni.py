"""More rows of running projects for the count of queries per page: beside those of the ground, in the same scope."""

from collections.abc import Sequence
from typing import Any

from liaoyuan.core import clock
from liaoyuan.funding.models import (
    Commendation,
    GrantVisit,
    Indicator,
    Pledge,
    Project,
    ProjectAudit,
    ProjectReport,
    ProjectSanction,
    Round,
    VisitSample,
)
from liaoyuan.registry.models import Organization
from tests.core.factories import AT
from tests.house import ground_funding_moni as running


def more(keys: dict[str, Any], bodies: Sequence[Organization]) -> None:
    """For each body a running project of its own and of the body inside; one row more in each list of the project."""
    opened, main = Round.objects.get(pk=keys["round_open"]), Project.objects.get(pk=keys["project_run"])
    inside, today = Organization.objects.get(pk=keys["inside"]), clock.today()
    for body in bodies:
        for name, owner in (("甲", inside), ("乙", body)):
            row = running.project(opened, owner, f"演示实施{name}{body.pk}", f"实{name}{body.pk}")
            running.rows(row, opened, 1)
        number = body.pk + 10
        Indicator.objects.create(project=main, position=number % 30_000, title=f"演示{number}", unit="次", target=5)
        line = Pledge.objects.create(project=main, position=number % 30_000, kind="service", title="演示")
        record = running.record(main, number)
        record.pledge = line
        record.save()
        ProjectReport.objects.create(project=main, kind="mid", number=number % 30_000, state="returned", begun_at=AT,
                                     handed_at=AT, decided_at=AT)  # fmt: skip
        sample = VisitSample.objects.get(pk=keys["visit_sample"])
        GrantVisit.objects.create(project=main, kind="random", sample=sample, planned_at=AT)
        VisitSample.objects.create(round=opened, number=number % 20_000 + 10_000, kind="risk", size=1, drawn_at=AT)
        ProjectAudit.objects.create(
            project=main, auditor="演示所", reported_on=today, conclusion="clean", entered_at=AT
        )
        ProjectSanction.objects.create(project=main, grounds=["breach"], measures=["warning"], found_on=today,
                                       facts="演示", reply_by=today, state="dropped", proposed_at=AT)  # fmt: skip
        Commendation.objects.create(
            project=main, title=f"演示称号{number}", reason="演示", given_on=today, entered_at=AT
        )
