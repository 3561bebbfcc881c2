"""Asking for an export that takes longer than a page may: a job writes it, and the person fetches the result."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from liaoyuan.core import access, jobs
from liaoyuan.core.models import Job, User
from liaoyuan.registry.choices import Permission
from liaoyuan.registry.queries import exporting
from liaoyuan.registry.queries.listing import Criteria


def ask(
    *, kind: str, form: str, name: str, criteria: Criteria, filters: Mapping[str, Any], by: User, at: datetime
) -> Job:
    """Have the bodies that fulfil the criteria exported under the file name `name`; asked twice it is the same job."""
    access.require(by, Permission.EXPORT)
    order = {"kind": kind, "form": form, "criteria": exporting.packed(criteria), "filters": dict(filters)}
    key = f"registry.export:{by.pk}:{jobs.digest_of(order)}"
    return jobs.enqueue_on_commit("registry.export", key=key, by=by, at=at, label=name, order=order)
