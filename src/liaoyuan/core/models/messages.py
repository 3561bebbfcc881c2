"""Messages that leave the house, the outlets they leave by, lists of who is to be called, and calls noted."""

from typing import Any

from django.db import models
from django.db.models import Q

from liaoyuan.core.choices import ContactKind, MessageState, Outcome, OutletKind
from liaoyuan.core.models.accounts import User

_OPEN = [MessageState.QUEUED.value, MessageState.SENDING.value]


def _own(user: Any) -> Q:
    """Rows that the user made or looks after."""
    return Q(keeper_id=user.pk) | Q(made_by_id=user.pk) if isinstance(user, User) else Q(pk__in=[])


class Outlet(models.Model):
    """How one kind of outlet is set up. `options` holds what anybody may know, `secret` the address or password."""

    kind = models.CharField("渠道", max_length=10, unique=True)
    is_active = models.BooleanField("启用", default=False)
    options = models.JSONField("设置", default=dict)
    secret = models.TextField("密钥（密文）", blank=True, default="")
    version = models.PositiveIntegerField("版本", default=1)
    changed_at = models.DateTimeField("修改时间")
    changed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="修改人")

    class Meta:
        ordering = ["kind"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[str(k) for k in OutletKind]), name="outlet_kind_known",
                violation_error_message="没有这种发送渠道。",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.kind


class CallListQuerySet(models.QuerySet["CallList"]):
    """Call lists by owner."""

    def visible_to(self, user: Any) -> "CallListQuerySet":
        """A list belongs to who made it, and to who has taken it over."""
        return self.filter(_own(user))


class CallList(models.Model):
    """Who was chosen to be reminded (催办单): keys of the source with the day each owed then. Who still owes is
    computed whenever the list is opened.
    """

    source = models.CharField("事项", max_length=60)
    label = models.CharField("名称", max_length=120)
    entries = models.JSONField("催办的对象和期限", default=list)
    made_at = models.DateTimeField("建立时间")
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="建立人")
    keeper = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="经办人")
    closed_at = models.DateTimeField("收起时间", null=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="收起人")

    objects = CallListQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        indexes = [models.Index(fields=["keeper", "-made_at"], name="call_list_keeper")]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True) | Q(closed_at__isnull=False),
                name="call_list_closed_paired", violation_error_message="收起催办单须有时间。",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.label


class MessageQuerySet(models.QuerySet["Message"]):
    """Messages by owner and by life."""

    def visible_to(self, user: Any) -> "MessageQuerySet":
        """A message belongs to who sent it, and to who has taken it over."""
        return self.filter(_own(user))

    def troubled(self) -> "MessageQuerySet":
        """Those that somebody must look at: not sent, or nobody knows."""
        return self.filter(state__in=[MessageState.FAILED.value, MessageState.UNSURE.value])


class Message(models.Model):
    """One text on its way out. `key` makes it one, however often it is asked for. It names its receiver by subject; the
    address is looked up when it is sent and stands nowhere here. `covers` are the subjects it speaks of, [kind, id,
    label], on whose timelines it is told. `claim` is the job and token of the attempt that holds it.
    """

    key = models.CharField("幂等键", max_length=160, unique=True)
    outlet = models.CharField("渠道", max_length=10)
    reason = models.CharField("事由", max_length=20)
    call_list = models.ForeignKey(CallList, models.PROTECT, null=True, related_name="messages", verbose_name="催办单")
    subject_kind = models.CharField("对象类别", max_length=30)
    subject_id = models.CharField("对象", max_length=40)
    subject_label = models.CharField("对象名称", max_length=120)
    covers = models.JSONField("涉及的对象", default=list)
    title = models.CharField("标题", max_length=120)
    text = models.TextField("内容", max_length=4000)
    state = models.CharField("状态", max_length=10, default=MessageState.QUEUED.value)
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    error = models.CharField("没有发出的原因", max_length=300, blank=True, default="")
    claim = models.CharField("认领", max_length=40, blank=True, default="")
    next_at = models.DateTimeField("不早于", null=True)
    made_at = models.DateTimeField("提出时间")
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="提出人")
    keeper = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="经办人")
    ended_at = models.DateTimeField("结束时间", null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        indexes = [
            models.Index(fields=["keeper", "state"], name="message_keeper"),
            models.Index(fields=["state", "next_at"], name="message_open", condition=Q(state__in=_OPEN)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[str(s) for s in MessageState]), name="message_state_known",
                violation_error_message="消息状态不对。",
            ),
            models.CheckConstraint(
                condition=~Q(state="sending") | ~Q(claim=""), name="message_sending_claimed",
                violation_error_message="正在发送的消息须有认领号。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_OPEN, ended_at=None) | (~Q(state__in=_OPEN) & Q(ended_at__isnull=False)),
                name="message_ended_dated", violation_error_message="消息状态与结束时间不符。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title


class ContactQuerySet(models.QuerySet["Contact"]):
    """Calls and visits by subject. Who may see them is the subject's matter."""

    def of(self, kind: str, keys: Any) -> "ContactQuerySet":
        """Those with some subjects."""
        return self.filter(subject_kind=kind, subject_id__in=[str(key) for key in keys])


class Contact(models.Model):
    """A call or a visit: what came of it, by code, and the day promised. No opinion about a person has a place here."""

    subject_kind = models.CharField("对象类别", max_length=30)
    subject_id = models.CharField("对象", max_length=40)
    kind = models.CharField("类别", max_length=10)
    outcome = models.CharField("结果", max_length=20)
    promised_on = models.DateField("承诺日期", null=True)
    contact_note = models.CharField("备注", max_length=100, blank=True, default="")
    made_at = models.DateTimeField("时间")
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="记录人")

    objects = ContactQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        indexes = [models.Index(fields=["subject_kind", "subject_id", "-made_at"], name="contact_subject")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[str(k) for k in ContactKind], outcome__in=[str(o) for o in Outcome]),
                name="contact_codes_known", violation_error_message="联系的类别或结果不对。",
            ),
            models.CheckConstraint(
                condition=Q(outcome="promised", promised_on__isnull=False)
                | (~Q(outcome="promised") & Q(promised_on=None)),
                name="contact_promise_dated", violation_error_message="承诺办理须写明日期，其他结果不写日期。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.subject_kind}:{self.subject_id}:{self.outcome}"
