"""What a plan is to be computed from: the register's snapshot with the scenario's weights, seed and locks."""

from dataclasses import replace

from liaoyuan.kit.geo import Point
from liaoyuan.party.queries.coverage import Asked
from liaoyuan.planning.models import Plan
from liaoyuan.planning.queries import results, snapshot, weights
from liaoyuan.planning.queries.snapshot import Snapshot


def of(plan: Plan) -> Snapshot:
    """A plan that is bent from an earlier one is computed from the same snapshot, with the locks of now."""
    scenario = plan.scenario
    locks = results.locks_of(scenario)
    if plan.earlier is not None:
        rows = plan.earlier.bodies.exclude(fallback="").values_list("organization_id", "fallback")
        raw = {**plan.earlier.input.instance, "locks": locks}
        fallbacks = {str(key): told for key, told in rows}
        return Snapshot(raw, fallbacks, plan.earlier.kept_bodies, origin_of(plan.earlier))
    params = weights.planner(scenario.weights, scenario.seed)
    asked = Asked(scenario.area, scenario.on, scenario.known_at)
    found = snapshot.read(asked, count=scenario.count, mode=scenario.mode, params=params)
    playing = {row["id"] for row in found.raw["organizations"]}
    # A lock on a body that is no longer to be planned (its group was accepted, say) has nothing left to hold.
    return replace(found, raw={**found.raw, "locks": [lock for lock in locks if playing.issuperset(lock["ids"])]})


def origin_of(plan: Plan) -> Point | None:
    """Where the plan's instance counts its metres from; None for one whose origin nobody kept."""
    kept = plan.input
    return None if kept.east is None or kept.north is None else (kept.east, kept.north)
