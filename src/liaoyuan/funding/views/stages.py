"""The review of a round at the office: score sheets, stages, the draw of the readers, begin and end."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaoyuan.core import clock, doors
from liaoyuan.funding.actions import assigning
from liaoyuan.funding.actions import stages as actions
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.choices.review import StageKind
from liaoyuan.funding.forms import stages as forms
from liaoyuan.funding.models import Project, ReviewStage, Round, ScoreSheet
from liaoyuan.funding.queries import limits
from liaoyuan.funding.queries import rounds as running
from liaoyuan.funding.queries import stages as queries
from liaoyuan.funding.views import rounds, small, tabs
from liaoyuan.funding.views.eligibility import OFFICE, office
from liaoyuan.kit.findings import Refused
from liaoyuan.ui import entries
from liaoyuan.ui.pages import render


@doors.needs(*OFFICE)
@require_safe
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """The review of a round: its stages, its score sheet, which experts have declared."""
    row = office(request, pk)
    pool, found = list(queries.pool(row)), list(queries.of_round(row))
    kept = queries.sheets(row)
    return render(request, "funding/round_review.html", {
        "title": row.title, "crumbs": small.crumbs((row.title, "")), "round": row,
        "runs": running.runs(request.user, row),
        "stages": [(one, queries.kind_title(one), queries.state_words(one)) for one in found],
        "plans": len(found) < len(StageKind),
        "sheets": [(one, queries.sheet_lines(one)) for one in kept],
        "declared": [one for one in pool if queries.has_signed(one)],
        "silent": [one for one in pool if not queries.has_signed(one)],
        **tabs.of_round(request, row, "review"),
    })  # fmt: skip


def there(row: Round) -> str:
    """The address of a round's review."""
    return reverse("funding:round_review", args=[row.pk])


def steps(row: Round) -> tuple[tuple[str, str], ...]:
    """The way to a page of the review."""
    return (row.title, small.there(row)), (_("评审"), there(row))


def stage_there(stage: ReviewStage) -> str:
    """The address of a stage."""
    return reverse("funding:stage_detail", args=[stage.pk])


def stage_steps(stage: ReviewStage) -> tuple[tuple[str, str], ...]:
    """The way to a page of a stage."""
    return (*steps(stage.round), (queries.kind_title(stage), stage_there(stage)))


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def sheet_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw up a version of the score sheet, from the last one or from the round's figures."""
    row = rounds.run_by(request, pk)
    last, held = row.sheets.first(), limits.limits_of(row)
    form = forms.SheetForm(
        small.posted(request), items=last.items if last is not None else held["gv.score.items"],
        bonus=last.bonus if last is not None else held["gv.score.bonus"],
        ties=last.ties if last is not None else held["gv.rank.ties"],
    )  # fmt: skip

    def write() -> ScoreSheet:
        return actions.draw_up_sheet(round_=row, **form.cleaned_data, by=doors.person(request), at=clock.now())

    return small.entered(
        request, _("制定评分表"), form, write, name=row.title, back=there(row), steps=steps(row),
        sections=form.sections, note=_("每次保存是新的一版。评审开始以后，用到的那一版固定下来。"),
    )  # fmt: skip


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def stage_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan a stage."""
    row = rounds.run_by(request, pk)
    taken = [one.kind for one in row.stages.all()]
    form = forms.StageForm(
        small.posted(request), taken=taken, initial={"readers": limits.limits_of(row)["gv.review.experts_min"]},
        sheets=[(one.pk, _("第 {n} 版").format(n=one.number)) for one in queries.sheets(row)],
    )  # fmt: skip

    def write() -> ReviewStage:
        told: dict[str, Any] = dict(form.cleaned_data)
        key = told.pop("sheet")
        sheet = get_object_or_404(row.sheets, pk=key) if key else None
        return actions.plan(round_=row, sheet=sheet, **told, by=doors.person(request), at=clock.now())

    return small.entered(request, _("安排评审阶段"), form, write, name=row.title, back=there(row), steps=steps(row),
                         onward=stage_there)  # fmt: skip


def seen(request: HttpRequest, pk: int) -> ReviewStage:
    """The stage, if the user carries its round out or confirms; 404 and 403 otherwise."""
    rows = ReviewStage.objects.visible_to(request.user).select_related("round__programme__area", "sheet")
    row = get_object_or_404(rows, pk=pk)
    if not running.reviews(request.user, row.round):
        raise PermissionDenied(str(Permission.EDIT))
    return row


def run_by(request: HttpRequest, pk: int) -> ReviewStage:
    """The stage, if the user carries its round out."""
    row = seen(request, pk)
    if not running.runs(request.user, row.round):
        raise PermissionDenied(str(Permission.EDIT))
    return row


@doors.needs(*OFFICE)
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One stage: who reads how much and has signed, who is barred from what, what lies far apart."""
    return page(request, seen(request, pk))


