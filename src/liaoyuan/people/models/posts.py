"""Posts in the bodies' organs, and employment."""

from django.db import models
from django.db.models import Q

from liaoyuan.people.choices import PostKind, WorkTime
from liaoyuan.people.models.base import Dated, DatedQuerySet
from liaoyuan.registry.models import OPEN

#: Kinds of posts that one person at a time holds, as the constraint names them.
SOLE = ["legal", "principal", "chair", "secretary", "chief_supervisor"]


class Post(Dated):
    """One person in one post of one body. What the rules of appointment ask for stands with it (handbook §1.5).

    `is_relative` says that a close relative sits in the same body's council or is its supervisor. Sentences and
    incapacity are asked at the appointment and never stored: `cleared_on` is the day of the declaration that there are
    none.
    """

    kind = models.CharField("职务", max_length=20)
    term_no = models.PositiveSmallIntegerField("届次", null=True)
    elected_on = models.DateField("选举产生日期", null=True)
    evidence = models.CharField("依据", max_length=200, blank=True, default="")
    is_paid = models.BooleanField("领取报酬", null=True)
    is_relative = models.BooleanField("与理事、监事有近亲属关系", null=True)
    relative_note = models.CharField("亲属关系说明", max_length=100, blank=True, default="")
    is_retired_cadre = models.BooleanField("离退休领导干部", null=True)
    cadre_approval = models.CharField("兼职批准文号", max_length=80, blank=True, default="")
    is_state_staff = models.BooleanField("现职国家工作人员", null=True)
    age_approval = models.CharField("超龄任职批准文号", max_length=80, blank=True, default="")
    cleared_on = models.DateField("无禁止情形声明日期", null=True)
    end_reason = models.CharField("离任事由", max_length=100, blank=True, default="")

    objects = DatedQuerySet["Post"].as_manager()

    class Meta:
        ordering = ["organization", "valid_from", "pk"]
        indexes = [
            models.Index(fields=["organization", "kind"], name="post_body", condition=Q(superseded_at__isnull=True)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "kind"],
                condition=Q(superseded_at__isnull=True, valid_to=OPEN, kind__in=SOLE),
                name="post_sole_open_once",
                violation_error_message="这个职务现已有人担任。",
            ),
            models.UniqueConstraint(
                fields=["person", "organization", "kind"],
                condition=Q(superseded_at__isnull=True, valid_to=OPEN),
                name="post_open_once",
                violation_error_message="这名人员已在任同一职务。",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__gt=models.F("valid_from")),
                name="post_dates_in_order",
                violation_error_message="离任日期须晚于任职日期。",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[str(k) for k in PostKind]),
                name="post_kind_known",
                violation_error_message="职务不对。",
            ),
        ]

    def __str__(self) -> str:
        return self.kind


class Employment(Dated):
    """Work for a body: full-time or part-time, job, contract, insurance. Contract days are inclusive."""

    work_time = models.CharField("专/兼职", max_length=4)
    job = models.CharField("岗位", max_length=60, blank=True, default="")
    service_field = models.CharField("服务领域", max_length=40, blank=True, default="")
    mentor = models.CharField("督导", max_length=60, blank=True, default="")
    contract_from = models.DateField("合同起", null=True)
    contract_to = models.DateField("合同止", null=True)
    insured = models.BooleanField("参加社保", null=True)
    is_finance = models.BooleanField("财会人员", default=False)
    end_reason = models.CharField("离职事由", max_length=100, blank=True, default="")

    objects = DatedQuerySet["Employment"].as_manager()

    class Meta:
        ordering = ["organization", "valid_from", "pk"]
        indexes = [
            models.Index(
                fields=["organization", "work_time"], name="employment_body", condition=Q(superseded_at__isnull=True)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organization"],
                condition=Q(superseded_at__isnull=True, valid_to=OPEN),
                name="employment_open_once",
                violation_error_message="这名人员已在本组织从业。",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__gt=models.F("valid_from")),
                name="employment_dates_in_order",
                violation_error_message="离职日期须晚于入职日期。",
            ),
            models.CheckConstraint(
                condition=Q(contract_from__isnull=True)
                | Q(contract_to__isnull=True)
                | Q(contract_to__gte=models.F("contract_from")),
                name="employment_contract_in_order",
                violation_error_message="合同止期不能早于起期。",
            ),
            models.CheckConstraint(
                condition=Q(work_time__in=[str(w) for w in WorkTime]),
                name="employment_time_known",
                violation_error_message="须为专职或兼职。",
            ),
        ]

    def __str__(self) -> str:
        return self.job or self.work_time
