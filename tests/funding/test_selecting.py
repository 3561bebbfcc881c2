"""Selecting: order and pack side by side, money, quotas and caps hold over all decisions, applicants see their own."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from liaoyuan.funding.actions import agreements, eligibility, handing_in, pools, ranking, scoring, selecting, stages
from liaoyuan.funding.models import CommitteeDecision, Pool, Project, Ranking, Reading, Selection, SelectionLine
from liaoyuan.funding.queries import outcomes
from liaoyuan.funding.queries import selecting as reading
from liaoyuan.kit.findings import Refused
from tests.core.factories import AT
from tests.funding import granting, ground
from tests.funding import ground_review as lay

pytestmark = pytest.mark.django_db
_WAN = 1_000_000


def codes(refused):
    return {finding.code for finding in refused.value.findings if finding.severity == "block"}


@pytest.fixture
def chief(areas):
    return lay.chief()


@pytest.fixture
def bodies(areas):
    return lay.bodies(4, areas["heli"])


@pytest.fixture
def ranked(round_, bodies, areas, office):
    """Four projects of 20, 10, 10, 10 万, in this order in the ranking; 20 万 are there."""
    projects = []
    for n, (body, head) in enumerate(bodies):
        total = (20 if n == 0 else 10) * _WAN
        row = ground.written(round_, body, head, title=f"项目{n}", total_fen=total, pay_fen=4 * _WAN)
        projects.append(lay.passed(ground.submitted(row, head), office))
    Pool.objects.update(ceiling_fen=20 * _WAN)
    pool = [lay.expert(areas["district"], office, f"zj{n}", round_) for n in range(5)]
    stage = lay.staged(round_, pool, office)
    for row in Reading.objects.select_related("expert__user", "project"):
        lay.signed(row, need=2000 - 100 * projects.index(row.project))
    stages.close(stage=stage, by=office, at=AT)
    ranking.rank(round_=round_, by=office, at=AT)
    return projects


def decide(project, chief, outcome="proposed", **told):
    return selecting.decide(project=project, outcome=outcome, by=chief, at=AT, **told)


def test_order_and_pack_stand_side_by_side_with_the_difference(ranked, round_, office):
    made = selecting.select(round_=round_, by=office, at=AT)
    lines = {line.project: line for line in made.lines.all()}
    assert [ranked.index(p) for p, line in lines.items() if line.in_order] == [0]
    assert sorted(ranked.index(p) for p, line in lines.items() if line.in_pack) == [1, 2]
    assert (made.order_value, made.pack_value, made.bound) == (8400, 8300 + 8200, 16500)
    assert lines[ranked[1]].order_barred == ["money"]
    assert lines[ranked[0]].pack_barred == ["money"]
    assert reading.reasons(["money", "street:320211001", "all", "body:3"]) == [
        "剩余资金不够", "超过名额：按街道（镇） 320211001", "超过名额：整届", "超过每个组织的立项数",
    ]  # fmt: skip
    assert selecting.select(round_=round_, by=office, at=AT).number == 2


def test_quotas_and_caps_bind_the_selection(ranked, round_, office):
    Pool.objects.update(ceiling_fen=100 * _WAN)
    pools.set_quotas(round_=round_, by=office, at=AT, lines=[
        {"kind": "street", "value": "320211001", "most": 3}, {"kind": "all", "value": "", "least": 1, "most": 2},
    ])  # fmt: skip
    made = selecting.select(round_=round_, by=office, at=AT)
    assert [line.in_order for line in made.lines.order_by("place")] == [True, True, False, False]
    assert made.pack_value == made.order_value == made.bound == 8400 + 8300
    assert made.lines.get(place=3).order_barred == ["all"]
    assert made.ground["quotas"]["all"] == [1, 2, None]


def test_the_committee_decides_within_the_money(ranked, round_, office, chief):
    with pytest.raises(Refused) as refused:
        decide(ranked[1], chief, amount_fen=10 * _WAN)
    assert codes(refused) == {"SELECT-FIRST"}
    selecting.select(round_=round_, by=office, at=AT)
    with pytest.raises(PermissionDenied):
        decide(ranked[1], office, amount_fen=10 * _WAN)
    for amount in (0, -1, 10 * _WAN + 1):
        with pytest.raises(Refused) as refused:
            decide(ranked[1], chief, amount_fen=amount)
        assert codes(refused) == {"DECIDE-AMOUNT"}
    first = decide(ranked[1], chief, amount_fen=8 * _WAN)
    assert (first.project.state, first.asked_fen) == ("proposed", 10 * _WAN)
    with pytest.raises(Refused) as refused:
        decide(ranked[0], chief, amount_fen=12 * _WAN + 1)
    assert codes(refused) == {"DECIDE-GROUND"}
    decide(ranked[0], chief, amount_fen=12 * _WAN)
    with pytest.raises(Refused) as refused:
        decide(ranked[3], chief, amount_fen=1, reason="街道急需。")
    assert codes(refused) == {"DECIDE-GROUND"}
    with pytest.raises(Refused) as refused:
        decide(ranked[3], chief, "reserve")
    assert codes(refused) == {"DECIDE-REASON"}
    decide(ranked[3], chief, "reserve", reason="资金不足，列为候补。")
    decide(ranked[0], chief, "refused", reason="申报组织已放弃。")
    with pytest.raises(Refused) as refused:
        decide(ranked[3], chief, amount_fen=10 * _WAN)
    assert codes(refused) == {"DECIDE-REASON"}
    decide(ranked[3], chief, amount_fen=10 * _WAN, reason="候补递补。")
    held = CommitteeDecision.objects.current()
    total = sum(held.filter(outcome="proposed").values_list("amount_fen", flat=True))
    assert total == 18 * _WAN
    assert CommitteeDecision.objects.count() == 5
    with pytest.raises(Refused) as refused:
        ranking.rank(round_=round_, by=office, at=AT)
    assert codes(refused) == {"RANK-DECIDED"}
    with pytest.raises(Refused) as refused:
        decide(ranked[3], chief, "reserve", reason="改为候补。")
    assert codes(refused) == {"DECIDE-BACK"}


def test_the_money_of_who_withdrew_is_free_again(ranked, round_, office, chief, bodies):
    selecting.select(round_=round_, by=office, at=AT)
    decide(ranked[1], chief, amount_fen=10 * _WAN)
    decide(ranked[2], chief, amount_fen=10 * _WAN)
    with pytest.raises(Refused) as refused:
        decide(ranked[3], chief, amount_fen=10 * _WAN, reason="候补。")
    assert codes(refused) == {"DECIDE-GROUND"}
    handing_in.withdraw(project=ranked[1], reason="人手不足。", by=bodies[1][1], at=AT)
    again = selecting.select(round_=round_, by=office, at=AT)
    assert not again.lines.filter(project=ranked[1]).exists()
    decide(ranked[3], chief, amount_fen=10 * _WAN, reason="递补。")
    assert [item.cost for item in reading.proposed_in(round_)] == [10 * _WAN] * 2


def test_the_database_keeps_the_amount_below_what_was_asked(ranked, round_, office, chief):
    selecting.select(round_=round_, by=office, at=AT)
    made = decide(ranked[1], chief, amount_fen=10 * _WAN)
    for told in ({"amount_fen": 10 * _WAN + 1}, {"amount_fen": 0}, {"outcome": "reserve"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            CommitteeDecision.objects.filter(pk=made.pk).update(**told)


def test_below_the_pass_score_nobody_is_packed(round_, bodies, areas, office, chief):
    projects = lay.eligible(round_, bodies[:2], office)
    pool = [lay.expert(areas["district"], office, f"zj{n}", round_) for n in range(5)]
    stage = lay.staged(round_, pool, office)
    for row in Reading.objects.select_related("expert__user", "project"):
        lay.signed(row, **({"plan": 0, "team": 0} if row.project == projects[0] else {}))
    stages.close(stage=stage, by=office, at=AT)
    made = ranking.rank(round_=round_, by=office, at=AT)
    assert dict(made.lines.values_list("project", "outcome"))[projects[0].pk] == "refused"
    selecting.select(round_=round_, by=office, at=AT)
    assert list(SelectionLine.objects.values_list("project", flat=True)) == [projects[1].pk]
    with pytest.raises(Refused) as refused:
        decide(projects[0], chief, amount_fen=_WAN)
    assert codes(refused) == {"DECIDE-REASON"}


def test_applicants_read_their_own_and_nothing_else(ranked, round_, office, chief, bodies):
    selecting.select(round_=round_, by=office, at=AT)
    decide(ranked[1], chief, amount_fen=10 * _WAN)
    decide(ranked[3], chief, "refused", reason="需求不清楚。")
    heads = [head for _body, head in bodies]
    told = outcomes.for_applicant(Project.objects.get(pk=ranked[3].pk), heads[3])
    assert (told.outcome, told.reason, told.mean, told.band) == ("refused", "需求不清楚。", 8100, None)
    assert dict(told.items)["need"] == 1700
    assert outcomes.for_applicant(Project.objects.get(pk=ranked[1].pk), heads[1]) is None  # not yet published
    Project.objects.filter(pk=ranked[1].pk).update(state="published")
    assert outcomes.for_applicant(Project.objects.get(pk=ranked[1].pk), heads[1]).outcome == "proposed"
    assert outcomes.for_applicant(Project.objects.get(pk=ranked[3].pk), heads[1]) is None
    for model in (Ranking, Selection, SelectionLine, CommitteeDecision, Reading):
        assert not model.objects.visible_to(heads[3]).exists()
        assert model.objects.visible_to(office).exists()
        assert model.objects.visible_to(chief).exists()


def test_bands_hide_the_place():
    assert [outcomes.band(place, 8) for place in range(1, 9)] == [1, 1, 2, 2, 3, 3, 4, 4]
    assert outcomes.band(1, 7) is None
    assert {outcomes.band(place, 109) for place in range(1, 110)} == {1, 2, 3, 4}


#: Everything of eligibility, scoring and money that this part does, under a wrapper that refuses the party's tables.
def test_eligibility_scoring_and_selection_never_read_the_party(
    round_, bodies, areas, office, chief, party_refused
):  # fmt: skip
    with party_refused() as asked:
        projects = lay.eligible(round_, bodies, office)
        pool = [lay.expert(areas["district"], office, f"zj{n}", round_) for n in range(5)]
        stage = lay.staged(round_, pool, office)
        for row in Reading.objects.select_related("expert__user", "project"):
            lay.signed(row)
        card = Reading.objects.first().cards.get()
        scoring.annul(card=card, reason="重评", by=chief, at=AT)
        lay.signed(card.reading)
        stages.close(stage=stage, by=office, at=AT)
        ranking.rank(round_=round_, by=office, at=AT)
        selecting.select(round_=round_, by=office, at=AT)
        decide(projects[0], chief, amount_fen=10 * _WAN)
        decide(projects[1], chief, "refused", reason="资金不足。")
        late = ground.submitted(ground.written(round_, *bodies[0], title="又一个"), bodies[0][1])
        eligibility.examine(project=late, by=office, at=AT)
        eligibility.propose_bar(project=late, reason="重复。", by=office, at=AT)
        eligibility.confirm_bar(project=late, by=chief, at=AT)
    assert len(asked) > 500


def test_money_of_an_agreement_counts_once_and_whoever_has_one_is_not_chosen_again(ranked, round_, chief, desk):
    """20 万 are there: the first body has an agreement over 10 of them, 10 are left for one more project of 10."""
    selecting.select(round_=round_, by=desk.officer, at=AT)
    decide(ranked[1], chief, amount_fen=10 * _WAN)
    (_line,), at = granting.approved(desk, round_, [(ranked[1], 10 * _WAN)])
    shares = [(granting.pool(round_), 10 * _WAN)]
    draft = granting.drafted(desk, ranked[1], shares, at=at)
    agreements.cancel(agreement=draft, reason="账号有误", by=desk.officer, at=at)
    made = selecting.select(round_=round_, by=desk.officer, at=at)
    assert made.ground["money"] == {"": 10 * _WAN}, "what was decided stands, though its draft is gone"
    granting.signed(desk, ranked[1], shares, at=at)
    made = selecting.select(round_=round_, by=desk.officer, at=at)
    assert made.ground["money"] == {"": 10 * _WAN}
    assert [ranked.index(line.project) for line in made.lines.filter(in_order=True)] == [2]
    assert [ranked.index(line.project) for line in made.lines.filter(in_pack=True)] == [2]
    assert decide(ranked[2], chief, amount_fen=10 * _WAN).amount_fen == 10 * _WAN
    with pytest.raises(Refused) as refused:
        decide(ranked[3], chief, amount_fen=1)
    assert codes(refused) == {"DECIDE-GROUND"}
