"""文号: the register with its export, numbers used outside the system, and the offices with their signs."""

import io
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaoyuan.core import access, clock, doors, reads, registries
from liaoyuan.core.actions import document_numbers as actions
from liaoyuan.core.choices import Permission
from liaoyuan.core.forms.documents import IssuerForm, NumberForm, NumberQueryForm
from liaoyuan.core.models import Area, DocumentNumber, Issuer
from liaoyuan.core.queries import documents as queries
from liaoyuan.core.rules import documents as rules
from liaoyuan.core.views.documents import posted
from liaoyuan.kit.findings import Finding, Refused
from liaoyuan.kit.sheets.writing import Column as SheetColumn
from liaoyuan.kit.sheets.writing import write_xlsx
from liaoyuan.ui.forms import chips, describe, problems
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState

#: Most lines of one export.
_MOST = 50_000


def _number(row: DocumentNumber) -> str:
    return rules.number_text(row.issuer.mark, row.year, row.serial)


def _link(row: DocumentNumber) -> str | None:
    return reverse("core:document_detail", args=[row.document_id]) if row.document_id else None


def _state(row: DocumentNumber) -> tuple[str, str]:
    if row.void_at is not None:
        return "reject", _("作废")
    return ("ok", _("已签发")) if row.document_id else ("info", _("系统外"))


def _asked(request: HttpRequest) -> tuple[NumberQueryForm, QuerySet[DocumentNumber]]:
    kinds = [(kind.code, _(kind.title)) for kind in registries.document_kinds.values() if not kind.printed]
    offices = [(str(row.pk), str(row)) for row in queries.offices(request.user)]
    form = NumberQueryForm(request.GET, issuers=offices, kinds=kinds)
    rows = queries.register(request.user)
    if form.is_valid():
        given = form.cleaned_data
        rows = rows.filter(issuer_id=int(given["issuer"])) if given["issuer"] else rows
        rows = rows.filter(year=given["year"]) if given["year"] else rows
        if given["kind"] == "outside":
            rows = rows.filter(document__isnull=True)
        elif given["kind"]:
            rows = rows.filter(document__code=given["kind"])
        if given["q"]:
            word = given["q"].strip()
            rows = rows.filter(Q(title__icontains=word) | Q(receiver__icontains=word))
    return form, rows


@doors.needs(Permission.DOCUMENT_VIEW)
@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """The register: every number of the user's offices, newest first."""
    columns = (
        Column("serial", _("文号"), sortable=("year", "serial"), kind="short", fixed=True, value=_number, link=_link),
        Column("title", _("标题"), sortable=True),
        Column("receiver", _("主送"), sortable=True),
        Column("dated_on", _("成文日期"), sortable=True, kind="date"),
        Column("state", _("状态"), kind="verdict", value=_state),
        Column("reason", _("说明")),
        Column("issuer", _("发文机关"), default=False, value=lambda row: row.issuer.name),
        Column("taken_at", _("取号"), sortable=True, kind="datetime", default=False),
        Column("taken_by", _("取号人")),
    )
    form, rows = _asked(request)
    state = TableState.from_request(request, columns, default_sort="-serial")
    may = access.permissions_of(request.user)
    return render(
        request,
        "core/number_list.html",
        {
            "title": _("文号登记簿"),
            "fields": list(describe(form).values()),
            "chips": chips(form, state.query),
            "hidden": state.query.hidden("issuer", "year", "kind", "q"),
            "table": state.table(rows.order_by(*state.order_by())),
            "export": f"{reverse('core:number_export')}{state.query()}",
            "may_take": Permission.DOCUMENT_DRAFT in may,
            "offices": Permission.DOCUMENT_SETUP in may,
        },
    )


@doors.needs(Permission.DOCUMENT_VIEW)
@require_POST
def export(request: HttpRequest) -> HttpResponse | FileResponse:
    """The register as a workbook, office by office, in the order of its numbers; the export is a line in the log."""
    _form, rows = _asked(request)
    found = list(rows.order_by("issuer_id", "year", "serial")[:_MOST])
    columns = [
        SheetColumn(title) for title in ("文号", "发文机关", "标题", "主送", "成文日期", "状态", "说明", "取号人")
    ]
    table = (
        [
            _number(row), row.issuer.name, row.title, row.receiver, row.dated_on, _state(row)[1], row.reason,
            str(row.taken_by or ""),
        ]
        for row in found
    )  # fmt: skip
    told = {name: value for name, value in request.GET.items() if value}
    reads.exported("document_number", rows=len(found), by=doors.person(request), at=clock.now(), filters=told)
    with tempfile.TemporaryDirectory(prefix="liaoyuan-") as folder:
        path = Path(folder) / "register.xlsx"
        write_xlsx(path, columns, table, sheet=_("文号登记簿"))
        content = io.BytesIO(path.read_bytes())
    return FileResponse(content, as_attachment=True, filename=f"文号登记簿-{clock.today().isoformat()}.xlsx")


