"""One plan: its figures, groups, map; who is attached, alone, uncovered; one group and why these units."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_safe
from markupsafe import Markup

from liaoyuan.core import access, doors
from liaoyuan.core.choices import Permission as Core
from liaoyuan.core.queries import jobs
from liaoyuan.kit.geo import DATUM_NAMES
from liaoyuan.party.choices.codes import Permission as Party
from liaoyuan.party.queries import organizations as parties
from liaoyuan.planning.actions import cores as weighing
from liaoyuan.planning.actions import scenarios as actions
from liaoyuan.planning.choices.codes import Permission
from liaoyuan.planning.choices.states import BENDABLE, MOVE_TITLES, MOVES, PlanState
from liaoyuan.planning.choices.words import COUNT_TITLES, MODE_TITLES, Place
from liaoyuan.planning.forms import scenarios as forms
from liaoyuan.planning.models import Plan, PlanGroup
from liaoyuan.planning.queries import (
    appointing,
    carrying,
    cores,
    differing,
    drawing,
    explaining,
    listing,
    locking,
    results,
    sight,
)
from liaoyuan.planning.queries.sight import Sight
from liaoyuan.planning.rules.bending import BLOCK_MESSAGES
from liaoyuan.planning.rules.naming import key_of
from liaoyuan.planning.views import small
from liaoyuan.ui import maps
from liaoyuan.ui.forms import chips, describe
from liaoyuan.ui.pages import render, wants_fragment
from liaoyuan.ui.tables import Column, TableState, link_to

GROUPS = (
    Column("name", lazy("组"), fixed=True, kind="markup", link=link_to("planning:group_detail"),
           value=lambda line: Markup('<span class="plan-map__badge">{}</span> {}').format(line.number, line.name)),
    Column("stable", lazy("稳定"), kind="verdict"),
    Column("units", lazy("成员单位"), default=False),
    Column("count", lazy("单位"), kind="number"),
    Column("members", lazy("党员"), value=lambda line: "*" if line.members is None else line.members),
    Column("street", lazy("街道"), kind="short"),
    Column("label", lazy("沿用的支部")),
    Column("cost", lazy("费用（米）"), kind="number"),
    Column("state", lazy("办理情况"), kind="verdict"),
)  # fmt: skip
_NAME = Column("name", lazy("组织"), fixed=True,
               link=lambda line: reverse("registry:organization_detail", args=[line.organization]))  # fmt: skip
UNCOVERED = (
    _NAME, Column("street", lazy("街道")), Column("members", lazy("党员"), kind="number"),
    Column("why", lazy("原因")), Column("cheapest", lazy("最省的办法")), Column("point", lazy("坐标")),
)  # fmt: skip
ATTACHED = (
    _NAME, Column("street", lazy("街道")), Column("members", lazy("党员"), kind="number"),
    Column("where", lazy("挂靠的支部")), Column("cost", lazy("费用（米）"), kind="number"),
    Column("point", lazy("坐标")), Column("state", lazy("办理情况"), kind="verdict"),
)  # fmt: skip
ALONE = (
    _NAME, Column("street", lazy("街道")), Column("members", lazy("党员"), kind="number"),
    Column("why", lazy("说明"), value=lambda line: line.why or _("党员已达到单独建支部的人数")),
)  # fmt: skip


@doors.needs(Permission.VIEW)
@require_safe
@maps.shown
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The plan; while the job runs its progress."""
    row = small.plan(request, pk) if Plan.objects.made().filter(pk=pk).exists() else _unmade(request, pk)
    if row.finished_at is None or wants_fragment(request):  # the box of its progress asks until it is done
        return _waiting(request, row)
    seen = sight.of(request.user, row.scenario.area)
    streets = listing.streets(row, seen)
    form = forms.GroupsForm(request.GET, streets=streets)
    told = form.cleaned_data if form.is_valid() else {}
    core = cores.of(row)
    columns = GROUPS if core is not None else tuple(one for one in GROUPS if one.key != "stable")
    state = TableState.from_request(request, columns)
    groups = listing.Groups(row, seen, q=told.get("q") or "", street=told.get("street") or "",
                            state=told.get("state") or "")  # fmt: skip
    names = parties.body_names(seen.units(row).values_list("organization_id", flat=True))
    outline = drawing.outline_of(row)
    shown = drawing.of(row, drawing.drawable(row, seen), names, outline)
    return render(request, "planning/plan_detail.html", {
        "title": small.whole_title(row), "crumbs": small.steps(row), "row": row,
        "badge": small.state_words(row), "gap": small.gap(row), "cards": _cards(row, seen), "sight": seen,
        "tabs": tabs(row, seen, "planning:plan_detail"), "fields": list(describe(form).values()),
        "chips": chips(form, state.query), "hidden": state.query.hidden(*form.fields),
        "clear": state.query(**dict.fromkeys(form.fields)),
        "table": state.table(groups, ops=_ops(request, row, bool(shown.clusters))),
        "map": shown, "outline": outline, "live": row.input.east is not None, "datum": DATUM_NAMES[maps.datum()],
        "moves": _moves(request, row), "core": cores.meaning(core) if core is not None else "",
        "weighs": _weighing(request, row) if core is None else None,
        "count": _(COUNT_TITLES[row.scenario.count]), "mode": _(MODE_TITLES[row.scenario.mode]),
        "difference": _difference(row, seen), "edits": sight.may_edit(request.user, row.scenario.area),
        "bends": _bends(request, row), "accepts": _accepts(request, row),
        "drafts": seen.whole and access.has(request.user, Core.DOCUMENT_DRAFT),
    })  # fmt: skip


