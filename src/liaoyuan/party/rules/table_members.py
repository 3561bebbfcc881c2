"""REL, TRN, FEE, COV, INS: functions, facts and worked examples."""

from liaoyuan.party.rules import affiliation, coverage, dues
from liaoyuan.party.rules.asked import ON, Asked, Record
from liaoyuan.party.rules.facts import affiliation as affiliation_facts
from liaoyuan.party.rules.facts import coverage as coverage_facts
from liaoyuan.party.rules.facts import dues as dues_facts

AFFILIATION = Record(
    affiliation_facts.AffiliationFacts, affiliation_facts.AffiliationFacts.from_dict, affiliation_facts.schema
)
DUES = Record(dues_facts.DuesFacts, dues_facts.DuesFacts.from_dict, dues_facts.schema)
COVERAGE = Record(coverage_facts.CoverageFacts, coverage_facts.CoverageFacts.from_dict, coverage_facts.schema)

_DUAL = {"kind": "temporary", "started_on": "2026-05-01"}
_CLAIM = {"claimed": True, "document": "滨组〔2026〕9号"}
_MEMBERS = ("formal", "committed", "probationary", "own_branch", "joint_branch", "area_branch")
_LETTER = {"letter": "滨社工聘〔2026〕1号", "letter_from": "2026-01-01", "letter_until": "2027-12-31"}