@doors.needs(Permission.DOCUMENT_DRAFT)
@require_http_methods(["GET", "HEAD", "POST"])
def take(request: HttpRequest) -> HttpResponse:
    """Enter numbers used outside the system, with the reason."""
    offices = list(queries.issuers(request.user))
    today = clock.today()
    form = NumberForm(
        posted(request), issuers=[(str(row.pk), str(row)) for row in offices], initial={"dated_on": today}
    )
    found: Sequence[Finding] = ()
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            made = actions.register(
                issuer=next(row for row in offices if str(row.pk) == given["issuer"]), first=given["first"],
                last=given["last"] or given["first"], title=given["title"], receiver=given["receiver"],
                dated_on=given["dated_on"], reason=given["reason"], by=doors.person(request), at=clock.now(),
            )  # fmt: skip
        except Refused as refused:
            found = refused.findings
        else:
            messages.success(request, _("已登记 {n} 个文号。").format(n=len(made)))
            return redirect("core:number_list")
    return render(
        request,
        "core/number_new.html",
        {
            "title": _("登记系统外的文号"),
            "crumbs": [(_("文号登记簿"), reverse("core:number_list")), (_("登记系统外的文号"), "")],
            "fields": describe(form, found),
            "problems": problems(form, found),
            "next": [
                (row, rules.number_text(row.mark, today.year, queries.following(row, today.year))) for row in offices
            ],
        },
        status=422 if form.is_bound else 200,
    )


# Offices


@doors.needs(Permission.DOCUMENT_SETUP)
@require_http_methods(["GET", "HEAD", "POST"])
def issuers(request: HttpRequest) -> HttpResponse:
    """The offices of the user's areas with their signs; POST enters one."""
    form = IssuerForm(posted(request))
    found: Sequence[Finding] = ()
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        area = Area.objects.live().filter(code=given.pop("area")).first()
        if area is None:
            form.add_error("area", _("没有这个区划，或已撤销。"))
        else:
            try:
                actions.open_issuer(area=area, by=doors.person(request), at=clock.now(), **given)
            except Refused as refused:
                found = refused.findings
            else:
                messages.success(request, _("发文机关已登记。"))
                return redirect("core:issuer_list")
    return _issuers_page(request, form, found)


def _issuers_page(request: HttpRequest, form: IssuerForm, found: Sequence[Finding]) -> HttpResponse:
    rows = list(queries.offices(request.user, Permission.DOCUMENT_SETUP))
    return render(
        request,
        "core/issuer_list.html",
        {
            "title": _("发文机关"),
            "crumbs": [(_("文书"), reverse("core:document_list")), (_("发文机关"), "")],
            "rows": rows,
            "fields": describe(form, found),
            "problems": problems(form, found),
        },
        status=422 if form.is_bound else 200,
    )


def _issuer(request: HttpRequest, pk: int) -> Issuer:
    row = queries.offices(request.user, Permission.DOCUMENT_SETUP).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


@doors.needs(Permission.DOCUMENT_SETUP)
@require_http_methods(["GET", "HEAD", "POST"])
def issuer(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct an office, or close it (`do` = close)."""
    row = _issuer(request, pk)
    by, at = doors.person(request), clock.now()
    if request.method == "POST" and request.POST.get("do") == "close":
        actions.close_issuer(issuer=row, by=by, at=at)
        messages.success(request, _("发文机关已停用，登记簿照旧保留。"))
        return redirect("core:issuer_list")
    known: dict[str, Any] = {"area": row.area.code, "name": row.name, "mark": row.mark, "phone": row.phone,
                             "address": row.address}  # fmt: skip
    form = IssuerForm(
        {**request.POST.dict(), "area": row.area.code} if request.method == "POST" else None, initial=known
    )
    found: Sequence[Finding] = ()
    if form.is_bound and form.is_valid():
        told = {name: value for name, value in form.cleaned_data.items() if name != "area"}
        try:
            actions.change_issuer(issuer=row, by=by, at=at, **told)
        except Refused as refused:
            found = refused.findings
        else:
            messages.success(request, _("已保存。"))
            return redirect("core:issuer_list")
    fields = describe(form, found)
    fields.pop("area")
    return render(
        request,
        "core/issuer_edit.html",
        {
            "title": row.name,
            "crumbs": [(_("发文机关"), reverse("core:issuer_list")), (row.name, "")],
            "row": row,
            "fields": fields,
            "problems": problems(form, found),
        },
        status=422 if form.is_bound else 200,
    )
