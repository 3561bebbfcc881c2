"""The table of rules is whole: 56 rules of the handbook, each stated, sourced and, when live, shown by examples."""

import re
from datetime import date, timedelta

import pytest

from liaoyuan.core import policy, registries
from liaoyuan.core.registries import parameters, rules
from liaoyuan.people.rules import facts as people
from liaoyuan.registry.rules import procedure_facts as procedures
from liaoyuan.registry.rules.annual_facts import TITLES as ANNUAL
from liaoyuan.registry.rules.facts import SHAPES, TITLES, OrganizationFacts
from tests.registry.bites import HOLIDAYS

HANDBOOK = (
    [f"ORG-ID-{n:02}" for n in range(1, 7)]
    + ["ORG-NAME-01", "ORG-NAME-02"]
    + [f"ORG-REG-{n:02}" for n in range(1, 9)]
    + ["ORG-CHG-01", "ORG-CHG-02", "ORG-CHG-03", "ORG-DER-01", "ORG-DER-02", "ORG-IDLE-01"]
    + [f"GOV-{n:02}" for n in range(1, 11)]
    + [f"ANN-{n:02}" for n in range(1, 9)]
    + [f"RAT-{n:02}" for n in range(1, 7)]
    + [f"CRD-{n:02}" for n in range(1, 5)]
    + ["CHA-01", "CHA-02", "CHA-03", "FIL-01", "FIL-02", "FIL-03"]
)
#: Stated in the handbook's prose without a number (§1.9 art 4, §1.11 excluded): numbered on here.
UNNUMBERED = {"CHA-04", "FIL-04"}
#: Rules that hold in another province only: silent by Binhu's parameters, bitten where they hold.
ELSEWHERE = {"ORG-REG-08"}
#: Rules whose only source is knowledge: shipped as drafts (handbook §9, §11).
KNOWLEDGE = {"GOV-05", "GOV-06", "FIL-03", "SW-01", "LST-01", "LST-02", "LST-03", "LST-04", "FIL-04"}
TARGET = {
    "block": "ORG-ID-05 ORG-ID-06 ORG-NAME-02 ORG-REG-01 ORG-REG-02 ORG-REG-03 ORG-REG-05 ORG-REG-06 ORG-REG-07 "
    "ORG-CHG-03 ORG-DER-02 GOV-01 GOV-02 GOV-03 GOV-04 GOV-07 GOV-08 GOV-10 ANN-03 ANN-05 ANN-06 ANN-07 RAT-01 RAT-02 "
    "RAT-05 CRD-03 CRD-04 CHA-01 CHA-02",
    "confirm": "ORG-ID-01 ORG-ID-02 ORG-ID-03",
    "info": "ORG-REG-04 ANN-04 ANN-08 RAT-04 CRD-02",
}


def test_the_handbook_and_the_table_name_the_same_rules():
    assert [
        code
        for code in rules
        if code.split("-")[0] in {"ORG", "GOV", "ANN", "RAT", "CRD", "CHA", "FIL"} and code not in UNNUMBERED
    ] == HANDBOOK


def test_severities_are_the_handbook_s():
    wanted = dict.fromkeys(HANDBOOK, "warn")
    for severity, codes in TARGET.items():
        wanted |= dict.fromkeys(codes.split(), severity)
    assert {row.key: row.severity for row in policy.shipped_rows() if row.key in wanted} == wanted


def test_only_knowledge_is_shipped_as_a_draft():
    drafts = {row.key for row in policy.shipped_rows() if row.status == "draft" and row.key in rules}
    assert {key for key in drafts if not key.startswith(("PB-", "GV-"))} == KNOWLEDGE  # tests/party, tests/funding


def test_every_row_is_cited_and_once():
    rows = policy.shipped_rows()
    assert all(row.source for row in rows)
    assert len({(r.key, r.jurisdiction, r.valid_from) for r in rows}) == len(rows)
    assert all(entry["note"] for entry in parameters)
    assert all(row.severity in {"block", "confirm", "warn", "info"} for row in rows)


#: Families of parameters that a mechanism reads instead of a rule: uploads, papers, retention, personal requests,
#: the papers of procedures and who runs them, terms of annual reports, figures that a round of ratings copies, gap D of
#: the coverage, the planner's weights, whose totals of a vote are shown, how long a code of signing in lives, when
#: arrears of dues are told, the papers and the days of founding, the signs of a venue, figures of rounds of grants.
MECHANISMS = (
    "file.", "papers.", "retention.", "privacy.", "procedure.", "publicity.", "correction.", "rating.round.",
    "pb.cov.quiet_months", "pb.cov.visit_days", "pb.plan.", "pb.vote.few",
    "pb.mtg.sign_in_seconds", "pb.fee.late_months", "pb.found.", "pb.adjust.", "pb.dissolve.", "pb.venue.signs",
    "gv.score.sheet", "gv.score.party_max", "gv.review.pass_score", "gv.accept.", "gv.max_win", "gv.pool_total_fen",
    "gv.archive.days", "gv.month.due_day", "gv.overdue.kinds", "gv.reply.workdays", "gv.sample.",
)  # fmt: skip


