"""Values of parameters: their shapes, how they are written and read back."""

import pytest

from liaoyuan.core import registries
from liaoyuan.core.queries.parameters import samples
from liaoyuan.core.rules.parameters import Shape, fits, read, shape_of, typed, written


@pytest.mark.parametrize("entry", registries.parameters, ids=lambda e: f"{e['key']}@{e['jurisdiction']}")
def test_every_shipped_value_fits_its_shape_and_survives_the_form(entry):
    key, value = entry["key"], entry["value"]
    shape = shape_of(key, samples(key))
    assert fits(value, shape, nullable=None in samples(key))
    assert written(value, shape)
    if shape != Shape.FEN:
        assert read(typed(value, shape), shape) == value


@pytest.mark.parametrize(
    ("key", "shape", "shown"),
    [
        ("ORG-ID-01", Shape.SWITCH, "开启"),
        ("uscc.len", Shape.WHOLE, "18"),
        ("st.funds_local_fen", Shape.FEN, "30,000.00 元"),
        ("annual.supervisor_due", Shape.TEXT, "03-31"),
        ("term.remind_days", Shape.WHOLES, "180、90、30"),
        ("name.forbidden_words", Shape.TEXTS, "第一、最高、国家级"),
        ("uscc.map", Shape.TABLE, "51：ST；52：MF；53：JJ"),
        ("filing.valid_months", Shape.WHOLE, "没有规定"),
    ],
)
def test_shapes(key, shape, shown):
    assert shape_of(key, samples(key)) == shape
    assert written(samples(key)[0], shape) == shown


@pytest.mark.parametrize(
    ("text", "shape"),
    [("x", Shape.WHOLE), ("-1", Shape.WHOLE), ("1.5", Shape.WHOLE), ("１", Shape.WHOLE), ("是", Shape.SWITCH),
     ("[1]", Shape.TABLE), ("{", Shape.TABLE), ("1、x", Shape.WHOLES)],
)  # fmt: skip
def test_what_does_not_fit_is_not_read(text, shape):
    with pytest.raises(ValueError):
        read(text, shape)


def test_lists_are_read_with_any_comma():
    assert read("180，90, 30", Shape.WHOLES) == [180, 90, 30]
    assert read("", Shape.TEXTS) == []
    assert read("", Shape.WHOLE) is None
