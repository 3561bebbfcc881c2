"""Opening a scenario, one for every district of a wider area, and asking the planner for its next plan."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, events, jobs
from liaoyuan.core.access import Actor
from liaoyuan.core.models import Area, User
from liaoyuan.planning.actions import entering, plans
from liaoyuan.planning.choices.codes import Event, Permission
from liaoyuan.planning.choices.states import BENDABLE, PlanState
from liaoyuan.planning.choices.words import Count, Mode
from liaoyuan.planning.models import Plan, Scenario
from liaoyuan.planning.params.weights import PRESET_TITLES
from liaoyuan.planning.queries import weights

JOB = "planning.solve"
PLAN = "plan"


@transaction.atomic
def begin(
    *, area: Area, on: date, name: str = "", count: str = Count.COMMITTED, mode: str = Mode.MEMBERS,
    preset: str = "balanced", given: Mapping[str, Any] | None = None, seed: int = 1, by: Actor, at: datetime,
) -> Scenario:  # fmt: skip
    """Open a scenario for a district or a part of it. `given` are weights set by hand. Nothing is computed yet."""
    access.require_area(by, Permission.EDIT, area.path)
    if area.level not in ("district", "street"):
        raise entering.refusal("PLAN-AREA", _("按区县分别编组，请选择一个区县或街道。"), "area")
    if preset not in PRESET_TITLES:
        raise entering.refusal("PLAN-PRESET", _("没有这种方案取向。"), "preset")
    told = weights.of_area(area, on, preset, given)
    made = Scenario.objects.create(
        area=area, on=on, known_at=at, count=str(Count(count)), mode=str(Mode(mode)), preset=preset, weights=told,
        seed=seed, name=name.strip()[:120] or _name(area, on), made_at=at, made_by=entering.recorder(by),
    )  # fmt: skip
    events.record(Event.SCENARIO_OPENED, entering.subject(made), by=by, at=at, payload={
        "on": on.isoformat(), "count": made.count, "mode": made.mode, "preset": preset, "weights": told, "seed": seed,
    })  # fmt: skip
    return made


def _name(area: Area, on: date) -> str:
    return _("{area} {day} 编组").format(area=area.name, day=on.isoformat())


@transaction.atomic
def ask(*, scenario: Scenario, earlier: Plan | None = None, later: bool = True, by: Actor, at: datetime) -> Plan:
    """Ask for the scenario's next plan; `earlier` is changed as little as the locks ask for. A job computes it, unless
    it is not to be `later`. Refused while one is being computed, and from an earlier one that is approved or gone.
    """
    scenario = entering.living(scenario, by)
    if earlier is not None and PlanState(scenario.plans.get(pk=earlier.pk).state) not in BENDABLE:
        raise entering.refusal("PLAN-CLOSED", _("已批准、已实施或被替代的方案不能修改，请新建一个编组。"))
    for left in scenario.plans.filter(state=PlanState.SOLVING.value):
        if jobs.unfinished(f"{JOB}:{left.pk}") is not None:
            raise entering.refusal("PLAN-BUSY", _("这个设想正在计算，请等它算完。"))
        plans.give_up(plan=left, sentence=_("任务已中断。"))
    last = scenario.plans.order_by("-number").first()
    made = Plan.objects.create(
        scenario=scenario, number=last.number + 1 if last else 1, earlier=earlier, asked_at=at,
        asked_by=entering.recorder(by),
    )  # fmt: skip
    events.record(Event.PLAN_ASKED, entering.plan_subject(made), by=by, at=at,
                  payload={"earlier": str(earlier) if earlier is not None else ""})  # fmt: skip
    if later:
        label = _("编组 {name}").format(name=scenario.name)
        jobs.enqueue_on_commit(
            JOB, made.pk, key=f"{JOB}:{made.pk}", by=by if isinstance(by, User) else None, at=at, label=label,
            subject=(PLAN, made.pk),
        )  # fmt: skip
    return made
