"""The pages of 对账: upload another system's export, name its columns, decide what differs, send back what is ours."""

import re
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

from liaoyuan.core import clock, doors, reads, staging
from liaoyuan.core.actions import comparing as actions
from liaoyuan.core.actions import differing
from liaoyuan.core.choices import CompareState, DifferenceOutcome, JobState
from liaoyuan.core.forms.comparing import DecideForm, FilterForm, MappingForm, UploadForm
from liaoyuan.core.models import Comparison, Difference
from liaoyuan.core.opening import Order, sentence_of
from liaoyuan.core.queries import batches, jobs
from liaoyuan.core.queries import comparing as queries
from liaoyuan.kit.findings import Refused
from liaoyuan.kit.sheets.refusal import Unreadable
from liaoyuan.ui import forms as shown
from liaoyuan.ui.pager import Page, Query, paginate, whole_number
from liaoyuan.ui.pages import render, wants_fragment

_TOKEN = re.compile(r"(\d{1,9}):(\d{1,9})")


def _comparison(request: HttpRequest, pk: int) -> Comparison:
    found = queries.visible(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _here(comparison: Comparison) -> str:
    return reverse("core:compare_detail", args=[comparison.pk])


@doors.needs_import
@require_http_methods(["GET", "POST"])
def listing(request: HttpRequest) -> HttpResponse:
    """Upload another system's export, and the comparisons of one's own areas."""
    areas = batches.areas_for(request.user)
    first = areas.first()
    initial = {"as_of": clock.today(), "kind": request.GET.get("kind"), "area": first.code if first else None}
    posted = request.method == "POST"
    form = UploadForm(
        request.POST if posted else None, request.FILES if posted else None, kinds=queries.kinds_for(request.user),
        areas=areas, limit=settings.UPLOAD_MAX_BYTES, initial=initial,
    )  # fmt: skip
    status = 200
    if posted:
        if form.is_valid():
            try:
                made = _receive(request, form.cleaned_data)
            except (Unreadable, staging.NoHeader) as error:
                form.add_error("file", sentence_of(error))
            else:
                if wants_fragment(request):
                    return HttpResponse(status=204, headers={"HX-Redirect": _here(made)})
                return redirect(_here(made))
        status = 422
    page: Page[Comparison] = paginate(
        queries.visible(request.user), Query(request), whole_number(request.GET.get("page"), 1), 20
    )
    return render(
        request,
        "core/compare_list.html",
        {
            "title": _("对账"),
            "form": shown.describe(form),
            "problems": shown.problems(form),
            "page": page,
            "lines": queries.summaries(list(page.items)),
            "max_bytes": settings.UPLOAD_MAX_BYTES,
        },
        block="upload" if posted else "",
        status=status,
    )


def _receive(request: HttpRequest, data: Mapping[str, Any]) -> Comparison:
    upload = data["file"]
    with tempfile.NamedTemporaryFile(prefix="liaoyuan-") as kept:
        for chunk in upload.chunks():
            kept.write(chunk)
        kept.flush()
        order = Order(
            kind=data["kind"], path=Path(kept.name), file_name=upload.name, area=data["area"], as_of=data["as_of"],
            unit=data["unit"] or None,
        )  # fmt: skip
        return actions.receive(order=order, by=doors.person(request), at=clock.now())


@doors.needs_import
@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One comparison: its columns to be named, its progress, or what differs."""
    comparison = _comparison(request, pk)
    if comparison.state == CompareState.MAPPING:
        return _mapping_page(request, comparison, _mapping_form(None, comparison))
    query = Query(request)
    form, asked = _asked(request, comparison)
    tab, rows = asked.tab, queries.narrowed(comparison, asked.sort, asked.field, asked.text)
    matching = queries.matching(comparison, asked)
    page: Page[Difference] = paginate(
        matching, query, whole_number(request.GET.get("page"), 1),
        whole_number(request.GET.get("per"), 50) if request.GET.get("per") in ("20", "50", "100") else 50,
    )  # fmt: skip
    job = jobs.of_subject("comparison", comparison.pk)
    about = jobs.shown(job) if job is not None and job.state != JobState.DONE else None
    running = about is not None and about.bar == "running"
    return render(
        request,
        "core/compare_detail.html",
        {
            "title": comparison.file_name,
            "crumbs": [(_("对账"), reverse("core:compare_list"))],
            "summary": queries.summaries([comparison])[0],
            "comparison": comparison,
            "job": about,
            "running": running,
            "is_htmx": wants_fragment(request),
            "is_broken": comparison.state == CompareState.FAILED
            or (comparison.state == CompareState.READING and not running),
            "is_ended": comparison.state == CompareState.ENDED,
            "is_done": comparison.state == CompareState.DONE,
            "tab_items": queries.tabs(rows, tab, query),
            "filters": list(shown.describe(form).values()),
            "chips": shown.chips(form, query),
            "hidden": query.hidden("q", "sort", "field"),
            "page": page,
            "rows": queries.shown(list(page.items), comparison),
            "query": query(),
            "stamp": queries.stamp(matching),
            "theirs": len(queries.decided(comparison, DifferenceOutcome.THEIRS)),
            "ours": len(queries.decided(comparison, DifferenceOutcome.OURS)),
            "batch": queries.batch_of(comparison),
        },
        block="progress",
    )


def _asked(request: HttpRequest, comparison: Comparison) -> tuple[FilterForm, queries.Asked]:
    """What the address asks of the differences."""
    form = FilterForm(request.GET, fields=queries.fields_of(comparison))
    form.is_valid()
    told, tab = form.cleaned_data, request.GET.get("show", "")
    asked = queries.Asked(
        tab if tab in queries.TAB_TITLES else "", told.get("sort", ""), told.get("field", ""), told.get("q", "")
    )
    return form, asked


def _mapping_form(data: Any, comparison: Comparison) -> MappingForm:
    labels = [label for label in dict.fromkeys(comparison.labels) if label]
    initial: dict[str, Any] = {f"column{n}": comparison.mapping.get(label, "") for n, label in enumerate(labels)}
    initial["unit"] = comparison.unit
    return MappingForm(data, labels=labels, fields=queries.choices_of(comparison), initial=initial)


def _mapping_page(request: HttpRequest, comparison: Comparison, form: MappingForm, status: int = 200) -> HttpResponse:
    fields = shown.describe(form)
    return render(
        request,
        "core/compare_mapping.html",
        {
            "title": comparison.file_name,
            "crumbs": [(_("对账"), reverse("core:compare_list"))],
            "comparison": comparison,
            "summary": queries.summaries([comparison])[0],
            "unit": fields.pop("unit"),
            "columns": list(fields.values()),
            "problems": shown.problems(form),
        },
        status=status,
    )


@doors.needs_import
@require_POST
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Compare with the columns as chosen."""
    comparison = _comparison(request, pk)
    if comparison.state != CompareState.MAPPING:
        return redirect(_here(comparison))
    form = _mapping_form(request.POST, comparison)
    if not form.is_valid():
        return _mapping_page(request, comparison, form, 422)
    try:
        actions.start(
            comparison=comparison, mapping=form.mapping(), unit=form.cleaned_data["unit"], by=doors.person(request),
            at=clock.now(),
        )  # fmt: skip
    except Refused as refused:
        for finding in refused.findings:
            form.add_error(None, finding.text)
        return _mapping_page(request, comparison, form, 422)
    except (Unreadable, staging.NoHeader) as error:
        messages.error(request, sentence_of(error))
    return redirect(_here(comparison))


@doors.needs_import
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide the chosen differences in one way; those that somebody else has decided meanwhile are told."""
    comparison = _comparison(request, pk)
    form = DecideForm(request.POST)
    tokens = [_TOKEN.fullmatch(text) for text in request.POST.getlist("ids")]
    chosen = {int(token[1]): int(token[2]) for token in tokens if token}
    back = f"{_here(comparison)}?{request.GET.urlencode()}"
    if not form.is_valid():
        messages.error(request, _("请选择处理办法，备注不超过 200 字。"))
        return redirect(back)
    try:
        told = differing.decide(
            comparison=comparison, chosen=chosen, outcome=form.cleaned_data["outcome"],
            note_text=form.cleaned_data["note"], by=doors.person(request), at=clock.now(),
        )  # fmt: skip
    except Refused as refused:
        for finding in refused.findings:
            messages.error(request, finding.text)
        return redirect(back)
    for row in told.taken[:10]:
        messages.warning(request, _taken(row, comparison))
    _tell(request, told)
    return redirect(back)


@doors.needs_import
@require_POST
def decide_matching(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide all differences of the address's query in one way, after a question."""
    comparison = _comparison(request, pk)
    form = DecideForm(request.POST)
    back = f"{_here(comparison)}?{request.GET.urlencode()}"
    if not form.is_valid():
        messages.error(request, _("请选择处理办法，备注不超过 200 字。"))
        return redirect(back)
    try:
        told = differing.decide_matching(
            comparison=comparison, asked=_asked(request, comparison)[1], seen=request.POST.get("seen", ""),
            outcome=form.cleaned_data["outcome"], note_text=form.cleaned_data["note"], by=doors.person(request),
            at=clock.now(),
        )  # fmt: skip
    except Refused as refused:
        for finding in refused.findings:
            messages.error(request, finding.text)
        return redirect(back)
    _tell(request, told)
    return redirect(back)


def _tell(request: HttpRequest, told: differing.Decided) -> None:
    if told.done:
        messages.success(request, _("已处理 %(n)s 处差异。") % {"n": told.done})
    if told.unfit:
        messages.warning(
            request,
            _("有 %(n)s 处不能“以对方为准”：对方没有值、没有这一家，或读不出来。导入不清空也不删除，请在档案页办理。")
            % {"n": len(told.unfit)},
        )


def _taken(row: Difference, comparison: Comparison) -> str:
    decision = row.decision
    if decision is None:
        return _("“%(name)s”的这处差异已不是您看到的样子，请刷新后再处理。") % {"name": row.label}
    return _("“%(name)s”%(field)s已由%(who)s处理为“%(outcome)s”，没有改动。") % {
        "name": row.label,
        "field": queries.title_of(comparison.kind, row.field) if row.field else "",
        "who": decision.decided_by or _("命令行"),
        "outcome": _(queries.OUTCOME_TITLES[decision.outcome]),
    }


@doors.needs_import
@require_POST
def bring_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Make one import batch of what was decided for the other side; it is previewed and imported there."""
    comparison = _comparison(request, pk)
    try:
        batch = differing.bring_in(comparison=comparison, by=doors.person(request), at=clock.now())
    except Refused as refused:
        for finding in refused.findings:
            messages.error(request, finding.text)
        return redirect(_here(comparison))
    return redirect("core:import_detail", pk=batch.pk)


@doors.needs_import
@require_GET
def returns(request: HttpRequest, pk: int) -> FileResponse:
    """The 回填清单: what was decided for our side, in the other system's columns."""
    comparison = _comparison(request, pk)
    with tempfile.TemporaryDirectory(prefix="liaoyuan-") as folder:
        path = Path(folder) / "returns.xlsx"
        rows = queries.write_returns(comparison, path)
        reads.exported(
            f"compare.{comparison.kind}", rows=rows, by=doors.person(request), at=clock.now(),
            filters={"comparison": comparison.pk, "as_of": comparison.as_of.isoformat()},
        )  # fmt: skip
        name = _("{name}-回填清单.xlsx").format(name=Path(comparison.file_name).stem)
        return FileResponse(path.open("rb"), as_attachment=True, filename=name)
