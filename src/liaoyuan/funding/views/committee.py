"""The proposal of a round and the committee's decisions: order beside best pack, projects one by one or all at once."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaoyuan.core import clock, doors
from liaoyuan.funding.actions import selecting as actions
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.choices.review import ReviewOutcome
from liaoyuan.funding.forms import committee as forms
from liaoyuan.funding.models import CommitteeDecision, Project, Round, Selection
from liaoyuan.funding.queries import committee as queries
from liaoyuan.funding.queries import ranking as kept
from liaoyuan.funding.queries import rounds as reading
from liaoyuan.funding.queries import selecting
from liaoyuan.funding.rules.shares import number
from liaoyuan.funding.views import projects, ranking, small, tabs
from liaoyuan.kit.findings import Finding, Refused
from liaoyuan.ui import entries
from liaoyuan.ui.forms import describe, problems
from liaoyuan.ui.pages import render, wants_fragment
from liaoyuan.ui.tables import Column, TableState, link_to


def _way(row: Any) -> tuple[str, str]:
    if row.in_order:
        return ("ok", _("都选入")) if row.in_pack else ("review", _("仅按名次"))
    return ("review", _("仅最优组合")) if row.in_pack else ("closed", _("都没选入"))


COLUMNS = (
    Column("project.title", lazy("项目"), link=link_to("funding:project_detail", "project_id"), fixed=True),
    Column("place", lazy("名次"), sortable=True, kind="short", fixed=True),
    Column("project.number", lazy("编号"), kind="short", default=False),
    Column("body_name", lazy("申报组织"), default=False),
    Column("mean", lazy("平均分"), kind="short", value=lambda row: number(row.mean)),
    Column("project.grant_fen", lazy("申请资助（元）"), kind="yuan"),
    Column("way", lazy("测算"), kind="verdict", value=_way),
    Column("why", lazy("原因")),
    Column("decided", lazy("委员会决定"), kind="verdict", value=queries.decision_words),
    Column("amount_fen", lazy("拟资助（元）"), kind="yuan", value=lambda row: row.amount_fen or None),
)  # fmt: skip


def there(row: Round) -> str:
    """The address of the round's proposal."""
    return reverse("funding:round_selection", args=[row.pk])


