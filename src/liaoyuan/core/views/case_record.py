"""One case: its fields, papers, clock, course, and what may be done now; every act goes through one address."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from liaoyuan.core import access, clock, doors, registries
from liaoyuan.core.actions import case_letters, deciding
from liaoyuan.core.actions import cases as actions
from liaoyuan.core.casekinds import CaseMoment
from liaoyuan.core.choices import CaseState, Permission
from liaoyuan.core.forms.cases import ActForm
from liaoyuan.core.models import Case, User
from liaoyuan.core.params import DOCUMENT_STATE_TITLES
from liaoyuan.core.queries import cases as queries
from liaoyuan.core.queries import documents, files
from liaoyuan.core.rules import cases as rules
from liaoyuan.core.views.cases import badge, kind_title, seen
from liaoyuan.kit.findings import Finding, Refused, Severity
from liaoyuan.ui.forms import Field, Problem, describe, problems
from liaoyuan.ui.pages import render

#: What each act asks, and what its button says.
_ASKS: dict[str, tuple[str, ...]] = {
    "receive": ("on",),
    "supplement": ("on", "text", "letter"),
    "resume": ("on", "text"),
    "opine": ("outcome", "text"),
    "decide": ("on", "decision", "text", "letter", "decision_no"),
    "record": ("outside_number", "on", "decision", "decision_no", "text"),
    "deliver": ("on", "how"),
    "archive": (),
    "withdraw": ("text",),
    "hand_over": ("to",),
}
#: The next step first.
_ORDER = ("receive", "resume", "opine", "decide", "record", "deliver", "archive", "supplement", "hand_over", "withdraw")
_LABEL_TITLES: dict[str, dict[str, str]] = {
    "receive": {"on": "收件日期"},
    "supplement": {
        "on": "通知日期",
        "text": "需要补正的全部内容（一次告知）",
        "letter": "同时起草补正通知书，交负责人签发",
    },
    "resume": {"on": "收到日期", "text": "收到的内容"},
    "opine": {"text": "审查意见"},
    "decide": {
        "on": "决定日期",
        "text": "理由（不予时必填）",
        "letter": "同时制发决定书，文号自动取得",
        "decision_no": "决定文号（不制发决定书时填写）",
    },
    "record": {"on": "决定日期", "text": "说明（不予时必填）"},
    "deliver": {"on": "送达日期"},
    "withdraw": {"text": "撤回的理由"},
}
#: Where a superior replies and no licence is given.
_REPLY_TITLES: dict[str, dict[str, str]] = {
    "decide": {"letter": "准予的同时制发批复，文号自动取得", "decision_no": "批复文号（不制发批复时填写）"},
}


@dataclass(slots=True)
class Act:
    """An act that is possible now: its form on the page."""

    code: str
    title: str
    fields: list[Field]
    hidden: list[Field]
    open: bool = False
    primary: bool = False
    per_field: bool = False
    asks: bool = False
    problems: list[Problem] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


@doors.needs_case
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of a case."""
    return _page(request, seen(request, pk))


def _may(user: Any, case: Case) -> list[str]:
    """The acts that the user may do in the present state, the next step first."""
    kind = queries.kind_of(case)
    handles, decides = queries.may_handle(user, case), queries.may_decide(user, case)
    own = bool(case.subject_id) and queries.may_apply(user, kind, case.subject_id)
    found = []
    for act in _ORDER:
        if not rules.may(act, case.state, direct=kind.direct):
            continue
        if (act in ("opine", "supplement", "decide") and case.passes_through) or (
            act == "record" and not case.passes_through
        ):
            continue
        if (handles if act != "decide" else decides) or (act == "withdraw" and own):
            found.append(act)
    return found


def _act(case: Case, code: str, data: Any, told: Sequence[Finding], *, first: bool, user: Any) -> Act:
    form = _form(case, code, data, user)
    if data is not None:
        form.is_valid()
    labels = _LABEL_TITLES.get(code, {}) | ({} if queries.kind_of(case).licence else _REPLY_TITLES.get(code, {}))
    for name, label in labels.items():
        if name in form.fields:
            form.fields[name].label = _(label)
    for name in form.fields:
        form.fields[name].widget.attrs["id"] = f"{code}-{name}"
    asks = any(f.severity == Severity.CONFIRM for f in told)
    if not asks:
        form.fields.pop("confirmed", None)
    fields = describe(form, told)
    return Act(
        code=code,
        title=_(rules.ACT_TITLES[code]),
        fields=[f for f in fields.values() if f.kind != "hidden"],
        hidden=[f for f in fields.values() if f.kind == "hidden"],
        open=data is not None or first,
        primary=first,
        per_field=code == "decide" and queries.kind_of(case).per_field,
        asks=asks,
        problems=problems(form, told) if data is not None else [],
        findings=[f for f in told if f.field not in fields and f.severity in (Severity.WARN, Severity.INFO)],
    )


