"""The seal of the audit: the Ed25519 key in the home, and the log to which every signed head is appended.

The log lies beside the database, not in it: who can only write to the database cannot cut both. `liaoyuan init` makes
the key by `make_key`.
"""

import base64
import fcntl
import json
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from liaoyuan.core.chain import heads
from liaoyuan.core.chain.heads import Head
from liaoyuan.core.chain.links import SHA256, SM3

_TAIL = 4096


class SealError(Exception):
    """The chain cannot be sealed or checked here. The message is a sentence for the operator."""


def key_path() -> Path:
    """Where the signing key lies."""
    return Path(settings.HOME) / "keys" / "audit"


def log_path() -> Path:
    """Where signed heads are appended, one JSON object a line."""
    return Path(settings.HOME) / "audit" / "heads.log"


def make_key() -> bool:
    """Create the signing key if there is none; returns whether it was created. Mode 0600, never overwritten."""
    path = key_path()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(handle, "wb") as file:
        file.write(base64.b64encode(Ed25519PrivateKey.generate().private_bytes_raw()))
        file.flush()
        os.fsync(file.fileno())
    return True


def _private() -> Ed25519PrivateKey:
    path = key_path()
    if not path.is_file():
        raise SealError(f"审计签名密钥不存在：{path}。请先运行 liaoyuan init。")
    try:
        return Ed25519PrivateKey.from_private_bytes(base64.b64decode(path.read_bytes(), validate=True))
    except ValueError as error:
        raise SealError(f"审计签名密钥已损坏：{path}。请从备份恢复。") from error


def public_key() -> str:
    """The public half, base64 text."""
    return heads.public_text(_private())


def algorithm() -> str:
    """Hash algorithm of the crypto profile: SHA-256, or SM3 with `LIAOYUAN_CRYPTO=gm`."""
    profile = os.environ.get("LIAOYUAN_CRYPTO", "intl").strip().lower()
    known = {"intl": SHA256, "gm": SM3}
    if profile not in known:
        raise SealError(f"LIAOYUAN_CRYPTO 只能是 intl 或 gm，现在是 {profile!r}。")
    return known[profile]


def signed(*, seq: int, value: str, at: str, with_algorithm: str) -> Head:
    """A head over the chain's hash after event `seq`."""
    private = _private()
    key = heads.key_id(heads.public_text(private))
    head = Head(seq=seq, hash=value, at=at, algorithm=with_algorithm, key_id=key)
    return Head(head.seq, head.hash, head.at, head.algorithm, head.key_id, heads.sign(head, private))


def append(choose: Callable[[Head | None], Iterable[Head]]) -> int:
    """Append heads to the log and force them to the disk; returns how many.

    `choose` is given the log's last head (None: empty log) and says which to add; it is asked under a lock on the file,
    so that several workers write one rising log.
    """
    path = log_path()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        last, whole = _last(file.fileno())
        key = public_key()
        lines = [json.dumps(head.as_dict(key), ensure_ascii=False, sort_keys=True) for head in choose(last)]
        if lines:
            # a torn line of a crash is closed first, so that it spoils nothing but itself
            os.write(file.fileno(), ("" if whole else "\n").encode() + "".join(f"{x}\n" for x in lines).encode())
            os.fsync(file.fileno())
        return len(lines)


def _last(handle: int) -> tuple[Head | None, bool]:
    """The last whole head in the log, and whether the log ends with a whole line."""
    size = os.fstat(handle).st_size
    if not size:
        return None, True
    tail = os.pread(handle, _TAIL, max(0, size - _TAIL)).decode("utf-8", "replace")
    found = [head for head in map(heads.from_line, tail.splitlines()) if head is not None]
    return (found[-1] if found else None), tail.endswith("\n")


def logged() -> Iterator[Head]:
    """The heads of the log as it is at this call, in its order; lines that are written later are left out."""
    path = log_path()
    return _read(path, path.stat().st_size) if path.is_file() else iter(())


def _read(path: Path, size: int) -> Iterator[Head]:
    with path.open("rb") as file:
        for line in file:
            size -= len(line)
            if size < 0:
                return
            head = heads.from_line(line.decode("utf-8", "replace"))
            if head is not None:
                yield head
