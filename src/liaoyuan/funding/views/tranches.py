"""One instalment: what it rests on, prepared by one, approved by another, paid by a third; the sheet F22."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaoyuan.core import access, clock, doors
from liaoyuan.funding.actions import paying
from liaoyuan.funding.actions import tranches as actions
from liaoyuan.funding.choices.awards import TrancheState
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.forms import paying as forms
from liaoyuan.funding.forms.projects import ReasonForm
from liaoyuan.funding.models import PoolEntry, Tranche
from liaoyuan.funding.params.vouchers import PAYMENT
from liaoyuan.funding.queries import facts, instalments, letters, money, purse
from liaoyuan.funding.views import handed, projects, small
from liaoyuan.funding.views import purse as pages
from liaoyuan.kit.findings import Refused
from liaoyuan.ui import entries, texts
from liaoyuan.ui.pages import render

_READ = (
    "prepared_by", "approved_by", "paid_by", "sheet", "batch", "voucher", "agreement__project__organization",
    "agreement__project__sponsor", "agreement__project__round__programme__area",
)  # fmt: skip


def there(row: Tranche) -> str:
    """The address of its page."""
    return reverse("funding:tranche_detail", args=[row.pk])


def name(row: Tranche) -> str:
    """What it is called."""
    return _("第 {no} 期").format(no=row.no)


def _seen(request: HttpRequest, key: int) -> Tranche:
    return get_object_or_404(Tranche.objects.visible_to(request.user).select_related(*_READ), pk=key)


def _steps(row: Tranche) -> tuple[tuple[str, str], ...]:
    return (*pages.steps(row.agreement.project), (name(row), there(row)))


@doors.needs(Permission.VIEW)
@require_safe
def detail(request: HttpRequest, key: int) -> HttpResponse:
    """One instalment."""
    return _page(request, _seen(request, key))


def _page(request: HttpRequest, row: Tranche, told: Any = (), status: int = 200) -> HttpResponse:
    user, today, project = request.user, clock.today(), row.agreement.project
    may = {one: access.covers(user, one, project, write=False) for one in (Permission.EDIT, Permission.CONFIRM,
                                                                          Permission.PAY)}  # fmt: skip
    agreement = purse.of_project(project) or row.agreement
    stage = next(one for one in instalments.of_agreement(agreement, today) if one.tranche.pk == row.pk)
    state, hands = row.state, {row.prepared_by_id, row.approved_by_id}
    back = (state == TrancheState.PREPARED and (may[Permission.EDIT] or may[Permission.CONFIRM])) or (
        state == TrancheState.APPROVED and may[Permission.CONFIRM])  # fmt: skip
    title = f"{name(row)} · {project.title}"
    return render(request, "funding/tranche_detail.html", {
        "title": title, "crumbs": small.crumbs(*pages.steps(project), (title, "")),
        "tranche": row, "project": project, "agreement": agreement, "stage": stage, "told": told,
        "sums": money.of_agreement(agreement), "facts": _facts(row, stage), "frozen": frozen(row.facts),
        "paid_frozen": frozen(row.paid_facts),
        "entries": list(PoolEntry.objects.filter(agreement=row.agreement_id, kind="paid", tranche_no=row.no)
                        .select_related("pool")),
        "prepares": state == TrancheState.PLANNED and stage.met is not None and may[Permission.EDIT],
        "approves": state == TrancheState.PREPARED and may[Permission.CONFIRM] and row.prepared_by_id != user.pk,
        "backs": back, "pays": state == TrancheState.ORDERED and may[Permission.PAY] and user.pk not in hands,
        "outside": state in (TrancheState.APPROVED, TrancheState.ORDERED)
        and (may[Permission.PAY] or may[Permission.EDIT]),
        "second": user.pk in hands and state in (TrancheState.PREPARED, TrancheState.ORDERED)
        and (may[Permission.CONFIRM] or may[Permission.PAY]),
    }, status=status)  # fmt: skip


def _facts(row: Tranche, stage: instalments.Stage) -> list[tuple[str, str, str]]:
    agreement, met = row.agreement, stage.met
    account = _("{name}，{bank}，尾号 {tail}").format(
        name=agreement.account_name, bank=agreement.account_bank, tail=agreement.account_tail
    )
    told = [
        (_("收款组织"), agreement.body_name, ""), (_("账户"), account, ""),
        (_("比例"), f"{row.percent}%", ""), (_("金额"), _("{fen} 元").format(fen=texts.yuan(row.amount_fen)), ""),
        (_("拨付条件"), stage.trigger, ""),
        (_("条件具备"), texts.date_long(met.met_on) if met is not None else _("还没有具备"),
         met.evidence if met is not None else ""),
        (_("佐证"), row.evidence, ""),
    ]  # fmt: skip
    for title, person, moment in (
        (_("经办"), row.prepared_by, row.prepared_at), (_("审批"), row.approved_by, row.approved_at),
    ):  # fmt: skip
        told.append((title, person.display_name if person is not None else "", texts.datetime_short(moment)))
    told.append((_("付款"), row.payer if row.outside else row.paid_by.display_name if row.paid_by is not None else "",
                 texts.date_long(row.paid_on) if row.paid_on is not None else ""))  # fmt: skip
    if row.voucher_no:
        told.append((_("付款凭证号"), row.voucher_no, _("系统外的财务付款") if row.outside else ""))
    if row.note:
        told.append((_("退回的说明"), row.note, ""))
    return told


def frozen(held: dict[str, Any]) -> list[tuple[str, str, str]]:
    """The facts that were kept at a step, as pairs of words."""
    if not held:
        return []
    told = [
        (_("协议金额"), _yuan(held.get("contract_fen")), ""), (_("此前累计已拨"), _yuan(held.get("paid_fen")), ""),
        (_("本期金额"), _yuan(held.get("tranche_fen")), ""), (_("签约组织"), held.get("body") or "", ""),
        (_("户名"), held.get("account") or "", ""), (_("签订日期"), held.get("signed_on") or "", ""),
        (_("没有答复的异议"), "" if held.get("open_objections") is None else str(held["open_objections"]), ""),
        (_("已具备的条件"), "；".join(facts.met_words(one) for one in held.get("met") or ()), ""),
    ]  # fmt: skip
    if held.get("account_tail"):
        told.append(
            (_("账号"), _("{bank}，尾号 {tail}").format(bank=held["account_bank"], tail=held["account_tail"]), "")
        )
    return told


def _yuan(fen: int | None) -> str:
    return "" if fen is None else _("{fen} 元").format(fen=texts.yuan(fen))


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def prepare(request: HttpRequest, key: int) -> HttpResponse:
    """The first hand: what shows that the condition is met; drafts the approval sheet."""
    row = _seen(request, key)
    met = row.agreement.conditions.filter(trigger=row.trigger).first()
    form = forms.PrepareForm(small.posted(request), initial={"evidence": met.evidence if met is not None else ""})

    def write() -> Tranche:
        return actions.prepare(tranche=row, **form.cleaned_data, version=entries.version(request),
                               by=doors.person(request), at=clock.now())  # fmt: skip

    return small.entered(
        request, _("经办拨付"), form, write, name=_title(row), back=there(row), steps=_steps(row), version=row.version,
        button=_("提交审批"), done=_("已提交审批。"), note=_("提交以后由另一个人审批，再由第三个人付款。"),
    )  # fmt: skip


def _title(row: Tranche) -> str:
    return _("{project}，第 {no} 期 {amount} 元").format(
        project=row.agreement.project.title, no=row.no, amount=texts.yuan(row.amount_fen)
    )


@doors.needs(Permission.CONFIRM)
@require_POST
def approve(request: HttpRequest, key: int) -> HttpResponse:
    """The second hand signs the approval sheet."""
    row = _seen(request, key)
    try:
        actions.approve(tranche=row, by=doors.person(request), at=clock.now())
    except Refused as refused:
        return _page(request, row, refused.findings, 422)
    messages.success(request, _("已审批，等财务付款。"))
    return redirect(there(row))


@doors.needs(Permission.EDIT, Permission.CONFIRM)
@require_http_methods(small.METHODS)
def back(request: HttpRequest, key: int) -> HttpResponse:
    """Give it back with a reason."""
    row = _seen(request, key)
    form = ReasonForm(small.posted(request))

    def write() -> Tranche:
        return actions.back(tranche=row, **form.cleaned_data, by=doors.person(request), at=clock.now())

    return small.entered(
        request, _("退回重办"), form, write, name=_title(row), back=there(row), steps=_steps(row), danger=True,
        button=_("退回"), done=_("已退回。"), note=_("审批表作废，可以重新经办；原因会告诉经办人和项目组织。"),
    )  # fmt: skip


@doors.needs(Permission.PAY)
@require_http_methods(small.METHODS)
def pay(request: HttpRequest, key: int) -> HttpResponse:
    """The third hand enters the payment with its voucher."""
    row = _seen(request, key)
    form = forms.PayForm(small.posted(request), request.FILES or None, initial={"paid_on": clock.today()})

    def write() -> Tranche:
        told = dict(form.cleaned_data)
        voucher = handed.taken(request, row.agreement, PAYMENT, told.pop("uploads"))
        return paying.pay(tranche=row, voucher=voucher, version=entries.version(request), **told,
                          by=doors.person(request), at=clock.now())  # fmt: skip

    return small.entered(
        request, _("登记付款"), form, write, name=_title(row), back=there(row), steps=_steps(row), version=row.version,
        button=_("登记付款"), done=_("已登记付款。"), note=_("登记以后不能再改；付款时的事实一并留存。"),
    )  # fmt: skip


@doors.needs(Permission.PAY, Permission.EDIT)
@require_http_methods(small.METHODS)
def pay_outside(request: HttpRequest, key: int) -> HttpResponse:
    """A finance office outside the system has paid: its voucher is the third hand."""
    row = _seen(request, key)
    form = forms.PayOutsideForm(small.posted(request), request.FILES or None, initial={"paid_on": clock.today()})

    def write() -> Tranche:
        told = dict(form.cleaned_data)
        voucher = handed.needed(request, row.agreement, PAYMENT, told.pop("uploads"))
        return paying.pay_outside(tranche=row, voucher=voucher, version=entries.version(request), **told,
                                  by=doors.person(request), at=clock.now())  # fmt: skip

    return small.entered(
        request, _("登记系统外的付款"), form, write, name=_title(row), back=there(row), steps=_steps(row),
        version=row.version, button=_("登记付款"), done=_("已登记付款。"),
        note=_("付款的财务单位不用本系统时，凭它的付款凭证登记；凭证就是第三个人的签字。"),
    )  # fmt: skip


@doors.needs(Permission.VIEW)
@require_safe
def sheet(request: HttpRequest, key: int) -> HttpResponse:
    """The approval sheet (F22) as it is printed."""
    row = _seen(request, key)
    title = _("公益创投资金拨付审批表")
    return render(request, "funding/tranche_sheet.html", {
        "title": title, "crumbs": small.crumbs(*_steps(row), (title, "")), "tranche": row,
        "told": letters.of_tranche(row, clock.today()), "back": there(row),
        "issuer": row.agreement.project.round.programme.host,
    })  # fmt: skip


@doors.needs(Permission.VIEW)
@require_safe
def sheet_file(request: HttpRequest, key: int) -> HttpResponseBase:
    """The signed approval sheet as it was made."""
    row = _seen(request, key)
    file = row.sheet.pdf if row.sheet is not None else None
    label = _("拨付审批表 {number} 第 {no} 期").format(number=row.agreement.project.number, no=row.no)
    return handed.out(request, file, label, back=there(row))


@doors.needs(*projects.SEEN)
@require_safe
def voucher(request: HttpRequest, key: int) -> HttpResponseBase:
    """The voucher of the payment."""
    row = _seen(request, key)
    label = _("付款凭证 {number} 第 {no} 期").format(number=row.agreement.project.number, no=row.no)
    return handed.out(request, row.voucher, label, back=pages.there(row.agreement))
