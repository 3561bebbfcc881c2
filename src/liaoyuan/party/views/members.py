"""The roster of members, one member's page, his own page, masked values."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from liaoyuan.core import access, clock, doors
from liaoyuan.core.queries.timeline import timeline
from liaoyuan.kit.findings import Refused
from liaoyuan.party.actions import accounts
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.choices.members import (
    AFFILIATION_TITLES,
    MEMBER_STATUS_TITLES,
    SORTED,
    STAGE_STEPS,
    STAGE_TITLES,
    TRANSFER_TITLES,
    Stage,
)
from liaoyuan.party.choices.organizations import OFFICER_HOW_TITLES, OFFICER_TITLES
from liaoyuan.party.forms import members as forms
from liaoyuan.party.models import Affiliation, Member
from liaoyuan.party.queries import dossier, listing
from liaoyuan.party.queries import members as reading
from liaoyuan.party.queries import secrets as sealed
from liaoyuan.party.queries.listing import Criteria, Line, Listing
from liaoyuan.party.views import steps
from liaoyuan.people.choices import EDUCATION_TITLES, GENDER_TITLES
from liaoyuan.registry.models import OPEN
from liaoyuan.ui.forms import chips, describe
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState

_STATUS: dict[Any, str] = {**MEMBER_STATUS_TITLES, listing.UNKNOWN: "时间不详"}
WORDS = {
    "kind": AFFILIATION_TITLES, "stage": STAGE_TITLES, "post": OFFICER_TITLES, "how": OFFICER_HOW_TITLES,
    "transfer": TRANSFER_TITLES,
}  # fmt: skip


def _titled(titles: Any, name: str) -> Any:
    return lambda line: _(titles[getattr(line, name)]) if getattr(line, name) else ""


def _years(line: Line) -> str:
    return "" if line.seniority is None else _("{n} 年").format(n=line.seniority)


COLUMNS = (
    Column("name", gettext_lazy("姓名"), sortable=True, fixed=True, link=lambda line: steps.there(line.member)),
    Column("gender", gettext_lazy("性别"), default=False, value=_titled(GENDER_TITLES, "gender")),
    Column("status", gettext_lazy("党员状态"), value=_titled(_STATUS, "status")),
    Column("party", gettext_lazy("党组织"), sortable=True),
    Column("kind", gettext_lazy("类别"), value=_titled(AFFILIATION_TITLES, "kind")),
    Column("stage", gettext_lazy("双隶属阶段"), value=_titled(STAGE_TITLES, "stage")),
    Column("posts", gettext_lazy("党内职务")),
    Column("body", gettext_lazy("所在组织")),
    Column("admitted", gettext_lazy("入党时间"), sortable=True, kind="short"),
    Column("confirmed", gettext_lazy("转正时间"), default=False, kind="short"),
    Column("seniority", gettext_lazy("党龄"), default=False, value=_years),
    Column("since", gettext_lazy("起日"), kind="date", default=False),
    Column("due", gettext_lazy("应转入日期"), kind="date", sortable=True),
    Column("full_time", gettext_lazy("专职"), kind="bool", default=False),
    Column("birth", gettext_lazy("出生年月"), default=False, kind="short"),
    Column("education", gettext_lazy("学历"), default=False, value=_titled(EDUCATION_TITLES, "education")),
    Column("job", gettext_lazy("单位及职务"), default=False),
    Column("mobile", gettext_lazy("手机"), default=False, kind="short"),
)


def query(request: HttpRequest) -> tuple[forms.ListForm, Criteria]:
    """The query form of the address and what it asks. Faulty values ask nothing."""
    known = listing.parties(request.user)
    form = forms.ListForm(request.GET, parties=[(party.pk, name) for party, name in known])
    form.is_valid()
    told = form.cleaned_data
    by_key = {party.pk: party for party, _name in known}
    return form, Criteria(
        on=clock.today(), q=told.get("q", ""), party=by_key.get(told.get("party") or 0), kind=told.get("kind", ""),
        status=told.get("status", ""), stage=told.get("stage", ""), body=told.get("body", ""),
    )  # fmt: skip


@doors.needs(Permission.MEMBERS_VIEW)
@require_safe
def members(request: HttpRequest) -> HttpResponse:
    """Members of the party organizations within reach, a line for each affiliation; sensitive values masked."""
    form, criteria = query(request)
    state = TableState.from_request(request, COLUMNS, default_sort="name", per_page=50)
    fields = describe(form)
    may = access.permissions_of(request.user)
    order = f"-{state.sort}" if state.descending else state.sort
    return render(
        request,
        "party/member_list.html",
        {
            "title": _("党员名册"),
            "fields": [fields[name] for name in forms.MAIN],
            "more": [field for name, field in fields.items() if name not in forms.MAIN],
            "problems": [(form[name].label, form.errors[name]) for name in form.errors],
            "chips": chips(form, state.query),
            "hidden": state.query.hidden(*fields),
            "clear": state.query(**dict.fromkeys(fields)),
            "table": state.table(Listing(request.user, criteria, order), live=True),
            "may_enter": Permission.MEMBERS_EDIT in may,
            "may_import": Permission.IMPORT in may,
            "may_export": Permission.EXPORT in may,
            "export": f"{reverse('party:member_export')}{state.query()}",
        },
        block="list",
    )


@doors.needs(Permission.MEMBERS_VIEW)
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One member's dossier. Opening it is a read event (PIPL; decisions, "Imports")."""
    member = steps.seen(request, pk)
    answer = _page(request, member, {})
    accounts.opened(member=member, name=reading.current(member).name, by=doors.person(request), at=clock.now())
    return answer


