"""Mutations of dates and the sentinels that stand for *no value*."""

from __future__ import annotations

from datetime import date

from tests.truth.change import Mutation, cell
from tests.truth.rows import Cell, DateCell

_DAY = date(2018, 10, 26)
_ISO = "2018-10-26"

_SPELLINGS: dict[str, tuple[Cell, str]] = {
    "dash": ("2018-10-26", _ISO),
    "slash": ("2018/10/26", _ISO),
    "dot": ("2018.10.26", _ISO),
    "chinese": ("2018年10月26日", _ISO),
    "compact": ("20181026", _ISO),
    "compact-number": (20181026, _ISO),
    "date-cell": (DateCell.of(_DAY), _ISO),
    "date-cell-with-time": (DateCell(DateCell.of(_DAY).serial + 0.5), _ISO),
    "serial-number": (43399, _ISO),
    "serial-text": ("43399", _ISO),
    "full-width": ("２０１８－１０－２６", _ISO),
    "full-width-slash": ("２０１８／１０／２６", _ISO),
    "full-width-dot": ("２０１８．１０．２６", _ISO),
    "full-width-chinese": ("２０１８年１０月２６日", _ISO),
    "numerals": ("二〇一八年十月二十六日", _ISO),
    "numerals-circle": ("二○一八年十月二十六日", _ISO),
    "numerals-zero": ("二零一八年十月二十六日", _ISO),
    "numerals-first": ("二〇一〇年一月十日", "2010-01-10"),
    "midnight": ("2018-10-26 00:00:00", _ISO),
    "midnight-slash": ("2018/10/26 0:00:00", _ISO),
    "midnight-t": ("2018-10-26T00:00:00", _ISO),
    "one-digit-dot": ("2018.3.7", "2018-03-07"),
    "one-digit-dash": ("2018-3-7", "2018-03-07"),
    "one-digit-slash": ("2018/3/7", "2018-03-07"),
    "one-digit-chinese": ("2018年3月7日", "2018-03-07"),
    "two-digit-chinese": ("2018年03月07日", "2018-03-07"),
    "spaced-chinese": ("2018 年 10 月 26 日", _ISO),
    "number-word": ("2018年10月26号", _ISO),
    "surrounding-blanks": ("　2018-10-26 ", _ISO),
    "leap-day": ("2016.2.29", "2016-02-29"),
}

_MONTHS: dict[str, tuple[Cell, str]] = {
    "dash": ("2018-10", "2018-10"),
    "dot": ("2018.10", "2018-10"),
    "slash": ("2018/10", "2018-10"),
    "chinese": ("2018年10月", "2018-10"),
    "chinese-one-digit": ("2018年3月", "2018-03"),
    "compact": ("201810", "2018-10"),
    "full-width": ("２０１８．１０", "2018-10"),
    "numerals": ("二〇一八年十月", "2018-10"),
}

_IMPOSSIBLE: dict[str, Cell] = {
    "february-30": "2018-02-30",
    "february-30-chinese": "2018年2月30日",
    "february-29": "2019/2/29",
    "month-13": "2018-13-01",
    "month-13-compact": "20181301",
    "month-0": "2018-00-10",
    "day-32": "2018.10.32",
    "day-0": "2018-10-00",
    "april-31-compact": "20180431",
    "numerals": "二〇一八年二月三十日",
}

_BLANKS: dict[str, Cell] = {
    "1900": "1900-01-01",
    "1900-slash": "1900/1/1",
    "1900-chinese": "1900年1月1日",
    "1900-cell": DateCell(1),
    "1899": "1899-12-30",
    "1899-cell": DateCell(0),
    "1970": "1970-01-01",
    "1970-cell": DateCell.of(date(1970, 1, 1)),
    "none-word": "无",
    "slash-sign": "/",
    "dash-sign": "-",
    "not-yet": "暂无",
    "nan": "nan",
}

#: (column, cell) of sentinels elsewhere: a blank, never a text and never a zero.
_BLANK_ELSEWHERE: tuple[tuple[str, Cell], ...] = (
    ("supervisor", "无"),
    ("supervisor", "/"),
    ("industry_regulator", "-"),
    ("party_lead", "暂无"),
    ("legal_representative", "nan"),
    ("phone", "/"),
    ("address", "暂无"),
    ("community", "无"),
    ("street", "-"),
    ("capital_fen", "/"),
    ("capital_fen", "nan"),
    ("scope", "无"),
    ("full_time", "-"),
    ("part_time", "无"),
    ("members_unit", "/"),
    ("party_members_declared", "暂无"),
    ("council_count", "nan"),
    ("credit_status", "暂无"),
    ("note", " 无 "),
)


