"""Pairs of rows with one key: equal duplicates, differing ones, and duplicates of a row that was refused."""

from __future__ import annotations

from collections.abc import Callable

from tests.truth.change import EVERY, FILED, REGISTERED, Pair, judge
from tests.truth.clean import code_of
from tests.truth.rows import Cell, DateCell, Row, Value


def _again(row: Row) -> tuple[Row, Row]:
    second = row.copy()
    judge(second, "duplicate")
    return row, second


def _spelled(column: str, spell: Callable[[Row], Cell]) -> Callable[[Row], tuple[Row, Row]]:
    """The same values in another spelling: equal after normalisation."""

    def change(row: Row) -> tuple[Row, Row]:
        second = row.copy()
        second.put(column, spell(row), row.fields.get(column))
        judge(second, "duplicate")
        return row, second

    return change


def _differing(column: str, shown: Cell, value: Value | None, ruling: str = "") -> Callable[[Row], tuple[Row, Row]]:
    def change(row: Row) -> tuple[Row, Row]:
        second = row.copy()
        assert row.fields.get(column) != value, column
        second.put(column, shown, value)
        judge(second, "review", ruling=ruling, also=("duplicate",) if ruling else ())
        return row, second

    return change


def _after_refused(row: Row) -> tuple[Row, Row]:
    first = row.copy()
    first.mutation = "impossible-before-clean"
    first.put("registered_on", "2018-02-30", None)
    judge(first, "reject", open_values={"registered_on": ()})
    judge(row, "review", ruling="P2", also=("accept",))
    return first, row


def _same_name(row: Row) -> tuple[Row, Row]:
    """Another code under the same name: a candidate for merging, but a row of its own (ORG-ID-05, warning)."""
    second = row.copy()
    code = str(row.fields["code"])
    other = code_of(code[:2], code[2:8], "MA" + code[10:16])
    second.put("code", other, other)
    second.key = other
    judge(second, "accept", ruling="P3", also=("review",))
    return row, second


def _name_without_key(row: Row) -> tuple[Row, Row]:
    """The same organization a second time with its code forgotten."""
    second = row.copy()
    second.put("code", None, None)
    second.key = None
    judge(second, "review", findings=("ORG-ID-01",))
    return row, second


def _written(row: Row) -> str:
    year, month, day = str(row.fields["registered_on"]).split("-")
    return f"{year}年{int(month)}月{int(day)}日"


PAIRS: tuple[Pair, ...] = (
    Pair("duplicate-equal-registered", _again, REGISTERED),
    Pair("duplicate-equal-filed", _again, FILED),
    Pair("duplicate-code-lower-case", _spelled("code", lambda row: str(row.fields["code"]).lower()), REGISTERED),
    Pair("duplicate-name-blanks", _spelled("name", lambda row: f" {row.fields['name']}　"), EVERY),
    Pair("duplicate-date-spelling", _spelled("registered_on", _written), EVERY),
    Pair("duplicate-count-spelling", _spelled("full_time", lambda row: f"{row.fields['full_time']}人"), EVERY),
    Pair(
        "duplicate-money-spelling",
        _spelled("capital_fen", lambda row: f"{int(str(row.fields['capital_fen'])) // 100}元"),
        REGISTERED,
    ),
    Pair("duplicate-other-count", _differing("full_time", 77, 77), EVERY),
    Pair("duplicate-other-name", _differing("name", "滨湖区另名服务中心", "滨湖区另名服务中心"), REGISTERED),
    Pair("duplicate-other-date", _differing("registered_on", DateCell(43399), "2018-10-26"), EVERY),
    Pair("duplicate-other-money", _differing("capital_fen", "77万元", 77_000_000), REGISTERED),
    Pair("duplicate-other-note", _differing("note", "换届", "换届"), FILED),
    Pair("duplicate-with-blank", _differing("address", None, None, ruling="P1"), EVERY),
    Pair("duplicate-of-refused", _after_refused, EVERY),
    Pair("duplicate-name-other-code", _same_name, REGISTERED),
    Pair("duplicate-name-without-code", _name_without_key, REGISTERED),
)
