"""The list of party organizations, one's page, entering, adjusting, its units, dissolving it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from liaoyuan.core import access, clock, doors
from liaoyuan.core.queries.timeline import timeline
from liaoyuan.party.actions import organizations
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.choices.organizations import Form
from liaoyuan.party.forms import organizations as forms
from liaoyuan.party.models import PartyOrganization
from liaoyuan.party.queries import applications, bodies, directory, groups, record, reorganizing, terms
from liaoyuan.party.queries import organizations as reading
from liaoyuan.party.views import small
from liaoyuan.ui import entries
from liaoyuan.ui.forms import chips, describe
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState, link_to

COLUMNS = (
    Column("name", gettext_lazy("名称"), sortable=True, fixed=True, link=link_to("party:organization_detail")),
    Column("form", gettext_lazy("层级"), sortable=True),
    Column("kind", gettext_lazy("组建形式"), sortable=True),
    Column("superior", gettext_lazy("上级党组织"), sortable=True),
    Column("units", gettext_lazy("成员单位"), kind="number"),
    Column("formal", gettext_lazy("正式党员（组织关系在此）"), kind="number"),
    Column("probationary", gettext_lazy("预备党员"), kind="number", default=False),
    Column("committed", gettext_lazy("同意转入"), kind="number", default=False),
    Column("dual", gettext_lazy("双隶属"), kind="number"),
    Column("secretary", gettext_lazy("书记"), kind="short"),
    Column("term_due", gettext_lazy("届满"), kind="date"),
    Column("since", gettext_lazy("自"), kind="date", sortable=True, default=False),
    Column("state", gettext_lazy("情况"), kind="verdict",
           value=lambda line: ("review", _("转接中")) if line.moving else None),
    Column("area", gettext_lazy("所属区划"), default=False),
)  # fmt: skip


@doors.needs(*small.SEEN)
@require_safe
def listing_page(request: HttpRequest) -> HttpResponse:
    """Party organizations within reach on a day."""
    form = forms.ListForm(request.GET)
    form.is_valid()
    told = form.cleaned_data
    below = request.GET.get("below", "")
    criteria = directory.Criteria(
        on=told.get("as_of") or clock.today(), q=told.get("q", ""), form=told.get("form", ""),
        kind=told.get("kind", ""), state=told.get("state") or "live", area=forms.area_of(told.get("area", "")),
        below=int(below) if below.isascii() and below.isdigit() and len(below) < 16 else None,
    )  # fmt: skip
    state = TableState.from_request(request, COLUMNS, default_sort="name", per_page=50)
    order = f"-{state.sort}" if state.descending else state.sort
    fields = describe(form)
    may = access.permissions_of(request.user)
    return render(
        request,
        "party/organization_list.html",
        {
            "title": _("党组织"),
            "fields": [fields[name] for name in forms.MAIN],
            "more": [field for name, field in fields.items() if name not in forms.MAIN],
            "problems": [(form[name].label, form.errors[name]) for name in form.errors if name in fields],
            "chips": chips(form, state.query),
            "hidden": state.query.hidden(*fields),
            "clear": state.query(**dict.fromkeys([*fields, "below"])),
            "table": state.table(directory.Listing(request.user, criteria, order), live=True),
            "below": reading.names([criteria.below]).get(criteria.below or 0, ""),
            "without_below": state.query(below=None),
            "as_of": criteria.on if criteria.on != clock.today() else None,
            "may_enter": Permission.EDIT in may,
            "may_apply": bool(may & {Permission.EDIT, Permission.OWN_APPLY}),
        },
        block="list",
    )


@doors.needs(*small.SEEN)
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One party organization: facts at left, units, officers, what stands below, what happened."""
    party = small.seen(request, pk)
    today = clock.today()
    on, wrong = small.day(request.GET.get("as_of", ""), today)
    found = record.read(party, on, request.user)
    user: Any = request.user
    return render(
        request,
        "party/organization_detail.html",
        {
            "title": found.formation.name,
            "crumbs": small.crumbs((found.formation.name, "")),
            "record": found,
            "party": party,
            "on": on,
            "today": today,
            "wrong": wrong,
            "write": record.may_edit(user, party),
            "dissolves": party.dissolved_on is None and reading.leads(user, Permission.APPROVE, party),
            "applies": party.dissolved_on is None
            and (reading.leads(user, Permission.EDIT, party) or reorganizing.applies(user, party)),
            "applications": applications.of_party(party, user),
            "groups": groups.of_branch(party, on) if found.formation.form == Form.BRANCH else [],
            "story": timeline(reading.SUBJECT, str(party.pk), user),
            "roster": access.covers(user, Permission.MEMBERS_VIEW, party, write=False),
            "leads": terms.may_lead(user, party),
            "running": any(term.ended_on is None for term in found.terms),
            "last_day": terms.last_day,
            "branch": found.formation.form == Form.BRANCH,
            "keeps": access.covers(user, Permission.LIFE_EDIT, party, write=False),
        },
    )


