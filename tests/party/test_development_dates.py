"""Windows of the twenty-five steps against walking day by day, and the vectors of handbook §9.5."""

from dataclasses import fields
from datetime import date, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from liaoyuan.core import policy
from liaoyuan.kit.workdays import Calendar
from liaoyuan.party.rules import development, steps
from liaoyuan.party.rules.facts.development import DevelopmentFacts
from tests.registry.bites import HOLIDAYS

LIMITS = policy.build(policy.shipped_rows(), date(2026, 10, 26), policy.chain("national"), lambda: HOLIDAYS)
DAY = timedelta(days=1)
DAYS = st.dates(date(2016, 1, 1), date(2030, 12, 31))


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or the month's end: walked month by month, day by day."""
    current = day
    for _ in range(months):
        current = current.replace(day=1)
        month = current.month
        while current.month == month:
            current += DAY
    month, found = current.month, current
    while current.month == month and current.day <= day.day:
        found, current = current, current + DAY
    return found


def all_until(step: int, base: date = date(2015, 1, 1)) -> dict[str, date]:
    """Days of all steps before one, long ago."""
    return {steps.STEPS[n].key: base + DAY * n for n in range(1, step)}


@given(DAYS)
def test_an_activist_waits_a_year(day):
    dates = {**all_until(7), "activist": day}
    assert development.window(7, dates, LIMITS)[0] == months_later(day, 12)


@given(DAYS)
def test_probation_is_a_year_from_the_meeting(day):
    assert development.probation_end(day, LIMITS) == months_later(day, 12)
    dates = {**all_until(22), "meeting": day}
    assert development.window(22, dates, LIMITS)[0] == max(months_later(day, 12), dates["oath"])


@given(DAYS, st.integers(6, 12))
def test_an_extension_begins_where_probation_ends(day, months):
    wanted = months_later(months_later(day, 12), months)
    dates = {**all_until(23), "meeting": day}
    told = development.window(23, dates, LIMITS, extended_months=months)
    assert told == (wanted, months_later(wanted, 1))


@given(DAYS)
def test_terms_of_the_committee(day):
    dates = {**all_until(17), "received": day}
    assert development.window(17, dates, LIMITS)[1] == months_later(day, 3)
    assert development.window(17, dates, LIMITS, special=True)[1] == months_later(day, 6)
    dates = {**all_until(24), "confirm_received": day}
    assert development.window(24, dates, LIMITS)[1] == months_later(day, 3)


@given(DAYS)
def test_a_talk_within_a_month(day):
    assert development.window(2, {"applied": day}, LIMITS) == (day, months_later(day, 1))


@given(DAYS, DAYS)
def test_examined_every_half_year(day, last):
    dates = {**all_until(6), "activist": day, "reviewed_last": last}
    assert development.window(6, dates, LIMITS)[1] == months_later(max(day, last), 6)


def is_workday(calendar: Calendar, day: date) -> bool:
    told = calendar.is_workday(day)
    return day.weekday() < 5 if told is None else told


@settings(max_examples=60)
@given(st.dates(date(2025, 8, 1), date(2025, 12, 1)))
def test_the_meeting_comes_after_five_working_days(first):
    """Walked over the holidays of October 2025; the first day of the publicity is not counted."""
    day, left = first, 5
    while left:
        day += DAY
        left -= is_workday(HOLIDAYS, day)
    for step, key in ((15, "publicity"), (23, "confirm_publicity")):
        told = development.window(step, {**all_until(step), key: first}, LIMITS)[0]
        assert told == day + DAY


@given(st.dates(date(1950, 1, 1), date(2010, 12, 31)))
def test_grown_up(birth):
    assert development.window(1, {"birth": birth}, LIMITS)[0] == months_later(birth, 12 * 18)


@pytest.mark.parametrize(
    ("step", "key", "given_on", "earliest", "latest"),
    [
        (7, "activist", "2025-03-01", "2026-03-01", None),
        (22, "meeting", "2024-02-29", "2025-02-28", None),
        (22, "meeting", "2025-02-28", "2026-02-28", None),
        (17, "received", "2026-01-31", None, "2026-04-30"),
    ],
)
def test_vectors_of_the_handbook(step, key, given_on, earliest, latest):
    told = development.window(step, {**all_until(step), key: date.fromisoformat(given_on)}, LIMITS)
    if earliest:
        assert told[0] == date.fromisoformat(earliest)
    assert told[1] == (date.fromisoformat(latest) if latest else None)


def test_the_special_term_of_the_handbook():
    dates = {**all_until(17), "received": date(2026, 1, 31)}
    assert development.window(17, dates, LIMITS, special=True)[1] == date(2026, 7, 31)


@given(st.integers(1, 25), st.data())
def test_no_step_is_earlier_than_what_it_needs(step, data):
    dates = {s.key: data.draw(DAYS) for s in steps.STEPS.values()}
    earliest, _ = development.window(step, dates, LIMITS)
    assert all(earliest >= dates[steps.STEPS[need].key] for need in steps.STEPS[step].needs)


