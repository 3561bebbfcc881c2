"""W8: the coverage planner against its proven bound, against the greedy plans, and the flows beside it.

Every plan passes the independent checker first; costs of the greedy plans come from it too. Figures are medians over
seeds, goals must hold on every seed.
"""

import time
from typing import Any

import numpy as np

from bench import planner_ground as ground
from bench.measure import Figure, middle
from liaoyuan.solvers.assignment import assign
from liaoyuan.solvers.coverage import greedy, instance
from liaoyuan.solvers.coverage.checker import verify
from liaoyuan.solvers.coverage.plan import compose
from liaoyuan.solvers.coverage.pricing import Pricer
from liaoyuan.solvers.coverage.problem import build
from liaoyuan.solvers.coverage.solving import resolve, solve
from liaoyuan.solvers.portfolio import Limit, choose


def measure(repeat: int) -> list[Figure]:
    """Figures of the targets T2-T4, T6, T7 and T10 of the planner; `repeat` seeds each."""
    seeds = range(1, repeat + 1)
    figures = _gaps("default", 1572, "members", seeds, 1.0, 30)
    figures += _gaps("default", 1572, "fill", seeds, 1.0, 60)
    figures += _gaps("default", 309, "members", seeds, 2.0, 3.8)
    return [*figures, *_rivals(seeds), *_again(seeds), *_flows()]


def _planned(raw: dict[str, Any]) -> tuple[dict[str, Any], float]:
    begin = time.process_time()
    plan = solve(instance.parse(raw))
    return plan, time.process_time() - begin


def _gaps(family: str, n: int, mode: str, seeds: range, most: float, seconds: float) -> list[Figure]:
    gaps, times, right = [], [], True
    for seed in seeds:
        raw = ground.instance(family, n, seed, mode=mode)
        plan, used = _planned(raw)
        right &= verify(raw, plan)["ok"]
        gaps.append(100 * plan["gap"])
        times.append(used)
    what = f"{n:,} bodies, {mode}"
    notes = [" ".join(f"{gap:.2f}" for gap in gaps)]
    return [
        _figure(f"certified gap, {what}", right, middle(gaps), "%", f"≤ {most} %", max(gaps) <= most, notes),
        _figure(f"time, {what}", right, middle(times), "s CPU", f"≤ {seconds} s", max(times) <= seconds),
    ]


def _figure(
    what: str, right: bool, cost: float, unit: str, goal: str, met: bool, notes: list[str] | None = None
) -> Figure:
    return Figure("W8", what, "right" if right else "wrong", cost, None, unit, goal, bool(met), notes or [])


def _rivals(seeds: range) -> list[Figure]:
    below: dict[str, list[float]] = {"ratio": [], "hand": [], "branches": []}
    right = True
    for seed in seeds:
        raw = ground.instance("default", 1572, seed)
        problem = build(instance.parse(raw))
        plan, _ = _planned(raw)
        told = {}
        for name, columns in (("ratio", greedy.by_ratio(problem, Pricer(problem))), ("hand", greedy.by_hand(problem))):
            told[name] = compose(problem, columns, None)
            checked = verify(raw, told[name])
            right &= checked["ok"]
            below[name].append(100 - 100 * plan["cost"] / checked["cost"])
        below["branches"].append(100 - 100 * len(plan["groups"]) / len(told["ratio"]["groups"]))
    goals = {"ratio": ("cost below ratio greedy", 6), "hand": ("cost below the hand", 25),
             "branches": ("branches fewer than ratio greedy", 10)}  # fmt: skip
    return [
        _figure(goals[name][0], right, middle(found), "%", f"≥ {goals[name][1]} %", min(found) >= goals[name][1],
                [" ".join(f"{one:.1f}" for one in found)])
        for name, found in below.items()
    ]  # fmt: skip


def _again(seeds: range) -> list[Figure]:
    """Ten locks on a finished plan, and the same plan again."""
    kept, times, right, hashes = [], [], True, set()
    for seed in seeds:
        raw = ground.instance("default", 1572, seed)
        plan, _ = _planned(raw)
        large = [row for row in plan["groups"] if len(row["units"]) > 3][:10]
        raw["locks"] = [{"kind": "apart", "ids": row["units"][:2]} for row in large[:5]]
        raw["locks"] += [{"kind": "not_seat", "ids": [row["seat"]]} for row in large[5:]]
        begin = time.process_time()
        after = resolve(instance.parse(raw), plan)
        times.append(time.process_time() - begin)
        right &= verify(raw, after)["ok"]
        others = [row for row in plan["groups"] if row not in large]
        kept.append(100 * sum(row in after["groups"] for row in others) / len(others))
        if seed == seeds[0]:
            hashes = {plan["hash"], _planned({**raw, "locks": []})[0]["hash"]}
    return [
        _figure("untouched groups kept after 10 locks", right, middle(kept), "%", "≥ 80 %", min(kept) >= 80),
        _figure("re-solve after 10 locks", right, middle(times), "s CPU", "≤ 3 s", max(times) <= 3),
        _figure("different hashes of one instance", len(hashes) == 1, float(len(hashes)), "", "1", len(hashes) == 1),
    ]


def _flows() -> list[Figure]:
    draw = np.random.default_rng(1)
    bodies, posts = draw.uniform(0, 20000, (10_000, 2)), draw.uniform(0, 20000, (2_000, 2))
    far = np.hypot(bodies[:, None, 0] - posts[None, :, 0], bodies[:, None, 1] - posts[None, :, 1]).astype(np.int64)
    near = np.zeros(far.shape, dtype=bool)
    near[np.arange(10_000)[:, None], np.argpartition(far, 20, axis=1)[:, :20]] = True
    begin = time.process_time()
    one = assign(far, near, 1, 6)
    first = time.process_time() - begin
    cost, allowed = draw.integers(0, 100, (3000, 300)), draw.random((3000, 300)) < 0.3
    begin = time.process_time()
    two = assign(cost, allowed, 3, 32, even=200)
    second = time.process_time() - begin
    loads = np.bincount(two.pairs[:, 1], minlength=300)
    worth, amount = draw.integers(5000, 10000, 2000), draw.integers(20000, 500000, 2000) * 100
    limits = [Limit(tuple(range(k, 2000, 20)), count=20) for k in range(20)]
    begin = time.process_time()
    three = choose(worth, amount, int(amount.sum() // 4), limits)
    third = time.process_time() - begin
    gap = 100 * (three.bound - three.worth) / max(1, three.worth)
    even = int(loads.max() - loads.min()) <= 1
    return [
        _figure("instructors, 10,000 units", one.optimal, first, "s CPU", "≤ 5 s", first <= 5),
        _figure("reviewers, 3,000 x 300", two.optimal, second, "s CPU", "≤ 10 s", second <= 10 and even,
                [f"loads {loads.min()}-{loads.max()}"]),
        _figure("portfolio of 2,000", True, third, "s CPU", "≤ 10 s, gap ≤ 0.01 %", third <= 10 and gap <= 0.01,
                [f"gap {gap:.4f} %"]),
    ]  # fmt: skip
