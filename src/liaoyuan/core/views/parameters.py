"""Policy parameters: list, history of one parameter, edit as a draft, confirmation by a second person."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaoyuan.core import access, clock, doors, policy, registries
from liaoyuan.core.actions import parameters
from liaoyuan.core.choices import ParameterOrigin, ParameterStatus, Permission
from liaoyuan.core.forms.parameters import ParameterForm, ParameterQueryForm
from liaoyuan.core.models import Parameter
from liaoyuan.core.params import ORIGIN_TITLES, SEVERITY_TITLES
from liaoyuan.core.queries import parameters as queries
from liaoyuan.core.rules.parameters import Shape, shape_of, typed, written
from liaoyuan.kit.findings import Finding, Refused
from liaoyuan.ui.forms import chips, describe, problems
from liaoyuan.ui.pager import Query
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState
from liaoyuan.ui.texts import translated


def state_of(row: Parameter) -> tuple[str, str]:
    """Verdict of a row: withdrawn, waiting for the second person, a draft of the release, confirmed."""
    if row.withdrawn_at:
        return "closed", _("已撤回")
    if row.status == ParameterStatus.CONFIRMED:
        return "ok", _("已确认")
    return "review", _("待确认") if row.origin == ParameterOrigin.LOCAL else _("草稿")


def severity_of(row: Parameter) -> str:
    """The severity of a rule's row; a mere value has none."""
    return _(SEVERITY_TITLES[row.severity]) if queries.weighs(row.key) else "—"


def _columns(names: dict[str, str], shapes: dict[str, Shape]) -> tuple[Column, ...]:
    return (
        Column("key", _("参数"), sortable=True, fixed=True,
               link=lambda row: reverse("core:parameter_detail", args=[row.key])),
        Column("title", _("名称"), value=lambda row: queries.title_of(row.key)),
        Column("jurisdiction", _("适用范围"), sortable=True, value=lambda row: names[row.jurisdiction]),
        Column("valid_from", _("起"), sortable=True, kind="date"),
        Column("valid_to", _("止（不含）"), kind="date", default=False),
        Column("value", _("值"), value=lambda row: translated(written(row.value, shapes[row.key]))),
        Column("severity", _("力度"), sortable=True, value=severity_of),
        Column("status", _("状态"), sortable=True, kind="verdict", value=state_of),
        Column("origin", _("来源"), sortable=True, value=lambda row: _(ORIGIN_TITLES[row.origin])),
        Column("source", _("依据"), default=False),
    )  # fmt: skip


@doors.needs(Permission.PARAMETER_VIEW)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """All rows in force, by rule family, place, status and origin."""
    places = queries.jurisdictions()
    names = queries.place_names(places)
    asked = ParameterQueryForm(request.GET, places=[(code, names[code]) for code in places])
    given = asked.cleaned_data if asked.is_valid() else {}
    text = given.get("q", "")
    titled = [key for key in {e["key"] for e in registries.parameters} if text and text in queries.title_of(key)]
    rows = queries.listing(
        text=text, titled=titled, family=given.get("family", ""), jurisdiction=given.get("jurisdiction", ""),
        status=given.get("status", ""), origin=given.get("origin", ""),
    )  # fmt: skip
    shapes: dict[str, Shape] = {}
    state = TableState.from_request(request, _columns(names, shapes), default_sort="key", per_page=50)
    page = state.page_of(rows.order_by(*state.order_by()))
    shapes.update({row.key: shape_of(row.key, queries.samples(row.key)) for row in page.items})
    return render(
        request,
        "core/parameter_list.html",
        {
            "title": _("政策参数"),
            "fields": list(describe(asked).values()),
            "chips": chips(asked, Query(request)),
            "table": state.table(page),
            "waiting": queries.drafts().count(),
        },
    )


def _own_place(request: HttpRequest) -> str:
    """Whose chain the reader asks for: the first area of his grants, else the whole country."""
    found = access.reach(request.user, Permission.PARAMETER_VIEW)
    return found.paths[0] if found.paths else "national"


def _known(key: str) -> Shape:
    samples = queries.samples(key)
    if not samples and not Parameter.objects.filter(key=key).exists():
        raise Http404
    return shape_of(key, samples)


