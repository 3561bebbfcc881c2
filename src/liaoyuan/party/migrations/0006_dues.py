"""Dues: bases, months, reductions, gifts, use."""

import datetime

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("party", "0005_development"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DuesWaiver",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(verbose_name="记录时间")),
                ("superseded_at", models.DateTimeField(null=True, verbose_name="被替代时间")),
                ("first_month", models.DateField(verbose_name="起始月")),
                ("last_month", models.DateField(verbose_name="截止月")),
                ("due_fen", models.PositiveBigIntegerField(null=True, verbose_name="减免后每月应交（分）")),
                ("applied_on", models.DateField(verbose_name="本人申请日期")),
                ("agreed_on", models.DateField(verbose_name="党支部讨论同意日期")),
                ("approval", models.CharField(max_length=80, verbose_name="上级基层党委批准文号")),
                ("approved_on", models.DateField(verbose_name="批准日期")),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dues_waivers",
                        to="party.member",
                        verbose_name="党员",
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
                "ordering": ["member", "first_month", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("last_month__gte", models.F("first_month"))),
                        name="dues_waiver_months_in_order",
                        violation_error_message="截止月不能早于起始月。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("approval", ""), _negated=True),
                        name="dues_waiver_with_approval",
                        violation_error_message="减免党费须有上级基层党委的批准文号。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("agreed_on__gte", models.F("applied_on")), ("approved_on__gte", models.F("agreed_on"))
                        ),
                        name="dues_waiver_steps_in_order",
                        violation_error_message="申请、党支部讨论、上级批准的日期须依次。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Due",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(verbose_name="记录时间")),
                ("superseded_at", models.DateTimeField(null=True, verbose_name="被替代时间")),
                ("month", models.DateField(verbose_name="月份")),
                ("category", models.CharField(blank=True, default="", max_length=10, verbose_name="交纳标准")),
                ("rate", models.PositiveIntegerField(null=True, verbose_name="比例（万分之几）")),
                ("due_fen", models.PositiveBigIntegerField(null=True, verbose_name="应交（分）")),
                ("paid_fen", models.PositiveBigIntegerField(null=True, verbose_name="实交（分）")),
                ("paid_on", models.DateField(null=True, verbose_name="交费日期")),
                ("payee", models.CharField(blank=True, default="", max_length=60, verbose_name="收款人")),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dues",
                        to="party.member",
                        verbose_name="党员",
                    ),
                ),
                (
                    "party_organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dues",
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
                (
                    "waiver",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="party.dueswaiver",
                        verbose_name="减免",
                    ),
                ),
            ],
            options={
                "ordering": ["party_organization", "month", "member", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=["party_organization", "month"],
                        name="due_month",
                    ),
                    models.Index(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=["party_organization", "paid_on"],
                        name="due_paid",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=("member", "month"),
                        name="due_once_a_month",
                        violation_error_message="这名党员这个月的党费已经核定。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("category__in", ["", "monthly", "annual", "irregular", "retired", "farmer", "none"])
                        ),
                        name="due_category_known",
                        violation_error_message="交纳标准不对。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("paid_on__isnull", True), ("paid_fen__isnull", True), ("payee", "")),
                            models.Q(("paid_on__isnull", False), models.Q(("payee", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="due_payment_whole",
                        violation_error_message="交费须有日期和收款人。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("paid_on__isnull", True),
                            models.Q(("due_fen__isnull", True), ("paid_fen__isnull", True)),
                            models.Q(("due_fen__isnull", False), ("paid_fen__gte", models.F("due_fen"))),
                            _connector="OR",
                        ),
                        name="due_paid_in_full",
                        violation_error_message="实交不能少于应交。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("rate__isnull", True), ("due_fen__isnull", False), _connector="OR"),
                        name="due_rate_with_amount",
                        violation_error_message="有比例须有应交数额。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DuesBase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(verbose_name="记录时间")),
                ("superseded_at", models.DateTimeField(null=True, verbose_name="被替代时间")),
                ("valid_from", models.DateField(default=datetime.date(1, 1, 1), verbose_name="起")),
                ("valid_to", models.DateField(default=datetime.date(9999, 12, 31), verbose_name="止（不含）")),
                ("assumed", models.BooleanField(default=False, verbose_name="起日推定")),
                ("category", models.CharField(max_length=10, verbose_name="交纳标准")),
                ("base", models.CharField(blank=True, default="", max_length=200, verbose_name="党费基数")),
                ("set_on", models.DateField(verbose_name="核定日期")),
                ("signed_on", models.DateField(null=True, verbose_name="本人签字日期")),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dues_bases",
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
                "ordering": ["member", "valid_from", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at__isnull", True), ("valid_to", datetime.date(9999, 12, 31))),
                        fields=("member",),
                        name="dues_base_open_once",
                        violation_error_message="一名党员只有一个现行的党费基数。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("category__in", ["monthly", "annual", "irregular", "retired", "farmer", "none"])
                        ),
                        name="dues_base_category_known",
                        violation_error_message="交纳标准不对。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("category__in", ["farmer", "none"]), _negated=True), ("base", ""), _connector="OR"
                        ),
                        name="dues_base_with_category",
                        violation_error_message="农民和没有收入的没有基数。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid_to__gt", models.F("valid_from"))),
                        name="dues_base_dates_in_order",
                        violation_error_message="止日须晚于起日。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DuesExtra",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(verbose_name="记录时间")),
                ("superseded_at", models.DateTimeField(null=True, verbose_name="被替代时间")),
                ("on", models.DateField(verbose_name="交费日期")),
                ("amount_fen", models.PositiveBigIntegerField(verbose_name="多交数额（分）")),
                ("handed_up_on", models.DateField(null=True, verbose_name="上缴日期")),
                ("receipt_no", models.CharField(blank=True, default="", max_length=80, verbose_name="收据编号")),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="party.member",
                        verbose_name="党员",
                    ),
                ),
                (
                    "party_organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dues_extras",
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
                "ordering": ["-on", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount_fen__gt", 0)),
                        name="dues_extra_some",
                        violation_error_message="数额须大于零。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("handed_up_on__isnull", True), ("receipt_no", "")),
                            models.Q(("handed_up_on__isnull", False), models.Q(("receipt_no", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="dues_extra_handed_up_with_receipt",
                        violation_error_message="上缴须有日期和收据编号。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DuesUse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(verbose_name="记录时间")),
                ("superseded_at", models.DateTimeField(null=True, verbose_name="被替代时间")),
                ("on", models.DateField(verbose_name="日期")),
                ("purpose", models.CharField(max_length=200, verbose_name="事由")),
                ("amount_fen", models.PositiveBigIntegerField(verbose_name="金额（分）")),
                ("approved_by", models.CharField(max_length=60, verbose_name="批准人")),
                ("voucher_no", models.CharField(blank=True, default="", max_length=80, verbose_name="票据号")),
                (
                    "party_organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dues_uses",
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
                "ordering": ["-on", "-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=["party_organization", "on"],
                        name="dues_use_day",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount_fen__gt", 0)),
                        name="dues_use_some",
                        violation_error_message="金额须大于零。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("purpose", ""), _negated=True), models.Q(("approved_by", ""), _negated=True)
                        ),
                        name="dues_use_told",
                        violation_error_message="须写明事由和批准人。",
                    ),
                ],
            },
        ),
    ]
