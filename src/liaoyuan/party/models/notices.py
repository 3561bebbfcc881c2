"""Who was told of a meeting, by which way, when: the log of its notice. Who was not yet is computed when shown."""

from django.db import models
from django.db.models import Q

from liaoyuan.core.models import Message, User
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.choices.life import NoticeWay
from liaoyuan.party.models.meetings import Meeting, OfPartyQuerySet
from liaoyuan.party.models.members import Member


class NoticeQuerySet(OfPartyQuerySet["MeetingNotice"]):
    """Tellings by scope: whoever may see a roster may see who was told."""

    at = "meeting__party_organization"
    sees = Permission.MEMBERS_VIEW


class MeetingNotice(models.Model):
    """A member was told of a meeting by one way.

    `arrangement` is the day, time and place that he was told: when they change he is not told any more. `message` is
    what left by an outlet; it says itself whether it arrived. `seen_at`: he said by his own account that he knows.
    """

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="notices", verbose_name="会议")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+", verbose_name="党员")
    way = models.CharField("通知方式", max_length=10)
    arrangement = models.CharField("通知的时间和地点", max_length=160)
    message = models.ForeignKey(Message, models.PROTECT, null=True, related_name="+", verbose_name="消息")
    told_at = models.DateTimeField("通知时间")
    told_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="通知人")
    seen_at = models.DateTimeField("本人知悉时间", null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["meeting", "member", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "member", "way", "arrangement"],
                name="meeting_notice_once",
                violation_error_message="已按这种方式通知过这名党员。",
            ),
            models.CheckConstraint(
                condition=Q(way__in=[str(w) for w in NoticeWay]),
                name="meeting_notice_way_known",
                violation_error_message="通知方式不对。",
            ),
            models.CheckConstraint(
                condition=Q(message__isnull=True, way__in=["site", "group", "phone"])
                | Q(message__isnull=False, way__in=["file", "webhook", "smtp"]),
                name="meeting_notice_message",
                violation_error_message="由发送渠道发出的通知须有消息。",
            ),
            models.CheckConstraint(
                condition=Q(seen_at__isnull=True) | Q(way="site"),
                name="meeting_notice_seen_here",
                violation_error_message="只有站内通知可以由本人标为知悉。",
            ),
        ]

    def __str__(self) -> str:
        return self.way
