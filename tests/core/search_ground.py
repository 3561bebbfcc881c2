"""A small world to search in, and what a patient reader would find there: every text looked at, nothing indexed."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from liaoyuan.core import registries
from liaoyuan.kit import pinyin

KIND = "organization"


@dataclass
class Thing:
    """One findable thing as its owner describes it."""

    pk: int
    names: list[str]
    codes: list[str] = field(default_factory=list)
    registrar: str = "32/3202/320211/"
    domicile: str = ""
    public: bool = True
    weight: int = 2

    def document(self) -> dict[str, Any]:
        """As a higher floor hands it over."""
        return {
            "object_id": self.pk,
            "title": self.names[0],
            "names": self.names,
            "code": self.codes[0] if self.codes else "",
            "codes": self.codes,
            "registrar_path": self.registrar,
            "domicile_path": self.domicile,
            "is_public": self.public,
            "weight": self.weight,
        }


def searchable(things: Mapping[int, Thing], permission: str) -> registries.Searchable:
    """A kind of record whose documents are these things, whatever they are by then."""

    def documents(ids: Sequence[int] | None) -> Iterator[dict[str, Any]]:
        for pk in sorted(things) if ids is None else ids:
            if pk in things:
                yield things[pk].document()

    return registries.Searchable(KIND, "社会组织", "core:profile", permission, documents)


def plain(text: str) -> str:
    """Letters and digits alone, of one width and case."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def words(query: str) -> list[str]:
    """The words of a query."""
    return [w for w in map(plain, unicodedata.normalize("NFKC", query).split()) if w]


def place(thing: Thing, query: str) -> int | None:
    """Where the thing stands among the hits, None when it is none: brief's order, from its texts."""
    asked, whole = words(query), "".join(words(query))
    title, former = plain(thing.names[0]), [plain(n) for n in thing.names[1:]]
    codes = [plain(c) for c in thing.codes]
    sounds = [text for name in (title, *former) for pair in pinyin.readings(name) for text in pair]
    ranks = []
    for word in asked:
        groups = ([title], former, codes, sounds)
        found = [3 + i for i, group in enumerate(groups) if any(word in text for text in group)]
        if not found:
            return None
        ranks.append(found[0])
    if not ranks:
        return None
    if whole in codes:
        return 0
    if whole == title:
        return 1
    return 2 if title.startswith(whole) else max(ranks)


def expected(things: Mapping[int, Thing], query: str) -> list[int]:
    """Keys of all hits in their order."""
    found = [(p, -t.weight, plain(t.names[0]), t.pk) for t in things.values() if (p := place(t, query)) is not None]
    return [row[-1] for row in sorted(found)]
