"""Read events: who saw what. Beside the session the only thing that may be written while a page is merely opened.

Masked display is no read event. Revealing a masked value (POST, with a reason), downloading or exporting C3 and above,
and opening a member's dossier are.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import models

from liaoyuan.core import events
from liaoyuan.core.access import Operator
from liaoyuan.core.choices import Event
from liaoyuan.core.models import AuditEvent, User
from liaoyuan.kit.findings import Finding, Refused, Severity

type Subject = models.Model | tuple[str, str, str]


def revealed(subject: Subject, *, field: str, reason: str, by: User | Operator, at: datetime) -> AuditEvent:
    """Somebody had a masked field shown. Refused without a reason; call before showing."""
    reason = reason.strip()
    if len(reason) < 2:
        raise Refused(
            [Finding("CORE-REVEAL-01", Severity.BLOCK, "请写明查看的事由。", field="reason")],
        )
    told = {"field": field, "reason": reason[:200]}
    return events.record(Event.REVEALED, subject, by=by, at=at, payload=told)


def opened(subject: Subject, *, by: User | Operator, at: datetime) -> AuditEvent:
    """Somebody opened a record of class C3 or above, such as a member's dossier."""
    return events.record(Event.OPENED, subject, by=by, at=at)


def exported(
    kind: str,
    *,
    rows: int,
    by: User | Operator,
    at: datetime,
    filters: Mapping[str, Any] | None = None,
    reason: str = "",
    sensitive: bool = False,
) -> AuditEvent:
    """A list was exported or a document of class C3 or above downloaded; `filters` say which rows."""
    told = {"rows": rows, "filters": dict(filters or {}), "reason": reason.strip()[:200], "sensitive": sensitive}
    return events.record(Event.EXPORTED, (kind, "", ""), by=by, at=at, payload=told)


def downloaded(
    subject: Subject, *, file: int, name: str, original: bool, by: User | Operator, at: datetime
) -> AuditEvent:
    """A file of class C3 or above, or the untouched original of a picture, was taken out."""
    told = {"file": file, "note": name, "original": original}
    return events.record(Event.DOWNLOADED, subject, by=by, at=at, payload=told)
