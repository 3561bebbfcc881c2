"""Dues: branches side by side in totals, a branch's month, taking money, F09."""

import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaoyuan.core import access, clock, doors
from liaoyuan.kit.dates import add_months, parse_date
from liaoyuan.kit.findings import Refused
from liaoyuan.party.actions import dues
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.exports import dues as exports
from liaoyuan.party.forms import dues as forms
from liaoyuan.party.models import Due, PartyOrganization
from liaoyuan.party.queries import dues as queries
from liaoyuan.party.queries import dues_book as book
from liaoyuan.party.queries import dues_waiting as waiting
from liaoyuan.party.queries import organizations as reading
from liaoyuan.party.queries.names import member_names
from liaoyuan.party.views import small
from liaoyuan.party.views.steps import posted
from liaoyuan.ui import entries, texts
from liaoyuan.ui.forms import chips, describe
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState
from liaoyuan.ui.texts import date_long

SEEN = (Permission.STATS, Permission.LIFE_EDIT)
_SUMS = frozenset({"due_fen", "paid_fen", "rate", "category"})
BRANCHES = (
    Column("name", gettext_lazy("党支部"), fixed=True,
           link=lambda line: there(line.pk) if line.roster else reverse("party:dues_year", args=[line.pk])),
    Column("owing", gettext_lazy("应交人数"), kind="number"), Column("paid", gettext_lazy("已交人数"), kind="number"),
    Column("unpaid", gettext_lazy("未交人数"), kind="number"),
    Column("due_fen", gettext_lazy("应交（元）"), kind="yuan"),
    Column("paid_fen", gettext_lazy("实交（元）"), kind="yuan"),
    Column("behind", gettext_lazy("往月有欠交（人）"), kind="number"),
    Column("late", gettext_lazy("其中须谈话的（人）"), kind="number"),
)  # fmt: skip
LINES = (
    Column("name", gettext_lazy("姓名"), fixed=True), Column("state", gettext_lazy("交纳情况"), kind="verdict"),
    Column("category", gettext_lazy("交纳标准")), Column("rate", gettext_lazy("比例"), kind="short"),
    Column("due_fen", gettext_lazy("应交（元）"), kind="yuan"),
    Column("paid_fen", gettext_lazy("实交（元）"), kind="yuan"),
    Column("paid_on", gettext_lazy("交费日期"), kind="date"), Column("payee", gettext_lazy("收款人"), default=False),
    Column("waiver", gettext_lazy("减免批准文号"), default=False), Column("hint", gettext_lazy("往月欠交")),
)  # fmt: skip


def there(pk: int, month: date | None = None) -> str:
    """The address of a branch's month."""
    return f"{reverse('party:dues_month', args=[pk])}{f'?month={month:%Y-%m}' if month else ''}"


def steps(party: PartyOrganization, name: str, *more: tuple[str, str]) -> list[tuple[str, str]]:
    """The way to a page of a branch's dues."""
    return [(_("党费"), reverse("party:dues_list")), (name, there(party.pk)), *more]


def branch(request: HttpRequest, pk: int, *permissions: Permission) -> PartyOrganization:
    """The party organization if the user sees its roster, else 404; 403 without one of the permissions over it."""
    party = small.seen(request, pk)
    if not queries.with_roster(request.user, [pk]):
        raise PermissionDenied(str(Permission.MEMBERS_VIEW))
    if permissions and not any(access.covers(request.user, p, party, write=False) for p in permissions):
        raise PermissionDenied(str(permissions[0]))
    return party


def asked(request: HttpRequest) -> date:
    """The month of the address, or the present one."""
    read = parse_date(request.GET.get("month", "")[:20], month_ok=True)
    whole = read.value if read.value is not None and not read.code and len(read.value) >= 7 else ""
    return date.fromisoformat(f"{whole[:7]}-01") if whole else queries.first_day(clock.today())


@doors.needs(*SEEN)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Branches with a month's totals: no member, no base. Who keeps one branch only goes on to its month."""
    if not access.has(request.user, Permission.STATS):
        own = list(queries.collecting(request.user)[:2])
        if len(own) == 1:
            return redirect(there(own[0].pk))
    form = forms.BranchesForm(request.GET)
    form.is_valid()
    told, month = form.cleaned_data, asked(request)
    state = TableState.from_request(request, _columns(BRANCHES), per_page=50)
    found = book.Branches(request.user, month, clock.today(), told.get("q", ""), told.get("state", ""))
    return render(
        request,
        "party/dues_list.html",
        {
            "title": _("党费"),
            "crumbs": small.crumbs((_("党费"), "")),
            "month": month,
            "fields": _shown(forms.BranchesForm, request, month),
            "problems": [(form[name].label, form.errors[name]) for name in form.errors],
            "chips": chips(form, state.query),
            "hidden": state.query.hidden(*form.fields),
            "table": state.table(found),
            "before": state.query(month=f"{add_months(month, -1):%Y-%m}", page=None),
            "after": state.query(month=f"{add_months(month, 1):%Y-%m}", page=None),
        },
    )


