"""The vault: C3/C4 values encrypted at rest with AES-256-GCM under a key file in the home.

A stored value is `v1.<key id>.<nonce><ciphertext>` in base64; the purpose is authenticated with it, so a value cannot
be moved into another field. Equality search uses a keyed blind index. The key file is made by `liaoyuan init`.
"""

import base64
import hashlib
import hmac
import os
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_NONCE = 12


class VaultError(Exception):
    """A value cannot be read: wrong key, moved or damaged. The message is a sentence for the operator."""


def key_path() -> Path:
    """Where the data key lies."""
    return Path(settings.HOME) / "keys" / "data"


def make_key() -> bool:
    """Create the data key if there is none; returns whether it was created. Mode 0600, never overwritten."""
    path = key_path()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(handle, "wb") as file:
        file.write(base64.b64encode(os.urandom(32)))
    return True


@lru_cache(maxsize=4)
def _key(path: Path) -> tuple[str, AESGCM, bytes]:
    if not path.is_file():
        raise VaultError(f"密钥文件不存在：{path}。请先运行 liaoyuan init。")
    raw = base64.b64decode(path.read_bytes())
    return hashlib.sha256(b"id" + raw).hexdigest()[:8], AESGCM(raw), hashlib.sha256(b"index" + raw).digest()


def key_id() -> str:
    """Which key this is; stands in every ciphertext and says nothing about the key."""
    return _key(key_path())[0]


def encrypt(text: str, *, purpose: str) -> str:
    """Ciphertext of a text; empty stays empty."""
    if not text:
        return ""
    mine, cipher, _ = _key(key_path())
    nonce = os.urandom(_NONCE)
    sealed = cipher.encrypt(nonce, text.encode(), purpose.encode())
    return f"v1.{mine}.{base64.urlsafe_b64encode(nonce + sealed).decode()}"


def decrypt(stored: str, *, purpose: str) -> str:
    """The text of a stored value. Raises VaultError when key, purpose or value do not fit."""
    if not stored:
        return ""
    mine, cipher, _ = _key(key_path())
    try:
        version, stored_id, body = stored.split(".", 2)
        if version != "v1" or stored_id != mine:
            raise VaultError("这条数据由另一把密钥加密，无法读取。")
        raw = base64.urlsafe_b64decode(body)
        return cipher.decrypt(raw[:_NONCE], raw[_NONCE:], purpose.encode()).decode()
    except (ValueError, InvalidTag) as error:
        raise VaultError("加密数据已损坏或被移动，无法读取。") from error


def blind_index(text: str, *, purpose: str) -> str:
    """A keyed hash for equality search (64 hex digits); empty stays empty."""
    if not text:
        return ""
    return hmac.new(_key(key_path())[2], f"{purpose}:{text}".encode(), hashlib.sha256).hexdigest()
