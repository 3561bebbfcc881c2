"""事项: the list, a new one, its fields changed; two who edit at once are both kept."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaoyuan.core import access, clock, doors, policy, registries
from liaoyuan.core.actions import case_exports
from liaoyuan.core.actions import cases as actions
from liaoyuan.core.choices import CaseDecision, CaseState, Level, Permission
from liaoyuan.core.exports import cases as exports
from liaoyuan.core.forms.cases import CaseForm, CaseQueryForm, NewCaseForm
from liaoyuan.core.models import Area, Case
from liaoyuan.core.queries import cases as queries
from liaoyuan.core.queries.cases import Wish
from liaoyuan.core.registries import CaseField, CaseKind
from liaoyuan.core.rules.cases import CASE_DECISION_TITLES, CASE_STATE_TITLES
from liaoyuan.kit.findings import Finding, Refused, Severity
from liaoyuan.ui import conflicts
from liaoyuan.ui.forms import Field, chips, describe, problems
from liaoyuan.ui.pager import Query
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState, link_to

_MARKS = {
    CaseState.APPLIED: "review", CaseState.RECEIVED: "review", CaseState.SUPPLEMENT: "review",
    CaseState.EXAMINED: "review", CaseState.WITHDRAWN: "closed", CaseState.ARCHIVED: "closed",
}  # fmt: skip


def badge(case: Case) -> tuple[str, str]:
    """Mark and word of a case's state, with the decision once there is one."""
    word = _(CASE_STATE_TITLES[case.state])
    if case.decision:
        word = f"{word}（{_(CASE_DECISION_TITLES[case.decision])}）"
    known = "reject" if case.decision == CaseDecision.REFUSED else "ok"
    return _MARKS.get(CaseState(case.state), known), word


def kind_title(case: Case) -> str:
    """The words of a case's kind."""
    kind = registries.case_kinds.get(case.kind)
    return _(kind.title) if kind else case.kind


def due_words(case: Case) -> str:
    """The day by which it must be decided, in a list."""
    if case.due_on is None:
        return _("中止中") if case.state == CaseState.SUPPLEMENT and case.term_days else ""
    late = _("，已超期") if case.open and case.due_on < clock.today() else ""
    return f"{case.due_on.isoformat()}{_('（暂定）') if case.due_provisional else ''}{late}"


def _columns() -> tuple[Column, ...]:
    return (
        Column("label", _("名称"), sortable=True, fixed=True, link=link_to("core:case_detail")),
        Column("kind", _("事项"), sortable=True, value=kind_title),
        Column("number", _("编号"), sortable=True, kind="short"),
        Column("received_on", _("收件"), sortable=True, kind="date"),
        Column("due_on", _("应决定日"), sortable=True, kind="short", value=due_words),
        Column("state", _("状态"), sortable=True, kind="verdict", value=badge),
        Column("handler", _("经办人")),
        Column("decided_on", _("决定"), sortable=True, kind="date", default=False),
        Column("decision_no", _("决定文号"), kind="short", default=False),
        Column("area", _("办理机关"), default=False),
    )


@doors.needs_case
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Cases within the user's reach; without a wish those that are not closed, the earliest due first."""
    kinds = queries.kinds_for(request.user)
    asked, wish = _wished(request, kinds)
    state = TableState.from_request(request, _columns(), default_sort="due_on", per_page=50)
    rows = queries.asked(request.user, wish, clock.today())
    startable = [
        (_(kind.title), begun_at(kind))
        for kind in kinds
        if (kind.begin or not kind.subject_kind) and access.any_of(request.user, kind.handle)
    ]
    query = Query(request)
    return render(
        request,
        "core/case_list.html",
        {
            "title": _("事项"),
            "fields": list(describe(asked).values()),
            "chips": chips(asked, query),
            "problems": problems(asked),
            "hidden": state.query.hidden(*asked.fields),
            "table": state.table(rows.order_by(*state.order_by())),
            "startable": startable,
            "export": f"{reverse('core:case_export')}{query()}"
            if access.has(request.user, Permission.CASE_EXPORT)
            else "",
        },
    )


