"""The projects of a stage: who reads each, changed by hand; discussions, annulled sheets, names that were hidden."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_safe

from liaoyuan.core import clock, doors
from liaoyuan.funding.actions import assigning, scoring
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.choices.review import CARD_STATE_TITLES, READER_ROLE_TITLES
from liaoyuan.funding.forms import stages as forms
from liaoyuan.funding.models import Discussion, GrantExpert, Project, Reading, ReviewStage, ScoreCard
from liaoyuan.funding.params.application_form import SECTION_TITLES
from liaoyuan.funding.queries import blind, bodies, paper_words
from liaoyuan.funding.queries import rounds as running
from liaoyuan.funding.queries import stages as queries
from liaoyuan.funding.queries.narrow import Narrow
from liaoyuan.funding.views import small, stages
from liaoyuan.funding.views.eligibility import OFFICE
from liaoyuan.ui import entries
from liaoyuan.ui.forms import chips, describe
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState


def _columns(stage: ReviewStage) -> tuple[Column, ...]:
    return (
        Column("title", lazy("项目名称"), sortable=True, fixed=True, link=lambda row: there(stage, row)),
        Column("number", lazy("编号"), sortable=True, kind="short"),
        Column("body_name", lazy("申报组织")),
        Column("field", lazy("领域"), kind="short"),
        Column("held", lazy("专家"), value=queries.readers),
        Column("readers", lazy("专家数"), kind="number", sortable=True),
        Column("signed", lazy("已签字"), kind="number", sortable=True),
    )


def there(stage: ReviewStage, row: Project) -> str:
    """The address of a project in a stage."""
    return reverse("funding:stage_project", args=[stage.pk, row.pk])


@doors.needs(*OFFICE)
@require_safe
def listing(request: HttpRequest, pk: int) -> HttpResponse:
    """The projects of a stage with their readers."""
    stage = stages.seen(request, pk)
    form = forms.ProjectsForm(request.GET)
    form.is_valid()
    told = form.cleaned_data
    rows = queries.listed(request.user, stage, told.get("q") or "", told.get("only") or "")
    state = TableState.from_request(request, _columns(stage), default_sort="number")
    title = _("项目和专家")
    return render(request, "funding/stage_projects.html", {
        "title": title, "name": f"{stage.round.title} · {queries.kind_title(stage)}", "stage": stage,
        "crumbs": small.crumbs(*stages.stage_steps(stage), (title, "")),
        "table": state.table(Narrow(rows.order_by(*state.order_by()))), "fields": list(describe(form).values()),
        "chips": chips(form, state.query), "hidden": state.query.hidden(*form.fields),
        "clear": state.query(**dict.fromkeys(form.fields)),
    })  # fmt: skip


def _project(request: HttpRequest, stage: ReviewStage, key: int) -> Project:
    rows = Project.objects.visible_to(request.user).filter(round=stage.round_id).exclude(number="")
    return get_object_or_404(rows.select_related("round__programme__area"), pk=key)


@doors.needs(*OFFICE)
@require_safe
def detail(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """One project in a stage: its readers and their sheets, what was said of it, what was hidden in its texts."""
    stage = stages.seen(request, pk)
    row = _project(request, stage, key)
    user, open_ = request.user, stage.closed_at is None
    apart = stage.begun_at is not None and any(one.project.pk == row.pk for one in queries.spreads(stage))
    leaks = blind.leaks_of(Project.objects.filter(pk=row.pk)) if stage.blind and open_ else {}
    return render(request, "funding/stage_project.html", {
        "title": f"{row.number} {row.title}", "stage": stage, "project": row,
        "name": bodies.names([row.organization_id]).get(row.organization_id, ""),
        "crumbs": small.crumbs(*stages.stage_steps(stage), (f"{row.number} {row.title}", "")),
        "readers": queries.reading_list(stage, row), "ended": queries.ended(stage, row),
        "roles": {code: _(title) for code, title in READER_ROLE_TITLES.items()},
        "annulled": _(CARD_STATE_TITLES["annulled"]), "points": queries.shows_points(stage),
        "runs": open_ and running.runs(user, stage.round), "confirms": open_ and running.confirms(user, stage.round),
        "apart": apart, "most": queries.most_spread(stage), "discussions": queries.discussions(stage, row),
        "leaks": leaks.get(row.pk, ()), "sections": {code: _(title) for code, title in SECTION_TITLES.items()},
    })  # fmt: skip


def _steps(stage: ReviewStage, row: Project) -> tuple[tuple[str, str], ...]:
    return (*stages.stage_steps(stage), (row.number, there(stage, row)))


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def add(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """One more reader."""
    stage = stages.run_by(request, pk)
    row = _project(request, stage, key)
    form = forms.ReaderForm(small.posted(request), experts=queries.free(stage, row, clock.today()))

    def write() -> Reading:
        expert = get_object_or_404(GrantExpert.objects.active().select_related("user", "person"),
                                   pk=form.cleaned_data["expert"])  # fmt: skip
        return assigning.add(stage=stage, project=row, expert=expert, by=doors.person(request), at=clock.now())

    return small.entered(request, _("增加专家"), form, write, name=row.title, back=there(stage, row),
                         steps=_steps(stage, row))  # fmt: skip


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def discuss(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """Keep what was said of a project whose totals lie far apart."""
    stage = stages.run_by(request, pk)
    row = _project(request, stage, key)
    form = forms.DiscussForm(small.posted(request), experts=queries.free(stage, row, clock.today()))

    def write() -> Discussion:
        told: dict[str, Any] = form.cleaned_data
        rows = GrantExpert.objects.active().select_related("user", "person")
        further = get_object_or_404(rows, pk=told["expert"]) if told["expert"] else None
        return scoring.discuss(stage=stage, project=row, note=told["note"], further=further,
                               by=doors.person(request), at=clock.now())  # fmt: skip

    return small.entered(
        request, _("登记讨论"), form, write, name=row.title, back=there(stage, row), steps=_steps(stage, row),
        note=_("评分相差超过 {n} 分的项目，讨论以后可以请第三名专家复评。").format(n=queries.most_spread(stage)),
    )  # fmt: skip


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def take_off(request: HttpRequest, key: int) -> HttpResponse:
    """Take a reader off a project that he has not signed."""
    rows = Reading.objects.visible_to(request.user).standing()
    row = get_object_or_404(rows.select_related("stage__round__programme__area", "project", "expert"), pk=key)
    if not running.runs(request.user, row.stage.round):
        raise PermissionDenied(str(Permission.EDIT))
    form = forms.ReasonForm(small.posted(request))

    def write() -> Reading:
        return assigning.take_off(reading=row, **form.cleaned_data, by=doors.person(request), at=clock.now())

    return small.entered(
        request, _("撤下专家"), form, write, name=f"{row.expert.name} · {row.project.title}", danger=True,
        back=there(row.stage, row.project), steps=_steps(row.stage, row.project), button=_("撤下"),
    )  # fmt: skip


@doors.needs(Permission.CONFIRM)
@require_http_methods(small.METHODS)
def annul(request: HttpRequest, key: int) -> HttpResponse:
    """Annul a signed sheet, so that the expert makes a new one."""
    rows = ScoreCard.objects.visible_to(request.user).living()
    row = get_object_or_404(
        rows.select_related("reading__stage__round__programme__area", "reading__project", "reading__expert"), pk=key
    )
    stage, project = row.reading.stage, row.reading.project
    if not running.confirms(request.user, stage.round):
        raise PermissionDenied(str(Permission.CONFIRM))
    form = forms.ReasonForm(small.posted(request))

    def write() -> ScoreCard:
        return scoring.annul(card=row, **form.cleaned_data, version=entries.version(request),
                             by=doors.person(request), at=clock.now())  # fmt: skip

    return small.entered(
        request, _("作废评分"), form, write, name=f"{row.reading.expert.name} · {project.title}", danger=True,
        back=there(stage, project), steps=_steps(stage, project), button=_("作废"), version=row.version,
        note=_("作废的评分保存下来，专家可以重新打分。"),
    )  # fmt: skip


@doors.needs(*OFFICE)
@require_safe
def leaks(request: HttpRequest, pk: int) -> HttpResponse:
    """What in the texts and the attachments of a stage's projects names somebody; attachments that cannot be read."""
    stage = stages.seen(request, pk)
    rows = queries.due(stage) if stage.closed_at is None and stage.blind else Project.objects.none()
    at = TableState.from_request(request, ()).page_of(rows)
    shown = list(rows.filter(pk__in=[row.pk for row in at.items]).select_related(*blind.WITH).prefetch_related("team"))
    texts, files = blind.leaks_of(Project.objects.filter(pk__in=[row.pk for row in shown])), paper_words.named(shown)
    title = _("隐名检查")
    return render(request, "funding/stage_leaks.html", {
        "title": title, "name": f"{stage.round.title} · {queries.kind_title(stage)}", "stage": stage,
        "crumbs": small.crumbs(*stages.stage_steps(stage), (title, "")),
        "found": [(row, texts.get(row.pk, ()), files.get(row.pk, [])) for row in shown], "paged": {"page": at},
        "sections": {code: _(word) for code, word in SECTION_TITLES.items()},
    })  # fmt: skip
