"""Levels that may be lowered (RAT-04): what calls for it, an officer's decision, plaques that come back."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaoyuan.core import access, clock, doors, policy, registries
from liaoyuan.kit.findings import Finding, Refused
from liaoyuan.registry.actions import levels as actions
from liaoyuan.registry.choices import Permission
from liaoyuan.registry.forms import ratings as forms
from liaoyuan.registry.models import LevelWeighing, Organization
from liaoyuan.registry.queries import ratings as queries
from liaoyuan.registry.views.rounds import METHODS, crumb, short_form
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState, link_to


def _returned(row: Any) -> tuple[str, str] | None:
    if not row.lowered:
        return None
    if row.returned_on:
        return "ok", _("{day} 已交回").format(day=row.returned_on.isoformat())
    late = clock.today() > row.return_due
    return "reject" if late else "review", _("期限 {day}").format(day=row.return_due.isoformat())


CAUSES = (
    Column("name", lazy("组织"), fixed=True, link=link_to("registry:level_weigh", "organization")),
    Column("level", lazy("现在的等级"), kind="short"),
    Column("sentence", lazy("情形")),
)
DONE = (
    Column("name", lazy("组织"), fixed=True, link=link_to("registry:organization_detail", "organization_id")),
    Column("decided_on", lazy("决定日期"), sortable=True, kind="date"),
    Column("about", lazy("情形"), value=lambda row: _("{year} 年度年检").format(year=row.about)
           if row.trigger == "annual" else _("{day} 行政处罚").format(day=row.about)),
    Column("what", lazy("决定"), value=lambda row: (_("降为 {level}").format(level=row.level) if row.level
                                                    else _("取消等级")) if row.lowered else _("不降低")),
    Column("reason", lazy("理由")),
    Column("returned", lazy("证书牌匾"), kind="verdict", value=_returned),
)  # fmt: skip


@doors.needs(Permission.RATING_MANAGE)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """What calls for a decision, and what was decided."""
    found = queries.causes(request.user, clock.today())
    state = TableState.from_request(request, DONE, default_sort="-decided_on")
    rows = LevelWeighing.objects.visible_to(request.user).with_names()
    done = state.table(rows.order_by(*state.order_by()))
    waiting = [one.item for one in done.rows if one.item.lowered and not one.item.returned_on]
    return render(
        request,
        "registry/level_list.html",
        {
            "title": _("降低评估等级"), "crumbs": [crumb()], "rule": _(registries.rules["RAT-04"].statement),
            "causes": TableState.from_request(request, CAUSES, per_page=100).table(found, row_id="organization")
            if found else None,
            "done": done, "waiting": waiting, "today": clock.today(),
        },
    )  # fmt: skip


@doors.needs(Permission.RATING_MANAGE)
@require_http_methods(METHODS)
def weigh(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide about one body: by its annual results, or for a penalty that is written in."""
    organization = get_object_or_404(Organization.objects.visible_to(request.user), pk=pk)
    row = queries.open_row(pk)
    if not access.covers(request.user, Permission.RATING_MANAGE, organization, write=True):
        raise PermissionDenied
    form = forms.WeighForm(request.POST or None, initial={"decided_on": clock.today()})
    told: list[Finding] = []
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            actions.weigh(
                organization=organization, penalised_on=given["penalised_on"], lowered=given["lowered"] == "yes",
                reason=given["reason"], on=given["decided_on"], by=doors.person(request), at=clock.now(),
            )  # fmt: skip
        except Refused as refused:
            told = refused.findings
        else:
            messages.success(request, _("已作出决定。"))
            return redirect("registry:level_list")
    else:
        told = actions.asked(row, clock.today(), None)
    limits = policy.limits(clock.today(), policy.chain(row.registrar_area.path))
    note = _("{name}：由工作人员决定，系统不会自动降级。降低的，证书牌匾 {days} 日内交回。")
    words = note.format(name=row.name, days=limits["rating.round.return_days"])
    return short_form(request, _("是否降低评估等级"), words, form, told, reverse("registry:level_list"),
                      [crumb(), (_("降低评估等级"), reverse("registry:level_list"))])  # fmt: skip


@doors.needs(Permission.RATING_MANAGE)
@require_POST
def returned(request: HttpRequest, pk: int) -> HttpResponse:
    """The certificate and plaque of a lowered level came back."""
    held = get_object_or_404(LevelWeighing.objects.visible_to(request.user).select_related("organization"), pk=pk)
    form = forms.DayForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("请填写交回日期。"))
        return redirect("registry:level_list")
    try:
        actions.returned(weighing=held, on=form.cleaned_data["on"], by=doors.person(request), at=clock.now())
        messages.success(request, _("已记下。"))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("registry:level_list")
