"""Party organizations as a dated tree, the bodies that each covers, and who carries a joint branch."""

from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from liaoyuan.core import access
from liaoyuan.core.models import Area, Case, User
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.choices.organizations import BranchKind, Form
from liaoyuan.party.models.base import Dated, PeriodQuerySet, within_reach
from liaoyuan.registry.models import OPEN, Organization


class PartyOrganizationQuerySet(models.QuerySet["PartyOrganization"]):
    """Party organizations by existence and scope."""

    def known(self) -> "PartyOrganizationQuerySet":
        """Without rows that an undone import left void."""
        return self.filter(voided_at__isnull=True)

    def living(self) -> "PartyOrganizationQuerySet":
        """Those that are not dissolved."""
        return self.known().filter(dissolved_on__isnull=True)

    def reached_by(self, user: Any, permission: str) -> "PartyOrganizationQuerySet":
        """Those over which the user holds the permission."""
        condition = within_reach(user, permission)
        return self.known() if condition is None else self.known().filter(condition)

    def visible_to(self, user: Any) -> "PartyOrganizationQuerySet":
        """Those within the reach of his grants, and those that cover a body of his own (facts, never members)."""
        condition = within_reach(user, Permission.VIEW)
        if condition is None:
            return self.known()
        own = access.reach(user, Permission.OWN_VIEW).organizations
        if own:
            units = Unit.objects.now_open().filter(organization__in=own, party_organization=OuterRef("pk"))
            condition |= Q(Exists(units))
        return self.known().filter(condition)


