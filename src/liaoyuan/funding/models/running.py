"""Records of work, what they count towards, the monthly logs made of them."""

from typing import Any

from django.db import models
from django.db.models import Q

from liaoyuan.core.models import User
from liaoyuan.funding.choices.running import LogState
from liaoyuan.funding.models.base import paired
from liaoyuan.funding.models.contents import Indicator, OfProjectQuerySet, PlanStep, Pledge
from liaoyuan.funding.models.payments import Expense
from liaoyuan.funding.models.projects import Project


class WorkRecordQuerySet(OfProjectQuerySet["WorkRecord"]):
    """Records of work, by scope and life."""

    def living(self) -> "WorkRecordQuerySet":
        """Those that were not taken back."""
        return self.filter(voided_at__isnull=True)


class WorkRecord(models.Model):
    """What a running project did on one day at one place.

    `served` counts everybody served there (人次), `persons` how many different ones where it is known. `step` is the
    step of the plan, `pledge` the red element that it ticks off. `token` is the form's own sign: the same form sent
    twice makes one record. `findings` are what the rules said when it was saved (GV-EXE-01). No names of those served.
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="records", verbose_name="项目")
    number = models.PositiveIntegerField("序号")
    held_on = models.DateField("日期")
    place = models.CharField("地点", max_length=80)
    title = models.CharField("名称", max_length=60)
    content = models.TextField("内容", max_length=2000, blank=True, default="")
    served = models.PositiveIntegerField("服务人次")
    persons = models.PositiveIntegerField("服务人数", null=True)
    volunteers = models.PositiveIntegerField("志愿者人次", default=0)
    step = models.ForeignKey(PlanStep, models.PROTECT, null=True, related_name="records", verbose_name="计划步骤")
    pledge = models.ForeignKey(Pledge, models.PROTECT, null=True, related_name="records", verbose_name="红色元素")
    findings = models.JSONField("保存时的核查", default=list)
    token = models.CharField("表单号", max_length=36, blank=True, default="")
    entered_at = models.DateTimeField("登记时间")
    entered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="登记人")
    on_behalf = models.CharField("代填：按谁的说法", max_length=60, blank=True, default="")
    voided_at = models.DateTimeField("作废时间", null=True)
    voided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="作废人")
    voided_because = models.CharField("作废的原因", max_length=200, blank=True, default="")
    version = models.PositiveIntegerField("版本", default=1)

    objects = WorkRecordQuerySet.as_manager()

    class Meta:
        ordering = ["project_id", "-held_on", "-pk"]
        indexes = [models.Index(fields=["project", "held_on"], name="work_record_of_day")]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "number"], name="work_record_once", violation_error_message="记录的序号重复。"
            ),
            models.UniqueConstraint(
                fields=["project", "token"],
                condition=~Q(token=""),
                name="work_record_sent_once",
                violation_error_message="这条记录已保存。",
            ),
            models.CheckConstraint(
                condition=paired("entered_at", "entered_by"),
                name="work_record_entry_paired",
                violation_error_message="登记须有时间。",
            ),
            models.CheckConstraint(
                condition=paired("voided_at", "voided_by"),
                name="work_record_void_paired",
                violation_error_message="作废须有时间。",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class OfRecordQuerySet[M: models.Model](models.QuerySet[M]):
    """Rows of records of work, by scope."""

    def visible_to(self, user: Any) -> "OfRecordQuerySet[M]":
        """Those of records that the user sees."""
        return self.filter(record__in=WorkRecord.objects.visible_to(user))


class Contribution(models.Model):
    """What a record counts towards one indicator, in the indicator's unit."""

    record = models.ForeignKey(WorkRecord, models.PROTECT, related_name="contributions", verbose_name="工作记录")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="contributions", verbose_name="指标")
    count = models.PositiveIntegerField("完成数")

    objects = OfRecordQuerySet["Contribution"].as_manager()

    class Meta:
        ordering = ["record_id", "indicator_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["record", "indicator"],
                name="contribution_once",
                violation_error_message="一条记录对一项指标只计一次。",
            ),
            models.CheckConstraint(
                condition=Q(count__gt=0), name="contribution_positive", violation_error_message="完成数须大于零。"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record_id}:{self.count}"


class RecordVoucher(models.Model):
    """A voucher of what was spent on the day of a record."""

    record = models.ForeignKey(WorkRecord, models.PROTECT, related_name="vouchers", verbose_name="工作记录")
    expense = models.ForeignKey(Expense, models.PROTECT, related_name="records", verbose_name="支出凭证")

    objects = OfRecordQuerySet["RecordVoucher"].as_manager()

    class Meta:
        ordering = ["record_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["record", "expense"], name="record_voucher_once", violation_error_message="凭证已关联。"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record_id}:{self.expense_id}"


class RecordVersion(models.Model):
    """What a record said before it was corrected, and why it was."""

    record = models.ForeignKey(WorkRecord, models.PROTECT, related_name="versions", verbose_name="工作记录")
    number = models.PositiveSmallIntegerField("版次")
    content = models.JSONField("更正前的内容")
    reason = models.CharField("更正的原因", max_length=200)
    made_at = models.DateTimeField("更正时间")
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="更正人")

    objects = OfRecordQuerySet["RecordVersion"].as_manager()

    class Meta:
        ordering = ["record_id", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["record", "number"], name="record_version_once", violation_error_message="版次重复。"
            ),
            models.CheckConstraint(
                condition=paired("made_at", "made_by"),
                name="record_version_paired",
                violation_error_message="更正须有时间。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record_id}-{self.number}"


class MonthlyLog(models.Model):
    """The log of one month, handed in: `month` is its first day, `figures` what the records came to at that moment.

    A returned log is handed in again; the same row then holds the new figures, and the events tell both.
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="logs", verbose_name="项目")
    month = models.DateField("月份")
    due_on = models.DateField("应交日期")
    state = models.CharField("状态", max_length=10, default=LogState.HANDED.value)
    figures = models.JSONField("交出时的数字", default=dict)
    findings = models.JSONField("交出时的核查", default=list)
    note = models.CharField("本月情况", max_length=500, blank=True, default="")
    handed_at = models.DateTimeField("交出时间")
    handed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="交出人")
    returned_at = models.DateTimeField("退回时间", null=True)
    returned_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="退回人")
    returned_because = models.CharField("退回的原因", max_length=200, blank=True, default="")
    version = models.PositiveIntegerField("版本", default=1)

    objects = OfProjectQuerySet["MonthlyLog"].as_manager()

    class Meta:
        ordering = ["project_id", "-month"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "month"], name="monthly_log_once", violation_error_message="这个月的月报已有。"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[str(state) for state in LogState]),
                name="monthly_log_state_known",
                violation_error_message="月报的状态不对。",
            ),
            models.CheckConstraint(
                condition=paired("handed_at", "handed_by"),
                name="monthly_log_handing_paired",
                violation_error_message="交出须有时间。",
            ),
            models.CheckConstraint(
                condition=paired("returned_at", "returned_by")
                & (~Q(state=LogState.RETURNED.value) | Q(returned_at__isnull=False)),
                name="monthly_log_return_paired",
                violation_error_message="退回须有时间。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id}-{self.month:%Y-%m}"
