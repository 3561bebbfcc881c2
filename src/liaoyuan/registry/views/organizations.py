"""The list of organizations: query, tree of areas, columns, selection, saved queries, call list."""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from operator import attrgetter
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from liaoyuan.core import access, clock, doors, registries, vault, zones
from liaoyuan.core.actions import filters
from liaoyuan.core.actions import reminders as reminding
from liaoyuan.core.choices import Permission as Core
from liaoyuan.core.queries import reminders
from liaoyuan.core.staging import note
from liaoyuan.kit.findings import Refused, Severity
from liaoyuan.registry.actions import exports as asking
from liaoyuan.registry.choices import (
    CREDIT_TITLES,
    DISTRICT_FIELD_TITLES,
    FIELD_TITLES,
    KIND_TITLES,
    STATUS_TITLES,
    Kind,
    Permission,
    Status,
)
from liaoyuan.registry.exports import organizations as exports
from liaoyuan.registry.forms.listing import MAIN, Asked
from liaoyuan.registry.queries import lookup
from liaoyuan.registry.queries.listing import Criteria, Line, Listing, marks_of
from liaoyuan.registry.queries.matching import dated
from liaoyuan.registry.queries.standings import PERSONAL, SECRET
from liaoyuan.ui.forms import Chip
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState, link_to

PAGE = "registry:organization_list"
#: The reminder that takes whoever was chosen from this list.
REMINDER = "registry.organizations"
#: A larger export is a job.
EXPORT_AT_ONCE = 2000
_DETAIL, _CHANGE, _NOTE = (link_to(f"registry:organization_{name}") for name in ("detail", "change", "note"))
_path = lru_cache(maxsize=16)(reverse)
_STATES = {Status.ACTIVE: "ok", Status.LIQUIDATING: "review"}
_TITLES: dict[str, Mapping[Any, str]] = {
    "kind": KIND_TITLES, "field": FIELD_TITLES, "district_field": DISTRICT_FIELD_TITLES, "credit": CREDIT_TITLES,
}  # fmt: skip


@lru_cache(maxsize=64)
def _words(group: str, language: str | None) -> dict[str, str]:
    """Codes with their words in one language: a list asks for them in each row."""
    return {str(code): _(title) for code, title in _TITLES[group].items()}


def _titled(group: str) -> Callable[[Line], str]:
    """The words of a code; an unknown code stands for itself."""
    read = attrgetter(group)

    def word(line: Line) -> str:
        code = read(line)
        return _words(group, get_language()).get(code, code) if code else ""

    return word


@lru_cache(maxsize=64)
def _state(status: str, language: str | None) -> tuple[str, str]:
    return _STATES.get(Status(status), "closed"), _(STATUS_TITLES[Status(status)])


def _status(line: Line) -> tuple[str, str]:
    return _state(line.status, get_language())


def _phone(line: Line) -> str:
    return zones.mask(PERSONAL["phone"], vault.decrypt(line.phone, purpose=SECRET["phone"])) if line.phone else ""


def _registered_on(line: Line) -> str:
    return dated(line.registered_on, marks_of(line.precision), "registered_on") or ""


COLUMNS = (
    Column("name", gettext_lazy("名称"), sortable=True, fixed=True, link=_DETAIL),
    Column("number", gettext_lazy("信用代码或备案号"), sortable=True, kind="short"),
    Column("kind", gettext_lazy("类型"), sortable=True, kind="short", value=_titled("kind")),
    Column("street", gettext_lazy("街道"), sortable=True, kind="short"),
    Column("community", gettext_lazy("社区"), default=False),
    Column("legal_representative", gettext_lazy("法定代表人"), sortable=True),
    Column("phone", gettext_lazy("联系电话"), default=False, value=_phone),
    Column("registered_on", gettext_lazy("成立日期"), sortable=True, kind="short", value=_registered_on),
    Column("supervisor", gettext_lazy("业务主管单位"), default=False),
    Column("registrar", gettext_lazy("登记管理机关"), default=False),
    Column("address", gettext_lazy("住所"), default=False),
    Column("field", gettext_lazy("行业分类"), sortable=True, default=False, value=_titled("field")),
    Column("district_field", gettext_lazy("所属领域"), default=False,
           value=_titled("district_field")),
    Column("capital_fen", gettext_lazy("注册资金（万元）"), sortable=True, default=False, kind="wan"),
    Column("full_time", gettext_lazy("专职人数"), sortable=True, default=False, kind="number"),
    Column("certificate_to", gettext_lazy("证书有效期止"), sortable=True, default=False, kind="date"),
    Column("filing_to", gettext_lazy("备案有效期至"), sortable=True, default=False, kind="date"),
    Column("rating", gettext_lazy("评估")),
    Column("credit", gettext_lazy("信用"), default=False,
           value=_titled("credit")),
    Column("status", gettext_lazy("状态"), sortable=True, kind="verdict", value=_status),
)  # fmt: skip


