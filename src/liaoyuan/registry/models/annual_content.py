"""What a body writes in its annual report (F16 年度工作报告书). Money in fen; facts of the organization, no persons."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from liaoyuan.registry.models.annual import AnnualReport


class AnnualContentQuerySet(models.QuerySet["AnnualContent"]):
    """Contents by scope."""

    def visible_to(self, user: Any) -> "AnnualContentQuerySet":
        """Contents of the reports that the user may see."""
        return self.filter(report__in=AnnualReport.objects.visible_to(user))


def _count(title: str) -> Any:
    return models.PositiveIntegerField(title, null=True)


def _fen(title: str) -> Any:
    return models.BigIntegerField(title, null=True)


def _text(title: str) -> Any:
    return models.TextField(title, blank=True, default="")


class AnnualContent(models.Model):
    """The fields of the report, made with the first draft; what the register holds is not repeated here.

    `typed` keeps, per step, what was typed and is not saved yet (自动保存的草稿), as it was typed. Totals of money are
    sums of their parts and never stored.
    """

    report = models.OneToOneField(AnnualReport, models.PROTECT, related_name="content", verbose_name="年报")
    members_unit = _count("单位会员数")
    members_person = _count("个人会员数")
    members_total = _count("会员总数")
    officers_count = _count("负责人数")
    council_count = _count("理事数")
    supervisors_count = _count("监事数")
    council_meetings = _count("理事会会议次数")
    assembly_meetings = _count("会员（代表）大会次数")
    re_elected = models.BooleanField("本年度换届", null=True)
    full_time = _count("专职人数")
    part_time = _count("兼职人数")
    insured_count = _count("缴纳社会保险人数")
    branches_count = _count("分支（代表）机构数")
    branches_note = _text("分支（代表）机构说明")
    charter_changed = models.BooleanField("本年度修改章程", null=True)
    charter_approved_on = models.DateField("现行章程核准日期", null=True)
    charter_party = models.BooleanField("章程载明党的建设", null=True)
    party_form = models.CharField("党组织形式", max_length=10, blank=True, default="")
    party_members_count = _count("党员数")
    party_note = _text("党建工作开展情况")
    assets_fen = _fen("年末资产合计")
    liabilities_fen = _fen("年末负债合计")
    income_donation_fen = _fen("捐赠收入")
    income_government_fen = _fen("政府补助和购买服务收入")
    income_service_fen = _fen("提供服务收入")
    income_dues_fen = _fen("会费收入")
    income_other_fen = _fen("其他收入")
    expense_business_fen = _fen("业务活动成本")
    expense_admin_fen = _fen("管理费用")
    expense_fundraising_fen = _fen("筹资费用")
    expense_other_fen = _fen("其他费用")
    public_benefit_fen = _fen("公益支出")
    donations_note = _text("接受捐赠情况")
    purchases_count = _count("承接政府购买服务项目数")
    purchases_fen = _fen("政府购买服务合同金额")
    activities_count = _count("开展活动次数")
    activities = _text("重大活动")
    awards = _text("受到表彰奖励情况")
    punishments = _text("受到处罚情况")
    rectification = _text("上年度问题的整改情况")
    pledged = models.BooleanField("承诺所填内容真实", default=False)
    typed = models.JSONField("未保存的草稿", default=dict)
    saved_at = models.DateTimeField("保存时间")
    typed_at = models.DateTimeField("草稿时间", null=True)

    objects = AnnualContentQuerySet.as_manager()

    class Meta:
        ordering = ["report"]
        constraints = [
            models.CheckConstraint(
                condition=Q(members_total=F("members_unit") + F("members_person"))
                | Q(members_total__isnull=True)
                | Q(members_unit__isnull=True)
                | Q(members_person__isnull=True),
                name="annual_members_add_up",
                violation_error_message="单位会员数与个人会员数之和须等于会员总数。",
            ),
            models.CheckConstraint(
                condition=Q(party_form__in=["", "alone", "joint", "attached", "functional", "none"]),
                name="annual_party_form_known",
                violation_error_message="党组织形式不对。",
            ),
        ]

    def __str__(self) -> str:
        return f"年报 {self.report_id}"
