"""The application to adjust or dissolve a party organization, and the units that join or leave with it (art. 7)."""

from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from liaoyuan.core import access
from liaoyuan.core.models import Area, Case, User
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.choices.organizations import BranchKind, Form
from liaoyuan.party.choices.reorganizing import Change, ChangeState, Origin
from liaoyuan.party.models.base import within_reach
from liaoyuan.party.models.organizations import PartyOrganization, Unit
from liaoyuan.registry.models import Organization

_DONE = [ChangeState.CARRIED.value, ChangeState.FILED.value]


def applying_for(user: Any, field: str) -> Q:
    """The condition on `field`, which names a party organization, under which the user applies for it: by a grant over
    it or a superior of it, or because it covers a body of his own.
    """
    reach = access.reach(user, Permission.OWN_ADJUST)
    found = Q(pk__isnull=False) if reach.everything else Q(pk__in=[])
    for path in reach.parties:
        found |= Q(**{f"{field}__path__startswith": path})
    if reach.organizations:
        units = Unit.objects.now_open().filter(
            organization__in=reach.organizations, party_organization=OuterRef(f"{field}_id")
        )
        found |= Q(Exists(units))
    return found


class ReorganizationQuerySet(models.QuerySet["Reorganization"]):
    """Applications by scope."""

    def visible_to(self, user: Any) -> "ReorganizationQuerySet":
        """Those of party organizations and committees within reach, and those about an own branch or body."""
        condition = within_reach(user, Permission.VIEW, "party_organization")
        if condition is None:
            return self
        above = within_reach(user, Permission.VIEW, "approver") or Q(pk__in=[])
        own = access.reach(user, Permission.OWN_ADJUST).organizations
        return self.filter(condition | above | applying_for(user, "party_organization") | Q(applicant__in=own))


