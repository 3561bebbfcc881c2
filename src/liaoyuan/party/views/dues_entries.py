"""What is entered about dues: bases, reductions, gifts, use; and a branch's year in totals."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaoyuan.core import access, clock, doors
from liaoyuan.kit.findings import Refused
from liaoyuan.party.actions import dues, dues_money
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.forms import dues as forms
from liaoyuan.party.models import DuesBase, DuesUse, Member, PartyOrganization
from liaoyuan.party.queries import dues as queries
from liaoyuan.party.queries import dues_book as book
from liaoyuan.party.queries import organizations as reading
from liaoyuan.party.queries.names import member_names
from liaoyuan.party.views import dues as pages
from liaoyuan.party.views import small
from liaoyuan.party.views.steps import posted
from liaoyuan.ui.forms import describe
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import TableState


def _member(party: PartyOrganization, pk: int) -> Member:
    """The member if he owes the branch the present month, else 404."""
    if pk not in {payer.member for payer in queries.payers(party, queries.first_day(clock.today()))}:
        raise Http404
    return get_object_or_404(Member.objects.known(), pk=pk)


def _steps(party: PartyOrganization, *more: tuple[str, str]) -> list[tuple[str, str]]:
    return pages.steps(party, reading.name_of(party), *more)


def _bases(party: PartyOrganization) -> str:
    return reverse("party:dues_bases", args=[party.pk])


@doors.needs(Permission.MEMBERS_VIEW)
@require_safe
def bases(request: HttpRequest, pk: int) -> HttpResponse:
    """The bases of a branch's members, masked."""
    return _base_page(request, pages.branch(request, pk))


def _base_page(
    request: HttpRequest, party: PartyOrganization, shown: dict[int, int | None] | None = None, refused: str = ""
) -> HttpResponse:
    if not queries.amounts():
        raise Http404
    state = TableState.from_request(request, (), per_page=100)
    page = state.page_of(book.base_lines(party, clock.today()))
    return render(
        request,
        "party/dues_bases.html",
        {
            "title": _("党费基数"),
            "crumbs": small.crumbs(*_steps(party, (_("党费基数"), ""))),
            "name": reading.name_of(party),
            "party": party,
            "lines": page.items,
            "table": {"page": page},
            "shown": shown or {},
            "refused": refused,
            "reveals": dues.may_reveal(doors.person(request), party),
            "settles": access.covers(request.user, Permission.MEMBERS_EDIT, party, write=False),
            "waives": access.covers(request.user, Permission.EDIT, party, write=False),
        },
        status=422 if refused else 200,
    )


@doors.needs(Permission.MEMBERS_EDIT)
@require_POST
def reveal(request: HttpRequest, pk: int, member: int) -> HttpResponse:
    """Show one base for a reason; it stands in this answer only."""
    party = pages.branch(request, pk)
    if not queries.amounts():
        raise Http404
    who = _member(party, member)
    try:
        fen = dues.reveal(party=party, member=who, reason=request.POST.get("reason", ""), by=doors.person(request),
                          at=clock.now())  # fmt: skip
    except Refused as refused:
        return _base_page(request, party, refused=str(refused))
    answer = _base_page(request, party, {member: fen})
    answer["Cache-Control"] = "no-store"
    return answer


@doors.needs(Permission.MEMBERS_EDIT)
@require_http_methods(small.METHODS)
def base(request: HttpRequest, pk: int, member: int) -> HttpResponse:
    """Settle by what a member's dues are reckoned. The present base is not shown here."""
    party = pages.branch(request, pk, Permission.MEMBERS_EDIT)
    if not queries.amounts():
        raise Http404
    who, today = _member(party, member), clock.today()
    known = DuesBase.objects.now_open().filter(member=who).first()
    form = forms.BaseForm(posted(request), initial={
        "category": known.category if known else "monthly", "start": queries.first_day(today), "set_on": today,
    })  # fmt: skip

    def write() -> Any:
        return dues.set_base(party=party, member=who, **form.cleaned_data, by=doors.person(request), at=clock.now())

    rules = small.statements(reading.limits(party, today), {"base_fen": "PB-FEE-01", "set_on": "PB-FEE-02"})
    return small.entered(
        request, _("核定党费基数"), form, write, name=member_names([member]).get(member, ""), back=_bases(party),
        steps=_steps(party, (_("党费基数"), _bases(party))), rules=rules,
        note=_("未交的月份按新的基数重新核定，已交的不变。基数加密保存，页面只显示 ***。"),
    )  # fmt: skip


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def waive(request: HttpRequest, pk: int, member: int) -> HttpResponse:
    """Enter a reduction that the basic committee has approved."""
    party = pages.branch(request, pk, Permission.EDIT)
    who, today = _member(party, member), clock.today()
    form = forms.WaiverForm(posted(request), initial={"first_month": queries.first_day(today)})

    def write() -> Any:
        return dues.waive(**{"due_fen": None, **form.cleaned_data}, party=party, member=who,
                          by=doors.person(request), at=clock.now())  # fmt: skip

    return small.entered(
        request, _("减免党费"), form, write, name=member_names([member]).get(member, ""), back=_members(party),
        steps=_steps(party), rules=small.statements(reading.limits(party, today), {"approval": "PB-FEE-03"}),
        note=_("只记程序和数额，不记困难的原因。"),
    )  # fmt: skip


