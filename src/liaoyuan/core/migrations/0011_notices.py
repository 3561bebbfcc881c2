import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0010_cases"),
    ]

    operations = [
        migrations.CreateModel(
            name="CallList",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(max_length=60, verbose_name="事项")),
                ("label", models.CharField(max_length=120, verbose_name="名称")),
                ("entries", models.JSONField(default=list, verbose_name="催办的对象和期限")),
                ("made_at", models.DateTimeField(verbose_name="建立时间")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="收起时间")),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="收起人",
                    ),
                ),
                (
                    "keeper",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="经办人",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="建立人",
                    ),
                ),
            ],
            options={
                "ordering": ["-made_at", "-pk"],
                "indexes": [models.Index(fields=["keeper", "-made_at"], name="call_list_keeper")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("closed_by__isnull", True)),
                            ("closed_at__isnull", False),
                            _connector="OR",
                        ),
                        name="call_list_closed_paired",
                        violation_error_message="收起催办单须有时间。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject_kind", models.CharField(max_length=30, verbose_name="对象类别")),
                ("subject_id", models.CharField(max_length=40, verbose_name="对象")),
                ("kind", models.CharField(max_length=10, verbose_name="类别")),
                ("outcome", models.CharField(max_length=20, verbose_name="结果")),
                ("promised_on", models.DateField(null=True, verbose_name="承诺日期")),
                ("contact_note", models.CharField(blank=True, default="", max_length=100, verbose_name="备注")),
                ("made_at", models.DateTimeField(verbose_name="时间")),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="记录人",
                    ),
                ),
            ],
            options={
                "ordering": ["-made_at", "-pk"],
                "indexes": [models.Index(fields=["subject_kind", "subject_id", "-made_at"], name="contact_subject")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["call", "visit"]),
                            ("outcome__in", ["told", "promised", "no_answer", "wrong_number"]),
                        ),
                        name="contact_codes_known",
                        violation_error_message="联系的类别或结果不对。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "promised"), ("promised_on__isnull", False)),
                            models.Q(models.Q(("outcome", "promised"), _negated=True), ("promised_on", None)),
                            _connector="OR",
                        ),
                        name="contact_promise_dated",
                        violation_error_message="承诺办理须写明日期，其他结果不写日期。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=160, unique=True, verbose_name="幂等键")),
                ("outlet", models.CharField(max_length=10, verbose_name="渠道")),
                ("reason", models.CharField(max_length=20, verbose_name="事由")),
                ("subject_kind", models.CharField(max_length=30, verbose_name="对象类别")),
                ("subject_id", models.CharField(max_length=40, verbose_name="对象")),
                ("subject_label", models.CharField(max_length=120, verbose_name="对象名称")),
                ("covers", models.JSONField(default=list, verbose_name="涉及的对象")),
                ("title", models.CharField(max_length=120, verbose_name="标题")),
                ("text", models.TextField(max_length=4000, verbose_name="内容")),
                ("state", models.CharField(default="queued", max_length=10, verbose_name="状态")),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="次数")),
                ("error", models.CharField(blank=True, default="", max_length=300, verbose_name="没有发出的原因")),
                ("claim", models.CharField(blank=True, default="", max_length=40, verbose_name="认领")),
                ("next_at", models.DateTimeField(null=True, verbose_name="不早于")),
                ("made_at", models.DateTimeField(verbose_name="提出时间")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="结束时间")),
                (
                    "call_list",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="core.calllist",
                        verbose_name="催办单",
                    ),
                ),
                (
                    "keeper",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="经办人",
                    ),
                ),
                (
                    "made_by",
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
                "ordering": ["-made_at", "-pk"],
                "indexes": [
                    models.Index(fields=["keeper", "state"], name="message_keeper"),
                    models.Index(
                        condition=models.Q(("state__in", ["queued", "sending"])),
                        fields=["state", "next_at"],
                        name="message_open",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["queued", "sending", "sent", "failed", "unsure", "dropped"])),
                        name="message_state_known",
                        violation_error_message="消息状态不对。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "sending"), _negated=True),
                            models.Q(("claim", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="message_sending_claimed",
                        violation_error_message="正在发送的消息须有认领号。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("state__in", ["queued", "sending"])),
                            models.Q(
                                models.Q(("state__in", ["queued", "sending"]), _negated=True),
                                ("ended_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="message_ended_dated",
                        violation_error_message="消息状态与结束时间不符。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=80, verbose_name="标题")),
                ("text", models.TextField(max_length=10000, verbose_name="内容")),
                ("audience", models.CharField(max_length=10, verbose_name="发给")),
                ("roles", models.CharField(blank=True, default="", max_length=500, verbose_name="角色")),
                ("valid_from", models.DateField(verbose_name="起")),
                ("valid_until", models.DateField(null=True, verbose_name="止")),
                ("pinned", models.BooleanField(default=False, verbose_name="置顶")),
                ("state", models.CharField(default="draft", max_length=10, verbose_name="状态")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("made_at", models.DateTimeField(verbose_name="起草时间")),
                ("published_at", models.DateTimeField(null=True, verbose_name="发布时间")),
                ("withdrawn_at", models.DateTimeField(null=True, verbose_name="撤回时间")),
                (
                    "withdrawn_because",
                    models.CharField(blank=True, default="", max_length=100, verbose_name="撤回事由"),
                ),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.area",
                        verbose_name="区域",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="起草人",
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="发布人",
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="撤回人",
                    ),
                ),
            ],
            options={
                "ordering": ["-pinned", "-valid_from", "-pk"],
                "indexes": [models.Index(fields=["state", "valid_from"], name="notice_showing")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("audience__in", ["offices", "bodies", "all", "public"]),
                            ("state__in", ["draft", "published", "withdrawn"]),
                        ),
                        name="notice_codes_known",
                        violation_error_message="通知的对象或状态不对。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until__isnull", True), ("valid_until__gte", models.F("valid_from")), _connector="OR"
                        ),
                        name="notice_dates_in_order",
                        violation_error_message="止日不能早于起日。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("published_at__isnull", True), ("published_by__isnull", True), ("state", "draft")
                            ),
                            models.Q(models.Q(("state", "draft"), _negated=True), ("published_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="notice_published_paired",
                        violation_error_message="发布通知须有时间。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "withdrawn"), ("withdrawn_at__isnull", False)),
                            models.Q(
                                models.Q(("state", "withdrawn"), _negated=True),
                                ("withdrawn_at__isnull", True),
                                ("withdrawn_by__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="notice_withdrawn_paired",
                        violation_error_message="撤回通知须有时间。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NoticeRead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("read_at", models.DateTimeField(verbose_name="阅读时间")),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reads",
                        to="core.notice",
                        verbose_name="通知",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="读者",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("notice", "user"), name="notice_read_once", violation_error_message="已经标为已读。"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Outlet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=10, unique=True, verbose_name="渠道")),
                ("is_active", models.BooleanField(default=False, verbose_name="启用")),
                ("options", models.JSONField(default=dict, verbose_name="设置")),
                ("secret", models.TextField(blank=True, default="", verbose_name="密钥（密文）")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("changed_at", models.DateTimeField(verbose_name="修改时间")),
                (
                    "changed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="修改人",
                    ),
                ),
            ],
            options={
                "ordering": ["kind"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["file", "webhook", "smtp"])),
                        name="outlet_kind_known",
                        violation_error_message="没有这种发送渠道。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CalendarFeed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token_hash", models.CharField(max_length=64, unique=True, verbose_name="令牌散列")),
                ("made_at", models.DateTimeField(verbose_name="建立时间")),
                ("revoked_at", models.DateTimeField(null=True, verbose_name="停用时间")),
                (
                    "revoked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="停用人",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="账号",
                    ),
                ),
            ],
            options={
                "ordering": ["-made_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at__isnull", True)),
                        fields=("user",),
                        name="calendar_feed_open_once",
                        violation_error_message="已有一个日历订阅地址，请先停用。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("revoked_at__isnull", True), ("revoked_by__isnull", True)),
                            ("revoked_at__isnull", False),
                            _connector="OR",
                        ),
                        name="calendar_feed_revoked_paired",
                        violation_error_message="停用订阅地址须有时间。",
                    ),
                ],
            },
        ),
    ]
