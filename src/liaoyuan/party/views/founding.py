"""Founding a branch: the application, its roster, handing in, the founding meeting, filing."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from liaoyuan.core import access, clock, doors
from liaoyuan.core.choices import Permission as Core
from liaoyuan.core.models import Area
from liaoyuan.core.queries import documents
from liaoyuan.kit.dates import add_months
from liaoyuan.kit.findings import Finding, Refused
from liaoyuan.party.actions import ceremonies, founding
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.choices.members import AffiliationKind
from liaoyuan.party.choices.organizations import FoundingState, Standing
from liaoyuan.party.forms import founding as forms
from liaoyuan.party.models import Ceremony, Founding, PartyOrganization
from liaoyuan.party.queries import bodies, foundings
from liaoyuan.party.queries import founding as queries
from liaoyuan.party.queries import organizations as reading
from liaoyuan.party.views import small
from liaoyuan.registry.models import Organization
from liaoyuan.ui import entries
from liaoyuan.ui.forms import describe, problems
from liaoyuan.ui.pages import render

#: Who applies or handles applications.
WRITERS = (Permission.EDIT, Permission.OWN_APPLY)
READERS = (Permission.VIEW, Permission.OWN_APPLY)


def _steps(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [(_("党组织设立调整"), reverse("party:application_list")), *more]


def _there(row: Founding) -> str:
    return reverse("party:founding_detail", args=[row.pk])


def seen(request: HttpRequest, pk: int) -> Founding:
    """The application, if the user may see it; else 404."""
    rows = Founding.objects.visible_to(request.user).select_related(
        "area", "superior__area", "case", "applicant", "party_organization__area", "ceremony", "carrier", "secretary"
    )
    return get_object_or_404(rows, pk=pk)


@doors.needs(*READERS)
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The application: contents, roster, what the rules say now, the next step."""
    return _page(request, seen(request, pk))


def _page(
    request: HttpRequest, row: Founding, told: list[Finding] | None = None, bound: Any = None, status: int = 200
) -> HttpResponse:
    user, today = request.user, clock.today()
    writes = queries.may_write(user, row)
    staff = queries.staff(user, row.area)
    roster = foundings.roster_lines(row, today) if staff or access.has(user, Permission.MEMBERS_VIEW) else []
    form = bound or forms.SubmitForm()
    if not staff:
        form.fields.pop("how", None)
        form.fields.pop("received_on", None)
    draft = row.state == FoundingState.DRAFT
    asked = queries.asked(row, today, row.case) if draft or row.state == FoundingState.APPLIED else []
    return render(
        request,
        "party/founding_detail.html",
        {
            "title": row.name,
            "crumbs": small.crumbs(*_steps((row.name, ""))),
            "row": row,
            "badge": queries.state_words(row),
            "facts": foundings.facts_lines(row),
            "units": [name for _unit, name in queries.units_of(row)],
            "roster": roster,
            "heads": foundings.heads(row, today),
            "writes": writes,
            "staff": staff,
            "draft": draft,
            "next": foundings.next_words(row, staff=staff, listed=row.members.exists()),
            "convenes": access.has(user, Permission.EDIT),
            "findings": told or asked,
            "problems": problems(form, told) if told else [],
            "fields": list(describe(form, told or ()).values()),
            "asks": any(f.severity == "confirm" for f in told or ()),
            "approved": row.state == FoundingState.APPROVED and staff,
            "founded": row.state == FoundingState.FOUNDED and staff,
            "letters": documents.of_subject(user, queries.SUBJECT, row.pk)[:30],
            "drafts": access.any_of(user, (Core.DOCUMENT_DRAFT, Core.DOCUMENT_ISSUE)),
        },
        status=status,
    )


