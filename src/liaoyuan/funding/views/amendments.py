"""Changes of a running project: asked for in an editor that judges while one types, decided by a second person."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaoyuan.core import access, clock, doors
from liaoyuan.funding.actions import amendments as actions
from liaoyuan.funding.choices.awards import AMENDMENT_STATE_TITLES, AmendmentState
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.choices.money import AMENDMENT_TITLES, AmendmentKind
from liaoyuan.funding.choices.states import ProjectState
from liaoyuan.funding.forms import amendments as forms
from liaoyuan.funding.forms.projects import SETS
from liaoyuan.funding.models import Agreement, Amendment
from liaoyuan.funding.queries import amended, purse
from liaoyuan.funding.queries import projects as queries
from liaoyuan.funding.views import projects, small, tabs, writing
from liaoyuan.funding.views.settling import agreement_of
from liaoyuan.kit.findings import Finding, Refused
from liaoyuan.ui import entries
from liaoyuan.ui.forms import describe, problems
from liaoyuan.ui.pages import render

_MARKS = {AmendmentState.ASKED: "review", AmendmentState.AGREED: "ok", AmendmentState.KEPT: "closed"}
#: The sets of lines of the editor: the section of the application by kind.
_SETS = {AmendmentKind.TARGET: "outcomes", AmendmentKind.BUDGET: "budget"}


def _state(row: Amendment) -> tuple[str, str]:
    return _MARKS[AmendmentState(row.state)], _(AMENDMENT_STATE_TITLES[row.state])


def _kinds(row: Amendment) -> str:
    return "、".join(_(AMENDMENT_TITLES[kind]) for kind in row.kinds)


def _there(row: Amendment) -> str:
    return reverse("funding:amendment_detail", args=[row.pk])


def _list(project: int) -> str:
    return reverse("funding:amendment_list", args=[project])


@doors.needs(*projects.SEEN)
@require_safe
def listing(request: HttpRequest, pk: int) -> HttpResponse:
    """The changes of a project, the latest first."""
    row = projects.seen(request, pk)
    agreement = purse.of_project(row)
    rows = agreement.amendments.select_related("asked_by", "decided_by") if agreement is not None else ()
    return render(request, "funding/amendment_list.html", {
        "title": row.title, "crumbs": small.crumbs(projects.steps(row)[0], (row.title, "")), "project": row,
        "state": queries.state_words(row), "lines": [(one, _state(one), _kinds(one)) for one in rows],
        "asks": agreement is not None and row.state == ProjectState.RUNNING
        and access.covers(request.user, Permission.OWN_EDIT, row, write=False),
        "running": row.state in (ProjectState.RUNNING, ProjectState.AMENDING),
        **tabs.of_project(request, row, "changes"),
    })  # fmt: skip


class _Editor:
    """The form of a change with its two sets of lines; what is not chosen is not read."""

    def __init__(self, request: HttpRequest, row: Agreement) -> None:
        self.row, data = row, small.posted(request)
        initial = {
            "leader": amended.now(row, "leader"), "starts_on": row.starts_on, "ends_on": row.ends_on,
            "places": "\n".join(row.places),
        }  # fmt: skip
        self.form = forms.AmendmentForm(data, initial=initial)
        members = [(member.pk, member.name) for member in row.project.team.all()]
        self.sets = {
            kind: SETS[section](data, initial=queries.lines_of(row.project, section), prefix=str(kind),
                                form_kwargs={"members": members} if kind == AmendmentKind.BUDGET else {})
            for kind, section in _SETS.items()
        }  # fmt: skip

    def is_valid(self) -> bool:
        """Whether everything that was chosen is understood."""
        fine = self.form.is_valid()
        chosen = self.form.cleaned_data.get("kinds", ())
        return all([fine, *(lines.is_valid() for kind, lines in self.sets.items() if kind in chosen)])

    def wanted(self) -> dict[str, Any]:
        """What shall stand, by kind, as the action takes it."""
        found = self.form.wanted()
        for kind, lines in self.sets.items():
            if kind in self.form.cleaned_data.get("kinds", ()):
                told = [line.cleaned_data for line in lines if line.cleaned_data and not line.cleaned_data["DELETE"]]
                told = [{name: value for name, value in line.items() if name != "DELETE"} for line in told]
                found[str(kind)] = [writing.with_grant(line) for line in told] if kind == AmendmentKind.BUDGET else told
        return found

    def problems(self, told: Sequence[Finding]) -> list[Any]:
        """What keeps it from being asked for."""
        chosen = self.form.cleaned_data.get("kinds", ()) if self.form.is_bound and hasattr(
            self.form, "cleaned_data") else ()  # fmt: skip
        found = list(problems(self.form, told))
        for kind, lines in self.sets.items():
            if kind in chosen:
                found += [p for line in lines for p in problems(line)]
        return found

    def shown(self, told: Sequence[Finding]) -> dict[str, Any]:
        """The fields for the template."""
        return {
            "fields": describe(self.form, told),
            "sets": [
                (str(kind), _(AMENDMENT_TITLES[kind]), list(describe(lines.management_form).values()),
                 [list(describe(line).values()) for line in lines])
                for kind, lines in self.sets.items()
            ],
        }  # fmt: skip


def _asking(request: HttpRequest, pk: int) -> Agreement:
    row = agreement_of(request, pk)
    if not access.covers(request.user, Permission.OWN_EDIT, row.project, write=False):
        raise PermissionDenied(str(Permission.OWN_EDIT))
    return row


@doors.needs(Permission.OWN_EDIT)
@require_http_methods(small.METHODS)
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a change."""
    row = _asking(request, pk)
    editor = _Editor(request, row)
    told: Sequence[Finding] = []
    if editor.form.is_bound and editor.is_valid():
        try:
            made = actions.ask(agreement=row, after=editor.wanted(), reason=editor.form.cleaned_data["reason"],
                               by=doors.person(request), at=clock.now())  # fmt: skip
        except Refused as refused:
            told = refused.findings
        else:
            messages.success(request, _("已申请变更，等主办单位决定；批准以前按原协议实施。"))
            return redirect(_there(made))
    title = _("申请变更")
    return render(request, "funding/amendment_new.html", {
        "title": title, "crumbs": small.crumbs(*projects.steps(row.project), (_("变更"), _list(row.project_id)),
                                               (title, "")),
        "project": row.project, "problems": editor.problems(told), "told": told, **editor.shown(told),
        "check": reverse("funding:amendment_check", args=[pk]), "back": _list(row.project_id),
        "closed": row.project.state != ProjectState.RUNNING,
        **(_foreseen(editor) if editor.form.is_bound else {"parts": [], "says": [], "unread": False}),
    }, status=422 if editor.form.is_bound else 200)  # fmt: skip


