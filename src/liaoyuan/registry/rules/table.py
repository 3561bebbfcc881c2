"""The register's rules, ready to be entered: each statement with its function, its facts and worked examples.

A statement without a function is a rule whose entity is not built yet: "not yet asked".
"""

from typing import Any

from liaoyuan.core.registries import RuleSpec
from liaoyuan.registry.params.shipped import STATEMENTS
from liaoyuan.registry.rules import annual_table, charity, governance, identity, lifecycle, procedures, ratings, records
from liaoyuan.registry.rules import procedure_facts as of_procedures
from liaoyuan.registry.rules.asked import Asked
from liaoyuan.registry.rules.procedure_facts import ProcedureFacts

_ON = "2026-10-26"


_ST = {"kind": "ST", "code": "51320211MJ60000192"}
_MF = {"kind": "MF", "code": "52320211MJ6000027R"}

ASKED: dict[str, Asked] = {
    "ORG-ID-01": Asked(identity.code_shape, ("kind", "code", "code_as_given"), (
        (_ST, _ON, ()),
        ({"kind": "ST", "code": "51320211MJ6000019"}, _ON, ("ORG-ID-01",)),
        ({"kind": "ST", "code": "51320211MJ600001O2"}, _ON, ("ORG-ID-01",)),
        ({"kind": "ST", "code": ""}, _ON, ("ORG-ID-01",)),
        ({"kind": "BA", "code": ""}, _ON, ()),
    )),
    "ORG-ID-02": Asked(identity.code_check, ("kind", "code"), (
        (_MF, _ON, ()),
        ({"kind": "MF", "code": "52320211MJ6000027T"}, _ON, ("ORG-ID-02",)),
        ({"kind": "MF", "code": "52320211MJ6000028R"}, _ON, ("ORG-ID-02",)),
    )),
    "ORG-ID-03": Asked(identity.code_kind, ("kind", "code"), (
        ({"kind": "JJ", "code": "53320211MJ6000035H"}, _ON, ()),
        ({"kind": "ST", "code": "52320211MJ6000027R"}, _ON, ("ORG-ID-03",)),
        ({"kind": "MF", "code": "91330100799655058B"}, _ON, ("ORG-ID-03",)),
    )),
    "ORG-ID-04": Asked(identity.code_division, ("kind", "code", "registrar_division"), (
        ({**_ST, "registrar_division": "320211"}, _ON, ()),
        ({**_ST, "registrar_division": "320213"}, _ON, ("ORG-ID-04",)),
    )),
    "ORG-ID-05": Asked(
        identity.numbers_unique,
        ("name", "code", "filing_no", "code_holder_name", "filing_holder_name", "same_name_other_code"), (
            ({"name": "滨湖区书法家协会", "code": "51320211MJ60000192"}, _ON, ()),
            ({"code": "51320211MJ60000192", "code_holder_name": "滨湖区美术家协会"}, _ON, ("ORG-ID-05",)),
            ({"name": "滨湖区书法家协会", "same_name_other_code": "51320211MJ60000192"}, _ON, ("ORG-ID-05",)),
        )),
    "ORG-ID-06": Asked(identity.filed_identity, ("kind", "filing_no", "code", "code_as_given"), (
        ({"kind": "BA", "filing_no": "BA-320211-004-2024-0001"}, _ON, ()),
        ({"kind": "BA"}, _ON, ("ORG-ID-06",)),
        ({"kind": "BA", "filing_no": "BA-320211-004-2024-0001", "code": "52320211MJ6000027R"}, _ON, ("ORG-ID-06",)),
    )),
    "ORG-NAME-01": Asked(identity.name_pattern, ("name", "kind", "area_names", "registrar_division"), (
        ({"kind": "ST", "name": "无锡市滨湖区书法家协会", "area_names": ["无锡市滨湖区", "滨湖区"]}, _ON, ()),
        ({"kind": "ST", "name": "太湖书法家协会", "area_names": ["无锡市滨湖区", "滨湖区"]}, _ON, ("ORG-NAME-01",)),
        ({"kind": "MF", "name": "滨湖区服务中心", "area_names": ["滨湖区"]}, _ON, ("ORG-NAME-01",)),
        ({"kind": "ST", "name": "太湖书法家协会", "area_names": ["滨湖区"]}, "2024-04-30", ()),
    )),
    "ORG-NAME-02": Asked(identity.name_words, ("name", "registrar_division"), (
        ({"name": "无锡市滨湖区书法家协会"}, _ON, ()),
        ({"name": "中国太湖书法家协会"}, _ON, ("ORG-NAME-02",)),
        ({"name": "滨湖区国家级书画院"}, _ON, ("ORG-NAME-02",)),
        ({"name": "中国太湖书法家协会"}, "2024-04-30", ()),
    )),
    "ORG-REG-01": Asked(lifecycle.association_members, ("kind", "members_person", "members_unit"), (
        ({"kind": "ST", "members_person": 50}, _ON, ()),
        ({"kind": "ST", "members_unit": 30}, _ON, ()),
        ({"kind": "ST", "members_person": 30, "members_unit": 20}, _ON, ()),
        ({"kind": "ST", "members_person": 29, "members_unit": 20}, _ON, ("ORG-REG-01",)),
        ({"kind": "ST", "members_person": 49}, _ON, ("ORG-REG-01",)),
    )),
    "ORG-REG-02": Asked(lifecycle.association_funds, ("kind", "capital_fen", "registrar_division"), (
        ({"kind": "ST", "capital_fen": 3000000}, _ON, ()),
        ({"kind": "ST", "capital_fen": 2999999}, _ON, ("ORG-REG-02",)),
        ({"kind": "ST", "capital_fen": 3000000, "registrar_division": "100000"}, _ON, ("ORG-REG-02",)),
    )),
    "ORG-REG-03": Asked(
        lifecycle.foundation_fund,
        ("kind", "capital_fen", "capital_paid_in", "public_fundraising", "registrar_division"), (
            ({"kind": "JJ", "capital_fen": 200000000, "capital_paid_in": True}, _ON, ()),
            ({"kind": "JJ", "capital_fen": 200000000, "public_fundraising": True}, _ON, ("ORG-REG-03",)),
            ({"kind": "JJ", "capital_fen": 200000000, "capital_paid_in": False}, _ON, ("ORG-REG-03",)),
        )),
    "ORG-DER-02": Asked(lifecycle.in_liquidation, ("status",), (
        ({"status": "active"}, _ON, ()),
        ({"status": "liquidating"}, _ON, ("ORG-DER-02",)),
    )),
    "GOV-03": Asked(governance.foundation_council, ("kind", "council_count", "term_from", "term_to", "meetings_held"), (
        ({"kind": "JJ", "council_count": 5}, _ON, ()),
        ({"kind": "JJ", "council_count": 26}, _ON, ("GOV-03",)),
        ({"kind": "JJ", "term_from": "2024-03-01", "term_to": "2029-03-02"}, _ON, ("GOV-03",)),
        ({"kind": "ST", "council_count": 60}, _ON, ()),
    )),
    "GOV-05": Asked(governance.term_end, ("term_from", "term_to"), (
        ({"term_to": "2027-04-25"}, _ON, ()),
        ({"term_to": "2027-04-24"}, _ON, ("GOV-05",)),
        ({"term_from": "2020-10-25"}, _ON, ("GOV-05",)),
    )),
    "RAT-01": Asked(ratings.may_apply, ("registered_on", "rating", "rated_on", "rating_until"), (
        ({"registered_on": "2024-10-26"}, _ON, ()),
        ({"registered_on": "2024-10-27"}, _ON, ("RAT-01",)),
        ({"registered_on": "2015-05-04", "rating": "4A", "rating_until": "2026-10-25"}, _ON, ()),
        ({"registered_on": "2015-05-04", "rating": "4A", "rating_until": "2026-10-26"}, _ON, ("RAT-01",)),
    )),
    "RAT-02": Asked(
        ratings.not_rated,
        ("annual_year", "annual_last", "annual_before", "penalised_on", "penalty_open", "investigated",
         "credit_status"), (
            ({"annual_year": 2025, "annual_last": "basically", "annual_before": "qualified"}, _ON, ()),
            ({"annual_year": 2025, "annual_last": "basically", "annual_before": "basically"}, _ON, ("RAT-02",)),
            ({"annual_year": 2025, "annual_last": "missed"}, _ON, ("RAT-02",)),
            ({"penalised_on": "2024-12-31"}, _ON, ()),
            ({"penalised_on": "2025-01-01"}, _ON, ("RAT-02",)),
            ({"credit_status": "abnormal"}, _ON, ("RAT-02",)),
        )),
    "RAT-03": Asked(records.rating_validity, ("rating", "rated_on", "rating_until"), (
        ({"rating": "4A", "rated_on": "2022-10-26"}, _ON, ()),
        ({"rating": "4A", "rated_on": "2022-04-24"}, _ON, ("RAT-03",)),
        ({"rating": "3A", "rating_until": "2026-10-25"}, _ON, ("RAT-03",)),
    )),
    "RAT-04": Asked(ratings.may_lower, ("rating", "annual_year", "annual_last", "annual_before", "penalised_on"), (
        ({"rating": "4A", "annual_year": 2025, "annual_last": "basically", "annual_before": "qualified"}, _ON, ()),
        ({"rating": "4A", "annual_year": 2025, "annual_last": "unqualified"}, _ON, ("RAT-04",)),
        ({"rating": "4A", "annual_year": 2025, "annual_last": "basically", "annual_before": "basically"}, _ON,
         ("RAT-04",)),
        ({"annual_year": 2025, "annual_last": "unqualified"}, _ON, ()),
    )),
    "RAT-05": Asked(ratings.stands_aside, ("interested", "holds_post", "left_on"), (
        ({"left_on": "2024-10-26"}, _ON, ()),
        ({"left_on": "2024-10-27"}, _ON, ("RAT-05",)),
        ({"holds_post": True}, _ON, ("RAT-05",)),
        ({"interested": True}, _ON, ("RAT-05",)),
    )),
    "RAT-06": Asked(ratings.told_in_time, ("decided_on", "notified_on"), (
        ({"decided_on": "2026-10-11"}, _ON, ()),
        ({"decided_on": "2026-10-10"}, _ON, ("RAT-06",)),
        ({"decided_on": "2026-09-01", "notified_on": "2026-09-16"}, _ON, ()),
    )),
    "CRD-01": Asked(records.credit_entry, ("credit_arisen_on", "credit_recorded_on"), (
        ({"credit_arisen_on": "2025-09-26", "credit_recorded_on": "2025-10-10"}, _ON, ()),
        ({"credit_arisen_on": "2025-09-26", "credit_recorded_on": "2025-10-11"}, _ON, ("CRD-01",)),
    )),
    "CRD-02": Asked(records.abnormal_too_long, ("credit_status", "listed_on"), (
        ({"credit_status": "abnormal", "listed_on": "2024-10-27"}, _ON, ()),
        ({"credit_status": "abnormal", "listed_on": "2024-10-26"}, _ON, ("CRD-02",)),
    )),
    "CRD-03": Asked(records.serious_removal, ("credit_status", "listed_on", "last_breach_on", "removed_on"), (
        ({"credit_status": "serious", "listed_on": "2024-10-26", "removed_on": "2026-10-26"}, _ON, ()),
        ({"credit_status": "serious", "listed_on": "2024-10-26", "removed_on": "2026-10-25"}, _ON, ("CRD-03",)),
    )),
    "CRD-04": Asked(records.listed_applies, ("credit_status",), (
        ({"credit_status": "normal"}, _ON, ()),
        ({"credit_status": "serious"}, _ON, ("CRD-04",)),
        ({"credit_status": "abnormal"}, _ON, ("CRD-04",)),
    )),
    "CHA-01": Asked(charity.not_recognised, ("credit_status", "penalised_on"), (
        ({"credit_status": "normal", "penalised_on": "2024-10-26"}, _ON, ()),
        ({"penalised_on": "2024-10-27"}, _ON, ("CHA-01",)),
        ({"credit_status": "abnormal"}, _ON, ("CHA-01",)),
    )),
    "CHA-02": Asked(charity.may_raise, ("public_fundraising", "campaign_from", "plan_filed_on", "emergency"), (
        ({"public_fundraising": True, "campaign_from": "2026-10-26", "plan_filed_on": "2026-10-26"}, _ON, ()),
        ({"public_fundraising": True, "campaign_from": "2026-10-26", "plan_filed_on": "2026-10-27"}, _ON, ("CHA-02",)),
        ({"public_fundraising": True, "campaign_from": "2026-10-16", "emergency": True}, _ON, ()),
        ({"public_fundraising": True, "campaign_from": "2026-10-15", "emergency": True}, _ON, ("CHA-02",)),
        ({"campaign_from": "2026-10-26", "plan_filed_on": "2026-10-20"}, _ON, ("CHA-02",)),
    )),
    "CHA-03": Asked(charity.reported, ("campaign_from", "campaign_to", "progress_on", "final_report_on"), (
        ({"campaign_from": "2026-01-01", "campaign_to": "2026-12-31", "progress_on": "2026-07-26"}, _ON, ()),
        ({"campaign_from": "2026-01-01", "campaign_to": "2026-12-31", "progress_on": "2026-07-25"}, _ON, ("CHA-03",)),
        ({"campaign_from": "2026-04-01", "campaign_to": "2026-10-01"}, _ON, ()),
        ({"campaign_from": "2026-01-01", "campaign_to": "2026-07-25"}, _ON, ("CHA-03",)),
    )),
    "FIL-01": Asked(records.filed_members, ("kind", "member_count", "members_person", "members_unit"), (
        ({"kind": "BA", "member_count": 5}, _ON, ()),
        ({"kind": "BA", "member_count": 4}, _ON, ("FIL-01",)),
    )),
    "FIL-02": Asked(charity.filed_activity, ("kind", "outside_area", "charges_fees", "for_profit"), (
        ({"kind": "BA", "outside_area": False, "charges_fees": False, "for_profit": False}, _ON, ()),
        ({"kind": "BA", "outside_area": True}, _ON, ("FIL-02",)),
        ({"kind": "BA", "charges_fees": True}, _ON, ("FIL-02",)),
    )),
    "FIL-03": Asked(records.filing_validity, ("kind", "registered_on", "filing_until"), (
        ({"kind": "BA", "filing_until": "2026-12-26"}, _ON, ()),
        ({"kind": "BA", "filing_until": "2026-12-25"}, _ON, ("FIL-03",)),
        ({"kind": "BA", "registered_on": "2015-05-04"}, _ON, ()),
    )),
    "FIL-04": Asked(charity.not_filed, ("kind", "name"), (
        ({"kind": "BA", "name": "惠河社区书画社"}, _ON, ()),
        ({"kind": "BA", "name": "惠河苑业主委员会"}, _ON, ("FIL-04",)),
        ({"kind": "ST", "name": "惠河苑业主委员会"}, _ON, ()),
    )),
}  # fmt: skip


