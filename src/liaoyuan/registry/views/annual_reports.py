"""One annual report: its page, the steps of the form, the steps of its way."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaoyuan.core import access, clock, doors, policy, registries
from liaoyuan.core.queries import calendar, files
from liaoyuan.kit.findings import Refused, Severity
from liaoyuan.registry.actions import annual_drafts as drafts
from liaoyuan.registry.actions import annual_late
from liaoyuan.registry.actions import annual_reports as actions
from liaoyuan.registry.choices import ANNUAL_OPEN_STATES, KIND_TITLES, REGISTERED, AnnualState, Permission, Track
from liaoyuan.registry.forms import annual as forms
from liaoyuan.registry.models import AnnualContent, AnnualReport, Standing
from liaoyuan.registry.params.annual_form import (
    BY_CODE,
    PARTY_FORM_TITLES,
    STEPS,
    SUM_TITLES,
    FormField,
    missing_fields,
    sums,
)
from liaoyuan.registry.params.annual_words import TRACK_TITLES
from liaoyuan.registry.queries import annual as queries
from liaoyuan.registry.queries import annual_facts, annual_papers
from liaoyuan.registry.views.annual_lists import state_of
from liaoyuan.ui import texts
from liaoyuan.ui.forms import describe, problems
from liaoyuan.ui.pages import render

_METHODS = ["GET", "HEAD", "POST"]
_SEEN = (Permission.VIEW, Permission.OWN_VIEW)
_FILL = (Permission.ANNUAL_FILL, Permission.OWN_FILE)
#: Rules told before one types, by the field they speak of.
_RULES = {"members_total": "ANN-07", "rectification": "ANN-06"}
#: So many days a body has for its late report unless the officer says otherwise.
_LATE_DAYS = 30


def _seen(request: HttpRequest, pk: int) -> AnnualReport:
    rows = AnnualReport.objects.visible_to(request.user).with_body().with_dues()
    return get_object_or_404(rows.select_related("round__area", "organization"), pk=pk)


def _standing(report: AnnualReport) -> Standing:
    rows = Standing.objects.now_open().select_related("registrar_area", "street")
    return rows.get(organization=report.organization_id)


def _writable(request: HttpRequest, pk: int) -> AnnualReport:
    report = _seen(request, pk)
    if not actions.fills(request.user, report):
        raise PermissionDenied
    return report


def _content(report: AnnualReport, row: Standing) -> AnnualContent:
    """What is written so far, or what the first draft would begin with."""
    found = AnnualContent.objects.filter(report=report).first()
    return found or AnnualContent(report=report, **drafts.prefilled(report, row))


def _crumbs(request: HttpRequest, report: AnnualReport) -> list[tuple[str, str]]:
    first = [(_("年检年报"), reverse("registry:annual_list"))]
    if access.has(request.user, Permission.VIEW):
        name = _("{year} 年度").format(year=report.round.year)
        first.append((name, reverse("registry:annual_round", args=[report.round_id])))
    return first


@doors.needs(*_SEEN)
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The report: what the register says, what is filled in, papers, the way it went, what can be done now."""
    return _page(request, _seen(request, pk))


def register_facts(report: AnnualReport, row: Standing) -> list[tuple[str, str, str]]:
    """基本信息: from the register, never typed again."""
    org = report.organization
    kind = next(k for k in REGISTERED if k == report.kind)
    money = texts.yuan(row.capital_fen) if row.capital_fen is not None else ""
    return [
        (_("名称"), row.name, ""),
        (_("统一社会信用代码"), org.code or org.code_as_given, ""),
        (_("类型"), _(KIND_TITLES[kind]), ""),
        (_("成立日期"), org.registered_on.isoformat() if org.registered_on else "", ""),
        (_("法定代表人或负责人"), row.legal_representative, ""),
        (_("住所"), row.address, ""),
        (_("业务主管单位"), row.supervisor or _("直接登记"), ""),
        (_("注册资金（元）"), str(money), ""),
        (_("届期"), f"{row.term_from or '—'}～{row.term_to or '—'}" if row.term_from or row.term_to else "", ""),
    ]


def _shown(field: FormField, value: Any) -> str:
    if value is None or value == "":
        return ""
    if field.shape == "fen":
        return str(texts.yuan(value))
    if field.shape in ("yes", "pledge"):
        return _("是") if value else _("否")
    if field.shape == "party":
        return _(PARTY_FORM_TITLES[value])
    return value.isoformat() if field.shape == "day" else str(value)


