"""Tidying up after jobs: what is kept for a while goes when its time is over."""

from datetime import datetime, timedelta

from liaoyuan.core import shelf
from liaoyuan.core.models import Job, JobWorker
from liaoyuan.core.params import JOB_DAYS


def tidy(*, at: datetime, files_before: datetime) -> int:
    """Remove results past their time, shelf files untouched since `files_before` that no job names, and old jobs.

    A result's row stays and says that it is gone. Called by the daily job as the system; returns how many files went.
    """
    gone = 0
    for job in Job.objects.filter(result_until__lt=at).exclude(result_file=""):
        shelf.drop(job.result_file)
        gone += 1
        Job.objects.filter(pk=job.pk).update(result_file="", noticed=True)
    named = set(Job.objects.exclude(result_file="").values_list("result_file", flat=True))
    named |= {str(kept["file"]) for kept in Job.objects.unfinished().values_list("kept", flat=True) if "file" in kept}
    for name, touched in shelf.stand():
        if name not in named and touched < files_before.timestamp():
            shelf.drop(name)
            gone += 1
    old = at - timedelta(days=JOB_DAYS)
    Job.objects.filter(finished_at__lt=old, result_file="").delete()
    JobWorker.objects.filter(seen_at__lt=at - timedelta(days=1)).delete()
    return gone
