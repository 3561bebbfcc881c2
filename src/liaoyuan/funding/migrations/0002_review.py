"""Eligibility, experts, review, ranking, selection; the database refuses to change a signed score card."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

CARD, SCORE = "funding_scorecard", "funding_score"
#: What stays as it was signed; an annulment changes state and its own columns.
KEPT = ("reading_id", "comment", "total", "signed_at", "signed_by_id")
NAMES = (("update", CARD), ("insert", SCORE), ("update", SCORE), ("delete", SCORE))


def _card_changed(operator):
    same = " AND ".join(f'OLD."{name}" {operator} NEW."{name}"' for name in KEPT)
    return f"OLD.state <> 'draft' AND (NEW.state = 'draft' OR OLD.state = 'annulled' OR NOT ({same}))"


def _signed(row):
    return "(SELECT state FROM funding_scorecard WHERE id = " + row + ".card_id) <> 'draft'"  # noqa: S608 - names of ours


SQLITE = (
    f"""CREATE TRIGGER {CARD}_update BEFORE UPDATE ON {CARD} WHEN {_card_changed("IS")}
    BEGIN SELECT RAISE(ABORT, 'a signed score card is never changed'); END""",
    f"""CREATE TRIGGER {SCORE}_insert BEFORE INSERT ON {SCORE} WHEN {_signed("NEW")}
    BEGIN SELECT RAISE(ABORT, 'scores of a signed card are never changed'); END""",
    f"""CREATE TRIGGER {SCORE}_update BEFORE UPDATE ON {SCORE} WHEN {_signed("OLD")} OR {_signed("NEW")}
    BEGIN SELECT RAISE(ABORT, 'scores of a signed card are never changed'); END""",
    f"""CREATE TRIGGER {SCORE}_delete BEFORE DELETE ON {SCORE} WHEN {_signed("OLD")}
    BEGIN SELECT RAISE(ABORT, 'scores of a signed card are never changed'); END""",
)
POSTGRESQL = (
    """CREATE FUNCTION funding_card_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'a signed score card is never changed' USING ERRCODE = 'integrity_constraint_violation';
    END $$""",
    """CREATE FUNCTION funding_score_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP <> 'INSERT' AND (SELECT state FROM funding_scorecard WHERE id = OLD.card_id) <> 'draft' THEN
            RAISE EXCEPTION 'scores of a signed card are never changed'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF TG_OP = 'DELETE' THEN
            RETURN OLD;
        END IF;
        IF (SELECT state FROM funding_scorecard WHERE id = NEW.card_id) <> 'draft' THEN
            RAISE EXCEPTION 'scores of a signed card are never changed'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END $$""",
    f"""CREATE TRIGGER {CARD}_update BEFORE UPDATE ON {CARD}
    FOR EACH ROW WHEN ({_card_changed("IS NOT DISTINCT FROM")}) EXECUTE FUNCTION funding_card_refuse()""",
    *(
        f"""CREATE TRIGGER {SCORE}_{moment} BEFORE {moment.upper()} ON {SCORE}
    FOR EACH ROW EXECUTE FUNCTION funding_score_guard()"""
        for moment in ("insert", "update", "delete")
    ),
)


def put_up(apps, schema_editor):
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def take_down(apps, schema_editor):
    postgresql = schema_editor.connection.vendor == "postgresql"
    for moment, table in NAMES:
        of = f" ON {table}" if postgresql else ""
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_{moment}{of}", params=None)
    if postgresql:
        schema_editor.execute("DROP FUNCTION IF EXISTS funding_card_refuse()", params=None)
        schema_editor.execute("DROP FUNCTION IF EXISTS funding_score_guard()", params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0015_party_scope"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("funding", "0001_initial"),
        ("people", "0002_volunteer_honours"),
        ("registry", "0012_counts_with_body"),
    ]

    operations = [
        migrations.CreateModel(
            name="GrantExpert",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40, verbose_name="姓名")),
                ("employer", models.CharField(blank=True, default="", max_length=80, verbose_name="工作单位")),
                ("specialities", models.JSONField(default=list, verbose_name="专长领域")),
                ("created_at", models.DateTimeField(verbose_name="录入时间")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="停用时间")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.area",
                        verbose_name="区划",
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
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="停用人",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                        verbose_name="人员",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="账号",
                    ),
                ),
            ],
            options={
                "ordering": ["area_id", "name", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("area", "user"),
                        name="grant_expert_once",
                        violation_error_message="这个账号已是本区划的评审专家。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ended_by__isnull", True), ("ended_at__isnull", False), _connector="OR"),
                        name="grant_expert_end_paired",
                        violation_error_message="停用须有时间。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExpertTie",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=12, verbose_name="关系")),
                ("ended_on", models.DateField(null=True, verbose_name="结束日期")),
                ("source", models.CharField(max_length=10, verbose_name="来源")),
                ("note", models.CharField(blank=True, default="", max_length=200, verbose_name="说明")),
                ("recorded_at", models.DateTimeField(verbose_name="记录时间")),
                ("superseded_at", models.DateTimeField(null=True, verbose_name="被替代时间")),
                (
                    "organization",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.organization",
                        verbose_name="组织",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="funding.project",
                        verbose_name="项目",
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
                    "expert",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ties",
                        to="funding.grantexpert",
                        verbose_name="评审专家",
                    ),
                ),
            ],
            options={
                "ordering": ["expert_id", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                ["post", "relative", "contract", "training", "organizer", "applicant", "donor"],
                            )
                        ),
                        name="expert_tie_kind_known",
                        violation_error_message="关系的种类不对。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source__in", ["declared", "recused", "office"])),
                        name="expert_tie_source_known",
                        violation_error_message="关系的来源不对。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("organization__isnull", False),
                            ("project__isnull", False),
                            ("kind__in", ["organizer", "applicant"]),
                            _connector="OR",
                        ),
                        name="expert_tie_with_something",
                        violation_error_message="请写明与哪个组织或项目有关系。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExpertDeclaration",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(max_length=1000, verbose_name="声明")),
                ("signed_at", models.DateTimeField(verbose_name="签署时间")),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="declarations",
                        to="funding.round",
                        verbose_name="届",
                    ),
                ),
                (
                    "signed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="签署人",
                    ),
                ),
                (
                    "expert",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="declarations",
                        to="funding.grantexpert",
                        verbose_name="评审专家",
                    ),
                ),
            ],
            options={
                "ordering": ["round_id", "expert_id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("round", "expert"),
                        name="expert_declaration_once",
                        violation_error_message="这名专家已签署本届的回避声明。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("signed_by__isnull", True), ("signed_at__isnull", False), _connector="OR"),
                        name="expert_declaration_paired",
                        violation_error_message="签署须有时间。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Ranking",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(verbose_name="版次")),
                ("method", models.JSONField(verbose_name="汇总办法")),
                ("findings", models.JSONField(default=list, verbose_name="汇总时的核查")),
                ("code", models.CharField(max_length=64, verbose_name="校验码")),
                ("made_at", models.DateTimeField(verbose_name="汇总时间")),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="汇总人",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="funding.round",
                        verbose_name="届",
                    ),
                ),
            ],
            options={
                "ordering": ["round_id", "-number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("round", "number"), name="ranking_once", violation_error_message="排名的版次重复。"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RankingLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.PositiveIntegerField(verbose_name="名次")),
                ("tied", models.BooleanField(default=False, verbose_name="并列")),
                ("mean", models.PositiveIntegerField(verbose_name="平均分（百分之一分）")),
                ("exact_num", models.BigIntegerField(verbose_name="平均分的分子")),
                ("exact_den", models.BigIntegerField(verbose_name="平均分的分母")),
                ("spread", models.PositiveIntegerField(verbose_name="最大差距（百分之一分）")),
                ("totals", models.JSONField(default=list, verbose_name="各份总分")),
                ("dropped", models.JSONField(default=list, verbose_name="去掉的总分")),
                ("items", models.JSONField(default=dict, verbose_name="各项平均分")),
                ("outcome", models.CharField(max_length=10, verbose_name="建议")),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="funding.project",
                        verbose_name="项目",
                    ),
                ),
                (
                    "snapshot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="funding.ranking",
                        verbose_name="排名",
                    ),
                ),
            ],
            options={
                "ordering": ["snapshot_id", "place", "project_id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("snapshot", "project"),
                        name="ranking_line_once",
                        violation_error_message="一个项目只有一行。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["proposed", "reserve", "refused"])),
                        name="ranking_line_outcome_known",
                        violation_error_message="建议不对。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("exact_den__gte", 1), ("place__gte", 1)),
                        name="ranking_line_figures",
                        violation_error_message="名次和平均分不对。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ScoreSheet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(verbose_name="版次")),
                ("items", models.JSONField(verbose_name="评分项和分值")),
                ("bonus", models.JSONField(default=dict, verbose_name="加分项和最高加分")),
                ("ties", models.JSONField(default=list, verbose_name="并列时比较的评分项")),
                ("note", models.CharField(blank=True, default="", max_length=200, verbose_name="依据")),
                ("made_at", models.DateTimeField(verbose_name="制定时间")),
                ("frozen_at", models.DateTimeField(null=True, verbose_name="启用时间")),
                (
                    "frozen_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="启用人",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="制定人",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sheets",
                        to="funding.round",
                        verbose_name="届",
                    ),
                ),
            ],
            options={
                "ordering": ["round_id", "-number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("round", "number"),
                        name="score_sheet_once",
                        violation_error_message="评分表的版次重复。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("frozen_by__isnull", True), ("frozen_at__isnull", False), _connector="OR"),
                        name="score_sheet_frozen_paired",
                        violation_error_message="启用须有时间。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReviewStage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=8, verbose_name="阶段")),
                ("weight", models.PositiveSmallIntegerField(default=100, verbose_name="权重")),
                ("readers", models.PositiveSmallIntegerField(verbose_name="每个项目的专家数")),
                ("blind", models.BooleanField(default=True, verbose_name="隐名")),
                ("held_on", models.DateField(null=True, verbose_name="评审日期")),
                ("seed", models.CharField(max_length=40, verbose_name="抽签种子")),
                ("planned_at", models.DateTimeField(verbose_name="安排时间")),
                ("begun_at", models.DateTimeField(null=True, verbose_name="开始时间")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="结束时间")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                (
                    "begun_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="开始人",
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="结束人",
                    ),
                ),
                (
                    "planned_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="安排人",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stages",
                        to="funding.round",
                        verbose_name="届",
                    ),
                ),
                (
                    "sheet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="funding.scoresheet",
                        verbose_name="评分表",
                    ),
                ),
            ],
            options={
                "ordering": ["round_id", "kind"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("round", "kind"),
                        name="review_stage_once",
                        violation_error_message="这一届已有这个评审阶段。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["desk", "panel"])),
                        name="review_stage_kind_known",
                        violation_error_message="评审阶段不对。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("readers__gte", 1), ("weight__gte", 1), ("weight__lte", 100)),
                        name="review_stage_figures",
                        violation_error_message="权重为 1 至 100，专家数至少 1 名。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("closed_at__isnull", True), ("begun_at__isnull", False), _connector="OR"),
                        name="review_stage_in_order",
                        violation_error_message="没有开始的阶段不能结束。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("begun_by__isnull", True), ("begun_at__isnull", False), _connector="OR"),
                        name="review_stage_begun_paired",
                        violation_error_message="开始须有时间。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("closed_by__isnull", True), ("closed_at__isnull", False), _connector="OR"),
                        name="review_stage_closed_paired",
                        violation_error_message="结束须有时间。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reading",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("role", models.CharField(default="reader", max_length=10, verbose_name="身份")),
                ("label", models.CharField(max_length=12, verbose_name="隐名编号")),
                ("assigned_at", models.DateTimeField(verbose_name="分配时间")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="撤下时间")),
                ("ended_reason", models.CharField(blank=True, default="", max_length=200, verbose_name="撤下的理由")),
                (
                    "assigned_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="分配人",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="撤下人",
                    ),
                ),
                (
                    "expert",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="readings",
                        to="funding.grantexpert",
                        verbose_name="评审专家",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="readings",
                        to="funding.project",
                        verbose_name="项目",
                    ),
                ),
                (
                    "stage",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="readings",
                        to="funding.reviewstage",
                        verbose_name="阶段",
                    ),
                ),
            ],
            options={
                "ordering": ["stage_id", "label", "pk"],
                "indexes": [models.Index(fields=["expert", "stage"], name="reading_of_expert")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("stage", "project", "expert"),
                        name="reading_once",
                        violation_error_message="这名专家已评审这个项目。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["reader", "further"])),
                        name="reading_role_known",
                        violation_error_message="评审的身份不对。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ended_by__isnull", True), ("ended_at__isnull", False), _connector="OR"),
                        name="reading_end_paired",
                        violation_error_message="撤下须有时间。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Discussion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("note", models.TextField(max_length=1000, verbose_name="讨论记录")),
                ("held_at", models.DateTimeField(verbose_name="讨论时间")),
                (
                    "held_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="记录人",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="funding.project",
                        verbose_name="项目",
                    ),
                ),
                (
                    "stage",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="discussions",
                        to="funding.reviewstage",
                        verbose_name="阶段",
                    ),
                ),
            ],
            options={
                "ordering": ["stage_id", "project_id", "pk"],
            },
        ),
        migrations.CreateModel(
            name="ScoreCard",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("state", models.CharField(default="draft", max_length=10, verbose_name="状态")),
                ("comment", models.TextField(blank=True, default="", max_length=1000, verbose_name="评语")),
                ("total", models.PositiveIntegerField(null=True, verbose_name="总分（百分之一分）")),
                ("saved_at", models.DateTimeField(verbose_name="保存时间")),
                ("signed_at", models.DateTimeField(null=True, verbose_name="签字时间")),
                ("annulled_at", models.DateTimeField(null=True, verbose_name="作废时间")),
                (
                    "annulled_reason",
                    models.CharField(blank=True, default="", max_length=200, verbose_name="作废的理由"),
                ),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                (
                    "annulled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="作废人",
                    ),
                ),
                (
                    "reading",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cards",
                        to="funding.reading",
                        verbose_name="评审",
                    ),
                ),
                (
                    "saved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="保存人",
                    ),
                ),
                (
                    "signed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="签字人",
                    ),
                ),
            ],
            options={
                "ordering": ["reading_id", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "annulled"), _negated=True),
                        fields=("reading",),
                        name="score_card_once",
                        violation_error_message="这次评审已有一份评分表。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("annulled_at__isnull", True), ("signed_at__isnull", True), ("state", "draft")),
                            models.Q(
                                ("annulled_at__isnull", True),
                                ("signed_at__isnull", False),
                                ("state", "signed"),
                                ("total__isnull", False),
                            ),
                            models.Q(
                                ("annulled_at__isnull", False), ("signed_at__isnull", False), ("state", "annulled")
                            ),
                            _connector="OR",
                        ),
                        name="score_card_state_lawful",
                        violation_error_message="签字的评分表须有总分，签过字的才能作废。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "annulled"), _negated=True),
                            models.Q(("annulled_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="score_card_annulment_reasoned",
                        violation_error_message="作废须写明理由。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("signed_by__isnull", True), ("signed_at__isnull", False), _connector="OR"),
                        name="score_card_signature_paired",
                        violation_error_message="签字须有时间。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("annulled_by__isnull", True), ("annulled_at__isnull", False), _connector="OR"
                        ),
                        name="score_card_annulment_paired",
                        violation_error_message="作废须有时间。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Score",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("item", models.CharField(max_length=20, verbose_name="评分项")),
                ("hundredths", models.PositiveIntegerField(verbose_name="得分（百分之一分）")),
                ("most", models.PositiveIntegerField(verbose_name="满分（百分之一分）")),
                (
                    "card",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scores",
                        to="funding.scorecard",
                        verbose_name="评分表",
                    ),
                ),
            ],
            options={
                "ordering": ["card_id", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("card", "item"), name="score_once", violation_error_message="一项只打一次分。"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("hundredths__lte", models.F("most"))),
                        name="score_within",
                        violation_error_message="得分不能超过该项的满分。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Selection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(verbose_name="版次")),
                ("ground", models.JSONField(verbose_name="资金和名额")),
                ("order_value", models.BigIntegerField(verbose_name="按名次的总分")),
                ("pack_value", models.BigIntegerField(verbose_name="最优组合的总分")),
                ("bound", models.BigIntegerField(verbose_name="总分的上界")),
                ("unmet", models.JSONField(default=dict, verbose_name="没有满足的名额")),
                ("made_at", models.DateTimeField(verbose_name="测算时间")),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="测算人",
                    ),
                ),
                (
                    "snapshot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="selections",
                        to="funding.ranking",
                        verbose_name="排名",
                    ),
                ),
            ],
            options={
                "ordering": ["snapshot_id", "-number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("snapshot", "number"), name="selection_once", violation_error_message="测算的版次重复。"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("bound__gte", models.F("pack_value"))),
                        name="selection_bounded",
                        violation_error_message="总分不能超过上界。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CommitteeDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("outcome", models.CharField(max_length=10, verbose_name="决定")),
                ("amount_fen", models.BigIntegerField(default=0, verbose_name="拟资助金额")),
                ("asked_fen", models.BigIntegerField(verbose_name="申请金额")),
                ("reason", models.TextField(blank=True, default="", max_length=1000, verbose_name="理由")),
                ("decided_at", models.DateTimeField(verbose_name="决定时间")),
                ("superseded_at", models.DateTimeField(null=True, verbose_name="被替代时间")),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="决定人",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="committee_decisions",
                        to="funding.project",
                        verbose_name="项目",
                    ),
                ),
                (
                    "selection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="funding.selection",
                        verbose_name="测算",
                    ),
                ),
            ],
            options={
                "ordering": ["selection_id", "project_id", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=("project",),
                        name="committee_decision_once",
                        violation_error_message="这个项目已有一项现行的决定。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["proposed", "reserve", "refused"])),
                        name="committee_decision_outcome_known",
                        violation_error_message="决定不对。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("amount_fen__gt", 0),
                                ("amount_fen__lte", models.F("asked_fen")),
                                ("outcome", "proposed"),
                            ),
                            models.Q(models.Q(("outcome", "proposed"), _negated=True), ("amount_fen", 0)),
                            _connector="OR",
                        ),
                        name="committee_decision_amount",
                        violation_error_message="拟资助金额须大于零，不超过申请金额；不立项的没有金额。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("outcome", "proposed"), models.Q(("reason", ""), _negated=True), _connector="OR"
                        ),
                        name="committee_decision_reasoned",
                        violation_error_message="候补和不予立项须写明理由。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by__isnull", True), ("decided_at__isnull", False), _connector="OR"
                        ),
                        name="committee_decision_paired",
                        violation_error_message="决定须有时间。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SelectionLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.PositiveIntegerField(verbose_name="名次")),
                ("asked_fen", models.BigIntegerField(verbose_name="申请金额")),
                ("in_order", models.BooleanField(verbose_name="按名次选入")),
                ("in_pack", models.BooleanField(verbose_name="最优组合选入")),
                ("order_barred", models.JSONField(default=list, verbose_name="按名次没有选入的原因")),
                ("pack_barred", models.JSONField(default=list, verbose_name="组合没有选入的原因")),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="funding.project",
                        verbose_name="项目",
                    ),
                ),
                (
                    "selection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="funding.selection",
                        verbose_name="测算",
                    ),
                ),
            ],
            options={
                "ordering": ["selection_id", "place", "project_id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("selection", "project"),
                        name="selection_line_once",
                        violation_error_message="一个项目只有一行。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TextMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("mark", models.BigIntegerField(db_index=True, verbose_name="文字指纹")),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="funding.project",
                        verbose_name="项目",
                    ),
                ),
            ],
            options={
                "ordering": ["project_id", "mark"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("project", "mark"), name="text_mark_once", violation_error_message="文字指纹重复。"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Examined",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField(verbose_name="核查日")),
                ("seen_version", models.PositiveIntegerField(verbose_name="核查的版本")),
                ("findings", models.JSONField(default=list, verbose_name="核查结果")),
                ("answers", models.JSONField(default=dict, verbose_name="逐条说明")),
                ("examined_at", models.DateTimeField(verbose_name="核查时间")),
                ("outcome", models.CharField(blank=True, default="", max_length=12, verbose_name="结论")),
                ("reason", models.TextField(blank=True, default="", max_length=1000, verbose_name="书面理由")),
                ("proposed_at", models.DateTimeField(null=True, verbose_name="提出时间")),
                ("decided_at", models.DateTimeField(null=True, verbose_name="决定时间")),
                ("superseded_at", models.DateTimeField(null=True, verbose_name="重新核查时间")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="决定人",
                    ),
                ),
                (
                    "examined_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="核查人",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="examinations",
                        to="funding.project",
                        verbose_name="项目",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="提出人",
                    ),
                ),
            ],
            options={
                "ordering": ["project_id", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=("project",),
                        name="examined_once",
                        violation_error_message="这个项目已有一次现行的资格核查。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["", "eligible", "ineligible"])),
                        name="examined_outcome_known",
                        violation_error_message="资格审查的结论不对。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_at__isnull", True), models.Q(("outcome", ""), _negated=True), _connector="OR"
                        ),
                        name="examined_decision_told",
                        violation_error_message="资格审查的决定须有结论。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "ineligible"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="examined_bar_reasoned",
                        violation_error_message="资格不通过须写明理由。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "ineligible"), _negated=True),
                            ("decided_by__isnull", True),
                            ("proposed_by__isnull", True),
                            models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="examined_two_persons",
                        violation_error_message="资格不通过须由提出人以外的人确认。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("proposed_by__isnull", True), ("proposed_at__isnull", False), _connector="OR"
                        ),
                        name="examined_proposal_paired",
                        violation_error_message="提出须有时间。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by__isnull", True), ("decided_at__isnull", False), _connector="OR"
                        ),
                        name="examined_decision_paired",
                        violation_error_message="决定须有时间。",
                    ),
                ],
            },
        ),
        migrations.RunPython(
            code=put_up,
            reverse_code=take_down,
        ),
    ]
