"""MTG and DEV-11: organizational life, minutes, attendance and votes (handbook §2.4, §2.5)."""

from calendar import monthrange
from datetime import date, timedelta
from typing import Any

from liaoyuan.kit.findings import Finding, Limits
from liaoyuan.party.choices.life import DecisionKind
from liaoyuan.party.params.meetings import REVIEW_STEP_TITLES
from liaoyuan.party.rules import votes
from liaoyuan.party.rules.facts.meetings import MeetingFacts


def month_of(day: date) -> tuple[date, date]:
    """First and last day of the month in which the day lies."""
    return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])


def quarter_of(day: date) -> tuple[date, date]:
    """First and last day of the quarter in which the day lies."""
    first = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    return first, month_of(date(day.year, first.month + 2, 1))[1]


def _late(facts: MeetingFacts, period: tuple[date, date], on: date, days: int) -> bool:
    """Whether the period ends within `days`, and the branch has been there since its beginning."""
    first, last = period
    whole = facts.active_since is None or facts.active_since <= first
    return whole and on >= last - timedelta(days=days)


def _frequency(
    code: str, held: int | None, period: tuple[date, date], keys: tuple[str, str], facts: MeetingFacts, limits: Limits,
    on: date, field: str, **args: Any,
) -> list[Finding]:  # fmt: skip
    """Too few held when the period is about to end; `keys` are those of the number and of the days before the end."""
    least = limits[keys[0]]
    if held is None or held >= least or not _late(facts, period, on, limits[keys[1]]):
        return []
    return [limits.finding(code, field=field, uses=keys, held=held, least=least, last=period[1].isoformat(), **args)]


