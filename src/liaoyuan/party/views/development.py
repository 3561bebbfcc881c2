"""People on the way into the party: the list, one's page, the application, correcting, moving, closing."""

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaoyuan.core import access, clock, doors
from liaoyuan.core.queries.timeline import timeline
from liaoyuan.kit.findings import Refused
from liaoyuan.kit.text import match_key
from liaoyuan.party.actions import applicants
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.exports import development as exports
from liaoyuan.party.forms import development as forms
from liaoyuan.party.models import Applicant, PartyOrganization
from liaoyuan.party.queries import applicants as queries
from liaoyuan.party.queries import courses, development_book, development_list, development_record
from liaoyuan.party.queries import organizations as reading
from liaoyuan.party.views import small
from liaoyuan.ui import entries
from liaoyuan.ui.forms import chips, describe
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState, link_to

COLUMNS = (
    Column("name", gettext_lazy("姓名"), sortable=True, fixed=True, link=link_to("party:applicant_detail")),
    Column("stage", gettext_lazy("阶段")),
    Column("branch", gettext_lazy("党组织")),
    Column("body", gettext_lazy("所在组织"), default=False),
    Column("applied_on", gettext_lazy("申请日期"), kind="date", sortable=True),
    Column("activist_on", gettext_lazy("积极分子"), kind="date", sortable=True, default=False),
    Column("last", gettext_lazy("最近一步"), default=False),
    Column("step", gettext_lazy("下一步")),
    Column("earliest", gettext_lazy("最早"), kind="date"),
    Column("latest", gettext_lazy("最迟"), kind="date"),
    Column("who", gettext_lazy("由谁办")),
    Column("missing", gettext_lazy("还缺")),
    Column("state", gettext_lazy("情况"), kind="verdict"),
)  # fmt: skip

BRANCHES = (Column("name", gettext_lazy("党组织"), fixed=True, link=link_to("party:applicant_new")),)


class Choice(NamedTuple):
    """A party organization to choose."""

    pk: int
    name: str


def steps(*more: tuple[str, str]) -> list[tuple[str, str]]:
    """The way to a page of this part."""
    return [(_("发展党员"), reverse("party:applicant_list")), *more]


def seen(request: HttpRequest, pk: int) -> Applicant:
    """The applicant, if the user may see him; else 404."""
    rows = Applicant.objects.visible_to(request.user).select_related("party_organization__area", "person", "member")
    return get_object_or_404(rows, pk=pk)


def there(applicant: Applicant) -> str:
    """The address of his page."""
    return reverse("party:applicant_detail", args=[applicant.pk])


def _asked(request: HttpRequest) -> tuple[forms.ListForm, development_list.Criteria]:
    form = forms.ListForm(request.GET)
    form.is_valid()
    told = form.cleaned_data
    below = request.GET.get("below", "")
    return form, development_list.Criteria(
        on=clock.today(), q=told.get("q", ""), stage=told.get("stage", ""), state=told.get("state") or "open",
        below=int(below) if below.isascii() and below.isdigit() and len(below) < 16 else None,
    )  # fmt: skip


@doors.needs(Permission.MEMBERS_VIEW)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """People on the way, with the next step of each."""
    form, criteria = _asked(request)
    state = TableState.from_request(request, COLUMNS, default_sort="applied_on", per_page=50)
    order = f"-{state.sort}" if state.descending else state.sort
    fields = describe(form)
    may = access.permissions_of(request.user)
    return render(
        request,
        "party/applicant_list.html",
        {
            "title": _("发展党员"),
            "crumbs": small.crumbs((_("发展党员"), "")),
            "fields": [fields[name] for name in forms.MAIN],
            "problems": [(form[name].label, form.errors[name]) for name in form.errors if name in fields],
            "chips": chips(form, state.query),
            "hidden": state.query.hidden(*fields),
            "clear": state.query(**dict.fromkeys([*fields, "below"])),
            "table": state.table(development_list.Listing(request.user, criteria, order), live=True),
            "below": reading.names([criteria.below]).get(criteria.below or 0, ""),
            "without_below": state.query(below=None),
            "state": criteria.state,
            "may_enter": Permission.MEMBERS_EDIT in may,
            "may_plan": Permission.VIEW in may,
            "may_import": Permission.IMPORT in may,
            "may_export": Permission.EXPORT in may and development_book.exported("applied_on"),
            "export": f"{reverse('party:applicant_export')}?{request.GET.urlencode()}",
        },
        block="list",
    )


