"""The checker: whatever is wrong with a plan is found, and no JSON value brings it down."""

import copy
import json

import pytest
from bench import planner_ground as ground
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liaoyuan.solvers.coverage import instance
from liaoyuan.solvers.coverage.checker import verify
from liaoyuan.solvers.coverage.solving import solve
from tests.solvers.conftest import WHOLE

RAW = ground.instance("default", 60, 9, mode="fill")
PLAN = solve(instance.parse(RAW))


def codes(plan, raw=RAW):
    return {row["code"] for row in verify(raw, plan)["violations"]}


def _two(plan):
    return [row for row in plan["groups"] if len(row["units"]) > 2][:2]


def swap(plan):
    one, other = _two(plan)
    one["units"][0], other["units"][0] = other["units"][0], one["units"][0]


CHANGES = [
    ("cost", lambda plan: plan.update(cost=plan["cost"] - 1), "TOTAL"),
    ("group cost", lambda plan: plan["groups"][0].update(cost=1), "COST"),
    ("group members", lambda plan: plan["groups"][0].update(members=99), "MEMBERS"),
    ("a unit lost", lambda plan: plan["groups"][0]["units"].pop(), "LEFT_OUT"),
    ("a unit twice", lambda plan: _two(plan)[0]["units"].append(_two(plan)[1]["units"][1]), "TWICE"),
    ("a unit unknown", lambda plan: plan["groups"][0]["units"].append("zz"), "UNKNOWN"),
    ("an independent grouped", lambda plan: plan["groups"][0]["units"].append(plan["independent"][0]), "UNKNOWN"),
    ("seat outside", lambda plan: plan["groups"][0].update(seat="zz"), "SEAT"),
    ("label not its own", lambda plan: plan["groups"][0].update(label="zz"), "LABEL"),
    ("swapped", swap, "COST"),
    ("reason", lambda plan: plan["uncovered"][0].update(reason="WHY"), "REASON"),
    ("no such place", lambda plan: plan["uncovered"][0].update(reason="MISSING_LOCATION"), "REASON"),
    ("independents", lambda plan: plan["independent"].pop(), "INDEPENDENT"),
    ("fixed", lambda plan: plan.update(fixed=[{"branch": "b0", "units": [], "reason": "OVER_LIMIT"}]), "FIXED"),
    ("bound above", lambda plan: plan.update(bound=plan["cost"] + 1), "BOUND"),
    ("gap", lambda plan: plan.update(gap=0.5), "BOUND"),
    ("hash", lambda plan: plan.update(hash="00"), "HASH"),
    ("groups missing", lambda plan: plan.pop("groups"), "SHAPE"),
    ("host unknown", lambda plan: plan["attached"].append({"unit": "a", "host": "zz", "cost": 1}), "UNKNOWN"),
]


def test_the_plan_itself_is_right():
    assert verify(RAW, PLAN) == {"ok": True, "cost": PLAN["cost"], "violations": []}


@pytest.mark.parametrize(("change", "code"), [row[1:] for row in CHANGES], ids=[row[0] for row in CHANGES])
def test_every_change_is_found(change, code):
    plan = copy.deepcopy(PLAN)
    change(plan)
    assert code in codes(plan)


def group(seat, *units, members, cost):
    return {"seat": seat, "label": None, "units": list(units), "members": members, "cost": cost}


def test_limits_radius_and_hosts_are_checked():
    raw = copy.deepcopy(WHOLE)
    raw["params"] |= {"max_units": 2, "max_members": 4, "radius_m": 1000}
    plan = {"groups": [group("o0", "o0", "o1", "o2", members=4, cost=1)], "attached": [], "uncovered": []}
    assert {"UNITS", "LEFT_OUT"} <= codes(plan, raw)
    assert "FEW" in codes({**plan, "groups": [group("o1", "o1", "o2", members=2, cost=1)]}, raw)
    assert "FAR" in codes({**plan, "groups": [group("o0", "o0", "o6", members=3, cost=1)]}, raw)
    raw["params"]["max_members"] = 3
    assert "MANY" in codes(plan, raw)
    both = [{"unit": "o0", "host": "h1", "cost": 1}, {"unit": "o1", "host": "h1", "cost": 1}]
    assert {"SLOTS", "COST"} <= codes({"groups": [], "attached": both, "uncovered": []}, raw)
    raw["hosts"][0]["member_room"] = 1
    assert "ROOM" in codes({"groups": [], "attached": both[:1], "uncovered": []}, raw)


@pytest.mark.parametrize(
    ("kind", "ids"),
    [
        ("together", ["o0", "o3"]),
        ("apart", ["o0", "o1"]),
        ("group", ["o0", "o1"]),
        ("seat", ["o1"]),
        ("not_seat", ["o0"]),
    ],
)
def test_a_broken_lock_is_found(kind, ids):
    raw = copy.deepcopy(WHOLE)
    raw["locks"] = [{"kind": kind, "ids": ids}]
    left = [{"unit": one, "reason": "NO_NEIGHBOUR"} for one in ("o3", "o6")]
    plan = {"groups": [group("o0", "o0", "o1", "o2", members=4, cost=7670)], "attached": [], "uncovered": left}
    assert "LOCK" in codes(plan, raw)
    if kind != "not_seat" and kind != "apart":
        names = sorted({"o0", "o1", "o2", "o3", "o6"})
        assert "LOCK" not in codes({**plan, "groups": [], "uncovered": [
            {"unit": one, "reason": "LOCK_CONFLICT"} for one in names]}, raw) or kind == "group"  # fmt: skip


NAMES = ["groups", "attached", "uncovered", "fixed", "independent", "seat", "label", "units", "unit", "host", "reason",
         "cost", "bound", "gap", "hash"]  # fmt: skip
JSON = st.recursive(
    st.none() | st.integers() | st.floats() | st.sampled_from(["o0", "o1", "h1", "b1", "LOCK_CONFLICT"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


ROWS = st.lists(JSON, max_size=2)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(JSON | st.fixed_dictionaries({"groups": ROWS, "attached": ROWS, "uncovered": ROWS}))
def test_no_value_brings_it_down(plan):
    raw = {**copy.deepcopy(WHOLE), "locks": [{"kind": "together", "ids": ["o0", "o1"]}]}
    assert json.dumps(verify(raw, plan)) and not verify(raw, plan)["ok"]
