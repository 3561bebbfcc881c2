"""The sheet of one reading: the project as it may be seen, points that save themselves, the signature."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from liaoyuan.core import clock, doors
from liaoyuan.funding.actions import scoring as actions
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.choices.review import CardState
from liaoyuan.funding.forms import desk as forms
from liaoyuan.funding.models import Reading, ScoreCard
from liaoyuan.funding.queries import desk as queries
from liaoyuan.funding.queries import papers
from liaoyuan.funding.rules import remarks
from liaoyuan.funding.rules.shares import number
from liaoyuan.funding.views import desk, projects, small
from liaoyuan.kit.findings import Finding, Refused
from liaoyuan.ui import entries
from liaoyuan.ui.forms import describe, problems
from liaoyuan.ui.pages import render

_STALE = "CARD-STALE"


def _form(request: HttpRequest, row: Reading, card: ScoreCard | None, points: dict[str, int]) -> forms.SheetForm:
    remark = _remark(card)
    initial = {forms.field_of(code): given for code, given in points.items()}
    return forms.SheetForm(
        small.posted(request), items=queries.items(row.stage.sheet), asked_fen=row.project.grant_fen,
        initial={**initial, "amount_fen": remark.amount_fen, "comment": remark.comment},
    )  # fmt: skip


def _save(request: HttpRequest, row: Reading, form: forms.SheetForm) -> ScoreCard:
    """Keep what the form says; a page that was opened before the sheet began stands for version 0."""
    return actions.save(
        reading=row, points=form.points, remark=form.remark, version=entries.version(request) or 0,
        by=doors.person(request), at=clock.now(),
    )  # fmt: skip


@doors.needs(Permission.REVIEW_SCORE)
@require_http_methods(small.METHODS)
def sheet(request: HttpRequest, pk: int, label: str) -> HttpResponse:
    """The project beside its score sheet. Posted, the sheet is kept; where another window was faster both are shown."""
    row = desk.seen(request, pk, label)
    if not queries.declared(row):
        return redirect("funding:desk_declare", row.stage.round_id)
    card, points = queries.card_of(row)
    form = _form(request, row, card, points)
    told: list[Finding] = []
    if form.is_bound and form.is_valid():
        try:
            _save(request, row, form)
        except Refused as refused:
            told = refused.findings
            card, points = queries.card_of(row)
        else:
            messages.success(request, _("已保存。"))
            return redirect("funding:desk_sign" if request.POST.get("do") == "check" else "funding:desk_sheet",
                            pk, label)  # fmt: skip
    return _page(request, row, card, points, form, told)


def _page(
    request: HttpRequest, row: Reading, card: ScoreCard | None, points: dict[str, int], form: forms.SheetForm,
    told: list[Finding],
) -> HttpResponse:  # fmt: skip
    seen = queries.material(row, clock.today())
    fields = describe(form, told)
    stale = any(finding.code == _STALE for finding in told)
    signed = card is not None and card.state == CardState.SIGNED
    return render(request, "funding/desk_sheet.html", {
        "title": seen.title, "crumbs": desk.crumbs((seen.title, "")), "reading": row, "seen": seen, "card": card,
        "open": queries.reads_still(row) and not signed, "signed": signed, "stage": row.stage,
        "due_on": queries.last_day(row.stage), "papers": papers.for_reader(row, clock.today()),
        "content": [] if row.stage.blind else projects.shown(row.project),
        "body": "" if row.stage.blind else queries.body_of(row),
        "items": [(item, fields[forms.field_of(item.code)], _kept(points, item.code)) for item in form.items],
        "amount": fields["amount_fen"], "comment": fields["comment"],
        "total": number(sum(points.values())), "given": len(points), "full": sum(row.stage.sheet.items.values()),
        "count": len(row.stage.sheet.items), "remark": _remark(card),
        "problems": [] if stale else problems(form, told), "stale": _other(form, card, points) if stale else [],
        "is_stale": stale, "version": _version(request, card, stale), "words": _words(row),
        "keep": reverse("funding:desk_keep", args=[row.stage_id, row.label]),
    }, status=422 if form.is_bound else 200)  # fmt: skip


def _version(request: HttpRequest, card: ScoreCard | None, stale: bool) -> int:
    """From which version the next save starts: with both texts in sight from the latest one, else from the page's."""
    posted = entries.version(request)
    return posted if posted is not None and not stale else (card.version if card is not None else 0)


