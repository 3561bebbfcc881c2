"""CHA, FIL-02 and FIL-04: charity, fundraising and its reports, what may be filed (handbook §1.9, §1.11)."""

from datetime import date, timedelta

from liaoyuan.kit.dates import add_months
from liaoyuan.kit.findings import Finding, Limits
from liaoyuan.registry.rules.facts import OrganizationFacts


def not_recognised(facts: OrganizationFacts, limits: Limits, *, on: date) -> list[Finding]:
    """CHA-01: a listed body, or one punished within two years, is not recognised as a charity."""
    found = []
    if facts.credit_status in ("abnormal", "serious"):
        found.append(limits.finding("CHA-01", field="organization", variant="listed"))
    if facts.penalised_on is not None and facts.penalised_on <= on:
        months = limits["charity.penalty_months"]
        free = add_months(facts.penalised_on, months)
        if on < free:
            found.append(
                limits.finding(
                    "CHA-01", field="penalised_on", variant="penalised", uses=("charity.penalty_months",),
                    day=facts.penalised_on.isoformat(), months=months, until=free.isoformat(),
                )
            )  # fmt: skip
    return found


def may_raise(facts: OrganizationFacts, limits: Limits, *, on: date) -> list[Finding]:
    """CHA-02: the qualification, and the plan filed before the start; in an emergency within ten days after it."""
    found = []
    if not facts.public_fundraising:
        found.append(limits.finding("CHA-02", field="organization", variant="qualification"))
    start, filed = facts.campaign_from, facts.plan_filed_on
    if start is None:
        return found
    if not facts.emergency:
        if filed is None or filed > start:
            found.append(limits.finding("CHA-02", field="plan_filed_on", variant="plan", start=start.isoformat()))
        return found
    due = start + timedelta(days=limits["charity.emergency_days"])
    if (filed or on) > due:
        found.append(
            limits.finding(
                "CHA-02", field="plan_filed_on", variant="emergency", uses=("charity.emergency_days",),
                due=due.isoformat(),
            )
        )  # fmt: skip
    return found


def next_report(facts: OrganizationFacts, limits: Limits, *, on: date) -> tuple[str, date] | None:
    """(progress or final, last day) of the report that is to be published next; None when nothing is.

    Progress is owed by a project longer than six months, until it has ended: three months after the start or after the
    last progress. Without an end the project counts as longer once six months have passed.
    """
    start, end = facts.campaign_from, facts.campaign_to
    if start is None or facts.final_report_on is not None or start > on:
        return None
    if end is not None and on > end:
        return "final", add_months(end, limits["charity.report_months"])
    if (end or on) <= add_months(start, limits["charity.long_project_months"]):
        return None
    due = add_months(facts.progress_on or start, limits["charity.report_months"])
    if end is not None and due > end:
        return None
    return "progress", due


def reported(facts: OrganizationFacts, limits: Limits, *, on: date) -> list[Finding]:
    """CHA-03: progress and the full report, each by its last day."""
    told = next_report(facts, limits, on=on)
    if told is None or on <= told[1]:
        return []
    kind, due = told
    if kind == "final" and facts.campaign_to is not None:
        return [
            limits.finding(
                "CHA-03", field="final_report_on", variant="final", uses=("charity.report_months",),
                end=facts.campaign_to.isoformat(), due=due.isoformat(),
            )
        ]  # fmt: skip
    return [
        limits.finding(
            "CHA-03", field="progress_on", variant="progress",
            uses=("charity.report_months", "charity.long_project_months"), due=due.isoformat(),
            long=limits["charity.long_project_months"],
        )
    ]  # fmt: skip


def filed_activity(facts: OrganizationFacts, limits: Limits, *, on: date) -> list[Finding]:
    """FIL-02: a filed body stays in its community or street, takes no fees and makes no profit, as it declares."""
    if facts.kind not in ("BA", ""):
        return []
    told = (("outside_area", "area"), ("charges_fees", "fees"), ("for_profit", "profit"))
    return [limits.finding("FIL-02", field=name, variant=word) for name, word in told if getattr(facts, name)]


def not_filed(facts: OrganizationFacts, limits: Limits, *, on: date) -> list[Finding]:
    """FIL-04: owners' committees and residents' committees are no community bodies to be filed."""
    if facts.kind != "BA":
        return []
    told = [word for word in limits["filing.excluded_words"] or () if word and word in facts.name]
    if not told:
        return []
    return [limits.finding("FIL-04", field="name", uses=("filing.excluded_words",), word=told[0])]
