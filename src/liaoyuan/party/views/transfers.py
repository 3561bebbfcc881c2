"""Transfers: the list and the register F08, one transfer's page, its letter to print, and what may be done with it."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaoyuan.core import access, clock, doors
from liaoyuan.party.actions import transfers
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.choices.members import TransferState
from liaoyuan.party.exports import registers
from liaoyuan.party.forms import transfers as forms
from liaoyuan.party.models import Member, Transfer
from liaoyuan.party.queries import organizations as reading
from liaoyuan.party.queries import transfers as queries
from liaoyuan.party.queries.names import member_names
from liaoyuan.party.views import small
from liaoyuan.ui import entries
from liaoyuan.ui.forms import chips, describe
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState, link_to

COLUMNS = (
    Column("name", gettext_lazy("姓名"), fixed=True, link=link_to("party:transfer_detail")),
    Column("number", gettext_lazy("介绍信编号"), sortable=True, kind="short"),
    Column("source", gettext_lazy("转出党组织")),
    Column("target", gettext_lazy("转入党组织")),
    Column("issued_on", gettext_lazy("开具日期"), sortable=True, kind="date"),
    Column("expires_on", gettext_lazy("有效期至"), sortable=True, kind="date"),
    Column("receipt_on", gettext_lazy("回执日期"), kind="date", default=False),
    Column("state", gettext_lazy("状态"), kind="verdict"),
)


def _criteria(request: HttpRequest, form: forms.ListForm) -> queries.Criteria:
    form.is_valid()
    told = form.cleaned_data
    party = request.GET.get("party", "")
    return queries.Criteria(
        on=clock.today(), q=told.get("q", ""), state=told.get("state") or "open", year=told.get("year"),
        party=int(party) if party.isascii() and party.isdigit() and len(party) < 16 else None,
    )  # fmt: skip


@doors.needs(Permission.MEMBERS_VIEW)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Transfers from and to party organizations whose roster the user may see."""
    form = forms.ListForm(request.GET)
    criteria = _criteria(request, form)
    state = TableState.from_request(request, COLUMNS, default_sort="-issued_on", per_page=50)
    order = f"-{state.sort}" if state.descending else state.sort
    return render(
        request,
        "party/transfer_list.html",
        {
            "title": _("组织关系转接"),
            "crumbs": small.crumbs((_("组织关系转接"), "")),
            "fields": list(describe(form).values()),
            "chips": chips(form, state.query),
            "hidden": state.query.hidden(*form.fields),
            "table": state.table(queries.Listing(request.user, criteria, order)),
            "may_export": access.has(request.user, Permission.EXPORT),
            "export": f"{reverse('party:transfer_export')}{state.query()}",
        },
    )


@doors.needs(Permission.EXPORT)
@require_POST
def export(request: HttpRequest) -> HttpResponse | FileResponse:
    """F08 of the transfers of the address's query."""
    criteria = _criteria(request, forms.ListForm(request.GET))
    kind = request.POST.get("form", "")
    if kind not in registers.FORMS:
        messages.error(request, _("请选择导出的格式。"))
        return redirect(f"{reverse('party:transfer_list')}?{request.GET.urlencode()}")
    with tempfile.TemporaryDirectory(prefix="liaoyuan-") as folder:  # the open file outlives its name
        path = Path(folder) / f"export.{kind}"
        registers.write_letters(
            queries.rows(request.user, criteria), path=path, form=kind, by=doors.person(request), at=clock.now(),
            on=criteria.on,
        )  # fmt: skip
        name = f"{_('党员组织关系介绍信登记簿')}{criteria.on.isoformat()}.{kind}"
        return FileResponse(path.open("rb"), as_attachment=True, filename=name)


def _seen(request: HttpRequest, pk: int) -> Transfer:
    rows = Transfer.objects.visible_to(request.user).select_related(
        "member", "source__area", "target__area", "issuer__area", "organization", "replaces"
    )
    return get_object_or_404(rows, pk=pk)


