"""People on the way into the party: applicants, steps, mentors, examinations, votes, extensions, quotas."""

import datetime

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "__first__"),
        ("party", "0004_coverage"),
        ("people", "0002_volunteer_honours"),
        ("registry", "0012_counts_with_body"),
    ]

    operations = [
        migrations.CreateModel(
            name="Applicant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("stage", models.CharField(default="applicant", max_length=12, verbose_name="阶段")),
                ("applied_on", models.DateField(verbose_name="递交入党申请书日期")),
                ("activist_on", models.DateField(null=True, verbose_name="确定为积极分子日期")),
                ("candidate_on", models.DateField(null=True, verbose_name="确定为发展对象日期")),
                ("closed_on", models.DateField(null=True, verbose_name="结束培养日期")),
                ("closed_reason", models.CharField(blank=True, default="", max_length=10, verbose_name="结束事由")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("created_at", models.DateTimeField(verbose_name="录入时间")),
                ("voided_at", models.DateTimeField(null=True, verbose_name="作废时间")),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="录入人",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applications",
                        to="party.member",
                        verbose_name="党员",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.organization",
                        verbose_name="所在组织",
                    ),
                ),
                (
                    "party_organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applicants",
                        to="party.partyorganization",
                        verbose_name="党组织",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                        verbose_name="自然人",
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
                "ordering": ["applied_on", "pk"],
                "indexes": [models.Index(fields=["party_organization", "stage"], name="applicant_branch")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_on__isnull", True), ("voided_at__isnull", True)),
                        fields=("person",),
                        name="applicant_person_once",
                        violation_error_message="这个人已有一份正在办理的入党申请。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("stage__in", ["applicant", "activist", "candidate", "probationer", "confirmed"])
                        ),
                        name="applicant_stage_known",
                        violation_error_message="阶段不对。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("stage", "applicant"), ("activist_on__isnull", True)),
                            models.Q(
                                models.Q(("stage", "applicant"), _negated=True),
                                ("activist_on__gte", models.F("applied_on")),
                                ("activist_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="applicant_activist_after_applying",
                        violation_error_message="没有本人写明日期的入党申请书，不能确定为入党积极分子。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("stage__in", ["applicant", "activist"]), ("candidate_on__isnull", True)),
                            models.Q(
                                ("stage__in", ["candidate", "probationer", "confirmed"]),
                                ("candidate_on__gt", models.F("activist_on")),
                                ("candidate_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="applicant_candidate_after_activist",
                        violation_error_message="确定为发展对象须在确定为积极分子之后。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("stage__in", ["probationer", "confirmed"]), ("member__isnull", False)),
                            models.Q(
                                models.Q(("stage__in", ["probationer", "confirmed"]), _negated=True),
                                ("member__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="applicant_member_when_admitted",
                        violation_error_message="接收为预备党员以后才在党员名册里。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_on__isnull", True), ("closed_reason", "")),
                            models.Q(
                                ("closed_on__gte", models.F("applied_on")),
                                ("closed_on__isnull", False),
                                ("closed_reason__in", ["withdrawn", "stopped", "refused", "gone", "cancelled"]),
                            ),
                            _connector="OR",
                        ),
                        name="applicant_closed_with_reason",
                        violation_error_message="结束培养须写明日期和事由。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("voided_by__isnull", True), ("voided_at__isnull", False), _connector="OR"),
                        name="applicant_void_paired",
                        violation_error_message="作废须有时间。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ApplicantPlace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(verbose_name="记录时间")),
                ("superseded_at", models.DateTimeField(null=True, verbose_name="被替代时间")),
                ("valid_from", models.DateField(default=datetime.date(1, 1, 1), verbose_name="起")),
                ("valid_to", models.DateField(default=datetime.date(9999, 12, 31), verbose_name="止（不含）")),
                ("assumed", models.BooleanField(default=False, verbose_name="起日推定")),
                (
                    "applicant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="places",
                        to="party.applicant",
                        verbose_name="入党申请人",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.organization",
                        verbose_name="所在组织",
                    ),
                ),
                (
                    "party_organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="party.partyorganization",
                        verbose_name="党组织",
                    ),
                ),
                (
                    "recorded_by",
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
                "ordering": ["applicant", "valid_from", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at__isnull", True), ("valid_to", datetime.date(9999, 12, 31))),
                        fields=("applicant",),
                        name="applicant_place_open_once",
                        violation_error_message="一名申请人同时只在一个党组织。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid_to__gt", models.F("valid_from"))),
                        name="applicant_place_dates_in_order",
                        violation_error_message="止日须晚于起日。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ApplicantRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(verbose_name="记录时间")),
                ("superseded_at", models.DateTimeField(null=True, verbose_name="被替代时间")),
                ("name", models.CharField(max_length=60, verbose_name="姓名")),
                ("name_key", models.CharField(max_length=60, verbose_name="姓名比对")),
                ("gender", models.CharField(blank=True, default="", max_length=1, verbose_name="性别")),
                ("birth", models.CharField(blank=True, default="", max_length=200, verbose_name="出生日期")),
                ("numbered", models.BooleanField(default=False, verbose_name="报过身份证号")),
                ("education", models.CharField(blank=True, default="", max_length=10, verbose_name="学历")),
                ("job", models.CharField(blank=True, default="", max_length=120, verbose_name="单位及职务")),
                ("leaves_on", models.DateField(null=True, verbose_name="将离开单位的日期")),
                (
                    "applicant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="records",
                        to="party.applicant",
                        verbose_name="入党申请人",
                    ),
                ),
                (
                    "recorded_by",
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
                "ordering": ["applicant", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=["name_key"],
                        name="applicant_record_name",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=("applicant",),
                        name="applicant_record_once",
                        violation_error_message="一名申请人只有一份现行资料。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        name="applicant_record_named",
                        violation_error_message="姓名不能为空。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DevelopmentMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(verbose_name="记录时间")),
                ("superseded_at", models.DateTimeField(null=True, verbose_name="被替代时间")),
                ("kind", models.CharField(max_length=20, verbose_name="类别")),
                ("on", models.DateField(verbose_name="日期")),
                ("evidence", models.CharField(blank=True, default="", max_length=80, verbose_name="文号或编号")),
                (
                    "applicant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="marks",
                        to="party.applicant",
                        verbose_name="入党申请人",
                    ),
                ),
                (
                    "recorded_by",
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
                "ordering": ["applicant", "on", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=("applicant", "kind"),
                        name="development_mark_once",
                        violation_error_message="这个日期已登记。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["publicity", "received", "confirm_publicity", "confirm_received"])
                        ),
                        name="development_mark_known",
                        violation_error_message="类别不对。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DevelopmentStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(verbose_name="记录时间")),
                ("superseded_at", models.DateTimeField(null=True, verbose_name="被替代时间")),
                ("number", models.PositiveSmallIntegerField(verbose_name="步骤")),
                ("on", models.DateField(verbose_name="日期")),
                ("evidence", models.CharField(blank=True, default="", max_length=80, verbose_name="文号或编号")),
                ("training_days", models.PositiveSmallIntegerField(null=True, verbose_name="培训天数")),
                ("training_hours", models.PositiveSmallIntegerField(null=True, verbose_name="培训学时")),
                ("reason", models.CharField(blank=True, default="", max_length=100, verbose_name="事由")),
                (
                    "applicant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="party.applicant",
                        verbose_name="入党申请人",
                    ),
                ),
                (
                    "party_organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="party.partyorganization",
                        verbose_name="党组织",
                    ),
                ),
                (
                    "recorded_by",
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
                "ordering": ["applicant", "number", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=["number", "on"],
                        name="development_step_day",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=("applicant", "number"),
                        name="development_step_once",
                        violation_error_message="这一步已经办理。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("number__gte", 1), ("number__lte", 25), models.Q(("number__in", [6, 21]), _negated=True)
                        ),
                        name="development_step_known",
                        violation_error_message="发展党员只有 25 个步骤，考察另行登记。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("number", 11),
                            models.Q(("training_days__isnull", True), ("training_hours__isnull", True)),
                            _connector="OR",
                        ),
                        name="development_step_training",
                        violation_error_message="只有集中培训填写天数和学时。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DevelopmentVote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(verbose_name="记录时间")),
                ("superseded_at", models.DateTimeField(null=True, verbose_name="被替代时间")),
                ("kind", models.CharField(max_length=12, verbose_name="表决事项")),
                ("on", models.DateField(verbose_name="支部大会日期")),
                ("meeting", models.CharField(blank=True, default="", max_length=40, verbose_name="会议编号")),
                ("expected", models.PositiveSmallIntegerField(verbose_name="应到会有表决权的人数")),
                ("present", models.PositiveSmallIntegerField(verbose_name="实到人数")),
                ("written", models.PositiveSmallIntegerField(default=0, verbose_name="书面意见份数")),
                ("yes", models.PositiveSmallIntegerField(verbose_name="赞成")),
                ("no", models.PositiveSmallIntegerField(default=0, verbose_name="反对")),
                ("abstain", models.PositiveSmallIntegerField(default=0, verbose_name="弃权")),
                ("carried", models.BooleanField(verbose_name="通过")),
                ("outcome", models.CharField(blank=True, default="", max_length=10, verbose_name="决定")),
                ("months", models.PositiveSmallIntegerField(null=True, verbose_name="延长月数")),
                (
                    "applicant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="votes",
                        to="party.applicant",
                        verbose_name="入党申请人",
                    ),
                ),
                (
                    "party_organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="party.partyorganization",
                        verbose_name="党支部",
                    ),
                ),
                (
                    "recorded_by",
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
                "ordering": ["applicant", "on", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "admission"), ("outcome", "")),
                            models.Q(("kind", "confirmation"), ("outcome__in", ["confirm", "extend", "cancel"])),
                            _connector="OR",
                        ),
                        name="development_vote_known",
                        violation_error_message="转正的表决须写明决定。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "extend"), ("months__isnull", False)),
                            models.Q(models.Q(("outcome", "extend"), _negated=True), ("months__isnull", True)),
                            _connector="OR",
                        ),
                        name="development_vote_months",
                        violation_error_message="延长预备期须写明月数。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("present__lte", models.F("expected")),
                            (
                                "expected__gte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("present"), "+", models.F("written")
                                ),
                            ),
                            (
                                "present__gte",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("yes"), "+", models.F("no")
                                        ),
                                        "+",
                                        models.F("abstain"),
                                    ),
                                    "-",
                                    models.F("written"),
                                ),
                            ),
                        ),
                        name="development_vote_adds_up",
                        violation_error_message="实到和书面意见不能多于应到，票数不能多于实到和书面意见。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Examination",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(verbose_name="记录时间")),
                ("superseded_at", models.DateTimeField(null=True, verbose_name="被替代时间")),
                ("kind", models.CharField(max_length=12, verbose_name="类别")),
                ("on", models.DateField(verbose_name="日期")),
                ("result", models.CharField(max_length=10, verbose_name="结论")),
                (
                    "applicant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="examinations",
                        to="party.applicant",
                        verbose_name="入党申请人",
                    ),
                ),
                (
                    "recorded_by",
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
                "ordering": ["applicant", "on", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=("applicant", "on"),
                        name="examination_once_a_day",
                        violation_error_message="这一天的考察已登记。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["cultivation", "probation"]), ("result__in", ["continue", "ready", "not_yet"])
                        ),
                        name="examination_known",
                        violation_error_message="考察的类别或结论不对。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Extension",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(verbose_name="记录时间")),
                ("superseded_at", models.DateTimeField(null=True, verbose_name="被替代时间")),
                ("months", models.PositiveSmallIntegerField(verbose_name="延长月数")),
                ("on", models.DateField(verbose_name="支部大会日期")),
                ("approved_on", models.DateField(verbose_name="上级党委审批日期")),
                ("evidence", models.CharField(blank=True, default="", max_length=80, verbose_name="文号")),
                (
                    "applicant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="extensions",
                        to="party.applicant",
                        verbose_name="入党申请人",
                    ),
                ),
                (
                    "recorded_by",
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
                "ordering": ["applicant", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("approved_on__gte", models.F("on"))),
                        name="extension_days_in_order",
                        violation_error_message="审批日期不能早于支部大会日期。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Mentor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(verbose_name="记录时间")),
                ("superseded_at", models.DateTimeField(null=True, verbose_name="被替代时间")),
                ("valid_from", models.DateField(default=datetime.date(1, 1, 1), verbose_name="起")),
                ("valid_to", models.DateField(default=datetime.date(9999, 12, 31), verbose_name="止（不含）")),
                ("assumed", models.BooleanField(default=False, verbose_name="起日推定")),
                ("kind", models.CharField(max_length=10, verbose_name="类别")),
                (
                    "applicant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mentors",
                        to="party.applicant",
                        verbose_name="入党申请人",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mentored",
                        to="party.member",
                        verbose_name="党员",
                    ),
                ),
                (
                    "recorded_by",
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
                "ordering": ["applicant", "kind", "valid_from", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at__isnull", True), ("valid_to", datetime.date(9999, 12, 31))),
                        fields=("applicant", "member", "kind"),
                        name="mentor_open_once",
                        violation_error_message="这名党员已是他的联系人或介绍人。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["contact", "introducer"])),
                        name="mentor_kind_known",
                        violation_error_message="类别须为培养联系人或入党介绍人。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid_to__gt", models.F("valid_from"))),
                        name="mentor_dates_in_order",
                        violation_error_message="止日须晚于起日。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Quota",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(verbose_name="记录时间")),
                ("superseded_at", models.DateTimeField(null=True, verbose_name="被替代时间")),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("number", models.PositiveSmallIntegerField(verbose_name="计划数")),
                ("evidence", models.CharField(blank=True, default="", max_length=80, verbose_name="文号")),
                (
                    "party_organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quotas",
                        to="party.partyorganization",
                        verbose_name="党组织",
                    ),
                ),
                (
                    "recorded_by",
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
                "ordering": ["-year", "party_organization", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=("party_organization", "year"),
                        name="quota_once_a_year",
                        violation_error_message="这一年的计划已下达。",
                    )
                ],
            },
        ),
    ]
