"""The instance that the register gives, against what was laid; a worker that dies; the command line."""

import json
import math
from datetime import timedelta

import pytest

from liaoyuan.conf.cli import main
from liaoyuan.core import jobs
from liaoyuan.core.models import Job
from liaoyuan.planning.actions import plans, scenarios
from liaoyuan.planning.models import Plan, PlanInput, PlanUnit
from liaoyuan.planning.queries import inputs, results, solving
from liaoyuan.solvers.coverage import checker
from liaoyuan.solvers.coverage import plan as sealing
from tests.core.factories import AT
from tests.party import factories as make
from tests.planning import planning_ground as ground

pytestmark = pytest.mark.django_db


def snapshot(district, lead, **more):
    return inputs.of(Plan(scenario=ground.begun(district, lead, **more)))


@pytest.mark.parametrize(("count", "mode"), [("committed", "members"), ("formal", "members"), ("committed", "fill")])
def test_the_instance_holds_what_was_laid(district, lead, count, mode):
    told = snapshot(district, lead, count=count, mode=mode)
    rows = {int(row["id"]): row for row in told.raw["organizations"]}
    both = count == "committed"
    wanted = {key: formal + committed * both for key, (formal, committed) in district.heads.items()}
    wanted = {key: n for key, n in wanted.items() if key not in district.out and (n or mode == "fill")}
    if not both and mode == "members":  # the joint branch's units count nobody then: it stays, and takes two more in
        assert not set(district.branch) & set(rows)
    assert {key: row["members"] for key, row in rows.items()} == wanted
    assert {key: row["branch"] for key, row in rows.items() if row["branch"]} == {
        key: f"p{branch}" for key, branch in district.branch.items() if key in rows
    }
    assert told.fallbacks == {str(key): word for key, word in district.fallback.items() if key in rows}
    hosts = {row["id"]: (row["slots"], row["member_room"]) for row in told.raw["hosts"]}
    assert hosts[f"p{district.host.pk}"] == (4, 50)
    assert (f"p{district.joint.pk}" in hosts) == (not set(district.branch) & set(rows))
    if both:
        one, two = (rows[body.pk] for body in (district.bodies[0], district.bodies[2]))
        metres = 0.002 * math.cos(math.radians(ground.NORTH)) * math.radians(1) * 6_371_008.8
        assert abs(math.hypot(one["x"] - two["x"], one["y"] - two["y"]) - metres) < 0.5
        assert rows[district.lost.pk]["x"] is None


def test_the_stored_plan_is_the_plan_that_the_checker_passed(district, lead):
    plan = ground.planned(district, lead)
    raw, told = plan.input.instance, results.as_json(plan)
    assert checker.verify(raw, told) == {"ok": True, "cost": plan.cost, "violations": []}
    assert sealing.sealed(told)["hash"] == plan.plan_hash
    assert plan.input_hash == solving.parsed(raw).digest
    places = dict(PlanUnit.objects.filter(plan=plan).values_list("organization_id", "place"))
    playing = {int(row["id"]): row["members"] for row in raw["organizations"]}
    assert set(places) == set(playing)
    assert [key for key, place in places.items() if place == "independent"] == [district.due.pk]
    covered = [key for key, place in places.items() if place in ("group", "attached")]
    assert (plan.covered, plan.members_covered) == (len(covered), sum(playing[key] for key in covered))
    assert (plan.units, plan.members) == (len(playing) - 1, sum(playing.values()) - 3)
    assert (plan.now_covered, plan.now_branches, plan.independent_count) == (2, 1, 1)
    assert (
        plan.kept_bodies == 3
    )  # a branch of its own, one of the park, an application under way; the dead do not count
    assert places[district.lost.pk] == "uncovered"
    for group in plan.groups.all():
        units = list(group.bodies.all())
        base = 2500 if group.label_id else 4000
        assert (len(units), sum(unit.members for unit in units)) == (group.units, group.members)
        assert base + sum(unit.cost for unit in units) == group.cost
    assert plan.bound <= plan.cost and plan.gap_ppm == round((plan.cost - plan.bound) / plan.cost * 1_000_000)


class Killed(BaseException):
    """The worker is gone."""


def test_a_worker_that_died_leaves_a_plan_with_the_same_hash(district, lead, monkeypatch):
    whole = ground.planned(district, lead)
    plan = scenarios.ask(scenario=ground.begun(district, lead), by=lead, at=AT + timedelta(hours=1))
    real = solving.plan_of

    def dies(raw, **more):
        raise Killed

    monkeypatch.setattr(solving, "plan_of", dies)
    with pytest.raises(Killed):
        jobs.run(jobs.claim("one"))
    monkeypatch.setattr(solving, "plan_of", real)
    assert PlanInput.objects.filter(plan=plan).exists() and Plan.objects.get(pk=plan.pk).state == "solving"
    ground.body(district, 40, committed=2)  # meanwhile the register goes on
    Job.objects.filter(state="running").update(lease_until=AT)
    ground.work()
    after = Plan.objects.get(pk=plan.pk)
    assert (after.state, after.plan_hash, after.input_hash) == ("draft", whole.plan_hash, whole.input_hash)
    assert after.bodies.count() == whole.bodies.count()
    found = real(after.input.instance)
    with pytest.raises(Exception) as refused:  # nobody writes it down twice
        plans.keep(plan=after, found=found, digest="x", by=lead, at=AT)
    assert "已经算完" in str(refused.value.findings[0].text)


def test_the_command_line_plans_each_district_by_itself(district, areas, capsys):
    make.committee(areas["other"])
    status = main.run(main.parser().parse_args(["plan", "coverage", "--area", "3202", "--json"]))
    told = json.loads(capsys.readouterr().out)
    assert status == 0
    first = next(one for one in told["plans"] if one["area"] == "320211")
    assert {one["area"] for one in told["plans"]} >= {"320211", areas["other"].code}
    raw = PlanInput.objects.get(plan__plan_hash=first["hash"]).instance
    assert checker.verify(raw, {name: first[name] for name in (
        "cost", "bound", "gap", "certified", "independent", "groups", "attached", "uncovered", "fixed", "hash"
    )})["ok"]  # fmt: skip
    for words in (["--area", "99"], ["--seed", "-1"]):
        with pytest.raises(main.Unusable):
            main.parser().parse_args(["plan", "coverage", *words]).handler(
                main.parser().parse_args(["plan", "coverage", *words])
            )
