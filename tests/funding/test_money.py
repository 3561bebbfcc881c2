"""Money of a budget against plain counts: shares, sums, hidden pay, instalments; vectors of handbook §9.5."""

from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liaoyuan.core import policy
from liaoyuan.funding.choices.budget import BudgetClass
from liaoyuan.funding.rules import budgets, payments, shares
from liaoyuan.funding.rules.facts.budgets import BudgetFacts, BudgetLine, TeamMember
from liaoyuan.kit.findings import Limit, Limits
from tests.funding.bites import ON

#: A machine that is busy with other things fails no test.
unhurried = settings(deadline=None)
fen = st.integers(min_value=0, max_value=10**12)
percents = st.integers(min_value=0, max_value=100)


@cache
def _held(place: str, on: date) -> Limits:
    return policy.build(policy.shipped_rows(), on, policy.chain(place), None)


def _limits(place: str = "binhu", on: date = ON, **values: object) -> Limits:
    held = _held(place, on)
    return held.with_rows(
        *(replace(held.row(f"gv.{k}".replace("__", ".")), value=v, status="confirmed") for k, v in values.items())
    )


def _codes(facts: BudgetFacts, limits: Limits, on: date = ON) -> list[str]:
    return [f.code for f in policy.evaluate("budget_submit", facts, limits, on)]


def _lines(*amounts: tuple[str, int, int]) -> tuple[BudgetLine, ...]:
    """Lines of (class, granted, own)."""
    return tuple(
        BudgetLine(no=n, budget_class=code, amount_fen=granted + own, granted_fen=granted, own_fen=own)
        for n, (code, granted, own) in enumerate(amounts, 1)
    )


@pytest.mark.parametrize("base", ["total", "grant"])
@pytest.mark.parametrize(("staff", "wanted"), [(5_000_000, []), (5_000_001, ["GV-BUD-01"])])
def test_half_of_a_hundred_thousand_passes_and_one_fen_more_blocks(base: str, staff: int, wanted: list[str]):
    """Handbook §9.5: budget 100,000.00, full-time 50,000.00 passes, 50,000.01 blocks."""
    facts = BudgetFacts(10_000_000, 10_000_000, 0, _lines(("B01", staff, 0), ("B06", 10_000_000 - staff, 0)))
    limits = _limits(staff__base=base)
    found = policy.evaluate("budget_submit", facts, limits, ON)
    assert [f.code for f in found] == wanted
    assert {str(f.severity) for f in found} <= {"block"}


def test_the_base_decides_which_money_counts():
    """60,000 of pay, half of it own money: 60 % of the budget, 50 % of what the grant pays."""
    facts = BudgetFacts(
        10_000_000, 6_000_000, 4_000_000, _lines(("B01", 3_000_000, 3_000_000), ("B06", 3_000_000, 1_000_000))
    )
    assert _codes(facts, _limits(staff__base="total")) == ["GV-BUD-01"]
    assert _codes(facts, _limits(staff__base="grant")) == []


def test_guangzhou_2019():
    """Handbook §9.5: budget 1,000,000, own 350,000: the grant is over its cap and its share, own money below 40 %."""
    facts = BudgetFacts(100_000_000, 65_000_000, 35_000_000, _lines(("B06", 65_000_000, 35_000_000)))
    on = date(2020, 5, 6)
    found = policy.evaluate("budget_submit", facts, _limits("guangzhou", on), on)
    assert [(f.code, f.message.partition("，")[2][:2]) for f in found] == [
        ("GV-BUD-03", "超过"), ("GV-BUD-03", "占预"), ("GV-BUD-04", "不足"),
    ]  # fmt: skip
    lawful = BudgetFacts(80_000_000, 48_000_000, 32_000_000, _lines(("B06", 48_000_000, 32_000_000)))
    assert _codes(lawful, _limits("guangzhou", on), on) == []


@unhurried
@given(fen, fen, percents)
def test_a_share_is_what_exact_fractions_say(part: int, whole: int, percent: int):
    assert shares.over(part, whole, percent) == (Fraction(part) > Fraction(whole * percent, 100))
    most = shares.most(whole, percent)
    assert not shares.over(most, whole, percent)
    assert shares.over(most + 1, whole, percent)
    least = shares.least(whole, percent)
    assert least * 100 >= whole * percent > (least - 1) * 100


@unhurried
@given(st.lists(st.tuples(st.sampled_from([str(c) for c in BudgetClass]), fen, fen), max_size=12), percents,
       st.sampled_from(["total", "grant"]))  # fmt: skip
