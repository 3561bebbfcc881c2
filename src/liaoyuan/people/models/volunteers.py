"""Volunteers and the records of their service (handbook §5.2). No points, no ranking, no lists by activity."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from liaoyuan.people.models.base import Told, ToldQuerySet


class VolunteerQuerySet(ToldQuerySet["Volunteer"]):
    """Volunteers by what is known and by their consent."""

    def consenting(self, on: date) -> Self:
        """Those, as known now, whose consent to publication holds on the day."""
        kept = Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=on)
        return self.current().filter(kept, consented_on__lte=on)


class Volunteer(Told):
    """A person registered as a volunteer with a body.

    `consented_on` = the day on which he agreed that his data be published (VOL-06), by what `consent_evidence` names;
    from `withdrawn_on` on it does not hold any more. Earlier consents stay in superseded rows.
    """

    number = models.CharField("志愿者编号", max_length=40, blank=True, default="")
    registered_on = models.DateField("注册日期", null=True)
    fields = models.CharField("服务意向", max_length=100, blank=True, default="")
    insured_until = models.DateField("保险有效期至", null=True)
    consented_on = models.DateField("同意公开日期", null=True)
    consent_evidence = models.CharField("同意凭据", max_length=100, blank=True, default="")
    withdrawn_on = models.DateField("撤回同意日期", null=True)
    ended_on = models.DateField("退出日期", null=True)

    objects = VolunteerQuerySet.as_manager()

    class Meta:
        ordering = ["organization", "pk"]
        indexes = [
            models.Index(fields=["number"], name="volunteer_number", condition=Q(superseded_at__isnull=True)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organization"],
                condition=Q(superseded_at__isnull=True),
                name="volunteer_once",
                violation_error_message="这名人员已是本组织的志愿者。",
            ),
            models.CheckConstraint(
                condition=Q(consented_on__isnull=True, consent_evidence="")
                | Q(consented_on__isnull=False) & ~Q(consent_evidence=""),
                name="volunteer_consent_shown",
                violation_error_message="同意公开须有日期和凭据。",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True)
                | Q(withdrawn_on__gte=F("consented_on"), consented_on__isnull=False),
                name="volunteer_withdrawal_after_consent",
                violation_error_message="撤回日期不能早于同意日期。",
            ),
        ]

    def __str__(self) -> str:
        return self.number or f"#{self.pk}"


class VolunteerService(Told):
    """One service on one day. `minutes` are the actual ones, travel left out; `started` and `ended` where known."""

    on = models.DateField("日期")
    activity = models.CharField("活动名称", max_length=100)
    content = models.CharField("内容", max_length=200, blank=True, default="")
    started = models.TimeField("起", null=True)
    ended = models.TimeField("止", null=True)
    minutes = models.PositiveIntegerField("时长（分钟）")
    place = models.CharField("地点", max_length=100, blank=True, default="")
    category = models.CharField("服务对象类别", max_length=40, blank=True, default="")
    recorder = models.CharField("记录人", max_length=60, blank=True, default="")
    confirmer = models.CharField("确认人", max_length=60, blank=True, default="")

    objects = ToldQuerySet["VolunteerService"].as_manager()

    class Meta:
        ordering = ["person", "on", "pk"]
        indexes = [
            models.Index(fields=["person", "on"], name="service_person", condition=Q(superseded_at__isnull=True)),
            models.Index(fields=["organization", "on"], name="service_body", condition=Q(superseded_at__isnull=True)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__gt=0),
                name="service_minutes_positive",
                violation_error_message="时长须大于零。",
            ),
            models.CheckConstraint(
                condition=Q(started__isnull=True) | Q(ended__isnull=True) | Q(ended__gt=models.F("started")),
                name="service_times_in_order",
                violation_error_message="止时须晚于起时。",
            ),
        ]

    def __str__(self) -> str:
        return self.activity


class VolunteerHonourQuerySet(ToldQuerySet["VolunteerHonour"]):
    """Honours by what is known and by what everybody may read."""

    def public(self, on: date) -> Self:
        """Those that the body's public page shows: published, and by a consent that still holds on the day."""
        same = {"person": OuterRef("person"), "organization": OuterRef("organization")}
        held = Volunteer.objects.consenting(on).filter(**same)
        return self.current().filter(Exists(held), published_on__lte=on)


class VolunteerHonour(Told):
    """One volunteer on a published 志愿者表彰名单; the rows of a body with one title are a list.

    `minutes` are those of the services recorded from `since` to `until`. Whom the public page names is
    asked of his consent each time (`public`). A list that is taken down is superseded.
    """

    title = models.CharField("名单名称", max_length=60)
    since = models.DateField("统计起")
    until = models.DateField("统计止")
    minutes = models.PositiveIntegerField("服务时长（分钟）")
    published_on = models.DateField("公布日期")

    objects = VolunteerHonourQuerySet.as_manager()

    class Meta:
        ordering = ["organization", "-published_on", "title", "-minutes", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "title", "person"],
                condition=Q(superseded_at__isnull=True),
                name="volunteer_honour_once",
                violation_error_message="名单上已有这名志愿者。",
            ),
            models.CheckConstraint(
                condition=Q(minutes__gt=0, until__gte=F("since")),
                name="volunteer_honour_served",
                violation_error_message="表彰须有服务时长，统计止日不能早于起日。",
            ),
        ]

    def __str__(self) -> str:
        return self.title