def _page(request: HttpRequest, member: Member, clear: dict[str, str], **more: Any) -> HttpResponse:
    found = dossier.read(member, request.user)
    if found is None:
        raise Http404
    tabs = [("story", _("大事记"), None), ("ledger", _("组织关系"), len(found.rows)),
            ("transfers", _("转接"), len(found.transfers)), ("posts", _("职务"), len(found.posts))]  # fmt: skip
    if found.whole and found.keeps:
        tabs.append(("events", _("操作记录"), None))
    tab = next((code for code, _title, _n in tabs if code == request.GET.get("tab")), "story")
    here = next((row for row in found.open if row.party_organization_id), None)
    write = access.has(request.user, Permission.MEMBERS_EDIT)
    return render(
        request,
        "party/member_detail.html",
        {
            "title": found.record.name,
            "crumbs": steps.crumbs((found.record.name, "")),
            "found": found,
            "member": member,
            "facts": dossier.facts(found, clock.today()),
            "clear": clear,
            "revealable": accounts.revealable(doors.person(request), member),
            "reveal": "party:member_reveal",
            "home": found.party_name(here) if here is not None else "",
            "write": write,
            "writable": _writable(request, found.open) if write else set(),
            "paused": any(pause.valid_to == OPEN for pause in found.pauses),
            "tab": tab,
            "tabs": [(title, steps.there(member.pk, code), code == tab, n) for code, title, n in tabs],
            "story": dossier.story(found) if tab == "story" else [],
            "entries": timeline(sealed.SUBJECT, member.pk, request.user, 50) if tab == "events" else [],
            "words": WORDS,
            "open_end": OPEN,
            **more,
        },
    )


def _writable(request: HttpRequest, rows: list[Affiliation]) -> dict[int, str]:
    """Open participations that the user may write, and whether they have a next stage ("stage") or only end ("end")."""
    found = {}
    for row in rows:
        party = row.party_organization
        if party is not None and row.kind != "formal" and access.covers(
            request.user, Permission.MEMBERS_EDIT, party, write=True
        ):  # fmt: skip
            steps_left = row.kind in list(SORTED) and STAGE_STEPS[Stage(row.stage)]
            found[row.pk] = "stage" if steps_left else "end"
    return found


@doors.needs(Permission.MEMBERS_VIEW)
@require_POST
def reveal(request: HttpRequest, pk: int, field: str) -> HttpResponse:
    """Show a masked value for a reason; it stands in this answer only."""
    member = steps.seen(request, pk)
    if field not in sealed.STAGED:
        raise Http404
    try:
        value = accounts.reveal(
            member=member, field=field, reason=request.POST.get("reason", ""), by=doors.person(request),
            at=clock.now(),
        )  # fmt: skip
    except Refused as refused:
        return _page(request, member, {}, refused=str(refused))
    return _page(request, member, {field: value})
