"""One body in a round: entering it, its self-assessment, the officer's steps, the committee's decision, objections."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaoyuan.core import clock, doors, policy, registries
from liaoyuan.kit.findings import Finding, Refused, Severity
from liaoyuan.registry.actions import assessors
from liaoyuan.registry.actions import rating_entries as actions
from liaoyuan.registry.choices import AppealOutcome, EntryState, Permission, RoundStage
from liaoyuan.registry.forms import ratings as forms
from liaoyuan.registry.models import Assessor, Assignment, Organization, RatingAppeal, RatingDecision, RatingEntry
from liaoyuan.registry.params.ratings import APPEAL_TITLES
from liaoyuan.registry.queries import ratings as queries
from liaoyuan.registry.rules import rounds as rules
from liaoyuan.registry.views import rounds
from liaoyuan.registry.views.rounds import METHODS, SEEN, crumb, short_form
from liaoyuan.ui.forms import describe, problems
from liaoyuan.ui.pages import render

_RULES = ("RAT-01", "RAT-02", "CRD-04")


def crumbs(entry: RatingEntry, *, own: bool = False) -> list[tuple[str, str]]:
    """The way to an entry's pages."""
    round_ = (str(entry.round), reverse("registry:round_detail", args=[entry.round_id]))
    there = (name_of(entry), reverse("registry:rating_entry", args=[entry.pk]))
    return [crumb(), round_, *([there] if own else [])]


def name_of(entry: RatingEntry) -> str:
    """The name that the query gave to an entry."""
    return str(getattr(entry, "name", ""))


def _seen(request: HttpRequest, pk: int) -> RatingEntry:
    rows = RatingEntry.objects.visible_to(request.user).with_names()
    return get_object_or_404(rows.select_related("round__area", "organization", "sheet", "submitted_by"), pk=pk)


def _run_by(request: HttpRequest, pk: int) -> RatingEntry:
    entry = _seen(request, pk)
    if not queries.runs(request.user, entry.round):
        raise PermissionDenied
    return entry


def filled_by(request: HttpRequest, pk: int) -> RatingEntry:
    """The entry, if the user may fill in for the body."""
    entry = _seen(request, pk)
    if not queries.own(request.user, entry.organization_id) and not queries.runs(request.user, entry.round):
        raise PermissionDenied
    return entry


