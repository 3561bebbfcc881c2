"""Applications for a reduction of a branch, and its look into unpaid months."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from liaoyuan.core import access, clock, doors
from liaoyuan.party.actions import dues_requests as actions
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.choices.dues import RequestState
from liaoyuan.party.forms import dues as forms
from liaoyuan.party.models import DuesRequest, DuesStudy, Member
from liaoyuan.party.queries import dues as queries
from liaoyuan.party.queries import dues_waiting as waiting
from liaoyuan.party.queries import organizations as reading
from liaoyuan.party.queries.names import member_names
from liaoyuan.party.views import dues as pages
from liaoyuan.party.views import small
from liaoyuan.ui import entries
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import TableState

#: Act → (title, states in which it is possible, whether it is the committee's: None = of whom the state says).
ACTS: dict[str, tuple[Any, tuple[RequestState, ...]]] = {
    "agree": (gettext_lazy("党支部讨论同意"), (RequestState.ASKED,)),
    "grant": (gettext_lazy("批准减免"), (RequestState.AGREED,)),
    "refuse": (gettext_lazy("不同意减免"), (RequestState.ASKED, RequestState.AGREED)),
    "withdraw": (gettext_lazy("撤回申请"), (RequestState.ASKED, RequestState.AGREED)),
}


def _there(pk: int) -> str:
    return reverse("party:dues_requests", args=[pk])


@doors.needs(Permission.MEMBERS_VIEW)
@require_safe
def listing(request: HttpRequest, pk: int) -> HttpResponse:
    """A branch's applications, the open ones first; to its own keepers also what they look into."""
    party = pages.branch(request, pk, Permission.LIFE_EDIT, Permission.EDIT)
    state = TableState.from_request(request, (), per_page=50)
    page = state.page_of(waiting.Requests(party))
    itself = queries.keeps_itself(request.user, party)
    name = reading.name_of(party)
    return render(
        request,
        "party/dues_requests.html",
        {
            "title": _("党费减免申请"),
            "crumbs": small.crumbs(*pages.steps(party, name, (_("党费减免申请"), ""))),
            "name": name,
            "party": party,
            "lines": [(line, [(ACTS[code][0], reverse("party:dues_request_act", args=[line.row.pk, code]))
                              for code in _possible(request.user, line.row)]) for line in page.items],
            "table": {"page": page},
            "amounts": queries.amounts(),
            "keeps": access.covers(request.user, Permission.LIFE_EDIT, party, write=False),
            "itself": itself,
            "late": waiting.late(party, clock.today()) if itself else [],
            "studies": waiting.studies(request.user, party) if itself else [],
        },
    )  # fmt: skip


def _possible(user: Any, row: DuesRequest) -> list[str]:
    branch = access.covers(user, Permission.LIFE_EDIT, row.party_organization, write=False)
    committee = access.covers(user, Permission.EDIT, row.party_organization, write=False)
    may = {"agree": branch, "grant": committee, "withdraw": branch,
           "refuse": branch if row.state == RequestState.ASKED else committee}  # fmt: skip
    return [code for code, (_title, states) in ACTS.items() if row.state in states and may[code]]


@doors.needs(Permission.LIFE_EDIT)
@require_http_methods(small.METHODS)
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter an application out of the member's paper."""
    party, today = pages.branch(request, pk, Permission.LIFE_EDIT), clock.today()
    payers = queries.payers(party, queries.first_day(today))
    form = forms.PaperForm(entries.data(request), members=[(p.member, p.record.name) for p in payers],
                           initial={"applied_on": today, "first_month": queries.first_day(today)})  # fmt: skip

    def write() -> DuesRequest:
        told = dict(form.cleaned_data)
        member = get_object_or_404(Member.objects.known(), pk=int(told.pop("member")))
        return actions.ask(party=party, member=member, **told, by=doors.person(request), at=clock.now())

    return small.entered(
        request, _("登记减免申请"), form, write, name=reading.name_of(party), back=_there(pk),
        steps=pages.steps(party, reading.name_of(party), (_("党费减免申请"), _there(pk))),
        rules=small.statements(reading.limits(party, today), {"first_month": "PB-FEE-03"}),
        note=_("只记程序和数额，不记困难的原因。"),
    )  # fmt: skip


