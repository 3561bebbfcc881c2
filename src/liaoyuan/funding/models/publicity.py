"""Lists of proposed projects shown to the public (公示), objections to them and their answers. Money in fen."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q

from liaoyuan.core.models import Document, User
from liaoyuan.funding.choices.awards import OPEN_OBJECTIONS, ListState, ObjectionState, Remedy
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.choices.review import ObjectionKind
from liaoyuan.funding.models.base import paired, within_reach
from liaoyuan.funding.models.programmes import OfRoundQuerySet, Round
from liaoyuan.funding.models.projects import Project
from liaoyuan.registry.models import Organization

_OPEN = [str(state) for state in OPEN_OBJECTIONS]
_ANSWERED = [str(ObjectionState.UPHELD), str(ObjectionState.DISMISSED)]


class AwardList(models.Model):
    """A list of a round that is shown to the public before anything is approved.

    `opens_on` to `closes_on` are the days it stands, both counted, the last one to 24:00. `provisional` says that the
    working days of a year that has no calendar yet lie among them. `document` is the notice (F23). What stands on it
    never changes: a project that falls is marked on its line.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="award_lists", verbose_name="届")
    title = models.CharField("标题", max_length=80)
    text = models.TextField("说明", max_length=1000, blank=True, default="")
    receiver = models.CharField("异议受理", max_length=60)
    channel = models.CharField("异议渠道", max_length=120, blank=True, default="")
    state = models.CharField("状态", max_length=10, default=ListState.DRAFT.value)
    days = models.PositiveSmallIntegerField("公示日数")
    unit = models.CharField("公示日数的单位", max_length=8)
    opens_on = models.DateField("公示第一天", null=True)
    closes_on = models.DateField("公示最后一天", null=True)
    provisional = models.BooleanField("暂定", default=False)
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+", verbose_name="公示公告")
    created_at = models.DateTimeField("起草时间")
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="起草人")
    published_at = models.DateTimeField("发布时间", null=True)
    published_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="发布人")
    withdrawn_at = models.DateTimeField("撤下时间", null=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="撤下人")
    withdrawn_because = models.CharField("撤下的原因", max_length=200, blank=True, default="")
    version = models.PositiveIntegerField("版本", default=1)

    objects = OfRoundQuerySet["AwardList"].as_manager()

    class Meta:
        ordering = ["round_id", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[str(state) for state in ListState]),
                name="award_list_state_known",
                violation_error_message="名单的状态不对。",
            ),
            models.CheckConstraint(
                condition=Q(state=ListState.DRAFT.value, published_at__isnull=True, opens_on__isnull=True)
                | Q(published_at__isnull=False, opens_on__isnull=False, closes_on__isnull=False)
                | Q(state=ListState.WITHDRAWN.value, published_at__isnull=True),
                name="award_list_published_whole",
                violation_error_message="公示须有起止日期。",
            ),
            models.CheckConstraint(
                condition=Q(closes_on__isnull=True) | Q(closes_on__gte=F("opens_on")),
                name="award_list_days_in_order",
                violation_error_message="公示的最后一天不能早于第一天。",
            ),
            models.CheckConstraint(
                condition=paired("published_at", "published_by"),
                name="award_list_publication_paired",
                violation_error_message="发布须有时间。",
            ),
            models.CheckConstraint(
                condition=paired("withdrawn_at", "withdrawn_by"),
                name="award_list_withdrawal_paired",
                violation_error_message="撤下须有时间。",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def stands(self, on: date) -> bool:
        """Whether the list is shown on the day, to its last one at 24:00."""
        return (
            self.state == ListState.PUBLISHED
            and self.opens_on is not None
            and self.closes_on is not None
            and self.opens_on <= on <= self.closes_on
        )

    def over(self, on: date) -> bool:
        """Whether its days are over."""
        return self.state == ListState.PUBLISHED and self.closes_on is not None and on > self.closes_on


class AwardLineQuerySet(models.QuerySet["AwardLine"]):
    """Lines by life and scope."""

    def living(self) -> "AwardLineQuerySet":
        """Those of lists that were not withdrawn, and that have not fallen."""
        return self.exclude(award_list__state=ListState.WITHDRAWN.value).filter(remedy__in=["", Remedy.CHANGED.value])

    def visible_to(self, user: Any) -> "AwardLineQuerySet":
        """Those of rounds that the user sees."""
        return self.filter(award_list__in=AwardList.objects.visible_to(user))


class AwardLine(models.Model):
    """One project on a list, as it was shown: names and the amount proposed. `approved_fen` is what was approved.

    `remedy` says that an objection was upheld: the project fell, or its amount was changed to `changed_fen`.
    """

    award_list = models.ForeignKey(AwardList, models.PROTECT, related_name="lines", verbose_name="名单")
    position = models.PositiveSmallIntegerField("序号")
    project = models.ForeignKey(Project, models.PROTECT, related_name="award_lines", verbose_name="项目")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name="申报组织")
    number = models.CharField("项目编号", max_length=30)
    project_title = models.CharField("项目名称", max_length=60)
    body_name = models.CharField("申报组织名称", max_length=120)
    place = models.CharField("落地街道", max_length=60, blank=True, default="")
    amount_fen = models.BigIntegerField("拟资助金额")
    remedy = models.CharField("异议的结果", max_length=8, blank=True, default="")
    changed_fen = models.BigIntegerField("改变后的金额", null=True)
    approval = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+", verbose_name="立项批复")
    approved_fen = models.BigIntegerField("批准的金额", null=True)
    approved_at = models.DateTimeField("批准时间", null=True)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="批准人")

    objects = AwardLineQuerySet.as_manager()

    class Meta:
        ordering = ["award_list_id", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["award_list", "project"],
                name="award_line_once",
                violation_error_message="这个项目已在名单上。",
            ),
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0),
                name="award_line_positive",
                violation_error_message="拟资助金额须大于零。",
            ),
            models.CheckConstraint(
                condition=Q(remedy__in=["", *(str(remedy) for remedy in Remedy)]),
                name="award_line_remedy_known",
                violation_error_message="异议的结果不对。",
            ),
            models.CheckConstraint(
                condition=Q(remedy=Remedy.CHANGED.value, changed_fen__gt=0, changed_fen__lte=F("amount_fen"))
                | (~Q(remedy=Remedy.CHANGED.value) & Q(changed_fen__isnull=True)),
                name="award_line_change_told",
                violation_error_message="改变后的金额须大于零，不高于公示的金额。",
            ),
            models.CheckConstraint(
                condition=Q(approved_fen__isnull=True, approved_at__isnull=True)
                | Q(approved_fen__gt=0, approved_fen__lte=F("amount_fen"), approved_at__isnull=False),
                name="award_line_approved_whole",
                violation_error_message="批准须有时间和金额，金额不高于公示的金额。",
            ),
            models.CheckConstraint(
                condition=paired("approved_at", "approved_by"),
                name="award_line_approval_paired",
                violation_error_message="批准须有时间。",
            ),
        ]

    def __str__(self) -> str:
        return self.project_title

    @property
    def due_fen(self) -> int:
        """What is to be approved: the amount shown, or what an upheld objection made of it."""
        return self.changed_fen if self.changed_fen is not None else self.amount_fen


