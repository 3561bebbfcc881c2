"""The stable core: recomputed here by changing each weight in the raw instance, solving from the plan, intersecting."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from liaoyuan.core import jobs
from liaoyuan.core.models import AuditEvent, Job
from liaoyuan.kit.findings import Refused
from liaoyuan.planning.actions import cores, scenarios
from liaoyuan.planning.models import GroupCore, Plan, PlanCore
from liaoyuan.planning.queries import proposals, results
from liaoyuan.solvers.coverage import instance, solving
from liaoyuan.solvers.coverage.core import LIGHT
from tests.core.factories import AT
from tests.planning import planning_ground as ground

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(district, lead):
    return ground.planned(district, lead)


def groups_of(told):
    return {frozenset(group["units"]) for group in told["groups"]}


def prices(params):
    """Names of the instance's parameters that are prices, told without the planner's own list."""
    limits = ("max_units", "max_members", "min_members", "radius_m", "mode", "seed")
    return [name for name in params if name not in limits]


def test_a_group_is_stable_where_every_weight_halved_and_raised_leaves_it(plan):
    raw, made = plan.input.instance, results.as_json(plan)
    assert set(prices(raw["params"])) == {
        "dist_factor", "w_field", "w_street", "w_unit", "f_new", "f_keep", "move", "attach", "p_member", "p_none",
    }  # fmt: skip
    remain, broken = groups_of(made), {}
    for name in prices(raw["params"]):
        for percent in (50, 150):
            value = raw["params"][name] * percent / 100
            params = {**raw["params"], name: value if name == "dist_factor" else round(value)}
            found = solving.solve(instance.parse({**raw, "params": params}), effort=LIGHT, start=made)
            for group in groups_of(made) - groups_of(found):
                broken.setdefault(group, set()).add((name, percent))
            remain &= groups_of(found)
    core = PlanCore.objects.get(plan=plan)
    stored = {
        frozenset(str(unit.organization_id) for unit in row.group.bodies.all()): row
        for row in GroupCore.objects.filter(group__plan=plan)
    }
    assert set(stored) == groups_of(made) and len(stored) > 3
    assert {units for units, row in stored.items() if row.is_stable} == remain
    for units, row in stored.items():
        told = {(core.variants[n]["weight"], 50 if core.variants[n]["tried"] < core.variants[n]["was"] else 150)
                for n in row.broken}  # fmt: skip
        assert told == broken.get(units, set())
        assert row.kept == core.tried - len(row.broken)
    assert core.stable == len(remain) and core.tried == len(core.variants)


def test_it_is_weighed_once_after_solving_and_the_plan_stays_as_it_is(plan, lead):
    told = Job.objects.get(code=cores.JOB)
    assert told.state == "done" and told.requested_by == lead and not told.result_file
    before = Plan.objects.values().get(pk=plan.pk)
    with pytest.raises(Refused, match="已经算出"):
        cores.ask(plan=plan, by=lead, at=AT)
    with pytest.raises(Refused, match="已经算出"):
        cores.keep(plan=plan, found={"variants": [], "broken": {}}, by=lead, at=AT)
    assert Plan.objects.values().get(pk=plan.pk) == before
    assert AuditEvent.objects.filter(code="planning.core_made").count() == 1


def test_a_large_plan_waits_for_who_asks(district, lead, street, client, monkeypatch):
    monkeypatch.setattr(cores, "BY_ITSELF", 5)
    plan = ground.planned(district, lead)
    assert not Job.objects.filter(code=cores.JOB).exists()
    there = reverse("planning:plan_detail", args=[plan.pk])
    client.force_login(lead)
    text = client.get(there).text
    assert "计算稳定核心" in text and "稳定</th>" not in text
    ask = reverse("planning:plan_core", args=[plan.pk])
    assert client.post(ask)["Location"] == there
    assert "已排队" in client.get(there).text
    assert client.post(ask)["Location"] == there and Job.objects.filter(code=cores.JOB).count() == 1
    assert "正在计算" in client.get(there).text, "a second wish is refused with a sentence"
    assert 'hx-get="' + ask in client.get(ask, headers={"HX-Request": "true"}).text
    ground.work()
    assert PlanCore.objects.get(plan=plan).made_by == lead
    assert "hx-trigger" not in client.get(ask, headers={"HX-Request": "true"}).text
    with pytest.raises(PermissionDenied):
        cores.ask(plan=plan, by=street, at=AT)
    client.force_login(street)
    assert client.post(ask).status_code == 403


def test_a_plan_that_is_not_made_has_none(district, lead):
    plan = scenarios.ask(scenario=ground.begun(district, lead), by=lead, at=AT)
    with pytest.raises(Refused, match="没有编出组"):
        cores.ask(plan=plan, by=lead, at=AT)


def test_who_lost_the_permission_meanwhile_computes_nothing(district, lead, monkeypatch):
    monkeypatch.setattr(cores, "BY_ITSELF", 0)
    plan = ground.planned(district, lead)
    cores.ask(plan=plan, by=lead, at=AT)
    lead.grants.all().delete()
    job = jobs.claim("probe")
    jobs.run(job)
    job.refresh_from_db()
    assert job.state == "failed" and "没有这项权限" in job.error and not PlanCore.objects.exists()


def test_pages_and_the_proposal_tell_it_stable_groups_first(client, plan, lead):
    core = PlanCore.objects.get(plan=plan)
    # Two of the groups are made stable and the rest not, whatever the ground gives.
    rows = list(GroupCore.objects.filter(group__plan=plan).order_by("group__number"))
    for place, row in enumerate(rows):
        stable = place in (2, 4)
        row.broken, row.kept = ([], row.tried) if stable else ([0, 5], row.tried - 2)
        row.save()
    core.stable = 2
    core.save()
    client.force_login(lead)
    text = client.get(reverse("planning:plan_detail", args=[plan.pk])).text
    assert f"{len(rows)} 组中有 2 组是稳定的" in text and f"重算 {core.tried} 次" in text
    listed = [int(part.split("<")[0]) for part in text.split('plan-map__badge">')[1:]]
    assert listed == [3, 5, 1, 2, 4, 6][: len(listed)]
    assert f"{core.tried - 2}/{core.tried}" in text
    stable = client.get(reverse("planning:group_detail", args=[rows[2].group_id])).text
    assert f"在权重 ±50% 的 {core.tried} 次重算中都出现" in stable
    other = client.get(reverse("planning:group_detail", args=[rows[0].group_id])).text
    first, second = core.variants[0], core.variants[5]
    assert f"出现 {core.tried - 2} 次" in other and first["weight"] == "dist_factor" and "“路程系数”减半" in other
    assert second["tried"] > second["was"] and "加半时改变" in other
    facts = proposals.facts(plan, ground.DAY)
    lines = facts["groups"].splitlines()
    assert [line.endswith("（稳定）") for line in lines] == [True, True, *[False] * (len(lines) - 2)]
    assert "2 组是稳定的" in facts["figures"]
