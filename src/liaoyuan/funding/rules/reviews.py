"""REV and PUB: experts, recusal, sheets, spread, publicity, objections (handbook §3.5, §3.6, §9.3)."""

from datetime import date

from liaoyuan.funding.choices.review import CONFLICT_TITLES, ENDING_CONFLICTS, SCORE_ITEM_TITLES, ConflictKind
from liaoyuan.funding.rules import shares
from liaoyuan.funding.rules.facts.reviews import Conflict, Objection, PublicityFacts, ReviewFacts
from liaoyuan.kit.dates import add_months
from liaoyuan.kit.findings import Finding, Limits

_HUNDREDTHS = 100
WORKDAY = "workday"
UNIT_TITLES: dict[str, str] = {WORKDAY: "个工作日", "day": "日"}
BONUS_TITLES: dict[str, str] = {"matching": "配套资金", "special": "专项加分"}


def after(start: date, days: int, unit: str, limits: Limits) -> date:
    """The last day of a term of so many working days, or of calendar days; counting begins the day after."""
    if unit == WORKDAY:
        return limits.calendar.add_workdays(start, days).date
    return date.fromordinal(start.toordinal() + days)


def experts(facts: ReviewFacts, limits: Limits, *, on: date) -> list[Finding]:
    """GV-REV-01: enough experts, and an odd number of them."""
    count, least = facts.experts, limits["gv.review.experts_min"]
    if count is None:
        return []
    found = []
    if count < least:
        found.append(
            limits.finding("GV-REV-01", field="experts", uses=("gv.review.experts_min",), least=least, count=count)
        )
    if limits["gv.review.odd"] and count % 2 == 0:
        found.append(limits.finding("GV-REV-01", field="experts", variant="odd", uses=("gv.review.odd",), count=count))
    return found


def bars(conflict: Conflict, limits: Limits, on: date) -> date | None:
    """Until which day, not included, a tie bars an expert: `date.max` while it stands; None when it does not bar."""
    if conflict.kind not in limits["gv.recusal.kinds"]:
        return None
    if conflict.ended_on is None or conflict.kind not in ENDING_CONFLICTS:
        return date.max
    key = "gv.recusal.post_months" if conflict.kind == ConflictKind.POST else "gv.recusal.contract_months"
    free_from = add_months(conflict.ended_on, limits[key])
    return free_from if on < free_from else None


def recusal(facts: ReviewFacts, limits: Limits, *, on: date) -> list[Finding]:
    """GV-REV-02: the declaration is signed, and no tie of the handbook's list binds expert and applicant."""
    found = []
    if facts.declared is False:
        found.append(limits.finding("GV-REV-02", field="declared", variant="undeclared"))
    for conflict in facts.conflicts:
        until = bars(conflict, limits, on)
        if until is None:
            continue
        kind = CONFLICT_TITLES[conflict.kind]
        if until == date.max or conflict.ended_on is None:
            found.append(limits.finding("GV-REV-02", field="conflicts", uses=("gv.recusal.kinds",), kind=kind))
            continue
        key = "gv.recusal.post_months" if conflict.kind == ConflictKind.POST else "gv.recusal.contract_months"
        found.append(
            limits.finding("GV-REV-02", field="conflicts", variant="ended", uses=("gv.recusal.kinds", key), kind=kind,
                           ended=conflict.ended_on.isoformat(), months=limits[key],
                           last=date.fromordinal(until.toordinal() - 1).isoformat())
        )  # fmt: skip
    return found


def _item(code: str) -> str:
    return SCORE_ITEM_TITLES.get(code) or BONUS_TITLES.get(code) or code


def sheet(facts: ReviewFacts, limits: Limits, *, on: date) -> list[Finding]:
    """GV-REV-03: every item scored within its range, nothing changed once signed; an empty sheet is not signed."""
    if facts.signed_on is not None and facts.changed and not facts.annulled:
        return [limits.finding("GV-REV-03", field="signed_on", variant="locked", signed=facts.signed_on.isoformat())]
    if not facts.scores and facts.signed_on is None:
        return []
    items, bonus = limits["gv.score.items"], limits["gv.score.bonus"]
    uses = ("gv.score.items", "gv.score.bonus")
    given = {score.item: score.points for score in facts.scores}
    missing = [_item(code) for code in items if given.get(code) is None]
    found = []
    if missing:
        found.append(
            limits.finding("GV-REV-03", field="scores", variant="missing", uses=uses[:1], items="、".join(missing))
        )
    for code, points in given.items():
        most = items.get(code, bonus.get(code))
        if most is None:
            found.append(limits.finding("GV-REV-03", field="scores", variant="unknown", uses=uses, item=_item(code)))
        elif points is not None and points > most * _HUNDREDTHS:
            found.append(
                limits.finding("GV-REV-03", field="scores", variant="range", uses=uses, item=_item(code),
                               points=shares.number(points), most=most)
            )  # fmt: skip
    return found


