"""Reading jobs: one's own with their progress, what ended and was not seen yet, all of them for the administrator."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.core import clock, registries, shelf
from liaoyuan.core.choices import JobState
from liaoyuan.core.models import Job, JobWorker
from liaoyuan.core.registries import DueItem

STATE_TITLES = {"waiting": "等候", "running": "进行中", "done": "已完成", "failed": "没有完成", "cancelled": "已取消"}
_MARKS = {"done": "ok", "failed": "reject", "cancelled": "closed"}
_SUBJECTS = {"importbatch": "core:import_detail", "comparison": "core:compare_detail"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A job as a page shows it. `bar` ∈ running, done, failed, as the macro `progress` names them."""

    pk: int
    title: str
    label: str
    state: str
    mark: str
    word: str
    bar: str
    text: str
    done: int
    total: int | None
    subject: str
    may_cancel: bool
    may_repeat: bool
    may_notice: bool
    result: str
    result_bytes: int
    result_until: Any
    result_gone: bool
    requested_at: Any
    finished_at: Any


def own(user: Any) -> QuerySet[Job]:
    """The user's jobs, newest first."""
    return Job.objects.visible_to(user)


def title_of(code: str) -> str:
    """The words of a kind of job."""
    kind = registries.jobs.get(code)
    return _(kind.title) if kind else code


def state_of(job: Job) -> tuple[str, str]:
    """Mark and word of a job's state."""
    return _MARKS.get(job.state, "review"), _(STATE_TITLES[job.state])


def shown(job: Job) -> Shown:
    """One job for a page."""
    live = job.state in (JobState.WAITING, JobState.RUNNING)
    subject = _SUBJECTS.get(job.subject_kind, "")
    return Shown(
        pk=job.pk, title=title_of(job.code), label=job.label, state=job.state, mark=state_of(job)[0],
        word=state_of(job)[1], bar="running" if live else "done" if job.state == JobState.DONE else "failed",
        text=_text(job), done=job.done, total=job.total or None,
        subject=reverse(subject, args=[job.subject_id]) if subject and job.subject_id else "",
        may_cancel=live and not job.cancel_asked, may_repeat=job.state in (JobState.FAILED, JobState.CANCELLED),
        may_notice=not live and not job.noticed, result=job.result_name if job.result_file else "",
        result_bytes=job.result_bytes, result_until=job.result_until,
        result_gone=bool(job.result_name) and not job.result_file,
        requested_at=job.requested_at, finished_at=job.finished_at,
    )  # fmt: skip


def _text(job: Job) -> str:
    if job.state == JobState.WAITING:
        return job.sentence or _("已排队，等候后台进程")
    if job.state == JobState.RUNNING:
        return _("正在取消") if job.cancel_asked else job.sentence or _("正在处理")
    if job.state == JobState.FAILED:
        return job.error
    return job.sentence or _(STATE_TITLES[job.state])


def of_subject(kind: str, pk: int) -> Job | None:
    """The latest job about a record."""
    return Job.objects.filter(subject_kind=kind, subject_id=pk).order_by("-pk").first()


def running_for(kind: str, keys: list[int]) -> set[int]:
    """Those records of which a job is waiting or running."""
    found = Job.objects.unfinished().filter(subject_kind=kind, subject_id__in=keys)
    return {pk for pk in found.values_list("subject_id", flat=True) if pk is not None}


def may_fetch(user: Any, job: Job) -> bool:
    """Whether the result may be handed out: own, still there, and permission and scope are what they were."""
    kind = registries.jobs.get(job.code)
    own_one = job.requested_by_id == user.pk and shelf.stands(job.result_file)
    return own_one and kind is not None and kind.may_fetch is not None and kind.may_fetch(user, job)


def ended(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """待办: results that wait to be fetched, and what could not be done."""
    rows = own(user).filter(noticed=False, state__in=[JobState.DONE, JobState.FAILED]).order_by("finished_at", "pk")
    total = rows.count()
    items = []
    for job in rows[:limit] if total else ():
        if job.state == JobState.FAILED:
            told = _("“{label}”没有完成")
        else:
            told = _("“{label}”已备好，可以下载") if job.result_file else _("“{label}”已写入登记库")
        items.append(
            DueItem(
                title=told.format(label=job.label or title_of(job.code)),
                due_on=None,
                url=reverse("core:job_detail", args=[job.pk]),
                button=_("去下载") if job.result_file else _("查看"),
                code="job",
            )
        )
    return items, total


def count_open(user: Any) -> int:
    """How many jobs of the user wait, or ended without his having looked."""
    return own(user).filter(noticed=False).exclude(state=JobState.RUNNING).count()


# For the administrator: states and times, no names of files and nothing of what was asked.


def console_rows() -> QuerySet[Job]:
    """All jobs, those that are not finished first."""
    return Job.objects.select_related("requested_by").defer("order", "label", "kept", "sentence", "result_name")


def workers() -> list[tuple[JobWorker, bool]]:
    """Workers with a sign of life within the last day, and whether each is still alive."""
    now = clock.real_now()
    limit = now - timedelta(seconds=max(60, 3 * settings.JOB_BEAT_SECONDS))
    return [(row, row.seen_at >= limit) for row in JobWorker.objects.filter(seen_at__gte=now - timedelta(days=1))]


def overdue() -> tuple[int, int]:
    """How many jobs have waited for more than five minutes, and how many leases ran out without being taken over."""
    now = clock.real_now()
    waiting = Job.objects.filter(state=JobState.WAITING, run_after__lt=now - timedelta(minutes=5)).count()
    left = now - timedelta(seconds=2 * settings.JOB_LEASE_SECONDS)
    return waiting, Job.objects.filter(state=JobState.RUNNING, lease_until__lt=left).count()


def counts() -> dict[str, int]:
    """Jobs by state."""
    found = dict(Job.objects.order_by().values_list("state").annotate(Count("pk")))
    return {str(state): found.get(str(state), 0) for state in JobState}
