"""Money as work that waits: to prepare, to approve, to put into a file, to pay; changes and decisions; what is late."""

from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.core import access
from liaoyuan.core.registries import DueItem, DueSource
from liaoyuan.funding.choices.awards import RULING_TITLES, AgreementState, AmendmentState, RulingKind, TrancheState
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.choices.states import ProjectState
from liaoyuan.funding.models import Amendment, PaymentBatch, Project, Round, Ruling, Tranche, TrancheCondition
from liaoyuan.funding.queries import lateness
from liaoyuan.funding.queries.due import told
from liaoyuan.kit.money import format_yuan

_DONE = [TrancheState.PAID.value, TrancheState.CANCELLED.value]


def _of(user: Any, permission: str, field: str) -> dict[str, Any]:
    """The condition that a row is about a round over which the user holds the permission."""
    return {f"{field}__in": Round.objects.run_by(user, permission)}


def ready(rows: QuerySet[Tranche]) -> QuerySet[Any]:
    """Instalments that may be prepared: the condition is met since `met_on`, the earlier ones are out."""
    mine = TrancheCondition.objects.filter(agreement=OuterRef("agreement"), trigger=OuterRef("trigger"))
    earlier = Tranche.objects.filter(agreement=OuterRef("agreement"), no__lt=OuterRef("no")).exclude(state__in=_DONE)
    return rows.filter(
        Exists(mine), ~Exists(earlier), state=TrancheState.PLANNED.value, agreement__state=AgreementState.SIGNED.value
    ).annotate(met_on=Subquery(mine.values("met_on")[:1]))


def _lines(rows: QuerySet[Tranche], words: str, button: str, code: str, limit: int) -> tuple[list[DueItem], int]:
    found, total = told(rows.select_related("agreement__project"), limit)
    return [
        DueItem(words.format(no=row.no, title=row.agreement.project.title, amount=format_yuan(row.amount_fen)), None,
                reverse("funding:tranche_detail", args=[row.pk]), button, code=code)
        for row in found
    ], total  # fmt: skip


