"""Who was told of a meeting; totals as they were before a correction."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0015_party_scope"),
        ("party", "0008_reorganizing"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="MeetingNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("way", models.CharField(max_length=10, verbose_name="通知方式")),
                ("arrangement", models.CharField(max_length=160, verbose_name="通知的时间和地点")),
                ("told_at", models.DateTimeField(verbose_name="通知时间")),
                ("seen_at", models.DateTimeField(null=True, verbose_name="本人知悉时间")),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
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
                (
                    "message",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.message",
                        verbose_name="消息",
                    ),
                ),
                (
                    "told_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="通知人",
                    ),
                ),
            ],
            options={
                "ordering": ["meeting", "member", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("meeting", "member", "way", "arrangement"),
                        name="meeting_notice_once",
                        violation_error_message="已按这种方式通知过这名党员。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("way__in", ["site", "group", "phone", "file", "webhook", "smtp"])),
                        name="meeting_notice_way_known",
                        violation_error_message="通知方式不对。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("message__isnull", True), ("way__in", ["site", "group", "phone"])),
                            models.Q(("message__isnull", False), ("way__in", ["file", "webhook", "smtp"])),
                            _connector="OR",
                        ),
                        name="meeting_notice_message",
                        violation_error_message="由发送渠道发出的通知须有消息。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("seen_at__isnull", True), ("way", "site"), _connector="OR"),
                        name="meeting_notice_seen_here",
                        violation_error_message="只有站内通知可以由本人标为知悉。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TotalsCorrection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("issued", models.PositiveSmallIntegerField(verbose_name="原发出")),
                ("returned", models.PositiveSmallIntegerField(verbose_name="原收回")),
                ("spoiled", models.PositiveSmallIntegerField(verbose_name="原废票")),
                ("needed", models.PositiveSmallIntegerField(null=True, verbose_name="原所需票数")),
                ("yes", models.PositiveSmallIntegerField(null=True, verbose_name="原赞成")),
                ("no", models.PositiveSmallIntegerField(null=True, verbose_name="原反对")),
                ("abstain", models.PositiveSmallIntegerField(null=True, verbose_name="原弃权")),
                ("carried", models.BooleanField(null=True, verbose_name="原结果")),
                ("sums", models.JSONField(default=list, verbose_name="原候选人得票")),
                ("counted_at", models.DateTimeField(verbose_name="原登记时间")),
                ("reason", models.CharField(max_length=200, verbose_name="更正原因")),
                ("late", models.BooleanField(default=False, verbose_name="办结后更正")),
                ("made_at", models.DateTimeField(verbose_name="更正时间")),
                ("seen_at", models.DateTimeField(null=True, verbose_name="上级查看时间")),
                (
                    "counted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="原登记人",
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="party.decision",
                        verbose_name="表决事项",
                    ),
                ),
                (
                    "election",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="party.election",
                        verbose_name="选举",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="更正人",
                    ),
                ),
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
                    "seen_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="上级查看人",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decision__isnull", False), ("election__isnull", True), ("yes__isnull", False)),
                            models.Q(("decision__isnull", True), ("election__isnull", False), ("yes__isnull", True)),
                            _connector="OR",
                        ),
                        name="correction_of_one",
                        violation_error_message="更正的须是一项表决或一次选举。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="correction_told_why",
                        violation_error_message="请写明更正的原因。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("seen_at__isnull", True), ("seen_by__isnull", True)),
                            models.Q(("late", True), ("seen_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="correction_seen_paired",
                        violation_error_message="上级查看须有时间。",
                    ),
                ],
            },
        ),
    ]
