"""The coverage board, the list of bodies behind each of its figures, how coverage spread."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from markupsafe import Markup, escape

from liaoyuan.core import access, clock, doors
from liaoyuan.core.choices import Permission as Core
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.choices.coverage import GAP_TITLES
from liaoyuan.party.forms import coverage as forms
from liaoyuan.party.queries import coverage as figures
from liaoyuan.party.queries import coverage_stats as stats
from liaoyuan.party.queries import quarterly, spreading, uncovered
from liaoyuan.party.queries.coverage import Asked, Figures
from liaoyuan.people.rules.suppression import LEAST
from liaoyuan.registry.queries.statistics import UNKNOWN
from liaoyuan.ui import charts
from liaoyuan.ui import forms as shown
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState

#: Columns of the matrix: name of the list behind the figure.
_MATRIX = ("base", "covered", "worked", "A", "B", "C", "D")
_PARAMETERS = {"street": "street", "type": "kind", "field": "field", "district_field": "district_field"}


def asked_of(request: HttpRequest, kind: type[forms.AreaForm], told: Any = None, **defaults: str) -> tuple[Any, Asked]:
    """The form of a page about an area and a day, and what is asked; `told` stands for the address's query. 404 for
    whoever has no area.
    """
    areas = stats.areas_for(request.user)
    own = stats.own_area(request.user)
    if own is None:
        raise Http404
    today = clock.today()
    given = {"as_of": today.isoformat(), "area": own.code, **defaults, **(told or request.GET).dict()}
    form = kind(given, areas=areas.order_by("code"))
    chosen = form.cleaned_data if form.is_valid() else {}
    area, on = chosen.get("area") or own, chosen.get("as_of") or today
    return form, Asked(area, min(on, today))


def _href(asked: Asked, name: str, **more: str) -> str:
    told = {"shown": name, "area": asked.area.code, "as_of": asked.on.isoformat(), **more}
    return f"{reverse('party:coverage_bodies')}?{urlencode({k: v for k, v in told.items() if v})}"


def percent(part: int, whole: int) -> str:
    """A share as people read it."""
    found = stats.rate(part, whole)
    return "—" if found is None else f"{found}%"


def figure(told: Figures, name: str) -> int:
    """A figure by the name of its list."""
    return told.gaps[name] if name in told.gaps else int(getattr(told, name))


@doors.needs(Permission.STATS)
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Coverage and gaps of an area on a day; every figure opens the bodies it counts."""
    form, asked = asked_of(request, forms.BoardForm, by="street")
    by = form.cleaned_data.get("by") or "street" if form.is_valid() else "street"
    whole, cells = figures.figures(asked, (by,))
    exactly = stats.exact(request.user, asked.area)
    heads = stats.members(asked, (), exactly=exactly)
    rows = []
    for (value,), told in cells.items():
        key = {_PARAMETERS[by]: "-" if value == UNKNOWN and by != "street" else value}
        line = [(figure(told, name), _href(asked, name, **key)) for name in _MATRIX]
        rows.append((_(stats.word(by, value)), line, percent(told.covered, told.base),
                     percent(told.worked, told.base)))  # fmt: skip
    return render(request, "party/coverage_board.html", {
        "title": _("党的组织覆盖和工作覆盖"), "form": shown.describe(form), "problems": shown.problems(form),
        "area": asked.area, "on": asked.on, "today": clock.today(), "known_at": clock.now(), "whole": whole,
        "cards": _cards(asked, whole), "rows": rows, "by_title": _(figures.DIMENSION_TITLES[by]),
        "totals": [(figure(whole, name), _href(asked, name)) for name in _MATRIX],
        "rates": (percent(whole.covered, whole.base), percent(whole.worked, whole.base)),
        "heads": [(_(stats.HEAD_TITLES[name]), heads.whole.get(name, 0)) for name in stats.HEADS],
        "heads_on": heads.on, "exactly": exactly, "least": LEAST, "declared": whole.declared,
        "difference": whole.declared - (heads.whole.get("formal") or 0) if exactly else None,
        "filed": (figures.filed(asked).count(), _href(asked, "filed")), "definition": figures.DEFINITION,
        "chart": _chart(asked, by, cells),
        "report": quarterly.reporting(asked.area.pk) if access.has(request.user, Core.DOCUMENT_DRAFT) else None,
    }, status=200 if form.is_valid() else 422)  # fmt: skip


def _cards(asked: Asked, whole: Figures) -> list[tuple[str, Any, str, str, str]]:
    def note(part: int, of: int) -> str:
        return _("{part} / {of} 家").format(part=part, of=of)

    return [
        (_("应统计组织"), whole.base, _("家"), _href(asked, "base"), _("登记、正常、非空壳")),
        (_("组织覆盖率"), percent(whole.covered, whole.base), "", _href(asked, "covered"),
         note(whole.covered, whole.base)),
        (_("应建已建率"), percent(whole.built, whole.due), "", _href(asked, "due"), note(whole.built, whole.due)),
        (_("工作覆盖率"), percent(whole.worked, whole.base), "", _href(asked, "worked"),
         note(whole.worked, whole.base)),
        *((_("缺口 {letter}：{title}").format(letter=gap, title=_(title)), whole.gaps[gap], _("家"), _href(asked, gap),
           "") for gap, title in GAP_TITLES.items()),
    ]  # fmt: skip


