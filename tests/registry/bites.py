"""One row per border of every live rule: lawful facts, the same facts one step over, and how parameters flip both.

Used by the rule tests here and, through `fields`, by tests that drive the page, the API and the import: the facts are
named as the fields of an import row. `LAWFUL_ST`, `LAWFUL_MF`, `LAWFUL_JJ`, `LAWFUL_BA` are whole lawful bodies, so
that one step over the border gives exactly one finding at a moment.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

from liaoyuan.core import policy
from liaoyuan.core.models import Parameter, User
from liaoyuan.core.registries import rules
from liaoyuan.kit.findings import Finding, Limits
from liaoyuan.kit.workdays import Calendar
from liaoyuan.registry.rules.facts import OrganizationFacts

ON = date(2026, 10, 26)
_AREA = {"registrar_division": "320211", "area_names": ["无锡市滨湖区", "滨湖区"]}
LAWFUL_ST = {
    "name": "无锡市滨湖区书法家协会", "kind": "ST", "code": "51320211MJ60000192", "members_person": 50,
    "capital_fen": 3_000_000, **_AREA,
}  # fmt: skip
LAWFUL_MF = {
    "name": "无锡市滨湖区燎原社会工作服务中心", "kind": "MF", "code": "52320211MJ6000027R",
    "capital_fen": 3_000_000, **_AREA,
}  # fmt: skip
LAWFUL_JJ = {
    "name": "无锡市滨湖区太湖公益基金会", "kind": "JJ", "code": "53320211MJ6000035H", "capital_fen": 200_000_000,
    "council_count": 5, "term_from": "2024-03-01", "term_to": "2029-03-01", **_AREA,
}  # fmt: skip
LAWFUL_BA = {
    "name": "惠河社区书画社", "kind": "BA", "filing_no": "BA-320211-004-2024-0001", "member_count": 5, **_AREA,
}  # fmt: skip

#: The two holidays that the credit example runs over; days not listed are Monday to Friday.
HOLIDAYS = Calendar(
    [(date(2025, 9, 28), True, "国庆节调休"), (date(2025, 10, 11), True, "国庆节调休")]
    + [(date(2025, 10, day), False, "国庆节") for day in range(1, 9)]
)


@dataclass(frozen=True)
class Bite:
    """One border. `loosened` parameters make `over` lawful, `tightened` ones make `lawful` bite; a rule without a
    figure has only its switch. `severity` is what the shipped parameters of Binhu give, `at` overrides it by moment.
    """

    rule: str
    lawful: Mapping[str, Any]
    step: Mapping[str, Any]
    severity: str
    field: str
    loosened: Mapping[str, Any]
    tightened: Mapping[str, Any] | None = None
    on: date = ON
    place: str = "binhu"
    at: Mapping[str, str] = field(default_factory=dict)
    variant: str = ""

    @property
    def over(self) -> dict[str, Any]:
        """The lawful facts with the one step over the border."""
        return {**self.lawful, **self.step}

    @property
    def moments(self) -> tuple[str, ...]:
        """The moments at which the rule is asked; a rule asked at save is asked at import too."""
        moments = rules[self.rule].moments
        return tuple(dict.fromkeys([*moments, *(("import",) if "save" in moments else ())]))

    def __str__(self) -> str:
        return f"{self.rule}{'.' + self.variant if self.variant else ''} {self.step}"


#: The weight of the seventh character, a 1, is 15 instead of 16: the right check character moves from R to T.
_ONE_LESS = {"uscc.weights": [1, 3, 9, 27, 19, 26, 15, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]}

BITES: tuple[Bite, ...] = (
    Bite("ORG-ID-01", LAWFUL_ST, {"code": "51320211MJ6000019"}, "confirm", "code", {"uscc.len": 17}, {"uscc.len": 17}),
    Bite("ORG-ID-01", LAWFUL_ST, {"code": "51320211MJ600001I2"}, "confirm", "code",
         {"uscc.alphabet": "0123456789ABCDEFGHIJKLMNPQRTUWXY", "ORG-ID-02": False},
         {"uscc.alphabet": "0123456789"}, variant="alphabet"),
    Bite("ORG-ID-01", LAWFUL_MF, {"code": ""}, "confirm", "code", {"ORG-ID-01": False}, variant="missing"),
    Bite("ORG-ID-01", LAWFUL_MF, {"code": "", "code_as_given": "民证字第12号"}, "confirm", "code", {"ORG-ID-01": False},
         variant="given"),
    Bite("ORG-ID-02", LAWFUL_MF, {"code": "52320211MJ6000027T"}, "confirm", "code", _ONE_LESS, _ONE_LESS),
    Bite("ORG-ID-02", LAWFUL_MF, {"code": "52320211MJ6000028W"}, "confirm", "code", {"ORG-ID-02": False},
         variant="organization"),
    Bite("ORG-ID-03", LAWFUL_MF, {"kind": "ST"}, "confirm", "code", {"uscc.map": {"52": "ST"}},
         {"uscc.map": {"52": "ST"}}),
    Bite("ORG-ID-03", LAWFUL_MF, {"code": "91330100799655058B", "registrar_division": "330100"}, "confirm", "code",
         {"uscc.prefixes": ["52", "91"], "uscc.map": {"91": "MF"}}, {"uscc.prefixes": ["51", "53"]}, variant="prefix"),
    Bite("ORG-ID-04", LAWFUL_ST, {"registrar_division": "320213"}, "warn", "code",
         {"registrar.divisions": {"320213": ["320211"]}}),
    Bite("ORG-ID-05", LAWFUL_ST, {"code_holder_name": "无锡市滨湖区美术家协会"}, "block", "code", {"ORG-ID-05": False},
         at={"import": "confirm"}),
    Bite("ORG-ID-05", LAWFUL_BA, {"filing_holder_name": "惠河社区舞蹈队"}, "block", "filing_no", {"ORG-ID-05": False},
         at={"import": "confirm"}, variant="filing"),
    Bite("ORG-ID-05", LAWFUL_ST, {"same_name_other_code": "51320211MJ60000272"}, "warn", "name", {"ORG-ID-05": False},
         variant="same_name"),
    Bite("ORG-ID-06", LAWFUL_BA, {"filing_no": ""}, "block", "filing_no", {"ORG-ID-06": False}),
    Bite("ORG-ID-06", LAWFUL_BA, {"code": "52320211MJ6000027R"}, "block", "code", {"ORG-ID-06": False},
         variant="code"),
    Bite("ORG-NAME-01", LAWFUL_ST, {"name": "太湖书法家协会"}, "warn", "name", {"ORG-NAME-01": False}),
    Bite("ORG-NAME-01", LAWFUL_MF, {"name": "无锡市滨湖区燎原社会工作服务处"}, "warn", "name",
         {"name.forms": {"MF": ["处"]}}, {"name.forms": {"MF": ["处"]}}, variant="form"),
    Bite("ORG-NAME-01", LAWFUL_ST, {"name": "无锡市滨湖区书协会"}, "warn", "name", {"name.core_min": {"ST": 1}},
         {"name.core_min": {"ST": 4}}, variant="core"),
    Bite("ORG-NAME-02", LAWFUL_ST, {"name": "中国太湖书法家协会", "area_names": []}, "block", "name",
         {"name.forbidden_starts": []}, {"name.forbidden_starts": ["无锡"]}),
    Bite("ORG-NAME-02", LAWFUL_MF, {"name": "无锡市滨湖区国家级社会工作服务中心"}, "block", "name",
         {"name.forbidden_words": []}, {"name.forbidden_words": ["燎原"]}, variant="word"),
    Bite("ORG-REG-01", LAWFUL_ST, {"members_person": 49}, "block", "members_person", {"st.members_person": 49},
         {"st.members_person": 51}),
    Bite("ORG-REG-01", {**LAWFUL_ST, "members_person": 0, "members_unit": 30}, {"members_unit": 29}, "block",
         "members_person", {"st.members_unit": 29}, {"st.members_unit": 31}),
    Bite("ORG-REG-01", {**LAWFUL_ST, "members_person": 30, "members_unit": 20}, {"members_unit": 19}, "block",
         "members_person", {"st.members_mixed": 49}, {"st.members_mixed": 51}),
    Bite("ORG-REG-02", LAWFUL_ST, {"capital_fen": 2_999_999}, "block", "capital_fen",
         {"st.funds_local_fen": 2_999_999}, {"st.funds_local_fen": 3_000_001}),
    Bite("ORG-REG-02", {**LAWFUL_ST, "registrar_division": "100000", "capital_fen": 10_000_000},
         {"capital_fen": 9_999_999}, "block", "capital_fen", {"st.funds_national_fen": 9_999_999},
         {"st.funds_national_fen": 10_000_001}),
    Bite("ORG-REG-03", LAWFUL_JJ, {"capital_fen": 199_999_999}, "block", "capital_fen",
         {"jj.fund_nonpublic_fen": 199_999_999}, {"jj.fund_nonpublic_fen": 200_000_001}),
    Bite("ORG-REG-03", {**LAWFUL_JJ, "public_fundraising": True, "capital_fen": 400_000_000},
         {"capital_fen": 399_999_999}, "block", "capital_fen", {"jj.fund_public_local_fen": 399_999_999},
         {"jj.fund_public_local_fen": 400_000_001}),
    Bite("ORG-REG-03",
         {**LAWFUL_JJ, "public_fundraising": True, "registrar_division": "100000", "capital_fen": 800_000_000},
         {"capital_fen": 799_999_999}, "block", "capital_fen", {"jj.fund_public_national_fen": 799_999_999},
         {"jj.fund_public_national_fen": 800_000_001}),
    Bite("ORG-REG-03", {**LAWFUL_JJ, "capital_paid_in": True}, {"capital_paid_in": False}, "block", "capital_fen",
         {"ORG-REG-03": False}, variant="paid"),
    Bite("GOV-03", LAWFUL_JJ, {"council_count": 4}, "block", "council_count", {"jj.council_min": 4},
         {"jj.council_min": 6}, at={"import": "warn"}),
    Bite("GOV-03", {**LAWFUL_JJ, "council_count": 25}, {"council_count": 26}, "block", "council_count",
         {"jj.council_max": 26}, {"jj.council_max": 24}, at={"import": "warn"}),
    Bite("GOV-03", LAWFUL_JJ, {"term_to": "2029-03-02"}, "block", "term_to", {"jj.term_years": 6},
         {"jj.term_years": 4}, at={"import": "warn"}, variant="term"),
    Bite("GOV-03", {**LAWFUL_JJ, "meetings_held": 2}, {"meetings_held": 1}, "warn", "meetings_held",
         {"jj.meetings_min": 1}, {"jj.meetings_min": 3}, variant="meetings"),
    Bite("GOV-05", {"kind": "ST", "term_to": "2027-04-25"}, {"term_to": "2027-04-24"}, "warn", "term_to",
         {"term.remind_days": [179]}, {"term.remind_days": [181]}),
    Bite("GOV-05", {"kind": "ST", "term_from": "2022-04-25"}, {"term_from": "2022-04-24"}, "warn", "term_to",
         {"term.max_years": 6}, {"term.max_years": 4}),
    Bite("RAT-01", {"registered_on": "2024-10-26"}, {"registered_on": "2024-10-27"}, "block", "organization",
         {"rating.registered_years": 1}, {"rating.registered_years": 3}),
    Bite("RAT-01", {"rating": "4A", "rating_until": "2026-10-25"}, {"rating_until": "2026-10-26"}, "block",
         "organization", {"rating.early_days": 1}, variant="valid"),
    Bite("RAT-01", {"rating": "4A", "rated_on": "2021-10-25"}, {"rated_on": "2021-10-26"}, "block",
         "organization", {"rating.valid_months": 59}, {"rating.valid_months": 61}, variant="valid"),
    Bite("RAT-02", {"annual_year": 2025, "annual_last": "basically", "annual_before": "qualified"},
         {"annual_before": "basically"}, "block", "organization", {"RAT-02": False}, variant="basically"),
    Bite("RAT-02", {"annual_year": 2025, "annual_last": "qualified"}, {"annual_last": "missed"}, "block",
         "organization", {"RAT-02": False}, variant="missed"),
    Bite("RAT-02", {"annual_year": 2025, "annual_last": "qualified"}, {"annual_last": "unqualified"}, "block",
         "organization", {"RAT-02": False}, variant="unqualified"),
    Bite("RAT-02", {"penalised_on": "2024-12-31"}, {"penalised_on": "2025-01-01"}, "block", "penalised_on",
         {"RAT-02": False}, variant="penalised"),
    Bite("RAT-02", {"penalty_open": False}, {"penalty_open": True}, "block", "penalty_open", {"RAT-02": False},
         variant="unexecuted"),
    Bite("RAT-02", {"investigated": False}, {"investigated": True}, "block", "investigated", {"RAT-02": False},
         variant="investigated"),
    Bite("RAT-02", {"credit_status": "normal"}, {"credit_status": "abnormal"}, "block", "organization",
         {"rating.listed_bars": False}, variant="listed"),
    Bite("RAT-03", {"rating": "4A", "rated_on": "2022-04-25"}, {"rated_on": "2022-04-24"}, "warn", "rating_until",
         {"rating.valid_months": 61}, {"rating.valid_months": 59}),
    Bite("RAT-03", {"rating": "4A", "rating_until": "2027-04-25"}, {"rating_until": "2027-04-24"}, "warn",
         "rating_until", {"rating.remind_days": [90]}, {"rating.remind_days": [181]}),
    Bite("RAT-04", {"rating": "4A", "annual_year": 2025, "annual_last": "qualified"}, {"annual_last": "unqualified"},
         "info", "rating", {"RAT-04": False}, variant="unqualified"),
    Bite("RAT-04", {"rating": "4A", "annual_year": 2025, "annual_last": "basically"}, {"annual_before": "basically"},
         "info", "rating", {"RAT-04": False}, variant="basically"),
    Bite("RAT-04", {"rating": "4A", "penalised_on": "2026-10-27"}, {"penalised_on": "2026-10-26"}, "info", "rating",
         {"RAT-04": False}, variant="penalised"),
    Bite("RAT-05", {"left_on": "2024-10-26"}, {"left_on": "2024-10-27"}, "block", "assessor",
         {"rating.recusal_months": 23}, {"rating.recusal_months": 25}, variant="left"),
    Bite("RAT-05", {"holds_post": False}, {"holds_post": True}, "block", "assessor", {"RAT-05": False},
         variant="holds"),
    Bite("RAT-05", {"interested": False}, {"interested": True}, "block", "assessor", {"RAT-05": False},
         variant="interest"),
    Bite("RAT-06", {"decided_on": "2026-10-11"}, {"decided_on": "2026-10-10"}, "warn", "notified_on",
         {"rating.notice_days": 16}, {"rating.notice_days": 14}),
    Bite("RAT-06", {"decided_on": "2026-09-01", "notified_on": "2026-09-16"}, {"notified_on": "2026-09-17"}, "warn",
         "notified_on", {"rating.notice_days": 16}, {"rating.notice_days": 14}),
    Bite("CRD-01", {"credit_arisen_on": "2025-09-26", "credit_recorded_on": "2025-10-10"},
         {"credit_recorded_on": "2025-10-11"}, "warn", "arisen_on", {"credit.entry_workdays": 6},
         {"credit.entry_workdays": 4}),
    Bite("CRD-02", {"credit_status": "abnormal", "listed_on": "2024-10-27"}, {"listed_on": "2024-10-26"}, "info",
         "credit_status", {"credit.abnormal_months": 25}, {"credit.abnormal_months": 23}),
    Bite("CRD-03", {"credit_status": "serious", "listed_on": "2024-10-26", "removed_on": "2026-10-26"},
         {"removed_on": "2026-10-25"}, "block", "removed_on", {"credit.serious_months": 23},
         {"credit.serious_months": 25}),
    Bite("CRD-03", {"credit_status": "serious", "listed_on": "2020-01-01", "last_breach_on": "2024-10-26"},
         {"last_breach_on": "2024-10-27"}, "block", "removed_on", {"credit.serious_months": 23},
         {"credit.serious_months": 25}),
    Bite("ORG-DER-02", {"status": "active"}, {"status": "liquidating"}, "block", "", {"ORG-DER-02": False}),
    Bite("CRD-04", {"credit_status": "normal"}, {"credit_status": "serious"}, "block", "credit_status",
         {"CRD-04": False}),
    Bite("CRD-04", {"credit_status": "normal"}, {"credit_status": "abnormal"}, "warn", "credit_status",
         {"CRD-04": False}, variant="abnormal"),
    Bite("CHA-01", {"penalised_on": "2024-10-26"}, {"penalised_on": "2024-10-27"}, "block", "penalised_on",
         {"charity.penalty_months": 23}, {"charity.penalty_months": 25}, variant="penalised"),
    Bite("CHA-01", {"credit_status": "normal"}, {"credit_status": "abnormal"}, "block", "organization",
         {"CHA-01": False}, variant="listed"),
    Bite("CHA-01", {"credit_status": "normal"}, {"credit_status": "serious"}, "block", "organization",
         {"CHA-01": False}, variant="listed"),
    Bite("CHA-02", {"public_fundraising": True, "campaign_from": "2026-10-26", "plan_filed_on": "2026-10-26"},
         {"public_fundraising": False}, "block", "organization", {"CHA-02": False}, variant="qualification"),
    Bite("CHA-02", {"public_fundraising": True, "campaign_from": "2026-10-26", "plan_filed_on": "2026-10-26"},
         {"plan_filed_on": "2026-10-27"}, "block", "plan_filed_on", {"CHA-02": False}, variant="plan"),
    Bite("CHA-02", {"public_fundraising": True, "campaign_from": "2026-10-01", "plan_filed_on": "2026-10-11",
                    "emergency": True}, {"plan_filed_on": "2026-10-12"}, "block", "plan_filed_on",
         {"charity.emergency_days": 11}, {"charity.emergency_days": 9}, variant="emergency"),
    Bite("CHA-03", {"campaign_from": "2026-01-01", "campaign_to": "2026-12-31", "progress_on": "2026-07-26"},
         {"progress_on": "2026-07-25"}, "warn", "progress_on", {"charity.report_months": 4},
         {"charity.report_months": 2}, variant="progress"),
    Bite("CHA-03", {"campaign_from": "2026-04-26", "campaign_to": "2026-10-26"}, {"campaign_to": "2026-10-27"},
         "warn", "progress_on", {"charity.long_project_months": 7}, {"charity.long_project_months": 5},
         variant="progress"),
    Bite("CHA-03", {"campaign_from": "2026-06-01", "campaign_to": "2026-07-26"}, {"campaign_to": "2026-07-25"},
         "warn", "final_report_on", {"charity.report_months": 4}, {"charity.report_months": 2}, variant="final"),
    Bite("FIL-02", {"kind": "BA", "outside_area": False}, {"outside_area": True}, "warn", "outside_area",
         {"FIL-02": False}, variant="area"),
    Bite("FIL-02", {"kind": "BA", "charges_fees": False}, {"charges_fees": True}, "warn", "charges_fees",
         {"FIL-02": False}, variant="fees"),
    Bite("FIL-02", {"kind": "BA", "for_profit": False}, {"for_profit": True}, "warn", "for_profit",
         {"FIL-02": False}, variant="profit"),
    Bite("FIL-04", LAWFUL_BA, {"name": "惠河苑业主委员会"}, "warn", "name",
         {"filing.excluded_words": ["居民委员会"]}, {"filing.excluded_words": ["书画社"]}),
    Bite("FIL-01", LAWFUL_BA, {"member_count": 4}, "warn", "member_count", {"filing.members_min": 4},
         {"filing.members_min": 6}),
    Bite("FIL-01", {**LAWFUL_BA, "member_count": 19, "registrar_division": ""}, {"member_count": 20}, "info",
         "member_count", {"filing.register_person": 21}, {"filing.register_person": 19}, place="3210",
         variant="register"),
    Bite("FIL-01", {**LAWFUL_BA, "members_unit": 9, "registrar_division": ""}, {"members_unit": 10}, "info",
         "member_count", {"filing.register_unit": 11}, {"filing.register_unit": 9}, place="3210", variant="register"),
    Bite("FIL-03", {**LAWFUL_BA, "filing_until": "2026-12-26"}, {"filing_until": "2026-12-25"}, "warn",
         "filing_until", {"filing.remind_days": [59]}, {"filing.remind_days": [61]}),
    Bite("FIL-03", {**LAWFUL_BA, "registered_on": "2020-01-01"}, {"filing_until": "2026-10-25"}, "warn",
         "filing_until", {"FIL-03": False}, {"filing.valid_months": 36}, variant="over"),
)  # fmt: skip


def limits(bite: Bite, changes: Mapping[str, Any] | None = None, on: date | None = None) -> Limits:
    """The shipped limits of the bite's place and day, with some values changed as confirmed local rows would."""
    found = policy.build(policy.shipped_rows(), on or bite.on, policy.chain(bite.place), lambda: HOLIDAYS)
    known = set(found.names())
    return found.with_rows(
        *(
            replace(found.row(key), value=value, status="confirmed")
            for key, value in (changes or {}).items()
            if key in known
        )
    )


def facts(fields: Mapping[str, Any]) -> OrganizationFacts:
    """The facts of one side of a bite."""
    return OrganizationFacts.from_dict(fields)


def ask(bite: Bite, fields: Mapping[str, Any], what: str, changes: Mapping[str, Any] | None = None) -> list[Finding]:
    """What a moment (or the rule's own code) says of the facts under the shipped or changed parameters."""
    return policy.evaluate(what, facts(fields), limits(bite, changes), bite.on)


def store(changes: Mapping[str, Any], *, editor: User, confirmer: User, jurisdiction: str = "320211") -> None:
    """Write the changed values into the database as confirmed local rows, for tests that drive pages and imports."""
    at = datetime(2020, 1, 2, tzinfo=UTC)
    for key, value in changes.items():
        shipped = next(row for row in policy.shipped_rows() if row.key == key)
        Parameter.objects.create(
            key=key, jurisdiction=jurisdiction, valid_from=date(2020, 1, 1), value=value, severity=shipped.severity,
            status="confirmed", origin="local", edited_at=at, edited_by=editor, confirmed_at=at,
            confirmed_by=confirmer, source="测试",
        )  # fmt: skip
