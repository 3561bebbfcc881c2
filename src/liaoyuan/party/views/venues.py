"""Venues: the list and F24, one venue with a week's bookings, entering, changing, giving up, booking."""

import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaoyuan.core import access, clock, doors
from liaoyuan.core.queries.timeline import timeline
from liaoyuan.party.actions import venues
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.exports import venues as exports
from liaoyuan.party.forms import venues as forms
from liaoyuan.party.models import PartyOrganization, Venue, VenueBooking
from liaoyuan.party.queries import organizations as reading
from liaoyuan.party.queries import venues as queries
from liaoyuan.party.views import small
from liaoyuan.party.views.steps import posted
from liaoyuan.ui import entries
from liaoyuan.ui.forms import chips, describe
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState, link_to

COLUMNS = (
    Column("name", gettext_lazy("名称"), fixed=True, link=link_to("party:venue_detail")),
    Column("party", gettext_lazy("党组织")), Column("address", gettext_lazy("地址")),
    Column("square_metres", gettext_lazy("面积（㎡）"), kind="number"), Column("hours", gettext_lazy("开放时间")),
    Column("keeper", gettext_lazy("负责人"), kind="short"), Column("signs", gettext_lazy("六有"), kind="short"),
    Column("is_open", gettext_lazy("可供其他党组织预约"), kind="bool"),
    Column("coming", gettext_lazy("有预约"), kind="bool", default=False),
)  # fmt: skip


@doors.needs(Permission.VIEW)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Venues within reach, and open ones of the area."""
    form = forms.ListForm(request.GET)
    form.is_valid()
    told = form.cleaned_data
    state = TableState.from_request(request, COLUMNS, per_page=50)
    return render(
        request,
        "party/venue_list.html",
        {
            "title": _("阵地"),
            "crumbs": small.crumbs((_("阵地"), "")),
            "fields": list(describe(form).values()),
            "chips": chips(form, state.query),
            "hidden": state.query.hidden(*form.fields),
            "table": state.table(
                queries.Listing(request.user, clock.now(), told.get("q", ""), told.get("state", ""))
            ),
            "may_enter": bool(queries.bookers(request.user)),
            "may_export": access.has(request.user, Permission.EXPORT),
            "export": f"{reverse('party:venue_export')}{state.query()}",
        },
    )  # fmt: skip


@doors.needs(Permission.EXPORT)
@require_POST
def export(request: HttpRequest) -> HttpResponse | FileResponse:
    """F24 of the address's query."""
    form, kind = forms.ListForm(request.GET), request.POST.get("form", "")
    form.is_valid()
    if kind not in exports.FORMS:
        messages.error(request, _("请选择导出的格式。"))
        return redirect(f"{reverse('party:venue_list')}?{request.GET.urlencode()}")
    rows = queries.rows(request.user, form.cleaned_data.get("q", ""), form.cleaned_data.get("state", ""))
    with tempfile.TemporaryDirectory(prefix="liaoyuan-") as folder:  # the open file outlives its name
        path = Path(folder) / f"export.{kind}"
        exports.write_venues(rows, path=path, form=kind, by=doors.person(request), at=clock.now())
        name = f"{_('阵地登记表')}{clock.today().isoformat()}.{kind}"
        return FileResponse(path.open("rb"), as_attachment=True, filename=name)


def _seen(request: HttpRequest, pk: int) -> Venue:
    rows = Venue.objects.visible_to(request.user).select_related("party_organization__area")
    return get_object_or_404(rows, pk=pk)


def _kept(request: HttpRequest, pk: int) -> Venue:
    venue = _seen(request, pk)
    if not access.covers(request.user, Permission.LIFE_EDIT, venue.party_organization, write=False):
        raise PermissionDenied(str(Permission.LIFE_EDIT))
    return venue


def _there(venue: Venue) -> str:
    return reverse("party:venue_detail", args=[venue.pk])