@doors.needs(*ranking.SEEN)
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What the ranking comes to under money, quotas and caps, and what was decided of each project."""
    return _page(request, ranking.seen(request, pk))


def _page(request: HttpRequest, row: Round, told: Any = (), status: int = 200) -> HttpResponse:
    found = queries.latest(request.user, row)
    confirms, more = reading.confirms(request.user, row), {}
    if found is not None:
        words, passing = queries.Words(), queries.passing(row)
        state = TableState.from_request(request, COLUMNS, default_sort="place")
        page = state.page_of(queries.lines(found).order_by(*state.order_by("project__number")))
        for line in page.items:
            line.why = words.difference(line, passing)
        more = {
            "table": state.table(page, ops=_operations if confirms else None), "values": queries.values(found),
            "unmet": queries.unmet(found, words), "counters": queries.counters(row, words),
            "tally": queries.tally(row, found),
        }  # fmt: skip
    latest = selecting.latest(row)
    return render(request, "funding/round_selection.html", {
        "title": _("立项建议"), "crumbs": small.crumbs((row.title, small.there(row)), (_("立项建议"), "")),
        "round": row, "found": found, "told": told, "confirms": confirms, "ranked": latest is not None,
        "selects": latest is not None and reading.runs(request.user, row),
        "old": found is not None and latest is not None and found.snapshot_id != latest.pk, **more,
        **tabs.of_round(request, row, "selection"),
    }, status=status)  # fmt: skip


def _operations(line: Any) -> list[tuple[str, str]]:
    """What may be done with a line."""
    if line.project.state not in queries.OPEN:
        return []
    word = _("改决定") if line.decided else _("决定")
    return [(word, reverse("funding:project_decide", args=[line.project_id]))]


@doors.needs(Permission.EDIT)
@require_POST
def select(request: HttpRequest, pk: int) -> HttpResponse:
    """Work the proposal out from the ranking that holds."""
    row = ranking.seen(request, pk)
    try:
        actions.select(round_=row, by=doors.person(request), at=clock.now())
    except Refused as refused:
        return _page(request, row, refused.findings, 422)
    messages.success(request, _("已测算。"))
    return redirect(there(row))


def _ready(request: HttpRequest, row: Round) -> Selection | None:
    if not reading.confirms(request.user, row):
        raise PermissionDenied(str(Permission.CONFIRM))
    return queries.latest(request.user, row)


@doors.needs(Permission.CONFIRM)
@require_http_methods(small.METHODS)
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """What the committee decided of one project, with what money and quotas leave."""
    row = projects.seen(request, pk)
    found = _ready(request, row.round)
    line = queries.lines(found).filter(project=row).first() if found is not None else None
    if line is None:
        messages.error(request, _("请先汇总排名、测算拟立项名单。"))
        return redirect(there(row.round))
    words = queries.Words()
    if wants_fragment(request):
        return _thought(request, row, words)
    form = forms.DecideForm(small.posted(request), initial={
        "outcome": line.decided or ("proposed" if line.in_order else None), "reason": line.reason or "",
        "amount_fen": line.amount_fen or row.grant_fen,
    })  # fmt: skip

    def write() -> CommitteeDecision:
        told = form.cleaned_data
        return actions.decide(project=row, outcome=told["outcome"], amount_fen=told["amount_fen"] or 0,
                              reason=told["reason"], version=entries.version(request), by=doors.person(request),
                              at=clock.now())  # fmt: skip

    told = kept.opinions([row.pk]).get(row.pk, [])
    facts = [
        (_("名次"), str(line.place), ""), (_("平均分"), number(line.mean), ""), (_("申报组织"), line.body_name, ""),
        (_("申请资助"), _("{n} 元").format(n=f"{row.grant_fen / 100:,.2f}"), ""), (_("测算"), _way(line)[1], ""),
        (_("原因"), words.difference(line, queries.passing(row.round)), ""),
    ]  # fmt: skip
    return small.entered(
        request, _("委员会决定"), form, write, name=f"{row.number} {row.title}", back=there(row.round),
        steps=((row.round.title, small.there(row.round)), (_("立项建议"), there(row.round))), version=row.version,
        template="funding/project_decide.html", facts=facts, counters=queries.counters(row.round, words), opinions=told,
        suggested=kept.suggested(told),
        done=_("已记下决定。"),
    )  # fmt: skip


def _thought(request: HttpRequest, row: Project, words: queries.Words) -> HttpResponse:
    """What money and quotas would leave if the project got what stands in the form right now."""
    form = forms.DecideForm(request.GET)
    told = form.cleaned_data if form.is_valid() else {}
    left = queries.counters(row.round, words, thought=(row, told.get("amount_fen") or 0))
    return render(request, "funding/counters.html", {"counters": left})


@doors.needs(Permission.CONFIRM)
@require_http_methods(small.METHODS)
def decide_all(request: HttpRequest, pk: int) -> HttpResponse:
    """All projects that wait for a decision in one table, filled in by the order of the ranking."""
    row = ranking.seen(request, pk)
    found = _ready(request, row)
    rows = queries.undecided(found) if found is not None else []
    if found is None or not rows:
        messages.error(request, _("没有等待决定的项目。"))
        return redirect(there(row))
    words, passing = queries.Words(), queries.passing(row)
    for line in rows:
        line.why, line.told = words.difference(line, passing), words.reason(line, passing)
    form = forms.AllForm(small.posted(request), rows=[_proposal(line) for line in rows])
    told: list[Finding] = []
    if form.is_bound and form.is_valid():
        try:
            made = actions.decide_all(
                round_=row, number=entries.version(request) or 0, by=doors.person(request), at=clock.now(),
                lines=[{"project": line.project, **form.decision(line.project_id)} for line in rows],
            )  # fmt: skip
        except Refused as refused:
            told = refused.findings
        else:
            messages.success(request, _("已记下 {n} 个项目的决定。").format(n=len(made)))
            return redirect(there(row))
    fields = describe(form, told, wide=[name for name in form.fields if name.startswith("reason-")])
    title, words_of = (
        _("按名次建议全部列入"),
        {"outcome": _("决定"), "amount_fen": _("拟资助（元）"), "reason": _("理由")},
    )
    return render(request, "funding/round_decide_all.html", {
        "title": title, "round": row, "number": request.POST.get("version", found.number),
        "crumbs": small.crumbs((row.title, small.there(row)), (_("立项建议"), there(row)), (title, "")),
        "lines": [
            (line, [replace(one := fields[f"{name}-{line.project_id}"], label=words_of.get(name, one.label))
                    for name in _FIELDS])
            for line in rows
        ],
        "counters": queries.counters(row, words), "problems": problems(form, told), "back": there(row),
    }, status=422 if form.is_bound else 200)  # fmt: skip


_FIELDS = ("outcome", "amount_fen", "reason", "version")


def _proposal(line: Any) -> dict[str, Any]:
    """How a line is filled in: by the order, with the reason why it is passed over."""
    if line.in_order:
        outcome, reason = ReviewOutcome.PROPOSED, ""
    else:
        low = line.outcome == ReviewOutcome.REFUSED
        outcome, reason = (ReviewOutcome.REFUSED if low else ReviewOutcome.RESERVE), line.told
    return {
        "key": line.project_id, "number": line.project.number, "outcome": str(outcome), "reason": reason,
        "amount_fen": line.project.grant_fen if outcome == ReviewOutcome.PROPOSED else None,
        "version": line.project.version,
    }  # fmt: skip
