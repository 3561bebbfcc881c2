"""Audits, sanctions and commendations of a project."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaoyuan.core import access, clock, doors
from liaoyuan.funding.actions import consequences as actions
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.choices.money import MISCONDUCT_TITLES, SANCTION_TITLES
from liaoyuan.funding.choices.running import IN_FORCE, SanctionState
from liaoyuan.funding.forms import consequences as forms
from liaoyuan.funding.models import Commendation, Project, ProjectAudit, ProjectSanction
from liaoyuan.funding.queries import consequences as queries
from liaoyuan.funding.queries import report_page
from liaoyuan.funding.views import projects as pages
from liaoyuan.funding.views import reports, small, tabs
from liaoyuan.kit.findings import Refused
from liaoyuan.ui import entries
from liaoyuan.ui.pages import render

_STAFF = (Permission.EDIT, Permission.CONFIRM)
_AUDITS = (Permission.EDIT, Permission.EVALUATE)


def _may(request: HttpRequest, row: Project, *wanted: Permission) -> bool:
    return any(access.covers(request.user, one, row, write=False) for one in wanted)


def _required(request: HttpRequest, pk: int, *wanted: Permission) -> Project:
    row = pages.seen(request, pk)
    if not _may(request, row, *wanted):
        raise PermissionDenied(str(wanted[0]))
    return row


@doors.needs(*_AUDITS)
@require_http_methods(small.METHODS)
def audit_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter an audit with its report."""
    row = _required(request, pk, *_AUDITS)
    form = forms.AuditForm(small.posted(request), request.FILES or None)

    def write() -> ProjectAudit:
        told = dict(form.cleaned_data)
        file = told.pop("file")
        return actions.audit(project=row, **told, name=file.name, chunks=file.chunks(), by=doors.person(request),
                             at=clock.now())  # fmt: skip

    return small.entered(
        request, _("登记审计报告"), form, write, name=row.title, back=reports.there(row), steps=reports.steps(row),
        template="funding/file_entry.html",
    )  # fmt: skip


@doors.needs(*_AUDITS)
@require_POST
def audit_void(request: HttpRequest, key: int) -> HttpResponse:
    """Take an audit back."""
    rows = ProjectAudit.objects.visible_to(request.user).select_related("project__round__programme__area")
    audit = get_object_or_404(rows, pk=key)
    return _done(request, audit.project, lambda: actions.void_audit(audit=audit, by=doors.person(request),
                                                                     at=clock.now()))  # fmt: skip


def _done(request: HttpRequest, row: Project, act: Any) -> HttpResponse:
    try:
        act()
    except Refused as refused:
        messages.error(request, "；".join(finding.text for finding in refused.findings))
    else:
        messages.success(request, _("已办理。"))
    return redirect(reports.there(row))