@doors.needs(Permission.EXPORT)
@require_POST
def export(request: HttpRequest) -> HttpResponse | FileResponse:
    """F07 of all people that fulfil the query of the address."""
    _form, criteria = _asked(request)
    kind, today = request.POST.get("form", ""), clock.today()
    with tempfile.TemporaryDirectory(prefix="liaoyuan-") as folder:  # the open file outlives its name
        path = Path(folder) / f"export.{kind if kind in exports.FORMS else 'none'}"
        try:
            exports.write(
                development_list.Listing(request.user, criteria).every(), path=path, form=kind,
                by=doors.person(request), at=clock.now(), on=today,
            )  # fmt: skip
        except Refused as refused:
            messages.error(request, str(refused))
            return redirect(f"{reverse('party:applicant_list')}?{request.GET.urlencode()}")
        return FileResponse(path.open("rb"), as_attachment=True, filename=f"{_('发展党员进度表')}{today}.{kind}")


@doors.needs(Permission.MEMBERS_VIEW)
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: twenty-five steps in five stages, what comes next and why, what is late."""
    applicant = seen(request, pk)
    today = clock.today()
    found = development_record.read(applicant, today, request.user)
    return render(
        request,
        "party/applicant_detail.html",
        {
            "title": found.course.record.name,
            "crumbs": small.crumbs(*steps((found.course.record.name, ""))),
            "record": found,
            "applicant": applicant,
            "stage": development_list.stage_word(applicant),
            "over": development_list.closed_word(applicant),
            "write": development_record.may_edit(request.user, applicant),
            "moves": applicant.member_id is None and 15 not in found.course.steps,
            "story": timeline(queries.SUBJECT, str(applicant.pk), request.user),
        },
    )


def _party(request: HttpRequest, pk: int) -> PartyOrganization:
    rows = PartyOrganization.objects.living().visible_to(request.user).select_related("area")
    party = get_object_or_404(rows, pk=pk)
    if not access.covers(request.user, Permission.MEMBERS_EDIT, party, write=False):
        raise PermissionDenied(str(Permission.MEMBERS_EDIT))
    return party


def _without() -> list[str]:
    """Fields that this zone does not hold."""
    told = [name for name, code in queries.PERSONAL.items() if not queries.holds(code)]
    return told if queries.holds(queries.PAPERS) else [*told, "evidence"]


def branches(request: HttpRequest, *, without: Iterable[int] = ()) -> list[tuple[int, str]]:
    """Living party organizations whose people the user writes, by name."""
    rows = PartyOrganization.objects.living().reached_by(request.user, Permission.MEMBERS_EDIT)
    keys = rows.exclude(pk__in=list(without)).values_list("pk", flat=True)
    return sorted(reading.names(keys).items(), key=lambda pair: pair[1])


@doors.needs(Permission.MEMBERS_EDIT)
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """At which party organization the application was handed in."""
    form = forms.BranchForm(request.GET)
    wanted = match_key(form.cleaned_data["q"]) if form.is_valid() else ""
    found = [Choice(key, name) for key, name in branches(request) if wanted in match_key(name)]
    state = TableState.from_request(request, BRANCHES, per_page=50)
    fields = describe(form)
    return render(
        request,
        "party/applicant_choose.html",
        {
            "title": _("登记入党申请"),
            "crumbs": small.crumbs(*steps((_("登记入党申请"), ""))),
            "fields": list(fields.values()),
            "chips": chips(form, state.query),
            "hidden": state.query.hidden(*fields),
            "clear": state.query(**dict.fromkeys(fields)),
            "table": state.table(found, live=True),
        },
        block="list",
    )


@doors.needs(Permission.MEMBERS_EDIT)
@require_http_methods(small.METHODS)
def new(request: HttpRequest, party: int) -> HttpResponse:
    """Enter an own application."""
    at = _party(request, party)
    name = reading.name_of(at)
    form = forms.ApplicantForm(small.given(request), without=_without())
    limits = reading.limits(at, clock.today())

    def write() -> Applicant:
        told = form.cleaned_data
        return applicants.apply(
            party=at, fields=form.told(), on=told["on"], organization=told["organization"],
            evidence=told.get("evidence", ""), by=doors.person(request), at=clock.now(),
            confirmed=entries.confirmed(request),
        )  # fmt: skip

    return small.entered(
        request, _("登记入党申请"), form, write, name=name, back=reverse("party:applicant_list"), onward=there,
        steps=steps(), rules=small.statements(limits, {"birth": "PB-DEV-01", "on": "PB-DEV-02"}),
        note=_("凭本人写明日期的入党申请书登记。不登记申请书、谈话和思想汇报的内容。"),
    )  # fmt: skip


def writable(request: HttpRequest, pk: int) -> Applicant:
    """The applicant, for who writes what is told of him; else 404 or 403."""
    applicant = seen(request, pk)
    if not development_record.may_edit(request.user, applicant):
        raise PermissionDenied(str(Permission.MEMBERS_EDIT))
    return applicant


@doors.needs(Permission.MEMBERS_EDIT)
@require_http_methods(small.METHODS)
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct what is told."""
    applicant = writable(request, pk)
    record = courses.of(applicant).record
    body = reading.body_names([applicant.organization_id]).get(applicant.organization_id or 0, "")
    first = {name: getattr(record, name) for name in applicants.FIELDS}
    form = forms.ApplicantForm(
        small.given(request), without={*_without(), "on", "evidence", "id_number"},
        initial={**first, "organization": body},
    )  # fmt: skip
    if "birth" in form.fields:
        form.fields["birth"].required = False
        form.fields["birth"].help_text = _("不填则保留原来的日期")

    def write() -> Applicant:
        return applicants.correct(
            applicant=applicant, fields=form.told(), organization=form.cleaned_data["organization"],
            version=entries.version(request), by=doors.person(request), at=clock.now(),
        )  # fmt: skip

    return small.entered(
        request, _("更正资料"), form, write, name=record.name, back=there(applicant), version=applicant.version,
        steps=steps((record.name, there(applicant))),
    )  # fmt: skip


