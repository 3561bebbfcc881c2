"""Rounds: the list, planning in two steps, one round with its days, money, quotas, figures; what is done with it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaoyuan.core import clock, doors
from liaoyuan.funding.actions import rounds as actions
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.choices.rounds import RoundPhase, RoundState
from liaoyuan.funding.choices.words import POOL_SOURCE_TITLES, QUOTA_KIND_TITLES
from liaoyuan.funding.forms import rounds as forms
from liaoyuan.funding.models import Programme, Round
from liaoyuan.funding.queries import calendar, figures, limits
from liaoyuan.funding.queries import projects as listed
from liaoyuan.funding.queries import rounds as queries
from liaoyuan.funding.views import small, tabs
from liaoyuan.kit.findings import Refused
from liaoyuan.ui import entries, texts
from liaoyuan.ui.forms import chips, describe
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState, link_to

SEEN = (Permission.VIEW, Permission.OWN_VIEW, Permission.NEED_EDIT)
COLUMNS = (
    Column("title", lazy("名称"), sortable=True, fixed=True, link=link_to("funding:round_detail")),
    Column("year", lazy("年度"), sortable=True, kind="short"),
    Column("programme.name", lazy("计划")),
    Column("opens_on", lazy("申报开始"), sortable=True, kind="date"),
    Column("closes_on", lazy("申报截止"), sortable=True, kind="date"),
    Column("applied", lazy("申报"), kind="number"),
    Column("ceiling_fen", lazy("资金（万元）"), kind="wan"),
    Column("phase", lazy("情况"), kind="verdict", value=lambda row: queries.phase_words(row, clock.today())),
)


@doors.needs(*SEEN)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The rounds within sight, the latest first."""
    form = forms.RoundsForm(request.GET)
    form.is_valid()
    told, today = form.cleaned_data, clock.today()
    rows = queries.listed(request.user)
    if told.get("q"):
        rows = rows.filter(title__icontains=told["q"].strip())
    if told.get("year"):
        rows = rows.filter(year=told["year"])
    if told.get("phase"):
        rows = queries.in_phase(rows, RoundPhase(told["phase"]), today)
    state = TableState.from_request(request, COLUMNS, default_sort="-opens_on")
    may = bool(queries.programmes(request.user).exists())
    return render(request, "funding/round_list.html", {
        "title": _("公益创投"), "table": state.table(rows.order_by(*state.order_by())),
        "fields": list(describe(form).values()), "chips": chips(form, state.query),
        "hidden": state.query.hidden(*form.fields), "clear": state.query(**dict.fromkeys(form.fields)),
        "may_plan": may, "may_set_up": queries.sets_up(request.user),
    })  # fmt: skip


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def programme_new(request: HttpRequest) -> HttpResponse:
    """Set up a standing programme of one's area."""
    area = queries.office(request.user)
    if area is None:
        raise PermissionDenied(str(Permission.EDIT))
    form = forms.ProgrammeForm(small.posted(request), initial={"code": f"{area.code}-venture"})

    def write() -> Programme:
        told = dict(form.cleaned_data)
        return actions.enter_programme(
            area=area, code=told.pop("code"), fields=told, by=doors.person(request), at=clock.now()
        )

    return small.entered(
        request, _("建立资助计划"), form, write, name=area.name, back=reverse("funding:round_list"),
        onward=lambda made: reverse("funding:round_begin"),
        note=_("一个计划一年办一届或几届，如“滨湖区公益创投”。每一届的数字在筹备时选定。"),
    )  # fmt: skip


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def begin(request: HttpRequest) -> HttpResponse:
    """The first step of planning: programme, year, place; leads to the plan with proposed days."""
    rows = list(queries.programmes(request.user))
    if not rows:
        return redirect("funding:programme_new")
    today = clock.today()
    form = forms.BeginForm(
        small.posted(request), programmes=[(row.pk, row.name) for row in rows], places=queries.places(),
        initial={"year": today.year, "opens_on": today, "place": queries.place_of(rows[0].area)},
    )  # fmt: skip
    if form.is_bound and form.is_valid():
        told = form.cleaned_data
        query = f"programme={told['programme']}&year={told['year']}&place={told['place']}&opens_on={told['opens_on']}"
        return redirect(f"{reverse('funding:round_new')}?{query}")
    return entries.page(
        request, _("筹备一届"), form, (), name=_("第一步：选计划和参照方案"), back=reverse("funding:round_list"),
        crumbs=small.crumbs((_("筹备一届"), "")), button=_("下一步"),
    )  # fmt: skip


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def new(request: HttpRequest) -> HttpResponse:
    """The second step: name, call, days as the place's figures propose them in working days."""
    choice = forms.BeginForm(
        request.GET, programmes=[(row.pk, row.name) for row in queries.programmes(request.user)],
        places=queries.places(),
    )  # fmt: skip
    if not choice.is_valid():
        return redirect("funding:round_begin")
    given = choice.cleaned_data
    programme = get_object_or_404(queries.programmes(request.user), pk=given["programme"])
    blank = Round(programme=programme, year=given["year"], place=given["place"], opens_on=given["opens_on"],
                  closes_on=given["opens_on"])  # fmt: skip
    held = limits.planned(blank, blank.opens_on)
    proposed = calendar.propose(blank.opens_on, held)
    title = _("{year} 年{name}").format(year=given["year"], name=programme.name)
    form = forms.PlanForm(small.posted(request), initial={"title": title, **proposed.days})

    def write() -> Round:
        fields = {**form.cleaned_data, "year": given["year"], "place": given["place"]}
        return actions.plan(programme=programme, fields=fields, by=doors.person(request), at=clock.now())

    unsure = "、".join(str(form.fields[name].label) for name in proposed.days if name in proposed.provisional)
    note = _("日期按参照方案的工作日数推算，可以改。")
    if unsure:
        note += _("这些日期所在年度的节假日还没有公布，是暂定的：{names}。").format(names=unsure)
    return small.entered(
        request, _("筹备一届"), form, write, name=_("第二步：安排"), back=reverse("funding:round_begin"), note=note,
        onward=small.there, sections=_SECTIONS, template="funding/round_plan.html",
        figures=figures.shown(held), place_name=queries.place_title(given["place"]),
    )  # fmt: skip


