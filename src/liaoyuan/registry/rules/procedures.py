"""ORG-REG-04 to 08, ORG-CHG, ORG-DER-01, ORG-IDLE-01, GOV-09, CHA-04: what is said of procedures (handbook §1.4)."""

import re
from datetime import date, timedelta

from liaoyuan.kit.findings import Finding, Limits
from liaoyuan.registry.rules.procedure_facts import ProcedureFacts

_PAPER_TITLES = {"party_pledge": "支持党建工作承诺书", "party_survey": "从业人员党员情况调查表"}


def decision_term(facts: ProcedureFacts, limits: Limits, *, on: date) -> list[Finding]:
    """ORG-REG-04: from 80 % of the term on one is reminded, after it told how late it is. Decided: nothing is said."""
    if facts.received_on is None or facts.decided_on is not None:
        return []
    charity = facts.is_charity is True and "decision.charity_days" in limits
    key = "decision.charity_days" if charity else "decision.days"
    days, percent = int(limits[key]), int(limits["decision.warn_percent"])
    stopped = facts.stopped_days or 0
    due = facts.received_on + timedelta(days=days + stopped)
    used = (on - facts.received_on).days - stopped
    uses = (key, "decision.warn_percent")
    if used > days:
        return [limits.finding("ORG-REG-04", variant="late", uses=(key,), days=days, due=due.isoformat(),
                               over=used - days)]  # fmt: skip
    if used * 100 >= days * percent:
        return [limits.finding("ORG-REG-04", variant="soon", uses=uses, days=days, used=used, percent=percent,
                               due=due.isoformat())]  # fmt: skip
    return []


def no_branches(facts: ProcedureFacts, limits: Limits, *, on: date) -> list[Finding]:
    """ORG-REG-05: a 民办非企业单位 has no branches."""
    if facts.kind != "MF" or facts.branches is None or facts.branches <= limits["mf.branches_max"]:
        return []
    return [limits.finding("ORG-REG-05", field="branch_name", uses=("mf.branches_max",), count=facts.branches,
                           most=limits["mf.branches_max"])]  # fmt: skip


def association_branches(facts: ProcedureFacts, limits: Limits, *, on: date) -> list[Finding]:
    """ORG-REG-06: no regional branch of an association, and no branch of a branch."""
    if facts.kind != "ST":
        return []
    found = []
    if facts.regional is True:
        found.append(limits.finding("ORG-REG-06", field="regional"))
    if facts.below_branch is True:
        found.append(limits.finding("ORG-REG-06", field="below_branch", variant="sub"))
    return found


def party_papers(facts: ProcedureFacts, limits: Limits, *, on: date) -> list[Finding]:
    """ORG-REG-07: a new body brings the pledge and the survey. Both unknown: nothing said."""
    given = {"party_pledge": facts.party_pledge, "party_survey": facts.party_survey}
    if all(value is None for value in given.values()):
        return []
    wanted, count = int(limits["party_papers.count"]), sum(value is True for value in given.values())
    if count >= wanted:
        return []
    missing = [name for name, value in given.items() if value is not True]
    names = "、".join(_PAPER_TITLES[name] for name in missing) or "—"
    field = missing[0] if missing else "party_pledge"
    return [limits.finding("ORG-REG-07", field=field, uses=("party_papers.count",), wanted=wanted, given=count,
                           missing=names)]  # fmt: skip


def papers_forwarded(facts: ProcedureFacts, limits: Limits, *, on: date) -> list[Finding]:
    """ORG-REG-08: the party papers go to the party-building body within working days of the registration."""
    if facts.decided_on is None or facts.approved is not True:
        return []
    days = int(limits["party_papers.forward_workdays"])
    due = limits.calendar.add_workdays(facts.decided_on, days).date.isoformat()
    told = facts.forwarded_on or on
    if told.isoformat() <= due:
        return []
    uses = ("party_papers.forward_workdays",)
    if facts.forwarded_on is None:
        return [limits.finding("ORG-REG-08", field="forwarded_on", uses=uses, days=days, due=due)]
    return [limits.finding("ORG-REG-08", field="forwarded_on", variant="forwarded", uses=uses, days=days, due=due,
                           forwarded=facts.forwarded_on.isoformat())]  # fmt: skip


