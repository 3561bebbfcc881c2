"""The tab 人员 on the record of an organization."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from liaoyuan.core import clock, doors
from liaoyuan.kit.dates import parse_date
from liaoyuan.people.choices import Permission
from liaoyuan.people.queries import bodies, panel
from liaoyuan.ui.pages import render


@doors.needs(Permission.VIEW, Permission.OWN_VIEW)
@require_safe
def organization_panel(request: HttpRequest, pk: int) -> HttpResponse:
    """Posts and staff of a body today or on `as_of`, beside what the register declares."""
    organization = get_object_or_404(bodies.visible(request.user), pk=pk)
    today = clock.today()
    on, wrong = _day(request.GET.get("as_of", "")[:20], today)
    found = panel.read(organization, on)
    return render(
        request,
        "people/organization_panel.html",
        {
            "title": _("人员"),
            "crumbs": [(found.standing.name, reverse("registry:organization_detail", args=[pk])), (_("人员"), "")],
            "organization": organization,
            "panel": found,
            "on": on,
            "today": today,
            "wrong": wrong,
            "write": bodies.may_write(request.user, organization),
        },
        block="tab",
    )


def _day(given: str, today: date) -> tuple[date, str]:
    if not given:
        return today, ""
    read = parse_date(given)
    if read.value is None or read.code or len(read.value) != 10:
        return today, _("“{given}”不是明确的日期，请写成 2018-10-26 的样子。").format(given=given)
    return date.fromisoformat(read.value), ""
