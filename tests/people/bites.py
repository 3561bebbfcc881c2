"""One row per border of every rule about persons: lawful facts, one step over, and how parameters flip both."""

from collections.abc import Mapping
from typing import Any

from liaoyuan.core import policy
from liaoyuan.kit.findings import Finding
from liaoyuan.people.rules.facts import PersonFacts
from tests.registry.bites import Bite, limits

_ST = {"post": "legal", "body_kind": "ST"}
_JJ = {"post": "director", "body_kind": "JJ", "council_count": 6}
_CADRE = {"post": "chair", "body_kind": "ST", "retired_cadre": True, "cadre_approval": "滨组〔2026〕3号"}
_CHARITY = {"post": "legal", "body_kind": "MF", "is_charity": True}
_CARD = {"level": "worker", "number": "20230320001", "approved_on": "2023-06-01"}
_ENTRY = {"level": "worker", "education": "bachelor", "social_work": True, "years": 3}

BITES: tuple[Bite, ...] = (
    Bite("GOV-01", _ST, {"other_associations": ["滨湖区美术家协会"]}, "block", "kind", {"GOV-01": False}),
    Bite("GOV-02", {"post": "legal", "body_kind": "JJ"}, {"other_bodies": ["滨湖区示例中心"]}, "block", "kind",
         {"GOV-02": False}),
    Bite("GOV-02", {"post": "legal", "body_kind": "MF"}, {"other_foundations": ["太湖公益基金会"]}, "block", "kind",
         {"GOV-02": False}, variant="foundation"),
    Bite("GOV-04", {**_JJ, "relatives_count": 2}, {"relatives_count": 3}, "block", "is_relative",
         {"jj.relatives_share": [1, 2]}, {"jj.relatives_share": [1, 4]}),
    Bite("GOV-04", {**_JJ, "public_fundraising": True}, {"relatives_count": 1}, "block", "is_relative",
         {"GOV-04": False}, variant="none"),
    Bite("GOV-04", {**_JJ, "private_money": False}, {"relatives_count": 1}, "block", "is_relative",
         {"GOV-04": False}, variant="none"),
    Bite("GOV-04", {**_JJ, "paid_count": 2}, {"paid_count": 3}, "block", "is_paid", {"jj.paid_share": [1, 2]},
         {"jj.paid_share": [1, 4]}, variant="paid"),
    Bite("GOV-04", {"post": "supervisor", "body_kind": "JJ"}, {"on_council": True}, "block", "kind",
         {"GOV-04": False}, variant="supervisor"),
    Bite("GOV-04", {"post": "supervisor", "body_kind": "JJ"}, {"is_relative": True}, "block", "kind",
         {"GOV-04": False}, variant="relative"),
    Bite("GOV-04", {"post": "chief_supervisor", "body_kind": "JJ"}, {"finance_staff": True}, "block", "kind",
         {"GOV-04": False}, variant="finance"),
    Bite("GOV-06", {**_ST, "birth": "1956-10-26"}, {"birth": "1956-10-25"}, "warn", "age_approval",
         {"officer.age_max": 71}, {"officer.age_max": 69}),
    Bite("GOV-06", {**_ST, "birth": "1950-01-01", "age_approval": "滨民〔2026〕3号"}, {"age_approval": ""}, "warn",
         "age_approval", {"officer.age_max": 77}),
    Bite("GOV-07", _CADRE, {"cadre_approval": ""}, "block", "cadre_approval", {"GOV-07": False}),
    Bite("GOV-07", {**_CADRE, "cadre_posts": 0}, {"cadre_posts": 1}, "block", "is_retired_cadre",
         {"retired_cadre.posts_max": 2}, {"retired_cadre.posts_max": 0}, variant="posts"),
    Bite("GOV-07", {**_CADRE, "term_no": 2}, {"term_no": 3}, "block", "term_no", {"retired_cadre.terms_max": 3},
         {"retired_cadre.terms_max": 1}, variant="terms"),
    Bite("GOV-07", {**_CADRE, "post": "director", "birth": "1956-10-26"}, {"birth": "1956-10-25"}, "block",
         "is_retired_cadre", {"retired_cadre.age_max": 71}, {"retired_cadre.age_max": 69}, variant="age"),
    Bite("GOV-07", {**_CADRE, "paid": False}, {"paid": True}, "block", "is_paid", {"GOV-07": False}, variant="paid"),
    Bite("GOV-08", {"post": "chair", "body_kind": "JJ", "state_staff": False}, {"state_staff": True}, "block",
         "is_state_staff", {"GOV-08": False}),
    Bite("GOV-10", _CHARITY, {"no_capacity": True}, "block", "no_capacity", {"GOV-10": False}),
    Bite("GOV-10", {**_CHARITY, "sentence_ended_on": "2021-10-26"}, {"sentence_ended_on": "2021-10-27"}, "block",
         "sentence_ended_on", {"charity.bar_years": 4}, {"charity.bar_years": 6}, variant="sentence"),
    Bite("GOV-10", {**_CHARITY, "closed_head_on": "2021-10-26"}, {"closed_head_on": "2021-10-27"}, "block", "kind",
         {"charity.bar_years": 4}, {"charity.bar_years": 6}, variant="closed"),
    Bite("SW-01", _CARD, {"number": ""}, "warn", "number", {"SW-01": False}, variant="missing"),
    Bite("SW-01", _CARD, {"approved_on": None}, "warn", "approved_on", {"SW-01": False}, variant="missing"),
    Bite("SW-01", {**_CARD, "registered_on": "2023-06-01"}, {"registered_on": "2023-05-31"}, "warn", "registered_on",
         {"SW-01": False}, variant="order"),
    Bite("SW-01", {**_CARD, "registered_on": "2024-10-27", "registered_until": "2027-10-27"},
         {"registered_until": "2027-10-28"}, "warn", "registered_until", {"certificate.registered_months": 37},
         {"certificate.registered_months": 35}, variant="long"),
    Bite("SW-01", {**_CARD, "registered_until": "2027-01-25"}, {"registered_until": "2027-01-24"}, "warn",
         "registered_until", {"certificate.remind_days": 89}, {"certificate.remind_days": 91}),
    Bite("SW-01", {**_CARD, "registered_until": "2027-01-25"}, {"registered_until": "2026-10-25"}, "warn",
         "registered_until", {"SW-01": False}, variant="over"),
    Bite("SW-02", _ENTRY, {"years": 2}, "info", "years", {"exam.worker_years": {"bachelor": [2, 5]}},
         {"exam.worker_years": {"bachelor": [4, 5]}}),
    Bite("SW-02", {**_ENTRY, "social_work": False, "years": 5}, {"years": 4}, "info", "years",
         {"exam.worker_years": {"bachelor": [3, 4]}}, {"exam.worker_years": {"bachelor": [3, 6]}}),
    Bite("SW-02", {**_ENTRY, "level": "senior", "years": 5, "held": "worker"}, {"education": "college"}, "info",
         "education", {"exam.senior_years": {"college": [5, 5]}}, {"exam.senior_years": {}}, variant="education"),
    Bite("SW-02", {**_ENTRY, "education": "secondary", "years": 6, "held": "assistant"}, {"held": ""}, "info", "held",
         {"SW-02": False}, variant="held"),
    Bite("VOL-03", {"served_on": "2026-10-01", "day_minutes": 1440}, {"day_minutes": 1441}, "block", "hours",
         {"volunteer.day_minutes": 1441}, {"volunteer.day_minutes": 1439}),
    Bite("VOL-03", {"served_on": "2026-10-01", "overlapping": False}, {"overlapping": True}, "block", "started",
         {"VOL-03": False}, variant="overlap"),
    Bite("VOL-06", {"volunteer": "赵*", "consented_on": "2026-10-26"}, {"consented_on": None}, "block", "persons",
         {"VOL-06": False}),
    Bite("VOL-06", {"volunteer": "赵*", "consented_on": "2026-10-26"}, {"consented_on": "2026-10-27"}, "block",
         "persons", {"VOL-06": False}),
    Bite("VOL-06", {"volunteer": "赵*", "consented_on": "2026-03-05", "withdrawn_on": "2026-10-27"},
         {"withdrawn_on": "2026-10-26"}, "block", "persons", {"VOL-06": False}, variant="withdrawn"),
    Bite("PRI-01", {"sensitive": ["手机"], "basis": "contract"}, {"basis": ""}, "block", "basis", {"PRI-01": False}),
    Bite("PRI-01", {"sensitive": ["手机"], "basis": "consent", "consent_no": "同1"}, {"consent_no": ""}, "block",
         "consent_no", {"PRI-01": False}, variant="consent"),
)  # fmt: skip


def facts(fields: Mapping[str, Any]) -> PersonFacts:
    """The facts of one side of a bite."""
    return PersonFacts.from_dict(fields)


def ask(bite: Bite, fields: Mapping[str, Any], what: str, changes: Mapping[str, Any] | None = None) -> list[Finding]:
    """What a moment (or the rule's own code) says of the facts under the shipped or changed parameters."""
    return policy.evaluate(what, facts(fields), limits(bite, changes), bite.on)