@given(st.integers(2, 25), st.data())
def test_a_step_whose_needs_are_not_made_has_no_window(step, data):
    dates = all_until(26)
    missing = data.draw(st.sampled_from(steps.STEPS[step].needs))
    del dates[steps.STEPS[missing].key]
    assert development.window(step, dates, LIMITS) == (None, None)
    assert not development.may_be_made(step, dates)


def test_one_after_another_all_twenty_five_are_made():
    dates: dict[str, date] = {}
    made = []
    while (step := development.next_step(dates)) is not None:
        made.append(step)
        dates[steps.STEPS[step].key] = date(2020, 1, 1)
    assert made == list(range(1, 26))


@given(st.sets(st.integers(1, 25)))
def test_the_next_step_may_be_made_and_none_before_it(done):
    dates = {steps.STEPS[n].key: date(2020, 1, 1) for n in done}
    told = development.next_step(dates)
    open_ = [n for n in range(1, 26) if n not in done and set(steps.STEPS[n].needs) <= done]
    assert told == min(open_, default=None)


def test_the_steps_are_whole():
    assert [step.number for step in steps.STEPS.values()] == list(range(1, 26))
    assert {step.stage for step in steps.STEPS.values()} == set(steps.STAGE_TITLES) == {1, 2, 3, 4, 5}
    assert [step.stage for step in steps.STEPS.values()] == sorted(step.stage for step in steps.STEPS.values())
    assert all(need < number for number, step in steps.STEPS.items() for need in step.needs)
    facts = {f.name for f in fields(DevelopmentFacts)}
    assert {f"{step.key}_on" for step in steps.STEPS.values()} <= facts


def test_an_unknown_step_is_a_mistake():
    with pytest.raises(KeyError):
        development.window(26, {}, LIMITS)


#: The handbook's table, typed anew: before each step those that it needs.
NEEDS = {
    1: (), 2: (1,), 3: (2,), 4: (3,), 5: (3,), 6: (5,), 7: (4, 6), 8: (7,), 9: (8,), 10: (8,), 11: (8,),
    12: (9, 10, 11), 13: (12,), 14: (13,), 15: (14,), 16: (15,), 17: (16,), 18: (17,), 19: (17,), 20: (19,), 21: (19,),
    22: (20,), 23: (22,), 24: (23,), 25: (18, 24),
}  # fmt: skip
KEYS = (
    "applied", "talked", "activist", "activist_filed", "contacts", "cultivated", "candidate", "candidate_filed",
    "introduced", "reviewed", "trained", "examined", "prereviewed", "form_filled", "meeting", "interviewed", "approved",
    "filed", "assigned", "oath", "probation", "confirm_applied", "confirm_meeting", "confirm_approved", "archived",
)  # fmt: skip


def naive(step: int, on: dict[int, date], marks: dict[str, date], extended: int) -> tuple[date, date | None]:
    """The first and the last lawful day by walking, from a table of its own."""
    first = [on[need] for need in NEEDS[step]]
    last = None
    if step == 2:
        last = months_later(on[1], 1)
    if step == 6:
        last = months_later(max(on[3], marks.get("reviewed_last", on[3])), 6)
    if step == 7:
        first.append(months_later(on[3], 12))
    if step in (22, 23):
        over = months_later(on[15], 12)
        over = months_later(over, extended) if extended else over
        first.append(over)
        last = months_later(over, 1) if step == 23 else None
    shown = {15: "publicity", 23: "confirm_publicity"}.get(step)
    if shown in marks:
        day, left = marks[shown], 5
        while left:
            day += DAY
            left -= is_workday(HOLIDAYS, day)
        first.append(day + DAY)
    key = {17: "received", 24: "confirm_received"}.get(step)
    if key in marks:
        last = months_later(marks[key], 3)
    return max(first), last


MARKS = ("publicity", "received", "confirm_publicity", "confirm_received", "reviewed_last")


@settings(max_examples=150, deadline=None)
@given(
    st.integers(2, 25), st.dates(date(2015, 1, 1), date(2025, 6, 30)), st.lists(st.integers(0, 200), min_size=25,
    max_size=25), st.dictionaries(st.sampled_from(MARKS), st.dates(date(2015, 1, 1), date(2026, 6, 30))),
    st.sampled_from([0, 0, 6, 12]),
)  # fmt: skip
@example(22, date(2024, 2, 29), [0] * 25, {}, 0)
@example(23, date(2024, 2, 29), [0] * 25, {"confirm_publicity": date(2025, 9, 26)}, 6)
@example(7, date(2024, 2, 29), [0] * 25, {}, 0)
@example(17, date(2024, 8, 31), [0] * 25, {"received": date(2024, 11, 30)}, 0)
def test_the_next_step_s_days_equal_a_naive_computation(step, began, gaps, marks, extended):
    """Whatever the days of the earlier steps were."""
    on, day = {}, began
    for number in range(1, 26):
        day += DAY * gaps[number - 1]
        on[number] = day
    dates = {KEYS[number - 1]: on[number] for number in range(1, 26) if number < step or number in NEEDS[step]}
    told = development.window(step, {**dates, **marks}, LIMITS, extended_months=extended)
    assert told == naive(step, on, marks, extended)
    for need in NEEDS[step]:  # without what it needs it has no day at all
        assert development.window(step, {k: v for k, v in dates.items() if k != KEYS[need - 1]}, LIMITS) == (None, None)
