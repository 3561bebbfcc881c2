"""Instructors for a plan: who needs one, the least way against trying all, pins, acceptance, scope, the sheet."""

import hashlib
import math
import threading
from dataclasses import asdict
from datetime import date
from itertools import product

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liaoyuan.core.actions import parameters
from liaoyuan.core.models import AuditEvent, Job
from liaoyuan.kit import geo
from liaoyuan.kit.findings import Refused
from liaoyuan.party.actions import instructors as appointing
from liaoyuan.party.models import Instructor, InstructorAssignment
from liaoyuan.party.queries import coverage as figures
from liaoyuan.party.queries.coverage import Asked
from liaoyuan.planning import tasks
from liaoyuan.planning.actions import merging, plans, proposing
from liaoyuan.planning.choices.words import NEED_RANKS
from liaoyuan.planning.models import InstructorLine, InstructorPin, InstructorProposal, Plan
from liaoyuan.planning.queries import instructing, proposals
from liaoyuan.solvers.coverage.records import canonical
from tests.core.factories import AT, user
from tests.party import factories as make
from tests.planning import planning_ground as ground
from tests.planning.test_planning_accepting import approved, codes
from tests.registry import factories as registry

DAY = ground.DAY
LETTER = {"letter": "滨社工聘〔2026〕9号", "letter_from": DAY, "letter_until": date(2027, 10, 25), "start": DAY}


def instructor(area, by, name, **told):
    fields = {"name": name, "source": "street", "unit": "", "sender": "", **told}
    return appointing.enter(area=area, fields=fields, by=by, at=AT)


@pytest.fixture
def plan(district, lead):
    return ground.planned(district, lead)


@pytest.fixture
def two(district, lead):
    area = district.areas["district"]
    first = instructor(area, lead, "甲指导员", unit="河埒街道党建办")
    return first, instructor(area, lead, "乙指导员", unit="退休干部")


def proposed(plan, by, at=AT):
    made = proposing.ask(plan=plan, by=by, at=at)
    ground.work()
    return InstructorProposal.objects.get(pk=made.pk)


@st.composite
def instances(draw):
    """A tiny question: at most five bodies, three instructors, some without a point, pins that may not be kept."""
    point = st.one_of(st.none(), st.tuples(st.integers(0, 30), st.integers(0, 30)))

    def place(key):
        told = draw(point)
        x, y = (None, None) if told is None else (120.2 + told[0] / 1000, 31.5 + told[1] / 1000)
        return {"id": key, "x": x, "y": y, "street": draw(st.sampled_from([None, 7, 8]))}

    bodies = [
        {**place(key), "need": draw(st.sampled_from(["nobody", "left", "waits"])), "point": "",
         "departments": ["教育局"]}
        for key in range(1, draw(st.integers(0, 5)) + 1)
    ]  # fmt: skip
    helpers = [
        {**place(key), "load": draw(st.integers(0, 3)), "most": 3, "station": "street",
         "words": draw(st.sampled_from([[], ["滨湖区教育局"]]))}
        for key in range(11, draw(st.integers(10, 13)) + 1)
    ]  # fmt: skip
    pair = st.tuples(st.integers(1, 5), st.integers(11, 13)).map(list)
    bars = draw(st.lists(pair, max_size=3))
    fixes = [pair for pair in draw(st.lists(pair, max_size=2, unique_by=lambda p: p[0])) if pair not in bars]
    return {"on": "2026-10-26", "bodies": bodies, "instructors": helpers, "pins": {"fix": fixes, "bar": bars},
            "params": {"most": 3, "months": 24, "w_street": 800}}  # fmt: skip


def price(raw, body, one):
    """Metres by the other formula of the house, and what another street and department counts for."""
    way = 0
    if body["x"] is not None and one["x"] is not None:
        way = round(geo.metres((body["x"], body["y"]), (one["x"], one["y"])))
    near = body["street"] is not None and body["street"] == one["street"]
    return way + (0 if near or one["words"] else raw["params"]["w_street"])


