"""Beside a plan: its map as data, and asking for its stable core."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from liaoyuan.core import clock, doors
from liaoyuan.kit.findings import Refused
from liaoyuan.planning.actions import cores
from liaoyuan.planning.choices.codes import Permission
from liaoyuan.planning.queries import mapping, sight
from liaoyuan.planning.views import small
from liaoyuan.ui import maps


@doors.needs(Permission.VIEW)
@require_safe
def points(request: HttpRequest, pk: int) -> HttpResponse:
    """What `map.js` draws: the part of the plan that the user sees, in the datum of the tiles (else WGS-84)."""
    row = small.plan(request, pk)
    if row.finished_at is None:
        raise Http404
    told = mapping.of(row, sight.of(request.user, row.scenario.area), maps.datum())
    return JsonResponse({**told, "tiles": maps.told()}, json_dumps_params={"ensure_ascii": False})


@doors.needs(Permission.EDIT)
@require_POST
def core(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the stable core be computed."""
    row = small.plan(request, pk)
    try:
        cores.ask(plan=row, by=doors.person(request), at=clock.now())
    except Refused as refused:
        messages.error(request, refused.findings[0].text)
    else:
        messages.success(request, _("正在计算稳定核心，算完后显示在这里。"))
    return redirect(small.there(row))
