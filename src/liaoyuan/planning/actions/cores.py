"""The stable core of a plan: asking for it, writing down what was found. The plan itself stays as it is."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, events, jobs
from liaoyuan.core.access import Actor
from liaoyuan.core.models import Job, User
from liaoyuan.planning.actions import entering
from liaoyuan.planning.choices.codes import Event, Permission
from liaoyuan.planning.models import GroupCore, Plan, PlanCore

JOB = "planning.core"
SUBJECT = "plancore"
#: Larger plans are not weighed anew by themselves: some twenty re-solves would hold a worker for many minutes.
BY_ITSELF = 400


@transaction.atomic
def ask(*, plan: Plan, by: Actor, at: datetime) -> Job:
    """Ask for the plan's stable core; a job computes it. Refused: no plan yet, one that has it, one being weighed."""
    plan = Plan.objects.select_for_update(of=("self",)).select_related("scenario__area").get(pk=plan.pk)
    access.require_area(by, Permission.EDIT, plan.scenario.area.path)
    if plan.finished_at is None or not plan.group_count:
        raise entering.refusal("PLAN-CORE", _("没有编出组的方案没有稳定核心。"))
    if PlanCore.objects.filter(plan=plan).exists():
        raise entering.refusal("PLAN-CORE", _("这个方案的稳定核心已经算出。"))
    key = f"{JOB}:{plan.pk}"
    if jobs.unfinished(key) is not None:
        raise entering.refusal("PLAN-CORE", _("稳定核心正在计算。"))
    return jobs.enqueue_on_commit(
        JOB, plan.pk, key=key, by=by if isinstance(by, User) else None, at=at,
        label=_("稳定核心 {name}").format(name=plan.scenario.name), subject=(SUBJECT, plan.pk),
    )  # fmt: skip


@transaction.atomic
def keep(*, plan: Plan, found: Mapping[str, Any], by: Actor | None, at: datetime) -> PlanCore:
    """Write down which groups every re-solve kept (`queries.solving.core_of`). Refused when that stands already."""
    plan = Plan.objects.select_for_update(of=("self",)).select_related("scenario__area").get(pk=plan.pk)
    if PlanCore.objects.filter(plan=plan).exists():
        raise entering.refusal("PLAN-CORE", _("这个方案的稳定核心已经算出。"))
    tried = len(found["variants"])
    rows = [
        GroupCore(group=group, kept=tried - len(broken), tried=tried, broken=list(broken))
        for group in plan.groups.order_by("number") for broken in [found["broken"][str(group.seat_id)]]
    ]  # fmt: skip
    made = PlanCore.objects.create(
        plan=plan, variants=list(found["variants"]), tried=tried, stable=sum(1 for row in rows if row.is_stable),
        made_at=at, made_by=entering.recorder(by) if by is not None else None,
    )  # fmt: skip
    GroupCore.objects.bulk_create(rows)
    events.record(Event.CORE_MADE, entering.plan_subject(plan), by=by, at=at,
                  payload={"tried": tried, "stable": made.stable, "groups": len(rows)})  # fmt: skip
    return made
