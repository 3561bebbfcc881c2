"""One row per border of the rules of grants: lawful facts, one step over, and how parameters flip both."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from liaoyuan.core import policy
from liaoyuan.core.choices import Moment
from liaoyuan.core.registries import rules
from liaoyuan.funding.rules.table import RECORDS
from liaoyuan.kit.findings import Finding, Limits
from tests.registry import bites as register
from tests.registry.bites import Bite

ON = date(2026, 4, 20)
IN_GUANGZHOU = date(2020, 5, 6)


@dataclass(frozen=True)
class GrantBite(Bite):
    """A bite of the funding floor. `given` are figures that the round's place has set for itself."""

    on: date = ON
    given: Mapping[str, Any] = field(default_factory=dict)

    @property
    def moments(self) -> tuple[str, ...]:
        """The moments at which the rule is asked."""
        return rules[self.rule].moments


def _bite(
    code: str, lawful: Mapping[str, Any], step: Mapping[str, Any], severity: str, field: str,
    loosened: Mapping[str, Any] | None = None, tightened: Mapping[str, Any] | None = None, **more: Any,
) -> GrantBite:  # fmt: skip
    """`code` may carry its variant (`GV-APP-02.kind`); without parameters only the switch turns it off."""
    rule, _, variant = code.partition(".")
    return GrantBite(rule, lawful, step, severity, field, loosened or {rule: False}, tightened, variant=variant, **more)


def line(budget_class: str, amount: int, granted: int | None = None, **more: Any) -> dict[str, Any]:
    """A budget line; the grant pays it all, or `granted` of it."""
    paid = amount if granted is None else granted
    return {"budget_class": budget_class, "amount_fen": amount, "granted_fen": paid, "own_fen": amount - paid, **more}


def settled(budget_class: str, amount: int, approved: int, spent: int) -> dict[str, Any]:
    """A line of final accounts."""
    return line(budget_class, amount, approved_fen=approved, spent_fen=spent)


def _asked(grant: int, total: int) -> dict[str, Any]:
    """A budget of one line that the grant pays in part."""
    return {"grant_fen": grant, "total_fen": total, "lines": [line("B06", total, grant)]}


_PERSON = {"name": "甲某", "full_time": True, "contract": True, "insured": True}
_HALF = {"total_fen": 10_000_000, "lines": [line("B01", 5_000_000), line("B06", 5_000_000)]}
_SPEND = {"lines": [settled("B01", 5_000_000, 5_000_000, 5_000_000), settled("B06", 5_400_000, 5_000_000, 5_400_000)]}
_SHEET = {"need": 2_000, "goals": 1_000, "plan": 2_000, "novelty": 1_000, "team": 1_500, "budget": 1_500,
          "lasting": 500, "party": 500}  # fmt: skip


def _scores(**changed: int | None) -> list[dict[str, Any]]:
    return [{"item": item, "points": points} for item, points in {**_SHEET, **changed}.items() if points is not None]


_MORE = {"gv.score.items": {item: 30 for item in _SHEET}}
_TRANCHES = [{"no": 1, "percent": 50}, {"no": 2, "percent": 30}, {"no": 3, "percent": 20}]
_SIGNED = [{"trigger": "signed", "on": "2026-03-16"}]
_FIRST = {"tranches": _TRANCHES, "met": _SIGNED, "tranche_no": 1, "tranche_fen": 2_500_000, "contract_fen": 5_000_000,
          "mid_outcome": "", "preparer": "甲某", "approver": "乙某", "payer": "丙某"}  # fmt: skip
_SECOND = {**_FIRST, "met": [*_SIGNED, {"trigger": "mid_passed", "on": "2026-04-01"}], "tranche_no": 2,
           "tranche_fen": 1_500_000, "paid_fen": 2_500_000, "mid_outcome": "passed", "overdue_reports": 0}  # fmt: skip
_LAST = {**_SECOND, "met": [*_SECOND["met"], {"trigger": "accepted", "on": "2026-04-02"}], "tranche_no": 3,
         "tranche_fen": 1_000_000, "paid_fen": 4_000_000}  # fmt: skip
_YEAR = {"starts_on": "2026-01-01", "ends_on": "2026-12-31"}
_PAPERS = [
    "征集公告", "申报书", "资格审查记录", "评分表", "公示记录", "协议", "预算表", "拨付凭证", "活动记录", "中期报告",
    "结项报告", "决算表", "变更材料", "满意度调查", "评估意见", "绩效公开",
]  # fmt: skip
_MET = {"name": "服务人次", "target": 500, "reached": 400}
_PERIOD = {"period_from": "2026-07-01", "period_to": "2026-12-31"}
_SIGN = {"signed_on": "2026-04-20", "publicity_ends_on": "2026-04-19", "open_objections": 0,
         "project_approved_on": "2026-04-20"}  # fmt: skip
