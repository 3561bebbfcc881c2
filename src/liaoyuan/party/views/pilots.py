"""Pilots: the list by wave, choosing one, its result."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from liaoyuan.core import access, clock, doors
from liaoyuan.party.actions import steps
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.forms import instructors as forms
from liaoyuan.party.models import PartyOrganization, Pilot
from liaoyuan.party.queries import coverage_stats, pilots
from liaoyuan.party.queries import organizations as reading
from liaoyuan.party.views import small
from liaoyuan.ui import entries
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState

COLUMNS = (
    Column("name", gettext_lazy("试点"), fixed=True, link=lambda line: line.href),
    Column("wave", gettext_lazy("批次"), kind="number"),
    Column("criteria", gettext_lazy("选定的条件")),
    Column("chosen_on", gettext_lazy("选定日期"), kind="date"),
    Column("tried", gettext_lazy("试点内容")),
    Column("state", gettext_lazy("状态"), kind="verdict"),
    Column("result", gettext_lazy("结果")),
    Column("evidence", gettext_lazy("依据")),
    Column("closed_on", gettext_lazy("结束日期"), kind="date"),
)  # fmt: skip


def _steps(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [(_("试点"), reverse("party:pilot_list")), *more]


@doors.needs(Permission.VIEW)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Pilots within reach by wave."""
    writes = access.has(request.user, Permission.EDIT)
    state = TableState.from_request(request, COLUMNS, per_page=50)
    rows = Pilot.objects.visible_to(request.user)

    def ops(line: pilots.Line) -> list[tuple[str, str]]:
        return [(_("登记结果"), reverse("party:pilot_close", args=[line.pk]))] if writes and line.open else []

    return render(request, "party/pilot_list.html", {
        "title": _("试点"), "crumbs": small.crumbs((_("试点"), "")),
        "table": state.table(pilots.Listing(rows), ops=ops), "writes": writes,
        "spreads": coverage_stats.areas_for(request.user).exists(),
    })  # fmt: skip


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def new(request: HttpRequest) -> HttpResponse:
    """Choose a pilot."""
    area = small.office(request, Permission.EDIT)
    if area is None:
        raise PermissionDenied(str(Permission.EDIT))
    parties = PartyOrganization.objects.reached_by(request.user, Permission.EDIT).filter(dissolved_on__isnull=True)
    named = sorted(reading.names(parties.values_list("pk", flat=True)).items(), key=lambda pair: pair[1])
    form = forms.PilotForm(small.posted(request), parties=named, initial={"chosen_on": clock.today(), "wave": 1})

    def write() -> Pilot:
        told = dict(form.cleaned_data)
        return steps.choose_pilot(area=area, **{**told, "party": small.chosen(told["party"])},
                                  by=doors.person(request), at=clock.now())  # fmt: skip

    return small.entered(request, _("选定试点"), form, write, name=area.name, back=reverse("party:pilot_list"),
                         steps=_steps(), note=_("试点不排名、不打分；推开以前先有结果和依据。"))  # fmt: skip


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """A pilot has a result."""
    row = get_object_or_404(Pilot.objects.visible_to(request.user).select_related("area"), pk=pk)
    form = forms.PilotResultForm(small.posted(request), initial={"on": clock.today()})

    def write() -> Pilot:
        return steps.close_pilot(pilot=row, **form.cleaned_data, version=entries.version(request),
                                 by=doors.person(request), at=clock.now())  # fmt: skip

    return small.entered(request, _("登记试点结果"), form, write, name=pilots.lines([row])[0].name, version=row.version,
                         back=reverse("party:pilot_list"), steps=_steps())  # fmt: skip
