"""Dated parameters of rules, and the working-day calendar."""

from typing import Any

from django.db import models
from django.db.models import Q

from liaoyuan.core.choices import ParameterOrigin, ParameterStatus
from liaoyuan.core.models.accounts import User


class ParameterQuerySet(models.QuerySet["Parameter"]):
    """Parameters by force and origin."""

    def in_force(self) -> "ParameterQuerySet":
        """Without the rows that were withdrawn: those that the look-up sees."""
        return self.filter(withdrawn_at__isnull=True)

    def local(self) -> "ParameterQuerySet":
        """Rows that an office wrote, not the release."""
        return self.filter(origin=ParameterOrigin.LOCAL.value)

    def visible_to(self, user: Any) -> "ParameterQuerySet":
        """Parameters are published rules: whoever opens the page may read them all."""
        return self


class Parameter(models.Model):
    """One value of one parameter, for a jurisdiction and a time (decisions.md, "Policy").

    `key` is a rule's id (its severity and switch), `ID.variant` or `ID@moment` (the severity of one variant or at one
    moment), or a parameter such as `uscc.len`; a null value = no figure. `jurisdiction` is "national", a division code
    of 2, 4, 6 digits, or "programme:<code>". `valid_to` is exclusive; null = open. A local row's content is never
    changed: an edit writes a draft and withdraws the draft it replaces, a confirmation withdraws the confirmed row of
    the same first day; withdrawn rows stay as history.
    """

    key = models.CharField("参数", max_length=60)
    jurisdiction = models.CharField("适用范围", max_length=40)
    valid_from = models.DateField("起")
    valid_to = models.DateField("止（不含）", null=True)
    value = models.JSONField("值", null=True)
    severity = models.CharField("力度", max_length=8, default="warn")
    status = models.CharField("状态", max_length=10, default=ParameterStatus.DRAFT.value)
    origin = models.CharField("来源类别", max_length=8, default=ParameterOrigin.SHIPPED.value)
    source = models.CharField("依据", max_length=300, blank=True, default="")
    note = models.CharField("说明", max_length=300, blank=True, default="")
    edited_at = models.DateTimeField("编辑时间", null=True)
    edited_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="编辑人")
    confirmed_at = models.DateTimeField("确认时间", null=True)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="确认人")
    withdrawn_at = models.DateTimeField("撤回时间", null=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="撤回人")

    objects = ParameterQuerySet.as_manager()

    class Meta:
        ordering = ["key", "jurisdiction", "valid_from", "pk"]
        indexes = [models.Index(fields=["key", "jurisdiction"], name="parameter_key")]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "jurisdiction", "origin", "valid_from", "status"],
                condition=Q(withdrawn_at__isnull=True),
                name="parameter_once",
                violation_error_message="同一参数在同一范围、同一起日已有一行。",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=models.F("valid_from")),
                name="parameter_dates_in_order",
                violation_error_message="参数的止日须晚于起日。",
            ),
            models.CheckConstraint(
                condition=Q(severity__in=["block", "confirm", "warn", "info"]),
                name="parameter_severity_known",
                violation_error_message="力度只能是 block、confirm、warn、info。",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=models.F("edited_by")),
                name="parameter_two_persons",
                violation_error_message="参数须由编辑人以外的人确认。",
            ),
            models.CheckConstraint(
                condition=Q(edited_by__isnull=True) | Q(edited_at__isnull=False),
                name="parameter_edit_paired",
                violation_error_message="编辑参数须有时间。",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="parameter_confirmation_paired",
                violation_error_message="确认参数须同时记下时间和人。",
            ),
            models.CheckConstraint(
                condition=~Q(origin=ParameterOrigin.LOCAL.value, status=ParameterStatus.CONFIRMED.value)
                | Q(confirmed_by__isnull=False),
                name="parameter_local_confirmed",
                violation_error_message="本地参数须由第二人确认后才生效为已确认。",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_by__isnull=True) | Q(withdrawn_at__isnull=False),
                name="parameter_withdrawal_paired",
                violation_error_message="撤回参数须有时间。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key}@{self.jurisdiction}:{self.valid_from}"


class CalendarDayQuerySet(models.QuerySet["CalendarDay"]):
    """Days by year."""

    def of_year(self, year: int) -> "CalendarDayQuerySet":
        """The days of one year that have a row."""
        return self.filter(date__year=year)

    def visible_to(self, user: Any) -> "CalendarDayQuerySet":
        """The calendar is public: everybody may read it."""
        return self


class CalendarDay(models.Model):
    """One day of the working-day calendar. A year without rows is unknown: deadlines in it are provisional.

    `origin` says whether an office wrote the day; an upgrade leaves such days alone.
    """

    date = models.DateField("日期", unique=True)
    is_workday = models.BooleanField("工作日")
    label = models.CharField("说明", max_length=40, blank=True, default="")
    origin = models.CharField("来源类别", max_length=8, default=ParameterOrigin.SHIPPED.value)
    edited_at = models.DateTimeField("编辑时间", null=True)
    edited_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="编辑人")

    objects = CalendarDayQuerySet.as_manager()

    class Meta:
        ordering = ["date"]
        constraints = [
            models.CheckConstraint(
                condition=Q(edited_by__isnull=True) | Q(edited_at__isnull=False),
                name="calendar_edit_paired",
                violation_error_message="编辑工作日历须有时间。",
            )
        ]

    def __str__(self) -> str:
        return self.date.isoformat()