_CLASS = {"budget_class": "B06", "approved_fen": 100_000, "new_fen": 110_000}

APPLYING: tuple[GrantBite, ...] = (
    _bite("GV-APP-01", {"others": 2}, {"others": 3}, "block", "others", {"gv.max_apply": 4}, {"gv.max_apply": 2}),
    _bite("GV-APP-01", {"others": 0}, {"others": 1}, "block", "others", {"gv.max_apply": 2}, {"gv.max_apply": 0},
          place="wujin"),
    _bite("GV-APP-01.unrated", {"others": 0, "rating": 0}, {"others": 1}, "block", "others",
          {"gv.max_apply_unrated": 2}, {"gv.max_apply_unrated": 0}, place="national"),
    _bite("GV-APP-01.partner", {"partners": ["乙中心"], "partner_others": [2]}, {"partner_others": [3]}, "block",
          "partners", {"gv.count_joint": "lead"}, {"gv.max_apply": 2}, given={"gv.count_joint": "all"}),
    _bite("GV-APP-01.sponsor", {"sponsor": "甲中心", "sponsor_others": 2}, {"sponsor_others": 3}, "warn", "sponsor",
          {"gv.max_apply": 4}, {"gv.max_apply": 2}),
    _bite("GV-APP-01.sponsor_quota", {"sponsor": "甲中心", "sponsor_others": 2, "others": 5}, {"sponsor_others": 3},
          "block", "sponsor", {"gv.max_apply": 4}, {"gv.max_apply": 2}, given={"gv.count_sponsored": "sponsor"}),
    _bite("GV-APP-01.representative", {"others": 1, "representative_others": 1}, {"representative_others": 2}, "warn",
          "others", {"gv.max_apply": 4}, {"gv.max_apply": 2}),
    _bite("GV-APP-02.kind", {"kind": "MF"}, {"kind": "NB"}, "block", "kind", {"gv.types": ["NB"]},
          {"gv.types": ["ST"]}),
    _bite("GV-APP-02.kind", {"kind": "ST"}, {"kind": "JJ"}, "block", "kind", {"gv.types": ["JJ"]},
          {"gv.types": ["JJ"]}, place="wujin"),
    _bite("GV-APP-02.status", {"status": "active"}, {"status": "liquidating"}, "block", "status"),
    _bite("GV-APP-02.age", {"registered_on": "2025-04-20"}, {"registered_on": "2025-04-21"}, "block", "registered_on",
          {"gv.min_age_months": 11}, {"gv.min_age_months": 13}, given={"gv.min_age_months": 12}),
    _bite("GV-APP-02.annual", {"annual_results": ["qualified", "exempt"]},
          {"annual_results": ["qualified", "basically"]}, "block", "annual_results", {"gv.annual_ok_years": 1},
          {"gv.annual_ok_years": 3}, given={"gv.annual_ok_years": 2}),
    _bite("GV-APP-02.rating", {"rating": 3}, {"rating": 2}, "block", "rating", {"gv.rating_min": 2},
          {"gv.rating_min": 4}, given={"gv.rating_min": 3}),
    _bite("GV-APP-02.serious", {"credit_lists": []}, {"credit_lists": ["serious"]}, "block", "credit_lists",
          {"gv.bar_lists": []}),
    _bite("GV-APP-02.listed", {"credit_lists": []}, {"credit_lists": ["abnormal"]}, "warn", "credit_lists",
          {"gv.warn_lists": []}),
    _bite("GV-APP-02.region", {"registered_here": False, "serves_here": True}, {"serves_here": False}, "block",
          "registered_here", {"gv.region": "open"}, {"gv.region": "registered"}),
    _bite("GV-APP-02.region", {"registered_here": True, "serves_here": True}, {"registered_here": False}, "block",
          "registered_here", {"gv.region": "serving"}, place="suzhou"),
    _bite("GV-APP-02.field", {"field": "养老"}, {"field": "环保"}, "block", "field", {"gv.fields": []},
          {"gv.fields": ["助残"]}, place="wuxi"),
    _bite("GV-APP-02.period_short", _PERIOD, {"period_to": "2026-12-30"}, "block", "period_to",
          {"gv.period_min_months": 5}, {"gv.period_min_months": 7}),
    _bite("GV-APP-02.period_long", {**_PERIOD, "period_to": "2027-06-30"}, {"period_to": "2027-07-01"}, "block",
          "period_to", {"gv.period_max_months": 13}, {"gv.period_max_months": 11}),
    _bite("GV-APP-02.period", _PERIOD, {"period_to": "2026-06-30"}, "block", "period_to"),
    _bite("GV-APP-02.leader_age", {"leader_age": 39}, {"leader_age": 40}, "block", "leader_age",
          {"gv.leader_age_below": 41}, {"gv.leader_age_below": 39}, place="changzhou-youth"),
    _bite("GV-APP-02.team_age", {"team_age": 39}, {"team_age": 40}, "block", "team_age",
          {"gv.team_age_below": 41}, {"gv.team_age_below": 39}, place="changzhou-youth"),
    _bite("GV-APP-02.history", {"has_history": True}, {"has_history": False}, "block", "has_history",
          {"gv.need_history": False}, place="suzhou"),
    _bite("GV-APP-03", {"funded_same": []}, {"funded_same": ["邻里守望（市级）"]}, "block", "funded_same",
          {"gv.bar_double": False}),
    _bite("GV-APP-03.level", {"funded_levels": ["district"]}, {"funded_levels": ["city"]}, "block", "funded_levels",
          {"gv.bar_levels": []}, {"gv.bar_levels": ["district"]}, place="wujin"),
    _bite("GV-APP-03.winner", {"won_last_round": False}, {"won_last_round": True}, "block", "won_last_round",
          {"gv.bar_last_winners": False}, place="zibo"),
    _bite("GV-APP-03.similar", {"similar": []}, {"similar": ["邻里守望（2025）"]}, "warn", "similar"),
    _bite("GV-APP-04", {"full_time": 2}, {"full_time": 1}, "block", "full_time", {"gv.full_time_min": 1},
          {"gv.full_time_min": 3}, place="suzhou"),
    _bite("GV-APP-04.social", {"full_time": 5, "social_work": True}, {"full_time": 4}, "block", "full_time",
          {"gv.full_time_min_social": 4}, {"gv.full_time_min_social": 6}, place="suzhou"),
    _bite("GV-APP-04.project", {"full_time_on_project": 1}, {"full_time_on_project": 0}, "block",
          "full_time_on_project", {"gv.full_time_on_project": 0}, {"gv.full_time_on_project": 2}, place="suzhou"),
    _bite("GV-APP-05", {"kind": "BA", "sponsor": "甲中心", "sponsor_kind": "MF"}, {"sponsor": ""}, "warn", "sponsor"),
    _bite("GV-APP-05.kind", {"kind": "BA", "sponsor": "甲中心", "sponsor_kind": "MF"}, {"sponsor_kind": "BA"}, "warn",
          "sponsor", {"gv.types": ["MF", "BA"]}, {"gv.types": ["ST"]}),
    _bite("GV-APP-06", {"opens_on": "2026-03-20", "closes_on": "2026-04-20"}, {"closes_on": "2026-04-19"}, "block", ""),
    _bite("GV-APP-06", {"closes_on": "2026-04-19", "late_agreed": True}, {"late_agreed": False}, "block", ""),
    _bite("GV-APP-06.early", {"opens_on": "2026-04-20"}, {"opens_on": "2026-04-21"}, "block", ""),
    _bite("GV-APP-07", {"overdue_projects": []}, {"overdue_projects": ["邻里守望"]}, "block", "overdue_projects",
          {"gv.bar_unfinished": False}),
    _bite("GV-APP-07.failed", {"failed_projects": []}, {"failed_projects": ["邻里守望"]}, "block", "failed_projects",
          {"gv.bar_failed": False}),
    _bite("GV-APP-07.ban", {"banned_until": "2026-04-19"}, {"banned_until": "2026-04-20"}, "block", "banned_until"),
)  # fmt: skip

