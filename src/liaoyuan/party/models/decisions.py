"""What meetings decide: votes as totals only, elections with their candidates (handbook §2.3, §2.4).

Nothing here links a member with a choice: no row a voter, no order, and one moment for all totals of a vote together.
"""

from django.db import models
from django.db.models import F, Q

from liaoyuan.core.models import User
from liaoyuan.party.choices.life import ELECTED_POSTS, DecisionKind, ElectionState, Method
from liaoyuan.party.models.development import Applicant
from liaoyuan.party.models.meetings import Meeting, OfPartyQuerySet
from liaoyuan.party.models.members import Member
from liaoyuan.party.params.way import VOTED_STEPS, ConfirmOutcome


class MeetingDecisionQuerySet(OfPartyQuerySet["Decision"]):
    """Decisions by scope."""

    at = "meeting__party_organization"


class Decision(models.Model):
    """One matter put to the vote. `expected`, `present`, `written` are the meeting's at that moment, `quorum` what the
    parameters of the day asked. On the way into the party it is about an `applicant` and a `step` of his; of step 23
    `outcome` and `months` say what was put to the vote. All totals come together when it is closed: `issued` papers
    (hands: who may vote), `returned`, of these `spoiled` ones; `needed` yes votes, and whether it was `carried`.
    """

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="decisions", verbose_name="会议")
    number = models.PositiveSmallIntegerField("序号")
    kind = models.CharField("表决事项类别", max_length=12)
    subject = models.CharField("事项", max_length=200)
    member = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+", verbose_name="涉及的党员")
    applicant = models.ForeignKey(
        Applicant, models.PROTECT, null=True, related_name="decisions", verbose_name="涉及的申请人"
    )
    step = models.PositiveSmallIntegerField("发展党员步骤", null=True)
    outcome = models.CharField("转正的决定", max_length=10, blank=True, default="")
    months = models.PositiveSmallIntegerField("延长月数", null=True)
    method = models.CharField("表决方式", max_length=10)
    tellers = models.CharField("监票人、计票人", max_length=60, blank=True, default="")
    expected = models.PositiveSmallIntegerField("应到")
    present = models.PositiveSmallIntegerField("实到")
    written = models.PositiveSmallIntegerField("书面意见", default=0)
    quorum = models.PositiveSmallIntegerField("法定到会人数")
    needed = models.PositiveSmallIntegerField("通过所需票数", null=True)
    issued = models.PositiveSmallIntegerField("发出", null=True)
    returned = models.PositiveSmallIntegerField("收回", null=True)
    spoiled = models.PositiveSmallIntegerField("废票", null=True)
    yes = models.PositiveSmallIntegerField("赞成", null=True)
    no = models.PositiveSmallIntegerField("反对", null=True)
    abstain = models.PositiveSmallIntegerField("弃权", null=True)
    carried = models.BooleanField("通过", null=True)
    put_at = models.DateTimeField("提交时间")
    put_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="提交人")
    closed_at = models.DateTimeField("登记时间", null=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="登记人")

    objects = MeetingDecisionQuerySet.as_manager()

    class Meta:
        ordering = ["meeting", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "number"], name="decision_number_once", violation_error_message="这个序号已有事项。"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[str(k) for k in DecisionKind]) & Q(method__in=[str(m) for m in Method]),
                name="decision_kind_known",
                violation_error_message="表决事项的类别或方式不对。",
            ),
            models.CheckConstraint(
                condition=Q(applicant__isnull=True, step__isnull=True)
                | Q(applicant__isnull=False, step__isnull=False, step__in=VOTED_STEPS),
                name="decision_of_an_applicant",
                violation_error_message="关于申请人的表决须写明是哪一步。",
            ),
            models.CheckConstraint(
                condition=(~Q(step=15) | Q(kind=DecisionKind.ADMISSION.value))
                & (~Q(step=23) | Q(kind=DecisionKind.CONFIRMATION.value)),
                name="decision_step_of_its_kind",
                violation_error_message="接收和转正的表决类别不对。",
            ),
            models.CheckConstraint(
                condition=Q(step=23, outcome__in=[str(o) for o in ConfirmOutcome])
                | ((~Q(step=23) | Q(step__isnull=True)) & Q(outcome="")),
                name="decision_outcome_of_confirmation",
                violation_error_message="转正的表决须写明决定。",
            ),
            models.CheckConstraint(
                condition=Q(outcome=ConfirmOutcome.EXTEND.value, months__isnull=False)
                | (~Q(outcome=ConfirmOutcome.EXTEND.value) & Q(months__isnull=True)),
                name="decision_months_of_extension",
                violation_error_message="延长预备期须写明月数。",
            ),
            models.CheckConstraint(
                condition=Q(present__lte=F("expected"), present__gte=F("quorum"), expected__gt=0),
                name="decision_quorate",
                violation_error_message="到会人数不足，不能表决。",
            ),
            models.CheckConstraint(
                condition=Q(
                    closed_at__isnull=True, carried__isnull=True, yes__isnull=True, no__isnull=True,
                    abstain__isnull=True, spoiled__isnull=True, issued__isnull=True, returned__isnull=True,
                )
                | Q(
                    closed_at__isnull=False, carried__isnull=False, spoiled__isnull=False, needed__isnull=False,
                    issued__lte=F("present") + F("written"), returned__lte=F("issued"),
                    returned=F("yes") + F("no") + F("abstain") + F("spoiled"),
                ),
                name="decision_totals_agree",
                violation_error_message="票数不符：赞成、反对、弃权、废票之和须等于收回，收回不多于发出，发出不多于实到。",
            ),
            models.CheckConstraint(
                condition=Q(carried__isnull=True)
                | Q(carried=True, yes__gte=F("needed"))
                | Q(carried=False, yes__lt=F("needed")),
                name="decision_carried_by_needed",
                violation_error_message="结果与票数不符。",
            ),
            models.CheckConstraint(
                condition=Q(put_by__isnull=True) | Q(put_at__isnull=False),
                name="decision_put_paired",
                violation_error_message="提交表决须有时间。",
            ),
            models.CheckConstraint(
                condition=Q(closed_by__isnull=True) | Q(closed_at__isnull=False),
                name="decision_closing_paired",
                violation_error_message="登记结果须有时间。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.subject


class ElectionQuerySet(OfPartyQuerySet["Election"]):
    """Elections by scope."""

    at = "meeting__party_organization"


class Election(models.Model):
    """An election at a meeting: how many `seats` of which `post`. A result holds once the superior has approved it.

    `valid` papers are those returned that are not spoiled. `needed` is what elects, of who is present. `term_number`
    and `due_on` are of the term that begins with a committee (or with a secretary where there is none).
    """

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="elections", verbose_name="会议")
    post = models.CharField("选举职务", max_length=12)
    seats = models.PositiveSmallIntegerField("应选名额")
    state = models.CharField("状态", max_length=10, default=ElectionState.OPEN.value)
    tellers = models.CharField("监票人、计票人", max_length=60, blank=True, default="")
    expected = models.PositiveSmallIntegerField("应到")
    present = models.PositiveSmallIntegerField("实到")
    quorum = models.PositiveSmallIntegerField("法定到会人数")
    needed = models.PositiveSmallIntegerField("当选所需票数", null=True)
    issued = models.PositiveSmallIntegerField("发出选票", null=True)
    returned = models.PositiveSmallIntegerField("收回选票", null=True)
    valid = models.PositiveSmallIntegerField("有效票", null=True)
    approval = models.CharField("批复文号", max_length=80, blank=True, default="")
    approved_on = models.DateField("批复日期", null=True)
    opened_at = models.DateTimeField("开始时间")
    opened_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="开始人")
    counted_at = models.DateTimeField("计票时间", null=True)
    counted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="登记人")
    confirmed_at = models.DateTimeField("批复登记时间", null=True)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="批复登记人")

    objects = ElectionQuerySet.as_manager()

    class Meta:
        ordering = ["meeting", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "post"],
                condition=Q(state=ElectionState.OPEN.value),
                name="election_post_once",
                violation_error_message="这个职务的选举还没有计票。",
            ),
            models.CheckConstraint(
                condition=Q(post__in=[str(p) for p in ELECTED_POSTS]) & Q(seats__gte=1)
                & Q(state__in=[str(s) for s in ElectionState]),
                name="election_post_known",
                violation_error_message="选举的职务、名额或状态不对。",
            ),
            models.CheckConstraint(
                condition=Q(present__lte=F("expected"), present__gte=F("quorum"), expected__gt=0),
                name="election_quorate",
                violation_error_message="到会人数不足，不能选举。",
            ),
            models.CheckConstraint(
                condition=Q(issued__isnull=True, returned__isnull=True, valid__isnull=True)
                | Q(issued__lte=F("present"), returned__isnull=False, valid__lte=F("returned")),
                name="election_totals_agree",
                violation_error_message="选票数不符：有效票不多于收回，发出不多于实到。",
            ),
            models.CheckConstraint(
                condition=Q(state=ElectionState.VOID.value) | Q(returned__isnull=True) | Q(returned__lte=F("issued")),
                name="election_void_when_too_many",
                violation_error_message="收回的选票多于发出的，选举无效。",
            ),
            models.CheckConstraint(
                condition=(Q(state=ElectionState.CONFIRMED.value) & ~Q(approval="") & Q(approved_on__isnull=False))
                | (~Q(state=ElectionState.CONFIRMED.value) & Q(approval="", approved_on__isnull=True)),
                name="election_confirmed_with_approval",
                violation_error_message="批复须写明文号和日期。",
            ),
            models.CheckConstraint(
                condition=Q(opened_by__isnull=True) | Q(opened_at__isnull=False),
                name="election_opening_paired",
                violation_error_message="开始选举须有时间。",
            ),
            models.CheckConstraint(
                condition=Q(counted_by__isnull=True) | Q(counted_at__isnull=False),
                name="election_counting_paired",
                violation_error_message="计票须有时间。",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | Q(confirmed_at__isnull=False),
                name="election_confirming_paired",
                violation_error_message="批复须有时间。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.post


class CandidateQuerySet(OfPartyQuerySet["Candidate"]):
    """Candidates by scope."""

    at = "election__meeting__party_organization"


class Candidate(models.Model):
    """A candidate of an election and the sum of papers for him. Candidates stand in the order of the roster."""

    election = models.ForeignKey(Election, models.PROTECT, related_name="candidates", verbose_name="选举")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+", verbose_name="候选人")
    yes = models.PositiveSmallIntegerField("赞成", null=True)
    elected = models.BooleanField("当选", null=True)

    objects = CandidateQuerySet.as_manager()

    class Meta:
        ordering = ["election", "member"]
        constraints = [
            models.UniqueConstraint(
                fields=["election", "member"],
                name="candidate_once",
                violation_error_message="这名党员已是候选人。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id}"
