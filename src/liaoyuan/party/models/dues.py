"""Dues (党费): what they are reckoned by, what a month owes and who has paid, reductions, large gifts, their use (F09).

Amounts are integer fen. The base (party.dues_base, C3) is ciphertext; zone internet holds none, and no amount of a
person: there a row says only whether the month is paid (party.dues_paid).
"""

from typing import Any

from django.db import models
from django.db.models import F, Q

from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.choices.dues import DuesCategory
from liaoyuan.party.models.base import Dated, PeriodQuerySet, Recorded, RecordedQuerySet, roster_reach, within_reach
from liaoyuan.party.models.members import Member
from liaoyuan.party.models.organizations import PartyOrganization
from liaoyuan.registry.models import OPEN

_CATEGORIES = [str(category) for category in DuesCategory]


class DuesBaseQuerySet(PeriodQuerySet["DuesBase"]):
    """Bases by time and scope."""

    def visible_to(self, user: Any) -> "DuesBaseQuerySet":
        """Those of members whose roster the user may see; the base itself stands masked."""
        return self.filter(member__in=Member.objects.visible_to(user))


class DuesBase(Dated):
    """By what a member's dues are reckoned from a month on: category and base (PB-FEE-02).

    `base` is vault ciphertext of fen, empty for farmers and those without income, and once it was erased. `set_on` is
    the day on which it was settled, `signed_on` the day the member signed it.
    """

    member = models.ForeignKey(Member, models.PROTECT, related_name="dues_bases", verbose_name="党员")
    category = models.CharField("交纳标准", max_length=10)
    base = models.CharField("党费基数", max_length=200, blank=True, default="")
    set_on = models.DateField("核定日期")
    signed_on = models.DateField("本人签字日期", null=True)

    objects = DuesBaseQuerySet.as_manager()

    class Meta:
        ordering = ["member", "valid_from", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["member"],
                condition=Q(superseded_at__isnull=True, valid_to=OPEN),
                name="dues_base_open_once",
                violation_error_message="一名党员只有一个现行的党费基数。",
            ),
            models.CheckConstraint(
                condition=Q(category__in=_CATEGORIES),
                name="dues_base_category_known",
                violation_error_message="交纳标准不对。",
            ),
            models.CheckConstraint(
                condition=~Q(category__in=[DuesCategory.FARMER.value, DuesCategory.NONE.value]) | Q(base=""),
                name="dues_base_with_category",
                violation_error_message="农民和没有收入的没有基数。",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__gt=F("valid_from")),
                name="dues_base_dates_in_order",
                violation_error_message="止日须晚于起日。",
            ),
        ]

    def __str__(self) -> str:
        return self.category


class DuesWaiverQuerySet(RecordedQuerySet["DuesWaiver"]):
    """Reductions by scope."""

    def visible_to(self, user: Any) -> "DuesWaiverQuerySet":
        """Those of party organizations whose roster the user may see."""
        condition = roster_reach(user, Permission.MEMBERS_VIEW, "party_organization")
        return self if condition is None else self.filter(condition)


class DuesWaiver(Recorded):
    """A reduction of a member's dues over some months, first and last included (PB-FEE-03). Why is not kept.

    `due_fen` is what remains due a month, 0 for nothing; empty in zone internet.
    """

    party_organization = models.ForeignKey(PartyOrganization, models.PROTECT, related_name="+", verbose_name="党组织")
    member = models.ForeignKey(Member, models.PROTECT, related_name="dues_waivers", verbose_name="党员")
    first_month = models.DateField("起始月")
    last_month = models.DateField("截止月")
    due_fen = models.PositiveBigIntegerField("减免后每月应交（分）", null=True)
    applied_on = models.DateField("本人申请日期")
    agreed_on = models.DateField("党支部讨论同意日期")
    approval = models.CharField("上级基层党委批准文号", max_length=80)
    approved_on = models.DateField("批准日期")

    objects = DuesWaiverQuerySet.as_manager()

    class Meta:
        ordering = ["member", "first_month", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_month__gte=F("first_month")),
                name="dues_waiver_months_in_order",
                violation_error_message="截止月不能早于起始月。",
            ),
            models.CheckConstraint(
                condition=~Q(approval=""),
                name="dues_waiver_with_approval",
                violation_error_message="减免党费须有上级基层党委的批准文号。",
            ),
            models.CheckConstraint(
                condition=Q(agreed_on__gte=F("applied_on")) & Q(approved_on__gte=F("agreed_on")),
                name="dues_waiver_steps_in_order",
                violation_error_message="申请、党支部讨论、上级批准的日期须依次。",
            ),
        ]

    def __str__(self) -> str:
        return self.approval


class DueQuerySet(RecordedQuerySet["Due"]):
    """Dues by payment and scope."""

    def unpaid(self) -> "DueQuerySet":
        """Months that nobody has entered a payment for."""
        return self.filter(paid_on__isnull=True)

    def visible_to(self, user: Any) -> "DueQuerySet":
        """Those of party organizations whose roster the user may see."""
        condition = roster_reach(user, Permission.MEMBERS_VIEW, "party_organization")
        return self if condition is None else self.filter(condition)


