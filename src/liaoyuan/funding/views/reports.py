"""Reports of a project: what is owed, writing and handing in, the evaluator's sheet, the decision."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaoyuan.core import access, clock, doors
from liaoyuan.funding.actions import assessing, reports
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.choices.money import MISCONDUCT_TITLES
from liaoyuan.funding.choices.running import AUDIT_TITLES, REPORT_STATE_TITLES, REPORT_TITLES, ReportKind, ReportState
from liaoyuan.funding.forms import reports as forms
from liaoyuan.funding.models import Assessment, Project, ProjectReport
from liaoyuan.funding.queries import consequences, report_page, running
from liaoyuan.funding.queries import projects as queries
from liaoyuan.funding.queries import reports as reading
from liaoyuan.funding.views import projects as pages
from liaoyuan.funding.views import small, tabs
from liaoyuan.kit.findings import Finding, Refused
from liaoyuan.ui import entries
from liaoyuan.ui.forms import describe, problems
from liaoyuan.ui.pages import render
from liaoyuan.ui.texts import datetime_short

_WRITES = (Permission.OWN_EDIT, Permission.EDIT)
_DECIDES = (Permission.EVALUATE, Permission.CONFIRM, Permission.EDIT)
_MARKS = {
    ReportState.DRAFT: "review", ReportState.HANDED: "info", ReportState.RETURNED: "review", ReportState.PASSED: "ok",
    ReportState.FAILED: "reject",
}  # fmt: skip


def words(report: ProjectReport) -> tuple[str, str]:
    """Mark and word of a report's state."""
    state = ReportState(report.state)
    return _MARKS[state], _(REPORT_STATE_TITLES[state])


def there(row: Project) -> str:
    """The page of a project's reports."""
    return reverse("funding:project_reports", args=[row.pk])


def _at(report: ProjectReport) -> str:
    return reverse("funding:report_detail", args=[report.pk])


def steps(row: Project) -> tuple[tuple[str, str], ...]:
    """The way to a page about reports."""
    return (*pages.steps(row), (_("报告与评估"), there(row)))


@doors.needs(*pages.SEEN)
@require_safe
def overview(request: HttpRequest, pk: int) -> HttpResponse:
    """What is owed and handed in, and what came of it."""
    row, today = pages.seen(request, pk), clock.today()
    one = running.of(row, today)
    rows = list(row.reports.order_by("kind", "number").select_related("handed_by"))
    sheets = {
        sheet.report_id: sheet
        for sheet in Assessment.objects.filter(report__in=rows, annulled_at__isnull=True)
    }  # fmt: skip
    return render(request, "funding/project_reports.html", {
        "title": row.title, "crumbs": small.crumbs(*pages.steps(row)), "project": row, "one": one,
        "state": queries.state_words(row), "says": reading.daily(row, today) if running.at_work(row) else [],
        "kinds": [
            (kind, _(title_), one.due.get(kind), kind in one.overdue,
             [(report, words(report), sheets.get(report.pk)) for report in rows if report.kind == kind])
            for kind, title_ in REPORT_TITLES.items()
        ],
        "grades": report_page.grade_words, "points": report_page.points,
        "writes": running.at_work(row) and queries.writes_for(request.user, row),
        "open": {report.kind for report in rows if report.state in (ReportState.HANDED, ReportState.PASSED)},
        **_after(request, row), **tabs.of_project(request, row, "reports"),
    })  # fmt: skip


def _after(request: HttpRequest, row: Project) -> dict[str, Any]:
    """Audits, sanctions and commendations, and who may add to them."""
    user = request.user
    may = {one: access.covers(user, one, row, write=False) for one in _DECIDES}
    marks = {"clean": "ok", "remarks": "review", "adverse": "reject"}
    return {
        "audit_owed": consequences.audit_owed(row),
        "audits": [
            (one, (marks[one.conclusion], _(AUDIT_TITLES[one.conclusion])))
            for one in row.audits.filter(voided_at__isnull=True)
        ],
        "audits_may": running.started(row) and (may[Permission.EDIT] or may[Permission.EVALUATE]),
        "sanctions": [
            (one, report_page.sanction_words(one), "、".join(_(MISCONDUCT_TITLES[code]) for code in one.grounds))
            for one in row.sanctions.all()
        ],
        "commendations": [
            (one, may[Permission.CONFIRM] and one.confirmed_at is None and one.entered_by_id != user.pk)
            for one in row.commendations.all()
            if one.confirmed_at is not None or may[Permission.EDIT] or may[Permission.CONFIRM]
        ],
        "staff": running.started(row) and (may[Permission.EDIT] or may[Permission.CONFIRM]),
    }


def _writable(request: HttpRequest, pk: int, kind: str) -> Project:
    row = pages.seen(request, pk)
    if kind not in REPORT_TITLES:
        raise Http404
    if not queries.writes_for(request.user, row):
        raise PermissionDenied(str(Permission.OWN_EDIT))
    return row


