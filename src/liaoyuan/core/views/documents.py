"""文书: the list, one document with its steps, the tab on a record, drafting and changing."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaoyuan.core import access, clock, doors, registries
from liaoyuan.core.actions import documents as actions
from liaoyuan.core.actions import publicity
from liaoyuan.core.choices import DeliveryResult, DocumentState, Permission
from liaoyuan.core.documents import contents
from liaoyuan.core.files import sending
from liaoyuan.core.forms.documents import DeliveryForm, DocumentForm, DocumentQueryForm, ObjectionForm
from liaoyuan.core.models import Document, Issuer, Objection, PublicityNotice
from liaoyuan.core.params import (
    DELIVERY_RESULT_TITLES,
    DELIVERY_WAY_TITLES,
    OBJECTION_STATE_TITLES,
)
from liaoyuan.core.queries import documents as queries
from liaoyuan.core.queries import files
from liaoyuan.core.registries import DocumentKind
from liaoyuan.kit.files.kinds import MEDIA_TYPES
from liaoyuan.kit.findings import Finding, Refused
from liaoyuan.ui.forms import chips, describe, problems
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState, link_to
from liaoyuan.ui.texts import sentence

_SEEN = (Permission.DOCUMENT_VIEW, Permission.DOCUMENT_OWN_VIEW)
_WRITERS = (Permission.DOCUMENT_DRAFT, Permission.DOCUMENT_ISSUE)


def kind_titles() -> list[tuple[str, str]]:
    """Kinds as choices."""
    return [(kind.code, _(kind.title)) for kind in registries.document_kinds.values() if not kind.printed]


def _kind_title(row: Document) -> str:
    kind = queries.kind_of(row.code)
    return _(kind.title) if kind is not None else row.code


def columns() -> tuple[Column, ...]:
    """The columns of a list of documents."""
    return (
        Column("number", _("文号"), sortable=True, kind="short", value=lambda row: row.number or _("（尚无文号）")),
        Column("title", _("标题"), sortable=True, fixed=True, link=link_to("core:document_detail")),
        Column("code", _("种类"), value=_kind_title),
        Column("subject_label", _("对象"), sortable=True),
        Column("state", _("状态"), kind="verdict", value=queries.state_of),
        Column("drafted_at", _("起草"), sortable=True, kind="date"),
        Column("drafted_by", _("起草人")),
        Column("dated_on", _("成文日期"), sortable=True, kind="date"),
    )


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, also when it is nothing; None when the page is merely opened."""
    return request.POST if request.method == "POST" else None


@doors.needs(*_SEEN)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Documents within the user's reach, newest first."""
    rows = queries.visible(request.user)
    asked = DocumentQueryForm(request.GET, kinds=kind_titles())
    if asked.is_valid():
        given = asked.cleaned_data
        if given["q"]:
            word = given["q"].strip()
            rows = rows.filter(Q(title__icontains=word) | Q(number__icontains=word) | Q(subject_label__icontains=word))
        rows = rows.filter(code=given["kind"]) if given["kind"] else rows
        rows = rows.filter(state=given["state"]) if given["state"] else rows
    state = TableState.from_request(request, columns(), default_sort="-drafted_at")
    may = access.permissions_of(request.user)
    return render(
        request,
        "core/document_list.html",
        {
            "title": _("文书"),
            "fields": list(describe(asked).values()),
            "chips": chips(asked, state.query),
            "hidden": state.query.hidden("q", "kind", "state"),
            "table": state.table(rows.order_by(*state.order_by())),
            "waiting": rows.filter(state=DocumentState.REVIEWED).count() if Permission.DOCUMENT_ISSUE in may else 0,
            "batches": Permission.DOCUMENT_VIEW in may,
        },
    )


def _document(request: HttpRequest, pk: int) -> Document:
    row = queries.find(request.user, str(pk))
    if row is None:
        raise Http404
    return row


