"""Every live rule bites: lawful facts pass, one step over gives exactly this finding, a parameter flips both."""

from dataclasses import replace
from datetime import timedelta

import pytest

from liaoyuan.core import policy
from liaoyuan.core.registries import rules
from liaoyuan.kit.findings import Needs
from liaoyuan.registry.rules.facts import OrganizationFacts
from tests.registry.bites import BITES, Bite, ask, facts, limits

LIVE = {code for code, spec in rules.items() if spec.function is not None and spec.parse == OrganizationFacts.from_dict}
NEEDS = {"block": Needs.NONE, "confirm": Needs.CONFIRMATION, "warn": Needs.REASON, "info": Needs.NONE}


def test_every_live_rule_has_a_bite_and_every_bite_a_live_rule():
    assert {bite.rule for bite in BITES} == LIVE


@pytest.mark.parametrize("bite", BITES, ids=str)
def test_lawful_facts_pass(bite: Bite):
    for moment in bite.moments:
        assert ask(bite, bite.lawful, moment) == []


@pytest.mark.parametrize("bite", BITES, ids=str)
def test_one_step_over_gives_exactly_this_finding(bite: Bite):
    for moment in bite.moments:
        found = ask(bite, bite.over, moment)
        assert [(f.code, str(f.severity), f.field) for f in found] == [
            (bite.rule, bite.at.get(moment, bite.severity), bite.field)
        ]
        assert found[0].needs == NEEDS[found[0].severity]
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
    for moment in bite.moments:
        assert ask(bite, bite.over, moment, {bite.rule: False}) == []


@pytest.mark.parametrize("code", sorted(LIVE))
def test_a_rule_holds_from_its_first_day(code: str):
    bite = next(b for b in BITES if b.rule == code)
    first = min(row.valid_from for row in policy.shipped_rows() if row.key == code)
    before = first - timedelta(1)
    assert policy.plan(code, limits(bite, on=before)).steps == ()
    assert len(policy.plan(code, limits(bite, on=first)).steps) == 1
    # every parameter the rule reads is known on its first day, whatever the facts are
    for sample in (b for b in BITES if b.rule == code):
        for fields in (sample.lawful, sample.over):
            policy.evaluate(code, facts(fields), limits(sample, on=first), first)


@pytest.mark.parametrize("bite", BITES, ids=str)
def test_a_draft_parameter_warns_at_most(bite: Bite):
    held = limits(bite)
    drafts = held.with_rows(*(replace(held.row(key), status="draft") for key in held.names()))
    for moment in bite.moments:
        found = policy.evaluate(moment, facts(bite.over), drafts, bite.on)
        assert [f.code for f in found] == [bite.rule]
        assert str(found[0].severity) in {"warn", "info"}


def test_a_draft_cannot_switch_a_rule_off():
    bite = next(b for b in BITES if b.rule == "ORG-ID-06")
    held = limits(bite)
    off = held.with_rows(replace(held.row("ORG-ID-06"), value=False, status="draft"))
    assert [str(f.severity) for f in policy.evaluate("save", facts(bite.over), off, bite.on)] == ["warn"]


def test_a_place_may_let_the_abnormal_list_bar():
    bite = next(b for b in BITES if b.rule == "CRD-04" and b.variant == "abnormal")
    found = ask(bite, bite.over, "apply", {"credit.abnormal_bars": True})
    assert [(f.code, str(f.severity)) for f in found] == [("CRD-04", "block")]
    assert "按本地规定" in found[0].text
