"""The desk of an expert: his readings, the declaration before them, standing aside, his sheets to take along."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_safe

from liaoyuan.core import clock, doors
from liaoyuan.funding.actions import assigning, experts
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.choices.review import CONFLICT_TITLES
from liaoyuan.funding.exports import blind, sheets
from liaoyuan.funding.forms import desk as forms
from liaoyuan.funding.models import ExpertDeclaration, ExpertTie, GrantExpert, Reading, ReviewStage, Round
from liaoyuan.funding.queries import bodies
from liaoyuan.funding.queries import desk as queries
from liaoyuan.funding.rules.shares import number
from liaoyuan.funding.views import small
from liaoyuan.kit.findings import Finding, Refused
from liaoyuan.ui import entries
from liaoyuan.ui.forms import describe, problems
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState


def there(row: Reading) -> str:
    """The address of a reading: its stage and its label, nothing else."""
    return reverse("funding:desk_sheet", args=[row.stage_id, row.label])


COLUMNS = (
    Column("name", lazy("项目"), fixed=True, value=queries.name, link=there),
    Column("stage.round.title", lazy("届")),
    Column("due", lazy("最后一天"), kind="date", value=lambda row: queries.last_day(row.stage)),
    Column("points", lazy("我的总分"), kind="short",
           value=lambda row: "" if row.points is None else number(row.points)),
    Column("kept_at", lazy("保存时间"), kind="datetime", default=False),
    Column("progress", lazy("进度"), kind="verdict", value=queries.progress),
)  # fmt: skip


def crumbs(*steps: tuple[str, str]) -> list[tuple[str, str]]:
    """The way to a page of the desk."""
    return [(_("我的评审"), reverse("funding:desk")), *steps]


@doors.needs(Permission.REVIEW_SCORE)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """What an expert reads: stages with what is left of each, readings with how far each is, open ones first."""
    rows = list(queries.readings(request.user))
    rows.sort(key=lambda row: not queries.left(row))
    found = queries.stages(rows)
    asked = request.GET.get("stage", "")
    shown = [row for row in rows if str(row.stage_id) == asked] or rows
    return render(request, "funding/desk.html", {
        "title": _("我的评审"), "crumbs": [(_("我的评审"), "")], "stages": found,
        "table": TableState.from_request(request, COLUMNS).table(shown),
        "narrowed": len(shown) < len(rows), "declares": queries.to_declare(request.user),
    })  # fmt: skip


def _round(request: HttpRequest, pk: int) -> tuple[Round, GrantExpert]:
    row = get_object_or_404(queries.open_rounds(), pk=pk)
    expert = queries.expert_for(request.user, row)
    if expert is None:
        raise Http404
    return row, expert


@doors.needs(Permission.REVIEW_SCORE)
@require_http_methods(small.METHODS)
def declare(request: HttpRequest, pk: int) -> HttpResponse:
    """Declare what ties one to which bodies, before a name of the round is seen; once signed it is only read."""
    row, expert = _round(request, pk)
    signed = ExpertDeclaration.objects.filter(round=row, expert=expert).first()
    lines = forms.TieLines(small.posted(request), prefix="line")
    form = forms.AgreeForm(small.posted(request))
    told: list[Finding] = []
    if form.is_bound and all([lines.is_valid(), form.is_valid()]):
        ties = [line.cleaned_data for line in lines if line.cleaned_data.get("kind")]
        try:
            experts.declare(round_=row, expert=expert, ties=ties, by=doors.person(request), at=clock.now())
        except Refused as refused:
            told = refused.findings
        else:
            messages.success(request, _("已签署回避声明。承办单位分配以后，项目会出现在这里。"))
            return redirect("funding:desk")
    return render(request, "funding/desk_declare.html", {
        "title": _("回避声明"), "crumbs": crumbs((_("回避声明"), "")), "round": row, "signed": signed,
        "text": signed.text if signed is not None else experts.DECLARATION,
        "ties": _ties(expert) if signed is not None else [], "fields": describe(form),
        "lines": [list(describe(line).values()) for line in lines],
        "management": list(describe(lines.management_form).values()),
        "problems": [p for line in lines for p in problems(line)] + problems(form, told),
    }, status=422 if form.is_bound else 200)  # fmt: skip


def _ties(expert: GrantExpert) -> list[tuple[str, str, str]]:
    """What the expert told himself; a project that he left is called by nothing here."""
    rows = list(ExpertTie.objects.filter(expert=expert, superseded_at__isnull=True, project__isnull=True))
    names = bodies.names([row.organization_id for row in rows])
    return [(_(CONFLICT_TITLES[row.kind]), names.get(row.organization_id or 0, ""), row.note) for row in rows]


def seen(request: HttpRequest, pk: int, label: str) -> Reading:
    """One's own reading by stage and label; else 404."""
    row = queries.of_label(request.user, pk, label)
    if row is None:
        raise Http404
    return row


@doors.needs(Permission.REVIEW_SCORE)
@require_http_methods(small.METHODS)
def aside(request: HttpRequest, pk: int, label: str) -> HttpResponse:
    """Leave a project with which one has a tie; it holds from then on."""
    row = seen(request, pk, label)
    form = forms.AsideForm(small.posted(request))

    def write() -> Reading:
        return assigning.stand_aside(reading=row, **form.cleaned_data, by=doors.person(request), at=clock.now())

    name = queries.name(row)
    return entries.entered(
        request, _("申请回避"), form, write, name=name, back=there(row), onward=lambda made: reverse("funding:desk"),
        crumbs=crumbs((name, there(row)), (_("申请回避"), "")), danger=True,
        button=_("回避这个项目"), done=_("已回避。这个项目不再由您评审。"),
        note=_("认出了申报的组织、而且与它有关系的，应当回避。回避以后看不到这个项目，打过的分不作数。"),
    )  # fmt: skip


def _taken(
    request: HttpRequest, pk: int, name: str, write: Callable[[Path, ReviewStage, Any], int]
) -> HttpResponseBase:
    stage = queries.stage_of(request.user, pk)
    if stage is None:
        raise Http404
    with tempfile.TemporaryDirectory(prefix="liaoyuan-") as folder:
        path = Path(folder) / "book.xlsx"
        write(path, stage, doors.person(request))
        return FileResponse(path.open("rb"), as_attachment=True, filename=name)


@doors.needs(Permission.REVIEW_SCORE)
@require_safe
def materials(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The projects that one reads in a stage as a workbook without names."""
    return _taken(request, pk, blind.NAME, blind.write)


@doors.needs(Permission.REVIEW_SCORE)
@require_safe
def own_sheets(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One's own score sheets of a stage (F14) as a workbook without names of applicants."""
    return _taken(request, pk, sheets.NAME, sheets.write)
