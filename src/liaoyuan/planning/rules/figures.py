"""What a plan amounts to, counted from its input and its answer as the planner's contract has them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of units and members in play, by plan and as they stand today; `independent` are not in play."""

    units: int
    members: int
    covered: int
    members_covered: int
    group_count: int
    new_count: int
    moved: int
    independent_count: int
    now_covered: int
    now_branches: int


def of(raw: Mapping[str, Any], plan: Mapping[str, Any]) -> Figures:
    """The figures of a plan. A unit moves when it leaves a branch of today; fixed branches cover theirs as before."""
    bodies = {row["id"]: row for row in raw["organizations"]}
    alone = set(plan["independent"])
    playing = [row for key, row in bodies.items() if key not in alone]
    placed = {key: group["label"] for group in plan["groups"] for key in group["units"]}
    placed |= {row["unit"]: None for row in plan["attached"]}
    placed |= {key: fixed["branch"] for fixed in plan.get("fixed", ()) for key in fixed["units"]}
    today = {row["branch"] for row in playing if row["branch"]}
    return Figures(
        units=len(playing), members=sum(row["members"] for row in playing), covered=len(placed),
        members_covered=sum(bodies[key]["members"] for key in placed), group_count=len(plan["groups"]),
        new_count=sum(group["label"] is None for group in plan["groups"]),
        moved=sum(bodies[key]["branch"] not in (None, label) for key, label in placed.items()),
        independent_count=len(alone), now_covered=sum(row["branch"] is not None for row in playing),
        now_branches=len(today),
    )  # fmt: skip