def _form(request: HttpRequest, last: ProjectReport | None, kind: str) -> forms.ReportForm:
    initial: dict[str, Any] = {}
    if last is not None:
        initial = {**last.texts, "asked": last.asked, "satisfaction": last.satisfaction}
    return forms.ReportForm(small.posted(request), initial=initial, kind=kind)


@doors.needs(*_WRITES)
@require_http_methods(small.METHODS)
def write(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Write a report beside its figures; POST saves, and hands in when asked."""
    row = _writable(request, pk, kind)
    last = reading.last_of(row, kind)
    if last is not None and last.state not in (ReportState.DRAFT, ReportState.RETURNED):
        messages.info(request, _("这份报告已提交。"))
        return redirect(_at(last))
    office = queries.is_office(request.user, row)
    form, paper = _form(request, last, kind), forms.OnPaperForm(small.posted(request))
    told: list[Finding] = []
    if form.is_bound and form.is_valid():
        try:
            if request.POST.get("next") == "hand_in":
                behalf = request.POST.get("on_behalf", "")[:60] if office else ""
                held = _save(request, row, kind, form, last, reports.hand_in, on_behalf=behalf)
                messages.success(request, _("已提交。"))
                return redirect(_at(held))
            _save(request, row, kind, form, last)
        except Refused as refused:
            told, last = refused.findings, reading.last_of(row, kind)
        else:
            messages.success(request, _("已保存。"))
            return redirect(there(row))
    title = _(REPORT_TITLES[kind])
    draft = last is not None and last.state == ReportState.DRAFT
    return render(request, "funding/report_write.html", {
        "title": title, "crumbs": small.crumbs(*steps(row), (title, "")), "project": row, "kind": kind,
        "fields": list(describe(form, told).values()), "problems": problems(form, told), "back": there(row),
        "version": request.POST.get("version") if form.is_bound else last.version if last is not None and draft else "",
        "keep": reverse("funding:report_keep", args=[pk, kind]), "office": office,
        "paper": list(describe(paper).values()) if office else [],
        "content": report_page.shown(reading.figures(row, clock.today())),
        "returned": last if last is not None and last.state == ReportState.RETURNED else None,
        "open": running.at_work(row),
    }, status=422 if form.is_bound else 200)  # fmt: skip


def _save(
    request: HttpRequest, row: Project, kind: str, form: forms.ReportForm, last: ProjectReport | None,
    act: Callable[..., ProjectReport] = reports.write, **more: Any,
) -> ProjectReport:  # fmt: skip
    """Save what was typed by one action: writing, or handing in."""
    draft = last is not None and last.state == ReportState.DRAFT
    return act(
        project=row, kind=kind, values=form.cleaned_data, version=entries.version(request) if draft else None,
        by=doors.person(request), at=clock.now(), **more,
    )  # fmt: skip


@doors.needs(*_WRITES)
@require_POST
def keep(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Keep what is being typed; what is not understood is kept later."""
    row = _writable(request, pk, kind)
    last = reading.last_of(row, kind)
    form = _form(request, last, kind)
    if not form.is_valid():
        return JsonResponse({"saved": ""}, status=422)
    try:
        held = _save(request, row, kind, form, last)
    except Refused as refused:
        return JsonResponse({"error": "；".join(one.text for one in refused.findings)}, status=422)
    return JsonResponse({"version": held.version, "saved": datetime_short(clock.now())})


def _seen(request: HttpRequest, key: int) -> ProjectReport:
    rows = ProjectReport.objects.visible_to(request.user).select_related(
        "project__round__programme__area", "project__organization", "project__sponsor", "handed_by", "decided_by"
    )
    return get_object_or_404(rows, pk=key)


@doors.needs(*pages.SEEN)
@require_safe
def detail(request: HttpRequest, key: int) -> HttpResponse:
    """A report as it was handed in, the evaluator's sheet, the result."""
    return _page(request, _seen(request, key))


def _page(request: HttpRequest, report: ProjectReport, told: Any = (), status: int = 200) -> HttpResponse:
    row, user = report.project, request.user
    title, sheet = _(REPORT_TITLES[report.kind]), reading.sheet_of(report)
    handed = report.state == ReportState.HANDED
    host = access.covers(user, Permission.CONFIRM, row, write=False)
    evaluates = access.covers(user, Permission.EVALUATE, row, write=False)
    final = report.kind == ReportKind.FINAL
    figures = report.figures or reading.figures(row, clock.today())
    return render(request, "funding/report_detail.html", {
        "title": title, "crumbs": small.crumbs(*steps(row), (title, "")), "report": report, "project": row,
        "state": words(report), "told": told, "content": report_page.shown(figures), "final": final,
        "texts": report_page.texts(report), "sheet": sheet, "items": report_page.items(sheet) if sheet else [],
        "settled": report_page.settled(sheet) if sheet else [], "grade": report_page.grade_words(sheet),
        "points": report_page.points, "kept": report.findings,
        "assesses": handed and evaluates and sheet is None, "annuls": handed and evaluates and sheet is not None,
        "passes": handed and not final and sheet is not None and (host or evaluates),
        "returns": handed and (host or evaluates or (final and queries.is_office(user, row))),
        "closes": handed and final and sheet is not None and host, "annulled": list(report.assessments.filter(
            annulled_at__isnull=False)), **tabs.of_project(request, row, "reports"),
    }, status=status)  # fmt: skip


@doors.needs(Permission.EVALUATE)
@require_http_methods(small.METHODS)
def assess(request: HttpRequest, key: int) -> HttpResponse:
    """The evaluator's sheet beside the figures."""
    report = _seen(request, key)
    row, final = report.project, report.kind == ReportKind.FINAL
    if not access.covers(request.user, Permission.EVALUATE, row, write=False):
        raise PermissionDenied(str(Permission.EVALUATE))
    money = reading.money(row) if final else []
    form = forms.SheetForm(
        small.posted(request), items=reading.items(row), final=final,
        settled={code: fen for code, fen in reading.proposed(row).items()} if final else {},
        hints=report_page.hints(money),
    )  # fmt: skip

    def write_() -> Assessment:
        told = form.cleaned_data
        return assessing.sign(
            report=report, points=form.points, opinion=told["opinion"], reason=told.get("reason") or "",
            settled=form.settled, by=doors.person(request), at=clock.now(),
        )  # fmt: skip

    return small.entered(
        request, _("评估表"), form, write_, name=f"{row.title} · {_(REPORT_TITLES[report.kind])}", back=_at(report),
        steps=(*steps(row), (_(REPORT_TITLES[report.kind]), _at(report))), button=_("签字"),
        note=_("总分按本届的等次自动得出；签字以后不能改，只能写明理由作废。"),
        content=report_page.shown(report.figures), template="funding/report_assess.html",
    )  # fmt: skip


@doors.needs(Permission.EVALUATE)
@require_http_methods(small.METHODS)
def annul(request: HttpRequest, key: int) -> HttpResponse:
    """Take a signed sheet back."""
    report = _seen(request, key)
    sheet = reading.sheet_of(report)
    if sheet is None:
        return redirect(_at(report))
    form = forms.WhyForm(small.posted(request))

    def write_() -> Assessment:
        return assessing.annul(assessment=sheet, reason=form.cleaned_data["reason"], by=doors.person(request),
                               at=clock.now())  # fmt: skip

    return small.entered(request, _("作废评估表"), form, write_, name=report.project.title, back=_at(report),
                         steps=steps(report.project), danger=True, button=_("作废"))  # fmt: skip


@doors.needs(Permission.EVALUATE, Permission.CONFIRM)
@require_POST
def step(request: HttpRequest, key: int, code: str) -> HttpResponse:
    """Pass the mid check, or accept the project."""
    report = _seen(request, key)
    act = reports.pass_ if code == "pass" else reports.close
    try:
        act(report=report, by=doors.person(request), at=clock.now())
    except Refused as refused:
        return _page(request, report, refused.findings, 422)
    messages.success(request, _("已办理。"))
    return redirect(_at(report))


@doors.needs(*_DECIDES)
@require_http_methods(small.METHODS)
def give_back(request: HttpRequest, key: int) -> HttpResponse:
    """Ask for a rectification, or return the final papers."""
    report = _seen(request, key)
    form = forms.AgainForm(small.posted(request))
    title = _("退回结项材料") if report.kind == ReportKind.FINAL else _("要求整改")

    def write_() -> ProjectReport:
        return reports.give_back(report=report, **form.cleaned_data, by=doors.person(request), at=clock.now())

    return small.entered(request, title, form, write_, name=report.project.title, back=_at(report), button=title,
                         steps=steps(report.project))  # fmt: skip


@doors.needs(Permission.CONFIRM)
@require_http_methods(small.METHODS)
def fail(request: HttpRequest, key: int) -> HttpResponse:
    """Decide that the project has failed."""
    report = _seen(request, key)
    form = forms.WhyForm(small.posted(request))

    def write_() -> ProjectReport:
        return reports.fail(report=report, reason=form.cleaned_data["reason"], by=doors.person(request),
                            at=clock.now())  # fmt: skip

    return small.entered(
        request, _("结项不合格"), form, write_, name=report.project.title, back=_at(report), danger=True,
        steps=steps(report.project), button=_("决定为不合格"),
        note=_("不合格的项目不再拨款；是否处理，另行提出，由第二人决定。"),
    )  # fmt: skip
