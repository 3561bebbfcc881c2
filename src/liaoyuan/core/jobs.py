"""Jobs: work that waits, with a lease (docs/adr/0021).

A job is a row. A worker claims it, which counts its `token` up, and keeps its lease alive from a second thread; it
writes only in transactions that begin by holding the row under its own token, so that a worker which was thought dead
can neither overwrite nor repeat what its successor did. A lease that ran out is taken over, three attempts at most;
then the job has failed, with a sentence. Leases are measured by the database's clock where it has one of its own.
"""

import hashlib
import json
import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, close_old_connections, connection, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from django.utils import translation
from django.utils.translation import gettext as _

from liaoyuan.core import clock, events, registries, sessions, shelf, vault
from liaoyuan.core.choices import Channel, Event, JobState
from liaoyuan.core.models import Job, JobWorker, User
from liaoyuan.kit.findings import Refused
from liaoyuan.kit.sheets.refusal import Unreadable

MOST_ATTEMPTS = 3
#: How long an idle worker waits before it looks again, and how long a stopping one lets its job come to a good point.
POLL_SECONDS, GRACE_SECONDS = 1.0, 3.0
_TICK = 1.0
_PLAN_SECONDS = 30.0
_AGAIN_SECONDS = 5
#: No later than so many seconds from now a job may be asked for; what stands farther off is a clock that was set back.
MOST_AFTER = 600
_ORDER = "job.order"
log = logging.getLogger("liaoyuan.jobs")


class Failed(Exception):
    """The job cannot be done, and trying again will not help; the message is the sentence for the person who asked."""


class LeaseLost(Exception):
    """Another worker holds the job now: everything this one was about to write is dropped."""


class Cancelled(Exception):
    """The person who asked does not want it any more."""


class HandedBack(Exception):
    """The worker is told to stop: the job goes back, to be taken up by the next one at once."""


def _now() -> Any:
    """The moment leases are measured by: the database's own, so that machines whose clocks differ agree."""
    return Now() if connection.vendor == "postgresql" else clock.real_now()


def _in(seconds: float) -> Any:
    return _now() + timedelta(seconds=seconds)


# Asking for work


def enqueue_on_commit(
    code: str,
    *ids: int,
    key: str = "",
    by: User | None = None,
    at: datetime | None = None,
    order: Mapping[str, Any] | None = None,
    kept: Mapping[str, Any] | None = None,
    label: str = "",
    subject: tuple[str, int] | None = None,
    slot: str = "",
    after: datetime | None = None,
) -> Job:
    """Ask for work of the kind `code`; it begins after the caller's transaction has committed, and only if it does.

    An unfinished job with the same `key` is given back instead of a second one; a `slot` is given out once for ever.
    `ids` are primary keys; what is asked in words goes into `order` (plain JSON) and is encrypted; `kept` is what
    the first attempt finds as if an earlier one had left it. `by` None is the system; `at` the business moment; `after`
    the real moment before which nobody begins, ten minutes ahead at most.
    """
    if any(type(pk) is not int for pk in ids):
        raise TypeError("a job takes primary keys; words belong into its order")
    told = json.dumps(order, ensure_ascii=False, sort_keys=True) if order else ""
    kind, pk = subject or ("", None)
    for _attempt in range(5):
        found = Job.objects.unfinished().filter(key=key).first() if key else None
        found = found or (Job.objects.filter(slot=slot).first() if slot else None)
        if found is not None:
            return found
        try:
            with transaction.atomic():
                return Job.objects.create(
                    code=code, key=key, slot=slot, args=list(ids), order=vault.encrypt(told, purpose=_ORDER),
                    label=label[:200], subject_kind=kind, subject_id=pk, requested_at=at or clock.now(),
                    requested_by=by, kept=dict(kept or {}), run_after=after or clock.real_now(),
                )  # fmt: skip
        except IntegrityError:
            continue  # another process was first: take its job
    raise RuntimeError(f"no job could be made for {code}")


def digest_of(order: Mapping[str, Any]) -> str:
    """A short hash of an order, for keys of jobs that are the same when they ask the same."""
    told = json.dumps(order, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:24]


def unfinished(key: str) -> Job | None:
    """The waiting or running job with this key."""
    return Job.objects.unfinished().filter(key=key).first()


# Claiming