def _note(field: FormField, value: Any, row: Standing) -> str:
    """Where a value comes from, or how it differs from the register."""
    if not field.register:
        return ""
    known = getattr(row, field.register)
    if known is None or value is None:
        return ""
    return _("来自登记档案") if known == value else _("登记档案为 {n}").format(n=known)


def _sections(report: AnnualReport, row: Standing, content: AnnualContent) -> list[dict[str, Any]]:
    told = dict(missing_fields(report.kind, content))
    return [
        {
            "code": step.code,
            "title": _(step.title),
            "pairs": [
                (_(f.title), _shown(f, getattr(content, f.name)), _note(f, getattr(content, f.name), row))
                for f in step.of(report.kind)
            ],
            "missing": len(told.get(step.title, ())) or int(step.code == "pledge" and not content.pledged),
            "typed": step.code in content.typed,
        }
        for step in STEPS
    ]


def _way(report: AnnualReport) -> list[tuple[str, str, str]]:
    """The steps taken: what, which day, by whom."""
    told = []
    for title, on, who, more in (
        (_("收补报"), clock.localdate(report.late_at) if report.late_at else None, report.late_by, report.late_note),
        (_("报主管单位"), report.submitted_on, report.submitted_by, ""),
        (_("主管单位初审"), report.reviewed_on, report.reviewed_by, report.review_opinion),
        (_("报登记机关"), report.filed_on, report.filed_by, ""),
        (_("受理审查"), clock.localdate(report.examined_at) if report.examined_at else None, report.examined_by, ""),
        (_("退回补正"), clock.localdate(report.returned_at) if report.returned_at else None, report.returned_by,
         report.return_reason),
        (_("结论"), report.concluded_on, report.concluded_by, report.result_note),
    ):  # fmt: skip
        if on is not None:
            told.append((title, on.isoformat(), "，".join(part for part in (str(who or ""), more) if part)))
    return told


def _page(
    request: HttpRequest, report: AnnualReport, *, form: Any = None, told: Any = (), do: str = "", status: int = 200
) -> HttpResponse:
    row = _standing(report)
    content = _content(report, row)
    user = request.user
    today = clock.today()
    limits = policy.limits(today, policy.chain(row.registrar_area.path))
    open_round = report.goes_on
    place = files.place_of(user, annual_facts.SUBJECT, str(report.pk))
    due = queries.next_due(report)
    facts = annual_facts.of_report(report, row)
    waits = report.state != AnnualState.CONCLUDED and report.makes_up_id is None
    findings = policy.evaluate("annual_daily", facts, limits, today) if waits and open_round else []
    if report.state in ANNUAL_OPEN_STATES and open_round:
        findings += [f for f in actions.asked_on_submit(report, row, today) if f not in findings]
    deeds = _deeds(user, report, form, do) if open_round or report.result == "missed" else []
    return render(
        request,
        "registry/annual_report.html",
        {
            "title": report.name,  # type: ignore[attr-defined]
            "crumbs": [*_crumbs(request, report), (report.name, "")],  # type: ignore[attr-defined]
            "report": report,
            "late": report.late,
            "late_state": state_of(report.late) if report.late else None,
            "track": _(TRACK_TITLES[report.track]),
            "state": state_of(report),
            "basic": register_facts(report, row),
            "sections": _sections(report, row, content),
            "sums": [(_(SUM_TITLES[code]), str(texts.yuan(fen)) if fen is not None else "", "")
                     for code, fen in sums(content).items()],
            "papers": annual_papers.lines(place, report, facts, limits, today) if place else [],
            "files": reverse("core:file_list", args=[annual_facts.SUBJECT, report.pk]),
            "way": _way(report),
            "due": due,
            "provisional": queries.is_provisional(due, calendar.workdays()),
            "judged": findings,
            "fills": open_round and report.state in ANNUAL_OPEN_STATES and actions.fills(user, report),
            "wrong_track": any(f.code == "ANN-03" and f.field == "track" for f in findings),
            "right_track": Track.CHARITY if row.is_charity else Track.FOUNDATION if row.kind == "JJ" else Track.CHECK,
            "own": actions.is_own(user, report),
            "deeds": deeds,
            "refused": told,
            "problems": problems(form, told) if form is not None else [],
            "today": today,
        },
        status=422 if form is not None else status,
    )  # fmt: skip


