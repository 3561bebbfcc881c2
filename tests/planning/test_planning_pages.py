"""The pages of plans: from the wizard to the group's page; bending by hand; who is refused; what a street sees."""

import re

import pytest
from django.urls import reverse

from liaoyuan.core.actions import document_numbers, documents
from liaoyuan.party.queries import organizations as parties
from liaoyuan.planning.actions import scenarios
from liaoyuan.planning.models import Plan, PlanGroup, PlanLock, PlanUnit, Scenario
from liaoyuan.planning.queries import results
from liaoyuan.solvers.coverage import checker
from tests.core.factories import AT
from tests.planning import planning_ground as ground
from tests.registry.factories import OPERATOR

pytestmark = pytest.mark.django_db


def page(client, name, *args, **query):
    answer = client.get(reverse(f"planning:{name}", args=args), query)
    assert answer.status_code == 200, (name, answer.status_code, answer.content.decode()[:2000])
    return answer.content.decode()


def post(client, name, *args, **told):
    answer = client.post(reverse(f"planning:{name}", args=args), told)
    assert answer.status_code == 302, (name, answer.status_code, answer.content.decode()[-3000:])
    return answer["Location"]


def name_of(key):
    return parties.body_names([key])[key]


@pytest.fixture
def plan(district, lead):
    return ground.planned(district, lead)


def test_from_the_wizard_to_the_group_and_its_units(client, district, lead):
    client.force_login(lead)
    assert "还没有编组" in page(client, "scenario_list")
    assert "本区参数为 8000" in page(client, "scenario_new")
    told = {"area": "320211", "on": "2026-10-26", "count": "committed", "mode": "members", "preset": "fewer"}
    for wrong, sentence in (({"on": "26/10"}, "日期"), ({"w_move": "-1"}, "大于"), ({"preset": "x"}, "有效")):
        answer = client.post(reverse("planning:scenario_new"), {**told, **wrong})
        assert answer.status_code == 422 and sentence in answer.text, wrong
    assert not Scenario.objects.exists()
    there = post(client, "scenario_new", **told, w_move="2000")
    row = Scenario.objects.get()
    assert (row.weights["f_new"], row.weights["move"], row.weights["w_field"]) == (8000, 2000, 1500)
    assert "已排队" in client.get(there).text
    ground.work()
    plan = Plan.objects.get()
    text = client.get(there).text
    assert f"{plan.cost:,}" in text and plan.plan_hash in text and plan.input_hash in text
    assert ("已证明没有更省的方案" if plan.cost == plan.bound else "已证明") in text
    for group in plan.groups.all():
        assert reverse("planning:group_detail", args=[group.pk]) in text
    assert row.name in page(client, "scenario_list") and row.name in page(client, "scenario_detail", row.pk)
    group = plan.groups.order_by("-units").first()
    text = page(client, "group_detail", group.pk)
    raw, params = plan.input.instance, plan.input.instance["params"]
    bodies = {row["id"]: row for row in raw["organizations"]}
    for unit in group.bodies.all():
        assert name_of(unit.organization_id) in text
        one, seat = bodies[str(unit.organization_id)], bodies[str(group.seat_id)]
        metres = ((one["x"] - seat["x"]) ** 2 + (one["y"] - seat["y"]) ** 2) ** 0.5
        assert f">{round(params['dist_factor'] * metres):,}<" in text
    assert f"至多再省 {plan.cost - plan.bound:,} 米" in text
    lost = page(client, "plan_uncovered", plan.pk)
    assert name_of(district.lost.pk) in lost and "补录地址坐标后重新编组" in lost
    assert name_of(district.due.pk) in page(client, "plan_alone", plan.pk)
    page(client, "plan_attached", plan.pk)
    one = plan.bodies.filter(place="group").first()
    found = page(client, "plan_detail", plan.pk, q=name_of(one.organization_id))
    assert re.findall(r'href="/planning/groups/(\d+)/"', found)[0] == str(one.group_id)


def test_a_unit_is_moved_at_the_price_that_was_told(client, plan, lead):
    client.force_login(lead)
    group = next(g for g in plan.groups.all() if g.members >= 4 and g.units > 2)
    unit = group.bodies.exclude(organization=group.seat_id).filter(members=1).first()
    text = page(client, "unit_move", unit.pk)
    options = re.findall(
        r'value="((?:seat|host|out):p?\d*)"[^>]*>\s*<span[^>]*>([^<]*?)整个方案(多|少)花 ([\d,]+) 米', text
    )
    assert options, text[-4000:]
    value, _where, sign, price = options[0]
    version = re.search(r'name="version" value="(\d+)"', text)[1]
    there = post(client, "unit_move", unit.pk, to=value, version=version)
    fresh = Plan.objects.select_related("input").latest("pk")
    assert there == reverse("planning:plan_detail", args=[fresh.pk])
    assert fresh.cost - plan.cost == int(price.replace(",", "")) * (1 if sign == "多" else -1)
    assert checker.verify(fresh.input.instance, results.as_json(fresh))["ok"]
    assert Plan.objects.get(pk=plan.pk).state == "superseded"
    text = client.get(there).text
    assert f"与方案 {plan.number} 相比" in text and "1 家换了地方" in text
    again = client.post(reverse("planning:unit_move", args=[unit.pk]), {"to": value, "version": version})
    assert again.status_code == 422  # the plan is superseded by now


