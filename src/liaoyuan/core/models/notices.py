"""Notices to roles, areas or everybody, who has read them, and the private addresses of deadline calendars."""

from datetime import date

from django.db import models
from django.db.models import Q

from liaoyuan.core.choices import Audience, NoticeState
from liaoyuan.core.models.accounts import User
from liaoyuan.core.models.areas import Area


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Notices by day; who may see which stands in `core.queries.notices`."""

    def showing(self, on: date) -> "NoticeQuerySet":
        """Published, begun and not over."""
        return self.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gte=on), state=NoticeState.PUBLISHED, valid_from__lte=on
        )


class Notice(models.Model):
    """A notice (通知公告) in plain paragraphs. `roles` narrows the audience to some roles (",a,b,", empty = all);
    `area` is the place it is for and whose officers keep it. `valid_until` is its last day.
    """

    title = models.CharField("标题", max_length=80)
    text = models.TextField("内容", max_length=10000)
    audience = models.CharField("发给", max_length=10)
    roles = models.CharField("角色", max_length=500, blank=True, default="")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name="区域")
    valid_from = models.DateField("起")
    valid_until = models.DateField("止", null=True)
    pinned = models.BooleanField("置顶", default=False)
    state = models.CharField("状态", max_length=10, default=NoticeState.DRAFT.value)
    version = models.PositiveIntegerField("版本", default=1)
    made_at = models.DateTimeField("起草时间")
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="起草人")
    published_at = models.DateTimeField("发布时间", null=True)
    published_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="发布人")
    withdrawn_at = models.DateTimeField("撤回时间", null=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="撤回人")
    withdrawn_because = models.CharField("撤回事由", max_length=100, blank=True, default="")

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-pinned", "-valid_from", "-pk"]
        indexes = [models.Index(fields=["state", "valid_from"], name="notice_showing")]
        constraints = [
            models.CheckConstraint(
                condition=Q(audience__in=[str(a) for a in Audience], state__in=[str(s) for s in NoticeState]),
                name="notice_codes_known", violation_error_message="通知的对象或状态不对。",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=models.F("valid_from")),
                name="notice_dates_in_order", violation_error_message="止日不能早于起日。",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", published_at__isnull=True, published_by__isnull=True)
                | (~Q(state="draft") & Q(published_at__isnull=False)),
                name="notice_published_paired", violation_error_message="发布通知须有时间。",
            ),
            models.CheckConstraint(
                condition=Q(state="withdrawn", withdrawn_at__isnull=False)
                | (~Q(state="withdrawn") & Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)),
                name="notice_withdrawn_paired", violation_error_message="撤回通知须有时间。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title


class NoticeRead(models.Model):
    """One person has read one notice."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="reads", verbose_name="通知")
    user = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name="读者")
    read_at = models.DateTimeField("阅读时间")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "user"], name="notice_read_once", violation_error_message="已经标为已读。"
            )
        ]

    def __str__(self) -> str:
        return f"{self.notice_id}:{self.user_id}"


class CalendarFeed(models.Model):
    """A private address under which a person's deadlines are read by a calendar program. Only the hash is kept."""

    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="账号")
    token_hash = models.CharField("令牌散列", max_length=64, unique=True)
    made_at = models.DateTimeField("建立时间")
    revoked_at = models.DateTimeField("停用时间", null=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="停用人")

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(revoked_at__isnull=True), name="calendar_feed_open_once",
                violation_error_message="已有一个日历订阅地址，请先停用。",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True) | Q(revoked_at__isnull=False),
                name="calendar_feed_revoked_paired", violation_error_message="停用订阅地址须有时间。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.user_id}@{self.made_at:%Y-%m-%d}"
