"""待办 of ratings, filings and charity: what an officer, a body's head or an assessor can and must do soon."""

from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.core import access
from liaoyuan.core.queries import due
from liaoyuan.core.registries import DueItem, DueSource
from liaoyuan.registry.choices import AppealOutcome, EntryState, Permission
from liaoyuan.registry.models import Assignment, LevelWeighing, Organization, RatingEntry
from liaoyuan.registry.models.rounds import within_reach
from liaoyuan.registry.queries import charity, ratings
from liaoyuan.registry.queries.due import workable


def appeals(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """Objections that the committee has to weigh, and decisions to be told within the days of RAT-06."""
    rows = ratings.waiting_appeals(user).filter(within_reach(user, Permission.RATING_MANAGE, "entry__round__area"))
    total = rows.count()
    items = []
    names = {}
    if total and limit:
        shown = list(rows.order_by("decided_on", "filed_on", "pk")[:limit])
        names = {row.pk: row.name for row in RatingEntry.objects.filter(  # type: ignore[attr-defined]
            pk__in=[one.entry_id for one in shown]).with_names()}  # fmt: skip
        for one in shown:
            open_ = one.outcome == AppealOutcome.OPEN
            told = _("“{name}”对评估结果的异议待复核") if open_ else _("“{name}”的复核决定待书面告知")
            items.append(
                DueItem(
                    title=told.format(name=names[one.entry_id]), due_on=None if open_ else ratings.notice_due(one),
                    url=reverse("registry:appeal_detail", args=[one.pk]),
                    button=_("去复核") if open_ else _("记告知"), code="appeal",
                )
            )  # fmt: skip
    return items, total


def causes(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """One line for the ratings that may be lowered (RAT-04): each is an officer's decision."""
    if not access.has(user, Permission.RATING_MANAGE):
        return [], 0
    found = ratings.causes(user, on)
    if not found:
        return [], 0
    title = _("{n} 家的评估等级是否降低，待决定").format(n=len(found))
    return [DueItem(title=title, due_on=None, url=reverse("registry:level_list"), button=_("去决定"),
                    code="level")][:limit], 1  # fmt: skip


def plaques(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """Certificates and plaques of lowered levels that have not come back."""
    writable = workable(user).values("organization")
    rows = LevelWeighing.objects.filter(
        lowered=True, returned_on__isnull=True, organization__in=writable, return_due__lte=on + timedelta(due.DAYS)
    ).filter(organization__in=Organization.objects.visible_to(user))
    total = rows.count()
    items = []
    if total and limit:
        names = dict(workable(user).values_list("organization_id", "name").filter(
            organization__in=rows.values("organization")))  # fmt: skip
        for one in rows.order_by("return_due", "pk")[:limit]:
            items.append(
                DueItem(title=_("“{name}”交回原等级的证书牌匾").format(name=names[one.organization_id]),
                        due_on=one.return_due, url=reverse("registry:level_list"), button=_("记交回"), code="plaque")
            )  # fmt: skip
    return items, total


def self_assessments(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """Drafts of one's own bodies that are to be handed in."""
    own = access.reach(user, Permission.RATING_OWN).organizations
    rows = RatingEntry.objects.filter(
        organization__in=own, state=EntryState.DRAFT.value, round__assess_until__gte=on, round__closed_at__isnull=True
    ).select_related("round")
    found = list(rows.order_by("round__assess_until", "pk"))
    items = [
        DueItem(title=_("{round}：提交自评").format(round=entry.round), due_on=entry.round.assess_until,
                url=reverse("registry:rating_self", args=[entry.pk]), button=_("去填写"), code="self")
        for entry in found[:limit]
    ]  # fmt: skip
    return items, len(found)


def sheets(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """Bodies assigned to the user that he has not scored."""
    rows = Assignment.objects.of(user).filter(
        finished_at__isnull=True, entry__state=EntryState.SUBMITTED.value, entry__round__closed_at__isnull=True
    ).exclude(conflict=True)  # fmt: skip
    found = list(rows.select_related("entry__round").order_by("entry__round__review_on", "pk"))
    names = {row.pk: row.name for row in RatingEntry.objects.filter(  # type: ignore[attr-defined]
        pk__in=[one.entry_id for one in found[:limit]]).with_names()} if found and limit else {}  # fmt: skip
    items = [
        DueItem(title=_("给“{name}”评分").format(name=names[one.entry_id]), due_on=one.entry.round.review_on,
                url=reverse("registry:assigned_detail", args=[one.pk]), button=_("去评分"), code="sheet")
        for one in found[:limit]
    ]  # fmt: skip
    return items, len(found)


def reports(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """Reports of campaigns due within thirty days; what is overdue by more than that is told on the list only."""
    rows = charity.unfinished().filter(organization__in=workable(user).values("organization"))
    window = (on - timedelta(due.DAYS), on + timedelta(due.DAYS))
    found = [one for one in charity.owed(rows, on) if one.next and window[0] <= one.next[1] <= window[1]]
    found.sort(key=lambda one: (one.next[1] if one.next else on, one.campaign.pk))
    items = [
        DueItem(
            title=(_("“{name}”的募捐“{title}”公开进展") if one.next and one.next[0] == "progress"
                   else _("“{name}”的募捐“{title}”全面公开")).format(name=one.name, title=one.campaign.title),
            due_on=one.next[1] if one.next else None, url=reverse("registry:campaign_detail", args=[one.campaign.pk]),
            button=_("记公开"), code="campaign",
        )
        for one in found[:limit]
    ]  # fmt: skip
    return items, len(found)


SOURCES = (
    DueSource("registry.appeals", "评估复核", Permission.RATING_MANAGE, appeals),
    DueSource("registry.levels", "降低等级", Permission.RATING_MANAGE, causes),
    DueSource("registry.plaques", "证书牌匾", Permission.RATING_MANAGE, plaques),
    DueSource("registry.self", "评估自评", Permission.RATING_OWN, self_assessments),
    DueSource("registry.sheets", "评估打分", Permission.RATING_SCORE, sheets),
    DueSource("registry.campaigns", "公开募捐", Permission.EDIT, reports),
)