def _ready() -> QuerySet[Job]:
    """What may be taken now. A moment farther off than any that is ever given was written before the clock was set
    back: such a job would else wait for the clock to come there again.
    """
    now, far = _now(), _in(2 * settings.JOB_LEASE_SECONDS + _AGAIN_SECONDS * MOST_ATTEMPTS + MOST_AFTER)
    waits = Q(state=JobState.WAITING) & (Q(run_after__lte=now) | Q(run_after__gt=far))
    runs = Q(state=JobState.RUNNING) & (Q(lease_until__lt=now) | Q(lease_until__gt=far))
    return Job.objects.filter(waits | runs).order_by("run_after", "pk")


def claim(worker: str) -> Job | None:
    """Take the next job that waits or whose lease ran out, under a new token; None when there is nothing to do."""
    while _ready().exists():
        with transaction.atomic():
            job = _ready().select_for_update(skip_locked=True).first()
            if job is None:
                return None
            if job.cancel_asked:
                _close(job, JobState.CANCELLED)
            elif job.attempts >= MOST_ATTEMPTS:
                _close(job, JobState.FAILED, error=_given_up())
            else:
                Job.objects.filter(pk=job.pk).update(
                    state=JobState.RUNNING, token=F("token") + 1, attempts=F("attempts") + 1, worker=worker,
                    heartbeat_at=_now(), lease_until=_in(settings.JOB_LEASE_SECONDS), sentence="",
                    started_at=job.started_at or clock.now(),
                )  # fmt: skip
                job.refresh_from_db()
                return job
    return None


def _given_up() -> str:
    return _("后台进程在处理时 {n} 次中断，已停止。请重试；仍不行请联系系统管理员。").format(n=MOST_ATTEMPTS)


def _close(job: Job, state: JobState, *, error: str = "") -> None:
    """End a job whose row is held."""
    Job.objects.filter(pk=job.pk).update(
        state=state, error=error[:1000], lease_until=None, finished_at=clock.now(), noticed=state != JobState.FAILED
    )
    if state == JobState.FAILED:
        told = {"code": job.code, "attempts": job.attempts, "error": error[:300]}
        events.record(Event.JOB_FAILED, ("job", str(job.pk), ""), by=job.requested_by, at=clock.now(), payload=told)


# The handle of the one who does the work


