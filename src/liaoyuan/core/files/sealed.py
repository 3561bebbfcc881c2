"""Contents of class C3 and C4 at rest: AES-256-GCM in pieces, so that a part can be read without the rest.

A sealed file is a mark, eight random bytes, then each piece of 64 KB as ciphertext with its tag. The nonce is those
eight bytes and the number of the piece; whether a piece is the last one is authenticated with it, so pieces can neither
be exchanged nor cut off. Every file has a key of its own, which the database keeps wrapped by the vault.
"""

import io
import os
from typing import BinaryIO, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_MARK = b"LYF1"
_PREFIX = 8
_HEAD = len(_MARK) + _PREFIX
_PIECE = 1 << 16
_TAG = 16


class Damaged(ValueError):
    """The sealed file was changed, cut off, or belongs to another key."""


def seal(plain: BinaryIO, out: BinaryIO, key: bytes) -> None:
    """Write the sealed form of a content."""
    prefix, cipher = os.urandom(_PREFIX), AESGCM(key)
    out.write(_MARK + prefix)
    piece, number = plain.read(_PIECE), 0
    while True:
        following = plain.read(_PIECE) if len(piece) == _PIECE else b""
        last = not following
        out.write(cipher.encrypt(prefix + number.to_bytes(4), piece, b"last" if last else b"more"))
        if last:
            return
        piece, number = following, number + 1


class Reader:
    """A sealed content as a file to read and seek in. Raises `Damaged` where it cannot be opened."""

    def __init__(self, file: BinaryIO, size: int, key: bytes) -> None:
        self._file, self._size, self._cipher = file, size, AESGCM(key)
        self._at = 0
        self._kept: tuple[int, bytes] = (-1, b"")
        head = file.read(_HEAD)
        if len(head) != _HEAD or not head.startswith(_MARK):
            file.close()
            raise Damaged
        self._prefix = head[len(_MARK) :]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file below."""
        self._file.close()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place of the content."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def read(self, count: int = -1) -> bytes:
        """The next bytes, at most `count`; empty at the end."""
        left = max(0, self._size - self._at)
        wanted = left if count < 0 else min(count, left)
        if self._size == 0:
            self._piece(0)
        parts = []
        while wanted:
            number, skip = divmod(self._at, _PIECE)
            part = self._piece(number)[skip : skip + wanted]
            if not part:
                raise Damaged
            parts.append(part)
            self._at += len(part)
            wanted -= len(part)
        return b"".join(parts)

    def _piece(self, number: int) -> bytes:
        if self._kept[0] == number:
            return self._kept[1]
        self._file.seek(_HEAD + number * (_PIECE + _TAG))
        last = (number + 1) * _PIECE >= self._size
        told = b"last" if last else b"more"
        try:
            piece = self._cipher.decrypt(self._prefix + number.to_bytes(4), self._file.read(_PIECE + _TAG), told)
        except (InvalidTag, ValueError) as error:
            raise Damaged from error
        self._kept = (number, piece)
        return piece
