"""Asking for the list of cases as a sheet: a job writes it, and the person fetches the result."""

from datetime import datetime

from django.utils.translation import gettext as _

from liaoyuan.core import access, jobs
from liaoyuan.core.choices import Permission
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import Job, User
from liaoyuan.core.queries import case_exports as queries
from liaoyuan.core.queries.cases import Wish

JOB = "core.case_export"


def ask(*, wish: Wish, form: str, by: User, at: datetime) -> Job:
    """Have the cases exported that the list asks for; asked twice it is the same job."""
    access.require(by, Permission.CASE_EXPORT)
    order = {"form": form, "wish": queries.packed(wish)}
    key = f"{JOB}:{by.pk}:{jobs.digest_of(order)}"
    name = f"{_('事项台账')}{localdate(at).isoformat()}.{form}"
    return jobs.enqueue_on_commit(JOB, key=key, by=by, at=at, label=name, order=order)