class Progress:
    """What a task gets: who asked for what, how to say how far it is, and how to write under the lease.

    `at` and `check` raise when the job is to end (`Cancelled`, `HandedBack`, `LeaseLost`); a task lets them pass. They
    cost nothing: what is told is written by `pulse`, which another thread calls on a connection of its own.
    """

    def __init__(self, job: Job, stopping: threading.Event | None = None) -> None:
        self.job_id, self.code, self.token, self.worker = job.pk, job.code, job.token, job.worker
        self.attempts, self.requested_by, self.label = job.attempts, job.requested_by, job.label
        self.order: dict[str, Any] = json.loads(vault.decrypt(job.order, purpose=_ORDER)) if job.order else {}
        self.kept: dict[str, Any] = dict(job.kept)
        self.finished = False
        self._told: tuple[int, int | None, str] = (job.done, job.total, "")
        self._news = self._lost = self._unwanted = False
        self._stopping = stopping or threading.Event()
        self._beaten = time.monotonic()
        self._stopped_at: float | None = None

    @property
    def person(self) -> User:
        """Who asked; a job that needs somebody fails without. His grants are read anew: they may have ended."""
        if self.requested_by is None or not self.requested_by.is_active:
            raise Failed(_("提出这项任务的账号已停用。"))
        return self.requested_by

    def at(self, done: int, total: int | None = None, sentence: str = "") -> None:
        """Tell how far the work is; `total` None while nobody knows."""
        self._told = (done, total, sentence[:300])
        self._news = True
        self.check()

    def check(self) -> None:
        """Go on, or leave: the lease is lost, the requester has cancelled, the worker stops."""
        if self._lost:
            raise LeaseLost
        if self._unwanted:
            raise Cancelled
        if self._stopping.is_set():
            raise HandedBack

    def _mine(self) -> QuerySet[Job]:
        return Job.objects.filter(pk=self.job_id, token=self.token, state=JobState.RUNNING)

    def _hold(self) -> None:
        """Hold the row until the transaction ends; nobody can take the job over meanwhile."""
        if not self._mine().update(heartbeat_at=_now(), lease_until=_in(settings.JOB_LEASE_SECONDS)):
            self._lost = True
            raise LeaseLost

    @contextmanager
    def commit(self, **kept: Any) -> Iterator[None]:
        """One chunk: what is written inside stands together with `kept`, from which a later attempt goes on."""
        self.check()
        with transaction.atomic():
            self._hold()
            yield
            if kept:
                self.kept.update(kept)
                self._mine().update(kept=self.kept)

    @contextmanager
    def finish(
        self, sentence: str = "", *, result: Path | None = None, name: str = "", notice: bool = False, **kept: Any
    ) -> Iterator[None]:
        """The last transaction: what is written inside, the end of the job and its result stand together or not at all.

        `result` is the file to keep for the requester under the name `name`. It lies under this attempt's own name
        before the transaction begins, and is taken away when that fails. A result, or `notice`, is told in 待办.
        """
        self.check()
        stored = shelf.keep(result, f"{shelf.RESULTS}/{self.job_id}-{self.token}") if result else None
        try:
            with transaction.atomic():
                self._hold()
                yield
                self.kept.update(kept)
                told: dict[str, Any] = {
                    "kept": self.kept,
                    "sentence": sentence[:300],
                    "noticed": stored is None and not notice,
                }
                if stored is not None:
                    until = clock.real_now() + timedelta(days=settings.RESULT_DAYS)
                    told |= {"result_file": stored.name, "result_name": name[:200], "result_bytes": stored.size,
                             "result_sha256": stored.sha256, "result_until": until}  # fmt: skip
                done, total, _sentence = self._told
                self._mine().update(
                    state=JobState.DONE, lease_until=None, finished_at=clock.now(), error="", order="",
                    done=total if total is not None else done, total=total, **told,
                )  # fmt: skip
        except BaseException:
            if stored is not None:
                shelf.drop(stored.name)
            raise
        self.finished = True

    def pulse(self) -> None:
        """Keep the lease, write what was told, look whether the job is still wanted. Called about every second."""
        now = time.monotonic()
        if self._news or now - self._beaten >= settings.JOB_BEAT_SECONDS:
            self._news = False
            done, total, sentence = self._told
            count = self._mine().update(
                heartbeat_at=_now(), lease_until=_in(settings.JOB_LEASE_SECONDS), done=done, total=total,
                sentence=sentence,
            )  # fmt: skip
            self._lost = self._lost or not count
            self._beaten = now
        self._unwanted = self._unwanted or self._mine().filter(cancel_asked=True).exists()
        if self._stopping.is_set():
            self._stopped_at = self._stopped_at or now
            if now - self._stopped_at >= GRACE_SECONDS:
                self.hand_back()

    def hand_back(self) -> None:
        """Give the lease up: the next worker takes the job at once, and this attempt does not count."""
        self._lost = True
        self._mine().update(
            state=JobState.WAITING, lease_until=None, attempts=F("attempts") - 1, run_after=_now(), worker=""
        )

    def end(self, state: JobState, error: str = "") -> None:
        """End without success, unless somebody else holds the job by now."""
        with transaction.atomic():
            self._hold()
            _close(Job.objects.get(pk=self.job_id), state, error=error)

    def again(self, error: Exception) -> None:
        """After an error nobody foresaw: once more a little later, or after the last attempt never."""
        if self.attempts >= MOST_ATTEMPTS:
            told = _("任务 {n} 次出错，已停止（{what}）。请重试；仍不行请联系系统管理员。")
            self.end(JobState.FAILED, told.format(n=self.attempts, what=type(error).__name__))
            return
        self._mine().update(
            state=JobState.WAITING, lease_until=None, run_after=_in(_AGAIN_SECONDS * self.attempts),
            sentence=_("出了一次错，稍后自动再试。"),
        )  # fmt: skip


def run(job: Job, stopping: threading.Event | None = None, handles: list[Progress] | None = None) -> None:
    """Do a claimed job to its end, whatever that is. `handles` shows the handle to the thread that beats."""
    handle = Progress(job, stopping)
    user = job.requested_by
    language = user.language if user is not None and user.language else settings.LANGUAGE_CODE
    if handles is not None:
        handles.append(handle)
    try:
        sessions.load_clock()
        with events.through(Channel.TASK), translation.override(language):
            _do(handle, job)
    except DatabaseError:
        log.exception("job %s: its end could not be written; its lease will run out", job.pk)
        connection.close()
    except LeaseLost:
        log.warning("job %s: another worker has it", job.pk)
    finally:
        if handles is not None:
            handles.remove(handle)


