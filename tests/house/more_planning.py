"""More rows of planning for the count of queries per page: scenarios, and in the plan of the pages groups and units."""

from collections.abc import Sequence
from typing import Any

from liaoyuan.party.models import Instructor
from liaoyuan.planning.models import InstructorLine, InstructorPin, Plan, PlanGroup, PlanLock, PlanUnit, Scenario
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
        _instructors(plan, keys["instructor_inside"], bodies)


def _scenario(plan: Plan) -> None:
    row = Scenario.objects.get(pk=plan.scenario_id)
    row.pk = None
    row.save(force_insert=True)
    again = Plan.objects.get(pk=plan.pk)
    again.pk, again.scenario = None, row
    again.save(force_insert=True)
    again.pk, again.scenario, again.number = None, plan.scenario, 1000 + row.pk
    again.save(force_insert=True)


def _instructors(plan: Plan, like: int, bodies: Sequence[Organization]) -> None:
    """For each body a line of the plan's proposal, an instructor of its own, and a pin."""
    proposal = plan.proposals.get()
    for body in bodies:
        who = Instructor.objects.get(pk=like)
        who.pk = who.user = None
        who.save(force_insert=True)
        unit = plan.bodies.get(organization=body)
        proposal.instance["bodies"].append(laying.body(body.pk, unit.street_id))
        proposal.instance["instructors"].append(laying.helper(who.pk))
        InstructorLine.objects.create(proposal=proposal, organization=body, street_id=unit.street_id, need="nobody",
                                      instructor=who, second_id=like, price=5, metres=900, cost=900)  # fmt: skip
        InstructorPin.objects.create(scenario=plan.scenario, kind="bar", organization=body, instructor=who,
                                     reason="不派", made_at=AT)  # fmt: skip
    proposal.save()