def best(raw, without=()):
    """(how many of each rank stay without, cost) of the best of all ways to give each body at most one instructor."""
    bodies, helpers = raw["bodies"], {one["id"]: one for one in raw["instructors"]}
    free = {key: max(0, one["most"] - one["load"]) for key, one in helpers.items()}
    must = {}
    for body, who in raw["pins"]["fix"]:
        if body in {b["id"] for b in bodies} and who in free and list(must.values()).count(who) < free[who]:
            must[body] = who
    found = None
    for chosen in product([None, *helpers], repeat=len(bodies)):
        told = {body["id"]: who for body, who in zip(bodies, chosen, strict=True)}
        if any(told[body] != who for body, who in must.items()):
            continue
        if any([body, who] in raw["pins"]["bar"] or (body, who) in without for body, who in told.items()):
            continue
        if any(chosen.count(who) > free[who] for who in helpers):
            continue
        left = [0, 0]
        for body in bodies:
            left[NEED_RANKS[body["need"]]] += told[body["id"]] is None
        cost = sum(price(raw, b, helpers[told[b["id"]]]) for b in bodies if told[b["id"]] is not None)
        found = min(found, (left, cost)) if found is not None else (left, cost)
    return found


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(instances())
def test_the_answer_is_the_best_of_all_and_each_price_what_forbidding_the_pair_costs(raw):
    found = instructing.answer(raw)
    needs = {body["id"]: body for body in raw["bodies"]}
    left = [0, 0]
    for pair in found.pairs:
        left[NEED_RANKS[pair.need]] += pair.instructor is None
    cost = sum(pair.cost for pair in found.pairs)
    whole = best(raw)
    assert found.optimal and (left, cost) == whole
    for pair in found.pairs:
        assert pair.need == needs[pair.body]["need"]
        if pair.instructor is None or pair.fixed:
            assert pair.price is None
            continue
        again = best(raw, without={(pair.body, pair.instructor)})
        assert pair.price == (again[1] - whole[1] if again[0] == whole[0] else None)
    before = [[pair.body, pair.instructor] for pair in found.pairs if pair.instructor]
    again = instructing.answer({**raw, "earlier": before})
    assert again.optimal and [pair.price for pair in again.pairs] == [pair.price for pair in found.pairs]
    assert [(pair.instructor, pair.cost) for pair in again.pairs] == [(p.instructor, p.cost) for p in found.pairs]
    if any(left):
        pins = {"fix": [[p.body, p.instructor] for p in found.pairs if p.fixed], "bar": raw["pins"]["bar"]}
        more = {**raw, "instructors": [{**one, "most": one["most"] + 1} for one in raw["instructors"]], "pins": pins}
        assert found.more["wider"] == sum(left) - sum(best(more)[0])
        assert found.more["hire"] == math.ceil(sum(left) / 3)


@pytest.mark.django_db
def test_who_needs_an_instructor_is_a_plain_count(district, plan, lead, two):
    held = instructor(district.areas["district"], lead, "丙指导员")
    lettered, unnumbered = district.bodies[0], district.bodies[1]
    for body, letter in ((lettered, "滨社工聘〔2026〕1号"), (unnumbered, "")):
        appointing.assign(instructor=held, organization=body, kind="instructor", by=lead, at=AT, confirmed=True,
                          **{**LETTER, "letter": letter})  # fmt: skip
    row = proposed(plan, lead)
    asked = Asked(district.areas["district"], DAY)
    bodies = set(figures.base(asked).values_list("organization", flat=True))
    covered = {key for key in bodies if figures.covers(asked).filter(organization=key).exists()}
    need = bodies - covered - {lettered.pk}
    lines = {line.organization_id: line for line in row.lines.all()}
    assert lines.keys() == need and row.needing == len(need)
    for key, line in lines.items():
        nobody = not sum(district.heads.get(key, (0, 0)))
        left = plan.bodies.filter(organization=key, place="uncovered").exists()
        assert line.need == ("nobody" if nobody else "left" if left else "waits")
    loads = {one["id"]: (one["load"], one["most"]) for one in row.instance["instructors"]}
    assert loads == {two[0].pk: (0, 5), two[1].pk: (0, 5), held.pk: (2, 5)}
    assert row.placed == min(len(need), 5 + 5 + 3)
    first = [line for line in lines.values() if NEED_RANKS[line.need] == 0]
    assert all(line.instructor_id for line in first)
    station = {one["id"]: one["station"] for one in row.instance["instructors"]}
    assert station[two[0].pk] == "street" and station[two[1].pk] in ("area", "none")


@pytest.mark.django_db
def test_a_liaison_is_not_sent_and_who_stopped_is_not_either(district, plan, lead, two):
    inside = instructor(district.areas["district"], lead, "某联络员")
    appointing.assign(instructor=inside, organization=district.bodies[0], kind="liaison", by=lead, at=AT, **LETTER)
    fields = {name: getattr(two[1], name) for name in appointing.FIELDS}
    appointing.change(instructor=two[1], fields=fields, user=None, ended_on=DAY, by=lead, at=AT)
    row = proposed(plan, lead)
    assert [one["id"] for one in row.instance["instructors"]] == [two[0].pk]


