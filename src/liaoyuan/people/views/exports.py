"""Downloads of the rosters F18 and F19."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from liaoyuan.core import clock, doors
from liaoyuan.kit.findings import Refused
from liaoyuan.people.choices import Permission
from liaoyuan.people.exports import rosters
from liaoyuan.people.forms.persons import ListForm
from liaoyuan.people.queries.listing import Listing
from liaoyuan.people.views import persons

PAGE = "people:person_list"


@doors.needs(Permission.EXPORT)
@require_POST
def people(request: HttpRequest) -> HttpResponse | FileResponse:
    """F18 of all lines that fulfil the query of the address."""
    form = ListForm(request.GET, streets=persons.streets(request.user))
    criteria = persons.criteria_of(request, form)
    told = {name: values[-1] for name, values in request.GET.lists() if values}

    def write(path: Path, kind: str) -> None:
        rosters.write_people(
            Listing(request.user, criteria).rows, path=path, form=kind, by=doors.person(request), at=clock.now(),
            as_of=criteria.on, reason=request.POST.get("reason", ""), filters=told,
        )  # fmt: skip

    return _sent(request, write, f"{_('社工人员花名册')}{criteria.on.isoformat()}")


@doors.needs(Permission.EXPORT)
@require_POST
def services(request: HttpRequest) -> HttpResponse | FileResponse:
    """F19 of everything within reach."""
    today = clock.today()

    def write(path: Path, kind: str) -> None:
        rosters.export_volunteers(path=path, form=kind, by=doors.person(request), at=clock.now(), as_of=today)

    return _sent(request, write, f"{_('志愿者服务记录表')}{today.isoformat()}")


def _sent(request: HttpRequest, write: Callable[[Path, str], None], name: str) -> HttpResponse | FileResponse:
    kind = request.POST.get("form", "")
    back = f"{reverse(PAGE)}?{request.GET.urlencode()}"
    if kind not in rosters.FORMS:
        messages.error(request, _("请选择导出的格式。"))
        return redirect(back)
    with tempfile.TemporaryDirectory(prefix="liaoyuan-") as folder:  # the open file outlives its name
        path = Path(folder) / f"export.{kind}"
        try:
            write(path, kind)
        except Refused as refused:
            messages.error(request, str(refused))
            return redirect(back)
        return FileResponse(path.open("rb"), as_attachment=True, filename=f"{name}.{kind}")