def _table() -> list[Mutation]:
    rows = [cell(f"date-{name}", "registered_on", *pair) for name, pair in _SPELLINGS.items()]
    rows += [cell(f"month-{name}", "registered_on", *pair, "review") for name, pair in _MONTHS.items()]
    rows += [cell(f"impossible-{name}", "registered_on", shown, None, "reject") for name, shown in _IMPOSSIBLE.items()]
    rows += [cell(f"blank-{name}", "registered_on", shown, None) for name, shown in _BLANKS.items()]
    # A street may be known from its community, so an empty street is left open.
    rows += [
        cell(f"blank-{column}-{number}", column, shown, None, anything=column == "street")
        for number, (column, shown) in enumerate(_BLANK_ELSEWHERE)
    ]
    return rows


DATE_MUTATIONS: tuple[Mutation, ...] = (
    *_table(),
    cell("date-rated-dot", "rated_on", "2021.12.3", "2021-12-03"),
    cell("date-rated-numerals", "rated_on", "二〇二一年十二月三日", "2021-12-03"),
    cell("date-rating-ends-chinese", "rating_until", "2029年12月31日", "2029-12-31"),
    cell("date-certificate-begins-compact", "certificate_from", "20210105", "2021-01-05"),
    cell("date-certificate-ends-full-width", "certificate_to", "２０２９．１．５", "2029-01-05"),
    cell("month-certificate-ends", "certificate_to", "2029.01", "2029-01", "review"),
    cell("month-rated", "rated_on", "2021年12月", "2021-12", "review"),
    cell("impossible-certificate-ends", "certificate_to", "2027-06-31", None, "reject"),
    cell("impossible-rating-ends", "rating_until", "2029年13月1日", None, "reject"),
    cell("blank-rating-ends-1900", "rating_until", "1900-01-01", None),
    cell("blank-certificate-ends-1970", "certificate_to", "1970/1/1", None),
    cell("date-with-time", "registered_on", "2018-10-26 15:30", _ISO, ruling="D1", also=("review",)),
    cell(
        "date-two-digit-year", "registered_on", "18.10.26", None, "review", ruling="D2", also=("reject",), anything=True
    ),
    cell(
        "date-two-digit-slash",
        "registered_on",
        "18/10/26",
        None,
        "review",
        ruling="D2",
        also=("reject",),
        anything=True,
    ),
    cell(
        "date-month-first", "registered_on", "10/26/2018", None, "review", ruling="D3", also=("reject",), anything=True
    ),
    cell(
        "date-order-unclear",
        "registered_on",
        "03/04/2018",
        None,
        "review",
        ruling="D3",
        also=("reject",),
        anything=True,
    ),
    cell(
        "date-utc-stamp",
        "registered_on",
        "2018-10-25T16:00:00Z",
        None,
        "review",
        ruling="D4",
        also=("reject",),
        anything=True,
    ),
    cell(
        "date-year-text",
        "registered_on",
        "2018年",
        None,
        "review",
        ruling="D5",
        also=("reject",),
        either=("2018", None),
    ),
    cell(
        "date-year-number", "registered_on", 2018, None, "review", ruling="D5", also=("reject",), either=("2018", None)
    ),
    cell("date-month-number", "registered_on", 2018.1, None, "review", ruling="D6", also=("reject",), anything=True),
    cell("date-small-number", "registered_on", 12, None, "reject", ruling="D7", also=("review",)),
    cell("date-about", "registered_on", "约2018年10月", None, "review", ruling="D8", also=("reject",), anything=True),
    cell("date-unknown-word", "registered_on", "不详", None, "reject", ruling="D9", also=("review",)),
    cell("date-pending-word", "registered_on", "待定", None, "reject", ruling="D9", also=("review",)),
    cell("date-incomplete-digits", "registered_on", "2018102", None, "reject", ruling="D9", also=("review",)),
    cell("blank-serial-zero-shown", "registered_on", "1900/1/0", None, ruling="D10", also=("review", "reject")),
)
