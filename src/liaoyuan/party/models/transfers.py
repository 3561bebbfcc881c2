"""Transfers of the formal affiliation (组织关系转接): letters, receipts, refusals, letters issued anew."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from liaoyuan.core.models import User
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.choices.members import TransferState
from liaoyuan.party.models.base import within_reach
from liaoyuan.party.models.members import Member
from liaoyuan.party.models.organizations import PartyOrganization
from liaoyuan.registry.models import Organization

_LETTER = [TransferState.ISSUED.value, TransferState.ACCEPTED.value, TransferState.REFUSED.value,
           TransferState.REPLACED.value]  # fmt: skip


class TransferQuerySet(models.QuerySet["Transfer"]):
    """Transfers by state and scope."""

    def under_way(self) -> "TransferQuerySet":
        """Planned or with a letter out."""
        return self.filter(state__in=[TransferState.DRAFT.value, TransferState.ISSUED.value])

    def visible_to(self, user: Any) -> "TransferQuerySet":
        """Those from or to a party organization whose roster the user may see."""
        leaving = within_reach(user, Permission.MEMBERS_VIEW, "source")
        if leaving is None:
            return self
        coming = within_reach(user, Permission.MEMBERS_VIEW, "target") or Q(pk__in=[])
        return self.filter(leaving | coming)


class Transfer(models.Model):
    """One transfer of one member (党员教育管理工作条例; handbook §2.7); until it is accepted the sender is responsible.

    `source` or `target` is empty when outside this register (`source_name`, `target_name`). `issuer` is the basic
    committee that signs the letter (PB-REL-05); `number` its number in the issuer's year. `valid_days` from `issued_on`
    (PB-REL-03), `expires_on` the last valid day. `dues_until` is the first day of the last month for which dues are
    paid. `receipt_on` is the day the receipt slip came back. A letter issued anew `replaces` the former one.
    """

    member = models.ForeignKey(Member, models.PROTECT, related_name="transfers", verbose_name="党员")
    source = models.ForeignKey(
        PartyOrganization, models.PROTECT, null=True, related_name="transfers_out", verbose_name="转出党组织"
    )
    source_name = models.CharField("转出党组织（系统外）", max_length=120, blank=True, default="")
    target = models.ForeignKey(
        PartyOrganization, models.PROTECT, null=True, related_name="transfers_in", verbose_name="转入党组织"
    )
    target_name = models.CharField("转入党组织（系统外）", max_length=120, blank=True, default="")
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, related_name="+", verbose_name="转入后所在组织"
    )
    issuer = models.ForeignKey(
        PartyOrganization, models.PROTECT, null=True, related_name="letters", verbose_name="开具介绍信的党委"
    )
    issuer_name = models.CharField("开具介绍信的党委（系统外）", max_length=120, blank=True, default="")
    state = models.CharField("状态", max_length=10, default=TransferState.DRAFT.value)
    reason = models.CharField("转接原因", max_length=200, blank=True, default="")
    number = models.CharField("介绍信编号", max_length=60, blank=True, default="")
    issued_on = models.DateField("开具日期", null=True)
    valid_days = models.PositiveSmallIntegerField("有效期（天）", null=True)
    expires_on = models.DateField("有效期至", null=True)
    dues_until = models.DateField("党费交至", null=True)
    handled_by = models.CharField("经办人", max_length=60, blank=True, default="")
    accepted_on = models.DateField("接收日期", null=True)
    receipt_on = models.DateField("回执日期", null=True)
    refused_on = models.DateField("退回日期", null=True)
    refused_reason = models.CharField("退回理由", max_length=200, blank=True, default="")
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="replaced_by", verbose_name="重开的原介绍信"
    )
    note = models.CharField("备注", max_length=200, blank=True, default="")
    version = models.PositiveIntegerField("版本", default=1)
    made_at = models.DateTimeField("建立时间")
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="建立人")

    objects = TransferQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_on", "-pk"]
        indexes = [models.Index(fields=["state", "expires_on"], name="transfer_open")]
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "number"],
                condition=Q(issuer__isnull=False) & ~Q(number=""),
                name="transfer_number_once",
                violation_error_message="这个介绍信编号已被使用。",
            ),
            models.UniqueConstraint(
                fields=["member"],
                condition=Q(state__in=[TransferState.DRAFT.value, TransferState.ISSUED.value]),
                name="transfer_one_under_way",
                violation_error_message="这名党员已有一件转接正在办理。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[str(s) for s in TransferState]),
                name="transfer_state_known",
                violation_error_message="转接的状态不对。",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_LETTER)
                | (~Q(number="") & Q(issued_on__isnull=False, valid_days__isnull=False, expires_on__isnull=False)),
                name="transfer_letter_whole",
                violation_error_message="介绍信须有编号、开具日期和有效期。",
            ),
            models.CheckConstraint(
                condition=(~Q(state=TransferState.ACCEPTED.value) & Q(accepted_on__isnull=True))
                | (Q(state=TransferState.ACCEPTED.value) & Q(accepted_on__isnull=False)),
                name="transfer_accepted_with_day",
                violation_error_message="接收须有日期。",
            ),
            models.CheckConstraint(
                condition=(~Q(state=TransferState.REFUSED.value) & Q(refused_on__isnull=True))
                | (Q(state=TransferState.REFUSED.value) & Q(refused_on__isnull=False) & ~Q(refused_reason="")),
                name="transfer_refused_with_reason",
                violation_error_message="退回须有日期和理由。",
            ),
            models.CheckConstraint(
                condition=Q(source__isnull=False) | ~Q(source_name=""),
                name="transfer_source_given",
                violation_error_message="请写明转出党组织。",
            ),
            models.CheckConstraint(
                condition=Q(target__isnull=False) | ~Q(target_name=""),
                name="transfer_target_given",
                violation_error_message="请写明转入党组织。",
            ),
            models.CheckConstraint(
                condition=Q(source__isnull=True) | Q(target__isnull=True) | ~Q(source=F("target")),
                name="transfer_moves",
                violation_error_message="转出和转入不能是同一个党组织。",
            ),
        ]

    def __str__(self) -> str:
        return self.number or f"#{self.pk}"
