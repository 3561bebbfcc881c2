"""What was done with backups: made, tried out, restored."""

from django.db import models

from liaoyuan.core.choices import BackupWork
from liaoyuan.core.models.accounts import User


class BackupRun(models.Model):
    """One backup made, verified by a restore into a scratch place (演练), or restored here.

    `signature` is the manifest's: it says that a verification and a backup speak of the same file, wherever it lies.
    """

    work = models.CharField("事项", max_length=8)
    file_name = models.CharField("文件", max_length=200)
    signature = models.CharField("目录签名", max_length=64, blank=True, default="")
    size = models.BigIntegerField("大小", default=0)
    ok = models.BooleanField("成功")
    checks = models.JSONField("各项检查", default=list)
    done_at = models.DateTimeField("时间")
    done_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="操作人")

    class Meta:
        ordering = ["-done_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(work__in=[str(w) for w in BackupWork]),
                name="backup_work_known",
                violation_error_message="备份事项不对。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.work}:{self.file_name}"
