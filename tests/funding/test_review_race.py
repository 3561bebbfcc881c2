"""At once: experts sign, one saves in two windows, an officer decides twice, two decide over the last money."""

import threading

import pytest
from django.db import connection

from liaoyuan.core.actions import parameters
from liaoyuan.core.models import User
from liaoyuan.funding.actions import eligibility, ranking, scoring, selecting, stages
from liaoyuan.funding.models import CommitteeDecision, Examined, Pool, Project, Reading, Score, ScoreCard
from liaoyuan.funding.queries import eligibility as told
from liaoyuan.kit.findings import Refused
from tests.core.factories import AT
from tests.funding import ground
from tests.funding import ground_review as lay
from tests.registry import factories as registry

pytestmark = pytest.mark.django_db(transaction=True)
_WAN = 1_000_000


def together(*works):
    """Run the works at once; what each came to: "done", or the codes it was refused with."""
    gate, results = threading.Barrier(len(works)), [None] * len(works)

    def one(place, work):
        try:
            gate.wait(30)
            work()
            results[place] = "done"
        except Refused as refused:
            results[place] = tuple(sorted({f.code for f in refused.findings if f.severity == "block"}))
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(n, work)) for n, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not any(thread.is_alive() for thread in threads)
    return results


def again(row):
    """The row and its users as another process would load them."""
    return type(row).objects.get(pk=row.pk)


@pytest.fixture
def laid():
    areas = registry.binhu()
    parameters.sync_shipped(at=AT)
    office = ground.office()
    round_ = ground.opened(areas["district"], office)
    return areas, office, lay.chief(), round_, lay.bodies(2, areas["heli"])


@pytest.fixture
def stage(laid):
    areas, office, _chief, round_, bodies = laid
    lay.eligible(round_, bodies, office)
    pool = [lay.expert(areas["district"], office, f"zj{n}", round_) for n in range(5)]
    return lay.staged(round_, pool, office)


def test_all_experts_sign_at_once(stage):
    readings = list(Reading.objects.select_related("expert__user").order_by("pk"))
    works = [lambda row=row: lay.signed(Reading.objects.select_related("expert__user", "stage").get(pk=row.pk))
             for row in readings]  # fmt: skip
    assert together(*works) == ["done"] * 10
    assert list(ScoreCard.objects.values_list("state", "total")) == [("signed", 8000)] * 10
    assert Score.objects.count() == 80


def test_one_expert_signs_in_two_windows(stage):
    reading = Reading.objects.select_related("expert__user", "stage").first()
    scoring.save(reading=reading, points=lay.SHEET, by=reading.expert.user, at=AT)

    def sign():
        scoring.sign(reading=again(reading), by=User.objects.get(pk=reading.expert.user_id), at=AT)

    def save():
        scoring.save(
            reading=again(reading), points={"need": 100}, by=User.objects.get(pk=reading.expert.user_id), at=AT
        )

    results = together(sign, sign, save)
    card = ScoreCard.objects.get()
    assert card.state == "signed"
    assert results[:2].count("done") == 1
    assert card.total == sum(card.scores.values_list("hundredths", flat=True))
    assert card.total == (6500 if results[2] == "done" else 8000)


def test_an_officer_accepts_and_proposes_to_bar_at_once(laid):
    _areas, office, _chief, round_, bodies = laid
    row = ground.submitted(ground.written(round_, *bodies[0]), bodies[0][1])
    found = eligibility.examine(project=row, by=office, at=AT)
    for one in told.findings(found):
        if one.open:
            found = eligibility.answer(project=row, number=one.number, reason="已核实。", by=office, at=AT)

    def by():
        return User.objects.get(pk=office.pk)

    results = together(
        lambda: eligibility.accept(project=again(row), version=found.version, by=by(), at=AT),
        lambda: eligibility.accept(project=again(row), version=found.version, by=by(), at=AT),
        lambda: eligibility.propose_bar(project=again(row), reason="不合格。", version=found.version, by=by(), at=AT),
    )
    assert results.count("done") == 1
    state, kept = Project.objects.get(pk=row.pk).state, Examined.objects.get()
    assert (state, kept.outcome) in {("eligible", "eligible"), ("submitted", "ineligible")}


def test_the_last_money_is_given_once(stage, laid):
    _areas, office, chief, round_, _bodies = laid
    for reading in Reading.objects.select_related("expert__user", "stage"):
        lay.signed(reading)
    stages.close(stage=stage, by=office, at=AT)
    ranking.rank(round_=round_, by=office, at=AT)
    Pool.objects.update(ceiling_fen=15 * _WAN)
    selecting.select(round_=round_, by=office, at=AT)

    def decide(row):
        return lambda: selecting.decide(project=again(row), outcome="proposed", amount_fen=10 * _WAN, reason="同意。",
                                        by=User.objects.get(pk=chief.pk), at=AT)  # fmt: skip

    first, second = Project.objects.order_by("pk")
    results = together(decide(first), decide(second), decide(first), decide(second))
    assert results.count("done") == 1
    assert CommitteeDecision.objects.current().get().amount_fen == 10 * _WAN
    assert sorted(Project.objects.values_list("state", flat=True)) == ["in_review", "proposed"]
