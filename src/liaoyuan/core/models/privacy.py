"""The mark that ties a database to its key ring, legal holds, and people's requests about their own data."""

from typing import Any

from django.db import models
from django.db.models import Q

from liaoyuan.core.choices import RequestKind, RequestState
from liaoyuan.core.models.accounts import User


class VaultMark(models.Model):
    """Which home this database belongs to: a machine whose key ring, probe file or zone differs must not serve it.

    One row. `installation` stands in the probe file too, there encrypted under the active key.
    """

    installation = models.CharField("安装标识", max_length=32)
    key_id = models.CharField("数据密钥", max_length=8)
    index_id = models.CharField("检索密钥", max_length=8)
    zone = models.CharField("数据分区", max_length=10)
    set_at = models.DateTimeField("设定时间")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.installation[:8]}:{self.key_id}"


class LegalHold(models.Model):
    """Nothing of this subject may be erased while a row is open: a dispute, an audit, an investigation."""

    subject_kind = models.CharField("对象类别", max_length=30)
    subject_id = models.CharField("对象", max_length=40)
    reason = models.CharField("事由", max_length=200)
    held_at = models.DateTimeField("冻结时间")
    held_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="冻结人")
    lifted_at = models.DateTimeField("解除时间", null=True)
    lifted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="解除人")

    class Meta:
        ordering = ["-held_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id"],
                condition=Q(lifted_at__isnull=True),
                name="legal_hold_open_once",
                violation_error_message="这个对象的数据已经冻结。",
            ),
            models.CheckConstraint(
                condition=Q(lifted_by__isnull=True) | Q(lifted_at__isnull=False),
                name="legal_hold_lifted_paired",
                violation_error_message="解除冻结须记下时间。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_kind}:{self.subject_id}"


class PersonalRequestQuerySet(models.QuerySet["PersonalRequest"]):
    """Requests by state and by who may see them."""

    def open(self) -> "PersonalRequestQuerySet":
        """Those that wait for an answer."""
        return self.filter(state=RequestState.OPEN)

    def visible_to(self, user: Any) -> "PersonalRequestQuerySet":
        """One's own."""
        return self.filter(user=user)


class PersonalRequest(models.Model):
    """A person asks to have data corrected or erased; the office that holds them answers within 15 working days.

    `text` and `answer` are vault ciphertext: people write into them what they want changed. `area_path` is the holding
    office's area, empty for what stands in the account itself.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="personal_requests", verbose_name="申请人")
    kind = models.CharField("类别", max_length=10)
    subject_kind = models.CharField("对象类别", max_length=30)
    subject_id = models.CharField("对象", max_length=40)
    subject_label = models.CharField("对象名称", max_length=120, blank=True, default="")
    area_path = models.CharField("办理机关的区划", max_length=60, blank=True, default="")
    text = models.TextField("内容（密文）")
    asked_at = models.DateTimeField("提出时间")
    due_on = models.DateField("应答复日")
    state = models.CharField("状态", max_length=8, default=RequestState.OPEN.value)
    answer = models.TextField("答复（密文）", blank=True, default="")
    decided_at = models.DateTimeField("答复时间", null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="答复人")

    objects = PersonalRequestQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["state", "due_on"], name="personal_request_open")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[str(k) for k in RequestKind]),
                name="personal_request_kind_known",
                violation_error_message="请求的类别不对。",
            ),
            models.CheckConstraint(
                condition=Q(state=RequestState.OPEN.value, decided_at__isnull=True, decided_by__isnull=True)
                | Q(state__in=["granted", "refused"], decided_at__isnull=False, decided_by__isnull=False),
                name="personal_request_decided_whole",
                violation_error_message="答复须同时有结果、时间和人。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.subject_kind}:{self.subject_id}"
