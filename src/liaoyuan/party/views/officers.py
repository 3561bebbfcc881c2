"""Officers and terms of a party organization, and the list of elections to come (换届日程)."""

import tempfile
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaoyuan.core import access, clock, doors
from liaoyuan.party.actions import officers
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.choices.organizations import OFFICER_TITLES, OfficerKind
from liaoyuan.party.exports import terms as exports
from liaoyuan.party.forms import officers as forms
from liaoyuan.party.models import Member, Officer, PartyOrganization
from liaoyuan.party.queries import organizations as reading
from liaoyuan.party.queries import terms
from liaoyuan.party.queries.names import member_names
from liaoyuan.party.views import small
from liaoyuan.party.views.steps import posted
from liaoyuan.ui import entries
from liaoyuan.ui.forms import chips, describe
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState, link_to

LEADS = (Permission.EDIT, Permission.APPROVE)
COLUMNS = (
    Column("name", gettext_lazy("党组织"), sortable=True, fixed=True, link=link_to("party:organization_detail")),
    Column("state", gettext_lazy("任期"), kind="verdict"),
    Column("last", gettext_lazy("届满"), sortable=True, kind="date", value=lambda line: line.due_on),
    Column("number", gettext_lazy("届次"), kind="number"), Column("began_on", gettext_lazy("起"), kind="date"),
    Column("extended_to", gettext_lazy("延期至"), kind="date", default=False),
    Column("secretary", gettext_lazy("书记"), kind="short"),
    Column("form", gettext_lazy("层级"), sortable=True), Column("superior", gettext_lazy("上级党组织")),
)  # fmt: skip


def _criteria(request: HttpRequest, form: forms.TermsForm) -> terms.Criteria:
    form.is_valid()
    told = form.cleaned_data
    return terms.Criteria(on=clock.today(), q=told.get("q", ""), form=told.get("form", ""), state=told.get("state", ""))


@doors.needs(Permission.VIEW)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Terms of party organizations within reach by their last day."""
    form = forms.TermsForm(request.GET)
    criteria = _criteria(request, form)
    state = TableState.from_request(request, COLUMNS, default_sort="last", per_page=50)
    found = terms.Listing(request.user, criteria, f"-{state.sort}" if state.descending else state.sort)
    return render(
        request,
        "party/term_list.html",
        {
            "title": _("换届日程"),
            "crumbs": small.crumbs((_("换届日程"), "")),
            "fields": list(describe(form).values()),
            "chips": chips(form, state.query),
            "hidden": state.query.hidden(*form.fields),
            "table": state.table(found),
            "export": f"{reverse('party:term_export')}{state.query()}",
            "may_export": access.has(request.user, Permission.EXPORT),
            "may_remind": access.has(request.user, "core.remind") and access.has(request.user, Permission.EDIT),
        },
    )


@doors.needs(Permission.EXPORT)
@require_POST
def export(request: HttpRequest) -> HttpResponse | FileResponse:
    """The list of the address's query as a workbook."""
    criteria = _criteria(request, forms.TermsForm(request.GET))
    with tempfile.TemporaryDirectory(prefix="liaoyuan-") as folder:  # the open file outlives its name
        path = Path(folder) / "export.xlsx"
        exports.write_terms(terms.Listing(request.user, criteria).all(), path=path, by=doors.person(request),
                            at=clock.now(), on=criteria.on)  # fmt: skip
        name = f"{_('换届日程')}{criteria.on.isoformat()}.xlsx"
        return FileResponse(path.open("rb"), as_attachment=True, filename=name)


def _led(request: HttpRequest, pk: int) -> PartyOrganization:
    """The party organization if the user appoints there: 404 when he does not see it, 403 when he may not."""
    party = small.seen(request, pk)
    if not terms.may_lead(request.user, party):
        raise PermissionDenied(str(Permission.EDIT))
    return party


def _entered(request: HttpRequest, party: PartyOrganization, title: str, form: Any, write: Any, **more: Any) -> Any:
    name = reading.formation(party).name
    return small.entered(
        request, title, form, write, back=small.there(party), steps=[(name, small.there(party))],
        **{"name": name, **more},
    )  # fmt: skip


