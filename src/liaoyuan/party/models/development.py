"""People on the way into the party (handbook §2.6): who applied, what is told of them, where, the steps made.

Nothing here holds the text of a talk, of a report on one's thoughts, or of a political review: days, numbers of papers
and conclusions by code only.
"""

from typing import Any

from django.db import models
from django.db.models import F, Q

from liaoyuan.core.models import User
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.models.base import Dated, PeriodQuerySet, Recorded, RecordedQuerySet, roster_reach
from liaoyuan.party.models.members import Member
from liaoyuan.party.models.organizations import PartyOrganization
from liaoyuan.party.params.way import CloseReason, DevelopmentStage, ExaminationKind, Examined, MarkKind, MentorKind
from liaoyuan.people.models import Person
from liaoyuan.registry.models import OPEN, Organization

_STAGES = [str(stage) for stage in DevelopmentStage]
_MEMBERS = [DevelopmentStage.PROBATIONER.value, DevelopmentStage.CONFIRMED.value]


class ApplicantQuerySet(models.QuerySet["Applicant"]):
    """Applicants by existence and scope."""

    def known(self) -> "ApplicantQuerySet":
        """Without rows that are void."""
        return self.filter(voided_at__isnull=True)

    def open(self) -> "ApplicantQuerySet":
        """Those whose way is neither closed nor done."""
        return self.known().filter(closed_on__isnull=True).exclude(stage=DevelopmentStage.CONFIRMED.value)

    def reached_by(self, user: Any, permission: str) -> "ApplicantQuerySet":
        """Those whose present branch, or a superior of it, is covered by a grant with the permission."""
        condition = roster_reach(user, permission, "party_organization")
        return self.known() if condition is None else self.known().filter(condition)

    def visible_to(self, user: Any) -> "ApplicantQuerySet":
        """Those of branches whose roster the user may see. A branch that somebody has left sees him no longer."""
        return self.reached_by(user, Permission.MEMBERS_VIEW)


