"""Trying parameters before they are published: asking, what would change, by body, as a sheet."""

import tempfile
from pathlib import Path
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_safe

from liaoyuan.core import clock, doors
from liaoyuan.core.queries import jobs
from liaoyuan.funding.actions import trials as actions
from liaoyuan.funding.choices.trials import TRIAL_KIND_TITLES, VERDICT_TITLES, Verdict
from liaoyuan.funding.exports import trials as exports
from liaoyuan.funding.forms import trials as forms
from liaoyuan.funding.models import Round, Trial
from liaoyuan.funding.models.trials import TRIES
from liaoyuan.funding.queries import figures
from liaoyuan.funding.queries import rounds as reading
from liaoyuan.funding.queries import trial_results as results
from liaoyuan.funding.queries import trials as queries
from liaoyuan.funding.views import small
from liaoyuan.ui import texts
from liaoyuan.ui.forms import chips, describe
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState, link_to

#: How many rounds are offered one by one.
_OFFERED = 40
_MARKS = {Verdict.PASS: "ok", Verdict.WARN: "review", Verdict.BLOCK: "reject"}


def _verdict(value: str) -> tuple[str, str]:
    return _MARKS[Verdict(value)], _(VERDICT_TITLES[value])


def _count(kind: str) -> Any:
    return lambda row: row.changed.get(kind, 0) if row.finished_at else None


COLUMNS = (
    Column("pk", lazy("试算"), fixed=True, link=link_to("funding:trial_detail"),
           value=lambda row: row.note or _("{number} 号试算").format(number=row.pk)),
    Column("what", lazy("改了什么"), value=results.summary),
    Column("rounds", lazy("届数"), kind="number", value=lambda row: len(row.rounds)),
    Column("judged", lazy("项目"), kind="number", value=lambda row: row.judged if row.finished_at else None),
    Column("barred", lazy("变为不通过"), kind="number", value=_count("barred")),
    Column("freed", lazy("变为通过"), kind="number", value=_count("freed")),
    Column("asked_by", lazy("提出人")),
    Column("asked_at", lazy("提出时间"), kind="datetime"),
)  # fmt: skip
LINES = (
    Column("project.title", lazy("项目名称"), fixed=True,
           link=lambda row: reverse("funding:project_detail", args=[row.project_id])),
    Column("project.number", lazy("编号"), kind="short"),
    Column("body_name", lazy("申报组织")),
    Column("project.round.title", lazy("届")),
    Column("before", lazy("原结论"), kind="verdict", value=lambda row: _verdict(row.before)),
    Column("after", lazy("试算的结论"), kind="verdict", value=lambda row: _verdict(row.after)),
    Column("why", lazy("变化的规则"), kind="markup", value=results.told),
    Column("grant_fen", lazy("申请资助（元）"), sortable=True, kind="yuan"),
    Column("approved_fen", lazy("立项金额（元）"), kind="yuan", value=lambda row: row.approved_fen or None),
)  # fmt: skip
BODIES = (
    Column("body_name", lazy("申报组织"), fixed=True,
           link=lambda row: reverse("registry:organization_detail", args=[row["organization"]])),
    Column("barred", lazy("变为不通过"), kind="number"), Column("freed", lazy("变为通过"), kind="number"),
    Column("told", lazy("只有提示变化"), kind="number"), Column("grant", lazy("申请资助（元）"), kind="yuan"),
    Column("approved", lazy("立项金额（元）"), kind="yuan"),
)  # fmt: skip


def _crumbs(*steps: tuple[str, str]) -> list[tuple[str, str]]:
    return small.crumbs((_("参数试算"), reverse("funding:trial_list")), *steps)


def _seen(request: HttpRequest, pk: int) -> Trial:
    return get_object_or_404(Trial.objects.visible_to(request.user).select_related("asked_by"), pk=pk)


def _name(row: Trial) -> str:
    return row.note or _("{number} 号试算").format(number=row.pk)