def _applicant(request: HttpRequest) -> Organization | None:
    """The body that the address names, or the user's own one."""
    key = request.GET.get("subject", "")
    rows = Organization.objects.visible_to(request.user)
    if key.isdecimal() and len(key) < 16:
        return get_object_or_404(rows, pk=int(key))
    own = access.reach(request.user, Permission.OWN_APPLY).organizations
    return rows.filter(pk=own[0]).first() if len(own) == 1 else None


def _superiors(request: HttpRequest, applicant: Organization | None) -> list[tuple[int, str]]:
    area = small.office(request, Permission.EDIT)
    if area is None and applicant is not None:
        area = Area.objects.get(pk=queries.area_of(applicant))
    return small.superiors(area) if area is not None else []


@doors.needs(*WRITERS)
@require_http_methods(small.METHODS)
def new(request: HttpRequest) -> HttpResponse:
    """Begin an application."""
    applicant = _applicant(request)
    own = not access.has(request.user, Permission.EDIT)
    if own and applicant is None:
        return _choose(request)
    superiors = _superiors(request, applicant)
    name = reading.body_names([applicant.pk]).get(applicant.pk, "") if applicant else ""
    wished = _("{name}党支部").format(name=name) if name else ""
    form = forms.FoundingForm(
        entries.data(request), superiors=superiors, fixed=own,
        initial={"applicant": name, "units": name, "name": wished},
    )  # fmt: skip

    def write() -> Founding:
        told = form.cleaned_data
        superior = small.chosen(told["superior"])
        body = told.get("applicant") or applicant
        if superior is None or body is None:
            raise Http404
        return founding.draft(
            superior=superior, applicant=body, fields=form.told(), carrier=form.carrier_body(), units=told["units"],
            by=doors.person(request), at=clock.now(),
        )  # fmt: skip

    note = _("先填写党支部的基本情况；保存后核对党员名册，再提交上级党委批复。")
    if own:
        note = _("先填写党支部的基本情况，保存后提交；党员名册由党建牵头部门核对，由上级党委批复。")
    if not superiors:
        note = _("还没有可以选择的上级党组织，请联系党建牵头部门先登记上级党委。")
    return small.entered(
        request, _("申请设立党支部"), form, write, name=name, back=reverse("party:application_list"), onward=_there,
        steps=_steps(), note=note, rules=_rules(request),
    )  # fmt: skip


def _choose(request: HttpRequest) -> HttpResponse:
    """Which of several bodies of one's own applies."""
    names = reading.body_names(access.reach(request.user, Permission.OWN_APPLY).organizations)
    if not names:
        raise PermissionDenied(str(Permission.OWN_APPLY))
    rows = sorted(names.items(), key=lambda pair: pair[1])
    return render(
        request,
        "party/founding_choose.html",
        {"title": _("申请设立党支部"), "crumbs": small.crumbs(*_steps((_("申请设立党支部"), ""))), "rows": rows},
    )


def _rules(request: HttpRequest) -> dict[str, str]:
    area = small.office(request, Permission.EDIT) or Area.objects.filter(level="district").first()
    if area is None:
        return {}
    limits = reading.limits_of(area, clock.today())
    return small.statements(limits, {"branch_kind": "PB-FORM-02", "units": "PB-FORM-04"})


def _writable(request: HttpRequest, pk: int) -> Founding:
    row = seen(request, pk)
    if not queries.may_write(request.user, row):
        raise PermissionDenied(str(Permission.EDIT))
    return row


