"""One row per border of every rule about procedures: lawful facts, one step over, how parameters flip both.

Dates are counted by hand from 2026-10-26. The working days of ORG-REG-08 run over the National Day of 2025.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from liaoyuan.core import policy
from liaoyuan.kit.findings import Finding
from liaoyuan.registry.rules.procedure_facts import ProcedureFacts
from tests.registry.bites import Bite, limits

_CLAUSE = "本会根据中国共产党章程的规定，设立中国共产党的组织，开展党的活动。"
_PAPERS = {"party_pledge": True, "party_survey": True}
_HEAD = {"kind": "MF", "changes_head": True, "audited": True}
#: 2025-09-26 is a Friday; the five working days after it are 28, 29, 30 September, 9 and 10 October.
_REGISTERED = {"decided_on": "2025-09-26", "approved": True}

#: What an applicant for the recognition as a charity confirms; taking one away is one step over.
_CHARITY = dict.fromkeys(
    ("charity_purpose", "ratios_kept", "no_distribution", "remainder_clause", "finance_rules"), True
)
BITES: tuple[Bite, ...] = (
    *(Bite("CHA-04", _CHARITY, {name: False}, "block", name, {"CHA-04": False}, variant=name) for name in _CHARITY),
    Bite("ORG-REG-04", {"received_on": "2026-09-09"}, {"received_on": "2026-09-08"}, "warn", "",
         {"decision.warn_percent": 81}, {"decision.warn_percent": 78}),
    Bite("ORG-REG-04", {"received_on": "2026-09-08", "stopped_days": 1}, {"stopped_days": 0}, "warn", "",
         {"decision.days": 61}, {"decision.days": 58}, variant="stopped"),
    Bite("ORG-REG-04", {"received_on": "2026-10-03", "is_charity": True}, {"received_on": "2026-10-02"}, "warn", "",
         {"decision.charity_days": 31}, {"decision.charity_days": 28}, variant="charity"),
    Bite("ORG-REG-04", {"received_on": "2026-08-01", "decided_on": "2026-10-26"}, {"decided_on": None}, "warn", "",
         {"decision.days": 200}, variant="late"),
    Bite("ORG-REG-05", {"kind": "MF", "branches": 0}, {"branches": 1}, "block", "branch_name", {"mf.branches_max": 1},
         {"mf.branches_max": -1}),
    Bite("ORG-REG-06", {"kind": "ST", "regional": False}, {"regional": True}, "block", "regional",
         {"ORG-REG-06": False}),
    Bite("ORG-REG-06", {"kind": "ST", "below_branch": False}, {"below_branch": True}, "block", "below_branch",
         {"ORG-REG-06": False}, variant="sub"),
    Bite("ORG-REG-07", _PAPERS, {"party_survey": False}, "block", "party_survey", {"party_papers.count": 1},
         {"party_papers.count": 3}),
    Bite("ORG-REG-07", _PAPERS, {"party_pledge": False}, "block", "party_pledge", {"party_papers.count": 1}),
    Bite("ORG-REG-08", {**_REGISTERED, "forwarded_on": "2025-10-10"}, {"forwarded_on": "2025-10-11"}, "warn",
         "forwarded_on", {"party_papers.forward_workdays": 6}, {"party_papers.forward_workdays": 4},
         on=date(2025, 10, 20), place="41", variant="forwarded"),
    Bite("ORG-REG-08", {**_REGISTERED, "approved": False}, {"approved": True}, "warn", "forwarded_on",
         {"party_papers.forward_workdays": 6}, on=date(2025, 10, 11), place="41"),
    Bite("ORG-CHG-01", {"kind": "MF", "consented_on": "2026-09-26", "filed_on": "2026-10-26"},
         {"consented_on": "2026-09-25"}, "warn", "consented_on", {"change.days": 31}, {"change.days": 29}),
    Bite("ORG-CHG-02", {"charter_consented_on": "2026-09-26", "filed_on": "2026-10-26"},
         {"charter_consented_on": "2026-09-25"}, "warn", "charter_consented_on", {"charter.days": 31},
         {"charter.days": 29}),
    Bite("ORG-CHG-03", _HEAD, {"audited": False}, "block", "audited", {"ORG-CHG-03": False}),
    Bite("ORG-CHG-03", {"kind": "ST", "re_election": True, "audited": True}, {"audited": False}, "block", "audited",
         {"ORG-CHG-03": False}, variant="election"),
    Bite("ORG-CHG-03", {"kind": "MF", "re_election": True, "audited": False}, {"kind": "JJ"}, "block", "audited",
         {"ORG-CHG-03": False}, variant="kind"),
    Bite("ORG-DER-01", {"liquidated_on": "2026-10-11", "filed_on": "2026-10-26"}, {"liquidated_on": "2026-10-10"},
         "warn", "liquidated_on", {"deregistration.days": 16}, {"deregistration.days": 14}),
    Bite("ORG-IDLE-01", {"kind": "ST", "certified_on": "2025-10-27"}, {"certified_on": "2025-10-26"}, "warn", "",
         {"idle.days": 366}, {"idle.days": 364}),
    Bite("ORG-IDLE-01", {"kind": "JJ", "certified_on": "2015-01-01", "last_activity_on": "2025-10-27"},
         {"last_activity_on": "2025-10-26"}, "warn", "", {"idle.days": 366}, {"idle.days": 364}, variant="since"),
    Bite("GOV-09", {"charter_text": _CLAUSE}, {"charter_text": _CLAUSE.replace("组织", "小组")}, "warn", "charter_text",
         {"charter.party_pattern": "小组"}, {"charter.party_pattern": "党支部"}),
    Bite("GOV-09", {"charter_clause": True}, {"charter_clause": False}, "warn", "charter_clause", {"GOV-09": False},
         variant="ticked"),
)  # fmt: skip


def facts(fields: Mapping[str, Any]) -> ProcedureFacts:
    """The facts of one side of a bite."""
    return ProcedureFacts.from_dict(fields)


def ask(bite: Bite, fields: Mapping[str, Any], what: str, changes: Mapping[str, Any] | None = None) -> list[Finding]:
    """What a moment (or the rule's own code) says of the facts under the shipped or changed parameters."""
    return policy.evaluate(what, facts(fields), limits(bite, changes), bite.on)
