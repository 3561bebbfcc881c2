"""Needs of communities: the list, entering, publishing, not taking up."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaoyuan.core import clock, doors
from liaoyuan.core.models import Area
from liaoyuan.funding.actions import needs as actions
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.choices.rounds import NeedState
from liaoyuan.funding.choices.words import NEED_ORIGIN_TITLES, NEED_STATE_TITLES
from liaoyuan.funding.forms import rounds as forms
from liaoyuan.funding.models import Need
from liaoyuan.funding.queries import needs as queries
from liaoyuan.funding.queries import rounds
from liaoyuan.funding.views import small
from liaoyuan.kit.findings import Refused
from liaoyuan.ui import entries
from liaoyuan.ui.forms import chips, describe
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState, link_to

SEEN = (Permission.VIEW, Permission.OWN_VIEW, Permission.NEED_EDIT)
_MARKS = {NeedState.PUBLISHED: "ok", NeedState.DROPPED: "closed"}


def _state(row: Need) -> tuple[str, str]:
    return _MARKS.get(NeedState(row.state), "review"), _(NEED_STATE_TITLES[row.state])


COLUMNS = (
    Column("title", lazy("需求"), sortable=True, fixed=True, link=link_to("funding:need_detail")),
    Column("area.name", lazy("社区或街道")),
    Column("field", lazy("领域"), kind="short"),
    Column("beneficiaries", lazy("服务对象")),
    Column("persons", lazy("人数"), kind="number"),
    Column("collected_on", lazy("收集日期"), sortable=True, kind="date"),
    Column("round.title", lazy("届"), default=False),
    Column("taken", lazy("申报"), kind="number"),
    Column("state", lazy("状态"), kind="verdict", value=_state),
)


@doors.needs(*SEEN)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Needs within sight, the latest first."""
    choices = queries.rounds(request.user)
    form = forms.NeedsForm(request.GET, rounds=choices)
    form.is_valid()
    told = form.cleaned_data
    rows = queries.listed(request.user, told.get("q") or "", told.get("round"), told.get("state") or "")
    state = TableState.from_request(request, COLUMNS, default_sort="-collected_on")
    chosen = told.get("round") or queries.open_round(request.user)
    return render(request, "funding/need_list.html", {
        "title": _("社区需求"), "crumbs": small.crumbs((_("社区需求"), "")),
        "table": state.table(rows.order_by(*state.order_by())), "fields": list(describe(form).values()),
        "chips": chips(form, state.query), "hidden": state.query.hidden(*form.fields),
        "clear": state.query(**dict.fromkeys(form.fields)),
        "enters": reverse("funding:need_new", args=[chosen]) if chosen else "",
    })  # fmt: skip


def _seen(request: HttpRequest, key: int) -> Need:
    rows = Need.objects.visible_to(request.user).select_related("round__programme__area", "area")
    return get_object_or_404(rows, pk=key)


def _there(row: Need) -> str:
    return reverse("funding:need_detail", args=[row.pk])


@doors.needs(*SEEN)
@require_safe
def detail(request: HttpRequest, key: int) -> HttpResponse:
    """One need, and what the office does with it."""
    row = _seen(request, key)
    collected = row.state == NeedState.COLLECTED
    runs = rounds.runs(request.user, row.round)
    facts = [
        (_("届"), row.round.title, ""), (_("社区或街道"), row.area.name, ""), (_("领域"), row.field, ""),
        (_("服务对象"), row.beneficiaries, ""), (_("人数"), "" if row.persons is None else str(row.persons), ""),
        (_("提出方"), _(NEED_ORIGIN_TITLES[row.origin]), ""), (_("收集日期"), row.collected_on.isoformat(), ""),
        (_("说明"), row.text, ""),
    ]  # fmt: skip
    if row.reason:
        facts.append((_("未采用的原因"), row.reason, ""))
    return render(request, "funding/need_detail.html", {
        "title": row.title, "crumbs": small.crumbs((_("社区需求"), reverse("funding:need_list")), (row.title, "")),
        "need": row, "facts": facts, "state": _state(row), "decides": runs and collected,
        "writes": queries.writes(request.user, row),
        "applies": row.state == NeedState.PUBLISHED and rounds.may_apply(request.user)
        and row.round.phase(clock.today()) == "open",
    })  # fmt: skip


@doors.needs(Permission.EDIT, Permission.NEED_EDIT)
@require_http_methods(small.METHODS)
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """Collect a need for a round."""
    row = small.seen(request, pk)
    if not rounds.may_enter_needs(request.user, row):
        raise PermissionDenied(str(Permission.NEED_EDIT))
    areas = queries.areas(request.user, row)
    form = forms.NeedForm(small.posted(request), areas=[(a.code, a.name) for a in areas], fields=small.fields(row),
                          initial={"collected_on": clock.today()})  # fmt: skip

    def write() -> Need:
        told: dict[str, Any] = dict(form.cleaned_data)
        area = Area.objects.get(code=told.pop("area"))
        return actions.enter(round_=row, area=area, fields=told, by=doors.person(request), at=clock.now())

    return small.entered(
        request, _("登记需求"), form, write, name=row.title, back=reverse("funding:need_list"), onward=_there,
        steps=((_("社区需求"), reverse("funding:need_list")),),
    )  # fmt: skip


@doors.needs(Permission.EDIT, Permission.NEED_EDIT)
@require_http_methods(small.METHODS)
def change(request: HttpRequest, key: int) -> HttpResponse:
    """Correct a need."""
    row = _seen(request, key)
    if not queries.writes(request.user, row):
        raise PermissionDenied(str(Permission.NEED_EDIT))
    form = forms.NeedForm(small.posted(request), areas=(), fields=small.fields(row.round), fixed=True,
                          initial={name: getattr(row, name) for name in actions.FIELDS})  # fmt: skip

    def write() -> Need:
        return actions.change(need=row, fields=form.cleaned_data, version=entries.version(request),
                              by=doors.person(request), at=clock.now())  # fmt: skip

    return small.entered(
        request, _("修改需求"), form, write, name=row.area.name, back=_there(row), version=row.version,
        steps=((_("社区需求"), reverse("funding:need_list")), (row.title, _there(row))),
    )  # fmt: skip


@doors.needs(Permission.EDIT)
@require_POST
def publish(request: HttpRequest, key: int) -> HttpResponse:
    """Let applicants take it up."""
    row = _seen(request, key)
    try:
        actions.publish(need=row, by=doors.person(request), at=clock.now())
    except Refused as refused:
        messages.error(request, "；".join(finding.text for finding in refused.findings))
    else:
        messages.success(request, _("已公布，申报的组织可以选它。"))
    return redirect(_there(row))


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def drop(request: HttpRequest, key: int) -> HttpResponse:
    """Not taken up, with the reason."""
    row = _seen(request, key)
    form = forms.ReasonForm(small.posted(request))

    def write() -> Need:
        return actions.drop(need=row, **form.cleaned_data, by=doors.person(request), at=clock.now())

    return small.entered(
        request, _("不采用"), form, write, name=row.title, back=_there(row), note=_("原因会告诉提出需求的社区。"),
        steps=((_("社区需求"), reverse("funding:need_list")), (row.title, _there(row))),
    )  # fmt: skip
