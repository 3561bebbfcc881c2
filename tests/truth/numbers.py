"""Mutations of money and of counts.

The column of money says 万元; a unit in a cell is stronger. Expected money is integer fen.
"""

from __future__ import annotations

from datetime import date

from tests.truth.change import Mutation, cell
from tests.truth.rows import Cell, DateCell

YUAN = 100
WAN = 10_000 * YUAN

#: Cells that say their unit themselves: they read the same whatever the header says.
EXPLICIT_MONEY: dict[str, tuple[str, int]] = {
    "wan-yuan": ("5万元", 5 * WAN),
    "wan": ("5万", 5 * WAN),
    "wan-decimals": ("3.5万元", 35_000 * YUAN),
    "wan-yuan-blank-between": ("5 万元", 5 * WAN),
    "wan-yuan-full-width": ("５万元", 5 * WAN),
    "wan-yuan-full-width-decimals": ("１２．８万元", 128_000 * YUAN),
    "wan-yuan-currency": ("人民币5万元", 5 * WAN),
    "wan-yuan-whole": ("5万元整", 5 * WAN),
    "wan-yuan-thousands": ("1,200万元", 1_200 * WAN),
    "yuan": ("50000元", 50_000 * YUAN),
    "yuan-thousands": ("50,000元", 50_000 * YUAN),
    "yuan-thousands-decimals": ("50,000.00元", 50_000 * YUAN),
    "yuan-thousands-full-width": ("５０，０００元", 50_000 * YUAN),
    "yuan-million": ("1,000,000元", 1_000_000 * YUAN),
    "yuan-fen": ("30000.05元", 30_000 * YUAN + 5),
    "yuan-blanks": (" 30000 元 ", 30_000 * YUAN),
}

_BARE_WAN: dict[str, tuple[Cell, int]] = {
    "text": ("5", 5 * WAN),
    "text-decimals": ("5.00", 5 * WAN),
    "full-width": ("５", 5 * WAN),
    "thousands": ("1,234.56", 12_345_600 * YUAN),
    "thousands-full-width": ("１，２００", 1_200 * WAN),
    "number-decimals": (3.25, 32_500 * YUAN),
    "number-whole-float": (10.0, 10 * WAN),
    "one-fen": (0.000001, 1),
    "zero": (0, 0),
    "zero-decimals": ("0.00", 0),
    "surrounding-blanks": ("　8 ", 8 * WAN),
    "fen-decimals": ("3.000005", 30_000 * YUAN + 5),
}

_BAD_MONEY: dict[str, Cell] = {
    "half-fen": "0.0000005",
    "sub-fen": "1.23456789",
    "sub-fen-number": 1.23456789,
    "sub-fen-yuan": "50000.005元",
    "negative": "-5",
    "negative-number": -5,
    "negative-yuan": "-50000元",
    "negative-full-width": "－５",
    "text": "若干",
    "text-see-note": "见备注",
    "date-cell": DateCell.of(date(2018, 10, 26)),
}

_COUNTS: tuple[tuple[str, Cell, int], ...] = (
    ("full_time", "12人", 12),
    ("full_time", "12名", 12),
    ("full_time", "１２", 12),
    ("full_time", "１２人", 12),
    ("full_time", "12.0", 12),
    ("full_time", 12.0, 12),
    ("full_time", " 12 ", 12),
    ("full_time", "十二", 12),
    ("full_time", "十二人", 12),
    ("part_time", "二十", 20),
    ("part_time", "三", 3),
    ("part_time", "十", 10),
    ("part_time", "0", 0),
    ("part_time", "零", 0),
    ("part_time", "0人", 0),
    ("members_person", "1,200", 1200),
    ("members_person", "一百二十", 120),
    ("members_person", "一百零五人", 105),
    ("members_person", "１，２００人", 1200),
    ("members_unit", "35家", 35),
    ("members_unit", "三十五个", 35),
    ("council_count", "7人", 7),
    ("council_count", "十一", 11),
    ("supervisors_count", "3.00", 3),
    ("party_members_declared", "3名", 3),
    ("party_members_declared", "二十一人", 21),
)

_BAD_COUNTS: tuple[tuple[str, Cell], ...] = (
    ("full_time", "12.5"),
    ("full_time", 12.5),
    ("full_time", "十二点五"),
    ("part_time", "-3"),
    ("part_time", -3),
    ("part_time", "－３"),
    ("part_time", "-3人"),
    ("members_person", "若干"),
    ("members_person", "详见附件"),
    ("council_count", "12/5"),
    ("council_count", DateCell.of(date(2026, 7, 5))),
    ("party_members_declared", "2.5人"),
    ("party_members_declared", "有"),
)


def _money() -> list[Mutation]:
    rows = [cell(f"money-{name}", "capital_fen", *pair) for name, pair in EXPLICIT_MONEY.items()]
    rows += [cell(f"money-bare-{name}", "capital_fen", *pair) for name, pair in _BARE_WAN.items()]
    rows += [cell(f"money-bad-{name}", "capital_fen", shown, None, "reject") for name, shown in _BAD_MONEY.items()]
    return rows


def _counts() -> list[Mutation]:
    rows = [
        cell(f"count-{column}-{place}", column, shown, value) for place, (column, shown, value) in enumerate(_COUNTS)
    ]
    rows += [
        cell(f"count-bad-{column}-{place}", column, shown, None, "reject")
        for place, (column, shown) in enumerate(_BAD_COUNTS)
    ]
    return rows


NUMBER_MUTATIONS: tuple[Mutation, ...] = (
    *_money(),
    cell("money-yi", "capital_fen", "0.03亿元", 300 * WAN, ruling="M1", also=("review",)),
    cell("money-sign", "capital_fen", "¥50,000", None, "review", ruling="M2", also=("reject",), anything=True),
    cell("money-about", "capital_fen", "约5万元", None, "review", ruling="M3", also=("reject",), anything=True),
    cell("money-range", "capital_fen", "3-5万元", None, "reject", ruling="M4", also=("review",)),
    cell("money-odd-separator", "capital_fen", "12,34", None, "review", ruling="M5", also=("reject",), anything=True),
    cell("money-large-bare", "capital_fen", 30000, 30_000 * WAN, ruling="M6", also=("review",)),
    cell("money-capital-numerals", "capital_fen", "伍万元整", 5 * WAN, ruling="M7", also=("review",)),
    cell("money-numerals", "capital_fen", "五万元", 5 * WAN, ruling="M7", also=("review",)),
    cell("money-foreign", "capital_fen", "5万美元", None, "reject", ruling="M8", also=("review",)),
    cell("money-binary-noise", "capital_fen", 0.1 + 0.2, 3_000 * YUAN, ruling="M9", also=("review",)),
    *_counts(),
    cell("count-about", "full_time", "约12人", None, "review", ruling="N1", also=("reject",), anything=True),
    cell("count-and-more", "full_time", "10余人", None, "review", ruling="N1", also=("reject",), anything=True),
    cell(
        "count-with-remark",
        "full_time",
        "12人(其中兼职3人)",
        None,
        "review",
        ruling="N2",
        also=("reject",),
        anything=True,
    ),
    cell("count-sum", "part_time", "3+2", None, "review", ruling="N2", also=("reject",), anything=True),
    cell("count-huge", "members_person", 99_999_999_999, None, "reject", ruling="N3", also=("review",)),
    cell("count-range", "members_person", "50-60", None, "reject", ruling="N4", also=("review",)),
    cell("count-pair-word", "party_members_declared", "两人", 2, ruling="N5", also=("review",)),
)
