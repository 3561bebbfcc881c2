"""Instalments, files for the finance office, vouchers of what was spent, money that came back. Money in fen."""

from django.db import models
from django.db.models import F, Q

from liaoyuan.core.models import Document, StoredFile, User
from liaoyuan.funding.choices.awards import RefundKind, TrancheState
from liaoyuan.funding.choices.budget import BudgetClass
from liaoyuan.funding.models.agreements import Agreement, OfAgreementQuerySet
from liaoyuan.funding.models.base import paired
from liaoyuan.funding.models.programmes import OfRoundQuerySet, Round

_AT_WORK = [TrancheState.APPROVED.value, TrancheState.ORDERED.value, TrancheState.PAID.value]


def _others(one: str, other: str) -> Q:
    """Two persons, where both are known."""
    return Q(**{f"{one}__isnull": True}) | Q(**{f"{other}__isnull": True}) | ~Q(**{one: F(other)})


class PaymentBatch(models.Model):
    """A payment file for the finance office: made once, whole, of approved instalments; the same bytes ever after.

    `csv` and `xlsx` hold account numbers and are kept sealed (C3). A voided file pays nothing; its instalments may go
    into another one.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="payment_batches", verbose_name="届")
    number = models.PositiveIntegerField("序号")
    count = models.PositiveIntegerField("笔数")
    total_fen = models.BigIntegerField("金额")
    csv = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="CSV 文件")
    xlsx = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="Excel 文件")
    made_at = models.DateTimeField("制作时间")
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="制作人")
    voided_at = models.DateTimeField("作废时间", null=True)
    voided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="作废人")
    voided_because = models.CharField("作废的原因", max_length=200, blank=True, default="")

    objects = OfRoundQuerySet["PaymentBatch"].as_manager()

    class Meta:
        ordering = ["round_id", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "number"],
                name="payment_batch_once",
                violation_error_message="付款文件的序号重复。",
            ),
            models.CheckConstraint(
                condition=paired("made_at", "made_by"),
                name="payment_batch_made_paired",
                violation_error_message="制作须有时间。",
            ),
            models.CheckConstraint(
                condition=paired("voided_at", "voided_by"),
                name="payment_batch_voided_paired",
                violation_error_message="作废须有时间。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id}-{self.number}"


class Tranche(models.Model):
    """One instalment: prepared, approved, paid by three different persons (GV-PAY-04).

    `outside` says that a finance office outside the system paid: then `payer` names it, and voucher number and file
    are needed; `paid_by` is who entered it. `facts` are what the approval rested on, `paid_facts` what stood at the
    payment; neither changes afterwards. `sheet` is the approval sheet (F22).
    """

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="tranches", verbose_name="协议")
    no = models.PositiveSmallIntegerField("期次")
    percent = models.PositiveSmallIntegerField("比例（%）")
    trigger = models.CharField("拨付条件", max_length=12)
    amount_fen = models.BigIntegerField("金额")
    state = models.CharField("状态", max_length=10, default=TrancheState.PLANNED.value)
    evidence = models.CharField("佐证", max_length=200, blank=True, default="")
    facts = models.JSONField("审批时的事实", default=dict)
    findings = models.JSONField("审批时的核查", default=list)
    paid_facts = models.JSONField("付款时的事实", default=dict)
    sheet = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+", verbose_name="拨付审批表")
    batch = models.ForeignKey(PaymentBatch, models.PROTECT, null=True, related_name="tranches", verbose_name="付款文件")
    outside = models.BooleanField("系统外的财务付款", default=False)
    payer = models.CharField("付款方", max_length=80, blank=True, default="")
    voucher_no = models.CharField("付款凭证号", max_length=60, blank=True, default="")
    voucher = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+", verbose_name="付款凭证")
    paid_on = models.DateField("付款日期", null=True)
    prepared_at = models.DateTimeField("经办时间", null=True)
    prepared_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="经办人")
    approved_at = models.DateTimeField("审批时间", null=True)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="审批人")
    paid_at = models.DateTimeField("付款登记时间", null=True)
    paid_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="付款人")
    note = models.CharField("退回的说明", max_length=200, blank=True, default="")
    version = models.PositiveIntegerField("版本", default=1)

    objects = OfAgreementQuerySet["Tranche"].as_manager()

    class Meta:
        ordering = ["agreement_id", "no"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "no"], name="tranche_once", violation_error_message="期次重复。"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[str(state) for state in TrancheState]),
                name="tranche_state_known",
                violation_error_message="拨付的状态不对。",
            ),
            models.CheckConstraint(
                condition=Q(amount_fen__gte=0),
                name="tranche_not_negative",
                violation_error_message="拨付金额不能为负。",
            ),
            models.CheckConstraint(
                condition=(~Q(state=TrancheState.ORDERED.value) | Q(batch__isnull=False))
                & (~Q(state__in=_AT_WORK) | Q(prepared_at__isnull=False, approved_at__isnull=False)),
                name="tranche_steps_in_order",
                violation_error_message="拨付须先经办、再审批、再付款。",
            ),
            models.CheckConstraint(
                condition=Q(state=TrancheState.PAID.value, paid_on__isnull=False, paid_at__isnull=False)
                | (~Q(state=TrancheState.PAID.value) & Q(paid_on__isnull=True, paid_at__isnull=True)),
                name="tranche_paid_whole",
                violation_error_message="付款须有日期。",
            ),
            models.CheckConstraint(
                condition=_others("approved_by", "prepared_by"),
                name="tranche_approver_second",
                violation_error_message="审批人不能是经办人。",
            ),
            models.CheckConstraint(
                condition=Q(outside=True) | (_others("paid_by", "prepared_by") & _others("paid_by", "approved_by")),
                name="tranche_payer_third",
                violation_error_message="付款人不能是经办人或审批人。",
            ),
            models.CheckConstraint(
                condition=Q(outside=False) | (~Q(payer="") & ~Q(voucher_no="") & Q(voucher__isnull=False)),
                name="tranche_outside_vouched",
                violation_error_message="系统外的财务付款须有付款方、凭证号和凭证。",
            ),
            models.CheckConstraint(
                condition=paired("prepared_at", "prepared_by"),
                name="tranche_preparation_paired",
                violation_error_message="经办须有时间。",
            ),
            models.CheckConstraint(
                condition=paired("approved_at", "approved_by"),
                name="tranche_approval_paired",
                violation_error_message="审批须有时间。",
            ),
            models.CheckConstraint(
                condition=paired("paid_at", "paid_by"),
                name="tranche_payment_paired",
                violation_error_message="付款须有时间。",
            ),
        ]

    def __str__(self) -> str:
        return f"第 {self.no} 期"


class Expense(models.Model):
    """What a project spent: one voucher. The same voucher number, payee, day and amount is entered twice only after
    somebody has confirmed that it is another one (`again`).
    """

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="expenses", verbose_name="协议")
    budget_class = models.CharField("科目", max_length=4)
    voucher_no = models.CharField("凭证号", max_length=60)
    spent_on = models.DateField("日期")
    payee = models.CharField("收款方", max_length=120)
    title = models.CharField("事由", max_length=120)
    amount_fen = models.BigIntegerField("金额")
    grant_fen = models.BigIntegerField("其中资助资金")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="凭证")
    again = models.BooleanField("已确认不是重复", default=False)
    entered_at = models.DateTimeField("登记时间")
    entered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="登记人")
    voided_at = models.DateTimeField("作废时间", null=True)
    voided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="作废人")
    voided_because = models.CharField("作废的原因", max_length=200, blank=True, default="")

    objects = OfAgreementQuerySet["Expense"].as_manager()

    class Meta:
        ordering = ["agreement_id", "spent_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["voucher_no", "payee", "spent_on", "amount_fen"],
                condition=Q(again=False, voided_at__isnull=True),
                name="expense_once",
                violation_error_message="这张凭证已登记过。",
            ),
            models.CheckConstraint(
                condition=Q(budget_class__in=[str(kind) for kind in BudgetClass]),
                name="expense_class_known",
                violation_error_message="预算科目不对。",
            ),
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0, grant_fen__gte=0, grant_fen__lte=F("amount_fen")),
                name="expense_in_bounds",
                violation_error_message="金额须大于零，资助资金不超过金额。",
            ),
            models.CheckConstraint(
                condition=paired("entered_at", "entered_by"),
                name="expense_entry_paired",
                violation_error_message="登记须有时间。",
            ),
            models.CheckConstraint(
                condition=paired("voided_at", "voided_by"),
                name="expense_void_paired",
                violation_error_message="作废须有时间。",
            ),
        ]

    def __str__(self) -> str:
        return self.voucher_no


class Refund(models.Model):
    """Money that came back from a project: what was left over, or what was taken back."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="refunds", verbose_name="协议")
    kind = models.CharField("类别", max_length=10)
    amount_fen = models.BigIntegerField("金额")
    received_on = models.DateField("到账日期")
    voucher_no = models.CharField("凭证号", max_length=60)
    note = models.CharField("说明", max_length=200, blank=True, default="")
    entered_at = models.DateTimeField("登记时间")
    entered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="登记人")

    objects = OfAgreementQuerySet["Refund"].as_manager()

    class Meta:
        ordering = ["agreement_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "voucher_no"],
                name="refund_once",
                violation_error_message="这笔退款已登记。",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[str(kind) for kind in RefundKind]),
                name="refund_kind_known",
                violation_error_message="退款的类别不对。",
            ),
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0),
                name="refund_positive",
                violation_error_message="退款金额须大于零。",
            ),
            models.CheckConstraint(
                condition=paired("entered_at", "entered_by"),
                name="refund_paired",
                violation_error_message="登记须有时间。",
            ),
        ]

    def __str__(self) -> str:
        return self.voucher_no
