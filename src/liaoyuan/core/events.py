"""Recording events: the audit line that every action writes in its own transaction."""

from collections.abc import Iterable, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.db import models

from liaoyuan.core import clock
from liaoyuan.core.access import Operator
from liaoyuan.core.choices import Channel
from liaoyuan.core.models import AuditEvent, User
from liaoyuan.kit.findings import Finding

_channel: ContextVar[Channel] = ContextVar("channel", default=Channel.SYSTEM)


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

    `payload` must be plain JSON and must not hold C3/C4 values in clear. `by` None is the system itself.
    """
    kind, key, label = subject_key(subject)
    content = dict(payload or {})
    told = [finding.as_dict() for finding in findings]
    if told:
        content["findings"] = told
    return AuditEvent.objects.create(
        code=str(code),
        at=at,
        recorded_at=clock.real_now(),
        actor=by if isinstance(by, User) else None,
        actor_name=str(by.username) if by is not None else "system",
        channel=str(_channel.get()),
        on_behalf=on_behalf,
        subject_kind=kind,
        subject_id=key,
        subject_label=label,
        payload=content,
    )
