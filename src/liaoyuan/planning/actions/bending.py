"""Bending a plan: locks that later plans keep to, and one unit moved by hand."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import events
from liaoyuan.core.access import Actor
from liaoyuan.planning.actions import entering, plans, scenarios
from liaoyuan.planning.choices.codes import Event
from liaoyuan.planning.choices.states import BENDABLE, PlanState
from liaoyuan.planning.choices.words import LOCK_TITLES, LockKind
from liaoyuan.planning.models import Plan, PlanLock, PlanUnit
from liaoyuan.planning.queries import inputs, locking, results, solving
from liaoyuan.planning.rules import bending
from liaoyuan.planning.rules.bending import BLOCK_MESSAGES, Target
from liaoyuan.planning.rules.naming import key_of
from liaoyuan.solvers.coverage import checker
from liaoyuan.solvers.coverage.refusal import UnusableInstance


@transaction.atomic
def lock(
    *, plan: Plan, kind: str, bodies: Sequence[int], max_units: int | None = None, reason: str = "", by: Actor,
    at: datetime,
) -> PlanLock:  # fmt: skip
    """Lay down what later plans of the scenario keep to. Refused when it contradicts what is laid down already."""
    plan = _bendable(plan, by)
    keys = sorted(set(bodies))
    if kind != LockKind.ALLOW:
        max_units = None
    elif not (max_units and reason.strip()):
        raise entering.refusal("PLAN-ALLOW", _("允许超出单位数须写明上限和理由。"), "reason")
    made = PlanLock(
        scenario=plan.scenario, kind=str(LockKind(kind)), bodies=keys, max_units=max_units, reason=reason.strip()[:200],
        made_at=at, made_by=entering.recorder(by),
    )  # fmt: skip
    _check(plan.input.instance, [*results.locks_of(plan.scenario), results.lock_json(made)])
    made.save()
    _tell(Event.LOCKED, made, by, at)
    return made


def _bendable(plan: Plan, by: Actor, version: int | None = None) -> Plan:
    plan = entering.living_plan(plan, by, version=version)
    if PlanState(plan.state) not in BENDABLE:
        raise entering.refusal("PLAN-CLOSED", _("已批准、已实施或被替代的方案不能修改，请新建一个编组。"))
    return plan


def _check(raw: Mapping[str, Any], held: Sequence[Mapping[str, Any]]) -> None:
    """Refuse locks that contradict each other, or name bodies that are not in play; with names."""
    try:
        solving.parsed({**raw, "locks": list(held)})
    except UnusableInstance as error:
        raise entering.refusal("PLAN-LOCK", locking.refusal_words(error), "kind") from error


def _tell(code: Event, row: PlanLock, by: Actor, at: datetime) -> None:
    told = {"kind": LOCK_TITLES[row.kind], "bodies": row.bodies, "note": row.reason}
    events.record(code, entering.subject(row.scenario), by=by, at=at, payload=told)


@transaction.atomic
def lift(*, row: PlanLock, by: Actor, at: datetime) -> PlanLock:
    """Take a lock back; plans that were made under it stay as they are."""
    entering.living(row.scenario, by)
    found = PlanLock.objects.select_for_update(of=("self",)).select_related("scenario").get(pk=row.pk)
    if found.lifted_at is not None:
        raise entering.refusal("PLAN-LIFTED", _("这条锁定已经取消。"))
    found.lifted_at, found.lifted_by = at, entering.recorder(by)
    found.save(update_fields=["lifted_at", "lifted_by"])
    _tell(Event.UNLOCKED, found, by, at)
    return found


@transaction.atomic
def reject(*, plan: Plan, seat: int, units: Sequence[int], reason: str, by: Actor, at: datetime) -> list[PlanLock]:
    """A group is not taken: these units are kept apart from its seat in every later plan."""
    if not units:
        raise entering.refusal("PLAN-APART", _("请选择不与所在单位编在一起的组织。"), "units")
    return [
        lock(plan=plan, kind=LockKind.APART, bodies=[seat, unit], reason=reason, by=by, at=at) for unit in sorted(units)
    ]


@transaction.atomic
def allow(
    *, plan: Plan, units: Sequence[int], extra: int, reason: str, by: Actor, at: datetime
) -> list[PlanLock]:  # fmt: skip
    """A group takes one unit more than the rule's usual number, with a reason: these units become one group."""
    keys = sorted({*units, extra})
    told: dict[str, Any] = {"plan": plan, "bodies": keys, "reason": reason, "by": by, "at": at}
    return [lock(kind=LockKind.ALLOW, max_units=len(keys), **told), lock(kind=LockKind.GROUP, **told)]


@transaction.atomic
def move_unit(*, row: PlanUnit, to: Target, version: int | None = None, by: Actor, at: datetime) -> Plan:
    """Move one unit, as a new plan beside the old one; a unit that joins a group is locked to its seat.

    The checker reckons the new plan; it is refused where that finds it unlawful. The bound of the old plan holds on:
    locks are only added.
    """
    plan = _bendable(row.plan, by, version)
    raw, unit = results.input_of(plan), str(row.organization_id)
    held = list(raw["locks"])
    if to.seat:
        made = lock(plan=plan, kind=LockKind.TOGETHER, bodies=[key_of(to.seat), row.organization_id], by=by, at=at)
        held += [one for one in [results.lock_json(made)] if one not in held]
    raw = {**raw, "locks": held}
    _check(raw, held)
    bent = bending.moved(raw, results.as_json(plan), unit, to)
    bent["hash"] = plans.digest_of(bent)
    said = checker.verify(raw, bent)
    if not said["ok"]:
        why = [BLOCK_MESSAGES.get(code, code) for code in bending.blocks(said["violations"])]
        raise entering.refusal("PLAN-MOVE", _("不能移到那里：{why}。"), "to", why="、".join(map(_, why)))
    fresh = scenarios.ask(scenario=plan.scenario, earlier=plan, later=False, by=by, at=at)
    fallbacks = {str(key): told for key, told in plan.bodies.values_list("organization_id", "fallback") if told}
    plans.keep_input(plan=fresh, raw=raw, kept=plan.kept_bodies, fallbacks=fallbacks, origin=inputs.origin_of(plan))
    return plans.keep(plan=fresh, found=bent, digest=plans.digest_of(raw), by=by, at=at)
