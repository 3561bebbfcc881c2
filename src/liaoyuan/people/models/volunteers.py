"""Volunteers and the records of their service (handbook §5.2). No points, no ranking, no lists by activity."""

from django.db import models
from django.db.models import Q

from liaoyuan.people.models.base import Told, ToldQuerySet


class Volunteer(Told):
    """A person registered as a volunteer with a body. `consented_on` = agreed that his data be published (VOL-06)."""

    number = models.CharField("志愿者编号", max_length=40, blank=True, default="")
    registered_on = models.DateField("注册日期", null=True)
    fields = models.CharField("服务意向", max_length=100, blank=True, default="")
    insured_until = models.DateField("保险有效期至", null=True)
    consented_on = models.DateField("同意公开日期", null=True)
    ended_on = models.DateField("退出日期", null=True)

    objects = ToldQuerySet["Volunteer"].as_manager()

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
