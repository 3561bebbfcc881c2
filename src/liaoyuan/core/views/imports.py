"""The import pages: upload, preview as a diff per cell, decide on the doubtful rows, import, undo."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from liaoyuan.core import access, clock, doors, registries, sensitive, staging
from liaoyuan.core.actions import imports as actions
from liaoyuan.core.choices import BatchState, JobState, Verdict
from liaoyuan.core.forms.imports import RowForm, UploadForm
from liaoyuan.core.models import ImportBatch, ImportRow
from liaoyuan.core.queries import batches as queries
from liaoyuan.core.queries import jobs
from liaoyuan.kit.findings import Refused
from liaoyuan.kit.sheets.refusal import Unreadable
from liaoyuan.ui import forms as shown
from liaoyuan.ui.pager import Page, Query, paginate, whole_number
from liaoyuan.ui.pages import render, wants_fragment

_PER_PAGE = 50


def _batch(request: HttpRequest, pk: int) -> ImportBatch:
    batch = queries.visible(request.user).filter(pk=pk).first()
    if batch is None:
        raise Http404
    return batch


def _page(request: HttpRequest, rows: Any, per_page: int) -> Page[Any]:
    return paginate(rows, Query(request), whole_number(request.GET.get("page"), 1), per_page)


@doors.needs_import
@require_http_methods(["GET", "POST"])
def import_list(request: HttpRequest) -> HttpResponse:
    """Upload a file, and the batches of one's own areas."""
    kinds = [(k.kind, str(k.title)) for k in registries.import_kinds.values() if access.has(request.user, k.permission)]
    areas = queries.areas_for(request.user)
    first = areas.first()
    initial = {"as_of": clock.today(), "kind": request.GET.get("kind"), "area": first.code if first else None}
    posted = request.method == "POST"
    form = UploadForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        kinds=kinds,
        areas=areas,
        limit=settings.UPLOAD_MAX_BYTES,
        initial=initial,
    )
    status = 200
    if posted:
        if form.is_valid():
            try:
                batch = _stage(request, form.cleaned_data)
                return _go(request, reverse("core:import_detail", args=[batch.pk]))
            except (Unreadable, staging.NoHeader) as error:
                form.add_error("file", staging.sentence_of(error))
        status = 422
    page = _page(request, queries.visible(request.user), 20)
    return render(
        request,
        "core/import_list.html",
        {
            "title": _("导入"),
            "form": shown.describe(form),
            "problems": shown.problems(form),
            "page": page,
            "batches": _summaries(list(page.items)),
            "max_bytes": settings.UPLOAD_MAX_BYTES,
        },
        block="upload" if posted else "",
        status=status,
    )


def _summaries(found: list[ImportBatch]) -> list[dict[str, Any]]:
    live = jobs.running_for("importbatch", [batch.pk for batch in found])
    return [queries.summary(batch, running=batch.pk in live) for batch in found]


def _go(request: HttpRequest, url: str) -> HttpResponse:
    """A redirect that a script's upload follows as a whole page."""
    return HttpResponse(status=204, headers={"HX-Redirect": url}) if wants_fragment(request) else redirect(url)


def _stage(request: HttpRequest, data: Mapping[str, Any]) -> ImportBatch:
    """Give the upload to staging. The file itself is kept only until a job has read it."""
    upload = data["file"]
    with tempfile.NamedTemporaryFile(prefix="liaoyuan-") as kept:
        for chunk in upload.chunks():
            kept.write(chunk)
        kept.flush()
        order = staging.Order(
            kind=data["kind"],
            path=Path(kept.name),
            file_name=upload.name,
            area=data["area"],
            as_of=data["as_of"],
            unit=data["unit"] or None,
        )
        return actions.receive(order=order, by=doors.person(request), at=clock.now())


