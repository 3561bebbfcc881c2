"""The event log, its sealed heads, and a practice database's movable clock."""

from django.db import models
from django.db.models import Q

from liaoyuan.core.models.accounts import User


class AuditEvent(models.Model):
    """One thing that happened. Never changed and never deleted; `core.events` is its only writer.

    `at` is business time (a practice clock may move it), `recorded_at` real time. `seq`, `prev_hash` and `hash` are
    empty until the sealer has numbered and chained the event. `payload` is plain JSON; a C3/C4 value stands in it only
    as ciphertext under its subject's `EventKey`. `txid` is PostgreSQL's number of the writing transaction, set by a
    trigger and no part of the chain: the sealer leaves out what is not below the oldest running one.
    """

    seq = models.BigIntegerField("序号", null=True, unique=True)
    code = models.CharField("事件", max_length=40)
    at = models.DateTimeField("发生时间")
    recorded_at = models.DateTimeField("记录时间")
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="操作人")
    actor_name = models.CharField("操作人", max_length=60)
    channel = models.CharField("途径", max_length=8)
    on_behalf = models.CharField("代填依据", max_length=200, blank=True, default="")
    subject_kind = models.CharField("对象类别", max_length=30, blank=True, default="")
    subject_id = models.CharField("对象", max_length=40, blank=True, default="")
    subject_label = models.CharField("对象名称", max_length=120, blank=True, default="")
    payload = models.JSONField("内容", default=dict)
    prev_hash = models.CharField("前一散列", max_length=64, blank=True, default="")
    hash = models.CharField("散列", max_length=64, blank=True, default="")
    txid = models.BigIntegerField("事务号", null=True, editable=False)

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["subject_kind", "subject_id", "id"], name="event_subject"),
            models.Index(fields=["actor", "id"], name="event_actor"),
            models.Index(fields=["recorded_at", "id"], name="event_recorded"),
            models.Index(fields=["code", "id"], name="event_code"),
            models.Index(fields=["id"], name="event_unsealed", condition=Q(seq__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.subject_kind}:{self.subject_id}"


class AuditHead(models.Model):
    """A signed statement: after event `seq` the chain's hash was `hash`. Also appended to a log in the home.

    `algorithm` is the hash in use then (sha256, sm3); `key_id` names the Ed25519 key.
    """

    seq = models.BigIntegerField("序号", unique=True)
    hash = models.CharField("散列", max_length=64)
    algorithm = models.CharField("散列算法", max_length=8, default="sha256")
    at = models.DateTimeField("时间")
    key_id = models.CharField("密钥", max_length=16)
    signature = models.CharField("签名", max_length=128)

    class Meta:
        ordering = ["seq"]

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash[:12]}"


class EventKey(models.Model):
    """The key under which C3/C4 values of one subject stand in its events, itself encrypted by the vault.

    Erasing a person empties `wrapped`: the events stay as they are and the chain stays valid, but nobody can read the
    values again.
    """

    subject_kind = models.CharField("对象类别", max_length=30)
    subject_id = models.CharField("对象", max_length=40)
    wrapped = models.CharField("加密的密钥", max_length=200, blank=True, default="")
    destroyed_at = models.DateTimeField("销毁时间", null=True)
    destroyed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="销毁人")

    class Meta:
        ordering = ["subject_kind", "subject_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id"],
                name="event_key_once",
                violation_error_message="同一对象只有一把日志密钥。",
            ),
            models.CheckConstraint(
                condition=(Q(destroyed_at__isnull=True, destroyed_by__isnull=True) & ~Q(wrapped=""))
                | Q(destroyed_at__isnull=False, wrapped=""),
                name="event_key_destroyed_whole",
                violation_error_message="销毁密钥须清空内容并记下时间。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_kind}:{self.subject_id}"


class PracticeClock(models.Model):
    """Marks a practice database (the demo is one) and says how far its clock is moved, in seconds. One row at most."""

    offset_seconds = models.BigIntegerField("偏移秒数", default=0)
    set_at = models.DateTimeField("设定时间")
    set_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="设定人")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.offset_seconds:+d} s"