class Due(Recorded):
    """What one member owes the branch for one month, and the payment. One row a member and month as known now.

    `month` is the first day of the month. `rate` is in 1/10000 of the whole base, empty where the amount is flat.
    Amounts are empty in zone internet. A month that is paid later was made up for (补交): `paid_on` says when.
    """

    party_organization = models.ForeignKey(
        PartyOrganization, models.PROTECT, related_name="dues", verbose_name="党组织"
    )
    member = models.ForeignKey(Member, models.PROTECT, related_name="dues", verbose_name="党员")
    month = models.DateField("月份")
    category = models.CharField("交纳标准", max_length=10, blank=True, default="")
    rate = models.PositiveIntegerField("比例（万分之几）", null=True)
    due_fen = models.PositiveBigIntegerField("应交（分）", null=True)
    paid_fen = models.PositiveBigIntegerField("实交（分）", null=True)
    paid_on = models.DateField("交费日期", null=True)
    payee = models.CharField("收款人", max_length=60, blank=True, default="")
    waiver = models.ForeignKey(DuesWaiver, models.PROTECT, null=True, related_name="+", verbose_name="减免")

    objects = DueQuerySet.as_manager()

    class Meta:
        ordering = ["party_organization", "month", "member", "pk"]
        indexes = [
            models.Index(
                fields=["party_organization", "month"], name="due_month", condition=Q(superseded_at__isnull=True)
            ),
            models.Index(
                fields=["party_organization", "paid_on"], name="due_paid", condition=Q(superseded_at__isnull=True)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "month"],
                condition=Q(superseded_at__isnull=True),
                name="due_once_a_month",
                violation_error_message="这名党员这个月的党费已经核定。",
            ),
            models.CheckConstraint(
                condition=Q(category__in=["", *_CATEGORIES]),
                name="due_category_known",
                violation_error_message="交纳标准不对。",
            ),
            models.CheckConstraint(
                condition=(Q(paid_on__isnull=True) & Q(paid_fen__isnull=True, payee=""))
                | (Q(paid_on__isnull=False) & ~Q(payee="")),
                name="due_payment_whole",
                violation_error_message="交费须有日期和收款人。",
            ),
            models.CheckConstraint(
                condition=Q(paid_on__isnull=True)
                | (Q(due_fen__isnull=True) & Q(paid_fen__isnull=True))
                | (Q(due_fen__isnull=False) & Q(paid_fen__gte=F("due_fen"))),
                name="due_paid_in_full",
                violation_error_message="实交不能少于应交。",
            ),
            models.CheckConstraint(
                condition=Q(rate__isnull=True) | Q(due_fen__isnull=False),
                name="due_rate_with_amount",
                violation_error_message="有比例须有应交数额。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class DuesExtraQuerySet(RecordedQuerySet["DuesExtra"]):
    """Gifts by scope."""

    def visible_to(self, user: Any) -> "DuesExtraQuerySet":
        """Those of party organizations whose roster the user may see."""
        condition = roster_reach(user, Permission.MEMBERS_VIEW, "party_organization")
        return self if condition is None else self.filter(condition)


class DuesExtra(Recorded):
    """A sum that a member paid of his own will beside his dues; a large one is handed up for a receipt (PB-FEE-05)."""

    party_organization = models.ForeignKey(
        PartyOrganization, models.PROTECT, related_name="dues_extras", verbose_name="党组织"
    )
    member = models.ForeignKey(Member, models.PROTECT, related_name="+", verbose_name="党员")
    on = models.DateField("交费日期")
    amount_fen = models.PositiveBigIntegerField("多交数额（分）")
    handed_up_on = models.DateField("上缴日期", null=True)
    receipt_no = models.CharField("收据编号", max_length=80, blank=True, default="")

    objects = DuesExtraQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0), name="dues_extra_some", violation_error_message="数额须大于零。"
            ),
            models.CheckConstraint(
                condition=(Q(handed_up_on__isnull=True) & Q(receipt_no=""))
                | (Q(handed_up_on__isnull=False) & ~Q(receipt_no="")),
                name="dues_extra_handed_up_with_receipt",
                violation_error_message="上缴须有日期和收据编号。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on}"


class DuesUseQuerySet(RecordedQuerySet["DuesUse"]):
    """Use of dues by scope."""

    def visible_to(self, user: Any) -> "DuesUseQuerySet":
        """Those of party organizations that the user sees by a grant of his own."""
        condition = within_reach(user, Permission.VIEW, "party_organization")
        return self if condition is None else self.filter(condition)


class DuesUse(Recorded):
    """Money spent out of the dues (F09, use): day, purpose, amount, who approved, number of the voucher."""

    party_organization = models.ForeignKey(
        PartyOrganization, models.PROTECT, related_name="dues_uses", verbose_name="党组织"
    )
    on = models.DateField("日期")
    purpose = models.CharField("事由", max_length=200)
    amount_fen = models.PositiveBigIntegerField("金额（分）")
    approved_by = models.CharField("批准人", max_length=60)
    voucher_no = models.CharField("票据号", max_length=80, blank=True, default="")

    objects = DuesUseQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-pk"]
        indexes = [
            models.Index(
                fields=["party_organization", "on"], name="dues_use_day", condition=Q(superseded_at__isnull=True)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0), name="dues_use_some", violation_error_message="金额须大于零。"
            ),
            models.CheckConstraint(
                condition=~Q(purpose="") & ~Q(approved_by=""),
                name="dues_use_told",
                violation_error_message="须写明事由和批准人。",
            ),
        ]

    def __str__(self) -> str:
        return self.purpose