def _steps(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [(_("阵地"), reverse("party:venue_list")), *more]


@doors.needs(Permission.VIEW)
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One venue with the bookings of a week."""
    venue, today = _seen(request, pk), clock.today()
    on, wrong = small.day(request.GET.get("week", ""), today)
    monday = on - timedelta(days=on.weekday()) if date.min + timedelta(days=9) < on < date(9999, 1, 1) else today
    signs = queries.items(venue, today)
    return render(
        request,
        "party/venue_detail.html",
        {
            "title": venue.name,
            "crumbs": small.crumbs(*_steps((venue.name, ""))),
            "venue": venue,
            "party": reading.name_of(venue.party_organization),
            "signs": [(item, item in venue.signs) for item in signs],
            "shared": [line.strip() for line in venue.shared_by.splitlines() if line.strip()],
            "week": queries.week(venue, monday, request.user, clock.now()),
            "before": f"?week={(monday - timedelta(days=7)).isoformat()}",
            "after": f"?week={(monday + timedelta(days=7)).isoformat()}",
            "wrong": wrong,
            "today": today,
            "keeps": venue.closed_on is None
            and access.covers(request.user, Permission.LIFE_EDIT, venue.party_organization, write=False),
            "books": venue.closed_on is None and access.has(request.user, Permission.LIFE_EDIT),
            "files": access.covers(request.user, Permission.VIEW, venue.party_organization, write=False),
            "story": timeline("venue", str(venue.pk), request.user),
        },
    )


@doors.needs(Permission.LIFE_EDIT)
@require_http_methods(small.METHODS)
def new(request: HttpRequest) -> HttpResponse:
    """Enter a venue of a party organization that the user keeps."""
    offered = queries.bookers(request.user)
    if not offered:
        raise PermissionDenied(str(Permission.LIFE_EDIT))
    first = PartyOrganization.objects.select_related("area").get(pk=offered[0][0])
    form = forms.VenueForm(posted(request), parties=offered, signs=queries.items_of(first, clock.today()))

    def write() -> Venue:
        told = dict(form.cleaned_data)
        party = small.chosen(told.pop("party"))
        if party is None:
            raise PermissionDenied(str(Permission.LIFE_EDIT))
        return venues.enter(party=party, fields=told, by=doors.person(request), at=clock.now())

    return small.entered(request, _("登记阵地"), form, write, name="", back=reverse("party:venue_list"), onward=_there,
                         steps=_steps())  # fmt: skip


@doors.needs(Permission.LIFE_EDIT)
@require_http_methods(small.METHODS)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is told of a venue."""
    venue = _kept(request, pk)
    signs = list(dict.fromkeys([*queries.items(venue, clock.today()), *venue.signs]))
    form = forms.VenueForm(posted(request), signs=signs, initial={n: getattr(venue, n) for n in venues.FIELDS})

    def write() -> Venue:
        return venues.change(venue=venue, fields=form.cleaned_data, version=entries.version(request),
                             by=doors.person(request), at=clock.now())  # fmt: skip

    return small.entered(request, _("修改阵地"), form, write, name=venue.name, back=_there(venue),
                         version=venue.version, steps=_steps((venue.name, _there(venue))))  # fmt: skip


@doors.needs(Permission.LIFE_EDIT)
@require_http_methods(small.METHODS)
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """A venue is given up."""
    venue = _kept(request, pk)
    form = forms.CloseForm(posted(request), initial={"on": clock.today()})

    def write() -> Venue:
        return venues.close(venue=venue, **form.cleaned_data, version=entries.version(request),
                            by=doors.person(request), at=clock.now())  # fmt: skip

    return small.entered(
        request, _("停用阵地"), form, write, name=venue.name, back=_there(venue), version=venue.version, danger=True,
        steps=_steps((venue.name, _there(venue))), button=_("停用"),
    )  # fmt: skip


@doors.needs(Permission.LIFE_EDIT)
@require_http_methods(small.METHODS)
def book(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the venue for a party organization of the user's."""
    venue = _seen(request, pk)
    on, _wrong = small.day(request.GET.get("on", ""), clock.today())
    form = forms.BookForm(posted(request), parties=queries.bookers(request.user), initial={"on": on})

    def write() -> VenueBooking:
        party = small.chosen(form.cleaned_data["party"])
        if party is None:
            raise PermissionDenied(str(Permission.LIFE_EDIT))
        starts, ends = form.span()
        return venues.book(venue=venue, party=party, starts_at=starts, ends_at=ends,
                           purpose=form.cleaned_data["purpose"], by=doors.person(request), at=clock.now())  # fmt: skip

    def onward(made: VenueBooking) -> str:
        return f"{_there(venue)}?week={clock.localdate(made.starts_at).isoformat()}"

    return small.entered(request, _("预约阵地"), form, write, name=venue.name, back=_there(venue), onward=onward,
                         steps=_steps((venue.name, _there(venue))), button=_("预约"))  # fmt: skip


@doors.needs(Permission.LIFE_EDIT)
@require_http_methods(small.METHODS)
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a booking up."""
    rows = (
        VenueBooking.objects.standing()
        .visible_to(request.user)
        .select_related("venue__party_organization__area", "party_organization__area")
    )
    row = get_object_or_404(rows, pk=pk)
    if not venues.may_cancel(doors.person(request), row):
        raise PermissionDenied(str(Permission.LIFE_EDIT))
    form = forms.ReasonForm(posted(request))

    def write() -> Any:
        return venues.cancel(booking=row, **form.cleaned_data, by=doors.person(request), at=clock.now())

    return small.entered(
        request, _("取消预约"), form, write, name=f"{row.venue.name} {row.purpose}", back=_there(row.venue),
        danger=True, steps=_steps((row.venue.name, _there(row.venue))), button=_("取消预约"),
    )  # fmt: skip
