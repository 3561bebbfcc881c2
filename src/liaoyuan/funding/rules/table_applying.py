"""APP, BUD and FIN-03: functions, facts and worked examples."""

from collections.abc import Mapping
from typing import Any

from liaoyuan.funding.rules import applications, budgets
from liaoyuan.funding.rules.asked import ON, Asked
from liaoyuan.funding.rules.facts.applications import APPLICATION
from liaoyuan.funding.rules.facts.budgets import BUDGET

_ALL = ("total_fen", "grant_fen", "own_fen", "lines", "team")


def _line(budget_class: str, amount: int, **more: Any) -> Mapping[str, Any]:
    """A line whose amount the grant pays."""
    return {"budget_class": budget_class, "amount_fen": amount, "granted_fen": amount, "own_fen": 0, **more}


def _budget(function: Any, *examples: tuple[Mapping[str, Any], str, tuple[str, ...]], reads: tuple[str, ...]) -> Asked:
    return Asked(BUDGET, function, reads, examples)


_REST = _line("B06", 5_000_000)

ASKED: dict[str, Asked] = {
    "GV-APP-01": Asked(
        APPLICATION, applications.quota,
        ("others", "rating", "sponsor", "sponsor_others", "representative_others", "representative_bodies", "partners",
         "partner_others"),
        (
            ({"others": 2}, ON, ()),
            ({"others": 3}, ON, ("GV-APP-01",)),
            ({"others": 0, "sponsor": "甲社会工作服务中心", "sponsor_others": 3}, ON, ("GV-APP-01",)),
        ),
    ),
    "GV-APP-02": Asked(
        APPLICATION, applications.eligible,
        ("kind", "status", "registered_on", "annual_results", "rating", "credit_lists", "registered_here",
         "serves_here", "has_history", "field", "period_from", "period_to", "leader_age", "team_age"),
        (
            ({"kind": "MF", "status": "active", "credit_lists": []}, ON, ()),
            ({"kind": "NB"}, ON, ("GV-APP-02",)),
            ({"kind": "MF", "credit_lists": ["serious"]}, ON, ("GV-APP-02",)),
            ({"kind": "MF", "period_from": "2026-07-01", "period_to": "2027-06-30"}, ON, ()),
            ({"kind": "MF", "period_from": "2026-07-01", "period_to": "2027-07-01"}, ON, ("GV-APP-02",)),
        ),
    ),
    "GV-APP-03": Asked(
        APPLICATION, applications.double, ("funded_same", "funded_levels", "won_last_round", "similar"),
        (
            ({"similar": []}, ON, ()),
            ({"funded_same": ["福彩公益金 邻里守望 2026"]}, ON, ("GV-APP-03",)),
            ({"similar": ["邻里守望（2025）"]}, ON, ("GV-APP-03",)),
        ),
    ),
    "GV-APP-04": Asked(
        APPLICATION, applications.staff, ("full_time", "full_time_on_project", "social_work"),
        (({"full_time": 2}, ON, ()), ({"full_time": 0, "social_work": True}, ON, ())),
    ),
    "GV-APP-05": Asked(
        APPLICATION, applications.sponsor, ("kind", "sponsor", "sponsor_kind"),
        (
            ({"kind": "BA", "sponsor": "甲社会工作服务中心", "sponsor_kind": "MF"}, ON, ()),
            ({"kind": "BA"}, ON, ("GV-APP-05",)),
        ),
    ),
    "GV-APP-06": Asked(
        APPLICATION, applications.window, ("opens_on", "closes_on", "late_agreed"),
        (
            ({"opens_on": "2026-03-20", "closes_on": "2026-04-20"}, ON, ()),
            ({"opens_on": "2026-03-20", "closes_on": "2026-04-19"}, ON, ("GV-APP-06",)),
            ({"opens_on": "2026-03-20", "closes_on": "2026-04-19", "late_agreed": True}, ON, ()),
        ),
    ),
    "GV-APP-07": Asked(
        APPLICATION, applications.former, ("overdue_projects", "failed_projects", "banned_until"),
        (
            ({"banned_until": "2026-04-19"}, ON, ()),
            ({"banned_until": "2026-04-20"}, ON, ("GV-APP-07",)),
            ({"overdue_projects": ["邻里守望（2024）"]}, ON, ("GV-APP-07",)),
        ),
    ),
    "GV-BUD-01": _budget(
        budgets.pay_share,
        ({"total_fen": 10_000_000, "lines": [_line("B01", 5_000_000), _REST]}, ON, ()),
        ({"total_fen": 10_000_000, "lines": [_line("B01", 5_000_001), _line("B06", 4_999_999)]}, ON, ("GV-BUD-01",)),
        ({"total_fen": 10_000_000, "team": [{"name": "甲某", "full_time": True}],
          "lines": [_line("B01", 4_000_000), _line("B02", 1_000_001, person="甲某"), _line("B06", 4_999_999)]}, ON,
         ("GV-BUD-01",)),
        reads=("total_fen", "grant_fen", "lines", "team"),
    ),
    "GV-BUD-02": _budget(
        budgets.pay_of_grant,
        ({"grant_fen": 10_000_000, "lines": [_line("B01", 5_000_000), _REST]}, ON, ()),
        ({"grant_fen": 0, "lines": []}, ON, ()),
        reads=("grant_fen", "lines"),
    ),
    "GV-BUD-03": _budget(
        budgets.grant,
        ({"total_fen": 12_000_000, "grant_fen": 10_000_000}, ON, ()),
        ({"total_fen": 12_000_000, "grant_fen": 10_000_001}, ON, ("GV-BUD-03",)),
        reads=("total_fen", "grant_fen", "lines"),
    ),
    "GV-BUD-04": _budget(
        budgets.own_funds,
        ({"total_fen": 10_000_000, "own_fen": 0}, ON, ()),
        ({"total_fen": 10_000_000, "own_fen": 4_000_000}, ON, ()),
        reads=("total_fen", "own_fen", "lines"),
    ),
    "GV-BUD-05": _budget(
        budgets.classes,
        ({"total_fen": 10_000_000, "lines": [_line("B11", 500_000)]}, ON, ()),
        ({"total_fen": 10_000_000, "lines": [_line("B11", 500_001)]}, ON, ("GV-BUD-05",)),
        ({"total_fen": 10_000_000, "lines": [_line("B05", 1_500_000), _line("B07", 500_001)]}, ON, ("GV-BUD-05",)),
        reads=("total_fen", "grant_fen", "lines"),
    ),
    "GV-BUD-06": _budget(
        budgets.prices,
        ({"lines": [_line("B10", 199_999, price_kind="equipment_item", unit_price_fen=199_999)]}, ON, ()),
        ({"lines": [_line("B10", 200_000, price_kind="equipment_item", unit_price_fen=200_000)]}, ON, ("GV-BUD-06",)),
        reads=("lines",),
    ),
    "GV-BUD-07": _budget(
        budgets.forbidden,
        ({"lines": [_line("B05", 10_000, no=3, item="活动材料")]}, ON, ()),
        ({"lines": [_line("B99", 10_000, no=3, item="其他", item_kind="contingency")]}, ON, ("GV-BUD-07",)),
        ({"lines": [_line("B99", 10_000, no=3, item="不可预见支出")]}, ON, ("GV-BUD-07",)),
        reads=("lines",),
    ),
    "GV-BUD-08": _budget(
        budgets.sums,
        ({"total_fen": 300_000, "grant_fen": 300_000, "own_fen": 0,
          "lines": [_line("B06", 300_000, no=1, unit_price_fen=100_000, quantity=150, times=2)]}, ON, ()),
        ({"lines": [_line("B06", 300_001, no=1, unit_price_fen=100_000, quantity=150, times=2)]}, ON, ("GV-BUD-08",)),
        ({"total_fen": 300_001, "lines": [_line("B06", 300_000)]}, ON, ("GV-BUD-08",)),
        reads=("total_fen", "grant_fen", "own_fen", "lines"),
    ),
    "GV-BUD-09": _budget(
        budgets.time,
        ({"team": [{"name": "甲某", "percent": 60, "other_percent": 40}]}, ON, ()),
        ({"team": [{"name": "甲某", "percent": 60, "other_percent": 41}]}, ON, ("GV-BUD-09",)),
        reads=("team",),
    ),
    "GV-FIN-03": _budget(
        budgets.settled,
        ({"lines": [_line("B01", 5_000_000, approved_fen=5_000_000, spent_fen=5_200_000),
                    _line("B06", 4_800_000, approved_fen=5_000_000, spent_fen=4_800_000)]}, ON, ()),
        ({"lines": [_line("B01", 5_200_000, approved_fen=5_000_000, spent_fen=5_200_000),
                    _line("B06", 4_800_000, approved_fen=5_000_000, spent_fen=4_800_000)]}, ON, ("GV-FIN-03",)),
        reads=("lines", "team"),
    ),
}  # fmt: skip
