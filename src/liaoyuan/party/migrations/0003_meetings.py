"""Meetings, decisions, elections and the daily life of branches."""

import datetime

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("party", "0002_member_account"),
    ]

    operations = [
        migrations.CreateModel(
            name="PartyGroup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "party_organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="groups",
                        to="party.partyorganization",
                        verbose_name="党支部",
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                (
                    "leader",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="party.member",
                        verbose_name="组长",
                    ),
                ),
                ("valid_from", models.DateField(default=datetime.date(1, 1, 1), verbose_name="起")),
                ("valid_to", models.DateField(default=datetime.date(9999, 12, 31), verbose_name="止（不含）")),
            ],
            options={
                "ordering": ["party_organization", "name", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to", datetime.date(9999, 12, 31))),
                        fields=("party_organization", "name"),
                        name="party_group_open_once",
                        violation_error_message="这个党支部已有同名的党小组。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid_to__gt", models.F("valid_from"))),
                        name="party_group_dates_in_order",
                        violation_error_message="止日须晚于起日。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GroupMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(verbose_name="记录时间")),
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
                ("superseded_at", models.DateTimeField(null=True, verbose_name="被替代时间")),
                ("valid_from", models.DateField(default=datetime.date(1, 1, 1), verbose_name="起")),
                ("valid_to", models.DateField(default=datetime.date(9999, 12, 31), verbose_name="止（不含）")),
                ("assumed", models.BooleanField(default=False, verbose_name="起日推定")),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="members",
                        to="party.partygroup",
                        verbose_name="党小组",
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
                "ordering": ["group", "member", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at__isnull", True), ("valid_to", datetime.date(9999, 12, 31))),
                        fields=("member",),
                        name="group_member_open_once",
                        violation_error_message="这名党员已在一个党小组。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid_to__gt", models.F("valid_from"))),
                        name="group_member_dates_in_order",
                        violation_error_message="止日须晚于起日。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Talk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(verbose_name="记录时间")),
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
                ("superseded_at", models.DateTimeField(null=True, verbose_name="被替代时间")),
                (
                    "party_organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="party.partyorganization",
                        verbose_name="党支部",
                    ),
                ),
                ("on", models.DateField(verbose_name="日期")),
                ("kind", models.CharField(max_length=10, verbose_name="类别")),
                (
                    "one",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="party.member",
                        verbose_name="一方",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="party.member",
                        verbose_name="另一方",
                    ),
                ),
            ],
            options={
                "ordering": ["-on", "-pk"],
                "indexes": [models.Index(fields=["party_organization", "on"], name="talk_of_branch")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["committee", "mixed", "members"])),
                        name="talk_kind_known",
                        violation_error_message="谈心谈话的类别不对。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("one", models.F("other")), _negated=True),
                        name="talk_of_two",
                        violation_error_message="谈心谈话须是两个人。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TrainingRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(verbose_name="记录时间")),
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
                ("superseded_at", models.DateTimeField(null=True, verbose_name="被替代时间")),
                (
                    "party_organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="party.partyorganization",
                        verbose_name="党支部",
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
                ("on", models.DateField(verbose_name="日期")),
                ("what", models.CharField(max_length=120, verbose_name="内容")),
                ("spent", models.PositiveIntegerField(verbose_name="时长（分钟）")),
            ],
            options={
                "ordering": ["-on", "-pk"],
                "indexes": [models.Index(fields=["party_organization", "on"], name="training_of_branch")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("spent__gt", 0), ("spent__lte", 12000), models.Q(("what", ""), _negated=True)
                        ),
                        name="training_told",
                        violation_error_message="请写明内容，时长须大于 0、不超过 200 学时。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LifePlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(verbose_name="记录时间")),
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
                ("superseded_at", models.DateTimeField(null=True, verbose_name="被替代时间")),
                (
                    "party_organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="party.partyorganization",
                        verbose_name="党支部",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("duty", models.CharField(max_length=10, verbose_name="职责")),
                ("month", models.PositiveSmallIntegerField(verbose_name="月份")),
                ("kind", models.CharField(blank=True, default="", max_length=10, verbose_name="会议类型")),
                ("what", models.CharField(max_length=200, verbose_name="内容")),
                ("who", models.CharField(blank=True, default="", max_length=60, verbose_name="负责人")),
            ],
            options={
                "ordering": ["year", "month", "pk"],
                "indexes": [models.Index(fields=["party_organization", "year"], name="life_plan_of_branch")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("duty__in", ["guide", "unite", "serve"]),
                            ("month__gte", 1),
                            ("month__lte", 12),
                            (
                                "kind__in",
                                ["", "members", "committee", "group", "lecture", "theme_day", "life", "review"],
                            ),
                            models.Q(("what", ""), _negated=True),
                        ),
                        name="life_plan_told",
                        violation_error_message="请写明职责、1 至 12 月的月份和内容。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Meeting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "party_organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="meetings",
                        to="party.partyorganization",
                        verbose_name="党支部",
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="party.partygroup",
                        verbose_name="党小组",
                    ),
                ),
                ("kind", models.CharField(max_length=10, verbose_name="会议类型")),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("number", models.PositiveSmallIntegerField(verbose_name="编号")),
                ("state", models.CharField(default="planned", max_length=10, verbose_name="状态")),
                ("held_on", models.DateField(verbose_name="日期")),
                ("starts", models.TimeField(null=True, verbose_name="开始时间")),
                ("ends", models.TimeField(null=True, verbose_name="结束时间")),
                ("place", models.CharField(blank=True, default="", max_length=120, verbose_name="地点")),
                ("host", models.CharField(blank=True, default="", max_length=60, verbose_name="主持人")),
                ("recorder", models.CharField(blank=True, default="", max_length=60, verbose_name="记录人")),
                ("topic", models.CharField(max_length=200, verbose_name="议题")),
                ("content", models.TextField(blank=True, default="", verbose_name="学习内容")),
                ("cost", models.PositiveBigIntegerField(null=True, verbose_name="经费（分）")),
                ("effect", models.CharField(blank=True, default="", max_length=300, verbose_name="成效")),
                ("expected", models.PositiveSmallIntegerField(null=True, verbose_name="应到")),
                ("present", models.PositiveSmallIntegerField(null=True, verbose_name="实到")),
                ("absent", models.PositiveSmallIntegerField(null=True, verbose_name="缺席")),
                ("observers", models.CharField(blank=True, default="", max_length=200, verbose_name="列席")),
                ("observed", models.PositiveSmallIntegerField(default=0, verbose_name="列席人数")),
                ("sign_in", models.PositiveSmallIntegerField(default=0, verbose_name="签到轮次")),
                ("signing", models.BooleanField(default=False, verbose_name="签到开放")),
                ("minutes", models.TextField(blank=True, default="", verbose_name="会议记录")),
                ("resolution", models.TextField(blank=True, default="", verbose_name="决议")),
                ("signed", models.BooleanField(default=False, verbose_name="主持人、记录人已签名")),
                ("similarity", models.PositiveSmallIntegerField(null=True, verbose_name="与以往记录相同（%）")),
                (
                    "similar",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="party.meeting",
                        verbose_name="相似的会议",
                    ),
                ),
                ("steps", models.CharField(blank=True, default="", max_length=40, verbose_name="民主评议步骤")),
                ("late", models.BooleanField(default=False, verbose_name="补录")),
                ("cancel_reason", models.CharField(blank=True, default="", max_length=100, verbose_name="取消原因")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("created_at", models.DateTimeField(verbose_name="录入时间")),
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
                ("noticed_at", models.DateTimeField(null=True, verbose_name="通知时间")),
                (
                    "noticed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="通知人",
                    ),
                ),
                ("closed_at", models.DateTimeField(null=True, verbose_name="办结时间")),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="办结人",
                    ),
                ),
            ],
            options={
                "ordering": ["-held_on", "-pk"],
                "indexes": [
                    models.Index(fields=["party_organization", "kind", "held_on"], name="meeting_of_branch"),
                    models.Index(fields=["held_on", "state"], name="meeting_day"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("party_organization", "kind", "year", "number"),
                        name="meeting_number_once",
                        violation_error_message="这个编号已有会议。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["members", "committee", "group", "lecture", "theme_day", "life", "review"])
                        ),
                        name="meeting_kind_known",
                        violation_error_message="会议类型不对。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["planned", "noticed", "held", "closed", "cancelled"])),
                        name="meeting_state_known",
                        violation_error_message="会议状态不对。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("group__isnull", False), ("kind", "group")),
                            models.Q(models.Q(("kind", "group"), _negated=True), ("group__isnull", True)),
                            _connector="OR",
                        ),
                        name="meeting_group_with_kind",
                        violation_error_message="党小组会须写明党小组，其他会议不写。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("absent__isnull", True), ("present__isnull", True)),
                            models.Q(
                                ("absent__isnull", False),
                                (
                                    "expected",
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("present"), "+", models.F("absent")
                                    ),
                                ),
                                ("present__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="meeting_expected_is_present_and_absent",
                        violation_error_message="实到加缺席须等于应到。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["planned", "noticed", "cancelled"]),
                            ("expected__isnull", False),
                            _connector="OR",
                        ),
                        name="meeting_held_with_expected",
                        violation_error_message="已召开的会议须有应到会人数。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("starts__isnull", True),
                            ("ends__isnull", True),
                            ("ends__gt", models.F("starts")),
                            _connector="OR",
                        ),
                        name="meeting_times_in_order",
                        violation_error_message="结束时间须晚于开始时间。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("noticed_by__isnull", True), ("noticed_at__isnull", False), _connector="OR"
                        ),
                        name="meeting_notice_paired",
                        violation_error_message="通知须有时间。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("closed_by__isnull", True), ("closed_at__isnull", False), _connector="OR"),
                        name="meeting_closing_paired",
                        violation_error_message="办结须有时间。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Election",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="elections",
                        to="party.meeting",
                        verbose_name="会议",
                    ),
                ),
                ("post", models.CharField(max_length=12, verbose_name="选举职务")),
                ("seats", models.PositiveSmallIntegerField(verbose_name="应选名额")),
                ("state", models.CharField(default="open", max_length=10, verbose_name="状态")),
                ("tellers", models.CharField(blank=True, default="", max_length=60, verbose_name="监票人、计票人")),
                ("expected", models.PositiveSmallIntegerField(verbose_name="应到")),
                ("present", models.PositiveSmallIntegerField(verbose_name="实到")),
                ("quorum", models.PositiveSmallIntegerField(verbose_name="法定到会人数")),
                ("needed", models.PositiveSmallIntegerField(null=True, verbose_name="当选所需票数")),
                ("issued", models.PositiveSmallIntegerField(null=True, verbose_name="发出选票")),
                ("returned", models.PositiveSmallIntegerField(null=True, verbose_name="收回选票")),
                ("valid", models.PositiveSmallIntegerField(null=True, verbose_name="有效票")),
                ("approval", models.CharField(blank=True, default="", max_length=80, verbose_name="批复文号")),
                ("approved_on", models.DateField(null=True, verbose_name="批复日期")),
                ("opened_at", models.DateTimeField(verbose_name="开始时间")),
                (
                    "opened_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="开始人",
                    ),
                ),
                ("counted_at", models.DateTimeField(null=True, verbose_name="计票时间")),
                (
                    "counted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                ("confirmed_at", models.DateTimeField(null=True, verbose_name="批复登记时间")),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="批复登记人",
                    ),
                ),
            ],
            options={
                "ordering": ["meeting", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("meeting", "post"),
                        name="election_post_once",
                        violation_error_message="这个职务的选举还没有计票。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("post__in", ["member", "secretary", "vice"]),
                            ("seats__gte", 1),
                            ("state__in", ["open", "counted", "confirmed", "void"]),
                        ),
                        name="election_post_known",
                        violation_error_message="选举的职务、名额或状态不对。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("expected__gt", 0),
                            ("present__gte", models.F("quorum")),
                            ("present__lte", models.F("expected")),
                        ),
                        name="election_quorate",
                        violation_error_message="到会人数不足，不能选举。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("issued__isnull", True), ("returned__isnull", True), ("valid__isnull", True)),
                            models.Q(
                                ("issued__lte", models.F("present")),
                                ("returned__isnull", False),
                                ("valid__lte", models.F("returned")),
                            ),
                            _connector="OR",
                        ),
                        name="election_totals_agree",
                        violation_error_message="选票数不符：有效票不多于收回，发出不多于实到。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "void"),
                            ("returned__isnull", True),
                            ("returned__lte", models.F("issued")),
                            _connector="OR",
                        ),
                        name="election_void_when_too_many",
                        violation_error_message="收回的选票多于发出的，选举无效。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state", "confirmed"),
                                models.Q(("approval", ""), _negated=True),
                                ("approved_on__isnull", False),
                            ),
                            models.Q(
                                models.Q(("state", "confirmed"), _negated=True),
                                ("approval", ""),
                                ("approved_on__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="election_confirmed_with_approval",
                        violation_error_message="批复须写明文号和日期。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("opened_by__isnull", True), ("opened_at__isnull", False), _connector="OR"),
                        name="election_opening_paired",
                        violation_error_message="开始选举须有时间。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("counted_by__isnull", True), ("counted_at__isnull", False), _connector="OR"
                        ),
                        name="election_counting_paired",
                        violation_error_message="计票须有时间。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_by__isnull", True), ("confirmed_at__isnull", False), _connector="OR"
                        ),
                        name="election_confirming_paired",
                        violation_error_message="批复须有时间。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="party.meeting",
                        verbose_name="会议",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="序号")),
                ("kind", models.CharField(max_length=12, verbose_name="表决事项类别")),
                ("subject", models.CharField(max_length=200, verbose_name="事项")),
                (
                    "member",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="party.member",
                        verbose_name="涉及的党员",
                    ),
                ),
                ("method", models.CharField(max_length=10, verbose_name="表决方式")),
                ("tellers", models.CharField(blank=True, default="", max_length=60, verbose_name="监票人、计票人")),
                ("expected", models.PositiveSmallIntegerField(verbose_name="应到")),
                ("present", models.PositiveSmallIntegerField(verbose_name="实到")),
                ("written", models.PositiveSmallIntegerField(default=0, verbose_name="书面意见")),
                ("quorum", models.PositiveSmallIntegerField(verbose_name="法定到会人数")),
                ("needed", models.PositiveSmallIntegerField(null=True, verbose_name="通过所需票数")),
                ("issued", models.PositiveSmallIntegerField(null=True, verbose_name="发出")),
                ("returned", models.PositiveSmallIntegerField(null=True, verbose_name="收回")),
                ("spoiled", models.PositiveSmallIntegerField(null=True, verbose_name="废票")),
                ("yes", models.PositiveSmallIntegerField(null=True, verbose_name="赞成")),
                ("no", models.PositiveSmallIntegerField(null=True, verbose_name="反对")),
                ("abstain", models.PositiveSmallIntegerField(null=True, verbose_name="弃权")),
                ("carried", models.BooleanField(null=True, verbose_name="通过")),
                ("put_at", models.DateTimeField(verbose_name="提交时间")),
                (
                    "put_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="提交人",
                    ),
                ),
                ("closed_at", models.DateTimeField(null=True, verbose_name="登记时间")),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
            ],
            options={
                "ordering": ["meeting", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("meeting", "number"),
                        name="decision_number_once",
                        violation_error_message="这个序号已有事项。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["ordinary", "admission", "confirmation", "committee", "election"]),
                            ("method__in", ["hands", "secret"]),
                        ),
                        name="decision_kind_known",
                        violation_error_message="表决事项的类别或方式不对。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("expected__gt", 0),
                            ("present__gte", models.F("quorum")),
                            ("present__lte", models.F("expected")),
                        ),
                        name="decision_quorate",
                        violation_error_message="到会人数不足，不能表决。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("abstain__isnull", True),
                                ("carried__isnull", True),
                                ("closed_at__isnull", True),
                                ("issued__isnull", True),
                                ("no__isnull", True),
                                ("returned__isnull", True),
                                ("spoiled__isnull", True),
                                ("yes__isnull", True),
                            ),
                            models.Q(
                                ("carried__isnull", False),
                                ("closed_at__isnull", False),
                                (
                                    "issued__lte",
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("present"), "+", models.F("written")
                                    ),
                                ),
                                ("needed__isnull", False),
                                (
                                    "returned",
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                models.F("yes"), "+", models.F("no")
                                            ),
                                            "+",
                                            models.F("abstain"),
                                        ),
                                        "+",
                                        models.F("spoiled"),
                                    ),
                                ),
                                ("returned__lte", models.F("issued")),
                                ("spoiled__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="decision_totals_agree",
                        violation_error_message="票数不符：赞成、反对、弃权、废票之和须等于收回，收回不多于发出，发出不多于实到。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("carried__isnull", True),
                            models.Q(("carried", True), ("yes__gte", models.F("needed"))),
                            models.Q(("carried", False), ("yes__lt", models.F("needed"))),
                            _connector="OR",
                        ),
                        name="decision_carried_by_needed",
                        violation_error_message="结果与票数不符。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("put_by__isnull", True), ("put_at__isnull", False), _connector="OR"),
                        name="decision_put_paired",
                        violation_error_message="提交表决须有时间。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("closed_by__isnull", True), ("closed_at__isnull", False), _connector="OR"),
                        name="decision_closing_paired",
                        violation_error_message="登记结果须有时间。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attendance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sheet",
                        to="party.meeting",
                        verbose_name="会议",
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
                ("voting", models.BooleanField(verbose_name="计入应到会")),
                ("status", models.CharField(max_length=10, verbose_name="到会情况")),
                ("reason", models.CharField(blank=True, default="", max_length=100, verbose_name="原因")),
                ("written", models.BooleanField(default=False, verbose_name="会前提出书面意见")),
            ],
            options={
                "ordering": ["meeting", "member"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("meeting", "member"),
                        name="attendance_once",
                        violation_error_message="这名党员已在到会表中。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ["present", "absent"]), ("voting", True)),
                            models.Q(
                                ("status", "excluded"), ("voting", False), models.Q(("reason", ""), _negated=True)
                            ),
                            models.Q(("status__in", ["observer", "absent"]), ("voting", False)),
                            _connector="OR",
                        ),
                        name="attendance_status_known",
                        violation_error_message="到会情况不对：不计入应到会的须写明原因。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("written", False), models.Q(("status", "absent"), ("voting", True)), _connector="OR"
                        ),
                        name="attendance_written_by_absent",
                        violation_error_message="书面意见由不能到会、有表决权的党员会前提出。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MeetingTask",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="party.meeting",
                        verbose_name="会议",
                    ),
                ),
                ("what", models.CharField(max_length=200, verbose_name="落实事项")),
                ("who", models.CharField(max_length=60, verbose_name="责任人")),
                ("until", models.DateField(verbose_name="时限")),
                ("done_on", models.DateField(null=True, verbose_name="完成日期")),
            ],
            options={
                "ordering": ["until", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("what", ""), _negated=True), models.Q(("who", ""), _negated=True)),
                        name="meeting_task_told",
                        violation_error_message="请写明事项和责任人。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MemberReview",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(verbose_name="记录时间")),
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
                ("superseded_at", models.DateTimeField(null=True, verbose_name="被替代时间")),
                (
                    "party_organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="party.partyorganization",
                        verbose_name="党支部",
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
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                (
                    "meeting",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="party.meeting",
                        verbose_name="会议",
                    ),
                ),
                ("review_grade", models.CharField(max_length=200, verbose_name="评议结果")),
            ],
            options={
                "ordering": ["year", "member", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=("party_organization", "member", "year"),
                        name="member_review_once",
                        violation_error_message="这名党员这一年已有评议结果。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("review_grade", ""), _negated=True),
                        name="member_review_told",
                        violation_error_message="请写明评议结果。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Candidate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "election",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="candidates",
                        to="party.election",
                        verbose_name="选举",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="party.member",
                        verbose_name="候选人",
                    ),
                ),
                ("yes", models.PositiveSmallIntegerField(null=True, verbose_name="赞成")),
                ("elected", models.BooleanField(null=True, verbose_name="当选")),
            ],
            options={
                "ordering": ["election", "member"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("election", "member"),
                        name="candidate_once",
                        violation_error_message="这名党员已是候选人。",
                    )
                ],
            },
        ),
    ]
