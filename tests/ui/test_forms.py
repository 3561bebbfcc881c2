"""Forms as data: values, errors and findings beside their fields; days and money as people write them."""

from datetime import date

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from liaoyuan.kit.findings import Finding, Severity
from liaoyuan.ui.forms import DateField, MoneyField, chips, describe, problems
from liaoyuan.ui.pager import Query
from tests.ui.pages import render


class Entry(forms.Form):
    name = forms.CharField(label="名称", max_length=10)
    on = DateField(label="日期", required=False, help_text="那一天")
    fen = MoneyField(label="金额", unit="万元", required=False)
    kind = forms.ChoiceField(
        label="类型", required=False, choices=[("", "全部"), ("甲", [("a", "A&B"), ("b", "B")]), ("c", "C")]
    )
    tags = forms.MultipleChoiceField(
        label="标签", required=False, choices=[("1", "一"), ("2", "二")], widget=forms.CheckboxSelectMultiple
    )
    yes = forms.BooleanField(label="同意", required=False)
    secret = forms.CharField(label="密码", required=False, widget=forms.PasswordInput)
    number = forms.IntegerField(label="人数", required=False, min_value=0, max_value=9)
    note = forms.CharField(label="备注", required=False, widget=forms.Textarea)
    hidden = forms.CharField(required=False, widget=forms.HiddenInput)


def test_fields_carry_value_attributes_and_choices():
    fields = describe(Entry({"name": "甲", "kind": "b", "tags": ["2"], "yes": "on"}))
    assert fields["name"].value == "甲"
    assert fields["name"].attrs["maxlength"] == "10"
    assert fields["name"].required
    assert [(o.value, o.label, o.chosen, o.group) for o in fields["kind"].options] == [
        ("", "全部", False, ""), ("a", "A&B", False, "甲"), ("b", "B", True, "甲"), ("c", "C", False, ""),
    ]  # fmt: skip
    assert [group for group, _options in fields["kind"].groups] == ["", "甲", ""]
    assert [o.value for o in fields["tags"].options if o.chosen] == ["2"]
    assert "checked" in fields["yes"].attrs
    assert fields["number"].attrs["min"] == "0" or fields["number"].attrs["min"] == 0
    assert [f.kind for f in fields.values()] == [
        "input", "input", "input", "select", "checks", "check", "input", "input", "textarea", "hidden",
    ]  # fmt: skip
    assert fields["kind"].filled
    assert not fields["on"].filled


def test_what_was_typed_comes_back_except_a_password():
    html = "".join(
        render("{{ ui.field(f) }}", f=f) for f in describe(Entry({"on": "18-10-26", "secret": "geheim"})).values()
    )
    assert 'value="18-10-26"' in html
    assert "geheim" not in html


def test_errors_and_findings_stand_beside_their_field():
    form = Entry({"name": "", "on": "2018-10-26"})
    block = Finding("A", Severity.BLOCK, "不得早于{day}", "on", args={"day": "2019-01-01"}, source="第一条")
    warn = Finding("B", Severity.WARN, "偏低", "fen")
    whole = Finding("C", Severity.CONFIRM, "整体请确认")
    fields = describe(form, [block, warn, whole], rules={"on": "不早于2019年"})
    assert fields["on"].invalid
    assert fields["on"].attrs["aria-invalid"] == "true"
    assert fields["on"].attrs["aria-describedby"] == "id_on-rule id_on-hint id_on-findings"
    assert not fields["fen"].invalid
    assert "is-invalid" in fields["name"].attrs["class"]
    assert [f.code for f in fields["fen"].findings] == ["B"]
    told = problems(form, [block, warn, whole])
    assert [p.id for p in told] == ["", "id_name", "id_on"]
    assert told[0].text == "整体请确认"
    assert told[2].text == "日期：不得早于2019-01-01"
    html = render("{{ ui.field(f) }}", f=fields["on"])
    for part in ("id_on-rule", "id_on-hint", "id_on-findings"):
        assert f'id="{part}"' in html


def test_a_widget_without_a_macro_is_refused():
    class Odd(forms.Form):
        when = forms.SplitDateTimeField()

    with pytest.raises(TypeError, match="SplitDateTimeWidget"):
        describe(Odd())


def test_chips_take_their_filter_off():
    request = RequestFactory().get("/?name=甲&kind=b&tags=1&tags=2&number=77&sort=name&page=2")
    found = chips(Entry(request.GET), Query(request))
    assert [c.text for c in found] == ["名称：甲", "类型：B", "标签：一、二"]  # 77 is out of range: not in force
    assert found[1].href == "?name=%E7%94%B2&tags=1&tags=2&number=77&sort=name"


@pytest.mark.parametrize(
    "text",
    [
        "2018-10-26",
        "2018年10月26日",
        "2018.10.26",
        "20181026",
        "２０１８－１０－２６",
        "二〇一八年十月二十六日",
        " 2018/10/26 ",
    ],
)
def test_days_as_people_write_them(text):
    assert DateField().clean(text) == date(2018, 10, 26)


@pytest.mark.parametrize("text", ["18-10-26", "10/26/2018", "2018年10月", "2018-02-30", "昨天", "2918-10-26", "长期"])
def test_days_that_leave_a_doubt_are_refused_with_a_sentence(text):
    with pytest.raises(ValidationError) as refused:
        DateField().clean(text)
    assert text in refused.value.messages[0]


@given(st.dates(min_value=date(1900, 1, 2), max_value=date(2100, 12, 31)))
def test_a_stored_day_comes_back_unchanged(day):
    field = DateField(required=False)
    assert field.clean(field.prepare_value(day)) in (day, None if day in (date(1970, 1, 1),) else day)
    assert not field.has_changed(day, f"{day.year}年{day.month}月{day.day}日") or day == date(1970, 1, 1)


def test_days_keep_their_borders():
    field = DateField(earliest=date(2000, 1, 1), latest=date(2026, 1, 1))
    assert field.clean("2026-01-01") == date(2026, 1, 1)
    for text in ("1999-12-31", "2026-01-02"):
        with pytest.raises(ValidationError):
            field.clean(text)
    with pytest.raises(ValidationError):
        DateField().clean("")
    assert DateField(required=False).clean("") is None


@pytest.mark.parametrize(
    ("unit", "text", "fen"),
    [("万元", "30", 30_000_000), ("万元", "3.5", 3_500_000), ("万元", "35000元", 3_500_000),
     ("元", "35,000", 3_500_000),
     ("元", "3万5千元", 3_500_000), ("元", "0.01", 1), ("元", "叁拾万元整", 30_000_000)],
)  # fmt: skip
def test_money_as_people_write_it(unit, text, fen):
    assert MoneyField(unit=unit).clean(text) == fen


@pytest.mark.parametrize("text", ["-1", "0.001", "约30", "30美元", "很多", "1e400"])
def test_money_that_cannot_be_taken_is_refused(text):
    with pytest.raises(ValidationError):
        MoneyField().clean(text)


@given(st.integers(0, 99 * 10**8), st.sampled_from(["元", "万元"]))
def test_a_stored_amount_comes_back_unchanged(fen, unit):
    field = MoneyField(unit=unit, required=False)
    assert field.clean(field.prepare_value(fen)) == fen
    assert not field.has_changed(fen, field.prepare_value(fen))
