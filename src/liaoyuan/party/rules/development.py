"""DEV: when each step may be made at the earliest and must be made at the latest (handbook §2.6).

Days stand under the keys of `STEPS`, besides them `birth`, `reviewed_last` (last half-yearly examination), `publicity`
and `confirm_publicity` (first day of 公示 before the two meetings), `received` and `confirm_received` (the committee
has the papers).
"""

from collections.abc import Mapping
from datetime import date, timedelta

from liaoyuan.kit.dates import add_months, add_years
from liaoyuan.kit.findings import Limits
from liaoyuan.party.rules.steps import STEPS

_DAY = timedelta(days=1)


def next_step(dates: Mapping[str, date]) -> int | None:
    """The first step not yet made whose needs are met; None when all is done. Repeated steps are made once here."""
    return next((number for number in STEPS if STEPS[number].key not in dates and may_be_made(number, dates)), None)


def may_be_made(step: int, dates: Mapping[str, date]) -> bool:
    """Whether all that the step needs has been made."""
    return all(STEPS[need].key in dates for need in STEPS[step].needs)


def probation_end(meeting_on: date, limits: Limits, extended_months: int = 0) -> date:
    """The day on which probation is over: one year from the admitting meeting, and the extension from that day."""
    return add_months(add_months(meeting_on, limits["pb.dev.probation_months"]), extended_months)


def publicity_end(first: date, limits: Limits) -> date:
    """The last day of a publicity: so many working days after its first day; the meeting is held after it."""
    return limits.calendar.add_workdays(first, limits["pb.dev.publicity_workdays"]).date


def window(
    step: int, dates: Mapping[str, date], limits: Limits, *, extended_months: int = 0, special: bool = False
) -> tuple[date | None, date | None]:
    """The earliest and the latest lawful day of a step by the days of the earlier ones.

    The earliest is None while a step that it needs has no day, or where nothing bounds it (step 1 without a birth); the
    latest None where no term runs. `special` gives the longer term of step 17. Raises KeyError for an unknown step.
    """
    if not may_be_made(step, dates):
        return None, None
    floors = [dates[STEPS[need].key] for need in STEPS[step].needs]
    floors += _floors(step, dates, limits, extended_months)
    return max(floors, default=None), _latest(step, dates, limits, extended_months, special=special)


def _floors(step: int, dates: Mapping[str, date], limits: Limits, extended_months: int) -> list[date]:
    """The statutory days before which the step is not made."""
    found = []
    if step == 1 and "birth" in dates:
        found.append(add_years(dates["birth"], limits["pb.dev.age"]))
    if step == 7 and "activist" in dates:
        found.append(add_months(dates["activist"], limits["pb.dev.cultivate_months"]))
    if step in (22, 23) and "meeting" in dates:
        found.append(probation_end(dates["meeting"], limits, extended_months))
    shown = {15: "publicity", 23: "confirm_publicity"}.get(step, "")
    if shown in dates:
        found.append(publicity_end(dates[shown], limits) + _DAY)
    return found


def _latest(
    step: int, dates: Mapping[str, date], limits: Limits, extended_months: int, *, special: bool
) -> date | None:
    """The last day of the term that runs for the step."""
    if step == 6 and "activist" in dates:
        since = max(dates[key] for key in ("activist", "reviewed_last") if key in dates)
        return add_months(since, limits["pb.dev.review_months"])
    if step == 23 and "meeting" in dates:
        return add_months(probation_end(dates["meeting"], limits, extended_months), limits["pb.dev.confirm_months"])
    key, months = {
        2: ("applied", "pb.dev.talk_months"),
        17: ("received", "pb.dev.approval_special_months" if special else "pb.dev.approval_months"),
        24: ("confirm_received", "pb.dev.confirm_approval_months"),
    }.get(step, ("", ""))
    return add_months(dates[key], limits[months]) if key in dates else None
