"""REL and TRN: affiliations, transfers, letters, silence, hours of training (handbook §2.2, §2.7, §2.8)."""

from datetime import date, timedelta

from liaoyuan.kit.dates import add_months
from liaoyuan.kit.findings import Finding, Limits
from liaoyuan.party.choices.members import SORTED
from liaoyuan.party.rules.facts.affiliation import AffiliationFacts


def one_formal(facts: AffiliationFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-REL-01: exactly one open formal affiliation."""
    if facts.open_formal in (None, 1):
        return []
    if facts.open_formal == 0:
        return [limits.finding("PB-REL-01", field="formal", variant="none")]
    return [limits.finding("PB-REL-01", field="formal", count=facts.open_formal)]


def move_needed(facts: AffiliationFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-REL-02: unit or residence changed, or away at one place for so long."""
    if facts.transfer_open:
        return []
    if facts.moved_on is not None and facts.moved_on <= on:
        return [limits.finding("PB-REL-02", field="formal", variant="unit", moved=facts.moved_on.isoformat())]
    months = limits["pb.rel.away_months"]
    if facts.away_since is None or on < add_months(facts.away_since, months):
        return []
    return [
        limits.finding("PB-REL-02", field="formal", uses=("pb.rel.away_months",), since=facts.away_since.isoformat(),
                       months=months)
    ]  # fmt: skip


def letter_end(issued_on: date, valid_days: int | None, limits: Limits) -> date:
    """The last day of a letter: what it says itself, never more than the longest validity."""
    most = limits["pb.rel.letter_days"]
    return issued_on + timedelta(days=most if valid_days is None else min(valid_days, most))


def letter_valid(facts: AffiliationFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-REL-03: a letter is accepted while it is valid; after a month it is noted that it took long."""
    if facts.issued_on is None:
        return []
    issued, accepted = facts.issued_on, facts.accepted_on or on
    last = letter_end(issued, facts.valid_days, limits)
    if accepted > last:
        return [
            limits.finding("PB-REL-03", field="accepted_on", uses=("pb.rel.letter_days",), issued=issued.isoformat(),
                           days=(last - issued).days, last=last.isoformat())
        ]  # fmt: skip
    days = limits["pb.rel.letter_warn_days"]
    if (accepted - issued).days <= days:
        return []
    return [
        limits.finding("PB-REL-03", field="accepted_on", variant="slow", uses=("pb.rel.letter_warn_days",),
                       issued=issued.isoformat(), accepted=accepted.isoformat(), days=days)
    ]  # fmt: skip


def receipt(facts: AffiliationFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-REL-04: no receipt came; the sending branch keeps the duty until the transfer is accepted."""
    if facts.issued_on is None or facts.accepted_on is not None:
        return []
    days = (on - facts.issued_on).days
    if days < min(limits["pb.rel.receipt_days"], default=days + 1):
        return []
    return [
        limits.finding("PB-REL-04", field="accepted_on", uses=("pb.rel.receipt_days",), days=days,
                       issued=facts.issued_on.isoformat())
    ]  # fmt: skip


def may_issue(facts: AffiliationFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-REL-05: letters come from a basic committee that may approve probationers."""
    return [limits.finding("PB-REL-05", field="issuer", issuer=facts.issuer)] if facts.issuer_may is False else []


def dual_end(facts: AffiliationFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-REL-07: a dual affiliation has a planned end, not too far off, and is reviewed after it."""
    if facts.kind not in SORTED or facts.started_on is None:
        return []
    months, uses = limits["pb.rel.dual_months"], ("pb.rel.dual_months",)
    most = add_months(facts.started_on, months).isoformat()
    last = facts.planned_end
    if last is None:
        return [
            limits.finding("PB-REL-07", field="planned_end", variant="missing", uses=uses, months=months, most=most)
        ]
    found = []
    if last > add_months(facts.started_on, months):
        found.append(
            limits.finding("PB-REL-07", field="planned_end", variant="long", uses=uses, last=last.isoformat(),
                           months=months, most=most)
        )  # fmt: skip
    if on > last:
        found.append(limits.finding("PB-REL-07", field="planned_end", last=last.isoformat(), days=(on - last).days))
    return found


def employed(facts: AffiliationFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-REL-08: who has worked here full-time for so long is asked to transfer."""
    months = limits["pb.rel.employed_months"]
    since = facts.employed_since
    if since is None or facts.formal_here is not False or facts.transfer_open or on < add_months(since, months):
        return []
    return [
        limits.finding("PB-REL-08", field="formal", uses=("pb.rel.employed_months",), since=since.isoformat(),
                       months=months)
    ]  # fmt: skip


def silent(facts: AffiliationFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-REL-09: neither life nor dues for months: a talk to hold, later a question for persons, never a verdict.

    Seen by the branch secretary alone (product.md); nothing is opened by it.
    """
    known = [day for day in (facts.last_life_on, facts.last_dues_on, facts.known_since) if day is not None]
    if not known:
        return []
    since = max(known)
    talk, long = limits["pb.rel.silent_months"]
    if on < add_months(since, talk):
        return []
    variant, months = ("long", long) if on >= add_months(since, long) else ("", talk)
    return [
        limits.finding("PB-REL-09", field="life", variant=variant, uses=("pb.rel.silent_months",),
                       since=since.isoformat(), months=months)
    ]  # fmt: skip


def training(facts: AffiliationFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-TRN-01: hours of training of the year, asked from the first reminding day on."""
    key = "pb.trn.secretary_hours" if facts.is_secretary else "pb.trn.hours"
    first = min(limits["pb.trn.from"], default="13-01")
    if facts.training_hours is None or facts.training_hours >= limits[key] or f"{on.month:02}-{on.day:02}" < first:
        return []
    return [
        limits.finding("PB-TRN-01", field="training_hours", uses=(key, "pb.trn.from"), hours=facts.training_hours,
                       least=limits[key])
    ]  # fmt: skip