@doors.needs(Permission.MEMBERS_EDIT)
@require_http_methods(small.METHODS)
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """The papers follow to another branch."""
    applicant = writable(request, pk)
    name = courses.of(applicant).record.name
    offered = branches(request, without=[applicant.party_organization_id])
    form = forms.MoveForm(small.given(request), parties=offered, initial={"on": clock.today()})

    def write() -> Applicant:
        told = form.cleaned_data
        return applicants.move(
            applicant=applicant, party=_party(request, int(told["party"])), on=told["on"],
            organization=told["organization"], version=entries.version(request), by=doors.person(request),
            at=clock.now(),
        )  # fmt: skip

    note = _("培养教育时间连续计算，材料随之转入。转出、转入的党组织都由您管理时才能办理；否则请上级党组织办理。")
    return small.entered(
        request, _("转到另一党支部"), form, write, name=name, back=reverse("party:applicant_list"),
        version=applicant.version, steps=steps((name, there(applicant))), note=note,
    )  # fmt: skip


@doors.needs(Permission.MEMBERS_EDIT)
@require_http_methods(small.METHODS)
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """The way ends before membership."""
    applicant = writable(request, pk)
    name = courses.of(applicant).record.name
    form = forms.CloseForm(small.given(request), initial={"on": clock.today()})

    def write() -> Applicant:
        return applicants.close(
            applicant=applicant, **form.cleaned_data, version=entries.version(request), by=doors.person(request),
            at=clock.now(),
        )  # fmt: skip

    return small.entered(
        request, _("结束培养"), form, write, name=name, back=there(applicant), version=applicant.version, danger=True,
        steps=steps((name, there(applicant))), button=_("结束培养"), note=_("只记日期和事由，不记评价。"),
    )  # fmt: skip
