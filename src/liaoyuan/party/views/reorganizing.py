"""Adjusting and dissolving: the common list of applications, one application, handing in, hand-over, filing."""

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
from liaoyuan.core.choices import Permission as Core
from liaoyuan.core.queries import documents
from liaoyuan.kit.findings import Finding, Refused
from liaoyuan.party.actions import reorganizing as actions
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.choices.reorganizing import CHANGE_TITLES, Change, ChangeState, Origin
from liaoyuan.party.forms import founding as founding_forms
from liaoyuan.party.forms import reorganizing as forms
from liaoyuan.party.models import PartyOrganization, Reorganization
from liaoyuan.party.queries import applications, applying, bodies, foundings
from liaoyuan.party.queries import organizations as reading
from liaoyuan.party.queries import reorganizing as queries
from liaoyuan.party.views import small
from liaoyuan.registry.models import Organization
from liaoyuan.ui import entries
from liaoyuan.ui.forms import chips, describe, problems
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState

READERS = (Permission.VIEW, Permission.OWN_APPLY, Permission.OWN_ADJUST)
#: Who applies or handles applications.
WRITERS = (Permission.EDIT, Permission.OWN_ADJUST)

COLUMNS = (
    Column("name", gettext_lazy("党组织"), sortable="title", fixed=True, link=lambda line: line.href),
    Column("what", gettext_lazy("事项"), sortable="sort"),
    Column("told", gettext_lazy("内容")),
    Column("asker", gettext_lazy("申请人")),
    Column("approver", gettext_lazy("批准的党委")),
    Column("number", gettext_lazy("事项编号"), kind="short"),
    Column("received_on", gettext_lazy("收件"), kind="date", default=False),
    Column("decided_on", gettext_lazy("批复"), kind="date"),
    Column("filed_on", gettext_lazy("备案"), kind="date", default=False),
    Column("state", gettext_lazy("进度"), kind="verdict", value=lambda line: line.state),
    Column("made_at", gettext_lazy("提出"), sortable="made_at", default=False, value=lambda line: None),
)