class AwardObjectionQuerySet(models.QuerySet["AwardObjection"]):
    """Objections by state and scope."""

    def unanswered(self) -> "AwardObjectionQuerySet":
        """Those over which nothing is approved and no agreement signed."""
        return self.filter(state__in=_OPEN)

    def visible_to(self, user: Any) -> "AwardObjectionQuerySet":
        """Those of rounds that the user sees as an office; bodies do not read who objected to them."""
        condition = within_reach(user, Permission.VIEW, "award_list__round__programme__area")
        return self if condition is None else self.filter(condition)


class AwardObjection(models.Model):
    """An objection to a published list, or to one project on it (`line`), by anybody, also without a name.

    `objector` and `contact` are ciphertext (C3) and end after the answer. `appeal_of` is the answered objection that
    this one is not content with. `due_on` is the last day of the lawful term. Who answers is not who published, and
    the answer to an appeal comes from somebody else than the first one.
    """

    award_list = models.ForeignKey(AwardList, models.PROTECT, related_name="objections", verbose_name="名单")
    line = models.ForeignKey(AwardLine, models.PROTECT, null=True, related_name="objections", verbose_name="项目")
    appeal_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="appeals", verbose_name="申诉所对")
    kind = models.CharField("异议的内容", max_length=12)
    text = models.TextField("异议", max_length=2000)
    anonymous = models.BooleanField("匿名", default=False)
    objector = models.TextField("异议人（密文）", blank=True, default="")
    contact = models.TextField("联系方式（密文）", blank=True, default="")
    state = models.CharField("状态", max_length=10, default=ObjectionState.RECEIVED.value)
    received_on = models.DateField("收到日期")
    due_on = models.DateField("答复期限")
    received_at = models.DateTimeField("登记时间")
    received_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="登记人")
    taken_at = models.DateTimeField("受理时间", null=True)
    taken_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="受理人")
    upheld = models.BooleanField("拟认定成立", null=True)
    remedy = models.CharField("拟处理", max_length=8, blank=True, default="")
    changed_fen = models.BigIntegerField("拟改为的金额", null=True)
    answer = models.TextField("答复", max_length=2000, blank=True, default="")
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+", verbose_name="答复文书")
    answered_at = models.DateTimeField("答复时间", null=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="答复人")
    version = models.PositiveIntegerField("版本", default=1)

    objects = AwardObjectionQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[str(state) for state in ObjectionState]),
                name="award_objection_state_known",
                violation_error_message="异议的状态不对。",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[str(kind) for kind in ObjectionKind]),
                name="award_objection_kind_known",
                violation_error_message="异议的内容不对。",
            ),
            models.CheckConstraint(
                condition=Q(anonymous=False) | Q(objector=""),
                name="award_objection_anonymous",
                violation_error_message="匿名的异议不留姓名。",
            ),
            models.CheckConstraint(
                condition=(Q(state__in=_ANSWERED) & Q(answered_at__isnull=False) & ~Q(answer=""))
                | Q(state=ObjectionState.DECLINED.value, answered_at__isnull=False)
                | Q(state__in=_OPEN, answered_at__isnull=True),
                name="award_objection_answered_whole",
                violation_error_message="答复须有时间和内容。",
            ),
            models.UniqueConstraint(
                fields=["appeal_of"],
                condition=Q(appeal_of__isnull=False),
                name="award_objection_appealed_once",
                violation_error_message="对一份答复只能申诉一次。",
            ),
            models.CheckConstraint(
                condition=paired("received_at", "received_by"),
                name="award_objection_receipt_paired",
                violation_error_message="登记须有时间。",
            ),
            models.CheckConstraint(
                condition=paired("taken_at", "taken_by"),
                name="award_objection_taking_paired",
                violation_error_message="受理须有时间。",
            ),
            models.CheckConstraint(
                condition=paired("answered_at", "answered_by"),
                name="award_objection_answer_paired",
                violation_error_message="答复须有时间。",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"
