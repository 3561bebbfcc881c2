"""A choice of columns as the plan of the contract: groups, attachments, what stays uncovered and why, the hash.

Costs are added up from the instance again, not taken from the program that chose the columns.
"""

import hashlib
from collections.abc import Sequence
from typing import Any

from liaoyuan.solvers.coverage.problem import Column, Problem
from liaoyuan.solvers.coverage.reasons import Reasons
from liaoyuan.solvers.coverage.records import Host, Instance, Organization, canonical


def compose(problem: Problem, columns: Sequence[Column], bound: int | None) -> dict[str, Any]:
    """The plan as a JSON value. `bound` is the certified one while solving, None = none was made.

    An uncovered item that a lock forces has cost `extra` on both sides; it is taken off both.
    """
    instance = problem.instance
    unmet = sum(1 for c in columns if c.seat < 0 and c.host < 0 and problem.forced[c.items[0]])
    groups = sorted((_group(problem, c) for c in columns if c.seat >= 0), key=lambda row: str(row["seat"]))
    attached = sorted(
        (row for c in columns if c.host >= 0 for row in _attached(problem, c)), key=lambda r: str(r["unit"])
    )
    uncovered = _uncovered(problem, columns)
    cost = sum(int(row["cost"]) for row in groups) + sum(int(row["cost"]) for row in attached)
    cost += sum(_price(instance, instance.by_id[row["unit"]]) for row in uncovered)
    plan: dict[str, Any] = {
        "cost": cost,
        "independent": sorted(row.id for row in instance.organizations if instance.is_independent(row)),
        "groups": groups,
        "attached": attached,
        "uncovered": uncovered,
        "fixed": [
            {"branch": b, "units": list(units), "reason": "OVER_LIMIT"} for b, units in instance.over_limit.items()
        ],
    }
    low = max(0, bound + problem.offset - problem.extra * unmet) if bound is not None else 0
    plan["bound"] = min(low, cost)
    plan["gap"] = round((cost - plan["bound"]) / cost, 6) if cost else 0.0
    plan["certified"] = bound is not None
    return sealed(plan)


def sealed(plan: dict[str, Any]) -> dict[str, Any]:
    """The plan with its hash: SHA-256 of the canonical JSON without `hash` and `seconds`."""
    told = {name: value for name, value in plan.items() if name not in ("hash", "seconds")}
    return {**told, "hash": hashlib.sha256(canonical(told)).hexdigest()}


def columns_of(problem: Problem, plan: dict[str, Any]) -> list[Column]:
    """The columns of an earlier plan that are still lawful here; what is not is left uncovered.

    `plan` may be any plan: groups and hosts that no longer fit, and items that locks have tied anew, are dropped.
    """
    laid = problem.laid
    rows = {(int(s), int(b)): r for r, (s, b) in enumerate(zip(problem.seat, problem.label, strict=True))}
    special = {(c.items, c.seat, c.label): c for c in problem.special}
    names = {name: n for n, name in enumerate(problem.labels)}
    hosts = {host.id: n for n, host in enumerate(problem.hosts)}
    chosen: list[Column] = []
    used: set[int] = set()
    for group in plan.get("groups", ()):
        units = {laid.number[one] for one in group["units"] if one in laid.number}
        items = sorted(i for i in {laid.home[u] for u in units} if set(laid.items[i]) <= units)
        seat, label = laid.number.get(group["seat"], -1), names.get(group["label"], -1)
        found = special.get((tuple(items), seat, label)) or _lawful(problem, rows.get((seat, label)), items)
        if found is not None and not used & set(found.items):
            chosen.append(found)
            used |= set(found.items)
    slots, room = [h.slots for h in problem.hosts], [h.member_room for h in problem.hosts]
    for row in plan.get("attached", ()):
        item, h = laid.home.get(laid.number.get(row["unit"], -1), -1), hosts.get(row["host"], -1)
        if item < 0 or h < 0 or item in used or problem.attach[h, item] == float("inf") or len(laid.items[item]) > 1:
            continue
        slots[h] -= 1
        room[h] -= int(problem.members[item])
        if slots[h] >= 0 and room[h] >= 0:
            chosen.append(problem.attachment(h, item))
            used.add(item)
    return chosen + [problem.alone(i) for i in range(problem.count) if i not in used]


def _lawful(problem: Problem, row: int | None, items: list[int]) -> Column | None:
    if row is None or int(problem.base[row]) not in items:
        return None
    params = problem.instance.params
    others = [i for i in items if i != problem.base[row]]
    members, units = int(problem.members[items].sum()), int(problem.size[items].sum())
    torn = any(a in items and b in items for a, b in problem.laid.conflicts)
    if torn or not params.min_members <= members <= params.max_members or units > params.max_units:
        return None
    if any(problem.cost[row, i] == float("inf") for i in others):
        return None
    return problem.group(row, others)


def _group(problem: Problem, column: Column) -> dict[str, Any]:
    instance, units = problem.instance, problem.laid.units
    seat = units[column.seat]
    label = problem.labels[column.label] if column.label >= 0 else None
    inside = sorted((units[u] for i in column.items for u in problem.laid.items[i]), key=lambda row: row.id)
    cost = instance.params.f_keep if label is not None else instance.params.f_new
    for row in inside:
        moved = row.branch is not None and row.branch != label
        cost += (0 if row is seat else _arc(instance, row, seat)) + instance.params.move * moved
    return {
        "seat": seat.id, "label": label, "units": [row.id for row in inside],
        "members": sum(row.members for row in inside), "cost": cost,
    }  # fmt: skip


def _attached(problem: Problem, column: Column) -> list[dict[str, Any]]:
    instance, host = problem.instance, problem.hosts[column.host]
    found = []
    for u in problem.laid.items[column.items[0]]:
        row = problem.laid.units[u]
        cost = _arc(instance, row, host) + instance.params.attach + instance.params.move * (row.branch is not None)
        found.append({"unit": row.id, "host": host.id, "cost": cost})
    return found


def _arc(instance: Instance, row: Organization, there: Organization | Host) -> int:
    cost = instance.arc(row, there)
    if cost is None:
        raise AssertionError(f"{row.id} does not reach {there.id}")
    return cost


def _price(instance: Instance, row: Organization) -> int:
    return instance.params.p_member if row.members else instance.params.p_none


def _uncovered(problem: Problem, columns: Sequence[Column]) -> list[dict[str, Any]]:
    reasons = Reasons(problem, columns)
    found = [{"unit": one, "reason": why, "cheapest": reasons.of_lost(why)} for one, why in problem.laid.lost.items()]
    for column in columns:
        if column.seat < 0 and column.host < 0:
            for u in problem.laid.items[column.items[0]]:
                reason, cheapest = reasons.of(u, column.items[0])
                found.append({"unit": problem.laid.units[u].id, "reason": reason, "cheapest": cheapest})
    return sorted(found, key=lambda row: row["unit"])