@doors.needs(*_STAFF)
@require_http_methods(small.METHODS)
def sanction_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose a sanction."""
    row = _required(request, pk, *_STAFF)
    form = forms.SanctionForm(small.posted(request), initial={"found_on": clock.today()})

    def write() -> ProjectSanction:
        return actions.propose(project=row, **form.cleaned_data, by=doors.person(request), at=clock.now())

    return small.entered(
        request, _("提出处理意见"), form, write, name=row.title, back=reports.there(row), steps=reports.steps(row),
        note=_("提出以后先听取组织的陈述，由第二人决定；不得申报的年数按本届规定自动算出。"), onward=_at,
    )  # fmt: skip


def _at(sanction: ProjectSanction) -> str:
    return reverse("funding:sanction_detail", args=[sanction.pk])


def _sanction(request: HttpRequest, key: int) -> ProjectSanction:
    rows = ProjectSanction.objects.visible_to(request.user).select_related(
        "project__round__programme__area", "project__organization", "project__sponsor", "proposed_by", "decided_by",
        "answered_by",
    )  # fmt: skip
    return get_object_or_404(rows, pk=key)


@doors.needs(*pages.SEEN)
@require_safe
def sanction_detail(request: HttpRequest, key: int) -> HttpResponse:
    """One sanction: facts, what the body says, decision, appeal, answer."""
    one, today = _sanction(request, key), clock.today()
    row, state = one.project, SanctionState(one.state)
    host, head = _may(request, row, Permission.CONFIRM), _may(request, row, Permission.OWN_CERTIFY)
    proposed = state == SanctionState.PROPOSED
    title = _("处理")
    return render(request, "funding/sanction_detail.html", {
        "title": title, "crumbs": small.crumbs(*reports.steps(row), (title, "")), "project": row, "one": one,
        "state": report_page.sanction_words(one), "facts": _facts(one), "waits": proposed and one.replied_at is None,
        "says": queries.findings(row, one.grounds, one.found_on, credited=one.credit_on is not None)
        if state in IN_FORCE else [],
        "replies": proposed and head, "appeals": state == SanctionState.DECIDED and head,
        "decides": proposed and host and one.proposed_by_id != request.user.pk,
        "heard": one.replied_at is not None or today > one.reply_by,
        "answers": state in IN_FORCE and host and one.decided_by_id != request.user.pk,
        "credits": state in IN_FORCE and one.credit_on is None and _may(request, row, *_STAFF),
        **tabs.of_project(request, row, "reports"),
    })  # fmt: skip


def _facts(one: ProjectSanction) -> list[tuple[str, str, str]]:
    def name(user: Any) -> str:
        return user.display_name if user is not None else ""

    ban = f"{one.banned_from} — {one.banned_until}" if one.banned_until else ""
    return [
        (_("情形"), "、".join(_(MISCONDUCT_TITLES[code]) for code in one.grounds), ""),
        (_("处理"), "、".join(_(SANCTION_TITLES[code]) for code in one.measures), ""),
        (_("认定日期"), one.found_on.isoformat(), ""), (_("不得申报"), ban, ""),
        (_("陈述期限"), one.reply_by.isoformat(), ""), (_("提出人"), name(one.proposed_by), ""),
        (_("决定人"), name(one.decided_by), ""), (_("答复人"), name(one.answered_by), ""),
        (_("记入信用信息"), one.credit_on.isoformat() if one.credit_on else "", ""),
    ]  # fmt: skip


def _step(request: HttpRequest, key: int, title: str, form: Any, act: Any, **more: Any) -> HttpResponse:
    one = _sanction(request, key)

    def write() -> Any:
        return act(sanction=one, **form.cleaned_data, version=entries.version(request), by=doors.person(request),
                   at=clock.now())  # fmt: skip

    return small.entered(
        request, title, form, write, name=one.project.title, back=_at(one), version=one.version,
        steps=(*reports.steps(one.project), (_("处理"), _at(one))), **more,
    )  # fmt: skip


@doors.needs(Permission.OWN_CERTIFY)
@require_http_methods(small.METHODS)
def sanction_reply(request: HttpRequest, key: int) -> HttpResponse:
    """The body is heard."""
    return _step(request, key, _("陈述申辩"), forms.TextForm(small.posted(request)), actions.reply)


@doors.needs(Permission.CONFIRM)
@require_http_methods(small.METHODS)
def sanction_decide(request: HttpRequest, key: int) -> HttpResponse:
    """The second person decides."""
    form = forms.DecideForm(small.posted(request))
    return _step(request, key, _("处理决定"), form, actions.decide)


@doors.needs(Permission.OWN_CERTIFY)
@require_http_methods(small.METHODS)
def sanction_appeal(request: HttpRequest, key: int) -> HttpResponse:
    """The body appeals."""
    form = forms.TextForm(small.posted(request))
    return _step(request, key, _("对处理提出申诉"), form, actions.appeal, note=_("申诉期间处理仍然有效。"))


@doors.needs(Permission.CONFIRM)
@require_http_methods(small.METHODS)
def sanction_answer(request: HttpRequest, key: int) -> HttpResponse:
    """The appeal is answered, or the sanction lifted."""
    return _step(request, key, _("答复申诉、撤销"), forms.AnswerForm(small.posted(request)), actions.answer)


@doors.needs(*_STAFF)
@require_http_methods(small.METHODS)
def sanction_credit(request: HttpRequest, key: int) -> HttpResponse:
    """When it was entered into the credit record."""
    form = forms.CreditForm(small.posted(request), initial={"credit_on": clock.today()})
    return _step(request, key, _("记入信用信息"), form, actions.credited)


@doors.needs(*_STAFF)
@require_http_methods(small.METHODS)
def commend(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose a commendation."""
    row = _required(request, pk, *_STAFF)
    form = forms.CommendForm(small.posted(request), initial={"given_on": clock.today()})

    def write() -> Commendation:
        return actions.commend(project=row, **form.cleaned_data, by=doors.person(request), at=clock.now())

    return small.entered(request, _("提出表扬"), form, write, name=row.title, back=reports.there(row),
                         steps=reports.steps(row), note=_("由第二人确认以后才算数。"))  # fmt: skip


@doors.needs(Permission.CONFIRM)
@require_POST
def commend_confirm(request: HttpRequest, key: int) -> HttpResponse:
    """The second person confirms it."""
    rows = Commendation.objects.visible_to(request.user).select_related("project__round__programme__area")
    one = get_object_or_404(rows, pk=key)
    return _done(request, one.project, lambda: actions.confirm_commendation(
        commendation=one, by=doors.person(request), at=clock.now()))  # fmt: skip
