"""The vault: C3/C4 values encrypted at rest under the key ring in the home (`core.keyring`).

A stored value is `<version>.<key id>.<base64 of nonce and ciphertext>`; the version names the algorithm (v1
AES-256-GCM, g1 SM4-GCM), so that both profiles can be read whichever is in use. The purpose is authenticated with the
value, which thus cannot be moved into another field. Equality search uses a keyed blind index whose keys are apart from
the data keys. Which columns hold ciphertext stands in `registries.sealed_fields`.
"""

import base64
import os
import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from liaoyuan.core import clock, keyring
from liaoyuan.core.keyring import GM, INTL, Key, KeyringError, Ring

#: Version of a stored value by the profile of its key.
VERSIONS = {INTL: "v1", GM: "g1"}
_PROFILES = {version: profile for profile, version in VERSIONS.items()}
_NONCE = 12
_TAG = 16
_SEALED = re.compile(r"(?:v1|g1)\.[0-9a-f]{8}\.[A-Za-z0-9_-]+={0,2}")


class VaultError(Exception):
    """A value cannot be read: wrong key, moved or damaged. The message is a sentence for the operator."""


class Parts(NamedTuple):
    """What a stored value says of itself."""

    profile: str
    key_id: str
    body: str


def key_path() -> Path:
    """Where the key ring lies."""
    return keyring.path()


def make_key(made_on: date | None = None) -> bool:
    """Create the key ring if there is none; returns whether it was created. Mode 0600, never overwritten."""
    return keyring.create(made_on or clock.localdate(clock.real_now()))


def ring() -> Ring:
    """The key ring. Raises VaultError when there is none or it cannot be read."""
    try:
        return keyring.ring()
    except KeyringError as error:
        raise VaultError(str(error)) from error


def is_sealed(value: object) -> bool:
    """Whether a value has the shape of ciphertext."""
    return isinstance(value, str) and _SEALED.fullmatch(value) is not None


def parts(stored: str) -> Parts | None:
    """Profile, key and body of a stored value; None when it is none."""
    if not is_sealed(stored):
        return None
    version, key_id, body = stored.split(".", 2)
    return Parts(_PROFILES[version], key_id, body)


def seal(raw: bytes, text: str, *, bound: bytes, profile: str) -> bytes:
    """Nonce, ciphertext and tag of a text under a key of the profile; `bound` is authenticated with it."""
    nonce = os.urandom(_NONCE)
    if profile == INTL:
        return nonce + _aes(raw).encrypt(nonce, text.encode(), bound)
    encryptor = Cipher(algorithms.SM4(raw), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(bound)
    return nonce + encryptor.update(text.encode()) + encryptor.finalize() + encryptor.tag


def unseal(raw: bytes, sealed: bytes, *, bound: bytes, profile: str) -> str:
    """The text that `seal` hid. Raises InvalidTag or ValueError when anything was touched."""
    if len(sealed) < _NONCE + _TAG:
        raise ValueError("too short")
    nonce = sealed[:_NONCE]
    if profile == INTL:
        return _aes(raw).decrypt(nonce, sealed[_NONCE:], bound).decode()
    decryptor = Cipher(algorithms.SM4(raw), modes.GCM(nonce, sealed[-_TAG:])).decryptor()
    decryptor.authenticate_additional_data(bound)
    return (decryptor.update(sealed[_NONCE:-_TAG]) + decryptor.finalize()).decode()


@lru_cache(maxsize=8)
def _aes(raw: bytes) -> AESGCM:
    return AESGCM(raw)


def encrypt(text: str, *, purpose: str) -> str:
    """Ciphertext of a text under the active key; empty stays empty."""
    if not text:
        return ""
    found = ring()
    key = found.keys[found.active]
    sealed = seal(key.raw, text, bound=purpose.encode(), profile=key.profile)
    return f"{VERSIONS[key.profile]}.{key.id}.{base64.urlsafe_b64encode(sealed).decode()}"


def decrypt(stored: str, *, purpose: str) -> str:
    """The text of a stored value. Raises VaultError when key, purpose or value do not fit."""
    return _opened(stored, purpose, ring()) if stored else ""


def opener(*, purpose: str) -> Callable[[str], str]:
    """`decrypt` for many values of one purpose: whether the key ring changed is asked once."""
    found = ring()
    return lambda stored: _opened(stored, purpose, found) if stored else ""


def _opened(stored: str, purpose: str, found: Ring) -> str:
    told = parts(stored)
    if told is None:
        raise VaultError("加密数据已损坏或被移动，无法读取。")
    key = found.keys.get(told.key_id)
    if key is None or key.profile != told.profile:
        raise VaultError("这条数据由另一把密钥加密，无法读取。")
    try:
        raw = base64.b64decode(told.body, altchars=b"-_", validate=True)
        return unseal(key.raw, raw, bound=purpose.encode(), profile=key.profile)
    except (ValueError, InvalidTag) as error:
        raise VaultError("加密数据已损坏或被移动，无法读取。") from error


def blind_index(text: str, *, purpose: str) -> str:
    """A keyed hash for equality search (64 hex digits) under the present index key; empty stays empty."""
    if not text:
        return ""
    found = ring()
    return _keyed(found.indexes[found.index], text, purpose)


def blind_indexes(text: str, *, purpose: str) -> list[str]:
    """The hashes of a text under every index key, the present one first: what a search asks for.

    A rotated index is recomputed by `vault rewrap` where the value itself is kept. Hashes of tokens and codes, whose
    text nobody keeps, stay under the key of their day.
    """
    if not text:
        return []
    found = ring()
    order = [found.index, *(key for key in found.indexes if key != found.index)]
    return [_keyed(found.indexes[key], text, purpose) for key in order]


def _keyed(key: Key, text: str, purpose: str) -> str:
    digest = hmac.HMAC(key.raw, hashes.SHA256() if key.profile == INTL else hashes.SM3())
    digest.update(f"{purpose}:{text}".encode())
    return digest.finalize().hex()
