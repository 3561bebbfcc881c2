"""Proposals to put a body on a credit list, or to revoke it: letters, the right to be heard, the decision."""

from typing import Any

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery

from liaoyuan.core.models import Document, User
from liaoyuan.registry.choices import Ground, LetterStep, Listing
from liaoyuan.registry.models.annual import AnnualReport
from liaoyuan.registry.models.organizations import Organization, Standing
from liaoyuan.registry.models.records import CreditEntry


class ProposalQuerySet(models.QuerySet["ListingProposal"]):
    """Proposals by scope and state."""

    def visible_to(self, user: Any) -> "ProposalQuerySet":
        """Proposals about the bodies that the user may see."""
        return self.filter(organization__in=Organization.objects.visible_to(user))

    def open(self) -> "ProposalQuerySet":
        """Those not decided yet."""
        return self.filter(decided_at__isnull=True)

    def with_names(self) -> "ProposalQuerySet":
        """Each with `name`, the body's present name, and `street`."""
        rows = Standing.objects.now_open().filter(organization=OuterRef("organization"))
        return self.annotate(name=Subquery(rows.values("name")[:1]), street=Subquery(rows.values("street__name")[:1]))


class ListingProposal(models.Model):
    """One procedure about one body. Nothing follows from it until an officer decides; one at a time per body.

    `wants` is what is proposed. A letter has a number, the day it was sent and, later, whether it was signed for. The
    notice tells the body its right to be heard; `heard_until` is provisional where the calendar is not known.
    """

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="proposals", verbose_name="组织")
    wants = models.CharField("建议", max_length=10)
    ground = models.CharField("事由类别", max_length=14)
    reason = models.CharField("事由", max_length=300)
    report = models.ForeignKey(AnnualReport, models.PROTECT, null=True, related_name="proposals", verbose_name="年报")
    arisen_on = models.DateField("信息产生日期")
    proposed_at = models.DateTimeField("提出时间")
    proposed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="提出人")
    letter1_no = models.CharField("第一封信函文号", max_length=40, blank=True, default="")
    letter1_on = models.DateField("第一封信函寄出日期", null=True)
    letter1_result = models.CharField("第一封信函签收情况", max_length=10, blank=True, default="")
    letter1_result_on = models.DateField("第一封信函签收或退回日期", null=True)
    letter2_no = models.CharField("第二封信函文号", max_length=40, blank=True, default="")
    letter2_on = models.DateField("第二封信函寄出日期", null=True)
    letter2_result = models.CharField("第二封信函签收情况", max_length=10, blank=True, default="")
    letter2_result_on = models.DateField("第二封信函签收或退回日期", null=True)
    notice_no = models.CharField("告知书文号", max_length=40, blank=True, default="")
    notice_on = models.DateField("告知书送达日期", null=True)
    heard_until = models.DateField("陈述申辩截止日", null=True)
    heard_provisional = models.BooleanField("陈述申辩期为推算", default=False)
    heard_on = models.DateField("收到陈述申辩日期", null=True)
    heard_words = models.CharField("陈述申辩要点", max_length=500, blank=True, default="")
    decision = models.CharField("决定", max_length=10, blank=True, default="")
    decision_no = models.CharField("决定书文号", max_length=40, blank=True, default="")
    decided_on = models.DateField("决定日期", null=True)
    decided_at = models.DateTimeField("决定记录时间", null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="决定人")
    decision_note = models.CharField("决定说明", max_length=300, blank=True, default="")
    entry = models.OneToOneField(CreditEntry, models.PROTECT, null=True, related_name="proposal", verbose_name="名单")

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization"],
                condition=Q(decided_at__isnull=True),
                name="listing_proposal_open_once",
                violation_error_message="该组织已有一件没有办结的建议。",
            ),
            models.CheckConstraint(
                condition=Q(wants__in=[str(w) for w in Listing]) & Q(ground__in=[str(g) for g in Ground]),
                name="listing_words_known",
                violation_error_message="建议或事由类别不对。",
            ),
            models.CheckConstraint(
                condition=Q(letter1_result__in=["", "signed", "unsigned"])
                & Q(letter2_result__in=["", "signed", "unsigned"]),
                name="listing_delivery_known",
                violation_error_message="签收情况不对。",
            ),
            models.CheckConstraint(
                condition=(Q(letter1_on__isnull=False) | Q(letter1_result="", letter2_on__isnull=True))
                & (Q(letter2_on__isnull=True) | Q(letter2_on__gt=F("letter1_on"))),
                name="listing_letters_in_order",
                violation_error_message="第二封信函须在第一封之后寄出。",
            ),
            models.CheckConstraint(
                condition=Q(notice_on__isnull=True, heard_until__isnull=True)
                | Q(notice_on__isnull=False, heard_until__isnull=False, heard_until__gte=F("notice_on")),
                name="listing_notice_paired",
                violation_error_message="告知须同时记下送达日期和陈述申辩截止日。",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by__isnull=True, decided_on__isnull=True, decision="",
                            entry__isnull=True)
                | Q(decided_at__isnull=False, decided_on__isnull=False, decision="drop", entry__isnull=True)
                | Q(decided_at__isnull=False, decided_on__isnull=False, decision="list", notice_on__isnull=False),
                name="listing_decision_paired",
                violation_error_message="决定须同时记下日期和时间，列入之前须告知权利。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.wants} {self.organization_id}"


class LetterQuerySet(models.QuerySet["ListingLetter"]):
    """Letters by state and scope."""

    def living(self) -> "LetterQuerySet":
        """Those whose document was neither given up nor withdrawn."""
        return self.filter(ended_at__isnull=True)

    def visible_to(self, user: Any) -> "LetterQuerySet":
        """Letters about the bodies that the user may see."""
        seen = Organization.objects.visible_to(user)
        return self.filter(Q(proposal__organization__in=seen) | Q(entry__organization__in=seen))


class ListingLetter(models.Model):
    """Which step of a proposal a document is for, or which stay on a list it ends; one living document for each.

    It ends with a document that was given up or withdrawn; the step may then be drafted anew. `complied` and
    `last_breach_on` are what a removal is judged by.
    """

    document = models.OneToOneField(Document, models.PROTECT, related_name="listing_letter", verbose_name="文书")
    step = models.CharField("步骤", max_length=10)
    proposal = models.ForeignKey(
        ListingProposal, models.PROTECT, null=True, related_name="letters", verbose_name="建议"
    )
    entry = models.ForeignKey(CreditEntry, models.PROTECT, null=True, related_name="letters", verbose_name="名单")
    complied = models.BooleanField("已履行义务或者改正", default=False)
    last_breach_on = models.DateField("最近一次违法失信的日期", null=True)
    ended_at = models.DateTimeField("失效时间", null=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "step"], condition=Q(ended_at__isnull=True, proposal__isnull=False),
                name="listing_letter_step_once", violation_error_message="这一步已有一份文书。",
            ),
            models.UniqueConstraint(
                fields=["entry"], condition=Q(ended_at__isnull=True, entry__isnull=False),
                name="listing_letter_removal_once", violation_error_message="这次列入已有一份移出决定书。",
            ),
            models.CheckConstraint(
                condition=Q(step=str(LetterStep.REMOVAL), entry__isnull=False, proposal__isnull=True)
                | (
                    Q(step__in=[str(s) for s in LetterStep if s != LetterStep.REMOVAL])
                    & Q(entry__isnull=True, proposal__isnull=False, complied=False, last_breach_on__isnull=True)
                ),
                name="listing_letter_step_known",
                violation_error_message="文书须对应建议的一步，或者一次列入。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.step} {self.document_id}"
