"""The archive: the list of a project's papers, what is not needed, closing it; the projects of a round; the ZIP."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaoyuan.core import clock, doors
from liaoyuan.funding.actions import archiving as actions
from liaoyuan.funding.choices.archive import PIECE_STATE_TITLES, PieceState
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.choices.states import ProjectState
from liaoyuan.funding.forms import archive as forms
from liaoyuan.funding.models import ArchiveWaiver, Project, Round
from liaoyuan.funding.queries import archive as queries
from liaoyuan.funding.queries import bodies
from liaoyuan.funding.queries import projects as reading
from liaoyuan.funding.views import projects, small, tabs
from liaoyuan.kit.findings import Finding, Refused
from liaoyuan.ui.pages import render

SEEN = (Permission.VIEW, Permission.OWN_VIEW)
_MARKS = {
    PieceState.GIVEN: "ok", PieceState.NEEDLESS: "closed", PieceState.WAIVED: "closed", PieceState.ASKED: "review",
    PieceState.MISSING: "reject",
}  # fmt: skip


def _there(row: Project) -> str:
    return reverse("funding:project_archive", args=[row.pk])


@doors.needs(*SEEN)
@require_safe
def of_project(request: HttpRequest, pk: int) -> HttpResponse:
    """What the file of a project holds and lacks."""
    return _page(request, projects.seen(request, pk))


def _page(request: HttpRequest, row: Project, told: Sequence[Finding] = (), status: int = 200) -> HttpResponse:
    found = queries.of(row)
    office, ready = queries.runs(request.user, row), row.state in queries.READY
    return render(request, "funding/project_archive.html", {
        "title": _("档案"), "crumbs": small.crumbs(*projects.steps(row), (_("档案"), "")), "project": row,
        "state": reading.state_words(row), "found": found, "told": told, "office": office, "ready": ready,
        "lines": [(line, (_MARKS[line.state], _(PIECE_STATE_TITLES[line.state]))) for line in found.lines],
        "second": queries.confirms(request.user, row), "settled": queries.settled(row) if office else True,
        "closes": office and ready, "files": reverse("core:file_list", args=["project", row.pk]),
        "waives": office and ready and any(line.state == PieceState.MISSING for line in found.lines),
        "archived": row.state == ProjectState.ARCHIVED, **tabs.of_project(request, row, "archive"),
    }, status=status)  # fmt: skip


@doors.needs(Permission.EDIT)
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a project into the archive."""
    row = projects.seen(request, pk)
    try:
        actions.close(project=row, by=doors.person(request), at=clock.now())
    except Refused as refused:
        return _page(request, row, refused.findings, 422)
    messages.success(request, _("已归档。"))
    return redirect(_there(row))


@doors.needs(Permission.EDIT)
@require_POST
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the file of a project packed."""
    row = projects.seen(request, pk)
    job = actions.ask_file(round_=row.round, projects=[row], by=doors.person(request), at=clock.now())
    return redirect("core:job_detail", job.pk)


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def without(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose that a paper is not needed."""
    row = projects.seen(request, pk)
    lacking = [line.paper for line in queries.of(row).lines if line.state == PieceState.MISSING]
    form = forms.WaiverForm(
        small.posted(request), papers=lacking, initial={"paper": request.GET.get("paper", "")}
    )  # fmt: skip

    def write() -> ArchiveWaiver:
        return actions.ask_waiver(project=row, **form.cleaned_data, by=doors.person(request), at=clock.now())

    return small.entered(
        request, _("不需要这份材料"), form, write, name=row.title, back=_there(row), button=_("提出"),
        steps=(*projects.steps(row), (_("档案"), _there(row))), note=_("由另一人核定以后才算数。"),
    )  # fmt: skip


@doors.needs(Permission.CONFIRM)
@require_http_methods(small.METHODS)
def decide(request: HttpRequest, key: int) -> HttpResponse:
    """Find, as a second person, whether a paper is needed."""
    rows = ArchiveWaiver.objects.visible_to(request.user).select_related("project__round", "asked_by")
    row = get_object_or_404(rows, pk=key)
    project = row.project
    form = forms.FindingForm(small.posted(request))

    def write() -> ArchiveWaiver:
        told = form.cleaned_data
        return actions.decide_waiver(
            waiver=row, agreed=told["agreed"] == "yes", opinion=told["opinion"], by=doors.person(request),
            at=clock.now(),
        )  # fmt: skip

    return small.entered(
        request, _("核定是否需要"), form, write, name=f"{project.title}：{row.paper}", back=_there(project),
        steps=(*projects.steps(project), (_("档案"), _there(project))), button=_("核定"),
        note=_("{who}提出不需要：{reason}").format(who=row.asked_by or _("命令行"), reason=row.reason),
    )  # fmt: skip


@doors.needs(Permission.VIEW)
@require_http_methods(small.METHODS)
def of_round(request: HttpRequest, pk: int) -> HttpResponse:
    """The projects of a round that are over, those that lack most first; many at once are archived or packed."""
    row = small.seen(request, pk)
    found = queries.checklists(list(queries.of_round(row)))
    if request.method != "POST":
        return _round(request, row, found)
    form = forms.ChosenForm(request.POST, projects=[one.project.pk for one in found])
    if not form.is_valid():
        messages.error(request, _("请先勾选项目。"))
        return _round(request, row, found, status=422)
    chosen = [one.project for one in found if one.project.pk in form.cleaned_data["project"]]
    by, at = doors.person(request), clock.now()
    if form.cleaned_data["do"] == "file":
        return redirect("core:job_detail", actions.ask_file(round_=row, projects=chosen, by=by, at=at).pk)
    done, refused = actions.close_all(projects=chosen, by=by, at=at)
    if done:
        messages.success(request, _("已归档 {n} 个项目。").format(n=done))
    if refused:
        again = queries.checklists(list(queries.of_round(row)))
        told = [(one.title, "；".join(finding.text for finding in why)) for one, why in refused]
        return _round(request, row, again, refused=told, status=422)
    return redirect(reverse("funding:round_archive", args=[row.pk]))


def _round(
    request: HttpRequest, row: Round, found: Sequence[queries.Checklist], *, refused: Any = (), status: int = 200
) -> HttpResponse:
    names = bodies.names([one.project.organization_id for one in found])
    ordered = sorted(found, key=lambda one: (one.project.state == ProjectState.ARCHIVED, -len(one.missing)))
    return render(request, "funding/round_archive.html", {
        "title": _("档案"), "crumbs": small.crumbs((row.title, small.there(row)), (_("档案"), "")), "round": row,
        "lines": [(one, names.get(one.project.organization_id, ""), reading.state_words(one.project),
                   one.project.state in queries.READY) for one in ordered],
        "office": queries.runs(request.user, row), "refused": refused,
        "cards": [
            (_("办结的项目"), len(found), _("个"), "", ""),
            (_("材料齐全"), sum(one.complete for one in found), _("个"), "", ""),
            (_("已归档"), sum(one.project.state == ProjectState.ARCHIVED for one in found), _("个"), "", ""),
        ],
        **tabs.of_round(request, row, "archive"),
    }, status=status)  # fmt: skip
