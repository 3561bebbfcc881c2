"""Contents kept in the store, and what they are attached to."""

from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from liaoyuan.core.models.accounts import User

_CLASSES = ["C1", "C2", "C3", "C4"]


class StoredFileQuerySet(models.QuerySet["StoredFile"]):
    """Contents by what cites them."""

    def uncited(self) -> "StoredFileQuerySet":
        """Without a living attachment: they may go after the next verified backup, never before."""
        living = Attachment.objects.filter(file=OuterRef("pk"), removed_at__isnull=True)
        return self.filter(~Exists(living), *_not_named(but=Attachment))

    def never_attached(self) -> "StoredFileQuerySet":
        """No row of any model names them: nothing was ever attached, not even something that was removed since."""
        return self.filter(*_not_named())

    def naming(self, name: str) -> "StoredFileQuerySet":
        """Those whose content, copy or thumbnail has this name in the store."""
        return self.filter(Q(name=name) | Q(copy_name=name) | Q(thumb_name=name))


def _not_named(*, but: type[models.Model] | None = None) -> list[Q]:
    """One condition for each column of any model that names a content."""
    return [
        Q(~Exists(model._default_manager.filter(**{field.attname: OuterRef("pk")})))
        for model in apps.get_models()
        if model is not but
        for field in model._meta.concrete_fields
        if field.remote_field is not None and field.related_model is StoredFile
    ]


class StoredFile(models.Model):
    """One content in the store, told apart by its SHA-256; of a picture also its copies without EXIF and how it looks.

    `name`, `copy_name`, `thumb_name` are names in the store; `wrapped_key` is the file's own key as vault ciphertext,
    empty when it lies open (C1, C2). Size in bytes, width and height in pixels. `look_1` … `look_4` are the half-words
    of the 64-bit pHash, null without one. The original of a picture is never served but by its own permission.
    """

    sha256 = models.CharField("SHA-256", max_length=64)
    sm3 = models.CharField("SM3", max_length=64)
    name = models.CharField("存放名", max_length=81, unique=True)
    wrapped_key = models.CharField("文件密钥（密文）", max_length=200, blank=True, default="")
    size = models.PositiveBigIntegerField("字节数")
    kind = models.CharField("种类", max_length=8)
    width = models.PositiveIntegerField("宽（像素）", null=True)
    height = models.PositiveIntegerField("高（像素）", null=True)
    taken_at = models.DateTimeField("拍摄时间", null=True)
    copy_name = models.CharField("显示副本", max_length=81, blank=True, default="")
    copy_size = models.PositiveIntegerField("显示副本字节数", default=0)
    thumb_name = models.CharField("缩略图", max_length=81, blank=True, default="")
    thumb_size = models.PositiveIntegerField("缩略图字节数", default=0)
    look_1 = models.PositiveIntegerField("感知散列一", null=True)
    look_2 = models.PositiveIntegerField("感知散列二", null=True)
    look_3 = models.PositiveIntegerField("感知散列三", null=True)
    look_4 = models.PositiveIntegerField("感知散列四", null=True)
    created_at = models.DateTimeField("存入时间")

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["sha256"], name="stored_file_sha256"),
            models.Index(fields=["look_1"], name="stored_file_look_1"),
            models.Index(fields=["look_2"], name="stored_file_look_2"),
            models.Index(fields=["look_3"], name="stored_file_look_3"),
            models.Index(fields=["look_4"], name="stored_file_look_4"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["sha256"],
                condition=Q(wrapped_key=""),
                name="stored_file_open_once",
                violation_error_message="相同内容只存一份。",
            ),
            models.CheckConstraint(
                condition=Q(copy_name="", thumb_name="") | (~Q(copy_name="") & ~Q(thumb_name="")),
                name="stored_file_copies_paired",
                violation_error_message="图片的显示副本和缩略图须同时有。",
            ),
            models.CheckConstraint(
                condition=Q(look_1__isnull=True, look_2__isnull=True, look_3__isnull=True, look_4__isnull=True)
                | Q(look_1__isnull=False, look_2__isnull=False, look_3__isnull=False, look_4__isnull=False),
                name="stored_file_look_whole",
                violation_error_message="感知散列须完整。",
            ),
        ]

    def __str__(self) -> str:
        return self.sha256[:12]

    @property
    def parts(self) -> tuple[int, int, int, int] | None:
        """The half-words of the pHash, or None."""
        found = (self.look_1, self.look_2, self.look_3, self.look_4)
        return None if None in found else found  # type: ignore[return-value]


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    """Attachments by life and subject. Who may see them is the subject's matter: `core.queries.files`."""

    def living(self) -> "AttachmentQuerySet":
        """Neither removed nor replaced."""
        return self.filter(removed_at__isnull=True, replaced_at__isnull=True)

    def of(self, kind: str, key: Any) -> "AttachmentQuerySet":
        """Those of one subject."""
        return self.filter(subject_kind=kind, subject_id=str(key))


class Attachment(models.Model):
    """A content attached to a subject (kind, id) for a purpose.

    `purpose` is a code of `core.registries.file_purposes`, `paper` the line of the checklist that it fills; `name` the
    file's name as given, with the ending its content asks for. Replacing keeps the earlier one as a version
    (`replaced_at`), removing keeps everything and says why; nothing is deleted. `alike` lists what the uploader was
    shown before saving a photo that looks like others ([{"attachment": id, "distance": bits}] and how many elsewhere),
    `answer` and `answer_note` what he said. Uploading is pledging that the file is not secret.
    """

    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="attachments", verbose_name="内容")
    subject_kind = models.CharField("对象类别", max_length=30)
    subject_id = models.CharField("对象", max_length=40)
    purpose = models.CharField("用途", max_length=40)
    paper = models.CharField("材料名称", max_length=60)
    sensitivity = models.CharField("级别", max_length=2)
    name = models.CharField("文件名", max_length=200)
    note = models.CharField("说明", max_length=200, blank=True, default="")
    valid_until = models.DateField("有效期至", null=True)
    uploaded_at = models.DateTimeField("上传时间")
    uploaded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="上传人")
    pledged_at = models.DateTimeField("非涉密承诺时间")
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="replacement", verbose_name="替换的文件"
    )
    replaced_at = models.DateTimeField("被替换时间", null=True)
    removed_at = models.DateTimeField("移除时间", null=True)
    removed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="移除人")
    removed_because = models.CharField("移除理由", max_length=200, blank=True, default="")
    alike = models.JSONField("保存前提示的相似照片", default=dict)
    answer = models.CharField("对相似照片的答复", max_length=10, blank=True, default="")
    answer_note = models.CharField("答复说明", max_length=200, blank=True, default="")

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at", "-pk"]
        indexes = [models.Index(fields=["subject_kind", "subject_id"], name="attachment_subject")]
        constraints = [
            models.CheckConstraint(
                condition=Q(sensitivity__in=_CLASSES),
                name="attachment_class_known",
                violation_error_message="级别只能是 C1 至 C4。",
            ),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True, removed_by__isnull=True, removed_because="")
                | (Q(removed_at__isnull=False) & ~Q(removed_because="")),
                name="attachment_removal_paired",
                violation_error_message="移除文件须写明理由。",
            ),
            models.CheckConstraint(
                condition=Q(answer__in=["", "same", "again"]),
                name="attachment_answer_known",
                violation_error_message="对相似照片的答复不对。",
            ),
        ]

    def __str__(self) -> str:
        return self.name
