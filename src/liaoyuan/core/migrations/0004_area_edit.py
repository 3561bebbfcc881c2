import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0003_search"),
    ]

    operations = [
        migrations.CreateModel(
            name="FormerName",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="曾用名")),
                ("valid_to", models.DateField(verbose_name="止（不含）")),
                ("recorded_at", models.DateTimeField(verbose_name="记录时间")),
            ],
            options={
                "ordering": ["area", "valid_to"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="area",
            name="area_point_whole",
        ),
        migrations.AddField(
            model_name="area",
            name="abolished_on",
            field=models.DateField(null=True, verbose_name="撤销日期"),
        ),
        migrations.AddField(
            model_name="area",
            name="edited_at",
            field=models.DateTimeField(null=True, verbose_name="编辑时间"),
        ),
        migrations.AddField(
            model_name="area",
            name="edited_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="编辑人",
            ),
        ),
        migrations.AddField(
            model_name="area",
            name="provisional",
            field=models.BooleanField(default=False, verbose_name="暂编代码"),
        ),
        migrations.AddField(
            model_name="area",
            name="successor",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="predecessors",
                to="core.area",
                verbose_name="并入或改设为",
            ),
        ),
        migrations.AddConstraint(
            model_name="area",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("latitude__isnull", True), ("longitude__isnull", True)),
                    models.Q(
                        ("latitude__gte", -90),
                        ("latitude__isnull", False),
                        ("latitude__lte", 90),
                        ("longitude__gte", -180),
                        ("longitude__isnull", False),
                        ("longitude__lte", 180),
                    ),
                    _connector="OR",
                ),
                name="area_point_whole",
                violation_error_message="坐标须同时有经度和纬度，且在有效范围内。",
            ),
        ),
        migrations.AddConstraint(
            model_name="area",
            constraint=models.CheckConstraint(
                condition=models.Q(("datum__in", ["wgs84", "gcj02", "bd09"])),
                name="area_datum_known",
                violation_error_message="坐标系不对。",
            ),
        ),
        migrations.AddConstraint(
            model_name="area",
            constraint=models.CheckConstraint(
                condition=models.Q(("edited_by__isnull", True), ("edited_at__isnull", False), _connector="OR"),
                name="area_edited_paired",
                violation_error_message="编辑须有时间。",
            ),
        ),
        migrations.AddConstraint(
            model_name="area",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("abolished", True),
                    models.Q(("abolished_on__isnull", True), ("successor__isnull", True)),
                    _connector="OR",
                ),
                name="area_end_of_abolished",
                violation_error_message="没有撤销的区划不能有撤销日期和去向。",
            ),
        ),
        migrations.AddField(
            model_name="formername",
            name="area",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="former_names",
                to="core.area",
                verbose_name="区划",
            ),
        ),
        migrations.AddField(
            model_name="formername",
            name="recorded_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="记录人",
            ),
        ),
        migrations.AddConstraint(
            model_name="formername",
            constraint=models.UniqueConstraint(
                fields=("area", "valid_to"), name="former_name_end_once", violation_error_message="这一天已有一次更名。"
            ),
        ),
    ]
