"""Figures of the workforce: a table that drills down for who may, a chart beside it, XLSX and CSV."""

import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from liaoyuan.core import clock, doors
from liaoyuan.kit.sheets import writing
from liaoyuan.people.choices import Permission
from liaoyuan.people.forms.workforce import WorkforceForm
from liaoyuan.people.queries import workforce as figures
from liaoyuan.people.queries.workforce import Table
from liaoyuan.people.rules.suppression import LEAST, TOTAL
from liaoyuan.ui import charts
from liaoyuan.ui import forms as shown
from liaoyuan.ui.pages import render

DEFAULTS = {"down": "street", "across": "work_time", "group": "staff"}
_FILTERS = {"level": "level", "work_time": "work_time", "street": "street"}


@doors.needs(Permission.STATS)
@require_GET
def page(request: HttpRequest) -> HttpResponse | FileResponse:
    """Staff or social workers by two dimensions on a day, or by year."""
    areas = figures.areas_for(request.user)
    own = areas.order_by("level", "code").first()
    if own is None:
        raise Http404
    own = min(areas, key=lambda area: (len(area.code), area.code))
    today = clock.today()
    given = {"as_of": today.isoformat(), "area": own.code, **DEFAULTS, **request.GET.dict()}
    form = WorkforceForm(given, areas=areas.order_by("code"))
    chosen = form.cleaned_data if form.is_valid() else {}
    area, asked = chosen.get("area") or own, chosen.get("as_of") or today
    exactly = figures.exact(request.user, area)
    on = asked if exactly else figures.published_day(asked)
    group, down = chosen.get("group") or DEFAULTS["group"], chosen.get("down") or DEFAULTS["down"]
    across = chosen.get("across", "")
    if across == down:
        across = ""
    if down == "year":
        lines, heads, total = _years(area, on, across or "level", group, exactly)
    else:
        made = figures.table(figures.grouped(figures.workers(area, on), group), down, across, exactly=exactly)
        lines, heads, total = _lines(made, on, exactly)
    if request.GET.get("format") in ("xlsx", "csv"):
        return _download(request.GET["format"], _down_title(down), heads, lines, f"{area.name}人员统计{on.isoformat()}")
    return render(request, "people/workforce.html", {
        "title": _("人员统计"), "form": shown.describe(form), "problems": shown.problems(form), "lines": lines,
        "heads": heads, "area": area, "on": on, "asked": asked, "known_at": clock.now(), "least": LEAST,
        "definition": figures.DEFINITION, "down_title": _down_title(down), "exactly": exactly,
        "total": total, "group_title": figures.GROUP_TITLES[group],
        "chart": _chart(lines, heads, area.name, _down_title(down)),
    }, status=200 if form.is_valid() else 422)  # fmt: skip


def _down_title(down: str) -> str:
    return _("年度") if down == "year" else _(figures.DIMENSIONS[down][0])


def _lines(made: Table, on: Any, exactly: bool) -> tuple[list[Any], list[str], Any]:
    """(word, [(count, href)], (total, href)) of each row, the heads, the line of totals."""

    def href(row: str, column: str) -> str:
        asked = {"state": "staff", "as_of": on.isoformat()}
        for dim, value in ((made.down, row), (made.across, column)):
            if value == TOTAL or not dim:
                continue
            code = made.codes.get(value, "") if dim == "street" else value
            if dim not in _FILTERS or not code:
                return ""
            asked[_FILTERS[dim]] = code
        return f"{reverse('people:person_list')}?{urlencode(asked)}" if exactly else ""

    def cell(row: str, column: str) -> tuple[int | None, str]:
        return made.count(row, column), href(row, column)

    rows = [*made.rows, TOTAL]
    lines = [
        (
            _("合计") if row == TOTAL else figures.word(made.down, row),
            [cell(row, c) for c in made.columns],
            cell(row, TOTAL),
        )
        for row in rows
    ]
    return lines[:-1], [figures.word(made.across, c) for c in made.columns], lines[-1]


def _years(area: Any, on: Any, across: str, group: str, exactly: bool) -> tuple[list[Any], list[str], Any]:
    tables = figures.by_year(area, on, across, group, exactly=exactly)
    keys = list(dict.fromkeys(row for _day, made in tables for row in made.rows))
    lines = [
        (day.isoformat(), [(made.count(key), "") for key in keys], (made.total, "")) for day, made in tables
    ]  # fmt: skip
    return lines, [figures.word(across, key) for key in keys], None


def _chart(lines: list[Any], heads: list[str], area: str, axis: str) -> charts.Chart:
    names = heads or [_("人数")]
    data = {
        head: [(cells[i][0] if heads else total[0]) for _word, cells, total in lines] for i, head in enumerate(names)
    }
    words = [word for word, _cells, _total in lines]
    label = _("%(area)s从业人员") % {"area": area}
    return charts.Chart("bar", label, words, data, unit=_("人"), axis=axis, stacked=bool(heads))


def _download(form: str, down: str, heads: list[str], lines: list[Any], name: str) -> FileResponse:
    def words(count: int | None) -> Any:
        return "*" if count is None else count

    rows = [[word, *(words(count) for count, _href in cells), words(total[0])] for word, cells, total in lines]
    with tempfile.TemporaryDirectory(prefix="liaoyuan-") as folder:
        path = Path(folder) / f"workforce.{form}"
        columns = [writing.Column(head) for head in (down, *heads, _("合计"))]
        write = writing.write_xlsx if form == "xlsx" else writing.write_csv
        write(path, columns, iter(rows))
        return FileResponse(path.open("rb"), as_attachment=True, filename=f"{name}.{form}")
