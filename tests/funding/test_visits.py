"""Visits and samples: the seed is kept and tells who is drawn, risks are rules over facts, the body is heard first."""

from datetime import timedelta
from hashlib import sha256

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from liaoyuan.funding.actions import visits
from liaoyuan.funding.choices.running import Risk
from liaoyuan.funding.models import GrantVisit, VisitSample
from liaoyuan.funding.queries import running_due
from liaoyuan.funding.queries import visits as reading
from liaoyuan.funding.rules import sampling
from liaoyuan.kit.findings import Refused
from tests.core.factories import user
from tests.funding import granting, ground

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped")]
DAY = timedelta(1)


def codes(refused):
    return {finding.code for finding in refused.value.findings}


@pytest.fixture
def contract(desk, round_, proposed):
    return granting.running(desk, proposed)


@pytest.fixture
def project(contract):
    return granting.project(contract[0].project)


@pytest.mark.parametrize("seed", ["a", "2026", "滨湖"])
def test_whoever_draws_again_with_the_seed_gets_the_same(seed):
    population = list(range(40, 90))
    by_hand = sorted(population, key=lambda key: sha256(f"{seed}:{key}".encode()).hexdigest())[:7]
    assert sampling.at_random(seed, population[::-1], 7) == by_hand
    assert (
        sampling.at_random(seed, population, 99) != population and len(sampling.at_random(seed, population, 99)) == 50
    )


@pytest.mark.parametrize(("many", "percent", "wanted"), [(0, 20, 0), (1, 20, 1), (5, 20, 1), (6, 20, 2), (10, 0, 0)])
def test_a_share_is_rounded_up(many, percent, wanted):
    assert sampling.size(many, percent) == wanted


@pytest.mark.parametrize(
    ("facts", "wanted"),
    [
        ({"elapsed": 50, "rate": 30}, []), ({"elapsed": 51, "rate": 30}, [Risk.BEHIND]),
        ({"elapsed": 30, "spent": 50}, []), ({"elapsed": 30, "spent": 51}, [Risk.SPENDING]),
        ({"silent_days": 45}, []), ({"silent_days": 46}, [Risk.SILENT]), ({"overdue": 1}, [Risk.OVERDUE]),
        ({"photos": 1, "outside": 2}, [Risk.PHOTOS, Risk.OUTSIDE]), ({}, []),
    ],
)  # fmt: skip
def test_reasons_of_risk_hold_from_their_border(facts, wanted):
    assert sampling.reasons(sampling.RiskFacts(**facts), behind=20, silent=45) == wanted


def test_the_heaviest_come_first_and_nobody_without_a_reason():
    found = {1: [Risk.SILENT], 2: [], 3: [Risk.OVERDUE, Risk.SILENT], 4: [Risk.OUTSIDE]}
    weights = {"overdue": 5, "silent": 3, "outside": 2}
    assert sampling.by_risk(found, weights, 9) == [3, 1, 4]
    assert sampling.by_risk(found, {"overdue": 5}, 9) == [3]


def test_a_random_sample_is_kept_with_seed_and_population(project, round_, desk, contract):
    _row, at = contract
    with pytest.raises(PermissionDenied):
        visits.draw(round_=round_, kind="random", many=1, by=desk.finance, at=at)
    with pytest.raises(Refused) as refused:
        visits.draw(round_=round_, kind="random", many=2, by=desk.officer, at=at)
    assert codes(refused) == {"SAMPLE-SIZE"}
    made = visits.draw(round_=round_, kind="random", many=1, by=desk.officer, at=at)
    assert made.population == [project.pk] and len(made.seed) == 16 and reading.verified(made)
    VisitSample.objects.filter(pk=made.pk).update(population=[project.pk, 0], seed="x")
    again = VisitSample.objects.get(pk=made.pk)
    assert reading.verified(again) == (sampling.at_random("x", [project.pk, 0], 1) == [project.pk])
    assert reading.population(round_) == [], "a planned visit waits"