class PartyOrganization(models.Model):
    """One party organization as an identity. What it is called and where it stands are dated facts (`Formation`).

    `area` is the area whose committee leads it; `path` the present chain of superiors, `p/1/5/12/` (kept by actions
    from the open formations), on which grants over a party organization rest. `established_on` is the day of the
    founding meeting; `regular_on` the day from which a branch that was founded with transfers in progress had its full
    members formally (handbook §2.8), or that of its founding.
    """

    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name="所属区划")
    path = models.CharField("隶属路径", max_length=120, blank=True, default="", db_index=True)
    established_on = models.DateField("成立日期", null=True)
    regular_on = models.DateField("转为正常运行日期", null=True)
    dissolved_on = models.DateField("撤销日期", null=True)
    dissolved_reason = models.CharField("撤销事由", max_length=200, blank=True, default="")
    version = models.PositiveIntegerField("版本", default=1)
    created_at = models.DateTimeField("录入时间")
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="录入人")
    voided_at = models.DateTimeField("作废时间", null=True)
    voided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="作废人")

    objects = PartyOrganizationQuerySet.as_manager()

    class Meta:
        ordering = ["path"]
        constraints = [
            models.CheckConstraint(
                condition=Q(dissolved_on__isnull=True)
                | Q(established_on__isnull=True)
                | Q(dissolved_on__gte=F("established_on")),
                name="party_organization_dates_in_order",
                violation_error_message="撤销日期不能早于成立日期。",
            ),
            models.CheckConstraint(
                condition=Q(voided_by__isnull=True) | Q(voided_at__isnull=False),
                name="party_organization_void_paired",
                violation_error_message="作废须有时间。",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class FormationQuerySet(PeriodQuerySet["Formation"]):
    """Formations by time and scope."""

    def visible_to(self, user: Any) -> "FormationQuerySet":
        """Those of party organizations that the user sees."""
        return self.filter(party_organization__in=PartyOrganization.objects.visible_to(user))


class Formation(Dated):
    """What a party organization is over one period: name, form, superior, carrier, on what approval it rests.

    One row is open. `superior` is within this register, `superior_name` a party organization outside it.
    `may_transfer`: it may approve probationers and so issue letters of transfer (PB-REL-05). `carrier` is the 依托单位
    of a joint branch, which need not be one of its units nor a social organization (`carrier_name`). `term_months` is
    the term of its committee. `task_ends_on` is the planned end of a temporary branch. `transfer_due_on`: founded with
    transfers in progress, which are due then. `evidence` is the number of the approval (批复文号), `case` the
    application it answers.
    """

    party_organization = models.ForeignKey(
        PartyOrganization, models.PROTECT, related_name="formations", verbose_name="党组织"
    )
    name = models.CharField("名称", max_length=120)
    form = models.CharField("层级", max_length=10)
    branch_kind = models.CharField("组建形式", max_length=12, blank=True, default="")
    superior = models.ForeignKey(
        PartyOrganization, models.PROTECT, null=True, related_name="+", verbose_name="上级党组织"
    )
    superior_name = models.CharField("上级党组织（系统外）", max_length=120, blank=True, default="")
    may_transfer = models.BooleanField("可审批预备党员、开具介绍信", default=False)
    carrier = models.ForeignKey(
        Organization, models.PROTECT, null=True, related_name="+", verbose_name="依托单位（本登记库）"
    )
    carrier_name = models.CharField("依托单位", max_length=120, blank=True, default="")
    term_months = models.PositiveSmallIntegerField("任期（月）", null=True)
    task_ends_on = models.DateField("计划结束日期", null=True)
    transfer_due_on = models.DateField("转接到期日", null=True)
    evidence = models.CharField("批复文号", max_length=80, blank=True, default="")
    approved_on = models.DateField("批复日期", null=True)
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+", verbose_name="申请事项")

    objects = FormationQuerySet.as_manager()

    class Meta:
        ordering = ["party_organization", "valid_from", "pk"]
        indexes = [
            models.Index(fields=["name"], name="formation_name", condition=Q(superseded_at__isnull=True)),
            models.Index(
                fields=["form", "branch_kind", "valid_from"],
                name="formation_kind",
                condition=Q(superseded_at__isnull=True),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["party_organization"],
                condition=Q(superseded_at__isnull=True, valid_to=OPEN),
                name="formation_open_once",
                violation_error_message="一个党组织只能有一条现行情况。",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__gt=F("valid_from")),
                name="formation_dates_in_order",
                violation_error_message="止日须晚于起日。",
            ),
            models.CheckConstraint(
                condition=~Q(name=""), name="formation_named", violation_error_message="党组织名称不能为空。"
            ),
            models.CheckConstraint(
                condition=(Q(form=Form.BRANCH.value) & Q(branch_kind__in=[str(k) for k in BranchKind]))
                | (Q(form__in=[Form.COMMITTEE.value, Form.GENERAL.value]) & Q(branch_kind="")),
                name="formation_form_known",
                violation_error_message="党支部须写明组建形式，党委、党总支不写。",
            ),
            models.CheckConstraint(
                condition=~Q(superior=F("party_organization")),
                name="formation_not_own_superior",
                violation_error_message="党组织不能是自己的上级。",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class UnitQuerySet(PeriodQuerySet["Unit"]):
    """Units by time and scope."""

    def visible_to(self, user: Any) -> "UnitQuerySet":
        """Those of party organizations that the user sees."""
        return self.filter(party_organization__in=PartyOrganization.objects.visible_to(user))


class Unit(Dated):
    """A body that a party organization covers over a period: a social organization, or another unit by its name.

    `joint` copies that the branch is a joint one, so that the database keeps a body in one live joint branch only
    (PB-FORM-07). `evidence` is the document the coverage rests on (PB-COV-01), dated `evidence_on`.
    """

    party_organization = models.ForeignKey(
        PartyOrganization, models.PROTECT, related_name="units", verbose_name="党组织"
    )
    organization = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="+", verbose_name="社会组织")
    outside_name = models.CharField("其他单位", max_length=120, blank=True, default="")
    joint = models.BooleanField("联合组建", default=False)
    evidence = models.CharField("依据文号", max_length=80, blank=True, default="")
    evidence_on = models.DateField("依据日期", null=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        ordering = ["party_organization", "valid_from", "pk"]
        indexes = [
            models.Index(
                fields=["organization", "valid_to"], name="unit_body", condition=Q(superseded_at__isnull=True)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organization"],
                condition=Q(superseded_at__isnull=True, valid_to=OPEN, joint=True),
                name="unit_one_joint_branch",
                violation_error_message="这个组织已在另一个联合党支部。",
            ),
            models.UniqueConstraint(
                fields=["party_organization", "organization"],
                condition=Q(superseded_at__isnull=True, valid_to=OPEN),
                name="unit_open_once",
                violation_error_message="这个组织已是成员单位。",
            ),
            models.CheckConstraint(
                condition=(Q(organization__isnull=False) & Q(outside_name=""))
                | (Q(organization__isnull=True) & ~Q(outside_name="")),
                name="unit_one_of_two",
                violation_error_message="成员单位须为本登记库的组织，或写明其他单位的名称。",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__gt=F("valid_from")),
                name="unit_dates_in_order",
                violation_error_message="止日须晚于起日。",
            ),
        ]

    def __str__(self) -> str:
        return self.outside_name or f"{self.organization_id}"