_CLAUSE = "本会根据中国共产党章程的规定，设立中国共产党的组织，开展党的活动。"


#: Rules of procedures: they read `ProcedureFacts`.
def _procedure(function: Any, reads: tuple[str, ...], examples: Any) -> Asked:
    """A rule that reads the facts of a procedure."""
    return Asked(function, reads, examples, ProcedureFacts.from_dict, of_procedures.schema)


ASKED_OF_PROCEDURES: dict[str, Asked] = {
    "ORG-REG-04": _procedure(
        procedures.decision_term, ("is_charity", "received_on", "stopped_days", "decided_on"), (
            ({"received_on": "2026-09-09"}, _ON, ()),
            ({"received_on": "2026-09-08"}, _ON, ("ORG-REG-04",)),
            ({"received_on": "2026-09-08", "stopped_days": 1}, _ON, ()),
            ({"received_on": "2026-08-26"}, _ON, ("ORG-REG-04",)),
            ({"received_on": "2026-10-02", "is_charity": True}, _ON, ("ORG-REG-04",)),
        )),
    "ORG-REG-05": _procedure(procedures.no_branches, ("kind", "branches"), (
        ({"kind": "MF", "branches": 0}, _ON, ()),
        ({"kind": "MF", "branches": 1}, _ON, ("ORG-REG-05",)),
        ({"kind": "JJ", "branches": 1}, _ON, ()),
    )),
    "ORG-REG-06": _procedure(procedures.association_branches, ("kind", "regional", "below_branch"), (
        ({"kind": "ST", "regional": False}, _ON, ()),
        ({"kind": "ST", "regional": True}, _ON, ("ORG-REG-06",)),
        ({"kind": "ST", "below_branch": True}, _ON, ("ORG-REG-06",)),
    )),
    "ORG-REG-07": _procedure(procedures.party_papers, ("party_pledge", "party_survey"), (
        ({"party_pledge": True, "party_survey": True}, _ON, ()),
        ({"party_pledge": True, "party_survey": False}, _ON, ("ORG-REG-07",)),
        ({"party_pledge": False, "party_survey": False}, "2016-08-31", ()),
    )),
    "ORG-REG-08": _procedure(procedures.papers_forwarded, ("decided_on", "approved", "forwarded_on"), (
        ({"decided_on": "2026-10-19", "approved": True}, _ON, ()),
        ({"decided_on": "2026-09-01", "approved": True}, _ON, ()),  # holds in Henan only; Binhu is silent
    )),
    "ORG-CHG-01": _procedure(procedures.change_filed, ("kind", "consented_on", "filed_on"), (
        ({"kind": "MF", "consented_on": "2026-09-26", "filed_on": "2026-10-26"}, _ON, ()),
        ({"kind": "MF", "consented_on": "2026-09-25", "filed_on": "2026-10-26"}, _ON, ("ORG-CHG-01",)),
        ({"kind": "JJ", "consented_on": "2026-01-01", "filed_on": "2026-10-26"}, _ON, ()),
    )),
    "ORG-CHG-02": _procedure(procedures.charter_filed, ("charter_consented_on", "filed_on"), (
        ({"charter_consented_on": "2026-09-26", "filed_on": "2026-10-26"}, _ON, ()),
        ({"charter_consented_on": "2026-09-25", "filed_on": "2026-10-26"}, _ON, ("ORG-CHG-02",)),
    )),
    "ORG-CHG-03": _procedure(procedures.audited, ("kind", "changes_head", "re_election", "audited"), (
        ({"kind": "MF", "changes_head": True, "audited": True}, _ON, ()),
        ({"kind": "MF", "changes_head": True, "audited": False}, _ON, ("ORG-CHG-03",)),
        ({"kind": "MF", "re_election": True, "audited": False}, _ON, ()),
        ({"kind": "ST", "re_election": True, "audited": False}, _ON, ("ORG-CHG-03",)),
    )),
    "ORG-DER-01": _procedure(procedures.deregistration_filed, ("liquidated_on", "filed_on"), (
        ({"liquidated_on": "2026-10-11", "filed_on": "2026-10-26"}, _ON, ()),
        ({"liquidated_on": "2026-10-10", "filed_on": "2026-10-26"}, _ON, ("ORG-DER-01",)),
    )),
    "ORG-IDLE-01": _procedure(procedures.idle, ("kind", "certified_on", "last_activity_on"), (
        ({"kind": "ST", "certified_on": "2025-10-27"}, _ON, ()),
        ({"kind": "ST", "certified_on": "2025-10-26"}, _ON, ("ORG-IDLE-01",)),
        ({"kind": "ST", "certified_on": "2015-05-04", "last_activity_on": "2026-01-01"}, _ON, ()),
        ({"kind": "MF", "certified_on": "2015-05-04"}, _ON, ()),
    )),
    "CHA-04": _procedure(
        procedures.charity_conditions,
        ("charity_purpose", "ratios_kept", "no_distribution", "remainder_clause", "finance_rules"), (
            ({"charity_purpose": True, "ratios_kept": True, "finance_rules": True}, _ON, ()),
            ({"charity_purpose": False}, _ON, ("CHA-04",)),
            ({"remainder_clause": False}, _ON, ("CHA-04",)),
            ({}, _ON, ()),
        )),
    "GOV-09": _procedure(procedures.charter_clause, ("charter_clause", "charter_text"), (
        ({"charter_text": _CLAUSE}, _ON, ()),
        ({"charter_text": "本会的宗旨是交流书法。"}, _ON, ("GOV-09",)),
        ({"charter_clause": True}, _ON, ()),
        ({"charter_clause": False}, _ON, ("GOV-09",)),
    )),
}  # fmt: skip


def specs() -> list[RuleSpec]:
    """All rules of the register in the handbook's order."""
    made, live = [], {**ASKED, **ASKED_OF_PROCEDURES, **annual_table.ASKED}
    for statement in STATEMENTS.values():
        asked = live.get(statement.code)
        made.append(
            RuleSpec(
                code=statement.code,
                title=statement.title,
                statement=statement.statement,
                entity=statement.entity,
                moments=statement.moments,
                jurisdiction=statement.jurisdiction,
                messages=statement.messages,
                params=statement.params,
                function=asked.function if asked else None,
                facts=asked.shape(asked.reads) if asked else {},
                examples=asked.examples if asked else (),
                parse=asked.parse if asked else None,
            )
        )
    return made
