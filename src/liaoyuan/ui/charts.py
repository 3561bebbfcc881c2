"""Figures for a chart and the table that always stands beside it: one object for both, so that they cannot differ."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from liaoyuan.ui import texts

type Figure = int | float | None


@dataclass(frozen=True, slots=True)
class Chart:
    """`series`: name → one figure per category. `links`: an address per category, or none. `unit`: 家, 万元."""

    kind: Literal["bar", "line", "pie"]
    label: str
    categories: Sequence[str]
    series: Mapping[str, Sequence[Figure]]
    unit: str = ""
    axis: str = ""
    stacked: bool = False
    horizontal: bool = False
    links: Sequence[str] = field(default=())

    def __post_init__(self) -> None:
        """Refuse figures that do not fit their categories (ValueError)."""
        if self.kind not in ("bar", "line", "pie"):
            msg = f"no such chart: {self.kind}"
            raise ValueError(msg)
        wrong = [name for name, data in self.series.items() if len(data) != len(self.categories)]
        if wrong or (self.links and len(self.links) != len(self.categories)):
            msg = f"a figure and a link per category: {wrong or 'links'}"
            raise ValueError(msg)

    @property
    def json(self) -> str:
        """The chart as `data-chart` carries it (frontend/README.md, "Charts")."""
        told: dict[str, object] = {
            "type": self.kind,
            "title": str(self.label),
            "categories": [str(c) for c in self.categories],
            "series": [{"name": str(name), "data": list(data)} for name, data in self.series.items()],
        }
        if self.unit:
            told["unit"] = str(self.unit)
        told |= {name: True for name in ("stacked", "horizontal") if getattr(self, name)}
        if self.links:
            told["links"] = list(self.links)
        return json.dumps(told, ensure_ascii=False)

    @property
    def rows(self) -> list[tuple[str, str, list[str]]]:
        """The same figures as lines of a table: category, its link or an empty text, the figures written out."""
        links = self.links or [""] * len(self.categories)
        columns = [[texts.number(figure) for figure in data] for data in self.series.values()]
        return [
            (str(category), href, [column[place] for column in columns])
            for place, (category, href) in enumerate(zip(self.categories, links, strict=True))
        ]
