import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0007_files"),
    ]

    operations = [
        migrations.CreateModel(
            name="JobWorker",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, unique=True, verbose_name="进程")),
                ("host", models.CharField(max_length=80, verbose_name="主机")),
                ("started_at", models.DateTimeField(verbose_name="启动时间")),
                ("seen_at", models.DateTimeField(verbose_name="最近心跳")),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.AddField(
            model_name="importbatch",
            name="top",
            field=models.TextField(blank=True, default="", verbose_name="表头及以上各行（密文）"),
        ),
        migrations.CreateModel(
            name="Job",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=60, verbose_name="种类")),
                ("key", models.CharField(blank=True, default="", max_length=160, verbose_name="幂等键")),
                ("slot", models.CharField(blank=True, default="", max_length=100, verbose_name="班次")),
                ("args", models.JSONField(default=list, verbose_name="主键")),
                ("order", models.TextField(blank=True, default="", verbose_name="要求（密文）")),
                ("label", models.CharField(blank=True, default="", max_length=200, verbose_name="名称")),
                ("subject_kind", models.CharField(blank=True, default="", max_length=40, verbose_name="对象类别")),
                ("subject_id", models.BigIntegerField(null=True, verbose_name="对象")),
                ("requested_at", models.DateTimeField(verbose_name="提出时间")),
                ("state", models.CharField(default="waiting", max_length=10, verbose_name="状态")),
                ("done", models.PositiveBigIntegerField(default=0, verbose_name="已完成")),
                ("total", models.PositiveBigIntegerField(null=True, verbose_name="总数")),
                ("sentence", models.CharField(blank=True, default="", max_length=300, verbose_name="进度说明")),
                ("error", models.CharField(blank=True, default="", max_length=1000, verbose_name="没有完成的原因")),
                ("kept", models.JSONField(default=dict, verbose_name="续办记录")),
                ("cancel_asked", models.BooleanField(default=False, verbose_name="要求取消")),
                ("noticed", models.BooleanField(default=False, verbose_name="已阅")),
                ("started_at", models.DateTimeField(null=True, verbose_name="开始时间")),
                ("finished_at", models.DateTimeField(null=True, verbose_name="结束时间")),
                ("run_after", models.DateTimeField(verbose_name="不早于")),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="次数")),
                ("token", models.PositiveIntegerField(default=0, verbose_name="认领号")),
                ("worker", models.CharField(blank=True, default="", max_length=80, verbose_name="后台进程")),
                ("heartbeat_at", models.DateTimeField(null=True, verbose_name="心跳")),
                ("lease_until", models.DateTimeField(null=True, verbose_name="租期至")),
                ("result_file", models.CharField(blank=True, default="", max_length=120, verbose_name="结果文件")),
                ("result_name", models.CharField(blank=True, default="", max_length=200, verbose_name="结果文件名")),
                ("result_bytes", models.PositiveBigIntegerField(default=0, verbose_name="结果大小")),
                ("result_sha256", models.CharField(blank=True, default="", max_length=64, verbose_name="结果散列")),
                ("result_until", models.DateTimeField(null=True, verbose_name="结果保留至")),
                (
                    "requested_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="提出人",
                    ),
                ),
            ],
            options={
                "ordering": ["-requested_at", "-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["waiting", "running"])),
                        fields=["run_after", "id"],
                        name="job_ready",
                    ),
                    models.Index(fields=["requested_by", "-requested_at"], name="job_own"),
                    models.Index(fields=["subject_kind", "subject_id"], name="job_subject"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["waiting", "running"]), models.Q(("key", ""), _negated=True)),
                        fields=("key",),
                        name="job_key_once",
                        violation_error_message="同一件事已有一个没有结束的任务。",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("slot", ""), _negated=True),
                        fields=("slot",),
                        name="job_slot_once",
                        violation_error_message="这一班次的任务已经安排过。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "running", "done", "failed", "cancelled"])),
                        name="job_state_known",
                        violation_error_message="任务状态不对。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("lease_until__isnull", False), ("state", "running")),
                            models.Q(models.Q(("state", "running"), _negated=True), ("lease_until", None)),
                            _connector="OR",
                        ),
                        name="job_running_leased",
                        violation_error_message="进行中的任务须有租期，其他任务不得有租期。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finished_at", None), ("state__in", ["waiting", "running"])),
                            models.Q(
                                models.Q(("state__in", ["waiting", "running"]), _negated=True),
                                ("finished_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="job_finished_dated",
                        violation_error_message="任务状态与结束时间不符。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("result_file", ""),
                            models.Q(("result_until__isnull", False), ("state", "done")),
                            _connector="OR",
                        ),
                        name="job_result_done",
                        violation_error_message="只有完成的任务才有结果，结果须有保留期限。",
                    ),
                ],
            },
        ),
    ]
