"""A consent to publication has its evidence and may be withdrawn; lists of honoured volunteers."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def unnamed(apps, schema_editor):
    """Consents told before their evidence was asked say so."""
    rows = apps.get_model("people", "Volunteer").objects.filter(consented_on__isnull=False, consent_evidence="")
    rows.update(consent_evidence="（未登记）")


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0001_initial"),
        ("registry", "0008_merge"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="VolunteerHonour",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(verbose_name="记录时间")),
                ("superseded_at", models.DateTimeField(null=True, verbose_name="被替代时间")),
                ("title", models.CharField(max_length=60, verbose_name="名单名称")),
                ("since", models.DateField(verbose_name="统计起")),
                ("until", models.DateField(verbose_name="统计止")),
                ("minutes", models.PositiveIntegerField(verbose_name="服务时长（分钟）")),
                ("published_on", models.DateField(verbose_name="公布日期")),
            ],
            options={
                "ordering": ["organization", "-published_on", "title", "-minutes", "pk"],
            },
        ),
        migrations.AddField(
            model_name="volunteer",
            name="consent_evidence",
            field=models.CharField(blank=True, default="", max_length=100, verbose_name="同意凭据"),
        ),
        migrations.AddField(
            model_name="volunteer",
            name="withdrawn_on",
            field=models.DateField(null=True, verbose_name="撤回同意日期"),
        ),
        migrations.RunPython(unnamed, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="volunteer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("consent_evidence", ""), ("consented_on__isnull", True)),
                    models.Q(("consented_on__isnull", False), models.Q(("consent_evidence", ""), _negated=True)),
                    _connector="OR",
                ),
                name="volunteer_consent_shown",
                violation_error_message="同意公开须有日期和凭据。",
            ),
        ),
        migrations.AddConstraint(
            model_name="volunteer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("withdrawn_on__isnull", True),
                    models.Q(("consented_on__isnull", False), ("withdrawn_on__gte", models.F("consented_on"))),
                    _connector="OR",
                ),
                name="volunteer_withdrawal_after_consent",
                violation_error_message="撤回日期不能早于同意日期。",
            ),
        ),
        migrations.AddField(
            model_name="volunteerhonour",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry.organization",
                verbose_name="组织",
            ),
        ),
        migrations.AddField(
            model_name="volunteerhonour",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="%(class)ss",
                to="people.person",
                verbose_name="人员",
            ),
        ),
        migrations.AddField(
            model_name="volunteerhonour",
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
            model_name="volunteerhonour",
            constraint=models.UniqueConstraint(
                condition=models.Q(("superseded_at__isnull", True)),
                fields=("organization", "title", "person"),
                name="volunteer_honour_once",
                violation_error_message="名单上已有这名志愿者。",
            ),
        ),
        migrations.AddConstraint(
            model_name="volunteerhonour",
            constraint=models.CheckConstraint(
                condition=models.Q(("minutes__gt", 0), ("until__gte", models.F("since"))),
                name="volunteer_honour_served",
                violation_error_message="表彰须有服务时长，统计止日不能早于起日。",
            ),
        ),
    ]
