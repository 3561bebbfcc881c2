"""The person as an identity, and what each organization told of him."""

from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from liaoyuan.core.models import User
from liaoyuan.people.choices import BASIS_TITLES, EDUCATION_TITLES, GENDER_TITLES, REVIEW_TITLES
from liaoyuan.people.models.base import Told, ToldQuerySet


class PersonQuerySet(models.QuerySet["Person"]):
    """Persons by existence and scope."""

    def living(self) -> "PersonQuerySet":
        """Without rows that were merged into another or that an undone import left void."""
        return self.filter(merged_at__isnull=True, voided_at__isnull=True)

    def visible_to(self, user: Any) -> "PersonQuerySet":
        """Those of whom an organization within the user's reach told something."""
        told = Profile.objects.current().visible_to(user).filter(person=OuterRef("pk"))
        return self.living().filter(Exists(told))


class Person(models.Model):
    """One human being as an identity. `id_number` (C4) is vault ciphertext, `id_index` its blind index.

    Nothing else stands here: name, birth and the rest are what organizations tell (`Profile`). There is no field for
    political status, ethnicity or belief, and none may come. `version` refuses a change made on an old page.
    """

    id_number = models.CharField("身份证号", max_length=200, blank=True, default="")
    id_index = models.CharField("身份证号索引", max_length=64, blank=True, default="")
    version = models.PositiveIntegerField("版本", default=1)
    created_at = models.DateTimeField("录入时间")
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="录入人")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged", verbose_name="并入")
    merged_at = models.DateTimeField("合并时间", null=True)
    merged_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="合并人")
    voided_at = models.DateTimeField("作废时间", null=True)
    voided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="作废人")

    objects = PersonQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["id_index"],
                condition=~Q(id_index="") & Q(merged_at__isnull=True, voided_at__isnull=True),
                name="person_id_once",
                violation_error_message="这个身份证号已有一名人员。",
            ),
            models.CheckConstraint(
                condition=Q(id_number="", id_index="") | (~Q(id_number="") & ~Q(id_index="")),
                name="person_id_indexed",
                violation_error_message="身份证号须连同索引保存。",
            ),
            models.CheckConstraint(
                condition=Q(merged_at__isnull=True, merged_into__isnull=True, merged_by__isnull=True)
                | Q(merged_at__isnull=False, merged_into__isnull=False),
                name="person_merge_paired",
                violation_error_message="合并须有时间和去向。",
            ),
            models.CheckConstraint(
                condition=Q(voided_by__isnull=True) | Q(voided_at__isnull=False),
                name="person_void_paired",
                violation_error_message="作废须有时间。",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class Profile(Told):
    """What one organization told of a person. One row holds; earlier ones stay superseded.

    `birth` (C3, ISO day or month) and `mobile` (C3) are vault ciphertext. `basis` is the ground on which sensitive
    data are kept (PRI-01). `practice_since` is the year in which social work was taken up; `numbered` says that this
    body told the identity number, so that it may see its mask.
    """

    name = models.CharField("姓名", max_length=60)
    name_key = models.CharField("姓名比对", max_length=60)
    gender = models.CharField("性别", max_length=1, blank=True, default="")
    birth = models.CharField("出生年月", max_length=200, blank=True, default="")
    mobile = models.CharField("手机", max_length=200, blank=True, default="")
    education = models.CharField("学历", max_length=10, blank=True, default="")
    major = models.CharField("专业", max_length=60, blank=True, default="")
    practice_since = models.PositiveSmallIntegerField("从业起始年", null=True)
    basis = models.CharField("处理依据", max_length=10, blank=True, default="")
    consent_no = models.CharField("同意书编号", max_length=40, blank=True, default="")
    note = models.TextField("备注", blank=True, default="")
    numbered = models.BooleanField("报过身份证号", default=False)

    objects = ToldQuerySet["Profile"].as_manager()

    class Meta:
        ordering = ["person", "organization", "pk"]
        indexes = [
            models.Index(fields=["name_key"], name="profile_name", condition=Q(superseded_at__isnull=True)),
            models.Index(
                fields=["organization", "name"], name="profile_roster", condition=Q(superseded_at__isnull=True)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organization"],
                condition=Q(superseded_at__isnull=True),
                name="profile_once",
                violation_error_message="一个组织对一名人员只有一份现行资料。",
            ),
            models.CheckConstraint(
                condition=~Q(name=""), name="profile_named", violation_error_message="姓名不能为空。"
            ),
            models.CheckConstraint(
                condition=Q(gender__in=["", *GENDER_TITLES]),
                name="profile_gender_known",
                violation_error_message="性别不对。",
            ),
            models.CheckConstraint(
                condition=Q(education__in=["", *EDUCATION_TITLES]),
                name="profile_education_known",
                violation_error_message="学历不对。",
            ),
            models.CheckConstraint(
                condition=Q(basis__in=["", *(str(b) for b in BASIS_TITLES)]),
                name="profile_basis_known",
                violation_error_message="处理依据不对。",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class NameReviewQuerySet(models.QuerySet["NameReview"]):
    """Decisions about names."""

    def visible_to(self, user: Any) -> "NameReviewQuerySet":
        """Those about persons the user sees."""
        return self.filter(person__in=Person.objects.visible_to(user))


class NameReview(models.Model):
    """An officer's decision about one identity number under several names; `names` are the compared ones in order."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="reviews", verbose_name="人员")
    names = models.CharField("姓名", max_length=400)
    outcome = models.CharField("结论", max_length=10)
    note = models.CharField("说明", max_length=200, blank=True, default="")
    decided_at = models.DateTimeField("核定时间")
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="核定人")

    objects = NameReviewQuerySet.as_manager()

    class Meta:
        ordering = ["person", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=list(REVIEW_TITLES)),
                name="name_review_outcome_known",
                violation_error_message="核定结论不对。",
            ),
        ]

    def __str__(self) -> str:
        return self.outcome