def _steps(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [(_("党组织设立调整"), reverse("party:application_list")), *more]


def _there(row: Reorganization) -> str:
    return reverse("party:reorganization_detail", args=[row.pk])


@doors.needs(*READERS)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Applications to found, adjust and dissolve within reach; without a wish those that are not done."""
    form = forms.ListForm(request.GET)
    form.is_valid()
    told = form.cleaned_data
    criteria = applications.Criteria(told.get("q", ""), told.get("what", ""), told.get("state", ""))
    state = TableState.from_request(request, COLUMNS, default_sort="-made_at", per_page=50)
    order = state.order_by()[0] if state.order_by() else "-made_at"
    may = access.permissions_of(request.user)
    return render(
        request,
        "party/application_list.html",
        {
            "title": _("党组织设立调整"),
            "crumbs": small.crumbs((_("党组织设立调整"), "")),
            "fields": list(describe(form).values()),
            "chips": chips(form, state.query),
            "hidden": state.query.hidden(*form.fields),
            "table": state.table(applications.Listing(request.user, criteria, order), row_id=lambda line: line.href),
            "clear": state.query(**dict.fromkeys(form.fields)),
            "may_apply": bool(may & {Permission.EDIT, Permission.OWN_APPLY}),
            "may_change": bool(may & set(WRITERS)),
            "ceremonies": foundings.ceremonies(request.user)[:10],
            "may_convene": Permission.EDIT in may,
        },
    )


def seen(request: HttpRequest, pk: int) -> Reorganization:
    """The application, if the user may see it; else 404."""
    rows = Reorganization.objects.visible_to(request.user).select_related(
        "area", "approver__area", "party_organization__area", "case", "applicant", "superior", "carrier"
    )
    return get_object_or_404(rows, pk=pk)


@doors.needs(Permission.VIEW, Permission.OWN_ADJUST)
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The application: what is wished beside what is, what the rules say now, the next step."""
    return _page(request, seen(request, pk))


def _page(
    request: HttpRequest, row: Reorganization, told: list[Finding] | None = None, bound: Any = None, status: int = 200
) -> HttpResponse:
    user, today = request.user, clock.today()
    staff = applying.staff(user, row)
    form = bound or founding_forms.SubmitForm()
    if not staff or row.origin == Origin.SUPERIOR:
        form.fields.pop("how", None)
    if not staff:
        form.fields.pop("received_on", None)
    open_now = row.state == ChangeState.DRAFT or (row.case is not None and row.case.open)
    asked = queries.asked(row, today, row.case) if open_now else []
    title = _("{what}：{name}").format(
        what=_(CHANGE_TITLES[Change(row.what)]), name=reading.name_of(row.party_organization)
    )
    return render(
        request,
        "party/reorganization_detail.html",
        {
            "title": title,
            "crumbs": small.crumbs(*_steps((title, ""))),
            "row": row,
            "badge": queries.state_words(row),
            "facts": applications.facts_lines(row),
            "changes": applications.change_table(row, today),
            "adjusts": row.what == Change.ADJUST,
            "writes": applying.may_write(user, row),
            "staff": staff,
            "draft": row.state == ChangeState.DRAFT,
            "findings": told if told is not None else asked,
            "open_now": open_now,
            "problems": problems(form, told) if told else [],
            "fields": list(describe(form, told or ()).values()),
            "asks": any(f.severity == "confirm" for f in told or ()),
            "next": applications.next_words(row, staff=staff),
            "todo": applications.unfinished(row),
            "carried": row.state == ChangeState.CARRIED and staff,
            "letters": documents.of_subject(user, queries.SUBJECT, row.pk)[:30],
            "drafts": access.any_of(user, (Core.DOCUMENT_DRAFT, Core.DOCUMENT_ISSUE)),
        },
        status=status,
    )


def _origins(request: HttpRequest, party: PartyOrganization) -> tuple[list[str], list[Organization]]:
    """The ways in which the user may ask, and the units for which he may."""
    today = clock.today()
    if reading.leads(request.user, Permission.EDIT, party):
        units = [unit.organization for unit, _n in reading.units_on(party, today) if unit.organization is not None]
        asks = [Origin.BRANCH, *([Origin.UNIT] if units else []), Origin.SUPERIOR]
        return [str(origin) for origin in asks], units
    if not applying.applies(request.user, party):
        raise PermissionDenied(str(Permission.OWN_ADJUST))
    own = applying.own_units(request.user, party, today)
    return ([str(Origin.UNIT)] if own else [str(Origin.BRANCH)]), own


def _form(
    request: HttpRequest, party: PartyOrganization, what: str, origins: list[str], units: list[Organization],
    first: dict[str, Any],
) -> Any:  # fmt: skip
    named = reading.body_names(unit.pk for unit in units)
    offered = [(unit.pk, named.get(unit.pk, "")) for unit in units]
    if len(offered) == 1:
        first = {"applicant": offered[0][0], **first}
    data = entries.data(request)
    if what == Change.DISSOLVE:
        return forms.DissolveForm(data, origins=origins, units=offered, initial=first)
    present = [
        (str(unit.organization_id or unit.outside_name), name) for unit, name in reading.units_on(party, clock.today())
    ]
    superiors = [pair for pair in small.superiors(party.area) if pair[0] != party.pk]
    return forms.AdjustForm(data, origins=origins, units=offered, superiors=superiors, present=present, initial=first)


def _units(party: PartyOrganization, form: Any) -> tuple[list[Any], list[Any]]:
    """(joining, leaving) of the form."""
    if not isinstance(form, forms.AdjustForm):
        return [], []
    here = {str(u.organization_id or u.outside_name): u.organization or u.outside_name
            for u, _n in reading.units_on(party, clock.today())}  # fmt: skip
    return form.cleaned_data["joining"], [here[key] for key in form.cleaned_data.get("leaving", ()) if key in here]


def _statements(party: PartyOrganization) -> dict[str, str]:
    limits = reading.limits(party, clock.today())
    return small.statements(limits, {"joining": "PB-FORM-04", "form": "PB-FORM-03", "task_ends_on": "PB-TMP-02"})


_NOTES = {
    Change.ADJUST: gettext_lazy("只填写要改变的内容。保存后核对规则，再提交批准的党委；批复之日起生效，历史仍可查。"),
    Change.DISSOLVE: gettext_lazy("保存后页面列出撤销前须办结的事项；办结后才能批复。班子、任期、成员单位随撤销结束。"),
}


@doors.needs(*WRITERS)
@require_http_methods(small.METHODS)
def new(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """Begin an application about a party organization."""
    if what not in {str(w) for w in Change}:
        raise Http404
    party = small.seen(request, pk)
    origins, units = _origins(request, party)
    form = _form(request, party, what, origins, units, {})
    name = reading.name_of(party)

    def write() -> Reorganization:
        joining, leaving = _units(party, form)
        key = form.cleaned_data.get("applicant")
        return actions.draft(
            party=party, what=what, origin=form.cleaned_data["origin"], fields=form.told(),
            applicant=next((unit for unit in units if unit.pk == key), None), joining=joining, leaving=leaving,
            by=doors.person(request), at=clock.now(),
        )  # fmt: skip

    return small.entered(
        request, _("申请{what}").format(what=_(CHANGE_TITLES[Change(what)])), form, write, name=name,
        back=small.there(party), onward=_there, steps=[(name, small.there(party))], note=_NOTES[Change(what)],
        rules=_statements(party), sections=forms.ADJUST_SECTIONS if what == Change.ADJUST else (),
    )  # fmt: skip


def _writable(request: HttpRequest, pk: int) -> Reorganization:
    row = seen(request, pk)
    if not applying.may_write(request.user, row):
        raise PermissionDenied(str(Permission.OWN_ADJUST))
    return row


@doors.needs(*WRITERS)
@require_http_methods(small.METHODS)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the wishes anew."""
    row = _writable(request, pk)
    party = row.party_organization
    lines = list(row.units.order_by("pk"))
    named = reading.body_names(line.organization_id for line in lines)
    joining = [(line.organization_id, named.get(line.organization_id or 0, line.outside_name)) for line in lines
               if line.joins]  # fmt: skip
    carrier = reading.body_names([row.carrier_id]).get(row.carrier_id or 0, row.carrier_name)
    first = {
        "origin": row.origin, "applicant": row.applicant_id, "reason": row.reason, "name": row.name, "form": row.form,
        "branch_kind": row.branch_kind, "carrier": carrier, "task_ends_on": row.task_ends_on,
        "superior": row.superior_id or "", "members_to": row.members_to, "joining": bodies.lines_of(joining),
        "leaving": [str(line.organization_id or line.outside_name) for line in lines if not line.joins],
    }  # fmt: skip
    units = [row.applicant] if row.applicant is not None else []
    form = _form(request, party, row.what, [row.origin], units, first)

    def write() -> Reorganization:
        joins, leaves = _units(party, form)
        return actions.save(
            row=row, fields=form.told(), joining=joins, leaving=leaves, version=entries.version(request),
            by=doors.person(request), at=clock.now(),
        )  # fmt: skip

    name = reading.name_of(party)
    return small.entered(
        request, _("修改申请"), form, write, name=name, back=_there(row), version=row.version,
        steps=_steps((name, _there(row))), rules=_statements(party),
        sections=forms.ADJUST_SECTIONS if row.what == Change.ADJUST else (),
    )  # fmt: skip


@doors.needs(*WRITERS)
@require_http_methods(["POST"])
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand the application in."""
    row = _writable(request, pk)
    form = founding_forms.SubmitForm(request.POST)
    if not form.is_valid():
        return _page(request, row, bound=form, status=422)
    asker = reading.body_names([row.applicant_id]).get(row.applicant_id or 0, reading.name_of(row.party_organization))
    try:
        actions.submit(
            row=row, version=entries.version(request), received_on=form.cleaned_data.get("received_on"),
            on_behalf=form.on_behalf(asker) if applying.staff(request.user, row) else "", by=doors.person(request),
            at=clock.now(), confirmed=entries.confirmed(request),
        )  # fmt: skip
    except Refused as refused:
        return _page(request, row, told=refused.findings, bound=form, status=422)
    messages.success(request, _("已提交。"))
    return redirect(_there(row))


def _staffed(request: HttpRequest, pk: int) -> Reorganization:
    row = seen(request, pk)
    if not applying.staff(request.user, row):
        raise PermissionDenied(str(Permission.EDIT))
    return row


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Record to whom papers and seal of a dissolved party organization went."""
    row = _staffed(request, pk)
    first = {"on": row.handed_on or clock.today(), "to": row.handed_to or reading.name_of(row.approver),
             "note": row.handed_note}  # fmt: skip
    form = forms.HandForm(entries.data(request), initial=first)
    name = reading.name_of(row.party_organization)

    def write() -> Reorganization:
        return actions.hand_over(row=row, **form.cleaned_data, by=doors.person(request), at=clock.now())

    return small.entered(
        request, _("登记移交"), form, write, name=name, back=_there(row), steps=_steps((name, _there(row))),
        note=_("党组织的材料、印章、党费和物品交到哪里；清单写种类和数量。"),
    )  # fmt: skip


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the filing."""
    row = _staffed(request, pk)
    form = founding_forms.FilingForm(entries.data(request), initial={"on": clock.today()})
    name = reading.name_of(row.party_organization)

    def write() -> Reorganization:
        return actions.file(row=row, **form.cleaned_data, by=doors.person(request), at=clock.now())

    return small.entered(
        request, _("登记备案"), form, write, name=name, back=_there(row), steps=_steps((name, _there(row))),
    )  # fmt: skip
