"""W8, many instances: no plan breaks a rule, tiny ones cost what trying every plan costs, counties of a whole land.

T1, T7 and T8 of the planner. Answers come from the independent checker and from brute force.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import mean
from typing import Final

from bench import planner_ground as ground
from bench.measure import Figure, middle
from bench.planner_brute import Brute
from liaoyuan.solvers.coverage import instance
from liaoyuan.solvers.coverage.checker import verify
from liaoyuan.solvers.coverage.refusal import UnusableInstance
from liaoyuan.solvers.coverage.solving import solve

LAWFUL: Final = 1000
TINY: Final = 2000
COUNTIES: Final = 200
_LAND: Final = 880_000
_CORES: Final = 2


def lawful(count: int = LAWFUL) -> list[Figure]:
    """T1: instances of all families in both modes, of 5 to 84 organizations; plans that the checker refuses."""
    wrong: list[str] = []
    begin = time.process_time()
    for number in range(count):
        family = ground.FAMILIES[number % len(ground.FAMILIES)]
        mode = ("members", "fill")[number // len(ground.FAMILIES) % 2]
        raw = ground.instance(family, 5 + number % 80, number, mode=mode)
        plan = solve(instance.parse(raw))
        checked = verify(raw, plan)
        if not checked["ok"] or checked["cost"] != plan["cost"] or plan["bound"] > plan["cost"]:
            wrong.append(f"{family}-{5 + number % 80}-{number} {mode}")
    used = time.process_time() - begin
    return [_count(f"plans of {count:,} instances that the checker refuses", wrong, [f"{used:.0f} s CPU"])]


def tiny(count: int = TINY) -> list[Figure]:
    """Tiny instances with locks, hosts, present branches and both modes whose cost is not the least of all plans."""
    wrong: list[str] = []
    tried = seed = 0
    begin = time.process_time()
    while tried < count:
        raw = ground.tiny(1000 + seed)
        seed += 1
        try:
            plan = solve(instance.parse(raw))
        except UnusableInstance:
            continue
        tried += 1
        least = Brute(raw).least()
        if plan["cost"] != least or plan["bound"] > least:
            wrong.append(str(999 + seed))
    used = time.process_time() - begin
    return [_count(f"of {count:,} tiny instances not at the least cost", wrong, [f"{used:.0f} s CPU"])]


def again(runs: int = 5) -> list[Figure]:
    """T7: hashes of one instance in several runs here and one in another process."""
    raw = ground.instance("default", 200, 1, mode="fill")
    hashes = {solve(instance.parse(raw))["hash"] for _ in range(runs)}
    with tempfile.TemporaryDirectory() as place:
        given, made = Path(place) / "instance.json", Path(place) / "plan.json"
        given.write_text(json.dumps(raw), encoding="utf-8")
        command = [sys.executable, "-m", "liaoyuan.conf.cli.main", "plan", "solve", str(given), "--output", str(made)]
        subprocess.run(command, check=True, capture_output=True)
        hashes.add(json.loads(made.read_text(encoding="utf-8"))["hash"])
    what = f"hashes of one instance over {runs} runs and another process"
    return [Figure("W8", what, _verdict(len(hashes) == 1), float(len(hashes)), None, "", "1", len(hashes) == 1)]


def counties(count: int = COUNTIES) -> list[Figure]:
    """T8: counties of very different size; the land's time is what they took an organization, on two cores."""
    gaps, times, bodies, right = [], [], 0, True
    for seed in range(1, count + 1):
        raw = ground.county(seed)
        begin = time.process_time()
        plan = solve(instance.parse(raw))
        times.append(time.process_time() - begin)
        right &= bool(verify(raw, plan)["ok"])
        gaps.append(100 * plan["gap"])
        bodies += len(raw["organizations"])
    hours = sum(times) / bodies * _LAND / _CORES / 3600
    told = [f"{count} counties, {bodies:,} bodies, {sum(times):.0f} s CPU, scaled by bodies", "one thread a county"]
    spread = [f"median {middle(gaps):.2f}, worst {max(gaps):.2f}, by county"]
    return [
        Figure("W8", "mean gap of counties", _verdict(right), mean(gaps), None, "%", "≤ 2 %", mean(gaps) <= 2, spread),
        Figure("W8", "880,000 bodies on 2 cores", _verdict(right), hours, None, "h", "≤ 1.5 h", hours <= 1.5, told),
    ]


def _count(what: str, wrong: list[str], notes: list[str]) -> Figure:
    return Figure("W8", what, _verdict(not wrong), float(len(wrong)), None, "", "0", not wrong, [*notes, *wrong[:8]])


def _verdict(right: bool) -> str:
    return "right" if right else "wrong"