def test_every_parameter_is_read_by_a_rule():
    own = re.compile(r"[A-Z]+(-[A-Z]+)?-\d\d")
    for row in policy.shipped_rows():
        assert policy.readers(row.key) or row.key.startswith(MECHANISMS), row.key
        if own.match(row.key):
            assert re.split(r"[.@]", row.key)[0] in rules
            assert row.key in rules or "." in row.key or "@" in row.key


def test_every_variant_and_moment_row_belongs_to_its_rule():
    for row in policy.shipped_rows():
        code, _, variant = row.key.partition(".")
        if variant and code in rules and rules[code].function is not None:
            assert row.key in rules[code].messages
        code, _, moment = row.key.partition("@")
        if moment:
            assert moment == "import" and "save" in rules[code].moments


@pytest.mark.parametrize("code", HANDBOOK)
def test_a_rule_says_what_it_is(code):
    spec = rules[code]
    assert spec.title
    assert spec.statement.endswith("。")
    assert spec.entity
    assert spec.moments
    assert spec.jurisdiction == ("domicile" if code.startswith("FIL") else "registrar")
    if spec.function is None:
        assert not spec.facts
        assert not spec.examples
    else:
        assert spec.messages
        known = (SHAPES, people.SHAPES, procedures.SHAPES, ANNUAL)
        assert set(spec.facts["properties"]) <= set().union(*known)
        assert len(spec.examples) >= 2


@pytest.mark.parametrize("code", [code for code in HANDBOOK if rules[code].function])
def test_examples_give_what_they_say(code):
    spec = rules[code]
    outcomes = set()
    for given, day, wanted in spec.examples:
        on = date.fromisoformat(day)
        limits = policy.build(policy.shipped_rows(), on, policy.chain("binhu"), lambda: HOLIDAYS)
        found = policy.evaluate(code, spec.parse(given), limits, on)
        assert tuple(dict.fromkeys(f.code for f in found)) == wanted
        assert set(given) <= set(spec.facts["properties"])
        outcomes.add(bool(found))
    assert outcomes == ({False} if code in ELSEWHERE else {True, False})


@pytest.mark.parametrize("code", [code for code in HANDBOOK if rules[code].function])
def test_a_function_reads_only_the_facts_and_parameters_it_declares(code):
    """A recording stand-in for facts and limits notices every undeclared reading."""
    spec = rules[code]
    declared = set(spec.facts["properties"])
    read: set[str] = set()

    class Recorder:
        def __init__(self, facts):
            self.__dict__["facts"] = facts

        def __getattr__(self, name):
            if name in SHAPES or name in ANNUAL:
                read.add(name)
            elif name == "is_national":
                read.add("registrar_division")
            return getattr(self.facts, name)

    used: set[str] = set()
    for given, day, _ in spec.examples:
        on = date.fromisoformat(day)
        limits = policy.build(policy.shipped_rows(), on, policy.chain("binhu"), lambda: HOLIDAYS)
        if not limits.is_on(code):
            continue
        for finding in spec.function(Recorder(spec.parse(given)), limits, on=on):
            used |= set(finding.params_used)
    assert read <= declared
    assert used <= set(spec.params)


def test_facts_are_read_from_plain_json():
    facts = OrganizationFacts.from_dict(
        {"kind": "ST", "registered_on": "2015-01-20", "area_names": ["滨湖区"], "capital_fen": None, "members_unit": 3}
    )
    assert facts.registered_on == date(2015, 1, 20)
    assert facts.area_names == ("滨湖区",)
    assert facts.capital_fen is None
    assert set(TITLES) == set(SHAPES)
    assert OrganizationFacts.from_dict({"phone": "1", "name": "a"}, strict=False).name == "a"


@pytest.mark.parametrize(
    "given",
    [
        {"phone": "1"}, {"name": 3}, {"members_unit": "3"}, {"members_unit": True}, {"registered_on": "2015-13-01"},
        {"registered_on": 20150101}, {"area_names": "滨湖区"}, {"area_names": [1]}, {"capital_paid_in": 1},
    ],
)  # fmt: skip
def test_wrong_facts_are_refused_with_a_sentence(given):
    with pytest.raises(ValueError, match="事实“"):
        OrganizationFacts.from_dict(given)


def test_the_day_before_the_naming_rules():
    row = next(r for r in policy.shipped_rows() if r.key == "ORG-NAME-02")
    assert row.valid_from == date(2024, 5, 1)
    before = policy.build(policy.shipped_rows(), row.valid_from - timedelta(1), policy.chain("binhu"))
    assert not before.is_on("ORG-NAME-02")


def test_every_parameter_has_a_chinese_name_and_every_name_a_parameter():
    named = {row.key for row in policy.shipped_rows() if re.split(r"[.@]", row.key)[0] not in rules}
    assert named == set(registries.parameter_titles)