def _export(request: HttpRequest, query: Query) -> str:
    """Where the sheet of the same cases is asked for; empty for whoever may not."""
    return f"{reverse('core:case_export')}{query()}" if access.has(request.user, Permission.CASE_EXPORT) else ""


def _wished(request: HttpRequest, kinds: Sequence[CaseKind]) -> tuple[CaseQueryForm, Wish]:
    """The query of the address."""
    asked = CaseQueryForm(request.GET, kinds=kinds or registries.case_kinds.values())
    given = asked.cleaned_data if asked.is_valid() else {}
    words = {name: given.get(name, "") for name in ("whose", "kind", "state", "late")}
    return asked, Wish(text=given.get("q", ""), year=given.get("year"), **words)


@doors.needs(Permission.CASE_EXPORT)
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """Have the cases of the address's query written as a sheet."""
    form = request.POST.get("form", "")
    if form not in exports.FORMS:
        messages.error(request, _("请选择导出的格式。"))
        return redirect(f"{reverse('core:case_list')}?{request.GET.urlencode()}")
    _asked, wish = _wished(request, queries.kinds_for(request.user))
    job = case_exports.ask(wish=wish, form=form, by=doors.person(request), at=clock.now())
    return redirect("core:job_detail", job.pk)


def seen(request: HttpRequest, pk: int) -> Case:
    """The case, if the user may see it; else 404, as if there were none."""
    rows = queries.visible(request.user).select_related("area", "handler", "applied_by", "decided_by")
    case = get_object_or_404(rows, pk=pk)
    if case.kind not in registries.case_kinds:
        raise Http404
    return case


@doors.needs_case
@require_safe
def of_subject(request: HttpRequest, kind: str, key: int) -> HttpResponse:
    """The tab of a record: its cases, and which ones the user may begin."""
    resolver = registries.scope_kinds.get(kind)
    record = resolver.find(str(key)) if resolver is not None and resolver.find is not None else None
    rows = queries.asked(request.user, Wish(state="all", subject=(kind, str(key))), clock.today())
    startable = queries.kinds_for_subject(request.user, record) if record is not None else []
    if record is None or (not startable and not rows.exists() and not _sees(request.user, record)):
        raise Http404
    begin = [(_(entry.title), f"{begun_at(entry)}?subject={key}") for entry in startable]
    state = TableState.from_request(request, _columns(), default_sort="-received_on")
    return render(
        request,
        "core/case_panel.html",
        {
            "title": _("事项"),
            "begin": begin,
            "table": state.table(rows.order_by("-pk")),
        },
        block="panel",
    )


def begun_at(kind: CaseKind) -> str:
    """Where a case of this kind is begun."""
    return reverse(kind.begin) if kind.begin else reverse("core:case_new", args=[kind.code])


def _sees(user: Any, record: Any) -> bool:
    wanted = {p for kind in registries.case_kinds.values() for p in (*kind.view, *kind.handle, *kind.apply)}
    return any(access.has(user, p) and access.covers(user, p, record, write=False) for p in sorted(wanted))


def streets_of(area: Area | None) -> list[Area]:
    """Streets and communities that the fields of these kinds offer; a community's office knows its street."""
    if area is None:
        return []
    above = [area.parent] if area.level == Level.COMMUNITY and area.parent is not None else []
    within = Area.objects.within(area.path).live().filter(level__in=[Level.STREET, Level.COMMUNITY])
    return [*above, *within.order_by("level", "code")]


