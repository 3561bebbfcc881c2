"""Votes of meetings about people on the way into the party, and the steps that rest on them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("party", "0009_meeting_notices"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="decision",
            name="applicant",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decisions",
                to="party.applicant",
                verbose_name="涉及的申请人",
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="months",
            field=models.PositiveSmallIntegerField(null=True, verbose_name="延长月数"),
        ),
        migrations.AddField(
            model_name="decision",
            name="outcome",
            field=models.CharField(blank=True, default="", max_length=10, verbose_name="转正的决定"),
        ),
        migrations.AddField(
            model_name="decision",
            name="step",
            field=models.PositiveSmallIntegerField(null=True, verbose_name="发展党员步骤"),
        ),
        migrations.AddField(
            model_name="developmentstep",
            name="decision",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="party.decision",
                verbose_name="表决",
            ),
        ),
        migrations.AddField(
            model_name="developmentvote",
            name="decision",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="party.decision",
                verbose_name="表决",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("applicant__isnull", True), ("step__isnull", True)),
                    models.Q(("applicant__isnull", False), ("step__in", (3, 7, 15, 23)), ("step__isnull", False)),
                    _connector="OR",
                ),
                name="decision_of_an_applicant",
                violation_error_message="关于申请人的表决须写明是哪一步。",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(models.Q(("step", 15), _negated=True), ("kind", "admission"), _connector="OR"),
                    models.Q(models.Q(("step", 23), _negated=True), ("kind", "confirmation"), _connector="OR"),
                ),
                name="decision_step_of_its_kind",
                violation_error_message="接收和转正的表决类别不对。",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome__in", ["confirm", "extend", "cancel"]), ("step", 23)),
                    models.Q(
                        models.Q(models.Q(("step", 23), _negated=True), ("step__isnull", True), _connector="OR"),
                        ("outcome", ""),
                    ),
                    _connector="OR",
                ),
                name="decision_outcome_of_confirmation",
                violation_error_message="转正的表决须写明决定。",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("months__isnull", False), ("outcome", "extend")),
                    models.Q(models.Q(("outcome", "extend"), _negated=True), ("months__isnull", True)),
                    _connector="OR",
                ),
                name="decision_months_of_extension",
                violation_error_message="延长预备期须写明月数。",
            ),
        ),
    ]
