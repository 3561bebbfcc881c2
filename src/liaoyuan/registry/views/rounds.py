"""Rounds of ratings: the list, one round with its bodies, opening and changing it, its steps."""

from collections.abc import Callable, Sequence
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
from liaoyuan.kit.findings import Finding, Refused, Severity
from liaoyuan.registry.actions import rating_rounds as actions
from liaoyuan.registry.choices import KIND_TITLES, EntryState, Permission, RoundStage
from liaoyuan.registry.forms import ratings as forms
from liaoyuan.registry.models import RatingEntry, RatingRound
from liaoyuan.registry.params.ratings import ENTRY_TITLES, STAGE_TITLES
from liaoyuan.registry.queries import ratings as queries
from liaoyuan.registry.rules import rounds as rules
from liaoyuan.ui.forms import describe, problems
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState, link_to

METHODS = ["GET", "HEAD", "POST"]
SEEN = (Permission.VIEW, Permission.RATING_OWN)
_MARKS = {RoundStage.CLOSED: "closed", RoundStage.PUBLICITY: "review", RoundStage.AWARD: "review"}
_ENTRY_MARKS = {
    EntryState.DRAFT: "review", EntryState.SUBMITTED: "review", EntryState.DECIDED: "ok", EntryState.AWARDED: "ok",
    EntryState.WITHDRAWN: "closed",
}  # fmt: skip


def crumb() -> tuple[str, str]:
    """The first step of the way."""
    return _("等级评估"), reverse("registry:round_list")


def short_form(
    request: HttpRequest, title: str, note: str, form: Any, told: Sequence[Finding], back: str,
    crumbs: Sequence[tuple[str, str]], *, button: str = "", danger: bool = False, rules: dict[str, str] | None = None,
) -> HttpResponse:  # fmt: skip
    """A page with one short form."""
    fields = describe(form, told, rules=rules)
    return render(
        request,
        "registry/organization_entry.html",
        {
            "title": title, "name": note, "crumbs": [*crumbs, (title, "")], "fields": list(fields.values()),
            "problems": problems(form, told), "back": back, "quick": (),
            "button": button or _("保存"), "danger": danger,
            "loose": [f for f in told if f.field not in fields and f.severity in (Severity.WARN, Severity.INFO)],
            "asks": any(f.severity == Severity.CONFIRM for f in told),
        },
        status=422 if form.is_bound else 200,
    )  # fmt: skip


def state_of(entry: RatingEntry) -> tuple[str, str]:
    """Mark and word of an entry's state."""
    state = EntryState(entry.state)
    return _ENTRY_MARKS[state], _(ENTRY_TITLES[state])


def _stage(round_: RatingRound) -> tuple[str, str]:
    now = queries.stage(round_, clock.today())
    return _MARKS.get(now, "ok"), _(STAGE_TITLES[now])


COLUMNS = (
    Column("title", lazy("名称"), sortable=True, fixed=True, link=link_to("registry:round_detail")),
    Column("year", lazy("年度"), sortable=True, kind="short"),
    Column("area.name", lazy("区划"), kind="short"),
    Column("called_on", lazy("通知"), sortable=True, kind="date"),
    Column("assess_until", lazy("自评截止"), sortable=True, kind="date"),
    Column("review_on", lazy("评审会"), sortable=True, kind="date"),
    Column("bodies", lazy("参评"), kind="number"),
    Column("awarded", lazy("已授予"), kind="number"),
    Column("stage", lazy("阶段"), kind="verdict", value=_stage),
)


@doors.needs(*SEEN)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The rounds within the user's reach, the latest first."""
    state = TableState.from_request(request, COLUMNS, default_sort="-called_on")
    rows = queries.counted(RatingRound.objects.visible_to(request.user).select_related("area"))
    runs = bool(queries.places(request.user))
    return render(
        request, "registry/round_list.html",
        {"title": _("等级评估"), "table": state.table(rows.order_by(*state.order_by())), "runs": runs},
    )  # fmt: skip


def seen(request: HttpRequest, pk: int) -> RatingRound:
    """The round, if the user may see it."""
    return get_object_or_404(RatingRound.objects.visible_to(request.user).select_related("area"), pk=pk)


