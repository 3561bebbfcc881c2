"""One row per border of the rules about annual reports and listing proposals, as in `tests.registry.bites`."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from liaoyuan.core import policy
from liaoyuan.core.registries import rules
from liaoyuan.kit.findings import Finding
from tests.registry.bites import Bite, limits

_MF = {"kind": "MF", "year": 2025, "supervised": True}
_ST = {"kind": "ST", "members_unit": 20, "members_person": 31, "members_total": 51}
#: 2026-08-03 is a Monday; ten working days later it is 2026-08-17.
_TOLD = {"notice_on": "2026-08-03", "decided_on": "2026-08-18"}


def _on(month: int, day: int, year: int = 2026) -> date:
    return date(year, month, day)


BITES: tuple[Bite, ...] = (
    Bite("ANN-01", {**_MF, "supervisor_due": "2026-03-31"}, {"supervisor_due": "2026-03-30"}, "warn",
         "supervisor_due", {"annual.remind_days": [29]}, {"annual.remind_days": [31]}, on=_on(2, 28)),
    Bite("ANN-01", _MF, {"supervised": None, "registrar_due": "2026-03-30"}, "warn", "registrar_due",
         {"annual.remind_days": [29]}, {"annual.supervisor_due": "03-30"}, on=_on(2, 28), variant="direct"),
    Bite("ANN-01", {**_MF, "submitted_on": "2026-03-30"}, {"registrar_due": "2026-05-30"}, "warn", "registrar_due",
         {"annual.remind_days": [29]}, {"annual.registrar_due": "05-30"}, on=_on(4, 30), variant="registrar"),
    Bite("ANN-01", {**_MF, "filed_on": "2026-03-01"}, {"filed_on": None}, "warn", "supervisor_due", {"ANN-01": False},
         on=_on(4, 1), variant="over"),
    Bite("ANN-02", {"kind": "JJ", "year": 2025}, {"registrar_due": "2026-03-30"}, "warn", "registrar_due",
         {"annual.remind_days": [29]}, {"annual.foundation_due": "03-30"}, on=_on(2, 28)),
    Bite("ANN-02", {"kind": "JJ", "year": 2025, "audit_attached": True}, {"audit_attached": False}, "warn", "audit",
         {"ANN-02": False}, on=_on(2, 1), variant="audit"),
    Bite("ANN-03", {"is_charity": True, "track": "charity"}, {"track": "check"}, "block", "track", {"ANN-03": False}),
    Bite("ANN-03", {"is_charity": False, "track": "check"}, {"track": "charity"}, "block", "track", {"ANN-03": False},
         variant="other"),
    Bite("ANN-03", {"is_charity": True, "track": "charity", "financial_attached": True},
         {"financial_attached": False}, "block", "financial", {"ANN-03": False}, variant="financial"),
    Bite("ANN-04", {"kind": "MF", "year": 2025, "registered_on": "2025-06-30"}, {"registered_on": "2025-07-01"}, "info",
         "registered_on", {"annual.cutoff": {"MF": "07-01"}}, {"annual.cutoff": {"MF": "06-29"}}),
    Bite("ANN-04", {"kind": "ST", "year": 2025, "registered_on": "2025-12-31"}, {"registered_on": "2026-01-01"}, "info",
         "registered_on", {"ANN-04": False}, {"annual.cutoff": {"ST": "12-30"}}, variant="ST"),
    Bite("ANN-05", {"kind": "MF", "track": "check", "field": "06", "audit_attached": False}, {"field": "04"}, "block",
         "audit", {"annual.audit_fields": ["05"]}, {"annual.audit_fields": ["06"]}),
    Bite("ANN-06", {"last_result": "qualified", "rectification_attached": False}, {"last_result": "basically"}, "block",
         "rectification", {"ANN-06": False}),
    Bite("ANN-06", {"last_result": "unqualified", "rectification_attached": True}, {"rectification_attached": False},
         "block", "rectification", {"ANN-06": False}, variant="unqualified"),
    Bite("ANN-07", _ST, {"members_total": 50}, "block", "members_total", {"ANN-07": False}),
    Bite("ANN-08", {"missed_years": 0}, {"missed_years": 1}, "info", "", {"annual.missed_abnormal": 2},
         {"annual.missed_abnormal": 0}),
    Bite("ANN-08", {"missed_years": 0}, {"missed_years": 2}, "info", "", {"ANN-08": False}, variant="revocation"),
    Bite("LST-01", {"first_letter_on": "2026-06-01", "second_letter_on": "2026-06-16"},
         {"second_letter_on": "2026-06-15"}, "warn", "on", {"listing.letter_gap_min": 14},
         {"listing.letter_gap_min": 16}),
    Bite("LST-01", {"first_letter_on": "2026-06-01", "second_letter_on": "2026-07-01"},
         {"second_letter_on": "2026-07-02"}, "warn", "on", {"listing.letter_gap_max": 31},
         {"listing.letter_gap_max": 29}, variant="late"),
    Bite("LST-02", _TOLD, {"decided_on": "2026-08-17"}, "warn", "on", {"listing.hearing_workdays": 9},
         {"listing.hearing_workdays": 11}),
    Bite("LST-02", {**_TOLD, "heard_on": "2026-08-05", "decided_on": "2026-08-06"}, {"heard_on": None}, "warn", "on",
         {"listing.hearing_workdays": 2}, variant="heard"),
    Bite("LST-03", {"listed_on": "2026-03-02", "removed_on": "2026-09-02"}, {"removed_on": "2026-09-01"}, "warn",
         "removed_on", {"listing.abnormal_months_min": 5}, {"listing.abnormal_months_min": 7}),
    Bite("LST-03", {"listed_on": "2026-03-02", "removed_on": "2026-03-03", "complied": True}, {"complied": False},
         "warn", "removed_on", {"listing.abnormal_months_min": 0}, variant="complied"),
    Bite("LST-03", {"listed_on": "2026-03-02", "removed_on": "2026-03-03", "made_up": True}, {"made_up": None},
         "warn", "removed_on", {"listing.abnormal_months_min": 0}, variant="made_up"),
    Bite("LST-04", {"ground": "annual", "made_up": True}, {"made_up": False}, "warn", "complied", {"LST-04": False}),
    Bite("LST-04", {"ground": "address", "made_up": False}, {"ground": "annual"}, "warn", "complied",
         {"LST-04": False}, variant="ground"),
)  # fmt: skip


def facts(fields: Mapping[str, Any], code: str) -> Any:
    """The facts of one side of a bite."""
    return rules[code].parse(fields)


def ask(bite: Bite, fields: Mapping[str, Any], what: str, changes: Mapping[str, Any] | None = None) -> list[Finding]:
    """What a moment (or the rule's own code) says of the facts under the shipped or changed parameters."""
    return policy.evaluate(what, facts(fields, bite.rule), limits(bite, changes), bite.on)
