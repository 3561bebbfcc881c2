"""Publishing and taking down a body's lists of honoured volunteers."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from liaoyuan.core import clock, doors
from liaoyuan.people.actions import honours as actions
from liaoyuan.people.forms.honours import HonoursForm
from liaoyuan.people.models import VolunteerHonour
from liaoyuan.people.queries import bodies, honours
from liaoyuan.people.views import small
from liaoyuan.registry.models import Organization


def _frame(request: HttpRequest, organization: Organization) -> dict[str, Any]:
    if not bodies.may_write(request.user, organization):
        raise PermissionDenied
    name = bodies.standing(organization).name
    back = f"{reverse('registry:organization_detail', args=[organization.pk])}?tab=people#tab"
    return {"name": name, "back": back, "steps": [(name, back)]}


@doors.needs(*small.WRITERS)
@require_http_methods(small.METHODS)
def honour_new(request: HttpRequest, organization: int) -> HttpResponse:
    """Publish volunteers with their hours on the body's public page."""
    body = get_object_or_404(bodies.visible(request.user), pk=organization)
    frame = _frame(request, body)
    today = clock.today()
    form = HonoursForm(request.POST or None, people=honours.candidates(body, today), today=today)

    def write() -> Any:
        return actions.publish(organization=body, **form.cleaned_data, by=doors.person(request), at=clock.now())

    return small.entered(
        request, _("公布志愿者表彰名单"), form, write, button=_("公布"),
        note=_("名单连同服务时长公布在本组织的公开页面上，任何人都能看到。时长按服务记录统计。"),
        rules=small.statements(bodies.standing(body), {"persons": "VOL-06"}), **frame,
    )  # fmt: skip


@doors.needs(*small.WRITERS)
@require_http_methods(small.METHODS)
def honour_withdraw(request: HttpRequest, key: int) -> HttpResponse:
    """Take a list down."""
    rows = VolunteerHonour.objects.current().visible_to(request.user).select_related("organization")
    row = get_object_or_404(rows, pk=key)
    frame = _frame(request, row.organization)
    form = HonoursForm.confirmation(request.POST if request.method == "POST" else None)

    def write() -> Any:
        return actions.withdraw(honour=row, by=doors.person(request), at=clock.now())

    note = _("“{title}”将从公开页面撤下，操作记录保留。").format(title=row.title)
    return small.entered(request, _("撤下表彰名单"), form, write, button=_("撤下"), danger=True, note=note, **frame)
