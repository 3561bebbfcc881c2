"""What makes a statement of the handbook live: its function, the facts it reads, worked examples."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from liaoyuan.kit.findings import Finding
from liaoyuan.registry.rules.facts import OrganizationFacts, schema


class Asked(NamedTuple):
    """Examples are (facts, day, codes of the findings); `parse` and `shape` are of the facts that the rule reads."""

    function: Callable[..., Iterable[Finding]]
    reads: tuple[str, ...]
    examples: tuple[tuple[Mapping[str, Any], str, tuple[str, ...]], ...]
    parse: Callable[[Mapping[str, Any]], Any] = OrganizationFacts.from_dict
    shape: Callable[[tuple[str, ...]], dict[str, Any]] = schema