class Reorganization(models.Model):
    """One application to adjust (`what` adjust) or dissolve a party organization, or a superior's own decision to.

    Its course, papers and clock are those of `case`. What is wished is told as changes: `name`, `form`, `branch_kind`,
    `superior`, `carrier`, `task_ends_on` empty = stays as it is; units that join or leave are `ReorganizationUnit`s.
    `approver` is the committee that decides (empty: one outside this register, for which the area's office decides).
    On the day of the approval (`carried_on`) everything is carried out in one action; `officers` says that officers
    must then be elected or appointed. Of a dissolution `members_to` tells where members go, `handed_*` when and to
    whom papers, seal and property were handed over. `filed_on` is the day of the filing with the organization
    department.
    """

    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name="所属区划")
    what = models.CharField("事项", max_length=10)
    state = models.CharField("状态", max_length=10, default=ChangeState.DRAFT.value)
    party_organization = models.ForeignKey(
        PartyOrganization, models.PROTECT, related_name="reorganizations", verbose_name="党组织"
    )
    approver = models.ForeignKey(
        PartyOrganization, models.PROTECT, null=True, related_name="+", verbose_name="批准的党委"
    )
    origin = models.CharField("申请方式", max_length=10)
    applicant = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="+", verbose_name="申请单位")
    reason = models.CharField("理由", max_length=400)
    name = models.CharField("新名称", max_length=120, blank=True, default="")
    form = models.CharField("层级改为", max_length=10, blank=True, default="")
    branch_kind = models.CharField("组建形式改为", max_length=12, blank=True, default="")
    superior = models.ForeignKey(
        PartyOrganization, models.PROTECT, null=True, related_name="+", verbose_name="改由哪个上级领导"
    )
    carrier = models.ForeignKey(
        Organization, models.PROTECT, null=True, related_name="+", verbose_name="依托单位（本登记库）"
    )
    carrier_name = models.CharField("依托单位", max_length=120, blank=True, default="")
    task_ends_on = models.DateField("计划结束日期", null=True)
    members_to = models.CharField("党员去向", max_length=400, blank=True, default="")
    case = models.OneToOneField(Case, models.PROTECT, null=True, related_name="reorganization", verbose_name="申请事项")
    carried_on = models.DateField("生效日期", null=True)
    officers = models.BooleanField("须选举或任命班子", default=False)
    handed_on = models.DateField("移交日期", null=True)
    handed_to = models.CharField("移交给", max_length=120, blank=True, default="")
    handed_note = models.CharField("移交清单", max_length=400, blank=True, default="")
    filed_on = models.DateField("备案日期", null=True)
    filing_no = models.CharField("备案号", max_length=80, blank=True, default="")
    version = models.PositiveIntegerField("版本", default=1)
    made_at = models.DateTimeField("建立时间")
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="建立人")

    objects = ReorganizationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["area", "state"], name="reorganization_office")]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state__in=[str(s) for s in ChangeState],
                    what__in=[str(w) for w in Change],
                    origin__in=[str(o) for o in Origin],
                ),
                name="reorganization_words_known",
                violation_error_message="申请的状态、事项或申请方式不对。",
            ),
            models.CheckConstraint(
                condition=Q(
                    form__in=["", *(str(f) for f in Form)], branch_kind__in=["", *(str(k) for k in BranchKind)]
                ),
                name="reorganization_form_known",
                violation_error_message="层级或组建形式不对。",
            ),
            models.CheckConstraint(
                condition=(Q(origin=Origin.UNIT.value) & Q(applicant__isnull=False))
                | (~Q(origin=Origin.UNIT.value) & Q(applicant__isnull=True)),
                name="reorganization_unit_applies",
                violation_error_message="由成员单位申请的须写明单位。",
            ),
            models.CheckConstraint(
                condition=Q(state=ChangeState.DRAFT.value, case__isnull=True)
                | (~Q(state=ChangeState.DRAFT.value) & Q(case__isnull=False)),
                name="reorganization_case_when_applied",
                violation_error_message="提交以后才有申请事项。",
            ),
            models.CheckConstraint(
                condition=(Q(state__in=_DONE) & Q(carried_on__isnull=False))
                | (~Q(state__in=_DONE) & Q(carried_on__isnull=True)),
                name="reorganization_carried_with_day",
                violation_error_message="批复以后须有生效日期。",
            ),
            models.CheckConstraint(
                condition=Q(handed_on__isnull=True, handed_to="") | (Q(handed_on__isnull=False) & ~Q(handed_to="")),
                name="reorganization_handed_to_somebody",
                violation_error_message="移交须有日期和接收人。",
            ),
            models.CheckConstraint(
                condition=(Q(state=ChangeState.FILED.value) & Q(filed_on__isnull=False))
                | (~Q(state=ChangeState.FILED.value) & Q(filed_on__isnull=True)),
                name="reorganization_filed_with_day",
                violation_error_message="备案须有日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.party_organization_id}"


class ReorganizationUnit(models.Model):
    """A unit that joins (`joins`) or leaves: a social organization, or another unit by its name."""

    reorganization = models.ForeignKey(Reorganization, models.PROTECT, related_name="units", verbose_name="申请")
    organization = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="+", verbose_name="社会组织")
    outside_name = models.CharField("其他单位", max_length=120, blank=True, default="")
    joins = models.BooleanField("加入")

    class Meta:
        ordering = ["reorganization", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["reorganization", "organization"],
                condition=Q(organization__isnull=False),
                name="reorganization_unit_once",
                violation_error_message="这个组织已在名单中。",
            ),
            models.CheckConstraint(
                condition=(Q(organization__isnull=False) & Q(outside_name=""))
                | (Q(organization__isnull=True) & ~Q(outside_name="")),
                name="reorganization_unit_one_of_two",
                violation_error_message="成员单位须为本登记库的组织，或写明其他单位的名称。",
            ),
        ]

    def __str__(self) -> str:
        return self.outside_name or f"{self.organization_id}"
