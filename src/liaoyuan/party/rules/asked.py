"""What makes a statement of the party floor live: its function, the facts it reads, worked examples."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from liaoyuan.kit.findings import Finding

#: The day of most examples.
ON = "2026-10-26"


class Record(NamedTuple):
    """A record of facts: its class, how it is read from plain JSON, the schema of some of its facts."""

    type: type
    parse: Callable[[Mapping[str, Any]], Any]
    schema: Callable[[tuple[str, ...]], dict[str, Any]]


class Asked(NamedTuple):
    """Examples are (facts, day, codes of the findings), judged by the profile of the demo."""

    record: Record
    function: Callable[..., Iterable[Finding]]
    reads: tuple[str, ...]
    examples: tuple[tuple[Mapping[str, Any], str, tuple[str, ...]], ...]
