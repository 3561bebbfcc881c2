"""Quorum and majority against plain fractions, and the vectors of handbook §9.5."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaoyuan.core import policy
from liaoyuan.party.choices.life import DecisionKind
from liaoyuan.party.rules import votes

LIMITS = policy.build(policy.shipped_rows(), date(2026, 10, 26), policy.chain("national"), None)
PEOPLE = st.integers(0, 600)

#: Kind → (share of E, whether the quorum must exceed it). Written out again on purpose.
QUORUMS = {
    DecisionKind.ORDINARY: (Fraction(1, 2), False),
    DecisionKind.ADMISSION: (Fraction(1, 2), True),
    DecisionKind.CONFIRMATION: (Fraction(1, 2), True),
    DecisionKind.COMMITTEE: (Fraction(1, 2), False),
    DecisionKind.ELECTION: (Fraction(4, 5), False),
}


def enough(kind: DecisionKind, expected: int, present: int) -> bool:
    share, over = QUORUMS[kind]
    return present > expected * share if over else present >= expected * share


def majority(kind: DecisionKind, expected: int, present: int, yes: int) -> bool:
    return yes > Fraction(present if kind == DecisionKind.ELECTION else expected, 2)


@given(st.sampled_from(DecisionKind), PEOPLE)
def test_the_quorum_is_the_least_that_is_enough(kind, expected):
    told = votes.quorum(kind, expected, LIMITS)
    assert told == next(n for n in range(expected + 2) if enough(kind, expected, n))


@given(st.sampled_from(DecisionKind), PEOPLE, PEOPLE)
def test_the_votes_needed_are_the_least_majority(kind, expected, present):
    told = votes.needed(kind, expected, present, LIMITS)
    most = max(expected, present) + 2
    assert told == next(n for n in range(most) if majority(kind, expected, present, n))


@given(st.sampled_from(DecisionKind), PEOPLE, PEOPLE, PEOPLE)
def test_carried_is_quorum_and_majority(kind, expected, present, yes):
    told = votes.outcome(kind, expected, present, yes, LIMITS)
    lawful = expected > 0 and enough(kind, expected, present)
    assert told.quorate == lawful
    assert told.carried == (lawful and majority(kind, expected, present, yes) and yes <= expected)
    assert votes.carried(kind, expected, present, yes, LIMITS) == told.carried


@given(st.sampled_from(DecisionKind), PEOPLE, PEOPLE)
def test_nothing_is_carried_where_nobody_may_vote(kind, present, yes):
    assert not votes.carried(kind, 0, present, yes, LIMITS)


@given(st.sampled_from(DecisionKind), PEOPLE, PEOPLE, PEOPLE)
def test_weight_and_drafts_do_not_lift_the_arithmetic(kind, expected, present, yes):
    drafts = LIMITS.with_rows(*(replace(LIMITS.row(key), status="draft", severity="info") for key in LIMITS.names()))
    told = votes.outcome(kind, expected, present, yes, LIMITS)
    assert votes.outcome(kind, expected, present, yes, drafts) == told


@given(PEOPLE)
def test_candidates_are_a_fifth_more_rounded_up(seats):
    told = votes.candidates(seats, LIMITS)
    assert Fraction(told - seats) >= Fraction(seats, 5) > told - seats - 1


@pytest.mark.parametrize(("seats", "least"), [(3, 4), (5, 6), (7, 9), (0, 0)])
def test_candidates_of_the_handbook(seats, least):
    assert votes.candidates(seats, LIMITS) == least


@pytest.mark.parametrize(
    ("kind", "expected", "quorum", "needed"),
    [
        ("ordinary", 8, 4, 5),
        ("admission", 8, 5, 5),
        ("election", 8, 7, 5),
        ("election", 3, 3, 2),
        ("admission", 3, 2, 2),
    ],
)
def test_vectors_of_the_handbook(kind, expected, quorum, needed):
    kind = DecisionKind(kind)
    assert votes.quorum(kind, expected, LIMITS) == quorum
    assert votes.needed(kind, expected, expected, LIMITS) == needed


def test_four_of_eight_meet_but_cannot_pass():
    told = votes.outcome(DecisionKind.ORDINARY, 8, 4, 4, LIMITS)
    assert told.quorate
    assert not told.carried


def test_written_opinions_count_at_an_admission():
    assert votes.carried(DecisionKind.ADMISSION, 9, 5, 6, LIMITS)


def test_who_is_elected_is_of_those_present():
    assert votes.carried(DecisionKind.ELECTION, 10, 8, 5, LIMITS)
    assert not votes.carried(DecisionKind.ELECTION, 10, 8, 4, LIMITS)
    assert not votes.carried(DecisionKind.ELECTION, 10, 7, 7, LIMITS)


def test_a_meeting_before_the_texts_is_reckoned_too():
    old = policy.build(policy.shipped_rows(), date(2005, 7, 1), policy.chain("national"), None)
    for kind in DecisionKind:
        assert votes.outcome(kind, 9, 9, 5, old).carried


def test_a_district_may_ask_for_more():
    stricter = LIMITS.with_rows(replace(LIMITS.row("pb.vote.ordinary_yes"), value=[2, 3]))
    assert votes.needed(DecisionKind.ORDINARY, 9, 9, stricter) == 7


def test_totals_of_few_are_for_few():
    assert not votes.shown_widely(4, LIMITS)
    assert votes.shown_widely(5, LIMITS)


@pytest.mark.parametrize("numbers", [(-1, 0, 0), (3, -1, 0), (3, 3, -1)])
def test_negative_numbers_are_refused(numbers):
    with pytest.raises(ValueError, match="不能小于零"):
        votes.outcome(DecisionKind.ORDINARY, *numbers, LIMITS)