def summing(facts: ReviewFacts, limits: Limits, *, on: date) -> list[Finding]:
    """GV-REV-04: how ties are broken was fixed beforehand; too few sheets and nothing is dropped."""
    found = []
    if facts.ties_announced is False:
        ties = "、".join(_item(code) for code in limits["gv.rank.ties"])
        found.append(limits.finding("GV-REV-04", field="ties_announced", uses=("gv.rank.ties",), ties=ties))
    drop, count = limits["gv.review.drop_from"], len(facts.totals)
    if drop is not None and 0 < count < drop:
        found.append(
            limits.finding("GV-REV-04", field="totals", variant="few", uses=("gv.review.drop_from",), count=count,
                           least=drop)
        )  # fmt: skip
    return found


def spread(facts: ReviewFacts, limits: Limits, *, on: date) -> list[Finding]:
    """GV-REV-05: totals that lie far apart were talked over."""
    most = limits["gv.review.spread"]
    if len(facts.totals) < 2 or facts.discussed:
        return []
    high, low = max(facts.totals), min(facts.totals)
    if high - low <= most * _HUNDREDTHS:
        return []
    return [
        limits.finding("GV-REV-05", field="totals", uses=("gv.review.spread",), high=shares.number(high),
                       low=shares.number(low), spread=shares.number(high - low), most=most)
    ]  # fmt: skip


def publicity(facts: PublicityFacts, limits: Limits, *, on: date) -> list[Finding]:
    """GV-PUB-01: published, long enough, and over before the list is approved."""
    first, last = facts.published_on, facts.ends_on
    if first is None or last is None:
        return [limits.finding("GV-PUB-01", field="published_on", variant="none")] if facts.projects else []
    days, unit = limits["gv.publicity.days"], limits["gv.publicity.unit"]
    due = after(first, days, unit, limits)
    found = []
    if last < due:
        found.append(
            limits.finding("GV-PUB-01", field="ends_on", uses=("gv.publicity.days", "gv.publicity.unit"),
                           first=first.isoformat(), last=last.isoformat(), days=days, unit=UNIT_TITLES[unit],
                           due=due.isoformat())
        )  # fmt: skip
    if on <= last:
        found.append(limits.finding("GV-PUB-01", field="ends_on", variant="running", last=last.isoformat()))
    return found


def objections(facts: PublicityFacts, limits: Limits, *, on: date) -> list[Finding]:
    """GV-PUB-02: each objection reviewed and answered in time."""
    return [finding for objection in facts.objections for finding in _objection(objection, limits, on)]


def _objection(objection: Objection, limits: Limits, on: date) -> list[Finding]:
    received = objection.received_on
    if received is None or objection.answered_on is not None:
        return []
    unit, found = limits["gv.objection.unit"], []
    due = after(received, limits["gv.objection.days"], unit, limits)
    if objection.reviewed_on is None and on > due:
        found.append(
            limits.finding("GV-PUB-02", field="objections", uses=("gv.objection.days", "gv.objection.unit"),
                           received=received.isoformat(), due=due.isoformat())
        )  # fmt: skip
    final = limits["gv.objection.final_days"]
    if final is not None and on > after(received, final, unit, limits):
        found.append(
            limits.finding("GV-PUB-02", field="objections", variant="final",
                           uses=("gv.objection.final_days", "gv.objection.unit"), received=received.isoformat(),
                           due=after(received, final, unit, limits).isoformat())
        )  # fmt: skip
    return found


def harmless(facts: PublicityFacts, limits: Limits, *, on: date) -> list[Finding]:
    """GV-PUB-03: no column of the list tells what is personal."""
    told = [name for name in facts.columns if any(word in name for word in limits["gv.publicity.hidden"])]
    if not told:
        return []
    return [limits.finding("GV-PUB-03", field="columns", uses=("gv.publicity.hidden",), columns="、".join(told))]
