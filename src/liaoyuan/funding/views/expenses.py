"""What a project spends: the list against the budget, one voucher, voiding, the sheet out and in."""

import tempfile
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_safe

from liaoyuan.core import clock, doors
from liaoyuan.core.models import StoredFile
from liaoyuan.funding.actions import expenses as actions
from liaoyuan.funding.choices.awards import AgreementState
from liaoyuan.funding.choices.budget import BUDGET_CLASS_TITLES
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.exports import expenses as workbooks
from liaoyuan.funding.forms import expenses as forms
from liaoyuan.funding.forms.projects import ReasonForm
from liaoyuan.funding.imports import expenses as reading
from liaoyuan.funding.models import Agreement, Expense
from liaoyuan.funding.params.expense_sheet import EXPENSE_COLUMN_TITLES
from liaoyuan.funding.params.vouchers import VOUCHER
from liaoyuan.funding.queries import projects as queries
from liaoyuan.funding.queries import purse, spending
from liaoyuan.funding.views import handed, projects, small, tabs
from liaoyuan.funding.views.settling import agreement_of
from liaoyuan.kit.findings import Finding, Refused, Severity
from liaoyuan.kit.sheets.refusal import Unreadable
from liaoyuan.ui import entries, texts
from liaoyuan.ui.forms import chips, describe
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState

_ENTERS = (Permission.OWN_MONEY, Permission.EDIT)
_SALT = "funding.expenses.voucher"
_KEPT = 24 * 3600


def _state(row: Expense) -> tuple[str, str]:
    if row.voided_at is not None:
        return "closed", _("已作废：{reason}").format(reason=row.voided_because)
    return ("review", _("已确认不是重复")) if row.again else ("ok", _("已登记"))


COLUMNS = (
    Column("voucher_no", lazy("凭证号"), sortable=True, fixed=True,
           link=lambda row: reverse("funding:expense_voucher", args=[row.pk])),
    Column("spent_on", lazy("日期"), sortable=("spent_on", "pk"), kind="date"),
    Column("budget_class", lazy("科目"), sortable=True, value=lambda row: _(BUDGET_CLASS_TITLES[row.budget_class])),
    Column("payee", lazy("收款方")), Column("title", lazy("事由")),
    Column("amount_fen", lazy("金额（元）"), sortable=True, kind="yuan"),
    Column("grant_fen", lazy("其中资助资金（元）"), kind="yuan"),
    Column("entered_by", lazy("登记人"), default=False,
           value=lambda row: row.entered_by.display_name if row.entered_by is not None else ""),
    Column("voided_at", lazy("状态"), kind="verdict", value=_state),
)  # fmt: skip


def there(row: Agreement) -> str:
    """The address of the list."""
    return reverse("funding:expense_list", args=[row.project_id])


def _steps(row: Agreement) -> tuple[tuple[str, str], ...]:
    return (*projects.steps(row.project), (_("支出"), there(row)))


@doors.needs(*projects.SEEN)
@require_safe
def listing(request: HttpRequest, pk: int) -> HttpResponse:
    """The vouchers of a project, and each class against its budget."""
    row = projects.seen(request, pk)
    agreement = purse.of_project(row)
    told: dict[str, Any] = {
        "title": row.title, "crumbs": small.crumbs(projects.steps(row)[0], (row.title, "")), "project": row,
        "state": queries.state_words(row), "agreement": agreement, **tabs.of_project(request, row, "expenses"),
    }  # fmt: skip
    if agreement is not None:
        told |= _lines(request, agreement)
    return render(request, "funding/expense_list.html", told)


def _lines(request: HttpRequest, agreement: Agreement) -> dict[str, Any]:
    form = forms.ExpensesForm(request.GET)
    form.is_valid()
    asked = form.cleaned_data
    classes = spending.by_class(agreement)
    state = TableState.from_request(request, COLUMNS, default_sort="-spent_on")
    rows = spending.listed(agreement, asked.get("budget_class") or "", asked.get("q") or "")
    enters = actions.may_enter(doors.person(request), agreement) and agreement.state in (
        AgreementState.SIGNED, AgreementState.TERMINATED)  # fmt: skip
    table = state.table(rows.order_by(*state.order_by()), ops=_ops if enters else None)
    return {
        "classes": classes, "all": spending.total(classes), "over": [one.title for one in classes if one.over],
        "table": table, "fields": list(describe(form).values()), "chips": chips(form, state.query), "enters": enters,
        "hidden": state.query.hidden(*form.fields), "clear": state.query(**dict.fromkeys(form.fields)),
    }  # fmt: skip


