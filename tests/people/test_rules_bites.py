"""Every live rule about persons bites: lawful facts pass, one step over gives exactly this finding, parameters flip."""

from dataclasses import replace
from datetime import timedelta

import pytest

from liaoyuan.core import policy
from liaoyuan.core.registries import RuleSpec, ask_rules, rules
from liaoyuan.people.rules.facts import PersonFacts
from tests.people.bites import BITES, ask, facts
from tests.registry.bites import Bite, limits

LIVE = {code for code, spec in rules.items() if spec.parse == PersonFacts.from_dict}


def test_every_live_rule_has_a_bite_and_every_bite_a_live_rule():
    assert {bite.rule for bite in BITES} == LIVE
    assert {"GOV-01", "GOV-02", "GOV-04", "GOV-06", "GOV-07", "GOV-08", "GOV-10", "SW-01", "SW-02", "PRI-01"} <= LIVE


def moments(bite: Bite):
    return rules[bite.rule].moments


@pytest.mark.parametrize("bite", BITES, ids=str)
def test_lawful_facts_pass(bite: Bite):
    for moment in moments(bite):
        assert ask(bite, bite.lawful, moment) == []


@pytest.mark.parametrize("bite", BITES, ids=str)
def test_one_step_over_gives_exactly_this_finding(bite: Bite):
    for moment in moments(bite):
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
    for moment in moments(bite):
        assert ask(bite, bite.over, moment, {bite.rule: False}) == []


@pytest.mark.parametrize("code", sorted(LIVE))
def test_a_rule_holds_from_its_first_day(code: str):
    bite = next(b for b in BITES if b.rule == code)
    first = min(row.valid_from for row in policy.shipped_rows() if row.key == code)
    assert policy.plan(code, limits(bite, on=first - timedelta(1))).steps == ()
    assert len(policy.plan(code, limits(bite, on=first)).steps) == 1
    for sample in (b for b in BITES if b.rule == code):
        for fields in (sample.lawful, sample.over):
            policy.evaluate(code, facts(fields), limits(sample, on=first), first)


@pytest.mark.parametrize("bite", BITES, ids=str)
def test_a_draft_parameter_warns_at_most(bite: Bite):
    held = limits(bite)
    drafts = held.with_rows(*(replace(held.row(key), status="draft") for key in held.names()))
    for moment in moments(bite):
        found = policy.evaluate(moment, facts(bite.over), drafts, bite.on)
        assert [f.code for f in found] == [bite.rule]
        assert str(found[0].severity) in {"warn", "info"}


def test_a_rule_is_brought_only_once():
    with pytest.raises(ValueError, match="GOV-01"):
        ask_rules([RuleSpec("GOV-01", "", "", "person", (), "registrar", {}, function=lambda *a, **k: [])])


def test_nobody_of_the_register_hears_a_question_about_persons():
    """A moment at which the register asks with its own facts holds no rule that reads a person's."""
    for moment in ("save", "import", "naming", "registration", "daily", "apply", "remove"):
        assert not [code for code in LIVE if moment in rules[code].moments]


@pytest.mark.parametrize("given", [{"weight": 1}, {"birth": "26.10.1956"}, {"years": True}, {"other_bodies": "甲"}])
def test_wrong_facts_are_refused_with_a_sentence(given):
    with pytest.raises(ValueError, match=r"事实"):
        PersonFacts.from_dict(given)
