"""Limits and weights of a scenario: the parameters of its area on its day, changed by a preset and by hand."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from liaoyuan.core.models import Area
from liaoyuan.party.queries import coverage as figures
from liaoyuan.planning.params.weights import KEY, LEAST, PRESETS, WEIGHTS


def of_area(area: Area, on: date, preset: str = "balanced", given: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What a scenario is opened with; `planner` makes the planner's own of it."""
    limits = figures.limits_on(area, on)
    own = {name: limits[KEY + name] for name in WEIGHTS}
    return {**own, "min_members": limits[LEAST], **PRESETS[preset], **(given or {})}


def planner(held: Mapping[str, Any], seed: int) -> dict[str, Any]:
    """A scenario's weights as `params` of the planner, without `mode`: percent become a factor."""
    told = {name: value for name, value in held.items() if name != "dist_percent"}
    return {**told, "dist_factor": held["dist_percent"] / 100, "seed": seed}