def _deeds(user: Any, report: AnnualReport, form: Any, do: str) -> list[dict[str, Any]]:
    """What this user can do next: code, word, form."""
    fills, decides = actions.fills(user, report), actions.decides(user, report)
    own = actions.is_own(user, report)
    state = AnnualState(report.state)
    today = {"on": clock.today()}
    found: list[tuple[str, str, Any]] = []
    if fills and state in (AnnualState.DRAFT, AnnualState.RETURNED):
        first = report.supervised and state == AnnualState.DRAFT
        word = _("报业务主管单位") if first else _("报登记机关")
        found.append(("submit", word, forms.DayForm(own=own, initial=today)))
    if fills and state == AnnualState.SUBMITTED:
        found.append(("review", _("记下主管单位初审"), forms.ReviewForm(own=own, initial=today)))
    if fills and state == AnnualState.REVIEWED:
        found.append(("file", _("报登记机关"), forms.DayForm(own=own, initial=today)))
    if decides and state == AnnualState.FILED:
        found.append(("examine", _("受理审查"), None))
    if decides and state in (AnnualState.FILED, AnnualState.EXAMINING):
        found.append(("return", _("退回补正"), forms.ReturnForm()))
    if decides and state == AnnualState.EXAMINING:
        found.append(("conclude", _("作出结论"), forms.ConcludeForm(judged=True, initial=today)))
    elif decides and report.makes_up_id is not None:
        if state == AnnualState.NONE:
            found.append(("withdraw", _("撤销收补报"), None))
    elif decides and report.result == "missed" and report.late is None:
        until = {"due_on": clock.today() + timedelta(days=_LATE_DAYS)}
        found.append(("late", _("收补报"), forms.LateForm(initial=until)))
    elif decides and state not in (AnnualState.FILED, AnnualState.RETURNED, AnnualState.CONCLUDED):
        found.append(("conclude", _("免检或未参加"), forms.ConcludeForm(judged=False, initial=today)))
    return [
        {
            "do": code, "title": title, "open": code == do,
            "fields": list(describe(form if code == do and form is not None else one).values()) if one else [],
        }
        for code, title, one in found
    ]  # fmt: skip


@doors.needs(*_FILL, Permission.ANNUAL_EDIT)
@require_POST
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """One step of the way; `do` says which."""
    report = _seen(request, pk)
    do = request.POST.get("do", "")
    by, at, own = doors.person(request), clock.now(), actions.is_own(request.user, report)
    judged = report.state == AnnualState.EXAMINING
    acts: dict[str, tuple[Any, Callable[[Any], Any], str]] = {
        "submit": (forms.DayForm(request.POST, own=own), lambda f: actions.submit(
            report=report, on=f.cleaned_data["on"], by=by, at=at, on_behalf=f.on_behalf()), _("已报送。")),
        "review": (forms.ReviewForm(request.POST, own=own), lambda f: actions.review(
            report=report, on=f.cleaned_data["on"], opinion=f.cleaned_data["opinion"],
            passed=f.cleaned_data["passed"] == "1", by=by, at=at, on_behalf=f.on_behalf()), _("已记下初审结果。")),
        "file": (forms.DayForm(request.POST, own=own), lambda f: actions.file(
            report=report, on=f.cleaned_data["on"], by=by, at=at, on_behalf=f.on_behalf()), _("已报登记机关。")),
        "examine": (forms.DayForm({"on": clock.today()}, own=True),
                    lambda f: actions.examine(report=report, by=by, at=at), _("已受理审查。")),
        "return": (forms.ReturnForm(request.POST), lambda f: actions.send_back(
            report=report, reason=f.cleaned_data["reason"], by=by, at=at), _("已退回补正。")),
        "conclude": (forms.ConcludeForm(request.POST, judged=judged), lambda f: _concluded(
            report, f.cleaned_data, by, at), _("已作出结论。")),
        "late": (forms.LateForm(request.POST), lambda f: annual_late.open_late(
            report=report, due_on=f.cleaned_data["due_on"], note=f.cleaned_data["note"], by=by, at=at),
            _("已收补报，组织可以填报。")),
        "withdraw": (forms.DayForm({"on": clock.today()}, own=True),
                     lambda f: annual_late.withdraw_late(report=report, by=by, at=at), _("已撤销收补报。")),
    }  # fmt: skip
    if do not in acts:
        return _page(request, report, status=422)
    form, write, done = acts[do]
    if not form.is_valid():
        return _page(request, report, form=form, do=do)
    try:
        made = write(form)
    except Refused as refused:
        return _page(request, _seen(request, pk), form=form, told=refused.findings, do=do)
    messages.success(request, done)
    return redirect("registry:annual_report", made.pk if made is not None else pk)


def _concluded(report: AnnualReport, told: dict[str, Any], by: Any, at: Any) -> None:
    if told["result"] == "missed":
        actions.conclude_missed(reports=[report], on=told["on"], by=by, at=at)
    else:
        actions.conclude(report=report, result=told["result"], on=told["on"], note=told["note"], by=by, at=at)


