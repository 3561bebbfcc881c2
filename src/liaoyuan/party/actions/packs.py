"""Asking for long work: F04 as a workbook, and the pack for an inspection (迎检包)."""

from datetime import date, datetime

from liaoyuan.core import access, jobs
from liaoyuan.core.models import Area, Job, User
from liaoyuan.party.choices.codes import Permission


def ask(*, kind: str, area: Area, on: date, name: str, by: User, at: datetime) -> Job:
    """Have F04 (`party.statutory`) or the pack (`party.pack`) of an area and day made. Asked twice it is one job."""
    access.require_area(by, Permission.EXPORT, area.path)
    key = f"{kind}:{by.pk}:{area.code}:{on.isoformat()}"
    order = {"area": area.code, "on": on.isoformat()}
    return jobs.enqueue_on_commit(kind, key=key, by=by, at=at, label=name, order=order)
