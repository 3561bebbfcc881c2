"""Eligibility (资格审查): the applications of a round to examine, one of them with its findings, decided by two."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaoyuan.core import clock, doors
from liaoyuan.funding.actions import eligibility as actions
from liaoyuan.funding.actions import examining
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.choices.review import EligibilityOutcome
from liaoyuan.funding.choices.states import ProjectState
from liaoyuan.funding.forms import eligibility as forms
from liaoyuan.funding.models import Project, Round
from liaoyuan.funding.queries import bodies, eligibility, persons
from liaoyuan.funding.queries import examining as queries
from liaoyuan.funding.queries import projects as reading
from liaoyuan.funding.queries import rounds as running
from liaoyuan.funding.views import projects, rounds, small, tabs
from liaoyuan.kit.findings import Refused
from liaoyuan.ui import entries
from liaoyuan.ui.forms import chips, describe
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState, link_to

OFFICE = (Permission.EDIT, Permission.CONFIRM)
COLUMNS = (
    Column("title", lazy("项目名称"), sortable=True, fixed=True, link=link_to("funding:project_eligibility")),
    Column("number", lazy("编号"), sortable=True, kind="short"),
    Column("body_name", lazy("申报组织")),
    Column("step", lazy("审查情况"), kind="verdict", value=queries.words),
    Column("open", lazy("待说明"), kind="number", value=queries.open_count),
    Column("answered", lazy("已说明"), kind="number", value=queries.answered_count),
    Column("decider", lazy("由谁办"), value=queries.decider),
    Column("submitted_at", lazy("提交时间"), sortable=True, kind="datetime", default=False),
)


def office(request: HttpRequest, pk: int) -> Round:
    """The round, if the user carries it out or confirms its decisions; 404 and 403 otherwise."""
    row = small.seen(request, pk)
    if not running.reviews(request.user, row):
        raise PermissionDenied(str(Permission.EDIT))
    return row


@doors.needs(*OFFICE)
@require_safe
def listing(request: HttpRequest, pk: int) -> HttpResponse:
    """The applications of a round with where each examination stands."""
    row = office(request, pk)
    form = forms.ExaminationsForm(request.GET)
    form.is_valid()
    told = form.cleaned_data
    rows = queries.listed(request.user, row, told.get("q") or "", told.get("step") or "")
    state = TableState.from_request(request, COLUMNS, default_sort="number")
    return render(request, "funding/eligibility_list.html", {
        "title": row.title, "crumbs": small.crumbs((row.title, "")), "round": row,
        "table": state.table(rows.order_by(*state.order_by())), "fields": list(describe(form).values()),
        "chips": chips(form, state.query), "hidden": state.query.hidden(*form.fields),
        "clear": state.query(**dict.fromkeys(form.fields)), "tally": queries.tally(row),
        "left": queries.days_left(row, clock.today()), "runs": running.runs(request.user, row),
        **tabs.of_round(request, row, "eligibility"),
    })  # fmt: skip


@doors.needs(Permission.EDIT)
@require_POST
def examine_all(request: HttpRequest, pk: int) -> HttpResponse:
    """Have everything that waits unexamined examined."""
    row = rounds.run_by(request, pk)
    return redirect("core:job_detail", pk=examining.ask(round_=row, by=doors.person(request), at=clock.now()).pk)


def there(row: Project) -> str:
    """The address of its page."""
    return reverse("funding:project_eligibility", args=[row.pk])


@doors.needs(*OFFICE, Permission.OWN_VIEW)
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """To the office the examination in full; to the applicant the decision and its reason."""
    return _page(request, projects.seen(request, pk))


def _page(request: HttpRequest, row: Project, told: Any = (), typed: dict[int, str] | None = None) -> HttpResponse:
    user = request.user
    runs, confirms = reading.is_office(user, row), queries.may_confirm(user, row)
    name = bodies.names([row.organization_id]).get(row.organization_id, "")
    base = {
        "title": row.title, "name": name, "project": row, "state": reading.state_words(row),
        "crumbs": small.crumbs((_("申报项目"), reverse("funding:project_list")), (row.title, "")),
        **tabs.of_project(request, row, "eligibility"),
    }  # fmt: skip
    if not runs and not confirms:
        decision, reason = queries.applicant_words(row)
        return render(request, "funding/eligibility_outcome.html", {**base, "decision": decision, "reason": reason})
    if not row.number:
        raise Http404
    found = eligibility.current(row)
    waits = row.state == ProjectState.SUBMITTED
    bar = waits and found is not None and found.outcome == EligibilityOutcome.INELIGIBLE
    return render(request, "funding/eligibility_detail.html", {
        **base, "told": told, "typed": typed or {}, "found": found, "runs": runs and waits,
        "findings": eligibility.findings(found) if found is not None else [],
        "changed": waits and found is not None and found.seen_version != row.version,
        "step": queries.mark(queries.step(row, found)), "bar": bar, "decided": not waits and found is not None,
        "second": bool(bar and confirms and found is not None and found.proposed_by_id != user.pk),
        "likenesses": queries.likenesses(user, row), "loads": queries.loads(user, row), "whole": persons.WHOLE,
        "left": queries.days_left(row.round, clock.today()) if waits else "",
    }, status=422 if told or typed else 200)  # fmt: skip


def _done(request: HttpRequest, row: Project, act: Callable[..., Any], done: str, **told: Any) -> HttpResponse:
    try:
        act(project=row, by=doors.person(request), at=clock.now(), **told)
    except Refused as refused:
        return _page(request, row, refused.findings)
    messages.success(request, done)
    return redirect(there(row))


@doors.needs(Permission.EDIT)
@require_POST
def examine(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask all rules by today's facts."""
    return _done(request, projects.seen(request, pk), actions.examine, _("已核查。"))