@doors.needs(*WRITERS)
@require_http_methods(small.METHODS)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the application's facts and units anew."""
    row = _writable(request, pk)
    present = [(unit.organization_id, name) for unit, name in queries.units_of(row)]
    first = {name: getattr(row, name) for name in ("name", "branch_kind", "purpose", "transfer_due_on", "task_ends_on")}
    form = forms.FoundingForm(
        entries.data(request), superiors=small.superiors(row.area), fixed=True,
        initial={**first, "superior": row.superior_id, "units": bodies.lines_of(present),
                 "carrier": queries.carrier_of(row)},
    )  # fmt: skip

    def write() -> Founding:
        return founding.save(
            founding=row, fields=form.told(), superior=small.chosen(form.cleaned_data["superior"]),
            carrier=form.carrier_body(), units=form.cleaned_data["units"] or None, version=entries.version(request),
            by=doors.person(request), at=clock.now(),
        )  # fmt: skip

    return small.entered(
        request, _("修改申请"), form, write, name=row.name, back=_there(row), version=row.version,
        steps=_steps((row.name, _there(row))), rules=_rules(request),
    )  # fmt: skip


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def roster(request: HttpRequest, pk: int) -> HttpResponse:
    """The members of the application, offered from what is known at its units."""
    row = _writable(request, pk)
    if not queries.staff(request.user, row.area):
        raise PermissionDenied(str(Permission.MEMBERS_VIEW))
    today = clock.today()
    offered = queries.offered(row, request.user, today)
    listed = {line.member_id: line for line, _record in queries.roster_of(row)}
    months = int(reading.limits(row.superior, today).get("pb.rel.dual_months", 6))
    first = []
    for record, link, _there_already in offered:
        line = listed.get(record.member_id)
        agreed = line.consented_on if line else link.consented_on
        due = line.transfer_due_on if line else link.transfer_due_on or row.transfer_due_on
        due = due or (add_months(agreed, months) if agreed else None)
        first.append((record.member_id, {
            "standing": (line.standing if line else "") if listed else str(queries.as_whom(link)),
            "consented_on": agreed, "transfer_due_on": None if link.kind == AffiliationKind.FORMAL else due,
        }))  # fmt: skip
    lines = forms.roster_forms(entries.data(request), first)
    told: list[Finding] = []
    if request.method == "POST" and all(form.is_valid() for _key, form in lines):
        links = {record.member_id: (record.member, link) for record, link, _t in offered}
        chosen = []
        for key, form in lines:
            standing = forms.standing_of(form)
            if standing is None:
                continue
            member, link = links[key]
            chosen.append(founding.Listed(
                member, str(standing), link.organization, standing == Standing.COMMITTED or bool(link.full_time),
                form.cleaned_data["consented_on"], form.cleaned_data["transfer_due_on"],
            ))  # fmt: skip
        try:
            founding.set_roster(
                founding=row, roster=chosen, version=entries.version(request), by=doors.person(request), at=clock.now()
            )
        except Refused as refused:
            told = refused.findings
        else:
            messages.success(request, _("名册已保存。"))
            return redirect(_there(row))
    described = {key: describe(form) for key, form in lines}
    return render(
        request,
        "party/founding_roster.html",
        {
            "title": _("党员名册"),
            "crumbs": small.crumbs(*_steps((row.name, _there(row)), (_("党员名册"), ""))),
            "row": row,
            "lines": foundings.offered_lines(offered, described, today),
            "told": told,
            "version": request.POST.get("version", row.version),
            "back": _there(row),
            "statement": small.statements(reading.limits(row.superior, today), {"roster": "PB-FORM-02"}).get("roster"),
        },
        status=422 if request.method == "POST" else 200,
    )


