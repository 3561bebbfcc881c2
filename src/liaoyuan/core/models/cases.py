"""Cases (事项): one procedure of one office, its course, its papers, the stretches in which its clock stands still."""

from django.db import models
from django.db.models import Q

from liaoyuan.core.casekinds import StepKind
from liaoyuan.core.choices import CaseDecision, CaseState
from liaoyuan.core.models.accounts import User
from liaoyuan.core.models.areas import Area

#: States in which the office still has something to do before the decision.
PENDING = (CaseState.APPLIED, CaseState.RECEIVED, CaseState.SUPPLEMENT, CaseState.EXAMINED)
#: States in which a case is not closed: it is handed over with the rest.
OPEN_STATES = (*PENDING, CaseState.DECIDED, CaseState.DELIVERED)
_DONE = tuple(str(s) for s in (CaseState.DECIDED, CaseState.DELIVERED, CaseState.ARCHIVED))


class CaseQuerySet(models.QuerySet["Case"]):
    """Cases by state; whose they are is told by `core.queries.cases.visible`, kinds being entered by higher floors."""

    def pending(self) -> "CaseQuerySet":
        """Cases that are not decided or withdrawn."""
        return self.filter(state__in=[str(state) for state in PENDING])


class Case(models.Model):
    """One procedure: who asks what of which office, by when it must be decided, how it was.

    `area` is the office whose case it is; `number` runs consecutively per office and year of receipt. `facts` are the
    fields of the kind's form in normalised form (money in fen, days as ISO text), C3 values as ciphertext. `term_*` are
    the limits it is judged by, copied at receipt; `due_on` is the last day, empty while the clock stands still,
    `due_provisional` where a year's holidays are not known. `passes_through`: another system runs it, here stand number
    (`outside_number`), dates and result. `accepted` are the fields that the officer accepts, where the kind says so.
    """

    kind = models.CharField("事项", max_length=60)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name="办理机关所在区划")
    year = models.PositiveSmallIntegerField("年度", null=True)
    seq = models.PositiveIntegerField("顺序号", null=True)
    number = models.CharField("事项编号", max_length=40, blank=True, default="")
    subject_kind = models.CharField("对象类别", max_length=40, blank=True, default="")
    subject_id = models.CharField("对象", max_length=40, blank=True, default="")
    label = models.CharField("名称", max_length=200)
    state = models.CharField("状态", max_length=12)
    facts = models.JSONField("内容", default=dict)
    accepted = models.JSONField("采纳的项", null=True)
    passes_through = models.BooleanField("由外部系统办理", default=False)
    outside_number = models.CharField("外部系统受理号", max_length=80, blank=True, default="")
    applicant = models.CharField("申请人", max_length=80, blank=True, default="")
    on_behalf = models.CharField("代填依据", max_length=120, blank=True, default="")
    applied_at = models.DateTimeField("提交时间")
    applied_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="提交人")
    received_on = models.DateField("收件日期", null=True)
    term_days = models.PositiveSmallIntegerField("期限（日）", null=True)
    term_workdays = models.BooleanField("按工作日计", default=False)
    term_key = models.CharField("期限参数", max_length=80, blank=True, default="")
    due_on = models.DateField("应决定日", null=True)
    due_provisional = models.BooleanField("暂定", default=False)
    handler = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="经办人")
    decision = models.CharField("决定", max_length=10, blank=True, default="")
    decided_on = models.DateField("决定日期", null=True)
    decided_at = models.DateTimeField("决定时间", null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="决定人")
    decision_no = models.CharField("决定文号", max_length=80, blank=True, default="")
    decision_text = models.CharField("决定理由", max_length=1000, blank=True, default="")
    delivered_on = models.DateField("送达日期", null=True)
    delivery = models.CharField("送达方式", max_length=120, blank=True, default="")
    version = models.PositiveIntegerField("版本", default=1)

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["subject_kind", "subject_id"], name="case_subject"),
            models.Index(fields=["area", "state", "due_on"], name="case_office_due"),
            models.Index(fields=["handler", "state"], name="case_handler"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["area", "year", "seq"],
                condition=Q(seq__isnull=False),
                name="case_number_once",
                violation_error_message="这个事项编号已被使用。",
            ),
            models.CheckConstraint(
                condition=Q(seq__isnull=True, year__isnull=True, received_on__isnull=True)
                | Q(seq__isnull=False, year__isnull=False, received_on__isnull=False),
                name="case_number_with_receipt",
                violation_error_message="收件须同时有编号和日期。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[str(s) for s in CaseState]),
                name="case_state_known",
                violation_error_message="事项的状态不对。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_DONE, decision__in=[str(d) for d in CaseDecision], decided_on__isnull=False)
                | (~Q(state__in=_DONE) & Q(decision="", decided_on__isnull=True)),
                name="case_decision_with_state",
                violation_error_message="决定须有结果和日期。",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by__isnull=True, decision="")
                | (Q(decided_at__isnull=False) & ~Q(decision="")),
                name="case_decision_paired",
                violation_error_message="决定须有时间。",
            ),
            models.CheckConstraint(
                condition=Q(delivered_on__isnull=True) | Q(decided_on__isnull=False),
                name="case_delivered_after_decision",
                violation_error_message="决定以后才能送达。",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def open(self) -> bool:
        """Whether it is not decided or withdrawn."""
        return self.state in {str(state) for state in PENDING}


class CaseStep(models.Model):
    """One line of a case's course: what was done on which day, by whom, with which words. Never changed.

    `outcome` is the word of an opinion (`agree`, `disagree`) or of a decision. `on` is the day it happened, `at` the
    moment of its entry.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="steps", verbose_name="事项")
    kind = models.CharField("步骤", max_length=12)
    on = models.DateField("日期")
    outcome = models.CharField("结果", max_length=10, blank=True, default="")
    text = models.TextField("意见", blank=True, default="")
    recorded_at = models.DateTimeField("录入时间")
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="录入人")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[str(k) for k in StepKind]),
                name="case_step_known",
                violation_error_message="事项的步骤不对。",
            ),
            models.CheckConstraint(
                condition=Q(recorded_by__isnull=True) | Q(recorded_at__isnull=False),
                name="case_step_paired",
                violation_error_message="录入须有时间。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.kind}"


class CaseStop(models.Model):
    """A stretch in which the clock stands still: the days after `since` up to and with `until` do not count."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="stops", verbose_name="事项")
    since = models.DateField("起")
    until = models.DateField("止", null=True)
    reason = models.CharField("事由", max_length=500)

    class Meta:
        ordering = ["since", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(until__isnull=True),
                name="case_stop_open_once",
                violation_error_message="期限已经中止。",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=models.F("since")),
                name="case_stop_in_order",
                violation_error_message="恢复的日期不能早于中止的日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.since}"


class CaseMaterial(models.Model):
    """One paper that a case needs, copied from the dated list when the case was opened. On paper: `received_on`."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="materials", verbose_name="事项")
    name = models.CharField("材料名称", max_length=60)
    place = models.PositiveSmallIntegerField("次序", default=0)
    received_on = models.DateField("收到纸质件", null=True)

    class Meta:
        ordering = ["place", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "name"],
                name="case_material_once",
                violation_error_message="同一份材料只列一次。",
            ),
        ]

    def __str__(self) -> str:
        return self.name