@doors.needs(Permission.PARAMETER_VIEW)
@require_safe
def detail(request: HttpRequest, key: str) -> HttpResponse:
    """One parameter: what holds today, its history everywhere, the rules that read it."""
    shape = _known(key)
    today = clock.today()
    place = _own_place(request)
    chain = policy.chain(place)
    held = policy.limits(today, chain, keys=[key])
    rows = queries.history(key)
    names = queries.place_names({*(row.jurisdiction for row in rows), *chain})
    owner = registries.owner_of(key)
    editable = set(queries.writable_places(request.user, owner.edit))
    confirmable = set(queries.writable_places(request.user, owner.confirm))

    def line(row: Parameter) -> dict[str, Any]:
        waits = row.origin == ParameterOrigin.LOCAL and row.status == ParameterStatus.DRAFT and not row.withdrawn_at
        return {
            "row": row,
            "place": names[row.jurisdiction],
            "value": translated(written(row.value, shape)),
            "severity": severity_of(row),
            "origin": _(ORIGIN_TITLES[row.origin]),
            "state": state_of(row),
            "may_confirm": waits and row.jurisdiction in confirmable and row.edited_by != request.user,
            "may_withdraw": waits and row.jurisdiction in editable | confirmable,
        }

    present = held.row(key) if key in held else None
    return render(
        request,
        "core/parameter_detail.html",
        {
            "title": queries.title_of(key),
            "key": key,
            "place": names[chain[-1]] if chain[-1] in names else chain[-1],
            "present": present,
            "present_value": translated(written(present.value, shape)) if present else "",
            "present_place": names.get(present.jurisdiction, present.jurisdiction) if present else "",
            "severity": _(SEVERITY_TITLES[present.severity]) if present and queries.weighs(key) else "",
            "lines": [line(row) for row in rows],
            "readers": policy.readers(key),
            "may_edit": bool(editable),
            "trial": f"{reverse(owner.trial_url_name)}?key={key}" if owner.trial_url_name and editable else "",
            "hands": queries.hands(key),
        },
    )


@doors.needs_parameter("edit")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """Write a local draft of one parameter, starting from what holds today. For those alone who own the key."""
    shape = _known(key)
    owner = registries.owner_of(key)
    if not access.has(request.user, owner.edit):
        raise PermissionDenied(owner.edit)
    places = queries.writable_places(request.user, owner.edit)
    names = queries.place_names(places)
    today = clock.today()
    chain = policy.chain(_own_place(request))
    held = policy.limits(today, chain, keys=[key])
    initial: dict[str, Any] = {
        "jurisdiction": next((p for p in reversed(chain) if p in places), ""),
        "valid_from": today,
    }
    if key in held:
        present = held.row(key)
        initial |= {"severity": str(present.severity), "source": present.source}
        initial["value"] = present.value if shape == Shape.FEN else typed(present.value, shape)
    form = ParameterForm(
        request.POST or None,
        initial=initial,
        shape=shape,
        places=[(code, names[code]) for code in places],
        weighs=queries.weighs(key),
    )
    told: list[Finding] = []
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            parameters.edit(key=key, by=request.user, at=clock.now(), **given)  # type: ignore[arg-type]
        except Refused as refused:
            told = refused.findings
        else:
            messages.success(request, _("已存为草稿，确认之前只作提醒；请由第二人确认。"))
            return redirect("core:parameter_detail", key)
    return render(
        request,
        "core/parameter_edit.html",
        {
            "title": _("编辑参数"),
            "crumbs": [
                (_("政策参数"), reverse("core:parameter_list")),
                (queries.title_of(key), reverse("core:parameter_detail", args=[key])),
            ],
            "name": queries.title_of(key),
            "key": key,
            "fields": describe(form, told, wide=("source", "note")),
            "problems": problems(form, told),
            "readers": policy.readers(key),
        },
        status=422 if form.is_bound else 200,
    )


def _step(request: HttpRequest, pk: int, action: Callable[..., Parameter], done: str) -> HttpResponse:
    row = get_object_or_404(Parameter.objects.visible_to(request.user), pk=pk)
    try:
        action(parameter=row, by=request.user, at=clock.now())
        messages.success(request, done)
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("core:parameter_detail", row.key)


@doors.needs_parameter("confirm")
@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """The second person confirms a draft."""
    return _step(request, pk, parameters.confirm, _("已确认。"))


@doors.needs_parameter("edit", "confirm")
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a draft back."""
    return _step(request, pk, parameters.withdraw, _("已撤回。"))
