"""Every place of handbook §3.2 is a profile that is whole over the figures of §3.3; money and party stay apart."""

import ast
from dataclasses import fields
from datetime import date, timedelta
from pathlib import Path

import pytest

from liaoyuan.core import policy, registries
from liaoyuan.core.params import PROFILES
from liaoyuan.core.rules.parameters import fits, shape_of
from liaoyuan.funding.params.places import PARAMETERS, PLACE_NOTE_TITLES, PLACE_TITLES, PLACES
from liaoyuan.funding.params.schema import KEYS, SCHEMA
from liaoyuan.funding.rules.table import RECORDS

#: Handbook §3.2, one code a row of the table (Dongguan is three kinds of money; Wujin and Nanxiashu stand twice).
PLACES_BY_HAND = {
    "binhu", "wuxi", "wujin", "changzhou", "changzhou-youth", "suzhou", "kunshan", "guangzhou", "dongguan",
    "dongguan-service", "dongguan-trade", "zhongshan", "zhongshan-special", "nanshan", "futian", "zibo", "shanghai",
    "shangyu", "zhoushan", "hangzhou", "shangcheng", "jinhua", "zhenjiang", "nanxiashu", "xuanwu", "form",
}  # fmt: skip
#: Handbook §3.3, the names as they stand there.
SCHEMA_BY_HAND = [
    "pool_total", "cap_project", "min_project", "cap_ratio_of_budget", "own_funds_min_ratio", "max_apply_per_org",
    "max_win_per_org", "min_org_age_months", "need_annual_ok_years", "need_rating_min", "bar_lists",
    "bar_double_funding", "eligible_types", "eligible_region", "min_fulltime_staff", "field_codes", "period_min_m",
    "period_max_m", "budget_class_caps", "unit_price_caps", "forbidden_items", "score_sheet_id", "experts_min",
    "drop_extremes", "pass_score", "rank_rule", "publicity_wd", "objection_reply_wd", "sign_within_wd", "tranches",
    "adjust_free_ratio", "adjust_approval_ratio", "mid_window", "final_due_days", "audit_required_over",
    "archive_due_days", "sanction_table",
]  # fmt: skip
#: Figures of §3.2 in yuan or as they are, by hand: place, day, parameter, value.
FIGURES = [
    ("binhu", "2026-04-20", "gv.max_apply", 3), ("binhu", "2026-04-20", "gv.staff.percent", 50),
    ("binhu", "2026-04-20", "gv.staff.base", "total"), ("wuxi", "2015-06-01", "gv.cap_project_fen", 20_000_000),
    ("wuxi", "2015-06-01", "gv.pool_total_fen", 500_000_000), ("wujin", "2016-06-01", "gv.cap_project_fen", 3_000_000),
    ("wujin", "2016-06-01", "gv.pool_total_fen", 45_000_000), ("wujin", "2017-06-01", "gv.pool_total_fen", 60_000_000),
    ("wujin", "2016-06-01", "gv.max_apply", 1), ("changzhou", "2018-06-01", "gv.pool_total_fen", 200_000_000),
    ("changzhou-youth", "2020-06-01", "gv.cap_project_fen", 1_000_000), ("suzhou", "2017-06-01", "gv.max_apply", 2),
    ("suzhou", "2017-06-01", "gv.full_time_min_social", 5), ("kunshan", "2013-06-01", "gv.pool_total_fen", 500_000_000),
    ("kunshan", "2016-06-01", "gv.pool_total_fen", 800_000_000),
    ("guangzhou", "2018-06-01", "gv.cap_project_fen", 30_000_000), ("guangzhou", "2018-06-01", "gv.staff.percent", 0),
    ("guangzhou", "2019-07-15", "gv.cap_project_fen", 30_000_000),
    ("guangzhou", "2019-07-16", "gv.cap_project_fen", 50_000_000),
    ("guangzhou", "2020-06-01", "gv.grant_max_percent", 60), ("guangzhou", "2020-06-01", "gv.staff.grant_percent", 30),
    ("guangzhou", "2020-06-01", "gv.pool_total_fen", 1_800_000_000),
    ("guangzhou", "2024-07-15", "gv.staff.grant_percent", 30),
    ("guangzhou", "2024-07-16", "gv.staff.grant_percent", None),
    ("guangzhou", "2025-01-01", "gv.cap_project_fen", 80_000_000),
    ("guangzhou", "2025-01-01", "gv.own_min_percent", 40),
    ("dongguan", "2019-06-01", "gv.grant_max_percent", 70),
    ("dongguan-service", "2019-06-01", "gv.cap_project_fen", 15_000_000),
    ("dongguan-trade", "2019-06-01", "gv.cap_project_fen", 25_000_000),
    ("zhongshan", "2013-06-01", "gv.tranche.workdays", [15]),
    ("zhongshan-special", "2014-06-01", "gv.grant_max_percent", 50),
    ("nanshan", "2016-06-01", "gv.min_project_fen", 1_000_000),
    ("futian", "2024-06-01", "gv.bar_lists", ["serious"]), ("zibo", "2019-06-01", "gv.bar_last_winners", True),
    ("shanghai", "2010-06-01", "gv.publicity.days", 15), ("shanghai", "2010-06-01", "gv.objection.final_days", 20),
    ("zhenjiang", "2020-06-01", "gv.cap_project_fen", 6_000_000),
    ("nanxiashu", "2017-06-01", "gv.min_project_fen", 500_000),
    ("xuanwu", "2012-06-01", "gv.cap_project_fen", 5_000_000),
    ("form", "2020-06-01", "gv.class.percent", {"B02+B03": 50, "B11": 0}),
    ("form", "2020-06-01", "gv.price.caps",
     {"expert_senior_day": 50_000, "expert_day": 30_000, "expert_day_later": 20_000,
                                             "training_day": 35_000, "meeting_day": 40_000}),
]  # fmt: skip


