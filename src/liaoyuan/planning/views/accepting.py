"""Carrying a plan out: reviewed, approved, returned, executed; accepting groups and attachments."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from liaoyuan.core import clock, doors
from liaoyuan.party.models import PartyOrganization
from liaoyuan.party.queries import organizations as parties
from liaoyuan.planning.actions import accepting as actions
from liaoyuan.planning.actions import plans as moving
from liaoyuan.planning.choices.codes import Permission
from liaoyuan.planning.choices.states import MOVE_TITLES, MOVES, REQUIREMENT_TITLES, PlanState
from liaoyuan.planning.forms import bending as forms
from liaoyuan.planning.models import Plan, PlanGroup, PlanUnit
from liaoyuan.planning.queries import carrying, sight
from liaoyuan.planning.views import plans, small
from liaoyuan.ui import entries


@doors.needs(Permission.EDIT, Permission.APPROVE)
@require_http_methods(small.METHODS)
def move(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Move a plan on; what it needs is told first."""
    row = small.plan(request, pk)
    step = MOVES.get(code)
    if step is None or row.finished_at is None:
        raise Http404
    area = row.scenario.area
    held = sight.may_edit if step.who == Permission.EDIT else sight.may_approve
    if not held(request.user, area):
        raise PermissionDenied(str(step.who))
    form = forms.StepForm(entries.data(request))
    if code != "return":
        del form.fields["reason"]

    def write() -> Plan:
        return moving.move(plan=row, code=code, reason=form.cleaned_data.get("reason", ""),
                           version=entries.version(request), by=doors.person(request), at=clock.now())  # fmt: skip

    needs = "、".join(_(REQUIREMENT_TITLES[need]) for need in step.needs)
    title = _(MOVE_TITLES[code])
    return small.entered(
        request, title, form, write, row=row, name=row.scenario.name, version=row.version, button=title,
        done=_("已办理。"), note=_("需要：{needs}。").format(needs=needs),
    )  # fmt: skip


def _accepting(request: HttpRequest, row: Plan) -> None:
    if not sight.may_edit(request.user, row.scenario.area):
        raise PermissionDenied(str(Permission.EDIT))
    if row.state != PlanState.APPROVED:
        raise Http404


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def group(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept a group: below whom, under which name; the application is handed in or kept as a draft."""
    found, row, _seen = plans.group_seen(request, pk)
    _accepting(request, row)
    seat = parties.body_names([found.seat_id]).get(found.seat_id, "")
    form: Any = forms.SubmitForm(entries.data(request))
    if found.label_id is None:
        keys = list(parties.superiors(row.scenario.area).values_list("pk", flat=True))
        superiors = sorted(parties.names(keys).items(), key=lambda pair: pair[1])
        form = forms.AcceptForm(
            entries.data(request), superiors=superiors, initial={"name": _("{name}联合党支部").format(name=seat)}
        )

    def write() -> PlanGroup:
        told = form.cleaned_data
        superior = parties.find(told["superior"]) if told.get("superior") else None
        return actions.accept_group(
            group=found, superior=superior, name=told.get("name", ""), submit=told["submit"],
            confirmed=entries.confirmed(request), by=doors.person(request), at=clock.now(),
        )  # fmt: skip

    there = reverse("planning:group_detail", args=[found.pk])
    return small.entered(
        request, _("采纳第 {n} 组").format(n=found.number), form, write, row=row, name=seat, back=there,
        onward=carrying.there, done=_("已采纳，形成申请。"), button=_("采纳"),
        note=_("形成设立（沿用现有支部的为调整）党支部的申请，名册列入方案计入的党员；依托单位、书记人选、材料在申请里补充。由上级党组织批复。"),
    )  # fmt: skip


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept an attachment: the host takes the unit in by an application to adjust it."""
    rows = PlanUnit.objects.filter(plan__in=Plan.objects.visible_to(request.user), host__isnull=False)
    found = get_object_or_404(rows.select_related("host"), pk=pk)
    row = small.plan(request, found.plan_id)
    _accepting(request, row)
    form = forms.SubmitForm(entries.data(request))

    def write() -> PlanUnit:
        return actions.accept_unit(
            unit=found, submit=form.cleaned_data["submit"], confirmed=entries.confirmed(request),
            by=doors.person(request), at=clock.now(),
        )  # fmt: skip

    host: PartyOrganization | None = found.host
    return small.entered(
        request, _("采纳挂靠"), form, write, row=row, onward=carrying.there, done=_("已采纳，形成申请。"),
        button=_("采纳"),
        name=parties.body_names([found.organization_id]).get(found.organization_id, ""),
        back=reverse("planning:plan_attached", args=[row.pk]),
        note=_("形成“{host}”增加成员单位的调整申请，由上级党组织批复。").format(host=parties.name_of(host)),
    )  # fmt: skip