def _form(case: Case, code: str, data: Any, user: Any) -> ActForm:
    colleagues: list[User] = queries.colleagues(case, clock.today()) if code == "hand_over" else []
    initial = {"on": clock.today(), "version": case.version, "letter": True}
    names = list(_ASKS[code])
    letters = {"decide": case_letters.may_issue, "supplement": case_letters.may_draft}
    if "letter" in names and not letters[code](user, case):
        names.remove("letter")
    return ActForm(data, names=names, colleagues=colleagues, initial=initial)


def _page(
    request: HttpRequest, case: Case, *, done: str = "", data: Any = None, told: Sequence[Finding] = ()
) -> HttpResponse:
    user, today = request.user, clock.today()
    may = _may(user, case)
    own = queries.own_subject(user, case)
    handles = queries.may_handle(user, case)
    papers = queries.papers(case)
    editable = bool(queries.editable_fields(case)) and (
        handles or (own and case.state in (CaseState.APPLIED, CaseState.SUPPLEMENT))
    )
    return render(
        request,
        "core/case_detail.html",
        {
            "title": case.label,
            "kind": kind_title(case),
            "crumbs": [(_("事项"), reverse("core:case_list")), (case.label, "")],
            "case": case,
            "badge": badge(case),
            "facts": _facts(case),
            "lines": queries.lines(case),
            "compares": queries.kind_of(case).before is not None,
            "clock": queries.clock_of(case, today),
            "clock_facts": _clock_facts(case, today),
            "findings": [] if own else queries.findings_of(case, CaseMoment.DAILY, today),
            "papers": papers,
            "papers_there": sum(paper.there for paper in papers),
            "files": reverse("core:file_list", args=["case", case.pk]),
            "ticks": handles and rules.may("material", case.state) and not case.passes_through,
            "editable": editable,
            "course": _course(user, case, internal=not own),
            "acts": [
                _act(
                    case,
                    code,
                    data if code == done else None,
                    told if code == done else (),
                    first=place == 0,
                    user=user,
                )
                for place, code in enumerate(may)
            ],
            "per_field": queries.kind_of(case).per_field and "decide" in may,
            "subject": _subject(case),
            "letters": _letters(user, case),
            "letters_href": reverse("core:document_panel", args=["case", case.pk]) if _drafts(user) else "",
            "today": today,
        },
        status=422 if done else 200,
    )


def _drafts(user: Any) -> bool:
    return access.any_of(user, (Permission.DOCUMENT_VIEW,))


def _letters(user: Any, case: Case) -> list[tuple[str, str, str]]:
    """The letters of the case that the user may see: (title, number or state, address)."""
    if not access.any_of(user, (Permission.DOCUMENT_VIEW, Permission.DOCUMENT_OWN_VIEW)):
        return []
    return [
        (row.title, row.number or _(DOCUMENT_STATE_TITLES[row.state]), reverse("core:document_detail", args=[row.pk]))
        for row in documents.of_case(user, case.pk)
    ]


def _subject(case: Case) -> str:
    """The address of the record that the case is about."""
    record = queries.subject_of(case)
    kind = registries.searchables.get(case.subject_kind)
    return reverse(kind.url_name, args=[record.pk]) if record is not None and kind is not None else ""


def _facts(case: Case) -> list[tuple[str, Any, str]]:
    told: list[tuple[str, Any, str]] = [
        (_("事项"), kind_title(case), ""),
        (_("编号"), case.number, ""),
        (_("办理机关所在区划"), case.area.name, ""),
        (_("申请人"), case.applicant, ""),
        (_("提交"), clock.localdate(case.applied_at), str(case.applied_by or "")),
        (_("代填依据"), case.on_behalf, ""),
        (_("收件日期"), case.received_on, ""),
        (_("经办人"), str(case.handler or ""), ""),
        (_("外部系统受理号"), case.outside_number, ""),
        (_("决定日期"), case.decided_on, str(case.decided_by or "")),
        (_("决定文号"), case.decision_no, ""),
        (_("理由"), case.decision_text, ""),
        (_("送达"), case.delivered_on, case.delivery),
    ]
    return [(label, value.isoformat() if isinstance(value, date) else value, note) for label, value, note in told
            if value]  # fmt: skip


def _clock_facts(case: Case, on: date) -> list[tuple[str, str, str]]:
    found = queries.clock_of(case, on)
    if found is None:
        return []
    unit = _("个工作日") if case.term_workdays else _("日")
    last = found.due_on.isoformat() if found.due_on else _("中止中，恢复后顺延")
    return [
        (_("期限"), f"{found.days} {unit}", case.term_key),
        (_("应决定日"), last, _("暂定：当年的工作日历尚未公布") if found.provisional else ""),
        (_("已用"), f"{found.used} {unit}", f"{found.share()}%"),
        (_("中止"), f"{found.stopped} {unit}" if found.stopped else "", ""),
    ]


