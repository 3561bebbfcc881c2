from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0004_area_edit"),
        ("registry", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="standing",
            name="latitude",
            field=models.FloatField(null=True, verbose_name="纬度"),
        ),
        migrations.AddField(
            model_name="standing",
            name="longitude",
            field=models.FloatField(null=True, verbose_name="经度"),
        ),
        migrations.AddField(
            model_name="standing",
            name="point_datum",
            field=models.CharField(blank=True, default="", max_length=6, verbose_name="坐标系"),
        ),
        migrations.AddConstraint(
            model_name="standing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("latitude__isnull", True), ("longitude__isnull", True), ("point_datum", "")),
                    models.Q(
                        ("latitude__gte", 3.0),
                        ("latitude__isnull", False),
                        ("latitude__lte", 54.0),
                        ("longitude__gte", 73.0),
                        ("longitude__isnull", False),
                        ("longitude__lte", 136.0),
                        ("point_datum__in", ["wgs84", "gcj02", "bd09"]),
                    ),
                    _connector="OR",
                ),
                name="standing_point_whole",
                violation_error_message="坐标须同时有经度、纬度和坐标系，且在中国范围内。",
            ),
        ),
    ]
