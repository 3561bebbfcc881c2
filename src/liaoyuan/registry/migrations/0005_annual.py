import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0010_cases"),
        ("core", "__first__"),
        ("registry", "0004_cases"),
    ]

    operations = [
        migrations.CreateModel(
            name="AnnualRound",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("notice", models.CharField(blank=True, default="", max_length=120, verbose_name="通知")),
                ("audit_fields", models.JSONField(default=list, verbose_name="须附审计报告的行业")),
                ("opened_at", models.DateTimeField(verbose_name="开启时间")),
                ("published_at", models.DateTimeField(null=True, verbose_name="公示时间")),
                ("publicity_from", models.DateField(null=True, verbose_name="公示起")),
                ("publicity_to", models.DateField(null=True, verbose_name="公示止")),
                ("publicity_provisional", models.BooleanField(default=False, verbose_name="公示期为推算")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="关闭时间")),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.area",
                        verbose_name="登记机关所在区划",
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="关闭人",
                    ),
                ),
                (
                    "copied_from",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.annualround",
                        verbose_name="沿用的年度",
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="开启人",
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="公示人",
                    ),
                ),
            ],
            options={
                "ordering": ["-year", "area"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("area", "year"),
                        name="annual_round_once",
                        violation_error_message="这个年度已经开启过。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("closed_at__isnull", False), ("closed_by__isnull", True), _connector="OR"),
                        name="annual_round_closed_paired",
                        violation_error_message="关闭年度须同时记下时间。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("publicity_from__isnull", True),
                                ("publicity_to__isnull", True),
                                ("published_at__isnull", True),
                                ("published_by__isnull", True),
                            ),
                            models.Q(
                                ("publicity_from__isnull", False),
                                ("publicity_to__gte", models.F("publicity_from")),
                                ("publicity_to__isnull", False),
                                ("published_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="annual_round_published_paired",
                        violation_error_message="公示须同时记下时间和起止日期。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_at__isnull", True), ("published_at__isnull", False), _connector="OR"
                        ),
                        name="annual_round_published_first",
                        violation_error_message="公示结论之后才能关闭年度。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AnnualReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=2, verbose_name="类型")),
                ("track", models.CharField(max_length=10, verbose_name="种类")),
                ("supervised", models.BooleanField(default=True, verbose_name="经业务主管单位")),
                ("state", models.CharField(default="none", max_length=10, verbose_name="状态")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("submitted_on", models.DateField(null=True, verbose_name="报主管单位日期")),
                ("submitted_at", models.DateTimeField(null=True, verbose_name="报主管单位记录时间")),
                ("reviewed_on", models.DateField(null=True, verbose_name="初审日期")),
                ("reviewed_at", models.DateTimeField(null=True, verbose_name="初审记录时间")),
                ("review_opinion", models.CharField(blank=True, default="", max_length=200, verbose_name="初审意见")),
                ("filed_on", models.DateField(null=True, verbose_name="报登记机关日期")),
                ("filed_at", models.DateTimeField(null=True, verbose_name="报登记机关记录时间")),
                ("examined_at", models.DateTimeField(null=True, verbose_name="受理审查时间")),
                ("returned_at", models.DateTimeField(null=True, verbose_name="退回补正时间")),
                ("return_reason", models.CharField(blank=True, default="", max_length=300, verbose_name="补正内容")),
                ("return_due", models.DateField(null=True, verbose_name="补正截止日")),
                ("concluded_on", models.DateField(null=True, verbose_name="结论日期")),
                ("concluded_at", models.DateTimeField(null=True, verbose_name="结论记录时间")),
                ("result", models.CharField(blank=True, default="", max_length=12, verbose_name="结论")),
                ("result_note", models.CharField(blank=True, default="", max_length=300, verbose_name="结论说明")),
                (
                    "concluded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="作出结论的人",
                    ),
                ),
                (
                    "examined_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="审查人",
                    ),
                ),
                (
                    "filed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="报登记机关的人",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="annual_reports",
                        to="registry.organization",
                        verbose_name="组织",
                    ),
                ),
                (
                    "returned_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="退回人",
                    ),
                ),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="记录初审的人",
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="报送人",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="registry.annualround",
                        verbose_name="年度",
                    ),
                ),
            ],
            options={
                "ordering": ["round", "organization"],
                "indexes": [models.Index(fields=["round", "state", "kind"], name="annual_report_board")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("round", "organization"),
                        name="annual_report_once",
                        violation_error_message="一个组织在一个年度只有一份年报。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "none",
                                    "draft",
                                    "submitted",
                                    "reviewed",
                                    "filed",
                                    "examining",
                                    "returned",
                                    "concluded",
                                ],
                            ),
                            ("track__in", ["check", "foundation", "charity"]),
                            ("kind__in", ["ST", "MF", "JJ"]),
                        ),
                        name="annual_report_words_known",
                        violation_error_message="年报的状态、种类或组织类型不对。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("submitted_at__isnull", True),
                                ("submitted_by__isnull", True),
                                ("submitted_on__isnull", True),
                            ),
                            models.Q(("submitted_at__isnull", False), ("submitted_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="annual_submitted_paired",
                        violation_error_message="报主管单位须同时记下日期和时间。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("reviewed_at__isnull", True),
                                ("reviewed_by__isnull", True),
                                ("reviewed_on__isnull", True),
                            ),
                            models.Q(
                                ("reviewed_at__isnull", False),
                                ("reviewed_on__gte", models.F("submitted_on")),
                                ("reviewed_on__isnull", False),
                                ("submitted_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="annual_reviewed_paired",
                        violation_error_message="初审须同时记下日期和时间，且不早于报主管单位的日期。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("filed_at__isnull", True), ("filed_by__isnull", True), ("filed_on__isnull", True)
                            ),
                            models.Q(("filed_at__isnull", False), ("filed_on__isnull", False), ("supervised", False)),
                            models.Q(
                                ("filed_at__isnull", False),
                                ("filed_on__gte", models.F("reviewed_on")),
                                ("filed_on__isnull", False),
                                ("reviewed_on__isnull", False),
                                ("supervised", True),
                            ),
                            _connector="OR",
                        ),
                        name="annual_filed_paired",
                        violation_error_message="报登记机关须同时记下日期和时间，经主管单位的在初审之后。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("examined_at__isnull", True), ("examined_by__isnull", True)),
                            models.Q(("examined_at__isnull", False), ("filed_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="annual_examined_paired",
                        violation_error_message="审查须在报登记机关之后。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("return_reason", ""), ("returned_at__isnull", True), ("returned_by__isnull", True)
                            ),
                            models.Q(("returned_at__isnull", False), models.Q(("return_reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="annual_returned_paired",
                        violation_error_message="退回补正须写明内容和时间。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("concluded_at__isnull", True),
                                ("concluded_by__isnull", True),
                                ("concluded_on__isnull", True),
                                ("result", ""),
                            ),
                            models.Q(
                                ("concluded_at__isnull", False),
                                ("concluded_on__isnull", False),
                                ("result__in", ("qualified", "basically", "unqualified", "missed", "exempt")),
                            ),
                            _connector="OR",
                        ),
                        name="annual_concluded_paired",
                        violation_error_message="结论须同时记下日期、时间和内容。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("result__in", ("qualified", "basically", "unqualified")), _negated=True),
                            models.Q(
                                ("examined_at__isnull", False),
                                ("filed_on__isnull", False),
                                ("concluded_on__gte", models.F("filed_on")),
                            ),
                            _connector="OR",
                        ),
                        name="annual_judged_after_filing",
                        violation_error_message="合格、基本合格、不合格须在审查之后作出。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("concluded_at__isnull", False), ("state", "concluded")),
                            models.Q(models.Q(("state", "concluded"), _negated=True), ("concluded_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="annual_state_concluded",
                        violation_error_message="年报的状态与结论不符。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("filed_at__isnull", True),
                                ("state__in", ["none", "draft"]),
                                ("submitted_at__isnull", True),
                            ),
                            models.Q(
                                ("reviewed_at__isnull", True), ("state", "submitted"), ("submitted_at__isnull", False)
                            ),
                            models.Q(("filed_at__isnull", True), ("reviewed_at__isnull", False), ("state", "reviewed")),
                            models.Q(
                                ("filed_at__isnull", False),
                                ("state__in", ["filed", "examining", "returned", "concluded"]),
                            ),
                            models.Q(("result__in", ["missed", "exempt"]), ("state", "concluded")),
                            _connector="OR",
                        ),
                        name="annual_state_steps",
                        violation_error_message="年报的状态与已办理的步骤不符。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AnnualTerm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=2, verbose_name="类型")),
                ("cutoff_on", models.DateField(verbose_name="登记截止日")),
                ("supervisor_due", models.DateField(null=True, verbose_name="报主管单位截止日")),
                ("review_due", models.DateField(null=True, verbose_name="主管单位初审截止日")),
                ("registrar_due", models.DateField(verbose_name="报登记机关截止日")),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="terms",
                        to="registry.annualround",
                        verbose_name="年度",
                    ),
                ),
            ],
            options={
                "ordering": ["round", "kind"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("round", "kind"),
                        name="annual_term_once",
                        violation_error_message="一类组织只有一组期限。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["ST", "MF", "JJ"])),
                        name="annual_term_kind_known",
                        violation_error_message="组织类型不对。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("review_due__isnull", True), ("supervisor_due__isnull", True)),
                            models.Q(
                                ("registrar_due__gte", models.F("review_due")),
                                ("review_due__gte", models.F("supervisor_due")),
                                ("review_due__isnull", False),
                                ("supervisor_due__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="annual_term_in_order",
                        violation_error_message="三步期限须依次不早于前一个。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ListingProposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("wants", models.CharField(max_length=10, verbose_name="建议")),
                ("ground", models.CharField(max_length=14, verbose_name="事由类别")),
                ("reason", models.CharField(max_length=300, verbose_name="事由")),
                ("arisen_on", models.DateField(verbose_name="信息产生日期")),
                ("proposed_at", models.DateTimeField(verbose_name="提出时间")),
                ("letter1_no", models.CharField(blank=True, default="", max_length=40, verbose_name="第一封信函文号")),
                ("letter1_on", models.DateField(null=True, verbose_name="第一封信函寄出日期")),
                (
                    "letter1_result",
                    models.CharField(blank=True, default="", max_length=10, verbose_name="第一封信函签收情况"),
                ),
                ("letter1_result_on", models.DateField(null=True, verbose_name="第一封信函签收或退回日期")),
                ("letter2_no", models.CharField(blank=True, default="", max_length=40, verbose_name="第二封信函文号")),
                ("letter2_on", models.DateField(null=True, verbose_name="第二封信函寄出日期")),
                (
                    "letter2_result",
                    models.CharField(blank=True, default="", max_length=10, verbose_name="第二封信函签收情况"),
                ),
                ("letter2_result_on", models.DateField(null=True, verbose_name="第二封信函签收或退回日期")),
                ("notice_no", models.CharField(blank=True, default="", max_length=40, verbose_name="告知书文号")),
                ("notice_on", models.DateField(null=True, verbose_name="告知书送达日期")),
                ("heard_until", models.DateField(null=True, verbose_name="陈述申辩截止日")),
                ("heard_provisional", models.BooleanField(default=False, verbose_name="陈述申辩期为推算")),
                ("heard_on", models.DateField(null=True, verbose_name="收到陈述申辩日期")),
                ("heard_words", models.CharField(blank=True, default="", max_length=500, verbose_name="陈述申辩要点")),
                ("decision", models.CharField(blank=True, default="", max_length=10, verbose_name="决定")),
                ("decision_no", models.CharField(blank=True, default="", max_length=40, verbose_name="决定书文号")),
                ("decided_on", models.DateField(null=True, verbose_name="决定日期")),
                ("decided_at", models.DateTimeField(null=True, verbose_name="决定记录时间")),
                ("decision_note", models.CharField(blank=True, default="", max_length=300, verbose_name="决定说明")),
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
                    "entry",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposal",
                        to="registry.creditentry",
                        verbose_name="名单",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposals",
                        to="registry.organization",
                        verbose_name="组织",
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
                (
                    "report",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposals",
                        to="registry.annualreport",
                        verbose_name="年报",
                    ),
                ),
            ],
            options={
                "ordering": ["-proposed_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("decided_at__isnull", True)),
                        fields=("organization",),
                        name="listing_proposal_open_once",
                        violation_error_message="该组织已有一件没有办结的建议。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("wants__in", ["abnormal", "serious", "revocation"]),
                            ("ground__in", ["annual", "address", "party", "rectification", "penalty", "long", "other"]),
                        ),
                        name="listing_words_known",
                        violation_error_message="建议或事由类别不对。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("letter1_result__in", ["", "signed", "unsigned"]),
                            ("letter2_result__in", ["", "signed", "unsigned"]),
                        ),
                        name="listing_delivery_known",
                        violation_error_message="签收情况不对。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("letter1_on__isnull", False),
                                models.Q(("letter1_result", ""), ("letter2_on__isnull", True)),
                                _connector="OR",
                            ),
                            models.Q(
                                ("letter2_on__isnull", True),
                                ("letter2_on__gt", models.F("letter1_on")),
                                _connector="OR",
                            ),
                        ),
                        name="listing_letters_in_order",
                        violation_error_message="第二封信函须在第一封之后寄出。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("heard_until__isnull", True), ("notice_on__isnull", True)),
                            models.Q(
                                ("heard_until__gte", models.F("notice_on")),
                                ("heard_until__isnull", False),
                                ("notice_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="listing_notice_paired",
                        violation_error_message="告知须同时记下送达日期和陈述申辩截止日。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at__isnull", True),
                                ("decided_by__isnull", True),
                                ("decided_on__isnull", True),
                                ("decision", ""),
                                ("entry__isnull", True),
                            ),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_on__isnull", False),
                                ("decision", "drop"),
                                ("entry__isnull", True),
                            ),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_on__isnull", False),
                                ("decision", "list"),
                                ("notice_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="listing_decision_paired",
                        violation_error_message="决定须同时记下日期和时间，列入之前须告知权利。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AnnualContent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("members_unit", models.PositiveIntegerField(null=True, verbose_name="单位会员数")),
                ("members_person", models.PositiveIntegerField(null=True, verbose_name="个人会员数")),
                ("members_total", models.PositiveIntegerField(null=True, verbose_name="会员总数")),
                ("officers_count", models.PositiveIntegerField(null=True, verbose_name="负责人数")),
                ("council_count", models.PositiveIntegerField(null=True, verbose_name="理事数")),
                ("supervisors_count", models.PositiveIntegerField(null=True, verbose_name="监事数")),
                ("council_meetings", models.PositiveIntegerField(null=True, verbose_name="理事会会议次数")),
                ("assembly_meetings", models.PositiveIntegerField(null=True, verbose_name="会员（代表）大会次数")),
                ("re_elected", models.BooleanField(null=True, verbose_name="本年度换届")),
                ("full_time", models.PositiveIntegerField(null=True, verbose_name="专职人数")),
                ("part_time", models.PositiveIntegerField(null=True, verbose_name="兼职人数")),
                ("insured_count", models.PositiveIntegerField(null=True, verbose_name="缴纳社会保险人数")),
                ("branches_count", models.PositiveIntegerField(null=True, verbose_name="分支（代表）机构数")),
                ("branches_note", models.TextField(blank=True, default="", verbose_name="分支（代表）机构说明")),
                ("charter_changed", models.BooleanField(null=True, verbose_name="本年度修改章程")),
                ("charter_approved_on", models.DateField(null=True, verbose_name="现行章程核准日期")),
                ("charter_party", models.BooleanField(null=True, verbose_name="章程载明党的建设")),
                ("party_form", models.CharField(blank=True, default="", max_length=10, verbose_name="党组织形式")),
                ("party_members_count", models.PositiveIntegerField(null=True, verbose_name="党员数")),
                ("party_note", models.TextField(blank=True, default="", verbose_name="党建工作开展情况")),
                ("assets_fen", models.BigIntegerField(null=True, verbose_name="年末资产合计")),
                ("liabilities_fen", models.BigIntegerField(null=True, verbose_name="年末负债合计")),
                ("income_donation_fen", models.BigIntegerField(null=True, verbose_name="捐赠收入")),
                ("income_government_fen", models.BigIntegerField(null=True, verbose_name="政府补助和购买服务收入")),
                ("income_service_fen", models.BigIntegerField(null=True, verbose_name="提供服务收入")),
                ("income_dues_fen", models.BigIntegerField(null=True, verbose_name="会费收入")),
                ("income_other_fen", models.BigIntegerField(null=True, verbose_name="其他收入")),
                ("expense_business_fen", models.BigIntegerField(null=True, verbose_name="业务活动成本")),
                ("expense_admin_fen", models.BigIntegerField(null=True, verbose_name="管理费用")),
                ("expense_fundraising_fen", models.BigIntegerField(null=True, verbose_name="筹资费用")),
                ("expense_other_fen", models.BigIntegerField(null=True, verbose_name="其他费用")),
                ("public_benefit_fen", models.BigIntegerField(null=True, verbose_name="公益支出")),
                ("donations_note", models.TextField(blank=True, default="", verbose_name="接受捐赠情况")),
                ("purchases_count", models.PositiveIntegerField(null=True, verbose_name="承接政府购买服务项目数")),
                ("purchases_fen", models.BigIntegerField(null=True, verbose_name="政府购买服务合同金额")),
                ("activities_count", models.PositiveIntegerField(null=True, verbose_name="开展活动次数")),
                ("activities", models.TextField(blank=True, default="", verbose_name="重大活动")),
                ("awards", models.TextField(blank=True, default="", verbose_name="受到表彰奖励情况")),
                ("punishments", models.TextField(blank=True, default="", verbose_name="受到处罚情况")),
                ("rectification", models.TextField(blank=True, default="", verbose_name="上年度问题的整改情况")),
                ("pledged", models.BooleanField(default=False, verbose_name="承诺所填内容真实")),
                ("typed", models.JSONField(default=dict, verbose_name="未保存的草稿")),
                ("saved_at", models.DateTimeField(verbose_name="保存时间")),
                ("typed_at", models.DateTimeField(null=True, verbose_name="草稿时间")),
                (
                    "report",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="content",
                        to="registry.annualreport",
                        verbose_name="年报",
                    ),
                ),
            ],
            options={
                "ordering": ["report"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "members_total",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("members_unit"), "+", models.F("members_person")
                                ),
                            ),
                            ("members_total__isnull", True),
                            ("members_unit__isnull", True),
                            ("members_person__isnull", True),
                            _connector="OR",
                        ),
                        name="annual_members_add_up",
                        violation_error_message="单位会员数与个人会员数之和须等于会员总数。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("party_form__in", ["", "alone", "joint", "attached", "functional", "none"])
                        ),
                        name="annual_party_form_known",
                        violation_error_message="党组织形式不对。",
                    ),
                ],
            },
        ),
    ]