def test_the_cap_on_pay_is_a_plain_count(rows: list[tuple[str, int, int]], percent: int, base: str):
    facts = BudgetFacts(lines=_lines(*rows))
    staff = sum(granted + (own if base == "total" else 0) for code, granted, own in rows if code == "B01")
    whole = sum(granted + (own if base == "total" else 0) for _, granted, own in rows)
    found = budgets.pay_share(facts, _limits(staff__base=base, staff__percent=percent), on=ON)
    assert bool(found) == (Decimal(staff) * 100 > Decimal(whole) * percent)
    if found:
        assert Decimal(found[0].args["excess"].replace(",", "")) == Decimal(staff - whole * percent // 100) / 100


@unhurried
@given(fen, fen, fen)
def test_pay_that_hides_under_labour_counts_as_much_as_open_pay(open_pay: int, hidden: int, rest: int):
    """Persons on the full-time list under B02 and B11 count into the share, and are told apart."""
    team = (TeamMember("甲某", full_time=True), TeamMember("乙某", full_time=False))
    lines = (
        BudgetLine(budget_class="B01", amount_fen=open_pay),
        BudgetLine(budget_class="B02", amount_fen=hidden, person="甲某"),
        BudgetLine(budget_class="B02", amount_fen=rest, person="乙某"), BudgetLine(budget_class="B11", amount_fen=1),
    )  # fmt: skip
    mixed = budgets.pay_share(BudgetFacts(lines=lines, team=team), _limits(), on=ON)
    plain = BudgetFacts(lines=(BudgetLine(budget_class="B01", amount_fen=open_pay + hidden),
                               BudgetLine(budget_class="B06", amount_fen=rest + 1)))  # fmt: skip
    assert bool(mixed) == bool(budgets.pay_share(plain, _limits(), on=ON))
    assert all(("其中" in f.text) == (hidden > 0) for f in mixed)


@unhurried
@given(st.integers(0, 10**8), st.integers(0, 10**5), st.integers(0, 400))
def test_a_line_is_price_times_quantity_times_times(price: int, quantity: int, times: int):
    exact = Decimal(price) / 100 * Decimal(quantity) / 100 * times
    due = exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert Decimal(budgets.line_amount(price, quantity, times)) / 100 == due
    made = BudgetLine(1, "B06", unit_price_fen=price, quantity=quantity, times=times, amount_fen=int(due * 100))
    assert budgets.sums(BudgetFacts(lines=(made,)), _limits(), on=ON) == []
    off = replace(made, amount_fen=int(due * 100) + 1)
    assert [f.code for f in budgets.sums(BudgetFacts(lines=(off,)), _limits(), on=ON)] == ["GV-BUD-08"]


@unhurried
@given(st.lists(st.tuples(st.just("B06"), fen, fen), min_size=1, max_size=8), st.integers(-1, 1), st.integers(-1, 1),
       st.integers(-1, 1))  # fmt: skip
def test_sums_agree_to_the_fen(rows: list[tuple[str, int, int]], total: int, grant: int, own: int):
    granted, owned = sum(r[1] for r in rows), sum(r[2] for r in rows)
    facts = BudgetFacts(granted + owned + total, granted + grant, owned + own, _lines(*rows))
    wrong = [f.field for f in budgets.sums(facts, _limits(), on=ON)]
    assert wrong == [name for name, off in (("total_fen", total), ("grant_fen", grant), ("own_fen", own)) if off]


@unhurried
@given(st.dictionaries(st.sampled_from(["B03", "B04", "B05+B07", "B10+B11", "B02+B03"]), percents, max_size=4),
       st.lists(st.tuples(st.sampled_from([str(c) for c in BudgetClass]), fen, fen), max_size=10))  # fmt: skip
def test_caps_of_groups_of_classes_are_a_plain_count(caps: dict[str, int], rows: list[tuple[str, int, int]]):
    limits = _limits(class__percent=caps)
    whole = sum(granted + own for _, granted, own in rows)
    over = [name for name, percent in caps.items()
            if sum(g + o for code, g, o in rows if code in name.split("+")) * 100 > whole * percent]  # fmt: skip
    assert len(budgets.classes(BudgetFacts(lines=_lines(*rows)), limits, on=ON)) == len(over)


@unhurried
@given(st.integers(0, 10**11), st.lists(st.integers(1, 99), min_size=1, max_size=5))
def test_instalments_add_up_to_the_agreement(contract: int, cuts: list[int]):
    marks = [0, *sorted(cuts), 100]
    percents = tuple(b - a for a, b in pairwise(marks))
    parts = payments.plan(percents, contract)
    assert sum(parts) == contract
    assert all(part >= 0 for part in parts)
    assert all(part == contract * percent // 100 for part, percent in zip(parts[:-1], percents, strict=False))


def test_the_same_budget_under_two_years_gives_two_explained_answers():
    """Guangzhou 2018 (cap 300,000, no pay) and 2020 (500,000, pay up to 30 % of the grant)."""
    facts = BudgetFacts(
        80_000_000, 40_000_000, 40_000_000, _lines(("B01", 12_000_000, 0), ("B06", 28_000_000, 40_000_000))
    )
    answers = {}
    for on in (date(2018, 5, 7), date(2020, 5, 6)):
        limits = _limits("guangzhou", on)
        answers[on.year] = policy.evaluate("budget_submit", facts, limits, on)
    assert [f.code for f in answers[2018]] == ["GV-BUD-01", "GV-BUD-03"]
    assert answers[2018][1].params_used == {"gv.cap_project_fen": 30_000_000}
    assert answers[2018][1].text == "资助金额 400,000.00 元，超过每个项目 300,000.00 元的上限。"
    assert all("广州" in f.source for f in answers[2018])
    assert answers[2020] == []
    more = replace(facts, lines=_lines(("B01", 12_000_001, 0), ("B06", 27_999_999, 40_000_000)))
    (told,) = policy.evaluate("budget_submit", more, _limits("guangzhou", date(2020, 5, 6)), date(2020, 5, 6))
    assert (told.code, told.params_used["gv.staff.grant_percent"]) == ("GV-BUD-02", 30)
    assert "穗社管规字〔2019〕1号" in told.source


def test_a_round_keeps_the_figures_it_was_opened_with():
    """A snapshot of limits judges as before, whatever rows are added later."""
    held = policy.build(policy.shipped_rows(), ON, policy.chain("binhu"), None)
    later = held.with_rows(Limit(key="gv.staff.percent", value=40))
    facts = BudgetFacts(lines=_lines(("B01", 50, 0), ("B06", 50, 0)))
    assert _codes(facts, held) == []
    assert "GV-BUD-01" in _codes(facts, later)
