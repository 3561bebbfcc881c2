"""The figure "党员占社工比例": party members among the social workers by year, as counts."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from liaoyuan.core import clock, doors
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.queries import social_workers
from liaoyuan.party.views import small
from liaoyuan.people.rules.suppression import LEAST
from liaoyuan.ui.pages import render


@doors.needs(Permission.STATS)
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """A line a year; figures of fewer than ten persons are hidden."""
    area = small.office(request, Permission.STATS)
    if area is None:
        raise PermissionDenied(str(Permission.STATS))
    return render(
        request,
        "party/social_workers.html",
        {
            "title": _("党员占社工比例"),
            "crumbs": small.crumbs((_("党员占社工比例"), "")),
            "area": area,
            "lines": social_workers.by_year(area, clock.today()),
            "least": LEAST,
        },
    )
