"""Members as party organizations tell of them, and the ledger of their affiliations (handbook §2.7, §2.8)."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from liaoyuan.core.models import User
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.choices.members import SORTED, AffiliationKind, MemberStatus, Stage
from liaoyuan.party.models.base import Dated, PeriodQuerySet, Recorded, RecordedQuerySet, roster_reach
from liaoyuan.party.models.organizations import PartyOrganization
from liaoyuan.people.models import Person
from liaoyuan.registry.models import OPEN, Organization

_SORTED = [str(kind) for kind in SORTED]


class MemberQuerySet(models.QuerySet["Member"]):
    """Members by existence and scope."""

    def known(self) -> "MemberQuerySet":
        """Without rows that an undone import left void."""
        return self.filter(voided_at__isnull=True)

    def reached_by(self, user: Any, permission: str) -> "MemberQuerySet":
        """Those with an affiliation, open now, to a party organization over which the user holds the permission."""
        condition = roster_reach(user, permission, "party_organization")
        if condition is None:
            return self.known()
        rows = Affiliation.objects.now_open().filter(condition, member=OuterRef("pk"))
        return self.known().filter(Exists(rows))

    def visible_to(self, user: Any) -> "MemberQuerySet":
        """Those whose roster the user may see. Whoever has left a branch is no longer seen by it."""
        return self.reached_by(user, Permission.MEMBERS_VIEW)

    def full(self, on: date) -> "MemberQuerySet":
        """Full members on the day `on`, as known now."""
        return self.filter(_told(on, MemberStatus.FULL))


def _told(on: date, status: MemberStatus) -> Q:
    here = Q(records__superseded_at__isnull=True, records__admitted_on__lte=on)
    here &= Q(records__left_on__isnull=True) | Q(records__left_on__gt=on)
    if status == MemberStatus.FULL:
        return here & Q(records__confirmed_on__lte=on)
    return here & (Q(records__confirmed_on__isnull=True) | Q(records__confirmed_on__gt=on))


class Member(models.Model):
    """One member of the party as an identity; told by the member or a party organization with a document, never
    inferred. The person is the same identity as on the people floor; nothing here is shown there.

    `version` refuses a change made on an old page.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="自然人")
    version = models.PositiveIntegerField("版本", default=1)
    created_at = models.DateTimeField("录入时间")
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="录入人")
    voided_at = models.DateTimeField("作废时间", null=True)
    voided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="作废人")

    objects = MemberQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(voided_at__isnull=True),
                name="member_person_once",
                violation_error_message="这个人已在党员名册中。",
            ),
            models.CheckConstraint(
                condition=Q(voided_by__isnull=True) | Q(voided_at__isnull=False),
                name="member_void_paired",
                violation_error_message="作废须有时间。",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class MemberRecord(Recorded):
    """What is told of a member (F03). One row holds; earlier ones stay superseded.

    Status on a day follows from the dates: 预备 from `admitted_on` (the day of the admitting meeting), 正式 from
    `confirmed_on` (转正), no member from `left_on`. `birth`, `mobile` and `address` (C3) are vault ciphertext.
    `precision` marks dates known to the month or year only ({"worked_since": "M"}). `numbered`: the party organization
    told the identity number, which stands with the person.
    """

    member = models.ForeignKey(Member, models.PROTECT, related_name="records", verbose_name="党员")
    name = models.CharField("姓名", max_length=60)
    name_key = models.CharField("姓名比对", max_length=60)
    gender = models.CharField("性别", max_length=1, blank=True, default="")
    ethnicity = models.CharField("民族", max_length=20, blank=True, default="")
    native_place = models.CharField("籍贯", max_length=60, blank=True, default="")
    birth = models.CharField("出生年月", max_length=200, blank=True, default="")
    numbered = models.BooleanField("报过身份证号", default=False)
    education = models.CharField("学历", max_length=10, blank=True, default="")
    degree = models.CharField("学位", max_length=20, blank=True, default="")
    school = models.CharField("毕业院校及专业", max_length=120, blank=True, default="")
    worked_since = models.DateField("参加工作时间", null=True)
    admitted_on = models.DateField("入党时间", null=True)
    confirmed_on = models.DateField("转正时间", null=True)
    left_on = models.DateField("离开党组织日期", null=True)
    left_reason = models.CharField("离开事由", max_length=10, blank=True, default="")
    job = models.CharField("单位及职务", max_length=120, blank=True, default="")
    work_time = models.CharField("岗位（专/兼）", max_length=4, blank=True, default="")
    category = models.CharField("人员类别", max_length=40, blank=True, default="")
    mobile = models.CharField("手机", max_length=200, blank=True, default="")
    address = models.CharField("现住址", max_length=400, blank=True, default="")
    police_station = models.CharField("户籍派出所", max_length=60, blank=True, default="")
    skills = models.CharField("技能/证书", max_length=120, blank=True, default="")
    floating_note = models.CharField("流动情况", max_length=120, blank=True, default="")
    precision = models.JSONField("日期精度", default=dict)
    evidence = models.CharField("依据", max_length=120, blank=True, default="")
    note = models.CharField("备注", max_length=200, blank=True, default="")

    objects = RecordedQuerySet["MemberRecord"].as_manager()

    class Meta:
        ordering = ["member", "pk"]
        indexes = [
            models.Index(fields=["name_key"], name="member_record_name", condition=Q(superseded_at__isnull=True)),
            # Covers the counts of members by body; SQLite wants even the column of the condition in it for that.
            models.Index(
                fields=["member", "admitted_on", "left_on", "confirmed_on", "superseded_at"],
                name="member_record_standing",
                condition=Q(superseded_at__isnull=True),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["member"],
                condition=Q(superseded_at__isnull=True),
                name="member_record_once",
                violation_error_message="一名党员只有一份现行资料。",
            ),
            models.CheckConstraint(
                condition=~Q(name=""), name="member_record_named", violation_error_message="姓名不能为空。"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_on__isnull=True)
                | Q(admitted_on__isnull=True)
                | Q(confirmed_on__gte=F("admitted_on")),
                name="member_record_confirmed_after_admitted",
                violation_error_message="转正时间不能早于入党时间。",
            ),
            models.CheckConstraint(
                condition=(Q(left_on__isnull=True) & Q(left_reason=""))
                | (Q(left_on__isnull=False) & Q(left_reason__in=["moved", "died", "other"])),
                name="member_record_left_with_reason",
                violation_error_message="离开党组织须同时写明日期和事由。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def status(self, on: date) -> MemberStatus | None:
        """预备 or 正式 on the day `on`; None when no member then or nothing is known."""
        if self.left_on is not None and self.left_on <= on:
            return None
        if self.confirmed_on is not None and self.confirmed_on <= on:
            return MemberStatus.FULL
        return MemberStatus.PROBATIONARY if self.admitted_on is not None and self.admitted_on <= on else None


class AffiliationQuerySet(PeriodQuerySet["Affiliation"]):
    """Affiliations by kind, time and scope."""

    def formal(self) -> "AffiliationQuerySet":
        """正式组织关系: the one that counts."""
        return self.filter(kind=AffiliationKind.FORMAL.value)

    def sorted_out(self) -> "AffiliationQuerySet":
        """Kinds that pass through the stages of sorting out."""
        return self.filter(kind__in=_SORTED)

    def committed(self, on: date) -> "AffiliationQuerySet":
        """Of members who work full-time at the body and have agreed in writing, by the day, to transfer."""
        rows = self.sorted_out().exclude(stage__in=[Stage.MOVED.value, Stage.KEPT.value])
        return rows.filter(consented_on__lte=on, full_time=True)

    def visible_to(self, user: Any) -> "AffiliationQuerySet":
        """Rows at party organizations whose roster the user may see: a host sees its own row, not the others."""
        condition = roster_reach(user, Permission.MEMBERS_VIEW, "party_organization")
        return self if condition is None else self.filter(condition)


class Affiliation(Dated):
    """A member belongs to a party organization over a period, in one way. On every date exactly one is formal.

    `party_organization` is empty when the formal one is outside this register (`outside_name`). `organization` is the
    body through which he belongs: where he works. Before there is a branch, a member whom a survey (排查登记) found
    stands with the committee that keeps the survey. `stage` is the step of sorting out of 临时双隶属 and 双重管理,
    `stage_on` since when: a next stage is a next row, so that each day knows its stage. `began_on` is the day on which
    the participation began, `moved` says of its last row that it ended by an accepted transfer. `consented_on` is the
    day of the written consent to transfer, due on `transfer_due_on`; `planned_end` the planned end of a participation,
    `purpose` its reason, `home_contact` whom to call at home.
    """

    member = models.ForeignKey(Member, models.PROTECT, related_name="affiliations", verbose_name="党员")
    party_organization = models.ForeignKey(
        PartyOrganization, models.PROTECT, null=True, related_name="affiliations", verbose_name="党组织"
    )
    outside_name = models.CharField("系统外党组织", max_length=120, blank=True, default="")
    kind = models.CharField("类别", max_length=10)
    organization = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="+", verbose_name="所在组织")
    full_time = models.BooleanField("专职", null=True)
    purpose = models.CharField("目的", max_length=120, blank=True, default="")
    planned_end = models.DateField("计划结束日期", null=True)
    stage = models.CharField("阶段", max_length=10, blank=True, default="")
    stage_on = models.DateField("阶段起日", null=True)
    began_on = models.DateField("参加起日", null=True)
    moved = models.BooleanField("已转入", default=False)
    consented_on = models.DateField("书面同意日期", null=True)
    transfer_due_on = models.DateField("应转入日期", null=True)
    home_contact = models.CharField("原支部联系人", max_length=60, blank=True, default="")
    evidence = models.CharField("依据", max_length=120, blank=True, default="")
    end_reason = models.CharField("结束事由", max_length=100, blank=True, default="")

    objects = AffiliationQuerySet.as_manager()

    class Meta:
        ordering = ["member", "valid_from", "pk"]
        indexes = [
            models.Index(
                fields=["party_organization", "kind", "valid_to"],
                name="affiliation_roster",
                condition=Q(superseded_at__isnull=True),
            ),
            models.Index(
                fields=[
                    "organization",
                    "kind",
                    "valid_to",
                    "valid_from",
                    "member",
                    "stage",
                    "consented_on",
                    "full_time",
                    "superseded_at",
                ],
                name="affiliation_body",
                condition=Q(superseded_at__isnull=True),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["member"],
                condition=Q(superseded_at__isnull=True, valid_to=OPEN, kind=AffiliationKind.FORMAL.value),
                name="affiliation_formal_once",
                violation_error_message="一名党员只能有一个正式组织关系。",
            ),
            models.UniqueConstraint(
                fields=["member", "party_organization", "organization"],
                condition=Q(superseded_at__isnull=True, valid_to=OPEN),
                name="affiliation_open_once",
                violation_error_message="这名党员在这个党组织已有一条现行关系。",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[str(k) for k in AffiliationKind]),
                name="affiliation_kind_known",
                violation_error_message="组织关系的类别不对。",
            ),
            models.CheckConstraint(
                condition=(Q(party_organization__isnull=False) & Q(outside_name=""))
                | (Q(party_organization__isnull=True, kind=AffiliationKind.FORMAL.value) & ~Q(outside_name="")),
                name="affiliation_one_of_two",
                violation_error_message="须写明党组织；系统外的只能是正式组织关系。",
            ),
            models.CheckConstraint(
                condition=(Q(kind__in=_SORTED, stage__in=[str(s) for s in Stage], stage_on__isnull=False))
                | (~Q(kind__in=_SORTED) & Q(stage="", stage_on__isnull=True)),
                name="affiliation_stage_with_kind",
                violation_error_message="双隶属、双重管理须写明阶段，其他类别没有阶段。",
            ),
            models.CheckConstraint(
                condition=Q(transfer_due_on__isnull=True) | Q(consented_on__isnull=False),
                name="affiliation_due_with_consent",
                violation_error_message="书面同意以后才有应转入日期。",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__gt=F("valid_from")),
                name="affiliation_dates_in_order",
                violation_error_message="止日须晚于起日。",
            ),
        ]

    def __str__(self) -> str:
        return self.kind


class VotingPause(Dated):
    """A stretch in which a full member has no vote (选举工作条例 art. 5). Nothing else is stored of it, not even why.

    Zone internet holds none of these rows (party.discipline).
    """

    member = models.ForeignKey(Member, models.PROTECT, related_name="pauses", verbose_name="党员")

    objects = PeriodQuerySet["VotingPause"].as_manager()

    class Meta:
        ordering = ["member", "valid_from", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["member"],
                condition=Q(superseded_at__isnull=True, valid_to=OPEN),
                name="voting_pause_open_once",
                violation_error_message="这名党员已在暂停表决权期间。",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__gt=F("valid_from")),
                name="voting_pause_dates_in_order",
                violation_error_message="止日须晚于起日。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.valid_from}"
