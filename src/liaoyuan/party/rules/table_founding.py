"""FORM, TMP, OFF, ELE: functions, facts and worked examples."""

from liaoyuan.party.rules import formation, officers
from liaoyuan.party.rules.asked import ON, Asked, Record
from liaoyuan.party.rules.facts import formation as formation_facts
from liaoyuan.party.rules.facts import officers as officer_facts

FORMATION = Record(formation_facts.FormationFacts, formation_facts.FormationFacts.from_dict, formation_facts.schema)
OFFICERS = Record(officer_facts.OfficerFacts, officer_facts.OfficerFacts.from_dict, officer_facts.schema)

_OWN = {"branch_kind": "independent"}
_JOINT = {"branch_kind": "joint"}
_UNITS = {**_JOINT, "units": ["甲中心", "乙中心", "丙中心"], "unit_formal": [2, 2, 1]}
_SIX = ["甲中心", "乙中心", "丙中心", "丁中心", "戊中心", "己中心"]
_TEMPORARY = {"branch_kind": "temporary"}
_COUNTED = ("branch_kind", "formal", "committed", "dual", "transfer_plan")

ASKED: dict[str, Asked] = {
    "PB-FORM-01": Asked(FORMATION, formation.duty, ("has_branch", "formal", "committed", "qualified_on"), (
        ({"has_branch": False, "formal": 2}, ON, ()),
        ({"has_branch": False, "formal": 3, "qualified_on": "2026-09-26"}, ON, ("PB-FORM-01",)),
        ({"has_branch": True, "formal": 3}, ON, ()),
    )),
    "PB-FORM-02": Asked(FORMATION, formation.enough, _COUNTED, (
        ({**_OWN, "formal": 3}, ON, ()),
        ({**_OWN, "formal": 2, "dual": 4}, ON, ("PB-FORM-02",)),
        ({**_OWN, "formal": 0, "committed": 3, "transfer_plan": True}, ON, ()),
        ({**_OWN, "formal": 0, "committed": 3}, ON, ("PB-FORM-02",)),
    )),
    "PB-FORM-03": Asked(FORMATION, formation.size, ("form", "members"), (
        ({"members": 50}, ON, ()),
        ({"members": 51}, ON, ("PB-FORM-03",)),
        ({"form": "general", "members": 50}, ON, ("PB-FORM-03",)),
        ({"form": "general", "members": 51}, ON, ()),
        ({"form": "general", "members": 101}, ON, ("PB-FORM-03",)),
        ({"form": "committee", "members": 101}, ON, ()),
    )),
    "PB-FORM-04": Asked(FORMATION, formation.units, ("branch_kind", "units", "unit_streets", "unit_fields"), (
        ({**_JOINT, "units": _SIX[:5]}, ON, ()),
        ({**_JOINT, "units": _SIX}, ON, ("PB-FORM-04",)),
    )),
    "PB-FORM-05": Asked(
        FORMATION, formation.unit_of_its_own, ("branch_kind", "units", "unit_formal", "unit_committed"), (
            (_UNITS, ON, ()),
            ({**_UNITS, "unit_formal": [3, 2, 1]}, ON, ("PB-FORM-05",)),
            ({**_UNITS, "unit_committed": [0, 1, 0]}, ON, ("PB-FORM-05",)),
        )),
    "PB-FORM-06": Asked(FORMATION, formation.enough_jointly, _COUNTED, (
        ({**_JOINT, "formal": 5}, ON, ()),
        ({**_JOINT, "formal": 2}, ON, ("PB-FORM-06",)),
    )),
    "PB-FORM-07": Asked(FORMATION, formation.one_joint_branch, ("branch_kind", "units_elsewhere"), (
        (_JOINT, ON, ()),
        ({**_JOINT, "units_elsewhere": ["甲中心"]}, ON, ("PB-FORM-07",)),
    )),
    "PB-FORM-08": Asked(FORMATION, formation.reply, ("applied_on", "replied_on"), (
        ({"applied_on": "2026-09-26"}, ON, ()),
        ({"applied_on": "2026-09-25"}, ON, ("PB-FORM-08",)),
        ({"applied_on": "2026-08-01", "replied_on": "2026-09-20"}, ON, ()),
    )),
    "PB-FORM-09": Asked(
        FORMATION, formation.election_follows, ("branch_kind", "in_transfer", "replied_on", "elected_on", "filed_on"), (
            ({"replied_on": "2026-09-26"}, ON, ()),
            ({"replied_on": "2026-09-25"}, ON, ("PB-FORM-09",)),
            ({"replied_on": "2026-09-01", "elected_on": "2026-09-25"}, ON, ("PB-FORM-09",)),
            ({"replied_on": "2026-09-01", "in_transfer": True}, ON, ()),
        )),
    "PB-FORM-10": Asked(
        FORMATION, formation.no_longer_enough,
        ("branch_kind", "formal", "in_transfer", "transfer_due_on", "below_since"), (
            ({"formal": 2, "below_since": "2026-07-29"}, ON, ()),
            ({"formal": 2, "below_since": "2026-07-28"}, ON, ("PB-FORM-10",)),
            ({"formal": 0, "in_transfer": True, "transfer_due_on": ON}, ON, ()),
            ({"formal": 0, "in_transfer": True, "transfer_due_on": "2026-10-25"}, ON, ("PB-FORM-10",)),
        )),
    "PB-TMP-01": Asked(FORMATION, formation.task_branch_acts, ("branch_kind", "act", "in_transfer", "formal"), (
        ({**_OWN, "act": "admission"}, ON, ()),
        ({**_TEMPORARY, "act": "admission"}, ON, ("PB-TMP-01",)),
        ({**_OWN, "act": "dues", "in_transfer": True, "formal": 0}, ON, ("PB-TMP-01",)),
    )),
    "PB-TMP-02": Asked(FORMATION, formation.task_branch_ends, ("branch_kind", "ends_on"), (
        ({**_TEMPORARY, "ends_on": ON}, ON, ()),
        ({**_TEMPORARY, "ends_on": "2026-10-25"}, ON, ("PB-TMP-02",)),
        (_TEMPORARY, ON, ("PB-TMP-02",)),
    )),
    "PB-OFF-01": Asked(OFFICERS, officers.committee, ("formal", "has_committee"), (
        ({"formal": 6, "has_committee": False}, ON, ()),
        ({"formal": 7, "has_committee": False}, ON, ("PB-OFF-01",)),
        ({"formal": 6, "has_committee": True}, ON, ("PB-OFF-01",)),
    )),
    "PB-OFF-02": Asked(OFFICERS, officers.seats, ("has_committee", "seats"), (
        ({"has_committee": True, "seats": 5}, ON, ()),
        ({"has_committee": True, "seats": 7}, ON, ("PB-OFF-02",)),
        ({"has_committee": True, "seats": 8}, ON, ("PB-OFF-02",)),
    )),
    "PB-OFF-03": Asked(OFFICERS, officers.seniority, ("post", "probationary", "confirmed_on", "appointed_on"), (
        ({"post": "secretary", "confirmed_on": "2025-10-26"}, ON, ()),
        ({"post": "secretary", "confirmed_on": "2025-10-27"}, ON, ("PB-OFF-03",)),
        ({"post": "member", "confirmed_on": "2025-10-27"}, ON, ()),
    )),
    "PB-OFF-04": Asked(FORMATION, officers.term, ("term_from", "term_to", "village"), (
        ({"term_from": "2025-01-10"}, ON, ()),
        ({"term_from": "2023-11-25"}, ON, ("PB-OFF-04",)),
        ({"term_from": "2023-11-25", "village": True}, ON, ()),
    )),
    "PB-OFF-05": Asked(OFFICERS, officers.extension, ("term_from", "term_to", "village", "asked_to", "approval"), (
        ({"term_to": "2026-11-25", "asked_to": "2027-11-25", "approval": "滨组〔2026〕9号"}, ON, ()),
        ({"term_to": "2026-11-25", "asked_to": "2027-11-26", "approval": "滨组〔2026〕9号"}, ON, ("PB-OFF-05",)),
        ({"term_to": "2026-11-25", "asked_to": "2027-05-25"}, ON, ("PB-OFF-05",)),
    )),
    "PB-ELE-01": Asked(OFFICERS, officers.candidates, ("has_committee", "seats", "candidates"), (
        ({"has_committee": True, "seats": 3, "candidates": 4}, ON, ()),
        ({"has_committee": True, "seats": 7, "candidates": 8}, ON, ("PB-ELE-01",)),
    )),
    "PB-ELE-02": Asked(OFFICERS, officers.attendance, ("expected", "roster", "present"), (
        ({"expected": 8, "present": 7}, ON, ()),
        ({"expected": 8, "present": 6}, ON, ("PB-ELE-02",)),
        ({"expected": 8, "roster": 9, "present": 8}, ON, ("PB-ELE-02",)),
    )),
    "PB-ELE-03": Asked(OFFICERS, officers.elected, ("expected", "present", "yes", "issued", "returned"), (
        ({"expected": 8, "present": 8, "yes": 5, "issued": 8, "returned": 8}, ON, ()),
        ({"expected": 8, "present": 8, "yes": 4}, ON, ("PB-ELE-03",)),
        ({"issued": 8, "returned": 9}, ON, ("PB-ELE-03",)),
    )),
    "PB-ELE-04": Asked(OFFICERS, officers.electors, ("voters_probationary", "voters_barred", "voters_elsewhere"), (
        ({"voters_probationary": 0, "voters_barred": 0, "voters_elsewhere": 0}, ON, ()),
        ({"voters_probationary": 1}, ON, ("PB-ELE-04",)),
    )),
    "PB-REL-06": Asked(OFFICERS, officers.participation, ("affiliation", "post", "how", "in_transfer"), (
        ({"affiliation": "formal", "post": "secretary"}, ON, ()),
        ({"affiliation": "temporary", "post": "member"}, ON, ("PB-REL-06",)),
        ({"affiliation": "temporary", "post": "secretary", "how": "appointed", "in_transfer": True}, ON, ()),
    )),
}  # fmt: skip
