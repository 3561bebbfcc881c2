"""Who is to look after whom: proposals of instructors beside a plan, their lines, pairs that staff fixed or barred."""

from typing import Any

from django.db import models
from django.db.models import Q

from liaoyuan.core.models import Area, User
from liaoyuan.party.models import Instructor, InstructorAssignment
from liaoyuan.planning.choices.words import Need, PinKind, ProposalState
from liaoyuan.planning.models.plans import Plan
from liaoyuan.planning.models.scenarios import Scenario
from liaoyuan.registry.models import Organization


class InstructorProposalQuerySet(models.QuerySet["InstructorProposal"]):
    """Proposals by scope and life."""

    def visible_to(self, user: Any) -> "InstructorProposalQuerySet":
        """Those of plans that the user sees."""
        return self.filter(plan__in=Plan.objects.visible_to(user))

    def made(self) -> "InstructorProposalQuerySet":
        """Those that are computed."""
        return self.filter(state=ProposalState.READY.value)


class InstructorProposal(models.Model):
    """Instructors for the bodies of a plan's area that need one, at the least way; only a proposal.

    `instance` is what it was computed from (bodies, instructors with their loads, pins, parameters), `input_hash` its
    SHA-256, `result_hash` that of the pairs. `metres` is the whole way, `cost` the same with what another street or
    department counts for. `optimal`: no other assignment of as many bodies costs less. `earlier` is the one before.
    """

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="proposals", verbose_name="方案")
    number = models.PositiveIntegerField("序号")
    state = models.CharField("状态", max_length=12, default=ProposalState.SOLVING.value)
    earlier = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", verbose_name="以前的编排")
    on = models.DateField("哪一天的联系情况")
    instance = models.JSONField("编排的输入", default=dict)
    input_hash = models.CharField("输入散列", max_length=64, blank=True, default="")
    result_hash = models.CharField("结果散列", max_length=64, blank=True, default="")
    optimal = models.BooleanField("已证明最优", default=False)
    needing = models.PositiveIntegerField("需要指导员的组织", default=0)
    placed = models.PositiveIntegerField("排定的组织", default=0)
    metres = models.PositiveBigIntegerField("总路程（米）", default=0)
    cost = models.PositiveBigIntegerField("费用", default=0)
    more = models.JSONField("其他结果", default=dict)
    asked_at = models.DateTimeField("提出时间")
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="编排人")
    finished_at = models.DateTimeField("算完时间", null=True)
    note = models.CharField("没有算成的原因", max_length=200, blank=True, default="")

    objects = InstructorProposalQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "number"], name="proposal_number_once", violation_error_message="序号重复。"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[str(state) for state in ProposalState]),
                name="proposal_state_known",
                violation_error_message="编排的状态不对。",
            ),
            models.CheckConstraint(
                condition=Q(state=ProposalState.READY.value, finished_at__isnull=False) & ~Q(result_hash="")
                | ~Q(state=ProposalState.READY.value) & Q(finished_at__isnull=True, result_hash=""),
                name="proposal_made_whole",
                violation_error_message="算完的编排须有散列和时间。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id}-{self.number}"


class InstructorLine(models.Model):
    """One body of a proposal: its instructor or none, the way, the best other one and its price.

    `metres` is None where the place of one of the two is not known: 0 was counted. `price` is what the whole costs
    more with the `second` one; both None where there is no other way, `second` alone where the body would best wait.
    `assignment` is what accepting it led to.
    """

    proposal = models.ForeignKey(InstructorProposal, models.PROTECT, related_name="lines", verbose_name="编排")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name="组织")
    street = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+", verbose_name="街道")
    need = models.CharField("为什么需要", max_length=10)
    instructor = models.ForeignKey(Instructor, models.PROTECT, null=True, related_name="+", verbose_name="指导员")
    fixed = models.BooleanField("锁定", default=False)
    metres = models.PositiveIntegerField("直线距离（米）", null=True)
    cost = models.PositiveIntegerField("费用", default=0)
    second = models.ForeignKey(Instructor, models.PROTECT, null=True, related_name="+", verbose_name="第二选择")
    price = models.PositiveIntegerField("改为第二选择多花（米）", null=True)
    assignment = models.ForeignKey(
        InstructorAssignment, models.PROTECT, null=True, related_name="+", verbose_name="联系关系"
    )
    accepted_at = models.DateTimeField("采纳时间", null=True)
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="采纳人")

    class Meta:
        ordering = ["proposal", "pk"]
        indexes = [models.Index(fields=["proposal", "instructor"], name="proposal_line_instructor")]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "organization"],
                name="proposal_line_once",
                violation_error_message="这个组织已有安排。",
            ),
            models.CheckConstraint(
                condition=Q(need__in=[str(need) for need in Need]),
                name="proposal_line_need_known",
                violation_error_message="需要指导员的原因不对。",
            ),
            models.CheckConstraint(
                condition=Q(assignment__isnull=True, accepted_at__isnull=True, accepted_by__isnull=True)
                | Q(assignment__isnull=False, accepted_at__isnull=False, instructor__isnull=False),
                name="proposal_line_accepted_whole",
                violation_error_message="采纳须有时间，并有联系关系。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization_id}"


class InstructorPinQuerySet(models.QuerySet["InstructorPin"]):
    """Pins by scope and life."""

    def visible_to(self, user: Any) -> "InstructorPinQuerySet":
        """Those of scenarios that the user sees."""
        return self.filter(scenario__in=Scenario.objects.visible_to(user))

    def held(self) -> "InstructorPinQuerySet":
        """Those that are not taken back."""
        return self.filter(lifted_at__isnull=True)


class InstructorPin(models.Model):
    """A pair that later proposals of the scenario keep to (`fix`) or avoid (`bar`), until it is taken back."""

    scenario = models.ForeignKey(Scenario, models.PROTECT, related_name="pins", verbose_name="设想")
    kind = models.CharField("种类", max_length=4)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name="组织")
    instructor = models.ForeignKey(Instructor, models.PROTECT, related_name="+", verbose_name="指导员")
    reason = models.CharField("理由", max_length=200, blank=True, default="")
    made_at = models.DateTimeField("锁定时间")
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="锁定人")
    lifted_at = models.DateTimeField("取消时间", null=True)
    lifted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="取消人")

    objects = InstructorPinQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[str(kind) for kind in PinKind]),
                name="instructor_pin_known",
                violation_error_message="锁定的种类不对。",
            ),
            models.UniqueConstraint(
                fields=["scenario", "organization", "instructor"],
                condition=Q(lifted_at__isnull=True),
                name="instructor_pin_once",
                violation_error_message="这一对已有锁定。",
            ),
            models.UniqueConstraint(
                fields=["scenario", "organization"],
                condition=Q(lifted_at__isnull=True, kind=PinKind.FIX.value),
                name="instructor_fixed_once",
                violation_error_message="这个组织已锁定给一名指导员。",
            ),
            models.CheckConstraint(
                condition=Q(lifted_by__isnull=True) | Q(lifted_at__isnull=False),
                name="instructor_pin_lifted_paired",
                violation_error_message="取消锁定须有时间。",
            ),
        ]

    def __str__(self) -> str:
        return self.kind