def test_a_sample_by_risk_tells_its_reasons(project, round_, desk, contract):
    _row, at = contract
    with pytest.raises(Refused) as refused:
        visits.draw(round_=round_, kind="risk", many=1, by=desk.officer, at=at)
    assert codes(refused) == {"SAMPLE-NONE"}
    later = at + 46 * DAY
    assert reading.risks([project], granting.day(later))[project.pk] == [Risk.OVERDUE, Risk.SILENT]
    made = visits.draw(round_=round_, kind="risk", many=1, by=desk.officer, at=later)
    assert made.visits.get().reasons == ["overdue", "silent"] and made.rules["overdue"] == 5 and made.seed == ""


def test_the_body_is_heard_before_a_conclusion(project, desk, contract, head, areas):
    _row, at = contract
    visit = visits.plan(project=project, planned_on=None, by=desk.officer, at=at)
    told = {"visited_on": granting.day(at), "visitors": "演示甲、演示乙", "seen": "现场有活动。"}
    visit = visits.record(visit=visit, **told, faults="签到表缺页", by=desk.officer, at=at)
    assert visit.state == "recorded" and visit.reply_by > granting.day(at)
    closing = {"result": "mended", "conclusion": "已补齐", "by": desk.officer}
    with pytest.raises(Refused) as refused:
        visits.close(visit=visit, **closing, at=at)
    assert codes(refused) == {"VISIT-HEARING"}
    other = ground.head(ground.body("滨湖区乙示例服务中心", street=areas["heli"]), "bieren")
    for by in (other, desk.officer):
        with pytest.raises(PermissionDenied):
            visits.reply(visit=visit, text="不是这样", by=by, at=at)
    visit = visits.reply(visit=visit, text="已补签到表", version=visit.version, by=head, at=at)
    with pytest.raises(Refused) as refused:
        visits.reply(visit=visit, text="再说", version=1, by=head, at=at)
    assert codes(refused) == {"VISIT-STALE"}
    done = visits.close(visit=visit, **closing, at=at)
    assert (done.state, done.result, done.reply) == ("closed", "mended", "已补签到表")


def test_without_a_reply_the_day_must_be_over_and_without_faults_it_is_done(project, desk, contract):
    _row, at = contract
    told = {"visited_on": granting.day(at), "visitors": "演示甲", "seen": "有活动", "by": desk.officer, "at": at}
    fine = visits.record(visit=visits.plan(project=project, planned_on=None, by=desk.officer, at=at), **told)
    assert (fine.state, fine.result) == ("closed", "fine")
    bad = visits.record(
        visit=visits.plan(project=project, planned_on=None, by=desk.officer, at=at), faults="没有签到", **told
    )
    after = at + (bad.reply_by - granting.day(at)) + DAY
    assert visits.close(visit=bad, result="mended", conclusion="没有回复", by=desk.officer, at=after).state == "closed"
    gone = visits.drop(visit=visits.plan(project=project, planned_on=None, by=desk.officer, at=at), reason="重复安排",
                       by=desk.officer, at=at)  # fmt: skip
    assert gone.state == "dropped" and GrantVisit.objects.count() == 3


