"""What a person decides about a job: cancel it, have a failed one done again, put its notice away."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import clock, events, jobs
from liaoyuan.core.choices import Event, JobState
from liaoyuan.core.models import Job, User
from liaoyuan.kit.findings import Finding, Refused, Severity


def _own(job: Job, by: User) -> Job:
    """The job under lock, if it is the person's own; another's is as if it did not exist."""
    return Job.objects.visible_to(by).select_for_update(of=("self",)).get(pk=job.pk)


def _refuse(code: str, sentence: str) -> Refused:
    return Refused([Finding(code, Severity.BLOCK, sentence)])


@transaction.atomic
def cancel(*, job: Job, by: User, at: datetime) -> Job:
    """Give a job up. One that waits ends at once, one that runs at its next chunk; what is unfinished is dropped."""
    job = _own(job, by)
    if job.state not in (JobState.WAITING, JobState.RUNNING):
        raise _refuse("JOB-STATE", _("这项任务已经结束。"))
    if job.state == JobState.WAITING:
        job.state, job.finished_at = JobState.CANCELLED, at
    job.cancel_asked = job.noticed = True
    job.save(update_fields=["state", "finished_at", "cancel_asked", "noticed"])
    events.record(Event.JOB_CANCELLED, ("job", str(job.pk), ""), by=by, at=at, payload={"code": job.code})
    return job


@transaction.atomic
def repeat(*, job: Job, by: User, at: datetime) -> Job:
    """Have a failed or cancelled job done again: the same row, which goes on behind what was committed."""
    job = _own(job, by)
    if job.state not in (JobState.FAILED, JobState.CANCELLED):
        raise _refuse("JOB-STATE", _("只有没有完成或已取消的任务才能重做。"))
    same = jobs.unfinished(job.key) if job.key else None
    if same is not None:
        return same
    job.state, job.finished_at, job.error, job.attempts = JobState.WAITING, None, "", 0
    job.cancel_asked, job.noticed, job.run_after = False, False, clock.real_now()
    job.save()
    return job


@transaction.atomic
def notice(*, job: Job, by: User, at: datetime) -> Job:
    """The person has seen how the job ended; it leaves 待办. `at` is part of every action's shape; nothing is dated."""
    job = _own(job, by)
    job.noticed = True
    job.save(update_fields=["noticed"])
    return job


def move(user: User, to: User, by: object, at: datetime) -> int:
    """交接: jobs that wait, and ends that nobody has looked at, go to the account that gets the roles."""
    return Job.objects.filter(requested_by=user, noticed=False).exclude(state=JobState.RUNNING).update(requested_by=to)
