"""What makes a statement of the funding floor live: its function, the facts it reads, worked examples."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from liaoyuan.funding.rules.facts.reading import Record
from liaoyuan.kit.findings import Finding

#: The day of most examples.
ON = "2026-04-20"


class Asked(NamedTuple):
    """Examples are (facts, day, codes of the findings), judged by the profile of the demo."""

    record: Record
    function: Callable[..., Iterable[Finding]]
    reads: tuple[str, ...]
    examples: tuple[tuple[Mapping[str, Any], str, tuple[str, ...]], ...]
