"""Staging of imports: a file's rows wait here, read and judged, until one action applies them."""

from collections.abc import Iterable

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from liaoyuan.core.choices import BatchState
from liaoyuan.core.models.accounts import User
from liaoyuan.core.models.areas import Area


class ImportBatch(models.Model):
    """One file read with one mapping. The same SHA-256 with the same mapping while pending is the same batch.

    `top` are the rows down to the header with their merged cells, so that rows can be given back in the same layout.
    """

    kind = models.CharField("类别", max_length=30)
    state = models.CharField("状态", max_length=10, default=BatchState.STAGED.value)
    file_name = models.CharField("文件名", max_length=200)
    sha256 = models.CharField("文件散列", max_length=64)
    file_key = models.CharField("文件与对应关系的散列", max_length=64)
    sheet = models.CharField("工作表", max_length=80, blank=True, default="")
    encoding = models.CharField("编码", max_length=20, blank=True, default="")
    header_rows = models.JSONField("表头行", default=list)
    mapping = models.JSONField("列对应", default=dict)
    labels = models.JSONField("列名", default=list)
    top = models.TextField("表头及以上各行（密文）", blank=True, default="")
    notes = models.JSONField("提示", default=list)
    unit = models.CharField("金额单位", max_length=4, blank=True, default="")
    as_of = models.DateField("数据日期")
    area = models.ForeignKey(Area, models.PROTECT, verbose_name="登记机关所在区划")
    counts = models.JSONField("计数", default=dict)
    stamp = models.CharField("版本戳", max_length=64, blank=True, default="")
    created_at = models.DateTimeField("上传时间")
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="上传人")
    applied_at = models.DateTimeField("导入时间", null=True)
    applied_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="导入人")
    undone_at = models.DateTimeField("撤销时间", null=True)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="撤销人")

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["file_key"],
                condition=Q(state=BatchState.STAGED.value),
                name="import_batch_pending_once",
                violation_error_message="这份文件已有一个待确认的批次。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[str(s) for s in BatchState]),
                name="import_batch_state_known",
                violation_error_message="批次状态不对。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["reading", "staged", "discarded"], applied_at__isnull=True)
                | Q(state="applied", applied_at__isnull=False, undone_at__isnull=True)
                | Q(state="undone", applied_at__isnull=False, undone_at__isnull=False),
                name="import_batch_state_dated",
                violation_error_message="批次状态与时间不符。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name}#{self.pk}"


class ImportRowQuerySet(models.QuerySet["ImportRow"]):
    """Rows by the records that they made or changed."""

    def with_record(self) -> "ImportRowQuerySet":
        """Those that made or changed a record, each with its `record`."""
        return self.annotate(record=Coalesce(F("object_id"), F("made__object_id"))).filter(record__isnull=False)

    def of_records(self, ids: Iterable[int]) -> "ImportRowQuerySet":
        """The rows that made or changed these records."""
        ids = list(ids)
        made = ImportMade.objects.filter(object_id__in=ids).values("row")
        return self.filter(Q(object_id__in=ids) | Q(pk__in=made))


class ImportRow(models.Model):
    """One row of a staged sheet: what was read, what it means, what is doubtful, and after applying what it changed.

    `fields` holds normalised values (C3/C4 as vault ciphertext); `findings` a list of `Finding.as_dict()`; `before` the
    values that applying replaced; `raw` the sheet's own cells as vault ciphertext, kept for rows that were not simply
    accepted; `object_id` the record it updates, or that it created where its kind does not keep an `ImportMade`.
    """

    objects = ImportRowQuerySet.as_manager()

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="rows", verbose_name="批次")
    number = models.PositiveIntegerField("行号")
    verdict = models.CharField("结论", max_length=10)
    action = models.CharField("动作", max_length=10, blank=True, default="")
    key = models.CharField("主键", max_length=120, blank=True, default="")
    label = models.CharField("名称", max_length=200, blank=True, default="")
    fields = models.JSONField("值", default=dict)
    findings = models.JSONField("疑点", default=list)
    confirmed = models.BooleanField("已确认", default=False)
    object_id = models.BigIntegerField("记录", null=True)
    before = models.JSONField("原值", null=True)
    raw = models.TextField("原文（密文）", blank=True, default="")

    class Meta:
        ordering = ["batch", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "number"], name="import_row_once", violation_error_message="同一批次同一行只能有一条。"
            ),
        ]
        indexes = [
            models.Index(fields=["batch", "verdict", "number"], name="import_row_verdict"),
            models.Index(fields=["object_id"], name="import_row_object", condition=Q(object_id__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}:{self.number}"


class ImportMade(models.Model):
    """The record that a row made, where a whole sheet makes records: rows are wide, and to write into 100,000 of them
    would let others wait for a second longer.
    """

    row = models.OneToOneField(ImportRow, models.CASCADE, primary_key=True, related_name="made", verbose_name="行")
    object_id = models.BigIntegerField("记录")

    class Meta:
        indexes = [models.Index(fields=["object_id"], name="import_made_object")]

    def __str__(self) -> str:
        return f"{self.row_id}→{self.object_id}"


class ImportMapping(models.Model):
    """A column mapping remembered for the next file with the same header."""

    kind = models.CharField("类别", max_length=30)
    signature = models.CharField("表头散列", max_length=64)
    mapping = models.JSONField("列对应", default=dict)
    unit = models.CharField("金额单位", max_length=4, blank=True, default="")
    used_at = models.DateTimeField("最近使用")

    class Meta:
        ordering = ["kind", "signature"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "signature"],
                name="import_mapping_once",
                violation_error_message="同一表头只记一种对应关系。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.signature[:8]}"