@doors.needs(*_FILL)
@require_http_methods(_METHODS)
def fill(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """One step of the form: what the register holds stands in it already; saved, it leads to the next."""
    report = _writable(request, pk)
    if step not in BY_CODE:
        raise Http404
    row = _standing(report)
    content = _content(report, row)
    own = actions.is_own(request.user, report)
    fields = BY_CODE[step].of(report.kind)
    kept = content.typed.get(step, {})
    initial: dict[str, Any] = {f.name: getattr(content, f.name) for f in fields}
    for f in fields:
        if f.shape == "yes" and initial[f.name] is not None:
            initial[f.name] = "1" if initial[f.name] else "0"
    form = forms.StepForm(
        request.POST if request.method == "POST" else None, step=BY_CODE[step], kind=report.kind, own=own,
        initial={**initial, **kept, "version": report.version},
    )  # fmt: skip
    told: list[Any] = []
    if form.is_bound and form.is_valid():
        try:
            drafts.save(
                report=report, step=step, values=form.values(), version=form.cleaned_data["version"],
                by=doors.person(request), at=clock.now(), on_behalf=form.on_behalf(),
            )  # fmt: skip
        except Refused as refused:
            told = refused.findings
        else:
            messages.success(request, _("已保存。"))
            return redirect(_after(report, step, request.POST.get("next", "")))
    codes = [one.code for one in STEPS]
    place = codes.index(step)
    rules = {
        name: _(registries.rules[code].statement)
        for name, code in _RULES.items()
        if name in form.fields and policy.limits(clock.today(), policy.chain(row.registrar_area.path)).is_on(code)
    }
    shown = describe(form, told, rules=rules)
    notes = {f.name: _note(f, initial[f.name], row) for f in fields}
    return render(
        request,
        "registry/annual_fill.html",
        {
            "title": _(BY_CODE[step].title),
            "crumbs": [
                *_crumbs(request, report),
                (report.name, reverse("registry:annual_report", args=[pk])),  # type: ignore[attr-defined]
                (_(BY_CODE[step].title), ""),
            ],
            "report": report,
            "steps": [
                (_(one.title), reverse("registry:annual_fill", args=[pk, one.code]), one.code == step, None)
                for one in STEPS
            ],
            "fields": [(shown[name], notes.get(name, "")) for name in form.names],
            "word": [shown[name] for name in ("word_via", "word_by") if name in shown],
            "version": shown["version"],
            "problems": problems(form, told),
            "loose": [f for f in told if f.field not in shown and f.severity in (Severity.WARN, Severity.INFO)],
            "basic": register_facts(report, row) if place == 0 else [],
            "kept": bool(kept) and not form.is_bound,
            "kept_at": content.typed_at,
            "place": place + 1,
            "count": len(codes),
            "last": place + 1 == len(codes),
            "closed": report.state not in ANNUAL_OPEN_STATES or not report.goes_on,
        },
        status=422 if form.is_bound else 200,
    )


def _after(report: AnnualReport, step: str, word: str) -> str:
    codes = [one.code for one in STEPS]
    place = codes.index(step) + 1
    if word == "stay" or place >= len(codes):
        return reverse("registry:annual_report", args=[report.pk])
    return reverse("registry:annual_fill", args=[report.pk, codes[place]])


@doors.needs(*_FILL)
@require_POST
def keep(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """What is being typed, kept as a draft; answers when."""
    report = _writable(request, pk)
    if step not in BY_CODE:
        raise Http404
    at = clock.now()
    try:
        drafts.keep(report=report, step=step, typed=request.POST.dict(), by=doors.person(request), at=at)
    except Refused as refused:
        return JsonResponse({"error": str(refused)}, status=422)
    return JsonResponse({"saved": f"{at.astimezone(clock.SHANGHAI):%H:%M}"})


@doors.needs(*_FILL)
@require_POST
def change_track(request: HttpRequest, pk: int) -> HttpResponse:
    """The form that the register says is the right one."""
    report = _writable(request, pk)
    row = _standing(report)
    right = Track.CHARITY if row.is_charity else Track.FOUNDATION if row.kind == "JJ" else Track.CHECK
    own = actions.is_own(request.user, report)
    try:
        actions.change_track(
            report=report, track=right, by=doors.person(request), at=clock.now(),
            on_behalf="" if own else _("按登记档案更换"),
        )  # fmt: skip
        messages.success(request, _("已更换年报种类。"))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("registry:annual_report", pk)