_SECTIONS = (
    (lazy("公告"), ("title", "call", "practice")),
    (lazy("日程"), ("opens_on", "closes_on", "eligible_by", "review_by", "publicity_from", "publicity_to", "sign_by",
                  "runs_from", "runs_to")),
)  # fmt: skip


@doors.needs(*SEEN)
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One round: where it stands, what is still to be done, days, money, quotas, figures, needs, applications."""
    return _page(request, small.seen(request, pk))


def _page(request: HttpRequest, row: Round, told: Any = (), status: int = 200) -> HttpResponse:
    today, user = clock.today(), request.user
    runs, confirms = queries.runs(user, row), queries.confirms(user, row)
    inside = runs or confirms or queries.inside(user, row)
    planned = row.state == RoundState.PLANNED
    own, told_figures = bool(row.own_figures), figures.of_round(row)
    return render(request, "funding/round_detail.html", {
        "title": row.title, "crumbs": small.crumbs((row.title, "")), "round": row, "told": told,
        "phase": queries.phase_words(row, today), "runs": runs, "confirms": confirms, "inside": inside,
        "planned": planned, "taking": row.phase(today) == RoundPhase.OPEN,
        "steps": queries.before_opening(row) if planned and runs else [],
        "days": _days(row), "facts": _facts(row), "pools": list(row.pools.all()) if inside else [],
        "sources": {code: _(word) for code, word in POOL_SOURCE_TITLES.items()},
        "quotas": [(_(QUOTA_KIND_TITLES[line.kind]), line) for line in row.quotas.all()],
        "figures": told_figures, "main": sum(1 for line in told_figures if line.key in figures.MAIN), "own": own,
        "waits": own and row.confirmed_at is None,
        "tally": queries.tally(row) if inside else {},
        "mine": [(one, listed.state_words(one)) for one in queries.mine(user, row)],
        "may_apply": queries.may_apply(user), "may_need": queries.may_enter_needs(user, row),
        **tabs.of_round(request, row, "overview"),
    }, status=status)  # fmt: skip


def _days(row: Round) -> list[tuple[str, str, str]]:
    form = forms.PlanForm()
    names = [name for name in actions.DAYS if getattr(row, name) is not None]
    return [(str(form.fields[name].label), texts.date_long(getattr(row, name)), "") for name in names]


def _facts(row: Round) -> list[tuple[str, str, str]]:
    told = [
        (_("计划"), row.programme.name, ""), (_("年度"), str(row.year), ""),
        (_("主办单位"), row.programme.host, ""), (_("承办单位"), row.programme.organizer, ""),
        (_("依据"), row.programme.basis, ""), (_("参照方案"), queries.place_title(row.place), ""),
    ]  # fmt: skip
    if row.ended_reason:
        told.append((_("结束事由"), row.ended_reason, ""))
    return told


def run_by(request: HttpRequest, pk: int) -> Round:
    """The round, if the user runs it; 404 and 403 otherwise."""
    row = small.seen(request, pk)
    if not queries.runs(request.user, row):
        raise PermissionDenied(str(Permission.EDIT))
    return row


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the plan of a round."""
    row = run_by(request, pk)
    opened = row.state == RoundState.OPEN
    form = forms.PlanForm(
        small.posted(request), opened=opened, initial={name: getattr(row, name) for name in actions.FIELDS}
    )

    def write() -> Round:
        return actions.change(round_=row, fields=form.cleaned_data, version=entries.version(request),
                              by=doors.person(request), at=clock.now())  # fmt: skip

    note = _("已经发布：申报起止日期和本届参数不能改，截止可以延长。") if opened else ""
    return small.entered(
        request, _("修改安排"), form, write, name=row.title, back=small.there(row), version=row.version, note=note,
        steps=((row.title, small.there(row)),), sections=_SECTIONS,
    )  # fmt: skip


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def extend(request: HttpRequest, pk: int) -> HttpResponse:
    """Take applications longer."""
    row = run_by(request, pk)
    form = forms.ExtendForm(small.posted(request))

    def write() -> Round:
        return actions.extend(round_=row, **form.cleaned_data, by=doors.person(request), at=clock.now())

    return small.entered(request, _("延长申报"), form, write, name=row.title, back=small.there(row),
                         steps=((row.title, small.there(row)),))  # fmt: skip


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel a round in which nobody has applied."""
    row = run_by(request, pk)
    form = forms.ReasonForm(small.posted(request))

    def write() -> Round:
        return actions.cancel(round_=row, **form.cleaned_data, by=doors.person(request), at=clock.now())

    return small.entered(request, _("取消这一届"), form, write, name=row.title, back=small.there(row), danger=True,
                         button=_("取消这一届"), steps=((row.title, small.there(row)),))  # fmt: skip


_STEPS: dict[str, tuple[Callable[..., Round], Any]] = {
    "open": (actions.open_round, lazy("已发布，组织可以申报了。")),
    "confirm": (actions.confirm_figures, lazy("已确认本届参数。")),
}


@doors.needs(Permission.EDIT, Permission.CONFIRM)
@require_POST
def step(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Publish the call, or confirm the round's own figures."""
    row = small.seen(request, pk)
    do, done = _STEPS[code]
    try:
        do(round_=row, by=doors.person(request), at=clock.now())
    except Refused as refused:
        return _page(request, row, refused.findings, 422)
    messages.success(request, str(done))
    return redirect(small.there(row))


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def figure(request: HttpRequest, pk: int) -> HttpResponse:
    """Give one figure of this round alone another value; a second person confirms it."""
    row = run_by(request, pk)
    form = forms.FigureForm(small.posted(request), initial={"reason": row.own_reason})

    def write() -> Round:
        told = form.cleaned_data
        values = {**row.own_figures, told["key"]: told["value"]}
        return actions.propose_figures(round_=row, values=values, reason=told["reason"], by=doors.person(request),
                                       at=clock.now())  # fmt: skip

    return small.entered(
        request, _("本届参数"), form, write, name=row.title, back=small.there(row), button=_("起草"),
        steps=((row.title, small.there(row)),),
        note=_("只用于这一届，由第二人确认以后才能发布。要长期改的，请改政策参数。"),
    )  # fmt: skip


@doors.needs(Permission.EDIT)
@require_POST
def figures_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Take all figures of this round alone off."""
    row = run_by(request, pk)
    try:
        actions.propose_figures(round_=row, values={}, reason="", by=doors.person(request), at=clock.now())
    except Refused as refused:
        return _page(request, row, refused.findings, 422)
    messages.success(request, _("已去掉本届参数，按参照方案执行。"))
    return redirect(small.there(row))
