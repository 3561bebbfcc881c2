"""Asking for the examination of all applications of a round that wait."""

from datetime import datetime

from liaoyuan.core import access, jobs
from liaoyuan.core.models import Job, User
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.models import Round

JOB = "funding.examine"


def ask(*, round_: Round, by: User, at: datetime) -> Job:
    """Have every application of the round that waits unexamined examined. Asked twice it is one job."""
    access.require(by, Permission.EDIT, round_)
    return jobs.enqueue_on_commit(JOB, round_.pk, key=f"{JOB}:{round_.pk}", by=by, at=at, label=round_.title)
