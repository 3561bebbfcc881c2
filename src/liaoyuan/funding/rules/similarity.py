"""How like two texts are: pairs of characters in common, rare runs to find candidates by, the passages that match.

Likeness is a whole percent: twice the common pairs over all pairs (Dice), counted with their repetitions and rounded
down. Only letters, digits and Han characters count; spaces and marks do not.
"""

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

#: How many characters a run has by which candidates are found, and how many runs of a text are kept.
RUN, KEPT = 5, 24
#: The shortest passage that is shown as the same, in characters that count.
PASSAGE = 6
_BITS = 63


@dataclass(frozen=True, slots=True)
class Passage:
    """A run that both texts have: where it begins and ends in each, the end not included."""

    start: int
    end: int
    other_start: int
    other_end: int


def _counting(text: str) -> list[tuple[str, int]]:
    """The characters that count, each with its place in the text."""
    return [
        (small, place)
        for place, char in enumerate(text)
        for small in unicodedata.normalize("NFKC", char).casefold()
        if small.isalnum()
    ]


def plain(text: str) -> str:
    """A text without what does not count."""
    return "".join(char for char, _place in _counting(text))


def _pairs(text: str) -> Counter[str]:
    return Counter(text[n : n + 2] for n in range(len(text) - 1))


def percent(one: str, other: str) -> int:
    """The likeness of two texts, 0 to 100. What is shorter than two characters is like nothing."""
    first, second = _pairs(plain(one)), _pairs(plain(other))
    whole = first.total() + second.total()
    return 200 * (first & second).total() // whole if first and second else 0


def marks(texts: Iterable[str]) -> list[int]:
    """The runs of a text that stand for it, as 63-bit numbers in order.

    Of all runs those with the smallest hashes are kept, so that two texts with half of their runs in common share about
    a third of their marks, wherever the common part stands.
    """
    runs = set()
    for text in texts:
        clean = plain(text)
        runs |= {clean[n : n + RUN] for n in range(len(clean) - RUN + 1)} or ({clean} if clean else set())
    return sorted(_hash(run) for run in runs)[:KEPT]


def _hash(run: str) -> int:
    return int.from_bytes(hashlib.blake2b(run.encode(), digest_size=8).digest()) & ((1 << _BITS) - 1)


def passages(one: str, other: str, least: int = PASSAGE) -> list[Passage]:
    """The passages of at least `least` characters that both texts have in the same order, by their places in them."""
    first, second = _counting(one), _counting(other)
    matcher = SequenceMatcher(None, [char for char, _p in first], [char for char, _p in second], autojunk=False)
    return [
        Passage(first[block.a][1], first[block.a + block.size - 1][1] + 1, second[block.b][1],
                second[block.b + block.size - 1][1] + 1)
        for block in matcher.get_matching_blocks()
        if block.size >= least
    ]  # fmt: skip
