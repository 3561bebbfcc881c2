"""Rounds of annual reports: which there are, opening one, its board, its dates, publicity, end."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaoyuan.core import access, clock, doors
from liaoyuan.core.models import Area
from liaoyuan.core.queries import calendar
from liaoyuan.kit.findings import Refused
from liaoyuan.registry.actions import annual as actions
from liaoyuan.registry.choices import ANNUAL_RESULT_TITLES, KIND_TITLES, REGISTERED, AnnualState, Permission
from liaoyuan.registry.forms import annual as forms
from liaoyuan.registry.models import AnnualReport, AnnualRound
from liaoyuan.registry.params.annual_words import ANNUAL_STATE_TITLES
from liaoyuan.registry.queries import annual as queries
from liaoyuan.ui.forms import describe, problems
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState, link_to

_METHODS = ["GET", "HEAD", "POST"]
_SEEN = (Permission.VIEW, Permission.OWN_VIEW)


def round_seen(request: HttpRequest, pk: int) -> AnnualRound:
    """The round, if the user may see it; else 404."""
    return get_object_or_404(AnnualRound.objects.visible_to(request.user).select_related("area", "copied_from"), pk=pk)


def edits(user: Any, round_: AnnualRound) -> bool:
    """Whether the user runs the round."""
    reach = access.reach(user, Permission.ANNUAL_EDIT)
    return reach.everything or any(round_.area.path.startswith(path) for path in reach.paths)


def editable(request: HttpRequest, pk: int) -> AnnualRound:
    """The round, if the user runs it."""
    round_ = round_seen(request, pk)
    if not edits(request.user, round_):
        raise PermissionDenied
    return round_


def state_of(round_: AnnualRound) -> tuple[str, str]:
    """Mark and word of a round."""
    if round_.closed_at is not None:
        return "closed", _("已关闭")
    if round_.publicity_to is not None:
        return "review", _("公示中") if clock.today() <= round_.publicity_to else _("公示期满")
    return "ok", _("进行中")


def _columns() -> tuple[Column, ...]:
    return (
        Column("year", _("年度"), sortable=True, fixed=True, link=link_to("registry:annual_round"),
               value=lambda row: _("{year} 年度").format(year=row.year)),
        Column("area.name", _("登记管理机关所在区划"), kind="short"),
        Column("notice", _("通知文号")),
        Column("bodies", _("应报"), kind="number"),
        Column("filed", _("已报登记机关"), kind="number"),
        Column("done", _("已有结论"), kind="number"),
        Column("opened_at", _("开启"), kind="datetime", sortable=True),
        Column("state", _("状态"), kind="verdict", value=state_of),
    )  # fmt: skip


@doors.needs(*_SEEN)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """All rounds within reach, and the reports of one's own body."""
    state = TableState.from_request(request, _columns(), default_sort="-year")
    rounds = queries.with_counts(AnnualRound.objects.visible_to(request.user).select_related("area"), request.user)
    own = access.reach(request.user, Permission.OWN_VIEW).organizations
    return render(
        request,
        "registry/annual_list.html",
        {
            "title": _("年检年报"),
            "table": state.table(rounds.order_by(*state.order_by(), "pk")),
            "may_open": access.has(request.user, Permission.ANNUAL_EDIT),
            "own": queries.own_reports(own),
            "titles": ANNUAL_STATE_TITLES,
            "today": clock.today(),
        },
    )


@doors.needs(Permission.ANNUAL_EDIT)
@require_http_methods(_METHODS)
def open_round(request: HttpRequest) -> HttpResponse:
    """Open a round: choose the year, look at the dates (last year's moved on), then open it."""
    areas = queries.areas_of(request.user)
    if not areas:
        raise PermissionDenied
    today = clock.today()
    first = {"area": areas[0].code, "year": today.year - 1}
    given = {**first, **{name: value for name in first if (value := request.GET.get(name, "")[:12])}}
    chosen = forms.YearForm(given, areas=areas)
    if not chosen.is_valid():
        return _open_page(request, chosen, None, None, [], status=422)
    area = next(a for a in areas if a.code == chosen.cleaned_data["area"])
    year = chosen.cleaned_data["year"]
    terms, before = queries.proposed(area, year, today)
    limits = queries.limits_at(area, today)
    audit = before.audit_fields if before else limits.get("annual.audit_fields") or []
    form = forms.TermsForm(request.POST if request.method == "POST" else None, terms=terms, audit=audit)
    told: Sequence[Any] = ()
    if form.is_bound and form.is_valid():
        try:
            made = actions.open_round(
                area=area, year=year, terms=form.chosen(), notice=form.cleaned_data["notice"],
                audit_fields=form.cleaned_data["audit_fields"], by=doors.person(request), at=clock.now(),
            )  # fmt: skip
        except Refused as refused:
            told = refused.findings
        else:
            messages.success(request, _("{year} 年度已开启。").format(year=year))
            return redirect("registry:annual_round", made.pk)
    wanted = form.chosen() if form.is_bound and form.is_valid() else terms
    bodies = queries.in_scope(queries.live_bodies(area), year, wanted, limits, today)
    counts = Counter(body.kind for body in bodies)
    scope = [(_(KIND_TITLES[kind]), counts.get(str(kind), 0)) for kind in REGISTERED]
    return _open_page(
        request, chosen, form, before, scope, told, area=area, year=year, status=422 if form.is_bound else 200
    )