def prepare(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """Instalments whose condition is met and that nobody has prepared."""
    rows = ready(Tranche.objects.filter(**_of(user, Permission.EDIT, "agreement__project__round")))
    words = _("“{title}”第 {no} 期 {amount} 元待经办")
    return _lines(rows.order_by("met_on", "pk"), words, _("去经办"), "grant_prepare", limit)


def approve(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """Approval sheets that somebody else has prepared."""
    rows = Tranche.objects.filter(state=TrancheState.PREPARED.value,
                                  **_of(user, Permission.CONFIRM, "agreement__project__round"))  # fmt: skip
    rows = rows.exclude(prepared_by=user.pk).order_by("prepared_at", "pk")
    words = _("“{title}”第 {no} 期 {amount} 元待审批")
    return _lines(rows, words, _("去审批"), "grant_approve", limit)


def order(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """Rounds with approved instalments that stand in no payment file: one line a round."""
    mine = Tranche.objects.filter(agreement__project__round=OuterRef("pk"), state=TrancheState.APPROVED.value)
    grouped = mine.order_by().values("agreement__project__round")
    rows = Round.objects.run_by(user, Permission.PAY).annotate(
        many=Subquery(grouped.annotate(n=Count("pk")).values("n")),
        fen=Subquery(grouped.annotate(n=Sum("amount_fen")).values("n")),
    ).filter(many__gt=0).order_by("pk")  # fmt: skip
    found, total = told(rows, limit)
    return [
        DueItem(_("“{title}”：{n} 期、{amount} 元可以制作付款文件").format(
            title=row.title, n=row.many, amount=format_yuan(row.fen)), None,
            reverse("funding:payment_new", args=[row.pk]), _("制作付款文件"), code="grant_order")
        for row in found
    ], total  # fmt: skip


def pay(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """Payment files of which something is not paid yet, that the user may pay: neither prepared nor approved by him."""
    mine = Tranche.objects.filter(batch=OuterRef("pk"), state=TrancheState.ORDERED.value)
    third = mine.filter(~Q(prepared_by=user.pk) & ~Q(approved_by=user.pk)).order_by().values("batch")
    rows = PaymentBatch.objects.filter(**_of(user, Permission.PAY, "round")).annotate(
        many=Subquery(third.annotate(n=Count("pk")).values("n"))
    ).filter(many__gt=0).select_related("round").order_by("made_at", "pk")  # fmt: skip
    found, total = told(rows, limit)
    return [
        DueItem(_("“{title}”付款文件第 {number} 份：{n} 期待登记付款").format(
            title=row.round.title, number=row.number, n=row.many), None,
            reverse("funding:payment_detail", args=[row.pk]), _("去登记"), code="grant_pay")
        for row in found
    ], total  # fmt: skip


def late(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """Instalments that are owed longer than the place allows (GV-PAY-02)."""
    found = lateness.of_user(user, on)
    return [
        DueItem(_("“{title}”第 {no} 期 {amount} 元超过拨付期限").format(
            title=line.agreement.project.title, no=line.tranche.no, amount=format_yuan(line.tranche.amount_fen)),
            line.due_on, reverse("funding:tranche_detail", args=[line.tranche.pk]), _("查看"), code="grant_late")
        for line in found[: max(0, limit)]
    ], len(found)  # fmt: skip


def amendments(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """Changes that somebody else has asked for."""
    rows = Amendment.objects.filter(state=AmendmentState.ASKED.value,
                                    **_of(user, Permission.CONFIRM, "agreement__project__round"))  # fmt: skip
    rows = rows.exclude(asked_by=user.pk).select_related("agreement__project").order_by("asked_at", "pk")
    found, total = told(rows, limit)
    return [
        DueItem(_("“{title}”申请变更").format(title=row.agreement.project.title), None,
                reverse("funding:amendment_detail", args=[row.pk]), _("去审批"), code="grant_amendment")
        for row in found
    ], total  # fmt: skip


def rulings(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """Endings and recoveries that somebody else has brought up."""
    rows = Ruling.objects.filter(decided_at__isnull=True,
                                 **_of(user, Permission.CONFIRM, "agreement__project__round"))  # fmt: skip
    rows = rows.exclude(asked_by=user.pk).select_related("agreement__project").order_by("asked_at", "pk")
    found, total = told(rows, limit)
    return [
        DueItem(f"{_(RULING_TITLES[row.kind])}：{row.agreement.project.title}", row.due_on,
                reverse("funding:project_money", args=[row.agreement.project_id]), _("去决定"), code="grant_ruling")
        for row in found
    ], total  # fmt: skip


def returning(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """Money that the user's body has to give back."""
    keys = access.reach(user, Permission.OWN_MONEY).organizations
    if not keys:
        return [], 0
    asked = Ruling.objects.filter(agreement__project=OuterRef("pk"), kind=RulingKind.RECOVER.value,
                                  decided_at__isnull=False).order_by("-decided_at")  # fmt: skip
    rows = Project.objects.filter(Q(organization__in=keys) | Q(sponsor__in=keys))
    rows = rows.filter(state=ProjectState.RECOVERING.value).annotate(
        due_on=Subquery(asked.values("due_on")[:1]), fen=Subquery(asked.values("amount_fen")[:1])
    ).order_by(F("due_on").asc(nulls_last=True), "pk")  # fmt: skip
    found, total = told(rows, limit)
    return [
        DueItem(_("“{title}”应退回 {amount} 元").format(title=row.title, amount=format_yuan(row.fen or 0)), row.due_on,
                reverse("funding:project_money", args=[row.pk]), _("查看"), code="grant_return")
        for row in found
    ], total  # fmt: skip


#: What waits of money.
SOURCES = (
    DueSource("funding.prepare", "拨付经办", Permission.EDIT, prepare),
    DueSource("funding.approve", "拨付审批", Permission.CONFIRM, approve),
    DueSource("funding.order", "付款文件", Permission.PAY, order),
    DueSource("funding.pay", "登记付款", Permission.PAY, pay),
    DueSource("funding.late", "拨付超期", Permission.EDIT, late),
    DueSource("funding.amendments", "项目变更", Permission.CONFIRM, amendments),
    DueSource("funding.rulings", "终止和追回", Permission.CONFIRM, rulings),
    DueSource("funding.returning", "退回资金", Permission.OWN_MONEY, returning),
)
