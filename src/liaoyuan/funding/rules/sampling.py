"""Which projects are visited: at random by a kept seed, or by the reasons of risk that hold. No Django, no chance.

The order of a seed is the order of hashes of seed and key: anybody can draw it again with paper and a hash program.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from liaoyuan.funding.choices.running import Risk

_WHOLE = 100


@dataclass(frozen=True, slots=True)
class RiskFacts:
    """What is known of a running project: whole percents, days since the last record (None = never), counts."""

    overdue: int = 0
    elapsed: int = 0
    rate: int | None = None
    spent: int | None = None
    silent_days: int | None = None
    photos: int = 0
    outside: int = 0


def size(many: int, percent: int) -> int:
    """How many of so many are drawn: the percent of them, rounded up."""
    return -(-many * percent // _WHOLE)


def at_random(seed: str, population: Collection[int], many: int) -> list[int]:
    """So many keys of the population, in the order of their hashes with the seed."""
    ordered = sorted(set(population), key=lambda key: (sha256(f"{seed}:{key}".encode()).hexdigest(), key))
    return ordered[: max(0, many)]


def reasons(facts: RiskFacts, *, behind: int, silent: int) -> list[Risk]:
    """The reasons that hold, in the order of the table. `behind` in percent points, `silent` in days."""
    found = []
    if facts.overdue:
        found.append(Risk.OVERDUE)
    if facts.rate is not None and facts.elapsed - facts.rate > behind:
        found.append(Risk.BEHIND)
    if facts.spent is not None and facts.spent - facts.elapsed > behind:
        found.append(Risk.SPENDING)
    if facts.photos:
        found.append(Risk.PHOTOS)
    if facts.outside:
        found.append(Risk.OUTSIDE)
    if facts.silent_days is not None and facts.silent_days > silent:
        found.append(Risk.SILENT)
    return found


def by_risk(found: Mapping[int, Sequence[Risk]], weights: Mapping[str, int], many: int) -> list[int]:
    """So many keys with the heaviest reasons; those without a reason are never drawn."""
    told = {key: sum(weights.get(reason, 0) for reason in given) for key, given in found.items()}
    return [key for key in sorted(told, key=lambda key: (-told[key], key)) if told[key] > 0][: max(0, many)]
