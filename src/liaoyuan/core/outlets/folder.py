"""The outlet `file`: one JSON file a message in the home, for whatever program fetches them, such as a gateway for SMS.

The file bears the message's key and appears by renaming, so that a second attempt replaces it by the same: nothing goes
out twice. The telephone number stands in it only where the administrator wants it so.
"""

import hashlib
import json
import os
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from liaoyuan.core import zones
from liaoyuan.core.outlets.parcels import NotSent, Parcel, Setup


def place() -> Path:
    """The folder where the files lie."""
    return Path(settings.HOME) / "outbox"


def name_of(key: str) -> Path:
    """The file of a message."""
    return place() / f"{hashlib.sha256(key.encode()).hexdigest()[:24]}.json"


def send(parcel: Parcel, setup: Setup) -> None:
    """Write the file. Raises NotSent when the folder cannot be written."""
    phone = parcel.to.phone if setup.options.get("numbers") else zones.mask("organization.phone", parcel.to.phone)
    told = {"key": parcel.key, "to": parcel.to.name, "phone": phone, "title": parcel.title, "text": parcel.text}
    target = name_of(parcel.key)
    waiting = target.with_suffix(f".{os.getpid()}.part")
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(waiting, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as handle:
            json.dump(told, handle, ensure_ascii=False, indent=1)
            handle.flush()
            os.fsync(handle.fileno())
        waiting.replace(target)
    except OSError as error:
        raise NotSent(_("发件箱文件夹写不进去（{what}）。").format(what=error.strerror), again=True) from error


def was_sent(key: str) -> bool | None:
    """Whether the message lies there. None = nobody knows: it may have been fetched and taken away meanwhile."""
    return True if name_of(key).exists() else None
