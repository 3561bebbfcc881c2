"""Applications for a reduction of dues, and the branch's look into months that were not paid (党费规定 art. 9; 党章
art. 9). Why somebody does not pay is kept nowhere.
"""

from typing import Any

from django.db import models
from django.db.models import F, Q

from liaoyuan.core import access
from liaoyuan.core.models import User
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.choices.dues import RequestState, StudyOutcome
from liaoyuan.party.models.base import roster_reach
from liaoyuan.party.models.dues import DuesWaiver
from liaoyuan.party.models.members import Member
from liaoyuan.party.models.organizations import PartyOrganization

_OPEN = [RequestState.ASKED.value, RequestState.AGREED.value]
_ENDED = [RequestState.REFUSED.value, RequestState.WITHDRAWN.value]


class DuesRequestQuerySet(models.QuerySet["DuesRequest"]):
    """Applications by state and scope."""

    def under_way(self) -> "DuesRequestQuerySet":
        """Those that wait for the branch or the committee."""
        return self.filter(state__in=_OPEN)

    def visible_to(self, user: Any) -> "DuesRequestQuerySet":
        """Those of party organizations whose roster the user may see."""
        condition = roster_reach(user, Permission.MEMBERS_VIEW, "party_organization")
        return self if condition is None else self.filter(condition)


class DuesRequest(models.Model):
    """A member asks to pay less over some months, first and last included: the branch discusses, the committee decides.

    `wished_fen` is what he would pay a month, empty in zone internet. `own`: he asked himself through his account.
    """

    party_organization = models.ForeignKey(
        PartyOrganization, models.PROTECT, related_name="dues_requests", verbose_name="党组织"
    )
    member = models.ForeignKey(Member, models.PROTECT, related_name="dues_requests", verbose_name="党员")
    first_month = models.DateField("起始月")
    last_month = models.DateField("截止月")
    wished_fen = models.PositiveBigIntegerField("申请每月交纳（分）", null=True)
    applied_on = models.DateField("本人申请日期")
    own = models.BooleanField("本人在线申请", default=False)
    state = models.CharField("状态", max_length=10, default=RequestState.ASKED.value)
    agreed_on = models.DateField("党支部讨论同意日期", null=True)
    ended_on = models.DateField("办结日期", null=True)
    waiver = models.OneToOneField(
        DuesWaiver, models.PROTECT, null=True, related_name="request", verbose_name="批准的减免"
    )
    version = models.PositiveIntegerField("版本", default=1)
    made_at = models.DateTimeField("登记时间")
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="登记人")

    objects = DuesRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-applied_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["member"],
                condition=Q(state__in=_OPEN),
                name="dues_request_one_under_way",
                violation_error_message="这名党员已有一份减免申请正在办理。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[str(s) for s in RequestState]),
                name="dues_request_state_known",
                violation_error_message="减免申请的状态不对。",
            ),
            models.CheckConstraint(
                condition=Q(last_month__gte=F("first_month")),
                name="dues_request_months_in_order",
                violation_error_message="截止月不能早于起始月。",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[RequestState.AGREED.value, RequestState.GRANTED.value])
                | Q(agreed_on__isnull=False, agreed_on__gte=F("applied_on")),
                name="dues_request_agreed_with_day",
                violation_error_message="党支部讨论须有日期，不早于申请。",
            ),
            models.CheckConstraint(
                condition=(Q(state=RequestState.GRANTED.value, waiver__isnull=False))
                | (~Q(state=RequestState.GRANTED.value) & Q(waiver__isnull=True)),
                name="dues_request_granted_with_waiver",
                violation_error_message="批准的申请须有减免。",
            ),
            models.CheckConstraint(
                condition=(Q(state__in=_OPEN) & Q(ended_on__isnull=True))
                | (~Q(state__in=_OPEN) & Q(ended_on__isnull=False)),
                name="dues_request_ended_with_day",
                violation_error_message="办结须有日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class DuesStudyQuerySet(models.QuerySet["DuesStudy"]):
    """Studies by state and scope."""

    def standing(self) -> "DuesStudyQuerySet":
        """Those without an outcome."""
        return self.filter(outcome="")

    def visible_to(self, user: Any) -> "DuesStudyQuerySet":
        """Those of the branches that the user himself keeps: no superior's staff sees one."""
        allowed = access.reach(user, Permission.LIFE_EDIT)
        return self if allowed.everything else self.filter(party_organization__path__in=allowed.parties)


class DuesStudy(models.Model):
    """党支部研究: a person of the branch has opened the matter of unpaid months, after hearing the member (`heard_on`).

    `months` is how many were unpaid on that day. `document` is the number of what went to the superior. No text.
    """

    party_organization = models.ForeignKey(
        PartyOrganization, models.PROTECT, related_name="dues_studies", verbose_name="党组织"
    )
    member = models.ForeignKey(Member, models.PROTECT, related_name="dues_studies", verbose_name="党员")
    heard_on = models.DateField("听取本人说明日期")
    opened_on = models.DateField("提交研究日期")
    months = models.PositiveSmallIntegerField("当时未交月数")
    outcome = models.CharField("研究结果", max_length=10, blank=True, default="")
    ended_on = models.DateField("研究日期", null=True)
    document = models.CharField("报告文号", max_length=80, blank=True, default="")
    version = models.PositiveIntegerField("版本", default=1)
    made_at = models.DateTimeField("登记时间")
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="登记人")

    objects = DuesStudyQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["member"],
                condition=Q(outcome=""),
                name="dues_study_one_standing",
                violation_error_message="这名党员的情况正在研究。",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["", *[str(o) for o in StudyOutcome]]),
                name="dues_study_outcome_known",
                violation_error_message="研究结果不对。",
            ),
            models.CheckConstraint(
                condition=Q(heard_on__lte=F("opened_on")),
                name="dues_study_heard_first",
                violation_error_message="须先听取本人说明。",
            ),
            models.CheckConstraint(
                condition=(Q(outcome="") & Q(ended_on__isnull=True, document=""))
                | (~Q(outcome="") & Q(ended_on__isnull=False, ended_on__gte=F("opened_on"))),
                name="dues_study_ended_with_day",
                violation_error_message="研究结果须有日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"
