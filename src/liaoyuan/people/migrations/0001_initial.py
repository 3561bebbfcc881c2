"""Persons and what bodies tell of them; on PostgreSQL no two periods that may not overlap share a day.

SQLite cannot parse an exclusion constraint: there the partial unique constraints and the check under the lock hold.
"""

import datetime

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def _same(column):
    """Equality of a number as an overlap of ranges: so the constraint needs no btree_gist, which many servers lack."""
    return f"int8range({column}, {column}, '[]') WITH &&"


_KINDS = (
    "legal",
    "principal",
    "chair",
    "vice_chair",
    "secretary",
    "standing_director",
    "director",
    "chief_supervisor",
    "supervisor",
)
_KIND = "(CASE kind " + " ".join(f"WHEN '{kind}' THEN {n}" for n, kind in enumerate(_KINDS)) + " END)::bigint"
EXCLUSIONS = (
    (
        "people_post",
        "people_post_sole",
        ("organization_id", _KIND),
        "AND kind IN ('legal', 'principal', 'chair', 'secretary', 'chief_supervisor')",
    ),
    ("people_post", "people_post_once", ("person_id", "organization_id", _KIND), ""),
    ("people_employment", "people_employment_once", ("person_id", "organization_id"), ""),
)


def exclude(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for table, name, columns, more in EXCLUSIONS:
        same = ", ".join(_same(column) for column in columns)
        schema_editor.execute(
            f"ALTER TABLE {table} ADD CONSTRAINT {name} EXCLUDE USING gist"
            f" ({same}, daterange(valid_from, valid_to) WITH &&) WHERE (superseded_at IS NULL {more})"
        )


def include(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table, name, _columns, _more in EXCLUSIONS:
            schema_editor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "__first__"),
        ("registry", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("id_number", models.CharField(blank=True, default="", max_length=200, verbose_name="身份证号")),
                ("id_index", models.CharField(blank=True, default="", max_length=64, verbose_name="身份证号索引")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("created_at", models.DateTimeField(verbose_name="录入时间")),
                ("merged_at", models.DateTimeField(null=True, verbose_name="合并时间")),
                ("voided_at", models.DateTimeField(null=True, verbose_name="作废时间")),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="录入人",
                    ),
                ),
                (
                    "merged_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="合并人",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="people.person",
                        verbose_name="并入",
                    ),
                ),
                (
                    "voided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="作废人",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            models.Q(("id_index", ""), _negated=True),
                            ("merged_at__isnull", True),
                            ("voided_at__isnull", True),
                        ),
                        fields=("id_index",),
                        name="person_id_once",
                        violation_error_message="这个身份证号已有一名人员。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("id_index", ""), ("id_number", "")),
                            models.Q(
                                models.Q(("id_number", ""), _negated=True), models.Q(("id_index", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="person_id_indexed",
                        violation_error_message="身份证号须连同索引保存。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("merged_at__isnull", True), ("merged_by__isnull", True), ("merged_into__isnull", True)
                            ),
                            models.Q(("merged_at__isnull", False), ("merged_into__isnull", False)),
                            _connector="OR",
                        ),
                        name="person_merge_paired",
                        violation_error_message="合并须有时间和去向。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("voided_by__isnull", True), ("voided_at__isnull", False), _connector="OR"),
                        name="person_void_paired",
                        violation_error_message="作废须有时间。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NameReview",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("names", models.CharField(max_length=400, verbose_name="姓名")),
                ("outcome", models.CharField(max_length=10, verbose_name="结论")),
                ("note", models.CharField(blank=True, default="", max_length=200, verbose_name="说明")),
                ("decided_at", models.DateTimeField(verbose_name="核定时间")),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="核定人",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="people.person",
                        verbose_name="人员",
                    ),
                ),
            ],
            options={
                "ordering": ["person", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["same", "different"])),
                        name="name_review_outcome_known",
                        violation_error_message="核定结论不对。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Employment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(verbose_name="记录时间")),
                ("superseded_at", models.DateTimeField(null=True, verbose_name="被替代时间")),
                ("valid_from", models.DateField(default=datetime.date(1, 1, 1), verbose_name="起")),
                ("valid_to", models.DateField(default=datetime.date(9999, 12, 31), verbose_name="止（不含）")),
                ("assumed", models.BooleanField(default=False, verbose_name="起日推定")),
                ("work_time", models.CharField(max_length=4, verbose_name="专/兼职")),
                ("job", models.CharField(blank=True, default="", max_length=60, verbose_name="岗位")),
                ("service_field", models.CharField(blank=True, default="", max_length=40, verbose_name="服务领域")),
                ("mentor", models.CharField(blank=True, default="", max_length=60, verbose_name="督导")),
                ("contract_from", models.DateField(null=True, verbose_name="合同起")),
                ("contract_to", models.DateField(null=True, verbose_name="合同止")),
                ("insured", models.BooleanField(null=True, verbose_name="参加社保")),
                ("is_finance", models.BooleanField(default=False, verbose_name="财会人员")),
                ("end_reason", models.CharField(blank=True, default="", max_length=100, verbose_name="离职事由")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.organization",
                        verbose_name="组织",
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
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="people.person",
                        verbose_name="人员",
                    ),
                ),
            ],
            options={
                "ordering": ["organization", "valid_from", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=["organization", "work_time"],
                        name="employment_body",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at__isnull", True), ("valid_to", datetime.date(9999, 12, 31))),
                        fields=("person", "organization"),
                        name="employment_open_once",
                        violation_error_message="这名人员已在本组织从业。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid_to__gt", models.F("valid_from"))),
                        name="employment_dates_in_order",
                        violation_error_message="离职日期须晚于入职日期。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("contract_from__isnull", True),
                            ("contract_to__isnull", True),
                            ("contract_to__gte", models.F("contract_from")),
                            _connector="OR",
                        ),
                        name="employment_contract_in_order",
                        violation_error_message="合同止期不能早于起期。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("work_time__in", ["full", "part"])),
                        name="employment_time_known",
                        violation_error_message="须为专职或兼职。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ContinuingEducation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(verbose_name="记录时间")),
                ("superseded_at", models.DateTimeField(null=True, verbose_name="被替代时间")),
                ("on", models.DateField(verbose_name="日期")),
                ("hours", models.DecimalField(decimal_places=1, max_digits=5, verbose_name="学时")),
                ("subject", models.CharField(blank=True, default="", max_length=100, verbose_name="内容")),
                ("organizer", models.CharField(blank=True, default="", max_length=80, verbose_name="举办单位")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.organization",
                        verbose_name="组织",
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
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="people.person",
                        verbose_name="人员",
                    ),
                ),
            ],
            options={
                "ordering": ["person", "-on", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("hours__gt", 0)),
                        name="education_hours_positive",
                        violation_error_message="学时须大于零。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Certificate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(verbose_name="记录时间")),
                ("superseded_at", models.DateTimeField(null=True, verbose_name="被替代时间")),
                ("level", models.CharField(max_length=10, verbose_name="级别")),
                ("number", models.CharField(blank=True, default="", max_length=40, verbose_name="管理号")),
                ("approved_on", models.DateField(null=True, verbose_name="批准日期")),
                ("issuer", models.CharField(blank=True, default="", max_length=80, verbose_name="发证机关")),
                ("registration_no", models.CharField(blank=True, default="", max_length=40, verbose_name="登记证书号")),
                ("registered_on", models.DateField(null=True, verbose_name="登记日期")),
                ("registered_until", models.DateField(null=True, verbose_name="登记有效期至")),
                ("revoked_on", models.DateField(null=True, verbose_name="撤销日期")),
                (
                    "education_hours",
                    models.DecimalField(decimal_places=1, max_digits=6, null=True, verbose_name="继续教育学时（申报）"),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.organization",
                        verbose_name="组织",
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
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="people.person",
                        verbose_name="人员",
                    ),
                ),
            ],
            options={
                "ordering": ["person", "level", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=["registered_until"],
                        name="certificate_until",
                    ),
                    models.Index(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=["number"],
                        name="certificate_number",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=("person", "organization", "level"),
                        name="certificate_level_once",
                        violation_error_message="这一级别的证书已经登记。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("level__in", ["assistant", "worker", "senior"])),
                        name="certificate_level_known",
                        violation_error_message="证书级别不对。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Post",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(verbose_name="记录时间")),
                ("superseded_at", models.DateTimeField(null=True, verbose_name="被替代时间")),
                ("valid_from", models.DateField(default=datetime.date(1, 1, 1), verbose_name="起")),
                ("valid_to", models.DateField(default=datetime.date(9999, 12, 31), verbose_name="止（不含）")),
                ("assumed", models.BooleanField(default=False, verbose_name="起日推定")),
                ("kind", models.CharField(max_length=20, verbose_name="职务")),
                ("term_no", models.PositiveSmallIntegerField(null=True, verbose_name="届次")),
                ("elected_on", models.DateField(null=True, verbose_name="选举产生日期")),
                ("evidence", models.CharField(blank=True, default="", max_length=200, verbose_name="依据")),
                ("is_paid", models.BooleanField(null=True, verbose_name="领取报酬")),
                ("is_relative", models.BooleanField(null=True, verbose_name="与理事、监事有近亲属关系")),
                (
                    "relative_note",
                    models.CharField(blank=True, default="", max_length=100, verbose_name="亲属关系说明"),
                ),
                ("is_retired_cadre", models.BooleanField(null=True, verbose_name="离退休领导干部")),
                (
                    "cadre_approval",
                    models.CharField(blank=True, default="", max_length=80, verbose_name="兼职批准文号"),
                ),
                ("is_state_staff", models.BooleanField(null=True, verbose_name="现职国家工作人员")),
                (
                    "age_approval",
                    models.CharField(blank=True, default="", max_length=80, verbose_name="超龄任职批准文号"),
                ),
                ("cleared_on", models.DateField(null=True, verbose_name="无禁止情形声明日期")),
                ("end_reason", models.CharField(blank=True, default="", max_length=100, verbose_name="离任事由")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.organization",
                        verbose_name="组织",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="people.person",
                        verbose_name="人员",
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
                "ordering": ["organization", "valid_from", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=["organization", "kind"],
                        name="post_body",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("kind__in", ["legal", "principal", "chair", "secretary", "chief_supervisor"]),
                            ("superseded_at__isnull", True),
                            ("valid_to", datetime.date(9999, 12, 31)),
                        ),
                        fields=("organization", "kind"),
                        name="post_sole_open_once",
                        violation_error_message="这个职务现已有人担任。",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at__isnull", True), ("valid_to", datetime.date(9999, 12, 31))),
                        fields=("person", "organization", "kind"),
                        name="post_open_once",
                        violation_error_message="这名人员已在任同一职务。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid_to__gt", models.F("valid_from"))),
                        name="post_dates_in_order",
                        violation_error_message="离任日期须晚于任职日期。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "legal",
                                    "principal",
                                    "chair",
                                    "vice_chair",
                                    "secretary",
                                    "standing_director",
                                    "director",
                                    "chief_supervisor",
                                    "supervisor",
                                ],
                            )
                        ),
                        name="post_kind_known",
                        violation_error_message="职务不对。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Profile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(verbose_name="记录时间")),
                ("superseded_at", models.DateTimeField(null=True, verbose_name="被替代时间")),
                ("name", models.CharField(max_length=60, verbose_name="姓名")),
                ("name_key", models.CharField(max_length=60, verbose_name="姓名比对")),
                ("gender", models.CharField(blank=True, default="", max_length=1, verbose_name="性别")),
                ("birth", models.CharField(blank=True, default="", max_length=200, verbose_name="出生年月")),
                ("mobile", models.CharField(blank=True, default="", max_length=200, verbose_name="手机")),
                ("education", models.CharField(blank=True, default="", max_length=10, verbose_name="学历")),
                ("major", models.CharField(blank=True, default="", max_length=60, verbose_name="专业")),
                ("practice_since", models.PositiveSmallIntegerField(null=True, verbose_name="从业起始年")),
                ("basis", models.CharField(blank=True, default="", max_length=10, verbose_name="处理依据")),
                ("consent_no", models.CharField(blank=True, default="", max_length=40, verbose_name="同意书编号")),
                ("note", models.TextField(blank=True, default="", verbose_name="备注")),
                ("numbered", models.BooleanField(default=False, verbose_name="报过身份证号")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.organization",
                        verbose_name="组织",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="people.person",
                        verbose_name="人员",
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
                "ordering": ["person", "organization", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("superseded_at__isnull", True)), fields=["name_key"], name="profile_name"
                    ),
                    models.Index(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=["organization", "name"],
                        name="profile_roster",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=("person", "organization"),
                        name="profile_once",
                        violation_error_message="一个组织对一名人员只有一份现行资料。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        name="profile_named",
                        violation_error_message="姓名不能为空。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("gender__in", ["", "m", "f"])),
                        name="profile_gender_known",
                        violation_error_message="性别不对。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("education__in", ["", "basic", "secondary", "college", "bachelor", "master", "doctor"])
                        ),
                        name="profile_education_known",
                        violation_error_message="学历不对。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("basis__in", ["", "duty", "contract", "consent"])),
                        name="profile_basis_known",
                        violation_error_message="处理依据不对。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Volunteer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(verbose_name="记录时间")),
                ("superseded_at", models.DateTimeField(null=True, verbose_name="被替代时间")),
                ("number", models.CharField(blank=True, default="", max_length=40, verbose_name="志愿者编号")),
                ("registered_on", models.DateField(null=True, verbose_name="注册日期")),
                ("fields", models.CharField(blank=True, default="", max_length=100, verbose_name="服务意向")),
                ("insured_until", models.DateField(null=True, verbose_name="保险有效期至")),
                ("consented_on", models.DateField(null=True, verbose_name="同意公开日期")),
                ("ended_on", models.DateField(null=True, verbose_name="退出日期")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.organization",
                        verbose_name="组织",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="people.person",
                        verbose_name="人员",
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
                "ordering": ["organization", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("superseded_at__isnull", True)), fields=["number"], name="volunteer_number"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=("person", "organization"),
                        name="volunteer_once",
                        violation_error_message="这名人员已是本组织的志愿者。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="VolunteerService",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(verbose_name="记录时间")),
                ("superseded_at", models.DateTimeField(null=True, verbose_name="被替代时间")),
                ("on", models.DateField(verbose_name="日期")),
                ("activity", models.CharField(max_length=100, verbose_name="活动名称")),
                ("content", models.CharField(blank=True, default="", max_length=200, verbose_name="内容")),
                ("started", models.TimeField(null=True, verbose_name="起")),
                ("ended", models.TimeField(null=True, verbose_name="止")),
                ("minutes", models.PositiveIntegerField(verbose_name="时长（分钟）")),
                ("place", models.CharField(blank=True, default="", max_length=100, verbose_name="地点")),
                ("category", models.CharField(blank=True, default="", max_length=40, verbose_name="服务对象类别")),
                ("recorder", models.CharField(blank=True, default="", max_length=60, verbose_name="记录人")),
                ("confirmer", models.CharField(blank=True, default="", max_length=60, verbose_name="确认人")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.organization",
                        verbose_name="组织",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="people.person",
                        verbose_name="人员",
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
                "ordering": ["person", "on", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=["person", "on"],
                        name="service_person",
                    ),
                    models.Index(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=["organization", "on"],
                        name="service_body",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("minutes__gt", 0)),
                        name="service_minutes_positive",
                        violation_error_message="时长须大于零。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("started__isnull", True),
                            ("ended__isnull", True),
                            ("ended__gt", models.F("started")),
                            _connector="OR",
                        ),
                        name="service_times_in_order",
                        violation_error_message="止时须晚于起时。",
                    ),
                ],
            },
        ),
        migrations.RunPython(exclude, include, elidable=False),
    ]
