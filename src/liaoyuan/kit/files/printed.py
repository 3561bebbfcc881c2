"""Codes printed on a page, read out of a PDF that has a text: what stands in plain strings of its streams.

A scan has no text, and a subset font hides it; then nothing is found, which says nothing. No Django.
"""

import re
import zlib
from collections.abc import Iterator

_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_STRING = re.compile(rb"\(((?:[^()\\]|\\.){0,2000})\)|<([0-9A-Fa-f\s]{8,4000})>")
_MOST_STREAMS, _MOST_INFLATED = 500, 8 * 2**20


def codes(data: bytes, pattern: str) -> set[str]:
    """All texts of the PDF that match the pattern (ASCII), whole or put together from the pieces of one stream."""
    wanted = re.compile(pattern)
    found: set[str] = set()
    for part in _parts(data):
        pieces = [_plain(match) for match in _STRING.finditer(part)]
        for words in (*pieces, "".join(pieces)):
            found |= set(wanted.findall(words))
    return found


def _parts(data: bytes) -> Iterator[bytes]:
    """The file itself and its streams, inflated; no more of each than a page of text needs."""
    yield data[: 2**20]
    for number, match in enumerate(_STREAM.finditer(data)):
        if number >= _MOST_STREAMS:
            return
        raw = match[1]
        try:
            yield zlib.decompressobj().decompress(raw, _MOST_INFLATED)
        except zlib.error:
            continue


def _plain(match: re.Match[bytes]) -> str:
    if match[2] is not None:
        digits = re.sub(rb"\s", b"", match[2])
        raw = bytes.fromhex(digits[: len(digits) // 2 * 2].decode())
        raw = raw[1::2] if raw[::2].count(0) == len(raw) // 2 and len(raw) > 1 else raw
    else:
        raw = re.sub(rb"\\(.)", rb"\1", match[1])
    return raw.decode("ascii", "ignore")
