"""Experts: the list, entering, changing, ending; what ties one of them and what he may not read."""

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
from liaoyuan.core.models import User
from liaoyuan.funding.actions import experts as actions
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.forms import experts as forms
from liaoyuan.funding.models import ExpertTie, GrantExpert
from liaoyuan.funding.queries import experts as queries
from liaoyuan.funding.queries import rounds
from liaoyuan.funding.views import small
from liaoyuan.kit.findings import Refused
from liaoyuan.people.models import Person
from liaoyuan.ui import entries
from liaoyuan.ui.forms import chips, describe
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState, link_to

OFFICE = (Permission.EDIT, Permission.CONFIRM)


def _state(row: GrantExpert) -> tuple[str, str]:
    return ("ok", _("在用")) if row.ended_at is None else ("closed", _("已停用"))


COLUMNS = (
    Column("name", lazy("姓名"), sortable=True, fixed=True, link=link_to("funding:expert_detail")),
    Column("employer", lazy("工作单位"), sortable=True),
    Column("specialities", lazy("专长领域"), value=lambda row: "、".join(map(_, row.specialities))),
    Column("user.username", lazy("账号"), kind="short"),
    Column("area.name", lazy("区划"), default=False),
    Column("reads", lazy("在评项目"), kind="number"),
    Column("state", lazy("情况"), kind="verdict", value=_state),
)


@doors.needs(*OFFICE)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Experts of one's area."""
    form = forms.ExpertsForm(request.GET)
    form.is_valid()
    told = form.cleaned_data
    rows = queries.listed(request.user, told.get("q") or "", told.get("ended") or "")
    state = TableState.from_request(request, COLUMNS, default_sort="name")
    return render(request, "funding/expert_list.html", {
        "title": _("评审专家"), "crumbs": small.crumbs((_("评审专家"), "")),
        "table": state.table(rows.order_by(*state.order_by())), "fields": list(describe(form).values()),
        "chips": chips(form, state.query), "hidden": state.query.hidden(*form.fields),
        "clear": state.query(**dict.fromkeys(form.fields)), "enters": rounds.sets_up(request.user),
    })  # fmt: skip


def _seen(request: HttpRequest, key: int) -> GrantExpert:
    return get_object_or_404(queries.office(request.user).select_related("area", "user", "person"), pk=key)


def _written(request: HttpRequest, key: int) -> GrantExpert:
    row = _seen(request, key)
    if not queries.writes(request.user, row):
        raise PermissionDenied(str(Permission.EDIT))
    return row


def _there(row: GrantExpert) -> str:
    return reverse("funding:expert_detail", args=[row.pk])


def _steps(row: GrantExpert) -> tuple[tuple[str, str], ...]:
    return (_("评审专家"), reverse("funding:expert_list")), (row.name, _there(row))


@doors.needs(*OFFICE)
@require_safe
def detail(request: HttpRequest, key: int) -> HttpResponse:
    """One expert: what ties him, what he signed, what he may not read in a round."""
    row = _seen(request, key)
    today, offered = clock.today(), queries.rounds(row)
    asked = request.GET.get("round", "")
    chosen = next((one for one in offered if str(one.pk) == asked), offered[0] if offered else None)
    writes = queries.writes(request.user, row) and row.ended_at is None
    return render(request, "funding/expert_detail.html", {
        "title": row.name, "crumbs": small.crumbs((_("评审专家"), reverse("funding:expert_list")), (row.name, "")),
        "expert": row, "state": _state(row), "writes": writes, "facts": _facts(row),
        "bonds": queries.bonds(row, today), "declared": queries.declared(row), "in_rounds": offered, "chosen": chosen,
        "standing": queries.in_round(row, chosen, today) if chosen is not None else None,
    })  # fmt: skip