@doors.needs(*WRITERS)
@require_http_methods(["POST"])
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand the application in."""
    row = _writable(request, pk)
    form = forms.SubmitForm(request.POST)
    if not form.is_valid():
        return _page(request, row, bound=form, status=422)
    try:
        founding.submit(
            founding=row, version=entries.version(request), received_on=form.cleaned_data.get("received_on"),
            on_behalf=form.on_behalf(reading.body_names([row.applicant_id]).get(row.applicant_id or 0, "")),
            by=doors.person(request), at=clock.now(), confirmed=entries.confirmed(request),
        )  # fmt: skip
    except Refused as refused:
        return _page(request, row, told=refused.findings, bound=form, status=422)
    messages.success(request, _("已提交。"))
    return redirect(_there(row))


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def found(request: HttpRequest, pk: int) -> HttpResponse:
    """Found the branch at a founding meeting."""
    row = seen(request, pk)
    if not queries.staff(request.user, row.area):
        raise PermissionDenied(str(Permission.EDIT))
    today = clock.today()
    party: PartyOrganization | None = row.party_organization
    if party is None or row.state != FoundingState.APPROVED:
        messages.error(request, _("批复以后才能召开成立大会。"))
        return redirect(_there(row))
    members = [(line.member_id, record.name) for line, record in queries.roster_of(row)]
    since = reading.formation(party).valid_from
    meetings = foundings.ceremony_choices(row.area, since, today)
    form = forms.FoundForm(
        entries.data(request), ceremonies=meetings, members=members, moving=foundings.would_be_moving(row, today),
        initial={"ceremony": request.GET.get("ceremony")},
    )  # fmt: skip

    def write() -> Founding:
        told = form.cleaned_data
        ceremony = get_object_or_404(Ceremony, pk=int(told["ceremony"]), area=row.area)
        lines = [line for line, _record in queries.roster_of(row) if str(line.member_id) == told["secretary"]]
        return ceremonies.found(
            founding=row, ceremony=ceremony, secretary=lines[0].member if lines else None, how=told["how"],
            source=told["source"], result_note=told["result_note"], by=doors.person(request), at=clock.now(),
            confirmed=entries.confirmed(request),
        )  # fmt: skip

    rules = small.statements(reading.limits(party, today), {"secretary": "PB-OFF-03"})
    return small.entered(
        request, _("登记成立"), form, write, name=row.name, back=_there(row), rules=rules,
        steps=_steps((row.name, _there(row))), done=_("党支部已成立。"),
        note=_("一次大会可以成立几个党支部；选举产生的，选“选举”，书记可以以后由选举结果产生。") if meetings else
        _("{since} 批复以来还没有已经召开的成立大会，请先安排成立大会。").format(since=since.isoformat()),
    )  # fmt: skip


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the filing."""
    row = seen(request, pk)
    if not queries.staff(request.user, row.area):
        raise PermissionDenied(str(Permission.EDIT))
    form = forms.FilingForm(entries.data(request), initial={"on": clock.today()})

    def write() -> Founding:
        return ceremonies.file(founding=row, **form.cleaned_data, by=doors.person(request), at=clock.now())

    return small.entered(
        request, _("登记备案"), form, write, name=row.name, back=_there(row), steps=_steps((row.name, _there(row))),
    )  # fmt: skip


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def ceremony_new(request: HttpRequest) -> HttpResponse:
    """Set a founding meeting."""
    area = small.office(request, Permission.EDIT)
    if area is None:
        raise PermissionDenied(str(Permission.EDIT))
    key = request.GET.get("founding", "")
    wanted = seen(request, int(key)) if key.isascii() and key.isdigit() and len(key) < 16 else None
    title = _("{name}成立大会").format(name=wanted.name) if wanted is not None else ""
    form = forms.CeremonyForm(entries.data(request), initial={"on": clock.today(), "title": title})

    def write() -> Ceremony:
        return ceremonies.convene(area=area, fields=form.cleaned_data, by=doors.person(request), at=clock.now())

    return small.entered(
        request, _("安排成立大会"), form, write, name=area.name, back=reverse("party:application_list"), steps=_steps(),
        onward=lambda made: reverse("party:ceremony_detail", args=[made.pk]),
    )  # fmt: skip


@doors.needs(*READERS)
@require_safe
def ceremony_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A founding meeting and the branches founded at it."""
    made = get_object_or_404(Ceremony.objects.visible_to(request.user), pk=pk)
    return render(
        request,
        "party/ceremony_detail.html",
        {
            "title": made.title,
            "crumbs": small.crumbs(*_steps((made.title, ""))),
            "ceremony": made,
            "rows": foundings.of_ceremony(made),
            "waiting": foundings.waiting(request.user) if access.has(request.user, Permission.EDIT) else [],
        },
    )
