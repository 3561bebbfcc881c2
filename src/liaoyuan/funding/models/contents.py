"""What stands in an application: team, budget, plan, indicators, risks, pledges; its kept versions. Money in fen."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from liaoyuan.core.models import User
from liaoyuan.funding.choices.budget import BudgetClass
from liaoyuan.funding.models.projects import Project
from liaoyuan.people.models import Person


class OfProjectQuerySet[M: models.Model](models.QuerySet[M]):
    """Rows of projects, by scope."""

    def visible_to(self, user: Any) -> "OfProjectQuerySet[M]":
        """Those of projects that the user sees."""
        return self.filter(project__in=Project.objects.visible_to(user))


class TeamMember(models.Model):
    """Someone who works on the project. `person` links the body's own entry of him, through which his time over all
    projects is added up (GV-BUD-09). `percent` is the share of his time, 0-100. No telephone number is kept here.
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="team", verbose_name="项目")
    position = models.PositiveSmallIntegerField("序号")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name="人员")
    name = models.CharField("姓名", max_length=60)
    role = models.CharField("角色", max_length=40)
    lead = models.BooleanField("项目负责人", default=False)
    full_time = models.BooleanField("专职", default=False)
    percent = models.PositiveSmallIntegerField("投入时间（%）", default=0)
    qualification = models.CharField("学历和资格", max_length=80, blank=True, default="")

    objects = OfProjectQuerySet["TeamMember"].as_manager()

    class Meta:
        ordering = ["project_id", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "person"],
                condition=Q(person__isnull=False),
                name="team_member_once",
                violation_error_message="这名人员已在团队里。",
            ),
            models.CheckConstraint(
                condition=Q(percent__lte=100),
                name="team_member_percent",
                violation_error_message="投入时间不能超过 100%%。",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class BudgetLine(models.Model):
    """One line of the budget (F13). `amount_fen` = price × quantity × times to the fen (GV-BUD-08); the quantity
    in hundredths. `price_kind` says which capped unit price it is, `item_kind` is how an officer marked what it pays
    (GV-BUD-06, -07). `member` is who of the team is paid: full-time staff paid under another class count as pay.
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="lines", verbose_name="项目")
    position = models.PositiveSmallIntegerField("序号")
    budget_class = models.CharField("科目", max_length=4)
    title = models.CharField("明细", max_length=80)
    price_fen = models.BigIntegerField("单价")
    price_kind = models.CharField("单价的种类", max_length=20, blank=True, default="")
    item_kind = models.CharField("支出性质", max_length=12, blank=True, default="")
    unit = models.CharField("单位", max_length=10, blank=True, default="")
    quantity = models.BigIntegerField("数量（百分之一）", default=100)
    times = models.PositiveIntegerField("频次", default=1)
    amount_fen = models.BigIntegerField("金额")
    grant_fen = models.BigIntegerField("资助资金")
    own_fen = models.BigIntegerField("自筹配套", default=0)
    member = models.ForeignKey(
        TeamMember, models.PROTECT, null=True, related_name="+", verbose_name="支付对象（团队成员）"
    )
    basis = models.CharField("测算依据", max_length=200, blank=True, default="")
    note = models.CharField("备注", max_length=200, blank=True, default="")

    objects = OfProjectQuerySet["BudgetLine"].as_manager()

    class Meta:
        ordering = ["project_id", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(budget_class__in=[str(kind) for kind in BudgetClass]),
                name="budget_line_class_known",
                violation_error_message="预算科目不对。",
            ),
            models.CheckConstraint(
                condition=Q(amount_fen=F("grant_fen") + F("own_fen")),
                name="budget_line_adds",
                violation_error_message="资助资金与自筹配套之和须等于金额。",
            ),
            models.CheckConstraint(
                condition=Q(price_fen__gte=0, quantity__gte=0, grant_fen__gte=0, own_fen__gte=0),
                name="budget_line_not_negative",
                violation_error_message="金额和数量不能为负。",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class PlanStep(models.Model):
    """One step of the plan: when, what, how often, where, for how many."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="steps", verbose_name="项目")
    position = models.PositiveSmallIntegerField("序号")
    period = models.CharField("时间", max_length=40)
    content = models.CharField("内容", max_length=200)
    frequency = models.CharField("频次", max_length=40, blank=True, default="")
    place = models.CharField("地点", max_length=80, blank=True, default="")
    persons = models.PositiveIntegerField("人次", null=True)

    objects = OfProjectQuerySet["PlanStep"].as_manager()

    class Meta:
        ordering = ["project_id", "position", "pk"]

    def __str__(self) -> str:
        return self.content


class Indicator(models.Model):
    """An outcome that will be counted: what, in which unit, how many. `target` is a whole number of the unit."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="indicators", verbose_name="项目")
    position = models.PositiveSmallIntegerField("序号")
    title = models.CharField("指标", max_length=80)
    unit = models.CharField("单位", max_length=10)
    target = models.PositiveIntegerField("目标值")
    evidence = models.CharField("证明方式", max_length=120, blank=True, default="")

    objects = OfProjectQuerySet["Indicator"].as_manager()

    class Meta:
        ordering = ["project_id", "position", "pk"]

    def __str__(self) -> str:
        return self.title


class Risk(models.Model):
    """What may go wrong, and what is done then."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="risks", verbose_name="项目")
    position = models.PositiveSmallIntegerField("序号")
    title = models.CharField("风险", max_length=120)
    measure = models.CharField("对策", max_length=200)

    objects = OfProjectQuerySet["Risk"].as_manager()

    class Meta:
        ordering = ["project_id", "position", "pk"]

    def __str__(self) -> str:
        return self.title


class Pledge(models.Model):
    """A red element that the project promises (红色元素), ticked off later by dated records of work."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="pledges", verbose_name="项目")
    position = models.PositiveSmallIntegerField("序号")
    kind = models.CharField("红色元素", max_length=20)
    title = models.CharField("承诺内容", max_length=120)
    planned_on = models.DateField("计划日期", null=True)

    objects = OfProjectQuerySet["Pledge"].as_manager()

    class Meta:
        ordering = ["project_id", "position", "pk"]

    def __str__(self) -> str:
        return self.title


class Revision(models.Model):
    """A kept version of an application: its whole content as JSON when it was handed in, returned or put back."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="revisions", verbose_name="项目")
    number = models.PositiveSmallIntegerField("版次")
    occasion = models.CharField("缘由", max_length=20)
    content = models.JSONField("内容")
    code = models.CharField("版本码", max_length=20, db_index=True)
    made_at = models.DateTimeField("保存时间")
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="保存人")

    objects = OfProjectQuerySet["Revision"].as_manager()

    class Meta:
        ordering = ["project_id", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "number"], name="revision_once", violation_error_message="版次重复。"
            ),
            models.CheckConstraint(
                condition=Q(made_by__isnull=True) | Q(made_at__isnull=False),
                name="revision_paired",
                violation_error_message="保存须有时间。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id}-{self.number}"
