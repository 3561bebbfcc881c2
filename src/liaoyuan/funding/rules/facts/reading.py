"""Reading the facts of the funding floor from plain JSON."""

from collections.abc import Mapping
from dataclasses import fields
from enum import StrEnum
from functools import partial
from typing import Any, NamedTuple

from liaoyuan.kit import facts as plain


class Record(NamedTuple):
    """A record of facts: its class, Chinese titles of its facts, which of them are codes, the records within it."""

    facts: type
    titles: Mapping[str, str]
    codes: Mapping[str, type[StrEnum]] = {}
    parts: Mapping[str, "Record"] = {}

    @property
    def shapes(self) -> dict[str, str]:
        """The shape of each fact by name."""
        return plain.shapes_of(self.facts)

    def parse(self, given: Mapping[str, Any]) -> Any:
        """Facts from plain JSON: ISO days, whole numbers, true/false, null for unknown, lists of such records.

        Raises ValueError with a Chinese sentence for an unknown name or a value that cannot be; no number is below
        nought, codes are known.
        """
        shapes = self.shapes
        found = plain.read(
            given, shapes, self.titles, parts={name: partial(Record.parse, part) for name, part in self.parts.items()}
        )
        for name, value in found.items():
            numbers = value if shapes[name] == "wholes" else (value,) if shapes[name] == "int" else ()
            if any(number < 0 for number in numbers):
                raise ValueError(f"事实“{name}”（{self.titles[name]}）不能小于零：{value!r}。")
            if name in self.codes:
                told = value if shapes[name] == "texts" else (value,)
                if not {code for code in told if code} <= {str(code) for code in self.codes[name]}:
                    raise ValueError(f"事实“{name}”（{self.titles[name]}）没有这个代码：{value!r}。")
        return self.facts(**found)

    def schema(self, names: tuple[str, ...]) -> dict[str, Any]:
        """JSON schema of the facts with these names; none is required, an absent one is unknown."""
        parts = {
            name: part.schema(tuple(f.name for f in fields(part.facts)))
            for name, part in self.parts.items()
            if name in names
        }
        return plain.schema_of(names, self.shapes, self.titles, parts)