@doors.needs(*LEADS)
@require_http_methods(small.METHODS)
def appoint(request: HttpRequest, pk: int) -> HttpResponse:
    """A member takes a post."""
    party, today = _led(request, pk), clock.today()
    offered = terms.candidates(party, request.user, today)
    form = forms.AppointForm(posted(request), members=offered, initial={"on": today})

    def write() -> Officer:
        told = dict(form.cleaned_data)
        member = Member.objects.get(pk=int(told.pop("member")))
        return officers.appoint(
            party=party, member=member, **told, version=entries.version(request), by=doors.person(request),
            at=clock.now(), confirmed=entries.confirmed(request),
        )  # fmt: skip

    rules = small.statements(reading.limits(party, today), {"member": "PB-REL-06", "kind": "PB-OFF-03"})
    return _entered(
        request, party, _("任职"), form, write, version=party.version, rules=rules,
        note=_("选举产生的请在选举结果批复时登记；这里登记上级任命，或补录已有的班子成员。"),
    )  # fmt: skip


def _post(request: HttpRequest, key: int) -> Officer:
    rows = Officer.objects.now_open().visible_to(request.user).select_related("party_organization__area")
    row = get_object_or_404(rows, pk=key)
    _led(request, row.party_organization_id)
    return row


def _who(row: Officer) -> str:
    name = member_names([row.member_id]).get(row.member_id, "")
    return f"{name} {_(OFFICER_TITLES[OfficerKind(row.kind)])}"


@doors.needs(*LEADS)
@require_http_methods(small.METHODS)
def end(request: HttpRequest, key: int) -> HttpResponse:
    """A post ends."""
    row = _post(request, key)
    form = forms.EndForm(posted(request), initial={"on": clock.today()})

    def write() -> None:
        officers.end(row=row, **form.cleaned_data, by=doors.person(request), at=clock.now())

    return _entered(request, row.party_organization, _("免职"), form, write, name=_who(row), danger=True)


@doors.needs(*LEADS)
@require_http_methods(small.METHODS)
def correct(request: HttpRequest, key: int) -> HttpResponse:
    """Correct what was entered of a post."""
    row = _post(request, key)
    names = ("how", "valid_from", "source", "evidence")
    form = forms.CorrectForm(posted(request), initial={name: getattr(row, name) for name in names})

    def write() -> Officer:
        return officers.correct(row=row, fields=form.cleaned_data, by=doors.person(request), at=clock.now(),
                                confirmed=entries.confirmed(request))  # fmt: skip

    return _entered(request, row.party_organization, _("更正任职"), form, write, name=_who(row))


@doors.needs(*LEADS)
@require_http_methods(small.METHODS)
def term_new(request: HttpRequest, pk: int) -> HttpResponse:
    """The next term begins."""
    party, today = _led(request, pk), clock.today()
    form = forms.TermForm(posted(request), initial={"on": today})

    def write() -> Any:
        return officers.begin_term(party=party, **form.cleaned_data, version=entries.version(request),
                                   by=doors.person(request), at=clock.now())  # fmt: skip

    rules = small.statements(reading.limits(party, today), {"due_on": "PB-OFF-04", "evidence": "PB-OFF-05"})
    return _entered(request, party, _("换届"), form, write, version=party.version, rules=rules)


@doors.needs(*LEADS)
@require_http_methods(small.METHODS)
def term_extend(request: HttpRequest, pk: int) -> HttpResponse:
    """The running term ends later, by approval."""
    party = _led(request, pk)
    form = forms.ExtendForm(posted(request))

    def write() -> Any:
        return officers.extend_term(party=party, **form.cleaned_data, version=entries.version(request),
                                    by=doors.person(request), at=clock.now())  # fmt: skip

    rules = small.statements(reading.limits(party, clock.today()), {"to": "PB-OFF-05"})
    return _entered(request, party, _("延期换届"), form, write, version=party.version, rules=rules)