def _month(month: date) -> str:
    return date_long(f"{month:%Y-%m}")


def _shown(kind: type[forms.BranchesForm] | type[forms.MonthForm], request: HttpRequest, month: date) -> list[Any]:
    """The fields of the query, with the month that the page shows."""
    given = request.GET.dict()
    return list(describe(kind({**given, "month": given.get("month") or f"{month:%Y-%m}"})).values())


def _columns(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    return columns if queries.amounts() else tuple(c for c in columns if c.key not in _SUMS)


@doors.needs(Permission.MEMBERS_VIEW)
@require_safe
def month_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One branch's month: who owes what, who has paid; taking money from one or many."""
    party = branch(request, pk)
    month, today = asked(request), clock.today()
    name = reading.name_of(party)
    form = forms.MonthForm(request.GET)
    form.is_valid()
    itself = queries.keeps_itself(request.user, party)
    found = book.Month(party, month, today, form.cleaned_data.get("state", ""), arrears=itself)
    columns = LINES if itself else tuple(column for column in LINES if column.key != "hint")
    state = TableState.from_request(request, _columns(columns), per_page=100)
    keeps = access.covers(request.user, Permission.LIFE_EDIT, party, write=False)

    waives = access.covers(request.user, Permission.EDIT, party, write=False)

    def ops(line: book.Line) -> list[tuple[str, str]]:
        told = []
        if keeps:
            word, page = (_("撤销登记"), "party:dues_unpay") if line.paid_on else (_("登记"), "party:dues_pay_one")
            told.append((word, reverse(page, args=[line.pk])))
        if waives and not line.paid_on and not line.waiver:
            told.append((_("减免"), reverse("party:dues_waive", args=[pk, line.member])))
        return told

    return render(
        request,
        "party/dues_month.html",
        {
            "title": _("{month}党费").format(month=_month(month)),
            "crumbs": small.crumbs(*steps(party, name)),
            "name": name,
            "party": party,
            "month": month,
            "fields": _shown(forms.MonthForm, request, month),
            "chips": chips(form, state.query),
            "hidden": state.query.hidden(*form.fields),
            "table": state.table(found, ops=ops if keeps or waives else None),
            "totals": found.totals(),
            "amounts": queries.amounts(),
            "unreckoned": found.unreckoned(),
            "findings": queries.collects(party, month),
            "past": month <= today,
            "keeps": keeps,
            "itself": itself,
            "unnamed": 0 if itself or month >= queries.first_day(today) else found.every.unpaid().count(),
            "asked": waiting.Requests(party).rows.under_way().count() if keeps or waives else 0,
            "waives": waives,
            "settles": access.covers(request.user, Permission.MEMBERS_EDIT, party, write=False) and queries.amounts(),
            "exports": keeps or access.covers(request.user, Permission.EXPORT, party, write=False),
            "reveals": dues.may_reveal(doors.person(request), party),
            "today": today,
            "before": there(pk, add_months(month, -1)),
            "after": there(pk, add_months(month, 1)),
        },
    )  # fmt: skip


@doors.needs(Permission.LIFE_EDIT)
@require_POST
def build(request: HttpRequest, pk: int) -> HttpResponse:
    """Settle what each member owes for the month of the address."""
    party = branch(request, pk, Permission.LIFE_EDIT)
    month = asked(request)
    try:
        done = dues.build(party=party, month=month, by=doors.person(request), at=clock.now())
    except Refused as refused:
        messages.error(request, texts.sentence(refused.findings[0]))
        return redirect(there(pk, month))
    messages.success(request, _("核定了 {n} 人，重新核定 {m} 人。").format(n=done.made, m=done.changed))
    if done.without_base:
        named = member_names(done.without_base)
        told = "、".join(named[key] for key in done.without_base if key in named)
        messages.warning(request, _("还没有党费基数，未核定：{names}。").format(names=told))
    return redirect(there(pk, month))


@doors.needs(Permission.LIFE_EDIT)
@require_POST
def pay(request: HttpRequest, pk: int) -> HttpResponse:
    """The chosen members have paid what was due."""
    party = branch(request, pk, Permission.LIFE_EDIT)
    month = asked(request)
    form = forms.PayForm(request.POST)
    keys = [int(key) for key in request.POST.getlist("ids") if key.isascii() and key.isdigit() and len(key) < 16]
    if not keys:
        messages.error(request, _("请先勾选已交党费的党员。"))
    elif not form.is_valid():
        messages.error(request, f"{_('交费日期')}：{next(iter(form.errors.values()))[0]}")
    else:
        try:
            done = dues.pay(party=party, keys=keys, **form.cleaned_data, by=doors.person(request), at=clock.now())
        except Refused as refused:
            messages.error(request, texts.sentence(refused.findings[0]))
        else:
            messages.success(request, _("登记了 {n} 人已交党费。").format(n=len(done)))
    return redirect(there(pk, month))


def _row(request: HttpRequest, pk: int) -> Due:
    rows = Due.objects.current().visible_to(request.user).select_related("party_organization__area")
    row = get_object_or_404(rows, pk=pk)
    party = row.party_organization
    if not access.covers(request.user, Permission.LIFE_EDIT, party, write=False):
        raise PermissionDenied(str(Permission.LIFE_EDIT))
    gone_by = row.paid_on is None and row.month < queries.first_day(clock.today())
    if gone_by and not queries.keeps_itself(request.user, party):  # whose past month is unpaid is the branch's alone
        raise Http404
    return row


@doors.needs(Permission.LIFE_EDIT)
@require_http_methods(small.METHODS)
def pay_one(request: HttpRequest, pk: int) -> HttpResponse:
    """One member has paid a month: the amount may be more than was due."""
    row = _row(request, pk)
    party, back = row.party_organization, there(row.party_organization_id, row.month)
    form = forms.PayOneForm(posted(request), initial={"on": clock.today(), "paid_fen": row.due_fen})

    def write() -> Any:
        return dues.pay(party=party, keys=[row.pk], **form.cleaned_data, by=doors.person(request), at=clock.now(),
                        confirmed=entries.confirmed(request))  # fmt: skip

    name = member_names([row.member_id]).get(row.member_id, "")
    return small.entered(
        request, _("登记交费"), form, write, name=f"{name} {_month(row.month)}", back=back,
        steps=steps(party, reading.name_of(party)),
        rules=small.statements(reading.limits(party, clock.today()), {"paid_fen": "PB-FEE-05"}),
    )  # fmt: skip


@doors.needs(Permission.LIFE_EDIT)
@require_http_methods(small.METHODS)
def unpay(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a payment back that was entered by mistake."""
    row = _row(request, pk)
    party, back = row.party_organization, there(row.party_organization_id, row.month)
    form = forms.ReasonForm(posted(request))

    def write() -> Any:
        return dues.unpay(row=row, **form.cleaned_data, by=doors.person(request), at=clock.now())

    name = member_names([row.member_id]).get(row.member_id, "")
    return small.entered(
        request, _("撤销交费登记"), form, write, name=f"{name} {_month(row.month)}", back=back, danger=True,
        steps=steps(party, reading.name_of(party)), button=_("撤销"),
    )  # fmt: skip


@doors.needs(Permission.LIFE_EDIT, Permission.EXPORT)
@require_POST
def export(request: HttpRequest, pk: int, kind: str) -> HttpResponse | FileResponse:
    """F09 of a branch: `collected` of the month of the address, `year` and `uses` of its year."""
    party = branch(request, pk, Permission.LIFE_EDIT, Permission.EXPORT)
    month, form = asked(request), request.POST.get("form", "")
    first = month if kind == "collected" else date(month.year, 1, 1)
    end = add_months(first, 1 if kind == "collected" else 12)
    if form not in exports.FORMS:
        messages.error(request, _("请选择导出的格式。"))
        return redirect(there(pk, month))
    told: dict[str, Any] = {"party": party, "first": first, "end": end, "form": form, "by": doors.person(request),
                            "at": clock.now()}  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="liaoyuan-") as folder:  # the open file outlives its name
        path = Path(folder) / f"export.{form}"
        try:
            if kind == "uses":
                exports.write_used(**told, path=path)
            else:
                exports.write_collected(**told, path=path, reason=request.POST.get("reason", ""))
        except Refused as refused:
            messages.error(request, texts.sentence(refused.findings[0]))
            return redirect(there(pk, month))
        title = _("党费使用表") if kind == "uses" else _("党费收缴表")
        span = f"{first:%Y-%m}" if kind == "collected" else f"{first:%Y}"
        return FileResponse(path.open("rb"), as_attachment=True, filename=f"{title}{span}.{form}")