def _writable(request: HttpRequest, pk: int, permission: Permission = Permission.EDIT) -> PartyOrganization:
    party = small.seen(request, pk)
    if not access.covers(request.user, permission, party, write=False):
        raise PermissionDenied(str(permission))
    return party


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def new(request: HttpRequest) -> HttpResponse:
    """Enter a party organization that stands already, or that a superior sets up by itself."""
    area = small.office(request, Permission.EDIT, request.GET.get("area", ""))
    if area is None:
        raise PermissionDenied(str(Permission.EDIT))
    form = forms.OrganizationForm(entries.data(request), superiors=small.superiors(area))
    limits = reading.limits_of(area, clock.today())

    def write() -> PartyOrganization:
        told = form.cleaned_data
        return organizations.enter(
            area=area, fields=form.told(), superior=small.chosen(told["superior"]), units=told["units"],
            start=told["start"], established_on=told["established_on"] or told["start"],
            regular_on=told["established_on"] or told["start"], by=doors.person(request), at=clock.now(),
            confirmed=entries.confirmed(request),
        )  # fmt: skip

    return small.entered(
        request, _("登记党组织"), form, write, name=area.name, back=reverse("party:organization_list"),
        onward=small.there, rules=small.statements(limits, {"units": "PB-FORM-04", "task_ends_on": "PB-TMP-02"}),
        note=_("登记已经成立的党组织，或上级直接设立的党组织。新设立的党支部请走“申请设立党支部”。"),
    )  # fmt: skip


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Adjust it from a day on."""
    party = _writable(request, pk)
    row = reading.formation(party)
    names = ("name", "form", "branch_kind", "superior_name", "evidence", "approved_on", "term_months", "task_ends_on",
             "may_transfer")  # fmt: skip
    carrier = reading.body_names([row.carrier_id]).get(row.carrier_id or 0, row.carrier_name)
    first = {name: getattr(row, name) for name in names}
    offered = [pair for pair in small.superiors(party.area) if pair[0] != party.pk]
    form = forms.ChangeForm(
        entries.data(request), superiors=offered,
        initial={**first, "carrier": carrier, "superior": row.superior_id or "", "start": clock.today()},
    )  # fmt: skip

    def write() -> PartyOrganization:
        return organizations.change(
            party=party, fields=form.told(), superior=small.chosen(form.cleaned_data["superior"]),
            on=form.cleaned_data["start"], version=entries.version(request), by=doors.person(request), at=clock.now(),
            confirmed=entries.confirmed(request),
        )  # fmt: skip

    return small.entered(
        request, _("调整党组织"), form, write, name=row.name, back=small.there(party), version=party.version,
        steps=[(row.name, small.there(party))],
    )  # fmt: skip


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def units(request: HttpRequest, pk: int) -> HttpResponse:
    """The units it covers from a day on."""
    party = _writable(request, pk)
    today = clock.today()
    name = reading.formation(party).name
    present = [(unit.organization_id, told) for unit, told in reading.units_on(party, today)]
    form = forms.UnitsForm(entries.data(request), initial={"units": bodies.lines_of(present), "on": today})

    def write() -> PartyOrganization:
        told = form.cleaned_data
        return organizations.set_units(
            party=party, units=told["units"], on=told["on"], evidence=told["evidence"],
            evidence_on=told["evidence_on"], version=entries.version(request), by=doors.person(request),
            at=clock.now(), confirmed=entries.confirmed(request),
        )  # fmt: skip

    rules = small.statements(reading.limits(party, today), {"units": "PB-FORM-04"})
    return small.entered(
        request, _("成员单位"), form, write, name=name, back=small.there(party), version=party.version, rules=rules,
        steps=[(name, small.there(party))],
    )  # fmt: skip


@doors.needs(Permission.APPROVE)
@require_http_methods(small.METHODS)
def dissolve(request: HttpRequest, pk: int) -> HttpResponse:
    """Dissolve it."""
    party = _writable(request, pk, Permission.APPROVE)
    if not reading.leads(request.user, Permission.APPROVE, party):
        raise PermissionDenied(str(Permission.APPROVE))
    name = reading.formation(party).name
    form = forms.DissolveForm(entries.data(request), initial={"on": clock.today()})

    def write() -> PartyOrganization:
        return organizations.dissolve(
            party=party, **form.cleaned_data, version=entries.version(request), by=doors.person(request),
            at=clock.now(),
        )  # fmt: skip

    return small.entered(
        request, _("撤销党组织"), form, write, name=name, back=small.there(party), version=party.version, danger=True,
        steps=[(name, small.there(party))], button=_("撤销"),
        note=_("用于补记系统外已批准的撤销；新的撤销请从“申请撤销”办理。党员、转接、党费、阵地须先办结，撤销后历史仍可查。"),
    )  # fmt: skip
