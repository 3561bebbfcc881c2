"""Carrying a plan out: two persons, acceptance as an application, a second planning; refusals; two at once."""

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connections
from django.urls import reverse

from liaoyuan.core.actions import cases, deciding
from liaoyuan.kit.findings import Refused
from liaoyuan.party.actions import ceremonies, reorganizing
from liaoyuan.party.models import Founding, Reorganization, Unit
from liaoyuan.party.queries import coverage as figures
from liaoyuan.party.queries import organizations as parties
from liaoyuan.party.queries.coverage import Asked
from liaoyuan.planning.actions import accepting, bending, merging, plans, scenarios
from liaoyuan.planning.models import Plan, PlanGroup, PlanLock, PlanUnit
from liaoyuan.planning.queries import carrying
from tests.core.factories import AT, user
from tests.party import factories as make
from tests.planning import planning_ground as ground
from tests.registry import factories as registry

pytestmark = pytest.mark.django_db


def approved(plan, lead, head):
    plan = plans.move(plan=plan, code="review", by=lead, at=AT)
    return plans.move(plan=plan, code="approve", by=head, at=AT)


def fresh_group(plan, place=0):
    """A group of units that are in no branch yet."""
    rows = plan.groups.filter(label=None).exclude(bodies__branch__isnull=False).order_by("number")
    return rows[place]


def codes(refused):
    return [finding.code for finding in refused.value.findings]


def test_two_persons_stand_behind_an_approved_plan(district, lead, head):
    plan = ground.planned(district, lead)
    group = fresh_group(plan)
    told = {"group": group, "superior": district.committee, "name": "演示联合党支部", "submit": False, "at": AT}
    with pytest.raises(Refused) as refused:
        accepting.accept_group(**told, by=lead)
    assert codes(refused) == ["PLAN-UNAPPROVED"]
    with pytest.raises(PermissionDenied):
        plans.move(plan=plan, code="approve", by=lead, at=AT)
    with pytest.raises(PermissionDenied):
        plans.move(plan=plan, code="review", by=head, at=AT)
    with pytest.raises(Refused) as refused:
        plans.move(plan=plan, code="approve", by=head, at=AT)
    assert codes(refused) == ["PLAN-STATE"]
    both = user("both", ("party_lead", "area", "320211"), ("party_head", "area", "320211"), is_demo=True)
    plan = plans.move(plan=plan, code="review", by=both, at=AT)
    with pytest.raises(Refused) as refused:
        plans.move(plan=plan, code="approve", by=both, at=AT)
    assert codes(refused) == ["PLAN-SECOND_PERSON"]
    plan = plans.move(plan=plan, code="return", reason="先问街道", by=head, at=AT)
    assert (plan.state, plan.note, plan.reviewed_by) == ("draft", "先问街道", None)
    plan = approved(plan, lead, head)
    with pytest.raises(Refused) as refused:
        plans.move(plan=plan, code="execute", by=lead, at=AT)
    assert codes(refused) == ["PLAN-ALL_FOUNDED"]
    with pytest.raises(PermissionDenied):
        accepting.accept_group(**told, by=head)