def _chart(asked: Asked, by: str, cells: Any) -> charts.Chart:
    names = [_(stats.word(by, value)) for (value,) in cells]
    series = {f"{gap} {_(GAP_TITLES[gap])}": [told.gaps[gap] for told in cells.values()] for gap in GAP_TITLES}
    label = _("{area}的缺口").format(area=asked.area.name)
    return charts.Chart("bar", label, names, series, unit=_("家"), axis=_(figures.DIMENSION_TITLES[by]), stacked=True)


def _claims(line: uncovered.Line) -> Markup:
    """What covers the body, each with the document that opens."""
    parts = [
        Markup('{}：{} <a href="{}">{}</a>').format(
            _(HOW_TITLES[claim.how]), claim.name, href, claim.document or _("申请事项")
        )
        for claim, href in line.claims
    ]
    return Markup("<br>").join(parts)


HOW_TITLES: dict[str, str] = {**figures.HOW_TITLES, "instructor": "指导员", "liaison": "联络员"}


def _gaps(line: uncovered.Line) -> Markup:
    return Markup("、").join(escape(f"{gap} {_(GAP_TITLES[gap])}") for gap in map(_gap, line.gaps))


def _gap(letter: str) -> Any:
    return next(gap for gap in GAP_TITLES if gap == letter)


def _number(place: int) -> Any:
    return lambda line: "*" if line.heads is None else line.heads[place]


COLUMNS = (
    Column("name", gettext_lazy("名称"), sortable=True, fixed=True,
           link=lambda line: reverse("party:organization_panel", args=[line.pk])),
    Column("kind", gettext_lazy("类型"), sortable=True),
    Column("street", gettext_lazy("街道"), sortable=True),
    Column("gaps", gettext_lazy("缺口"), kind="markup", value=_gaps),
    Column("why", gettext_lazy("为什么")),
    Column("way", gettext_lazy("可以怎样组建")),
    Column("acts", gettext_lazy("下一步谁办")),
    Column("claims", gettext_lazy("覆盖及依据"), kind="markup", value=_claims),
    Column("formal", gettext_lazy("正式党员"), value=_number(0), default=False),
    Column("committed", gettext_lazy("同意转入"), value=_number(2), default=False),
    Column("dual", gettext_lazy("双隶属"), value=_number(3), default=False),
    Column("declared", gettext_lazy("登记库申报"), default=False,
           value=lambda line: "*" if line.heads is None else line.declared),
)  # fmt: skip


@doors.needs(Permission.STATS)
@require_safe
def bodies(request: HttpRequest) -> HttpResponse:
    """The bodies behind a figure: why each is not covered, which form is lawful, who acts next, on which document."""
    form, asked = asked_of(request, forms.BodiesForm, shown="base")
    told = form.cleaned_data if form.is_valid() else {}
    name = told.get("shown") or "base"
    criteria = uncovered.Criteria(
        asked, shown=name, q=told.get("q", ""), kind=told.get("kind", ""), street=told.get("street", ""),
        field=told.get("field", ""), district_field=told.get("district_field", ""),
    )  # fmt: skip
    state = TableState.from_request(request, COLUMNS, default_sort="name", per_page=50)
    order = f"-{state.sort}" if state.descending else state.sort
    fields = shown.describe(form)
    return render(request, "party/coverage_bodies.html", {
        "title": _(uncovered.SHOWN_TITLES[name]), "asked": asked, "today": clock.today(),
        "crumbs": [(_("覆盖情况"), _board(asked)), (_(uncovered.SHOWN_TITLES[name]), "")],
        "fields": [fields[n] for n in forms.MAIN], "more": [f for n, f in fields.items() if n not in forms.MAIN],
        "problems": shown.problems(form), "hidden": state.query.hidden(*fields),
        "clear": state.query(**dict.fromkeys(["q", "kind", "street", "field", "district_field"])),
        "table": state.table(uncovered.Listing(request.user, criteria, order), live=True, ops=lambda line: line.ops),
        "exactly": stats.exact(request.user, asked.area),
    }, block="list", status=200 if form.is_valid() else 422)  # fmt: skip


def _board(asked: Asked) -> str:
    told = {"area": asked.area.code, "as_of": asked.on.isoformat()}
    return f"{reverse('party:coverage_board')}?{urlencode(told)}"


@doors.needs(Permission.STATS)
@require_safe
def spread(request: HttpRequest) -> HttpResponse:
    """How coverage spread by quarter: a table with a chart, a map of the day with the same bodies counted beside."""
    form, asked = asked_of(request, forms.AreaForm)
    told = stats.by_quarter(asked)
    lines = [
        (day, base, covered, percent(covered, base), worked, percent(worked, base),
         _href(Asked(asked.area, day), "covered"))
        for day, base, covered, worked in told
    ]  # fmt: skip
    label = _("{area}逐季覆盖").format(area=asked.area.name)
    series = {_("组织覆盖"): [line[2] for line in told], _("工作覆盖"): [line[3] for line in told]}
    chart = charts.Chart("line", label, [line[0].isoformat() for line in told], series, unit=_("家"), axis=_("截至"))
    return render(request, "party/coverage_spread.html", {
        "title": _("覆盖进展"), "crumbs": [(_("覆盖情况"), _board(asked)), (_("覆盖进展"), "")],
        "form": shown.describe(form), "problems": shown.problems(form), "asked": asked, "lines": lines, "chart": chart,
        "map": spreading.district_map(asked), "states": spreading.STATE_TITLES,
        "quarters": [(day, f"?{urlencode({'area': asked.area.code, 'as_of': day.isoformat()})}#map", day == asked.on)
                     for day in stats.quarters(clock.today())],
        "pilots": spreading.pilots_by_quarter(request.user, asked),
    }, status=200 if form.is_valid() else 422)  # fmt: skip