def _ops(row: Expense) -> list[tuple[str, str]]:
    return [] if row.voided_at is not None else [(_("作废"), reverse("funding:expense_void", args=[row.pk]))]


def _entering(request: HttpRequest, pk: int) -> Agreement:
    row = agreement_of(request, pk)
    if not actions.may_enter(doors.person(request), row):
        raise PermissionDenied(str(Permission.OWN_MONEY))
    return row


def _voucher(request: HttpRequest, agreement: Agreement, form: Any) -> StoredFile:
    """The voucher that was sent, or the one that was taken in before the form came back. It is kept with the form."""
    by = doors.person(request)
    file = handed.taken(request, agreement, VOUCHER, form.cleaned_data.get("uploads"))
    if file is not None:
        told: dict[str, Any] = {"user": by.pk, "file": file.pk, "name": form.cleaned_data["uploads"].name[:150]}
        form.data = form.data.copy()
        form.data["kept"] = signing.dumps(told, salt=_SALT)
    else:
        try:
            told = signing.loads(form.cleaned_data["kept"], salt=_SALT, max_age=_KEPT)
        except signing.BadSignature:
            told = {}
        found = StoredFile.objects.filter(pk=told["file"]).first() if told.get("user") == by.pk else None
        if found is None:
            raise Refused([Finding("EXPENSE-FILE", Severity.BLOCK, _("请重新上传凭证。"), field="uploads")])
        file = found
    form["uploads"].help_text = _("已收到“{name}”，不用再选。").format(name=told["name"])
    return file