def criteria_of(given: QueryDict, user: Any) -> tuple[Criteria, Asked, lookup.Places]:
    """What an address asks of the list. Faulty values ask nothing."""
    asked = Asked(given)
    found = lookup.places(given, user)
    told = asked.cleaned
    group = given.get("group", "")
    criteria = Criteria(
        on=told["as_of"] or clock.today(),
        group=group if group in ("registered", "filed") else "",
        area=found.area, streets=found.streets, communities=found.communities,
        traits=tuple(told["traits"]),
        ids=() if found.unknown else None,
        **{name: told[name] for name in ("q", "kind", "status", "field", "district_field", "rating", "credit", "since",
                                         "until", "expires", "external")},
    )  # fmt: skip
    return criteria, asked, found


def selection(request: HttpRequest) -> Listing:
    """The rows that a batch operation was asked for: the ticked ones, or all that fulfil the query of the address."""
    criteria, _asked, _found = criteria_of(request.GET, request.user)
    if not request.POST.get("all_matching"):
        ids = [int(pk) for pk in request.POST.getlist("ids") if pk.isascii() and pk.isdigit() and len(pk) < 16]
        criteria = Criteria(on=criteria.on, status="all", external=True, ids=ids)
    return Listing(request.user, criteria)


#: Letters that may go to the selected organizations at once.
LETTER_TITLES = {"reminder": "催报通知", "notice": "通知"}


@doors.needs(Permission.VIEW)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Organizations within the user's reach: one page, its exact total, every state in the address."""
    criteria, asked, found = criteria_of(request.GET, request.user)
    as_of = asked.cleaned["as_of"]
    columns: Sequence[Column] = COLUMNS
    if as_of:
        columns = (replace(COLUMNS[0], link=lambda line: f"{_DETAIL(line)}?as_of={as_of.isoformat()}"), *COLUMNS[1:])
    state = TableState.from_request(request, columns, default_sort="name", per_page=50)
    order = f"-{state.sort}" if state.descending else state.sort
    fields = asked.fields()
    saved = _saved(request.user, state)
    return render(
        request,
        "registry/organization_list.html",
        {
            "title": _("社会组织"),
            "fields": [fields[name] for name in MAIN],
            "more": [field for name, field in fields.items() if name not in MAIN],
            "problems": [(fields[name].label, fields[name].errors) for name in asked.faulty],
            "unknown": found.unknown,
            "chips": _chips(request, asked, found, state),
            "saved": saved,
            "saved_links": [entry[:3] for entry in saved],
            "hidden": state.query.hidden(*fields),
            "clear": state.query(**dict.fromkeys([*fields, "area", "street", "community"])),
            "export": f"{_path('registry:organization_export')}{state.query()}",
            "calls": f"{_path('registry:organization_calls')}{state.query()}",
            "group_tabs": _tabs(state, criteria),
            "tree": lookup.tree(request.user, found.chosen, state.query),
            "table": state.table(Listing(request.user, criteria, [order]), ops=_operations(request.user), live=True),
            "as_of": as_of if as_of and as_of != clock.today() else None,
            "links": _links(request.user),
            "letters": [
                (_(LETTER_TITLES[code]), f"{reverse('registry:letters', args=[code])}{state.query()}")
                for code in LETTER_TITLES
            ]
            if access.has(request.user, Core.DOCUMENT_DRAFT)
            else [],
            "shared": f"{_path('registry:shared_change')}{state.query()}" if _writes(request.user) else "",
            "may_remind": access.has(request.user, Core.REMIND),
            "award": f"{_path('registry:honour_award')}{state.query()}",
            "may_export": access.has(request.user, Permission.EXPORT),
            "may_reveal": access.has(request.user, Core.REVEAL),
        },
        block="list",
    )


def _tabs(state: TableState, criteria: Criteria) -> list[tuple[str, str, bool, None]]:
    groups = (("", _("全部")), ("registered", _("登记的组织")), ("filed", _("备案的组织")))
    return [(title, state.query(group=code, kind=None), criteria.group == code, None) for code, title in groups]


def _chips(request: HttpRequest, asked: Asked, found: lookup.Places, state: TableState) -> list[Chip]:
    titles = {"area": _("登记机关所在区划"), "street": _("街道"), "community": _("社区")}
    words = {lookup.NONE: _("未填"), lookup.OUTSIDE: _("区外")}
    told = [
        Chip(f"{titles[name]}：{words.get(word, word)}", state.query(**{name: None})) for name, word in found.words()
    ]
    for name, label, value in asked.words():
        told.append(Chip(f"{label}：{value}" if value else label, state.query(**{name: None})))
    return told


def _saved(user: Any, state: TableState) -> list[tuple[str, str, bool, int]]:
    """The user's saved queries: name, address, whether it is the present one, key."""
    now = sorted(pair for pair in state.query.hidden() if pair[1])  # a form sends its empty fields too
    rows = lookup.saved_filters(user, PAGE)
    return [(name, f"?{query}", sorted(_pairs(query)) == now, pk) for name, query, pk in rows]