def _unmade(request: HttpRequest, pk: int) -> Plan:
    rows = Plan.objects.visible_to(request.user).select_related("scenario__area", "asked_by")
    return get_object_or_404(rows, pk=pk)


def _waiting(request: HttpRequest, row: Plan) -> HttpResponse:
    job = jobs.of_subject(actions.PLAN, row.pk)
    return render(request, "planning/plan_waiting.html", {
        "title": small.whole_title(row), "crumbs": small.steps(row), "row": row,
        "badge": small.state_words(row), "job": jobs.shown(job) if job is not None else None,
    }, block="progress")  # fmt: skip


def _weighing(request: HttpRequest, row: Plan) -> dict[str, Any]:
    """What the page says of a stable core that is not there: how far its job is, whether one may ask for it."""
    job = jobs.of_subject(weighing.SUBJECT, row.pk)
    told = jobs.shown(job) if job is not None and job.state != "cancelled" else None
    running = told is not None and told.bar == "running"
    may = sight.may_edit(request.user, row.scenario.area) and row.group_count > 0 and not running
    return {"job": told, "may": may}


def _bends(request: HttpRequest, row: Plan) -> bool:
    return PlanState(row.state) in BENDABLE and sight.may_edit(request.user, row.scenario.area)


def _accepts(request: HttpRequest, row: Plan) -> bool:
    return row.state == PlanState.APPROVED and sight.may_edit(request.user, row.scenario.area)


def _ops(request: HttpRequest, row: Plan, drawn: bool) -> Any:
    accepts = _accepts(request, row)

    def ops(line: Any) -> list[tuple[str, str]]:
        found = [(_("为什么是这几家"), reverse("planning:group_detail", args=[line.pk]))]
        if drawn:
            found.append((_("在图上看"), f"#map-group-{line.number}"))
        if accepts and line.state[1] == _("未采纳"):
            found.append((_("采纳"), reverse("planning:group_accept", args=[line.pk])))
        return found

    return ops


def _moves(request: HttpRequest, row: Plan) -> list[tuple[str, str, bool]]:
    """(word, address, whether it is the main one) of what the user may do with the plan as a whole."""
    held = {
        Permission.EDIT: sight.may_edit(request.user, row.scenario.area),
        Permission.APPROVE: sight.may_approve(request.user, row.scenario.area),
    }
    return [
        (_(MOVE_TITLES[move.code]), reverse("planning:plan_move", args=[row.pk, move.code]), move.code != "return")
        for move in MOVES.values() if PlanState(row.state) in move.source and held[move.who]
    ]  # fmt: skip


def _cards(row: Plan, seen: Sight) -> list[tuple[Any, ...]]:
    """The figures, each checked; a street office is told those of the whole area without persons."""
    there = small.there(row)
    accepted, waiting = carrying.accepted(row)
    persons = _("党员 {n} 名中的 {part} 名").format(n=row.members, part=row.members_covered) if seen.whole else ""
    return [
        (_("编入的单位"), row.covered, _("/ {n} 家").format(n=row.units), "", persons),
        (_("联合党支部"), row.group_count, _("个"), "", _("其中新建 {n} 个").format(n=row.new_count)),
        (_("现在"), row.now_branches, _("个联合支部"), "", _("已编入 {n} 家").format(n=row.now_covered)),
        (_("离开现有支部"), row.moved, _("家"), "", ""),
        (_("应单独组建"), row.independent_count, _("家"), f"{there}alone/", ""),
        (_("费用"), f"{row.cost / 1000:,.1f}", _("公里"), "", small.gap(row)),
        (_("已采纳"), accepted, _("件"), "", _("其中 {n} 件还在办理").format(n=waiting) if accepted else ""),
        (_("不参加编组"), row.kept_bodies, _("家"), "", _("已有支部、保持不动或正在申请")),
    ]  # fmt: skip


