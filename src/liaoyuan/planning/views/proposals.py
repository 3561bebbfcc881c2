"""Instructors for a plan: the proposal and its lines, caseloads, pairs fixed or barred, accepting, the sheet."""

import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaoyuan.core import access, clock, doors
from liaoyuan.core.choices import Permission as Core
from liaoyuan.core.queries import jobs
from liaoyuan.kit.dates import add_months
from liaoyuan.kit.findings import Finding, Refused, Severity
from liaoyuan.kit.sheets import writing
from liaoyuan.party.choices.codes import Permission as Party
from liaoyuan.party.models import Instructor
from liaoyuan.party.queries import organizations as parties
from liaoyuan.planning.actions import proposing as actions
from liaoyuan.planning.choices.codes import Permission
from liaoyuan.planning.choices.states import PlanState
from liaoyuan.planning.choices.words import PIN_TITLES, PinKind, ProposalState
from liaoyuan.planning.forms import proposals as forms
from liaoyuan.planning.models import InstructorLine, InstructorPin, InstructorProposal, Plan
from liaoyuan.planning.queries import appointing, listing, sight
from liaoyuan.planning.queries.sight import Sight
from liaoyuan.planning.views import plans, small
from liaoyuan.ui import entries, texts
from liaoyuan.ui.forms import chips, describe
from liaoyuan.ui.pages import render, wants_fragment
from liaoyuan.ui.tables import Column, TableState

COLUMNS = (
    Column("name", lazy("组织"), fixed=True,
           link=lambda line: reverse("registry:organization_detail", args=[line.organization])),
    Column("street", lazy("街道")),
    Column("need", lazy("为什么需要")),
    Column("who", lazy("指导员"),
           link=lambda line: reverse("party:instructor_detail", args=[line.instructor]) if line.instructor else None),
    Column("load", lazy("现在和以后联系"), kind="short"),
    Column("metres", lazy("直线距离（米）"), kind="short"),
    Column("second", lazy("第二选择")),
    Column("price", lazy("改为第二选择多花（米）"), kind="number"),
    Column("point", lazy("坐标"), default=False),
    Column("state", lazy("办理情况"), kind="verdict"),
)  # fmt: skip
LOADS = (
    Column("name", lazy("指导员"), fixed=True, link=lambda line: reverse("party:instructor_detail", args=[line.pk])),
    Column("unit", lazy("单位职务")),
    Column("now", lazy("现在联系"), kind="number"),
    Column("more", lazy("这次排定"), kind="number"),
    Column("after", lazy("以后联系"), kind="number"),
    Column("most", lazy("上限"), kind="number"),
    Column("where", lazy("从哪里算路程")),
)  # fmt: skip
#: Lines that one form offers; the others are accepted after them.
OFFERED = 200


def _seen(request: HttpRequest, pk: int) -> tuple[Plan, Sight]:
    row = small.plan(request, pk)
    if row.finished_at is None:
        raise Http404
    return row, sight.of(request.user, row.scenario.area)


def _edited(request: HttpRequest, row: Plan) -> None:
    if not sight.may_edit(request.user, row.scenario.area):
        raise PermissionDenied(str(Permission.EDIT))


def there(row: Plan) -> str:
    """The address of the page of a plan's instructors."""
    return reverse("planning:plan_instructors", args=[row.pk])


