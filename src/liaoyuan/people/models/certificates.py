"""Certificates of social workers and their continuing education (handbook §5.1)."""

from django.db import models
from django.db.models import Q

from liaoyuan.people.choices import CertificateLevel
from liaoyuan.people.models.base import Told, ToldQuerySet


class Certificate(Told):
    """A professional certificate with its registration. Days are inclusive; a renewal replaces the row.

    `education_hours` are the hours of continuing education as a roster declares them, beside the counted ones.
    """

    level = models.CharField("级别", max_length=10)
    number = models.CharField("管理号", max_length=40, blank=True, default="")
    approved_on = models.DateField("批准日期", null=True)
    issuer = models.CharField("发证机关", max_length=80, blank=True, default="")
    registration_no = models.CharField("登记证书号", max_length=40, blank=True, default="")
    registered_on = models.DateField("登记日期", null=True)
    registered_until = models.DateField("登记有效期至", null=True)
    revoked_on = models.DateField("撤销日期", null=True)
    education_hours = models.DecimalField("继续教育学时（申报）", max_digits=6, decimal_places=1, null=True)

    objects = ToldQuerySet["Certificate"].as_manager()

    class Meta:
        ordering = ["person", "level", "pk"]
        indexes = [
            models.Index(
                fields=["registered_until"], name="certificate_until", condition=Q(superseded_at__isnull=True)
            ),
            models.Index(fields=["number"], name="certificate_number", condition=Q(superseded_at__isnull=True)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organization", "level"],
                condition=Q(superseded_at__isnull=True),
                name="certificate_level_once",
                violation_error_message="这一级别的证书已经登记。",
            ),
            models.CheckConstraint(
                condition=Q(level__in=[str(level) for level in CertificateLevel]),
                name="certificate_level_known",
                violation_error_message="证书级别不对。",
            ),
        ]

    def __str__(self) -> str:
        return self.number or self.level


class ContinuingEducation(Told):
    """One piece of continuing education."""

    on = models.DateField("日期")
    hours = models.DecimalField("学时", max_digits=5, decimal_places=1)
    subject = models.CharField("内容", max_length=100, blank=True, default="")
    organizer = models.CharField("举办单位", max_length=80, blank=True, default="")

    objects = ToldQuerySet["ContinuingEducation"].as_manager()

    class Meta:
        ordering = ["person", "-on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(hours__gt=0),
                name="education_hours_positive",
                violation_error_message="学时须大于零。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on}"
