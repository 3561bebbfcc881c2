"""Work that waits: one row per job with its lease, and one per worker."""

from typing import Any

from django.db import models
from django.db.models import Q

from liaoyuan.core.choices import JobState
from liaoyuan.core.models.accounts import User

_LIVE = [JobState.WAITING.value, JobState.RUNNING.value]


class JobQuerySet(models.QuerySet["Job"]):
    """Jobs by owner and by life."""

    def visible_to(self, user: Any) -> "JobQuerySet":
        """A job and its result belong to the person who asked for it."""
        return self.filter(requested_by_id=user.pk) if isinstance(user, User) else self.none()

    def unfinished(self) -> "JobQuerySet":
        """Waiting or running."""
        return self.filter(state__in=_LIVE)


class Job(models.Model):
    """One piece of work: what is to be done, how far it is, who holds it, what came of it.

    `args` are primary keys only; `order` says in words what is asked, as vault ciphertext; `kept` is what a later
    attempt goes on from. `token` counts the claims: a worker writes only while the row carries its own number.
    """

    code = models.CharField("种类", max_length=60)
    key = models.CharField("幂等键", max_length=160, blank=True, default="")
    slot = models.CharField("班次", max_length=100, blank=True, default="")
    args = models.JSONField("主键", default=list)
    order = models.TextField("要求（密文）", blank=True, default="")
    label = models.CharField("名称", max_length=200, blank=True, default="")
    subject_kind = models.CharField("对象类别", max_length=40, blank=True, default="")
    subject_id = models.BigIntegerField("对象", null=True)
    requested_at = models.DateTimeField("提出时间")
    requested_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="提出人")

    state = models.CharField("状态", max_length=10, default=JobState.WAITING.value)
    done = models.PositiveBigIntegerField("已完成", default=0)
    total = models.PositiveBigIntegerField("总数", null=True)
    sentence = models.CharField("进度说明", max_length=300, blank=True, default="")
    error = models.CharField("没有完成的原因", max_length=1000, blank=True, default="")
    kept = models.JSONField("续办记录", default=dict)
    cancel_asked = models.BooleanField("要求取消", default=False)
    noticed = models.BooleanField("已阅", default=False)
    started_at = models.DateTimeField("开始时间", null=True)
    finished_at = models.DateTimeField("结束时间", null=True)

    run_after = models.DateTimeField("不早于")
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    token = models.PositiveIntegerField("认领号", default=0)
    worker = models.CharField("后台进程", max_length=80, blank=True, default="")
    heartbeat_at = models.DateTimeField("心跳", null=True)
    lease_until = models.DateTimeField("租期至", null=True)

    result_file = models.CharField("结果文件", max_length=120, blank=True, default="")
    result_name = models.CharField("结果文件名", max_length=200, blank=True, default="")
    result_bytes = models.PositiveBigIntegerField("结果大小", default=0)
    result_sha256 = models.CharField("结果散列", max_length=64, blank=True, default="")
    result_until = models.DateTimeField("结果保留至", null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at", "-pk"]
        indexes = [
            models.Index(fields=["run_after", "id"], name="job_ready", condition=Q(state__in=_LIVE)),
            models.Index(fields=["requested_by", "-requested_at"], name="job_own"),
            models.Index(fields=["subject_kind", "subject_id"], name="job_subject"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=Q(state__in=_LIVE) & ~Q(key=""), name="job_key_once",
                violation_error_message="同一件事已有一个没有结束的任务。",
            ),
            models.UniqueConstraint(
                fields=["slot"], condition=~Q(slot=""), name="job_slot_once",
                violation_error_message="这一班次的任务已经安排过。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[str(s) for s in JobState]), name="job_state_known",
                violation_error_message="任务状态不对。",
            ),
            models.CheckConstraint(
                condition=Q(state="running", lease_until__isnull=False) | (~Q(state="running") & Q(lease_until=None)),
                name="job_running_leased", violation_error_message="进行中的任务须有租期，其他任务不得有租期。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_LIVE, finished_at=None) | (~Q(state__in=_LIVE) & Q(finished_at__isnull=False)),
                name="job_finished_dated", violation_error_message="任务状态与结束时间不符。",
            ),
            models.CheckConstraint(
                condition=Q(result_file="") | Q(state="done", result_until__isnull=False),
                name="job_result_done", violation_error_message="只有完成的任务才有结果，结果须有保留期限。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.code}#{self.pk}"


class JobWorker(models.Model):
    """A background worker that is, or was lately, at work. Its row goes when it stops in order."""

    name = models.CharField("进程", max_length=80, unique=True)
    host = models.CharField("主机", max_length=80)
    started_at = models.DateTimeField("启动时间")
    seen_at = models.DateTimeField("最近心跳")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