def test_from_acceptance_to_the_coverage_board_and_a_second_planning(district, lead, head):
    plan = approved(ground.planned(district, lead), lead, head)
    group, area = fresh_group(plan), district.areas["district"]
    bodies = set(group.bodies.values_list("organization_id", flat=True))
    before = figures.figures(Asked(area, ground.DAY))[0]
    row = accepting.accept_group(group=group, superior=district.committee, name="演示河埒联合党支部", submit=True,
                                 confirmed=True, by=lead, at=AT)  # fmt: skip
    made = Founding.objects.get(pk=row.founding_id)
    assert (made.state, made.branch_kind, made.superior) == ("applied", "joint", district.committee)
    assert set(made.units.values_list("organization_id", flat=True)) == bodies
    assert made.members.count() == group.members
    assert made.secretary is None and not made.carrier_name  # what nobody said stays empty
    with pytest.raises(Refused) as refused:
        accepting.accept_group(group=group, superior=district.committee, name="再来", submit=False, by=lead, at=AT)
    assert codes(refused) == ["PLAN-TAKEN"]
    waiting = ground.planned(district, lead)
    assert not bodies & set(waiting.bodies.values_list("organization_id", flat=True))
    case = made.case
    cases.take_papers(case=case, names=list(case.materials.values_list("name", flat=True)), on=ground.DAY, by=lead,
                      at=AT)  # fmt: skip
    cases.opine(case=case, outcome="agree", text="同意", by=lead, at=AT)
    deciding.decide(case=case, decision="approved", on=ground.DAY, decision_no="滨社工〔2026〕8号", by=head, at=AT)
    meeting = ceremonies.convene(area=area, fields={"title": "成立大会", "on": ground.DAY}, by=lead, at=AT)
    made = Founding.objects.select_related("party_organization__area", "area", "ceremony", "case").get(pk=made.pk)
    assert carrying.accepted(plan) == (1, 1)
    with pytest.raises(Refused) as refused:
        plans.move(plan=plan, code="return", reason="改一改", by=head, at=AT)
    assert codes(refused) == ["PLAN-NONE_ACCEPTED"]
    ceremonies.found(founding=made, ceremony=meeting, secretary=made.members.first().member, how="appointed", by=lead,
                     at=AT)  # fmt: skip
    assert carrying.accepted(plan) == (1, 0)
    after = figures.figures(Asked(area, ground.DAY))[0]
    assert after.joint - before.joint == len(bodies) == after.covered - before.covered
    again = ground.planned(district, lead)
    assert not bodies & set(again.bodies.values_list("organization_id", flat=True))
    hosts = {host["id"]: host["slots"] for host in again.input.instance["hosts"]}
    assert hosts.get(f"p{made.party_organization_id}", 0) == max(0, 5 - len(bodies))
    assert plans.move(plan=Plan.objects.get(pk=plan.pk), code="execute", by=lead, at=AT).state == "executed"


def test_an_older_scenario_planned_anew_leaves_alone_what_was_accepted_and_founded_since(district, lead, head):
    """Also what a lock of it names: nothing is left to hold there."""
    plan = ground.planned(district, lead)
    group = fresh_group(plan)
    bodies = set(group.bodies.values_list("organization_id", flat=True))
    bending.lock(plan=plan, kind="group", bodies=sorted(bodies), by=lead, at=AT)
    plan = approved(plan, lead, head)
    with pytest.raises(Refused) as refused:
        scenarios.ask(scenario=plan.scenario, earlier=plan, by=lead, at=AT)
    assert codes(refused) == ["PLAN-CLOSED"]
    accepting.accept_group(group=group, superior=district.committee, name="演示河埒联合党支部", submit=True,
                           confirmed=True, by=lead, at=AT)  # fmt: skip
    again = ground.anew(plan.scenario, lead)
    assert again.state == "draft" and again.group_count
    assert not bodies & set(again.bodies.values_list("organization_id", flat=True))
    founded(Founding.objects.get(plan_group=group), district, lead, head, AT + timedelta(days=3))
    again = ground.anew(plan.scenario, lead)
    assert again.state == "draft" and again.group_count
    assert not bodies & set(again.bodies.values_list("organization_id", flat=True))


def founded(made, district, lead, head, at):
    """The branch of an application, a few days later."""
    on = at.date()
    cases.take_papers(case=made.case, names=list(made.case.materials.values_list("name", flat=True)), on=on, by=lead,
                      at=at)  # fmt: skip
    cases.opine(case=made.case, outcome="agree", text="同意", by=lead, at=at)
    deciding.decide(case=made.case, decision="approved", on=on, decision_no="滨社工〔2026〕9号", by=head, at=at)
    area = district.areas["district"]
    meeting = ceremonies.convene(area=area, fields={"title": "成立大会", "on": on}, by=lead, at=at)
    made = Founding.objects.select_related("party_organization__area", "area", "ceremony", "case").get(pk=made.pk)
    ceremonies.found(founding=made, ceremony=meeting, secretary=made.members.first().member, how="appointed", by=lead,
                     at=at)  # fmt: skip