BUDGET: tuple[GrantBite, ...] = (
    _bite("GV-BUD-01", _HALF, {"lines": [line("B01", 5_000_001), line("B06", 4_999_999)]}, "block", "lines",
          {"gv.staff.percent": 51}, {"gv.staff.percent": 49}),
    _bite("GV-BUD-01", {"grant_fen": 10_000_000, "lines": [line("B01", 7_000_000, 5_000_000),
          line("B06", 6_000_000, 5_000_000)]}, {"lines": [line("B01", 7_000_000, 5_000_001),
          line("B06", 6_000_000, 4_999_999)]}, "block", "lines", {"gv.staff.percent": 51}, {"gv.staff.percent": 49},
          given={"gv.staff.base": "grant"}),
    _bite("GV-BUD-01.hidden", {"total_fen": 10_000_000, "team": [_PERSON], "lines": [line("B01", 4_000_000),
          line("B02", 1_000_000, person="甲某"), line("B06", 5_000_000)]}, {"lines": [line("B01", 4_000_000),
          line("B02", 1_000_001, person="甲某"), line("B06", 4_999_999)]}, "block", "lines", {"gv.staff.percent": 51},
          {"gv.staff.percent": 49}),
    _bite("GV-BUD-01.hidden", {"total_fen": 10_000_000, "team": [{**_PERSON, "full_time": False}],
          "lines": [line("B01", 5_000_000), line("B02", 1_000_000, person="甲某"), line("B06", 4_000_000)]},
          {"team": [_PERSON]}, "block", "lines", {"gv.staff.percent": 60}, {"gv.staff.classes": ["B01", "B02"]}),
    _bite("GV-BUD-01.person", {"team": [_PERSON], "lines": [line("B01", 100, no=1, person="甲某"), line("B06", 100)]},
          {"team": [{**_PERSON, "contract": False}]}, "warn", "lines", {"gv.staff.classes": []}),
    _bite("GV-BUD-01", {"lines": [line("B01", 0), line("B06", 100)]}, {"lines": [line("B01", 1), line("B06", 99)]},
          "block", "lines", {"gv.staff.percent": 1}, place="guangzhou", on=date(2016, 5, 6)),
    _bite("GV-BUD-02", {"grant_fen": 10_000_000, "lines": [line("B01", 3_000_000), line("B06", 17_000_000, 7_000_000)]},
          {"lines": [line("B01", 3_000_001), line("B06", 16_999_999, 6_999_999)]}, "block", "lines",
          {"gv.staff.grant_percent": 31}, {"gv.staff.grant_percent": 29}, place="guangzhou", on=IN_GUANGZHOU),
    _bite("GV-BUD-03", _asked(10_000_000, 20_000_000), _asked(10_000_001, 20_000_000), "block",
          "grant_fen", {"gv.cap_project_fen": 10_000_001}, {"gv.cap_project_fen": 9_999_999}, place="national"),
    _bite("GV-BUD-03", _asked(50_000_000, 90_000_000), _asked(50_000_001, 90_000_000), "block",
          "grant_fen", {"gv.cap_project_fen": 50_000_001}, {"gv.cap_project_fen": 49_999_999}, place="guangzhou",
          on=IN_GUANGZHOU),
    _bite("GV-BUD-03.min", _asked(1_000_000, 2_000_000), _asked(999_999, 2_000_000), "block",
          "grant_fen", {"gv.min_project_fen": 999_999}, {"gv.min_project_fen": 1_000_001}, place="wujin"),
    _bite("GV-BUD-03.ratio", _asked(6_000_000, 10_000_000), _asked(6_000_001, 10_000_000), "block",
          "grant_fen", {"gv.grant_max_percent": 61}, {"gv.grant_max_percent": 59}, place="guangzhou", on=IN_GUANGZHOU),
    _bite("GV-BUD-04", {"own_fen": 4_000_000, "lines": [line("B06", 10_000_000, 6_000_000)]},
          {"own_fen": 3_999_999, "lines": [line("B06", 10_000_000, 6_000_001)]}, "block", "own_fen",
          {"gv.own_min_percent": 39}, {"gv.own_min_percent": 41}, place="guangzhou", on=IN_GUANGZHOU),
    _bite("GV-BUD-05", {"lines": [line("B11", 500_000), line("B06", 9_500_000)]}, {"lines": [line("B11", 500_001),
          line("B06", 9_499_999)]}, "block", "lines", {"gv.class.percent": {"B11": 6}},
          {"gv.class.percent": {"B11": 4}}, place="national"),
    _bite("GV-BUD-05", {"lines": [line("B05", 1_000_000), line("B07", 1_000_000), line("B06", 8_000_000)]},
          {"lines": [line("B05", 1_000_001), line("B07", 1_000_000), line("B06", 7_999_999)]}, "block", "lines",
          {"gv.class.percent": {"B05+B07": 21}}, {"gv.class.percent": {"B05+B07": 19}}, place="national"),
    _bite("GV-BUD-05", {"grant_fen": 10_000_000, "lines": [line("B11", 900_000, 500_000),
          line("B06", 11_100_000, 9_500_000)]}, {"lines": [line("B11", 900_000, 500_001),
          line("B06", 11_100_000, 9_499_999)]}, "block", "lines", {"gv.class.percent": {"B11": 6}},
          {"gv.class.base": {}}, given={"gv.class.base": {"B11": "grant"}}, place="national"),
    _bite("GV-BUD-05.none", {"lines": [line("B11", 0), line("B06", 10_000_000)]}, {"lines": [line("B11", 1),
          line("B06", 9_999_999)]}, "block", "lines", {"gv.class.percent": {}}, place="form"),
    _bite("GV-BUD-05.absolute", {"lines": [line("B10", 500_000), line("B06", 9_500_000)]},
          {"lines": [line("B10", 500_001), line("B06", 9_499_999)]}, "block", "lines",
          {"gv.class.max_fen": {"B10": 500_001}}, {"gv.class.max_fen": {"B10": 499_999}},
          given={"gv.class.max_fen": {"B10": 500_000}}),
    _bite("GV-BUD-06", {"lines": [line("B04", 30_000, no=1, price_kind="expert_day", unit_price_fen=30_000)]},
          {"lines": [line("B04", 30_001, no=1, price_kind="expert_day", unit_price_fen=30_001)]}, "warn", "lines",
          {"gv.price.caps": {"expert_day": 30_001}}, {"gv.price.caps": {"expert_day": 29_999}}, place="form"),
    _bite("GV-BUD-07", {"lines": [line("B99", 100, no=3, item="其他")]},
          {"lines": [line("B99", 100, no=3, item="其他", item_kind="contingency")]}, "block", "lines",
          {"gv.forbidden.items": []}),
    _bite("GV-BUD-07.word", {"lines": [line("B99", 100, no=3, item="其他")]},
          {"lines": [line("B99", 100, no=3, item="不可预见支出")]}, "warn", "lines", {"gv.forbidden.words": {}},
          {"gv.forbidden.words": {"contingency": ["其他"]}}),
    _bite("GV-BUD-08.line", {"lines": [line("B06", 300_000, no=1, unit_price_fen=100_000, quantity=150, times=2)]},
          {"lines": [line("B06", 300_001, no=1, unit_price_fen=100_000, quantity=150, times=2)]}, "block", "lines"),
    _bite("GV-BUD-08.split", {"lines": [line("B06", 300_000, 200_000, no=1)]},
          {"lines": [{"budget_class": "B06", "amount_fen": 300_000, "granted_fen": 200_000, "own_fen": 99_999}]},
          "block", "lines"),
    _bite("GV-BUD-08.total", {"total_fen": 300_000, "lines": [line("B06", 300_000)]}, {"total_fen": 300_001}, "block",
          "total_fen"),
    _bite("GV-BUD-08.total", {"total_fen": 300_000, "lines": [line("B06", 300_000)]}, {"lines": []}, "block",
          "total_fen"),
    _bite("GV-BUD-08.grant", {"grant_fen": 200_000, "lines": [line("B06", 300_000, 200_000)]}, {"grant_fen": 200_001},
          "block", "grant_fen"),
    _bite("GV-BUD-08.own", {"own_fen": 100_000, "lines": [line("B06", 300_000, 200_000)]}, {"own_fen": 99_999},
          "block", "own_fen"),
    _bite("GV-BUD-09", {"team": [{"name": "甲某", "percent": 60, "other_percent": 40}]},
          {"team": [{"name": "甲某", "percent": 60, "other_percent": 41}]}, "block", "team",
          {"gv.time_max_percent": 101}, {"gv.time_max_percent": 99}),
    _bite("GV-FIN-03", _SPEND, {"lines": [settled("B01", 5_000_001, 5_000_000, 5_000_001), _SPEND["lines"][1]]},
          "block", "lines", {"gv.staff.percent": 51}, {"gv.staff.percent": 49}),
    _bite("GV-FIN-03.spent", _SPEND, {"lines": [_SPEND["lines"][0], settled("B06", 5_400_000, 5_000_000, 5_399_999)]},
          "block", "lines"),
    _bite("GV-FIN-03.over", {"lines": [settled("B06", 5_500_000, 5_000_000, 5_600_000)]},
          {"lines": [settled("B06", 5_500_001, 5_000_000, 5_600_000)]}, "warn", "lines",
          {"gv.adjust.free_percent": 11}, {"gv.adjust.free_percent": 9}),
)  # fmt: skip

