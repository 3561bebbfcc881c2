"""Texts of an xlsx workbook: the shared strings, and the escapes both they and inline texts use.

Held as one run of UTF-8 with offsets: a quarter of the memory of as many `str`. ECMA-376 part 1, 18.4 and 22.9.2.19.
"""

import re
from array import array
from collections.abc import Iterable, Sequence
from itertools import accumulate
from xml.parsers import expat

from liaoyuan.kit.sheets.archive import refuse_declarations
from liaoyuan.kit.sheets.refusal import Unreadable

_HEAD = re.compile(rb"<([\w.-]+:)?sst(?:\s[^>]*?)?(/?)>")
_PLAIN = re.compile(rb'<si><t(?: xml:space="preserve")?>([^<&]*+)</t></si>')
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_LONGEST = 8 * 2**20
"""Bytes of one string with its mark-up, and of what stands before the first. A cell holds 32,767 characters."""


def unescape(text: str) -> str:
    """Characters that XML cannot hold are stored as `_x000D_`; what no text can hold becomes U+FFFD."""
    if "_x" not in text:
        return text
    plain = _ESCAPED.sub(lambda m: chr(int(m[1], 16) or 0xFFFD), text)
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


class Strings:
    """The shared strings: `strings[b"17"]`, by the number as it stands in a cell."""

    def __init__(self, limit: int) -> None:
        """`limit` in bytes of UTF-8."""
        self._blob = bytearray()
        self._ends = array("Q", [0])
        self._limit = limit

    def __getitem__(self, number: bytes) -> str:
        at = int(number)
        if at < 0:
            raise IndexError(at)
        return self._blob[self._ends[at] : self._ends[at + 1]].decode()

    def _add(self, texts: Sequence[bytes]) -> None:
        self._ends.extend(accumulate(map(len, texts), initial=self._ends.pop()))
        self._blob += b"".join(texts)
        if len(self._blob) > self._limit:
            raise Unreadable("too_much_text", limit=self._limit // 2**20)

    def fill(self, pieces: Iterable[bytes]) -> None:
        """Take the strings of the part that comes in `pieces`."""
        prefix, rest = None, b""
        for piece in pieces:
            rest += piece
            if len(rest) > _LONGEST:
                raise Unreadable("text_too_long", limit=_LONGEST // 2**20)
            if prefix is None:
                if not (head := _HEAD.search(rest)):
                    continue
                refuse_declarations(rest[: head.start()])
                if head[2]:
                    return
                prefix, rest = head[1] or b"", rest[head.end() :]
            whole, end, rest = rest.rpartition(b"</" + prefix + b"si>")
            if end:
                self._take(whole + end)
        last, closed, _ = rest.rpartition(b"</" + (prefix or b"") + b"sst>")
        if not closed:
            raise Unreadable("damaged")
        self._add_slowly(last)

    def _take(self, strings: bytes) -> None:
        """Whole strings, by a pattern where it explains each of them, else by a parser."""
        found = _PLAIN.findall(strings)
        odd = b"_x" in strings or b"\r" in strings or b"<!" in strings
        if not odd and strings.count(b"<") == 4 * len(found):
            self._add(found)
        else:
            self._add_slowly(strings)

    def _add_slowly(self, part: bytes) -> None:
        """Strings by a real parser: rich text, references, empty ones. The phonetic guide is no text of the cell."""
        found: list[bytes] = []
        text: list[str] = []
        taking = phonetic = False

        def start(name: str, _attrs: dict[str, str]) -> None:
            nonlocal taking, phonetic
            match name.rpartition(":")[2]:
                case "si":
                    text.clear()
                case "rPh":
                    phonetic = True
                case "t":
                    taking = not phonetic

        def end(name: str) -> None:
            nonlocal taking, phonetic
            match name.rpartition(":")[2]:
                case "si":
                    found.append(unescape("".join(text)).encode())
                case "rPh":
                    phonetic = False
                case "t":
                    taking = False

        parser = expat.ParserCreate("utf-8")
        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = lambda data: text.append(data) if taking else None
        parser.Parse(b"<sst>" + part + b"</sst>", True)
        self._add(found)
