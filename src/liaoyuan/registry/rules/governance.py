"""GOV: council and terms, on declared facts (handbook §1.5)."""

from datetime import date

from liaoyuan.kit.dates import add_years
from liaoyuan.kit.findings import Finding, Limits
from liaoyuan.registry.rules.facts import OrganizationFacts


def foundation_council(facts: OrganizationFacts, limits: Limits, *, on: date) -> list[Finding]:
    """GOV-03: size of a foundation's council, length of its term, meetings of the last year."""
    if facts.kind != "JJ":
        return []
    found = []
    least, most = limits["jj.council_min"], limits["jj.council_max"]
    if facts.council_count is not None and not least <= facts.council_count <= most:
        found.append(
            limits.finding(
                "GOV-03", field="council_count", uses=("jj.council_min", "jj.council_max"),
                count=facts.council_count, least=least, most=most,
            )
        )  # fmt: skip
    years = limits["jj.term_years"]
    if facts.term_from and facts.term_to and facts.term_to > add_years(facts.term_from, years):
        found.append(
            limits.finding(
                "GOV-03", field="term_to", variant="term", uses=("jj.term_years",),
                first=facts.term_from.isoformat(), last=facts.term_to.isoformat(), years=years,
            )
        )  # fmt: skip
    meetings = limits["jj.meetings_min"]
    if facts.meetings_held is not None and facts.meetings_held < meetings:
        found.append(
            limits.finding(
                "GOV-03", field="meetings_held", variant="meetings", uses=("jj.meetings_min",),
                held=facts.meetings_held, least=meetings,
            )
        )  # fmt: skip
    return found


def term_end(facts: OrganizationFacts, limits: Limits, *, on: date) -> list[Finding]:
    """GOV-05: the term ends soon, has ended, or was postponed for too long. An unknown end follows from the start."""
    last = facts.term_to
    uses: tuple[str, ...] = ()
    if last is None and facts.term_from is not None:
        last, uses = add_years(facts.term_from, limits["term.max_years"]), ("term.max_years",)
    if last is None:
        return []
    days = (last - on).days
    if days >= 0:
        if days > max(limits["term.remind_days"], default=-1):
            return []
        uses += ("term.remind_days",)
        return [limits.finding("GOV-05", field="term_to", uses=uses, last=last.isoformat(), days=days)]
    years = limits["term.postpone_years"]
    latest = add_years(last, years)
    uses += ("term.postpone_years",)
    if on <= latest:
        return [
            limits.finding(
                "GOV-05", field="term_to", variant="over", uses=uses, last=last.isoformat(), days=-days,
                latest=latest.isoformat(),
            )
        ]  # fmt: skip
    return [
        limits.finding(
            "GOV-05", field="term_to", variant="late", uses=uses, last=last.isoformat(), years=years,
            latest=latest.isoformat(),
        )
    ]  # fmt: skip