@pytest.mark.django_db
def test_a_worker_that_died_leaves_the_same_proposal(district, plan, lead, two, monkeypatch):
    whole = proposed(plan, lead)
    made = proposing.ask(plan=plan, by=lead, at=AT)

    def dies(raw):
        raise KeyboardInterrupt

    monkeypatch.setattr(tasks.instructing, "answer", dies)
    with pytest.raises(KeyboardInterrupt):
        ground.work()
    monkeypatch.undo()
    monkeypatch.setenv("LIAOYUAN_NOW", "2026-10-26T12:00:00")
    instructor(district.areas["district"], lead, "后来的指导员")
    Job.objects.filter(state="running").update(lease_until=AT)
    ground.work()
    again = InstructorProposal.objects.get(pk=made.pk)
    found = [asdict(pair) for pair in instructing.answer(again.instance).pairs]
    assert (again.state, again.result_hash) == ("ready", hashlib.sha256(canonical(found)).hexdigest())
    pairs = [dict(row.lines.values_list("organization_id", "instructor_id")) for row in (whole, again)]
    assert pairs[0] == pairs[1] and again.instance["instructors"] == whole.instance["instructors"]


@pytest.mark.django_db
def test_pins_hold_in_the_next_proposal_and_the_difference_is_told(client, district, plan, lead, two):
    client.force_login(lead)
    row = proposed(plan, lead)
    line = row.lines.filter(instructor=two[0]).first()
    url = reverse("planning:line_pin", args=[line.pk, "bar"])
    assert client.post(url, {"instructor": two[0].pk, "reason": ""}).status_code == 422
    assert client.post(url, {"instructor": two[0].pk, "reason": "亲属在该组织任职"}).status_code == 302
    left = row.lines.filter(instructor=None).first()
    told = client.post(reverse("planning:line_pin", args=[left.pk, "fix"]), {"instructor": two[1].pk, "reason": ""})
    assert told.status_code == 302
    again = proposed(plan, lead)
    assert again.lines.get(organization=line.organization_id).instructor_id != two[0].pk
    fixed = again.lines.get(organization=left.organization_id)
    assert (fixed.instructor_id, fixed.fixed) == (two[1].pk, True)
    text = client.get(reverse("planning:plan_instructors", args=[plan.pk])).text
    assert "与上一次编排相比" in text and "亲属在该组织任职" in text
    for pin in InstructorPin.objects.all():
        assert client.post(reverse("planning:pin_lift", args=[pin.pk])).status_code == 302
    assert not InstructorPin.objects.held().exists()
    last = proposed(plan, lead)
    assert (last.placed, last.cost) == (row.placed, row.cost)
    codes_ = set(AuditEvent.objects.values_list("code", flat=True))
    assert {"planning.proposal_asked", "planning.proposal_made", "planning.pinned", "planning.unpinned"} <= codes_


@pytest.mark.django_db
def test_lines_are_accepted_through_the_party_floor_and_stay(client, district, plan, lead, head, two):
    row = proposed(plan, lead)
    lines = list(row.lines.filter(instructor=two[0]).order_by("pk"))
    with pytest.raises(Refused) as refused:
        proposing.accept(proposal=row, lines=[lines[0].pk], by=lead, at=AT, **LETTER)
    assert codes(refused) == ["PLAN-UNAPPROVED"]
    plan = approved(plan, lead, head)
    with pytest.raises(PermissionDenied):
        proposing.accept(proposal=row, lines=[lines[0].pk], by=head, at=AT, **LETTER)
    client.force_login(lead)
    url = reverse("planning:instructors_accept", args=[plan.pk])
    assert "甲指导员" in client.get(url, {"instructor": two[0].pk}).text
    # one of the lines has got a letter meanwhile, another is whole
    appointing.assign(
        instructor=two[1], organization=lines[1].organization, kind="instructor", by=lead, at=AT, **LETTER
    )
    form = {name: str(value) for name, value in LETTER.items()}
    answer = client.post(url, {**form, "lines": [line.pk for line in lines[:2]]})
    assert answer.status_code == 422 and "已有聘书有效的指导员" in answer.text and "已采纳 1 家" in answer.text
    twice = client.post(url, {**form, "lines": [lines[0].pk]})
    assert twice.status_code == 422 and "已经采纳" in twice.text
    done, other = (InstructorLine.objects.get(pk=line.pk) for line in lines[:2])
    assert done.assignment.instructor == two[0] and done.assignment.letter == LETTER["letter"]
    assert other.assignment is None and InstructorAssignment.objects.filter(instructor=two[0]).count() == 1
    with pytest.raises(Refused) as refused:
        plans.move(plan=plan, code="return", reason="改一改", by=head, at=AT)
    assert codes(refused) == ["PLAN-NONE_ACCEPTED"]
    again = proposed(Plan.objects.get(pk=plan.pk), lead)
    kept = again.lines.get(organization=done.organization_id)
    assert (kept.instructor, kept.assignment, kept.accepted_by) == (two[0], done.assignment, lead)
    load = {one["id"]: one["load"] for one in again.instance["instructors"]}
    assert load == {two[0].pk: 1, two[1].pk: 1}
    assert (
        "两" not in proposals.facts(plan, DAY)["instructors"]
        and "甲指导员" in proposals.facts(plan, DAY)["instructors"]
    )


