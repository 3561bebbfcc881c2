"""More rows of grants for the count of queries per page: beside those of the ground, in the same scope."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from liaoyuan.core import clock
from liaoyuan.core.access import Operator
from liaoyuan.core.models import Area
from liaoyuan.funding.actions import needs
from liaoyuan.funding.models import (
    BudgetLine,
    Indicator,
    PlanStep,
    Pledge,
    Pool,
    Programme,
    Project,
    Revision,
    Risk,
    Round,
    RoundQuota,
    Supplement,
    TeamMember,
)
from liaoyuan.registry.models import Organization
from tests.core.factories import AT
from tests.house import ground_funding

BY = Operator("house")


def more(keys: dict[str, Any], bodies: Sequence[Organization]) -> None:
    """For each body a round, a pool, a quota, needs, an application of its own and one of the body inside; one row
    more in every section of the draft and of the application that the pages open.
    """
    programme = Programme.objects.get(pk=keys["programme"])
    opened, planned = (Round.objects.get(pk=keys[f"round_{name}"]) for name in ("open", "planned"))
    area = Area.objects.get(code="320211001004")
    for body in bodies:
        _rounds(programme, body)
        for row in (opened, planned):
            Pool.objects.create(round=row, source="town", title=f"演示资金{body.pk}", ceiling_fen=100)
            RoundQuota.objects.create(round=row, kind="street", value=f"演示街道{body.pk}", most=3)
        ask = ground_funding.need(opened, area, f"演示需求{body.pk}")
        needs.publish(need=ground_funding.need(opened, area, f"演示公布{body.pk}"), by=BY, at=AT)
        told = {"round": opened, "created_at": AT, "need": ask, "area": area, "submitted_at": AT}
        Project.objects.create(organization=body, title="演示他家", number=f"他{body.pk}", state="submitted", **told)
        for name, organization in (("本家", Organization.objects.get(pk=keys["inside"])), ("别家", body)):
            Project.objects.create(organization=organization, title=f"演示{name}{body.pk}", state="returned",
                                   number=f"{name}{body.pk}", **told)  # fmt: skip
        for name in ("project_draft", "project_in"):
            _written(Project.objects.get(pk=keys[name]), body.pk)


def _rounds(programme: Programme, body: Organization) -> None:
    """An opened round that is over and a planned one whose figures wait."""
    today = clock.today()
    told = {"programme": programme, "year": 2026, "place": "binhu", "created_at": AT}
    over = Round.objects.create(
        title=f"演示截止{body.pk}", state="open", opened_at=AT, opens_on=AT.date() - timedelta(days=60),
        closes_on=AT.date(), eligible_by=today, **told,
    )  # fmt: skip
    Project.objects.create(round=over, organization=body, title="演示待审", number=f"待{body.pk}", state="submitted",
                           created_at=AT)  # fmt: skip
    Round.objects.create(title=f"演示筹备{body.pk}", opens_on=today, closes_on=today + timedelta(days=30),
                         own_figures={"gv.max_apply": 2}, own_reason="会议纪要", figures_at=AT, **told)  # fmt: skip


def _written(row: Project, number: int) -> None:
    """One row more in each section; one more kept version and correction."""
    place = number % 30_000
    member = TeamMember.objects.create(project=row, position=place, name="演示人员", role="社工")
    BudgetLine.objects.create(project=row, position=place, budget_class="B01", title="演示", price_fen=0, amount_fen=0,
                              grant_fen=0, member=member)  # fmt: skip
    PlanStep.objects.create(project=row, position=place, period="演示", content="演示")
    Indicator.objects.create(project=row, position=place, title="演示", unit="次", target=1)
    Risk.objects.create(project=row, position=place, title="演示", measure="演示")
    Pledge.objects.create(project=row, position=place, kind="service", title="演示")
    last = row.revisions.count()
    Revision.objects.create(project=row, number=last + 1, occasion="resubmitted", content={}, code=f"{number:08d}",
                            made_at=AT)  # fmt: skip
    Supplement.objects.create(project=row, text="演示", due_on=AT.date(), asked_at=AT, answered_at=AT)
