"""Plain facts: nested records are read, described and told; what cannot be is refused with a sentence."""

from dataclasses import dataclass
from datetime import date

import pytest

from liaoyuan.kit import facts


@dataclass(frozen=True)
class Line:
    """A record within a record."""

    name: str = ""
    fen: int | None = None


@dataclass(frozen=True)
class Whole:
    """A record of every shape."""

    on: date | None = None
    names: tuple[str, ...] = ()
    counts: tuple[int, ...] = ()
    lines: tuple[Line, ...] = ()
    sure: bool | None = None


SHAPES = facts.shapes_of(Whole)
LINE_SHAPES = facts.shapes_of(Line)
TITLES = {"on": "日期", "names": "名称", "counts": "个数", "lines": "明细", "sure": "确定"}
LINE_TITLES = {"name": "名称", "fen": "金额"}


def _line(given):
    return Line(**facts.read(given, LINE_SHAPES, LINE_TITLES))


def test_shapes_follow_the_annotations():
    assert SHAPES == {"on": "date", "names": "texts", "counts": "wholes", "lines": "records", "sure": "bool"}
    assert facts.part_of(Whole.__dataclass_fields__["lines"].type) is Line
    assert facts.part_of(Whole.__dataclass_fields__["names"].type) is None


def test_records_within_records_are_read():
    given = {"on": "2026-04-20", "lines": [{"name": "甲", "fen": 3}, {"name": "乙", "fen": None}], "sure": None}
    assert facts.read(given, SHAPES, TITLES, parts={"lines": _line}) == {
        "on": date(2026, 4, 20), "lines": (Line("甲", 3), Line("乙")),
    }  # fmt: skip


@pytest.mark.parametrize("given", [{"lines": {}}, {"lines": [1]}, {"lines": "甲"}, {"lines": [{"fen": "3"}]},
                                   {"lines": [{"size": 3}]}, {"counts": [True]}])  # fmt: skip
def test_what_cannot_be_is_refused(given):
    with pytest.raises(ValueError, match="事实"):
        facts.read(given, SHAPES, TITLES, parts={"lines": _line})


def test_the_schema_describes_them():
    inner = facts.schema_of(("name", "fen"), LINE_SHAPES, LINE_TITLES)
    schema = facts.schema_of(("on", "lines"), SHAPES, TITLES, {"lines": inner})
    assert schema["properties"]["lines"]["type"] == ["array", "null"]
    assert facts.columns_of(schema["properties"]) == {
        "on": "日期", "lines": "明细", "lines.name": "名称", "lines.fen": "金额",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("value", "words"),
    [(3, "3"), ("甲", "甲"), (["甲", "乙"], "甲、乙"), (True, "true"), (None, "null"), (1, "1"), (0, "0"),
     ([{"a": 1, "b": [2, 3]}], "（a = 1，b = 2、3）"), ({}, "（）")],
)  # fmt: skip
def test_a_fact_is_told(value, words):
    assert facts.told(value) == words