@doors.needs(Permission.VIEW)
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The latest proposal: figures, what it rests on, its lines; while the next one is computed its progress."""
    row, seen = _seen(request, pk)
    waits = appointing.waiting(row)
    if wants_fragment(request):
        last = appointing.last(row)
        return render(request, "planning/plan_instructors.html", {"row": row, "waits": waits, "job": _job(last)},
                      block="progress")  # fmt: skip
    found, edits = appointing.latest(row), sight.may_edit(request.user, row.scenario.area)
    told: dict[str, Any] = {
        "title": _("指导员"), "crumbs": small.steps(row, (_("指导员"), "")), "row": row, "sight": seen,
        "badge": small.state_words(row), "tabs": plans.tabs(row, seen, "planning:plan_instructors"),
        "proposal": found, "edits": edits, "rules": appointing.rules(row, found, clock.today()),
        "figures": appointing.figures(row, clock.today()), "waits": waits, "job": _job(waits),
        "accepts": False, "exports": False,
    }  # fmt: skip
    if found is not None:
        told |= _shown(request, row, found, seen, edits=edits)
    return render(request, "planning/plan_instructors.html", told)


def _job(waits: InstructorProposal | None) -> Any:
    """The job of a proposal, unless it failed: then the reason is told."""
    if waits is None or waits.state == ProposalState.FAILED:
        return None
    job = jobs.of_subject(actions.SUBJECT, waits.pk)
    return jobs.shown(job) if job is not None else None


def _shown(
    request: HttpRequest, row: Plan, found: InstructorProposal, seen: Sight, *, edits: bool
) -> dict[str, Any]:  # fmt: skip
    form = forms.LinesForm(request.GET, streets=listing.streets_of(appointing.lines(found, seen)))
    told = form.cleaned_data if form.is_valid() else {}
    state = TableState.from_request(request, COLUMNS)
    rows = appointing.Lines(found, seen, q=told.get("q") or "", street=told.get("street") or "",
                            state=told.get("state") or "", instructor=str(told.get("instructor") or ""))  # fmt: skip
    accepts = edits and row.state == PlanState.APPROVED
    shown = [field for name, field in describe(form).items() if name != "instructor"]
    return {
        "cards": _cards(row, found, seen), "way": _way(found), "proof": _proof(found),
        "changes": appointing.changes(found) if seen.whole else None, "fields": shown,
        "chips": chips(form, state.query), "hidden": state.query.hidden(*form.fields),
        "clear": state.query(**dict.fromkeys(form.fields)),
        "table": state.table(rows, ops=_ops(request, edits=edits, accepts=accepts)),
        "accepts": accepts and appointing.lines(found, seen).filter(appointing.STATES["open"]).exists(),
        "pins": appointing.pins(row.scenario) if seen.whole else [],
        "pin_titles": {kind: _(title) for kind, title in PIN_TITLES.items()},
        "exports": plans.exports(request.user),
    }  # fmt: skip


def _ops(request: HttpRequest, *, edits: bool, accepts: bool) -> Any:
    drafts = access.has(request.user, Core.DOCUMENT_DRAFT)

    def ops(line: appointing.Line) -> list[tuple[str, str]]:
        if line.state[0] == "ok":
            letter = reverse("core:document_new", args=["organization", line.organization, "appointment"])
            return [(_("起草聘书"), letter)] if drafts and edits else []
        found = []
        if accepts and line.instructor:
            url = reverse("planning:instructors_accept", args=[request.resolver_match.kwargs["pk"]])  # type: ignore[union-attr]
            found.append((_("采纳"), f"{url}?line={line.pk}"))
        if edits:
            found.append((_("锁定"), reverse("planning:line_pin", args=[line.pk, PinKind.FIX])))
            if line.instructor:
                found.append((_("不派"), reverse("planning:line_pin", args=[line.pk, PinKind.BAR])))
        return found

    return ops if edits else None


def _cards(row: Plan, found: InstructorProposal, seen: Sight) -> list[tuple[Any, ...]]:
    helpers = found.instance["instructors"]
    free = sum(max(0, one["most"] - one["load"]) for one in helpers)
    short = found.needing - found.placed
    rows = appointing.lines(found, seen)
    return [
        (_("需要指导员的组织"), found.needing, _("家"), "", _("{day} 的联系情况").format(day=found.on.isoformat())),
        (_("排定"), found.placed, _("家"), "", ""),
        (_("没有排到"), short, _("家"), f"{there(row)}?state=none" if short else "", ""),
        (_("指导员"), len(helpers), _("名"), reverse("planning:instructors_loads", args=[row.pk]),
         _("还有 {n} 个名额").format(n=free)),
        (_("总路程"), f"{found.metres / 1000:,.1f}", _("公里"), "", _("直线距离相加")),
        (_("已采纳"), rows.filter(appointing.STATES["done"]).count(), _("家"), "", ""),
    ]  # fmt: skip


def _proof(found: InstructorProposal) -> str:
    """What is proven of the answer, and what was counted."""
    told = (
        _("已证明为最小总路程（街道、部门都不同的一对另计 {n} 米）。") if found.optimal else _("没有证明总路程最小。")
    )
    told = told.format(n=f"{found.instance['params']['w_street']:,}")
    if found.more.get("unknown"):
        told += _("其中 {n} 家不知道距离，按 0 计。").format(n=found.more["unknown"])
    if found.more.get("borrowed"):
        told += _("其中 {n} 家没有自己的坐标，用社区或街道的坐标，距离可能计为 0。").format(n=found.more["borrowed"])
    if found.more.get("broken"):
        told += _("{n} 条锁定做不到：指导员没有名额或已停止。").format(n=found.more["broken"])
    return told


def _way(found: InstructorProposal) -> str:
    """The cheapest way out for those who stay without."""
    short = found.needing - found.placed
    if not short:
        return ""
    most = found.instance["params"]["most"]
    told = _("还有 {short} 家没有排到：再聘 {hire} 名指导员；或者每人上限 {most} → {more}，可多覆盖 {wider} 家。")
    return told.format(short=short, hire=found.more.get("hire", 0), most=most, more=most + 1,
                       wider=found.more.get("wider", 0))  # fmt: skip


@doors.needs(Permission.VIEW)
@require_safe
def loads(request: HttpRequest, pk: int) -> HttpResponse:
    """Instructors with their caseloads now and after."""
    row, seen = _seen(request, pk)
    found = appointing.latest(row)
    if found is None:
        raise Http404
    state = TableState.from_request(request, LOADS)
    accepts = row.state == PlanState.APPROVED and sight.may_edit(request.user, row.scenario.area)

    def ops(line: appointing.Load) -> list[tuple[str, str]]:
        told = [(_("看名单"), f"{there(row)}?instructor={line.pk}")] if line.more else []
        if accepts and line.open:
            url = reverse("planning:instructors_accept", args=[row.pk])
            told.append((_("采纳"), f"{url}?instructor={line.pk}"))
        return told

    title = _("指导员的任务量")
    return render(request, "planning/plan_loads.html", {
        "title": title, "crumbs": small.steps(row, (_("指导员"), there(row)), (title, "")), "row": row,
        "badge": small.state_words(row), "table": state.table(appointing.Loads(found, seen), ops=ops),
        "tabs": plans.tabs(row, seen, "planning:plan_instructors"), "back": there(row),
    })  # fmt: skip


@doors.needs(Permission.EDIT)
@require_POST
def solve(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the next proposal."""
    row, _sight = _seen(request, pk)
    _edited(request, row)
    try:
        actions.ask(plan=row, by=doors.person(request), at=clock.now())
    except Refused as refused:
        messages.error(request, "；".join(texts.sentence(f) for f in refused.findings))
    return redirect(there(row))


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def pin(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Fix an instructor for a body, or bar the one proposed, in later proposals."""
    if kind not in PIN_TITLES:
        raise Http404
    rows = InstructorLine.objects.filter(proposal__in=InstructorProposal.objects.visible_to(request.user))
    line = get_object_or_404(rows.select_related("organization", "proposal"), pk=pk)
    row, _sight = _seen(request, line.proposal.plan_id)
    _edited(request, row)
    held = appointing.loads_of(line.proposal)
    offered = Instructor.objects.visible_to(request.user).serving().in_bulk(list(held))
    named = sorted(offered.values(), key=lambda one: (one.name, one.pk))
    words = [
        (str(one.pk), _("{name}（现在联系 {now} 家，上限 {most}）").format(
            name=one.name, now=held[one.pk]["load"], most=held[one.pk]["most"]))
        for one in named
    ]  # fmt: skip
    form = forms.PinForm(entries.data(request), instructors=words, initial={"instructor": line.instructor_id})
    body = parties.body_names([line.organization_id]).get(line.organization_id, "")

    def write() -> InstructorPin:
        who = offered[int(form.cleaned_data["instructor"])]
        return actions.pin(scenario=row.scenario, kind=kind, organization=line.organization, instructor=who,
                           reason=form.cleaned_data["reason"], by=doors.person(request), at=clock.now())  # fmt: skip

    fixes = kind == PinKind.FIX
    return small.entered(
        request, _("锁定指导员") if fixes else _("不派这名指导员"), form, write, row=row, name=body, back=there(row),
        more=[(_("指导员"), there(row))], button=_(PIN_TITLES[kind]),
        done=_("已锁定。重新编排以后生效。") if fixes else _("已记下。重新编排以后生效。"),
        note=_("在这个设想以后的编排里都有效，直到取消。"),
    )  # fmt: skip


@doors.needs(Permission.EDIT)
@require_POST
def unpin(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a pin back."""
    rows = InstructorPin.objects.visible_to(request.user).select_related("scenario__area")
    row = get_object_or_404(rows, pk=pk)
    if not sight.may_edit(request.user, row.scenario.area):
        raise PermissionDenied(str(Permission.EDIT))
    try:
        actions.unpin(row=row, by=doors.person(request), at=clock.now())
        messages.success(request, _("已取消锁定。"))
    except Refused as refused:
        messages.error(request, "；".join(texts.sentence(f) for f in refused.findings))
    last = row.scenario.plans.filter(proposals__isnull=False).order_by("-number").first()
    return redirect(there(last) if last is not None else reverse("planning:scenario_detail", args=[row.scenario_id]))


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept lines on one letter: some, all of an instructor, or all; what is refused is told line by line."""
    row, seen = _seen(request, pk)
    _edited(request, row)
    found = appointing.latest(row)
    if found is None or row.state != PlanState.APPROVED:
        raise Http404
    rows = _offered(request, appointing.lines(found, seen))
    lines = list(rows.select_related("instructor").order_by("instructor__name", "instructor", "organization")[:OFFERED])
    names = parties.body_names(line.organization_id for line in lines)
    offered = [(str(line.pk), f"{line.instructor} · {names.get(line.organization_id, '')}") for line in lines]
    today = clock.today()
    form = forms.AppointForm(entries.data(request), lines=offered, initial={
        "lines": [key for key, _name in offered], "letter_from": today, "start": today,
        "letter_until": add_months(today, 12) - timedelta(days=1),
    })  # fmt: skip
    told: list[Finding] = []
    if form.is_bound and form.is_valid():
        values = dict(form.cleaned_data)
        keys = [int(key) for key in values.pop("lines")]
        try:
            done = actions.accept(proposal=found, lines=keys, by=doors.person(request), at=clock.now(),
                                  confirmed=entries.confirmed(request), **values)  # fmt: skip
        except Refused as refused:
            told = list(refused.findings)
        else:
            if done.done:
                messages.success(request, _("已采纳 {n} 家，形成指导员的联系关系。").format(n=len(done.done)))
            if not done.refused:
                return redirect(there(row))
            return _refused(request, row, done, names)
    title = _("采纳指导员")
    return entries.page(
        request, title, form, told, name=small.title(row), back=there(row), button=_("采纳"),
        crumbs=small.steps(row, (_("指导员"), there(row)), (title, "")),
        sections=((_("聘书"), ("letter", "letter_from", "letter_until", "start")), (_("采纳哪些"), ("lines",))),
        note=_("每一家成为指导员的联系关系，适用指导员的规则（PB-INS-01）；不能采纳的逐家写明，不影响其他各家。"),
    )  # fmt: skip


def _offered(request: HttpRequest, rows: Any) -> Any:
    """The open lines that the address asks for; of a form those that it names, as far as they are in sight."""
    given = [key for key in request.POST.getlist("lines") if key.isdecimal() and len(key) < 18]
    if given:
        return rows.filter(pk__in=given)
    rows = rows.filter(appointing.STATES["open"])
    for name, key in (("line", "pk"), ("instructor", "instructor")):
        told = request.GET.get(name, "")
        if told.isdecimal() and len(told) < 18:
            rows = rows.filter(**{key: int(told)})
    return rows


def _refused(request: HttpRequest, row: Plan, done: actions.Outcome, names: Any) -> HttpResponse:
    """What was not accepted, by reason, with what was typed, to be confirmed where a warning holds it."""
    reasons: dict[str, list[str]] = {}
    for line, said in done.refused:
        why = "".join(str(texts.sentence(f)) for f in said)
        reasons.setdefault(why, []).append(f"{line.instructor} · {names.get(line.organization_id, '')}")
    again = [line.pk for line, said in done.refused
             if all(f.code.startswith("PB-") and f.severity != Severity.BLOCK for f in said)]  # fmt: skip
    kept = {name: request.POST.get(name, "") for name in ("letter", "letter_from", "letter_until", "start")}
    title = _("没有采纳的")
    return render(request, "planning/instructors_refused.html", {
        "title": title, "crumbs": small.steps(row, (_("指导员"), there(row)), (title, "")), "row": row,
        "reasons": reasons, "done": len(done.done), "left": len(done.refused), "again": again, "kept": kept,
        "back": there(row),
    }, status=422)  # fmt: skip


@doors.needs(Party.EXPORT)
@require_safe
def export(request: HttpRequest, pk: int, form: str) -> FileResponse:
    """The lines in sight as a sheet."""
    row, seen = _seen(request, pk)
    found = appointing.latest(row)
    if found is None or form not in ("xlsx", "csv"):
        raise Http404
    with tempfile.TemporaryDirectory(prefix="liaoyuan-") as folder:
        path = Path(folder) / f"instructors.{form}"
        write = writing.write_xlsx if form == "xlsx" else writing.write_csv
        write(path, [writing.Column(title) for title in appointing.SHEET_TITLES], appointing.sheet(found, seen))
        name = f"{row.scenario.area.name}指导员编排{found.on.isoformat()}.{form}"
        return FileResponse(path.open("rb"), as_attachment=True, filename=name)
