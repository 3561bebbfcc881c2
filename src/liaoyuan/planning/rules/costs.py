"""What it costs a unit to go to a seat or host, line by line (docs/guide/planner.md). Metre-equivalents."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of one unit's cost; `metres` is the straight distance."""

    metres: float
    way: int
    field: int
    street: int
    unit: int
    move: int
    attach: int = 0

    @property
    def total(self) -> int:
        """All lines."""
        return self.way + self.field + self.street + self.unit + self.move + self.attach


def lines(
    unit: Mapping[str, Any], seat: Mapping[str, Any], params: Mapping[str, Any], *, label: str | None = None,
    attach: bool = False,
) -> Lines | None:  # fmt: skip
    """The lines of a unit that goes to a seat (with the seat's branch `label`) or attaches to a host; None when one of
    the two has no place, or the radius is passed.
    """
    same = unit["id"] == seat["id"] and not attach
    if not same and (unit["x"] is None or seat["x"] is None):
        return None
    metres = 0.0 if same else math.sqrt((unit["x"] - seat["x"]) ** 2 + (unit["y"] - seat["y"]) ** 2)
    if metres > params["radius_m"]:
        return None
    differs = {name: _differs(unit, seat, name) * params[f"w_{name}"] for name in ("field", "street", "unit")}
    leaves = unit["branch"] is not None and (attach or unit["branch"] != label)
    return Lines(metres, round(params["dist_factor"] * metres), **differs, move=params["move"] * leaves,
                 attach=params["attach"] * attach)  # fmt: skip


def _differs(one: Mapping[str, Any], other: Mapping[str, Any], name: str) -> bool:
    return one[name] is not None and other[name] is not None and one[name] != other[name]
