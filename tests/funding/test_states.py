"""States of a project and their moves: the table is whole, nothing outside it is lawful, the guide prints it."""

from itertools import pairwise, product
from pathlib import Path

import pytest

from liaoyuan.conf import docs
from liaoyuan.conf.roles import ROLES
from liaoyuan.core import registries
from liaoyuan.core.choices import Moment
from liaoyuan.core.moments import MOMENT_TITLES
from liaoyuan.funding.choices import states as table
from liaoyuan.funding.choices.states import MOVES, Actor, ProjectState, Requirement
from liaoyuan.funding.rules import states
from liaoyuan.funding.rules.table import RECORDS

GUIDE = Path(__file__).parents[2] / "docs" / "guide"
#: Handbook §3.1, by hand: the cycle, and what stands beside it.
CYCLE = ["draft", "submitted", "eligible", "in_review", "proposed", "published", "approved", "signed", "running",
         "final_check", "accepted", "archived"]  # fmt: skip
EVERYBODY, EVERYTHING = tuple(Actor), tuple(Requirement)


def test_every_state_is_reached_and_every_end_is_an_end():
    assert set(states.paths()) == set(ProjectState)
    for state in ProjectState:
        assert (states.moves_from(state) == []) == (state in table.ENDS)


def test_the_cycle_of_the_handbook_can_be_walked():
    for here, there in pairwise(CYCLE):
        assert there in {move.target for move in states.moves_from(ProjectState(here))}, (here, there)
    for here, there in (("submitted", "returned"), ("returned", "submitted"), ("submitted", "ineligible"),
                        ("published", "objected"), ("objected", "published"), ("mid_check", "rectifying"),
                        ("mid_check", "terminated"), ("running", "amending"), ("terminated", "recovering"),
                        ("submitted", "withdrawn"), ("final_check", "failed")):  # fmt: skip
        assert there in {move.target for move in states.moves_from(ProjectState(here))}, (here, there)


def test_only_what_the_table_says_is_lawful():
    lawful = {(state, code) for code, move in MOVES.items() for state in move.source}
    for state, code in product(ProjectState, MOVES):
        found = states.may(code, state, EVERYBODY, EVERYTHING)
        assert (found == []) == ((state, code) in lawful), (state, code)
        assert all(f.text.endswith("。") and "{" not in f.text for f in found)


@pytest.mark.parametrize("code", MOVES)
def test_a_move_asks_for_its_person_and_for_each_requirement(code: str):
    move = MOVES[code]
    state = move.source[0]
    for actor in Actor:
        told = [f.message for f in states.may(code, state, (actor,), EVERYTHING)]
        assert (told == []) == (actor in move.who)
    for need in move.needs:
        found = states.may(code, state, EVERYBODY, [one for one in EVERYTHING if one != need])
        assert [table.REQUIREMENT_TITLES[need] in f.text for f in found] == [True]


def test_a_refusal_says_what_is_possible_instead():
    found = states.may("sign", ProjectState.SUBMITTED, EVERYBODY, EVERYTHING)
    assert found[0].text == "项目现为“已提交”，不能签约；现在可以：撤回、退回补正、资格通过、资格不通过。"
    assert "已经办结" in states.may("submit", ProjectState.ARCHIVED, EVERYBODY, EVERYTHING)[0].text
    assert states.may("fly", ProjectState.DRAFT, EVERYBODY, EVERYTHING)[0].text == "没有这种办理。"


def test_words_roles_and_moments_are_known():
    assert set(table.MOVE_TITLES) == set(MOVES)
    assert set(table.PROJECT_STATE_TITLES) == set(ProjectState)
    assert set(table.REQUIREMENT_TITLES) == set(Requirement) == {need for move in MOVES.values() for need in move.needs}
    assert set(table.ACTOR_ROLES) == set(table.ACTOR_TITLES) == set(Actor)
    assert all(code in ROLES for codes in table.ACTOR_ROLES.values() for code in codes)
    for move in MOVES.values():
        assert bool(move.rules) == (Requirement.RULES in move.needs)
        assert all(moment in MOMENT_TITLES and Moment(moment) in RECORDS for moment in move.rules)


def test_the_four_tests_of_a_cap_hang_on_moves():
    asked = {moment for move in MOVES.values() for moment in move.rules}
    assert set(registries.rules["GV-BUD-01"].moments) <= asked


def test_what_counts_into_the_quota():
    """Handbook §9.3: submitted … funded; drafts, withdrawn and returned ones do not."""
    assert {"draft", "returned", "withdrawn"}.isdisjoint(table.COUNTED)
    assert {
        "submitted",
        "eligible",
        "in_review",
        "proposed",
        "published",
        "approved",
        "signed",
        "running",
    } <= table.COUNTED
    assert table.LIVE <= table.COUNTED


def test_nobody_both_asks_and_decides():
    """A body hands in and asks for changes; the office decides. No move is open to both."""
    body, office = {Actor.APPLICANT, Actor.HEAD}, {Actor.ORGANIZER, Actor.HOST, Actor.EVALUATOR}
    for move in MOVES.values():
        assert not (set(move.who) & body and set(move.who) & office), move.code


def test_the_guide_is_fresh(tmp_path):
    assert docs.stale_guide(GUIDE) == []
    assert sorted(docs.stale_guide(tmp_path)) == ["grant_states.md", "plan_states.md"]
    assert docs.main(["--out", str(tmp_path / "rules"), "--guide", str(tmp_path)]) == 0
    assert docs.stale_guide(tmp_path) == []
    text = (tmp_path / "grant_states.md").read_text()
    assert all(f"| {title} |" in text for title in table.PROJECT_STATE_TITLES.values())
    (tmp_path / "grant_states.md").write_text("x")
    assert docs.main(["--check", "--out", str(tmp_path / "rules"), "--guide", str(tmp_path)]) == 1
