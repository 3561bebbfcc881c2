"""Instructors and their visits, answers of checks in step, pilots; indexes that cover the counts of members."""

import datetime

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0015_party_scope"),
        ("party", "0003_meetings"),
        ("registry", "0012_counts_with_body"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Instructor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="姓名")),
                ("source", models.CharField(max_length=10, verbose_name="来源")),
                ("unit", models.CharField(blank=True, default="", max_length=120, verbose_name="单位职务")),
                ("sender", models.CharField(blank=True, default="", max_length=120, verbose_name="选派单位")),
                ("ended_on", models.DateField(null=True, verbose_name="停止日期")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("made_at", models.DateTimeField(verbose_name="登记时间")),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.area",
                        verbose_name="选派区划",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="账号",
                    ),
                ),
            ],
            options={
                "ordering": ["name", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_on__isnull", True), ("user__isnull", False)),
                        fields=("user",),
                        name="instructor_account_once",
                        violation_error_message="这个账号已是另一名指导员。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        name="instructor_named",
                        violation_error_message="姓名不能为空。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("source__in", ["street", "industry", "retired", "graduate", "veteran", "other"])
                        ),
                        name="instructor_source_known",
                        violation_error_message="指导员的来源不对。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InstructorAssignment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(verbose_name="记录时间")),
                ("superseded_at", models.DateTimeField(null=True, verbose_name="被替代时间")),
                ("valid_from", models.DateField(default=datetime.date(1, 1, 1), verbose_name="起")),
                ("valid_to", models.DateField(default=datetime.date(9999, 12, 31), verbose_name="止（不含）")),
                ("assumed", models.BooleanField(default=False, verbose_name="起日推定")),
                ("kind", models.CharField(max_length=10, verbose_name="类别")),
                ("letter", models.CharField(blank=True, default="", max_length=80, verbose_name="聘书编号")),
                ("letter_from", models.DateField(verbose_name="聘期起")),
                ("letter_until", models.DateField(verbose_name="聘期止（当日有效）")),
                ("end_reason", models.CharField(blank=True, default="", max_length=100, verbose_name="结束事由")),
                (
                    "instructor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="party.instructor",
                        verbose_name="指导员或联络员",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.organization",
                        verbose_name="联系组织",
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
                "ordering": ["instructor", "valid_from", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=["organization", "valid_to"],
                        name="assignment_body",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at__isnull", True), ("valid_to", datetime.date(9999, 12, 31))),
                        fields=("instructor", "organization", "kind"),
                        name="assignment_open_once",
                        violation_error_message="这名指导员已联系这个组织。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["instructor", "liaison"])),
                        name="assignment_kind_known",
                        violation_error_message="类别只能是指导员或联络员。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("letter_until__gte", models.F("letter_from"))),
                        name="assignment_letter_in_order",
                        violation_error_message="聘期止不能早于聘期起。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid_to__gt", models.F("valid_from"))),
                        name="assignment_dates_in_order",
                        violation_error_message="止日须晚于起日。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Pilot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("wave", models.PositiveSmallIntegerField(default=1, verbose_name="批次")),
                ("criteria", models.CharField(max_length=300, verbose_name="选定的条件")),
                ("chosen_on", models.DateField(verbose_name="选定日期")),
                ("tried", models.TextField(verbose_name="试点内容")),
                ("state", models.CharField(default="trying", max_length=10, verbose_name="状态")),
                ("result", models.TextField(blank=True, default="", verbose_name="结果")),
                ("evidence", models.CharField(blank=True, default="", max_length=120, verbose_name="依据")),
                ("closed_on", models.DateField(null=True, verbose_name="结束日期")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("made_at", models.DateTimeField(verbose_name="登记时间")),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.area",
                        verbose_name="所属区划",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.organization",
                        verbose_name="试点组织",
                    ),
                ),
                (
                    "party_organization",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="party.partyorganization",
                        verbose_name="试点党组织",
                    ),
                ),
            ],
            options={
                "ordering": ["wave", "chosen_on", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("organization__isnull", False), ("party_organization__isnull", True)),
                            models.Q(("organization__isnull", True), ("party_organization__isnull", False)),
                            _connector="OR",
                        ),
                        name="pilot_one_of_two",
                        violation_error_message="试点是一个组织或一个党组织。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["trying", "spread", "stopped"])),
                        name="pilot_state_known",
                        violation_error_message="试点的状态不对。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_on__isnull", True), ("state", "trying")),
                            models.Q(
                                models.Q(("state", "trying"), _negated=True),
                                ("closed_on__gte", models.F("chosen_on")),
                                ("closed_on__isnull", False),
                                models.Q(("result", ""), _negated=True),
                                models.Q(("evidence", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="pilot_closed_with_result",
                        violation_error_message="结束试点须写明结果、依据和日期。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SyncAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(verbose_name="记录时间")),
                ("superseded_at", models.DateTimeField(null=True, verbose_name="被替代时间")),
                ("point", models.CharField(max_length=40, verbose_name="环节")),
                ("on", models.DateField(verbose_name="日期")),
                ("answers", models.JSONField(default=dict, verbose_name="填写内容")),
                ("note", models.CharField(blank=True, default="", max_length=200, verbose_name="说明")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.organization",
                        verbose_name="组织",
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
                "ordering": ["organization", "-on", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=("organization", "point", "on"),
                        name="sync_answer_once",
                        violation_error_message="这一环节当天已经填写过。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField(verbose_name="走访日期")),
                ("looked", models.JSONField(default=list, verbose_name="看了什么")),
                ("findings", models.TextField(blank=True, default="", verbose_name="情况和问题")),
                ("follow_up", models.CharField(blank=True, default="", max_length=300, verbose_name="需要办理的事")),
                ("follow_due_on", models.DateField(null=True, verbose_name="办理期限")),
                ("done_on", models.DateField(null=True, verbose_name="办结日期")),
                ("done_note", models.CharField(blank=True, default="", max_length=300, verbose_name="办理结果")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("made_at", models.DateTimeField(verbose_name="记录时间")),
                (
                    "instructor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="party.instructor",
                        verbose_name="走访的指导员",
                    ),
                ),
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
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.organization",
                        verbose_name="走访组织",
                    ),
                ),
            ],
            options={
                "ordering": ["-on", "-pk"],
                "indexes": [models.Index(fields=["organization", "on"], name="visit_body")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("done_on__isnull", True), models.Q(("follow_up", ""), _negated=True), _connector="OR"
                        ),
                        name="visit_done_of_something",
                        violation_error_message="没有需要办理的事，就没有办结日期。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("done_on__isnull", True), ("done_on__gte", models.F("on")), _connector="OR"
                        ),
                        name="visit_done_after",
                        violation_error_message="办结日期不能早于走访日期。",
                    ),
                ],
            },
        ),
        migrations.RemoveIndex(model_name="affiliation", name="affiliation_body"),
        migrations.AddIndex(
            model_name="affiliation",
            index=models.Index(
                condition=models.Q(("superseded_at__isnull", True)),
                fields=[
                    "organization",
                    "kind",
                    "valid_to",
                    "valid_from",
                    "member",
                    "stage",
                    "consented_on",
                    "full_time",
                    "superseded_at",
                ],
                name="affiliation_body",
            ),
        ),
        migrations.AddIndex(
            model_name="memberrecord",
            index=models.Index(
                condition=models.Q(("superseded_at__isnull", True)),
                fields=["member", "admitted_on", "left_on", "confirmed_on", "superseded_at"],
                name="member_record_standing",
            ),
        ),
    ]
