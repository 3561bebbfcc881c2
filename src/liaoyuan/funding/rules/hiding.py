"""Hiding who applies: names, codes and numbers taken out of texts, however they are spaced or widened.

A name is found with anything but letters, digits and Han characters between its characters, in full or half width, in
any case. Numbers of telephones, accounts and certificates are found by their shape.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

#: What stands where something was hidden.
MASK = "〔隐去〕"
#: Endings of names that say nothing about whose name it is, the longest first.
_ENDINGS = (
    "社会工作服务中心", "社会工作事务所", "社区服务中心", "公益服务中心", "志愿服务中心", "养老服务中心", "社会组织",
    "服务中心", "发展中心", "促进中心", "工作室", "事务所", "互助会", "促进会", "联合会", "志愿者协会", "基金会",
    "服务社", "服务站", "协会", "学会", "商会", "中心", "服务队", "志愿队", "队", "社", "会",
)  # fmt: skip
#: Words that a short name may be without betraying anybody.
_PLAIN = frozenset({
    "社区", "公益", "志愿", "社会", "服务", "文化", "老年", "青年", "儿童", "妇女", "健康", "教育", "社工", "助老",
    "养老", "慈善", "社会工作", "志愿服务", "公益服务", "社区服务", "养老服务", "居家养老", "心理咨询", "法律服务",
})  # fmt: skip
_SHORTEST = 2
_DIGITS = r"(?<![0-9])(?:\+?86)?(?:[0-9][ \-—–·.]?){7,30}(?![0-9])"
#: Days and months of a plan look like numbers, too, and are none.
_DAYS = re.compile(r"(?:(?:19|20)[0-9]{2}[-.][01]?[0-9](?:[-.][0-3]?[0-9])?[ \-—–]*)+")
#: So are sums of money and counts.
_AMOUNT = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,2})? ?(?:万元|元|人次|人|户|份|次)")
_LETTERED = r"(?<![0-9A-Za-z])(?=[0-9A-Za-z]*[0-9]{6})[0-9A-Za-z]{15,20}(?![0-9A-Za-z])"
_MAIL = r"[0-9A-Za-z._%+-]+@[0-9A-Za-z.-]+"
_FILE = r"[^\s，。；：“”《》、|/\\]{1,80}\.(?:docx?|xlsx?|pptx?|pdf|wps|et|jpe?g|png|zip|rar|mp4)"
_SHAPES = re.compile(f"{_MAIL}|{_FILE}|{_LETTERED}|{_DIGITS}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Hidden:
    """A text without what would betray whose it is, and what was taken out of it."""

    text: str
    found: tuple[str, ...]


@lru_cache(maxsize=4096)
def _folded(char: str) -> str:
    return unicodedata.normalize("NFKC", char).casefold()


def _plain(text: str) -> tuple[str, list[int]]:
    """The characters that count, and the place of each in the text."""
    chars, places = [], []
    for place, char in enumerate(text):
        for small in _folded(char):
            if small.isalnum():
                chars.append(small)
                places.append(place)
    return "".join(chars), places


def short_names(name: str, areas: Iterable[str]) -> list[str]:
    """What people call a body of this name: without the names of areas before it, without its ending.

    What is left of a name that is a plain word of the trade is left out.
    """
    rest, found = name, []
    for area in sorted(areas, key=len, reverse=True):
        for word in (area, area.rstrip("省市区县镇街道")):
            if len(word) >= _SHORTEST and rest.startswith(word):
                rest = rest[len(word) :].lstrip("省市区县镇街道")
    if rest != name:
        found.append(rest)
    ending = next((end for end in _ENDINGS if rest.endswith(end) and len(rest) > len(end) + 1), "")
    if ending:
        found.append(rest[: -len(ending)])
    return [word for word in found if len(word) >= _SHORTEST and word not in _PLAIN]


def _spans(text: str, terms: Iterable[str]) -> list[tuple[int, int]]:
    clean, places = _plain(text)
    found = []
    for term in terms:
        bare = _plain(term)[0]
        start = clean.find(bare) if len(bare) >= _SHORTEST else -1
        while start >= 0:
            found.append((places[start], places[start + len(bare) - 1] + 1))
            start = clean.find(bare, start + 1)
    return found


def _numbers(text: str) -> list[tuple[int, int]]:
    narrow = "".join(c if len(c) == 1 else char for char in text for c in (unicodedata.normalize("NFKC", char),))
    return [
        match.span()
        for match in _SHAPES.finditer(narrow)
        if not _DAYS.fullmatch(match[0].strip(" -—–")) and not _AMOUNT.match(narrow, match.start())
    ]


def hide(text: str, terms: Iterable[str]) -> Hidden:
    """A text with every term and every number of a person or an account taken out."""
    spans = sorted({*_spans(text, terms), *_numbers(text)})
    pieces, found, place = [], [], 0
    for start, end in _joined(spans):
        pieces += [text[place:start], MASK]
        found.append(text[start:end])
        place = end
    return Hidden("".join([*pieces, text[place:]]), tuple(found))


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans that touch each other as one."""
    found: list[tuple[int, int]] = []
    for start, end in spans:
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def named(text: str, terms: Iterable[str]) -> list[str]:
    """What of a text is one of the terms, as it is written there; numbers are not looked for."""
    return [text[start:end] for start, end in _joined(sorted(_spans(text, terms)))]


def betrays(text: str, terms: Iterable[str]) -> bool:
    """Whether a text still holds one of the terms."""
    return bool(_spans(text, terms))
