"""The middle of an instance on the globe, and how much of a plan stays when its weights change."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("planning", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("planinput", "east", models.FloatField(null=True, verbose_name="原点经度")),
        migrations.AddField("planinput", "north", models.FloatField(null=True, verbose_name="原点纬度")),
        migrations.AddConstraint(
            "planinput",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("east__isnull", True), ("north__isnull", True)),
                    models.Q(("east__isnull", False), ("north__isnull", False)),
                    _connector="OR",
                ),
                name="plan_input_origin_whole",
                violation_error_message="原点须同时有经度和纬度。",
            ),
        ),
        migrations.CreateModel(
            name="GroupCore",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kept", models.PositiveSmallIntegerField(verbose_name="出现的次数")),
                ("tried", models.PositiveSmallIntegerField(verbose_name="重算次数")),
                ("broken", models.JSONField(default=list, verbose_name="不出现的重算")),
                (
                    "group",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="core",
                        to="planning.plangroup",
                        verbose_name="组",
                    ),
                ),
            ],
            options={
                "ordering": ["group"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kept__lte", models.F("tried"))),
                        name="group_core_kept_of_tried",
                        violation_error_message="出现的次数多于重算的次数。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanCore",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("variants", models.JSONField(default=list, verbose_name="重算")),
                ("tried", models.PositiveSmallIntegerField(verbose_name="重算次数")),
                ("stable", models.PositiveIntegerField(verbose_name="稳定的组")),
                ("made_at", models.DateTimeField(verbose_name="算出时间")),
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
                (
                    "plan",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="core",
                        to="planning.plan",
                        verbose_name="方案",
                    ),
                ),
            ],
            options={
                "ordering": ["plan"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("made_by__isnull", True), ("made_at__isnull", False), _connector="OR"),
                        name="plan_core_made_paired",
                        violation_error_message="算出须有时间。",
                    ),
                ],
            },
        ),
    ]
