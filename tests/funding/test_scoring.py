"""Means, extremes, spread, third reader, ties and bands against a plain count by decimals."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liaoyuan.core import policy
from liaoyuan.funding.choices.review import ReviewOutcome
from liaoyuan.funding.rules import scoring
from liaoyuan.funding.rules.scoring import Sheet
from liaoyuan.kit.findings import Limit, Limits
from tests.funding.bites import ON

LIMITS = policy.build(policy.shipped_rows(), ON, policy.chain("binhu"), None)
#: A machine that is busy with other things fails no test.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
points = st.integers(min_value=0, max_value=10_500)


def _with(**values: object) -> Limits:
    return LIMITS.with_rows(*(Limit(key=key.replace("__", "."), value=value) for key, value in values.items()))


def _sheets(*totals: int) -> list[Sheet]:
    return [Sheet(f"专家{number}", {"need": total}) for number, total in enumerate(totals)]


@unhurried
@given(st.lists(points, min_size=1, max_size=9))
def test_the_mean_is_that_of_a_plain_count(totals):
    found = scoring.result("甲", _sheets(*totals), LIMITS)
    counted = sorted(totals)[1:-1] if len(totals) >= 5 else totals
    exact = sum(Decimal(total) for total in counted) / Decimal(100) / Decimal(len(counted))
    assert Decimal(found.mean) / 100 == exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert found.spread == max(totals) - min(totals)
    assert len(found.dropped) == (2 if len(totals) >= 5 else 0)
    assert sorted([*found.dropped, *counted]) == sorted(totals)


@unhurried
@given(st.lists(points, min_size=5, max_size=9), points)
def test_an_extreme_does_not_move_the_mean(totals, wild):
    ordered = sorted(totals)
    moved = [*ordered[:-1], max(ordered[-1], wild)]
    assert scoring.result("甲", _sheets(*ordered), LIMITS).exact == scoring.result("甲", _sheets(*moved), LIMITS).exact


def test_from_how_many_sheets_extremes_are_dropped_is_a_parameter():
    four = _sheets(6_000, 8_000, 8_200, 9_000)
    assert scoring.result("甲", four, LIMITS).dropped == ()
    assert scoring.result("甲", four, _with(gv__review__drop_from=4)).dropped == (6_000, 9_000)
    assert scoring.result("甲", _sheets(*[8_000] * 7), _with(gv__review__drop_from=None)).dropped == ()
    assert scoring.result("甲", _sheets(1, 2), _with(gv__review__drop_from=2)).dropped == ()
    with pytest.raises(ValueError, match="没有可以汇总的评分"):
        scoring.result("甲", [], LIMITS)


def test_twenty_points_may_stand_and_one_hundredth_more_is_talked_over():
    assert not scoring.needs_talk(scoring.result("甲", _sheets(7_000, 9_000), LIMITS), LIMITS)
    apart = scoring.result("甲", _sheets(7_000, 9_001), LIMITS)
    assert scoring.needs_talk(apart, LIMITS)
    assert not scoring.needs_talk(apart, _with(gv__review__spread=21))


@unhurried
@given(points, points, points)
def test_the_third_reader_joins_the_nearer_one(first, second, third):
    found = scoring.third_reader(scoring.result("甲", _sheets(first, second), LIMITS), third, LIMITS)
    near = min((first, second), key=lambda total: (abs(total - third), -total))
    assert found.exact * 2 == near + third
    assert sorted([*found.dropped, near]) == sorted([first, second])
    assert len(found.totals) == 3
    with pytest.raises(ValueError, match="两名专家"):
        scoring.third_reader(found, third, LIMITS)


def _result(project: str, **items: int) -> scoring.Result:
    return scoring.result(project, [Sheet("专家", items)], LIMITS)


def test_ties_are_broken_by_the_items_fixed_beforehand():
    """Handbook §3.5: need first, then the budget; what still stands level shares its rank."""
    a = _result("甲", need=1_500, budget=1_500, plan=5_000)
    b = _result("乙", need=1_800, budget=1_200, plan=5_000)
    c = _result("丙", need=1_500, budget=1_400, plan=5_100)
    d = _result("丁", need=1_500, budget=1_500, plan=5_000)
    order = scoring.ranking([a, b, c, d], LIMITS, places=3)
    assert [(place.project, place.rank, place.tied) for place in order] == [
        ("乙", 1, False), ("丁", 2, True), ("甲", 2, True), ("丙", 4, False),
    ]  # fmt: skip
    assert [place.outcome for place in order] == [ReviewOutcome.PROPOSED] * 3 + [ReviewOutcome.RESERVE]
    other = scoring.ranking([a, b, c, d], _with(gv__rank__ties=["budget", "need"]), places=3)
    assert [place.project for place in other] == ["丁", "甲", "丙", "乙"]


def test_a_tie_at_the_last_place_is_left_to_a_person():
    level = [_result(name, need=2_000, plan=6_000) for name in ("甲", "乙", "丙")]
    assert {place.outcome for place in scoring.ranking(level, LIMITS, places=2)} == {ReviewOutcome.RESERVE}
    assert {place.outcome for place in scoring.ranking(level, LIMITS, places=3)} == {ReviewOutcome.PROPOSED}


def test_the_pass_score_is_reached_or_not():
    edge, below = _result("甲", need=6_000), _result("乙", need=5_999)
    order = scoring.ranking([below, edge], LIMITS, places=5)
    assert [(place.project, place.outcome) for place in order] == [
        ("甲", ReviewOutcome.PROPOSED), ("乙", ReviewOutcome.REFUSED),
    ]  # fmt: skip
    free = scoring.ranking([below, edge], _with(gv__review__pass_score=None), places=5)
    assert {place.outcome for place in free} == {ReviewOutcome.PROPOSED}


@unhurried
@given(st.lists(st.tuples(points, points, points), min_size=1, max_size=12), st.integers(0, 12))
def test_the_order_of_entry_decides_nothing(rows, places):
    results = [_result(f"{n:02}", need=a, budget=b, plan=c) for n, (a, b, c) in enumerate(rows)]
    order = scoring.ranking(results, LIMITS, places=places)
    assert order == scoring.ranking(reversed(results), LIMITS, places=places)
    assert sum(place.outcome == ReviewOutcome.PROPOSED for place in order) <= places
    keys = {n: (sum(row), row[0], row[1]) for n, row in enumerate(rows)}
    for place in order:
        mine = keys[int(place.project)]
        assert place.rank == 1 + sum(key > mine for key in keys.values())
        assert place.tied == (sum(key == mine for key in keys.values()) > 1)


@pytest.mark.parametrize(("total", "grade"), [(10_000, "excellent"), (9_000, "excellent"), (8_999, "passed"),
                                              (6_000, "passed"), (5_999, "failed"), (0, "failed")])  # fmt: skip
def test_bands_of_the_final_sheet(total: int, grade: str):
    assert scoring.band(total, LIMITS["gv.accept.grades"], otherwise="failed") == grade


def test_the_sheets_of_the_handbook_are_a_hundred_points():
    assert sum(LIMITS["gv.score.items"].values()) == 100
    assert sum(LIMITS["gv.accept.items"].values()) == 100
    assert 0 <= LIMITS["gv.score.items"]["party"] <= LIMITS["gv.score.party_max"] == 10