def _within(
    code: str, key: str, since: date | None, filed: date | None, limits: Limits, field: str, word: str
) -> list[Finding]:
    """An application within so many days of another day."""
    if since is None or filed is None:
        return []
    due = since + timedelta(days=int(limits[key]))
    if filed <= due:
        return []
    return [limits.finding(code, field=field, uses=(key,), due=due.isoformat(), days=limits[key],
                           filed=filed.isoformat(), **{word: since.isoformat()})]  # fmt: skip


def change_filed(facts: ProcedureFacts, limits: Limits, *, on: date) -> list[Finding]:
    """ORG-CHG-01: a change is applied for within 30 days of the supervisor's consent. Foundations have no figure."""
    if facts.kind == "JJ":
        return []
    return _within("ORG-CHG-01", "change.days", facts.consented_on, facts.filed_on, limits, "consented_on", "consented")


def charter_filed(facts: ProcedureFacts, limits: Limits, *, on: date) -> list[Finding]:
    """ORG-CHG-02: an amended charter is sent for approval within 30 days of the supervisor's consent."""
    since = facts.charter_consented_on
    return _within("ORG-CHG-02", "charter.days", since, facts.filed_on, limits, "charter_consented_on", "consented")


def audited(facts: ProcedureFacts, limits: Limits, *, on: date) -> list[Finding]:
    """ORG-CHG-03: audited before a change of the legal representative (all) or a re-election (ST, JJ)."""
    if facts.audited is not False:
        return []
    if facts.changes_head is True:
        return [limits.finding("ORG-CHG-03", field="audited")]
    if facts.re_election is True and facts.kind in ("ST", "JJ"):
        return [limits.finding("ORG-CHG-03", field="audited", variant="election")]
    return []


def deregistration_filed(facts: ProcedureFacts, limits: Limits, *, on: date) -> list[Finding]:
    """ORG-DER-01: deregistration within 15 days of the end of the liquidation."""
    since = facts.liquidated_on
    return _within("ORG-DER-01", "deregistration.days", since, facts.filed_on, limits, "liquidated_on", "ended")


def idle(facts: ProcedureFacts, limits: Limits, *, on: date) -> list[Finding]:
    """ORG-IDLE-01: an association or foundation without a trace of activity for a year after its certificate."""
    if facts.kind not in ("ST", "JJ") or facts.certified_on is None:
        return []
    days = int(limits["idle.days"])
    last = facts.last_activity_on
    if (on - max(facts.certified_on, last or facts.certified_on)).days < days:
        return []
    if last is None:
        return [limits.finding("ORG-IDLE-01", uses=("idle.days",), days=days)]
    return [limits.finding("ORG-IDLE-01", variant="since", uses=("idle.days",), days=days, last=last.isoformat())]


def charter_clause(facts: ProcedureFacts, limits: Limits, *, on: date) -> list[Finding]:
    """GOV-09: the charter carries the party clause: found in its text, or, without a text, confirmed by tick."""
    if facts.charter_text:
        if _found(str(limits["charter.party_pattern"]), facts.charter_text):
            return []
        return [limits.finding("GOV-09", field="charter_text", uses=("charter.party_pattern",))]
    if facts.charter_clause is False:
        return [limits.finding("GOV-09", field="charter_clause", variant="ticked")]
    return []


_CONDITIONS = {
    "charity_purpose": "purpose", "ratios_kept": "ratios", "no_distribution": "distribution",
    "remainder_clause": "remainder", "finance_rules": "finance",
}  # fmt: skip


def charity_conditions(facts: ProcedureFacts, limits: Limits, *, on: date) -> list[Finding]:
    """CHA-04: what an applicant for the recognition as a charity confirms, one finding for each that is missing."""
    return [
        limits.finding("CHA-04", field=name, variant=variant)
        for name, variant in _CONDITIONS.items()
        if getattr(facts, name) is False
    ]


def _found(pattern: str, text: str) -> bool:
    """Whether the pattern occurs; one that is no pattern counts as plain words."""
    plain = re.sub(r"\s+", "", text)
    try:
        return re.search(pattern, plain) is not None
    except re.error:
        return pattern in plain
