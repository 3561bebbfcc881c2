"""党建工作指导员 and 联络员: who they are, which bodies they look after by which letter, their visits (§2.10)."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q

from liaoyuan.core import access
from liaoyuan.core.models import Area, User
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.choices.coverage import AppraisalKind, AppraisalResult, InstructorKind, InstructorSource
from liaoyuan.party.models.base import Dated, PeriodQuerySet, Recorded, RecordedQuerySet
from liaoyuan.registry.models import Organization, Standing


def bodies_of(user: Any, *permissions: str) -> Q | None:
    """The condition on a foreign key `organization` under which one of the permissions reaches the body: by its office,
    by its domicile, or as one's own. None when it reaches everything.
    """
    found = Q(pk__in=[])
    for permission in permissions:
        reach = access.reach(user, permission)
        if reach.everything:
            return None
        if reach.organizations:
            found |= Q(organization__in=reach.organizations)
        for path in reach.paths:
            areas = Area.objects.within(path)
            there = Standing.objects.now_open().filter(Q(registrar_area__in=areas) | Q(street__in=areas))
            found |= Q(organization__in=there.values("organization"))
    return found


class InstructorQuerySet(models.QuerySet["Instructor"]):
    """Instructors by scope."""

    def serving(self) -> "InstructorQuerySet":
        """Those who have not stopped."""
        return self.filter(ended_on__isnull=True)

    def visible_to(self, user: Any) -> "InstructorQuerySet":
        """Those of the areas over which the user sees party organizations, and himself."""
        reach = access.reach(user, Permission.VIEW)
        if reach.everything:
            return self
        condition = Q(user=user.pk)
        for path in reach.paths:
            condition |= Q(area__in=Area.objects.within(path))
        return self.filter(condition)


class Instructor(models.Model):
    """Somebody who is sent to bodies: name, where he comes from, his unit; nothing else of the person is kept.

    `user` is his account when he has one. `ended_on`: no longer an instructor from that day.
    """

    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name="选派区划")
    name = models.CharField("姓名", max_length=60)
    source = models.CharField("来源", max_length=10)
    unit = models.CharField("单位职务", max_length=120, blank=True, default="")
    sender = models.CharField("选派单位", max_length=120, blank=True, default="")
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="账号")
    ended_on = models.DateField("停止日期", null=True)
    version = models.PositiveIntegerField("版本", default=1)
    made_at = models.DateTimeField("登记时间")
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="登记人")

    objects = InstructorQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(user__isnull=False, ended_on__isnull=True),
                name="instructor_account_once",
                violation_error_message="这个账号已是另一名指导员。",
            ),
            models.CheckConstraint(
                condition=~Q(name=""), name="instructor_named", violation_error_message="姓名不能为空。"
            ),
            models.CheckConstraint(
                condition=Q(source__in=[str(s) for s in InstructorSource]),
                name="instructor_source_known",
                violation_error_message="指导员的来源不对。",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class InstructorAssignmentQuerySet(PeriodQuerySet["InstructorAssignment"]):
    """Assignments by time and scope."""

    def valid(self, on: date) -> "InstructorAssignmentQuerySet":
        """Those that count on the day: assigned, and the letter holds."""
        return self.active(on).lettered(on)

    def lettered(self, on: date) -> "InstructorAssignmentQuerySet":
        """Those whose letter has a number and holds on the day."""
        return self.exclude(letter="").filter(letter_from__lte=on, letter_until__gte=on)

    def visible_to(self, user: Any) -> "InstructorAssignmentQuerySet":
        """Those of instructors he sees, and of bodies he reaches."""
        there = bodies_of(user, Permission.VIEW, Permission.VISIT, Permission.OWN_VIEW)
        if there is None:
            return self
        return self.filter(there | Q(instructor__in=Instructor.objects.visible_to(user)))


class InstructorAssignment(Dated):
    """An instructor looks after a body over a period, on a letter of appointment.

    The letter holds from `letter_from` to `letter_until`, both days included; without its number it counts for nothing.
    """

    instructor = models.ForeignKey(
        Instructor, models.PROTECT, related_name="assignments", verbose_name="指导员或联络员"
    )
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name="联系组织")
    kind = models.CharField("类别", max_length=10)
    letter = models.CharField("聘书编号", max_length=80, blank=True, default="")
    letter_from = models.DateField("聘期起")
    letter_until = models.DateField("聘期止（当日有效）")
    end_reason = models.CharField("结束事由", max_length=100, blank=True, default="")

    objects = InstructorAssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["instructor", "valid_from", "pk"]
        indexes = [
            models.Index(
                fields=["organization", "valid_to"], name="assignment_body", condition=Q(superseded_at__isnull=True)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["instructor", "organization", "kind"],
                condition=Q(superseded_at__isnull=True, valid_to=date(9999, 12, 31)),
                name="assignment_open_once",
                violation_error_message="这名指导员已联系这个组织。",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[str(k) for k in InstructorKind]),
                name="assignment_kind_known",
                violation_error_message="类别只能是指导员或联络员。",
            ),
            models.CheckConstraint(
                condition=Q(letter_until__gte=F("letter_from")),
                name="assignment_letter_in_order",
                violation_error_message="聘期止不能早于聘期起。",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__gt=F("valid_from")),
                name="assignment_dates_in_order",
                violation_error_message="止日须晚于起日。",
            ),
        ]

    def __str__(self) -> str:
        return self.letter


class VisitQuerySet(models.QuerySet["Visit"]):
    """Visits by scope."""

    def open(self) -> "VisitQuerySet":
        """With something to follow up that is not done."""
        return self.exclude(follow_up="").filter(done_on__isnull=True)

    def visible_to(self, user: Any) -> "VisitQuerySet":
        """Those to bodies that the user reaches, and his own."""
        there = bodies_of(user, Permission.VIEW, Permission.VISIT, Permission.OWN_VIEW)
        return self if there is None else self.filter(there | Q(instructor__user=user.pk))


class Visit(models.Model):
    """One visit to a body: what was looked at (codes of the checklist), what was found, what is to be done by when.

    Words are about the body, never about a person's thoughts: no talk, no opinion of anybody is written here.
    """

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name="走访组织")
    instructor = models.ForeignKey(
        Instructor, models.PROTECT, null=True, related_name="visits", verbose_name="走访的指导员"
    )
    on = models.DateField("走访日期")
    looked = models.JSONField("看了什么", default=list)
    findings = models.TextField("情况和问题", blank=True, default="")
    follow_up = models.CharField("需要办理的事", max_length=300, blank=True, default="")
    follow_due_on = models.DateField("办理期限", null=True)
    done_on = models.DateField("办结日期", null=True)
    done_note = models.CharField("办理结果", max_length=300, blank=True, default="")
    version = models.PositiveIntegerField("版本", default=1)
    made_at = models.DateTimeField("记录时间")
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="记录人")

    objects = VisitQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-pk"]
        indexes = [models.Index(fields=["organization", "on"], name="visit_body")]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | ~Q(follow_up=""),
                name="visit_done_of_something",
                violation_error_message="没有需要办理的事，就没有办结日期。",
            ),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | Q(done_on__gte=F("on")),
                name="visit_done_after",
                violation_error_message="办结日期不能早于走访日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on}"


class InstructorAppraisalQuerySet(RecordedQuerySet["InstructorAppraisal"]):
    """Appraisals by what is known and by scope."""

    def visible_to(self, user: Any) -> "InstructorAppraisalQuerySet":
        """Those of instructors he sees; an instructor sees his own."""
        return self.filter(instructor__in=Instructor.objects.visible_to(user))


class InstructorAppraisal(Recorded):
    """How an instructor did his duty in a year, or in the term that ended in it: in words and on which document.

    No score and no rank. One of an instructor, kind and year holds; a correction supersedes it.
    """

    instructor = models.ForeignKey(Instructor, models.PROTECT, related_name="appraisals", verbose_name="指导员或联络员")
    kind = models.CharField("考核类别", max_length=4)
    year = models.PositiveSmallIntegerField("年度")
    on = models.DateField("考核日期")
    result = models.CharField("考核结论", max_length=6)
    words = models.CharField("履职情况", max_length=500)
    evidence = models.CharField("依据", max_length=120, blank=True, default="")

    objects = InstructorAppraisalQuerySet.as_manager()

    class Meta:
        ordering = ["instructor", "-year", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["instructor", "kind", "year"],
                condition=Q(superseded_at__isnull=True),
                name="appraisal_once",
                violation_error_message="这一年度的考核已经登记。",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[str(k) for k in AppraisalKind])
                & Q(result__in=[str(r) for r in AppraisalResult])
                & ~Q(words=""),
                name="appraisal_told",
                violation_error_message="考核须有类别、结论和履职情况。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}"
