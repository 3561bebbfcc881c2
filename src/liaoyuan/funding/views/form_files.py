"""The application as a file: downloaded filled with what is stored, read back, shown as a difference, then written."""

import tempfile
from io import BytesIO
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaoyuan.core import clock, doors
from liaoyuan.funding.actions import whole
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.exports import form_file as writing
from liaoyuan.funding.forms import files as forms
from liaoyuan.funding.imports import form_file as reading
from liaoyuan.funding.models import Project
from liaoyuan.funding.queries import bodies, contents, facts, form_files, limits, revisions
from liaoyuan.funding.queries import projects as queries
from liaoyuan.funding.views import projects as pages
from liaoyuan.funding.views import small
from liaoyuan.kit.findings import Refused
from liaoyuan.kit.sheets.refusal import Unreadable
from liaoyuan.ui.forms import describe, problems
from liaoyuan.ui.pages import render

_WRITES = (Permission.OWN_EDIT, Permission.EDIT)
_SALT = "funding.form_file"


def writable(request: HttpRequest, pk: int) -> Project:
    """The application, if the user may see it and writes for its body; else 404."""
    row = pages.seen(request, pk)
    if not queries.writes_for(request.user, row):
        raise Http404
    return row


@doors.needs(*_WRITES)
@require_safe
def download(request: HttpRequest, pk: int, form: str) -> HttpResponseBase:
    """The form, filled with what is stored: Word, or a workbook whose budget reckons."""
    row = writable(request, pk)
    told = contents.content(contents.whole(row))
    about: dict[str, Any] = {
        "body": bodies.names([row.organization_id]).get(row.organization_id, ""), "round_title": row.round.title,
        "code": contents.version_code(told),
    }  # fmt: skip
    if form == "docx":
        return FileResponse(BytesIO(writing.write_docx(told, **about)), as_attachment=True,
                            filename=writing.file_name(form))  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="liaoyuan-") as folder:
        path = Path(folder) / "form.xlsx"
        budget = facts.of_budget(row, clock.today())
        try:
            writing.write_xlsx(path, told, limits=limits.limits_of(row.round), budget=budget, **about)
        except ValueError as error:
            messages.error(request, str(error))
            return redirect("funding:project_form", pk)
        return FileResponse(path.open("rb"), as_attachment=True, filename=writing.file_name(form))


@doors.needs(*_WRITES)
@require_http_methods(small.METHODS)
def form(request: HttpRequest, pk: int) -> HttpResponse:
    """Download, upload; the upload is shown as a difference, and written only when it is confirmed."""
    row = writable(request, pk)
    if request.method == "POST" and "told" in request.POST:
        return _take(request, row)
    asked = forms.FilledForm(small.posted(request), request.FILES or None)
    if asked.is_bound and asked.is_valid():
        upload = asked.cleaned_data["file"]
        try:
            with tempfile.TemporaryDirectory(prefix="liaoyuan-") as folder:
                path = Path(folder) / "filled"
                with path.open("wb") as target:
                    target.writelines(upload.chunks())
                told = reading.read(path, upload.name, row)
        except Unreadable as error:
            asked.add_error("file", str(error))
        else:
            return _shown(request, row, asked, told)
    return _page(request, row, asked)


def _page(request: HttpRequest, row: Project, asked: Any, status: int = 200, **more: Any) -> HttpResponse:
    title = _("下载和上传申报书")
    shown = {"read": False, "old": False, "faults": [], "changes": [], "signed": "", **more}
    return render(request, "funding/project_form.html", {
        "title": title, "crumbs": small.crumbs(*pages.steps(row), (title, "")), "project": row, "back":
        pages.there(row), "field_list": list(describe(asked).values()), "problems": list(problems(asked, ())),
        "closed": not queries.may_write(request.user, row), **shown,
    }, status=422 if asked.is_bound and not asked.is_valid() else status)  # fmt: skip


def _shown(request: HttpRequest, row: Project, asked: Any, told: reading.Told) -> HttpResponse:
    """The difference, with the faults cell by cell; what was read goes on with the page, signed."""
    found = form_files.compare(row, told.content)
    faults = [*told.problems, *found.faults]
    old = told.code and told.code != contents.version_code(contents.content(contents.whole(row)))
    signed = signing.dumps([row.pk, told.content], salt=_SALT, compress=True)
    return _page(
        request, row, asked, status=422 if faults else 200, changes=found.changes, faults=faults, old=bool(old),
        read=True, signed=signed if found.changes and not faults else "",
    )  # fmt: skip


def _take(request: HttpRequest, row: Project) -> HttpResponse:
    """Write what was shown, as one step."""
    form = forms.TakenForm(request.POST)
    try:
        key, told = signing.loads(form.cleaned_data["told"], salt=_SALT) if form.is_valid() else (0, {})
    except signing.BadSignature:
        key, told = 0, {}
    if key != row.pk:
        messages.error(request, _("没有读到要写入的内容，请重新上传。"))
        return redirect("funding:project_form", row.pk)
    try:
        whole.save(project=row, told=told, version=form.cleaned_data["version"], occasion="uploaded",
                   by=doors.person(request), at=clock.now())  # fmt: skip
    except Refused as refused:
        faults = [(form_files.place(one.field), one.text) for one in refused.findings]
        return _page(request, row, forms.FilledForm(), status=422, changes=[], faults=faults, read=True, signed="")
    messages.success(request, _("已按文件写入。上传之前的内容留作一版，可以恢复。"))
    return redirect(pages.there(row))


@doors.needs(*_WRITES)
@require_POST
def put_back(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Put a kept version in the place of what stands there."""
    row = writable(request, pk)
    revision = get_object_or_404(revisions.seen(request.user, row), number=number)
    try:
        whole.go_back(project=row, revision=revision, by=doors.person(request), at=clock.now())
    except Refused as refused:
        messages.error(request, "；".join(one.text for one in refused.findings))
        return redirect(reverse("funding:project_revision", args=[pk, number]))
    messages.success(request, _("已恢复第 {number} 版。").format(number=number))
    return redirect(pages.there(row))