def _foreseen(editor: _Editor) -> dict[str, Any]:
    """What would change and what the rules would say; nothing while something is not understood."""
    editor.is_valid()
    wanted_kinds = editor.form.cleaned_data.get("kinds", ())
    bad = any(name in editor.form.errors for kind in wanted_kinds for name in forms.FIELDS.get(kind, ()))
    bad = bad or any(not editor.sets[kind].is_valid() for kind in editor.sets if kind in wanted_kinds)
    if bad or not wanted_kinds:
        return {"parts": [], "says": [], "unread": bad}
    wanted = editor.wanted()
    before = {kind: amended.now(editor.row, kind) for kind in wanted}
    return {"parts": amended.parts(before, wanted), "unread": False,
            "says": actions.foretold(editor.row, wanted, clock.today())}  # fmt: skip


@doors.needs(Permission.OWN_EDIT)
@require_POST
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """While one types: before and after, and what the rules say. Writes nothing."""
    row = _asking(request, pk)
    return render(request, "funding/amendment_check.html", _foreseen(_Editor(request, row)))


def _seen(request: HttpRequest, key: int) -> Amendment:
    rows = Amendment.objects.visible_to(request.user).select_related(
        "agreement__project__round__programme__area", "agreement__project__organization", "agreement__project__sponsor",
        "asked_by", "decided_by", "revision",
    )  # fmt: skip
    return get_object_or_404(rows, pk=key)


@doors.needs(*projects.SEEN)
@require_safe
def detail(request: HttpRequest, key: int) -> HttpResponse:
    """One change: before and after, what the rules say, who decides."""
    return _page(request, _seen(request, key), forms.DecisionForm())


def _page(
    request: HttpRequest, row: Amendment, form: forms.DecisionForm, told: Sequence[Finding] = (), status: int = 200
) -> HttpResponse:
    project, opened = row.agreement.project, row.state == AmendmentState.ASKED
    confirms = access.covers(request.user, Permission.CONFIRM, project, write=False)
    title = _("第 {number} 件变更").format(number=row.number)
    return render(request, "funding/amendment_detail.html", {
        "title": title, "crumbs": small.crumbs(*projects.steps(project), (_("变更"), _list(project.pk)), (title, "")),
        "amendment": row, "project": project, "state": _state(row), "kinds": _kinds(row), "told": told,
        "parts": amended.parts(row.before, row.after),
        "says": actions.foretold(row.agreement, row.after, clock.today()) if opened else [], "kept": row.findings,
        "decides": opened and confirms and row.asked_by_id != request.user.pk,
        "second": opened and confirms and row.asked_by_id == request.user.pk,
        "fields": list(describe(form, told).values()), "problems": problems(form, told),
    }, status=status)  # fmt: skip


@doors.needs(Permission.CONFIRM)
@require_POST
def decide(request: HttpRequest, key: int) -> HttpResponse:
    """Agree, or keep things as they are with the reason."""
    row = _seen(request, key)
    form = forms.DecisionForm(request.POST)
    if not form.is_valid():
        return _page(request, row, form, status=422)
    told = {"amendment": row, "opinion": form.cleaned_data["opinion"], "version": entries.version(request),
            "by": doors.person(request), "at": clock.now()}  # fmt: skip
    agrees = request.POST.get("do") == "agree"
    try:
        (actions.agree if agrees else actions.keep)(**told)
    except Refused as refused:
        return _page(request, row, form, refused.findings, 422)
    messages.success(request, _("已同意，变更生效。") if agrees else _("已决定不变更，按原协议实施。"))
    return redirect(_there(row))