@doors.needs(*TRIES)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The trials in sight, the latest first."""
    state = TableState.from_request(request, COLUMNS)
    rows = Trial.objects.visible_to(request.user).select_related("asked_by").order_by("-pk")
    return render(request, "funding/trial_list.html", {
        "title": _("参数试算"), "crumbs": small.crumbs((_("参数试算"), "")), "table": state.table(rows),
    })  # fmt: skip


@doors.needs(*TRIES)
@require_http_methods(small.METHODS)
def new(request: HttpRequest) -> HttpResponse:
    """Say what is to be tried; a job works it out."""
    offered = list(queries.rounds(request.user)[:_OFFERED])
    key = request.GET.get("key", "")
    first = {"key_1": key if key in queries.tryable() else "", "rounds": [str(offered[0].pk)] if offered else []}
    form = forms.TrialForm(
        small.posted(request), rounds=[(row.pk, row.title) for row in offered], places=reading.places(), initial=first
    )

    def write() -> Trial:
        told = form.cleaned_data
        chosen: list[Round] = [row for row in offered if str(row.pk) in told["rounds"]]
        if forms.EVERY in told["rounds"]:
            chosen = list(queries.rounds(request.user))
        return actions.ask(
            rounds=chosen, values=told["values"], place=told["place"], place_on=told["place_on"], note=told["note"],
            by=doors.person(request), at=clock.now(),
        )  # fmt: skip

    return small.entered(
        request, _("试一试参数"), form, write, back=reverse("funding:trial_list"), button=_("开始试算"),
        steps=((_("参数试算"), reverse("funding:trial_list")),),
        done=_("已开始试算，算完会提醒您。"), name=_now(key, offered[0]) if offered else "",
        onward=lambda row: reverse("funding:trial_detail", args=[row.pk]),
        sections=((_("算哪些项目"), ("rounds", "note")), (_("改哪些参数"), list(form.names())),
                  (_("或者换用别处、别年的参数"), ("place", "place_on"))),
        note=_("先看哪些项目的结论会变、涉及多少钱，再决定改不改。只试算，不改参数，也不改任何项目。"),
    )  # fmt: skip


def _now(key: str, round_: Round) -> str:
    """What a figure is in the latest round, where one came from its page."""
    if key not in queries.tryable():
        return ""
    told = results.word(key, results.value_in(round_, key))
    return _("{round}：{title}现在是 {value}").format(round=round_.title, title=figures.title(key), value=told)


@doors.needs(*TRIES)
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What came out; while the job runs its progress."""
    row = _seen(request, pk)
    job = jobs.of_subject(actions.SUBJECT, row.pk)
    context = {
        "title": _name(row), "crumbs": _crumbs((_name(row), "")), "row": row, "rounds": results.titles(row),
        "changes": [(title, value, "") for title, value in results.changes(row)], "place": results.place(row),
        "job": jobs.shown(job) if job is not None and row.finished_at is None else None,
    }  # fmt: skip
    if row.finished_at is None:
        return render(request, "funding/trial_detail.html", context, block="progress")
    form = forms.LinesForm(request.GET, codes=results.codes(row))
    told = form.cleaned_data if form.is_valid() else {}
    state = TableState.from_request(request, LINES)
    rows = results.listed(row, told.get("q") or "", told.get("kind") or "", told.get("code") or "")
    return render(request, "funding/trial_detail.html", {
        **context, "table": state.table(rows.order_by(*state.order_by())), "fields": list(describe(form).values()),
        "chips": chips(form, state.query), "hidden": state.query.hidden(*form.fields),
        "clear": state.query(**dict.fromkeys(form.fields)), "cards": _cards(row),
    })  # fmt: skip


def _cards(row: Trial) -> list[tuple[Any, ...]]:
    """The sums as cards: how many, what they asked for, what was granted; each opens its own list."""
    found = []
    for one in results.sums(row):
        note = _("申请 {grant} 元").format(grant=texts.yuan(one.grant_fen))
        if one.approved_fen:
            note += _("，已立项 {fen} 元").format(fen=texts.yuan(one.approved_fen))
        href = f"{reverse('funding:trial_detail', args=[row.pk])}?kind={one.kind}" if one.count else ""
        found.append((_(TRIAL_KIND_TITLES[one.kind]), one.count, _("个"), href, note if one.count else ""))
    return found


@doors.needs(*TRIES)
@require_safe
def bodies(request: HttpRequest, pk: int) -> HttpResponse:
    """What changes, a line a body."""
    row = _seen(request, pk)
    state = TableState.from_request(request, BODIES)
    title = _("按组织汇总")
    there = reverse("funding:trial_detail", args=[row.pk])
    return render(request, "funding/trial_bodies.html", {
        "title": title, "crumbs": _crumbs((_name(row), there), (title, "")), "name": _name(row), "back": there,
        "table": state.table(results.by_body(row), row_id=lambda one: one["organization"]),
    })  # fmt: skip


@doors.needs(*TRIES)
@require_safe
def sheet(request: HttpRequest, pk: int) -> FileResponse:
    """What changes as a workbook."""
    row = _seen(request, pk)
    if row.finished_at is None:
        raise Http404
    with tempfile.TemporaryDirectory(prefix="liaoyuan-") as folder:
        path = Path(folder) / "trial.xlsx"
        exports.write(row, path)
        return FileResponse(path.open("rb"), as_attachment=True, filename=f"{_name(row)}.xlsx")
