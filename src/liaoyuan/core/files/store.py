"""The store of contents: one file per content, named after its SHA-256, in a folder that several machines may share.

A content arrives under a temporary name in the same file system, is hashed while it streams, flushed to the disk and
renamed; under its final name there is never half a file. Contents of class C3 and C4 are kept sealed (`sealed`), under
a name with a tail, so that the same content may lie open for one purpose and sealed for another. Only what was never
kept is removed here.
"""

import hashlib
import os
import re
import secrets
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from cryptography.hazmat.primitives import hashes
from django.conf import settings

from liaoyuan.core.files import sealed

_ARRIVING, _LEAVING = ".arriving", ".leaving"
_NAME = re.compile(r"^[0-9a-f]{64}(?:-[0-9a-f]{16})?$")
CHUNK = 1 << 18


class TooLarge(Exception):
    """More bytes came than are allowed; nothing is kept."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A content under its temporary name, with its hashes and size in bytes."""

    path: Path
    sha256: str
    sm3: str
    size: int


def folder() -> Path:
    """Where the contents lie: `LIAOYUAN_FILES`, else `files` in the home."""
    return Path(settings.FILES)


def path_of(name: str) -> Path:
    """Where a content lies. Raises ValueError for what is no name of the store."""
    if not _NAME.match(name):
        raise ValueError(name)
    return folder() / name[:2] / name


def receive(chunks: Iterable[bytes], *, limit: int) -> Arrived:
    """Write a content under a temporary name, hashing it on the way. Raises `TooLarge` beyond `limit` bytes."""
    arriving = folder() / _ARRIVING
    arriving.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = arriving / secrets.token_hex(16)
    sha, sm3, size = hashlib.sha256(), hashes.Hash(hashes.SM3()), 0
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            for chunk in chunks:
                size += len(chunk)
                if size > limit:
                    raise TooLarge
                sha.update(chunk)
                sm3.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Arrived(path, sha.hexdigest(), sm3.finalize().hex(), size)


def keep(arrived: Arrived, key: bytes | None = None) -> str:
    """Give an arrived content its final name and return it. With a key it is kept sealed under a name of its own."""
    if key is None:
        name = arrived.sha256
        _settle(arrived.path, name)
        return name
    name = f"{arrived.sha256}-{secrets.token_hex(8)}"
    hidden = arrived.path.with_name(arrived.path.name + "-sealed")
    try:
        with (
            arrived.path.open("rb") as plain,
            os.fdopen(os.open(hidden, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file,
        ):
            sealed.seal(plain, file, key)
            file.flush()
            os.fsync(file.fileno())
        _settle(hidden, name)
    finally:
        hidden.unlink(missing_ok=True)
        discard(arrived)
    return name


def discard(arrived: Arrived) -> None:
    """Forget an arrived content that is not kept."""
    arrived.path.unlink(missing_ok=True)


def put(data: bytes, key: bytes | None = None) -> str:
    """Keep a content made here, such as a copy of a picture; returns its name."""
    return keep(receive([data], limit=len(data)), key)


def _settle(path: Path, name: str) -> None:
    final = path_of(name)
    final.parent.mkdir(exist_ok=True, mode=0o700)
    if final.is_file() and final.stat().st_size == path.stat().st_size:
        path.unlink(missing_ok=True)
        touch(name)
        return
    path.replace(final)
    with suppress(OSError):  # some shared folders know no such call
        handle = os.open(final.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def touch(name: str) -> bool:
    """A content is wanted again: from now on it rests anew. False when it is not there."""
    try:
        os.utime(path_of(name))
    except FileNotFoundError:
        return False
    return True


def rests(name: str, *, since: datetime) -> bool:
    """Whether a content was neither kept nor wanted since a moment. One that is missing rests."""
    try:
        return path_of(name).stat().st_mtime < since.timestamp()
    except FileNotFoundError:
        return True


def put_aside(name: str) -> None:
    """Take a content out of the store; `sweep` ends it later, until then `put_back` brings it again."""
    aside = folder() / _LEAVING
    aside.mkdir(parents=True, exist_ok=True, mode=0o700)
    with suppress(FileNotFoundError):
        path_of(name).replace(aside / name)
        os.utime(aside / name)


def put_back(name: str) -> None:
    """Bring a content back that was put aside."""
    with suppress(FileNotFoundError):
        (folder() / _LEAVING / name).replace(path_of(name))


def open_content(name: str, size: int, key: bytes | None = None) -> "BinaryIO | sealed.Reader":
    """Open a kept content for reading and seeking; `size` is its own size in bytes."""
    file = path_of(name).open("rb")
    return sealed.Reader(file, size, key) if key is not None else file


def faults(name: str, sha256: str, size: int, key: bytes | None = None) -> str:
    """What is wrong with a kept content: "missing", "changed" or empty. It is read whole."""
    digest = hashlib.sha256()
    try:
        with open_content(name, size, key) as file:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
    except FileNotFoundError:
        return "missing"
    except (OSError, ValueError):
        return "changed"
    return "" if digest.hexdigest() == sha256 else "changed"


def sweep(before: datetime) -> int:
    """Remove what arrived before a moment and was never kept, the traces of a crash, and what was put aside before it.

    Returns how many.
    """
    removed = 0
    for name in (_ARRIVING, _LEAVING):
        with suppress(OSError):
            for path in (folder() / name).iterdir():
                with suppress(OSError):
                    if path.stat().st_mtime < before.timestamp():
                        path.unlink()
                        removed += 1
    return removed