@doors.needs(*_SEEN)
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One document: its words, who did what, what may be done next, its files and service."""
    return _page(request, _document(request, pk))


def _page(request: HttpRequest, row: Document, *, status: int = 200, **more: Any) -> HttpResponse:
    kind = queries.kind_of(row.code)
    writes = kind is not None and _may(request, row, kind.draft_permission)
    signs = kind is not None and _may(request, row, kind.issue_permission)
    notice = PublicityNotice.objects.filter(document=row).first()
    place = files.place_of(request.user, "document", str(row.pk))
    attached = files.listing(place) if place is not None else []
    values = queries.values_of(row) if not queries.is_sealed(row) else {}
    open_state = row.state in (DocumentState.DRAFT, DocumentState.REVIEWED)
    level_free = row.drafted_by_id != request.user.pk
    context = {
        "title": row.title,
        "crumbs": [(_("文书"), reverse("core:document_list")), (row.number or row.title, "")],
        "row": row,
        "state": queries.state_of(row),
        "kind": _kind_title(row),
        "subject_href": _subject_address(request, row),
        "origin": kind.origin(row)
        if kind is not None and kind.origin is not None and access.has(request.user, Permission.DOCUMENT_VIEW)
        else None,
        "values": [
            (_(field.title), values.get(field.name, ""), "")
            for field in (kind.fields if kind is not None else ())
            if not field.filled and values.get(field.name)
        ],
        "sealed": queries.is_sealed(row),
        "files": [(entry, reverse("core:file_open", args=[entry.pk, "copy"])) for entry in attached],
        "edit": writes and open_state,
        "review": (writes or signs) and row.state == DocumentState.DRAFT,
        "issue": signs and row.state == (DocumentState.REVIEWED if kind and kind.reviewed else DocumentState.DRAFT),
        "own": not level_free,
        "withdraw": signs and row.state == DocumentState.ISSUED,
        "preview": row.state in (DocumentState.DRAFT, DocumentState.REVIEWED),
        "deliveries": [
            (entry, _(DELIVERY_WAY_TITLES[entry.way]), _result(entry.result), entry.result)
            for entry in row.deliveries.select_related("recorded_by")
        ],
        "delivery": describe(DeliveryForm(initial={"sent_on": clock.today(), "result": DeliveryResult.SIGNED}))
        if writes and row.state == DocumentState.ISSUED
        else None,
        "notice": notice,
        "span": queries.term_of(notice) if notice else None,
        "objections": [
            (entry, _(OBJECTION_STATE_TITLES[entry.state])) for entry in (notice.objections.all() if notice else ())
        ],
        "objection": describe(ObjectionForm(initial={"received_on": clock.today()}))
        if notice and writes and row.state == DocumentState.ISSUED
        else None,
        "verify": reverse("portal:verify", args=[row.check_code]) if row.check_code else "",
        "problems": (),
        **more,
    }
    return render(request, "core/document_detail.html", context, status=status)


def _result(code: str) -> tuple[str, str]:
    return {"signed": "ok", "unsigned": "reject"}.get(code, "review"), _(DELIVERY_RESULT_TITLES[code])


def _may(request: HttpRequest, row: Document, permission: str) -> bool:
    return access.has(request.user, permission) and access.covers(request.user, permission, row, write=True)


def _subject_address(request: HttpRequest, row: Document) -> str:
    place = files.place_of(request.user, row.subject_kind, row.subject_id)
    return place.address if place is not None else ""


@doors.needs(*_WRITERS)
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """One step: `do` is review, send_back, issue, discard or withdraw; some want a `reason`."""
    row = _document(request, pk)
    told: dict[str, Any] = {"document": row, "by": doors.person(request), "at": clock.now()}
    reason = request.POST.get("reason", "")
    word = request.POST.get("do", "")
    try:
        if word == "review":
            actions.review(**told)
            messages.success(request, _("已核稿。"))
        elif word == "send_back":
            actions.send_back(reason=reason, **told)
            messages.success(request, _("已退回起草人。"))
        elif word == "issue":
            row = actions.issue(**told)
            messages.success(request, _("已签发：{number}").format(number=row.number or row.title))
        elif word == "discard":
            actions.discard(reason=reason, **told)
            messages.success(request, _("草稿已放弃。"))
        elif word == "withdraw":
            actions.withdraw(reason=reason, **told)
            messages.success(request, _("文书已撤销，文号作废。"))
    except Refused as refused:
        _say(request, refused)
    return redirect("core:document_detail", pk=pk)


def _say(request: HttpRequest, refused: Refused) -> None:
    for finding in refused.findings:
        messages.error(request, sentence(finding))


@doors.needs(Permission.DOCUMENT_DRAFT)
@require_POST
def deliver(request: HttpRequest, pk: int) -> HttpResponse:
    """Record how an issued document was served."""
    row = _document(request, pk)
    form = DeliveryForm(request.POST)
    found: Sequence[Finding] = ()
    if form.is_valid():
        try:
            actions.deliver(document=row, by=doors.person(request), at=clock.now(), **form.cleaned_data)
        except Refused as refused:
            found = refused.findings
        else:
            messages.success(request, _("送达已登记。"))
            return redirect("core:document_detail", pk=pk)
    return _page(request, row, status=422, delivery=describe(form, found), problems=problems(form, found))


@doors.needs(Permission.DOCUMENT_DRAFT)
@require_POST
def object_to(request: HttpRequest, pk: int) -> HttpResponse:
    """Record an objection to a notice."""
    row = _document(request, pk)
    if not PublicityNotice.objects.filter(document=row).exists():
        raise Http404
    form = ObjectionForm(request.POST)
    found: Sequence[Finding] = ()
    if form.is_valid():
        try:
            publicity.object_to(notice=row, by=doors.person(request), at=clock.now(), **form.cleaned_data)
        except Refused as refused:
            found = refused.findings
        else:
            messages.success(request, _("异议已登记。"))
            return redirect("core:document_detail", pk=pk)
    return _page(request, row, status=422, objection=describe(form, found), problems=problems(form, found))


@doors.needs(Permission.DOCUMENT_DRAFT)
@require_POST
def answer_objection(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """Decide an objection: `do` is upheld or dismissed, with what was found."""
    row = _document(request, pk)
    objection = Objection.objects.filter(pk=key, notice__document=row).first()
    if objection is None:
        raise Http404
    upheld = request.POST.get("do") == "upheld"
    try:
        publicity.answer(
            objection=objection, upheld=upheld, answer=request.POST.get("answer", ""), by=doors.person(request),
            at=clock.now(),
        )  # fmt: skip
        messages.success(request, _("异议已处理。"))
    except Refused as refused:
        _say(request, refused)
    return redirect("core:document_detail", pk=pk)


@doors.needs(*_WRITERS)
@require_safe
def preview(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The draft as PDF, marked as a draft, without number, code or seal. Nothing is kept."""
    row = _document(request, pk)
    if row.state not in (DocumentState.DRAFT, DocumentState.REVIEWED) or queries.is_sealed(row):
        raise Http404
    kind = queries.kind_of(row.code)
    if kind is None:
        raise Http404
    try:
        made = contents.preview(row, kind, clock.now())
    except Refused as refused:
        _say(request, refused)
        return redirect("core:document_detail", pk=pk)
    return sending.made(request, made.pdf, media_type=MEDIA_TYPES["pdf"], name=f"{row.title}（草稿）.pdf")


