"""Meetings of party organizations, who was there, what is to be done; groups (党小组). Handbook §2.4, §2.5."""

from typing import Any, Self

from django.db import models
from django.db.models import F, Q

from liaoyuan.core.models import User
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.choices.life import HELD_STATES, MeetingKind, MeetingState, Presence
from liaoyuan.party.models.base import Dated, PeriodQuerySet, within_reach
from liaoyuan.party.models.members import Member
from liaoyuan.party.models.organizations import PartyOrganization
from liaoyuan.registry.models import BEGINNING, OPEN


class OfPartyQuerySet[M: models.Model](models.QuerySet[M]):
    """Rows that belong to a party organization, by the permission over it. `at` is the way to it, `sees` what reads."""

    at = "party_organization"
    sees: str = Permission.VIEW

    def reached_by(self, user: Any, permission: str) -> Self:
        """Those of party organizations over which the user holds the permission."""
        condition = within_reach(user, permission, self.at)
        return self if condition is None else self.filter(condition)

    def visible_to(self, user: Any) -> Self:
        """Those of party organizations that the user's grants reach."""
        return self.reached_by(user, self.sees)


class GroupQuerySet(OfPartyQuerySet["PartyGroup"]):
    """Groups by time and scope."""

    def active(self, on: Any) -> "GroupQuerySet":
        """Groups that exist on the day `on`."""
        return self.filter(valid_from__lte=on, valid_to__gt=on)


class PartyGroup(models.Model):
    """党小组 of a branch over a period, with its leader."""

    party_organization = models.ForeignKey(
        PartyOrganization, models.PROTECT, related_name="groups", verbose_name="党支部"
    )
    name = models.CharField("名称", max_length=60)
    leader = models.ForeignKey(Member, models.PROTECT, related_name="+", verbose_name="组长")
    valid_from = models.DateField("起", default=BEGINNING)
    valid_to = models.DateField("止（不含）", default=OPEN)

    objects = GroupQuerySet.as_manager()

    class Meta:
        ordering = ["party_organization", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["party_organization", "name"],
                condition=Q(valid_to=OPEN),
                name="party_group_open_once",
                violation_error_message="这个党支部已有同名的党小组。",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__gt=F("valid_from")),
                name="party_group_dates_in_order",
                violation_error_message="止日须晚于起日。",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class GroupMemberQuerySet(PeriodQuerySet["GroupMember"]):
    """Who belongs to a group, by scope."""

    def visible_to(self, user: Any) -> "GroupMemberQuerySet":
        """Those of branches whose roster the user sees."""
        condition = within_reach(user, Permission.MEMBERS_VIEW, "group__party_organization")
        return self if condition is None else self.filter(condition)


class GroupMember(Dated):
    """A member belongs to a group over a period, and leads it (`leads`)."""

    group = models.ForeignKey(PartyGroup, models.PROTECT, related_name="members", verbose_name="党小组")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+", verbose_name="党员")
    leads = models.BooleanField("组长", default=False)

    objects = GroupMemberQuerySet.as_manager()

    class Meta:
        ordering = ["group", "member", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["member"],
                condition=Q(superseded_at__isnull=True, valid_to=OPEN),
                name="group_member_open_once",
                violation_error_message="这名党员已在一个党小组。",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__gt=F("valid_from")),
                name="group_member_dates_in_order",
                violation_error_message="止日须晚于起日。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group_id}"


class MeetingQuerySet(OfPartyQuerySet["Meeting"]):
    """Meetings by state and scope."""

    def held(self) -> "MeetingQuerySet":
        """Those that took place."""
        return self.filter(state__in=[str(state) for state in HELD_STATES])