class Applicant(models.Model):
    """A person of the people floor who handed in an own application on `applied_on`; told by the party organization.

    `party_organization` is where the papers are now, `organization` the body he works at. `stage`, `activist_on`,
    `candidate_on` copy what the steps say, so that the database holds that nobody becomes 积极分子 before an own dated
    application. From PROBATIONER on there is a `member`. `closed_on` ends the way without membership, or with the
    cancelling of it.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="自然人")
    party_organization = models.ForeignKey(
        PartyOrganization, models.PROTECT, related_name="applicants", verbose_name="党组织"
    )
    organization = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="+", verbose_name="所在组织")
    member = models.ForeignKey(Member, models.PROTECT, null=True, related_name="applications", verbose_name="党员")
    stage = models.CharField("阶段", max_length=12, default=DevelopmentStage.APPLICANT.value)
    applied_on = models.DateField("递交入党申请书日期")
    activist_on = models.DateField("确定为积极分子日期", null=True)
    candidate_on = models.DateField("确定为发展对象日期", null=True)
    closed_on = models.DateField("结束培养日期", null=True)
    closed_reason = models.CharField("结束事由", max_length=10, blank=True, default="")
    version = models.PositiveIntegerField("版本", default=1)
    created_at = models.DateTimeField("录入时间")
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="录入人")
    voided_at = models.DateTimeField("作废时间", null=True)
    voided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="作废人")

    objects = ApplicantQuerySet.as_manager()

    class Meta:
        ordering = ["applied_on", "pk"]
        indexes = [models.Index(fields=["party_organization", "stage"], name="applicant_branch")]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(voided_at__isnull=True, closed_on__isnull=True),
                name="applicant_person_once",
                violation_error_message="这个人已有一份正在办理的入党申请。",
            ),
            models.CheckConstraint(
                condition=Q(stage__in=_STAGES), name="applicant_stage_known", violation_error_message="阶段不对。"
            ),
            models.CheckConstraint(
                condition=(Q(stage=DevelopmentStage.APPLICANT.value) & Q(activist_on__isnull=True))
                | (
                    ~Q(stage=DevelopmentStage.APPLICANT.value)
                    & Q(activist_on__isnull=False, activist_on__gte=F("applied_on"))
                ),
                name="applicant_activist_after_applying",
                violation_error_message="没有本人写明日期的入党申请书，不能确定为入党积极分子。",
            ),
            models.CheckConstraint(
                condition=(
                    Q(stage__in=[DevelopmentStage.APPLICANT.value, DevelopmentStage.ACTIVIST.value])
                    & Q(candidate_on__isnull=True)
                )
                | (Q(stage__in=_STAGES[2:]) & Q(candidate_on__isnull=False, candidate_on__gt=F("activist_on"))),
                name="applicant_candidate_after_activist",
                violation_error_message="确定为发展对象须在确定为积极分子之后。",
            ),
            models.CheckConstraint(
                condition=(Q(stage__in=_MEMBERS) & Q(member__isnull=False))
                | (~Q(stage__in=_MEMBERS) & Q(member__isnull=True)),
                name="applicant_member_when_admitted",
                violation_error_message="接收为预备党员以后才在党员名册里。",
            ),
            models.CheckConstraint(
                condition=(Q(closed_on__isnull=True) & Q(closed_reason=""))
                | (
                    Q(closed_on__isnull=False, closed_on__gte=F("applied_on"))
                    & Q(closed_reason__in=[str(r) for r in CloseReason])
                ),
                name="applicant_closed_with_reason",
                violation_error_message="结束培养须写明日期和事由。",
            ),
            models.CheckConstraint(
                condition=Q(voided_by__isnull=True) | Q(voided_at__isnull=False),
                name="applicant_void_paired",
                violation_error_message="作废须有时间。",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class ApplicantRecord(Recorded):
    """What the party organization tells of an applicant. One row holds; earlier ones stay superseded.

    `birth` (C3) is vault ciphertext and stored in zone gov only. `numbered`: the identity number was told; it stands
    with the person. `leaves_on` is the day on which he will leave the unit, where one is known.
    """

    applicant = models.ForeignKey(Applicant, models.PROTECT, related_name="records", verbose_name="入党申请人")
    name = models.CharField("姓名", max_length=60)
    name_key = models.CharField("姓名比对", max_length=60)
    gender = models.CharField("性别", max_length=1, blank=True, default="")
    birth = models.CharField("出生日期", max_length=200, blank=True, default="")
    numbered = models.BooleanField("报过身份证号", default=False)
    education = models.CharField("学历", max_length=10, blank=True, default="")
    job = models.CharField("单位及职务", max_length=120, blank=True, default="")
    leaves_on = models.DateField("将离开单位的日期", null=True)

    objects = RecordedQuerySet["ApplicantRecord"].as_manager()

    class Meta:
        ordering = ["applicant", "pk"]
        indexes = [
            models.Index(fields=["name_key"], name="applicant_record_name", condition=Q(superseded_at__isnull=True)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["applicant"],
                condition=Q(superseded_at__isnull=True),
                name="applicant_record_once",
                violation_error_message="一名申请人只有一份现行资料。",
            ),
            models.CheckConstraint(
                condition=~Q(name=""), name="applicant_record_named", violation_error_message="姓名不能为空。"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ApplicantPlace(Dated):
    """Where an applicant's papers were over a period. When they follow him to another branch, time goes on."""

    applicant = models.ForeignKey(Applicant, models.PROTECT, related_name="places", verbose_name="入党申请人")
    party_organization = models.ForeignKey(PartyOrganization, models.PROTECT, related_name="+", verbose_name="党组织")
    organization = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="+", verbose_name="所在组织")

    objects = PeriodQuerySet["ApplicantPlace"].as_manager()

    class Meta:
        ordering = ["applicant", "valid_from", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["applicant"],
                condition=Q(superseded_at__isnull=True, valid_to=OPEN),
                name="applicant_place_open_once",
                violation_error_message="一名申请人同时只在一个党组织。",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__gt=F("valid_from")),
                name="applicant_place_dates_in_order",
                violation_error_message="止日须晚于起日。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.valid_from}"