@pytest.mark.django_db
def test_what_ins_01_finds_holds_a_line_until_it_is_confirmed(client, district, plan, lead, head, two):
    row = proposed(plan, lead)
    line = row.lines.filter(instructor=two[0]).first()
    plan = approved(plan, lead, head)
    told = proposing.accept(proposal=row, lines=[line.pk], by=lead, at=AT, **{**LETTER, "letter": ""})
    assert not told.done and [f.code for f in told.refused[0][1]] == ["PB-INS-01"]
    for body in district.bodies[:5]:  # somebody else gives him five bodies
        if body.pk != line.organization_id:
            appointing.assign(instructor=two[0], organization=body, kind="instructor", by=lead, at=AT, **LETTER)
    other = district.bodies[6]
    appointing.assign(
        instructor=two[0], organization=other, kind="instructor", by=lead, at=AT, confirmed=True, **LETTER
    )
    client.force_login(lead)
    url = reverse("planning:instructors_accept", args=[plan.pk])
    form = {**{name: str(value) for name, value in LETTER.items()}, "lines": [line.pk]}
    answer = client.post(url, form)
    assert answer.status_code == 422 and "一般不超过 5 个" in answer.text and 'name="confirmed"' in answer.text
    assert not InstructorLine.objects.get(pk=line.pk).accepted_at
    assert client.post(url, {**form, "confirmed": "1"}).status_code == 302
    assert InstructorLine.objects.get(pk=line.pk).assignment.organization_id == line.organization_id


@pytest.mark.django_db
def test_where_the_district_forbids_more_no_confirmation_helps(district, plan, lead, head, two):
    row = proposed(plan, lead)
    line = row.lines.filter(instructor=two[0]).first()
    approved(plan, lead, head)
    for number, body in enumerate(district.bodies[:6]):
        if number < 5 and body.pk != line.organization_id:
            appointing.assign(instructor=two[0], organization=body, kind="instructor", by=lead, at=AT, confirmed=True,
                              **LETTER)  # fmt: skip
    fill = 5 - InstructorAssignment.objects.filter(instructor=two[0]).count()
    for body in district.bodies[7 : 7 + fill]:
        appointing.assign(instructor=two[0], organization=body, kind="instructor", by=lead, at=AT, **LETTER)
    for key, value, severity in (("PB-INS-01", True, "block"), ("pb.ins.bodies", 5, "warn")):
        made = parameters.edit(key=key, jurisdiction="320211", valid_from=date(2026, 1, 1), value=value,
                               severity=severity, source="本区办法", by=lead, at=AT)  # fmt: skip
        parameters.confirm(parameter=made, by=head, at=AT)
    told = proposing.accept(proposal=row, lines=[line.pk], by=lead, at=AT, confirmed=True, **LETTER)
    assert not told.done and told.refused[0][1][0].code == "PB-INS-01"
    assert not InstructorAssignment.objects.filter(organization=line.organization_id, instructor=two[0]).exists()


@pytest.mark.django_db
def test_a_street_sees_its_own_lines_and_changes_nothing(client, district, plan, lead, street, two):
    row = proposed(plan, lead)
    other = user("other", ("party_lead", "area", district.areas["other"].code), is_demo=True)
    url = reverse("planning:plan_instructors", args=[plan.pk])
    client.force_login(street)
    text = client.get(url).text
    here = row.lines.filter(street=district.areas["heli"])
    away = row.lines.exclude(street=district.areas["heli"])
    assert here.exists() and away.exists()
    for lines, seen in ((here, True), (away, False)):
        for key in lines.values_list("organization_id", flat=True)[:8]:
            there = reverse("registry:organization_detail", args=[key])
            assert (f'href="{there}"' in client.get(url, {"per": 100}).text) is seen, key
    assert "只列出本街道" in text
    sheet = b"".join(client.get(reverse("planning:instructors_export", args=[plan.pk, "csv"])).streaming_content)
    assert len(sheet.decode("utf-8-sig").splitlines()) == here.count() + 1
    assert client.post(reverse("planning:instructors_solve", args=[plan.pk])).status_code == 403
    client.force_login(other)
    for name, args in (("plan_instructors", []), ("instructors_loads", []), ("instructors_export", ["csv"])):
        assert client.get(reverse(f"planning:{name}", args=[plan.pk, *args])).status_code == 404
    line = row.lines.first()
    assert client.get(reverse("planning:line_pin", args=[line.pk, "fix"])).status_code == 404
    assert client.post(reverse("planning:instructors_solve", args=[plan.pk])).status_code == 404


