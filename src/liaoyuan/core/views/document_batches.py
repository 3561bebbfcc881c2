"""成批文书: what was drafted for many at once, and signing it all."""

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from liaoyuan.core import access, clock, doors
from liaoyuan.core.actions import document_batches as actions
from liaoyuan.core.choices import DeliveryWay, DocumentState, Permission
from liaoyuan.core.forms.documents import SendingForm
from liaoyuan.core.models import DocumentBatch
from liaoyuan.core.queries import documents as queries
from liaoyuan.core.views.documents import columns
from liaoyuan.kit.findings import Refused
from liaoyuan.ui.forms import describe, problems
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState, link_to
from liaoyuan.ui.texts import sentence


@doors.needs(Permission.DOCUMENT_VIEW)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Batches of the user's offices."""
    shown = (
        Column("title", _("标题"), sortable=True, fixed=True, link=link_to("core:batch_detail")),
        Column("issuer", _("发文机关"), value=lambda row: row.issuer.name),
        Column("n", _("份数"), kind="number", sortable=True),
        Column("made_at", _("建立"), kind="datetime", sortable=True),
        Column("made_by", _("建立人")),
    )
    rows = queries.batches(request.user).annotate(n=Count("documents"))
    state = TableState.from_request(request, shown, default_sort="-made_at")
    return render(
        request,
        "core/batch_list.html",
        {
            "title": _("成批文书"),
            "crumbs": [(_("文书"), reverse("core:document_list")), (_("成批文书"), "")],
            "table": state.table(rows.order_by(*state.order_by())),
        },
    )


def _batch(request: HttpRequest, pk: int) -> DocumentBatch:
    row = queries.batches(request.user).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


@doors.needs(Permission.DOCUMENT_VIEW)
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One batch: how far it is, its letters."""
    return _page(request, _batch(request, pk))


def _page(request: HttpRequest, row: DocumentBatch, form: SendingForm | None = None, told: Any = ()) -> HttpResponse:
    counts = dict(row.documents.values_list("state").annotate(n=Count("pk")).order_by())
    waiting = counts.get(DocumentState.DRAFT, 0) + counts.get(DocumentState.REVIEWED, 0)
    drafts = row.documents.filter(pk__in=queries.visible(request.user).values("pk"))
    unsent = actions.unsent(row).count() if access.has(request.user, Permission.DOCUMENT_DRAFT) else 0
    first = {"way": DeliveryWay.POST, "sent_on": clock.today()}
    state = TableState.from_request(request, columns(), default_sort="subject_label")
    return render(
        request,
        "core/batch_detail.html",
        {
            "title": row.title,
            "crumbs": [(_("成批文书"), reverse("core:batch_list")), (row.title, "")],
            "row": row,
            "asked": len(row.subjects),
            "waiting": waiting,
            "issued": counts.get(DocumentState.ISSUED, 0),
            "unsent": unsent,
            "sending": list(describe(form or SendingForm(initial=first), told).values()) if unsent else [],
            "problems": problems(form, told) if form is not None else [],
            "own": row.made_by_id == request.user.pk,
            "may_sign": access.has(request.user, Permission.DOCUMENT_ISSUE),
            "table": state.table(drafts.select_related("drafted_by").order_by(*state.order_by())),
        },
        status=422 if form is not None else 200,
    )


@doors.needs(Permission.DOCUMENT_DRAFT)
@require_POST
def deliver(request: HttpRequest, pk: int) -> HttpResponse:
    """Have all signed letters written down as sent on one day, by a job."""
    row = _batch(request, pk)
    form = SendingForm(request.POST)
    if not form.is_valid():
        return _page(request, row, form)
    try:
        job = actions.send_out(batch=row, by=doors.person(request), at=clock.now(), **form.cleaned_data)
    except Refused as refused:
        return _page(request, row, form, refused.findings)
    return redirect("core:job_detail", pk=job.pk)


@doors.needs(Permission.DOCUMENT_ISSUE)
@require_POST
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Have all letters that wait signed by a job; it leaves the packed file."""
    row = _batch(request, pk)
    try:
        job = actions.sign(batch=row, by=doors.person(request), at=clock.now())
    except Refused as refused:
        for finding in refused.findings:
            messages.error(request, sentence(finding))
        return redirect("core:batch_detail", pk=pk)
    return redirect("core:job_detail", pk=job.pk)
