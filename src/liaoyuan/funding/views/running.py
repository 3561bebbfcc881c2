"""How a project runs: indicators, red elements, months; the log of a month, handed in and returned."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from liaoyuan.core import clock, doors
from liaoyuan.funding.actions import months as actions
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.choices.running import LOG_STATE_TITLES, MONTH_TITLES, MonthStanding
from liaoyuan.funding.forms import running as forms
from liaoyuan.funding.models import MonthlyLog, Project
from liaoyuan.funding.params.application_form import PLEDGE_TITLES
from liaoyuan.funding.queries import months, running, running_due, visits, work
from liaoyuan.funding.queries import projects as queries
from liaoyuan.funding.views import projects as pages
from liaoyuan.funding.views import small, tabs
from liaoyuan.funding.views import visits as visiting
from liaoyuan.funding.views import work as records
from liaoyuan.ui import entries
from liaoyuan.ui.pages import render

_WRITES = (Permission.OWN_EDIT, Permission.EDIT)
_MARKS = {
    MonthStanding.HANDED: "ok", MonthStanding.OVERDUE: "reject", MonthStanding.WAITING: "review",
    MonthStanding.RETURNED: "review", MonthStanding.RUNNING: "info",
}  # fmt: skip
_LATEST = 5


def month_words(standing: MonthStanding) -> tuple[str, str]:
    """Mark and word of how a month stands."""
    return _MARKS[standing], _(MONTH_TITLES[standing])


@doors.needs(*pages.SEEN)
@require_safe
def overview(request: HttpRequest, pk: int) -> HttpResponse:
    """How the project runs today; everything is counted from its records and vouchers."""
    row, today = pages.seen(request, pk), clock.today()
    one = running.of(row, today)
    return render(request, "funding/project_running.html", {
        "title": row.title, "crumbs": small.crumbs(*pages.steps(row)), "project": row, "one": one,
        "state": queries.state_words(row), "cards": _cards(one), "overdue": running_due.named(one),
        "months": [(month, month_words(month.standing)) for month in one.months],
        "pledges": [(line, _(PLEDGE_TITLES.get(line.kind, line.kind)), done) for line, done in running.pledges(row)],
        "latest": list(work.of(row)[:_LATEST]), "counted": records.counted, "record_state": records.state,
        "enters": running.at_work(row) and queries.writes_for(request.user, row),
        "visits": [(visit, visiting.why(visit), visiting.words(visit)) for visit in visits.of_project(row)[:_LATEST]],
        "visits_may": running.started(row) and visits.visits(request.user, row),
        "started": one.agreement is not None and one.agreement.started_on is not None,
        **tabs.of_project(request, row, "running"),
    })  # fmt: skip


def _cards(one: running.Standing) -> list[tuple[str, Any, str, str, str]]:
    rate, spent = one.rate, one.spent_percent
    return [
        (_("时间过去"), one.elapsed, "%", "", ""),
        (_("指标完成"), "—" if rate is None else rate, "" if rate is None else "%", "", ""),
        (_("资助资金支出"), "—" if spent is None else spent, "" if spent is None else "%", "", ""),
        (_("工作记录"), one.records, _("条"), reverse("funding:work_list", args=[one.project.pk]), ""),
        (_("服务"), one.served, _("人次"), "", ""),
    ]


def _month(text: str) -> date:
    month = forms.month_of(text)
    if month is None:
        raise Http404
    return month


@doors.needs(*pages.SEEN)
@require_http_methods(small.METHODS)
def month_page(request: HttpRequest, pk: int, month: str) -> HttpResponse:
    """The log of a month: its records, what they come to. POST hands it in."""
    row, first = pages.seen(request, pk), _month(month)
    user, today = request.user, clock.today()
    one = running.of(row, today)
    found = next((each for each in one.months if each.first == first), None)
    if found is None:
        raise Http404
    writes = queries.writes_for(user, row) and running.started(row)
    office = queries.is_office(user, row)
    if request.method == "POST" and not writes:
        raise PermissionDenied(str(Permission.OWN_EDIT))
    form = forms.MonthForm(small.posted(request), office=office)

    def write() -> MonthlyLog:
        told = form.cleaned_data
        return actions.hand_in(
            project=row, month=first, note=told["note"], version=entries.version(request),
            on_behalf=told.get("on_behalf") or "", by=doors.person(request), at=clock.now(),
        )  # fmt: skip

    title = _("{month} 月报").format(month=found.key)
    here = reverse("funding:month_page", args=[pk, month])
    open_ = found.standing != MonthStanding.HANDED
    return small.entered(
        request, title, form, write, name=row.title, back=here, steps=records.steps(row), button=_("交月报"),
        done=_("已交。"), template="funding/month_page.html", version=found.log.version if found.log else 0,
        project=row, month=found, standing=month_words(found.standing), log=found.log,
        figures=months.figures(row, first) if open_ or found.log is None else found.log.figures,
        spending=months.spending(row, first), records=months.records(row, first), counted=records.counted,
        says=months.findings(row, first, every=not queries.writes_for(user, row) or office) if open_ else [],
        kept=found.log.findings if found.log is not None and not open_ else [],
        changed=_changed(row, found), hands=writes and open_ and running.at_work(row),
        returns=office and not open_, log_state=_(LOG_STATE_TITLES[found.log.state]) if found.log else "",
    )  # fmt: skip


def _changed(row: Project, found: running.Month) -> bool:
    """Whether the records of a month that was handed in have changed since."""
    if found.log is None or found.standing != MonthStanding.HANDED:
        return False
    return bool(found.log.figures != months.figures(row, found.first))


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def month_return(request: HttpRequest, key: int) -> HttpResponse:
    """Return the log of a month."""
    rows = MonthlyLog.objects.visible_to(request.user).select_related("project__round__programme__area")
    log = get_object_or_404(rows, pk=key)
    row = log.project
    if not queries.is_office(request.user, row):
        raise PermissionDenied(str(Permission.EDIT))
    form = forms.DueForm(small.posted(request))

    def write() -> MonthlyLog:
        return actions.give_back(log=log, **form.cleaned_data, version=entries.version(request),
                                 by=doors.person(request), at=clock.now())  # fmt: skip

    return small.entered(
        request, _("退回月报"), form, write, name=f"{row.title} {log.month:%Y-%m}", version=log.version,
        back=reverse("funding:month_page", args=[row.pk, f"{log.month:%Y-%m}"]), steps=records.steps(row),
        button=_("退回"),
    )  # fmt: skip
