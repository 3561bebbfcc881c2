"""A plan bent by hand: one unit is moved to another group, to a host or out. The checker says what that is worth.

Plans are the planner's JSON (docs/guide/planner.md). What comes out has no hash yet: it is checked, then sealed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from liaoyuan.planning.rules import costs

#: Violation of the checker → why a unit cannot go there.
BLOCK_MESSAGES: dict[str, str] = {
    "UNITS": "那一组的单位已满",
    "FEW": "有一组剩下的党员不足",
    "MANY": "那一组的党员已满",
    "FAR": "超出直线距离的上限",
    "SEAT": "有一组剩下的单位都没有党员",
    "SLOTS": "那个支部的单位已满",
    "ROOM": "那个支部的党员已满",
    "LOCK": "与锁定不符",
    "REASON": "没有坐标",
}
#: What only says that the bent plan's own sums are not sealed yet.
_SUMS = frozenset({"COST", "TOTAL", "HASH", "BOUND", "MEMBERS"})


@dataclass(frozen=True, slots=True)
class Target:
    """Where a unit goes: to the group of a seat, to a host, or (both empty) out."""

    seat: str = ""
    host: str = ""


def moved(raw: Mapping[str, Any], plan: Mapping[str, Any], unit: str, to: Target) -> dict[str, Any]:
    """The plan after the move, its sums anew. A group that loses its seat takes the cheapest other one."""
    bodies = {row["id"]: row for row in raw["organizations"]}
    groups = []
    for group in plan["groups"]:
        units = [one for one in group["units"] if one != unit]
        if to.seat and group["seat"] == to.seat:
            units = [*units, unit]
        if units:
            groups.append(_rebuilt(raw, bodies, {**group, "units": sorted(units)}))
    attached = [row for row in plan["attached"] if row["unit"] != unit]
    uncovered = [row for row in plan["uncovered"] if row["unit"] != unit]
    if to.host:
        host = next(row for row in raw["hosts"] if row["id"] == to.host)
        told = costs.lines(bodies[unit], host, raw["params"], attach=True)
        attached.append({"unit": unit, "host": to.host, "cost": told.total if told else 0})
    elif not to.seat:
        uncovered.append({"unit": unit, "reason": "NO_NEIGHBOUR", "cheapest": ""})
    return _summed(raw, bodies, {
        **plan, "groups": sorted(groups, key=lambda row: str(row["seat"])),
        "attached": sorted(attached, key=lambda row: str(row["unit"])),
        "uncovered": sorted(uncovered, key=lambda row: str(row["unit"])),
    })  # fmt: skip


def _rebuilt(raw: Mapping[str, Any], bodies: Mapping[str, Any], group: Mapping[str, Any]) -> dict[str, Any]:
    """The group with its members and its cost; at its seat, or at the cheapest where that has gone."""
    units = [bodies[one] for one in group["units"]]
    seats = [bodies[group["seat"]]] if group["seat"] in group["units"] else [row for row in units if row["members"]]
    options = []
    for seat in seats or units[:1]:
        label = group["label"] if seat["branch"] == group["label"] else None
        told = [costs.lines(row, seat, raw["params"], label=label) for row in units]
        cost = raw["params"]["f_new" if label is None else "f_keep"] + sum(one.total for one in told if one)
        options.append((None in told, cost, seat["id"], label))
    _far, cost, seat, label = min(options, key=lambda option: option[:3])
    members = sum(row["members"] for row in units)
    return {**group, "seat": seat, "label": label, "members": members, "cost": cost}


def _summed(raw: Mapping[str, Any], bodies: Mapping[str, Any], plan: dict[str, Any]) -> dict[str, Any]:
    params = raw["params"]
    cost = sum(row["cost"] for row in (*plan["groups"], *plan["attached"]))
    cost += sum(params["p_member"] if bodies[row["unit"]]["members"] else params["p_none"] for row in plan["uncovered"])
    bound = min(plan["bound"], cost)
    told = {name: value for name, value in plan.items() if name != "hash"}
    return {**told, "cost": cost, "bound": bound, "gap": round((cost - bound) / cost, 6) if cost else 0.0}


def blocks(violations: list[Mapping[str, Any]]) -> list[str]:
    """Why a bent plan is not lawful, by the checker's codes, each once; empty when it is."""
    return list(dict.fromkeys(str(one["code"]) for one in violations if one["code"] not in _SUMS))
