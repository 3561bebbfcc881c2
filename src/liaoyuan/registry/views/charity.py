"""Charity: recognition of a body, the register of public fundraising campaigns and what they owe to the public."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_safe

from liaoyuan.core import access, clock, doors, registries
from liaoyuan.kit.findings import Finding, Refused
from liaoyuan.registry.actions import charity as actions
from liaoyuan.registry.choices import Permission, ReportKind
from liaoyuan.registry.forms.filings import CampaignForm, RecognitionForm, ReportForm
from liaoyuan.registry.forms.ratings import DayForm
from liaoyuan.registry.models import Campaign, Organization
from liaoyuan.registry.params.charity import REPORT_TITLES
from liaoyuan.registry.queries import charity as queries
from liaoyuan.registry.queries import ratings
from liaoyuan.registry.views import records
from liaoyuan.registry.views.rounds import METHODS, short_form
from liaoyuan.ui.forms import describe, problems
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState, link_to


def _next(row: queries.Owed) -> tuple[str, str]:
    if row.findings:
        return "reject", _("已过 {day}").format(day=row.next[1].isoformat() if row.next else "")
    if row.next is None:
        return "ok", _("没有到期的公开")
    return "review", _("{what}，{day} 以前").format(what=_(REPORT_TITLES[row.next[0]]), day=row.next[1].isoformat())


COLUMNS = (
    Column("title", lazy("募捐活动"), fixed=True, value=lambda row: row.campaign.title,
           link=link_to("registry:campaign_detail", "campaign.pk")),
    Column("name", lazy("组织")),
    Column("plan", lazy("方案备案"), kind="date", value=lambda row: row.campaign.plan_filed_on),
    Column("from", lazy("开始"), kind="date", value=lambda row: row.campaign.starts_on),
    Column("to", lazy("结束"), kind="date", value=lambda row: row.campaign.ends_on),
    Column("last", lazy("最近一次公开"), kind="date"),
    Column("next", lazy("下一次公开"), kind="verdict", value=_next),
)  # fmt: skip


@doors.needs(Permission.VIEW, Permission.OWN_VIEW)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The campaigns of the bodies within one's reach, the latest first, with what they owe next."""
    state = TableState.from_request(request, COLUMNS)
    page = state.page_of(queries.of(request.user).order_by("-starts_on", "-pk"))
    page = replace(page, items=queries.owed(page.items, clock.today()))
    return render(
        request,
        "registry/campaign_list.html",
        {"title": _("公开募捐"), "table": state.table(page, row_id=lambda row: row.campaign.pk),
         "rule": _(registries.rules["CHA-03"].statement)},
    )  # fmt: skip


def _writable(request: HttpRequest, pk: int) -> Organization:
    organization = records.seen_by(request.user, pk)
    if not access.covers(request.user, Permission.EDIT, organization, write=True):
        raise PermissionDenied
    return organization


@doors.needs(Permission.EDIT)
@require_http_methods(METHODS)
def recognise(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a body's recognition as a charity."""
    organization = _writable(request, pk)
    row = ratings.open_row(pk)
    initial = {"on": clock.today(), "public_fundraising": bool(row.public_fundraising)}
    form = RecognitionForm(request.POST or None, initial=initial)
    told: list[Finding] = []
    if form.is_bound and form.is_valid():
        try:
            actions.recognise(organization=organization, by=doors.person(request), at=clock.now(),
                              confirmed="confirmed" in request.POST, **form.cleaned_data)  # fmt: skip
        except Refused as refused:
            told = refused.findings
        else:
            messages.success(request, _("已登记慈善组织认定。"))
            return redirect("registry:organization_detail", pk)
    return _about(
        request, _("慈善组织认定"), row, form, told, {"penalised_on": _(registries.rules["CHA-01"].statement)}
    )


def _about(
    request: HttpRequest, title: str, row: Any, form: Any, told: list[Finding], rules: dict[str, str]
) -> HttpResponse:
    there = reverse("registry:organization_detail", args=[row.organization_id])
    crumbs = [(_("社会组织"), reverse("registry:organization_list")), (row.name, there)]
    return short_form(request, title, row.name, form, told, there, crumbs, rules=rules)


@doors.needs(Permission.EDIT)
@require_http_methods(METHODS)
def create(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter a plan of public fundraising."""
    organization = _writable(request, pk)
    row = ratings.open_row(pk)
    form = CampaignForm(request.POST or None)
    told: list[Finding] = []
    if form.is_bound and form.is_valid():
        try:
            made = actions.file_plan(organization=organization, by=doors.person(request), at=clock.now(),
                                     confirmed="confirmed" in request.POST, **form.cleaned_data)  # fmt: skip
        except Refused as refused:
            told = refused.findings
        else:
            messages.success(request, _("已登记募捐方案备案。"))
            return redirect("registry:campaign_detail", made.pk)
    return _about(
        request, _("募捐方案备案"), row, form, told, {"plan_filed_on": _(registries.rules["CHA-02"].statement)}
    )


@doors.needs(Permission.VIEW, Permission.OWN_VIEW)
@require_http_methods(METHODS)
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One campaign: its dates, what was made public, what is owed next; who keeps the body writes reports down."""
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user).select_related("organization"), pk=pk)
    writes = access.covers(request.user, Permission.EDIT, campaign.organization, write=True)
    if request.method == "POST" and not writes:
        raise PermissionDenied
    do = request.POST.get("do")
    form = ReportForm(request.POST if do == "report" else None, initial={"published_on": clock.today()})
    ending = DayForm(
        request.POST if do == "end" else None,
        name="ends_on",
        label=_("结束日期"),
        initial={"ends_on": campaign.ends_on},
    )
    told: list[Finding] = []
    by, at = doors.person(request), clock.now()
    try:
        if form.is_bound and form.is_valid():
            given = form.cleaned_data
            actions.report(campaign=campaign, kind=ReportKind(given["kind"]), published_on=given["published_on"],
                           where=given["where"], by=by, at=at)  # fmt: skip
            messages.success(request, _("已记下。"))
            return redirect("registry:campaign_detail", pk)
        if ending.is_bound and ending.is_valid():
            actions.set_end(campaign=campaign, ends_on=ending.cleaned_data["ends_on"], by=by, at=at)
            messages.success(request, _("已保存。"))
            return redirect("registry:campaign_detail", pk)
    except Refused as refused:
        told = refused.findings
    (owed,) = queries.owed([campaign], clock.today())
    bound = form if form.is_bound or not ending.is_bound else ending
    return render(
        request,
        "registry/campaign_detail.html",
        {
            "title": campaign.title, "crumbs": [(_("公开募捐"), reverse("registry:campaign_list"))],
            "campaign": campaign, "name": owed.name, "next": _next(owed), "told": owed.findings,
            "facts": _facts(campaign), "writes": writes, "fields": list(describe(form, told).values()),
            "ending": list(describe(ending, told).values()), "problems": problems(bound, told),
            "reports": [(r, _(REPORT_TITLES[r.kind])) for r in campaign.reports.order_by("published_on", "pk")],
            "rule": _(registries.rules["CHA-03"].statement),
        },
        status=422 if bound.is_bound else 200,
    )  # fmt: skip


def _facts(campaign: Campaign) -> list[tuple[str, Any, str]]:
    filed = campaign.plan_filed_on.isoformat() if campaign.plan_filed_on else ""
    return [
        (_("方案备案"), filed, campaign.plan_number),
        (_("开始"), campaign.starts_on.isoformat(), _("应对突发事件") if campaign.emergency else ""),
        (_("结束"), campaign.ends_on.isoformat() if campaign.ends_on else "", ""),
    ]
