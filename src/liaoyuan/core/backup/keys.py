"""The keys of a home inside a backup: wrapped under the recovery code, and under a passphrase when one is given.

The recovery code is printed once by `liaoyuan init`; the home keeps its bytes in `keys/backup`, so that backups by the
clock need nobody. Whoever has only the backup file reads neither keys nor encrypted fields. Each backup has a content
key of its own; it seals the key files (AES-256-GCM) and signs the list of contents (HMAC-SHA-256).
"""

import base64
import hashlib
import hmac
import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from django.conf import settings

from liaoyuan.core.backup.failure import BackupError

_BYTES, _NONCE = 20, 12
_GROUP = 4
_SCRYPT = {"n": 2**15, "r": 8, "p": 1}
#: The recovery code itself is not in the backup that it opens.
OWN = "backup"


def code_path() -> Path:
    """Where the home keeps the recovery code."""
    return Path(settings.HOME) / "keys" / OWN


def make_code() -> str | None:
    """Create the recovery code if there is none; returns it for printing once, None when there was one."""
    return keep_code(os.urandom(_BYTES))


def keep_code(secret: bytes) -> str | None:
    """Keep a code in the home (mode 0600, never overwritten); returns it for printing, None when there was one."""
    path = code_path()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return None
    with os.fdopen(handle, "wb") as file:
        file.write(base64.b64encode(secret))
        file.flush()
        os.fsync(file.fileno())
    return written(secret)


def own_code() -> bytes:
    """The home's recovery code. Raises BackupError when there is none."""
    path = code_path()
    if not path.is_file():
        raise BackupError(f"没有备份恢复码（{path}）。请先运行 liaoyuan init。")
    return base64.b64decode(path.read_bytes())


def written(secret: bytes) -> str:
    """The code as people write it down: eight groups of four, and a ninth that tells mistakes of copying."""
    text = base64.b32encode(secret).decode()
    groups = [text[i : i + _GROUP] for i in range(0, len(text), _GROUP)]
    return "-".join([*groups, _check(secret)])


def read(text: str) -> bytes:
    """The code that somebody typed; blanks, dashes and case do not matter. Raises BackupError for a mistake."""
    plain = re.sub(r"[\s\-－—]", "", text).upper().translate(str.maketrans("018", "OIB"))
    try:
        secret, check = base64.b32decode(plain[:32]), plain[32:]
    except ValueError as error:
        raise BackupError("恢复码不对：应为九组、每组四个字母或数字。") from error
    if len(plain) != 36 or not hmac.compare_digest(check, _check(secret)):
        raise BackupError("恢复码不对：请核对是否抄漏或抄错。")
    return secret


def _check(secret: bytes) -> str:
    return base64.b32encode(hashlib.sha256(b"liaoyuan-recovery" + secret).digest()).decode()[:_GROUP]


def _derived(secret: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=f"liaoyuan-backup:{purpose}".encode()).derive(secret)


def _from_passphrase(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, **_SCRYPT).derive(passphrase.encode())


def _seal(key: bytes, content: bytes, purpose: str) -> str:
    nonce = os.urandom(_NONCE)
    return base64.b64encode(nonce + AESGCM(key).encrypt(nonce, content, purpose.encode())).decode()


def _open(key: bytes, sealed: str, purpose: str) -> bytes:
    raw = base64.b64decode(sealed)
    return AESGCM(key).decrypt(raw[:_NONCE], raw[_NONCE:], purpose.encode())


def wrap(files: Mapping[str, bytes], *, code: bytes, passphrase: str = "") -> tuple[bytes, dict[str, Any]]:
    """(content key, what stands in the backup) for the key files of a home, by name."""
    content = os.urandom(32)
    told = json.dumps({name: base64.b64encode(value).decode() for name, value in sorted(files.items())})
    wrapped: dict[str, Any] = {
        "files": _seal(content, told.encode(), "files"),
        "by_code": _seal(_derived(code, "code"), content, "by_code"),
    }
    if passphrase:
        salt = os.urandom(16)
        wrapped["salt"] = base64.b64encode(salt).decode()
        wrapped["by_passphrase"] = _seal(_from_passphrase(passphrase, salt), content, "by_passphrase")
    return content, wrapped


def unwrap(
    wrapped: Mapping[str, Any], *, code: bytes | None = None, passphrase: str = ""
) -> tuple[bytes, dict[str, bytes]]:
    """(content key, key files by name). Raises BackupError when neither code nor passphrase opens it."""
    try:
        if code is not None:
            content = _open(_derived(code, "code"), wrapped["by_code"], "by_code")
        elif passphrase and "by_passphrase" in wrapped:
            salt = base64.b64decode(wrapped["salt"])
            content = _open(_from_passphrase(passphrase, salt), wrapped["by_passphrase"], "by_passphrase")
        else:
            raise BackupError("这份备份没有设口令，请用恢复码打开。" if passphrase else "请给出恢复码或口令。")
        told = json.loads(_open(content, wrapped["files"], "files"))
    except (InvalidTag, KeyError, ValueError) as error:
        raise BackupError("恢复码或口令打不开这份备份：请核对是不是这套系统的。") from error
    return content, {name: base64.b64decode(value) for name, value in told.items()}


def signature(content: bytes, statement: bytes) -> str:
    """The mark that only who opens the backup can make (hex)."""
    return hmac.new(_derived(content, "contents"), statement, hashlib.sha256).hexdigest()
