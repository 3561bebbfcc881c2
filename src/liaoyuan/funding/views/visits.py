"""Visits of projects, and the samples of a round."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_safe

from liaoyuan.core import access, clock, doors
from liaoyuan.funding.actions import visits as actions
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.choices.running import (
    RISK_TITLES,
    VISIT_RESULT_TITLES,
    VISIT_STATE_TITLES,
    VISIT_TITLES,
    VisitKind,
    VisitState,
)
from liaoyuan.funding.forms import reports as deciding
from liaoyuan.funding.forms import visits as forms
from liaoyuan.funding.models import GrantVisit, VisitSample
from liaoyuan.funding.queries import visits as queries
from liaoyuan.funding.views import projects as pages
from liaoyuan.funding.views import small, tabs
from liaoyuan.funding.views import work as records
from liaoyuan.ui import entries
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState

_VISITS = (Permission.EDIT, Permission.EVALUATE, Permission.CONFIRM)
_DRAWS = (Permission.EDIT, Permission.EVALUATE)
_MARKS = {VisitState.PLANNED: "review", VisitState.RECORDED: "review", VisitState.MENDING: "reject",
          VisitState.CLOSED: "ok", VisitState.DROPPED: "closed"}  # fmt: skip
_SPEAKS = (VisitState.RECORDED, VisitState.MENDING)


def words(visit: GrantVisit) -> tuple[str, str]:
    """Mark and word of a visit's state, of a concluded one its result."""
    state = VisitState(visit.state)
    if state == VisitState.MENDING and visit.mend_by is not None:
        return _MARKS[state], _("{state}，期限 {day}").format(state=_(VISIT_STATE_TITLES[state]),
                                                           day=visit.mend_by.isoformat())  # fmt: skip
    if visit.result:
        return "reject" if visit.result == "rectify" else "ok", _(VISIT_RESULT_TITLES[visit.result])
    return _MARKS[state], _(VISIT_STATE_TITLES[state])


def why(visit: GrantVisit) -> str:
    """Why a project is visited."""
    told = _(VISIT_TITLES[visit.kind])
    return f"{told}：{'、'.join(_(RISK_TITLES[one]) for one in visit.reasons)}" if visit.reasons else told


COLUMNS = (
    Column("project.title", lazy("项目"), fixed=True, link=lambda row: reverse("funding:visit_detail", args=[row.pk])),
    Column("why", lazy("缘由"), value=why),
    Column("planned_on", lazy("计划日期"), sortable=True, kind="date"),
    Column("visited_on", lazy("走访日期"), sortable=True, kind="date"),
    Column("state", lazy("状态"), kind="verdict", value=words),
)


def _visit(request: HttpRequest, key: int) -> GrantVisit:
    rows = GrantVisit.objects.visible_to(request.user).select_related(
        "project__round__programme__area", "project__organization", "project__sponsor", "sample", "recorded_by"
    )
    return get_object_or_404(rows, pk=key)


def _at(visit: GrantVisit) -> str:
    return reverse("funding:visit_detail", args=[visit.pk])


@doors.needs(*pages.SEEN)
@require_safe
def detail(request: HttpRequest, key: int) -> HttpResponse:
    """One visit: why, what was seen, the reply, the result."""
    visit = _visit(request, key)
    row, user, today = visit.project, request.user, clock.today()
    office = queries.visits(user, row)
    spoken, until = (visit.mended_at, visit.mend_by) if visit.state == VisitState.MENDING else (
        visit.replied_at, visit.reply_by)  # fmt: skip
    heard = spoken is not None or (until is not None and today > until)
    title = _("督导")
    return render(request, "funding/visit_detail.html", {
        "title": title, "crumbs": small.crumbs(*records.steps(row), (title, "")), "project": row, "visit": visit,
        "state": words(visit), "facts": _facts(visit), "heard": heard,
        "records": office and visit.state == VisitState.PLANNED,
        "replies": visit.state in _SPEAKS and access.covers(user, Permission.OWN_EDIT, row, write=False),
        "closes": office and visit.state in _SPEAKS, **tabs.of_project(request, row, "running"),
    })  # fmt: skip


def _facts(visit: GrantVisit) -> list[tuple[str, str, str]]:
    sample = visit.sample
    drawn = _("第 {n} 次抽取").format(n=sample.number) if sample is not None else ""
    return [
        (_("缘由"), why(visit), drawn),
        (_("计划日期"), visit.planned_on.isoformat() if visit.planned_on else "", ""),
        (_("走访日期"), visit.visited_on.isoformat() if visit.visited_on else "", ""),
        (_("走访人"), visit.visitors, ""),
        (_("回复期限"), visit.reply_by.isoformat() if visit.reply_by else "", ""),
        (_("整改期限"), visit.mend_by.isoformat() if visit.mend_by else "", ""),
    ]