class DevelopmentStep(Recorded):
    """One of the twenty-five steps, made on a day (`rules.steps`). A correction supersedes the row.

    Steps 6 and 21, which go on for a while, are `Examination`s. `decision` is the vote of a meeting on which a step of
    `VOTED_STEPS` rests; without it the step was told of a time before the branch kept its meetings here. `evidence`
    is the number of a paper, `reason` that of a training not attended (11) or of the longer term (17). Zone internet
    holds number and day only.
    """

    applicant = models.ForeignKey(Applicant, models.PROTECT, related_name="steps", verbose_name="入党申请人")
    number = models.PositiveSmallIntegerField("步骤")
    on = models.DateField("日期")
    party_organization = models.ForeignKey(PartyOrganization, models.PROTECT, related_name="+", verbose_name="党组织")
    evidence = models.CharField("文号或编号", max_length=80, blank=True, default="")
    training_days = models.PositiveSmallIntegerField("培训天数", null=True)
    training_hours = models.PositiveSmallIntegerField("培训学时", null=True)
    reason = models.CharField("事由", max_length=100, blank=True, default="")
    decision = models.ForeignKey("party.Decision", models.PROTECT, null=True, related_name="+", verbose_name="表决")

    objects = RecordedQuerySet["DevelopmentStep"].as_manager()

    class Meta:
        ordering = ["applicant", "number", "pk"]
        indexes = [
            models.Index(fields=["number", "on"], name="development_step_day", condition=Q(superseded_at__isnull=True)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["applicant", "number"],
                condition=Q(superseded_at__isnull=True),
                name="development_step_once",
                violation_error_message="这一步已经办理。",
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1, number__lte=25) & ~Q(number__in=[6, 21]),
                name="development_step_known",
                violation_error_message="发展党员只有 25 个步骤，考察另行登记。",
            ),
            models.CheckConstraint(
                condition=Q(number=11) | Q(training_days__isnull=True, training_hours__isnull=True),
                name="development_step_training",
                violation_error_message="只有集中培训填写天数和学时。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}"


class DevelopmentMark(Recorded):
    """The day on which a publicity began, or on which the committee received a decision: terms run from it."""

    applicant = models.ForeignKey(Applicant, models.PROTECT, related_name="marks", verbose_name="入党申请人")
    kind = models.CharField("类别", max_length=20)
    on = models.DateField("日期")
    evidence = models.CharField("文号或编号", max_length=80, blank=True, default="")

    objects = RecordedQuerySet["DevelopmentMark"].as_manager()

    class Meta:
        ordering = ["applicant", "on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["applicant", "kind"],
                condition=Q(superseded_at__isnull=True),
                name="development_mark_once",
                violation_error_message="这个日期已登记。",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[str(k) for k in MarkKind]),
                name="development_mark_known",
                violation_error_message="类别不对。",
            ),
        ]

    def __str__(self) -> str:
        return self.kind


class Mentor(Dated):
    """A member who looks after an applicant over a period: 培养联系人 or 入党介绍人."""

    applicant = models.ForeignKey(Applicant, models.PROTECT, related_name="mentors", verbose_name="入党申请人")
    member = models.ForeignKey(Member, models.PROTECT, related_name="mentored", verbose_name="党员")
    kind = models.CharField("类别", max_length=10)

    objects = PeriodQuerySet["Mentor"].as_manager()

    class Meta:
        ordering = ["applicant", "kind", "valid_from", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["applicant", "member", "kind"],
                condition=Q(superseded_at__isnull=True, valid_to=OPEN),
                name="mentor_open_once",
                violation_error_message="这名党员已是他的联系人或介绍人。",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[str(k) for k in MentorKind]),
                name="mentor_kind_known",
                violation_error_message="类别须为培养联系人或入党介绍人。",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__gt=F("valid_from")),
                name="mentor_dates_in_order",
                violation_error_message="止日须晚于起日。",
            ),
        ]

    def __str__(self) -> str:
        return self.kind


class Examination(Recorded):
    """One 考察 of an applicant: its day and its conclusion by code."""

    applicant = models.ForeignKey(Applicant, models.PROTECT, related_name="examinations", verbose_name="入党申请人")
    kind = models.CharField("类别", max_length=12)
    on = models.DateField("日期")
    result = models.CharField("结论", max_length=10)

    objects = RecordedQuerySet["Examination"].as_manager()

    class Meta:
        ordering = ["applicant", "on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["applicant", "on"],
                condition=Q(superseded_at__isnull=True),
                name="examination_once_a_day",
                violation_error_message="这一天的考察已登记。",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[str(k) for k in ExaminationKind], result__in=[str(r) for r in Examined]),
                name="examination_known",
                violation_error_message="考察的类别或结论不对。",
            ),
        ]

    def __str__(self) -> str:
        return self.result
