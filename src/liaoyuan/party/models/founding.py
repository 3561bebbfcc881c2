"""The application to found a branch, with its units and members, and the meeting at which branches are founded."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from liaoyuan.core import access
from liaoyuan.core.models import Area, Case, User
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.choices.organizations import BranchKind, FoundingState, OfficerHow, Standing
from liaoyuan.party.models.members import Member
from liaoyuan.party.models.organizations import PartyOrganization
from liaoyuan.registry.models import Organization

_DONE = [FoundingState.FOUNDED.value, FoundingState.FILED.value]


class CeremonyQuerySet(models.QuerySet["Ceremony"]):
    """Founding meetings by scope."""

    def visible_to(self, user: Any) -> "CeremonyQuerySet":
        """Those of the areas over which the user sees party organizations, and those of foundings he sees."""
        reach = access.reach(user, Permission.VIEW)
        if reach.everything:
            return self
        condition = Q(foundings__in=Founding.objects.visible_to(user))
        for path in reach.paths:
            condition |= Q(area__in=Area.objects.within(path))
        return self.filter(condition).distinct()


class Ceremony(models.Model):
    """A founding meeting (成立大会): one day and place at which one or several branches are founded."""

    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name="所属区划")
    title = models.CharField("会议名称", max_length=120)
    on = models.DateField("日期")
    place = models.CharField("地点", max_length=120, blank=True, default="")
    host = models.CharField("主持", max_length=60, blank=True, default="")
    note = models.TextField("议程和情况", blank=True, default="")
    version = models.PositiveIntegerField("版本", default=1)
    made_at = models.DateTimeField("建立时间")
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="建立人")

    objects = CeremonyQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-pk"]

    def __str__(self) -> str:
        return self.title


class FoundingQuerySet(models.QuerySet["Founding"]):
    """Applications by state and scope."""

    def visible_to(self, user: Any) -> "FoundingQuerySet":
        """Those of areas and superiors over which the user sees party organizations, and those of his own body."""
        reach = access.reach(user, Permission.VIEW)
        if reach.everything:
            return self
        condition = Q(applicant__in=access.reach(user, Permission.OWN_APPLY).organizations)
        for path in reach.paths:
            condition |= Q(area__in=Area.objects.within(path))
        for path in reach.parties:
            condition |= Q(superior__path__startswith=path) | Q(party_organization__path__startswith=path)
        return self.filter(condition)


class Founding(models.Model):
    """One application to found a branch (支部工作条例 art. 6). Its course, papers and clock are those of `case`, which
    also says whether it was refused or withdrawn; `state` is how far the founding came.

    `applicant` is the body that asks (the carrier, or one of the units). `superior` approves. `purpose` is the task of
    a temporary branch, which ends on `task_ends_on`. After approval `party_organization` stands; `secretary` is
    appointed or elected (`secretary_how`) at the founding meeting, `filed_on` the day the reply and the result were
    filed with the organization department.
    """

    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name="所属区划")
    state = models.CharField("状态", max_length=10, default=FoundingState.DRAFT.value)
    name = models.CharField("拟设党支部名称", max_length=120)
    branch_kind = models.CharField("组建形式", max_length=12)
    superior = models.ForeignKey(PartyOrganization, models.PROTECT, related_name="+", verbose_name="上级党组织")
    applicant = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="+", verbose_name="申请单位")
    carrier = models.ForeignKey(
        Organization, models.PROTECT, null=True, related_name="+", verbose_name="依托单位（本登记库）"
    )
    carrier_name = models.CharField("依托单位", max_length=120, blank=True, default="")
    purpose = models.CharField("设立理由", max_length=400, blank=True, default="")
    task_ends_on = models.DateField("计划结束日期", null=True)
    transfer_due_on = models.DateField("转接到期日", null=True)
    case = models.OneToOneField(Case, models.PROTECT, null=True, related_name="founding", verbose_name="申请事项")
    party_organization = models.OneToOneField(
        PartyOrganization, models.PROTECT, null=True, related_name="founding", verbose_name="设立的党组织"
    )
    ceremony = models.ForeignKey(Ceremony, models.PROTECT, null=True, related_name="foundings", verbose_name="成立大会")
    secretary = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+", verbose_name="首任书记人选")
    secretary_how = models.CharField("产生方式", max_length=10, blank=True, default="")
    result_note = models.CharField("选举或任命情况", max_length=200, blank=True, default="")
    filed_on = models.DateField("备案日期", null=True)
    filing_no = models.CharField("备案号", max_length=80, blank=True, default="")
    version = models.PositiveIntegerField("版本", default=1)
    made_at = models.DateTimeField("建立时间")
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="建立人")

    objects = FoundingQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["area", "state"], name="founding_office")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[str(s) for s in FoundingState]),
                name="founding_state_known",
                violation_error_message="申请的状态不对。",
            ),
            models.CheckConstraint(
                condition=Q(branch_kind__in=[str(k) for k in BranchKind]),
                name="founding_kind_known",
                violation_error_message="组建形式不对。",
            ),
            models.CheckConstraint(
                condition=Q(state=FoundingState.DRAFT.value, case__isnull=True)
                | (~Q(state=FoundingState.DRAFT.value) & Q(case__isnull=False)),
                name="founding_case_when_applied",
                violation_error_message="提交以后才有申请事项。",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[*_DONE, FoundingState.APPROVED.value]) | Q(party_organization__isnull=False),
                name="founding_branch_when_approved",
                violation_error_message="批复以后须有设立的党组织。",
            ),
            models.CheckConstraint(
                condition=(~Q(state__in=_DONE))
                | (Q(ceremony__isnull=False, secretary_how__in=[str(h) for h in OfficerHow])),
                name="founding_meeting_when_founded",
                violation_error_message="成立须有成立大会和书记的产生方式。",
            ),
            models.CheckConstraint(
                condition=(~Q(state=FoundingState.FILED.value) & Q(filed_on__isnull=True))
                | (Q(state=FoundingState.FILED.value) & Q(filed_on__isnull=False)),
                name="founding_filed_with_day",
                violation_error_message="备案须有日期。",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class FoundingUnit(models.Model):
    """A body that the branch is to cover: a social organization, or another unit by its name."""

    founding = models.ForeignKey(Founding, models.PROTECT, related_name="units", verbose_name="申请")
    organization = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="+", verbose_name="社会组织")
    outside_name = models.CharField("其他单位", max_length=120, blank=True, default="")

    class Meta:
        ordering = ["founding", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["founding", "organization"],
                condition=Q(organization__isnull=False),
                name="founding_unit_once",
                violation_error_message="这个组织已在名单中。",
            ),
            models.CheckConstraint(
                condition=(Q(organization__isnull=False) & Q(outside_name=""))
                | (Q(organization__isnull=True) & ~Q(outside_name="")),
                name="founding_unit_one_of_two",
                violation_error_message="成员单位须为本登记库的组织，或写明其他单位的名称。",
            ),
        ]

    def __str__(self) -> str:
        return self.outside_name or f"{self.organization_id}"


class FoundingMember(models.Model):
    """A member on the roster of the application, and as whom he stands there (handbook §2.8, "three numbers").

    Committed ones have agreed in writing on `consented_on` to transfer by `transfer_due_on`; dual ones count for
    nothing but are listed.
    """

    founding = models.ForeignKey(Founding, models.PROTECT, related_name="members", verbose_name="申请")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+", verbose_name="党员")
    organization = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="+", verbose_name="所在组织")
    standing = models.CharField("身份", max_length=10)
    full_time = models.BooleanField("专职", default=False)
    consented_on = models.DateField("书面同意日期", null=True)
    transfer_due_on = models.DateField("应转入日期", null=True)

    class Meta:
        ordering = ["founding", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["founding", "member"],
                name="founding_member_once",
                violation_error_message="这名党员已在名单中。",
            ),
            models.CheckConstraint(
                condition=Q(standing__in=[str(s) for s in Standing]),
                name="founding_member_standing_known",
                violation_error_message="身份不对。",
            ),
            models.CheckConstraint(
                condition=(
                    Q(standing=Standing.COMMITTED.value)
                    & Q(full_time=True, consented_on__isnull=False, transfer_due_on__isnull=False)
                    & Q(transfer_due_on__gt=F("consented_on"))
                )
                | (~Q(standing=Standing.COMMITTED.value) & Q(transfer_due_on__isnull=True)),
                name="founding_member_committed_whole",
                violation_error_message="书面同意转入的须为专职，并写明同意日期和应转入日期。",
            ),
        ]

    def __str__(self) -> str:
        return self.standing
