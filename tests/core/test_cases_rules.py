"""The clock of a case, counted a second time by hand; which act is possible when; two texts side by side."""

from datetime import date, timedelta

import pytest

from liaoyuan.core.choices import CaseState
from liaoyuan.core.rules import cases as rules
from liaoyuan.core.rules.cases import Stop
from liaoyuan.kit.workdays import Calendar
from liaoyuan.ui import conflicts

D = date
#: National Day 2025: the Sunday before and the Saturday after are worked.
HOLIDAYS = Calendar(
    [(D(2025, 9, 28), True, "调休"), (D(2025, 10, 11), True, "调休")]
    + [(D(2025, 10, d), False, "国庆") for d in range(1, 9)]
)


def by_hand(received, days, workdays, stops, calendar):
    """The last day, found by listing every day that counts."""
    counting = []
    day = received
    while len(counting) < days:
        day += timedelta(1)
        works = calendar.is_workday(day) if day.year in calendar.years else day.weekday() < 5
        if any(s.since < day <= s.until for s in stops) or (workdays and not works):
            continue
        counting.append(day)
    return counting[-1]


@pytest.mark.parametrize("workdays", [False, True])
@pytest.mark.parametrize(
    "stops",
    [
        [],
        [Stop(D(2025, 9, 25), D(2025, 9, 30))],
        [Stop(D(2025, 9, 22), D(2025, 9, 22))],
        [Stop(D(2025, 9, 25), D(2025, 10, 12)), Stop(D(2025, 10, 14), D(2025, 10, 20))],
        [Stop(D(2025, 9, 25), D(2025, 10, 12)), Stop(D(2025, 10, 1), D(2025, 10, 20))],
    ],
)
@pytest.mark.parametrize("days", [1, 5, 20, 60])
def test_the_last_day_is_what_counting_gives(days, stops, workdays):
    found = rules.due(D(2025, 9, 22), days, workdays=workdays, stops=stops, calendar=HOLIDAYS)
    assert found.due_on == by_hand(D(2025, 9, 22), days, workdays, stops, HOLIDAYS)


def test_known_last_days():
    plain = Calendar(())
    assert rules.due(D(2026, 1, 31), 60, workdays=False, stops=[], calendar=plain).due_on == D(2026, 4, 1)
    over = rules.due(D(2025, 9, 26), 5, workdays=True, stops=[], calendar=HOLIDAYS)
    assert (over.due_on, over.provisional) == (D(2025, 10, 10), False)  # 28, 29, 30 September, 9, 10 October


def test_a_term_that_runs_into_an_unknown_year_is_provisional():
    found = rules.due(D(2025, 12, 30), 5, workdays=True, stops=[], calendar=HOLIDAYS)
    assert found.provisional
    assert not rules.due(D(2025, 12, 30), 5, workdays=False, stops=[], calendar=HOLIDAYS).provisional
    assert not rules.due(D(2025, 12, 22), 5, workdays=True, stops=[], calendar=HOLIDAYS).provisional


def test_while_the_clock_stands_there_is_no_last_day():
    stops = [Stop(D(2026, 3, 10))]
    found = rules.clock(D(2026, 3, 1), 60, workdays=False, stops=stops, calendar=HOLIDAYS, on=D(2026, 3, 20))
    assert (found.due_on, found.used, found.stopped, found.standing) == (None, 9, 10, True)


def test_used_days_go_on_when_it_is_late():
    found = rules.clock(D(2026, 3, 1), 10, workdays=False, stops=[], calendar=HOLIDAYS, on=D(2026, 3, 16))
    assert (found.due_on, found.used, found.share()) == (D(2026, 3, 11), 15, 150)


def test_acts_by_state():
    assert rules.may("decide", CaseState.EXAMINED) and not rules.may("decide", CaseState.RECEIVED)
    assert rules.may("decide", CaseState.APPLIED, direct=True) and not rules.may("opine", "received", direct=True)
    for act in rules.ACTS:
        assert not rules.may(act, CaseState.ARCHIVED)
        assert act in rules.ACT_TITLES


def test_who_examined_does_not_decide():
    told = {"decider": 1, "examiners": [1, 2], "name": "甲", "opinions": 2}
    assert [f.code for f in rules.may_decide(two_persons=True, trial=False, **told)] == ["CASE.person"]
    assert rules.may_decide(two_persons=True, trial=True, **told) == []
    assert rules.may_decide(two_persons=False, trial=False, **told) == []
    assert rules.may_decide(two_persons=True, trial=False, **{**told, "decider": 3}) == []
    assert [
        f.code for f in rules.may_decide(two_persons=True, trial=False, **{**told, "decider": 3, "opinions": 0})
    ] == ["CASE.opinion"]


def _words(*names):
    return {name: (name, lambda value: "" if value is None else str(value)) for name in names}


def test_two_texts_are_compared():
    seen = {"a": "1", "b": "1", "c": "1", "d": ""}
    found = conflicts.compare(
        seen=seen, changes={"a": "mine", "b": "both"}, stored={"a": "theirs", "b": "both", "c": "2", "d": None},
        words=_words("a", "b", "c", "d"), data={},
    )  # fmt: skip
    assert [(c.name, c.was, c.theirs, c.mine) for c in found.clashes] == [("a", "1", "theirs", "mine")]
    assert [(o.name, o.was, o.theirs) for o in found.others] == [("c", "1", "2")]
    assert found.undecided


@pytest.mark.parametrize(("word", "taken", "aside"), [("mine", {"a": "m"}, {"a": "t"}), ("theirs", {}, {"a": "m"})])
def test_a_choice_decides_and_the_other_text_is_set_aside(word, taken, aside):
    found = conflicts.compare(
        seen={"a": "1"}, changes={"a": "m"}, stored={"a": "t"}, words=_words("a"), data={"keep-a": word}
    )
    assert not found.undecided
    assert found.taken({"a": "m"}) == taken
    assert found.set_aside({"a": "m"}, {"a": "t"}) == aside


def test_a_foreign_word_is_no_choice():
    found = conflicts.compare(
        seen={"a": "1"}, changes={"a": "m"}, stored={"a": "t"}, words=_words("a"), data={"keep-a": "neither"}
    )
    assert found.undecided


def test_what_was_seen_survives_the_form():
    assert conflicts.load(conflicts.dump({"甲": None, "b": 1, "c": True})) == {"甲": None, "b": 1, "c": True}
    assert conflicts.load("no json") == {} and conflicts.load("[1]") == {}
