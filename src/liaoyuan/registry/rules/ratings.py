"""RAT: who may apply for a rating, when it may be lowered, who must stand aside, by when it is told (handbook §1.7)."""

from datetime import date, timedelta

from liaoyuan.kit.dates import add_months, add_years
from liaoyuan.kit.findings import Finding, Limits
from liaoyuan.registry.rules.facts import OrganizationFacts

_DAY = timedelta(days=1)


def may_apply(facts: OrganizationFacts, limits: Limits, *, on: date) -> list[Finding]:
    """RAT-01: registered for two years and never rated, or the rating has ended. An unknown beginning says nothing."""
    last = facts.rating_until
    if facts.rating and last is None and facts.rated_on is not None:
        last = add_months(facts.rated_on, limits["rating.valid_months"])
    if facts.rating and last is not None:
        earliest = last + _DAY - timedelta(days=limits["rating.early_days"])
        if on >= earliest:
            return []
        return [
            limits.finding(
                "RAT-01", field="organization", variant="valid", uses=("rating.early_days", "rating.valid_months"),
                level=facts.rating, last=last.isoformat(), earliest=earliest.isoformat(),
            )
        ]  # fmt: skip
    if facts.registered_on is None:
        return []
    years = limits["rating.registered_years"]
    earliest = add_years(facts.registered_on, years)
    if on >= earliest:
        return []
    return [
        limits.finding(
            "RAT-01", field="organization", uses=("rating.registered_years",), years=years,
            registered=facts.registered_on.isoformat(), earliest=earliest.isoformat(),
        )
    ]  # fmt: skip


def not_rated(facts: OrganizationFacts, limits: Limits, *, on: date) -> list[Finding]:
    """RAT-02: the bars of article 7 and, since 2021, the credit lists. Each one that holds is named."""
    found = []

    def tell(variant: str, field: str, uses: tuple[str, ...] = (), **args: object) -> None:
        found.append(limits.finding("RAT-02", field=field, variant=variant, uses=uses, **args))

    if facts.annual_last in ("missed", "unqualified"):
        tell(facts.annual_last, "organization", year=facts.annual_year)
    if _twice_basically(facts):
        tell("basically", "organization", year=facts.annual_year, before=(facts.annual_year or 1) - 1)
    if facts.penalised_on is not None and on.year - 1 <= facts.penalised_on.year and facts.penalised_on <= on:
        tell("penalised", "penalised_on", day=facts.penalised_on.isoformat())
    if facts.penalty_open:
        tell("unexecuted", "penalty_open")
    if facts.investigated:
        tell("investigated", "investigated")
    if facts.credit_status in ("abnormal", "serious") and limits.get("rating.listed_bars", False):
        tell("listed", "organization", ("rating.listed_bars",))
    return found


def may_lower(facts: OrganizationFacts, limits: Limits, *, on: date) -> list[Finding]:
    """RAT-04: what calls for lowering a rating by one level; an officer decides, nothing happens by itself."""
    if not facts.rating:
        return []
    if facts.annual_last == "unqualified":
        return [
            limits.finding("RAT-04", field="rating", variant="unqualified", level=facts.rating, year=facts.annual_year)
        ]
    if _twice_basically(facts):
        year = facts.annual_year or 1
        return [
            limits.finding(
                "RAT-04", field="rating", variant="basically", level=facts.rating, year=year, before=year - 1
            )
        ]
    if facts.penalised_on is not None and facts.penalised_on <= on:
        day = facts.penalised_on.isoformat()
        return [limits.finding("RAT-04", field="rating", variant="penalised", level=facts.rating, day=day)]
    return []


def _twice_basically(facts: OrganizationFacts) -> bool:
    return facts.annual_last == facts.annual_before == "basically"


def stands_aside(facts: OrganizationFacts, limits: Limits, *, on: date) -> list[Finding]:
    """RAT-05: an assessor with an interest, with a post in the body, or who left it less than two years ago."""
    if facts.interested:
        return [limits.finding("RAT-05", field="assessor", variant="interest")]
    if facts.holds_post:
        return [limits.finding("RAT-05", field="assessor", variant="holds")]
    if facts.left_on is None:
        return []
    months = limits["rating.recusal_months"]
    free = add_months(facts.left_on, months)
    if on >= free:
        return []
    return [
        limits.finding(
            "RAT-05", field="assessor", variant="left", uses=("rating.recusal_months",), left=facts.left_on.isoformat(),
            months=months, until=free.isoformat(),
        )
    ]  # fmt: skip


def notice_due(decided_on: date, limits: Limits) -> date:
    """The last day for telling a decision on an appeal in writing; the days count from the decision."""
    return decided_on + timedelta(days=limits["rating.notice_days"])


def told_in_time(facts: OrganizationFacts, limits: Limits, *, on: date) -> list[Finding]:
    """RAT-06: the decision is told in writing within fifteen days after it was taken."""
    if facts.decided_on is None:
        return []
    due = notice_due(facts.decided_on, limits)
    notified = facts.notified_on or on
    if notified <= due:
        return []
    return [
        limits.finding(
            "RAT-06", field="notified_on", uses=("rating.notice_days",), decided=facts.decided_on.isoformat(),
            due=due.isoformat(), notified=notified.isoformat(),
        )
    ]  # fmt: skip
