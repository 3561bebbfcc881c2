"""Annual reports as work that waits: one line per list for the office, one line per report for the body itself."""

from datetime import date
from typing import Any

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.core import access
from liaoyuan.core.queries import calendar
from liaoyuan.core.registries import DueItem, DueSource
from liaoyuan.kit.workdays import Calendar
from liaoyuan.registry.choices import ANNUAL_OPEN_STATES, AnnualState, Permission
from liaoyuan.registry.models import AnnualReport, AnnualRound, ListingProposal
from liaoyuan.registry.queries import annual as queries
from liaoyuan.registry.queries import annual_late, listings


def office(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """Each list is one line, however many bodies stand on it: late, due soon (by the days of ANN-01), to examine."""
    reach = access.reach(user, Permission.ANNUAL_EDIT)
    if not reach:
        return [], 0
    rounds = AnnualRound.objects.open().visible_to(user).select_related("area").order_by("year", "pk")
    mine = [
        row for row in rounds if reach.everything or any(row.area.path.startswith(path) for path in reach.paths)
    ]  # fmt: skip
    days = calendar.workdays()
    made = [item for told in annual_late.waiting(user, on) for item in _late_lines(told, on)]
    ahead = {row.pk: max(queries.limits_at(row.area, on).get("annual.remind_days") or [0]) for row in mine}
    counts = queries.line_counts(list(ahead), on, ahead) if mine else {}
    items = [item for row in mine if row.pk in counts for item in _lines(row, counts[row.pk], on, days)] + made
    return items[:limit], len(items)


def _lines(round_: AnnualRound, told: queries.Lines, on: date, days: Calendar) -> list[DueItem]:
    year, items = round_.year, []
    calls = reverse("registry:annual_calls", args=[round_.pk])
    if told.late:
        title = _("{year} 年度年报：{n} 家逾期").format(year=year, n=told.late)
        items.append(DueItem(title, on, f"{calls}?due=late", _("催报名单"), code="annual_late"))
    if told.soon:
        title = _("{year} 年度年报：{n} 家临近期限").format(year=year, n=told.soon)
        unknown = queries.is_provisional(told.first, days)
        items.append(DueItem(title, told.first, f"{calls}?due=soon", _("催报名单"), unknown, code="annual_soon"))
    if told.waiting:
        title = _("{year} 年度年报：{n} 份待审查").format(year=year, n=told.waiting)
        url = f"{reverse('registry:annual_reports', args=[round_.pk])}?state=filed"
        items.append(DueItem(title, None, url, _("去审查"), code="annual_examine"))
    return items


def _late_lines(told: annual_late.Waiting, on: date) -> list[DueItem]:
    """Late reports (补报) of one round: those to examine, those whose day is over; the others only wait."""
    items = []
    if told.examine:
        title = _("{year} 年度补报：{n} 份待审查").format(year=told.year, n=told.examine)
        url = f"{reverse('registry:annual_reports', args=[told.round])}?due=made_up"
        items.append(DueItem(title, None, url, _("去审查"), code="annual_late_examine"))
    if told.over:
        title = _("{year} 年度补报：{n} 家逾期未报").format(year=told.year, n=told.over)
        url = f"{reverse('registry:annual_calls', args=[told.round])}?due=made_up"
        items.append(DueItem(title, on, url, _("催报名单"), code="annual_late_over"))
    return items


def own(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """The reports of one's own bodies that are to be written or corrected."""
    keys = access.reach(user, Permission.OWN_FILE).organizations
    states = [*map(str, ANNUAL_OPEN_STATES), str(AnnualState.REVIEWED)]
    rows = AnnualReport.objects.filter(organization__in=keys, state__in=states)
    rows = rows.filter(Q(round__closed_at__isnull=True) | Q(makes_up__isnull=False))
    total = rows.count() if keys else 0
    days = calendar.workdays() if total and limit else None
    items = []
    for row in rows.with_body().with_dues().select_related("round").order_by("round__year", "pk")[:limit]:
        if not total:
            break
        due = queries.next_due(row)
        what = _("补正") if row.state == AnnualState.RETURNED else _("补报") if row.makes_up_id else _("填报")
        items.append(
            DueItem(
                title=_("{what}“{name}”{year} 年度报告").format(what=what, name=row.name, year=row.round.year),
                due_on=due, url=reverse("registry:annual_report", args=[row.pk]), button=_("去办理"),
                provisional=queries.is_provisional(due, days), code="annual",
            )
        )  # fmt: skip
    return items, total


def proposals(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """Proposals that wait, as one line; and, as another, bodies long enough on the abnormal list (CRD-02)."""
    items = []
    waiting = ListingProposal.objects.visible_to(user).open()
    told = waiting.aggregate(n=Count("pk"), due=Min("heard_until", filter=Q(heard_until__gte=on)))
    url = reverse("registry:proposal_list")
    if told["n"]:
        title = _("列入名单的建议：{n} 件办理中").format(n=told["n"])
        items.append(DueItem(title, told["due"], url, _("去办理"), code="proposals"))
    long = len(listings.long_listed(user, on))
    if long:
        title = _("活动异常名录满期：{n} 家可提出建议").format(n=long)
        items.append(DueItem(title, None, url, _("去看"), code="long_listed"))
    made_up = len(annual_late.made_up_listed(user, on))
    if made_up:
        title = _("因年报列入名录的：{n} 家已补报，可以移出").format(n=made_up)
        items.append(DueItem(title, None, url, _("去看"), code="made_up_listed"))
    return items[:limit], len(items)


#: The sources of annual reports.
SOURCES = (
    DueSource("registry.annual", "年检年报", Permission.ANNUAL_EDIT, office),
    DueSource("registry.annual_own", "本组织年报", Permission.OWN_FILE, own),
    DueSource("registry.proposals", "列入名单的建议", Permission.CREDIT_EDIT, proposals),
)