def _facts(row: GrantExpert) -> list[tuple[str, str, str]]:
    person = (
        _("已对应，任职和用工用来判断回避") if row.person_id else _("没有对应，任职和用工要由专家声明或者在这里登记")
    )
    told = [
        (_("工作单位"), row.employer, ""), (_("专长领域"), "、".join(map(_, row.specialities)), ""),
        (_("账号"), row.user.username, row.user.display_name), (_("区划"), row.area.name, ""),
        (_("对应的人员"), person, ""),
    ]  # fmt: skip
    if row.ended_at is not None:
        told.append((_("停用"), clock.localdate(row.ended_at).isoformat(), ""))
    return told


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def new(request: HttpRequest) -> HttpResponse:
    """Enter an expert with his account."""
    area = rounds.office(request.user)
    if area is None:
        raise PermissionDenied(str(Permission.EDIT))
    form = forms.ExpertForm(small.posted(request), fields=queries.fields(area),
                            accounts=queries.accounts(area, clock.today()))  # fmt: skip

    def write() -> GrantExpert:
        told: dict[str, Any] = dict(form.cleaned_data)
        user = get_object_or_404(User, pk=told.pop("user"))
        return actions.enter(area=area, user=user, **told, by=doors.person(request), at=clock.now())

    return small.entered(
        request, _("登记评审专家"), form, write, name=area.name, back=reverse("funding:expert_list"), onward=_there,
        steps=((_("评审专家"), reverse("funding:expert_list")),),
        note=_("登记以后可以对应到人员、登记他与组织的关系。专家之间不排名、不比较。"),
    )  # fmt: skip


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def change(request: HttpRequest, key: int) -> HttpResponse:
    """Correct what stands of an expert; link him to a person."""
    row = _written(request, key)
    initial = {"name": row.name, "employer": row.employer, "specialities": row.specialities, "person": row.person_id}
    form = forms.ExpertForm(small.posted(request), initial=initial, persons=queries.namesakes(row),
                            fields=queries.fields(row.area, row.specialities))  # fmt: skip

    def write() -> GrantExpert:
        told: dict[str, Any] = dict(form.cleaned_data)
        key = told.pop("person")
        person = get_object_or_404(Person, pk=key) if key else None
        return actions.change(expert=row, person=person, **told, version=entries.version(request),
                              by=doors.person(request), at=clock.now())  # fmt: skip

    return small.entered(
        request, _("修改专家"), form, write, name=row.name, back=_there(row), version=row.version, steps=_steps(row)
    )


@doors.needs(Permission.EDIT)
@require_POST
def end(request: HttpRequest, key: int) -> HttpResponse:
    """Draw an expert no more."""
    row = _written(request, key)
    try:
        actions.end(expert=row, version=entries.version(request), by=doors.person(request), at=clock.now())
    except Refused as refused:
        messages.error(request, "；".join(finding.text for finding in refused.findings))
    else:
        messages.success(request, _("已停用，以后不再分配。"))
    return redirect(_there(row))


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def tie_new(request: HttpRequest, key: int) -> HttpResponse:
    """Enter what the office knows of a tie."""
    row = _written(request, key)
    form = forms.TieForm(small.posted(request), find=lambda text: queries.numbered(row.area, text))

    def write() -> ExpertTie:
        return actions.record_tie(expert=row, **form.cleaned_data, by=doors.person(request), at=clock.now())

    return small.entered(
        request, _("登记关系"), form, write, name=row.name, back=_there(row), steps=_steps(row),
        note=_("登记以后，专家不再分配到有关的组织和项目。已经分配的须另行撤下。"),
    )  # fmt: skip


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def tie_drop(request: HttpRequest, key: int) -> HttpResponse:
    """Take a tie back that was entered by mistake."""
    experts = queries.office(request.user)
    tie = get_object_or_404(ExpertTie.objects.filter(superseded_at=None, expert__in=experts), pk=key)
    row = _written(request, tie.expert_id)
    form = forms.ReasonForm(small.posted(request))

    def write() -> ExpertTie:
        return actions.drop_tie(tie=tie, **form.cleaned_data, by=doors.person(request), at=clock.now())

    return small.entered(
        request, _("撤销关系"), form, write, name=row.name, back=_there(row), steps=_steps(row), danger=True,
        button=_("撤销"), note=_("只用于登记错的。记录仍然保存。"),
    )  # fmt: skip