def test_an_attachment_becomes_an_application_of_the_host(client, district, lead, head):
    plan = approved(ground.planned(district, lead), lead, head)
    unit = PlanUnit.objects.get(plan=plan, place="attached", organization=district.lone)
    client.force_login(lead)
    assert client.get(reverse("planning:unit_accept", args=[unit.pk])).status_code == 200
    answer = client.post(reverse("planning:unit_accept", args=[unit.pk]), {"submit": ""})
    change = Reorganization.objects.get(plan_unit=unit)
    assert answer["Location"] == reverse("party:reorganization_detail", args=[change.pk])
    assert (change.party_organization_id, change.state, change.origin) == (unit.host_id, "draft", "superior")
    assert list(change.units.values_list("organization_id", "joins")) == [(unit.organization_id, True)]
    row = reorganizing.submit(row=change, by=lead, at=AT, confirmed=True)
    cases.opine(case=row.case, outcome="agree", text="同意", by=lead, at=AT)
    deciding.decide(case=row.case, decision="approved", on=ground.DAY, decision_no="滨社工〔2026〕9号", by=head, at=AT)
    assert Unit.objects.active(ground.DAY).filter(party_organization=unit.host_id,
                                                  organization=unit.organization_id).exists()  # fmt: skip
    assert carrying.accepted(plan) == (1, 0)


def test_the_page_of_acceptance_says_what_the_rules_refuse(client, district, lead, head):
    plan = approved(ground.planned(district, lead), lead, head)
    group = fresh_group(plan)
    client.force_login(lead)
    url = reverse("planning:group_accept", args=[group.pk])
    assert "联合党支部" in client.get(url).content.decode()
    told = {"superior": district.committee.pk, "name": "演示联合党支部"}
    busy = make.party("别的联合党支部", area=district.areas["district"], superior=district.committee, kind="joint")
    unit = group.bodies.order_by("pk").first()
    make.unit(busy, unit.organization, joint=True)
    answer = client.post(url, {**told, "submit": "on"})
    assert answer.status_code == 422
    summary = answer.content.decode().partition('class="error-summary"')[2].partition("</div>")[0]
    assert parties.body_names([unit.organization_id])[unit.organization_id] in summary
    assert not Founding.objects.filter(name="演示联合党支部").exists()
    client.force_login(head)
    assert client.get(url).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_of_two_who_accept_the_same_group_one_is_refused():
    areas = registry.binhu()
    committee = make.committee(areas["district"])
    lead, head = make.lead(), make.lead("head", "party_head")
    district = ground.lay(areas, committee)
    plan = approved(ground.planned(district, lead), lead, head)
    group, start, told = fresh_group(plan), threading.Barrier(2), []

    def accept(name):
        start.wait()
        try:
            mine = PlanGroup.objects.select_related("plan__scenario__area").get(pk=group.pk)
            row = accepting.accept_group(group=mine, superior=committee, name=name, submit=False, by=lead, at=AT)
            told.append(row.founding_id)
        except Refused as refused:
            told.append(refused.findings[0].code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=accept, args=(f"演示第{n}支部",)) for n in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (made,) = Founding.objects.filter(name__startswith="演示第")
    assert sorted(map(str, told)) == sorted([str(made.pk), "PLAN-TAKEN"])


def test_locks_follow_a_merge_of_bodies_and_come_back(district, lead):
    plan = ground.planned(district, lead)
    one, two, three = (row.organization_id for row in plan.groups.order_by("-units").first().bodies.all()[:3])
    for kind, bodies in (("apart", [one, two]), ("not_seat", [two]), ("together", [two, three])):
        bending.lock(plan=plan, kind=kind, bodies=bodies, by=lead, at=AT)
    before = list(PlanLock.objects.values_list("kind", "bodies", "lifted_at"))
    done = merging.carry(gone=two, kept=one, by=lead, at=AT)
    assert list(PlanLock.objects.values_list("kind", "bodies", "lifted_at")) == [
        ("apart", [one], AT), ("not_seat", [one], None), ("together", sorted([one, three]), None)
    ]  # fmt: skip
    assert merging.untouched(told=done)
    merging.take_back(told=done, by=lead, at=AT)
    assert list(PlanLock.objects.values_list("kind", "bodies", "lifted_at")) == before