_DOERS: dict[str, Callable[..., DuesRequest]] = {
    "agree": actions.agree, "grant": actions.grant, "refuse": actions.refuse, "withdraw": actions.withdraw,
}  # fmt: skip


@doors.needs(Permission.LIFE_EDIT, Permission.EDIT)
@require_http_methods(small.METHODS)
def act(request: HttpRequest, key: int, code: str) -> HttpResponse:
    """Do one of the acts."""
    rows = DuesRequest.objects.visible_to(request.user).select_related("party_organization__area", "member")
    row = get_object_or_404(rows, pk=key)
    if code not in ACTS:
        raise Http404
    party, today = row.party_organization, clock.today()
    if request.method != "POST" and code not in _possible(request.user, row):
        messages.error(request, _("这份申请现在不能这样办理。"))
        return redirect(_there(party.pk))
    form = _form(code, request, row)

    def write() -> DuesRequest:
        return _DOERS[code](row=row, **form.cleaned_data, version=entries.version(request), by=doors.person(request),
                            at=clock.now())  # fmt: skip

    name = member_names([row.member_id]).get(row.member_id, "")
    rules = {"approval": "PB-FEE-03"} if code == "grant" else {}
    return small.entered(
        request, str(ACTS[code][0]), form, write, name=name, back=_there(party.pk), version=row.version,
        steps=pages.steps(party, reading.name_of(party), (_("党费减免申请"), _there(party.pk))),
        rules=small.statements(reading.limits(party, today), rules), danger=code in ("refuse", "withdraw"),
    )  # fmt: skip


def _form(code: str, request: HttpRequest, row: DuesRequest) -> Any:
    data, today = entries.data(request), clock.today()
    if code == "grant":
        return forms.GrantForm(data, initial={"approved_on": today, "due_fen": row.wished_fen})
    return forms.NothingForm(data) if code == "withdraw" else forms.DayForm(data, initial={"on": today})


@doors.needs(Permission.LIFE_EDIT)
@require_http_methods(small.METHODS)
def study_new(request: HttpRequest, pk: int, member: int) -> HttpResponse:
    """The branch looks into months that were not paid; a person opens it, after hearing the member."""
    party, today = pages.branch(request, pk, Permission.LIFE_EDIT), clock.today()
    if not queries.keeps_itself(request.user, party):
        raise PermissionDenied(str(Permission.LIFE_EDIT))
    if member not in {who for who, _month in queries.months_owed([pk], today).get(pk, [])}:
        raise Http404
    who = get_object_or_404(Member.objects.known(), pk=member)
    form = forms.StudyForm(entries.data(request), initial={"on": today})

    def write() -> DuesStudy:
        return actions.open_study(party=party, member=who, **form.cleaned_data, by=doors.person(request),
                                  at=clock.now())  # fmt: skip

    return small.entered(
        request, _("提交党支部研究"), form, write, name=member_names([member]).get(member, ""), back=_there(pk),
        steps=pages.steps(party, reading.name_of(party), (_("党费减免申请"), _there(pk))),
        note=_("由党支部的人提交，须先听取本人说明。本系统不作认定，也不改变党员的任何权利；只有本党支部和本人看得到。"),
    )  # fmt: skip


@doors.needs(Permission.LIFE_EDIT)
@require_http_methods(small.METHODS)
def study_end(request: HttpRequest, key: int) -> HttpResponse:
    """What the branch came to."""
    rows = DuesStudy.objects.visible_to(request.user).standing().select_related("party_organization__area")
    row = get_object_or_404(rows, pk=key)
    party = row.party_organization
    form = forms.StudyEndForm(entries.data(request), initial={"on": clock.today()})

    def write() -> DuesStudy:
        return actions.end_study(row=row, **form.cleaned_data, version=entries.version(request),
                                 by=doors.person(request), at=clock.now())  # fmt: skip

    return small.entered(
        request, _("登记研究结果"), form, write, name=member_names([row.member_id]).get(row.member_id, ""),
        back=_there(party.pk), version=row.version,
        steps=pages.steps(party, reading.name_of(party), (_("党费减免申请"), _there(party.pk))),
    )  # fmt: skip
