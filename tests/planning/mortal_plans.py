"""What a page and a worker do for a plan, in a process that may be killed (tests/planning/test_planning_kills.py)."""

import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from liaoyuan.core import clock, jobs, registries
from liaoyuan.core.actions import parameters
from liaoyuan.core.models import Area
from liaoyuan.planning.actions import cores, plans, scenarios
from liaoyuan.planning.queries import results, solving
from liaoyuan.solvers.coverage.plan import sealed
from tests.core.factories import AT


def run(what: str, stages: str) -> int:
    """`prepare` a district whose plan waits for its job; `solve` it, telling once the solver has passed so many stages,
    and wait there for the end; `judge` that the rows are the plan that its hash seals.
    """
    return {"prepare": _prepare, "judge": _judge}[what]() if what != "solve" else _solve(int(stages))


def _solve(stages: int) -> int:
    """A worker that says when it is in the middle of solving. It goes on in slow steps, the solver's own work between
    them, so that whoever waits for the sign finds it alive.
    """
    real, passed = solving.plan_of, [0]

    def plan_of(raw: Any, *, earlier: Any = None, told: Any = None) -> Any:
        def tell(stage: str, cost: int, bound: int | None) -> None:
            told(stage, cost, bound)
            passed[0] += 1
            if passed[0] >= stages:
                Path(settings.FILES).mkdir(parents=True, exist_ok=True)
                (Path(settings.FILES) / "solving").touch()
                time.sleep(60)

        return real(raw, earlier=earlier, told=tell)

    solving.plan_of = plan_of  # type: ignore[assignment]
    registries.scheduled.clear()
    jobs.Worker().work(until_idle=True)
    return 0


def _prepare() -> int:
    from tests.party import factories as make
    from tests.planning import planning_ground as ground

    parameters.sync_shipped(at=clock.now())
    district = Area.objects.get(code="320211")
    streets = Area.objects.filter(parent=district, level="street").order_by("code")
    told = ground.lay(
        {"district": district, "heli": streets[0], "liyuan": streets[1]}, make.committee(district)
    )  # fmt: skip
    lead = make.lead()
    scenarios.ask(scenario=ground.begun(told, lead), by=lead, at=AT + timedelta(hours=1))
    return 0


def _judge() -> int:
    from liaoyuan.core.models import Job
    from liaoyuan.planning.models import Plan

    plan = Plan.objects.select_related("input", "scenario").get()
    told = results.as_json(plan)
    same = sealed(told)["hash"] == plan.plan_hash and plans.digest_of(plan.input.instance) == plan.input_hash
    weighed = plan.core.tried == len(plan.core.variants) and plan.groups.filter(core__isnull=True).count() == 0
    done = set(Job.objects.filter(code__in=[scenarios.JOB, cores.JOB]).values_list("code", "state"))
    return 0 if same and weighed and done == {(scenarios.JOB, "done"), (cores.JOB, "done")} else 4
