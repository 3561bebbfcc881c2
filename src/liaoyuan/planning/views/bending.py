"""Bending a plan: planning again, locks, rejecting a group, one unit more, moving a unit with its price told."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from liaoyuan.core import clock, doors
from liaoyuan.kit.findings import Refused
from liaoyuan.party.queries import organizations as parties
from liaoyuan.planning.actions import bending as actions
from liaoyuan.planning.actions import scenarios
from liaoyuan.planning.choices.codes import Permission
from liaoyuan.planning.choices.words import LockKind, Place
from liaoyuan.planning.forms import bending as forms
from liaoyuan.planning.models import Plan, PlanLock, PlanUnit, Scenario
from liaoyuan.planning.queries import explaining, results, sight
from liaoyuan.planning.rules.bending import BLOCK_MESSAGES, Target
from liaoyuan.planning.rules.naming import key_of
from liaoyuan.planning.views import plans, small
from liaoyuan.ui import entries, texts


def _edited(request: HttpRequest, row: Plan) -> Plan:
    if not sight.may_edit(request.user, row.scenario.area):
        raise PermissionDenied(str(Permission.EDIT))
    if row.finished_at is None:
        raise Http404
    return row


def _asked(request: HttpRequest, scenario: Scenario, earlier: Plan | None) -> HttpResponse:
    """Ask for the next plan and go to its page; a refusal is told on the scenario's page."""
    try:
        made = scenarios.ask(scenario=scenario, earlier=earlier, by=doors.person(request), at=clock.now())
    except Refused as refused:
        messages.error(request, "；".join(texts.sentence(f) for f in refused.findings))
        return redirect("planning:scenario_detail", scenario.pk)
    return redirect(small.there(made))


@doors.needs(Permission.EDIT)
@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan the scenario anew."""
    return _asked(request, small.scenario(request, pk), None)


@doors.needs(Permission.EDIT)
@require_POST
def bend(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan again what the locks touch; everything else stays."""
    row = _edited(request, small.plan(request, pk))
    return _asked(request, row.scenario, row)


def _bodies(row: Plan, without: set[int] | None = None) -> list[tuple[str, str]]:
    """Bodies that locks may name, by name."""
    rows = row.bodies.exclude(place__in=[Place.INDEPENDENT, Place.FIXED]).exclude(organization__in=without or set())
    told = parties.body_names(rows.values_list("organization_id", flat=True))
    return [(str(key), name) for key, name in sorted(told.items(), key=lambda pair: pair[1])]


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def lock(request: HttpRequest, pk: int) -> HttpResponse:
    """A pair that must or must not be together, or a unit that is a seat or is none."""
    row = _edited(request, small.plan(request, pk))
    form = forms.LockForm(
        entries.data(request), bodies=_bodies(row), initial={"kind": LockKind.APART, "one": request.GET.get("one", "")}
    )

    def write() -> PlanLock:
        told = form.cleaned_data
        return actions.lock(plan=row, kind=told["kind"], bodies=form.bodies(), reason=told["reason"],
                            by=doors.person(request), at=clock.now())  # fmt: skip

    return small.entered(
        request, _("增加一条锁定"), form, write, row=row, name=small.title(row),
        done=_("已锁定。按锁定重新编组以后生效。"),
        note=_("锁定在这个设想的以后各个方案里都有效，直到取消。"),
    )  # fmt: skip


