"""Recording events: the audit line that every action writes in its own transaction.

What changed stands in `payload["changes"]` as `{field: [old, new]}`; timelines show it as a diff. Values of sensitive
fields (C3/C4) are turned into ciphertext under a key of their subject before they are stored, whoever records them.
"""

import base64
import json
import os
from collections.abc import Iterable, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import models

from liaoyuan.core import clock, vault
from liaoyuan.core.access import Operator
from liaoyuan.core.choices import Channel, Event
from liaoyuan.core.models import AuditEvent, EventKey, User
from liaoyuan.kit.findings import Finding

_channel: ContextVar[Channel] = ContextVar("channel", default=Channel.SYSTEM)
_NONCE = 12
#: How a concealed value begins; what follows is base64.
CONCEALED = "e1."
#: How a value encrypted by the vault begins (staged rows carry them).
_VAULTED = "v1."
#: What an action writes that keeps a secret to itself: the field changed, and that is all.
HIDDEN = "***"
_sensitive: set[str] = {
    "phone",
    "mobile",
    "id_number",
    "home_address",
    "birth_date",
    "bank_account",
    "dues_base",
}


def add_sensitive(*fields: str) -> None:
    """Enter names of C3/C4 fields, in `ready()` of the app that owns them."""
    _sensitive.update(fields)


def is_sensitive(field: str, *values: Any) -> bool:
    """Whether a field is C3/C4, by its name or because a value is stored as ciphertext."""
    return field in _sensitive or any(
        isinstance(v, str) and (v == HIDDEN or v.startswith((CONCEALED, _VAULTED))) for v in values
    )


@contextmanager
def through(channel: Channel):
    """Say through which door the changes made inside come."""
    token = _channel.set(channel)
    try:
        yield
    finally:
        _channel.reset(token)


def set_channel(channel: Channel) -> None:
    """Say through which door the changes of this context come (set by the middleware and the command line)."""
    _channel.set(channel)


def subject_key(subject: models.Model | tuple[str, str, str] | None) -> tuple[str, str, str]:
    """(kind, id, label) of a subject: a model instance or the triple itself."""
    if subject is None:
        return "", "", ""
    if isinstance(subject, tuple):
        return subject
    return type(subject).__name__.lower(), str(subject.pk), str(subject)[:120]


def record(
    code: str,
    subject: models.Model | tuple[str, str, str] | None,
    *,
    by: User | Operator | None,
    at: datetime,
    payload: Mapping[str, Any] | None = None,
    findings: Iterable[Finding] = (),
    on_behalf: str = "",
) -> AuditEvent:
    """Write one event. Call inside the action's transaction, after the write.

    `payload` must be plain JSON. In its `changes` sensitive fields are concealed here; elsewhere it must not hold C3/C4
    values. `on` (ISO date) in it is the day from which the change holds, when that is not the day of its entry. `by`
    None is the system itself; `on_behalf` says on whose word a body's form was filled in (代填).
    """
    kind, key, label = subject_key(subject)
    content = dict(payload or {})
    if content.get("changes"):
        content["changes"] = _concealed(content["changes"], kind, key)
    told = [finding.as_dict() for finding in findings]
    if told:
        content["findings"] = told
    return AuditEvent.objects.create(
        code=str(code),
        at=at,
        recorded_at=clock.real_now(),
        actor=by if isinstance(by, User) else None,
        actor_name=str(by.username)[:60] if by is not None else "system",
        channel=str(_channel.get()),
        on_behalf=on_behalf,
        subject_kind=kind,
        subject_id=key,
        subject_label=label,
        payload=content,
    )


def _concealed(changes: Mapping[str, Any], kind: str, key: str) -> dict[str, list[Any]]:
    told: dict[str, list[Any]] = {}
    for field, pair in changes.items():
        old, new = pair
        if is_sensitive(field, old, new):
            old, new = conceal(old, kind, key), conceal(new, kind, key)
        told[field] = [old, new]
    return told


def conceal(value: Any, kind: str, key: str) -> str:
    """A C3/C4 value as ciphertext under the key of the subject; empty stays empty, ciphertext stays as it is."""
    if value is None or value == "":
        return ""
    if isinstance(value, str) and (value == HIDDEN or value.startswith((CONCEALED, _VAULTED))):
        return value
    nonce = os.urandom(_NONCE)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    sealed = AESGCM(_key(kind, key)).encrypt(nonce, text.encode(), f"{kind}:{key}".encode())
    return CONCEALED + base64.urlsafe_b64encode(nonce + sealed).decode()


def disclose(value: str, kind: str, key: str) -> str | None:
    """The text of a concealed value, or None when its key was destroyed. Raises VaultError when it was damaged."""
    kept = EventKey.objects.filter(subject_kind=kind, subject_id=key).first()
    if kept is None or not kept.wrapped:
        return None
    try:
        raw = base64.urlsafe_b64decode(value.removeprefix(CONCEALED))
        secret = base64.b64decode(vault.decrypt(kept.wrapped, purpose="event-key"))
        return AESGCM(secret).decrypt(raw[:_NONCE], raw[_NONCE:], f"{kind}:{key}".encode()).decode()
    except (ValueError, InvalidTag) as error:
        raise vault.VaultError("事件里的加密内容已损坏或被移动，无法读取。") from error


def _key(kind: str, key: str) -> bytes:
    """The subject's event key, made when first needed. A destroyed one is replaced: what is entered later is new."""
    fresh = base64.b64encode(os.urandom(32)).decode()
    kept, made = EventKey.objects.get_or_create(
        subject_kind=kind, subject_id=key, defaults={"wrapped": vault.encrypt(fresh, purpose="event-key")}
    )
    if not made and not kept.wrapped:
        kept.wrapped, kept.destroyed_at, kept.destroyed_by = vault.encrypt(fresh, purpose="event-key"), None, None
        kept.save(update_fields=["wrapped", "destroyed_at", "destroyed_by"])
    return base64.b64decode(vault.decrypt(kept.wrapped, purpose="event-key"))


def forget(subject: models.Model | tuple[str, str, str], *, by: User | Operator, at: datetime) -> None:
    """Destroy the event key of a person who is erased, inside the erasing action's transaction.

    The events stay as they are and the chain stays valid; the C3/C4 values in them can never be read again.
    """
    kind, key, _label = subject_key(subject)
    EventKey.objects.filter(subject_kind=kind, subject_id=key, destroyed_at__isnull=True).update(
        wrapped="", destroyed_at=at, destroyed_by=by if isinstance(by, User) else None
    )
    record(Event.EVENT_KEY_DESTROYED, (kind, key, ""), by=by, at=at)
