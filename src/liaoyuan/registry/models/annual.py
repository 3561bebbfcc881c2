"""Annual reports (年检年报): a round per year and registrar, its dates per type, one report per body in scope."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from liaoyuan.core import access
from liaoyuan.core.models import Area, User
from liaoyuan.registry.choices import (
    ANNUAL_FILED_STATES,
    REGISTERED,
    AnnualState,
    Permission,
    Track,
)
from liaoyuan.registry.models.organizations import Organization, Standing

_RESULTS = ("qualified", "basically", "unqualified", "missed", "exempt")
#: Conclusions about a report that was handed in.
JUDGED = ("qualified", "basically", "unqualified")


class AnnualRoundQuerySet(models.QuerySet["AnnualRound"]):
    """Rounds by scope."""

    def visible_to(self, user: Any) -> "AnnualRoundQuerySet":
        """Rounds of the registrars below or above the user's areas, and those that one's own body takes part in."""
        allowed = access.reach(user, Permission.VIEW)
        if allowed.everything:
            return self
        condition = Q(pk__in=[])
        for path in allowed.paths:
            above = path.strip("/").split("/")
            condition |= Q(area__in=Area.objects.within(path)) | Q(area__code__in=above)
        own = access.reach(user, Permission.OWN_VIEW).organizations
        if own:
            condition |= Q(pk__in=AnnualReport.objects.filter(organization__in=own).values("round"))
        return self.filter(condition)

    def open(self) -> "AnnualRoundQuerySet":
        """Rounds that are not closed."""
        return self.filter(closed_at__isnull=True)


class AnnualRound(models.Model):
    """The annual reports about the year `year` at one registrar; handed in in the year after it.

    `audit_fields` are the fields (行业分类) whose private units attach an audit in this round (ANN-05). The conclusions
    are published from `publicity_from` to `publicity_to`, provisional where the calendar is not known.
    """

    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name="登记机关所在区划")
    year = models.PositiveSmallIntegerField("年度")
    notice = models.CharField("通知", max_length=120, blank=True, default="")
    audit_fields = models.JSONField("须附审计报告的行业", default=list)
    copied_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", verbose_name="沿用的年度")
    opened_at = models.DateTimeField("开启时间")
    opened_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="开启人")
    published_at = models.DateTimeField("公示时间", null=True)
    published_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="公示人")
    publicity_from = models.DateField("公示起", null=True)
    publicity_to = models.DateField("公示止", null=True)
    publicity_provisional = models.BooleanField("公示期为推算", default=False)
    closed_at = models.DateTimeField("关闭时间", null=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="关闭人")

    objects = AnnualRoundQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "area"]
        constraints = [
            models.UniqueConstraint(
                fields=["area", "year"], name="annual_round_once", violation_error_message="这个年度已经开启过。"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=False) | Q(closed_by__isnull=True),
                name="annual_round_closed_paired",
                violation_error_message="关闭年度须同时记下时间。",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True, published_by__isnull=True, publicity_from__isnull=True,
                            publicity_to__isnull=True)
                | Q(published_at__isnull=False, publicity_from__isnull=False, publicity_to__isnull=False,
                    publicity_to__gte=F("publicity_from")),
                name="annual_round_published_paired",
                violation_error_message="公示须同时记下时间和起止日期。",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(published_at__isnull=False),
                name="annual_round_published_first",
                violation_error_message="公示结论之后才能关闭年度。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.year} 年度"


class AnnualTerm(models.Model):
    """The dates of one type in a round: who takes part, and the last day of each of the three steps.

    `supervisor_due` and `review_due` are empty where the report goes to the registrar directly (foundations).
    """

    round = models.ForeignKey(AnnualRound, models.PROTECT, related_name="terms", verbose_name="年度")
    kind = models.CharField("类型", max_length=2)
    cutoff_on = models.DateField("登记截止日")
    supervisor_due = models.DateField("报主管单位截止日", null=True)
    review_due = models.DateField("主管单位初审截止日", null=True)
    registrar_due = models.DateField("报登记机关截止日")

    class Meta:
        ordering = ["round", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "kind"], name="annual_term_once", violation_error_message="一类组织只有一组期限。"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[str(k) for k in REGISTERED]),
                name="annual_term_kind_known",
                violation_error_message="组织类型不对。",
            ),
            models.CheckConstraint(
                condition=Q(supervisor_due__isnull=True, review_due__isnull=True)
                | Q(supervisor_due__isnull=False, review_due__isnull=False, review_due__gte=F("supervisor_due"),
                    registrar_due__gte=F("review_due")),
                name="annual_term_in_order",
                violation_error_message="三步期限须依次不早于前一个。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} {self.registrar_due}"


class AnnualReportQuerySet(models.QuerySet["AnnualReport"]):
    """Reports by scope, state and what is known of the body."""

    def visible_to(self, user: Any) -> "AnnualReportQuerySet":
        """Reports of the bodies that the user may see."""
        seen = Standing.objects.now_open().visible_to(user).values("organization")
        return self.filter(organization__in=seen)

    def regular(self) -> "AnnualReportQuerySet":
        """The round's own reports, one per body: those that every figure counts."""
        return self.filter(makes_up__isnull=True)

    def made_up(self) -> "AnnualReportQuerySet":
        """Late reports (补报), taken in after a body was noted as having missed the year."""
        return self.filter(makes_up__isnull=False)

    def filed(self) -> "AnnualReportQuerySet":
        """Reports that have reached the registrar."""
        return self.filter(filed_on__isnull=False)

    def with_body(self) -> Any:
        """Each with what a list tells of the body: present name, number, head, sealed phone, street, supervisor."""
        row = Standing.objects.now_open().filter(organization=OuterRef("organization"))

        def told(name: str) -> Subquery:
            return Subquery(row.values(name)[:1])

        return self.select_related("organization", "late_report").annotate(
            name=told("name"), head=told("legal_representative"), phone=told("phone"), street=told("street__name"),
            street_id=told("street_id"), supervisor=told("supervisor"),
        )  # fmt: skip

    def with_dues(self) -> Any:
        """Each with the last days of its steps: `supervisor_due` and `registrar_due` of the round's term.

        A late report has one day of its own for all of them.
        """
        term = AnnualTerm.objects.filter(round=OuterRef("round"), kind=OuterRef("kind"))
        return self.annotate(
            supervisor_due=Coalesce(F("late_due"), Subquery(term.values("supervisor_due")[:1])),
            registrar_due=Coalesce(F("late_due"), Subquery(term.values("registrar_due")[:1])),
        )

    def late(self, on: date) -> Any:
        """Reports whose next step should have been taken before the day `on`; the ones concluded are not late."""
        waiting = [str(s) for s in (AnnualState.NONE, AnnualState.DRAFT)]
        first = Q(state__in=waiting, supervised=True, supervisor_due__lt=on)
        return self.with_dues().filter(
            first | Q(state__in=[*waiting, str(AnnualState.SUBMITTED), str(AnnualState.REVIEWED)], registrar_due__lt=on)
        )

    def close_to(self, on: date, until: date) -> Any:
        """Reports not handed in whose next step is due from the day `on` up to `until`."""
        waiting = [str(s) for s in (AnnualState.NONE, AnnualState.DRAFT)]
        first = Q(state__in=waiting, supervised=True, supervisor_due__range=(on, until))
        later = Q(state__in=[str(AnnualState.SUBMITTED), str(AnnualState.REVIEWED)], supervised=True)
        direct = Q(state__in=waiting, supervised=False)
        return self.with_dues().filter(first | ((later | direct) & Q(registrar_due__range=(on, until))))


