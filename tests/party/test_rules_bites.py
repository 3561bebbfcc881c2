"""Every live rule of the party floor bites: lawful facts pass, one step over gives exactly this finding."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from liaoyuan.core import policy, registries
from liaoyuan.core.choices import Moment
from liaoyuan.core.moments import ENTITY_TITLES, MOMENT_DOORS, MOMENT_TITLES
from liaoyuan.core.registries import rules
from liaoyuan.party.params.shipped import PARAMETERS, STATEMENTS
from liaoyuan.party.rules.table import ASKED, RECORDS
from tests.party.bites import BITES, PartyBite, ask, facts
from tests.registry.bites import limits

#: Handbook §9.2, counted by hand.
HANDBOOK = {
    *(f"PB-FORM-{n:02}" for n in range(1, 12)), "PB-TMP-01", "PB-TMP-02", *(f"PB-OFF-{n:02}" for n in range(1, 6)),
    *(f"PB-ELE-{n:02}" for n in range(1, 5)), *(f"PB-MTG-{n:02}" for n in range(1, 12)),
    *(f"PB-DEV-{n:02}" for n in range(1, 19)), *(f"PB-REL-{n:02}" for n in range(1, 10)),
    *(f"PB-FEE-{n:02}" for n in range(1, 6)), *(f"PB-COV-{n:02}" for n in range(1, 7)), "PB-INS-01", "PB-INS-02",
    "PB-TRN-01", "PB-RED-01",
}  # fmt: skip
#: Rules whose projects are not built yet.
WAITING = {"PB-FORM-11", "PB-RED-01"}
#: Severity and mark as §9.2 gives them; every other rule warns. K rules are drafts, and warn at most.
BLOCKS = {
    "PB-FORM-02", "PB-FORM-06", "PB-FORM-07", "PB-TMP-01", "PB-OFF-05", "PB-ELE-01", "PB-ELE-02", "PB-ELE-03",
    "PB-ELE-04", "PB-MTG-08", "PB-MTG-09", "PB-MTG-11", "PB-DEV-01", "PB-DEV-03", "PB-DEV-05", "PB-DEV-06",
    "PB-DEV-07", "PB-DEV-08", "PB-DEV-11", "PB-DEV-13", "PB-DEV-15", "PB-DEV-17", "PB-DEV-18", "PB-REL-01",
    "PB-REL-03", "PB-REL-05", "PB-REL-06", "PB-FEE-01", "PB-FEE-03", "PB-COV-01", "PB-COV-04", "PB-COV-05",
}  # fmt: skip
INFORMS = {"PB-FORM-10", "PB-FORM-11", "PB-FEE-04", "PB-COV-02"}
KNOWLEDGE = {
    "PB-FORM-06", "PB-FORM-10", "PB-ELE-01", "PB-ELE-02", "PB-ELE-03", "PB-MTG-04", "PB-MTG-05", "PB-MTG-06",
    "PB-DEV-10", "PB-DEV-14", "PB-DEV-17", "PB-REL-08", "PB-REL-09", "PB-FEE-02", "PB-FEE-05", "PB-COV-02",
    "PB-COV-03", "PB-INS-01", "PB-INS-02",
}  # fmt: skip
#: Findings of other rules that stand beside a bite, because one fact breaks both.
BESIDE = {"PB-DEV-07": {"PB-DEV-18"}}


def test_the_table_is_the_handbooks():
    assert set(STATEMENTS) == HANDBOOK
    assert {code for code in HANDBOOK if rules[code].function is None} == WAITING
    assert {bite.rule for bite in BITES} == HANDBOOK - WAITING == set(ASKED)


def test_severities_and_marks_are_the_handbooks():
    own = {row.key: row for row in policy.shipped_rows() if row.key in HANDBOOK}
    wanted = {code: "block" if code in BLOCKS else "info" if code in INFORMS else "warn" for code in HANDBOOK}
    assert {key: row.severity for key, row in own.items()} == wanted
    assert {key for key, row in own.items() if row.status == "draft"} == KNOWLEDGE


def test_every_message_is_bitten():
    """Each sentence that can be told has a bite of its own, but for those named with their reason."""
    bitten = {f"{bite.rule}.{bite.variant}" if bite.variant else bite.rule for bite in BITES}
    told = {name for code in ASKED for name in STATEMENTS[code].messages}
    assert told - bitten == {"PB-FORM-02.dual", "PB-FORM-06.dual"}  # the shipped table never counts dual members


@pytest.mark.parametrize("code", sorted(HANDBOOK))
def test_a_rule_says_what_it_is(code: str):
    spec = rules[code]
    assert spec.statement.endswith("。")
    assert spec.jurisdiction == "superior"
    assert spec.entity in ENTITY_TITLES
    assert all(moment in MOMENT_TITLES for moment in spec.moments)
    assert all(key in registries.parameter_titles for key in spec.params)
    if code not in WAITING:
        assert all(moment in MOMENT_DOORS and Moment(moment) in RECORDS for moment in spec.moments)
        assert len(spec.examples) >= 2
        for given, day, wanted in spec.examples:
            on = date.fromisoformat(day)
            told = policy.build(policy.shipped_rows(), on, policy.chain("binhu"), None)
            found = policy.evaluate(code, spec.parse(given), told, on)
            assert tuple(f.code for f in found) == wanted, (given, day)


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
def test_lawful_facts_pass(bite: PartyBite):
    for moment in bite.moments:
        assert ask(bite, bite.lawful, moment) == []


@pytest.mark.parametrize("bite", BITES, ids=str)
def test_one_step_over_gives_exactly_this_finding(bite: PartyBite):
    for moment in bite.moments:
        found = [f for f in ask(bite, bite.over, moment) if f.code not in BESIDE.get(bite.rule, ())]
        assert [(f.code, str(f.severity), f.field) for f in found] == [(bite.rule, bite.severity, bite.field)]
        name = f"{bite.rule}.{bite.variant}" if bite.variant else bite.rule
        assert found[0].message == STATEMENTS[bite.rule].messages[name]
        assert found[0].source
        text = found[0].text
        assert "{" not in text
        assert "None" not in text
        assert text.endswith("。")


@pytest.mark.parametrize("bite", BITES, ids=str)
def test_parameters_flip_both(bite: PartyBite):
    assert ask(bite, bite.over, bite.rule, {bite.rule: False}) == []
    told = {f.message for f in ask(bite, bite.over, bite.rule, bite.loosened)}
    name = f"{bite.rule}.{bite.variant}" if bite.variant else bite.rule
    assert STATEMENTS[bite.rule].messages[name] not in told
    if bite.tightened is not None:
        assert {f.code for f in ask(bite, bite.lawful, bite.rule, bite.tightened)} == {bite.rule}


@pytest.mark.parametrize("code", sorted(ASKED))
def test_a_rule_holds_from_its_first_day(code: str):
    bite = next(b for b in BITES if b.rule == code)
    first = min(row.valid_from for row in policy.shipped_rows() if row.key == code)
    assert policy.plan(code, limits(bite, on=first - timedelta(1))).steps == ()
    assert len(policy.plan(code, limits(bite, on=first)).steps) == 1
    for sample in (b for b in BITES if b.rule == code):
        for fields in (sample.lawful, sample.over):
            policy.evaluate(code, facts(sample, fields), limits(sample, on=first), first)


@pytest.mark.parametrize("bite", BITES, ids=str)
def test_a_draft_parameter_warns_at_most(bite: PartyBite):
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


@pytest.mark.parametrize("code", sorted(set(ASKED) - {"PB-REL-06"}))
def test_a_rule_reads_the_facts_it_names_and_uses_the_parameters_it_names(code: str):
    """The schema on the help page is the truth. PB-REL-06 asks which record it is given, and cannot be watched."""
    for bite in (b for b in BITES if b.rule == code):
        for fields in (bite.lawful, bite.over):
            watched = _Watched(facts(bite, fields))
            for finding in ASKED[code].function(watched, limits(bite), on=bite.on):
                assert set(finding.params_used) <= set(rules[code].params), finding.params_used
            assert watched.read <= set(ASKED[code].reads), watched.read - set(ASKED[code].reads)


@pytest.mark.parametrize("bite", BITES, ids=str)
def test_what_is_unknown_breaks_nothing(bite: PartyBite):
    """Without any fact nobody is accused; with one fact missing the rule still answers, in whole sentences."""
    assert ask(bite, {}, bite.rule) == []
    for side in (bite.lawful, bite.over):
        for name in side:
            gone = ("units", "unit_formal", "unit_committed") if name == "units" else (name,)
            for finding in ask(bite, side | dict.fromkeys(gone), bite.rule):
                assert "{" not in finding.text
                assert "None" not in finding.text


def test_nobody_below_hears_a_question_of_the_party():
    for code in HANDBOOK:
        assert not {"save", "import", "naming", "registration", "daily", "apply", "person"} & set(rules[code].moments)


def test_dual_members_count_only_where_the_place_says_so_and_then_warn():
    """Handbook §9.5: 2 formal and 4 dual are no branch by default; with `count_dual` they warn only."""
    bite = next(b for b in BITES if b.rule == "PB-FORM-02" and not b.variant)
    given = {"branch_kind": "independent", "formal": 2, "dual": 4}
    assert [str(f.severity) for f in ask(bite, given, "party_apply")] == ["block"]
    few = ask(bite, {**given, "formal": 1, "dual": 1}, "party_apply", {"pb.form.count_dual": True})
    assert [str(f.severity) for f in few] == ["block"]
    border = ask(bite, {**given, "formal": 1, "dual": 2}, "party_apply", {"pb.form.count_dual": True})
    assert [str(f.severity) for f in border] == ["warn"]
    counted = ask(bite, given, "party_apply", {"pb.form.count_dual": True})
    assert [(f.code, str(f.severity)) for f in counted] == [("PB-FORM-02", "warn")]
    assert "双隶属党员 4 名" in counted[0].text


def test_a_refusal_says_its_figures():
    bite = next(b for b in BITES if b.rule == "PB-FORM-02" and not b.variant)
    found = ask(bite, {"branch_kind": "independent", "formal": 1, "committed": 1}, "party_apply")
    assert found[0].text == ("独立党支部须有正式党员 3 名以上，现为 2 名（组织关系在本组织 1 名，书面同意转入 1 名）。")
    assert "支部工作条例" in found[0].source


@pytest.mark.parametrize(
    ("moment", "given"),
    [
        ("party_apply", {"weight": 1}),
        ("party_apply", {"formal": -1}),
        ("party_apply", {"branch_kind": "club"}),
        ("party_apply", {"units": ["甲"], "unit_formal": [1, 2]}),
        ("party_apply", {"units": ["甲"], "unit_formal": ["1"]}),
        ("development_step", {"step": 26}),
        ("development_step", {"birth": "26.10.1956"}),
        ("dues_build", {"category": "rich"}),
        ("vote_close", {"yes": True}),
    ],
)
def test_wrong_facts_are_refused_with_a_sentence(moment, given):
    with pytest.raises(ValueError, match=r"事实"):
        RECORDS[Moment(moment)].parse(given)
