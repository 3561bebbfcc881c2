"""Gaps A to D and the lawful form, against a table written by hand and a plain second reckoning."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaoyuan.core import policy
from liaoyuan.party.choices.coverage import Gap
from liaoyuan.party.params.coverage import GAP_MESSAGES, WAY_MESSAGES
from liaoyuan.party.rules import coverage
from liaoyuan.party.rules.coverage import Way
from liaoyuan.party.rules.facts.coverage import CoverageFacts

ON = date(2026, 10, 26)
NATIONAL = policy.build(policy.shipped_rows(), ON, policy.chain("national"), None)
BINHU = policy.build(policy.shipped_rows(), ON, policy.chain("binhu"), None)
QUIET = {"own_branch": True, "covered_since": date(2020, 1, 1)}


@pytest.mark.parametrize(
    ("given_facts", "codes"),
    [
        ({"formal": 3}, ["A"]),
        ({"formal": 1, "committed": 2}, ["A"]),
        ({"formal": 3, "joint_branch": True}, ["A.joint"]),
        ({"formal": 3, "own_branch": True}, []),
        ({"formal": 2}, ["B"]),
        ({"formal": 2, "joint_branch": True}, []),
        ({"formal": 2, "area_branch": True}, []),
        ({"formal": 2, "has_instructor": True}, ["B"]),
        ({"formal": 0, "probationary": 2}, ["B.probationary"]),
        ({"formal": 0}, ["C"]),
        ({"formal": 0, "has_instructor": True}, ["C.instructed"]),
        ({"formal": 0, "dual": 4}, ["C.dual"]),
        ({**QUIET, "formal": 3, "last_meeting_on": date(2026, 7, 26)}, []),
        ({**QUIET, "formal": 3, "last_meeting_on": date(2026, 7, 25)}, ["D.meeting"]),
        ({**QUIET, "formal": 3, "covered_since": date(2026, 7, 26)}, []),
        ({"formal": 3, "own_branch": True, "has_instructor": True, "last_visit_on": date(2026, 7, 28)}, []),
        ({"formal": 3, "own_branch": True, "has_instructor": True, "last_visit_on": date(2026, 7, 27)}, ["D.visit"]),
        ({**QUIET, "own_branch": False, "joint_branch": True, "formal": 3}, ["A.joint", "D.meeting"]),
    ],
)
def test_gaps_by_hand(given_facts, codes):
    told = coverage.gaps(CoverageFacts(**given_facts), NATIONAL, on=ON)
    assert [verdict.code for verdict in told] == codes
    for verdict in told:
        assert verdict.kind == Gap(verdict.code[0])
        assert "{" not in verdict.text
        assert verdict.text.endswith("。")


@pytest.mark.parametrize(
    ("given_facts", "national", "binhu"),
    [
        ({"formal": 3}, Way.INDEPENDENT, Way.INDEPENDENT),
        ({"formal": 0, "committed": 3}, Way.TRANSFER, Way.INDEPENDENT),
        ({"formal": 2, "dual": 4}, Way.JOINT, Way.JOINT),
        ({"formal": 0, "committed": 1}, Way.JOINT, Way.JOINT),
        ({"formal": 0, "dual": 4}, Way.INSTRUCTOR, Way.INSTRUCTOR),
        ({"formal": 0, "probationary": 4}, Way.INSTRUCTOR, Way.INSTRUCTOR),
    ],
)
def test_the_lawful_form(given_facts, national, binhu):
    for limits, wanted in ((NATIONAL, national), (BINHU, binhu)):
        told = coverage.way(CoverageFacts(**given_facts), limits)
        assert told.kind == wanted
        assert "{" not in told.text


COUNTS = st.integers(0, 5)


@given(COUNTS, COUNTS, COUNTS, COUNTS, st.booleans(), st.booleans(), st.booleans(), st.booleans())
def test_every_body_is_covered_or_one_gap(formal, committed, dual, probationary, own, joint, area, instructor):
    facts = CoverageFacts(
        formal=formal, committed=committed, dual=dual, probationary=probationary, own_branch=own, joint_branch=joint,
        area_branch=area, has_instructor=instructor,
    )  # fmt: skip
    told = [str(verdict.kind) for verdict in coverage.gaps(facts, NATIONAL, on=ON)]
    counted = formal + committed
    if counted >= 3:
        wanted = [] if own else ["A"]
    elif own or joint or area:
        wanted = []
    else:
        wanted = ["B"] if counted + probationary else ["C"]
    assert told == wanted
    assert coverage.covered(facts) == (own or joint or area)
    assert coverage.worked_on(facts) == (own or joint or area or instructor)


@given(st.integers(0, 400))
def test_on_paper_after_so_many_days(days):
    facts = CoverageFacts(formal=1, joint_branch=True, has_instructor=True, last_visit_on=ON - timedelta(days=days))
    assert [v.code for v in coverage.gaps(facts, NATIONAL, on=ON)] == (["D.visit"] if days > 90 else [])


def test_the_denominator():
    lawful = CoverageFacts(status="active")
    assert coverage.in_base(lawful, NATIONAL)
    for change in ({"status": "liquidating"}, {"status": "deregistered"}, {"is_shell": True}, {"is_filed": True}):
        assert not coverage.in_base(replace(lawful, **change), NATIONAL)


def test_every_sentence_is_told():
    """No sentence stands unused in the tables; the ones above are all of them."""
    told = {"A", "A.joint", "B", "B.probationary", "C", "C.instructed", "C.dual", "D.meeting", "D.visit"}
    assert set(GAP_MESSAGES) == told
    assert set(WAY_MESSAGES) == {str(way) for way in Way}