def test_the_pages_of_a_visit(client, project, desk, contract, head, round_, monkeypatch, areas):
    _row, at = contract
    monkeypatch.setenv("LIAOYUAN_NOW", at.isoformat())
    client.force_login(desk.officer)
    assert "可以抽取 1 个" in client.get(reverse("funding:sample_draw", args=[round_.pk])).text
    answer = client.post(reverse("funding:sample_draw", args=[round_.pk]), {"kind": "random", "many": "1"})
    assert "按种子重新抽一遍" in client.get(answer["Location"]).text
    visit = GrantVisit.objects.get()
    there = reverse("funding:visit_record", args=[visit.pk])
    posted = {
        "visited_on": granting.day(at).isoformat(),
        "visitors": "",
        "seen": "写了很多看到的情况",
        "faults": "缺签到",
    }
    refused = client.post(there, {**posted, "version": "1"})
    assert refused.status_code == 422 and "写了很多看到的情况" in refused.text
    assert client.post(there, {**posted, "visitors": "演示甲", "version": "1"}).status_code == 302
    page = client.get(reverse("funding:round_visits", args=[round_.pk])).text
    assert "随机抽查" in page and "待回复" in page
    client.force_login(head)
    detail = reverse("funding:visit_detail", args=[visit.pk])
    assert "缺签到" in client.get(detail).text
    there = reverse("funding:visit_reply", args=[visit.pk])
    assert client.post(there, {"text": "已补", "version": "2"}).status_code == 302
    client.force_login(user("pinggu", ("evaluator", "area", "320211")))
    there = reverse("funding:visit_close", args=[visit.pk])
    assert client.post(there, {"result": "mended", "conclusion": "已改", "version": "3"}).status_code == 302
    assert "问题已改正" in client.get(detail).text
    client.force_login(ground.head(ground.body("滨湖区乙示例服务中心", street=areas["heli"]), "bieren"))
    assert client.get(detail).status_code == 404


def test_what_must_be_mended_stays_open_until_it_is_reported_and_looked_at(client, project, desk, contract, head,
                                                                           monkeypatch):  # fmt: skip
    """A day, a line in the body's list, a mark on the project's page, a report, and a second conclusion."""
    _row, at = contract
    today = granting.day(at)
    told = {
        "visited_on": today,
        "visitors": "演示甲",
        "seen": "有活动",
        "faults": "没有签到",
        "by": desk.officer,
        "at": at,
    }
    visit = visits.record(visit=visits.plan(project=project, planned_on=None, by=desk.officer, at=at), **told)
    visit = visits.reply(visit=visit, text="属实", by=head, at=at)
    closing = {"result": "rectify", "conclusion": "补齐签到", "by": desk.officer, "at": at}
    for day in (None, today - DAY):
        with pytest.raises(Refused) as refused:
            visits.close(visit=visit, **closing, mend_by=day)
        assert codes(refused) == {"VISIT-MEND-BY"}
    due = today + 10 * DAY
    visit = visits.close(visit=visit, **closing, mend_by=due)
    assert (visit.state, visit.mend_by, visit.closed_at) == ("mending", due, None)

    def waits(user, source):
        return [(item.code, item.due_on) for item in source(user=user, on=today, limit=20)[0]]

    assert waits(head, running_due.replies) == [("grant_mending", due)]
    assert waits(desk.officer, running_due.visits) == []
    monkeypatch.setenv("LIAOYUAN_NOW", at.isoformat())
    client.force_login(head)
    page = client.get(reverse("funding:project_running", args=[project.pk])).text
    assert f"整改中，期限 {due.isoformat()}" in page
    with pytest.raises(Refused) as refused:
        visits.close(visit=visit, result="mended", conclusion="已改", by=desk.officer, at=at)
    assert codes(refused) == {"VISIT-HEARING"}
    there = reverse("funding:visit_reply", args=[visit.pk])
    assert client.post(there, {"text": "已补签到表", "version": visit.version}).status_code == 302
    visit.refresh_from_db()
    assert (visit.reply, visit.mended, visit.mended_by_id) == ("属实", "已补签到表", head.pk)
    assert waits(head, running_due.replies) == []
    assert waits(desk.officer, running_due.visits) == [("grant_visited", None)]
    again = visits.close(visit=visit, **closing, mend_by=due + DAY)
    assert (again.state, again.mend_by, again.mended_at) == ("mending", due + DAY, None)
    done = visits.close(visit=again, result="mended", conclusion="已改", by=desk.officer, at=at + 12 * DAY)
    assert (done.state, done.result, done.closed_by_id) == ("closed", "mended", desk.officer.pk)
