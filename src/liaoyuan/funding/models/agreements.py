"""Agreements about granted projects, what each takes of which pool, the ledger of the pools. Money in fen."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from liaoyuan.core.models import Document, User
from liaoyuan.funding.choices.awards import AgreementState, EntryKind
from liaoyuan.funding.choices.money import TrancheTrigger
from liaoyuan.funding.models.base import paired
from liaoyuan.funding.models.programmes import Pool
from liaoyuan.funding.models.projects import Project
from liaoyuan.funding.models.publicity import AwardLine
from liaoyuan.registry.models import Organization

_ENDED = [AgreementState.CANCELLED.value, AgreementState.TERMINATED.value]


class AgreementQuerySet(models.QuerySet["Agreement"]):
    """Agreements by state and scope."""

    def living(self) -> "AgreementQuerySet":
        """Those that were not cancelled before they were signed."""
        return self.exclude(state=AgreementState.CANCELLED.value)

    def visible_to(self, user: Any) -> "AgreementQuerySet":
        """Those of projects that the user sees."""
        return self.filter(project__in=Project.objects.visible_to(user))


class Agreement(models.Model):
    """An agreement about one project: with whom, how much of which pools, from when to when, where, to which account.

    `organization` signs and holds the account: the applicant, or the sponsor of a filed body. `account_number` is
    ciphertext (C3), `account_tail` its last four digits. `amount_fen` is what stands agreed today; a draft holds its
    money already. `facts` and `findings` are what the signing rested on and never change. `reuse_fen` of the money
    left over may be kept for an agreed use (GV-FIN-04).
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="agreements", verbose_name="项目")
    award = models.ForeignKey(AwardLine, models.PROTECT, related_name="agreements", verbose_name="立项")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name="签约组织")
    body_name = models.CharField("签约组织名称", max_length=120)
    state = models.CharField("状态", max_length=10, default=AgreementState.DRAFT.value)
    amount_fen = models.BigIntegerField("协议金额")
    starts_on = models.DateField("实施开始")
    ends_on = models.DateField("实施结束")
    places = models.JSONField("实施地点", default=list)
    account_name = models.CharField("户名", max_length=120)
    account_bank = models.CharField("开户银行", max_length=120)
    account_number = models.TextField("账号（密文）")
    account_tail = models.CharField("账号末四位", max_length=4)
    signed_on = models.DateField("签订日期", null=True)
    facts = models.JSONField("签订时的事实", default=dict)
    findings = models.JSONField("签订时的核查", default=list)
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+", verbose_name="协议书")
    drafted_at = models.DateTimeField("起草时间")
    drafted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="起草人")
    signed_at = models.DateTimeField("签订登记时间", null=True)
    signed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="签订登记人")
    started_on = models.DateField("开始实施", null=True)
    reuse_fen = models.BigIntegerField("同意另用的结余", default=0)
    reuse_reason = models.CharField("另用的用途", max_length=200, blank=True, default="")
    reuse_at = models.DateTimeField("同意另用的时间", null=True)
    reuse_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="同意另用的人")
    ended_at = models.DateTimeField("取消或终止时间", null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="取消或终止的人")
    ended_reason = models.CharField("取消或终止的原因", max_length=200, blank=True, default="")
    version = models.PositiveIntegerField("版本", default=1)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        ordering = ["project_id", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project"],
                condition=~Q(state=AgreementState.CANCELLED.value),
                name="agreement_once",
                violation_error_message="这个项目已有协议。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[str(state) for state in AgreementState]),
                name="agreement_state_known",
                violation_error_message="协议的状态不对。",
            ),
            models.CheckConstraint(
                condition=Q(amount_fen__gte=0, reuse_fen__gte=0),
                name="agreement_not_negative",
                violation_error_message="金额不能为负。",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="agreement_days_in_order",
                violation_error_message="结束日期不能早于开始日期。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[AgreementState.DRAFT.value, AgreementState.CANCELLED.value])
                | Q(signed_on__isnull=False, signed_at__isnull=False),
                name="agreement_signed_whole",
                violation_error_message="签订须有日期。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_ENDED, ended_at__isnull=False)
                | (~Q(state__in=_ENDED) & Q(ended_at__isnull=True)),
                name="agreement_end_told",
                violation_error_message="取消或终止须有时间。",
            ),
            models.CheckConstraint(
                condition=paired("drafted_at", "drafted_by"),
                name="agreement_draft_paired",
                violation_error_message="起草须有时间。",
            ),
            models.CheckConstraint(
                condition=paired("signed_at", "signed_by"),
                name="agreement_signing_paired",
                violation_error_message="签订须有时间。",
            ),
            models.CheckConstraint(
                condition=paired("reuse_at", "reuse_by"),
                name="agreement_reuse_paired",
                violation_error_message="同意另用须有时间。",
            ),
            models.CheckConstraint(
                condition=paired("ended_at", "ended_by"),
                name="agreement_end_paired",
                violation_error_message="取消或终止须有时间。",
            ),
        ]

    def __str__(self) -> str:
        return self.body_name


