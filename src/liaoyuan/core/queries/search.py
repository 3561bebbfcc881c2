"""The language of the full-text index: which terms a document has, and how a text is asked with them.

A document's texts are written as pairs of characters, 养老院 → 养老 老院 院$. The sigil before each pair tells the kind
of text: none for the title, < former names, # codes, ~ pinyin and initials, @ marks (area, kind, public). ^ stands
before the first pair of titles and codes, $ behind the last character of every text, so that no row of pairs runs from
one text into the next. Single characters are terms of their own in the title and beginnings of terms elsewhere.

On SQLite a text is a phrase of its pairs and the index alone answers exactly. PostgreSQL's index knows no places: it
holds three Chinese characters as a term too, all terms of a word must be there, and of longer words the texts
themselves are read again (`Plan.reread`).
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from operator import add
from typing import Any

from django.db import connection

from liaoyuan.kit.text import match_key

TITLE, FORMER, CODES, SOUNDS = "", "<", "#", "~"
#: Words of one query that are looked at; a box holds 100 characters, so nobody types more.
MAX_WORDS = 50
#: Where a hit stands: by its worst word, unless the whole query is a code, the title or the title's beginning.
EXACT_CODE, EXACT_TITLE, BEGINNING, IN_TITLE, IN_FORMER, IN_CODE, IN_SOUND, NOWHERE = range(8)
_COLUMN = {TITLE: "key", FORMER: "former", CODES: "codes", SOUNDS: "sounds"}
_RANK = {TITLE: IN_TITLE, FORMER: IN_FORMER, CODES: IN_CODE, SOUNDS: IN_SOUND}
_FIRST_CJK = "\u2e80"  # nothing from here on is ever part of a reading
# Longer words are looked up by a part of them and read again: of codes and readings the end tells most, of names what
# follows the area.
_LONG = 8
_END = 6
_CORE = slice(3, 35)


def fold(text: str) -> str:
    """`match_key` without its memory (names hardly repeat) and without a look at every character where none goes."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return folded if folded.isalnum() else match_key.__wrapped__(text)


def pairs(sigil: str, text: str) -> str:
    """The terms of one text: 养老院 → 养老 老院 院$, each with the sigil."""
    two = [*map(add, text, text[1:])]
    three = map(add, two, text[2:]) if _by_three(text) else ()
    return sigil + f" {sigil}".join([*two, text[-1] + "$", *three])


def _by_three(text: str) -> bool:
    """Whether three characters are a term too: Chinese on PostgreSQL, where three pairs prove nothing."""
    return connection.vendor == "postgresql" and not text.isascii()


def grams(key: str, former: Iterable[str], codes: Iterable[str], sounds: Iterable[str], marks: str) -> str:
    """All terms of a document, one blank between them. Never empty: an empty column means not yet indexed."""
    terms = ["^" + key[:2], pairs(TITLE, key), " ".join(dict.fromkeys(key))] if key else []
    terms += [pairs(FORMER, text) for text in former]
    for text in codes:
        terms += ["#^" + text[:2], pairs(CODES, text)]
    terms += [pairs(SOUNDS, text) for text in sounds]
    return " ".join([*terms, marks])


@lru_cache(maxsize=4096)
def marks(kind: str, registrar_path: str, domicile_path: str, *, is_public: bool) -> str:
    """Terms of the areas a document belongs to, its kind (*) and whether everybody may find it (+)."""
    words = dict.fromkeys([*registrar_path.split("/"), *domicile_path.split("/"), "*", "+" if is_public else ""])
    return " ".join([mark(kind, word) for word in words if word])


def mark(kind: str, word: str) -> str:
    """One mark of a kind; an area's is the last code of its path."""
    return f"@{kind}:{word}"


def words_of(query: str) -> list[str]:
    """The words of a query under their `match_key`, in their order."""
    return [found for word in unicodedata.normalize("NFKC", query).split() if (found := fold(word))]


def every(parts: Sequence[str]) -> str:
    """Index terms that must all be there."""
    return (" & " if connection.vendor == "postgresql" else " AND ").join(parts)


def some(parts: Sequence[str]) -> str:
    """Index terms of which one must be there."""
    return f"({(' | ' if connection.vendor == 'postgresql' else ' OR ').join(f'({part})' for part in parts)})"


def term(token: str) -> str:
    """One term as the index is asked for it."""
    return _phrase([token])


def _phrase(tokens: Sequence[str], *, opening: bool = False) -> str:
    """All tokens beside each other (on PostgreSQL: all of them); `opening` takes the last as a beginning."""
    if connection.vendor == "postgresql":
        return " & ".join(f"'{token}'" for token in tokens) + (":*" if opening else "")
    return f'"{" ".join(tokens)}"' + (" *" if opening else "")


def _contains(sigil: str, word: str) -> str:
    if len(word) == 1:
        return _phrase([sigil + word], opening=sigil != TITLE)
    size = 3 if len(word) > 2 and _by_three(word) else 2
    return _phrase([sigil + word[i : i + size] for i in range(len(word) - size + 1)])


def _classes(word: str) -> tuple[str, ...]:
    return (TITLE, FORMER, CODES) if any(char >= _FIRST_CJK for char in word) else (TITLE, FORMER, CODES, SOUNDS)


