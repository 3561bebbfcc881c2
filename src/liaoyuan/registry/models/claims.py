"""Claims (认领): who says of himself that he may open a body's account, until an officer decides."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import models
from django.db.models import OuterRef, Q, Subquery

from liaoyuan.core import access
from liaoyuan.core.choices import Permission as Core
from liaoyuan.core.clock import SHANGHAI
from liaoyuan.core.models import Area, Invitation, User
from liaoyuan.registry.choices import ClaimState, Post
from liaoyuan.registry.models.organizations import Organization, Standing
from liaoyuan.registry.params.claims import CLAIM_DAYS

_DECISIONS = (ClaimState.APPROVED, ClaimState.RETURNED)


class ClaimQuerySet(models.QuerySet["Claim"]):
    """Claims by state and scope."""

    def visible_to(self, user: Any) -> "ClaimQuerySet":
        """Claims of the bodies that the user may invite: by the registrar's area, filed ones by their street."""
        allowed = access.reach(user, Core.INVITE)
        if allowed.everything:
            return self
        condition = Q(pk__in=[])
        for path in allowed.paths:
            condition |= Q(registrar_area__in=Area.objects.within(path))
        return self.filter(organization__in=Standing.objects.now_open().filter(condition).values("organization"))

    def in_state(self, state: ClaimState, on: date) -> "ClaimQuerySet":
        """Claims in this state on the day `on`."""
        if state in _DECISIONS:
            return self.filter(decision=str(state))
        border = datetime.combine(on - timedelta(days=CLAIM_DAYS), time.min, tzinfo=SHANGHAI)
        undecided = self.filter(decision="")
        if state == ClaimState.OPEN:
            return undecided.filter(created_at__gte=border)
        return undecided.filter(created_at__lt=border)

    def with_names(self) -> "ClaimQuerySet":
        """Each with `name`, the body's present name."""
        rows = Standing.objects.now_open().filter(organization=OuterRef("organization"))
        return self.annotate(name=Subquery(rows.values("name")[:1]))


class Claim(models.Model):
    """A request to open the account of a body. Of the claim code only the hash is kept, as of an invitation's.

    `mobile` (C3) is vault ciphertext, purpose `claim.mobile`, and deleted when the claim is decided; `notice` is the
    version of the notice agreed to at `created_at`. Expiry is computed from `created_at` (30 days), never stored.
    """

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="claims", verbose_name="组织")
    code_hash = models.CharField("申请码散列", max_length=64, unique=True)
    claimant = models.CharField("姓名", max_length=40)
    post = models.CharField("身份", max_length=14)
    mobile = models.CharField("手机号（密文）", max_length=200, blank=True, default="")
    words = models.CharField("核实办法", max_length=200)
    notice = models.CharField("告知版本", max_length=20)
    created_at = models.DateTimeField("提交时间")
    decision = models.CharField("决定", max_length=10, blank=True, default="")
    decided_at = models.DateTimeField("办理时间", null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="办理人")
    reason = models.CharField("理由或核实情况", max_length=200, blank=True, default="")
    invitation = models.OneToOneField(Invitation, models.PROTECT, null=True, related_name="+", verbose_name="邀请")

    objects = ClaimQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["created_at"], name="claim_undecided", condition=Q(decision=""))]
        constraints = [
            models.CheckConstraint(
                condition=Q(post__in=[str(p) for p in Post]),
                name="claim_post_known",
                violation_error_message="申请人的身份不对。",
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_at__isnull=True, decided_by__isnull=True)
                | Q(decision__in=[str(d) for d in _DECISIONS], decided_at__isnull=False),
                name="claim_decision_paired",
                violation_error_message="办理认领申请须同时记下决定和时间。",
            ),
            models.CheckConstraint(
                condition=Q(decision="") | Q(mobile=""),
                name="claim_mobile_forgotten",
                violation_error_message="认领申请办理之后不再保存手机号。",
            ),
            models.CheckConstraint(
                condition=~Q(decision=ClaimState.RETURNED.value) | ~Q(reason=""),
                name="claim_return_reasoned",
                violation_error_message="退回认领申请须写明理由。",
            ),
            models.CheckConstraint(
                condition=Q(decision=ClaimState.APPROVED.value, invitation__isnull=False)
                | (~Q(decision=ClaimState.APPROVED.value) & Q(invitation__isnull=True)),
                name="claim_approval_invites",
                violation_error_message="同意认领申请须同时发出邀请。",
            ),
        ]

    def __str__(self) -> str:
        return f"认领申请 {self.pk}"
