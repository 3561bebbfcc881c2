"""The attachments of an application, its checklist, and the stamped scan."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from liaoyuan.core import clock, doors
from liaoyuan.funding.actions import scans
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.forms import files as forms
from liaoyuan.funding.params.papers import SUBJECT
from liaoyuan.funding.queries import papers
from liaoyuan.funding.queries import projects as queries
from liaoyuan.funding.views import form_files, small, tabs
from liaoyuan.funding.views import projects as pages
from liaoyuan.kit.findings import Finding
from liaoyuan.ui.pages import render

_MARKS = {"given": "ok", "missing": "reject", "expired": "review"}


@doors.needs(*pages.SEEN)
@require_safe
def listing(request: HttpRequest, pk: int) -> HttpResponse:
    """What is asked for and given, what else was attached, the stamped scans."""
    row = pages.seen(request, pk)
    words = {"given": _("已上传"), "missing": _("还没有"), "expired": _("已过期")}
    lines = papers.lines(request.user, row, clock.today())
    title = _("附件和签章")
    return render(request, "funding/project_files.html", {
        "title": title, "crumbs": small.crumbs(*pages.steps(row), (title, "")), "project": row,
        "lines": [(line.paper, _MARKS[line.state], words[line.state], line.rows) for line in lines],
        "given": sum(line.state == "given" for line in lines), "files": reverse("core:file_list", args=[SUBJECT, pk]),
        "scans": papers.scans(row), "writes": queries.writes_for(request.user, row),
        **tabs.of_project(request, row, "files"),
    })  # fmt: skip


@doors.needs(Permission.OWN_EDIT, Permission.EDIT)
@require_http_methods(small.METHODS)
def scan(request: HttpRequest, pk: int) -> HttpResponse:
    """Upload the stamped print with its code."""
    row = form_files.writable(request, pk)
    form = forms.ScanForm(small.posted(request), request.FILES or None)

    def write() -> Any:
        upload = form.cleaned_data["file"]
        return scans.take(project=row, name=upload.name, chunks=upload.chunks(), code=form.cleaned_data["code"],
                          by=doors.person(request), at=clock.now())  # fmt: skip

    return small.entered(
        request, _("上传签章的扫描件"), form, write, name=row.title, back=reverse("funding:project_files", args=[pk]),
        steps=pages.steps(row), template="funding/project_scan.html", code=papers.code_of(row), button=_("上传"),
        place=_placed,
    )  # fmt: skip


def _placed(form: Any, told: Sequence[Finding]) -> list[Finding]:
    """A refusal of the upload itself stands at the file."""
    return [replace(one, field="file") if one.field == "uploads" else one for one in told]
