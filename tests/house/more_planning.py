"""More rows of planning for the count of queries per page: scenarios, and in the plan of the pages groups and units."""

from collections.abc import Sequence
from typing import Any

from liaoyuan.planning.models import Plan, PlanGroup, PlanLock, PlanUnit, Scenario
from liaoyuan.registry.models import Organization
from tests.core.factories import AT
from tests.house import ground_planning as laying


def more(keys: dict[str, Any], bodies: Sequence[Organization]) -> None:
    """For each body a scenario like that of the pages, a lock, a group of its own, and so on by turns: attached, left
    out, alone.
    """
    for state in ("draft", "approved"):
        plan = Plan.objects.select_related("scenario", "input").get(pk=keys[f"plan_plan_{state}"])
        instance, last = plan.input.instance, plan.groups.order_by("number").last()
        host = plan.bodies.filter(place="attached")[0].host_id
        for number, body in enumerate(bodies):
            instance["organizations"].append(laying.row(body.pk, number, 1))
            street = int(instance["organizations"][-1]["street"])
            told = {"plan": plan, "organization": body, "members": 1, "street_id": street}
            if number % 2:
                group = PlanGroup.objects.create(plan=plan, number=last.number + body.pk, seat=body, units=1, members=1,
                                                 street_id=street, cost=4000)  # fmt: skip
                PlanUnit.objects.create(**told, place="group", group=group)
            elif number % 4:
                PlanUnit.objects.create(**told, place="attached", host_id=host, cost=2500)
            else:
                PlanUnit.objects.create(**told, place="uncovered", reason="SLOTS_FULL",
                                        cheapest=f"允许“{body.pk}”所在的组再加 1 个单位，增加费用 9907")  # fmt: skip
            PlanLock.objects.create(scenario=plan.scenario, kind="not_seat", bodies=[body.pk], made_at=AT)
            _scenario(plan)
        plan.input.save()


def _scenario(plan: Plan) -> None:
    row = Scenario.objects.get(pk=plan.scenario_id)
    row.pk = None
    row.save(force_insert=True)
    again = Plan.objects.get(pk=plan.pk)
    again.pk, again.scenario = None, row
    again.save(force_insert=True)
    again.pk, again.scenario, again.number = None, plan.scenario, 1000 + row.pk
    again.save(force_insert=True)
