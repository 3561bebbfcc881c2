"""Changes of a running project, decisions that need two persons, hand-over files. Money in fen."""

from django.db import models
from django.db.models import F, Q

from liaoyuan.core.models import StoredFile, User
from liaoyuan.funding.choices.awards import AmendmentState, RulingKind
from liaoyuan.funding.models.agreements import Agreement, OfAgreementQuerySet
from liaoyuan.funding.models.base import paired
from liaoyuan.funding.models.contents import Revision


class Amendment(models.Model):
    """A change that a body asks for: what (`kinds`), from what (`before`) to what (`after`).

    It is decided by a second person. An agreed change of the budget writes the effective budget anew; `revision`
    is the kept version of the whole.
    """

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="amendments", verbose_name="协议")
    number = models.PositiveSmallIntegerField("序号")
    kinds = models.JSONField("变更的内容", default=list)
    before = models.JSONField("变更前", default=dict)
    after = models.JSONField("变更后", default=dict)
    reason = models.TextField("理由", max_length=1000)
    state = models.CharField("状态", max_length=8, default=AmendmentState.ASKED.value)
    findings = models.JSONField("核查", default=list)
    revision = models.ForeignKey(Revision, models.PROTECT, null=True, related_name="+", verbose_name="变更后的版本")
    opinion = models.CharField("批准意见", max_length=200, blank=True, default="")
    asked_at = models.DateTimeField("申请时间")
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="申请人")
    decided_at = models.DateTimeField("决定时间", null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="决定人")
    version = models.PositiveIntegerField("版本", default=1)

    objects = OfAgreementQuerySet["Amendment"].as_manager()

    class Meta:
        ordering = ["agreement_id", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "number"], name="amendment_once", violation_error_message="变更的序号重复。"
            ),
            models.UniqueConstraint(
                fields=["agreement"],
                condition=Q(state=AmendmentState.ASKED.value),
                name="amendment_open_once",
                violation_error_message="已有一件变更在审批。",
            ),
            models.CheckConstraint(
                condition=Q(state=AmendmentState.ASKED.value, decided_at__isnull=True)
                | (~Q(state=AmendmentState.ASKED.value) & Q(decided_at__isnull=False)),
                name="amendment_decided_whole",
                violation_error_message="决定须有时间。",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | Q(asked_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="amendment_two_persons",
                violation_error_message="变更须由申请人以外的人决定。",
            ),
            models.CheckConstraint(
                condition=paired("asked_at", "asked_by"),
                name="amendment_asking_paired",
                violation_error_message="申请须有时间。",
            ),
            models.CheckConstraint(
                condition=paired("decided_at", "decided_by"),
                name="amendment_decision_paired",
                violation_error_message="决定须有时间。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id}-{self.number}"


class Ruling(models.Model):
    """A decision that one person brings up and a second one takes: to end an agreement, to take money back."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="rulings", verbose_name="协议")
    kind = models.CharField("类别", max_length=10)
    reason = models.CharField("事由", max_length=400)
    amount_fen = models.BigIntegerField("追回金额", default=0)
    due_on = models.DateField("退回期限", null=True)
    asked_at = models.DateTimeField("提出时间")
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="提出人")
    decided_at = models.DateTimeField("决定时间", null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="决定人")

    objects = OfAgreementQuerySet["Ruling"].as_manager()

    class Meta:
        ordering = ["agreement_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "kind"],
                condition=Q(decided_at__isnull=True),
                name="ruling_open_once",
                violation_error_message="已有一件在等待决定。",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[str(kind) for kind in RulingKind]),
                name="ruling_kind_known",
                violation_error_message="决定的类别不对。",
            ),
            models.CheckConstraint(
                condition=Q(kind=RulingKind.TERMINATE.value) | Q(amount_fen__gt=0),
                name="ruling_amount_told",
                violation_error_message="追回须写明金额。",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | Q(asked_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="ruling_two_persons",
                violation_error_message="须由提出人以外的人决定。",
            ),
            models.CheckConstraint(
                condition=paired("asked_at", "asked_by"),
                name="ruling_asking_paired",
                violation_error_message="提出须有时间。",
            ),
            models.CheckConstraint(
                condition=paired("decided_at", "decided_by"),
                name="ruling_decision_paired",
                violation_error_message="决定须有时间。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}-{self.pk}"


class HandOverFile(models.Model):
    """What a project's manager handed to his successor: the state of everything on that day, as a workbook."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="hand_overs", verbose_name="协议")
    gives = models.CharField("移交人", max_length=60)
    takes = models.CharField("接收人", max_length=60)
    reason = models.CharField("原因", max_length=200)
    content = models.JSONField("交接内容", default=dict)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="交接清单")
    made_at = models.DateTimeField("制作时间")
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="制作人")

    objects = OfAgreementQuerySet["HandOverFile"].as_manager()

    class Meta:
        ordering = ["agreement_id", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=paired("made_at", "made_by"),
                name="hand_over_file_paired",
                violation_error_message="制作须有时间。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gives}→{self.takes}"