# Drafting


def _subject(request: HttpRequest, kind: str, key: int) -> tuple[Any, files.Place]:
    place = files.place_of(request.user, kind, str(key))
    if place is None:
        raise Http404
    return place.record, place


@doors.needs(*_SEEN)
@require_safe
def of_subject(request: HttpRequest, kind: str, key: int) -> HttpResponse:
    """The tab 文书 of a record: its documents, and what may be drafted about it."""
    record, place = _subject(request, kind, key)
    blanks = [blank for blank in registries.blank_forms.get(kind, []) if blank.fits(record)]
    rows = queries.of_subject(request.user, kind, key)
    kits = [
        (entry, reverse("core:document_new", args=[kind, key, entry.code]))
        for entry in registries.document_kinds.values()
        if entry.panel and entry.subject_kind == kind and place.may([entry.draft_permission], write=True)
    ]
    state = TableState.from_request(
        request, tuple(c for c in columns() if c.key != "subject_label"), default_sort="-drafted_at"
    )
    return render(
        request,
        "core/document_panel.html",
        {
            "title": _("文书"),
            "crumbs": [(place.label, place.address), (_("文书"), "")],
            "place": place,
            "kits": kits,
            "table": state.table(rows.order_by(*state.order_by())),
            "blanks": [
                (_(blank.title), *(reverse(blank.url_name, args=[key, blank.code, form]) for form in ("pdf", "docx")))
                for blank in blanks
            ],
        },
        block="tab",
    )


