"""What bodies declare of mass organizations and money, appraisals of instructors; on PostgreSQL no two declarations of a
body share a day.
"""

import datetime

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def exclude(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "ALTER TABLE party_bodydeclaration ADD CONSTRAINT party_declaration_once EXCLUDE USING gist"
            " (int8range(organization_id, organization_id, '[]') WITH &&, daterange(valid_from, valid_to) WITH &&)"
            " WHERE (superseded_at IS NULL)"
        )


def include(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE party_bodydeclaration DROP CONSTRAINT party_declaration_once")


class Migration(migrations.Migration):
    dependencies = [
        ("party", "0010_decisions_of_applicants"),
        ("registry", "0012_counts_with_body"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BodyDeclaration",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(verbose_name="记录时间")),
                ("superseded_at", models.DateTimeField(null=True, verbose_name="被替代时间")),
                ("valid_from", models.DateField(default=datetime.date(1, 1, 1), verbose_name="起")),
                ("valid_to", models.DateField(default=datetime.date(9999, 12, 31), verbose_name="止（不含）")),
                ("assumed", models.BooleanField(default=False, verbose_name="起日推定")),
                ("has_union", models.BooleanField(null=True, verbose_name="工会")),
                ("has_youth", models.BooleanField(null=True, verbose_name="共青团")),
                ("has_women", models.BooleanField(null=True, verbose_name="妇女组织")),
                ("funds_fen", models.BigIntegerField(null=True, verbose_name="党建经费（分）")),
                ("funds_year", models.PositiveSmallIntegerField(null=True, verbose_name="经费年度")),
                ("note", models.CharField(blank=True, default="", max_length=200, verbose_name="备注")),
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
                "ordering": ["organization", "valid_from", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at__isnull", True), ("valid_to", datetime.date(9999, 12, 31))),
                        fields=("organization",),
                        name="declaration_open_once",
                        violation_error_message="一个组织同时只有一份现行的申报。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid_to__gt", models.F("valid_from"))),
                        name="declaration_dates_in_order",
                        violation_error_message="止日须晚于起日。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("funds_fen__isnull", True), ("funds_year__isnull", True)),
                            models.Q(
                                ("funds_fen__gte", 0), ("funds_fen__isnull", False), ("funds_year__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="declaration_funds_with_year",
                        violation_error_message="党建经费须写明年度，不能是负数。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InstructorAppraisal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(verbose_name="记录时间")),
                ("superseded_at", models.DateTimeField(null=True, verbose_name="被替代时间")),
                ("kind", models.CharField(max_length=4, verbose_name="考核类别")),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("on", models.DateField(verbose_name="考核日期")),
                ("result", models.CharField(max_length=6, verbose_name="考核结论")),
                ("words", models.CharField(max_length=500, verbose_name="履职情况")),
                ("evidence", models.CharField(blank=True, default="", max_length=120, verbose_name="依据")),
                (
                    "instructor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appraisals",
                        to="party.instructor",
                        verbose_name="指导员或联络员",
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
                "ordering": ["instructor", "-year", "kind"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=("instructor", "kind", "year"),
                        name="appraisal_once",
                        violation_error_message="这一年度的考核已经登记。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["year", "term"]),
                            ("result__in", ["done", "partly", "not"]),
                            models.Q(("words", ""), _negated=True),
                        ),
                        name="appraisal_told",
                        violation_error_message="考核须有类别、结论和履职情况。",
                    ),
                ],
            },
        ),
        migrations.RunPython(exclude, include),
    ]
