"""A comparison whose differences have gone past their time says so."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0013_import_made"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="comparison",
            name="comparison_state_known",
        ),
        migrations.AddConstraint(
            model_name="comparison",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["mapping", "reading", "done", "failed", "ended"])),
                name="comparison_state_known",
                violation_error_message="对账状态不对。",
            ),
        ),
    ]
