"""Grants as work that waits: of bodies that apply, of the office, of the second person. Each source asks once."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery, Window
from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.core import access
from liaoyuan.core.registries import DueItem, DueSource
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.choices.rounds import RoundState
from liaoyuan.funding.choices.states import ProjectState
from liaoyuan.funding.models import Project, Round, Supplement

#: Days before the last day of applications from which a draft is told of (own default).
SOON = timedelta(days=7)
_RETURNED, _DRAFT, _SUBMITTED = (
    str(state) for state in (ProjectState.RETURNED, ProjectState.DRAFT, ProjectState.SUBMITTED)
)


def told(rows: QuerySet[Any], limit: int) -> tuple[list[Any], int]:
    """The first rows with the number of all, in one statement."""
    if limit <= 0:
        return [], rows.count()
    found = list(rows.annotate(all_of_them=Window(Count("*")))[:limit])
    return found, found[0].all_of_them if found else 0


def _own(user: Any, state: str) -> QuerySet[Project] | None:
    """The projects in this state of the bodies for which the user writes; None when there are no such bodies."""
    keys = access.reach(user, Permission.OWN_EDIT).organizations
    return Project.objects.filter(organization__in=keys, state=state) if keys else None


def returned(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """Own applications that were returned to be corrected, by their day."""
    rows = _own(user, _RETURNED)
    if rows is None:
        return [], 0
    asked = Supplement.objects.filter(project=OuterRef("pk"), answered_at__isnull=True).values("due_on")[:1]
    found, total = told(rows.annotate(due_on=Subquery(asked)).order_by("due_on", "pk"), limit)
    return [
        DueItem(_("补正申报书“{title}”").format(title=row.title), row.due_on,
                reverse("funding:project_detail", args=[row.pk]), _("去补正"), code="grant_returned")
        for row in found
    ], total  # fmt: skip


def drafts(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """Own drafts in rounds that close soon."""
    rows = _own(user, _DRAFT)
    if rows is None:
        return [], 0
    closing = Round.objects.taking(on).filter(closes_on__lte=on + SOON)
    rows = rows.filter(round__in=closing).select_related("round").order_by("round__closes_on", "pk")
    found, total = told(rows, limit)
    return [
        DueItem(_("申报书“{title}”还没有提交").format(title=row.title), row.round.closes_on,
                reverse("funding:project_detail", args=[row.pk]), _("继续填写"), code="grant_draft")
        for row in found
    ], total  # fmt: skip


def figures(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """Rounds whose own figures somebody else drafted and a second person has to confirm, by the first day."""
    rows = Round.objects.run_by(user, Permission.CONFIRM).filter(
        state=RoundState.PLANNED.value, confirmed_at__isnull=True
    )
    rows = rows.exclude(own_figures={}).exclude(figures_by=user.pk).order_by("opens_on", "pk")
    found, total = told(rows, limit)
    return [
        DueItem(_("“{title}”的本届参数待确认").format(title=row.title), row.opens_on,
                reverse("funding:round_detail", args=[row.pk]), _("去确认"), code="grant_figures")
        for row in found
    ], total  # fmt: skip


def waiting(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """Rounds whose window is over and whose applications wait for eligibility: one line a round."""
    entered = Project.objects.filter(round=OuterRef("pk"), state=_SUBMITTED).order_by().values("round")
    rows = Round.objects.run_by(user, Permission.EDIT).filter(state=RoundState.OPEN.value, closes_on__lt=on)
    rows = rows.annotate(many=Subquery(entered.annotate(n=Count("pk")).values("n"))).filter(many__gt=0)
    found, total = told(rows.order_by("eligible_by", "pk"), limit)
    return [
        DueItem(_("“{title}”：{n} 个申报待资格审查").format(title=row.title, n=row.many), row.eligible_by,
                reverse("funding:round_eligibility", args=[row.pk]), _("去审查"), code="grant_eligibility")
        for row in found
    ], total  # fmt: skip


#: What waits of grants.
SOURCES = (
    DueSource("funding.returned", "申报书补正", Permission.OWN_EDIT, returned),
    DueSource("funding.drafts", "申报书草稿", Permission.OWN_EDIT, drafts),
    DueSource("funding.figures", "本届参数", Permission.CONFIRM, figures),
    DueSource("funding.eligibility", "资格审查", Permission.EDIT, waiting),
)