def _do(handle: Progress, job: Job) -> None:
    kind = registries.jobs.get(job.code)
    try:
        if kind is None:
            raise Failed(_("本版没有这种任务。"))
        kind.function(handle, *job.args)
        if not handle.finished:
            with handle.finish():
                pass
    except LeaseLost:
        raise
    except HandedBack:
        handle.hand_back()
    except Cancelled:
        handle.end(JobState.CANCELLED)
    except Refused as refused:
        handle.end(JobState.FAILED, "；".join(finding.text for finding in refused.findings))
    except PermissionDenied:
        handle.end(JobState.FAILED, _("您已没有这项权限，任务没有执行。"))
    except (Failed, Unreadable, vault.VaultError) as error:
        handle.end(JobState.FAILED, str(error))
    except Exception as error:
        log.exception("job %s (%s), attempt %s", job.pk, job.code, job.attempts)
        if isinstance(error, DatabaseError):
            connection.close()
        handle.again(error)


# Workers


class Worker:
    """One worker: claims and does jobs one after the other; a second thread beats for it and for its job."""

    def __init__(self, stopping: threading.Event | None = None) -> None:
        self.host = socket.gethostname()[:60]
        self.name = f"{self.host}-{os.getpid()}-{secrets.token_hex(3)}"
        self.stopping = stopping or threading.Event()
        self._handles: list[Progress] = []
        self._over = threading.Event()
        self._planned = float("-inf")

    def work(self, *, until_idle: bool = False) -> None:
        """Work until told to stop; with `until_idle` until no job is left unfinished."""
        beating = threading.Thread(target=self._beat, name="beat")
        beating.start()
        try:
            while not self.stopping.is_set():
                if self.step():
                    continue
                if until_idle and not Job.objects.unfinished().exists():
                    break
                self.stopping.wait(min(POLL_SECONDS, settings.JOB_LEASE_SECONDS / 4))
        finally:
            self._over.set()
            beating.join()

    def step(self) -> bool:
        """Plan what is due, and do one job; whether there was one. A database out of reach is tried again later."""
        try:
            close_old_connections()
            self._plan()
            job = claim(self.name)
        except DatabaseError as error:
            log.warning("no job could be claimed, it is tried again: %s", error)
            connection.close()
            return False
        if job is None:
            return False
        run(job, self.stopping, self._handles)
        return True

    def _plan(self) -> None:
        if time.monotonic() - self._planned >= _PLAN_SECONDS:
            self._planned = time.monotonic()
            sessions.load_clock()
            plan(clock.now())

    def _beat(self) -> None:
        seen = float("-inf")
        tick = min(_TICK, settings.JOB_BEAT_SECONDS / 2)
        while True:
            over = self._over.wait(tick)
            try:
                for handle in () if over else tuple(self._handles):
                    handle.pulse()
                if over:
                    JobWorker.objects.filter(name=self.name).delete()
                elif time.monotonic() - seen >= settings.JOB_BEAT_SECONDS:
                    seen = time.monotonic()
                    now = clock.real_now()
                    JobWorker.objects.update_or_create(
                        name=self.name, defaults={"seen_at": now},
                        create_defaults={"seen_at": now, "started_at": now, "host": self.host},
                    )  # fmt: skip
            except DatabaseError as error:  # on SQLite also while the job itself writes much at once
                log.warning("no heartbeat could be written, it is tried again: %s", error)
                connection.close()
            if over:
                connection.close()
                return


def plan(at: datetime) -> list[Job]:
    """Ask for the scheduled jobs whose last due moment nobody has taken yet."""
    due = {f"{code}@{last_due(entry, at).isoformat()}": code for code, entry in registries.scheduled.items()}
    known = set(Job.objects.filter(slot__in=due).values_list("slot", flat=True)) if due else set()
    return [enqueue_on_commit(code, slot=slot, at=at) for slot, code in due.items() if slot not in known]


def last_due(entry: registries.Scheduled, at: datetime) -> datetime:
    """The latest due moment that is not later than `at`."""
    if entry.daily:
        hour, minute = map(int, entry.daily.split(":"))
        local = at.astimezone(clock.SHANGHAI)
        due = local.replace(hour=hour, minute=minute, second=0, microsecond=0)
        return due if due <= local else due - timedelta(days=1)
    seconds = int(at.timestamp())
    return datetime.fromtimestamp(seconds - seconds % entry.every, clock.SHANGHAI)