def page(request: HttpRequest, row: ReviewStage, told: Any = ()) -> HttpResponse:
    """The page of a stage, with what an action refused."""
    done = queries.progress(row)
    waiting = queries.waiting(row)
    open_ = row.closed_at is None
    return render(request, "funding/stage_detail.html", {
        "title": queries.kind_title(row), "name": row.round.title, "stage": row, "told": told,
        "crumbs": small.crumbs(*steps(row.round), (queries.kind_title(row), "")), "state": queries.state_words(row),
        "runs": open_ and running.runs(request.user, row.round), "facts": _facts(row), "progress": done,
        "loads": queries.loads(done), "waiting": waiting, "lines": queries.sheet_lines(row.sheet),
        "bars": queries.bars(row, clock.today()) if open_ else [],
        "spreads": queries.spreads(row) if row.begun_at is not None else [], "most": queries.most_spread(row),
        "left": sum(one.left for one in done), "points": queries.shows_points(row),
    }, status=422 if told else 200)  # fmt: skip


def _facts(row: ReviewStage) -> list[tuple[str, str, str]]:
    told = [
        (_("评分表"), _("第 {n} 版").format(n=row.sheet.number), ""),
        (_("每个项目的专家数"), str(row.readers), ""), (_("权重"), str(row.weight), ""),
        (_("隐名"), _("隐去申报组织和人员的名称") if row.blind else _("不隐名"), ""),
        (_("抽签种子"), row.seed, _("用它能重做同样的抽签")),
    ]  # fmt: skip
    if row.held_on is not None:
        told.append((_("评审日期"), row.held_on.isoformat(), ""))
    for title, moment in ((_("开始"), row.begun_at), (_("结束"), row.closed_at)):
        if moment is not None:
            told.append((title, clock.localdate(moment).isoformat(), ""))
    return told


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def draw(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw the readers of the projects that lack some, among the experts ticked."""
    row = run_by(request, pk)
    able = [one for one in queries.pool(row.round) if queries.has_signed(one)]
    known = dict(queries.due(row).values_list("number", "pk"))
    form = forms.DrawForm(small.posted(request), experts=[(one.pk, one.name) for one in able], known=known)
    if row.kind != StageKind.PANEL and "numbers" in form.fields:
        form.fields["numbers"].help_text = _("留空分配全部还缺专家的项目")

    def write() -> Any:
        told = form.cleaned_data
        drawn = [one for one in able if one.pk in told["experts"]]
        only = list(Project.objects.filter(pk__in=told["numbers"])) if told["numbers"] else None
        return assigning.assign(stage=row, drawn=drawn, projects=only, by=doors.person(request), at=clock.now())

    return small.entered(
        request, _("分配专家"), form, write, name=queries.kind_title(row), back=stage_there(row),
        steps=stage_steps(row), button=_("抽签分配"), done=_("已分配。开始以前可以逐个调整，也可以撤回重分。"),
        note=_("按抽签种子 {seed} 抽取：须回避的排除，各专家的项目数尽量相等，已经分配的不动。").format(seed=row.seed),
    )  # fmt: skip


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def clear(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back the whole draw before the stage begins."""
    row = run_by(request, pk)
    form = forms.ReasonForm(small.posted(request))

    def write() -> int:
        return assigning.clear(stage=row, **form.cleaned_data, version=entries.version(request),
                               by=doors.person(request), at=clock.now())  # fmt: skip

    return small.entered(
        request, _("撤回分配"), form, write, name=queries.kind_title(row), back=stage_there(row), danger=True,
        steps=stage_steps(row), button=_("撤回"), version=row.version,
        note=_("撤回全部分配，换一批专家重新抽签。撤回的记录保存下来。"),
    )  # fmt: skip


def _step(request: HttpRequest, row: ReviewStage, act: Callable[..., Any], done: str) -> HttpResponse:
    try:
        act(stage=row, version=entries.version(request), by=doors.person(request), at=clock.now())
    except Refused as refused:
        return page(request, row, refused.findings)
    messages.success(request, done)
    return redirect(stage_there(row))


@doors.needs(Permission.EDIT)
@require_POST
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the experts read."""
    return _step(request, run_by(request, pk), actions.begin, _("已开始，专家可以打开项目评分。"))


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """End a stage."""
    row = run_by(request, pk)
    open_ = [one for one in queries.spreads(row) if not one.discussed]
    form = forms.CloseForm(small.posted(request), open_=len(open_))
    note = _("结束以后评分不能再改、不能作废，各项目的得分可以查看。")
    if open_:
        names = "、".join(f"{one.project.number} {one.project.title}" for one in open_[:10])
        note += _("还有 {n} 个项目评分差距没有讨论：{names}。").format(n=len(open_), names=names)

    def write() -> Any:
        return actions.close(stage=row, confirmed=form.cleaned_data.get("confirmed", False),
                             version=entries.version(request), by=doors.person(request), at=clock.now())  # fmt: skip

    return small.entered(
        request, _("结束评审"), form, write, name=queries.kind_title(row), back=stage_there(row), note=note,
        steps=stage_steps(row), button=_("结束"), version=row.version,
    )  # fmt: skip
