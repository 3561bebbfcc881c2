"""Writing down what the planner found, and moving a plan on: reviewed, approved, returned, executed."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import events
from liaoyuan.core.access import Actor
from liaoyuan.kit.geo import Point
from liaoyuan.planning.actions import entering
from liaoyuan.planning.choices.codes import Event
from liaoyuan.planning.choices.states import BENDABLE, MOVE_TITLES, MOVES, PlanState, Requirement
from liaoyuan.planning.choices.words import Fallback, Place
from liaoyuan.planning.models import Plan, PlanGroup, PlanInput, PlanUnit
from liaoyuan.planning.queries import carrying
from liaoyuan.planning.rules import costs, figures, moves
from liaoyuan.planning.rules.naming import key_of
from liaoyuan.solvers.coverage.records import canonical

_KNOWN = frozenset({
    "cost", "bound", "gap", "certified", "independent", "groups", "attached", "uncovered", "fixed", "hash", "seconds",
})  # fmt: skip
_GROUP = frozenset({"seat", "label", "units", "members", "cost"})
_UNIT = frozenset({"unit", "host", "cost", "reason", "cheapest"})


def keep_input(
    *, plan: Plan, raw: Mapping[str, Any], kept: int, fallbacks: Mapping[str, str], origin: Point | None = None
) -> PlanInput:
    """Write down what a plan is computed from; called inside the job's transaction. A later attempt takes it from here.

    `kept` bodies are not in play; `fallbacks` tell whose point stands for a body, by its id; `origin` is where the
    metres of `raw` are counted from.
    """
    east, north = origin or (None, None)
    made = PlanInput.objects.create(
        plan=plan, instance=dict(raw), more={"fallbacks": dict(fallbacks)}, east=east, north=north
    )
    plan.kept_bodies = kept
    plan.save(update_fields=["kept_bodies"])
    return made


@transaction.atomic
def keep(*, plan: Plan, found: Mapping[str, Any], digest: str, by: Actor | None, at: datetime) -> Plan:
    """Write down the plan that the checker has passed, as rows; what the scenario had before is superseded.

    Refused when the plan is written down already.
    """
    plan = Plan.objects.select_for_update(of=("self",)).select_related("scenario__area", "input").get(pk=plan.pk)
    if plan.state != PlanState.SOLVING:
        raise entering.refusal("PLAN-MADE", _("这个方案已经算完。"))
    raw, fallbacks = plan.input.instance, plan.input.more.get("fallbacks", {})
    for name, value in asdict(figures.of(raw, found)).items():
        setattr(plan, name, value)
    plan.state, plan.input_hash, plan.plan_hash, plan.checked = str(PlanState.DRAFT), digest, found["hash"], True
    plan.cost, plan.bound, plan.finished_at = found["cost"], found["bound"], at
    plan.gap_ppm = round(found["gap"] * 1_000_000)
    plan.save()
    plan.input.more = {name: value for name, value in found.items() if name not in _KNOWN}
    plan.input.save(update_fields=["more"])
    _write(plan, raw, found, fallbacks)
    older = plan.scenario.plans.filter(state__in=[str(state) for state in BENDABLE], number__lt=plan.number)
    older.update(state=PlanState.SUPERSEDED.value)
    events.record(Event.PLAN_MADE, entering.plan_subject(plan), by=by, at=at, payload={
        "input": digest, "plan": plan.plan_hash, "cost": plan.cost, "bound": plan.bound, "groups": plan.group_count,
    })  # fmt: skip
    return plan


def _write(plan: Plan, raw: Mapping[str, Any], found: Mapping[str, Any], fallbacks: Mapping[str, str]) -> None:
    """The rows of a plan: groups by street and seat, then one row for every body."""
    bodies = {row["id"]: row for row in raw["organizations"]}
    order = sorted(found["groups"], key=lambda g: (int(bodies[g["seat"]]["street"] or 0), key_of(g["seat"])))
    groups = PlanGroup.objects.bulk_create(
        PlanGroup(
            plan=plan, number=number, seat_id=key_of(group["seat"]),
            label_id=key_of(group["label"]) if group["label"] else None, street_id=bodies[group["seat"]]["street"],
            units=len(group["units"]), members=group["members"], cost=group["cost"], more=_rest(group, _GROUP),
        )
        for number, group in enumerate(order, 1)
    )  # fmt: skip

    def made(key: str, place: Place, **told: Any) -> PlanUnit:
        row = bodies[key]
        return PlanUnit(
            plan=plan, organization_id=key_of(key), place=str(place), members=row["members"], street_id=row["street"],
            branch_id=key_of(row["branch"]) if row["branch"] else None,
            fallback=fallbacks.get(key, str(Fallback.OWN)), **told,
        )  # fmt: skip

    rows = [
        made(key, Place.GROUP, group=row, cost=_own(bodies[key], bodies[group["seat"]], raw, group["label"]))
        for row, group in zip(groups, order, strict=True) for key in group["units"]
    ]  # fmt: skip
    rows += [made(row["unit"], Place.ATTACHED, host_id=key_of(row["host"]), cost=row["cost"], more=_rest(row, _UNIT))
             for row in found["attached"]]  # fmt: skip
    rows += [made(row["unit"], Place.UNCOVERED, reason=row["reason"], cheapest=row["cheapest"], more=_rest(row, _UNIT))
             for row in found["uncovered"]]  # fmt: skip
    rows += [made(key, Place.INDEPENDENT) for key in found["independent"]]
    rows += [made(key, Place.FIXED, reason=row["reason"]) for row in found.get("fixed", ()) for key in row["units"]]
    PlanUnit.objects.bulk_create(rows)


def _rest(row: Mapping[str, Any], known: Iterable[str]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in known}


def _own(unit: Mapping[str, Any], seat: Mapping[str, Any], raw: Mapping[str, Any], label: str | None) -> int:
    told = costs.lines(unit, seat, raw["params"], label=label)
    if told is None:
        raise AssertionError(f"{unit['id']} does not reach {seat['id']}")
    return told.total


def digest_of(raw: Mapping[str, Any]) -> str:
    """The SHA-256 of what a plan is computed from: snapshot, parameters, locks, seed."""
    return hashlib.sha256(canonical(raw)).hexdigest()


def give_up(*, plan: Plan, sentence: str) -> None:
    """Say why a plan could not be computed; the scenario may be asked again. One that is written down stays."""
    rows = Plan.objects.filter(pk=plan.pk, state=PlanState.SOLVING.value)
    rows.update(state=PlanState.FAILED.value, note=sentence[:200])


@transaction.atomic
def move(*, plan: Plan, code: str, reason: str = "", version: int | None = None, by: Actor, at: datetime) -> Plan:
    """Move a plan on (choices.states.MOVES). Approving takes another person than who made or reviewed it; the area's
    earlier approved plan is superseded by it.
    """
    step = MOVES[code]
    plan = entering.living_plan(plan, by, step.who, version)
    person = entering.recorder(by)
    same = person is None or person.pk in (plan.asked_by_id, plan.reviewed_by_id)
    accepted, waiting = carrying.accepted(plan)
    accepted += carrying.appointed(plan) if code == "return" else 0
    facts = moves.MoveFacts(plan.state, plan.checked, same, reason, accepted, waiting)
    lacks = moves.missing(code, facts)
    if lacks:
        field = "reason" if lacks == Requirement.REASON else ""
        raise entering.refusal(f"PLAN-{lacks.upper()}", _(moves.MISSING_MESSAGES[lacks]), field)
    was, plan.state, plan.note = plan.state, str(step.target), reason.strip()[:200] if code == "return" else ""
    if code == "review":
        plan.reviewed_at, plan.reviewed_by = at, person
    elif code == "approve":
        plan.approved_at, plan.approved_by = at, person
        others = Plan.objects.filter(scenario__area=plan.scenario.area, state=PlanState.APPROVED.value)
        others.exclude(pk=plan.pk).update(state=PlanState.SUPERSEDED.value)
    elif code == "return":
        plan.reviewed_at = plan.reviewed_by = plan.approved_at = plan.approved_by = None
    plan.save()
    entering.touched(plan)
    events.record(Event.PLAN_MOVED, entering.plan_subject(plan), by=by, at=at, payload={
        "move": MOVE_TITLES[code], "changes": {"state": [was, plan.state]}, "note": plan.note,
    })  # fmt: skip
    return plan
