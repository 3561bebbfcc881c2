"""Beside a plan: its map as data, and asking for its stable core."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from liaoyuan.core import clock, doors
from liaoyuan.core.queries import jobs
from liaoyuan.kit.findings import Refused
from liaoyuan.planning.actions import cores
from liaoyuan.planning.choices.codes import Permission
from liaoyuan.planning.queries import mapping, sight
from liaoyuan.planning.views import small
from liaoyuan.ui import maps
from liaoyuan.ui.pages import render


@doors.needs(Permission.VIEW)
@require_safe
def points(request: HttpRequest, pk: int) -> HttpResponse:
    """What `map.js` draws: the part of the plan that the user sees, in the datum of the tiles (else WGS-84)."""
    row = small.plan(request, pk)
    if row.finished_at is None:
        raise Http404
    told = mapping.of(row, sight.of(request.user, row.scenario.area), maps.datum())
    return JsonResponse({**told, "tiles": maps.told()}, json_dumps_params={"ensure_ascii": False})


@doors.needs(Permission.VIEW)
@require_http_methods(small.METHODS)
def core(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the plan's stable core is; posted to, let it be computed."""
    row = small.plan(request, pk)
    if row.finished_at is None:
        raise Http404
    if request.method != "POST":
        job = jobs.of_subject(cores.SUBJECT, row.pk)
        title = _("稳定核心")
        return render(request, "planning/plan_core.html", {
            "title": title, "crumbs": small.steps(row, (title, "")), "row": row,
            "job": jobs.shown(job) if job is not None else None,
        }, block="progress")  # fmt: skip
    try:
        cores.ask(plan=row, by=doors.person(request), at=clock.now())
    except Refused as refused:
        messages.error(request, refused.findings[0].text)
    else:
        messages.success(request, _("正在计算稳定核心，算完后显示在这里。"))
    return redirect(small.there(row))