class AnnualReport(models.Model):
    """One body's report in a round. `…_on` are the days on which a step happened, `…_at` when it was written down.

    `supervised`: a supervising authority reviews it first; otherwise it goes to the registrar directly. The state names
    what is done next; a CHECK holds that the steps before it are recorded.

    A late report (补报) is a row of its own beside the one concluded as missed, `makes_up`, which stays as it is. It
    copies the day of that conclusion, `missed_on`, and is never handed in before it.
    """

    round = models.ForeignKey(AnnualRound, models.PROTECT, related_name="reports", verbose_name="年度")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="annual_reports", verbose_name="组织")
    kind = models.CharField("类型", max_length=2)
    track = models.CharField("种类", max_length=10)
    supervised = models.BooleanField("经业务主管单位", default=True)
    state = models.CharField("状态", max_length=10, default=AnnualState.NONE.value)
    version = models.PositiveIntegerField("版本", default=1)
    submitted_on = models.DateField("报主管单位日期", null=True)
    submitted_at = models.DateTimeField("报主管单位记录时间", null=True)
    submitted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="报送人")
    reviewed_on = models.DateField("初审日期", null=True)
    reviewed_at = models.DateTimeField("初审记录时间", null=True)
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="记录初审的人")
    review_opinion = models.CharField("初审意见", max_length=200, blank=True, default="")
    filed_on = models.DateField("报登记机关日期", null=True)
    filed_at = models.DateTimeField("报登记机关记录时间", null=True)
    filed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="报登记机关的人")
    examined_at = models.DateTimeField("受理审查时间", null=True)
    examined_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="审查人")
    returned_at = models.DateTimeField("退回补正时间", null=True)
    returned_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="退回人")
    return_reason = models.CharField("补正内容", max_length=300, blank=True, default="")
    return_due = models.DateField("补正截止日", null=True)
    concluded_on = models.DateField("结论日期", null=True)
    concluded_at = models.DateTimeField("结论记录时间", null=True)
    concluded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="作出结论的人")
    result = models.CharField("结论", max_length=12, blank=True, default="")
    result_note = models.CharField("结论说明", max_length=300, blank=True, default="")
    makes_up = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="late_report", verbose_name="补报的年报"
    )
    missed_on = models.DateField("未参加的结论日期", null=True)
    late_due = models.DateField("补报截止日", null=True)
    late_note = models.CharField("收补报的说明", max_length=200, blank=True, default="")
    late_at = models.DateTimeField("收补报的时间", null=True)
    late_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="决定收补报的人")

    objects = AnnualReportQuerySet.as_manager()

    class Meta:
        ordering = ["round", "organization"]
        indexes = [models.Index(fields=["round", "state", "kind"], name="annual_report_board")]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "organization"],
                condition=Q(makes_up__isnull=True),
                name="annual_report_once",
                violation_error_message="一个组织在一个年度只有一份年报。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[str(s) for s in AnnualState])
                & Q(track__in=[str(t) for t in Track])
                & Q(kind__in=[str(k) for k in REGISTERED]),
                name="annual_report_words_known",
                violation_error_message="年报的状态、种类或组织类型不对。",
            ),
            models.CheckConstraint(
                condition=Q(submitted_on__isnull=True, submitted_at__isnull=True, submitted_by__isnull=True)
                | Q(submitted_on__isnull=False, submitted_at__isnull=False),
                name="annual_submitted_paired",
                violation_error_message="报主管单位须同时记下日期和时间。",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_on__isnull=True, reviewed_at__isnull=True, reviewed_by__isnull=True)
                | Q(reviewed_on__isnull=False, reviewed_at__isnull=False, submitted_on__isnull=False,
                    reviewed_on__gte=F("submitted_on")),
                name="annual_reviewed_paired",
                violation_error_message="初审须同时记下日期和时间，且不早于报主管单位的日期。",
            ),
            models.CheckConstraint(
                condition=Q(filed_on__isnull=True, filed_at__isnull=True, filed_by__isnull=True)
                | Q(filed_on__isnull=False, filed_at__isnull=False, supervised=False)
                | Q(filed_on__isnull=False, filed_at__isnull=False, supervised=True, reviewed_on__isnull=False,
                    filed_on__gte=F("reviewed_on")),
                name="annual_filed_paired",
                violation_error_message="报登记机关须同时记下日期和时间，经主管单位的在初审之后。",
            ),
            models.CheckConstraint(
                condition=(Q(examined_at__isnull=True) & Q(examined_by__isnull=True))
                | (Q(examined_at__isnull=False) & Q(filed_on__isnull=False)),
                name="annual_examined_paired",
                violation_error_message="审查须在报登记机关之后。",
            ),
            models.CheckConstraint(
                condition=Q(returned_at__isnull=True, returned_by__isnull=True, return_reason="")
                | (Q(returned_at__isnull=False) & ~Q(return_reason="")),
                name="annual_returned_paired",
                violation_error_message="退回补正须写明内容和时间。",
            ),
            models.CheckConstraint(
                condition=Q(concluded_on__isnull=True, concluded_at__isnull=True, concluded_by__isnull=True, result="")
                | (Q(concluded_on__isnull=False, concluded_at__isnull=False) & Q(result__in=_RESULTS)),
                name="annual_concluded_paired",
                violation_error_message="结论须同时记下日期、时间和内容。",
            ),
            models.CheckConstraint(
                condition=~Q(result__in=JUDGED)
                | (Q(filed_on__isnull=False, examined_at__isnull=False) & Q(concluded_on__gte=F("filed_on"))),
                name="annual_judged_after_filing",
                violation_error_message="合格、基本合格、不合格须在审查之后作出。",
            ),
            models.CheckConstraint(
                condition=Q(state=AnnualState.CONCLUDED.value, concluded_at__isnull=False)
                | (~Q(state=AnnualState.CONCLUDED.value) & Q(concluded_at__isnull=True)),
                name="annual_state_concluded",
                violation_error_message="年报的状态与结论不符。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[AnnualState.NONE.value, AnnualState.DRAFT.value], submitted_at__isnull=True,
                            filed_at__isnull=True)
                | Q(state=AnnualState.SUBMITTED.value, submitted_at__isnull=False, reviewed_at__isnull=True)
                | Q(state=AnnualState.REVIEWED.value, reviewed_at__isnull=False, filed_at__isnull=True)
                | Q(state__in=[str(s) for s in ANNUAL_FILED_STATES], filed_at__isnull=False)
                | Q(state=AnnualState.CONCLUDED.value, result__in=["missed", "exempt"]),
                name="annual_state_steps",
                violation_error_message="年报的状态与已办理的步骤不符。",
            ),
            models.CheckConstraint(
                condition=Q(makes_up__isnull=True, missed_on__isnull=True, late_due__isnull=True, late_at__isnull=True,
                            late_by__isnull=True, late_note="")
                | Q(makes_up__isnull=False, missed_on__isnull=False, late_due__gte=F("missed_on"),
                    late_at__isnull=False),
                name="annual_late_paired",
                violation_error_message="补报须同时记下未参加的结论日期、截止日和时间。",
            ),
            models.CheckConstraint(
                condition=Q(makes_up__isnull=True)
                | (
                    (Q(submitted_on__isnull=True) | Q(submitted_on__gte=F("missed_on")))
                    & (Q(filed_on__isnull=True) | Q(filed_on__gte=F("missed_on")))
                    & Q(result__in=["", *JUDGED])
                ),
                name="annual_late_after_missed",
                violation_error_message="补报不能早于未参加的结论，结论只能是合格、基本合格或不合格。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.round_id}:{self.organization_id}"

    @property
    def goes_on(self) -> bool:
        """Whether it still takes steps by its round: a late report does in a closed one too."""
        return self.makes_up_id is not None or self.round.closed_at is None

    @property
    def late(self) -> "AnnualReport | None":
        """The late report taken in for this one, if there is one."""
        return getattr(self, "late_report", None)
