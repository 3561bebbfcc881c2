"""Download of the roster F03."""

import tempfile
from pathlib import Path

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from liaoyuan.core import clock, doors
from liaoyuan.kit.findings import Refused
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.exports import members as exports
from liaoyuan.party.queries.listing import Listing
from liaoyuan.party.views import members, steps


@doors.needs(Permission.EXPORT)
@require_POST
def export(request: HttpRequest) -> HttpResponse | FileResponse:
    """F03 of all lines that fulfil the query of the address."""
    _form, criteria = members.query(request)
    kind, today = request.POST.get("form", ""), clock.today()
    back = f"{reverse(steps.LIST)}?{request.GET.urlencode()}"
    told = {name: values[-1] for name, values in request.GET.lists() if values}
    with tempfile.TemporaryDirectory(prefix="liaoyuan-") as folder:  # the open file outlives its name
        path = Path(folder) / f"export.{kind if kind in exports.FORMS else 'none'}"
        try:
            exports.write_members(
                Listing(request.user, criteria).rows, path=path, form=kind, by=doors.person(request), at=clock.now(),
                as_of=today, reason=request.POST.get("reason", ""), filters=told,
            )  # fmt: skip
        except Refused as refused:
            messages.error(request, str(refused))
            return redirect(back)
        return FileResponse(path.open("rb"), as_attachment=True, filename=f"{_('党员花名册')}{today}.{kind}")
