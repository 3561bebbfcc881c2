"""What befalls an agreement beside its instalments: conditions, the start, refunds, money kept, rulings, hand-overs."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaoyuan.core import access, clock, doors
from liaoyuan.funding.actions import agreements, ending, hand_overs, refunds
from liaoyuan.funding.choices.awards import RulingKind
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.forms import paying as forms
from liaoyuan.funding.models import Agreement, HandOverFile, Ruling, TrancheCondition
from liaoyuan.funding.queries import amended, money, purse
from liaoyuan.funding.views import handed, projects, small
from liaoyuan.funding.views import purse as pages
from liaoyuan.kit.findings import Refused
from liaoyuan.ui import entries, texts


def agreement_of(request: HttpRequest, pk: int) -> Agreement:
    """The living agreement of a project that the user sees; else 404."""
    row = purse.of_project(projects.seen(request, pk))
    if row is None:
        raise Http404
    return row


def _over(request: HttpRequest, pk: int, *permissions: Permission) -> Agreement:
    """The same, if the user holds one of the permissions over the project."""
    row = agreement_of(request, pk)
    if not any(access.covers(request.user, one, row.project, write=False) for one in permissions):
        raise PermissionDenied(str(permissions[0]))
    return row


def _short(request: HttpRequest, row: Agreement, title: str, form: Any, write: Any, **more: Any) -> HttpResponse:
    return small.entered(
        request, title, form, write, name=row.project.title, back=pages.there(row), steps=pages.steps(row.project),
        **more,
    )  # fmt: skip


@doors.needs(Permission.CONFIRM)
@require_http_methods(small.METHODS)
def condition(request: HttpRequest, pk: int) -> HttpResponse:
    """A condition of payment is met, with what shows it."""
    row = _over(request, pk, Permission.CONFIRM)
    met = [one.trigger for one in row.conditions.all()]
    form = forms.ConditionForm(small.posted(request), met=met, initial={"met_on": clock.today()})

    def write() -> TrancheCondition:
        return agreements.meet(agreement=row, **form.cleaned_data, by=doors.person(request), at=clock.now())

    return _short(request, row, _("登记拨付条件"), form, write, done=_("已登记，这一期可以经办。"),
                  note=_("签约和启动由办理自动登记。佐证的文件放在“材料”里。"))  # fmt: skip


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """The project begins to run."""
    row = _over(request, pk, Permission.EDIT)
    form = forms.StartForm(small.posted(request), initial={"started_on": clock.today()})

    def write() -> Agreement:
        return agreements.start(agreement=row, **form.cleaned_data, by=doors.person(request), at=clock.now())

    return _short(request, row, _("登记开始实施"), form, write, note=_("首期已经审批或付款以后登记。"))


@doors.needs(Permission.PAY)
@require_http_methods(small.METHODS)
def refund(request: HttpRequest, pk: int) -> HttpResponse:
    """Money that came back has arrived."""
    row = _over(request, pk, Permission.PAY)
    sums = money.of_agreement(row)
    form = forms.RefundForm(small.posted(request), initial={"received_on": clock.today()})

    def write() -> Any:
        return refunds.enter(agreement=row, **form.cleaned_data, by=doors.person(request), at=clock.now())

    told = _("已拨 {paid} 元，已退 {back} 元；未用且没有同意留用的 {unused} 元。")
    note = told.format(paid=texts.yuan(sums.paid), back=texts.yuan(sums.returned), unused=texts.yuan(sums.unused))
    return _short(request, row, _("登记退款"), form, write, note=note, done=_("已登记退款。"))


@doors.needs(Permission.CONFIRM)
@require_http_methods(small.METHODS)
def reuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree that money left over is kept for a use."""
    row = _over(request, pk, Permission.CONFIRM)
    initial = {"amount_fen": row.reuse_fen or None, "reason": row.reuse_reason}
    form = forms.ReuseForm(small.posted(request), initial=initial)

    def write() -> Agreement:
        return refunds.agree_reuse(agreement=row, **form.cleaned_data, version=entries.version(request),
                                   by=doors.person(request), at=clock.now())  # fmt: skip

    note = _("手头结余 {held} 元。").format(held=texts.yuan(max(0, money.of_agreement(row).held)))
    return _short(request, row, _("同意留用结余"), form, write, note=note, version=row.version)


@doors.needs(Permission.EDIT, Permission.CONFIRM)
@require_http_methods(small.METHODS)
def ruling(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring up that an agreement be ended, or money taken back."""
    row = _over(request, pk, Permission.EDIT, Permission.CONFIRM)
    form = forms.RulingForm(small.posted(request))

    def write() -> Ruling:
        return ending.ask(agreement=row, **form.cleaned_data, by=doors.person(request), at=clock.now())

    return _short(request, row, _("提出终止或追回"), form, write, danger=True, button=_("提出"),
                  done=_("已提出，等另一个人决定。"), note=_("由另一个人决定；决定以前什么都不变。"))  # fmt: skip


@doors.needs(Permission.CONFIRM)
@require_POST
def decide(request: HttpRequest, key: int) -> HttpResponse:
    """The second person decides what was brought up."""
    rows = Ruling.objects.visible_to(request.user).select_related(
        "agreement__project__round__programme__area", "agreement__project__organization", "agreement__project__sponsor"
    )
    row = get_object_or_404(rows, pk=key)
    act = ending.terminate if row.kind == RulingKind.TERMINATE else ending.recover
    try:
        act(ruling=row, by=doors.person(request), at=clock.now())
    except Refused as refused:
        messages.error(request, "；".join(texts.sentence(finding) for finding in refused.findings))
    else:
        messages.success(request, _("已决定。"))
    return redirect(pages.there(row.agreement))


@doors.needs(Permission.OWN_CERTIFY, Permission.CONFIRM)
@require_http_methods(small.METHODS)
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the hand-over file from one manager to the next."""
    row = _over(request, pk, Permission.OWN_CERTIFY, Permission.CONFIRM)
    form = forms.HandOverForm(small.posted(request), initial={"gives": amended.now(row, "leader")})

    def write() -> HandOverFile:
        return hand_overs.make(agreement=row, **form.cleaned_data, by=doors.person(request), at=clock.now())

    return _short(request, row, _("制作交接清单"), form, write, done=_("交接清单已制作，可以下载。"),
                  note=_("清单写明当天的资金、凭证、指标、预算和变更；更换负责人获批时自动制作一份。"))  # fmt: skip


@doors.needs(*projects.SEEN)
@require_safe
def hand_over_file(request: HttpRequest, key: int) -> HttpResponseBase:
    """A hand-over file."""
    rows = HandOverFile.objects.visible_to(request.user).select_related("agreement__project", "file")
    row = get_object_or_404(rows, pk=key)
    label = _("交接清单 {number}").format(number=row.agreement.project.number)
    return handed.out(request, row.file, label, back=pages.there(row.agreement))
