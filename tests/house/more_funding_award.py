"""More lists, objections and agreements for the count of queries per page: beside those of the ground."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from liaoyuan.core import clock
from liaoyuan.funding.models import (
    Agreement,
    AgreementShare,
    AwardLine,
    AwardList,
    AwardObjection,
    Pool,
    Project,
    Round,
)
from liaoyuan.registry.models import Organization
from tests.core.factories import AT


def more(keys: dict[str, Any], bodies: Sequence[Organization]) -> None:
    """For each body a proposed project, a line and an objection on every list of the ground, a list of its own, an
    approved project with its agreement and one without.
    """
    opened = Round.objects.get(pk=keys["award_round"])
    lists = AwardList.objects.filter(pk__in=[keys["award_draft"], keys["award_list"], keys["award_over"]])
    pool = Pool.objects.filter(round=opened).order_by("pk")[0]
    for body in bodies:
        told = {"round": opened, "organization": body, "created_at": AT, "submitted_at": AT, "grant_fen": 100,
                "total_fen": 100, "base_fen": 100}  # fmt: skip
        Project.objects.create(title=f"演示拟立{body.pk}", number=f"拟{body.pk}", state="proposed", **told)
        for held in lists:
            _on_list(held, body, told)
        row = Project.objects.create(title=f"演示立项{body.pk}", number=f"立{body.pk}", state="approved", **told)
        Project.objects.create(title=f"演示又立{body.pk}", number=f"又{body.pk}", state="approved", **told)
        _agreed(AwardList.objects.get(pk=keys["award_over"]), row, body, pool)
        _list(opened, body)


def _on_list(held: AwardList, body: Organization, told: dict[str, Any]) -> None:
    number = f"名{held.pk}-{body.pk}"
    state = "proposed" if held.opens_on is None else "published"
    row = Project.objects.create(title="演示名单", number=number, state=state, **told)
    line = AwardLine.objects.create(
        award_list=held, position=body.pk % 30_000, project=row, organization=body, number=number,
        project_title="演示名单", body_name="演示组织", amount_fen=100,
    )  # fmt: skip
    if held.opens_on is not None:
        AwardObjection.objects.create(award_list=held, line=line, kind="facts", text="演示异议。", anonymous=True,
                                      received_on=held.opens_on, due_on=held.opens_on, received_at=AT)  # fmt: skip


def _list(opened: Round, body: Organization) -> None:
    """A list that stands, one that is over, one that waits to be published."""
    today = clock.today()
    told = {"round": opened, "receiver": "科室", "days": 5, "unit": "workday", "created_at": AT}
    for first in (today, today - timedelta(days=30)):
        made = AwardList.objects.create(title=f"演示名单{body.pk}", state="published", opens_on=first, published_at=AT,
                                        closes_on=first + timedelta(days=7), **told)  # fmt: skip
        row = Project.objects.create(round=opened, organization=body, title="演示期满", state="published",
                                     number=f"满{made.pk}", created_at=AT)  # fmt: skip
        AwardLine.objects.create(award_list=made, position=1, project=row, organization=body, number=row.number,
                                 project_title="演示期满", body_name="演示组织", amount_fen=100)  # fmt: skip
    AwardList.objects.create(title=f"演示待发{body.pk}", **told)


def _agreed(held: AwardList, row: Project, body: Organization, pool: Pool) -> None:
    line = AwardLine.objects.create(
        award_list=held, position=body.pk % 30_000, project=row, organization=body, number=row.number,
        project_title=row.title, body_name="演示组织", amount_fen=100, approved_fen=100, approved_at=AT,
    )  # fmt: skip
    made = Agreement.objects.create(
        project=row, award=line, organization=body, body_name="演示组织", amount_fen=100, starts_on=AT.date(),
        ends_on=AT.date(), account_name="演示组织", account_bank="演示银行", account_number="", account_tail="0000",
        drafted_at=AT,
    )  # fmt: skip
    AgreementShare.objects.create(agreement=made, pool=pool, amount_fen=100)