def _members(party: PartyOrganization) -> str:
    return _bases(party) if queries.amounts() else pages.there(party.pk)


@doors.needs(Permission.LIFE_EDIT)
@require_http_methods(small.METHODS)
def extra(request: HttpRequest, pk: int) -> HttpResponse:
    """A member has paid a sum of his own will."""
    party = pages.branch(request, pk, Permission.LIFE_EDIT)
    if not queries.amounts():
        raise Http404
    today = clock.today()
    payers = queries.payers(party, queries.first_day(today))
    form = forms.ExtraForm(posted(request), members=[(p.member, p.record.name) for p in payers],
                           initial={"on": today})  # fmt: skip

    def write() -> Any:
        told = dict(form.cleaned_data)
        return dues_money.give(party=party, member=_member(party, int(told.pop("member"))), **told,
                               by=doors.person(request), at=clock.now())  # fmt: skip

    return small.entered(
        request, _("登记多交党费"), form, write, name=reading.name_of(party), back=pages.there(party.pk),
        steps=_steps(party), rules=small.statements(reading.limits(party, today), {"amount_fen": "PB-FEE-05"}),
    )  # fmt: skip


@doors.needs(*pages.SEEN)
@require_safe
def year(request: HttpRequest, pk: int) -> HttpResponse:
    """A branch's year as it is published: totals of income and use, no member."""
    party = small.seen(request, pk)
    if not any(access.covers(request.user, p, party, write=False) for p in pages.SEEN):
        raise Http404
    form = forms.YearForm(request.GET)
    form.is_valid()
    told = form.cleaned_data.get("year") or clock.today().year
    return render(
        request,
        "party/dues_year.html",
        {
            "title": _("{year} 年党费收缴使用情况").format(year=told),
            "crumbs": small.crumbs((_("党费"), reverse("party:dues_list")), (str(told), "")),
            "name": reading.name_of(party),
            "party": party,
            "asked": told,
            "book": book.year(party, told),
            "amounts": queries.amounts(),
            "fields": list(describe(form).values()),
            "keeps": access.covers(request.user, Permission.LIFE_EDIT, party, write=False),
            "exports": bool(queries.with_roster(request.user, [pk]))
            and any(access.covers(request.user, p, party, write=False)
                    for p in (Permission.LIFE_EDIT, Permission.EXPORT)),
        },
    )  # fmt: skip


@doors.needs(Permission.LIFE_EDIT)
@require_http_methods(small.METHODS)
def use(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter money spent out of the dues."""
    party = pages.branch(request, pk, Permission.LIFE_EDIT)
    form = forms.UseForm(posted(request), initial={"on": clock.today()})

    def write() -> Any:
        return dues_money.use(party=party, **form.cleaned_data, by=doors.person(request), at=clock.now())

    return small.entered(
        request, _("登记党费使用"), form, write, name=reading.name_of(party), steps=_steps(party),
        back=reverse("party:dues_year", args=[party.pk]),
    )  # fmt: skip


@doors.needs(Permission.LIFE_EDIT)
@require_http_methods(small.METHODS)
def void_use(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an entry about use back."""
    rows = DuesUse.objects.current().visible_to(request.user).select_related("party_organization__area")
    row = get_object_or_404(rows, pk=pk)
    party = pages.branch(request, row.party_organization_id, Permission.LIFE_EDIT)
    form = forms.ReasonForm(posted(request))

    def write() -> Any:
        return dues_money.void_use(row=row, **form.cleaned_data, by=doors.person(request), at=clock.now())

    return small.entered(
        request, _("撤销党费使用登记"), form, write, name=row.purpose, danger=True, button=_("撤销"),
        back=reverse("party:dues_year", args=[party.pk]), steps=_steps(party),
    )  # fmt: skip
