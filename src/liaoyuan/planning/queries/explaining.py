"""Why these units: the cost lines of each, where else it could go and for how much, as the checker reckons it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from liaoyuan.planning.rules import bending, costs
from liaoyuan.planning.rules.bending import Target
from liaoyuan.solvers.coverage import checker

#: So many of the nearest other places are reckoned out for each unit.
_NEAREST = 6


@dataclass(frozen=True, slots=True)
class Option:
    """Another place for a unit: the seat of a group or a host, its straight distance, by how much the whole plan would
    cost more (or less), what forbids it (codes of `BLOCK_MESSAGES`).
    """

    to: Target
    metres: float
    price: int
    blocks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One unit of a group: its lines, and its best other places, those that are lawful first."""

    unit: str
    lines: costs.Lines
    options: tuple[Option, ...]


def price(raw: Mapping[str, Any], plan: Mapping[str, Any], unit: str, to: Target) -> Option:
    """What moving a unit costs the whole plan, reckoned by the checker."""
    said = checker.verify(raw, bending.moved(raw, plan, unit, to))
    if said["cost"] is None:
        raise AssertionError("a bent plan adds up")
    body = next(row for row in raw["organizations"] if row["id"] == unit)
    there = _there(raw, to)
    told = costs.lines(body, there, {**raw["params"], "radius_m": float("inf")}) if there else None
    return Option(
        to, told.metres if told else 0.0, said["cost"] - plan["cost"], tuple(bending.blocks(said["violations"]))
    )


def _there(raw: Mapping[str, Any], to: Target) -> Mapping[str, Any] | None:
    if to.seat:
        return next(row for row in raw["organizations"] if row["id"] == to.seat)
    return next((row for row in raw["hosts"] if row["id"] == to.host), None)


def targets(raw: Mapping[str, Any], plan: Mapping[str, Any], unit: str) -> list[Target]:
    """Where else a unit could go, the least cost of its own first: other groups and hosts within the radius."""
    bodies = {row["id"]: row for row in raw["organizations"]}
    body, found = bodies[unit], []
    here = {row["host"] for row in plan["attached"] if row["unit"] == unit}
    for group in plan["groups"]:
        told = costs.lines(body, bodies[group["seat"]], raw["params"], label=group["label"])
        if unit not in group["units"] and told is not None:
            found.append((told.total, group["seat"], Target(seat=group["seat"])))
    for host in raw["hosts"]:
        told = costs.lines(body, host, raw["params"], attach=True)
        if told is not None and host["id"] not in here:
            found.append((told.total, host["id"], Target(host=host["id"])))
    return [target for _cost, _key, target in sorted(found, key=lambda one: one[:2])]


def options(raw: Mapping[str, Any], plan: Mapping[str, Any], unit: str, most: int = _NEAREST) -> tuple[Option, ...]:
    """The nearest other places reckoned out, those that are lawful first, the cheapest before the dearer."""
    found = [price(raw, plan, unit, target) for target in targets(raw, plan, unit)[:most]]
    return tuple(sorted(found, key=lambda one: (bool(one.blocks), one.price)))


def group_lines(raw: Mapping[str, Any], plan: Mapping[str, Any], seat: str) -> list[Line]:
    """The units of a group, its seat first, then those that cost most."""
    bodies = {row["id"]: row for row in raw["organizations"]}
    group = next(row for row in plan["groups"] if row["seat"] == seat)
    found = []
    for unit in group["units"]:
        told = costs.lines(bodies[unit], bodies[seat], raw["params"], label=group["label"])
        if told is None:
            raise AssertionError(f"{unit} does not reach {seat}")
        found.append(Line(unit, told, options(raw, plan, unit)[:2]))
    return sorted(found, key=lambda line: (line.unit != seat, -line.lines.total, line.unit))


def named_ids(lines: Sequence[Line]) -> tuple[set[str], set[str]]:
    """(seats, hosts) that the options of these lines name."""
    every = [option.to for line in lines for option in line.options]
    return {to.seat for to in every if to.seat}, {to.host for to in every if to.host}
