"""The working-day calendar: a year at a glance, one day's edit, a new year's notice."""

import calendar as months_of
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from liaoyuan.core import access, clock, doors
from liaoyuan.core.actions import calendar
from liaoyuan.core.choices import Permission
from liaoyuan.core.forms.calendar import DayForm, NoticeForm
from liaoyuan.core.queries import calendar as queries
from liaoyuan.kit.findings import Finding, Refused
from liaoyuan.ui.forms import describe, problems
from liaoyuan.ui.pager import whole_number
from liaoyuan.ui.pages import render

_YEARS = range(2000, 2101)


@doors.login
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """One year as twelve months; an unknown year says so and can be entered."""
    year = whole_number(request.GET.get("year"), clock.today().year)
    if year not in _YEARS:
        raise Http404
    rows = queries.days_of(year)
    days = queries.workdays()
    months = [
        [[_cell(day, days.is_workday(day), rows) if day.month == month else None for day in week] for week in weeks]
        for month, weeks in ((m, months_of.Calendar().monthdatescalendar(year, m)) for m in range(1, 13))
    ]
    workdays = days.workdays_between(date(year, 1, 1), date(year, 12, 31)) + bool(days.is_workday(date(year, 1, 1)))
    return render(
        request,
        "core/calendar_page.html",
        {
            "title": _("工作日历"),
            "year": year,
            "years": sorted({*queries.years(), year, clock.today().year + 1}),
            "known": year in days.years,
            "months": list(enumerate(months, 1)),
            "workdays": workdays,
            "local": [row for row in rows.values() if row.edited_at],
            "may_edit": access.has(request.user, Permission.CALENDAR_EDIT),
        },
    )


def _cell(day: date, works: bool | None, rows: dict[date, Any]) -> dict[str, Any]:
    row = rows.get(day)
    return {
        "day": day,
        "works": works,
        "label": row.label if row else "",
        "swapped": bool(works) and day.weekday() >= 5,
        "weekday_off": works is False and day.weekday() < 5,
    }


@doors.needs(Permission.CALENDAR_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def day(request: HttpRequest, iso: str) -> HttpResponse:
    """Change one day of a known year."""
    try:
        chosen = date.fromisoformat(iso)
    except ValueError as error:
        raise Http404 from error
    known = queries.workdays()
    works = known.is_workday(chosen)
    if works is None:
        raise Http404
    initial = {"is_workday": "work" if works else "rest", "label": known.label(chosen)}
    form = DayForm(request.POST or None, initial=initial)
    told: list[Finding] = []
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            calendar.edit_day(
                day=chosen, is_workday=given["is_workday"] == "work", label=given["label"],
                by=request.user, at=clock.now(),  # type: ignore[arg-type]
            )  # fmt: skip
        except Refused as refused:
            told = refused.findings
        else:
            messages.success(request, _("已修改。"))
            return redirect(f"{reverse('core:calendar')}?year={chosen.year}")
    return render(
        request,
        "core/calendar_day.html",
        {
            "title": chosen.isoformat(),
            "crumbs": [(_("工作日历"), f"{reverse('core:calendar')}?year={chosen.year}")],
            "day": chosen,
            "fields": describe(form, told),
            "problems": problems(form, told),
        },
        status=422 if form.is_bound else 200,
    )


@doors.needs(Permission.CALENDAR_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def notice(request: HttpRequest, year: int) -> HttpResponse:
    """Enter the whole notice of an unknown year."""
    if year not in _YEARS or year in queries.workdays().years:
        raise Http404
    form = NoticeForm(request.POST or None)
    told: list[Finding] = []
    if form.is_bound and form.is_valid():
        try:
            count = calendar.open_year(
                year=year, notice=form.cleaned_data["notice"], by=request.user, at=clock.now()  # type: ignore[arg-type]
            )  # fmt: skip
        except Refused as refused:
            told = refused.findings
        else:
            messages.success(request, _("已录入 %(year)s 年的通知，共 %(count)s 天。") % {"year": year, "count": count})
            return redirect(f"{reverse('core:calendar')}?year={year}")
    return render(
        request,
        "core/calendar_notice.html",
        {
            "title": _("录入 %(year)s 年放假通知") % {"year": year},
            "crumbs": [(_("工作日历"), f"{reverse('core:calendar')}?year={year}")],
            "year": year,
            "fields": describe(form, told),
            "problems": problems(form, told),
        },
        status=422 if form.is_bound else 200,
    )
