"""Blank cells, and that no reader ever raises or speaks a code without a sentence."""

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaoyuan.kit import cells, dates, identifiers, money, text

READERS = [
    text.parse_text,
    text.parse_name,
    text.parse_int,
    text.parse_bool,
    lambda cell: text.parse_choice(cell, {"社会团体": "ST"}),
    dates.parse_date,
    lambda cell: dates.parse_date(cell, month_ok=True, open_ok=True, latest=date(2026, 11, 23)),
    dates.parse_period,
    lambda cell: money.parse_money(cell, unit=None),
    lambda cell: money.parse_money(cell, unit="元"),
    lambda cell: money.parse_money(cell, unit="万元"),
    identifiers.parse_uscc,
    identifiers.parse_ric,
    identifiers.parse_filing_no,
]
ALPHABET = "0123456789.,-/ 年月日至元万亿千百十零一二两〇整约人负OXS¥()（），０１ＯeE+\u200b\u3000\ufeff"


@pytest.mark.parametrize(
    "cell",
    [
        *(
            None,
            "",
            " ",
            "\u3000",
            "\u200b",
            "\ufeff\xa0",
            "无",
            "/",
            "-",
            "—",
            "——",
            "暂无",
            "nan",
            "NaN",
            float("nan"),
        ),
        *("1900-01-01", "1970-01-01", "1899-12-30", "1900/1/1", "1970年1月1日", "1900-01-01 00:00:00", " 1970-01-01 "),
        *(date(1900, 1, 1), date(1970, 1, 1), date(1899, 12, 30), datetime.fromisoformat("1970-01-01T00:00")),
    ],
)
def test_a_cell_that_says_nothing_is_blank_everywhere(cell):
    assert cells.is_blank(cell)
    assert cells.is_blank(cell, in_date_column=True)
    for read in READERS:
        # 无 answers a question of yes or no, and no other
        if read is text.parse_bool and cell == "无":
            continue
        assert read(cell) == cells.Parsed(None)


@pytest.mark.parametrize("cell", [0, 1, 25569, 0.0, time(0, 0)])
def test_the_zero_of_excel_is_blank_in_date_columns_only(cell):
    assert cells.is_blank(cell, in_date_column=True)
    assert not cells.is_blank(cell)
    assert dates.parse_date(cell) == cells.Parsed(None)


@pytest.mark.parametrize(
    "cell", ["0", 0, False, "无锡", "1900-01-02", date(1970, 1, 2), "1970-11", "1900-11", "1970-1-10", "无名" * 40]
)
def test_a_cell_that_says_something_is_not_blank(cell):
    assert not cells.is_blank(cell)


def test_every_sentence_names_what_the_user_typed():
    for code, sentence in cells.MESSAGES.items():
        assert code.isidentifier() and code == code.lower()
        assert "{given}" in sentence and sentence.format(given="甲").endswith("。")


@pytest.mark.parametrize("read", READERS)
@given(
    cell=st.one_of(
        st.text(),
        st.text(ALPHABET, max_size=24),
        st.integers(),
        st.floats(),
        st.booleans(),
        st.dates(),
        st.datetimes(),
        st.times(),
        st.timedeltas(),
        st.none(),
    )
)
def test_no_reader_raises_and_every_doubt_has_a_sentence(read, cell):
    found = read(cell)
    assert not (found.doubt and found.error)
    assert found.code is None or found.code in cells.MESSAGES
    assert found.ok == (found.code is None)
    assert found.error is None or found.value is None