def run_by(request: HttpRequest, pk: int) -> RatingRound:
    """The round, if the user runs it; 404 and 403 otherwise."""
    found = seen(request, pk)
    if not queries.runs(request.user, found):
        raise PermissionDenied
    return found


@doors.needs(Permission.RATING_MANAGE)
@require_http_methods(METHODS)
def create(request: HttpRequest) -> HttpResponse:
    """Open a round."""
    places = queries.places(request.user)
    today = clock.today()
    initial = {"year": today.year, "title": _("{year}年社会组织等级评估").format(year=today.year)}
    form = forms.RoundForm(request.POST or None, areas=[(a.code, a.name) for a in places], initial=initial)
    told: list[Finding] = []
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            made = actions.open_round(
                area=next(a for a in places if a.code == given["area"]), year=given["year"], number=given["number"],
                title=given["title"], dates=form.dates(), members=given["members"], by=doors.person(request),
                at=clock.now(),
            )  # fmt: skip
        except Refused as refused:
            told = refused.findings
        else:
            messages.success(request, _("已开始，可以让组织自评了。"))
            return redirect("registry:round_detail", made.pk)
    note = _("开始时抄下当天的分数线、公示天数和通过票数，以后参数变了也不影响这一批。")
    return short_form(request, _("开始一批评估"), note, form, told, reverse("registry:round_list"), [crumb()],
                      button=_("开始"))  # fmt: skip


@doors.needs(Permission.RATING_MANAGE)
@require_http_methods(METHODS)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the dates of a round."""
    round_ = run_by(request, pk)
    names = ("title", "called_on", "assess_until", "visits_from", "visits_until", "review_on", "members")
    form = forms.RoundForm(request.POST or None, initial={name: getattr(round_, name) for name in names})
    told: list[Finding] = []
    there = reverse("registry:round_detail", args=[pk])
    if form.is_bound and form.is_valid():
        try:
            actions.change_round(
                round_=round_, title=form.cleaned_data["title"], dates=form.dates(),
                members=form.cleaned_data["members"], by=doors.person(request), at=clock.now(),
            )  # fmt: skip
        except Refused as refused:
            told = refused.findings
        else:
            messages.success(request, _("已保存。"))
            return redirect(there)
    return short_form(request, _("修改评估安排"), str(round_), form, told, there, [crumb(), (str(round_), there)])


def _entry_columns(round_: RatingRound, *, scores: bool) -> tuple[Column, ...]:
    def mean(entry: RatingEntry) -> str:
        return rules.written(rules.mean(entry.expert_sum, entry.expert_count))

    def proposed(entry: RatingEntry) -> str:
        return rules.proposed(round_.levels, entry.expert_sum, entry.expert_count)

    own = (
        Column("name", _("组织"), sortable=True, fixed=True, link=link_to("registry:rating_entry")),
        Column("kind", _("类型"), kind="short", value=lambda entry: _(KIND_TITLES[entry.kind])),
        Column("state", _("状态"), sortable=True, kind="verdict", value=state_of),
        Column("self_tenths", _("自评分"), sortable=True, kind="short", value=lambda e: rules.written(e.self_tenths)),
    )
    if not scores:
        return (*own, Column("level", _("等级"), kind="short"))
    return (
        *own,
        Column("expert_count", _("完成评分"), kind="number"),
        Column("mean", _("专家平均分"), kind="short", value=mean),
        Column("proposed", _("按分数"), kind="short", value=proposed),
        Column("level", _("评审等级"), sortable=True, kind="short"),
    )


@doors.needs(*SEEN)
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One round: its dates and figures, its bodies, the next step."""
    round_ = seen(request, pk)
    runs = queries.runs(request.user, round_)
    scores = bool(runs or round_.publicity_from)
    state = TableState.from_request(request, _entry_columns(round_, scores=scores), default_sort="name", per_page=50)
    rows = RatingEntry.objects.filter(round=round_).visible_to(request.user).with_names()
    stage = queries.stage(round_, clock.today())
    return render(
        request,
        "registry/round_detail.html",
        {
            "title": str(round_), "crumbs": [crumb()], "round": round_, "stage": _stage(round_), "now": stage,
            "runs": runs and stage != RoundStage.CLOSED, "facts": _facts(round_), "figures": _figures(round_),
            "table": state.table(rows.order_by(*state.order_by())), "today": clock.today(),
            "may_enter": stage == RoundStage.CALL and (runs or _own_bodies(request, round_)),
            "may_publish": runs and stage == RoundStage.REVIEW, "may_award": runs and stage == RoundStage.AWARD,
            "may_change": runs and round_.publicity_from is None,
            "publish": describe(forms.DayForm(initial={"on": clock.today()}, label=_("公示开始日期"))),
            "award": describe(forms.AwardForm(initial={"on": clock.today()})),
        },
    )  # fmt: skip


