"""A member's own page: what the party organization stores of him, his dues, meetings, hours; his own requests."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaoyuan.core import clock, doors, zones
from liaoyuan.core.queries import privacy
from liaoyuan.kit.dates import add_months
from liaoyuan.party.actions import accounts, dues, dues_requests
from liaoyuan.party.choices.life import GRADE_TITLES, Grade
from liaoyuan.party.forms import dues as forms
from liaoyuan.party.models import DuesRequest, Member
from liaoyuan.party.queries import dossier, notices, organizations, own_page, reviews
from liaoyuan.party.queries import dues as queries
from liaoyuan.party.queries import members as reading
from liaoyuan.party.queries import secrets as sealed
from liaoyuan.party.views import small
from liaoyuan.party.views.members import WORDS
from liaoyuan.registry.models import OPEN
from liaoyuan.ui import entries
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import TableState

_READS = 5


@doors.login
@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """What is stored of the member whose own account this is, and what waits for him."""
    return _page(request, {})


@doors.login
@require_POST
def me_reveal(request: HttpRequest, field: str) -> HttpResponse:
    """One's own masked value; it is logged like any other read."""
    member = reading.account_of(request.user)
    if member is None or field not in sealed.STAGED:
        raise Http404
    value = accounts.reveal(
        member=member, field=field, reason=request.POST.get("reason", "").strip() or _("本人查看"),
        by=doors.person(request), at=clock.now(),
    )  # fmt: skip
    return _page(request, {field: value})


def _page(request: HttpRequest, clear: dict[str, str]) -> HttpResponse:
    member, today = reading.account_of(request.user), clock.today()
    found = dossier.own(member) if member is not None else None
    context: dict[str, Any] = {"title": _("我的党员信息"), "found": found}
    if found is not None and member is not None:
        context |= {
            "member": member, "facts": dossier.facts(found, today), "clear": clear, "words": WORDS,
            "revealable": accounts.revealable(doors.person(request), member), "reveal": "party:me_reveal",
            "open_end": OPEN, "writable": {}, "own": True, "dues": own_page.dues(member, today),
            "month": queries.first_day(today), "amounts": queries.amounts(), "coming": own_page.coming(member, today),
            "attended": own_page.attended(member), "study": own_page.study(member, today), "today": today,
            "letter_hint": own_page.letter_hint(member, today),
            "readings": privacy.readings(doors.person(request), _READS),
            "notices": notices.own(doors.person(request), today),
            "grades": [(year, _(GRADE_TITLES[Grade(grade)])) for year, grade in reviews.own_grades(member.pk)],
            "committees": list(organizations.names(reviews.committees(member.pk, today)).items())
            if zones.allowed(settings.ZONE, reviews.FIELD, zones.Op.SHOW) else [],
        }  # fmt: skip
    answer = render(request, "party/member_me.html", context)
    if clear:
        answer["Cache-Control"] = "no-store"
    return answer


def _mine(request: HttpRequest) -> Member:
    """The member whose own account this is, else 404."""
    member = reading.account_of(request.user)
    if member is None:
        raise Http404
    return member


def _crumbs(title: str) -> list[tuple[str, str]]:
    return [(_("我的党员信息"), reverse("party:me")), (title, "")]


@doors.login
@require_safe
def me_dues(request: HttpRequest) -> HttpResponse:
    """One's own dues: every month, the base masked, reductions, what was asked."""
    return _dues_page(request, _mine(request))


def _dues_page(request: HttpRequest, member: Member, base: int | None = None, *, shown: bool = False) -> HttpResponse:
    state, today = TableState.from_request(request, (), per_page=24), clock.today()
    page = state.page_of(own_page.Months(member))
    told = own_page.dues(member, today)
    answer = render(
        request,
        "party/me_dues.html",
        {
            "title": _("我的党费"),
            "crumbs": _crumbs(_("我的党费")),
            "dues": told,
            "lines": page.items,
            "table": {"page": page},
            "amounts": queries.amounts(),
            "base": base,
            "shown": shown,
            "reveals": zones.allowed(settings.ZONE, queries.BASE, zones.Op.SHOW),
            "asks": own_page.home(member) is not None and not any(row.ended_on is None for row, _w in told.requests),
        },
    )  # fmt: skip
    if shown:
        answer["Cache-Control"] = "no-store"
    return answer


@doors.login
@require_POST
def me_base(request: HttpRequest) -> HttpResponse:
    """One's own base in clear, in this answer only."""
    member = _mine(request)
    if not queries.amounts():
        raise Http404
    fen = dues.reveal_own(member=member, by=doors.person(request), at=clock.now())
    return _dues_page(request, member, fen, shown=True)


@doors.login
@require_http_methods(small.METHODS)
def me_ask(request: HttpRequest) -> HttpResponse:
    """Ask to pay less. Why is told to the branch by word of mouth, and not kept."""
    member = _mine(request)
    party, today = own_page.home(member), clock.today()
    if party is None:
        raise Http404
    first = queries.first_day(today)
    form = forms.RequestForm(entries.data(request), initial={"first_month": first, "last_month": add_months(first, 5)})

    def write() -> DuesRequest:
        return dues_requests.ask(party=party, member=member, **form.cleaned_data, applied_on=today,
                                 by=doors.person(request), at=clock.now())  # fmt: skip

    return entries.entered(
        request, _("申请减免党费"), form, write, name="", back=reverse("party:me_dues"),
        crumbs=_crumbs(_("申请减免党费")), button=_("提交申请"),
        note=_("党支部讨论同意、上级基层党委批准以后减免。困难的情况当面向党支部说明，这里不填。"),
    )  # fmt: skip


@doors.login
@require_POST
def me_withdraw(request: HttpRequest, key: int) -> HttpResponse:
    """Take one's own application back."""
    row = get_object_or_404(DuesRequest.objects.under_way(), pk=key, member=_mine(request))
    dues_requests.withdraw(row=row, by=doors.person(request), at=clock.now())
    return redirect("party:me_dues")
