import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0015_party_scope"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("funding", "0002_review"),
        ("registry", "0012_counts_with_body"),
    ]

    operations = [
        migrations.CreateModel(
            name="AwardList",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=80, verbose_name="标题")),
                ("text", models.TextField(blank=True, default="", max_length=1000, verbose_name="说明")),
                ("receiver", models.CharField(max_length=60, verbose_name="异议受理")),
                ("channel", models.CharField(blank=True, default="", max_length=120, verbose_name="异议渠道")),
                ("state", models.CharField(default="draft", max_length=10, verbose_name="状态")),
                ("days", models.PositiveSmallIntegerField(verbose_name="公示日数")),
                ("unit", models.CharField(max_length=8, verbose_name="公示日数的单位")),
                ("opens_on", models.DateField(null=True, verbose_name="公示第一天")),
                ("closes_on", models.DateField(null=True, verbose_name="公示最后一天")),
                ("provisional", models.BooleanField(default=False, verbose_name="暂定")),
                ("created_at", models.DateTimeField(verbose_name="起草时间")),
                ("published_at", models.DateTimeField(null=True, verbose_name="发布时间")),
                ("withdrawn_at", models.DateTimeField(null=True, verbose_name="撤下时间")),
                (
                    "withdrawn_because",
                    models.CharField(blank=True, default="", max_length=200, verbose_name="撤下的原因"),
                ),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="起草人",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.document",
                        verbose_name="公示公告",
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
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="award_lists",
                        to="funding.round",
                        verbose_name="届",
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="撤下人",
                    ),
                ),
            ],
            options={
                "ordering": ["round_id", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["draft", "published", "withdrawn"])),
                        name="award_list_state_known",
                        violation_error_message="名单的状态不对。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("opens_on__isnull", True), ("published_at__isnull", True), ("state", "draft")),
                            models.Q(
                                ("closes_on__isnull", False),
                                ("opens_on__isnull", False),
                                ("published_at__isnull", False),
                            ),
                            models.Q(("published_at__isnull", True), ("state", "withdrawn")),
                            _connector="OR",
                        ),
                        name="award_list_published_whole",
                        violation_error_message="公示须有起止日期。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closes_on__isnull", True), ("closes_on__gte", models.F("opens_on")), _connector="OR"
                        ),
                        name="award_list_days_in_order",
                        violation_error_message="公示的最后一天不能早于第一天。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("published_by__isnull", True), ("published_at__isnull", False), _connector="OR"
                        ),
                        name="award_list_publication_paired",
                        violation_error_message="发布须有时间。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_by__isnull", True), ("withdrawn_at__isnull", False), _connector="OR"
                        ),
                        name="award_list_withdrawal_paired",
                        violation_error_message="撤下须有时间。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AwardLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(verbose_name="序号")),
                ("number", models.CharField(max_length=30, verbose_name="项目编号")),
                ("project_title", models.CharField(max_length=60, verbose_name="项目名称")),
                ("body_name", models.CharField(max_length=120, verbose_name="申报组织名称")),
                ("place", models.CharField(blank=True, default="", max_length=60, verbose_name="落地街道")),
                ("amount_fen", models.BigIntegerField(verbose_name="拟资助金额")),
                ("remedy", models.CharField(blank=True, default="", max_length=8, verbose_name="异议的结果")),
                ("changed_fen", models.BigIntegerField(null=True, verbose_name="改变后的金额")),
                ("approved_fen", models.BigIntegerField(null=True, verbose_name="批准的金额")),
                ("approved_at", models.DateTimeField(null=True, verbose_name="批准时间")),
                (
                    "approval",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.document",
                        verbose_name="立项批复",
                    ),
                ),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="批准人",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.organization",
                        verbose_name="申报组织",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="award_lines",
                        to="funding.project",
                        verbose_name="项目",
                    ),
                ),
                (
                    "award_list",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="funding.awardlist",
                        verbose_name="名单",
                    ),
                ),
            ],
            options={
                "ordering": ["award_list_id", "position", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("award_list", "project"),
                        name="award_line_once",
                        violation_error_message="这个项目已在名单上。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_fen__gt", 0)),
                        name="award_line_positive",
                        violation_error_message="拟资助金额须大于零。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("remedy__in", ["", "refused", "changed"])),
                        name="award_line_remedy_known",
                        violation_error_message="异议的结果不对。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("changed_fen__gt", 0),
                                ("changed_fen__lte", models.F("amount_fen")),
                                ("remedy", "changed"),
                            ),
                            models.Q(models.Q(("remedy", "changed"), _negated=True), ("changed_fen__isnull", True)),
                            _connector="OR",
                        ),
                        name="award_line_change_told",
                        violation_error_message="改变后的金额须大于零，不高于公示的金额。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved_at__isnull", True), ("approved_fen__isnull", True)),
                            models.Q(
                                ("approved_at__isnull", False),
                                ("approved_fen__gt", 0),
                                ("approved_fen__lte", models.F("amount_fen")),
                            ),
                            _connector="OR",
                        ),
                        name="award_line_approved_whole",
                        violation_error_message="批准须有时间和金额，金额不高于公示的金额。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by__isnull", True), ("approved_at__isnull", False), _connector="OR"
                        ),
                        name="award_line_approval_paired",
                        violation_error_message="批准须有时间。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Agreement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("body_name", models.CharField(max_length=120, verbose_name="签约组织名称")),
                ("state", models.CharField(default="draft", max_length=10, verbose_name="状态")),
                ("amount_fen", models.BigIntegerField(verbose_name="协议金额")),
                ("starts_on", models.DateField(verbose_name="实施开始")),
                ("ends_on", models.DateField(verbose_name="实施结束")),
                ("places", models.JSONField(default=list, verbose_name="实施地点")),
                ("account_name", models.CharField(max_length=120, verbose_name="户名")),
                ("account_bank", models.CharField(max_length=120, verbose_name="开户银行")),
                ("account_number", models.TextField(verbose_name="账号（密文）")),
                ("account_tail", models.CharField(max_length=4, verbose_name="账号末四位")),
                ("signed_on", models.DateField(null=True, verbose_name="签订日期")),
                ("facts", models.JSONField(default=dict, verbose_name="签订时的事实")),
                ("findings", models.JSONField(default=list, verbose_name="签订时的核查")),
                ("drafted_at", models.DateTimeField(verbose_name="起草时间")),
                ("signed_at", models.DateTimeField(null=True, verbose_name="签订登记时间")),
                ("started_on", models.DateField(null=True, verbose_name="开始实施")),
                ("reuse_fen", models.BigIntegerField(default=0, verbose_name="同意另用的结余")),
                ("reuse_reason", models.CharField(blank=True, default="", max_length=200, verbose_name="另用的用途")),
                ("reuse_at", models.DateTimeField(null=True, verbose_name="同意另用的时间")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="取消或终止时间")),
                (
                    "ended_reason",
                    models.CharField(blank=True, default="", max_length=200, verbose_name="取消或终止的原因"),
                ),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                (
                    "document",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.document",
                        verbose_name="协议书",
                    ),
                ),
                (
                    "drafted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="起草人",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="取消或终止的人",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.organization",
                        verbose_name="签约组织",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agreements",
                        to="funding.project",
                        verbose_name="项目",
                    ),
                ),
                (
                    "reuse_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="同意另用的人",
                    ),
                ),
                (
                    "signed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="签订登记人",
                    ),
                ),
                (
                    "award",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agreements",
                        to="funding.awardline",
                        verbose_name="立项",
                    ),
                ),
            ],
            options={
                "ordering": ["project_id", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "cancelled"), _negated=True),
                        fields=("project",),
                        name="agreement_once",
                        violation_error_message="这个项目已有协议。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["draft", "signed", "cancelled", "terminated"])),
                        name="agreement_state_known",
                        violation_error_message="协议的状态不对。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_fen__gte", 0), ("reuse_fen__gte", 0)),
                        name="agreement_not_negative",
                        violation_error_message="金额不能为负。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                        name="agreement_days_in_order",
                        violation_error_message="结束日期不能早于开始日期。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["draft", "cancelled"]),
                            models.Q(("signed_at__isnull", False), ("signed_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="agreement_signed_whole",
                        violation_error_message="签订须有日期。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", False), ("state__in", ["cancelled", "terminated"])),
                            models.Q(
                                models.Q(("state__in", ["cancelled", "terminated"]), _negated=True),
                                ("ended_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="agreement_end_told",
                        violation_error_message="取消或终止须有时间。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("drafted_by__isnull", True), ("drafted_at__isnull", False), _connector="OR"
                        ),
                        name="agreement_draft_paired",
                        violation_error_message="起草须有时间。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("signed_by__isnull", True), ("signed_at__isnull", False), _connector="OR"),
                        name="agreement_signing_paired",
                        violation_error_message="签订须有时间。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reuse_by__isnull", True), ("reuse_at__isnull", False), _connector="OR"),
                        name="agreement_reuse_paired",
                        violation_error_message="同意另用须有时间。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ended_by__isnull", True), ("ended_at__isnull", False), _connector="OR"),
                        name="agreement_end_paired",
                        violation_error_message="取消或终止须有时间。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AgreementShare",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount_fen", models.BigIntegerField(verbose_name="占用")),
                ("paid_fen", models.BigIntegerField(default=0, verbose_name="已拨")),
                ("returned_fen", models.BigIntegerField(default=0, verbose_name="已退回")),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shares",
                        to="funding.agreement",
                        verbose_name="协议",
                    ),
                ),
                (
                    "pool",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shares",
                        to="funding.pool",
                        verbose_name="资金池",
                    ),
                ),
            ],
            options={
                "ordering": ["agreement_id", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("agreement", "pool"),
                        name="agreement_share_once",
                        violation_error_message="同一个资金池只列一行。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("paid_fen__lte", models.F("amount_fen")),
                            ("returned_fen__gte", 0),
                            ("returned_fen__lte", models.F("paid_fen")),
                        ),
                        name="agreement_share_in_bounds",
                        violation_error_message="拨付超过协议占用的资金，或退回超过拨付。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Amendment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(verbose_name="序号")),
                ("kinds", models.JSONField(default=list, verbose_name="变更的内容")),
                ("before", models.JSONField(default=dict, verbose_name="变更前")),
                ("after", models.JSONField(default=dict, verbose_name="变更后")),
                ("reason", models.TextField(max_length=1000, verbose_name="理由")),
                ("state", models.CharField(default="asked", max_length=8, verbose_name="状态")),
                ("findings", models.JSONField(default=list, verbose_name="核查")),
                ("opinion", models.CharField(blank=True, default="", max_length=200, verbose_name="批准意见")),
                ("asked_at", models.DateTimeField(verbose_name="申请时间")),
                ("decided_at", models.DateTimeField(null=True, verbose_name="决定时间")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="amendments",
                        to="funding.agreement",
                        verbose_name="协议",
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="申请人",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="决定人",
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="funding.revision",
                        verbose_name="变更后的版本",
                    ),
                ),
            ],
            options={
                "ordering": ["agreement_id", "-number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("agreement", "number"),
                        name="amendment_once",
                        violation_error_message="变更的序号重复。",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "asked")),
                        fields=("agreement",),
                        name="amendment_open_once",
                        violation_error_message="已有一件变更在审批。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("state", "asked")),
                            models.Q(models.Q(("state", "asked"), _negated=True), ("decided_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="amendment_decided_whole",
                        violation_error_message="决定须有时间。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by__isnull", True),
                            ("asked_by__isnull", True),
                            models.Q(("decided_by", models.F("asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="amendment_two_persons",
                        violation_error_message="变更须由申请人以外的人决定。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("asked_by__isnull", True), ("asked_at__isnull", False), _connector="OR"),
                        name="amendment_asking_paired",
                        violation_error_message="申请须有时间。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by__isnull", True), ("decided_at__isnull", False), _connector="OR"
                        ),
                        name="amendment_decision_paired",
                        violation_error_message="决定须有时间。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AwardObjection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=12, verbose_name="异议的内容")),
                ("text", models.TextField(max_length=2000, verbose_name="异议")),
                ("anonymous", models.BooleanField(default=False, verbose_name="匿名")),
                ("objector", models.TextField(blank=True, default="", verbose_name="异议人（密文）")),
                ("contact", models.TextField(blank=True, default="", verbose_name="联系方式（密文）")),
                ("state", models.CharField(default="received", max_length=10, verbose_name="状态")),
                ("received_on", models.DateField(verbose_name="收到日期")),
                ("due_on", models.DateField(verbose_name="答复期限")),
                ("received_at", models.DateTimeField(verbose_name="登记时间")),
                ("taken_at", models.DateTimeField(null=True, verbose_name="受理时间")),
                ("upheld", models.BooleanField(null=True, verbose_name="拟认定成立")),
                ("remedy", models.CharField(blank=True, default="", max_length=8, verbose_name="拟处理")),
                ("changed_fen", models.BigIntegerField(null=True, verbose_name="拟改为的金额")),
                ("answer", models.TextField(blank=True, default="", max_length=2000, verbose_name="答复")),
                ("answered_at", models.DateTimeField(null=True, verbose_name="答复时间")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="答复人",
                    ),
                ),
                (
                    "appeal_of",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appeals",
                        to="funding.awardobjection",
                        verbose_name="申诉所对",
                    ),
                ),
                (
                    "award_list",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="objections",
                        to="funding.awardlist",
                        verbose_name="名单",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.document",
                        verbose_name="答复文书",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="objections",
                        to="funding.awardline",
                        verbose_name="项目",
                    ),
                ),
                (
                    "received_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="受理人",
                    ),
                ),
            ],
            options={
                "ordering": ["due_on", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["received", "taken", "declined", "upheld", "dismissed"])),
                        name="award_objection_state_known",
                        violation_error_message="异议的状态不对。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["facts", "eligibility", "conflict", "procedure", "other"])),
                        name="award_objection_kind_known",
                        violation_error_message="异议的内容不对。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("anonymous", False), ("objector", ""), _connector="OR"),
                        name="award_objection_anonymous",
                        violation_error_message="匿名的异议不留姓名。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state__in", ["upheld", "dismissed"]),
                                ("answered_at__isnull", False),
                                models.Q(("answer", ""), _negated=True),
                            ),
                            models.Q(("answered_at__isnull", False), ("state", "declined")),
                            models.Q(("answered_at__isnull", True), ("state__in", ["received", "taken"])),
                            _connector="OR",
                        ),
                        name="award_objection_answered_whole",
                        violation_error_message="答复须有时间和内容。",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("appeal_of__isnull", False)),
                        fields=("appeal_of",),
                        name="award_objection_appealed_once",
                        violation_error_message="对一份答复只能申诉一次。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("received_by__isnull", True), ("received_at__isnull", False), _connector="OR"
                        ),
                        name="award_objection_receipt_paired",
                        violation_error_message="登记须有时间。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("taken_by__isnull", True), ("taken_at__isnull", False), _connector="OR"),
                        name="award_objection_taking_paired",
                        violation_error_message="受理须有时间。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answered_by__isnull", True), ("answered_at__isnull", False), _connector="OR"
                        ),
                        name="award_objection_answer_paired",
                        violation_error_message="答复须有时间。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Expense",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("budget_class", models.CharField(max_length=4, verbose_name="科目")),
                ("voucher_no", models.CharField(max_length=60, verbose_name="凭证号")),
                ("spent_on", models.DateField(verbose_name="日期")),
                ("payee", models.CharField(max_length=120, verbose_name="收款方")),
                ("title", models.CharField(max_length=120, verbose_name="事由")),
                ("amount_fen", models.BigIntegerField(verbose_name="金额")),
                ("grant_fen", models.BigIntegerField(verbose_name="其中资助资金")),
                ("again", models.BooleanField(default=False, verbose_name="已确认不是重复")),
                ("entered_at", models.DateTimeField(verbose_name="登记时间")),
                ("voided_at", models.DateTimeField(null=True, verbose_name="作废时间")),
                ("voided_because", models.CharField(blank=True, default="", max_length=200, verbose_name="作废的原因")),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="expenses",
                        to="funding.agreement",
                        verbose_name="协议",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.storedfile",
                        verbose_name="凭证",
                    ),
                ),
                (
                    "voided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="作废人",
                    ),
                ),
            ],
            options={
                "ordering": ["agreement_id", "spent_on", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("again", False), ("voided_at__isnull", True)),
                        fields=("voucher_no", "payee", "spent_on", "amount_fen"),
                        name="expense_once",
                        violation_error_message="这张凭证已登记过。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "budget_class__in",
                                [
                                    "B01",
                                    "B02",
                                    "B03",
                                    "B04",
                                    "B05",
                                    "B06",
                                    "B07",
                                    "B08",
                                    "B09",
                                    "B10",
                                    "B11",
                                    "B12",
                                    "B13",
                                    "B99",
                                ],
                            )
                        ),
                        name="expense_class_known",
                        violation_error_message="预算科目不对。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount_fen__gt", 0), ("grant_fen__gte", 0), ("grant_fen__lte", models.F("amount_fen"))
                        ),
                        name="expense_in_bounds",
                        violation_error_message="金额须大于零，资助资金不超过金额。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("entered_by__isnull", True), ("entered_at__isnull", False), _connector="OR"
                        ),
                        name="expense_entry_paired",
                        violation_error_message="登记须有时间。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("voided_by__isnull", True), ("voided_at__isnull", False), _connector="OR"),
                        name="expense_void_paired",
                        violation_error_message="作废须有时间。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HandOverFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("gives", models.CharField(max_length=60, verbose_name="移交人")),
                ("takes", models.CharField(max_length=60, verbose_name="接收人")),
                ("reason", models.CharField(max_length=200, verbose_name="原因")),
                ("content", models.JSONField(default=dict, verbose_name="交接内容")),
                ("made_at", models.DateTimeField(verbose_name="制作时间")),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hand_overs",
                        to="funding.agreement",
                        verbose_name="协议",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.storedfile",
                        verbose_name="交接清单",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="制作人",
                    ),
                ),
            ],
            options={
                "ordering": ["agreement_id", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("made_by__isnull", True), ("made_at__isnull", False), _connector="OR"),
                        name="hand_over_file_paired",
                        violation_error_message="制作须有时间。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PaymentBatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="序号")),
                ("count", models.PositiveIntegerField(verbose_name="笔数")),
                ("total_fen", models.BigIntegerField(verbose_name="金额")),
                ("made_at", models.DateTimeField(verbose_name="制作时间")),
                ("voided_at", models.DateTimeField(null=True, verbose_name="作废时间")),
                ("voided_because", models.CharField(blank=True, default="", max_length=200, verbose_name="作废的原因")),
                (
                    "csv",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.storedfile",
                        verbose_name="CSV 文件",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="制作人",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payment_batches",
                        to="funding.round",
                        verbose_name="届",
                    ),
                ),
                (
                    "voided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="作废人",
                    ),
                ),
                (
                    "xlsx",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.storedfile",
                        verbose_name="Excel 文件",
                    ),
                ),
            ],
            options={
                "ordering": ["round_id", "-number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("round", "number"),
                        name="payment_batch_once",
                        violation_error_message="付款文件的序号重复。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("made_by__isnull", True), ("made_at__isnull", False), _connector="OR"),
                        name="payment_batch_made_paired",
                        violation_error_message="制作须有时间。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("voided_by__isnull", True), ("voided_at__isnull", False), _connector="OR"),
                        name="payment_batch_voided_paired",
                        violation_error_message="作废须有时间。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PoolEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=10, verbose_name="类别")),
                ("amount_fen", models.BigIntegerField(verbose_name="金额")),
                ("tranche_no", models.PositiveSmallIntegerField(null=True, verbose_name="期次")),
                ("reason", models.CharField(max_length=120, verbose_name="事由")),
                ("entered_on", models.DateField(verbose_name="日期")),
                ("entered_at", models.DateTimeField(verbose_name="记账时间")),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="funding.agreement",
                        verbose_name="协议",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="记账人",
                    ),
                ),
                (
                    "pool",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="funding.pool",
                        verbose_name="资金池",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "indexes": [models.Index(fields=["pool", "kind"], name="pool_entry_of_pool")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["committed", "released", "paid", "returned"])),
                        name="pool_entry_kind_known",
                        violation_error_message="记账的类别不对。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_fen__gt", 0)),
                        name="pool_entry_positive",
                        violation_error_message="记账金额须大于零。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("entered_by__isnull", True), ("entered_at__isnull", False), _connector="OR"
                        ),
                        name="pool_entry_paired",
                        violation_error_message="记账须有时间。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Refund",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=10, verbose_name="类别")),
                ("amount_fen", models.BigIntegerField(verbose_name="金额")),
                ("received_on", models.DateField(verbose_name="到账日期")),
                ("voucher_no", models.CharField(max_length=60, verbose_name="凭证号")),
                ("note", models.CharField(blank=True, default="", max_length=200, verbose_name="说明")),
                ("entered_at", models.DateTimeField(verbose_name="登记时间")),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="refunds",
                        to="funding.agreement",
                        verbose_name="协议",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
            ],
            options={
                "ordering": ["agreement_id", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("agreement", "voucher_no"),
                        name="refund_once",
                        violation_error_message="这笔退款已登记。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["unused", "recovered"])),
                        name="refund_kind_known",
                        violation_error_message="退款的类别不对。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_fen__gt", 0)),
                        name="refund_positive",
                        violation_error_message="退款金额须大于零。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("entered_by__isnull", True), ("entered_at__isnull", False), _connector="OR"
                        ),
                        name="refund_paired",
                        violation_error_message="登记须有时间。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Ruling",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=10, verbose_name="类别")),
                ("reason", models.CharField(max_length=400, verbose_name="事由")),
                ("amount_fen", models.BigIntegerField(default=0, verbose_name="追回金额")),
                ("due_on", models.DateField(null=True, verbose_name="退回期限")),
                ("asked_at", models.DateTimeField(verbose_name="提出时间")),
                ("decided_at", models.DateTimeField(null=True, verbose_name="决定时间")),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rulings",
                        to="funding.agreement",
                        verbose_name="协议",
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="提出人",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="决定人",
                    ),
                ),
            ],
            options={
                "ordering": ["agreement_id", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("decided_at__isnull", True)),
                        fields=("agreement", "kind"),
                        name="ruling_open_once",
                        violation_error_message="已有一件在等待决定。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["terminate", "recover"])),
                        name="ruling_kind_known",
                        violation_error_message="决定的类别不对。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind", "terminate"), ("amount_fen__gt", 0), _connector="OR"),
                        name="ruling_amount_told",
                        violation_error_message="追回须写明金额。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by__isnull", True),
                            ("asked_by__isnull", True),
                            models.Q(("decided_by", models.F("asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="ruling_two_persons",
                        violation_error_message="须由提出人以外的人决定。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("asked_by__isnull", True), ("asked_at__isnull", False), _connector="OR"),
                        name="ruling_asking_paired",
                        violation_error_message="提出须有时间。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by__isnull", True), ("decided_at__isnull", False), _connector="OR"
                        ),
                        name="ruling_decision_paired",
                        violation_error_message="决定须有时间。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Tranche",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("no", models.PositiveSmallIntegerField(verbose_name="期次")),
                ("percent", models.PositiveSmallIntegerField(verbose_name="比例（%）")),
                ("trigger", models.CharField(max_length=12, verbose_name="拨付条件")),
                ("amount_fen", models.BigIntegerField(verbose_name="金额")),
                ("state", models.CharField(default="planned", max_length=10, verbose_name="状态")),
                ("evidence", models.CharField(blank=True, default="", max_length=200, verbose_name="佐证")),
                ("facts", models.JSONField(default=dict, verbose_name="审批时的事实")),
                ("findings", models.JSONField(default=list, verbose_name="审批时的核查")),
                ("paid_facts", models.JSONField(default=dict, verbose_name="付款时的事实")),
                ("outside", models.BooleanField(default=False, verbose_name="系统外的财务付款")),
                ("payer", models.CharField(blank=True, default="", max_length=80, verbose_name="付款方")),
                ("voucher_no", models.CharField(blank=True, default="", max_length=60, verbose_name="付款凭证号")),
                ("paid_on", models.DateField(null=True, verbose_name="付款日期")),
                ("prepared_at", models.DateTimeField(null=True, verbose_name="经办时间")),
                ("approved_at", models.DateTimeField(null=True, verbose_name="审批时间")),
                ("paid_at", models.DateTimeField(null=True, verbose_name="付款登记时间")),
                ("note", models.CharField(blank=True, default="", max_length=200, verbose_name="退回的说明")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tranches",
                        to="funding.agreement",
                        verbose_name="协议",
                    ),
                ),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="审批人",
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tranches",
                        to="funding.paymentbatch",
                        verbose_name="付款文件",
                    ),
                ),
                (
                    "paid_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="付款人",
                    ),
                ),
                (
                    "prepared_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="经办人",
                    ),
                ),
                (
                    "sheet",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.document",
                        verbose_name="拨付审批表",
                    ),
                ),
                (
                    "voucher",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.storedfile",
                        verbose_name="付款凭证",
                    ),
                ),
            ],
            options={
                "ordering": ["agreement_id", "no"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("agreement", "no"), name="tranche_once", violation_error_message="期次重复。"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["planned", "prepared", "approved", "ordered", "paid", "cancelled"])
                        ),
                        name="tranche_state_known",
                        violation_error_message="拨付的状态不对。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_fen__gte", 0)),
                        name="tranche_not_negative",
                        violation_error_message="拨付金额不能为负。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                models.Q(("state", "ordered"), _negated=True), ("batch__isnull", False), _connector="OR"
                            ),
                            models.Q(
                                models.Q(("state__in", ["approved", "ordered", "paid"]), _negated=True),
                                models.Q(("approved_at__isnull", False), ("prepared_at__isnull", False)),
                                _connector="OR",
                            ),
                        ),
                        name="tranche_steps_in_order",
                        violation_error_message="拨付须先经办、再审批、再付款。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("paid_at__isnull", False), ("paid_on__isnull", False), ("state", "paid")),
                            models.Q(
                                models.Q(("state", "paid"), _negated=True),
                                ("paid_at__isnull", True),
                                ("paid_on__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="tranche_paid_whole",
                        violation_error_message="付款须有日期。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by__isnull", True),
                            ("prepared_by__isnull", True),
                            models.Q(("approved_by", models.F("prepared_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="tranche_approver_second",
                        violation_error_message="审批人不能是经办人。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("outside", True),
                            models.Q(
                                models.Q(
                                    ("paid_by__isnull", True),
                                    ("prepared_by__isnull", True),
                                    models.Q(("paid_by", models.F("prepared_by")), _negated=True),
                                    _connector="OR",
                                ),
                                models.Q(
                                    ("paid_by__isnull", True),
                                    ("approved_by__isnull", True),
                                    models.Q(("paid_by", models.F("approved_by")), _negated=True),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="tranche_payer_third",
                        violation_error_message="付款人不能是经办人或审批人。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("outside", False),
                            models.Q(
                                models.Q(("payer", ""), _negated=True),
                                models.Q(("voucher_no", ""), _negated=True),
                                ("voucher__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="tranche_outside_vouched",
                        violation_error_message="系统外的财务付款须有付款方、凭证号和凭证。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("prepared_by__isnull", True), ("prepared_at__isnull", False), _connector="OR"
                        ),
                        name="tranche_preparation_paired",
                        violation_error_message="经办须有时间。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by__isnull", True), ("approved_at__isnull", False), _connector="OR"
                        ),
                        name="tranche_approval_paired",
                        violation_error_message="审批须有时间。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("paid_by__isnull", True), ("paid_at__isnull", False), _connector="OR"),
                        name="tranche_payment_paired",
                        violation_error_message="付款须有时间。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TrancheCondition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("trigger", models.CharField(max_length=12, verbose_name="拨付条件")),
                ("met_on", models.DateField(verbose_name="具备日期")),
                ("evidence", models.CharField(blank=True, default="", max_length=200, verbose_name="佐证")),
                ("noted_at", models.DateTimeField(verbose_name="登记时间")),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conditions",
                        to="funding.agreement",
                        verbose_name="协议",
                    ),
                ),
                (
                    "noted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
            ],
            options={
                "ordering": ["agreement_id", "met_on", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("agreement", "trigger"),
                        name="tranche_condition_once",
                        violation_error_message="这个拨付条件已登记。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("trigger__in", ["signed", "started", "mid_passed", "accepted", "audited"])),
                        name="tranche_condition_known",
                        violation_error_message="拨付条件不对。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("noted_by__isnull", True), ("noted_at__isnull", False), _connector="OR"),
                        name="tranche_condition_paired",
                        violation_error_message="登记须有时间。",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="pool",
            name="paid_fen",
            field=models.BigIntegerField(default=0, verbose_name="已拨"),
        ),
        migrations.AddField(
            model_name="pool",
            name="returned_fen",
            field=models.BigIntegerField(default=0, verbose_name="已退回"),
        ),
        migrations.AddConstraint(
            model_name="pool",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("paid_fen__lte", models.F("committed_fen")),
                    ("returned_fen__gte", 0),
                    ("returned_fen__lte", models.F("paid_fen")),
                ),
                name="pool_paid_within_committed",
                violation_error_message="拨付超过协议占用的资金，或退回超过拨付。",
            ),
        ),
    ]