@doors.needs(Permission.DOCUMENT_DRAFT)
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest, kind: str, key: int, code: str) -> HttpResponse:
    """The form of a kind about a subject; POST drafts it."""
    record, place = _subject(request, kind, key)
    wanted = queries.kind_of(code)
    if wanted is None or wanted.subject_kind != kind or not wanted.panel:
        raise Http404
    if not place.may([wanted.draft_permission], write=True):
        raise PermissionDenied
    offices = list(queries.issuers(request.user))
    notices = queries.certifiable(request.user, wanted, kind, key)
    form = DocumentForm(
        posted(request), kind=wanted, issuers=[(str(row.pk), str(row)) for row in offices], behalf=True,
        notices=[(str(row.pk), f"{row.number} {row.title}") for row in notices],
        initial=_initial(request, wanted, record, offices),
    )  # fmt: skip
    found: Sequence[Finding] = ()
    if form.is_bound and form.is_valid():
        try:
            row = actions.draft(
                code=code, subject=record, fields=form.values(), by=doors.person(request), at=clock.now(),
                issuer=_chosen(offices, form.cleaned_data.get("issuer")),
                follows=_chosen(notices, form.cleaned_data.get("follows")),
                on_behalf=form.cleaned_data.get("on_behalf", ""),
            )  # fmt: skip
        except Refused as refused:
            found = refused.findings
        else:
            messages.success(request, _("已起草，等待核稿。"))
            return redirect("core:document_detail", pk=row.pk)
    return _form_page(request, form, found, wanted, place.label, place.address)


def _initial(request: HttpRequest, kind: DocumentKind, record: Any, offices: Sequence[Issuer]) -> Mapping[str, Any]:
    area, _place = contents.areas_of(record)
    nearest = queries.issuer_for(request.user, area)
    return {**contents.first_values(kind, record, clock.today()), "issuer": str(nearest.pk) if nearest else ""}


def _chosen[Row: (Issuer, Document)](rows: Sequence[Row], key: str | None) -> Row | None:
    return next((row for row in rows if str(row.pk) == key), None)


def _form_page(
    request: HttpRequest, form: DocumentForm, found: Sequence[Finding], kind: DocumentKind, label: str, back: str
) -> HttpResponse:
    return render(
        request,
        "core/document_form.html",
        {
            "title": _(kind.title),
            "crumbs": [(label, back), (_(kind.title), "")],
            "label": label,
            "hint": _(kind.hint) if kind.hint else "",
            "back": back,
            "here": request.path,
            "fields": describe(form, found),
            "problems": problems(form, found),
            "no_office": "issuer" not in form.fields and not form.initial.get("changing"),
            "no_notice": bool(kind.follows) and "follows" not in form.fields and not form.initial.get("changing"),
            "may_setup": access.has(request.user, Permission.DOCUMENT_SETUP),
        },
        status=422 if form.is_bound else 200,
    )


@doors.needs(Permission.DOCUMENT_DRAFT)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the texts of a draft."""
    row = _document(request, pk)
    kind = queries.kind_of(row.code)
    if kind is None or row.state not in (DocumentState.DRAFT, DocumentState.REVIEWED):
        raise Http404
    if not _may(request, row, kind.draft_permission):
        raise PermissionDenied
    form = DocumentForm(posted(request), kind=kind, initial={**queries.values_of(row), "changing": True})
    found: Sequence[Finding] = ()
    if form.is_bound and form.is_valid():
        try:
            actions.change(document=row, fields=form.values(), by=doors.person(request), at=clock.now())
        except Refused as refused:
            found = refused.findings
        else:
            messages.success(request, _("已保存，须重新核稿。"))
            return redirect("core:document_detail", pk=pk)
    return _form_page(request, form, found, kind, row.subject_label, reverse("core:document_detail", args=[pk]))