ASKED: dict[str, Asked] = {
    "PB-REL-01": Asked(AFFILIATION, affiliation.one_formal, ("open_formal",), (
        ({"open_formal": 1}, ON, ()),
        ({"open_formal": 2}, ON, ("PB-REL-01",)),
        ({"open_formal": 0}, ON, ("PB-REL-01",)),
    )),
    "PB-REL-02": Asked(AFFILIATION, affiliation.move_needed, ("away_since", "moved_on", "transfer_open"), (
        ({"away_since": "2026-04-27"}, ON, ()),
        ({"away_since": "2026-04-26"}, ON, ("PB-REL-02",)),
        ({"away_since": "2026-04-26", "transfer_open": True}, ON, ()),
    )),
    "PB-REL-03": Asked(AFFILIATION, affiliation.letter_valid, ("issued_on", "valid_days", "accepted_on"), (
        ({"issued_on": "2026-07-28", "accepted_on": "2026-08-20"}, ON, ()),
        ({"issued_on": "2026-07-27", "accepted_on": ON}, ON, ("PB-REL-03",)),
        ({"issued_on": "2026-07-28", "accepted_on": "2026-09-20"}, ON, ("PB-REL-03",)),
    )),
    "PB-REL-04": Asked(AFFILIATION, affiliation.receipt, ("issued_on", "accepted_on"), (
        ({"issued_on": "2026-09-27"}, ON, ()),
        ({"issued_on": "2026-09-26"}, ON, ("PB-REL-04",)),
    )),
    "PB-REL-05": Asked(AFFILIATION, affiliation.may_issue, ("issuer", "issuer_may"), (
        ({"issuer": "河埒街道党工委", "issuer_may": True}, ON, ()),
        ({"issuer": "示范联合党支部", "issuer_may": False}, ON, ("PB-REL-05",)),
    )),
    "PB-REL-07": Asked(AFFILIATION, affiliation.dual_end, ("kind", "started_on", "planned_end"), (
        ({**_DUAL, "planned_end": "2026-11-01"}, ON, ()),
        ({**_DUAL, "planned_end": "2026-11-02"}, ON, ("PB-REL-07",)),
        ({**_DUAL, "planned_end": "2026-10-25"}, ON, ("PB-REL-07",)),
        (_DUAL, ON, ("PB-REL-07",)),
    )),
    "PB-REL-08": Asked(AFFILIATION, affiliation.employed, ("employed_since", "formal_here", "transfer_open"), (
        ({"employed_since": "2026-04-27", "formal_here": False}, ON, ()),
        ({"employed_since": "2026-04-26", "formal_here": False}, ON, ("PB-REL-08",)),
    )),
    "PB-REL-09": Asked(AFFILIATION, affiliation.silent, ("last_life_on", "last_dues_on", "known_since"), (
        ({"last_life_on": "2026-05-01", "last_dues_on": "2026-07-27"}, ON, ()),
        ({"last_life_on": "2026-05-01", "last_dues_on": "2026-07-26"}, ON, ("PB-REL-09",)),
    )),
    "PB-TRN-01": Asked(AFFILIATION, affiliation.training, ("training_hours", "is_secretary"), (
        ({"training_hours": 32}, ON, ()),
        ({"training_hours": 31}, ON, ("PB-TRN-01",)),
        ({"training_hours": 32, "is_secretary": True}, ON, ("PB-TRN-01",)),
        ({"training_hours": 0}, "2026-09-30", ()),
    )),
    "PB-FEE-01": Asked(DUES, dues.amount, ("category", "base_fen", "due_fen", "waived"), (
        ({"category": "monthly", "base_fen": 300_000, "due_fen": 1_500}, ON, ()),
        ({"category": "monthly", "base_fen": 300_001, "due_fen": 1_500}, ON, ("PB-FEE-01",)),
        ({"category": "retired", "base_fen": 500_100, "due_fen": 5_001}, ON, ()),
        ({"category": "farmer", "due_fen": 101}, ON, ("PB-FEE-01",)),
    )),
    "PB-FEE-02": Asked(DUES, dues.base, ("category", "base_set_on", "pay_changed_on", "base_signed"), (
        ({"category": "monthly", "base_set_on": "2026-01-05", "base_signed": True}, ON, ()),
        ({"category": "monthly", "base_set_on": "2025-12-31"}, ON, ("PB-FEE-02",)),
    )),
    "PB-FEE-03": Asked(DUES, dues.waiver, ("waived", "branch_agreed_on", "committee_approval"), (
        ({"waived": True, "branch_agreed_on": "2026-09-01", "committee_approval": "滨党〔2026〕3号"}, ON, ()),
        ({"waived": True, "branch_agreed_on": "2026-09-01"}, ON, ("PB-FEE-03",)),
    )),
    "PB-FEE-04": Asked(DUES, dues.first_month, ("admitted_on", "month"), (
        ({"admitted_on": "2026-10-20", "month": "2026-10-01"}, ON, ()),
        ({"admitted_on": "2026-10-20", "month": "2026-09-30"}, ON, ("PB-FEE-04",)),
    )),
    "PB-FEE-05": Asked(DUES, dues.extra, ("extra_fen", "handed_up"), (
        ({"extra_fen": 99_999}, ON, ()),
        ({"extra_fen": 100_000}, ON, ("PB-FEE-05",)),
        ({"extra_fen": 100_000, "handed_up": True}, ON, ()),
    )),
    "PB-COV-01": Asked(COVERAGE, coverage.documented, ("claimed", "document", "document_until"), (
        ({**_CLAIM, "document_until": ON}, ON, ()),
        ({**_CLAIM, "document_until": "2026-10-25"}, ON, ("PB-COV-01",)),
        ({"claimed": True}, ON, ("PB-COV-01",)),
    )),
    "PB-COV-02": Asked(COVERAGE, coverage.uncovered_members, _MEMBERS, (
        ({"formal": 2, "joint_branch": True}, ON, ()),
        ({"formal": 2}, ON, ("PB-COV-02",)),
        ({"formal": 0}, ON, ()),
    )),
    "PB-COV-03": Asked(COVERAGE, coverage.without_members, (*_MEMBERS, "has_instructor"), (
        ({"formal": 0, "has_instructor": True}, ON, ()),
        ({"formal": 0}, ON, ("PB-COV-03",)),
    )),
    "PB-COV-04": Asked(COVERAGE, coverage.denominator, ("counted", "status", "is_shell", "is_filed"), (
        ({"counted": True, "status": "active"}, ON, ()),
        ({"counted": True, "status": "liquidating"}, ON, ("PB-COV-04",)),
        ({"counted": True, "status": "active", "is_shell": True}, ON, ("PB-COV-04",)),
    )),
    "PB-COV-05": Asked(COVERAGE, coverage.never_summed, ("reported", "formal", "dual"), (
        ({"reported": 5, "formal": 5, "dual": 4}, ON, ()),
        ({"reported": 9, "formal": 5, "dual": 4}, ON, ("PB-COV-05",)),
    )),
    "PB-COV-06": Asked(COVERAGE, coverage.in_step, ("point", "answered"), (
        ({"point": "annual", "answered": ["members", "organization", "form", "instructor", "charter"]}, ON, ()),
        ({"point": "annual", "answered": ["members"]}, ON, ("PB-COV-06",)),
        ({"point": "naming"}, ON, ()),
    )),
    "PB-INS-01": Asked(COVERAGE, coverage.assignment, ("letter", "letter_from", "letter_until", "bodies"), (
        ({**_LETTER, "bodies": 5}, ON, ()),
        ({**_LETTER, "bodies": 6}, ON, ("PB-INS-01",)),
        ({"bodies": 1}, ON, ("PB-INS-01",)),
    )),
    "PB-INS-02": Asked(COVERAGE, coverage.visits, ("visits", "assigned_on"), (
        ({"visits": 1}, ON, ()),
        ({"visits": 0}, ON, ("PB-INS-02",)),
        ({"visits": 0}, "2026-10-25", ()),
    )),
}  # fmt: skip
