"""A home of its own for tests that change keys."""

import base64
import json
import os
from pathlib import Path

from liaoyuan.core import keyring, vault


def own_home(settings, folder: Path, *, profile: str = "intl") -> Path:
    """A fresh home with a ring of one key; returns its folder. The caller sets LIAOYUAN_CRYPTO."""
    home = folder / f"home-{profile}"
    (home / "keys").mkdir(parents=True)
    settings.HOME, settings.FILES = home, home / "files"
    assert vault.make_key()
    return home


def old_file(settings, folder: Path) -> bytes:
    """A home with the single-key file of the first releases; returns the key."""
    home = folder / "old"
    (home / "keys").mkdir(parents=True)
    settings.HOME = home
    raw = os.urandom(32)
    keyring.path().write_bytes(base64.b64encode(raw))
    keyring.path().chmod(0o600)
    return raw


def stored() -> dict:
    """The ring's file as it is written."""
    return json.loads(keyring.path().read_text())
