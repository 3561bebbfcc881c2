"""Recording events: the audit line that every action writes in its own transaction.

What changed stands in `payload["changes"]` as `{field: [old, new]}`; timelines show it as a diff. Values of sensitive
fields (C3/C4) are turned into ciphertext under a key of their subject before they are stored, whoever records them.
"""

import base64
import json
import secrets
from collections.abc import Iterable, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidTag
from django.db import models

from liaoyuan.core import access, clock, keyring, registries, vault
from liaoyuan.core.access import Operator
from liaoyuan.core.choices import Channel, Event
from liaoyuan.core.models import AuditEvent, EventKey, User
from liaoyuan.kit.findings import Finding

_channel: ContextVar[Channel] = ContextVar("channel", default=Channel.SYSTEM)
#: How a concealed value begins, by the crypto profile; what follows is base64.
CONCEALED = {keyring.INTL: "e1.", keyring.GM: "h1."}
_PROFILES = {prefix: profile for profile, prefix in CONCEALED.items()}
_PREFIXES = tuple(_PROFILES)
#: How many bytes of a subject's key an algorithm takes.
_LENGTHS = keyring.LENGTHS
#: Purpose under which the vault keeps a subject's key.
KEY_PURPOSE = "event-key"
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
        isinstance(v, str) and (v == HIDDEN or v.startswith(_PREFIXES) or vault.is_sealed(v)) for v in values
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
    None is the system itself; `on_behalf` says on whose word a body's form was filled in (代填); in whose name a deputy
    acts stands in the payload by itself.
    """
    kind, key, label = subject_key(subject)
    content = dict(payload or {})
    if content.get("changes"):
        content["changes"] = _concealed(content["changes"], kind, key)
    if isinstance(by, User) and access.acting_for(by):
        content["deputy_for"] = access.acting_for(by)
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
            old, new = conceal(_opened(field, old), kind, key), conceal(_opened(field, new), kind, key)
        told[field] = [old, new]
    return told


def _opened(field: str, value: Any) -> Any:
    """A value that the vault encrypted, in clear, so that it comes under its subject's own key and dies with it.

    Under the vault's key an event could not forget it. A value whose field is not registered keeps only its mark.
    """
    if not vault.is_sealed(value):
        return value
    for entry in registries.sealed_fields:
        for purpose in entry.purposes_of(field):
            try:
                return vault.decrypt(value, purpose=purpose)
            except vault.VaultError:
                continue
    return HIDDEN


def conceal(value: Any, kind: str, key: str) -> str:
    """A C3/C4 value as ciphertext under the key of the subject; empty stays empty, ciphertext stays as it is."""
    if value is None or value == "":
        return ""
    if isinstance(value, str) and (value == HIDDEN or value.startswith(_PREFIXES)):
        return value
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    found = vault.ring()
    profile = found.keys[found.active].profile
    secret = _key(kind, key)[: _LENGTHS[profile]]
    sealed = vault.seal(secret, text, bound=f"{kind}:{key}".encode(), profile=profile)
    return CONCEALED[profile] + base64.urlsafe_b64encode(sealed).decode()


def disclose(value: str, kind: str, key: str) -> str | None:
    """The text of a concealed value, or None when its key was destroyed. Raises VaultError when it was damaged."""
    kept = EventKey.objects.filter(subject_kind=kind, subject_id=key).first()
    if kept is None or not kept.wrapped:
        return None
    try:
        profile = _PROFILES[value[:3]]
        raw = base64.urlsafe_b64decode(value[3:])
        secret = base64.b64decode(vault.decrypt(kept.wrapped, purpose=KEY_PURPOSE))[: _LENGTHS[profile]]
        return vault.unseal(secret, raw, bound=f"{kind}:{key}".encode(), profile=profile)
    except (KeyError, ValueError, InvalidTag) as error:
        raise vault.VaultError("事件里的加密内容已损坏或被移动，无法读取。") from error


def _key(kind: str, key: str) -> bytes:
    """The subject's event key, made when first needed. A destroyed one is replaced: what is entered later is new."""
    fresh = base64.b64encode(secrets.token_bytes(32)).decode()
    kept, made = EventKey.objects.get_or_create(
        subject_kind=kind, subject_id=key, defaults={"wrapped": vault.encrypt(fresh, purpose=KEY_PURPOSE)}
    )
    if not made and not kept.wrapped:
        kept.wrapped, kept.destroyed_at, kept.destroyed_by = vault.encrypt(fresh, purpose=KEY_PURPOSE), None, None
        kept.save(update_fields=["wrapped", "destroyed_at", "destroyed_by"])
    return base64.b64decode(vault.decrypt(kept.wrapped, purpose=KEY_PURPOSE))


def forget(subject: models.Model | tuple[str, str, str], *, by: User | Operator, at: datetime) -> None:
    """Destroy the event key of a person who is erased, inside the erasing action's transaction.

    The events stay as they are and the chain stays valid; the C3/C4 values in them can never be read again.
    """
    kind, key, _label = subject_key(subject)
    EventKey.objects.filter(subject_kind=kind, subject_id=key, destroyed_at__isnull=True).update(
        wrapped="", destroyed_at=at, destroyed_by=by if isinstance(by, User) else None
    )
    record(Event.EVENT_KEY_DESTROYED, (kind, key, ""), by=by, at=at)
