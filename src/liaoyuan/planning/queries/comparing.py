"""Scenarios beside each other, each with its latest plan."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from liaoyuan.core.models import Area
from liaoyuan.planning.models import Plan, Scenario


@dataclass(frozen=True, slots=True)
class Line:
    """One scenario with its latest plan, None when it has none."""

    pk: int
    name: str
    area: Area
    on: date
    preset: str
    last: Plan | None


class Listing:
    """Scenarios: a total and slices of lines, in two statements."""

    ordered = True

    def __init__(self, rows: Any) -> None:
        self.rows = rows

    def count(self) -> int:
        """How many there are."""
        return int(self.rows.count())

    def __getitem__(self, part: slice) -> list[Line]:
        """The lines of a slice."""
        rows: list[Scenario] = list(self.rows[part])
        last: dict[int, Plan] = {}
        for plan in Plan.objects.filter(scenario__in=rows).order_by("number"):
            last[plan.scenario_id] = plan
        return [Line(row.pk, row.name, row.area, row.on, row.preset, last.get(row.pk)) for row in rows]