def told_rules(entries: Sequence[CaseField], area: Area | None) -> dict[str, str]:
    """Statements of the rules in force, told before one types."""
    limits = policy.limits(clock.today(), policy.chain(area.path if area else "national"))
    found = {}
    for entry in entries:
        known = (registries.rules[code] for code in entry.rules if code in registries.rules)
        statements = [_(rule.statement) for rule in known if limits.is_on(rule.code)]
        if statements:
            found[entry.name] = "\n".join(statements)
    return found


def parts(entries: Sequence[CaseField], fields: dict[str, Field]) -> list[tuple[str, list[Field]]]:
    """The described fields under their headings, in order."""
    found: dict[str, list[Field]] = {}
    for entry in entries:
        if entry.name in fields:
            found.setdefault(_(entry.part) if entry.part else "", []).append(fields[entry.name])
    return list(found.items())


@doors.needs_case
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, kind: str) -> HttpResponse:
    """Hand in a case; an officer's is received at once. `subject` names the record that it is about."""
    entry = registries.case_kinds.get(kind)
    if entry is None:
        raise Http404
    if entry.begin:
        return redirect(f"{begun_at(entry)}?subject={request.GET.get('subject', '')}")
    case, offices, official = _planned(request, entry)
    limits = policy.limits(clock.today(), policy.chain(case.area.path))
    initial: dict[str, Any] = {"received_on": clock.today()}
    if entry.mode:
        initial["passes_through"] = limits.get(entry.mode) is True
    entries = tuple(field for field in queries.fields_of(case) if not field.after)
    before = entry.before(case) if entry.before is not None else {}
    form = NewCaseForm(
        request.POST if request.method == "POST" else None, entries=entries, streets=streets_of(case.area),
        official=official, offices=offices,
        initial=initial,
    )  # fmt: skip
    if not entry.mode:
        form.fields.pop("passes_through", None)
    for field in entries:
        if field.name in form.fields and before.get(field.name) not in (None, ""):
            shown = queries.shown(field, before[field.name])
            form.fields[field.name].help_text = " ".join(
                filter(None, (_("现为 {value}").format(value=shown), str(form.fields[field.name].help_text)))
            )
    told: list[Finding] = []
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        facts = form.filled()
        try:
            made = actions.submit(
                kind=kind, facts=facts, label=case.label or str(facts.get("name", "")), subject_id=case.subject_id,
                area=form.office() if not entry.subject_kind else None, received_on=given.get("received_on"),
                applicant=given.get("applicant") or "", on_behalf=form.on_behalf() if official else "",
                passes_through=bool(given.get("passes_through")), confirmed=given["confirmed"],
                by=doors.person(request), at=clock.now(),
            )  # fmt: skip
        except Refused as refused:
            told = refused.findings
        else:
            done = _("已收件，编号 {number}。") if made.number else _("已提交，等待收件。")
            messages.success(request, done.format(number=made.number))
            return redirect("core:case_detail", made.pk)
    note = _(entry.note) if entry.note else ""
    return _form_page(request, form, told, entries, case, title=_(entry.title), note=note)


def _planned(request: HttpRequest, kind: CaseKind) -> tuple[Case, list[Area], bool]:
    """A case in memory that shows what the form needs; 404 for a record that the user may not begin one about."""
    user = request.user
    if kind.subject_kind:
        key = request.GET.get("subject", "")
        case = Case(kind=kind.code, subject_kind=kind.subject_kind, subject_id=key if key.isdecimal() else "")
        record = queries.subject_of(case) if len(key) < 19 else None
        if record is None or kind.area is None or kind not in queries.kinds_for_subject(user, record):
            raise Http404
        case.area = Area.objects.get(pk=kind.area(record))
        case.label = registries.file_subjects[kind.subject_kind].label(record)[:200]
        return case, [], queries.may_handle(user, case)
    offices = queries.offices(user, kind)
    if not offices:
        raise PermissionDenied
    chosen = request.POST.get("office", "")
    area = next((area for area in offices if area.code == chosen), offices[0])
    return Case(kind=kind.code, area=area), offices, True