@doors.needs_import
@require_GET
def import_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One batch: what would change, row by row and cell by cell."""
    batch = _batch(request, pk)
    job = jobs.of_subject("importbatch", batch.pk)
    told = jobs.shown(job) if job is not None and job.state != JobState.DONE else None
    running = told is not None and told.bar == "running"
    kind = registries.import_kinds[batch.kind]
    tab = request.GET.get("show", "")
    rows = queries.rows_of(batch, tab)
    page = _page(request, rows, _PER_PAGE)
    session = queries.session_of(batch)
    waiting = queries.waiting(batch)
    return render(
        request,
        "core/import_detail.html",
        {
            "title": batch.file_name,
            "batch": batch,
            "kind": kind,
            "waiting": waiting,
            "page": page,
            "tab": tab,
            "crumbs": [(_("导入"), "/imports/")],
            "summary": queries.summary(batch, running=running),
            "tab_items": queries.tabs_of(batch, tab),
            "rows": [queries.shown_row(r, kind, session) for r in page.items],
            "ready": queries.ready_counts(batch),
            "job": told,
            "running": running,
            "is_htmx": wants_fragment(request),
            "is_own": job is not None and job.requested_by_id == request.user.pk,
            "broken": batch.state == BatchState.READING and not running,
            "is_staged": batch.state == BatchState.STAGED and not running,
            "is_applied": batch.state == BatchState.APPLIED,
        },
        block="progress",
    )


@doors.needs_import
@require_http_methods(["GET", "POST"])
def import_row(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One row: its doubts, what is stored, and a form to correct the cells."""
    batch = _batch(request, pk)
    row = batch.rows.filter(number=number).exclude(verdict=Verdict.SKIP).first()
    if row is None:
        raise Http404
    kind = registries.import_kinds[batch.kind]
    session = queries.session_of(batch)
    cells = queries.editable_cells(batch, row, session)
    for name in sensitive.withheld(cells, clock.today()):
        del cells[name]
    titles = {name: _(str(kind.fields.get(name, name))) for name in cells}
    form = RowForm(request.POST or None, titles=titles, initial=cells)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.correct_row(row=row, cells=form.cleaned_data, by=doors.person(request), at=clock.now())
        except Refused as error:
            for finding in error.findings:
                messages.error(request, finding.text)
            status = 422
        else:
            _tell_verdict(request, row)
            if row.verdict == Verdict.ACCEPT:
                return redirect(f"{_href(batch)}?show=review")
            return redirect("core:import_row", pk=batch.pk, number=number)
    findings = queries.findings_of(row)
    return render(
        request,
        "core/import_row.html",
        {
            "title": _("第 %(n)s 行") % {"n": number},
            "batch": batch,
            "row": queries.shown_row(row, kind, session),
            "fields": shown.describe(form, findings),
            "other": [f for f in findings if f.field not in titles],
            "cell_facts": [(t, v, "") for t, v in queries.shown_row(row, kind, session)["cells"]],
            "crumbs": [(_("导入"), "/imports/"), (batch.file_name, _href(batch))],
            "is_staged": batch.state == BatchState.STAGED,
        },
        status=status,
    )


def _tell_verdict(request: HttpRequest, row: ImportRow) -> None:
    if row.verdict == Verdict.ACCEPT:
        messages.success(request, _("第 %(n)s 行已改正，可以导入。") % {"n": row.number})
    else:
        messages.warning(request, _("第 %(n)s 行仍有疑点，请看各项旁边的说明。") % {"n": row.number})


def _href(batch: ImportBatch) -> str:
    return f"/imports/{batch.pk}/"


@doors.needs_import
@require_POST
def import_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm rows, import, undo or discard; `do` says which."""
    batch = _batch(request, pk)
    kind = registries.import_kinds[batch.kind]
    word, by, at = request.POST.get("do", ""), doors.person(request), clock.now()
    try:
        if word == "confirm":
            chosen = [pk for pk in (whole_number(text, 0) for text in request.POST.getlist("ids")) if pk]
            count = actions.confirm_rows(batch=batch, rows=chosen, by=by, at=at)
            messages.success(request, _("已确认 %(n)s 行。") % {"n": count})
        elif word == "apply":
            done = actions.bring_in(batch=batch, by=by, at=at)
            if isinstance(done, ImportBatch):
                messages.success(
                    request,
                    _("已导入：新增 %(created)s，更新 %(updated)s。")
                    % {"created": done.counts["written:create"], "updated": done.counts["written:update"]},
                )
        elif word == "undo":
            kind.undo(batch=batch, by=by, at=at)
            messages.success(request, _("已撤销这次导入，登记库恢复到导入之前。"))
        elif word == "discard":
            actions.discard(batch=batch, by=by, at=at)
            messages.success(request, _("已放弃这个批次，登记库没有变化。"))
            return redirect("core:import_list")
    except Refused as error:
        for finding in error.findings[:20]:
            messages.error(request, finding.text)
    return redirect("core:import_detail", pk=pk)


@doors.needs_import
@require_GET
def import_errors(request: HttpRequest, pk: int) -> FileResponse:
    """The rows that were not simply accepted, as a workbook with an error column."""
    batch = _batch(request, pk)
    with tempfile.TemporaryDirectory(prefix="liaoyuan-") as folder:
        path = Path(folder) / "errors.xlsx"
        queries.write_errors(batch, path)
        return FileResponse(path.open("rb"), as_attachment=True, filename=f"{Path(batch.file_name).stem}-待处理.xlsx")


@doors.needs_import
@require_GET
def import_template(request: HttpRequest, kind: str) -> FileResponse:
    """An empty workbook with the columns of one kind, drop-downs and notes."""
    found = registries.import_kinds.get(kind)
    if found is None:
        raise Http404
    with tempfile.TemporaryDirectory(prefix="liaoyuan-") as folder:
        path = Path(folder) / "template.xlsx"
        queries.write_template(found, path)
        return FileResponse(path.open("rb"), as_attachment=True, filename=f"{found.title}模板.xlsx")