class OfAgreementQuerySet[M: models.Model](models.QuerySet[M]):
    """Rows of agreements, by scope."""

    def visible_to(self, user: Any) -> "OfAgreementQuerySet[M]":
        """Those of agreements that the user sees."""
        return self.filter(agreement__in=Agreement.objects.visible_to(user))


class AgreementShare(models.Model):
    """What an agreement takes of one pool: agreed today, paid out, come back."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="shares", verbose_name="协议")
    pool = models.ForeignKey(Pool, models.PROTECT, related_name="shares", verbose_name="资金池")
    amount_fen = models.BigIntegerField("占用")
    paid_fen = models.BigIntegerField("已拨", default=0)
    returned_fen = models.BigIntegerField("已退回", default=0)

    objects = OfAgreementQuerySet["AgreementShare"].as_manager()

    class Meta:
        ordering = ["agreement_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "pool"],
                name="agreement_share_once",
                violation_error_message="同一个资金池只列一行。",
            ),
            models.CheckConstraint(
                condition=Q(returned_fen__gte=0, returned_fen__lte=F("paid_fen"), paid_fen__lte=F("amount_fen")),
                name="agreement_share_in_bounds",
                violation_error_message="拨付超过协议占用的资金，或退回超过拨付。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id}:{self.pool_id}"


class TrancheCondition(models.Model):
    """Since when a condition of an instalment has been met, and what shows it."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="conditions", verbose_name="协议")
    trigger = models.CharField("拨付条件", max_length=12)
    met_on = models.DateField("具备日期")
    evidence = models.CharField("佐证", max_length=200, blank=True, default="")
    noted_at = models.DateTimeField("登记时间")
    noted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="登记人")

    objects = OfAgreementQuerySet["TrancheCondition"].as_manager()

    class Meta:
        ordering = ["agreement_id", "met_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "trigger"],
                name="tranche_condition_once",
                violation_error_message="这个拨付条件已登记。",
            ),
            models.CheckConstraint(
                condition=Q(trigger__in=[str(trigger) for trigger in TrancheTrigger]),
                name="tranche_condition_known",
                violation_error_message="拨付条件不对。",
            ),
            models.CheckConstraint(
                condition=paired("noted_at", "noted_by"),
                name="tranche_condition_paired",
                violation_error_message="登记须有时间。",
            ),
        ]

    def __str__(self) -> str:
        return self.trigger


class PoolEntry(models.Model):
    """One line of a pool's ledger. Lines are never changed; their sums are what the pool and the share say."""

    pool = models.ForeignKey(Pool, models.PROTECT, related_name="entries", verbose_name="资金池")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="entries", verbose_name="协议")
    kind = models.CharField("类别", max_length=10)
    amount_fen = models.BigIntegerField("金额")
    tranche_no = models.PositiveSmallIntegerField("期次", null=True)
    reason = models.CharField("事由", max_length=120)
    entered_on = models.DateField("日期")
    entered_at = models.DateTimeField("记账时间")
    entered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="记账人")

    objects = OfAgreementQuerySet["PoolEntry"].as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["pool", "kind"], name="pool_entry_of_pool")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[str(kind) for kind in EntryKind]),
                name="pool_entry_kind_known",
                violation_error_message="记账的类别不对。",
            ),
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0),
                name="pool_entry_positive",
                violation_error_message="记账金额须大于零。",
            ),
            models.CheckConstraint(
                condition=paired("entered_at", "entered_by"),
                name="pool_entry_paired",
                violation_error_message="记账须有时间。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount_fen}"