@doors.needs_case
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the fields before the decision. Who was slower sees both texts side by side and chooses."""
    case = seen(request, pk)
    own = case.subject_id and queries.may_apply(request.user, queries.kind_of(case), case.subject_id)
    if not (queries.may_handle(request.user, case) or own):
        raise PermissionDenied
    page = queries.kind_of(case).page
    if page is not None:
        return redirect(page(case))
    entries = queries.editable_fields(case)
    waits = case.state in (CaseState.APPLIED, CaseState.SUPPLEMENT)
    if not entries or not (waits or queries.may_handle(request.user, case)):
        messages.error(request, _("事项现在是“{state}”，不能修改。").format(state=_(CASE_STATE_TITLES[case.state])))
        return redirect("core:case_detail", pk)
    form = _edit_form(request.POST if request.method == "POST" else None, case, entries)
    told: list[Finding] = []
    conflict = None
    if form.is_bound and form.is_valid():
        conflict = _conflict(request, form, case, entries)
        if not conflict.undecided:
            changes = form.changes()
            try:
                actions.edit(
                    case=case, changes=conflict.taken(changes), version=form.cleaned_data["version"] or 0,
                    set_aside=conflict.set_aside(changes, case.facts), confirmed=form.cleaned_data["confirmed"],
                    by=doors.person(request), at=clock.now(),
                )  # fmt: skip
            except Refused as refused:
                told = refused.findings
            else:
                messages.success(request, _("已保存。"))
                return redirect("core:case_detail", pk)
        if conflict.clashes or any(f.code == "CASE.stale" for f in told):
            case = seen(request, pk)
            data = request.POST.copy()
            data["version"] = str(case.version)
            form = _edit_form(data, case, entries)
            form.is_valid()
            conflict = _conflict(request, form, case, entries)
            told = [f for f in told if f.code != "CASE.stale"]
    title = _("修改{kind}").format(kind=kind_title(case))
    return _form_page(request, form, told, entries, case, title=title, conflict=conflict)


def _edit_form(data: Any, case: Case, entries: Sequence[CaseField]) -> CaseForm:
    form = CaseForm(data, entries=entries, streets=streets_of(case.area), stored=case.facts)
    form.initial["version"] = case.version
    form.initial["seen"] = conflicts.dump(form.what_is_seen())
    return form


def _conflict(request: HttpRequest, form: CaseForm, case: Case, entries: Sequence[CaseField]) -> conflicts.Conflict:
    words = {
        entry.name: (_(entry.title), lambda value, entry=entry: queries.shown(entry, value))
        for entry in entries
        if not entry.purpose
    }
    return conflicts.compare(
        seen=form.seen_before(), changes=form.changes(), stored=case.facts, words=words, data=request.POST
    )


def _form_page(
    request: HttpRequest, form: CaseForm, told: Sequence[Finding], entries: Sequence[CaseField], case: Case, *,
    title: str, note: str = "", conflict: conflicts.Conflict | None = None,
) -> HttpResponse:  # fmt: skip
    fields = describe(form, told, rules=told_rules(entries, case.area))
    back = reverse("core:case_detail", args=[case.pk]) if case.pk else reverse("core:case_list")
    crumbs = [(_("事项"), reverse("core:case_list"))]
    if case.pk:
        crumbs.append((case.label, back))
    return render(
        request,
        "core/case_form.html",
        {
            "title": title,
            "note": case.label if case.label else note,
            "hint": note if case.label else "",
            "crumbs": [*crumbs, (title, "")],
            "fields": fields,
            "parts": parts(entries, fields),
            "problems": problems(form, told),
            "loose": [f for f in told if f.field not in fields and f.severity in (Severity.WARN, Severity.INFO)],
            "asks": any(f.severity == Severity.CONFIRM for f in told),
            "conflict": conflict,
            "back": back,
            "new": not case.pk,
        },
        status=422 if form.is_bound else 200,
    )