def _pairs(query: str) -> list[tuple[str, str]]:
    given = QueryDict(query)
    return [(name, value) for name, values in given.lists() for value in values]


def _operations(user: Any) -> Callable[[Line], Sequence[tuple[str, str]]] | None:
    """Row operations where the user may write: judged by the registrar's area, as the actions judge it."""
    edit, filing = access.reach(user, Permission.EDIT), access.reach(user, Permission.FILING_EDIT)
    if not edit and not filing:
        return None
    words = _("变更"), _("记电话")

    def operations(line: Line) -> Sequence[tuple[str, str]]:
        reach = filing if line.kind == Kind.BA else edit
        if reach.everything or any(line.registrar_path.startswith(path) for path in reach.paths):
            return ((words[0], _CHANGE(line)), (words[1], _NOTE(line)))
        return ()

    return operations


def _writes(user: Any) -> bool:
    return access.any_of(user, (Permission.EDIT, Permission.FILING_EDIT))


def _links(user: Any) -> dict[str, str]:
    """Addresses of the buttons above the list; empty for one that the user may not press."""
    may = access.permissions_of(user)
    imports = bool(may & {Permission.IMPORT, Permission.FILING_EDIT})
    return {
        "register": _path("registry:organization_create") if Permission.EDIT in may else "",
        "file": _path("registry:filing_create") if Permission.FILING_EDIT in may else "",
        "import": _path("core:import_list") if imports else "",
    }


@doors.needs(Permission.VIEW)
@require_POST
def save_filter(request: HttpRequest) -> HttpResponse:
    """Keep the present query under a name."""
    query = request.POST.get("query", "")[:2000].lstrip("?")
    try:
        filters.save(by=request.user, page=PAGE, name=request.POST.get("name", ""), query=query)  # type: ignore[arg-type]
        messages.success(request, _("查询已保存。"))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(f"{reverse(PAGE)}?{query}" if query else reverse(PAGE))


@doors.needs(Permission.VIEW)
@require_POST
def delete_filter(request: HttpRequest, pk: int) -> HttpResponse:
    """Drop a saved query."""
    filters.delete(by=request.user, pk=pk)  # type: ignore[arg-type]
    return redirect(PAGE)


@doors.needs(Permission.EXPORT)
@require_POST
def export(request: HttpRequest) -> HttpResponse | FileResponse:
    """Download the selected organizations, or all that fulfil the query of the address, as F01 or F02."""
    form = request.POST.get("form", "")
    kind = "filings" if request.POST.get("kind") == "filings" else "organizations"
    if form not in exports.FORMS:
        messages.error(request, _("请选择导出的格式。"))
        return redirect(f"{reverse(PAGE)}?{request.GET.urlencode()}")
    if request.POST.get("ids") or request.POST.get("all_matching"):
        listing = selection(request)
    else:
        listing = Listing(request.user, criteria_of(request.GET, request.user)[0])
    if kind == "filings":
        listing = Listing(request.user, replace(listing.criteria, group="filed"))
    told = {name: values if len(values) > 1 else values[0] for name, values in request.GET.lists() if values}
    name = exports.file_name(kind, form, listing.criteria.on)
    clear = bool(request.POST.get("clear"))  # telephone numbers whole: few rows only, so never a job
    if not clear and listing.count() > EXPORT_AT_ONCE:
        job = asking.ask(
            kind=kind, form=form, name=name, criteria=listing.criteria, filters=told, by=doors.person(request),
            at=clock.now(),
        )  # fmt: skip
        return redirect("core:job_detail", pk=job.pk)
    with tempfile.TemporaryDirectory(prefix="liaoyuan-") as folder:  # the open file outlives its name
        path = Path(folder) / f"export.{form}"
        try:
            exports.export(
                listing, kind, path=path, form=form, by=request.user, at=clock.now(), filters=told,  # type: ignore[arg-type]
                clear=clear, reason=request.POST.get("reason", ""),
            )  # fmt: skip
        except Refused as refused:
            messages.error(request, str(refused))
            return redirect(f"{reverse(PAGE)}?{request.GET.urlencode()}")
        return FileResponse(path.open("rb"), as_attachment=True, filename=name)


@doors.needs(Core.REMIND)
@require_POST
def call_list(request: HttpRequest) -> HttpResponse:
    """催办 of the selected organizations: a call list is made and opened."""
    chosen = selection(request)
    source = registries.reminders[REMINDER]
    today = clock.today()
    keys = [str(pk) for pk in chosen.ids()] if chosen.count() <= reminders.MOST else []
    try:
        if chosen.count() > reminders.MOST:
            told = _("一次最多催办 {n} 家，请缩小条件。")
            raise Refused([note("REMIND-MANY", Severity.BLOCK, told, n=reminders.MOST)])
        rows = source.owing(request.user, today, today, today, keys)
        made = reminding.make(source=source, rows=rows, by=doors.person(request), at=clock.now())
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(f"{reverse(PAGE)}?{request.GET.urlencode()}")
    return redirect("core:call_list", made.pk)