@doors.needs(Permission.EDIT)
@require_POST
def answer(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Say why a finding may stand."""
    row = projects.seen(request, pk)
    form = forms.AnswerForm(request.POST)
    typed = {number: request.POST.get("reason", "")}
    if not form.is_valid():
        messages.error(request, _("说明不超过 1000 字。"))
        return _page(request, row, typed=typed)
    try:
        actions.answer(project=row, number=number, reason=form.cleaned_data["reason"], by=doors.person(request),
                       version=entries.version(request), at=clock.now())  # fmt: skip
    except Refused as refused:
        return _page(request, row, refused.findings, typed)
    messages.success(request, _("已保存说明。"))
    return redirect(f"{there(row)}#finding-{number}")


@doors.needs(Permission.EDIT)
@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the application go on to the review."""
    row = projects.seen(request, pk)
    return _done(request, row, actions.accept, _("资格审查通过。"), version=entries.version(request))


def _reasoned(request: HttpRequest, row: Project, form: Any, title: str, act: Callable[..., Any], note: str,
              **more: Any) -> HttpResponse:  # fmt: skip
    found = eligibility.current(row)

    def write() -> Any:
        return act(project=row, reason=form.cleaned_data["reason"], version=entries.version(request),
                   by=doors.person(request), at=clock.now())  # fmt: skip

    return small.entered(
        request, title, form, write, name=row.title, back=there(row), note=note,
        steps=(*projects.steps(row), (_("资格审查"), there(row))),
        version=found.version if found is not None else None, **more,
    )  # fmt: skip


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def bar(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose that the application is barred."""
    row = projects.seen(request, pk)
    if not reading.is_office(request.user, row):
        raise PermissionDenied(str(Permission.EDIT))
    note = _("由另一人确认以后才生效；确认以前申报组织看不到。材料可以补正的，请退回补正。")
    return _reasoned(request, row, forms.BarForm(small.posted(request)), _("提出资格不通过"), actions.propose_bar, note,
                     danger=True, button=_("提出"))  # fmt: skip


@doors.needs(Permission.CONFIRM)
@require_POST
def bar_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """The second person confirms."""
    row = projects.seen(request, pk)
    return _done(request, row, actions.confirm_bar, _("已确认资格不通过，申报组织可以看到理由。"),
                 version=entries.version(request))  # fmt: skip


@doors.needs(Permission.CONFIRM)
@require_http_methods(small.METHODS)
def bar_refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """The second person does not agree."""
    row = projects.seen(request, pk)
    if not queries.may_confirm(request.user, row):
        raise PermissionDenied(str(Permission.CONFIRM))
    return _reasoned(request, row, forms.DisagreeForm(small.posted(request)), _("不同意资格不通过"), actions.refuse_bar,
                     _("申报回到资格审查，由承办继续办理。"), button=_("不同意"))  # fmt: skip


@doors.needs(*OFFICE)
@require_safe
def double(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """Two projects side by side, equal passages marked."""
    row = projects.seen(request, pk)
    if not running.reviews(request.user, row.round):
        raise PermissionDenied(str(Permission.EDIT))
    rows = Project.objects.visible_to(request.user).exclude(number="").exclude(pk=row.pk)
    against = get_object_or_404(rows.select_related("round", "organization"), pk=other)
    names = bodies.names([row.organization_id, against.organization_id])
    title = _("内容对照")
    return render(request, "funding/eligibility_double.html", {
        "title": title, "crumbs": small.crumbs(*projects.steps(row), (_("资格审查"), there(row)), (title, "")),
        "project": row, "other": against, "beside": queries.beside(row, against),
        "mine": names.get(row.organization_id, ""), "its": names.get(against.organization_id, ""),
    })  # fmt: skip
