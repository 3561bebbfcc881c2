"""RAT, CRD and FIL: ratings, credit lists and filings (handbook §1.7, §1.8, §1.11)."""

from datetime import date

from liaoyuan.kit.dates import add_months
from liaoyuan.kit.findings import Finding, Limits
from liaoyuan.registry.rules.facts import OrganizationFacts


def rating_validity(facts: OrganizationFacts, limits: Limits, *, on: date) -> list[Finding]:
    """RAT-03: a rating ends soon or has ended. Without a printed end it follows from the day of the rating."""
    if not facts.rating:
        return []
    last = facts.rating_until
    uses: tuple[str, ...] = ("rating.remind_days",)
    if last is None:
        if facts.rated_on is None:
            return []
        last = add_months(facts.rated_on, limits["rating.valid_months"])
        uses = ("rating.valid_months", *uses)
    days = (last - on).days
    if days > max(limits["rating.remind_days"], default=-1):
        return []
    told = {"level": facts.rating, "last": last.isoformat()}
    if days < 0:
        return [limits.finding("RAT-03", field="rating_until", variant="over", uses=uses[:-1], **told)]
    return [limits.finding("RAT-03", field="rating_until", uses=uses, days=days, **told)]


def credit_entry(facts: OrganizationFacts, limits: Limits, *, on: date) -> list[Finding]:
    """CRD-01: credit information is entered within the working days. A deadline in an unknown year is provisional."""
    arisen = facts.credit_arisen_on
    if arisen is None:
        return []
    recorded = facts.credit_recorded_on or on
    if recorded <= arisen:
        return []
    due = limits.calendar.add_workdays(arisen, limits["credit.entry_workdays"])
    if recorded <= due.date:
        return []
    return [
        limits.finding(
            "CRD-01", field="arisen_on", variant="provisional" if due.provisional else "",
            uses=("credit.entry_workdays",), arisen=arisen.isoformat(), due=due.date.isoformat(),
            recorded=recorded.isoformat(),
        )
    ]  # fmt: skip


def abnormal_too_long(facts: OrganizationFacts, limits: Limits, *, on: date) -> list[Finding]:
    """CRD-02: two years on the abnormal list call for a proposal."""
    if facts.credit_status != "abnormal" or facts.listed_on is None:
        return []
    months = limits["credit.abnormal_months"]
    full = add_months(facts.listed_on, months)
    if on < full:
        return []
    return [
        limits.finding(
            "CRD-02", field="credit_status", uses=("credit.abnormal_months",), listed=facts.listed_on.isoformat(),
            full=full.isoformat(), months=months,
        )
    ]  # fmt: skip


def serious_removal(facts: OrganizationFacts, limits: Limits, *, on: date) -> list[Finding]:
    """CRD-03: the serious list is left only after clean years, counted from the entry or the last breach since."""
    if facts.credit_status != "serious" or facts.listed_on is None:
        return []
    since = max(facts.listed_on, facts.last_breach_on or facts.listed_on)
    months = limits["credit.serious_months"]
    earliest = add_months(since, months)
    removed = facts.removed_on or on
    if removed >= earliest:
        return []
    return [
        limits.finding(
            "CRD-03", field="removed_on", uses=("credit.serious_months",), since=since.isoformat(), months=months,
            earliest=earliest.isoformat(), removed=removed.isoformat(),
        )
    ]  # fmt: skip


def listed_applies(facts: OrganizationFacts, limits: Limits, *, on: date) -> list[Finding]:
    """CRD-04: the serious list bars every application; the abnormal list warns, or bars where a place says so."""
    if facts.credit_status == "serious":
        return [limits.finding("CRD-04", field="credit_status")]
    if facts.credit_status != "abnormal":
        return []
    variant = "barred" if limits["credit.abnormal_bars"] else "abnormal"
    return [limits.finding("CRD-04", field="credit_status", variant=variant, uses=("credit.abnormal_bars",))]


def filed_members(facts: OrganizationFacts, limits: Limits, *, on: date) -> list[Finding]:
    """FIL-01: enough members for a filing; where a place says from when a body may register, it is told so."""
    if facts.kind != "BA":
        return []
    count = facts.member_count if facts.member_count is not None else facts.members_person
    unit = facts.members_unit or 0
    if count is None:
        return []
    least = limits["filing.members_min"]
    if least is not None and count < least:
        return [limits.finding("FIL-01", field="member_count", uses=("filing.members_min",), count=count, least=least)]
    person_from, unit_from = limits["filing.register_person"], limits["filing.register_unit"]
    if (person_from is not None and count >= person_from) or (unit_from is not None and unit >= unit_from):
        return [
            limits.finding(
                "FIL-01", field="member_count", variant="register",
                uses=("filing.register_person", "filing.register_unit"), person=count, unit=unit,
            )
        ]  # fmt: skip
    return []


def filing_validity(facts: OrganizationFacts, limits: Limits, *, on: date) -> list[Finding]:
    """FIL-03: a filing ends soon or has ended; without a printed end and a local figure it is open."""
    if facts.kind != "BA":
        return []
    last = facts.filing_until
    uses: tuple[str, ...] = ("filing.remind_days",)
    months = limits["filing.valid_months"]
    if last is None:
        if months is None or facts.registered_on is None:
            return []
        last = add_months(facts.registered_on, months)
        uses = ("filing.valid_months", *uses)
    days = (last - on).days
    if days > max(limits["filing.remind_days"], default=-1):
        return []
    if days < 0:
        return [limits.finding("FIL-03", field="filing_until", variant="over", uses=uses[:-1], last=last.isoformat())]
    return [limits.finding("FIL-03", field="filing_until", uses=uses, last=last.isoformat(), days=days)]