def tabs(row: Plan, seen: Sight, here: str) -> list[tuple[Any, ...]]:
    """The parts of a plan's pages, with how many lie in each; of instructors how many bodies have one proposed."""
    units = seen.units(row)
    told: tuple[tuple[str, str, int | None], ...] = (
        ("planning:plan_detail", _("编组"), seen.groups(row).count()),
        ("planning:plan_attached", _("挂靠"), units.filter(place=Place.ATTACHED).count()),
        ("planning:plan_uncovered", _("没有覆盖"), units.filter(place=Place.UNCOVERED).count()),
        (
            "planning:plan_alone",
            _("单独组建和不动的"),
            units.filter(place__in=[Place.INDEPENDENT, Place.FIXED]).count(),
        ),
    )
    told = (*told, ("planning:plan_instructors", _("指导员"), appointing.placed(row, seen)))
    if row.approved_at is not None:
        told = (*told, ("planning:plan_follow", _("按季跟进"), None))
    return [(title, reverse(name, args=[row.pk]), name == here, count) for name, title, count in told]


def exports(user: Any) -> bool:
    """Whether the user takes sheets of party work away."""
    return access.has(user, Party.EXPORT)


def _difference(row: Plan, seen: Sight) -> dict[str, Any] | None:
    """What changed against the plan that this one was bent from, in words."""
    found = differing.of(row)
    if found is None or not seen.whole:
        return None
    names = parties.body_names(unit for unit, _then, _now in found.elsewhere)
    none = _("没有编入")
    return {
        "same": found.same, "before": found.before, "cost": found.cost, "earlier": row.earlier,
        "lines": [(names.get(unit, ""), f"{then}" if then else none, f"{now}" if now else none)
                  for unit, then, now in found.elsewhere[:50]],
        "many": len(found.elsewhere),
    }  # fmt: skip


def _units(
    request: HttpRequest, pk: int, name: str, title: str, places: tuple[Place, ...], columns: Any
) -> HttpResponse:
    row = small.plan(request, pk)
    if row.finished_at is None:
        raise Http404
    seen = sight.of(request.user, row.scenario.area)
    form = forms.UncoveredForm(request.GET, streets=listing.streets(row, seen))
    if Place.UNCOVERED not in places:
        del form.fields["reason"]
    told = form.cleaned_data if form.is_valid() else {}
    state = TableState.from_request(request, columns)
    rows = listing.Units(row, seen, places, q=told.get("q") or "", street=told.get("street") or "",
                         reason=told.get("reason") or "")  # fmt: skip
    accepts, bends = _accepts(request, row), _bends(request, row)

    def ops(line: Any) -> list[tuple[str, str]]:
        if accepts and Place.ATTACHED in places and line.state[1] == _("未采纳"):
            return [(_("采纳"), reverse("planning:unit_accept", args=[line.pk]))]
        if bends and not set(places) & {Place.INDEPENDENT, Place.FIXED}:
            return [(_("移到别处"), reverse("planning:unit_move", args=[line.pk]))]
        return []

    return render(request, "planning/plan_units.html", {
        "title": title, "crumbs": small.steps(row, (title, "")), "row": row, "tabs": tabs(row, seen, name),
        "fields": list(describe(form).values()), "chips": chips(form, state.query), "badge": small.state_words(row),
        "hidden": state.query.hidden(*form.fields), "clear": state.query(**dict.fromkeys(form.fields)),
        "table": state.table(rows, ops=ops if accepts or bends else None),
    })  # fmt: skip


@doors.needs(Permission.VIEW)
@require_safe
def uncovered(request: HttpRequest, pk: int) -> HttpResponse:
    """Who stays uncovered, why, and the cheapest way out."""
    return _units(request, pk, "planning:plan_uncovered", _("没有覆盖的组织"), (Place.UNCOVERED,), UNCOVERED)