@doors.needs(*_VISITS)
@require_http_methods(small.METHODS)
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan a visit."""
    row = pages.seen(request, pk)
    if not queries.visits(request.user, row):
        raise PermissionDenied(str(Permission.EDIT))
    form = forms.PlanForm(small.posted(request))

    def write() -> GrantVisit:
        return actions.plan(project=row, **form.cleaned_data, by=doors.person(request), at=clock.now())

    return small.entered(request, _("安排督导"), form, write, name=row.title, back=records.there(row),
                         steps=records.steps(row), onward=_at)  # fmt: skip


@doors.needs(*_VISITS)
@require_http_methods(small.METHODS)
def record(request: HttpRequest, key: int) -> HttpResponse:
    """Enter what was seen."""
    form = forms.RecordForm(small.posted(request), initial={"visited_on": clock.today()})
    return _step(request, _visit(request, key), _("登记督导情况"), form, actions.record)


@doors.needs(Permission.OWN_EDIT)
@require_http_methods(small.METHODS)
def reply(request: HttpRequest, key: int) -> HttpResponse:
    """The body replies."""
    visit = _visit(request, key)
    title = _("报告整改情况") if visit.state == VisitState.MENDING else _("回复督导意见")
    return _step(request, visit, title, forms.ReplyForm(small.posted(request)), actions.reply)


@doors.needs(*_VISITS)
@require_http_methods(small.METHODS)
def close(request: HttpRequest, key: int) -> HttpResponse:
    """Conclude."""
    return _step(request, _visit(request, key), _("督导结论"), forms.CloseForm(small.posted(request)), actions.close)


@doors.needs(*_VISITS)
@require_http_methods(small.METHODS)
def drop(request: HttpRequest, key: int) -> HttpResponse:
    """Give a planned visit up."""
    return _step(request, _visit(request, key), _("取消督导"), deciding.WhyForm(small.posted(request)), actions.drop)


def _step(request: HttpRequest, visit: GrantVisit, title: str, form: Any, act: Any) -> HttpResponse:
    def write() -> GrantVisit:
        made: GrantVisit = act(visit=visit, **form.cleaned_data, version=entries.version(request),
                               by=doors.person(request), at=clock.now())  # fmt: skip
        return made

    return small.entered(
        request, title, form, write, name=visit.project.title, back=_at(visit), version=visit.version,
        steps=(*records.steps(visit.project), (_("督导"), _at(visit))),
    )  # fmt: skip


@doors.needs(Permission.VIEW)
@require_safe
def of_round(request: HttpRequest, pk: int) -> HttpResponse:
    """The visits and samples of a round."""
    row = small.seen(request, pk)
    state = TableState.from_request(request, COLUMNS, default_sort="-planned_on")
    samples = list(row.samples.select_related("drawn_by")[:20])
    title = _("督导和抽查")
    return render(request, "funding/round_visits.html", {
        "title": row.title, "crumbs": small.crumbs((row.title, small.there(row))), "round": row,
        "table": state.table(queries.of_round(row).order_by(*state.order_by())), "heading": title,
        "samples": [(one, _(VISIT_TITLES[one.kind])) for one in samples], "draws": queries.draws(request.user, row),
        **tabs.of_round(request, row, "visits"),
    })  # fmt: skip


@doors.needs(*_DRAWS)
@require_http_methods(small.METHODS)
def draw(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw a sample."""
    row = small.seen(request, pk)
    if not queries.draws(request.user, row):
        raise PermissionDenied(str(Permission.EDIT))
    among = queries.population(row)
    risky = queries.risks(among, clock.today())
    form = forms.DrawForm(small.posted(request), initial=forms.initial(queries.suggested(row, len(among))))

    def write() -> VisitSample:
        return actions.draw(round_=row, **form.cleaned_data, by=doors.person(request), at=clock.now())

    note = _(
        "可以抽取 {n} 个实施中的项目，其中 {risky} 个有风险原因。随机抽查的种子会保留，任何人都可以按它重新抽一遍核对。"
    )
    return small.entered(
        request, _("抽取督导项目"), form, write, name=row.title, back=reverse("funding:round_visits", args=[pk]),
        steps=((row.title, small.there(row)),), button=_("抽取"), note=note.format(n=len(among), risky=len(risky)),
        onward=lambda made: reverse("funding:sample_detail", args=[made.pk]),
    )  # fmt: skip


@doors.needs(Permission.VIEW)
@require_safe
def sample(request: HttpRequest, key: int) -> HttpResponse:
    """One sample: seed, who took part, who was drawn, why."""
    rows = VisitSample.objects.visible_to(request.user).select_related("round__programme__area", "drawn_by")
    one = get_object_or_404(rows, pk=key)
    title = _("第 {n} 次抽取").format(n=one.number)
    random = one.kind == VisitKind.RANDOM
    return render(request, "funding/sample_detail.html", {
        "title": title, "sample": one, "random": random,
        "crumbs": small.crumbs((one.round.title, small.there(one.round)),
                               (_("督导和抽查"), reverse("funding:round_visits", args=[one.round_id])), (title, "")),
        "verified": queries.verified(one) if random else None,
        "facts": [
            (_("方式"), _(VISIT_TITLES[one.kind]), ""),
            (_("参加抽取"), _("{n} 个项目").format(n=len(one.population)), ""),
            (_("抽中"), _("{n} 个项目").format(n=one.size), ""), (_("随机种子"), one.seed, ""),
            (_("分值"), "；".join(f"{_(RISK_TITLES[k])} {v}" for k, v in one.rules.items() if k in RISK_TITLES), ""),
            (_("抽取人"), one.drawn_by.display_name if one.drawn_by else "", ""),
        ],
        "visits": [(visit, why(visit), words(visit)) for visit in one.visits.select_related("project")],
    })  # fmt: skip
