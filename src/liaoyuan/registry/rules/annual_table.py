"""The rules about annual reports and proposals for the lists: their functions, facts and worked examples."""

from collections.abc import Callable, Mapping
from typing import Any

from liaoyuan.registry.rules import annual, listings
from liaoyuan.registry.rules.annual_facts import AnnualFacts, ListingFacts, schema
from liaoyuan.registry.rules.asked import Asked

_ON = "2026-10-26"
_SPRING = "2026-03-01"


def _asked(
    function: Any,
    reads: tuple[str, ...],
    examples: Any,
    parse: Callable[[Mapping[str, Any]], Any] = AnnualFacts.from_dict,
) -> Asked:
    """A rule that reads the facts of an annual report or of a proposal for a list."""
    return Asked(function, reads, examples, parse, schema)


_MF = {"kind": "MF", "year": 2025, "supervised": True}

ASKED: dict[str, Asked] = {
    "ANN-01": _asked(
        annual.reminded,
        ("kind", "year", "supervised", "supervisor_due", "registrar_due", "submitted_on", "filed_on", "concluded"), (
            (_MF, "2026-02-28", ()),
            (_MF, _SPRING, ("ANN-01",)),
            ({**_MF, "submitted_on": "2026-03-02"}, "2026-04-01", ()),
            ({**_MF, "supervisor_due": "2026-04-30"}, "2026-03-30", ()),
            (_MF, "2026-04-01", ("ANN-01",)),
        )),
    "ANN-02": _asked(annual.foundation, ("kind", "year", "registrar_due", "filed_on", "concluded", "audit_attached"), (
        ({"kind": "JJ", "year": 2025}, "2026-02-28", ()),
        ({"kind": "JJ", "year": 2025}, _SPRING, ("ANN-02",)),
        ({"kind": "JJ", "year": 2025, "audit_attached": False}, "2026-02-01", ("ANN-02",)),
    )),
    "ANN-03": _asked(annual.charity, ("is_charity", "track", "financial_attached"), (
        ({"is_charity": True, "track": "charity", "financial_attached": True}, _ON, ()),
        ({"is_charity": True, "track": "check"}, _ON, ("ANN-03",)),
        ({"is_charity": False, "track": "charity"}, _ON, ("ANN-03",)),
    )),
    "ANN-04": _asked(annual.in_scope, ("kind", "year", "registered_on", "cutoff_on"), (
        ({"kind": "MF", "year": 2025, "registered_on": "2025-06-30", "cutoff_on": "2025-06-30"}, _ON, ()),
        ({"kind": "MF", "year": 2025, "registered_on": "2025-07-01", "cutoff_on": "2025-06-30"}, _ON, ("ANN-04",)),
    )),
    "ANN-05": _asked(annual.audited, ("kind", "track", "field", "audit_fields", "audit_attached"), (
        ({"kind": "MF", "field": "04", "audit_fields": ["04", "05"], "audit_attached": True}, _ON, ()),
        ({"kind": "MF", "field": "04", "audit_fields": ["04", "05"], "audit_attached": False}, _ON, ("ANN-05",)),
        ({"kind": "MF", "field": "06", "audit_fields": ["04", "05"], "audit_attached": False}, _ON, ()),
    )),
    "ANN-06": _asked(annual.rectified, ("last_result", "rectification_attached"), (
        ({"last_result": "qualified", "rectification_attached": False}, _ON, ()),
        ({"last_result": "basically", "rectification_attached": False}, _ON, ("ANN-06",)),
    )),
    "ANN-07": _asked(annual.members_add_up, ("kind", "members_unit", "members_person", "members_total"), (
        ({"kind": "ST", "members_unit": 20, "members_person": 31, "members_total": 51}, _ON, ()),
        ({"kind": "ST", "members_unit": 20, "members_person": 31, "members_total": 50}, _ON, ("ANN-07",)),
    )),
    "ANN-08": _asked(annual.missed, ("missed_years",), (
        ({"missed_years": 0}, _ON, ()),
        ({"missed_years": 1}, _ON, ("ANN-08",)),
        ({"missed_years": 2}, _ON, ("ANN-08",)),
    )),
    "LST-01": _asked(listings.letters_apart, ("first_letter_on", "second_letter_on"), (
        ({"first_letter_on": "2026-06-01", "second_letter_on": "2026-06-16"}, _ON, ()),
        ({"first_letter_on": "2026-06-01", "second_letter_on": "2026-06-15"}, _ON, ("LST-01",)),
        ({"first_letter_on": "2026-06-01", "second_letter_on": "2026-07-02"}, _ON, ("LST-01",)),
    ), ListingFacts.from_dict),
    "LST-02": _asked(listings.heard_first, ("notice_on", "heard_on", "decided_on"), (
        ({"notice_on": "2026-08-03", "decided_on": "2026-08-18"}, _ON, ()),
        ({"notice_on": "2026-08-03", "decided_on": "2026-08-17"}, _ON, ("LST-02",)),
        ({"notice_on": "2026-08-03", "heard_on": "2026-08-05", "decided_on": "2026-08-10"}, _ON, ()),
    ), ListingFacts.from_dict),
    "LST-03": _asked(listings.off_the_abnormal_list, ("listed_on", "removed_on", "complied", "made_up"), (
        ({"listed_on": "2026-03-02", "removed_on": "2026-09-02"}, _ON, ()),
        ({"listed_on": "2026-03-02", "removed_on": "2026-09-01"}, _ON, ("LST-03",)),
        ({"listed_on": "2026-03-02", "removed_on": "2026-04-01", "complied": True}, _ON, ()),
        ({"listed_on": "2026-03-02", "removed_on": "2026-04-01", "made_up": True}, _ON, ()),
    ), ListingFacts.from_dict),
    "LST-04": _asked(listings.made_up_first, ("ground", "made_up"), (
        ({"ground": "annual", "made_up": True}, _ON, ()),
        ({"ground": "annual", "made_up": False}, _ON, ("LST-04",)),
        ({"ground": "address", "made_up": False}, _ON, ()),
    ), ListingFacts.from_dict),
}  # fmt: skip