@doors.needs(Permission.EDIT)
@require_POST
def lock_group(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a group as it is in every later plan."""
    found, row, _seen = plans.group_seen(request, pk)
    _edited(request, row)
    bodies = list(found.bodies.values_list("organization_id", flat=True))
    try:
        actions.lock(plan=row, kind=LockKind.GROUP, bodies=bodies, by=doors.person(request), at=clock.now())
        messages.success(request, _("已锁定这一组，以后的方案都保留它。"))
    except Refused as refused:
        messages.error(request, "；".join(texts.sentence(f) for f in refused.findings))
    return redirect("planning:group_detail", pk)


@doors.needs(Permission.EDIT)
@require_POST
def lift(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a lock back."""
    rows = PlanLock.objects.filter(scenario__in=Scenario.objects.visible_to(request.user))
    row = get_object_or_404(rows.select_related("scenario__area"), pk=pk)
    try:
        actions.lift(row=row, by=doors.person(request), at=clock.now())
        messages.success(request, _("已取消锁定。"))
    except Refused as refused:
        messages.error(request, "；".join(texts.sentence(f) for f in refused.findings))
    return redirect("planning:scenario_detail", row.scenario_id)


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def reject(request: HttpRequest, pk: int) -> HttpResponse:
    """Not this group: which of its units are to be kept apart from the seat."""
    found, row, _seen = plans.group_seen(request, pk)
    _edited(request, row)
    others = list(found.bodies.exclude(organization=found.seat_id).values_list("organization_id", flat=True))
    names = parties.body_names([*others, found.seat_id])
    form = forms.RejectForm(entries.data(request), bodies=[(str(key), names.get(key, "")) for key in others])

    def write() -> list[PlanLock]:
        told = form.cleaned_data
        return actions.reject(plan=row, seat=found.seat_id, units=[int(key) for key in told["units"]],
                              reason=told["reason"], by=doors.person(request), at=clock.now())  # fmt: skip

    return small.entered(
        request, _("不采用第 {n} 组").format(n=found.number), form, write, row=row, name=names.get(found.seat_id, ""),
        done=_("已锁定。按锁定重新编组以后生效。"), button=_("锁定为不在一起"),
        note=_("选中的组织以后不再与所在单位编在一组。"),
    )  # fmt: skip


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def allow(request: HttpRequest, pk: int) -> HttpResponse:
    """One unit more than usual, with a reason."""
    found, row, _seen = plans.group_seen(request, pk)
    _edited(request, row)
    here = set(found.bodies.values_list("organization_id", flat=True))
    form = forms.AllowForm(entries.data(request), bodies=_bodies(row, here))

    def write() -> list[PlanLock]:
        told = form.cleaned_data
        return actions.allow(plan=row, units=sorted(here), extra=int(told["extra"]), reason=told["reason"],
                             by=doors.person(request), at=clock.now())  # fmt: skip

    most = row.input.instance["params"]["max_units"]
    return small.entered(
        request, _("第 {n} 组再加一家").format(n=found.number), form, write, row=row, name=small.title(row),
        done=_("已锁定。按锁定重新编组以后生效。"),
        note=_("联合党支部覆盖单位一般不超过 {n} 个（支部工作条例第五条）。超出的须写明理由。").format(n=most),
    )  # fmt: skip


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def move_unit(request: HttpRequest, pk: int) -> HttpResponse:
    """Where one unit could go, each place with what it would cost the whole plan; then the move itself."""
    rows = PlanUnit.objects.filter(plan__in=Plan.objects.visible_to(request.user))
    unit = get_object_or_404(rows, pk=pk)
    row = _edited(request, small.plan(request, unit.plan_id))
    raw, plan = results.input_of(row), results.as_json(row)
    key = str(unit.organization_id)
    told = explaining.options(raw, plan, key, 12)
    if unit.place not in (Place.UNCOVERED, Place.FIXED, Place.INDEPENDENT):
        told = (*told, explaining.price(raw, plan, key, Target()))
    lawful = [one for one in told if not one.blocks]
    names, branches, numbers = _names(row, told)
    form = forms.MoveForm(
        entries.data(request), places=[(forms.written(one.to), _words(one, names, branches, numbers)) for one in lawful]
    )

    def write() -> Plan:
        return actions.move_unit(row=unit, to=form.target(), version=entries.version(request),
                                 by=doors.person(request), at=clock.now())  # fmt: skip

    blocked = [_words(one, names, branches, numbers) for one in told if one.blocks]
    title = _("移到别处")
    return entries.entered(
        request, title, form, write, back=small.there(row), crumbs=small.steps(row, (title, "")), version=row.version,
        name=parties.body_names([unit.organization_id]).get(unit.organization_id, ""), blocked=blocked,
        onward=small.there, done=_("已移动，成为新的方案；原方案保留备查。"), button=_("移动"),
        template="planning/unit_move.html",
        note=_("每一处都写明整个方案因此多花或少花多少，由核对程序重新计算。移入一组的，同时锁定为与所在单位在一起。"),
    )  # fmt: skip


def _names(row: Plan, told: tuple[explaining.Option, ...]) -> tuple[dict[int, str], dict[int, str], dict[str, int]]:
    names = parties.body_names(key_of(one.to.seat) for one in told if one.to.seat)
    branches = parties.names(key_of(one.to.host) for one in told if one.to.host)
    numbers = {str(seat): number for seat, number in row.groups.values_list("seat_id", "number")}
    return names, branches, numbers


def _words(one: explaining.Option, names: dict[int, str], branches: dict[int, str], numbers: dict[str, int]) -> Any:
    """A place with its price, or with what forbids it."""
    if one.to.seat:
        where = _("第 {n} 组（{name}）").format(n=numbers[one.to.seat], name=names.get(key_of(one.to.seat), ""))
    else:
        where = branches.get(key_of(one.to.host), "") if one.to.host else _("不编组")
    if one.blocks:
        return _("{where}：不能移入，{why}").format(
            where=where, why="、".join(_(BLOCK_MESSAGES[code]) for code in one.blocks if code in BLOCK_MESSAGES)
        )
    price = _("{where}：整个方案多花 {n} 米") if one.price >= 0 else _("{where}：整个方案少花 {n} 米")
    if one.to.seat or one.to.host:
        where = _("{where}，直线 {n} 公里").format(where=where, n=f"{one.metres / 1000:.1f}")
    return price.format(where=where, n=f"{abs(one.price):,}")
