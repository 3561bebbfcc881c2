"""Plans: one answer of the planner as rows, what it was computed from, its groups and units, what became of them."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from liaoyuan.core.models import Area, User
from liaoyuan.party.models import Founding, PartyOrganization, Reorganization
from liaoyuan.planning.choices.states import PlanState
from liaoyuan.planning.choices.words import Fallback, Place
from liaoyuan.planning.models.scenarios import Scenario
from liaoyuan.registry.models import Organization

_MADE = Q(plan_hash="", finished_at__isnull=True) | (~Q(plan_hash="") & Q(finished_at__isnull=False))


class PlanQuerySet(models.QuerySet["Plan"]):
    """Plans by scope and life."""

    def visible_to(self, user: Any) -> "PlanQuerySet":
        """Those of scenarios that the user sees."""
        return self.filter(scenario__in=Scenario.objects.visible_to(user))

    def made(self) -> "PlanQuerySet":
        """Those that are computed."""
        return self.filter(finished_at__isnull=False)


class Plan(models.Model):
    """One plan of a scenario. All costs are metre-equivalents, every figure was recomputed by the checker (`checked`).

    `input_hash` is the SHA-256 of (snapshot, parameters, locks, seed), `plan_hash` that of the plan. No plan costs less
    than `bound`; `gap_ppm` is (cost - bound) / cost in millionths. `earlier` is the plan that this one was bent from.
    `units` and `members` are in play, `covered` and `members_covered` of them in a group or at a host; `moved` units
    leave a branch of today. `now_covered` and `now_branches` tell of today's arrangement of the same units.
    """

    scenario = models.ForeignKey(Scenario, models.PROTECT, related_name="plans", verbose_name="设想")
    number = models.PositiveIntegerField("序号")
    state = models.CharField("状态", max_length=12, default=PlanState.SOLVING.value)
    earlier = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", verbose_name="由哪个方案修改")
    input_hash = models.CharField("输入散列", max_length=64, blank=True, default="")
    plan_hash = models.CharField("方案散列", max_length=64, blank=True, default="")
    checked = models.BooleanField("核对通过", default=False)
    cost = models.BigIntegerField("总费用", default=0)
    bound = models.BigIntegerField("下界", default=0)
    gap_ppm = models.PositiveIntegerField("与下界相差（百万分之）", default=0)
    units = models.PositiveIntegerField("参加编组的单位", default=0)
    members = models.PositiveIntegerField("参加编组的党员", default=0)
    covered = models.PositiveIntegerField("编入的单位", default=0)
    members_covered = models.PositiveIntegerField("编入的党员", default=0)
    group_count = models.PositiveIntegerField("联合党支部", default=0)
    new_count = models.PositiveIntegerField("新建联合党支部", default=0)
    moved = models.PositiveIntegerField("离开现有支部的单位", default=0)
    independent_count = models.PositiveIntegerField("应单独组建", default=0)
    now_covered = models.PositiveIntegerField("现已在联合党支部的单位", default=0)
    now_branches = models.PositiveIntegerField("现有联合党支部", default=0)
    kept_bodies = models.PositiveIntegerField("已覆盖或正在申请、不参加编组", default=0)
    version = models.PositiveIntegerField("版本", default=1)
    asked_at = models.DateTimeField("提出时间")
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="编制人")
    finished_at = models.DateTimeField("算完时间", null=True)
    reviewed_at = models.DateTimeField("审核时间", null=True)
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="审核人")
    approved_at = models.DateTimeField("批准时间", null=True)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="批准人")
    note = models.CharField("退回理由、没有算成的原因", max_length=200, blank=True, default="")

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["scenario", "number"], name="plan_number_once", violation_error_message="序号重复。"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[str(s) for s in PlanState]),
                name="plan_state_known",
                violation_error_message="方案的状态不对。",
            ),
            models.CheckConstraint(
                condition=(Q(state__in=[PlanState.SOLVING.value, PlanState.FAILED.value]) | ~Q(plan_hash="")) & _MADE,
                name="plan_made_whole",
                violation_error_message="算完的方案须有散列和时间。",
            ),
            models.CheckConstraint(
                condition=Q(bound__lte=F("cost")), name="plan_bound_below", violation_error_message="下界高于费用。"
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | Q(reviewed_at__isnull=False),
                name="plan_reviewed_paired",
                violation_error_message="审核须有时间。",
            ),
            models.CheckConstraint(
                condition=(Q(approved_by__isnull=True) | Q(approved_at__isnull=False))
                & (Q(approved_by__isnull=True) | Q(reviewed_by__isnull=True) | ~Q(approved_by=F("reviewed_by"))),
                name="plan_approved_by_second",
                violation_error_message="审核人不能批准自己审核的方案。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scenario_id}-{self.number}"


class PlanInput(models.Model):
    """What a plan was computed from: the instance of docs/guide/planner.md (ids: `rules.naming`); `more` is whatever
    the planner told of the plan that has no column, here and in its groups and units, so that its hash can be checked.
    `east` and `north` are the WGS-84 degrees of the middle, from which metres are counted; None where nobody
    kept them.
    """

    plan = models.OneToOneField(Plan, models.PROTECT, related_name="input", verbose_name="方案")
    instance = models.JSONField("编组的输入", default=dict)
    more = models.JSONField("方案的其他内容", default=dict)
    east = models.FloatField("原点经度", null=True)
    north = models.FloatField("原点纬度", null=True)

    class Meta:
        ordering = ["plan"]
        constraints = [
            models.CheckConstraint(
                condition=Q(east__isnull=True, north__isnull=True) | Q(east__isnull=False, north__isnull=False),
                name="plan_input_origin_whole",
                violation_error_message="原点须同时有经度和纬度。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id}"


class PlanGroup(models.Model):
    """One group of a plan: a joint branch to found, or the present one (`label`) that it goes on with.

    `seat` is the unit that the others come to. Accepting it led to an application to found the branch (`founding`), or
    to adjust the present one (`change`).
    """

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="groups", verbose_name="方案")
    number = models.PositiveIntegerField("组号")
    seat = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name="所在单位")
    label = models.ForeignKey(PartyOrganization, models.PROTECT, null=True, related_name="+", verbose_name="沿用的支部")
    street = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+", verbose_name="街道")
    units = models.PositiveSmallIntegerField("单位数")
    members = models.PositiveIntegerField("党员数")
    cost = models.BigIntegerField("费用")
    more = models.JSONField("方案的其他内容", default=dict)
    founding = models.OneToOneField(
        Founding, models.PROTECT, null=True, related_name="plan_group", verbose_name="设立申请"
    )
    change = models.OneToOneField(
        Reorganization, models.PROTECT, null=True, related_name="plan_group", verbose_name="调整申请"
    )
    accepted_at = models.DateTimeField("采纳时间", null=True)
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="采纳人")

    class Meta:
        ordering = ["plan", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "number"], name="plan_group_once", violation_error_message="组号重复。"
            ),
            models.CheckConstraint(
                condition=Q(
                    founding__isnull=True, change__isnull=True, accepted_at__isnull=True, accepted_by__isnull=True
                )
                | Q(founding__isnull=False, change__isnull=True, accepted_at__isnull=False)
                | Q(founding__isnull=True, change__isnull=False, accepted_at__isnull=False),
                name="plan_group_accepted_whole",
                violation_error_message="采纳须有时间，并有一件设立或调整申请。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}"


class PlanUnit(models.Model):
    """One body in a plan: where it is put, or why it stays uncovered and what would be the cheapest way out.

    `members` are those that count; `branch` is its joint branch of today; `fallback` says whose point stood for it.
    `cost` is its own part: way, differences, moving (an attachment's whole cost). `change` is the application that came
    of accepting an attachment.
    """

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="bodies", verbose_name="方案")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name="组织")
    place = models.CharField("安排", max_length=12)
    group = models.ForeignKey(PlanGroup, models.PROTECT, null=True, related_name="bodies", verbose_name="组")
    host = models.ForeignKey(PartyOrganization, models.PROTECT, null=True, related_name="+", verbose_name="挂靠的支部")
    branch = models.ForeignKey(PartyOrganization, models.PROTECT, null=True, related_name="+", verbose_name="现有支部")
    street = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+", verbose_name="街道")
    members = models.PositiveIntegerField("党员数")
    cost = models.BigIntegerField("费用", default=0)
    fallback = models.CharField("坐标", max_length=10, blank=True, default="")
    reason = models.CharField("原因", max_length=24, blank=True, default="")
    cheapest = models.CharField("最省的办法", max_length=300, blank=True, default="")
    more = models.JSONField("方案的其他内容", default=dict)
    change = models.OneToOneField(
        Reorganization, models.PROTECT, null=True, related_name="plan_unit", verbose_name="调整申请"
    )
    accepted_at = models.DateTimeField("采纳时间", null=True)
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="采纳人")

    class Meta:
        ordering = ["plan", "pk"]
        indexes = [models.Index(fields=["plan", "place", "street"], name="plan_unit_place")]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "organization"], name="plan_unit_once", violation_error_message="这个组织已有安排。"
            ),
            models.CheckConstraint(
                condition=Q(place__in=[str(p) for p in Place], fallback__in=[str(f) for f in Fallback]),
                name="plan_unit_words_known",
                violation_error_message="安排或坐标的说明不对。",
            ),
            models.CheckConstraint(
                condition=(Q(place=Place.GROUP.value) & Q(group__isnull=False, host__isnull=True))
                | (Q(place=Place.ATTACHED.value) & Q(group__isnull=True, host__isnull=False))
                | (
                    Q(place__in=[Place.UNCOVERED.value, Place.INDEPENDENT.value, Place.FIXED.value])
                    & Q(group__isnull=True, host__isnull=True)
                ),
                name="plan_unit_placed_once",
                violation_error_message="一个组织编入一组、挂靠一个支部，或者都不是。",
            ),
            models.CheckConstraint(
                condition=Q(change__isnull=True, accepted_at__isnull=True, accepted_by__isnull=True)
                | Q(change__isnull=False, accepted_at__isnull=False),
                name="plan_unit_accepted_whole",
                violation_error_message="采纳须有时间，并有一件调整申请。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization_id}"
