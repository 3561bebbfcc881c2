"""Plans that the house walks through: of the district a draft and an approved one, and the same of the next one."""

from typing import Any

from liaoyuan.core.access import Operator
from liaoyuan.core.models import Area, User
from liaoyuan.planning.actions import bending, plans, proposing, scenarios
from liaoyuan.planning.models import InstructorProposal, Plan, PlanGroup, PlanUnit
from liaoyuan.planning.queries import instructing, solving, weights
from liaoyuan.registry.models import Organization, Standing
from tests.core.factories import AT

BY = Operator("house")
PLACES = {"district": "inside", "other": "outside"}


def lay(keys: dict[str, Any], users: dict[str, User], areas: dict[str, Area]) -> None:
    """Of each district: a plan that may be bent, with a lock, and one that may be accepted; a group, an attachment."""
    for place, suffix, names, host in (
        ("district", "", ("inside", "filed", "next_filed"), "branch_inside"),
        ("other", "_outside", ("outside", "outside_filed"), "branch_outside"),
    ):
        for state in ("draft", "approved"):
            plan = _planned(areas[place], [keys[name] for name in names], keys[host])
            mark = f"{state}{suffix}"
            told = {"scenario": plan.scenario_id, "plan": plan.pk, "group": PlanGroup.objects.get(plan=plan).pk}
            units = PlanUnit.objects.filter(plan=plan)
            told |= {"unit": units.filter(place="group").first().pk, "attached": units.get(place="attached").pk}
            keys |= {f"plan_{name}_{mark}": key for name, key in told.items()}
            keys |= {
                f"{key}_{mark}": found for key, found in _proposed(plan, keys["instructor_" + PLACES[place]]).items()
            }
            if state == "approved":
                Plan.objects.filter(pk=plan.pk).update(state="approved", reviewed_at=AT, approved_at=AT)
            else:
                lock = bending.lock(plan=plan, kind="not_seat", bodies=[keys[names[1]]], by=BY, at=AT)
                keys[f"plan_lock{suffix}"] = lock.pk


def _proposed(plan: Plan, instructor: int) -> dict[str, int]:
    """A proposal that gives the plan's bodies one instructor, and a pair that is barred."""
    made = InstructorProposal.objects.create(plan=plan, number=1, on=AT.date(), asked_at=AT)
    bodies = [body(unit.organization_id, unit.street_id) for unit in plan.bodies.order_by("pk")]
    raw = {"on": AT.date().isoformat(), "bodies": bodies, "instructors": [helper(instructor)],
           "pins": {"fix": [], "bar": []}, "params": {"most": 5, "months": 24, "w_street": 800}}  # fmt: skip
    made = proposing.keep_input(proposal=made, raw=raw)
    proposing.keep(proposal=made, found=instructing.answer(raw), by=BY, at=AT)
    line = made.lines.filter(instructor=instructor).order_by("pk")[0]
    pin = proposing.pin(scenario=plan.scenario, kind="bar", organization=line.organization, instructor=line.instructor,
                        reason="不派", by=BY, at=AT)  # fmt: skip
    return {"plan_proposal": made.pk, "plan_line": line.pk, "plan_pin": pin.pk}


def body(key: int, street: int | None) -> dict[str, Any]:
    """A body as a proposal of instructors reads it."""
    return {"id": key, "x": 120.27, "y": 31.53, "street": street, "departments": [], "need": "nobody", "point": ""}


def helper(key: int) -> dict[str, Any]:
    """An instructor as a proposal reads him."""
    return {"id": key, "load": 1, "most": 5, "x": 120.28, "y": 31.53, "street": None, "station": "area", "words": []}


def row(key: int, number: int, members: int) -> dict[str, Any]:
    """A body as the planner reads it, each some hundred metres from the one before."""
    told = Standing.objects.now_open().get(organization=key)
    return {"id": str(key), "x": 100.0 * number, "y": 0.0, "field": None, "unit": None, "members": members,
            "street": str(told.street_id) if told.street_id else None, "branch": None}  # fmt: skip


def _planned(area: Area, bodies: list[int], host: int) -> Plan:
    """Two bodies that make a group, and one far from them that is attached to a branch beside it."""
    scenario = scenarios.begin(area=area, on=AT.date(), by=BY, at=AT)
    plan = scenarios.ask(scenario=scenario, later=False, by=BY, at=AT)
    params = {**weights.planner(scenario.weights, 1), "mode": "members"}
    far = bodies[2] if len(bodies) > 2 else _third(area)
    rows = [row(bodies[0], 0, 2), row(bodies[1], 1, 1), {**row(far, 0, 1), "x": 50_000.0}]
    hosts = [{"id": f"p{host}", "x": 50_100.0, "y": 0.0, "field": None, "street": None, "unit": None, "slots": 2,
              "member_room": 9}]  # fmt: skip
    raw = {"params": params, "organizations": rows, "hosts": hosts, "branches": [], "locks": []}
    plans.keep_input(plan=plan, raw=raw, kept=0, fallbacks={}, origin=(120.27, 31.53))
    return plans.keep(plan=plan, found=solving.plan_of(raw), digest=plans.digest_of(raw), by=BY, at=AT)


def _third(area: Area) -> int:
    """One more body of the next district."""
    rows = Organization.objects.filter(standings__registrar_area=area, is_external=True)
    return rows.values_list("pk", flat=True)[0]