@doors.needs(*_ENTERS)
@require_http_methods(small.METHODS)
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter one voucher."""
    row = _entering(request, pk)
    form = forms.ExpenseForm(small.posted(request), request.FILES or None, office=queries.is_office(
        request.user, row.project), initial={"spent_on": clock.today()})  # fmt: skip

    def write() -> Expense:
        file, told = _voucher(request, row, form), dict(form.cleaned_data)
        del told["uploads"], told["kept"]
        behalf = told.pop("on_behalf", "")
        return actions.enter(agreement=row, values=told, file=file, confirmed=entries.confirmed(request),
                             on_behalf=behalf, by=doors.person(request), at=clock.now())  # fmt: skip

    return small.entered(
        request, _("登记支出"), form, write, name=row.project.title, back=there(row), steps=_steps(row),
        done=_("已登记支出。"), note=_("一张凭证登记一次；已有表格的可以整批粘贴或上传。"),
    )  # fmt: skip


@doors.needs(*_ENTERS)
@require_http_methods(small.METHODS)
def paste(request: HttpRequest, pk: int) -> HttpResponse:
    """Many vouchers out of a sheet: all or none; every cell that is not understood is marked."""
    row = _entering(request, pk)
    form: Any = forms.ExpensePasteForm(
        small.posted(request), request.FILES or None, office=queries.is_office(request.user, row.project)
    )
    told: reading.Pasted | None = None
    doubts: dict[int, list[Finding]] = {}
    loose: list[Finding] = []
    if form.is_bound and form.is_valid():
        try:
            told = _read(form.cleaned_data)
            file = _voucher(request, row, form)
            if told.lines and not told.problem and not told.faulty:
                made = actions.enter_all(
                    agreement=row, lines={line.number: line.values for line in told.lines}, file=file,
                    confirmed=entries.confirmed(request), on_behalf=form.cleaned_data.get("on_behalf") or "",
                    by=doors.person(request), at=clock.now(),
                )  # fmt: skip
                messages.success(request, _("已登记 {n} 笔支出。").format(n=len(made)))
                return redirect(there(row))
        except Unreadable as error:
            form.add_error("file", str(error))
        except actions.RowsRefused as refused:
            doubts = refused.rows
        except Refused as refused:
            loose = refused.findings
        if told is not None:
            form.data = form.data.copy()
            form.data["text"] = told.text
            if told.problem:
                form.add_error("text", told.problem)
    return entries.page(
        request, _("粘贴或上传支出"), form, loose, name=row.project.title, back=there(row),
        template="funding/expense_paste.html", crumbs=small.crumbs(*_steps(row), (_("粘贴或上传支出"), "")),
        blank=reverse("funding:expense_file", args=[pk]) + "?blank=1", lines=_marked(told, doubts),
        columns=[(name, _(title)) for name, title in EXPENSE_COLUMN_TITLES.items()],
        faulty=0 if told is None else told.faulty + len(doubts), only_doubts=_only_doubts(doubts),
    )  # fmt: skip


def _only_doubts(doubts: dict[int, list[Finding]]) -> bool:
    """Whether a confirmation is all that is missing."""
    told = [finding for found in doubts.values() for finding in found]
    return bool(told) and all(finding.severity != Severity.BLOCK for finding in told)


def _marked(told: reading.Pasted | None, doubts: dict[int, list[Finding]]) -> list[dict[str, Any]]:
    """The lines with what is wrong with each cell; those without a fault only where there are few."""
    if told is None or (not told.faulty and not doubts):
        return []
    found = []
    for line in told.lines:
        faults = dict(line.faults)
        for finding in doubts.get(line.number, ()):
            place = finding.field if finding.field in line.cells else "voucher_no"
            faults[place] = texts.sentence(finding)
        if faults:
            found.append({"number": line.number, "cells": line.cells, "faults": faults})
    return found


def _read(told: dict[str, Any]) -> reading.Pasted:
    if not told.get("file"):
        return reading.read(told["text"])
    with tempfile.TemporaryDirectory(prefix="liaoyuan-") as folder:
        path = Path(folder) / "expenses"
        with path.open("wb") as target:
            target.writelines(told["file"].chunks())
        return reading.read_file(path)


@doors.needs(*projects.SEEN)
@require_safe
def sheet(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The vouchers as a workbook, or a blank one to fill in."""
    row = agreement_of(request, pk)
    blank = "blank" in request.GET
    with tempfile.TemporaryDirectory(prefix="liaoyuan-") as folder:
        path = Path(folder) / "expenses.xlsx"
        workbooks.write(path, f"{row.project.number} {row.project.title}", [] if blank else spending.living(row),
                        [] if blank else spending.by_class(row))  # fmt: skip
        name = _("支出表（空白）") if blank else _("支出表 {number}").format(number=row.project.number)
        return FileResponse(path.open("rb"), as_attachment=True, filename=f"{name}.xlsx")


def _seen(request: HttpRequest, key: int) -> Expense:
    rows = Expense.objects.visible_to(request.user).select_related(
        "file", "agreement__project__round__programme__area", "agreement__project__organization",
        "agreement__project__sponsor",
    )  # fmt: skip
    return get_object_or_404(rows, pk=key)


@doors.needs(*projects.SEEN)
@require_safe
def voucher(request: HttpRequest, key: int) -> HttpResponseBase:
    """The voucher itself."""
    row = _seen(request, key)
    return handed.out(request, row.file, _("凭证 {no}").format(no=row.voucher_no), back=there(row.agreement))


@doors.needs(*_ENTERS)
@require_http_methods(small.METHODS)
def void(request: HttpRequest, key: int) -> HttpResponse:
    """Take a voucher back that was entered wrongly."""
    row = _seen(request, key)
    if not actions.may_enter(doors.person(request), row.agreement):
        raise PermissionDenied(str(Permission.OWN_MONEY))
    form = ReasonForm(small.posted(request))

    def write() -> Expense:
        return actions.void(expense=row, **form.cleaned_data, by=doors.person(request), at=clock.now())

    name = _("{no}，{title}，{amount} 元").format(no=row.voucher_no, title=row.title, amount=texts.yuan(row.amount_fen))
    return small.entered(
        request, _("作废凭证"), form, write, name=name, back=there(row.agreement), steps=_steps(row.agreement),
        danger=True, button=_("作废"), done=_("已作废，凭证和原因留存。"),
    )  # fmt: skip