@pytest.mark.django_db
def test_the_page_before_while_and_after(client, district, plan, lead, two):
    client.force_login(lead)
    url = reverse("planning:plan_instructors", args=[plan.pk])
    assert "还没有编排指导员" in client.get(url).text
    assert client.get(reverse("planning:instructors_loads", args=[plan.pk])).status_code == 404
    assert client.post(reverse("planning:instructors_solve", args=[plan.pk])).status_code == 302
    assert "已排队" in client.get(url).text
    client.post(reverse("planning:instructors_solve", args=[plan.pk]))
    assert InstructorProposal.objects.count() == 1 and "正在编排" in client.get(url).text
    ground.work()
    row = InstructorProposal.objects.get()
    text = client.get(url).text
    short = row.needing - row.placed
    assert "已证明为最小总路程" in text and f"还有 {short} 家没有排到：再聘 {-(-short // 5)} 名" in text
    assert "不知道距离，按 0 计" in text and row.result_hash in text
    loads = client.get(reverse("planning:instructors_loads", args=[plan.pk])).text
    assert "甲指导员" in loads and "河埒街道党建办" in loads
    InstructorProposal.objects.update(optimal=False)
    assert "没有证明总路程最小" in client.get(url).text


@pytest.mark.django_db
def test_pins_follow_a_merge_of_bodies_and_come_back(district, plan, lead, two):
    one, other = district.bodies[:2]
    told = {"scenario": plan.scenario, "by": lead, "at": AT}
    proposing.pin(kind="fix", organization=one, instructor=two[0], **told)
    proposing.pin(kind="fix", organization=other, instructor=two[1], **told)
    proposing.pin(kind="bar", organization=one, instructor=two[1], reason="亲属", **told)
    before = list(InstructorPin.objects.values_list("kind", "organization", "instructor", "lifted_at"))
    done = merging.carry(gone=one.pk, kept=other.pk, by=lead, at=AT)
    held = InstructorPin.objects.held()
    assert list(held.values_list("kind", "organization", "instructor")) == [("fix", other.pk, two[1].pk)]
    assert merging.untouched(told=done)
    merging.take_back(told=done, by=lead, at=AT)
    assert list(InstructorPin.objects.values_list("kind", "organization", "instructor", "lifted_at")) == before


@pytest.mark.django_db(transaction=True)
def test_of_two_officers_who_accept_the_same_line_one_is_refused():
    areas = registry.binhu()
    committee = make.committee(areas["district"])
    lead, head = make.lead(), make.lead("head", "party_head")
    district = ground.lay(areas, committee)
    who = instructor(areas["district"], lead, "甲指导员", unit="河埒街道党建办")
    plan = approved(ground.planned(district, lead), lead, head)
    row = proposed(plan, lead)
    line, start, told = row.lines.filter(instructor=who).first(), threading.Barrier(2), []

    def accept():
        start.wait()
        try:
            mine = InstructorProposal.objects.select_related("plan__scenario__area").get(pk=row.pk)
            found = proposing.accept(proposal=mine, lines=[line.pk], by=lead, at=AT, **LETTER)
            told.append("done" if found.done else found.refused[0][1][0].code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=accept) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["PLAN-TAKEN", "done"]
    assert InstructorAssignment.objects.filter(organization=line.organization_id).count() == 1
    assert Instructor.objects.get().assignments.count() == 1


@pytest.mark.django_db
def test_pages_ask_no_more_for_many_lines_than_for_few(client, district, plan, lead, two):
    row = proposed(plan, lead)
    client.force_login(lead)
    for name in ("plan_instructors", "instructors_loads"):
        asked = []
        for keep in (None, 3):
            if keep is not None:
                InstructorLine.objects.exclude(pk__in=row.lines.filter(instructor__isnull=False)[:keep]).delete()
            url = reverse(f"planning:{name}", args=[plan.pk])
            client.get(url, {"per": 100})
            with CaptureQueriesContext(connection) as told:
                assert client.get(url, {"per": 100}).status_code == 200
            asked.append(len(told))
        assert asked[0] == asked[1], name