def _course(user: Any, case: Case, *, internal: bool) -> list[dict[str, Any]]:
    """The steps, and between them the files: who added or took away which and when, as far as the user may see them."""
    told = [(step.recorded_at, _step(step)) for step in queries.course(case, internal=internal)]
    for file in reversed(files.listing(files.Place(registries.file_subjects[queries.SUBJECT], case, user))):
        alive = file.removed_at is None and file.replaced_at is None
        href = reverse("core:file_open", args=[file.pk, "original"]) if alive else ""
        word = _("上传文件“{paper}”：{name}") if file.replaces_id is None else _("替换文件“{paper}”：{name}")
        what = word.format(paper=file.paper, name=file.name)
        told.append((file.uploaded_at, _file(file.uploaded_at, what, file.uploaded_by, href)))
        if file.removed_at is not None:
            what = _("移除文件：{name}（{why}）").format(name=file.name, why=file.removed_because)
            told.append((file.removed_at, _file(file.removed_at, what, file.removed_by)))
    return [line for _at, line in sorted(told, key=lambda pair: pair[0])]


def _file(at: datetime, what: str, who: Any, href: str = "") -> dict[str, Any]:
    return {"on": clock.localdate(at), "what": what, "who": str(who or ""), "href": href, "kind": "", "recorded": None}


def _step(step: Any) -> dict[str, Any]:
    title = _(rules.CASE_STEP_TITLES[step.kind])
    outcome = _(rules.CASE_OUTCOME_TITLES[step.outcome]) if step.outcome else ""
    words = "，".join(filter(None, (outcome, step.text)))
    recorded = clock.localdate(step.recorded_at)
    return {
        "on": step.on, "what": f"{title}：{words}" if words else title, "who": str(step.recorded_by or ""), "href": "",
        "kind": "registry", "recorded": recorded if step.on < recorded else None,
    }  # fmt: skip


_DONE_MESSAGES = {
    "receive": "已收件。", "supplement": "已记下补正通知，期限中止。", "resume": "期限继续计算。",
    "opine": "意见已签署，等待决定。", "decide": "已决定。", "record": "已登记结果。", "deliver": "已记下送达。",
    "archive": "已归档。", "withdraw": "已撤回。", "hand_over": "已移交。",
}  # fmt: skip


@doors.needs_case
@require_POST
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """Do one thing with the case; `do` says what."""
    case = seen(request, pk)
    code = request.POST.get("do", "")
    if code == "material":
        return _papers(request, case)
    if code not in _ASKS:
        return HttpResponse(status=400)
    form = _form(case, code, request.POST, request.user)
    if not form.is_valid():
        return _page(request, case, done=code, data=request.POST)
    try:
        _doing(code)(request, case, form.cleaned_data)
    except Refused as refused:
        return _page(request, seen(request, pk), done=code, data=request.POST, told=refused.findings)
    messages.success(request, _(_DONE_MESSAGES[code]))
    return redirect("core:case_detail", pk)


def _doing(code: str) -> Callable[[HttpRequest, Case, dict[str, Any]], Case]:
    """The action behind a word."""

    def do(request: HttpRequest, case: Case, given: dict[str, Any]) -> Case:
        told: dict[str, Any] = {name: value for name, value in given.items() if name not in ("confirmed", "to")} | {
            "case": case,
            "by": doors.person(request),
            "at": clock.now(),
        }
        if code in ("decide", "record"):
            told["confirmed"] = given.get("confirmed", False)
        if code == "decide" and queries.kind_of(case).per_field:
            told["accepted"] = request.POST.getlist("accepted")
        if code == "withdraw":
            told["reason"] = told.pop("text")
        if code == "hand_over":
            told.pop("version")
            told["to"] = User.objects.get(pk=int(given["to"]))
        return _ACTIONS[code](**told)

    return do


_ACTIONS: dict[str, Callable[..., Case]] = {
    "receive": actions.receive, "supplement": actions.ask_supplement, "resume": actions.resume,
    "opine": actions.opine, "decide": deciding.decide, "record": deciding.record, "deliver": deciding.deliver,
    "archive": deciding.archive, "withdraw": deciding.withdraw, "hand_over": deciding.hand_over,
}  # fmt: skip


def _papers(request: HttpRequest, case: Case) -> HttpResponse:
    """Which papers are there on paper."""
    try:
        actions.take_papers(
            case=case, names=request.POST.getlist("papers"), on=clock.today(), by=doors.person(request), at=clock.now()
        )
        messages.success(request, _("已记下材料。"))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("core:case_detail", case.pk)
