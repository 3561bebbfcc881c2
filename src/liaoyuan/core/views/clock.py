"""The practice clock's page: business time of a practice database is moved by the system administrator."""

from datetime import datetime, time
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from liaoyuan.core import clock, doors
from liaoyuan.core.actions import clock as actions
from liaoyuan.core.choices import Permission
from liaoyuan.core.forms.grants import ClockForm
from liaoyuan.core.queries import accounts as queries
from liaoyuan.kit.findings import Refused
from liaoyuan.ui.forms import describe, problems
from liaoyuan.ui.pages import render


@doors.needs(Permission.CLOCK_SET)
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """Show and move the practice clock; a production database says that it has none."""
    form = ClockForm(request.POST or None)
    told: list[Any] = []
    if form.is_bound and form.is_valid():
        real = clock.real_now()
        day, hour = form.cleaned_data["day"], form.cleaned_data["hour"]
        wished = datetime.combine(day, time(9 if hour is None else hour), tzinfo=clock.SHANGHAI) if day else real
        try:
            actions.set_clock(
                offset_seconds=round((wished - real).total_seconds()),
                by=request.user,  # type: ignore[arg-type]
                at=clock.now(),
            )
        except Refused as refused:
            told = refused.findings
        else:
            messages.success(request, _("练习时钟已调整。") if day else _("已恢复真实时间。"))
            return redirect("core:clock")
    return render(
        request,
        "core/clock_page.html",
        {
            "title": _("练习时钟"),
            "row": queries.practice_clock(),
            "business": clock.now(),
            "real": clock.real_now(),
            "fields": describe(form, told),
            "problems": problems(form, told),
        },
        status=422 if form.is_bound else 200,
    )
