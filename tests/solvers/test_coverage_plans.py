"""Plans against brute force, known optima and each other; every plan passes the independent checker."""

import copy
import random

import pytest
from bench import planner_ground as ground
from bench.planner_brute import Brute

from liaoyuan.solvers.coverage import greedy, instance
from liaoyuan.solvers.coverage.checker import verify
from liaoyuan.solvers.coverage.pricing import Pricer
from liaoyuan.solvers.coverage.problem import build
from liaoyuan.solvers.coverage.refusal import UnusableInstance
from liaoyuan.solvers.coverage.solving import resolve, solve


def planned(raw):
    plan = solve(instance.parse(raw))
    assert verify(raw, plan) == {"ok": True, "cost": plan["cost"], "violations": []}
    assert plan["bound"] <= plan["cost"] and plan["certified"]
    return plan


def test_tiny_instances_are_solved_as_by_trying_every_plan():
    # the first of them here, two thousand more by `dev.py bench --only W8`
    tried = 0
    for seed in range(90):
        raw = ground.tiny(seed)
        try:
            plan = planned(raw)
        except UnusableInstance:
            continue
        tried += 1
        least = Brute(raw).least()
        assert plan["cost"] == least, seed
        assert plan["bound"] <= least, seed
    assert tried >= 60


@pytest.mark.parametrize("family", ground.FAMILIES)
@pytest.mark.parametrize("mode", ["members", "fill"])
def test_every_family_gives_a_lawful_plan(family, mode):
    plan = planned(ground.instance(family, 50, 3, mode=mode))
    assert plan["gap"] < 0.2


def test_a_planted_partition_is_found():
    raw, least = ground.planted(12, 1)
    plan = planned(raw)
    assert (plan["cost"], plan["bound"], plan["gap"]) == (least, least, 0.0)


def test_the_same_instance_gives_the_same_hash():
    raw = ground.instance("default", 50, 4, mode="fill")
    turned = copy.deepcopy(raw)
    random.Random(1).shuffle(turned["organizations"])
    assert len({solve(instance.parse(one))["hash"] for one in (raw, raw, turned)}) == 1


def tight():
    """Instances that are solved to gap 0."""
    raw, _ = ground.planted(4, 2)
    yield raw
    found = 0
    for seed in range(60):
        raw = ground.tiny(seed)
        if not raw["locks"] and found < 6:
            found += 1
            yield raw


def test_new_names_keep_the_cost():
    for raw in tight():
        cost, bound = (planned(raw)[name] for name in ("cost", "bound"))
        ids = [row["id"] for row in raw["organizations"]]
        names = dict(zip(ids, random.Random(3).sample(ids, len(ids)), strict=True))
        for row in raw["organizations"]:
            row["id"] = names[row["id"]]
        again = planned(raw)
        assert again["cost"] == cost and again["bound"] <= cost and bound <= again["cost"]


def test_another_origin_changes_at_most_one_an_arc():
    for raw in tight():
        cost = planned(raw)["cost"]
        for row in [*raw["organizations"], *raw["hosts"]]:
            if row["x"] is not None:
                row["x"], row["y"] = -row["y"] + 1234.5, row["x"] - 777.25
        assert abs(planned(raw)["cost"] - cost) <= len(raw["organizations"])


def test_all_costs_times_seven_is_the_cost_times_seven():
    for raw in tight():
        raw["params"]["dist_factor"] = 0
        cost = planned(raw)["cost"]
        before = instance.parse(raw).params
        for name in ("w_field", "w_street", "w_unit", "f_new", "f_keep", "move", "attach", "p_member", "p_none"):
            raw["params"][name] = 7 * getattr(before, name)
        assert planned(raw)["cost"] == 7 * cost


def test_fewer_units_a_group_never_cost_less():
    for raw in tight():
        for row in raw["organizations"]:
            row["branch"] = None
        costs = [planned({**raw, "params": {**raw["params"], "max_units": units}})["cost"] for units in (5, 4, 3)]
        assert costs == sorted(costs)


def test_bounds_stay_below_every_known_plan_of_every_variant():
    raw = ground.instance("default", 80, 6)
    plan = planned(raw)
    moved = copy.deepcopy(raw)
    for number, row in enumerate(moved["organizations"]):
        row["id"] = f"{(number * 7919) % 1000:03d}-{number}"
    for row in [*moved["organizations"], *moved["hosts"]]:
        row["x"], row["y"] = 5000.25 - row["y"], row["x"] + 333.5
    again = planned(moved)
    arcs = len(raw["organizations"])
    assert max(plan["bound"], again["bound"] - arcs) <= min(plan["cost"], again["cost"] + arcs)
    tight = planned({**raw, "params": {**raw["params"], "max_units": 4}})
    assert plan["bound"] <= tight["cost"]
    problem = build(instance.parse(raw))
    for draft in (greedy.by_hand(problem), greedy.by_neighbours(problem), greedy.by_ratio(problem, Pricer(problem))):
        assert plan["bound"] <= plan["cost"] <= sum(column.cost for column in draft)


def test_a_lock_is_met_and_what_it_does_not_touch_stays():
    raw = ground.instance("default", 300, 5)
    before = planned(raw)
    group = max(before["groups"], key=lambda row: len(row["units"]))
    raw["locks"] = [
        {"kind": "apart", "ids": group["units"][:2]},
        {"kind": "not_seat", "ids": [before["groups"][0]["seat"]]},
    ]
    after = resolve(instance.parse(raw), before)
    assert verify(raw, after)["ok"]
    untouched = [row for row in before["groups"] if not set(row["units"]) & {i for k in raw["locks"] for i in k["ids"]}]
    assert sum(row in after["groups"] for row in untouched) >= 0.8 * len(untouched)


def test_nothing_to_plan():
    plan = planned({"organizations": []})
    assert (plan["cost"], plan["gap"], plan["groups"]) == (0, 0.0, [])


def reason(raw, unit):
    return next(row for row in planned(raw)["uncovered"] if row["unit"] == unit)


def unit(number, members, x, y=0.0, **more):
    return {"id": f"o{number}", "x": x, "y": y, "members": members, "branch": None, **more}


def test_why_a_unit_is_left_out():
    far = {"organizations": [unit(1, 2, 0.0), unit(2, 1, 100.0), unit(3, 2, 9500.0)], "params": {"radius_m": 8000}}
    found = reason(far, "o3")
    assert found["reason"] == "NO_NEIGHBOUR" and "9400" in found["cheapest"]
    few = {"organizations": [unit(1, 1, 0.0), unit(2, 1, 10.0)]}
    assert reason(few, "o1")["reason"] == "NOT_ENOUGH_MEMBERS"
    full = {"organizations": [unit(n, 1, 0.0) for n in range(3)] + [unit(9, 1, 7000.0)], "params": {"max_units": 3}}
    found = reason(full, "o9")
    assert found["reason"] == "SLOTS_FULL" and "9100" in found["cheapest"]
    lost = {"organizations": [unit(1, 2, None, None)]}
    assert reason(lost, "o1")["reason"] == "MISSING_LOCATION"
    torn = {
        "organizations": [unit(1, 2, 0.0), unit(2, 2, 90000.0)],
        "locks": [{"kind": "together", "ids": ["o1", "o2"]}],
    }
    assert reason(torn, "o1")["reason"] == "LOCK_CONFLICT"
    dear = {"organizations": [unit(1, 2, 0.0), unit(2, 2, 0.0), unit(3, 0, 5000.0)], "params": {"mode": "fill"}}
    found = reason(dear, "o3")
    assert found["reason"] == "NO_NEIGHBOUR" and "6500" in found["cheapest"]
