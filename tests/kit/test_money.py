"""Money: amounts as people write them, and the examples of the rules for filling in bills (支付结算办法, annex 1)."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaoyuan.kit.cells import Parsed
from liaoyuan.kit.money import format_wan, format_yuan, parse_money, share_exceeds, to_capitals

WAN = 1_000_000  # fen in 1 万元


@pytest.mark.parametrize(
    ("cell", "unit", "fen"),
    [
        *(
            (30, "万元", 30 * WAN),
            (3.5, "万元", 3_500_000),
            (300000, "元", 30 * WAN),
            ("30", "万元", 30 * WAN),
            (0, None, 0),
        ),
        *((0.1 + 0.2, "万元", 300_000), (1.1 * 3, "元", 330), ("0.00001", "万元", 10), (".5", "万元", 500_000)),
        *(
            ("30万元", None, 30 * WAN),
            ("30万元", "元", 30 * WAN),
            ("300,000元", "万元", 30 * WAN),
            ("3.5万", "元", 3_500_000),
        ),
        *(
            ("¥30,000.00", "元", 3 * WAN),
            ("￥30，000元", None, 3 * WAN),
            ("人民币30万元整", None, 30 * WAN),
            ("１２元", None, 1200),
        ),
        *(
            ("30（万元）", None, 30 * WAN),
            ("3万5千元", None, 3_500_000),
            ("3元5角", None, 350),
            ("2千万", None, 2000 * WAN),
        ),
        *(
            ("叁万元整", "元", 3 * WAN),
            ("叁万元整", "万元", 3 * WAN),
            ("叁拾万圆整", None, 30 * WAN),
            ("三十", "万元", 30 * WAN),
        ),
        *(
            ("三十万", None, 30 * WAN),
            ("伍角", None, 50),
            ("壹佰贰拾叁元肆角伍分", None, 12345),
            ("30 000", "元", 3 * WAN),
        ),
    ],
)
def test_an_amount_without_doubt(cell, unit, fen):
    assert parse_money(cell, unit=unit) == Parsed(fen)


@pytest.mark.parametrize(
    ("cell", "unit", "fen", "doubt"),
    [
        *(
            (30, None, 30 * WAN, "unit_unknown"),
            (300000, None, 30 * WAN, "unit_unknown"),
            ("¥3,000", None, 300_000, "unit_unknown"),
        ),
        *(
            ("999.99", None, 999_990_000, "unit_unknown"),
            ("1000", None, 100_000, "unit_unknown"),
            ("三十", None, 30 * WAN, "unit_unknown"),
        ),
        *(("30,0000", "元", 30 * WAN, "separator_misplaced"), ("3,5", "万元", 35 * WAN, "separator_misplaced")),
        *(("30.000", "元", 3000, "separator_misplaced"), ("30 0000元", None, 30 * WAN, "separator_misplaced")),
        *(("约30万元", None, 30 * WAN, "approximate"), ("30余万元", None, 30 * WAN, "approximate")),
        *(("3E+05", "元", 30 * WAN, "number_scientific"), (300000, "万元", 300_000 * WAN, "money_implausible")),
        *(("五千", "万元", 5000 * WAN, "money_implausible"), ("三万五", None, 3_500_000, "numeral_ambiguous")),
    ],
)
def test_an_amount_in_doubt(cell, unit, fen, doubt):
    assert parse_money(cell, unit=unit) == Parsed(fen, doubt=doubt)


@pytest.mark.parametrize(
    ("cell", "error"),
    [
        *((-3, "money_negative"), ("-3", "money_negative"), ("－3万", "money_negative"), ("(300)", "money_negative")),
        *(
            (0.001, "money_sub_fen"),
            ("0.001", "money_sub_fen"),
            ("1e30", "money_too_large"),
            (10**14, "money_too_large"),
        ),
        *(
            ("100美元", "money_currency"),
            ("$30", "money_currency"),
            ("3-5万", "money_unreadable"),
            ("若干", "money_unreadable"),
        ),
        *(
            (True, "money_unreadable"),
            ("元", "money_unreadable"),
            ("万元", "money_unreadable"),
            (float("inf"), "money_unreadable"),
        ),
        *(("30.5.5", "money_unreadable"), ("3万5", "money_unreadable"), ("元零", "money_unreadable")),
    ],
)
def test_what_is_no_amount(cell, error):
    assert parse_money(cell, unit="元") == Parsed(None, error=error)


def test_a_column_is_in_yuan_or_wan():
    with pytest.raises(ValueError, match="unit"):
        parse_money(1, unit="千元")


@pytest.mark.parametrize(
    ("fen", "capitals"),
    [
        *((140950, "壹仟肆佰零玖元伍角整"), (600714, "陆仟零柒元壹角肆分"), (1640902, "壹万陆仟肆佰零玖元零贰分")),
        *((32504, "叁佰贰拾伍元零肆分"), (168032, "壹仟陆佰捌拾元叁角贰分"), (10700053, "壹拾万柒仟元伍角叁分")),
        *(
            (0, "零元整"),
            (30000000, "叁拾万元整"),
            (5, "伍分"),
            (50, "伍角整"),
            (100, "壹元整"),
            (100500, "壹仟零伍元整"),
        ),
    ],
)
def test_capitals(fen, capitals):
    assert to_capitals(fen) == capitals
    assert parse_money(capitals, unit=None) == Parsed(fen)


@pytest.mark.parametrize(
    ("capitals", "fen"),
    [
        *(
            ("壹仟陆佰捌拾元零叁角贰分", 168032),
            ("壹拾万柒仟元零伍角叁分", 10700053),
            ("壹拾万零柒仟元伍角叁分", 10700053),
        ),
        *(("人民币壹仟肆佰零玖元伍角", 140950), ("贰圆正", 200), ("拾万元", 10 * WAN)),
    ],
)
def test_the_other_lawful_writings_are_read_too(capitals, fen):
    assert parse_money(capitals, unit=None) == Parsed(fen)


@given(st.integers(0, 10**15))
def test_what_is_written_is_read_again(fen):
    assert parse_money(format_yuan(fen), unit="元") == Parsed(fen)
    assert parse_money(f"{format_wan(fen)}万元", unit="元") == Parsed(fen)
    assert parse_money(to_capitals(fen), unit=None) == Parsed(fen)


@given(st.integers(-(10**15), 10**15))
def test_yuan_and_wan_are_exact(fen):
    assert Fraction(format_yuan(fen).replace(",", "")) * 100 == fen
    assert Fraction(format_wan(fen).replace(",", "")) * WAN == fen


def test_format():
    assert format_yuan(30000000) == "300,000.00" and format_yuan(-5) == "-0.05"
    assert format_wan(3_500_000) == "3.5" and format_wan(30 * WAN) == "30" and format_wan(0) == "0"


@given(st.integers(0, 10**12), st.integers(0, 10**12), st.integers(0, 100), st.integers(1, 100))
def test_a_share_is_compared_exactly(part, total, num, den):
    assert share_exceeds(part, total, num, den) == (Fraction(part) > Fraction(total) * Fraction(num, den))


def test_the_border_of_a_share_is_allowed():
    assert not share_exceeds(50_000_00, 100_000_00, 50, 100)
    assert share_exceeds(50_000_01, 100_000_00, 50, 100)
    with pytest.raises(ValueError, match="share"):
        share_exceeds(1, 1, 1, 0)
