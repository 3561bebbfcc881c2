"""Kinds of jobs for tests, entered for the time of one test, and a worker that does what waits."""

import threading
from contextlib import contextmanager

from liaoyuan.core import jobs, registries


@contextmanager
def kind(code, function, *, schedule=None, may_fetch=None):
    """A kind of job that exists only inside."""
    registries.add_job(registries.JobKind(code, code, function, may_fetch), schedule=schedule)
    try:
        yield
    finally:
        registries.jobs.pop(code)
        registries.scheduled.pop(code, None)


def work_off(worker="w", stopping: threading.Event | None = None) -> int:
    """Claim and do all that is ready, in this thread and without a beat; how many jobs that were."""
    count = 0
    while (job := jobs.claim(worker)) is not None:
        jobs.run(job, stopping)
        count += 1
    return count