@doors.needs(Permission.VIEW)
@require_safe
def attached(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is attached to which present branch."""
    return _units(request, pk, "planning:plan_attached", _("挂靠现有党支部的组织"), (Place.ATTACHED,), ATTACHED)


@doors.needs(Permission.VIEW)
@require_safe
def alone(request: HttpRequest, pk: int) -> HttpResponse:
    """Who ought to found a branch of its own, and units of present branches beyond the limits."""
    places = (Place.INDEPENDENT, Place.FIXED)
    return _units(request, pk, "planning:plan_alone", _("单独组建和保持不动的组织"), places, ALONE)


def group_seen(request: HttpRequest, pk: int) -> tuple[PlanGroup, Plan, Sight]:
    """A group that the user sees, its plan, his sight; else 404."""
    found = get_object_or_404(PlanGroup.objects.select_related("plan"), pk=pk)
    row = small.plan(request, found.plan_id)
    seen = sight.of(request.user, row.scenario.area)
    rows = seen.groups(row).select_related("street", "founding__case", "change__case", "label")
    return get_object_or_404(rows, pk=pk), row, seen


@doors.needs(Permission.VIEW)
@require_safe
def group(request: HttpRequest, pk: int) -> HttpResponse:
    """Why these units: limits, the cost lines of each, its best other place and the price, what changes."""
    found, row, seen = group_seen(request, pk)
    units = list(found.bodies.order_by("organization_id"))
    mine = {str(unit.organization_id): unit for unit in units}
    raw, plan = results.input_of(row), results.as_json(row)
    lines = explaining.group_lines(raw, plan, str(found.seat_id))
    seats, hosts = explaining.named_ids(lines)
    numbers = {str(seat): number for seat, number in row.groups.values_list("seat_id", "number")}
    names = parties.body_names([*(unit.organization_id for unit in units), *map(key_of, seats)])
    branches = parties.names([*map(key_of, hosts), found.label_id, *(unit.branch_id for unit in units)])

    def option(told: explaining.Option) -> tuple[str, str, str]:
        if told.to.seat:
            where = _("第 {n} 组（{name}）").format(n=numbers[told.to.seat], name=names.get(key_of(told.to.seat), ""))
        else:
            where = branches.get(key_of(told.to.host), "")
        blocked = "、".join(_(BLOCK_MESSAGES[code]) for code in told.blocks if code in BLOCK_MESSAGES)
        price = _("整个方案多花 {n} 米") if told.price >= 0 else _("整个方案少花 {n} 米")
        return where, price.format(n=f"{abs(told.price):,}"), blocked

    shown: list[dict[str, Any]] = [
        {
            "name": names.get(key_of(line.unit), ""), "unit": mine[line.unit], "lines": line.lines,
            "seat": line.unit == str(found.seat_id), "options": [option(told) for told in line.options],
            "members": mine[line.unit].members if seen.covers(mine[line.unit].street_id) else "*",
            "branch": branches.get(mine[line.unit].branch_id or 0, ""),
        }
        for line in lines
    ]  # fmt: skip
    core = cores.of(row)
    weighed = cores.of_groups([found]).get(found.pk)
    lock = locking.locked(row.scenario, (unit.organization_id for unit in units))
    title = _("第 {n} 组：为什么是这几家").format(n=found.number)
    return render(request, "planning/group_detail.html", {
        "title": title, "row": row, "group": found, "lines": shown, "crumbs": small.steps(row, (title, "")),
        "badge": carrying.group_words(found),
        "facts": _group_facts(found, row, raw, branches, seen, units), "lock": lock,
        "weighed": cores.told(weighed, core.variants) if core is not None and weighed is not None else None,
        "stable": cores.mark(weighed), "bends": _bends(request, row),
        "accepts": _accepts(request, row) and found.accepted_at is None,
        "application": carrying.there(found),
        "leaves": [(line["name"], line["branch"]) for line in shown
                   if line["unit"].branch_id and line["unit"].branch_id != found.label_id],
    })  # fmt: skip


def _group_facts(
    found: PlanGroup, row: Plan, raw: Any, branches: dict[int, str], seen: Sight, units: list[Any]
) -> list[tuple[str, Any, str]]:
    params = raw["params"]
    whole = all(seen.covers(unit.street_id) for unit in units)
    return [
        (_("党员"), found.members if whole else "*", _("至少 {n} 名").format(n=params["min_members"])),
        (_("单位"), found.units, _("一般不超过 {n} 个").format(n=params["max_units"])),
        (_("支部"), branches.get(found.label_id or 0, "") or _("新建，须配备书记 1 名"),
         _("沿用现有支部") if found.label_id else ""),
        (_("费用"), _("{n} 米").format(n=f"{found.cost:,}"),
         _("其中{what} {n} 米").format(what=_("沿用支部") if found.label_id else _("新建支部"),
                                   n=f"{params['f_keep' if found.label_id else 'f_new']:,}")),
        (_("还能不能更省"), _("换任何一种编法，整个方案至多再省 {n} 米").format(n=f"{row.cost - row.bound:,}"), ""),
    ]  # fmt: skip
