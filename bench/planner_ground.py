"""Instances for the coverage planner: families, each with seeds, made of nothing but a random generator.

Every figure is invented. A family draws places, fields, supervisors, persons, present branches, hosts; `tiny` ones are
for brute force, `planted` ones have a known optimum at any size.
"""

import math
import random
from typing import Any

FAMILIES = ("default", "sparse", "ones", "twos", "scarce", "fields", "located", "legacy", "chains", "dirty")


def instance(family: str, n: int, seed: int, *, mode: str = "members") -> dict[str, Any]:
    """An instance of `n` organizations as a JSON value."""
    draw = random.Random(f"{family}-{n}-{seed}")
    streets = _streets(draw, n, wide=family == "sparse")
    rows = [_organization(draw, family, number, streets) for number in range(n)]
    branches = _present(draw, rows, 0.5 if family == "legacy" else 0.1, bad=family == "legacy")
    if family == "dirty":
        for row in draw.sample(rows, max(1, n // 20)):
            row["x"] = row["y"] = None
        for row in draw.sample(rows, max(1, n // 20)):
            row["field"] = row["street"] = row["unit"] = None
    hosts = [_host(draw, number, streets) for number in range(max(1, n // 80))]
    params: dict[str, Any] = {"mode": mode}
    if family == "sparse":
        params["radius_m"] = 5000
    if family == "fields":
        params |= {"w_field": 4000, "w_street": 0}
    return {"params": params, "organizations": rows, "hosts": hosts, "branches": [{"id": b} for b in branches],
            "locks": []}  # fmt: skip


def county(seed: int) -> dict[str, Any]:
    """A county of the land: 309 organizations on average (880,000 in 2,850), most have fewer, some many times more."""
    draw = random.Random(f"county-{seed}")
    count = min(3000, max(20, int(309 * draw.lognormvariate(-0.32, 0.8))))
    return instance(draw.choice(["default", "default", "default", "sparse", "scarce", "dirty"]), count, seed)


def _streets(draw: random.Random, n: int, *, wide: bool) -> list[tuple[float, float]]:
    """Centres of streets in metres: one for about 170 organizations, the district grows with them."""
    count = max(2, n // 170)
    side = (9000 if wide else 3500) * math.sqrt(count)
    return [(draw.uniform(0, side), draw.uniform(0, side)) for _ in range(count)]


def _members(draw: random.Random, family: str) -> int:
    if family in ("ones", "twos"):
        return draw.choices([0, 1 if family == "ones" else 2, 4], [60, 35, 5])[0]
    if family == "scarce":
        return draw.choices([0, 1, 2, 3], [90, 8, 1, 1])[0]
    found = draw.choices([0, 1, 2, 3], [700, 140, 86, 74])[0]
    return found if found < 3 else min(60, int(3 * draw.paretovariate(1.3)))


def _organization(draw: random.Random, family: str, number: int, streets: list[tuple[float, float]]) -> dict[str, Any]:
    street = draw.randrange(len(streets))
    spread = 2500 if family == "sparse" else 1100
    x, y = (draw.gauss(c, spread) for c in streets[street])
    if family == "located":
        x, y = round(x / 1500) * 1500.0, round(y / 1500) * 1500.0
    if family == "chains":
        x, y = streets[street][0] + 900.0 * draw.randrange(-12, 13), streets[street][1]
    return {
        "id": f"{number:06d}", "x": round(x, 1), "y": round(y, 1), "field": f"f{min(9, int(draw.expovariate(0.4)))}",
        "street": f"s{street}", "unit": f"u{min(19, int(draw.expovariate(0.25)))}", "members": _members(draw, family),
        "branch": None,
    }  # fmt: skip


def _present(draw: random.Random, rows: list[dict[str, Any]], share: float, *, bad: bool) -> list[str]:
    """Put a share of the small ones with members into present branches of 2 to 5 units; `bad` ones ignore distance."""
    small = [row for row in rows if 0 < row["members"] < 3]
    if bad:
        draw.shuffle(small)
    else:
        small.sort(key=lambda row: (row["street"], row["x"]))
    names, at = [], 0
    while at < len(small):
        size = draw.randrange(2, 6)
        if draw.random() < share:
            names.append(f"b{len(names)}")
            for row in small[at : at + size]:
                row["branch"] = names[-1]
        at += size
    return names


def _host(draw: random.Random, number: int, streets: list[tuple[float, float]]) -> dict[str, Any]:
    street = draw.randrange(len(streets))
    x, y = (round(draw.gauss(c, 800), 1) for c in streets[street])
    return {"id": f"h{number}", "x": x, "y": y, "field": None, "street": f"s{street}", "unit": None,
            "slots": draw.randrange(1, 4), "member_room": draw.randrange(2, 12)}  # fmt: skip


def tiny(seed: int) -> dict[str, Any]:
    """Three to nine organizations with hosts, present branches and locks, in either mode: all plans can be tried."""
    draw = random.Random(f"tiny-{seed}")
    count = draw.randrange(3, 10)
    rows = []
    for number in range(count):
        x, y = draw.choice([(draw.uniform(0, 9000), draw.uniform(0, 9000)), (1000.0, 1000.0), (4000.0, 1000.0)])
        rows.append({
            "id": f"o{number}", "x": round(x, 1), "y": round(y, 1), "field": draw.choice(["a", "b", None]),
            "street": draw.choice(["s", "t"]), "unit": draw.choice(["u", "v", None]),
            "members": draw.choices([0, 1, 2, 3], [25, 40, 30, 5])[0], "branch": draw.choice([None, None, "b1", "b2"]),
        })  # fmt: skip
    if draw.random() < 0.15:
        rows[0]["x"] = rows[0]["y"] = None
    hosts = [
        {"id": f"h{k}", "x": draw.uniform(0, 9000), "y": draw.uniform(0, 9000), "field": None, "street": "s",
         "unit": None, "slots": draw.randrange(0, 3), "member_room": draw.randrange(0, 4)}
        for k in range(draw.randrange(0, 3))
    ]  # fmt: skip
    params = {
        "mode": draw.choice(["members", "fill"]), "max_units": draw.choice([3, 4, 5]),
        "radius_m": draw.choice([3000, 8000]), "max_members": draw.choice([5, 50]),
    }  # fmt: skip
    return {"params": params, "organizations": rows, "hosts": hosts, "branches": [{"id": "b1"}, {"id": "b2"}],
            "locks": _locks(draw, rows, params["mode"])}  # fmt: skip


def _locks(draw: random.Random, rows: list[dict[str, Any]], mode: str) -> list[dict[str, Any]]:
    """Up to three locks over units in play; they may contradict each other, the reader then refuses the instance."""
    ids = [row["id"] for row in rows if row["members"] < 3 and (row["members"] or mode == "fill")]
    found = []
    for _ in range(draw.choice([0, 0, 1, 2, 3])):
        kind = draw.choice(["together", "apart", "group", "seat", "not_seat", "allow"])
        size = {"together": 2, "apart": 2, "group": draw.randrange(2, 6), "seat": 1, "not_seat": 1,
                "allow": draw.randrange(3, 8)}[kind]  # fmt: skip
        if len(ids) < size:
            continue
        lock: dict[str, Any] = {"kind": kind, "ids": draw.sample(ids, size)}
        if kind == "allow":
            lock |= {"max_units": 7, "max_members": 60, "reason": "示例"}
        found.append(lock)
    return found


def planted(groups: int, seed: int) -> tuple[dict[str, Any], int]:
    """Groups of five units on one spot each, far from each other: the instance and its known least cost."""
    draw = random.Random(f"planted-{groups}-{seed}")
    rows: list[dict[str, Any]] = []
    for g in range(groups):
        for k in range(5):
            rows.append({"id": f"{g:04d}{k}", "x": 20000.0 * (g % 40), "y": 20000.0 * (g // 40), "field": "f",
                         "street": "s", "unit": "u", "members": 1 + draw.randrange(2), "branch": None})  # fmt: skip
    draw.shuffle(rows)
    return {"params": {}, "organizations": rows, "hosts": [], "branches": [], "locks": []}, 4000 * groups