class Meeting(models.Model):
    """One meeting, from the plan to the minutes (F05; a theme day: F06).

    `held_on` is the planned day and, once held, the day of the meeting; on the roster of that day rests `expected`
    (E: who should attend and may vote), frozen when it begins. `present` and `absent` are of E and known once the
    attendance is saved; `written` counts written opinions handed in before. `observers` names who else came,
    `observed` how many. `late`: entered after the day. `steps`: steps of 民主评议 done, `self,mutual,poll`.
    `signed`: host and recorder signed the minutes on paper. `similarity` is the share (percent) that the minutes have
    in common with those of `similar`, which was shown before they were saved.
    """

    party_organization = models.ForeignKey(
        PartyOrganization, models.PROTECT, related_name="meetings", verbose_name="党支部"
    )
    group = models.ForeignKey(PartyGroup, models.PROTECT, null=True, related_name="+", verbose_name="党小组")
    kind = models.CharField("会议类型", max_length=10)
    year = models.PositiveSmallIntegerField("年度")
    number = models.PositiveSmallIntegerField("编号")
    state = models.CharField("状态", max_length=10, default=MeetingState.PLANNED.value)
    held_on = models.DateField("日期")
    starts = models.TimeField("开始时间", null=True)
    ends = models.TimeField("结束时间", null=True)
    place = models.CharField("地点", max_length=120, blank=True, default="")
    host = models.CharField("主持人", max_length=60, blank=True, default="")
    recorder = models.CharField("记录人", max_length=60, blank=True, default="")
    topic = models.CharField("议题", max_length=200)
    content = models.TextField("学习内容", blank=True, default="")
    cost = models.PositiveBigIntegerField("经费（分）", null=True)
    effect = models.CharField("成效", max_length=300, blank=True, default="")
    expected = models.PositiveSmallIntegerField("应到", null=True)
    present = models.PositiveSmallIntegerField("实到", null=True)
    absent = models.PositiveSmallIntegerField("缺席", null=True)
    observers = models.CharField("列席", max_length=200, blank=True, default="")
    observed = models.PositiveSmallIntegerField("列席人数", default=0)
    sign_in = models.PositiveSmallIntegerField("签到轮次", default=0)
    signing = models.BooleanField("签到开放", default=False)
    minutes = models.TextField("会议记录", blank=True, default="")
    resolution = models.TextField("决议", blank=True, default="")
    signed = models.BooleanField("主持人、记录人已签名", default=False)
    similarity = models.PositiveSmallIntegerField("与以往记录相同（%）", null=True)
    similar = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", verbose_name="相似的会议")
    steps = models.CharField("民主评议步骤", max_length=40, blank=True, default="")
    late = models.BooleanField("补录", default=False)
    cancel_reason = models.CharField("取消原因", max_length=100, blank=True, default="")
    version = models.PositiveIntegerField("版本", default=1)
    created_at = models.DateTimeField("录入时间")
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="录入人")
    noticed_at = models.DateTimeField("通知时间", null=True)
    noticed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="通知人")
    closed_at = models.DateTimeField("办结时间", null=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="办结人")

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["-held_on", "-pk"]
        indexes = [
            models.Index(fields=["party_organization", "kind", "held_on"], name="meeting_of_branch"),
            models.Index(fields=["held_on", "state"], name="meeting_day"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["party_organization", "kind", "year", "number"],
                name="meeting_number_once",
                violation_error_message="这个编号已有会议。",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[str(k) for k in MeetingKind]),
                name="meeting_kind_known",
                violation_error_message="会议类型不对。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[str(s) for s in MeetingState]),
                name="meeting_state_known",
                violation_error_message="会议状态不对。",
            ),
            models.CheckConstraint(
                condition=(Q(kind=MeetingKind.GROUP.value, group__isnull=False))
                | (~Q(kind=MeetingKind.GROUP.value) & Q(group__isnull=True)),
                name="meeting_group_with_kind",
                violation_error_message="党小组会须写明党小组，其他会议不写。",
            ),
            models.CheckConstraint(
                condition=Q(present__isnull=True, absent__isnull=True)
                | Q(present__isnull=False, absent__isnull=False, expected=F("present") + F("absent")),
                name="meeting_expected_is_present_and_absent",
                violation_error_message="实到加缺席须等于应到。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "noticed", "cancelled"]) | Q(expected__isnull=False),
                name="meeting_held_with_expected",
                violation_error_message="已召开的会议须有应到会人数。",
            ),
            models.CheckConstraint(
                condition=Q(starts__isnull=True) | Q(ends__isnull=True) | Q(ends__gt=F("starts")),
                name="meeting_times_in_order",
                violation_error_message="结束时间须晚于开始时间。",
            ),
            models.CheckConstraint(
                condition=Q(noticed_by__isnull=True) | Q(noticed_at__isnull=False),
                name="meeting_notice_paired",
                violation_error_message="通知须有时间。",
            ),
            models.CheckConstraint(
                condition=Q(closed_by__isnull=True) | Q(closed_at__isnull=False),
                name="meeting_closing_paired",
                violation_error_message="办结须有时间。",
            ),
        ]

    def __str__(self) -> str:
        return self.topic


class AttendanceQuerySet(OfPartyQuerySet["Attendance"]):
    """Sheets of meetings by scope: whoever may see a roster may see who was there."""

    at = "meeting__party_organization"
    sees = Permission.MEMBERS_VIEW


class Attendance(models.Model):
    """A member on the sheet of a meeting: there or not. No time, no device, no place; rows stand in the roster's order.

    `voting`: counted in E. `written`: a written opinion was handed in before (发展党员工作细则: it counts as a vote);
    what it says is not kept.
    """

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="sheet", verbose_name="会议")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+", verbose_name="党员")
    voting = models.BooleanField("计入应到会")
    status = models.CharField("到会情况", max_length=10)
    reason = models.CharField("原因", max_length=100, blank=True, default="")
    written = models.BooleanField("会前提出书面意见", default=False)

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        ordering = ["meeting", "member"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "member"],
                name="attendance_once",
                violation_error_message="这名党员已在到会表中。",
            ),
            models.CheckConstraint(
                condition=Q(voting=True, status__in=[Presence.PRESENT.value, Presence.ABSENT.value])
                | Q(voting=False, status=Presence.EXCLUDED.value) & ~Q(reason="")
                | Q(voting=False, status__in=[Presence.OBSERVER.value, Presence.ABSENT.value]),
                name="attendance_status_known",
                violation_error_message="到会情况不对：不计入应到会的须写明原因。",
            ),
            models.CheckConstraint(
                condition=Q(written=False) | Q(voting=True, status=Presence.ABSENT.value),
                name="attendance_written_by_absent",
                violation_error_message="书面意见由不能到会、有表决权的党员会前提出。",
            ),
        ]

    def __str__(self) -> str:
        return self.status


class TaskQuerySet(OfPartyQuerySet["MeetingTask"]):
    """What meetings left to do, by scope."""

    at = "meeting__party_organization"


class MeetingTask(models.Model):
    """What is to be done after a meeting, by whom, until when (落实责任人及时限)."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="tasks", verbose_name="会议")
    what = models.CharField("落实事项", max_length=200)
    who = models.CharField("责任人", max_length=60)
    until = models.DateField("时限")
    done_on = models.DateField("完成日期", null=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering = ["until", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(what="") & ~Q(who=""),
                name="meeting_task_told",
                violation_error_message="请写明事项和责任人。",
            ),
        ]

    def __str__(self) -> str:
        return self.what