def _words(row: Reading) -> tuple[str, str]:
    if not queries.reads_still(row):
        return "closed", _("评审已结束")
    return "review", _("评审中")


def _remark(card: ScoreCard | None) -> remarks.Remark:
    return card.remark if card is not None else remarks.Remark(None, "")


def _kept(points: dict[str, int], code: str) -> str:
    return number(points[code]) if code in points else ""


def _other(form: forms.SheetForm, card: ScoreCard | None, points: dict[str, int]) -> list[tuple[str, str, str]]:
    """Where what was typed here differs from what another window has kept: what, here, there."""
    found = []
    for item in form.items:
        here = form.cleaned_data.get(forms.field_of(item.code))
        if here != points.get(item.code):
            found.append((item.title, "" if here is None else number(here), _kept(points, item.code)))
    there = _remark(card)
    if form.remark != there:
        found.append((_("评语和建议金额"), remarks.words(form.remark), remarks.words(there)))
    return found


@doors.needs(Permission.REVIEW_SCORE)
@require_POST
def keep(request: HttpRequest, pk: int, label: str) -> HttpResponse:
    """What is filled in, kept by itself. What is out of range or comes from a stale page is not kept, and says so."""
    row = desk.seen(request, pk, label)
    form = _form(request, row, None, {})
    if not form.is_valid():
        return JsonResponse({"problem": "；".join(problem.text for problem in problems(form))}, status=422)
    try:
        card = _save(request, row, form)
    except Refused as refused:
        told = "；".join(finding.text for finding in refused.findings)
        return JsonResponse({"problem": told}, status=409)
    points = [given for given in form.points.values() if given is not None]
    when = localtime(card.saved_at).strftime("%H:%M")
    shown = {"total": number(sum(points)), "given": str(len(points))}
    told = _("已保存 {when}").format(when=when)
    return JsonResponse({"version": card.version, "shown": shown, "saved": when, "said": told})


@doors.needs(Permission.REVIEW_SCORE)
@require_http_methods(small.METHODS)
def sign(request: HttpRequest, pk: int, label: str) -> HttpResponse:
    """The sheet once more as a whole; posted, it is signed and nothing of it changes any more."""
    row = desk.seen(request, pk, label)
    card, points = queries.card_of(row)
    told: list[Finding] = []
    if request.method == "POST":
        try:
            actions.sign(reading=row, version=entries.version(request), by=doors.person(request), at=clock.now())
        except Refused as refused:
            told = refused.findings
        else:
            messages.success(request, _("已签字。签字以后不能修改；评错了的，请告诉主办单位作废后重评。"))
            return redirect("funding:desk")
    items = queries.items(row.stage.sheet)
    lines: list[tuple[Any, str]] = [(item, _kept(points, item.code)) for item in items]
    missing = [item.title for item in items if not item.bonus and item.code not in points]
    name = queries.name(row)
    return render(request, "funding/desk_sign.html", {
        "title": _("核对并签字"), "crumbs": desk.crumbs((name, desk.there(row)), (_("核对并签字"), "")), "reading": row,
        "name": name, "lines": lines, "missing": missing, "total": number(sum(points.values())), "told": told,
        "signed": card is not None and card.state == CardState.SIGNED, "open": queries.reads_still(row),
        "remark": _remark(card),
        "version": card.version if card is not None else 0, "back": desk.there(row),
    }, status=422 if told else 200)  # fmt: skip
