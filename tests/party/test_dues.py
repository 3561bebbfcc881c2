"""Dues against decimal arithmetic, and the vectors of handbook §9.5."""

from dataclasses import replace
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaoyuan.core import policy
from liaoyuan.party.choices.dues import DuesCategory
from liaoyuan.party.rules import dues

LIMITS = policy.build(policy.shipped_rows(), date(2026, 10, 26), policy.chain("national"), None)
FEN = st.integers(0, 100_000_000)
PAY = (DuesCategory.MONTHLY, DuesCategory.ANNUAL, DuesCategory.IRREGULAR)
WAYS = {"half_up": ROUND_HALF_UP, "down": ROUND_DOWN, "up": ROUND_UP}


def percent(yuan: Decimal, retired: bool) -> Decimal:
    if retired:
        return Decimal("0.5") if yuan <= 5000 else Decimal(1)
    if yuan <= 3000:
        return Decimal("0.5")
    if yuan <= 5000:
        return Decimal(1)
    return Decimal("1.5") if yuan <= 10000 else Decimal(2)


def expected(base_fen: int, retired: bool, way: str = ROUND_HALF_UP, unit: str = "0.01") -> Decimal:
    yuan = Decimal(base_fen) / 100
    exact = yuan * percent(yuan, retired) / 100
    return (exact / Decimal(unit)).quantize(Decimal(1), rounding=way) * Decimal(unit)


@given(FEN, st.sampled_from(PAY))
def test_dues_of_pay(base, category):
    assert Decimal(dues.due(base, category, LIMITS)) / 100 == expected(base, retired=False)


@given(FEN)
def test_dues_of_the_retired(base):
    assert Decimal(dues.due(base, DuesCategory.RETIRED, LIMITS)) / 100 == expected(base, retired=True)


@given(FEN, st.sampled_from(sorted(WAYS)), st.sampled_from([1, 10, 100]))
def test_dues_are_rounded_as_the_place_says(base, way, unit):
    told = LIMITS.with_rows(
        replace(LIMITS.row("pb.fee.rounding"), value=way), replace(LIMITS.row("pb.fee.round_to_fen"), value=unit)
    )
    wanted = expected(base, False, WAYS[way], str(Decimal(unit) / 100))
    assert Decimal(dues.due(base, DuesCategory.MONTHLY, told)) / 100 == wanted


@pytest.mark.parametrize(
    ("yuan", "category", "told"),
    [
        ("3000", "monthly", "15.00"), ("3000.01", "monthly", "30.00"), ("5000", "monthly", "50.00"),
        ("5001", "monthly", "75.02"), ("10000", "monthly", "150.00"), ("10001", "monthly", "200.02"),
        ("5000", "retired", "25.00"), ("5001", "retired", "50.01"), ("0", "none", "0.20"), ("9999", "farmer", "0.20"),
    ],
)  # fmt: skip
def test_vectors_of_the_handbook(yuan, category, told):
    assert dues.due(int(Decimal(yuan) * 100), DuesCategory(category), LIMITS) == int(Decimal(told) * 100)


def test_a_farmer_pays_between_two_amounts():
    assert dues.span(0, DuesCategory.FARMER, LIMITS) == (20, 100)


@given(FEN, st.sampled_from(DuesCategory))
def test_drafts_do_not_lift_the_arithmetic(base, category):
    drafts = LIMITS.with_rows(*(replace(LIMITS.row(key), status="draft") for key in LIMITS.names()))
    assert dues.due(base, category, drafts) == dues.due(base, category, LIMITS)


def test_a_base_below_nought_is_refused():
    with pytest.raises(ValueError, match="不能小于零"):
        dues.due(-1, DuesCategory.MONTHLY, LIMITS)
