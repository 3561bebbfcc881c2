"""The compound file ("OLE") that old Office formats and encrypted new ones are kept in. [MS-CFB] 2.

Only what is needed to take one stream out: header, sector chains, directory. Chains that loop or leave the file end in
an exception, never in a loop.
"""

import struct
from dataclasses import dataclass

_END = 0xFFFFFFFA
"""From here on a sector number is a mark: end of chain, free, or a sector of the table itself."""
MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    kind: int
    start: int
    size: int


class Compound:
    """A compound file in memory. Broken ones raise `ValueError`, `IndexError` or `struct.error`."""

    def __init__(self, data: bytes) -> None:
        """Read the allocation tables and the directory."""
        self._data = data
        shift, mini_shift = struct.unpack_from("<HH", data, 30)
        if not 7 <= shift <= 12 or not 4 <= mini_shift < shift:
            raise ValueError(shift, mini_shift)
        self._sector = 1 << shift
        self._mini_sector = 1 << mini_shift
        directory, self._cutoff, mini_table, _, extra, _ = struct.unpack_from("<I4xIIIII", data, 48)
        self._table = self._read_table(extra)
        entries = self._chain(directory)
        self._entries = [self._entry(entries[at : at + 128]) for at in range(0, len(entries) - 127, 128)]
        root = next(e for e in self._entries if e.kind == 5)
        self._mini_table = _numbers(self._chain(mini_table)) if mini_table < _END else ()
        self._mini = self._chain(root.start) if root.start < _END else b""

    @property
    def names(self) -> frozenset[str]:
        """Names of all streams and storages, wherever they stand."""
        return frozenset(e.name for e in self._entries if e.kind)

    def stream(self, name: str) -> bytes:
        """The bytes of a stream. Raises `KeyError` if there is none."""
        for entry in self._entries:
            if entry.kind == 2 and entry.name == name:
                if entry.size < self._cutoff:
                    return self._mini_chain(entry.start)[: entry.size]
                return self._chain(entry.start)[: entry.size]
        raise KeyError(name)

    def _entry(self, raw: bytes) -> _Entry:
        length = struct.unpack_from("<H", raw, 64)[0]
        start, size = struct.unpack_from("<II", raw, 116)
        return _Entry(raw[: max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace"), raw[66], start, size)

    def _read_table(self, extra: int) -> tuple[int, ...]:
        sectors = list(struct.unpack_from("<109I", self._data, 76))
        seen = set()
        while extra < _END:
            if extra in seen:
                raise ValueError(extra)
            seen.add(extra)
            more = _numbers(self._at(extra))
            sectors += more[:-1]
            extra = more[-1]
        return _numbers(b"".join(self._at(sector) for sector in sectors if sector < _END))

    def _at(self, sector: int) -> bytes:
        start = (sector + 1) * self._sector
        if start >= len(self._data):
            raise IndexError(sector)
        return self._data[start : start + self._sector].ljust(self._sector, b"\0")

    def _chain(self, sector: int) -> bytes:
        return b"".join(self._at(s) for s in _follow(self._table, sector))

    def _mini_chain(self, sector: int) -> bytes:
        size = self._mini_sector
        return b"".join(self._mini[s * size : (s + 1) * size] for s in _follow(self._mini_table, sector))


def _numbers(raw: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(raw) // 4}I", raw[: len(raw) // 4 * 4])


def _follow(table: tuple[int, ...], sector: int) -> list[int]:
    chain = []
    while sector < _END:
        chain.append(sector)
        if len(chain) > len(table):
            raise ValueError("the chain of sectors loops")
        sector = table[sector]
    return chain