@doors.needs(Permission.RATING_MANAGE, Permission.RATING_OWN)
@require_http_methods(METHODS)
def enter(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a body take part: one's own, or one that the officer looks up by `q`."""
    round_ = rounds.seen(request, pk)
    runs = queries.runs(request.user, round_)
    own = queries.own_bodies(request.user, round_)
    if not runs and not own:
        raise PermissionDenied
    q = request.GET.get("q", "")[:60]
    found = queries.find_body(request.user, q, round_) if runs and q.strip() else own
    told: list[Finding] = []
    bodies = [(str(row.organization_id), row.name) for row in found]
    form = forms.ApplyForm(request.POST or None, bodies=bodies, own=not runs)
    if form.is_bound and form.is_valid():
        try:
            made = actions.enter(
                round_=round_, organization=Organization(pk=int(form.cleaned_data["organization"])),
                declared=form.declared(), by=doors.person(request), at=clock.now(),
                confirmed="confirmed" in request.POST, on_behalf=form.on_behalf(),
            )  # fmt: skip
        except Refused as refused:
            told = refused.findings
        else:
            messages.success(request, _("已参加，请逐项自评。"))
            return redirect("registry:rating_self", made.pk)
    limits = policy.limits(clock.today(), policy.chain(round_.area.path))
    there = reverse("registry:round_detail", args=[pk])
    return render(
        request,
        "registry/rating_enter.html",
        {
            "title": _("参加等级评估"), "crumbs": [crumb(), (str(round_), there)], "round": round_, "q": q,
            "runs": runs,
            "found": bodies, "form": described(form, told), "back": there,
            "rules": [_(registries.rules[code].statement) for code in _RULES if limits.is_on(code)],
            "asks": any(f.severity == Severity.CONFIRM for f in told),
        },
        status=422 if form.is_bound else 200,
    )  # fmt: skip


def described(form: Any, told: list[Finding]) -> dict[str, Any]:
    """A form as a page prints it: fields, problems, and what is told beside them."""
    fields = describe(form, told)
    return {"fields": list(fields.values()), "problems": problems(form, told),
            "loose": [f for f in told if f.field not in fields and f.severity != Severity.BLOCK]}  # fmt: skip


@doors.needs(*SEEN)
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One body in a round: the sheet of F17, the experts, the decision, objections. A body sees results once public."""
    entry = _seen(request, pk)
    runs = queries.runs(request.user, entry.round)
    own = queries.own(request.user, entry.organization_id)
    results = bool(entry.round.publicity_from) or not own or runs
    stage = queries.stage(entry.round, clock.today())
    state = EntryState(entry.state)
    open_ = stage != RoundStage.CLOSED
    items = queries.items_of(entry.sheet_id)
    decision = RatingDecision.objects.current().filter(entry=entry, appeal__isnull=True).first()
    fills = (own or runs) and open_
    return render(
        request,
        "registry/rating_entry.html",
        {
            "title": name_of(entry), "crumbs": crumbs(entry), "entry": entry, "state": rounds.state_of(entry),
            "rows": queries.sheet_rows(entry, items, experts=results), "results": results,
            "facts": _facts(entry, results),
            "assignments": _assignments(entry) if runs else [], "decision": votes(decision) if results else [],
            "appeals": _appeals(request, entry) if results else [],
            "may": {
                "fill": fills and state == EntryState.DRAFT and stage == RoundStage.CALL,
                "withdraw": fills and state in (EntryState.DRAFT, EntryState.SUBMITTED)
                and not entry.round.publicity_from,
                "send_back": runs and state == EntryState.SUBMITTED and stage == RoundStage.CALL,
                "visit": runs and open_ and state == EntryState.SUBMITTED,
                "assign": runs and open_ and state in (EntryState.DRAFT, EntryState.SUBMITTED),
                "decide": runs and entry.expert_count > 0 and state in (EntryState.SUBMITTED, EntryState.DECIDED)
                and not entry.round.publicity_from,
                "appeal": fills and stage == RoundStage.PUBLICITY and state == EntryState.DECIDED,
            },
        },
    )  # fmt: skip


def _facts(entry: RatingEntry, results: bool) -> list[tuple[str, Any, str]]:
    level = entry.level or (_("不授予等级") if entry.state in ("decided", "awarded") else "")
    mean = rules.mean(entry.expert_sum, entry.expert_count)
    proposed = rules.proposed(entry.round.levels, entry.expert_sum, entry.expert_count) if entry.expert_count else ""
    penalty = entry.penalised_on.isoformat() if entry.penalised_on else _("无")
    told = [
        (_("指标表"), str(entry.sheet), ""),
        (_("自评分"), rules.written(entry.self_tenths), ""),
        (_("申报：最近一次行政处罚"), penalty, ""),
        (_("提交"), clock.localdate(entry.submitted_at).isoformat() if entry.submitted_at else "",
         entry.on_behalf and _("代填：{word}").format(word=entry.on_behalf)),
        (_("实地考察"), entry.visited_on.isoformat() if entry.visited_on else "", entry.visit_note),
    ]  # fmt: skip
    if not results:
        return told
    count = _("{n} 位专家").format(n=entry.expert_count) if entry.expert_count else ""
    return [
        *told,
        (_("专家平均分"), rules.written(mean), count),
        (_("按分数对应的等级"), proposed or (_("未达最低分") if entry.expert_count else ""), ""),
        (_("评审等级"), level, ""),
    ]


def votes(decision: RatingDecision | None) -> list[tuple[str, Any, str]]:
    """A decision as facts; totals only."""
    if decision is None:
        return []
    votes = _("同意 {yes}，反对 {no}，弃权 {abstain}").format(
        yes=decision.yes, no=decision.no, abstain=decision.abstain
    )
    who = _("全体 {members} 人，到会 {present} 人，须 {least} 票").format(
        members=decision.members, present=decision.present, least=decision.least
    )
    return [
        (_("评审日期"), decision.decided_on.isoformat(), ""),
        (_("等级"), decision.level or _("不授予等级"), ""),
        (_("票数"), votes, who),
        (_("意见"), decision.words, ""),
    ]


def _assignments(entry: RatingEntry) -> list[tuple[Assignment, str, str]]:
    """Assignments with a mark and a word for how far they are."""
    rows = Assignment.objects.standing().filter(entry=entry).select_related("assessor").order_by("pk")
    told = []
    for row in rows:
        if row.conflict:
            told.append((row, "reject", _("已声明回避")))
        elif row.finished_at:
            told.append((row, "ok", _("已提交 {tenths} 分").format(tenths=rules.written(row.tenths))))
        elif row.conflict is None:
            told.append((row, "review", _("未声明")))
        else:
            told.append((row, "review", _("评分中")))
    return told


def _appeals(request: HttpRequest, entry: RatingEntry) -> list[tuple[RatingAppeal, str, str]]:
    marks = {AppealOutcome.OPEN: "review", AppealOutcome.KEPT: "closed", AppealOutcome.CHANGED: "ok"}
    rows = RatingAppeal.objects.visible_to(request.user).filter(entry=entry).order_by("pk")
    return [(row, marks[AppealOutcome(row.outcome)], _(APPEAL_TITLES[row.outcome])) for row in rows]


@doors.needs(Permission.RATING_MANAGE, Permission.RATING_OWN)
@require_http_methods(METHODS)
def self_assess(request: HttpRequest, pk: int) -> HttpResponse:
    """The self-assessment: saves itself; `do` = submit hands it in."""
    entry = filled_by(request, pk)
    there = reverse("registry:rating_entry", args=[pk])
    if entry.state != EntryState.DRAFT:
        return redirect(there)
    items = queries.items_of(entry.sheet_id)
    own = queries.own(request.user, entry.organization_id)
    behalf = forms.BehalfForm(request.POST or None, own=own)
    marks, typed = forms.read_marks(request.POST, items)
    told: list[Finding] = []
    faults = any(cell.error for cell in typed.values())
    if request.method == "POST" and not faults:
        try:
            entry = actions.save_self(entry=entry, marks=marks, version=version_of(request), by=doors.person(request),
                                      at=clock.now())  # fmt: skip
            if request.POST.get("do") == "submit" and behalf.is_valid():
                actions.submit(entry=entry, by=doors.person(request), at=clock.now(), on_behalf=behalf.on_behalf(),
                               confirmed="confirmed" in request.POST)  # fmt: skip
                messages.success(request, _("已提交。"))
                return redirect(there)
            if wants_json(request):
                return saved(entry.version, entry.self_tenths)
            if request.POST.get("do") != "submit":
                messages.success(request, _("已保存。"))
                return redirect("registry:rating_self", pk)
        except Refused as refused:
            told = refused.findings
    if request.method == "POST" and wants_json(request):
        return JsonResponse({"errors": [f.text for f in told]}, status=422)
    rows = queries.sheet_rows(entry, items, experts=False)
    name = actions.name_of(entry)
    return render(
        request,
        "registry/rating_self.html",
        {
            "title": _("评估自评"), "name": name, "entry": entry,
            "rows": cells(rows, typed, posted=request.method == "POST"),
            "crumbs": [*crumbs(entry), (name, there)],
            "version": entry.version, "total": rules.written(entry.self_tenths or 0), "told": told, "back": there,
            "full": rules.written(sum(i.tenths for i in items if not i.bonus)), "own": own,
            "behalf": list(describe(behalf).values()), "asks": any(f.severity == Severity.CONFIRM for f in told),
            "papers": reverse("core:file_list", args=["ratingentry", entry.pk]), "until": entry.round.assess_until,
            "here": reverse("registry:rating_self", args=[pk]),
        },
        status=422 if told or faults else 200,
    )  # fmt: skip


def version_of(request: HttpRequest) -> int:
    """The version of the sheet that was opened; 0 when none was sent."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def wants_json(request: HttpRequest) -> bool:
    """Whether the page's script saves a draft."""
    return request.headers.get("Accept", "").startswith("application/json")


def saved(version: int, points: int | None) -> JsonResponse:
    """What a saved draft answers: when, the next version, the total."""
    at = clock.now().astimezone(clock.SHANGHAI).strftime("%H:%M:%S")
    return JsonResponse({"saved": at, "version": version, "shown": {"total": rules.written(points or 0)}})


def cells(
    rows: list[queries.SheetRow], typed: Mapping[int, forms.Cell], *, posted: bool
) -> list[tuple[queries.SheetRow, forms.Cell]]:
    """The sheet's rows with what stands in their inputs: what was typed, else what is stored."""
    return [(row, typed[row.item.pk] if posted else forms.Cell(row.own, row.page, "")) for row in rows]


@doors.needs(Permission.RATING_MANAGE, Permission.RATING_OWN)
@require_http_methods(METHODS)
def step(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """A short form about an entry: give it back, leave the round, the visit on the spot."""
    entry = filled_by(request, pk) if what == "withdraw" else _run_by(request, pk)
    title, form, act, button = _steps(request, entry)[what]
    told: list[Finding] = []
    there = reverse("registry:rating_entry", args=[pk])
    if form.is_bound and form.is_valid():
        try:
            act(form.cleaned_data)
        except Refused as refused:
            told = refused.findings
        else:
            messages.success(request, _("已办理。"))
            return redirect(there)
    return short_form(request, title, name_of(entry), form, told, there, crumbs(entry, own=True),
                      button=button, danger=what == "withdraw")  # fmt: skip


def _steps(
    request: HttpRequest, entry: RatingEntry
) -> Mapping[str, tuple[str, Any, Callable[[Mapping[str, Any]], Any], str]]:
    by, at = doors.person(request), clock.now()
    data = request.POST or None
    return {
        "return": (_("退回自评"), forms.ReasonForm(data),
                   lambda told: actions.send_back(entry=entry, reason=told["reason"], by=by, at=at), _("退回")),
        "withdraw": (_("退出这一批评估"), forms.ReasonForm(data),
                     lambda told: actions.withdraw(entry=entry, reason=told["reason"], by=by, at=at), _("退出")),
        "visit": (_("实地考察"), forms.VisitForm(data, initial={"visited_on": clock.today()}),
                  lambda told: actions.visit(entry=entry, on=told["visited_on"], words=told["words"], by=by, at=at),
                  _("保存")),
    }  # fmt: skip


@doors.needs(Permission.RATING_MANAGE)
@require_http_methods(METHODS)
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Assign assessors to a body: those who must stand aside are shown with the reason (RAT-05)."""
    entry = _run_by(request, pk)
    told: list[Finding] = []
    offered = queries.choices(entry, clock.today())
    if request.method == "POST":
        key = request.POST.get("assessor", "")
        person = next((one.assessor for one in offered if str(one.assessor.pk) == key), None)
        if person is None:
            person = get_object_or_404(Assessor.objects.visible_to(request.user), pk=int(key) if key.isdigit() else 0)
        try:
            assessors.assign(entry=entry, assessor=person, by=doors.person(request), at=clock.now())
        except Refused as refused:
            told = refused.findings
        else:
            messages.success(request, _("已分配给{name}。").format(name=person.name))
            return redirect("registry:rating_assign", pk)
    return render(
        request,
        "registry/rating_assign.html",
        {
            "title": _("分配评估人员"), "name": name_of(entry), "crumbs": crumbs(entry, own=True),
            "entry": entry,
            "candidates": offered, "assignments": _assignments(entry), "told": told,
            "rule": _(registries.rules["RAT-05"].statement),
        },
        status=422 if told else 200,
    )  # fmt: skip


@doors.needs(Permission.RATING_MANAGE)
@require_POST
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an assignment back."""
    rows = Assignment.objects.standing().visible_to(request.user).select_related("entry__round__area", "assessor")
    held = get_object_or_404(rows, pk=pk)
    try:
        assessors.release(assignment=held, reason=request.POST.get("reason", ""), by=doors.person(request),
                          at=clock.now())  # fmt: skip
        messages.success(request, _("已撤下。"))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("registry:rating_assign", held.entry_id)


@doors.needs(Permission.RATING_MANAGE)
@require_http_methods(METHODS)
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """The committee's decision on a body, by totals."""
    entry = _run_by(request, pk)
    proposed = rules.proposed(entry.round.levels, entry.expert_sum, entry.expert_count)
    initial = {"level": proposed or "none", "decided_on": clock.today()}
    form = forms.VoteForm(request.POST or None, initial=initial)
    told: list[Finding] = []
    there = reverse("registry:rating_entry", args=[pk])
    if form.is_bound and form.is_valid():
        try:
            actions.decide(
                entry=entry, level=form.level_of(), votes=form.votes(), on=form.cleaned_data["decided_on"],
                words=form.cleaned_data["words"], by=doors.person(request), at=clock.now(),
            )  # fmt: skip
        except Refused as refused:
            told = refused.findings
        else:
            messages.success(request, _("已记下评审结论。"))
            return redirect(there)
    least = rules.least_votes(entry.round.members, entry.round.vote_num, entry.round.vote_den)
    mean = rules.written(rules.mean(entry.expert_sum, entry.expert_count))
    note = _(
        "{name}：专家平均分 {mean}，按分数为 {level}；全体委员 {n} 人，至少 {least} 票同意。"
        "只记总数，不记谁投了什么票。"
    )
    words = note.format(name=name_of(entry), mean=mean or "—", level=proposed or _("未达最低分"), n=entry.round.members,
                        least=least)  # fmt: skip
    return short_form(request, _("评审"), words, form, told, there, crumbs(entry, own=True))
