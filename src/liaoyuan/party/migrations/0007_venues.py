"""Venues and their bookings; on PostgreSQL no two bookings of one venue that stand share a moment."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def exclude(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "ALTER TABLE party_venuebooking ADD CONSTRAINT party_venue_booking_once EXCLUDE USING gist"
            " (int8range(venue_id, venue_id, '[]') WITH &&, tstzrange(starts_at, ends_at) WITH &&)"
            " WHERE (cancelled_at IS NULL)"
        )


def include(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE party_venuebooking DROP CONSTRAINT party_venue_booking_once")


class Migration(migrations.Migration):
    dependencies = [
        ("party", "0006_dues"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Venue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, verbose_name="名称")),
                ("address", models.CharField(max_length=120, verbose_name="地址")),
                ("square_metres", models.PositiveIntegerField(null=True, verbose_name="面积（㎡）")),
                ("provider", models.CharField(blank=True, default="", max_length=120, verbose_name="提供单位")),
                ("shared_by", models.TextField(blank=True, default="", verbose_name="共建单位")),
                ("hours", models.CharField(blank=True, default="", max_length=120, verbose_name="开放时间")),
                ("keeper", models.CharField(blank=True, default="", max_length=60, verbose_name="负责人")),
                ("equipment", models.TextField(blank=True, default="", verbose_name="设备")),
                ("signs", models.JSONField(default=list, verbose_name="“六有”情况")),
                ("is_open", models.BooleanField(default=False, verbose_name="可供本地其他党组织预约")),
                ("closed_on", models.DateField(null=True, verbose_name="停用日期")),
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
                    "party_organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="venues",
                        to="party.partyorganization",
                        verbose_name="党组织",
                    ),
                ),
            ],
            options={
                "ordering": ["name", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_on__isnull", True)),
                        fields=("party_organization", "name"),
                        name="venue_name_once",
                        violation_error_message="这个党组织已有同名的阵地。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name", ""), _negated=True), models.Q(("address", ""), _negated=True)
                        ),
                        name="venue_told",
                        violation_error_message="阵地须有名称和地址。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="VenueBooking",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_at", models.DateTimeField(verbose_name="开始")),
                ("ends_at", models.DateTimeField(verbose_name="结束")),
                ("purpose", models.CharField(max_length=120, verbose_name="用途")),
                ("made_at", models.DateTimeField(verbose_name="预约时间")),
                ("cancelled_at", models.DateTimeField(null=True, verbose_name="取消时间")),
                ("cancel_reason", models.CharField(blank=True, default="", max_length=120, verbose_name="取消理由")),
                (
                    "cancelled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="取消人",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="预约人",
                    ),
                ),
                (
                    "party_organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bookings",
                        to="party.partyorganization",
                        verbose_name="预约的党组织",
                    ),
                ),
                (
                    "venue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bookings",
                        to="party.venue",
                        verbose_name="阵地",
                    ),
                ),
            ],
            options={
                "ordering": ["starts_at", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("cancelled_at__isnull", True)),
                        fields=["venue", "starts_at"],
                        name="booking_day",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="booking_times_in_order",
                        violation_error_message="结束须晚于开始。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("cancelled_by__isnull", True), ("cancelled_at__isnull", False), _connector="OR"
                        ),
                        name="booking_cancelled_paired",
                        violation_error_message="取消须有时间。",
                    ),
                ],
            },
        ),
        migrations.RunPython(exclude, include, elidable=False),
    ]
