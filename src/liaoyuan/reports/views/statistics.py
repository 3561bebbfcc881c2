"""The statistics of the register: a table that drills down, a chart beside it, XLSX, CSV and print."""

import tempfile
from pathlib import Path

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from liaoyuan.core import clock, doors
from liaoyuan.kit.sheets import writing
from liaoyuan.registry.choices import Permission
from liaoyuan.registry.queries import statistics as figures
from liaoyuan.reports.forms.statistics import StatisticsForm
from liaoyuan.reports.queries import statistics as queries
from liaoyuan.ui import charts
from liaoyuan.ui import forms as shown
from liaoyuan.ui.pages import render

DEFAULTS = {"down": "street", "across": "type", "group": "registered"}


@doors.needs(Permission.STATS)
@require_GET
def registry_statistics(request: HttpRequest) -> HttpResponse | FileResponse:
    """Type × field × street × rating on any day, registered and filed apart."""
    areas = queries.areas_for(request.user)
    own = areas.order_by("level", "code").first()
    if own is None:
        raise Http404
    today = clock.today()
    given = {"as_of": today.isoformat(), "area": own.code, **DEFAULTS, **request.GET.dict()}
    form = StatisticsForm(given, areas=areas)
    chosen = form.cleaned_data if form.is_valid() else {}
    area = chosen.get("area") or own
    on = chosen.get("as_of") or today
    table = queries.pivot(
        area, on, down=chosen.get("down") or DEFAULTS["down"], across=chosen.get("across", ""),
        group=chosen.get("group") or DEFAULTS["group"],
    )  # fmt: skip
    if request.GET.get("format") in ("xlsx", "csv"):
        return _download(request, table, area.name, on.isoformat(), request.GET["format"])
    summary = table.summary
    return render(request, "reports/registry_statistics.html", {
        "title": _("登记统计"), "form": shown.describe(form), "problems": shown.problems(form), "table": table,
        "area": area, "on": on, "today": today, "known_at": clock.now(), "definition": _(figures.DEFINITION),
        "down_title": _(figures.DIMENSIONS[table.down][0]), "chart": _chart(table, area.name),
        "cards": [
            (_("合计"), summary["total"], _("家"), "", _("登记与备案")),
            (_("登记"), summary["registered"]["total"], _("家"), "", ""),
            (_("民办非企业单位"), summary["registered"]["MF"], _("家"), "", ""),
            (_("社会团体"), summary["registered"]["ST"], _("家"), "", ""),
            (_("基金会"), summary["registered"]["JJ"], _("家"), "", ""),
            (_("备案"), summary["filed"], _("家"), "", _("社区社会组织")),
        ],
    }, status=200 if form.is_valid() else 422)  # fmt: skip


def _chart(table: queries.Pivot, area: str) -> charts.Chart:
    rows = table.rows
    heads = [_(head) for head in table.heads] or [_("数量")]
    figures_of = [[c.count for c in cells] or [total.count] for _word, cells, total in rows]
    return charts.Chart(
        "bar",
        _("%(area)s社会组织") % {"area": area},
        [_(word) if word else "" for word, _cells, _total in rows],
        {head: [line[i] for line in figures_of] for i, head in enumerate(heads)},
        unit=_("家"),
        axis=_(figures.DIMENSIONS[table.down][0]),
        stacked=bool(table.heads),
        links=[total.href for _word, _cells, total in rows],
    )


def _download(request: HttpRequest, table: queries.Pivot, area: str, on: str, form: str) -> FileResponse:
    lines = table.as_lists()
    with tempfile.TemporaryDirectory(prefix="liaoyuan-") as folder:
        path = Path(folder) / f"statistics.{form}"
        columns = [writing.Column(str(head)) for head in lines[0]]
        write = writing.write_xlsx if form == "xlsx" else writing.write_csv
        write(path, columns, iter(lines[1:]))
        return FileResponse(path.open("rb"), as_attachment=True, filename=f"{area}登记统计{on}.{form}")
