"""The rules about annual reports and listing proposals bite: lawful facts pass, one step over gives this finding."""

from dataclasses import replace
from datetime import timedelta

import pytest

from liaoyuan.core import policy
from liaoyuan.core.registries import rules
from liaoyuan.registry.rules.annual_facts import AnnualFacts, ListingFacts
from tests.registry.annual_bites import BITES, ask, facts
from tests.registry.bites import Bite, limits

LIVE = {code for code, spec in rules.items() if spec.parse in (AnnualFacts.from_dict, ListingFacts.from_dict)}
#: What the handbook marks as knowledge warns at most, whatever a place writes into an unconfirmed row.
DRAFTS = {"LST-01", "LST-02", "LST-03", "LST-04"}


def test_every_live_rule_has_a_bite_and_every_bite_a_live_rule():
    assert {bite.rule for bite in BITES} == LIVE
    assert {f"ANN-0{n}" for n in range(1, 9)} | DRAFTS == LIVE


@pytest.mark.parametrize("bite", BITES, ids=str)
def test_lawful_facts_pass(bite: Bite):
    for moment in rules[bite.rule].moments:
        assert ask(bite, bite.lawful, moment) == []


@pytest.mark.parametrize("bite", BITES, ids=str)
def test_one_step_over_gives_exactly_this_finding(bite: Bite):
    for moment in rules[bite.rule].moments:
        found = ask(bite, bite.over, moment)
        assert [(f.code, str(f.severity), f.field) for f in found] == [(bite.rule, bite.severity, bite.field)]
        assert found[0].source
        text = found[0].text
        assert "{" not in text
        assert "None" not in text
        assert text.endswith("。")


@pytest.mark.parametrize("bite", BITES, ids=str)
def test_parameters_flip_both(bite: Bite):
    assert bite.rule not in {f.code for f in ask(bite, bite.over, bite.rule, bite.loosened)}
    if bite.tightened is not None:
        assert {f.code for f in ask(bite, bite.lawful, bite.rule, bite.tightened)} == {bite.rule}


@pytest.mark.parametrize("bite", BITES, ids=str)
def test_the_switch_turns_the_rule_off(bite: Bite):
    for moment in rules[bite.rule].moments:
        assert ask(bite, bite.over, moment, {bite.rule: False}) == []


@pytest.mark.parametrize("code", sorted(LIVE))
def test_a_rule_holds_from_its_first_day(code: str):
    bite = next(b for b in BITES if b.rule == code)
    first = min(row.valid_from for row in policy.shipped_rows() if row.key == code)
    assert policy.plan(code, limits(bite, on=first - timedelta(1))).steps == ()
    assert len(policy.plan(code, limits(bite, on=first)).steps) == 1
    for sample in (b for b in BITES if b.rule == code):
        for fields in (sample.lawful, sample.over):
            policy.evaluate(code, facts(fields, code), limits(sample, on=first), first)


@pytest.mark.parametrize("bite", BITES, ids=str)
def test_a_draft_parameter_warns_at_most(bite: Bite):
    held = limits(bite)
    drafts = held.with_rows(*(replace(held.row(key), status="draft") for key in held.names()))
    for moment in rules[bite.rule].moments:
        found = policy.evaluate(moment, facts(bite.over, bite.rule), drafts, bite.on)
        assert [f.code for f in found] == [bite.rule]
        assert str(found[0].severity) in {"warn", "info"}


@pytest.mark.parametrize("code", sorted(DRAFTS))
def test_what_is_known_from_memory_warns(code: str):
    bite = next(b for b in BITES if b.rule == code)
    rows = [held for held in (limits(bite).row(key) for key in (code, *rules[code].params))]
    assert {row.status for row in rows} == {"draft"}
    strict = limits(bite).with_rows(*(replace(row, severity="block") for row in rows))
    found = policy.evaluate(code, facts(bite.over, code), strict, bite.on)
    assert [str(f.severity) for f in found] == ["warn"]


def test_a_fact_of_the_wrong_shape_is_refused_with_a_sentence():
    for given, word in (({"year": "2025"}, "不对"), ({"filed_on": "明天"}, "应为日期"), ({"foo": 1}, "不认识")):
        with pytest.raises(ValueError, match=word):
            AnnualFacts.from_dict(given)
