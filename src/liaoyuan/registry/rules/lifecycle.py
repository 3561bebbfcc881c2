"""ORG-REG: members and money at registration, on declared facts; ORG-DER-02 (handbook §1.4)."""

from datetime import date

from liaoyuan.kit.findings import Finding, Limits
from liaoyuan.kit.money import format_yuan
from liaoyuan.registry.rules.facts import OrganizationFacts


def association_members(facts: OrganizationFacts, limits: Limits, *, on: date) -> list[Finding]:
    """ORG-REG-01: enough individual members, or unit members, or of both together. Nothing declared, nothing said."""
    person, unit = facts.members_person, facts.members_unit
    if facts.kind != "ST" or (person is None and unit is None):
        return []
    person, unit = person or 0, unit or 0
    person_min, unit_min, mixed_min = (
        limits["st.members_person"], limits["st.members_unit"], limits["st.members_mixed"],
    )  # fmt: skip
    mixed = person > 0 and unit > 0 and person + unit >= mixed_min
    if person >= person_min or unit >= unit_min or mixed:
        return []
    return [
        limits.finding(
            "ORG-REG-01", field="members_person",
            uses=("st.members_person", "st.members_unit", "st.members_mixed"),
            person=person, unit=unit, person_min=person_min, unit_min=unit_min, mixed_min=mixed_min,
        )
    ]  # fmt: skip


def association_funds(facts: OrganizationFacts, limits: Limits, *, on: date) -> list[Finding]:
    """ORG-REG-02: start money of an association, local or national."""
    if facts.kind != "ST" or facts.capital_fen is None:
        return []
    key = "st.funds_national_fen" if facts.is_national else "st.funds_local_fen"
    return _too_little("ORG-REG-02", key, facts.capital_fen, limits)


def foundation_fund(facts: OrganizationFacts, limits: Limits, *, on: date) -> list[Finding]:
    """ORG-REG-03: original fund of a foundation by its class, paid in cash."""
    if facts.kind != "JJ":
        return []
    found = []
    if facts.capital_fen is not None:
        key = "jj.fund_nonpublic_fen"
        if facts.public_fundraising:
            key = "jj.fund_public_national_fen" if facts.is_national else "jj.fund_public_local_fen"
        found = _too_little("ORG-REG-03", key, facts.capital_fen, limits)
    if facts.capital_paid_in is False:
        found.append(limits.finding("ORG-REG-03", field="capital_fen", variant="paid"))
    return found


def in_liquidation(facts: OrganizationFacts, limits: Limits, *, on: date) -> list[Finding]:
    """ORG-DER-02: a body in liquidation applies for nothing new."""
    return [limits.finding("ORG-DER-02")] if facts.status == "liquidating" else []


def _too_little(code: str, key: str, fen: int, limits: Limits) -> list[Finding]:
    minimum = limits[key]
    if fen >= minimum:
        return []
    return [
        limits.finding(code, field="capital_fen", uses=(key,), funds=format_yuan(fen), minimum=format_yuan(minimum))
    ]