def _open_page(
    request: HttpRequest,
    chosen: forms.YearForm,
    form: forms.TermsForm | None,
    before: AnnualRound | None,
    scope: Sequence[tuple[str, int]],
    told: Sequence[Any] = (),
    *,
    area: Area | None = None,
    year: int = 0,
    status: int = 200,
) -> HttpResponse:
    title = _("开启年度")
    return render(
        request,
        "registry/annual_open.html",
        {
            "title": title,
            "crumbs": [(_("年检年报"), reverse("registry:annual_list")), (title, "")],
            "chosen": list(describe(chosen).values()),
            "before": before,
            "scope": scope,
            "total": sum(count for _kind, count in scope),
            "year": year,
            "again": AnnualRound.objects.filter(area=area, year=year).first() if area else None,
            "action": f"{reverse('registry:annual_open')}?{_asked(area, year)}" if area else "",
            **_terms_page(form, told),
        },
        status=status,
    )


def _asked(area: Area, year: int) -> str:
    return urlencode({"area": area.code, "year": str(year)})


def _terms_page(form: forms.TermsForm | None, told: Sequence[Any]) -> dict[str, Any]:
    """The dates with what the calendar says of each."""
    if form is None:
        return {"fields": {}, "groups": [], "problems": [], "notes": {}}
    days = calendar.workdays()
    notes = {}
    for term, (_title, names) in zip(form.terms, form.groups, strict=True):
        for name in names:
            day = form.cleaned_data.get(name) if form.is_bound and hasattr(form, "cleaned_data") else None
            day = day or getattr(term, name.partition("_")[2])
            notes[name] = queries.told_of(day, days)
    return {
        "fields": describe(form, told), "groups": form.groups, "problems": problems(form, told), "notes": notes,
    }  # fmt: skip


@doors.needs(*_SEEN)
@require_safe
def board(request: HttpRequest, pk: int) -> HttpResponse:
    """How many stand where, by street and by type; every number is the address of its list."""
    round_ = round_seen(request, pk)
    every = AnnualReport.objects.filter(round=round_).visible_to(request.user)
    reports = every.regular()
    cells = queries.cells(reports)
    today = clock.today()
    listing_url = reverse("registry:annual_reports", args=[pk])
    terms = queries.terms_of(round_)
    runs = edits(request.user, round_) and round_.closed_at is None
    return render(
        request,
        "registry/annual_board.html",
        {
            "title": _("{year} 年度年检年报").format(year=round_.year),
            "crumbs": [
                (_("年检年报"), reverse("registry:annual_list")), (_("{year} 年度").format(year=round_.year), ""),
            ],
            "round": round_,
            "state": state_of(round_),
            "states": [(str(code), _(title)) for code, title in ANNUAL_STATE_TITLES.items()],
            "by_kind": _grid(cells, lambda c: (c.kind, _(KIND_TITLES[next(k for k in REGISTERED if k == c.kind)])),
                             "kind", listing_url),
            "by_street": _grid(
                cells, lambda c: (str(c.street_id) if c.street_id else queries.NO_STREET, c.street or _("未填")),
                "street", listing_url,
            ),
            "total": sum(cell.many for cell in cells),
            "late": reports.late(today).count() if round_.closed_at is None else 0,
            "soon": queries.soon(reports, today) if round_.closed_at is None else 0,
            "listing": listing_url,
            "terms": [
                (_(KIND_TITLES[next(k for k in REGISTERED if k == term.kind)]), term) for term in terms
            ],
            "days": {
                day: queries.told_of(day, calendar.workdays()) for term in queries.terms_of(round_)
                for day in (term.supervisor_due, term.review_due, term.registrar_due) if day
            },
            "edits": runs,
            "missing": len(queries.missing(round_, today)) if runs else 0,
            "unfinished": sum(cell.many for cell in cells if cell.state != AnnualState.CONCLUDED),
            "over": round_.publicity_to is not None and today > round_.publicity_to,
            "publish": list(describe(forms.PublishForm(today=today)).values()),
            "results": _results(cells, listing_url),
            "made_up": every.made_up().count(),
        },
    )  # fmt: skip