def _steps(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [(_("组织关系转接"), reverse("party:transfer_list")), *more]


def _there(row: Transfer) -> str:
    return reverse("party:transfer_detail", args=[row.pk])


def _name(row: Transfer) -> str:
    return member_names([row.member_id]).get(row.member_id, "")


#: Act → (title, states in which it is possible).
ACTS: dict[str, tuple[Any, tuple[TransferState, ...]]] = {
    "issue": (gettext_lazy("开具介绍信"), (TransferState.DRAFT,)),
    "accept": (gettext_lazy("接收"), (TransferState.ISSUED,)),
    "refuse": (gettext_lazy("退回"), (TransferState.ISSUED,)),
    "receipt": (gettext_lazy("登记回执"), (TransferState.ACCEPTED,)),
    "again": (gettext_lazy("重开介绍信"), (TransferState.ISSUED, TransferState.REFUSED)),
    "cancel": (gettext_lazy("撤销"), (TransferState.DRAFT, TransferState.ISSUED)),
}


def _title(row: Transfer, code: str) -> str:
    """What the act is called: a letter from outside is not issued here, it is noted."""
    return _("登记收到的介绍信") if code == "issue" and row.source is None else str(ACTS[code][0])


def _possible(user: Any, row: Transfer) -> list[str]:
    """The acts that the user may do now."""
    sends = queries.may(user, Permission.MEMBERS_EDIT, row.source)
    takes = queries.may(user, Permission.MEMBERS_EDIT, row.target)
    today = clock.today()
    issuer = queries.issuer_of(row.source, today)
    signs = queries.may(user, Permission.LETTER_ISSUE, issuer) if row.source is not None else takes
    over = queries.expired(row, today) or row.state == TransferState.REFUSED
    replaced = Transfer.objects.filter(replaces=row).exists()
    may = {
        "issue": signs,
        "accept": (takes if row.target is not None else sends) and not queries.expired(row, today),
        "refuse": takes or (row.target is None and sends),
        "receipt": (sends or takes) and row.receipt_on is None,
        "again": (sends or takes) and over and not replaced,
        "cancel": sends or (takes and row.state == TransferState.DRAFT),
    }
    return [code for code, (_title, states) in ACTS.items() if row.state in states and may[code]]


@doors.needs(Permission.MEMBERS_VIEW)
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One transfer: its facts, what the rules say, what may be done."""
    row = _seen(request, pk)
    today = clock.today()
    return render(
        request,
        "party/transfer_detail.html",
        {
            "title": _("{name}的组织关系转接").format(name=_name(row)),
            "crumbs": small.crumbs(*_steps((_name(row), ""))),
            "row": row,
            "badge": queries.state_words(row, today),
            "facts": queries.facts(row),
            "findings": queries.findings(row, today),
            "acts": [(_title(row, code), reverse("party:transfer_act", args=[row.pk, code])) for code in
                     _possible(request.user, row)],
            "member": Member.objects.visible_to(request.user).filter(pk=row.member_id).exists(),
            "print": row.number and row.issuer_id is not None,
        },
    )  # fmt: skip


@doors.needs(Permission.MEMBERS_VIEW)
@require_safe
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter to print: stub, letter, receipt slip."""
    row = _seen(request, pk)
    if not row.number or row.issuer_id is None:
        raise Http404
    return render(request, "party/transfer_letter.html", {"title": _("组织关系介绍信"), "letter": queries.letter(row)})


@doors.needs(Permission.MEMBERS_EDIT)
@require_http_methods(small.METHODS)
def new(request: HttpRequest) -> HttpResponse:
    """Plan the transfer of the member that the address names."""
    key = request.GET.get("member", "")
    rows = Member.objects.reached_by(request.user, Permission.MEMBERS_VIEW)
    member = get_object_or_404(rows, pk=int(key) if key.isascii() and key.isdigit() and len(key) < 16 else 0)
    name = member_names([member.pk]).get(member.pk, "")
    target, body = queries.wished(member.pk)
    form = forms.PlanForm(
        entries.data(request), targets=queries.targets(request.user, member.pk),
        initial={"target": target, "organization": body},
    )  # fmt: skip

    def write() -> Transfer:
        told = form.cleaned_data
        return transfers.plan(
            member=member, target=small.chosen(told["target"]), target_name=told["target_name"],
            organization=told["organization"], reason=told["reason"], on=told["on"], by=doors.person(request),
            at=clock.now(),
        )  # fmt: skip

    return small.entered(
        request, _("转接组织关系"), form, write, name=name, back=reverse("party:transfer_list"), onward=_there,
        steps=_steps(), note=_("接收以前，转出党组织继续负责；接收当日组织关系转到转入党组织。"),
    )  # fmt: skip


def _form(code: str, request: HttpRequest, row: Transfer) -> Any:
    data, first = entries.data(request), {"on": clock.today()}
    if code == "issue":
        return forms.LetterForm(data, inside=row.source is not None, initial=first)
    made = {"accept": forms.AcceptForm, "refuse": forms.ReasonForm, "receipt": forms.DayForm, "cancel": forms.WhyForm,
            "again": forms.WhyForm}[code]  # fmt: skip
    return made(data, initial=first)


_DOERS: dict[str, Callable[..., Transfer]] = {
    "issue": transfers.issue, "accept": transfers.accept, "refuse": transfers.refuse, "receipt": transfers.receipt,
    "cancel": transfers.cancel, "again": transfers.again,
}  # fmt: skip


@doors.needs(Permission.MEMBERS_EDIT, Permission.LETTER_ISSUE)
@require_http_methods(small.METHODS)
def act(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Do one of the acts."""
    row = _seen(request, pk)
    if code not in ACTS:
        raise Http404
    if request.method != "POST" and code not in _possible(request.user, row):
        messages.error(request, _("这件转接现在不能这样办理。"))
        return redirect(_there(row))
    form = _form(code, request, row)

    def write() -> Transfer:
        return _DOERS[code](
            row=row, **form.cleaned_data, version=entries.version(request), by=doors.person(request), at=clock.now()
        )

    home = queries.home(row)
    rules = {"issue": {"valid_days": "PB-REL-03", "on": "PB-REL-05"}, "accept": {"on": "PB-REL-03"}}.get(code, {})
    told = small.statements(reading.limits(home, clock.today()), rules) if home is not None else {}
    return small.entered(
        request, _title(row, code), form, write, name=_name(row), back=_there(row), version=row.version, rules=told,
        steps=_steps((_name(row), _there(row))), onward=_there, danger=code == "cancel",
    )  # fmt: skip