def test_locks_hold_in_the_next_plan_and_contradictions_are_told_by_name(client, plan, lead):
    client.force_login(lead)
    kept, torn = plan.groups.filter(units__gte=2).order_by("number")[:2]
    post(client, "group_lock", kept.pk)
    assert "取消锁定" in page(client, "group_detail", kept.pk)
    other = torn.bodies.exclude(organization=torn.seat_id).first()
    post(client, "group_reject", torn.pk, units=[other.organization_id], reason="主管单位不同意")
    inside = list(kept.bodies.values_list("organization_id", flat=True)[:2])
    answer = client.post(reverse("planning:lock_new", args=[plan.pk]),
                         {"kind": "apart", "one": inside[0], "other": inside[1]})  # fmt: skip
    assert answer.status_code == 422 and name_of(inside[0]) in answer.text and "既要求在一起，又要求分开" in answer.text
    there = post(client, "plan_bend", plan.pk)
    ground.work()
    fresh = Plan.objects.latest("pk")
    groups = {frozenset(group.bodies.values_list("organization_id", flat=True)) for group in fresh.groups.all()}
    assert frozenset(kept.bodies.values_list("organization_id", flat=True)) in groups
    assert not any({torn.seat_id, other.organization_id} <= units for units in groups)
    assert "组不变" in client.get(there).text
    lock = PlanLock.objects.get(kind="apart")
    assert "主管单位不同意" in page(client, "scenario_detail", plan.scenario_id)
    post(client, "lock_lift", lock.pk)
    assert PlanLock.objects.get(pk=lock.pk).lifted_by == lead


def test_a_sixth_unit_is_allowed_with_a_reason(client, plan, lead):
    client.force_login(lead)
    group = next(g for g in plan.groups.all() if g.units == 5)
    bodies = set(group.bodies.values_list("organization_id", flat=True))
    extra = PlanUnit.objects.filter(plan=plan, place="group", street=group.street).exclude(group=group).first()
    url = reverse("planning:group_allow", args=[group.pk])
    assert client.post(url, {"extra": extra.organization_id, "reason": ""}).status_code == 422
    post(client, "group_allow", group.pk, extra=extra.organization_id, reason="同一幢楼")
    post(client, "plan_bend", plan.pk)
    ground.work()
    fresh = Plan.objects.latest("pk")
    wanted = bodies | {extra.organization_id}
    assert wanted in [set(g.bodies.values_list("organization_id", flat=True)) for g in fresh.groups.all()]


def test_a_street_sees_its_own_part_and_changes_nothing(client, plan, street, areas):
    client.force_login(street)
    own = set(PlanGroup.objects.filter(plan=plan, bodies__street=areas["heli"]).values_list("pk", flat=True))
    text = page(client, "plan_detail", plan.pk)
    assert "下面只列出本街道的部分" in text
    assert {int(key) for key in re.findall(r'href="/planning/groups/(\d+)/"', text)} == own
    foreign = PlanGroup.objects.filter(plan=plan).exclude(pk__in=own).first()
    assert client.get(reverse("planning:group_detail", args=[foreign.pk])).status_code == 404
    assert name_of(foreign.seat_id) not in text
    for name, key in (("plan_bend", plan.pk), ("group_lock", min(own)), ("scenario_again", plan.scenario_id)):
        assert client.post(reverse(f"planning:{name}", args=[key])).status_code == 403
    assert client.get(reverse("planning:scenario_new")).status_code == 403


def test_the_box_of_progress_ends_with_the_job(client, district, lead):
    client.force_login(lead)
    plan = scenarios.ask(scenario=ground.begun(district, lead), by=lead, at=AT)
    url, asks = reverse("planning:plan_detail", args=[plan.pk]), {"HX-Request": "true"}
    assert "hx-trigger" in client.get(url, headers=asks).text
    ground.work()
    told = client.get(url, headers=asks).text
    assert "data-reload-when-done" in told and "hx-trigger" not in told and "<html" not in told
    assert "<html" in client.get(url).text


def test_the_proposal_names_every_group(client, plan, lead, street):
    url = reverse("core:document_new", args=["plan", plan.pk, "plan_proposal"])
    document_numbers.open_issuer(area=plan.scenario.area, name="某区委社会工作部", mark="某社工", by=OPERATOR, at=AT)
    client.force_login(lead)
    assert url in page(client, "plan_detail", plan.pk)
    answer = client.get(url)
    assert answer.status_code == 200
    for unit in PlanUnit.objects.filter(plan=plan, place="group"):
        assert name_of(unit.organization_id) in answer.text
    told = {"title": "关于编组的建议", "receiver": "区社会组织综合党委"}
    made = documents.draft(code="plan_proposal", subject=plan, fields=told, by=lead, at=AT)
    assert made.title == "关于编组的建议"
    client.force_login(street)
    assert client.get(url).status_code in (403, 404)