def _own_bodies(request: HttpRequest, round_: RatingRound) -> list[tuple[str, str]]:
    return [(str(row.organization_id), row.name) for row in queries.own_bodies(request.user, round_)]


def _facts(round_: RatingRound) -> list[tuple[str, Any, str]]:
    until = round_.publicity_until
    return [
        (_("通知"), round_.called_on.isoformat(), ""),
        (_("自评截止"), round_.assess_until.isoformat(), ""),
        (_("实地考察"), _("{a} 至 {b}").format(a=round_.visits_from.isoformat(), b=round_.visits_until.isoformat()),
        ""),
        (_("评审会"), round_.review_on.isoformat(), ""),
        (_("公示"), _("{a} 至 {b}").format(a=round_.publicity_from.isoformat(), b=until.isoformat())
         if round_.publicity_from and until else "",
         _("止日跨入工作日历未公布的年份，为暂定") if round_.provisional else ""),
    ]  # fmt: skip


def _figures(round_: RatingRound) -> list[tuple[str, Any, str]]:
    levels = "；".join(f"{level} ≥ {least}" for level, least in round_.levels.items())
    note = _("含尚未确认的参数，先按草稿数值") if round_.draft_figures else ""
    least = rules.least_votes(round_.members, round_.vote_num, round_.vote_den)
    votes = _("全体 {n} 人，至少 {least} 票").format(n=round_.members, least=least)
    return [
        (_("各等级最低分"), levels, note),
        (_("公示"), _("{n} 个工作日").format(n=round_.publicity_days), ""),
        (_("评估委员会"), votes, ""),
    ]


@doors.needs(Permission.RATING_MANAGE)
@require_POST
def step(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """Publish the results, award the levels, close the round."""
    round_ = run_by(request, pk)
    acts: dict[str, Callable[[], None]] = {
        "publish": lambda: _publish(request, round_),
        "award": lambda: _award(request, round_),
        "close": lambda: _close(request, round_),
    }
    try:
        acts[what]()
    except Refused as refused:
        for finding in refused.findings[:20]:
            messages.error(request, _(finding.message).format(**finding.args))
    return redirect("registry:round_detail", pk)


def _publish(request: HttpRequest, round_: RatingRound) -> None:
    form = forms.DayForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("请填写公示开始日期。"))
        return
    told = actions.publish(round_=round_, on=form.cleaned_data["on"], by=doors.person(request), at=clock.now())
    until = told.publicity_until.isoformat() if told.publicity_until else ""
    messages.success(request, _("已公示，到 {day} 为止。").format(day=until))


def _award(request: HttpRequest, round_: RatingRound) -> None:
    form = forms.AwardForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("请填写授予日期。"))
        return
    told = actions.award(round_=round_, by=doors.person(request), at=clock.now(), **form.cleaned_data)
    sentence = _("已授予 {given} 家，{without} 家不授予等级。")
    messages.success(request, sentence.format(given=told.given, without=told.without))
    for name, found in told.refused[:20]:
        words = "；".join(_(f.message).format(**f.args) for f in found)
        messages.warning(request, _("“{name}”没有授予：{why}").format(name=name, why=words))


def _close(request: HttpRequest, round_: RatingRound) -> None:
    actions.close(round_=round_, by=doors.person(request), at=clock.now())
    messages.success(request, _("这一批评估已结束。"))
