"""Totals entered wrongly: what stood there before, why it was taken back, whether the superior has seen it."""

from django.db import models
from django.db.models import Q

from liaoyuan.core.models import User
from liaoyuan.party.models.decisions import Decision, Election
from liaoyuan.party.models.meetings import OfPartyQuerySet
from liaoyuan.party.models.organizations import PartyOrganization


class CorrectionQuerySet(OfPartyQuerySet["TotalsCorrection"]):
    """Corrections by scope; the numbers are shown as the totals are."""

    def unseen(self) -> "CorrectionQuerySet":
        """Those made after the minutes were confirmed that no superior has looked at yet."""
        return self.filter(late=True, seen_at__isnull=True)


class TotalsCorrection(models.Model):
    """The totals of one vote or election as they were before they were taken back: the superseded row.

    `sums` of an election are [[member, papers for him, elected]] in the order of the roster. `counted_at`, `counted_by`
    are of the former count. `late`: the minutes were confirmed already, the superior is told until he has seen it.
    """

    party_organization = models.ForeignKey(PartyOrganization, models.PROTECT, related_name="+", verbose_name="党支部")
    decision = models.ForeignKey(
        Decision, models.PROTECT, null=True, related_name="corrections", verbose_name="表决事项"
    )
    election = models.ForeignKey(Election, models.PROTECT, null=True, related_name="corrections", verbose_name="选举")
    issued = models.PositiveSmallIntegerField("原发出")
    returned = models.PositiveSmallIntegerField("原收回")
    spoiled = models.PositiveSmallIntegerField("原废票")
    needed = models.PositiveSmallIntegerField("原所需票数", null=True)
    yes = models.PositiveSmallIntegerField("原赞成", null=True)
    no = models.PositiveSmallIntegerField("原反对", null=True)
    abstain = models.PositiveSmallIntegerField("原弃权", null=True)
    carried = models.BooleanField("原结果", null=True)
    sums = models.JSONField("原候选人得票", default=list)
    counted_at = models.DateTimeField("原登记时间")
    counted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="原登记人")
    reason = models.CharField("更正原因", max_length=200)
    late = models.BooleanField("办结后更正", default=False)
    made_at = models.DateTimeField("更正时间")
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="更正人")
    seen_at = models.DateTimeField("上级查看时间", null=True)
    seen_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="上级查看人")

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decision__isnull=False, election__isnull=True, yes__isnull=False)
                | Q(decision__isnull=True, election__isnull=False, yes__isnull=True),
                name="correction_of_one",
                violation_error_message="更正的须是一项表决或一次选举。",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="correction_told_why",
                violation_error_message="请写明更正的原因。",
            ),
            models.CheckConstraint(
                condition=Q(seen_at__isnull=True, seen_by__isnull=True) | Q(seen_at__isnull=False, late=True),
                name="correction_seen_paired",
                violation_error_message="上级查看须有时间。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision_id or self.election_id}"
