"""Every live rule about procedures bites: lawful facts pass, one step over gives this finding, parameters flip."""

from dataclasses import replace
from datetime import timedelta

import pytest

from liaoyuan.core import policy
from liaoyuan.core.registries import rules
from liaoyuan.registry.rules.procedure_facts import ProcedureFacts
from tests.registry.bites import Bite, limits
from tests.registry.procedure_bites import BITES, ask, facts

LIVE = {code for code, spec in rules.items() if spec.parse == ProcedureFacts.from_dict}


def test_every_live_rule_has_a_bite_and_every_bite_a_live_rule():
    assert {bite.rule for bite in BITES} == LIVE == {
        "ORG-REG-04", "ORG-REG-05", "ORG-REG-06", "ORG-REG-07", "ORG-REG-08", "ORG-CHG-01", "ORG-CHG-02", "ORG-CHG-03",
        "ORG-DER-01", "ORG-IDLE-01", "GOV-09", "CHA-04",
    }  # fmt: skip


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


def test_a_pattern_that_is_none_counts_as_words():
    bite = next(b for b in BITES if b.rule == "GOV-09")
    told = {"charter_text": "甲(乙"}
    assert ask(bite, told, "GOV-09", {"charter.party_pattern": "甲(乙"}) == []
    assert len(ask(bite, told, "GOV-09", {"charter.party_pattern": "(丙"})) == 1


@pytest.mark.parametrize("given", [{"kind": 5}, {"audited": "yes"}, {"received_on": "昨天"}, {"nothing": 1}])
def test_facts_of_the_wrong_shape_are_refused_with_a_sentence(given):
    with pytest.raises(ValueError, match="事实"):
        ProcedureFacts.from_dict(given)
