"""对账: a file of another system set against ours, its differences, and what was decided about them."""

from django.db import models
from django.db.models import Q

from liaoyuan.core.choices import CompareState, DifferenceOutcome, DifferenceSort
from liaoyuan.core.models.accounts import User
from liaoyuan.core.models.areas import Area
from liaoyuan.core.models.imports import ImportBatch


class Comparison(models.Model):
    """One file of another system, set against ours as of a day.

    `labels` are the other system's columns in its own order; `mapping` says by label which field each is. `upload` is
    the file on the shelf (core.shelf) until it has been compared. `batch` is the latest import made of decisions.
    """

    kind = models.CharField("类别", max_length=30)
    state = models.CharField("状态", max_length=10, default=CompareState.MAPPING.value)
    file_name = models.CharField("文件名", max_length=200)
    sha256 = models.CharField("文件散列", max_length=64)
    sheet = models.CharField("工作表", max_length=80, blank=True, default="")
    labels = models.JSONField("列名", default=list)
    mapping = models.JSONField("列对应", default=dict)
    notes = models.JSONField("提示", default=list)
    unit = models.CharField("金额单位", max_length=4, blank=True, default="")
    as_of = models.DateField("数据日期")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name="区划")
    counts = models.JSONField("计数", default=dict)
    upload = models.CharField("上传文件", max_length=80, blank=True, default="")
    created_at = models.DateTimeField("上传时间")
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="上传人")
    batch = models.ForeignKey(ImportBatch, models.PROTECT, null=True, related_name="+", verbose_name="导入批次")

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[str(s) for s in CompareState]),
                name="comparison_state_known",
                violation_error_message="对账状态不对。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name}#{self.pk}"


class DifferenceDecision(models.Model):
    """What an officer said of one difference; it holds for every later comparison that shows the same one.

    `mark` is a keyed hash of kind, key, field and both values: the decision keeps none of them.
    """

    kind = models.CharField("类别", max_length=30)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name="区划")
    mark = models.CharField("差异标记", max_length=64)
    outcome = models.CharField("处理", max_length=6)
    note = models.CharField("备注", max_length=200, blank=True, default="")
    decided_at = models.DateTimeField("处理时间")
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="处理人")
    superseded_at = models.DateTimeField("被替代时间", null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "area", "mark"],
                condition=Q(superseded_at__isnull=True),
                name="difference_decided_once",
                violation_error_message="这处差异已有人处理。",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=[str(o) for o in DifferenceOutcome]),
                name="difference_outcome_known",
                violation_error_message="处理结论不对。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome}:{self.mark[:8]}"


class Difference(models.Model):
    """One difference of a comparison: a row that stands on one side only, or one cell that differs.

    `there` and `here` hold values by field (C3/C4 as vault ciphertext): of a cell the two values, of a row that stands
    there only all it says. `number` is the row of the sheet; `object_id` our record.
    """

    comparison = models.ForeignKey(Comparison, models.CASCADE, related_name="differences", verbose_name="对账")
    sort = models.CharField("类型", max_length=6)
    number = models.PositiveIntegerField("行号", null=True)
    key = models.CharField("主键", max_length=120)
    label = models.CharField("名称", max_length=200, blank=True, default="")
    field = models.CharField("字段", max_length=30, blank=True, default="")
    there = models.JSONField("对方的值", default=dict)
    here = models.JSONField("我方的值", default=dict)
    doubts = models.JSONField("读取时的疑点", default=list)
    object_id = models.BigIntegerField("记录", null=True)
    mark = models.CharField("差异标记", max_length=64)
    decision = models.ForeignKey(
        DifferenceDecision, models.PROTECT, null=True, related_name="differences", verbose_name="处理"
    )

    class Meta:
        ordering = ["comparison", "pk"]
        indexes = [
            models.Index(fields=["comparison", "sort", "field"], name="difference_sort"),
            models.Index(fields=["mark"], name="difference_mark"),
            models.Index(fields=["object_id"], name="difference_object", condition=Q(object_id__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(sort__in=[str(s) for s in DifferenceSort]),
                name="difference_sort_known",
                violation_error_message="差异类型不对。",
            ),
            models.UniqueConstraint(
                fields=["comparison", "mark"],
                name="difference_once",
                violation_error_message="同一次对账里同一处差异只列一次。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.comparison_id}:{self.key}:{self.field}"
