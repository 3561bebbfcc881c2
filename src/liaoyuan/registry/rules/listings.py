"""LST: the way onto the abnormal list and off it (handbook §1.8). The figures are from knowledge: they warn."""

from datetime import date

from liaoyuan.kit.dates import add_months
from liaoyuan.kit.findings import Finding, Limits
from liaoyuan.registry.rules.annual_facts import ListingFacts


def letters_apart(facts: ListingFacts, limits: Limits, *, on: date) -> list[Finding]:
    """LST-01: the second letter follows the first after a fixed number of days, neither sooner nor later."""
    first, second = facts.first_letter_on, facts.second_letter_on
    if first is None or second is None:
        return []
    least, most = limits["listing.letter_gap_min"], limits["listing.letter_gap_max"]
    days = (second - first).days
    if least <= days <= most:
        return []
    variant, uses = ("", ("listing.letter_gap_min",)) if days < least else ("late", ("listing.letter_gap_max",))
    return [limits.finding("LST-01", field="on", variant=variant, uses=uses, days=days, least=least, most=most)]


def heard_first(facts: ListingFacts, limits: Limits, *, on: date) -> list[Finding]:
    """LST-02: a decision waits until the term for being heard is over, unless the body has spoken."""
    if facts.notice_on is None or facts.decided_on is None or facts.heard_on is not None:
        return []
    last = limits.calendar.add_workdays(facts.notice_on, limits["listing.hearing_workdays"])
    if facts.decided_on > last.date:
        return []
    return [
        limits.finding(
            "LST-02", field="on", variant="provisional" if last.provisional else "",
            uses=("listing.hearing_workdays",), told=facts.notice_on.isoformat(), last=last.date.isoformat(),
            decided=facts.decided_on.isoformat(),
        )
    ]  # fmt: skip


def off_the_abnormal_list(facts: ListingFacts, limits: Limits, *, on: date) -> list[Finding]:
    """LST-03: off the abnormal list on proof of compliance, or after some months when there is nothing to correct."""
    if facts.listed_on is None or facts.removed_on is None or facts.complied or facts.made_up:
        return []
    months = limits["listing.abnormal_months_min"]
    earliest = add_months(facts.listed_on, months)
    if facts.removed_on >= earliest:
        return []
    return [
        limits.finding(
            "LST-03", field="removed_on", uses=("listing.abnormal_months_min",), listed=facts.listed_on.isoformat(),
            months=months, earliest=earliest.isoformat(), removed=facts.removed_on.isoformat(),
        )
    ]  # fmt: skip


def made_up_first(facts: ListingFacts, limits: Limits, *, on: date) -> list[Finding]:
    """LST-04: listed for a missed year, a body comes off once its late report (补报) has a conclusion."""
    if facts.ground != "annual" or facts.made_up is not False:
        return []
    return [limits.finding("LST-04", field="complied")]
