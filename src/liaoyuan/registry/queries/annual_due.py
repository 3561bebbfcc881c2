"""Annual reports as work that waits: one line per list for the office, one line per report for the body itself."""

from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.core import access
from liaoyuan.core.queries import calendar
from liaoyuan.core.registries import DueItem, DueSource
from liaoyuan.registry.choices import ANNUAL_OPEN_STATES, AnnualState, Permission
from liaoyuan.registry.models import AnnualReport, AnnualRound, ListingProposal
from liaoyuan.registry.queries import annual as queries
from liaoyuan.registry.queries import listings


def office(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """Each list is one line, however many bodies stand on it: late, due soon (by the days of ANN-01), to examine."""
    reach = access.reach(user, Permission.ANNUAL_EDIT)
    items: list[DueItem] = []
    rounds = AnnualRound.objects.open().visible_to(user).select_related("area").order_by("year", "pk")
    for round_ in rounds if reach else ():
        if not (reach.everything or any(round_.area.path.startswith(path) for path in reach.paths)):
            continue
        items += _lines(round_, on)
    return items[:limit], len(items)


def _lines(round_: AnnualRound, on: date) -> list[DueItem]:
    reports = AnnualReport.objects.filter(round=round_)
    year, told = round_.year, []
    calls = reverse("registry:annual_calls", args=[round_.pk])
    reports_url = reverse("registry:annual_reports", args=[round_.pk])
    late = reports.late(on).count()
    if late:
        title = _("{year} 年度年报：{n} 家逾期").format(year=year, n=late)
        told.append(DueItem(title, on, f"{calls}?due=late", _("催报名单"), code="annual_late"))
    days = max(queries.limits_at(round_.area, on).get("annual.remind_days") or [0])
    soon = reports.close_to(on, on + timedelta(days=days))
    n = soon.count()
    if n:
        last = _first_due(round_, on)
        title = _("{year} 年度年报：{n} 家临近期限").format(year=year, n=n)
        unknown = queries.is_provisional(last, calendar.workdays())
        told.append(DueItem(title, last, f"{calls}?due=soon", _("催报名单"), unknown, code="annual_soon"))
    waiting = reports.filter(state__in=[str(AnnualState.FILED), str(AnnualState.EXAMINING)]).count()
    if waiting:
        title = _("{year} 年度年报：{n} 份待审查").format(year=year, n=waiting)
        told.append(DueItem(title, None, f"{reports_url}?state=filed", _("去审查"), code="annual_examine"))
    return told


def _first_due(round_: AnnualRound, on: date) -> date | None:
    days = [day for term in queries.terms_of(round_) for day in (term.supervisor_due, term.registrar_due) if day]
    return min((day for day in days if day >= on), default=None)


def own(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """The reports of one's own bodies that are to be written or corrected."""
    keys = access.reach(user, Permission.OWN_FILE).organizations
    states = [*map(str, ANNUAL_OPEN_STATES), str(AnnualState.REVIEWED)]
    rows = AnnualReport.objects.filter(organization__in=keys, round__closed_at__isnull=True, state__in=states)
    total = rows.count() if keys else 0
    days = calendar.workdays() if total and limit else None
    items = []
    for row in rows.with_body().with_dues().select_related("round").order_by("round__year", "pk")[:limit]:
        if not total:
            break
        due = queries.next_due(row)
        what = _("补正") if row.state == AnnualState.RETURNED else _("填报")
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
    n = waiting.count()
    url = reverse("registry:proposal_list")
    if n:
        due = waiting.filter(heard_until__gte=on).order_by("heard_until").values_list("heard_until", flat=True).first()
        items.append(DueItem(_("列入名单的建议：{n} 件办理中").format(n=n), due, url, _("去办理"), code="proposals"))
    long = len(listings.long_listed(user, on))
    if long:
        title = _("活动异常名录满期：{n} 家可提出建议").format(n=long)
        items.append(DueItem(title, None, url, _("去看"), code="long_listed"))
    return items[:limit], len(items)


#: The sources of annual reports.
SOURCES = (
    DueSource("registry.annual", "年检年报", Permission.ANNUAL_EDIT, office),
    DueSource("registry.annual_own", "本组织年报", Permission.OWN_FILE, own),
    DueSource("registry.proposals", "列入名单的建议", Permission.CREDIT_EDIT, proposals),
)