@dataclass(slots=True)
class Sql:
    """A piece of SQL with its parameters."""

    text: str
    values: list[Any] = field(default_factory=list)


def _has(column: str, text: str) -> Sql:
    # strpos is told the type: a parameter has none of its own
    if connection.vendor == "postgresql":
        return Sql(f"strpos(d.{column}, %s::text) > 0", [text])
    return Sql(f"instr(d.{column}, %s) > 0", [text])


@dataclass
class Plan:
    """One query, ready to be asked: `match` terms for the index, `rank` as SQL over the document's texts."""

    words: list[str]
    #: The query without blanks: a code, a title or its beginning is meant by this.
    whole: str

    @classmethod
    def of(cls, query: str) -> "Plan":
        """The plan of a text; without words when it holds no letter or digit. The first `MAX_WORDS` words count."""
        words = words_of(query)
        return cls(list(dict.fromkeys(words))[:MAX_WORDS], "".join(words))

    @property
    def reread(self) -> bool:
        """Whether the index alone may answer too much, so that the texts themselves have to be read."""
        if connection.vendor != "postgresql":
            return False
        return any(len(word) > (3 if _by_three(word) else 2) for word in self.words)

    @property
    def has_long(self) -> bool:
        """Whether `narrow` looks for less than the words themselves."""
        return any(len(word) > _LONG for word in self.words)

    def match(self, worst: int = IN_SOUND) -> str:
        """Index terms of the documents with rank `worst` or better by words alone, of those three by the whole query
        for the three best ranks; never too few, and on SQLite exact.
        """
        whole = self.whole
        if worst == EXACT_CODE:
            tokens = ["#^" + whole[:2], *[CODES + pair for pair in map(add, whole, whole[1:])]]
            return _phrase([*tokens, CODES + whole[-1] + "$"])
        if worst in (EXACT_TITLE, BEGINNING):
            tokens = ["^" + whole[:2], *map(add, whole, whole[1:])]
            if worst == EXACT_TITLE:
                return _phrase([*tokens, whole[-1] + "$"])
            return _phrase(tokens, opening=len(whole) == 1)
        return self._match(self.words, worst)

    def exact_code(self) -> str:
        """Index terms that documents with exactly this code have, and few others: how it ends."""
        end = self.whole[-4:]
        return _phrase([*[CODES + pair for pair in map(add, end, end[1:])], CODES + end[-1] + "$"])

    def narrow(self) -> str:
        """As `match()`, by a telling part of long words: quicker, and sometimes too much."""
        return self._match([_telling(word) for word in self.words], IN_SOUND)

    @staticmethod
    def _match(words: Sequence[str], worst: int) -> str:
        return every([
            some([_contains(sigil, word) for sigil in _classes(word) if _RANK[sigil] <= worst]) for word in words
        ])  # fmt: skip

    @cached_property
    def holds(self) -> Sql:
        """Whether every word is found in the document, read from its texts."""
        words = [[_has(_COLUMN[sigil], word) for sigil in _classes(word)] for word in self.words]
        return Sql(
            " AND ".join(f"({' OR '.join(has.text for has in word)})" for word in words),
            [value for word in words for has in word for value in has.values],
        )

    def needs(self, rank: int) -> Sql:
        """What every document of this rank has, quick to ask: most documents that are walked past fail here."""
        if rank == EXACT_CODE:
            return _has("codes", self.whole)
        if rank in (EXACT_TITLE, BEGINNING):
            return _has("key", self.whole)
        sigils = [sigil for sigil in _RANK if _RANK[sigil] == rank or (len(self.words) > 1 and _RANK[sigil] < rank)]
        words = [[_has(_COLUMN[sigil], word) for sigil in sigils] for word in self.words]
        return Sql(
            " AND ".join(f"({' OR '.join(has.text for has in word)})" for word in words),
            [value for word in words for has in word for value in has.values],
        )

    @cached_property
    def rank(self) -> Sql:
        """The document's place as a number, `NOWHERE` when a word is missing."""
        of_words = [self._rank_of(word) for word in self.words]
        worst, values = of_words[0].text, [value for one in of_words for value in one.values]
        if len(of_words) > 1:
            greatest = "greatest" if connection.vendor == "postgresql" else "max"
            worst = f"{greatest}({', '.join(one.text for one in of_words)})"
        code = _has("codes", f"\n{self.whole}\n")
        begins = f"substr(d.key, 1, {len(self.whole)}) = %s"
        text = (
            f"CASE WHEN {code.text} THEN {EXACT_CODE} WHEN d.key = %s THEN {EXACT_TITLE}"
            f" WHEN {begins} THEN {BEGINNING} ELSE {worst} END"
        )
        return Sql(text, [*code.values, self.whole, self.whole, *values])

    @staticmethod
    def _rank_of(word: str) -> Sql:
        cases, values = [], []
        for sigil in _classes(word):
            has = _has(_COLUMN[sigil], word)
            cases.append(f"WHEN {has.text} THEN {_RANK[sigil]}")
            values += has.values
        return Sql(f"CASE {' '.join(cases)} ELSE {NOWHERE} END", values)


def _telling(word: str) -> str:
    if len(word) <= _LONG:
        return word
    return word[-_END:] if word.isascii() else word[_CORE]
