"""Every rule of grants bites: lawful facts pass, one step over gives exactly this finding, parameters flip both."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from liaoyuan.core import policy, registries
from liaoyuan.core.choices import Moment
from liaoyuan.core.moments import ENTITY_TITLES, MOMENT_DOORS, MOMENT_TITLES
from liaoyuan.core.registries import rules
from liaoyuan.funding.params.shipped import PARAMETERS, STATEMENTS
from liaoyuan.funding.rules.table import ASKED, RECORDS
from tests.funding.bites import BITES, GrantBite, ask, facts, limits

#: Handbook §9.3, counted by hand.
HANDBOOK = [
    *(f"GV-APP-{n:02}" for n in range(1, 8)), *(f"GV-BUD-{n:02}" for n in range(1, 10)),
    *(f"GV-REV-{n:02}" for n in range(1, 6)), *(f"GV-PUB-{n:02}" for n in range(1, 4)), "GV-CON-01", "GV-CON-02",
    *(f"GV-PAY-{n:02}" for n in range(1, 5)), "GV-MID-01", *(f"GV-EXE-{n:02}" for n in range(1, 4)),
    *(f"GV-FIN-{n:02}" for n in range(1, 6)), "GV-SAN-01",
]  # fmt: skip
#: Severity and mark as §9.3 gives them; every other rule blocks. K rules are drafts, and warn at most.
WARNS = {"GV-BUD-06", "GV-REV-05", "GV-PUB-02", "GV-PAY-02", "GV-MID-01", "GV-EXE-01", "GV-EXE-03", "GV-FIN-01",
         "GV-FIN-02", "GV-FIN-04"}  # fmt: skip
INFORMS = {"GV-REV-04", "GV-SAN-01"}
KNOWLEDGE = {"GV-APP-05", "GV-REV-01", "GV-REV-04", "GV-MID-01", "GV-EXE-02", "GV-FIN-01", "GV-FIN-02"}
#: Sentences that stand beside another one of the same rule; asked by tests of their own below.
ASIDE = {"GV-APP-05.barred", "GV-SAN-01.credit"}


def test_the_table_is_the_handbooks():
    assert list(STATEMENTS) == HANDBOOK
    assert [code for code in rules if code.startswith("GV-")] == HANDBOOK
    assert set(ASKED) == set(HANDBOOK) == {bite.rule for bite in BITES}


def test_severities_and_marks_are_the_handbooks():
    own = {row.key: row for row in policy.shipped_rows() if row.key in HANDBOOK}
    wanted = {code: "info" if code in INFORMS else "warn" if code in WARNS else "block" for code in HANDBOOK}
    assert {key: row.severity for key, row in own.items()} == wanted
    assert {key for key, row in own.items() if row.status == "draft"} == KNOWLEDGE


def test_every_message_is_bitten():
    bitten = {f"{bite.rule}.{bite.variant}" if bite.variant else bite.rule for bite in BITES}
    told = {name for code in ASKED for name in STATEMENTS[code].messages}
    assert told - bitten == ASIDE
    assert bitten <= told


@pytest.mark.parametrize("code", HANDBOOK)
def test_a_rule_says_what_it_is(code: str):
    spec = rules[code]
    assert spec.statement.endswith("。")
    assert spec.jurisdiction == "round"
    assert spec.entity in ENTITY_TITLES
    assert all(moment in MOMENT_TITLES and moment in MOMENT_DOORS for moment in spec.moments)
    assert all(ASKED[code].record is RECORDS[Moment(moment)] for moment in spec.moments)
    assert all(key in registries.parameter_titles for key in spec.params)
    assert len(spec.examples) >= 2
    for given, day, wanted in spec.examples:
        on = date.fromisoformat(day)
        told = policy.build(policy.shipped_rows(), on, policy.chain("binhu"), None)
        assert set(given) <= set(spec.facts["properties"])
        assert tuple(f.code for f in policy.evaluate(code, spec.parse(given), told, on)) == wanted, (given, day)


def test_rows_are_whole():
    keys = {row["key"] for row in PARAMETERS}
    for row in PARAMETERS:
        assert row["source"]
        code, _, variant = row["key"].partition(".")
        if variant and code in STATEMENTS:
            assert row["key"] in STATEMENTS[code].messages
    for statement in STATEMENTS.values():
        assert set(statement.reads) <= keys


@pytest.mark.parametrize("bite", BITES, ids=str)
def test_lawful_facts_pass(bite: GrantBite):
    for moment in bite.moments:
        assert ask(bite, bite.lawful, moment) == []


@pytest.mark.parametrize("bite", BITES, ids=str)
def test_one_step_over_gives_exactly_this_finding(bite: GrantBite):
    for moment in bite.moments:
        found = ask(bite, bite.over, moment)
        assert [(f.code, str(f.severity), f.field) for f in found] == [(bite.rule, bite.severity, bite.field)]
        name = f"{bite.rule}.{bite.variant}" if bite.variant else bite.rule
        assert found[0].message == STATEMENTS[bite.rule].messages[name]
        assert found[0].source
        text = found[0].text
        assert "{" not in text
        assert "None" not in text
        assert text.endswith("。")


@pytest.mark.parametrize("bite", BITES, ids=str)
def test_parameters_flip_both(bite: GrantBite):
    assert ask(bite, bite.over, bite.rule, {bite.rule: False}) == []
    told = {f.message for f in ask(bite, bite.over, bite.rule, bite.loosened)}
    name = f"{bite.rule}.{bite.variant}" if bite.variant else bite.rule
    assert STATEMENTS[bite.rule].messages[name] not in told
    if bite.tightened is not None:
        assert {f.code for f in ask(bite, bite.lawful, bite.rule, bite.tightened)} == {bite.rule}


@pytest.mark.parametrize("code", HANDBOOK)
def test_a_rule_holds_from_its_first_day(code: str):
    bite = next(b for b in BITES if b.rule == code)
    first = min(row.valid_from for row in policy.shipped_rows() if row.key == code)
    assert policy.plan(code, limits(bite, on=first - timedelta(1))).steps == ()
    assert len(policy.plan(code, limits(bite, on=first)).steps) == 1
    for sample in (b for b in BITES if b.rule == code):
        for fields in (sample.lawful, sample.over):
            policy.evaluate(code, facts(sample, fields), limits(sample, on=first), first)


@pytest.mark.parametrize("bite", BITES, ids=str)
def test_a_draft_parameter_warns_at_most(bite: GrantBite):
    held = limits(bite)
    drafts = held.with_rows(*(replace(held.row(key), status="draft") for key in held.names()))
    for moment in bite.moments:
        found = policy.evaluate(moment, facts(bite, bite.over), drafts, bite.on)
        assert found
        assert {str(f.severity) for f in found} <= {"warn", "info"}


class _Watched:
    """Facts that remember which of them were read."""

    def __init__(self, held):
        self.held, self.read = held, set()

    def __getattr__(self, name):
        self.read.add(name)
        return getattr(self.held, name)


@pytest.mark.parametrize("code", HANDBOOK)
def test_a_rule_reads_the_facts_it_names_and_uses_the_parameters_it_names(code: str):
    """The schema on the help page is the truth."""
    for bite in (b for b in BITES if b.rule == code):
        for fields in (bite.lawful, bite.over):
            watched = _Watched(facts(bite, fields))
            for finding in ASKED[code].function(watched, limits(bite), on=bite.on):
                assert set(finding.params_used) <= set(rules[code].params), finding.params_used
            assert watched.read <= set(ASKED[code].reads), watched.read - set(ASKED[code].reads)


@pytest.mark.parametrize("bite", BITES, ids=str)
def test_what_is_unknown_breaks_nothing(bite: GrantBite):
    """Without any fact nobody is accused; with one fact missing the rule still answers, in whole sentences."""
    assert ask(bite, {}, bite.rule) == []
    for side in (bite.lawful, bite.over):
        for name in side:
            for finding in ask(bite, side | {name: None}, bite.rule):
                assert "{" not in finding.text
                assert "None" not in finding.text


def test_nobody_else_hears_a_question_of_grants():
    ours = {str(moment) for moment in RECORDS}
    for code, spec in rules.items():
        assert code.startswith("GV-") or not ours & set(spec.moments)


def test_a_place_may_keep_filed_bodies_out():
    bite = next(b for b in BITES if b.rule == "GV-APP-05")
    found = ask(bite, {"kind": "BA", "sponsor": "甲中心"}, "GV-APP-05", {"gv.sponsored": False})
    assert [(f.message, f.field) for f in found] == [(STATEMENTS["GV-APP-05"].messages["GV-APP-05.barred"], "kind")]
    assert [f.field for f in ask(bite, {"kind": "BA"}, "GV-APP-02", {"gv.sponsored": False})] == ["kind"]


def test_a_sanction_that_the_register_has_not_heard_of():
    bite = next(b for b in BITES if b.rule == "GV-SAN-01")
    given = {"misconduct": ["fraud", "breach"], "misconduct_on": "2024-02-29", "credit_recorded": False}
    found = ask(bite, given, "project_sanction")
    assert [f.text for f in found] == [
        "因弄虚作假、违反协议，自 2024-02-29 起 3 年内（至 2027-02-27）不得申报。",
        "因弄虚作假、违反协议作出的处理还没有记入信用信息。",
    ]


def test_a_refusal_says_its_figures_and_its_article():
    bite = next(b for b in BITES if b.rule == "GV-BUD-01" and not b.variant)
    found = ask(bite, bite.over, "budget_submit")
    assert found[0].text == (
        "专职人员工资 50,000.01 元，占项目预算总额 100,000.00 元的 50.01%，超过 50%，超出 0.01 元。"
    )
    assert "滨湖区" in found[0].source
    assert found[0].params_used == {"gv.staff.percent": 50, "gv.staff.base": "total", "gv.staff.classes": ["B01"]}


@pytest.mark.parametrize(
    ("moment", "given"),
    [
        ("grant_submit", {"weight": 1}),
        ("grant_submit", {"others": -1}),
        ("grant_submit", {"kind": "club"}),
        ("grant_submit", {"credit_lists": ["red"]}),
        ("grant_submit", {"period_from": "2026年7月"}),
        ("budget_submit", {"lines": "B01"}),
        ("budget_submit", {"lines": [1]}),
        ("budget_submit", {"lines": [{"budget_class": "B77"}]}),
        ("budget_submit", {"lines": [{"amount_fen": "100"}]}),
        ("budget_submit", {"lines": [{"amount_fen": -1}]}),
        ("budget_submit", {"team": [{"percent": True}]}),
        ("score_save", {"scores": [{"item": "need", "points": 1.5}]}),
        ("tranche_approve", {"met": [{"trigger": "rain"}]}),
        ("project_sanction", {"misconduct": ["late"]}),
    ],
)
def test_wrong_facts_are_refused_with_a_sentence(moment, given):
    with pytest.raises(ValueError, match=r"事实"):
        RECORDS[Moment(moment)].parse(given)
