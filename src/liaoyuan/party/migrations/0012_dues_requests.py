"""Applications for a reduction of dues, the study of unpaid months, training of a county or above."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("party", "0011_declarations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="trainingrecord",
            name="rotation",
            field=models.BooleanField(default=False, verbose_name="县级以上轮训"),
        ),
        migrations.CreateModel(
            name="DuesRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("first_month", models.DateField(verbose_name="起始月")),
                ("last_month", models.DateField(verbose_name="截止月")),
                ("wished_fen", models.PositiveBigIntegerField(null=True, verbose_name="申请每月交纳（分）")),
                ("applied_on", models.DateField(verbose_name="本人申请日期")),
                ("own", models.BooleanField(default=False, verbose_name="本人在线申请")),
                ("state", models.CharField(default="asked", max_length=10, verbose_name="状态")),
                ("agreed_on", models.DateField(null=True, verbose_name="党支部讨论同意日期")),
                ("ended_on", models.DateField(null=True, verbose_name="办结日期")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("made_at", models.DateTimeField(verbose_name="登记时间")),
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
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dues_requests",
                        to="party.member",
                        verbose_name="党员",
                    ),
                ),
                (
                    "party_organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dues_requests",
                        to="party.partyorganization",
                        verbose_name="党组织",
                    ),
                ),
                (
                    "waiver",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="request",
                        to="party.dueswaiver",
                        verbose_name="批准的减免",
                    ),
                ),
            ],
            options={
                "ordering": ["-applied_on", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["asked", "agreed"])),
                        fields=("member",),
                        name="dues_request_one_under_way",
                        violation_error_message="这名党员已有一份减免申请正在办理。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["asked", "agreed", "granted", "refused", "withdrawn"])),
                        name="dues_request_state_known",
                        violation_error_message="减免申请的状态不对。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("last_month__gte", models.F("first_month"))),
                        name="dues_request_months_in_order",
                        violation_error_message="截止月不能早于起始月。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["agreed", "granted"]), _negated=True),
                            models.Q(("agreed_on__gte", models.F("applied_on")), ("agreed_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="dues_request_agreed_with_day",
                        violation_error_message="党支部讨论须有日期，不早于申请。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "granted"), ("waiver__isnull", False)),
                            models.Q(models.Q(("state", "granted"), _negated=True), ("waiver__isnull", True)),
                            _connector="OR",
                        ),
                        name="dues_request_granted_with_waiver",
                        violation_error_message="批准的申请须有减免。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["asked", "agreed"]), ("ended_on__isnull", True)),
                            models.Q(
                                models.Q(("state__in", ["asked", "agreed"]), _negated=True), ("ended_on__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="dues_request_ended_with_day",
                        violation_error_message="办结须有日期。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DuesStudy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("heard_on", models.DateField(verbose_name="听取本人说明日期")),
                ("opened_on", models.DateField(verbose_name="提交研究日期")),
                ("months", models.PositiveSmallIntegerField(verbose_name="当时未交月数")),
                ("outcome", models.CharField(blank=True, default="", max_length=10, verbose_name="研究结果")),
                ("ended_on", models.DateField(null=True, verbose_name="研究日期")),
                ("document", models.CharField(blank=True, default="", max_length=80, verbose_name="报告文号")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("made_at", models.DateTimeField(verbose_name="登记时间")),
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
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dues_studies",
                        to="party.member",
                        verbose_name="党员",
                    ),
                ),
                (
                    "party_organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dues_studies",
                        to="party.partyorganization",
                        verbose_name="党组织",
                    ),
                ),
            ],
            options={
                "ordering": ["-opened_on", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("outcome", "")),
                        fields=("member",),
                        name="dues_study_one_standing",
                        violation_error_message="这名党员的情况正在研究。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["", "resumed", "help", "upward"])),
                        name="dues_study_outcome_known",
                        violation_error_message="研究结果不对。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("heard_on__lte", models.F("opened_on"))),
                        name="dues_study_heard_first",
                        violation_error_message="须先听取本人说明。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", ""), ("document", ""), ("ended_on__isnull", True)),
                            models.Q(
                                models.Q(("outcome", ""), _negated=True),
                                ("ended_on__gte", models.F("opened_on")),
                                ("ended_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="dues_study_ended_with_day",
                        violation_error_message="研究结果须有日期。",
                    ),
                ],
            },
        ),
    ]