def test_every_place_of_the_handbook_is_there():
    assert {place.code for place in PLACES} == PLACES_BY_HAND == set(PLACE_TITLES) == set(registries.profiles)
    assert set(PLACE_NOTE_TITLES) <= PLACES_BY_HAND
    assert list(SCHEMA) == SCHEMA_BY_HAND
    assert len(set(KEYS)) == len(KEYS)


def test_the_schema_names_every_parameter_of_grants_and_only_those():
    shipped = {row.key for row in policy.shipped_rows() if row.key.startswith("gv.")}
    assert set(KEYS) == shipped


@pytest.mark.parametrize("code", sorted(PLACES_BY_HAND))
def test_a_place_is_whole_over_the_figures_of_a_round(code: str):
    profile = registries.profiles[code]
    chain = policy.chain(code)
    assert tuple(chain) == profile.chain
    assert PROFILES.get(code, profile.chain) == profile.chain
    for on in (date.fromisoformat(profile.since), date(2026, 4, 20)):
        held = policy.build(policy.shipped_rows(), on, chain, None)
        missing = [key for key in KEYS if key not in held]
        assert missing == []
        for key in KEYS:
            values = [row.value for row in policy.shipped_rows() if row.key == key]
            assert fits(held[key], shape_of(key, values), nullable=None in values), (key, held[key])
            assert held.row(key).source


@pytest.mark.parametrize(("code", "day", "key", "value"), FIGURES)
def test_a_figure_of_the_handbook_holds(code: str, day: str, key: str, value: object):
    held = policy.build(policy.shipped_rows(), date.fromisoformat(day), policy.chain(code), None)
    assert held[key] == value
    if code != "futian" and value is not None:
        assert held.row(key).jurisdiction == registries.profiles[code].chain[-1]


def test_a_place_says_where_its_figures_were_seen_and_leaves_its_neighbours_alone():
    assert all(row["source"] and row["jurisdiction"].startswith("programme:") for row in PARAMETERS)
    assert len({place.programme for place in PLACES}) == len(PLACES)
    for place in PLACES:
        if len(place.areas) == 3:  # a district's own area hears nothing of the city's programme
            on = date.fromisoformat(place.since) + timedelta(3_000)
            plain = policy.build(policy.shipped_rows(), on, policy.chain(place.areas[-1]), None)
            assert {plain.row(key).jurisdiction for key in KEYS} == {"national"}


def test_a_tranche_plan_of_every_place_is_whole():
    for place in PLACES:
        held = policy.build(policy.shipped_rows(), date(2026, 4, 20), policy.chain(place.code), None)
        assert sum(held["gv.tranche.percents"]) == 100
        assert len(held["gv.tranche.percents"]) == len(held["gv.tranche.triggers"]) >= len(held["gv.tranche.workdays"])


FLOOR = Path(registries.__file__).parents[1] / "funding"
#: A score sheet may have an item for what a body does (handbook §9.3); nobody's membership is told by it.
_TOLD = {"gv.score.party_max"}


def test_nothing_of_grants_reads_the_party():
    """product.md: money and party stay apart. The linter forbids the import; this finds what the linter cannot see."""
    for record in RECORDS.values():
        names = {f.name for part in (record, *record.parts.values()) for f in fields(part.facts)}
        assert not [name for name in names if "party" in name or "member" in name], names
    assert not [key for key in KEYS if "party" in key and key not in _TOLD]
    for path in FLOOR.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                assert not [a.name for a in node.names if a.name.startswith("liaoyuan.party")], path
            if isinstance(node, ast.ImportFrom):
                assert not (node.module or "").startswith("liaoyuan.party"), path
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert not node.value.startswith(("party_", "liaoyuan.party", "party.")), (path, node.value)
