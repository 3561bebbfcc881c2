"""Applications to adjust and dissolve party organizations; who leads a group is told by date."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def lead(apps, schema_editor):
    members = apps.get_model("party", "GroupMember")
    for group in apps.get_model("party", "PartyGroup").objects.all():
        members.objects.filter(group=group, member=group.leader, superseded_at__isnull=True).update(leads=True)


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0015_party_scope"),
        ("party", "0007_venues"),
        ("registry", "0012_counts_with_body"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="groupmember",
            name="leads",
            field=models.BooleanField(default=False, verbose_name="组长"),
        ),
        migrations.CreateModel(
            name="Reorganization",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("what", models.CharField(max_length=10, verbose_name="事项")),
                ("state", models.CharField(default="draft", max_length=10, verbose_name="状态")),
                ("origin", models.CharField(max_length=10, verbose_name="申请方式")),
                ("reason", models.CharField(max_length=400, verbose_name="理由")),
                ("name", models.CharField(blank=True, default="", max_length=120, verbose_name="新名称")),
                ("form", models.CharField(blank=True, default="", max_length=10, verbose_name="层级改为")),
                ("branch_kind", models.CharField(blank=True, default="", max_length=12, verbose_name="组建形式改为")),
                ("carrier_name", models.CharField(blank=True, default="", max_length=120, verbose_name="依托单位")),
                ("task_ends_on", models.DateField(null=True, verbose_name="计划结束日期")),
                ("members_to", models.CharField(blank=True, default="", max_length=400, verbose_name="党员去向")),
                ("carried_on", models.DateField(null=True, verbose_name="生效日期")),
                ("officers", models.BooleanField(default=False, verbose_name="须选举或任命班子")),
                ("handed_on", models.DateField(null=True, verbose_name="移交日期")),
                ("handed_to", models.CharField(blank=True, default="", max_length=120, verbose_name="移交给")),
                ("handed_note", models.CharField(blank=True, default="", max_length=400, verbose_name="移交清单")),
                ("filed_on", models.DateField(null=True, verbose_name="备案日期")),
                ("filing_no", models.CharField(blank=True, default="", max_length=80, verbose_name="备案号")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("made_at", models.DateTimeField(verbose_name="建立时间")),
                (
                    "applicant",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.organization",
                        verbose_name="申请单位",
                    ),
                ),
                (
                    "approver",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="party.partyorganization",
                        verbose_name="批准的党委",
                    ),
                ),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.area",
                        verbose_name="所属区划",
                    ),
                ),
                (
                    "carrier",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.organization",
                        verbose_name="依托单位（本登记库）",
                    ),
                ),
                (
                    "case",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reorganization",
                        to="core.case",
                        verbose_name="申请事项",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="建立人",
                    ),
                ),
                (
                    "party_organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reorganizations",
                        to="party.partyorganization",
                        verbose_name="党组织",
                    ),
                ),
                (
                    "superior",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="party.partyorganization",
                        verbose_name="改由哪个上级领导",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "indexes": [models.Index(fields=["area", "state"], name="reorganization_office")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("origin__in", ["branch", "unit", "superior"]),
                            ("state__in", ["draft", "applied", "carried", "filed"]),
                            ("what__in", ["adjust", "dissolve"]),
                        ),
                        name="reorganization_words_known",
                        violation_error_message="申请的状态、事项或申请方式不对。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "branch_kind__in",
                                ["", "independent", "joint", "attached", "functional", "temporary", "floating"],
                            ),
                            ("form__in", ["", "committee", "general", "branch"]),
                        ),
                        name="reorganization_form_known",
                        violation_error_message="层级或组建形式不对。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("origin", "unit"), ("applicant__isnull", False)),
                            models.Q(models.Q(("origin", "unit"), _negated=True), ("applicant__isnull", True)),
                            _connector="OR",
                        ),
                        name="reorganization_unit_applies",
                        violation_error_message="由成员单位申请的须写明单位。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("case__isnull", True), ("state", "draft")),
                            models.Q(models.Q(("state", "draft"), _negated=True), ("case__isnull", False)),
                            _connector="OR",
                        ),
                        name="reorganization_case_when_applied",
                        violation_error_message="提交以后才有申请事项。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["carried", "filed"]), ("carried_on__isnull", False)),
                            models.Q(
                                models.Q(("state__in", ["carried", "filed"]), _negated=True),
                                ("carried_on__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="reorganization_carried_with_day",
                        violation_error_message="批复以后须有生效日期。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("handed_on__isnull", True), ("handed_to", "")),
                            models.Q(("handed_on__isnull", False), models.Q(("handed_to", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="reorganization_handed_to_somebody",
                        violation_error_message="移交须有日期和接收人。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "filed"), ("filed_on__isnull", False)),
                            models.Q(models.Q(("state", "filed"), _negated=True), ("filed_on__isnull", True)),
                            _connector="OR",
                        ),
                        name="reorganization_filed_with_day",
                        violation_error_message="备案须有日期。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReorganizationUnit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("outside_name", models.CharField(blank=True, default="", max_length=120, verbose_name="其他单位")),
                ("joins", models.BooleanField(verbose_name="加入")),
                (
                    "organization",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.organization",
                        verbose_name="社会组织",
                    ),
                ),
                (
                    "reorganization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="units",
                        to="party.reorganization",
                        verbose_name="申请",
                    ),
                ),
            ],
            options={
                "ordering": ["reorganization", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("organization__isnull", False)),
                        fields=("reorganization", "organization"),
                        name="reorganization_unit_once",
                        violation_error_message="这个组织已在名单中。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("organization__isnull", False), ("outside_name", "")),
                            models.Q(("organization__isnull", True), models.Q(("outside_name", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="reorganization_unit_one_of_two",
                        violation_error_message="成员单位须为本登记库的组织，或写明其他单位的名称。",
                    ),
                ],
            },
        ),
        migrations.RunPython(lead, migrations.RunPython.noop, elidable=True),
    ]
