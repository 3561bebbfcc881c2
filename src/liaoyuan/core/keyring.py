"""The key ring in the home: several data keys, one of them active, and the keys of the blind index beside them.

One JSON file (`keys/data`, mode 0600). Old keys only decrypt. A file of the first releases, one key in base64, is read
as a ring of one; `liaoyuan init` writes it anew. A changed file is noticed at the next use, also by other processes.
"""

import base64
import fcntl
import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

#: Crypto profiles and the length of their data keys: AES-256-GCM with HMAC-SHA256, SM4-GCM with HMAC-SM3.
INTL, GM = "intl", "gm"
LENGTHS = {INTL: 32, GM: 16}
_FORMAT = 2
_INDEX_LENGTH = 32


class KeyringError(Exception):
    """The ring is missing or cannot be read. The message is a sentence for the operator."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key with the day it was made and the profile whose algorithm it is for; `raw` is never shown."""

    id: str
    created_on: str
    profile: str
    raw: bytes

    def __repr__(self) -> str:
        return f"Key({self.id}, {self.created_on}, {self.profile})"


@dataclass(frozen=True, slots=True)
class Ring:
    """All keys. `keys` are data keys and `indexes` blind-index keys, by id; `active` and `index` name those in use."""

    active: str
    index: str
    keys: Mapping[str, Key]
    indexes: Mapping[str, Key]
    upgraded: bool = True

    @property
    def old(self) -> list[str]:
        """Ids of data keys that only decrypt."""
        return [key for key in self.keys if key != self.active]


def path() -> Path:
    """Where the ring lies."""
    return Path(settings.HOME) / "keys" / "data"


def profile() -> str:
    """The crypto profile of new keys, from `LIAOYUAN_CRYPTO`."""
    told = os.environ.get("LIAOYUAN_CRYPTO", INTL).strip().lower()
    if told not in LENGTHS:
        raise KeyringError(f"LIAOYUAN_CRYPTO 只能是 intl 或 gm，现在是 {told!r}。")
    return told


def ring() -> Ring:
    """The ring as the file has it now. Raises KeyringError when there is none or it cannot be read."""
    where = path()
    try:
        told = where.stat()
    except OSError:
        raise KeyringError(f"密钥文件不存在：{where}。请先运行 liaoyuan init。") from None
    return _read(where, told.st_ino, told.st_mtime_ns, told.st_size)


@lru_cache(maxsize=8)
def _read(where: Path, _inode: int, _changed: int, _size: int) -> Ring:
    try:
        content = where.read_bytes()
    except OSError as error:
        raise KeyringError(f"密钥文件读不出：{where}。请检查属主和权限。") from error
    try:
        return _parsed(json.loads(content)) if content.lstrip()[:1] == b"{" else _single(content)
    except (ValueError, KeyError, TypeError) as error:
        raise KeyringError(f"密钥文件已损坏：{where}。请从备份恢复 keys 文件夹。") from error


def _single(content: bytes) -> Ring:
    """The one key of the first releases; its blind-index key was derived from it and stays what it was."""
    raw = base64.b64decode(content, validate=True)
    if len(raw) != LENGTHS[INTL]:
        raise ValueError("a data key has 32 bytes")
    index = hashlib.sha256(b"index" + raw).digest()
    key = Key(hashlib.sha256(b"id" + raw).hexdigest()[:8], "", INTL, raw)
    other = Key(_id_of(index), "", INTL, index)
    return Ring(key.id, other.id, {key.id: key}, {other.id: other}, upgraded=False)


def _id_of(raw: bytes) -> str:
    return hashlib.sha256(b"id" + raw).hexdigest()[:8]


def _parsed(told: Any) -> Ring:
    if told["format"] != _FORMAT:
        raise ValueError("unknown format of the key ring")
    keys = {entry["id"]: _key(entry) for entry in told["keys"]}
    indexes = {entry["id"]: _key(entry) for entry in told["indexes"]}
    found = Ring(told["active"], told["index"], keys, indexes)
    if found.active not in keys or found.index not in indexes:
        raise ValueError("the active key is missing")
    for key in keys.values():
        if len(key.raw) != LENGTHS[key.profile] or key.id != _id_of(key.raw):
            raise ValueError("a key does not fit its id")
    return found


def _key(entry: Mapping[str, str]) -> Key:
    raw = base64.b64decode(entry["key"], validate=True)
    return Key(entry["id"], entry["created_on"], entry["profile"], raw)


def _fresh(made_on: date, length: int, of: str) -> Key:
    raw = os.urandom(length)
    return Key(_id_of(raw), made_on.isoformat(), of, raw)


def create(made_on: date) -> bool:
    """Make a ring with one new key of the installation's profile, if there is none; returns whether it was made."""
    where = path()
    if where.exists():
        return False
    of = profile()
    key, index = _fresh(made_on, LENGTHS[of], of), _fresh(made_on, _INDEX_LENGTH, of)
    where.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _alone():
        if where.exists():
            return False
        _write(Ring(key.id, index.id, {key.id: key}, {index.id: index}))
    return True


def upgrade(made_on: date) -> bool:
    """Write a file of the first releases anew as a ring with the same keys; returns whether that was needed."""
    with _alone():
        found = ring()
        if found.upgraded:
            return False
        day = made_on.isoformat()
        _write(replace(
            found, keys={k: replace(v, created_on=day) for k, v in found.keys.items()},
            indexes={k: replace(v, created_on=day) for k, v in found.indexes.items()}, upgraded=True,
        ))  # fmt: skip
    return True


def rotate(made_on: date, *, index: bool = False) -> Ring:
    """Add a new active data key of the installation's profile, with `index` a new blind-index key too."""
    of = profile()

    def grown(found: Ring) -> Ring:
        key = _fresh(made_on, LENGTHS[of], of)
        found = replace(found, active=key.id, keys={**found.keys, key.id: key}, upgraded=True)
        if index:
            other = _fresh(made_on, _INDEX_LENGTH, of)
            found = replace(found, index=other.id, indexes={**found.indexes, other.id: other})
        return found

    return _changed(grown)


def _changed(change: Callable[[Ring], Ring]) -> Ring:
    with _alone():
        found = change(ring())
        _write(found)
    return found


@contextmanager
def _alone() -> Iterator[None]:
    """One writer of the ring at a time."""
    lock = path().with_name("data.lock")
    handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _write(found: Ring) -> None:
    """Replace the file at once: a reader sees the old ring or the new one, a power cut leaves one of both."""

    def entries(keys: Mapping[str, Key]) -> list[dict[str, str]]:
        return [
            {"id": k.id, "created_on": k.created_on, "profile": k.profile, "key": base64.b64encode(k.raw).decode()}
            for k in keys.values()
        ]

    told = {"format": _FORMAT, "active": found.active, "index": found.index, "keys": entries(found.keys),
            "indexes": entries(found.indexes)}  # fmt: skip
    where = path()
    part = where.with_name("data.part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        json.dump(told, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    part.replace(where)
    folder = os.open(where.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
