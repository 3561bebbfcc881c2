"""Scenarios: the list with the figures of their latest plans side by side, the wizard, one scenario."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_safe

from liaoyuan.core import access, clock, doors
from liaoyuan.core.models import Area
from liaoyuan.planning.actions import scenarios as actions
from liaoyuan.planning.choices.codes import Permission
from liaoyuan.planning.choices.states import PlanState
from liaoyuan.planning.choices.words import COUNT_TITLES, LOCK_TITLES, MODE_TITLES
from liaoyuan.planning.forms import scenarios as forms
from liaoyuan.planning.models import Plan, Scenario
from liaoyuan.planning.params.weights import KEY, PLAN_PARAMETER_TITLES, PRESET_TITLES, WEIGHTS
from liaoyuan.planning.queries import comparing, locking, sight, weights
from liaoyuan.planning.views import small
from liaoyuan.ui import entries
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState, link_to


def _figure(name: str) -> Any:
    return lambda row: getattr(row.last, name) if row.last is not None else None


COLUMNS = (
    Column("name", lazy("设想"), fixed=True, link=link_to("planning:scenario_detail")),
    Column("area", lazy("区划")),
    Column("on", lazy("情况日期"), kind="date"),
    Column("preset", lazy("方案取向"), value=lambda row: _(PRESET_TITLES[row.preset]).split("：", maxsplit=1)[0]),
    Column("state", lazy("状态"), kind="verdict", value=lambda row: small.state_words(row.last) if row.last else ""),
    Column("units", lazy("参加编组"), kind="number", value=_figure("units")),
    Column("now_covered", lazy("现已编入"), kind="number", value=_figure("now_covered")),
    Column("covered", lazy("方案编入"), kind="number", value=_figure("covered")),
    Column("now_branches", lazy("现有联合支部"), kind="number", value=_figure("now_branches")),
    Column("group_count", lazy("方案联合支部"), kind="number", value=_figure("group_count")),
    Column("moved", lazy("离开现有支部"), kind="number", value=_figure("moved")),
    Column("cost", lazy("费用（米）"), kind="number", value=_figure("cost")),
    Column("gap", lazy("与最优相差不超过"),
           value=lambda row: small.share(row.last.gap_ppm) if row.last and row.last.finished_at else ""),
)  # fmt: skip
PLANS = (
    Column("number", lazy("方案"), fixed=True, link=small.there, value=small.title),
    Column("state", lazy("状态"), kind="verdict", value=small.state_words),
    Column("covered", lazy("编入单位"), kind="number"),
    Column("members_covered", lazy("编入党员"), kind="number"),
    Column("group_count", lazy("联合支部"), kind="number"),
    Column("new_count", lazy("其中新建"), kind="number"),
    Column("moved", lazy("离开现有支部"), kind="number"),
    Column("cost", lazy("费用（米）"), kind="number"),
    Column("gap", lazy("与最优相差不超过"), value=lambda row: small.share(row.gap_ppm) if row.finished_at else ""),
    Column("asked_by", lazy("编制人")),
    Column("asked_at", lazy("提出时间"), kind="datetime"),
)  # fmt: skip


@doors.needs(Permission.VIEW)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The scenarios in sight, the latest first, each with the figures of its latest plan and of today beside."""
    state = TableState.from_request(request, COLUMNS)
    rows = Scenario.objects.visible_to(request.user).select_related("area").order_by("-pk")
    return render(request, "planning/scenario_list.html", {
        "title": _("覆盖编组"), "crumbs": small.crumbs()[:0], "table": state.table(comparing.Listing(rows)),
        "edits": access.has(request.user, Permission.EDIT),
    })  # fmt: skip


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def new(request: HttpRequest) -> HttpResponse:
    """Which area and day, whom to count, whom to plan, what matters; a job works it out."""
    areas = sight.areas(request.user).order_by("code")
    own = min(areas.filter(level="district"), key=lambda row: row.code, default=None) or areas.first()
    today = clock.today()
    form = forms.ScenarioForm(
        entries.data(request), areas=areas, now=weights.of_area(own, today) if own else {},
        initial={"area": own.code if own else "", "on": today},
    )  # fmt: skip

    def write() -> list[Plan]:
        told, by, at = form.cleaned_data, doors.person(request), clock.now()
        made = []
        for area in districts(told["area"]):
            row = actions.begin(
                area=area, on=told["on"], name=told["name"], count=told["count"], mode=told["mode"],
                preset=told["preset"], given=form.weights(), by=by, at=at,
            )  # fmt: skip
            made.append(actions.ask(scenario=row, by=by, at=at))
        return made

    title = _("新的编组")
    return entries.entered(
        request, title, form, write, back=reverse("planning:scenario_list"), crumbs=small.crumbs((title, "")), name="",
        button=_("开始编组"), done=_("已开始编组，算完会提醒您。"),
        onward=lambda made: small.there(made[0]) if len(made) == 1 else reverse("planning:scenario_list"),
        sections=((_("编谁"), ("area", "on", "name", "count", "mode")), (_("看重什么"), ("preset",)),
                  (_("逐项调整（不填则按方案取向）"), form.weight_names())),
        note=_("把党员不足 3 名的单位就近编成联合党支部，或者挂靠现有党支部。采纳以后形成申请，由上级批复。"),
    )  # fmt: skip


def districts(area: Area) -> list[Area]:
    """The districts that are planned for an area: itself, or those of a city."""
    if area.level in ("district", "street"):
        return [area]
    return list(Area.objects.within(area.path).live().filter(level="district").order_by("code"))


@doors.needs(Permission.VIEW)
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One scenario: what was asked, its plans side by side, the locks that hold."""
    row = small.scenario(request, pk)
    state = TableState.from_request(request, PLANS)
    plans = row.plans.select_related("asked_by").order_by("-number")
    edits = sight.may_edit(request.user, row.area)
    facts = [
        (_("区划"), row.area.name, ""), (_("哪一天的情况"), row.on.isoformat(), ""),
        (_("党员口径"), _(COUNT_TITLES[row.count]), ""), (_("编组范围"), _(MODE_TITLES[row.mode]), ""),
        (_("方案取向"), _(PRESET_TITLES[row.preset]), ""), (_("随机种子"), row.seed, ""),
    ]  # fmt: skip
    shown = [
        (_(PLAN_PARAMETER_TITLES[KEY + name]).removeprefix(_("编组：")), row.weights[name], "") for name in WEIGHTS
    ]
    shown.append((_("一组最少几名党员"), row.weights["min_members"], ""))
    return render(request, "planning/scenario_detail.html", {
        "title": row.name, "crumbs": small.crumbs((row.name, "")), "row": row, "facts": facts, "weights": shown,
        "table": state.table(plans), "edits": edits, "busy": plans.filter(state=PlanState.SOLVING.value).exists(),
        "locks": [(lock, _(LOCK_TITLES[lock.kind]), names) for lock, names in locking.lines(row)],
    })  # fmt: skip
