"""Payment files of a round: chosen and made once, downloaded, paid line by line, voided."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from liaoyuan.core import access, clock, doors
from liaoyuan.funding.actions import paying as actions
from liaoyuan.funding.choices.awards import TrancheState
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.forms import paying as forms
from liaoyuan.funding.forms.projects import ReasonForm
from liaoyuan.funding.models import PaymentBatch, Round, Tranche
from liaoyuan.funding.queries import instalments, treasury
from liaoyuan.funding.views import finance, handed, small
from liaoyuan.ui import texts
from liaoyuan.ui.pages import render


def there(row: PaymentBatch) -> str:
    """The address of a payment file."""
    return reverse("funding:payment_detail", args=[row.pk])


def _name(row: PaymentBatch) -> str:
    return _("付款文件第 {number} 份").format(number=row.number)


def _steps(row: Round) -> tuple[tuple[str, str], ...]:
    return ((row.title, small.there(row)), (_("资金"), finance.there(row)))


def _seen(request: HttpRequest, key: int) -> PaymentBatch:
    rows = PaymentBatch.objects.visible_to(request.user).select_related(
        "round__programme__area", "made_by", "voided_by", "csv", "xlsx"
    )
    row = get_object_or_404(rows, pk=key)
    finance.inside(request, row.round_id)
    return row


@doors.needs(Permission.PAY)
@require_http_methods(small.METHODS)
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose approved instalments and make the file."""
    row = finance.inside(request, pk)
    if not access.covers(request.user, Permission.PAY, row, write=False):
        raise PermissionDenied(str(Permission.PAY))
    found = treasury.approved(row)
    choices = [
        (one.pk, _("{number} {project}，第 {no} 期，{body}，{amount} 元").format(
            number=one.agreement.project.number, project=one.agreement.project.title, no=one.no,
            body=one.agreement.body_name, amount=texts.yuan(one.amount_fen)))
        for one in found
    ]  # fmt: skip
    form = forms.ChosenForm(small.posted(request), rows=choices, initial={"chosen": [one.pk for one in found]})

    def write() -> PaymentBatch:
        wanted = set(form.cleaned_data["chosen"])
        return actions.make_file(round_=row, chosen=[one for one in found if one.pk in wanted],
                                 by=doors.person(request), at=clock.now())  # fmt: skip

    return small.entered(
        request, _("制作付款文件"), form, write, name=row.title, back=finance.there(row), onward=there,
        steps=_steps(row), template="funding/payment_new.html", none=not found, button=_("制作付款文件"),
        done=_("付款文件已制作，请下载交付款的人。"), count=len(found), total=sum(one.amount_fen for one in found),
        note=_("一期只能列入一份有效的付款文件；文件含完整账号，下载会记入日志。"),
    )  # fmt: skip


@doors.needs(Permission.VIEW)
@require_safe
def detail(request: HttpRequest, key: int) -> HttpResponse:
    """One payment file with its lines."""
    row = _seen(request, key)
    pays = access.covers(request.user, Permission.PAY, row.round, write=False)
    lines = list(row.tranches.select_related("agreement__project", "paid_by").order_by("agreement__project__number",
                                                                                    "no"))  # fmt: skip
    return render(request, "funding/payment_detail.html", {
        "title": _name(row), "crumbs": small.crumbs(*_steps(row.round), (_name(row), "")), "batch": row,
        "lines": [(one, instalments.state_words(one), pays and _third(request, one)) for one in lines], "pays": pays,
        "paid": sum(one.amount_fen for one in lines if one.state == TrancheState.PAID),
        "voids": pays and row.voided_at is None and not any(one.state == TrancheState.PAID for one in lines),
        "facts": _facts(row),
    })  # fmt: skip


def _third(request: HttpRequest, row: Tranche) -> bool:
    return row.state == TrancheState.ORDERED and request.user.pk not in (row.prepared_by_id, row.approved_by_id)


def _facts(row: PaymentBatch) -> list[tuple[str, str, str]]:
    told = [
        (_("届"), row.round.title, ""), (_("笔数"), str(row.count), ""),
        (_("金额"), _("{fen} 元").format(fen=texts.yuan(row.total_fen)), ""),
        (_("制作"), row.made_by.display_name if row.made_by is not None else "", texts.datetime_short(row.made_at)),
    ]  # fmt: skip
    if row.voided_at is not None:
        told.append((_("作废"), row.voided_by.display_name if row.voided_by is not None else "",
                     texts.datetime_short(row.voided_at)))  # fmt: skip
        told.append((_("作废的原因"), row.voided_because, ""))
    return told


@doors.needs(Permission.PAY)
@require_safe
def file(request: HttpRequest, key: int, form: str) -> HttpResponseBase:
    """The file for the finance office. It tells full account numbers: every download is logged."""
    row = _seen(request, key)
    if not access.covers(request.user, Permission.PAY, row.round, write=False):
        raise PermissionDenied(str(Permission.PAY))
    name = f"{row.round.title} {_name(row)}"
    return handed.out(request, row.csv if form == "csv" else row.xlsx, name, back=there(row), sealed=row.round)


@doors.needs(Permission.PAY)
@require_http_methods(small.METHODS)
def void(request: HttpRequest, key: int) -> HttpResponse:
    """Void a file of which nothing was paid."""
    row = _seen(request, key)
    form = ReasonForm(small.posted(request))

    def write() -> PaymentBatch:
        return actions.void_file(batch=row, **form.cleaned_data, by=doors.person(request), at=clock.now())

    return small.entered(
        request, _("作废付款文件"), form, write, name=_name(row), back=there(row), danger=True, button=_("作废"),
        steps=(*_steps(row.round), (_name(row), there(row))), done=_("已作废，各期回到待付款。"),
        note=_("先确认这份文件没有付过款；作废以后各期可以列入新的付款文件。"),
    )  # fmt: skip
