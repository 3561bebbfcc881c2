"""The days of a round as its figures propose them, in working days."""

from dataclasses import dataclass
from datetime import date, timedelta

from liaoyuan.kit.dates import add_months
from liaoyuan.kit.findings import Limits

#: Days that applications are taken when no figure says so, and working days for each later step (own defaults).
WINDOW_DAYS = 30
_ELIGIBILITY, _REVIEW, _LIST = 10, 20, 3


@dataclass(frozen=True, slots=True)
class Proposed:
    """Days by the fields of a round; `provisional` names those counted in a year whose holidays are not published."""

    days: dict[str, date]
    provisional: frozenset[str]


def propose(opens_on: date, held: Limits) -> Proposed:
    """Propose the days of a round that opens on the day."""
    calendar = held.calendar
    days, unsure = {"opens_on": opens_on}, set()

    def put(name: str, start: date, workdays: int) -> date:
        told = calendar.add_workdays(start, workdays)
        days[name] = told.date
        if told.provisional:
            unsure.add(name)
        return told.date

    closes = calendar.next_workday(opens_on + timedelta(days=WINDOW_DAYS))
    days["closes_on"] = closes.date
    if closes.provisional:
        unsure.add("closes_on")
    eligible = put("eligible_by", closes.date, _ELIGIBILITY)
    review = put("review_by", eligible, _REVIEW)
    first = put("publicity_from", review, _LIST)
    length = int(held.get("gv.publicity.days") or 5)
    if held.get("gv.publicity.unit") == "day":
        days["publicity_to"] = first + timedelta(days=length - 1)
    else:
        put("publicity_to", first, length - 1)
    signed = put("sign_by", days["publicity_to"], int(held.get("gv.sign.workdays") or 15))
    days["runs_from"] = (signed.replace(day=1) + timedelta(days=32)).replace(day=1)
    months = int(held.get("gv.period_max_months") or 12)
    days["runs_to"] = add_months(days["runs_from"], months) - timedelta(days=1)
    return Proposed(days, frozenset(unsure))