RUNNING: tuple[GrantBite, ...] = (
    _bite("GV-REV-01", {"experts": 5}, {"experts": 3}, "warn", "experts", {"gv.review.experts_min": 3},
          {"gv.review.experts_min": 7}),
    _bite("GV-REV-01.odd", {"experts": 7}, {"experts": 6}, "warn", "experts", {"gv.review.odd": False}),
    _bite("GV-REV-02", {"declared": True, "conflicts": []}, {"conflicts": [{"kind": "relative"}]}, "block",
          "conflicts", {"gv.recusal.kinds": ["post"]}),
    _bite("GV-REV-02.ended", {"conflicts": [{"kind": "post", "ended_on": "2024-04-20"}]},
          {"conflicts": [{"kind": "post", "ended_on": "2024-04-21"}]}, "block", "conflicts",
          {"gv.recusal.post_months": 23}, {"gv.recusal.post_months": 25}),
    _bite("GV-REV-02.ended", {"conflicts": [{"kind": "contract", "ended_on": "2025-04-20"}]},
          {"conflicts": [{"kind": "contract", "ended_on": "2025-04-21"}]}, "block", "conflicts",
          {"gv.recusal.contract_months": 11}, {"gv.recusal.contract_months": 13}),
    _bite("GV-REV-02.undeclared", {"declared": True}, {"declared": False}, "block", "declared"),
    _bite("GV-REV-03.missing", {"scores": _scores()}, {"scores": _scores(party=None)}, "block", "scores",
          {"gv.score.items": {item: 20 for item in _SHEET if item != "party"} | {}, "gv.score.bonus": {"party": 5}},
          {"gv.score.items": {item: 20 for item in [*_SHEET, "voice"]}}),
    _bite("GV-REV-03.missing", {"scores": _scores(), "signed_on": "2026-04-20"}, {"scores": []}, "block", "scores",
          {"gv.score.items": {}}),
    _bite("GV-REV-03.range", {"scores": _scores()}, {"scores": _scores(need=2_001)}, "block", "scores", _MORE,
          {"gv.score.items": {item: points // 100 - (item == "need") for item, points in _SHEET.items()}}),
    _bite("GV-REV-03.range", {"scores": _scores(matching=500)}, {"scores": _scores(matching=501)}, "block", "scores",
          {"gv.score.bonus": {"matching": 6}}, {"gv.score.bonus": {"matching": 4}}),
    _bite("GV-REV-03.unknown", {"scores": _scores()}, {"scores": _scores(voice=100)}, "block", "scores",
          {"gv.score.bonus": {"voice": 5}}),
    _bite("GV-REV-03.locked", {"scores": _scores(), "signed_on": "2026-04-19", "changed": True, "annulled": True},
          {"annulled": False},
          "block", "signed_on"),
    _bite("GV-REV-04", {"ties_announced": True}, {"ties_announced": False}, "info", "ties_announced"),
    _bite("GV-REV-04.few", {"totals": [8_000] * 5}, {"totals": [8_000] * 4}, "info", "totals",
          {"gv.review.drop_from": 4}, {"gv.review.drop_from": 6}),
    _bite("GV-REV-05", {"totals": [7_000, 9_000]}, {"totals": [7_000, 9_001]}, "warn", "totals",
          {"gv.review.spread": 21}, {"gv.review.spread": 19}),
    _bite("GV-REV-05", {"totals": [7_000, 9_500], "discussed": True}, {"discussed": False}, "warn", "totals",
          {"gv.review.spread": 25}),
    _bite("GV-PUB-01", {"published_on": "2026-04-10", "ends_on": "2026-04-17"}, {"ends_on": "2026-04-16"}, "block",
          "ends_on", {"gv.publicity.days": 4}, {"gv.publicity.days": 6}),
    _bite("GV-PUB-01", {"published_on": "2026-04-04", "ends_on": "2026-04-19"}, {"ends_on": "2026-04-18"}, "block",
          "ends_on", {"gv.publicity.days": 14}, {"gv.publicity.days": 16}, place="shanghai"),
    _bite("GV-PUB-01.running", {"published_on": "2026-04-10", "ends_on": "2026-04-19"}, {"ends_on": "2026-04-20"},
          "block", "ends_on"),
    _bite("GV-PUB-01.none", {"published_on": "2026-04-10", "ends_on": "2026-04-17", "projects": 30},
          {"published_on": None}, "block", "published_on"),
    _bite("GV-PUB-02", {"objections": [{"received_on": "2026-04-13"}]}, {"objections": [{"received_on": "2026-04-10"}]},
          "warn", "objections", {"gv.objection.days": 6}, {"gv.objection.days": 4}),
    _bite("GV-PUB-02.final", {"objections": [{"received_on": "2026-03-31", "reviewed_on": "2026-04-02"}]},
          {"objections": [{"received_on": "2026-03-30", "reviewed_on": "2026-04-02"}]}, "warn", "objections",
          {"gv.objection.final_days": 21}, {"gv.objection.final_days": 19}, place="shanghai"),
    _bite("GV-PUB-03", {"columns": ["项目名称", "申报组织"]}, {"columns": ["项目名称", "负责人手机"]}, "block",
          "columns",
          {"gv.publicity.hidden": []}, {"gv.publicity.hidden": ["组织"]}),
    _bite("GV-CON-01", _SIGN, {"publicity_ends_on": "2026-04-20"}, "block", "signed_on"),
    _bite("GV-CON-01.none", _SIGN, {"publicity_ends_on": None}, "block", "publicity_ends_on"),
    _bite("GV-CON-01.objection", _SIGN, {"open_objections": 1}, "block", "open_objections"),
    _bite("GV-CON-01.late", {**_SIGN, "project_approved_on": "2026-04-06"}, {"project_approved_on": "2026-04-03"},
          "warn", "signed_on", {"gv.sign.workdays": 11}, {"gv.sign.workdays": 9}, given={"gv.sign.workdays": 10}),
    _bite("GV-CON-02", {"approved_fen": 5_000_000, "contract_fen": 5_000_000}, {"contract_fen": 5_000_001}, "block",
          "contract_fen"),
    _bite("GV-CON-02.organization", {"approved_body": "甲中心", "body": "甲中心"}, {"body": "乙中心"}, "block", "body"),
    _bite("GV-CON-02.account", {"body": "甲中心", "account": "甲中心"}, {"account": "甲某"}, "block", "account"),
    _bite("GV-PAY-01", _LAST, {"tranche_fen": 1_000_001}, "block", "tranche_fen"),
    _bite("GV-PAY-01.sum", _LAST, {"tranches": [*_TRANCHES[:2], {"no": 3, "percent": 19}]}, "block", "tranches"),
    _bite("GV-PAY-01.sum", {"met": _SIGNED}, {"tranche_no": 1}, "block", "tranches", {"gv.tranche.percents": [60, 40]},
          given={"gv.tranche.percents": [60, 30]}),
    _bite("GV-PAY-01.share", _FIRST, {"tranche_fen": 2_500_001}, "block", "tranche_fen"),
    _bite("GV-PAY-01.trigger", _SECOND, {"met": _SIGNED}, "block", "met",
          {"gv.tranche.triggers": ["signed", "signed", "accepted"]},
          {"gv.tranche.triggers": ["signed", "accepted", "accepted"]}),
    _bite("GV-PAY-01.number", _LAST, {"tranche_no": 4}, "block", "tranche_no"),
    _bite("GV-PAY-02", {"tranches": _TRANCHES, "met": [{"trigger": "signed", "on": "2026-03-30"}]},
          {"met": [{"trigger": "signed", "on": "2026-03-27"}]}, "warn", "tranches", {"gv.tranche.workdays": [16]},
          {"gv.tranche.workdays": [14]}, place="zhongshan"),
    _bite("GV-PAY-03", _SECOND, {"mid_outcome": "rectify"}, "block", "mid_outcome"),
    _bite("GV-PAY-03.report", _SECOND, {"overdue_reports": 1}, "block", "overdue_reports"),
    _bite("GV-PAY-04", _FIRST, {"payer": "甲某"}, "block", "payer"),
    _bite("GV-MID-01", {**_YEAR}, {"ends_on": "2026-06-30"}, "warn", "mid_checked_on", {"gv.mid.window": [45, 61]},
          {"gv.mid.window": [10, 20]}),
    _bite("GV-MID-01.outside", {**_YEAR, "mid_checked_on": "2026-06-14"}, {"mid_checked_on": "2026-06-13"}, "warn",
          "mid_checked_on", {"gv.mid.window": [44, 60]}, {"gv.mid.window": [46, 60]}),
    _bite("GV-EXE-01", {**_YEAR, "activity_on": "2026-12-31"}, {"activity_on": "2027-01-01"}, "warn", "activity_on"),
    _bite("GV-EXE-01.place", {"places": ["惠河社区"], "activity_place": "惠河社区活动室"},
          {"activity_place": "太湖社区"}, "warn", "activity_place"),
    _bite("GV-EXE-02", {"amended": ["place"]}, {"amended": ["leader"]}, "warn", "amended", {"gv.adjust.kinds": []},
          {"gv.adjust.kinds": ["place"]}),
    _bite("GV-EXE-02.budget", {"classes": [_CLASS]}, {"classes": [{**_CLASS, "new_fen": 110_001}]}, "warn", "classes",
          {"gv.adjust.approval_percent": 11, "gv.adjust.free_percent": 11}, {"gv.adjust.approval_percent": 9}),
    _bite("GV-EXE-02.notice", {"classes": [{**_CLASS, "new_fen": 95_000}]},
          {"classes": [{**_CLASS, "new_fen": 94_999}]},
          "info", "classes", {"gv.adjust.free_percent": 6}, {"gv.adjust.free_percent": 4},
          given={"gv.adjust.free_percent": 5}),
    _bite("GV-EXE-03", {"same_photos": []}, {"same_photos": ["重阳慰问"]}, "warn", "same_photos"),
    _bite("GV-FIN-01", {"ends_on": "2026-03-21", "starts_on": None}, {"ends_on": "2026-03-20"}, "warn",
          "final_received_on", {"gv.final.days": 31}, {"gv.final.days": 29}),
    _bite("GV-FIN-01.late", {"ends_on": "2026-03-01", "final_received_on": "2026-03-31"},
          {"final_received_on": "2026-04-01"}, "warn", "final_received_on", {"gv.final.days": 31},
          {"gv.final.days": 29}),
    _bite("GV-FIN-02", {"grade": "passed", "indicators": [_MET]}, {"indicators": [{**_MET, "reached": 399}]}, "warn",
          "indicators", {"gv.final.completion_percent": 79}, {"gv.final.completion_percent": 81}),
    _bite("GV-FIN-02", {"grade": "passed", "indicators": [{**_MET, "reached": 300}], "reason": "场地停用"},
          {"reason": ""}, "warn", "indicators", {"gv.final.completion_percent": 60}),
    _bite("GV-FIN-04", {"ends_on": "2026-04-20", "unused_fen": 100}, {"ends_on": "2026-04-19"}, "warn", "unused_fen"),
    _bite("GV-FIN-04.old", {"unused_fen": 100, "unused_since": "2024-04-21"}, {"unused_since": "2024-04-20"}, "warn",
          "unused_fen", {"gv.unused.months": 25}, {"gv.unused.months": 23}),
    _bite("GV-FIN-05", {"papers": _PAPERS}, {"papers": _PAPERS[:-1]}, "block", "papers",
          {"gv.archive.papers": _PAPERS[:-1]}, {"gv.archive.papers": [*_PAPERS, "审计报告"]}),
    _bite("GV-FIN-05", {"papers": _PAPERS}, {"papers": []}, "block", "papers", {"gv.archive.papers": []}),
    _bite("GV-PAY-01.trigger", _SECOND, {"met": []}, "block", "met",
          {"gv.tranche.triggers": ["signed"]}),
    _bite("GV-FIN-05.audit", {"papers": _PAPERS, "grant_fen": 5_000_000}, {"grant_fen": 5_000_001}, "block", "audited",
          {"gv.audit.over_fen": 5_000_001}, {"gv.audit.over_fen": 4_999_999}, given={"gv.audit.over_fen": 5_000_000}),
    _bite("GV-SAN-01", {"misconduct": [], "misconduct_on": "2026-04-20"}, {"misconduct": ["fraud"]}, "info",
          "misconduct", {"gv.sanction.years": {}}),
)  # fmt: skip

BITES: tuple[GrantBite, ...] = (*APPLYING, *BUDGET, *RUNNING)


def limits(bite: GrantBite, changes: Mapping[str, Any] | None = None, on: date | None = None) -> Limits:
    """The shipped limits of the bite's place and day, with what the place has set and some values changed."""
    return register.limits(bite, {**bite.given, **(changes or {})}, on)


def facts(bite: GrantBite, fields: Mapping[str, Any]) -> Any:
    """The facts of one side of a bite, in the record of its moment."""
    return RECORDS[Moment(bite.moments[0])].parse(fields)


def ask(
    bite: GrantBite, fields: Mapping[str, Any], what: str, changes: Mapping[str, Any] | None = None
) -> list[Finding]:
    """What a moment (or the rule's own code) says of the facts under the shipped or changed parameters."""
    return policy.evaluate(what, facts(bite, fields), limits(bite, changes), bite.on)
