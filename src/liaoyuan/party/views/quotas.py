"""The yearly plan of admissions: given, used, left."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from liaoyuan.core import access, clock, doors
from liaoyuan.party.actions import quotas
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.forms import development as forms
from liaoyuan.party.models import PartyOrganization, Quota
from liaoyuan.party.queries import organizations as reading
from liaoyuan.party.queries import quotas as queries
from liaoyuan.party.views import small
from liaoyuan.party.views.development import steps
from liaoyuan.ui.forms import describe
from liaoyuan.ui.pages import render


@doors.needs(Permission.VIEW)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The plans of a year with their use; the numbers name nobody."""
    form = forms.YearForm(request.GET)
    year = (form.cleaned_data.get("year") if form.is_valid() else None) or clock.today().year
    return render(
        request,
        "party/quota_list.html",
        {
            "title": _("发展党员计划"),
            "crumbs": small.crumbs(*steps((_("发展党员计划"), ""))),
            "fields": list(describe(form).values()),
            "year": year,
            "lines": queries.lines(request.user, year),
            "may_set": access.has(request.user, Permission.EDIT),
        },
    )


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def give(request: HttpRequest) -> HttpResponse:
    """Give a party organization the plan of a year."""
    rows = PartyOrganization.objects.living().reached_by(request.user, Permission.EDIT)
    offered = sorted(reading.names(rows.values_list("pk", flat=True)).items(), key=lambda pair: pair[1])
    form = forms.QuotaForm(small.given(request), parties=offered, initial={"year": clock.today().year})

    def write() -> Quota:
        told = form.cleaned_data
        return quotas.set_quota(
            party=rows.select_related("area").get(pk=int(told["party"])), year=told["year"], number=told["number"],
            evidence=told["evidence"], by=doors.person(request), at=clock.now(),
        )  # fmt: skip

    return small.entered(
        request, _("下达计划"), form, write, name="", back=reverse("party:quota_list"),
        steps=steps((_("发展党员计划"), reverse("party:quota_list"))),
        note=_("计划对这个党组织和它的全部下级有效；上级和下级都有计划时，各自不能超过。"),
    )  # fmt: skip