def _results(cells: Sequence[queries.Cell], url: str) -> list[tuple[str, int, str]]:
    """(word, how many, address) of each conclusion."""
    counts: Counter[str] = Counter()
    for cell in cells:
        counts[cell.result] += cell.many
    return [
        (_(title), counts[code], f"{url}?{urlencode({'result': code})}")
        for code, title in ANNUAL_RESULT_TITLES.items() if counts[code]
    ]  # fmt: skip


def _grid(
    cells: Sequence[queries.Cell], key: Callable[[queries.Cell], tuple[str, str]], name: str, url: str
) -> list[dict[str, Any]]:
    """Rows of the board: name, total, one count per state, each with the address of its list."""
    rows: dict[tuple[str, str], Counter[str]] = {}
    for cell in cells:
        rows.setdefault(key(cell), Counter())[cell.state] += cell.many
    return [
        {
            "name": title,
            "total": sum(counts.values()),
            "href": f"{url}?{urlencode({name: code})}",
            "counts": [
                (counts[str(state)], f"{url}?{urlencode({name: code, 'state': str(state)})}") for state in AnnualState
            ],
        }
        for (code, title), counts in sorted(rows.items(), key=lambda pair: pair[0][1])
    ]


@doors.needs(Permission.ANNUAL_EDIT)
@require_http_methods(_METHODS)
def change_terms(request: HttpRequest, pk: int) -> HttpResponse:
    """Move the dates of an open round."""
    round_ = editable(request, pk)
    posted = request.POST if request.method == "POST" else None
    form = forms.TermsForm(posted, terms=queries.terms_of(round_), whole=False)
    told: Sequence[Any] = ()
    if form.is_bound and form.is_valid():
        try:
            actions.change_terms(round_=round_, terms=form.chosen(), by=doors.person(request), at=clock.now())
        except Refused as refused:
            told = refused.findings
        else:
            messages.success(request, _("期限已修改。"))
            return redirect("registry:annual_round", pk)
    title = _("修改期限")
    return render(
        request,
        "registry/annual_terms.html",
        {
            "title": title,
            "crumbs": [
                (_("年检年报"), reverse("registry:annual_list")),
                (_("{year} 年度").format(year=round_.year), reverse("registry:annual_round", args=[pk])),
                (title, ""),
            ],
            "round": round_,
            **_terms_page(form, told),
        },
        status=422 if form.is_bound else 200,
    )


def _done(request: HttpRequest, pk: int, act: Callable[[], str]) -> HttpResponse:
    """One action of the board's buttons, told above the board."""
    try:
        messages.success(request, act())
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("registry:annual_round", pk)


@doors.needs(Permission.ANNUAL_EDIT)
@require_POST
def top_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Add bodies in scope that have no report yet."""
    round_ = editable(request, pk)

    def act() -> str:
        added = actions.top_up(round_=round_, by=doors.person(request), at=clock.now())
        return _("补充了 {n} 家。").format(n=added)

    return _done(request, pk, act)


@doors.needs(Permission.ANNUAL_EDIT)
@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish the conclusions."""
    round_ = editable(request, pk)
    form = forms.PublishForm(request.POST, today=clock.today())
    if not form.is_valid():
        messages.error(request, "".join(problem.text for problem in problems(form)))
        return redirect("registry:annual_round", pk)

    def act() -> str:
        done = actions.publish(
            round_=round_, begins_on=form.cleaned_data["begins_on"], by=doors.person(request), at=clock.now()
        )
        told = _("结论已公示，至 {day}。").format(day=done.publicity_to)
        return told + (_("（暂定）") if done.publicity_provisional else "")

    return _done(request, pk, act)


@doors.needs(Permission.ANNUAL_EDIT)
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the round."""
    round_ = editable(request, pk)

    def act() -> str:
        actions.close_round(round_=round_, by=doors.person(request), at=clock.now())
        return _("{year} 年度已关闭。").format(year=round_.year)

    return _done(request, pk, act)
