"""Party organizations, members, affiliations, foundings, transfers, officers; on PostgreSQL no two periods that may not
overlap share a day.

SQLite cannot parse an exclusion constraint: there the partial unique constraints and the check under the lock hold.
"""

import datetime

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def _same(column):
    """Equality of a number as an overlap of ranges: so the constraint needs no btree_gist, which many servers lack."""
    return f"int8range({column}, {column}, '[]') WITH &&"


EXCLUSIONS = (
    ("party_formation", "party_formation_once", ("party_organization_id",), ""),
    ("party_unit", "party_unit_joint_once", ("organization_id",), "AND joint AND organization_id IS NOT NULL"),
    ("party_affiliation", "party_affiliation_formal", ("member_id",), "AND kind = 'formal'"),
    ("party_officer", "party_officer_sole", ("party_organization_id",), "AND kind = 'secretary'"),
    ("party_votingpause", "party_voting_pause_once", ("member_id",), ""),
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
        ("core", "0015_party_scope"),
        ("people", "0002_volunteer_honours"),
        ("registry", "0012_counts_with_body"),
    ]

    operations = [
        migrations.CreateModel(
            name="Ceremony",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=120, verbose_name="会议名称")),
                ("on", models.DateField(verbose_name="日期")),
                ("place", models.CharField(blank=True, default="", max_length=120, verbose_name="地点")),
                ("host", models.CharField(blank=True, default="", max_length=60, verbose_name="主持")),
                ("note", models.TextField(blank=True, default="", verbose_name="议程和情况")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("made_at", models.DateTimeField(verbose_name="建立时间")),
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
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="建立人",
                    ),
                ),
            ],
            options={
                "ordering": ["-on", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Member",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("created_at", models.DateTimeField(verbose_name="录入时间")),
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
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                        verbose_name="自然人",
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
                        condition=models.Q(("voided_at__isnull", True)),
                        fields=("person",),
                        name="member_person_once",
                        violation_error_message="这个人已在党员名册中。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("voided_by__isnull", True), ("voided_at__isnull", False), _connector="OR"),
                        name="member_void_paired",
                        violation_error_message="作废须有时间。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MemberRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(verbose_name="记录时间")),
                ("superseded_at", models.DateTimeField(null=True, verbose_name="被替代时间")),
                ("name", models.CharField(max_length=60, verbose_name="姓名")),
                ("name_key", models.CharField(max_length=60, verbose_name="姓名比对")),
                ("gender", models.CharField(blank=True, default="", max_length=1, verbose_name="性别")),
                ("ethnicity", models.CharField(blank=True, default="", max_length=20, verbose_name="民族")),
                ("native_place", models.CharField(blank=True, default="", max_length=60, verbose_name="籍贯")),
                ("birth", models.CharField(blank=True, default="", max_length=200, verbose_name="出生年月")),
                ("numbered", models.BooleanField(default=False, verbose_name="报过身份证号")),
                ("education", models.CharField(blank=True, default="", max_length=10, verbose_name="学历")),
                ("degree", models.CharField(blank=True, default="", max_length=20, verbose_name="学位")),
                ("school", models.CharField(blank=True, default="", max_length=120, verbose_name="毕业院校及专业")),
                ("worked_since", models.DateField(null=True, verbose_name="参加工作时间")),
                ("admitted_on", models.DateField(null=True, verbose_name="入党时间")),
                ("confirmed_on", models.DateField(null=True, verbose_name="转正时间")),
                ("left_on", models.DateField(null=True, verbose_name="离开党组织日期")),
                ("left_reason", models.CharField(blank=True, default="", max_length=10, verbose_name="离开事由")),
                ("job", models.CharField(blank=True, default="", max_length=120, verbose_name="单位及职务")),
                ("work_time", models.CharField(blank=True, default="", max_length=4, verbose_name="岗位（专/兼）")),
                ("category", models.CharField(blank=True, default="", max_length=40, verbose_name="人员类别")),
                ("mobile", models.CharField(blank=True, default="", max_length=200, verbose_name="手机")),
                ("address", models.CharField(blank=True, default="", max_length=400, verbose_name="现住址")),
                ("police_station", models.CharField(blank=True, default="", max_length=60, verbose_name="户籍派出所")),
                ("skills", models.CharField(blank=True, default="", max_length=120, verbose_name="技能/证书")),
                ("floating_note", models.CharField(blank=True, default="", max_length=120, verbose_name="流动情况")),
                ("precision", models.JSONField(default=dict, verbose_name="日期精度")),
                ("evidence", models.CharField(blank=True, default="", max_length=120, verbose_name="依据")),
                ("note", models.CharField(blank=True, default="", max_length=200, verbose_name="备注")),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="records",
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
                "ordering": ["member", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=["name_key"],
                        name="member_record_name",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=("member",),
                        name="member_record_once",
                        violation_error_message="一名党员只有一份现行资料。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        name="member_record_named",
                        violation_error_message="姓名不能为空。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_on__isnull", True),
                            ("admitted_on__isnull", True),
                            ("confirmed_on__gte", models.F("admitted_on")),
                            _connector="OR",
                        ),
                        name="member_record_confirmed_after_admitted",
                        violation_error_message="转正时间不能早于入党时间。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("left_on__isnull", True), ("left_reason", "")),
                            models.Q(("left_on__isnull", False), ("left_reason__in", ["moved", "died", "other"])),
                            _connector="OR",
                        ),
                        name="member_record_left_with_reason",
                        violation_error_message="离开党组织须同时写明日期和事由。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PartyOrganization",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "path",
                    models.CharField(blank=True, db_index=True, default="", max_length=120, verbose_name="隶属路径"),
                ),
                ("established_on", models.DateField(null=True, verbose_name="成立日期")),
                ("regular_on", models.DateField(null=True, verbose_name="转为正常运行日期")),
                ("dissolved_on", models.DateField(null=True, verbose_name="撤销日期")),
                ("dissolved_reason", models.CharField(blank=True, default="", max_length=200, verbose_name="撤销事由")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("created_at", models.DateTimeField(verbose_name="录入时间")),
                ("voided_at", models.DateTimeField(null=True, verbose_name="作废时间")),
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
                "ordering": ["path"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("dissolved_on__isnull", True),
                            ("established_on__isnull", True),
                            ("dissolved_on__gte", models.F("established_on")),
                            _connector="OR",
                        ),
                        name="party_organization_dates_in_order",
                        violation_error_message="撤销日期不能早于成立日期。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("voided_by__isnull", True), ("voided_at__isnull", False), _connector="OR"),
                        name="party_organization_void_paired",
                        violation_error_message="作废须有时间。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Founding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("state", models.CharField(default="draft", max_length=10, verbose_name="状态")),
                ("name", models.CharField(max_length=120, verbose_name="拟设党支部名称")),
                ("branch_kind", models.CharField(max_length=12, verbose_name="组建形式")),
                ("carrier_name", models.CharField(blank=True, default="", max_length=120, verbose_name="依托单位")),
                ("purpose", models.CharField(blank=True, default="", max_length=400, verbose_name="设立理由")),
                ("task_ends_on", models.DateField(null=True, verbose_name="计划结束日期")),
                ("transfer_due_on", models.DateField(null=True, verbose_name="转接到期日")),
                ("secretary_how", models.CharField(blank=True, default="", max_length=10, verbose_name="产生方式")),
                (
                    "result_note",
                    models.CharField(blank=True, default="", max_length=200, verbose_name="选举或任命情况"),
                ),
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
                        related_name="founding",
                        to="core.case",
                        verbose_name="申请事项",
                    ),
                ),
                (
                    "ceremony",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="foundings",
                        to="party.ceremony",
                        verbose_name="成立大会",
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
                    "secretary",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="party.member",
                        verbose_name="首任书记人选",
                    ),
                ),
                (
                    "party_organization",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="founding",
                        to="party.partyorganization",
                        verbose_name="设立的党组织",
                    ),
                ),
                (
                    "superior",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="party.partyorganization",
                        verbose_name="上级党组织",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "indexes": [models.Index(fields=["area", "state"], name="founding_office")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["draft", "applied", "approved", "founded", "filed"])),
                        name="founding_state_known",
                        violation_error_message="申请的状态不对。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "branch_kind__in",
                                ["independent", "joint", "attached", "functional", "temporary", "floating"],
                            )
                        ),
                        name="founding_kind_known",
                        violation_error_message="组建形式不对。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("case__isnull", True), ("state", "draft")),
                            models.Q(models.Q(("state", "draft"), _negated=True), ("case__isnull", False)),
                            _connector="OR",
                        ),
                        name="founding_case_when_applied",
                        violation_error_message="提交以后才有申请事项。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["founded", "filed", "approved"]), _negated=True),
                            ("party_organization__isnull", False),
                            _connector="OR",
                        ),
                        name="founding_branch_when_approved",
                        violation_error_message="批复以后须有设立的党组织。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["founded", "filed"]), _negated=True),
                            models.Q(("ceremony__isnull", False), ("secretary_how__in", ["elected", "appointed"])),
                            _connector="OR",
                        ),
                        name="founding_meeting_when_founded",
                        violation_error_message="成立须有成立大会和书记的产生方式。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(models.Q(("state", "filed"), _negated=True), ("filed_on__isnull", True)),
                            models.Q(("state", "filed"), ("filed_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="founding_filed_with_day",
                        violation_error_message="备案须有日期。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FoundingMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("standing", models.CharField(max_length=10, verbose_name="身份")),
                ("full_time", models.BooleanField(default=False, verbose_name="专职")),
                ("consented_on", models.DateField(null=True, verbose_name="书面同意日期")),
                ("transfer_due_on", models.DateField(null=True, verbose_name="应转入日期")),
                (
                    "founding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="members",
                        to="party.founding",
                        verbose_name="申请",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.organization",
                        verbose_name="所在组织",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="party.member",
                        verbose_name="党员",
                    ),
                ),
            ],
            options={
                "ordering": ["founding", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("founding", "member"),
                        name="founding_member_once",
                        violation_error_message="这名党员已在名单中。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("standing__in", ["formal", "committed", "dual"])),
                        name="founding_member_standing_known",
                        violation_error_message="身份不对。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("standing", "committed"),
                                ("consented_on__isnull", False),
                                ("full_time", True),
                                ("transfer_due_on__isnull", False),
                                ("transfer_due_on__gt", models.F("consented_on")),
                            ),
                            models.Q(
                                models.Q(("standing", "committed"), _negated=True), ("transfer_due_on__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="founding_member_committed_whole",
                        violation_error_message="书面同意转入的须为专职，并写明同意日期和应转入日期。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Officer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(verbose_name="记录时间")),
                ("superseded_at", models.DateTimeField(null=True, verbose_name="被替代时间")),
                ("valid_from", models.DateField(default=datetime.date(1, 1, 1), verbose_name="起")),
                ("valid_to", models.DateField(default=datetime.date(9999, 12, 31), verbose_name="止（不含）")),
                ("assumed", models.BooleanField(default=False, verbose_name="起日推定")),
                ("kind", models.CharField(max_length=12, verbose_name="职务")),
                ("how", models.CharField(max_length=10, verbose_name="产生方式")),
                ("source", models.CharField(blank=True, default="", max_length=40, verbose_name="来源")),
                ("evidence", models.CharField(blank=True, default="", max_length=80, verbose_name="依据文号")),
                ("end_reason", models.CharField(blank=True, default="", max_length=100, verbose_name="免职事由")),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="posts",
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
                (
                    "party_organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="officers",
                        to="party.partyorganization",
                        verbose_name="党组织",
                    ),
                ),
            ],
            options={
                "ordering": ["party_organization", "valid_from", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("kind__in", ["secretary"]),
                            ("superseded_at__isnull", True),
                            ("valid_to", datetime.date(9999, 12, 31)),
                        ),
                        fields=("party_organization", "kind"),
                        name="officer_sole_open_once",
                        violation_error_message="这个党组织现已有书记。",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at__isnull", True), ("valid_to", datetime.date(9999, 12, 31))),
                        fields=("party_organization", "member", "kind"),
                        name="officer_open_once",
                        violation_error_message="这名党员已在任同一职务。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["secretary", "vice", "organization", "publicity", "discipline", "member"])
                        ),
                        name="officer_kind_known",
                        violation_error_message="职务不对。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("how__in", ["elected", "appointed"])),
                        name="officer_how_known",
                        violation_error_message="产生方式须为选举或任命。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid_to__gt", models.F("valid_from"))),
                        name="officer_dates_in_order",
                        violation_error_message="免职日期须晚于任职日期。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Formation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(verbose_name="记录时间")),
                ("superseded_at", models.DateTimeField(null=True, verbose_name="被替代时间")),
                ("valid_from", models.DateField(default=datetime.date(1, 1, 1), verbose_name="起")),
                ("valid_to", models.DateField(default=datetime.date(9999, 12, 31), verbose_name="止（不含）")),
                ("assumed", models.BooleanField(default=False, verbose_name="起日推定")),
                ("name", models.CharField(max_length=120, verbose_name="名称")),
                ("form", models.CharField(max_length=10, verbose_name="层级")),
                ("branch_kind", models.CharField(blank=True, default="", max_length=12, verbose_name="组建形式")),
                (
                    "superior_name",
                    models.CharField(blank=True, default="", max_length=120, verbose_name="上级党组织（系统外）"),
                ),
                ("may_transfer", models.BooleanField(default=False, verbose_name="可审批预备党员、开具介绍信")),
                ("carrier_name", models.CharField(blank=True, default="", max_length=120, verbose_name="依托单位")),
                ("term_months", models.PositiveSmallIntegerField(null=True, verbose_name="任期（月）")),
                ("task_ends_on", models.DateField(null=True, verbose_name="计划结束日期")),
                ("transfer_due_on", models.DateField(null=True, verbose_name="转接到期日")),
                ("evidence", models.CharField(blank=True, default="", max_length=80, verbose_name="批复文号")),
                ("approved_on", models.DateField(null=True, verbose_name="批复日期")),
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
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.case",
                        verbose_name="申请事项",
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
                    "party_organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="formations",
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
                        verbose_name="上级党组织",
                    ),
                ),
            ],
            options={
                "ordering": ["party_organization", "valid_from", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("superseded_at__isnull", True)), fields=["name"], name="formation_name"
                    ),
                    models.Index(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=["form", "branch_kind", "valid_from"],
                        name="formation_kind",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at__isnull", True), ("valid_to", datetime.date(9999, 12, 31))),
                        fields=("party_organization",),
                        name="formation_open_once",
                        violation_error_message="一个党组织只能有一条现行情况。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid_to__gt", models.F("valid_from"))),
                        name="formation_dates_in_order",
                        violation_error_message="止日须晚于起日。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        name="formation_named",
                        violation_error_message="党组织名称不能为空。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("form", "branch"),
                                (
                                    "branch_kind__in",
                                    ["independent", "joint", "attached", "functional", "temporary", "floating"],
                                ),
                            ),
                            models.Q(("form__in", ["committee", "general"]), ("branch_kind", "")),
                            _connector="OR",
                        ),
                        name="formation_form_known",
                        violation_error_message="党支部须写明组建形式，党委、党总支不写。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("superior", models.F("party_organization")), _negated=True),
                        name="formation_not_own_superior",
                        violation_error_message="党组织不能是自己的上级。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Affiliation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(verbose_name="记录时间")),
                ("superseded_at", models.DateTimeField(null=True, verbose_name="被替代时间")),
                ("valid_from", models.DateField(default=datetime.date(1, 1, 1), verbose_name="起")),
                ("valid_to", models.DateField(default=datetime.date(9999, 12, 31), verbose_name="止（不含）")),
                ("assumed", models.BooleanField(default=False, verbose_name="起日推定")),
                ("outside_name", models.CharField(blank=True, default="", max_length=120, verbose_name="系统外党组织")),
                ("kind", models.CharField(max_length=10, verbose_name="类别")),
                ("full_time", models.BooleanField(null=True, verbose_name="专职")),
                ("purpose", models.CharField(blank=True, default="", max_length=120, verbose_name="目的")),
                ("planned_end", models.DateField(null=True, verbose_name="计划结束日期")),
                ("stage", models.CharField(blank=True, default="", max_length=10, verbose_name="阶段")),
                ("stage_on", models.DateField(null=True, verbose_name="阶段起日")),
                ("began_on", models.DateField(null=True, verbose_name="参加起日")),
                ("moved", models.BooleanField(default=False, verbose_name="已转入")),
                ("consented_on", models.DateField(null=True, verbose_name="书面同意日期")),
                ("transfer_due_on", models.DateField(null=True, verbose_name="应转入日期")),
                ("home_contact", models.CharField(blank=True, default="", max_length=60, verbose_name="原支部联系人")),
                ("evidence", models.CharField(blank=True, default="", max_length=120, verbose_name="依据")),
                ("end_reason", models.CharField(blank=True, default="", max_length=100, verbose_name="结束事由")),
                (
                    "organization",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.organization",
                        verbose_name="所在组织",
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
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="affiliations",
                        to="party.member",
                        verbose_name="党员",
                    ),
                ),
                (
                    "party_organization",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="affiliations",
                        to="party.partyorganization",
                        verbose_name="党组织",
                    ),
                ),
            ],
            options={
                "ordering": ["member", "valid_from", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=["party_organization", "kind", "valid_to"],
                        name="affiliation_roster",
                    ),
                    models.Index(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=["organization", "kind", "valid_to"],
                        name="affiliation_body",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("kind", "formal"),
                            ("superseded_at__isnull", True),
                            ("valid_to", datetime.date(9999, 12, 31)),
                        ),
                        fields=("member",),
                        name="affiliation_formal_once",
                        violation_error_message="一名党员只能有一个正式组织关系。",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at__isnull", True), ("valid_to", datetime.date(9999, 12, 31))),
                        fields=("member", "party_organization", "organization"),
                        name="affiliation_open_once",
                        violation_error_message="这名党员在这个党组织已有一条现行关系。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["formal", "temporary", "double", "floating", "on_duty", "resident"])
                        ),
                        name="affiliation_kind_known",
                        violation_error_message="组织关系的类别不对。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("party_organization__isnull", False), ("outside_name", "")),
                            models.Q(
                                ("kind", "formal"),
                                ("party_organization__isnull", True),
                                models.Q(("outside_name", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="affiliation_one_of_two",
                        violation_error_message="须写明党组织；系统外的只能是正式组织关系。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind__in", ["temporary", "double"]),
                                ("stage__in", ["surveyed", "dual", "moving", "moved", "kept"]),
                                ("stage_on__isnull", False),
                            ),
                            models.Q(
                                models.Q(("kind__in", ["temporary", "double"]), _negated=True),
                                ("stage", ""),
                                ("stage_on__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="affiliation_stage_with_kind",
                        violation_error_message="双隶属、双重管理须写明阶段，其他类别没有阶段。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("transfer_due_on__isnull", True), ("consented_on__isnull", False), _connector="OR"
                        ),
                        name="affiliation_due_with_consent",
                        violation_error_message="书面同意以后才有应转入日期。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid_to__gt", models.F("valid_from"))),
                        name="affiliation_dates_in_order",
                        violation_error_message="止日须晚于起日。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Term",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(verbose_name="记录时间")),
                ("superseded_at", models.DateTimeField(null=True, verbose_name="被替代时间")),
                ("number", models.PositiveSmallIntegerField(verbose_name="届次")),
                ("began_on", models.DateField(verbose_name="起")),
                ("due_on", models.DateField(verbose_name="届满日期")),
                ("extended_to", models.DateField(null=True, verbose_name="延期至")),
                (
                    "extension_evidence",
                    models.CharField(blank=True, default="", max_length=80, verbose_name="延期批复文号"),
                ),
                ("ended_on", models.DateField(null=True, verbose_name="结束日期")),
                (
                    "party_organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="terms",
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
                "ordering": ["party_organization", "number", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=("party_organization", "number"),
                        name="term_number_once",
                        violation_error_message="这一届已有。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("due_on__gt", models.F("began_on"))),
                        name="term_dates_in_order",
                        violation_error_message="届满日期须晚于起日。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("extended_to__isnull", True), ("extension_evidence", "")),
                            models.Q(
                                ("extended_to__isnull", False),
                                ("extended_to__gt", models.F("due_on")),
                                models.Q(("extension_evidence", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="term_extension_with_approval",
                        violation_error_message="延期须晚于届满日期，并写明批复文号。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Transfer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "source_name",
                    models.CharField(blank=True, default="", max_length=120, verbose_name="转出党组织（系统外）"),
                ),
                (
                    "target_name",
                    models.CharField(blank=True, default="", max_length=120, verbose_name="转入党组织（系统外）"),
                ),
                (
                    "issuer_name",
                    models.CharField(blank=True, default="", max_length=120, verbose_name="开具介绍信的党委（系统外）"),
                ),
                ("state", models.CharField(default="draft", max_length=10, verbose_name="状态")),
                ("reason", models.CharField(blank=True, default="", max_length=200, verbose_name="转接原因")),
                ("number", models.CharField(blank=True, default="", max_length=60, verbose_name="介绍信编号")),
                ("issued_on", models.DateField(null=True, verbose_name="开具日期")),
                ("valid_days", models.PositiveSmallIntegerField(null=True, verbose_name="有效期（天）")),
                ("expires_on", models.DateField(null=True, verbose_name="有效期至")),
                ("dues_until", models.DateField(null=True, verbose_name="党费交至")),
                ("handled_by", models.CharField(blank=True, default="", max_length=60, verbose_name="经办人")),
                ("accepted_on", models.DateField(null=True, verbose_name="接收日期")),
                ("receipt_on", models.DateField(null=True, verbose_name="回执日期")),
                ("refused_on", models.DateField(null=True, verbose_name="退回日期")),
                ("refused_reason", models.CharField(blank=True, default="", max_length=200, verbose_name="退回理由")),
                ("note", models.CharField(blank=True, default="", max_length=200, verbose_name="备注")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("made_at", models.DateTimeField(verbose_name="建立时间")),
                (
                    "issuer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters",
                        to="party.partyorganization",
                        verbose_name="开具介绍信的党委",
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
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transfers",
                        to="party.member",
                        verbose_name="党员",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.organization",
                        verbose_name="转入后所在组织",
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="party.transfer",
                        verbose_name="重开的原介绍信",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transfers_out",
                        to="party.partyorganization",
                        verbose_name="转出党组织",
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transfers_in",
                        to="party.partyorganization",
                        verbose_name="转入党组织",
                    ),
                ),
            ],
            options={
                "ordering": ["-issued_on", "-pk"],
                "indexes": [models.Index(fields=["state", "expires_on"], name="transfer_open")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("issuer__isnull", False), models.Q(("number", ""), _negated=True)),
                        fields=("issuer", "number"),
                        name="transfer_number_once",
                        violation_error_message="这个介绍信编号已被使用。",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["draft", "issued"])),
                        fields=("member",),
                        name="transfer_one_under_way",
                        violation_error_message="这名党员已有一件转接正在办理。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["draft", "issued", "accepted", "refused", "replaced", "cancelled"])
                        ),
                        name="transfer_state_known",
                        violation_error_message="转接的状态不对。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["issued", "accepted", "refused", "replaced"]), _negated=True),
                            models.Q(
                                models.Q(("number", ""), _negated=True),
                                ("expires_on__isnull", False),
                                ("issued_on__isnull", False),
                                ("valid_days__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="transfer_letter_whole",
                        violation_error_message="介绍信须有编号、开具日期和有效期。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(models.Q(("state", "accepted"), _negated=True), ("accepted_on__isnull", True)),
                            models.Q(("state", "accepted"), ("accepted_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="transfer_accepted_with_day",
                        violation_error_message="接收须有日期。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(models.Q(("state", "refused"), _negated=True), ("refused_on__isnull", True)),
                            models.Q(
                                ("state", "refused"),
                                ("refused_on__isnull", False),
                                models.Q(("refused_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="transfer_refused_with_reason",
                        violation_error_message="退回须有日期和理由。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("source__isnull", False), models.Q(("source_name", ""), _negated=True), _connector="OR"
                        ),
                        name="transfer_source_given",
                        violation_error_message="请写明转出党组织。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("target__isnull", False), models.Q(("target_name", ""), _negated=True), _connector="OR"
                        ),
                        name="transfer_target_given",
                        violation_error_message="请写明转入党组织。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("source__isnull", True),
                            ("target__isnull", True),
                            models.Q(("source", models.F("target")), _negated=True),
                            _connector="OR",
                        ),
                        name="transfer_moves",
                        violation_error_message="转出和转入不能是同一个党组织。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Unit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(verbose_name="记录时间")),
                ("superseded_at", models.DateTimeField(null=True, verbose_name="被替代时间")),
                ("valid_from", models.DateField(default=datetime.date(1, 1, 1), verbose_name="起")),
                ("valid_to", models.DateField(default=datetime.date(9999, 12, 31), verbose_name="止（不含）")),
                ("assumed", models.BooleanField(default=False, verbose_name="起日推定")),
                ("outside_name", models.CharField(blank=True, default="", max_length=120, verbose_name="其他单位")),
                ("joint", models.BooleanField(default=False, verbose_name="联合组建")),
                ("evidence", models.CharField(blank=True, default="", max_length=80, verbose_name="依据文号")),
                ("evidence_on", models.DateField(null=True, verbose_name="依据日期")),
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
                    "party_organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="units",
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
                "ordering": ["party_organization", "valid_from", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=["organization", "valid_to"],
                        name="unit_body",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("joint", True), ("superseded_at__isnull", True), ("valid_to", datetime.date(9999, 12, 31))
                        ),
                        fields=("organization",),
                        name="unit_one_joint_branch",
                        violation_error_message="这个组织已在另一个联合党支部。",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at__isnull", True), ("valid_to", datetime.date(9999, 12, 31))),
                        fields=("party_organization", "organization"),
                        name="unit_open_once",
                        violation_error_message="这个组织已是成员单位。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("organization__isnull", False), ("outside_name", "")),
                            models.Q(("organization__isnull", True), models.Q(("outside_name", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="unit_one_of_two",
                        violation_error_message="成员单位须为本登记库的组织，或写明其他单位的名称。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid_to__gt", models.F("valid_from"))),
                        name="unit_dates_in_order",
                        violation_error_message="止日须晚于起日。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="VotingPause",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(verbose_name="记录时间")),
                ("superseded_at", models.DateTimeField(null=True, verbose_name="被替代时间")),
                ("valid_from", models.DateField(default=datetime.date(1, 1, 1), verbose_name="起")),
                ("valid_to", models.DateField(default=datetime.date(9999, 12, 31), verbose_name="止（不含）")),
                ("assumed", models.BooleanField(default=False, verbose_name="起日推定")),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pauses",
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
                        name="voting_pause_open_once",
                        violation_error_message="这名党员已在暂停表决权期间。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid_to__gt", models.F("valid_from"))),
                        name="voting_pause_dates_in_order",
                        violation_error_message="止日须晚于起日。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FoundingUnit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("outside_name", models.CharField(blank=True, default="", max_length=120, verbose_name="其他单位")),
                (
                    "founding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="units",
                        to="party.founding",
                        verbose_name="申请",
                    ),
                ),
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
            ],
            options={
                "ordering": ["founding", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("organization__isnull", False)),
                        fields=("founding", "organization"),
                        name="founding_unit_once",
                        violation_error_message="这个组织已在名单中。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("organization__isnull", False), ("outside_name", "")),
                            models.Q(("organization__isnull", True), models.Q(("outside_name", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="founding_unit_one_of_two",
                        violation_error_message="成员单位须为本登记库的组织，或写明其他单位的名称。",
                    ),
                ],
            },
        ),
        migrations.RunPython(exclude, include, elidable=False),
    ]
