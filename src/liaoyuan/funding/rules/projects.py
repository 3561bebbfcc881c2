"""MID, EXE, FIN and SAN: a running project, its changes, its end (handbook §3.7, §9.3)."""

from datetime import date, timedelta

from liaoyuan.funding.choices.budget import BUDGET_CLASS_TITLES
from liaoyuan.funding.choices.money import AMENDMENT_TITLES, FINAL_GRADE_TITLES, MISCONDUCT_TITLES, FinalGrade
from liaoyuan.funding.rules import shares
from liaoyuan.funding.rules.facts.projects import ClassChange, ProjectFacts
from liaoyuan.kit.dates import add_months, add_years
from liaoyuan.kit.findings import Finding, Limits
from liaoyuan.kit.money import format_yuan

_DAY = timedelta(1)


def day_of(first: date, last: date, percent: int) -> date:
    """The day by which so many percent of the days from `first` to `last`, both counted, are over."""
    days = (last - first).days + 1
    return first + _DAY * max(0, -(-days * percent // 100) - 1)


def mid_check(facts: ProjectFacts, limits: Limits, *, on: date) -> list[Finding]:
    """GV-MID-01: the mid check lies in its window of the project's time."""
    first, last = facts.starts_on, facts.ends_on
    if first is None or last is None or last < first:
        return []
    early, late = limits["gv.mid.window"]
    opens, due = day_of(first, last, early), day_of(first, last, late)
    uses = ("gv.mid.window",)
    checked = facts.mid_checked_on
    if checked is None:
        if on <= due:
            return []
        return [
            limits.finding("GV-MID-01", field="mid_checked_on", uses=uses, first=first.isoformat(),
                           last=last.isoformat(), due=due.isoformat())
        ]  # fmt: skip
    if opens <= checked <= due:
        return []
    return [
        limits.finding("GV-MID-01", field="mid_checked_on", variant="outside", uses=uses, checked=checked.isoformat(),
                       from_day=opens.isoformat(), due=due.isoformat())
    ]  # fmt: skip


def within(facts: ProjectFacts, limits: Limits, *, on: date) -> list[Finding]:
    """GV-EXE-01: an activity in the agreement's time and at its places."""
    found = []
    day, first, last = facts.activity_on, facts.starts_on, facts.ends_on
    if day is not None and first is not None and last is not None and not first <= day <= last:
        found.append(
            limits.finding("GV-EXE-01", field="activity_on", day=day.isoformat(), first=first.isoformat(),
                           last=last.isoformat())
        )  # fmt: skip
    if facts.activity_place and facts.places and not any(place in facts.activity_place for place in facts.places):
        found.append(
            limits.finding("GV-EXE-01", field="activity_place", variant="place", place=facts.activity_place,
                           places="、".join(facts.places))
        )  # fmt: skip
    return found


def amendment(facts: ProjectFacts, limits: Limits, *, on: date) -> list[Finding]:
    """GV-EXE-02: changes that need the host's approval, and those of the budget that are only told."""
    if facts.approved:
        return []
    named = [AMENDMENT_TITLES[kind] for kind in facts.amended if kind in limits["gv.adjust.kinds"]]
    found = []
    if named:
        found.append(limits.finding("GV-EXE-02", field="amended", uses=("gv.adjust.kinds",), kinds="、".join(named)))
    return found + [finding for entry in facts.classes for finding in _class(entry, limits)]


def _class(entry: ClassChange, limits: Limits) -> list[Finding]:
    approved, new = entry.approved_fen, entry.new_fen
    if approved is None or new is None:
        return []
    moved = abs(new - approved)
    steps = (("budget", "gv.adjust.approval_percent"), ("notice", "gv.adjust.free_percent"))
    for variant, key in steps:
        most = limits[key]
        if most is not None and shares.over(moved, approved, most):
            return [
                limits.finding("GV-EXE-02", field="classes", variant=variant, uses=(key,),
                               title=BUDGET_CLASS_TITLES[entry.budget_class], approved=format_yuan(approved),
                               new=format_yuan(new), ratio=shares.told(moved, approved), most=most)
            ]  # fmt: skip
    return []


def photos(facts: ProjectFacts, limits: Limits, *, on: date) -> list[Finding]:
    """GV-EXE-03: one photo, one activity. A hint that is answered, never a verdict."""
    if not facts.same_photos:
        return []
    return [limits.finding("GV-EXE-03", field="same_photos", names="；".join(facts.same_photos))]


def final_papers(facts: ProjectFacts, limits: Limits, *, on: date) -> list[Finding]:
    """GV-FIN-01: the papers of the end so many days after it."""
    if facts.ends_on is None:
        return []
    due = facts.ends_on + _DAY * limits["gv.final.days"]
    received = facts.final_received_on
    told = {"uses": ("gv.final.days",), "field": "final_received_on", "due": due.isoformat()}
    if received is None:
        return [limits.finding("GV-FIN-01", last=facts.ends_on.isoformat(), **told)] if on > due else []
    return (
        [limits.finding("GV-FIN-01", variant="late", received=received.isoformat(), **told)] if received > due else []
    )


def completion(facts: ProjectFacts, limits: Limits, *, on: date) -> list[Finding]:
    """GV-FIN-02: indicators that fall short of what a pass asks for, without a reason."""
    least = limits["gv.final.completion_percent"]
    if not facts.grade or facts.grade == FinalGrade.FAILED or facts.reason:
        return []
    return [
        limits.finding("GV-FIN-02", field="indicators", uses=("gv.final.completion_percent",), indicator=entry.name,
                       percent=entry.reached * 100 // entry.target, least=least, grade=FINAL_GRADE_TITLES[facts.grade])
        for entry in facts.indicators
        if entry.target and entry.reached is not None and entry.reached * 100 < entry.target * least
    ]  # fmt: skip


def unused(facts: ProjectFacts, limits: Limits, *, on: date) -> list[Finding]:
    """GV-FIN-04: money left over is returned or put to an agreed use; after long it is taken back."""
    if not facts.unused_fen:
        return []
    amount, months, since = format_yuan(facts.unused_fen), limits["gv.unused.months"], facts.unused_since
    if since is not None and on >= add_months(since, months):
        return [
            limits.finding("GV-FIN-04", field="unused_fen", variant="old", uses=("gv.unused.months",), amount=amount,
                           since=since.isoformat(), months=months)
        ]  # fmt: skip
    if facts.reuse_agreed or facts.ends_on is None or on <= facts.ends_on:
        return []
    return [limits.finding("GV-FIN-04", field="unused_fen", amount=amount)]


def archive(facts: ProjectFacts, limits: Limits, *, on: date) -> list[Finding]:
    """GV-FIN-05: all papers of the list are there, and an audit of a large grant. Unknown papers are not judged."""
    if facts.papers is None:
        return []
    missing = [paper for paper in limits["gv.archive.papers"] if paper not in facts.papers]
    found = []
    if missing:
        found.append(
            limits.finding("GV-FIN-05", field="papers", uses=("gv.archive.papers",), papers="、".join(missing))
        )
    most = limits["gv.audit.over_fen"]
    if most is not None and facts.grant_fen is not None and facts.grant_fen > most and not facts.audited:
        found.append(
            limits.finding("GV-FIN-05", field="audited", variant="audit", uses=("gv.audit.over_fen",),
                           amount=format_yuan(facts.grant_fen), most=format_yuan(most))
        )  # fmt: skip
    return found


def sanction(facts: ProjectFacts, limits: Limits, *, on: date) -> list[Finding]:
    """GV-SAN-01: how long a ban lasts, and that the record is owed. An officer decides and signs."""
    table = limits["gv.sanction.years"]
    grounds = [kind for kind in facts.misconduct if table.get(kind)]
    if not grounds or facts.misconduct_on is None:
        return []
    years = max(table[kind] for kind in grounds)
    named = "、".join(MISCONDUCT_TITLES[kind] for kind in grounds)
    last = add_years(facts.misconduct_on, years) - _DAY
    found = [
        limits.finding("GV-SAN-01", field="misconduct", uses=("gv.sanction.years",), grounds=named, years=years,
                       first=facts.misconduct_on.isoformat(), last=last.isoformat())
    ]  # fmt: skip
    if facts.credit_recorded is False:
        found.append(limits.finding("GV-SAN-01", field="credit_recorded", variant="credit", grounds=named))
    return found