def members_meeting(facts: MeetingFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-MTG-01: a meeting of all members in each quarter."""
    keys = ("pb.mtg.members_per_quarter", "pb.mtg.quarter_days")
    return _frequency("PB-MTG-01", facts.members_held, quarter_of(on), keys, facts, limits, on, "members_held")


def committee_meeting(facts: MeetingFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-MTG-02: a committee meets each month; without one nothing is missing."""
    if not facts.has_committee:
        return []
    keys = ("pb.mtg.committee_per_month", "pb.mtg.month_days")
    return _frequency("PB-MTG-02", facts.committees_held, month_of(on), keys, facts, limits, on, "committees_held")


def group_meeting(facts: MeetingFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-MTG-03: groups meet each month; without groups nothing is missing."""
    if not facts.groups:
        return []
    keys = ("pb.mtg.groups_per_month", "pb.mtg.month_days")
    return _frequency("PB-MTG-03", facts.groups_held, month_of(on), keys, facts, limits, on, "groups_held",
                      groups=facts.groups)  # fmt: skip


def lecture(facts: MeetingFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-MTG-04: a lecture each quarter, or what the place asks."""
    keys = ("pb.mtg.lectures_per_quarter", "pb.mtg.quarter_days")
    return _frequency("PB-MTG-04", facts.lectures_held, quarter_of(on), keys, facts, limits, on, "lectures_held")


def theme_day(facts: MeetingFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-MTG-05: a theme day each month."""
    keys = ("pb.mtg.theme_days_per_month", "pb.mtg.month_days")
    return _frequency("PB-MTG-05", facts.theme_days_held, month_of(on), keys, facts, limits, on, "theme_days_held")


def _year(facts: MeetingFacts, limits: Limits, on: date) -> tuple[date, date] | None:
    """The year, once it is asked for: from the day named by the parameter on, for a branch that was there by then."""
    asked = f"{on.month:02}-{on.day:02}" >= limits["pb.mtg.year_from"]
    there = facts.active_since is None or facts.active_since <= date(on.year, 1, 1)
    return (date(on.year, 1, 1), date(on.year, 12, 31)) if asked and there else None


def life_meeting(facts: MeetingFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-MTG-06: the yearly meeting on organizational life."""
    return _yearly("PB-MTG-06", facts.life_held, "pb.mtg.life_per_year", "life_held", facts, limits, on)


def review(facts: MeetingFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-MTG-07: the yearly review of members, with all its steps."""
    found = _yearly("PB-MTG-07", facts.reviews_held, "pb.mtg.reviews_per_year", "reviews_held", facts, limits, on)
    if found or not facts.reviews_held or _year(facts, limits, on) is None:
        return found
    lacking = [step for step in limits["pb.mtg.review_steps"] if step not in facts.review_steps]
    if not lacking:
        return []
    steps = "、".join(REVIEW_STEP_TITLES.get(step, step) for step in lacking)
    return [
        limits.finding("PB-MTG-07", field="review_steps", variant="steps", uses=("pb.mtg.review_steps",), steps=steps)
    ]


def _yearly(
    code: str, held: int | None, key: str, field: str, facts: MeetingFacts, limits: Limits, on: date
) -> list[Finding]:
    year = _year(facts, limits, on)
    if year is None or held is None or held >= limits[key]:
        return []
    return [
        limits.finding(code, field=field, uses=(key, "pb.mtg.year_from"), held=held, least=limits[key],
                       last=year[1].isoformat())
    ]  # fmt: skip


def ordinary_vote(facts: MeetingFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-MTG-08: quorum and majority of a members' meeting, both of E from the roster."""
    return _vote("PB-MTG-08", facts, limits) if facts.decision == DecisionKind.ORDINARY else []


def committee_vote(facts: MeetingFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-MTG-09: quorum and majority of a committee."""
    return _vote("PB-MTG-09", facts, limits) if facts.decision == DecisionKind.COMMITTEE else []


def admission_vote(facts: MeetingFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-DEV-11: quorum and majority of an admission or a confirmation, each person apart."""
    if facts.decision not in (DecisionKind.ADMISSION, DecisionKind.CONFIRMATION):
        return []
    found = _vote("PB-DEV-11", facts, limits)
    if facts.persons is not None and facts.persons > 1:
        found.append(limits.finding("PB-DEV-11", field="persons", variant="each", count=facts.persons))
    return found


def _vote(code: str, facts: MeetingFacts, limits: Limits) -> list[Finding]:
    """What is wrong with a vote that was held: E is not the roster's, too few came, or it was not carried."""
    kind, expected, present = DecisionKind(facts.decision), facts.expected, facts.present
    if expected is None or present is None:
        return []
    if facts.roster is not None and facts.roster != expected:
        return [limits.finding(code, field="expected", variant="roster", expected=expected, roster=facts.roster)]
    quorum_key, yes_key, over_key = votes.parameters(kind)
    told = votes.outcome(kind, expected, present, facts.yes or 0, limits)
    if not told.quorate:
        return [
            limits.finding(code, field="present", uses=(quorum_key, over_key), expected=expected, present=present,
                           quorum=told.quorum)
        ]  # fmt: skip
    if facts.yes is not None and facts.yes > expected:
        return [limits.finding(code, field="yes", variant="many", yes=facts.yes, expected=expected)]
    if not facts.passed or facts.yes is None or told.carried:
        return []
    return [
        limits.finding(code, field="yes", variant="yes", uses=(yes_key,), expected=expected, needed=told.needed,
                       yes=facts.yes)
    ]  # fmt: skip


def minutes(facts: MeetingFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-MTG-10: the minutes are whole so many days after the meeting."""
    if facts.held_on is None or not facts.missing:
        return []
    last = facts.held_on + timedelta(days=limits["pb.mtg.minutes_days"])
    if on <= last:
        return []
    return [
        limits.finding("PB-MTG-10", field="missing", uses=("pb.mtg.minutes_days",), held=facts.held_on.isoformat(),
                       last=last.isoformat(), what="、".join(facts.missing))
    ]  # fmt: skip


def attendance(facts: MeetingFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-MTG-11: present and absent make E, each absence has its reason; with E = 0 nothing is put to the vote."""
    found = []
    expected, present, absent = facts.expected, facts.present, facts.absent
    if None not in (expected, present, absent):
        total = (present or 0) + (absent or 0)
        if total != expected:
            found.append(
                limits.finding("PB-MTG-11", field="present", present=present, absent=absent, total=total,
                               expected=expected)
            )  # fmt: skip
    if facts.absent_unexplained:
        found.append(limits.finding("PB-MTG-11", field="absent", variant="reason", count=facts.absent_unexplained))
    if expected == 0 and facts.decisions:
        found.append(limits.finding("PB-MTG-11", field="decisions", variant="empty"))
    return found
